//! What must stand in a text before a pattern can match there. All of it is looked for at once, and only a
//! pattern that has all that it needs is tried, on that line.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use crate::checklist::pattern::parse;
use crate::probe::literal::Literal;

/// A shorter one occurs everywhere and would save nothing.
const SHORTEST: usize = 2;
/// Of those that are looked for beside the rarest one.
const SHORTEST_OF_OTHERS: usize = 3;
/// More alternatives than this are too many to look for, for the sake of one pattern.
const MOST: usize = 256;
const MOST_OF_OTHERS: usize = 32;
/// How many are looked for beside the rarest one.
const OTHERS: usize = 2;
/// A literal that tells so much, in bits, is rare enough alone.
const ENOUGH: f64 = 30.0;
/// A sequence is written out while there are no more ways to write it.
const WAYS: usize = 24;
/// A class of more bytes is no choice between a few letters, unless all are digits.
const LETTERS: usize = 5;
const DIGITS: usize = 10;
/// `<{7}` is written out; what is repeated more often is no literal that anybody wrote.
const REPEATED: u32 = 16;

/// One of these literals is in every match.
pub type Need = Vec<Literal>;

/// What one alternative of a pattern needs: one literal of each, the rarest first.
pub type Clause = Vec<Need>;

/// The alternatives of a pattern: no match is without what one of them needs. `None` where one needs nothing that is
/// worth being looked for.
#[must_use]
pub fn clauses(pattern: &str) -> Option<Vec<Clause>> {
    let hir = parse(pattern, false).ok()?;
    let mut clauses = Vec::new();
    collect(&hir, vec![Literal::default()], &mut clauses)?;
    clauses.sort();
    clauses.dedup();
    Some(clauses)
}

/// Single bytes of which one is in every match: what is left to go by where a pattern needs no more than that.
#[must_use]
pub fn bytes(pattern: &str) -> Option<Vec<u8>> {
    let needs = needs(&parse(pattern, false).ok()?, vec![Literal::default()]);
    let mut sets: Vec<Vec<u8>> =
        needs.iter().map(|need| need.iter().flat_map(|literal| literal.first_bytes()).collect()).collect();
    sets.iter_mut().for_each(|set| {
        set.sort_unstable();
        set.dedup();
    });
    sets.into_iter().min_by_key(Vec::len)
}

/// Adds one clause for each alternative; `before` is what stands right before it.
fn collect(hir: &Hir, before: Vec<Literal>, clauses: &mut Vec<Clause>) -> Option<()> {
    match hir.kind() {
        HirKind::Capture(capture) => return collect(&capture.sub, before, clauses),
        HirKind::Alternation(branches) => {
            return branches.iter().try_for_each(|branch| collect(branch, before.clone(), clauses));
        }
        HirKind::Concat(parts) => {
            // The parser takes out what alternatives begin with.
            if let Some((last, rest)) = parts.split_last()
                && matches!(last.kind(), HirKind::Alternation(_))
                && let Some(before) =
                    rest.iter().try_fold(before.clone(), |run, part| product(run, &finite(part)?).ok())
            {
                return collect(last, before, clauses);
            }
        }
        _ => {}
    }
    clauses.push(clause(needs(hir, before))?);
    Some(())
}

/// The rarest of these needs, and what is worth being looked for beside it.
fn clause(mut needs: Vec<Need>) -> Option<Clause> {
    needs.retain(|need| shortest(need) >= SHORTEST && need.len() <= MOST);
    needs.sort_by(|one, other| rarity(other).total_cmp(&rarity(one)).then_with(|| one.cmp(other)));
    needs.dedup();
    let rarest = needs.first()?;
    if rarity(rarest) > ENOUGH {
        needs.truncate(1);
    }
    let mut number = 0;
    needs.retain(|need| {
        number += 1;
        number == 1 || (need.len() <= MOST_OF_OTHERS && shortest(need) >= SHORTEST_OF_OTHERS)
    });
    needs.truncate(1 + OTHERS);
    Some(needs)
}

/// What is in every match.
fn needs(hir: &Hir, before: Vec<Literal>) -> Vec<Need> {
    let mut found = Vec::new();
    let run = read(hir, before, &mut found);
    keep(run, &mut found);
    found
}

/// Goes on from the texts that may end here, and gives those that may end after it.
fn read(hir: &Hir, run: Vec<Literal>, found: &mut Vec<Need>) -> Vec<Literal> {
    if let Some(set) = finite(hir) {
        return product(run, &set).unwrap_or_else(|run| {
            keep(run, found);
            set
        });
    }
    match hir.kind() {
        HirKind::Capture(capture) => return read(&capture.sub, run, found),
        HirKind::Concat(parts) => return parts.iter().fold(run, |run, part| read(part, run, found)),
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            let run = read(&repetition.sub, run, found);
            keep(run, found);
        }
        HirKind::Alternation(branches) => {
            let rarest =
                |needs: Vec<Need>| needs.into_iter().max_by(|one, other| rarity(one).total_cmp(&rarity(other)));
            let each: Option<Vec<Need>> = branches.iter().map(|branch| rarest(needs(branch, run.clone()))).collect();
            each.into_iter().for_each(|each| keep(each.concat(), found));
            keep(run, found);
        }
        _ => keep(run, found),
    }
    vec![Literal::default()]
}

