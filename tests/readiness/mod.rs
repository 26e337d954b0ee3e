//! What outcomes and decisions mean together.

mod properties;

use gonogo::checklist::model::Priority;
use gonogo::ledger::decision::Kind;
use gonogo::readiness::assemble::Entry;
use gonogo::readiness::board::{Board, Verdict};
use gonogo::readiness::difference::{Direction, difference, direction};
use gonogo::readiness::status::Status;
use rstest::rstest;

use crate::sample::*;

fn status(entry: Entry) -> Status {
    Sample::row(entry).status
}

fn reason(entry: Entry) -> String {
    Sample::row(entry).reason
}

#[rstest]
#[case::certain_pass(pass("a.a"), Status::Passed)]
#[case::a_hunch_never_passes_alone(pass("a.a").heuristic(), Status::Likely)]
#[case::a_confirmed_hunch(pass("a.a").heuristic().attested("Ana"), Status::Attested)]
#[case::a_hunch_whose_confirmation_lapsed(pass("a.a").heuristic().attested("Ana").stale(), Status::Likely)]
#[case::a_certain_pass_needs_no_fresh_word(pass("a.a").attested("Ana").stale(), Status::Passed)]
#[case::nobody_answered(ask("a.a"), Status::Open)]
#[case::somebody_answered(ask("a.a").attested("Ana"), Status::Attested)]
#[case::an_old_answer(ask("a.a").attested("Ana").stale(), Status::Stale)]
#[case::unknown_is_never_pass(unknown("a.a"), Status::Unknown)]
#[case::a_person_may_know_what_the_machine_cannot(unknown("a.a").attested("Ana"), Status::Attested)]
#[case::what_a_person_knew_of_an_unknown(unknown("a.a").attested("Ana").stale(), Status::Stale)]
#[case::an_unknown_cannot_be_waived(unknown("a.a").says(waiver("Ben", "2026-12-15")), Status::Unknown)]
#[case::a_word_against_the_machine(fail("a.a", &["x:1"]).attested("Ana"), Status::Failed)]
#[case::nothing_applies(not_applicable("a.a"), Status::NotApplicable)]
#[case::nothing_applies_whoever_attests(not_applicable("a.a").attested("Ana"), Status::NotApplicable)]
#[case::a_running_waiver(fail("a.a", &["x:1"]).says(waiver("Ben", "2026-12-15")), Status::Waived)]
#[case::the_last_day_of_a_waiver(fail("a.a", &["x:1"]).says(waiver("Ben", "2026-11-21")), Status::Waived)]
#[case::the_day_after(fail("a.a", &["x:1"]).says(waiver("Ben", "2026-11-20")), Status::Failed)]
#[case::a_waived_question(ask("a.a").says(waiver("Ben", "2026-12-15")), Status::Waived)]
#[case::a_question_whose_waiver_expired(ask("a.a").says(waiver("Ben", "2026-11-20")), Status::Open)]
#[case::a_waiver_of_what_passes(pass("a.a").says(waiver("Ben", "2026-12-15")), Status::Passed)]
#[case::everything_dismissed(fail("a.a", &["x:1", "y:2"]).says(dismissal("Ana", &["x:1", "y:2"])), Status::Passed)]
#[case::one_of_two_dismissed(fail("a.a", &["x:1", "y:2"]).says(dismissal("Ana", &["x:1"])), Status::Failed)]
#[case::a_question_that_does_not_apply(ask("a.a").says(decision(Kind::NotApplicable, "Ana")), Status::NotApplicable)]
#[case::an_absence_that_does_not_matter(missing("a.a").says(decision(Kind::NotApplicable, "Ana")), Status::NotApplicable)]
#[case::what_is_there_applies(fail("a.a", &["x:1"]).says(decision(Kind::NotApplicable, "Ana")), Status::Failed)]
#[case::an_old_not_applicable(ask("a.a").says(decision(Kind::NotApplicable, "Ana")).stale(), Status::Stale)]
#[case::an_old_not_applicable_over_a_fail(
    missing("a.a").says(decision(Kind::NotApplicable, "Ana")).stale(), Status::Failed
)]
fn an_item_counts_as(#[case] entry: Entry, #[case] expected: Status) {
    assert_eq!(status(entry), expected);
}

