//! Three-valued logic: not-applicable members drop out, and what is unknown stays unknown unless the
//! rest decides.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::probe::outcome::{Answer, Evidence, Outcome};

/// What came of each of them. Most are outcomes of leaves, of which only those that tell something are copied.
pub type Members<'m> = Vec<Cow<'m, Outcome>>;

/// Fails with one fail, passes when every member passes.
#[must_use]
pub fn all(members: Members<'_>) -> Outcome {
    combine(members, Answer::Fail, Answer::Pass)
}

/// Passes with one pass, fails when every member fails.
#[must_use]
pub fn any(members: Members<'_>) -> Outcome {
    combine(members, Answer::Pass, Answer::Fail)
}

#[must_use]
pub fn not(mut member: Outcome) -> Outcome {
    member.answer = answer_of_not(member.answer);
    member
}

/// What [`all`] answers.
#[must_use]
pub fn answer_of_all(members: &[Answer]) -> Answer {
    settle(members, Answer::Fail, Answer::Pass)
}

/// What [`any`] answers.
#[must_use]
pub fn answer_of_any(members: &[Answer]) -> Answer {
    settle(members, Answer::Pass, Answer::Fail)
}

/// What [`not`] answers.
#[must_use]
pub fn answer_of_not(member: Answer) -> Answer {
    match member {
        Answer::Pass => Answer::Fail,
        Answer::Fail => Answer::Pass,
        same => same,
    }
}

/// `decisive` settles it alone; else an unknown leaves it open; else it is `otherwise`. What does not apply has no word.
fn settle(members: &[Answer], decisive: Answer, otherwise: Answer) -> Answer {
    if members.iter().all(|answer| *answer == Answer::NotApplicable) {
        Answer::NotApplicable
    } else if members.contains(&decisive) {
        decisive
    } else if members.contains(&Answer::Unknown) {
        Answer::Unknown
    } else {
        otherwise
    }
}

fn combine(members: Members<'_>, decisive: Answer, otherwise: Answer) -> Outcome {
    let answers: Vec<Answer> = members.iter().map(|outcome| outcome.answer).collect();
    let answer = settle(&answers, decisive, otherwise);
    if answer == Answer::NotApplicable {
        let reason = join(&members);
        return Outcome::new(Answer::NotApplicable, reason, Vec::new());
    }
    let beneath = left_open(&members, answer);
    // What a machine could not find out comes before what only a person can say.
    let machine_unknown = members.iter().any(|outcome| outcome.answer == Answer::Unknown && !outcome.asks);
    let telling: Members<'_> = members
        .into_iter()
        .filter(|outcome| outcome.answer == answer && !(answer == Answer::Unknown && machine_unknown && outcome.asks))
        .collect();
    let asks = answer == Answer::Unknown && !machine_unknown;
    let reason = join(&telling);
    let found: usize = telling.iter().map(|outcome| outcome.found).sum();
    let evidence = telling.into_iter().flat_map(|outcome| match outcome {
        Cow::Owned(outcome) => outcome.evidence,
        Cow::Borrowed(outcome) => outcome.evidence.clone(),
    });
    let mut evidence: Vec<Evidence> = evidence.collect();
    // What two members found is one place, or one of them twice; counted twice it would look like one that was cut.
    let named = evidence.len();
    let mut seen = BTreeSet::new();
    let mut is_first = evidence.iter().map(|evidence| seen.insert(evidence)).collect::<Vec<_>>().into_iter();
    evidence.retain(|_| is_first.next().unwrap_or_default());
    let found = found.saturating_sub(named - evidence.len());
    Outcome { asks, beneath, ..Outcome::with(answer, reason, evidence, found) }
}