fn keep(mut need: Need, found: &mut Vec<Need>) {
    if shortest(&need) == 0 {
        return;
    }
    need.sort();
    need.dedup();
    if need.len() <= MOST {
        let all = need.clone();
        need.retain(|literal| !all.iter().any(|other| other != literal && literal.holds(other)));
    }
    found.push(need);
}

fn shortest(need: &[Literal]) -> usize {
    need.iter().map(Literal::len).min().unwrap_or(0)
}

/// How seldom one of them stands somewhere, in bits.
fn rarity(need: &[Literal]) -> f64 {
    -need.iter().map(|literal| (-literal.bits()).exp2()).sum::<f64>().log2()
}

/// Everything that this part can be, where that is a few texts.
fn finite(hir: &Hir) -> Option<Vec<Literal>> {
    hir.properties().maximum_len()?;
    let nothing = || vec![Literal::default()];
    match hir.kind() {
        HirKind::Empty => Some(nothing()),
        HirKind::Literal(literal) => Some(vec![Literal::of(&literal.0, false)]),
        HirKind::Class(class) => letters(class),
        HirKind::Look(Look::WordAscii) => Some(vec![Literal::word_end()]),
        // Any other assertion takes no room: the text goes on across it.
        HirKind::Look(_) => Some(nothing()),
        HirKind::Capture(capture) => finite(&capture.sub),
        HirKind::Concat(parts) => parts.iter().try_fold(nothing(), |run, part| product(run, &finite(part)?).ok()),
        HirKind::Alternation(branches) => {
            branches.iter().try_fold(Vec::new(), |all, branch| either(all, finite(branch)?))
        }
        HirKind::Repetition(repetition) => match (repetition.min, repetition.max) {
            (0, Some(1)) => either(nothing(), finite(&repetition.sub)?),
            (times, Some(most)) if times == most && times <= REPEATED => {
                let once = finite(&repetition.sub)?;
                (0..times).try_fold(nothing(), |run, _| product(run, &once).ok())
            }
            _ => None,
        },
    }
}

fn either(mut one: Vec<Literal>, other: Vec<Literal>) -> Option<Vec<Literal>> {
    one.extend(other);
    (one.len() <= MOST).then_some(one)
}

/// Each of the first with each of the second behind it; the first again where that is too many.
fn product(mut first: Vec<Literal>, second: &[Literal]) -> Result<Vec<Literal>, Vec<Literal>> {
    if let [next] = second {
        first.iter_mut().for_each(|literal| literal.go_on(next));
        return Ok(first);
    }
    if first.iter().all(Literal::is_empty) && first.len() == 1 || first.len() * second.len() <= WAYS {
        let with = |one: &Literal, next: &Literal| {
            let mut longer = one.clone();
            longer.go_on(next);
            longer
        };
        return Ok(first.iter().flat_map(|one| second.iter().map(move |next| with(one, next))).collect());
    }
    Err(first)
}