#[test]
fn what_is_broken_or_unreadable_is_unknown_whatever_else_is_said() {
    let broken = pass("a.a").item(|item| item.broken = Some("gonogo.yaml:3:5: unknown key".into())).attested("Ana");
    assert_eq!(status(broken.clone()), Status::Unknown);
    assert_eq!(reason(broken), "gonogo.yaml:3:5: unknown key");
    let torn = ask("a.a").attested("Ana").standing(|standing| standing.unreadable.push("x.yaml:1:1: torn".into()));
    assert_eq!(status(torn.clone()), Status::Unknown);
    assert_eq!(reason(torn), "a decision cannot be read: x.yaml:1:1: torn");
}

#[test]
fn of_two_people_who_disagree_the_worse_counts() {
    let disagree = |entry: Entry| entry.disputed(decision(Kind::Attest, "Ana"), waiver("Ben", "2026-12-15"));
    assert_eq!(status(disagree(ask("a.a"))), Status::Disputed);
    assert_eq!(status(disagree(pass("a.a"))), Status::Disputed);
    assert_eq!(status(disagree(fail("a.a", &["x:1"]))), Status::Failed);
    assert_eq!(reason(disagree(ask("a.a"))), "people disagree: Ana attested, Ben waived");
}

#[test]
fn the_reason_tells_who_said_what_and_what_ended() {
    let failing = || fail("a.a", &["x:1"]);
    assert_eq!(
        reason(failing().says(waiver("Ben", "2026-12-15"))),
        "waived 24 days more, Ben: vault comes in December"
    );
    assert_eq!(
        reason(failing().says(waiver("Ben", "2026-11-21"))),
        "waived until tonight, Ben: vault comes in December"
    );
    assert_eq!(reason(failing().says(waiver("Ben", "2026-11-20"))), "found what must not be; waiver expired on 20 Nov");
    assert_eq!(reason(failing().attested("Ana")), "found what must not be; yet Ana attested it on 12 Nov");
    assert_eq!(reason(failing().says(dismissal("Ana", &["x:1"]))), "1 place dismissed");
    let not_waivable = failing().item(|item| item.waivable = false).says(waiver("Ben", "2026-12-15"));
    assert_eq!(reason(not_waivable), "found what must not be; this cannot be waived, yet Ben did");
    let lines = ask("a.a")
        .says(gonogo::ledger::decision::Decision { note: "one\n  two".into(), ..decision(Kind::Attest, "Ana") });
    assert_eq!(reason(lines), "attested by Ana on 12 Nov: one two");
}

#[test]
fn a_stale_row_names_what_moved_and_no_other_row_does() {
    assert_eq!(Sample::row(ask("a.a").attested("Ana").stale()).moved, ["ops/restore.sh".into()]);
    assert!(Sample::row(pass("a.a").attested("Ana").stale()).moved.is_empty());
}

#[test]
fn a_suppression_is_bound_to_content() {
    let bound = |places: &[&str]| {
        let mut waiver = waiver("Ben", "2026-12-15");
        waiver.evidence = places.iter().map(|place| (*place).into()).collect();
        fail("a.a", &["x:1", "y:2"]).says(waiver)
    };
    assert_eq!(status(bound(&["x:1", "y:2"])), Status::Waived);
    assert_eq!(status(bound(&["x:1"])), Status::Failed);
    assert_eq!(reason(bound(&["x:1"])), "found what must not be; 1 place is not covered by the waiver of Ben");
}

#[test]
fn a_dismissal_of_the_places_that_were_kept_says_nothing_of_those_that_were_cut() {
    let cut = fail("a.a", &["x:1"]).outcome(|outcome| outcome.found = 2).says(dismissal("Ana", &["x:1"]));
    assert_eq!(status(cut), Status::Failed);
    let nowhere = missing("a.a")
        .outcome(|outcome| {
            outcome.evidence = vec![evidence("x:1")];
            outcome.evidence[0].path = None;
            outcome.found = 1;
        })
        .says(dismissal("Ana", &["x:1"]));
    assert_eq!(status(nowhere), Status::Failed);
}