/// What nobody knows yet of the members that this answer did without.
fn left_open(members: &[Cow<'_, Outcome>], answer: Answer) -> Option<Box<Outcome>> {
    let open = members.iter().filter_map(|member| match member.answer {
        Answer::Unknown => Some(&**member),
        same if same == answer => member.beneath.as_deref(),
        _ => None,
    });
    let open: Members<'_> = open.map(Cow::Borrowed).collect();
    (answer != Answer::Unknown && !open.is_empty()).then(|| Box::new(all(open)))
}

fn join(outcomes: &[Cow<'_, Outcome>]) -> String {
    let mut reasons: Vec<&str> =
        outcomes.iter().map(|outcome| outcome.reason.as_str()).filter(|r| !r.is_empty()).collect();
    reasons.dedup();
    match reasons.as_slice() {
        [first, second] => format!("{first}; {second}"),
        [first, rest @ ..] if !rest.is_empty() => format!("{first}; and {} more", rest.len()),
        _ => reasons.first().copied().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(members: Vec<Outcome>) -> Outcome {
        super::all(members.into_iter().map(Cow::Owned).collect())
    }

    fn any(members: Vec<Outcome>) -> Outcome {
        super::any(members.into_iter().map(Cow::Owned).collect())
    }

    const ANSWERS: [Answer; 4] = [Answer::Pass, Answer::Fail, Answer::Unknown, Answer::NotApplicable];

    fn of(answer: Answer) -> Outcome {
        Outcome::new(answer, String::new(), Vec::new())
    }

    #[test]
    fn the_tables_are_kleenes() {
        use Answer::{Fail as F, NotApplicable as N, Pass as P, Unknown as U};
        let tables = [
            (P, P, P, P),
            (P, F, F, P),
            (P, U, U, P),
            (P, N, P, P),
            (F, F, F, F),
            (F, U, F, U),
            (F, N, F, F),
            (U, U, U, U),
            (U, N, U, U),
            (N, N, N, N),
        ];
        for (a, b, both, either) in tables {
            assert_eq!(all(vec![of(a), of(b)]).answer, both, "all {a:?} {b:?}");
            assert_eq!(all(vec![of(b), of(a)]).answer, both, "all {b:?} {a:?}");
            assert_eq!(any(vec![of(a), of(b)]).answer, either, "any {a:?} {b:?}");
            assert_eq!(any(vec![of(b), of(a)]).answer, either, "any {b:?} {a:?}");
        }
    }

    #[test]
    fn de_morgan_holds() {
        for a in ANSWERS {
            for b in ANSWERS {
                let left = not(all(vec![of(a), of(b)])).answer;
                let right = any(vec![not(of(a)), not(of(b))]).answer;
                assert_eq!(left, right, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn a_question_stays_a_question_only_while_the_machine_knows_its_part() {
        let ask = Outcome { asks: true, ..of(Answer::Unknown) };
        assert!(all(vec![ask.clone(), of(Answer::Pass)]).asks);
        assert!(!all(vec![ask.clone(), of(Answer::Unknown)]).asks);
        assert!(!all(vec![ask, of(Answer::Fail)]).asks);
    }

    #[test]
    fn what_an_answer_did_without_stays_open_beneath_it() {
        let ask = || Outcome { asks: true, ..of(Answer::Unknown) };
        let beneath = |outcome: Outcome| outcome.beneath.map(|beneath| (beneath.answer, beneath.asks));
        assert_eq!(beneath(all(vec![of(Answer::Fail), ask()])), Some((Answer::Unknown, true)));
        assert_eq!(beneath(all(vec![of(Answer::Fail), ask(), of(Answer::Unknown)])), Some((Answer::Unknown, false)));
        assert_eq!(beneath(not(any(vec![of(Answer::Pass), ask()]))), Some((Answer::Unknown, true)));
        assert_eq!(beneath(any(vec![all(vec![of(Answer::Fail), ask()])])), Some((Answer::Unknown, true)));
        assert_eq!(beneath(all(vec![of(Answer::Fail), of(Answer::Pass)])), None);
        assert_eq!(beneath(all(vec![of(Answer::Pass), ask()])), None, "it is open itself");
    }

    #[test]
    fn a_place_that_two_members_found_is_one_place() {
        let place = |line| Evidence { line, fingerprint: "k".to_owned(), ..Evidence::default() };
        let found = || Outcome::new(Answer::Fail, String::new(), vec![place(1), place(2)]);
        let both = all(vec![found(), found()]);
        assert_eq!((both.evidence.len(), both.found), (2, 2));
        let (one, other) = (found(), found());
        assert_eq!(super::all(vec![Cow::Borrowed(&one), Cow::Borrowed(&other)]), both, "whoever owns them");
        let cut = || Outcome { found: 5, ..found() };
        assert_eq!(all(vec![cut(), found()]).found, 5, "three of the five were never kept");
        let twice = Outcome::new(Answer::Fail, String::new(), vec![place(1), place(2), place(1)]);
        assert_eq!((all(vec![twice.clone()]).found, any(vec![twice, of(Answer::Pass)]).found), (2, 0));
    }
}