/// A class of a few bytes; `[Aa]`, as `(?i)` makes it, is one letter whose case does not matter.
fn letters(class: &Class) -> Option<Vec<Literal>> {
    let Class::Bytes(class) = class else { return None };
    let bytes = class.ranges().iter().flat_map(|range| range.start()..=range.end());
    let bytes: Vec<u8> = bytes.take(2 * DIGITS + 1).collect();
    let has_twin = |byte: u8| byte.is_ascii_alphabetic() && bytes.contains(&(byte ^ 0x20));
    let letters = bytes.iter().filter(|byte| !(byte.is_ascii_uppercase() && has_twin(**byte)));
    let letters: Vec<Literal> = letters.map(|byte| Literal::of(&[*byte], has_twin(*byte))).collect();
    let most = if bytes.iter().all(u8::is_ascii_digit) { DIGITS } else { LETTERS };
    (letters.len() <= most).then_some(letters)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The clauses as needles: alternatives of a need by `|`, needs of a clause by `&`.
    fn of(pattern: &str) -> Option<Vec<String>> {
        let need = |need: &Need| {
            let each = need.iter().map(|literal| String::from_utf8(literal.bytes().to_vec()).unwrap());
            each.collect::<Vec<_>>().join("|")
        };
        let clause = |clause: &Clause| clause.iter().map(need).collect::<Vec<_>>().join(" & ");
        clauses(pattern).map(|clauses| clauses.iter().map(clause).collect())
    }

    fn stands(literal: &Literal, text: &str) -> bool {
        (0..text.len()).any(|at| literal.stands_at(text.as_bytes(), at))
    }

    /// Whether a text has what one of the clauses needs.
    fn has(clauses: &[Clause], text: &str) -> bool {
        let has = |need: &Need| need.iter().any(|literal| stands(literal, text));
        clauses.iter().any(|clause| clause.iter().all(has))
    }

    #[test]
    fn what_must_occur_is_found_the_rarest_first() {
        for (pattern, expected) in [
            ("foo.*barbaz", &["barbaz & foo"][..]),
            ("^\\s*uses:\\s*[^@]+@v", &["uses:"]),
            ("(?i)PassWord\\s*=", &["password"]),
            ("\\bverify\\b\\s*=\\s*False", &["verify & False"]),
            ("(curl|wget)\\s", &["curl|wget"]),
            ("curl\\s|wget\\s", &["curl", "wget"]),
            ("(foobar)+x?", &["foobar"]),
            ("\\.(?:get|post)\\(", &[".get(|.post("]),
            ("tenant_?ids?", &["tenant_id|tenantid"]),
            ("gh[pu]_\\w+", &["ghp_|ghu_"]),
            ("(?:log|say)\\(.*(?:secret|token)", &["secret|token & log(|say("]),
            ("x{3}y", &["xxxy"]),
            ("v\\d+", &["v0|v1|v2|v3|v4|v5|v6|v7|v8|v9"]),
            ("^(?:<{7}|>{7}) ", &["<<<<<<< |>>>>>>> "]),
        ] {
            assert_eq!(
                of(pattern).as_deref(),
                Some(&expected.iter().map(|each| (*each).to_owned()).collect::<Vec<_>>()[..]),
                "{pattern}"
            );
        }
    }

    #[test]
    fn a_pattern_that_can_match_without_it_has_none() {
        for pattern in ["(foo)?", "(foo|)", "[a-z]+", ".*", "a|b", "\\d{4}", "(foo|b)", "foo|\\d+", "x", "[xy]z?"] {
            assert_eq!(of(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn where_nothing_longer_is_needed_a_byte_is() {
        assert_eq!(bytes("[\"'`](\\w+)[\"'`]"), Some(b"\"'`".to_vec()));
        assert_eq!(bytes("(?i)x\\d"), Some(b"Xx".to_vec()));
        assert_eq!(bytes("\\d+"), Some(b"0123456789".to_vec()));
        assert_eq!(bytes("[^x]+"), None);
    }

    #[test]
    fn case_and_the_ends_of_words_are_told_before_a_pattern_is_tried() {
        for (pattern, yes, no) in [
            ("APP_ENV", "x APP_ENV", "app_env"),
            ("(?i)app_env", "App_ENV", "app-env"),
            (r"\bget\(", "a.get(1)", "widget(1)"),
            (r"\b(?:get|put)\b", "put x", "input x"),
            (r"\b(?:get|put)\b", "put x", "puts x"),
            (r"a\b(?:\.get|put)", "a.get", "a.GET"),
            (r"(?:ab)+\b", "abab", "cd"),
            (r"\b(?:ab)+\b", "ababab", "cd"),
            (r"\bx(?:foo)?bar\b", "xfoobar", "xfoobars"),
            (r"(?i)\blog\w*\(.*password", "Log(password)", "log(user)"),
        ] {
            let clauses = clauses(pattern).unwrap();
            assert!(has(&clauses, yes) && !has(&clauses, no), "{pattern} {clauses:?}");
        }
    }

    proptest! {
        /// Whatever a pattern matches holds what one of its alternatives needs.
        #[test]
        fn no_match_is_without_what_it_needs(
            pattern in r"(\\b|ab|c|AB|\(\?:ab\|ca\)|\(\?i:ba\)|\(c\)\?|\(\?:ab\)\+|\(\?:\\bca\|b\\b\)|\.|_|\||\(\?:a[bc]_\?\|b\.c\|\)|\(\?:ab\|c\.\*a\)|\.\*|\(bc\|a\)\{2\}){1,7}",
            text in "[abcAB_ .]{0,12}",
        ) {
            let regex = regex::bytes::RegexBuilder::new(&pattern).unicode(false).build().unwrap();
            if regex.is_match(text.as_bytes()) {
                if let Some(clauses) = clauses(&pattern) {
                    prop_assert!(has(&clauses, &text), "{pattern} {text} {clauses:?}");
                }
                if let Some(bytes) = bytes(&pattern) {
                    prop_assert!(text.bytes().any(|byte| bytes.contains(&byte)), "{pattern} {text} {bytes:?}");
                }
            }
        }
    }
}