#[test]
fn what_no_longer_matches_anything_is_reported_with_its_file() {
    let problems = |entry: Entry| -> Vec<String> {
        Sample::new().item(entry).board().problems.iter().map(ToString::to_string).collect()
    };
    let file = ".gonogo/ledger/secrets.a/20261112T080000Z-k3.yaml";
    assert_eq!(
        problems(pass("secrets.a").says(waiver("Ben", "2026-12-15"))),
        [format!("{file}: the waiver no longer matches anything: retract it")]
    );
    assert_eq!(
        problems(fail("secrets.a", &["x:1"]).says(dismissal("Ana", &["x:1", "gone:1"]))),
        [format!("{file}: of the 2 places that it dismisses, 1 can no longer be found")]
    );
    let proven = pass("secrets.a").outcome(|outcome| outcome.evidence = vec![evidence("x:1")]);
    let proven = proven.outcome(|outcome| outcome.found = 1);
    assert_eq!(
        problems(proven.says(dismissal("Ana", &["x:1"]))),
        [format!("{file}: the dismissal no longer matches anything: retract it")]
    );
    assert_eq!(problems(fail("secrets.a", &["x:1"]).says(waiver("Ben", "2026-12-15"))), [""; 0]);
    assert_eq!(problems(unknown("secrets.a").says(dismissal("Ana", &["gone:1"]))), [""; 0]);
}

fn verdicts(board: &Board) -> Vec<Verdict> {
    board.verdicts.iter().map(|verdict| verdict.verdict).collect()
}

fn at(priority: Priority, tier: usize, entry: Entry) -> Entry {
    entry.item(|item| (item.priority, item.tier) = (priority, tier))
}

#[test]
fn gates_decide_per_tier() {
    use Verdict::{Conditional, Go, Incomplete, NoGo};
    let with = |entry: Entry| verdicts(&Sample::new().item(pass("a.ok")).item(entry).board());
    assert_eq!(with(fail("a.a", &["x:1"])), [NoGo, NoGo, NoGo]);
    assert_eq!(with(at(Priority::P1, 0, fail("a.a", &["x:1"]))), [Go, NoGo, NoGo]);
    assert_eq!(with(at(Priority::P0, 2, ask("a.a"))), [Go, Go, Incomplete]);
    assert_eq!(with(at(Priority::P3, 0, fail("a.a", &["x:1"]))), [Go, Go, Go]);
    assert_eq!(with(pass("a.a").heuristic()), [Go, Go, Incomplete]);
    assert_eq!(with(fail("a.a", &["x:1"]).says(waiver("Ben", "2026-12-15"))), [Conditional; 3]);
}

#[test]
fn a_tier_includes_the_gates_of_those_before_it() {
    let mut sample = Sample::new().item(at(Priority::P1, 0, fail("a.a", &["x:1"]))).item(pass("a.ok"));
    sample.checklist.tiers[0].gate = Priority::P2;
    sample.checklist.tiers[1].gate = Priority::P0;
    assert_eq!(verdicts(&sample.board()), [Verdict::NoGo; 3]);
}

#[test]
fn maturity_is_the_highest_tier_that_is_reached() {
    assert_eq!(Sample::new().item(fail("a.a", &["x:1"])).board().maturity, "prototype");
    assert_eq!(Sample::new().item(pass("a.b")).item(at(Priority::P1, 0, ask("a.a"))).board().maturity, "pilot");
    assert_eq!(Sample::new().item(pass("a.a")).board().maturity, "enterprise");
}

#[test]
fn a_go_that_rests_on_nothing_is_said_to_say_nothing() {
    let board = Sample::new().item(not_applicable("a.a")).board();
    assert_eq!(board.verdicts[0].verdict, Verdict::Go);
    assert_eq!(
        board.problems[0].to_string(),
        "builtin:enterprise: no item that applies can stop the tier \"pilot\": its GO says nothing"
    );
    assert!(Sample::new().item(pass("a.a")).board().problems.is_empty());
}

#[test]
fn the_path_to_go_has_fixes_first_then_the_cheapest_and_unknown_effort_last() {
    let minutes = |minutes, entry: Entry| entry.item(|item| item.effort_minutes = minutes);
    let board = Sample::new()
        .item(minutes(5, ask("a.ask")))
        .item(minutes(0, fail("a.unestimated", &["x:1"])))
        .item(minutes(60, fail("a.long", &["x:1"])))
        .item(pass("a.ok"))
        .item(minutes(10, fail("a.short", &["x:1"])))
        .item(minutes(7, fail("a.waived", &["x:1"]).says(waiver("Ben", "2026-12-15"))))
        .board();
    let pilot = &board.verdicts[0];
    let path: Vec<&str> = pilot.path.iter().map(|step| board.rows[step.row].item.id.as_str()).collect();
    assert_eq!(path, ["a.waived", "a.short", "a.long", "a.unestimated", "a.ask"]);
    assert_eq!(pilot.path.iter().map(|step| step.needs_person).collect::<Vec<_>>(), [false, false, false, false, true]);
    assert_eq!(pilot.effort_minutes, 82);
}

#[test]
fn a_category_that_only_an_item_names_is_shown_last() {
    let board = Sample::new().item(pass("stray.a")).item(ask("ci.a")).board();
    let ids: Vec<&str> = board.categories.iter().map(|row| row.category.id.as_str()).collect();
    assert_eq!(ids, ["secrets", "dr", "ci", "stray"]);
    assert_eq!(board.categories[3].rows, [0]);
    assert_eq!((board.categories[2].score.low, board.categories[2].score.high), (0, 100));
}

#[test]
fn two_boards_differ_by_flips_and_by_items_that_come_and_go() {
    let before = Sample::new().item(ask("a.a")).item(pass("a.b")).item(pass("a.gone")).board();
    let after = Sample::new().item(pass("a.new")).item(pass("a.b")).item(ask("a.a").attested("Ana")).board();
    let difference = difference(&before, &after);
    let flips: Vec<_> = difference.flips.iter().map(|flip| (flip.item.as_str(), flip.from, flip.to)).collect();
    assert_eq!(flips, [("a.a", Status::Open, Status::Attested)]);
    assert_eq!(
        (difference.flips[0].was.as_str(), difference.flips[0].direction()),
        ("nobody has answered", Direction::Better)
    );
    assert_eq!((difference.appeared, difference.gone), (vec!["a.new".to_owned()], vec!["a.gone".to_owned()]));
    assert!(gonogo::readiness::difference::difference(&after, &after).is_empty());
}

#[test]
fn better_is_ready_and_worse_is_failed_or_not_ready_any_more() {
    use Status::{Attested, Failed, Likely, NotApplicable, Open, Passed, Stale, Unknown, Waived};
    for (from, to, way) in [
        (Failed, Passed, Direction::Better),
        (NotApplicable, Attested, Direction::Better),
        (Passed, Attested, Direction::Other),
        (Passed, Failed, Direction::Worse),
        (Open, Failed, Direction::Worse),
        (Attested, Stale, Direction::Worse),
        (Passed, Waived, Direction::Worse),
        (Passed, NotApplicable, Direction::Other),
        (Failed, Waived, Direction::Other),
        (Unknown, Likely, Direction::Other),
        (Failed, Likely, Direction::Better),
    ] {
        assert_eq!(direction(from, to), way, "{from:?} to {to:?}");
    }
}

#[test]
fn a_dismissal_leaves_open_what_the_other_members_did_not_know() {
    let beneath = |asks: bool| {
        fail("a.a", &["x:1"]).outcome(|outcome| {
            let open = if asks { ask("a.a").outcome } else { unknown("a.a").outcome };
            outcome.beneath = Some(Box::new((*open).clone()));
        })
    };
    let dismissed = |asks: bool| beneath(asks).says(dismissal("Ana", &["x:1"]));
    assert_eq!(status(beneath(true)), Status::Failed);
    assert_eq!(status(dismissed(true)), Status::Open, "nobody answered the question");
    assert_eq!(status(dismissed(false)), Status::Unknown);
    assert_eq!(reason(dismissed(false)), "values.yaml does not parse");
    assert_eq!(status(dismissed(true).attested("Ana")), Status::Attested);
}
