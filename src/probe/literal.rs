//! The literals without which a pattern cannot match. One automaton looks for all of them at once, and
//! only the patterns whose literal occurred are tried, on that line.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Shorter ones occur everywhere and would save nothing.
const SHORTEST: usize = 3;
/// More alternatives than this crowd the automaton for one pattern's sake.
const MOST: usize = 64;

/// Literals in lower case, at least one of which is in every match (compared without regard to case).
/// `None` where no useful set exists.
#[must_use]
pub fn required(pattern: &str) -> Option<Vec<Vec<u8>>> {
    let hir = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).ok()?;
    let found = literals(&hir)?;
    (weakest(&found) >= SHORTEST && found.len() <= MOST).then_some(found)
}

fn weakest(set: &[Vec<u8>]) -> usize {
    set.iter().map(Vec::len).min().unwrap_or(0)
}

fn literals(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![literal.0.to_ascii_lowercase()]),
        HirKind::Class(class) => letter(class).map(|byte| vec![vec![byte]]),
        HirKind::Capture(capture) => literals(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => literals(&repetition.sub),
        HirKind::Alternation(branches) => {
            let mut all = Vec::new();
            for branch in branches {
                all.extend(literals(branch)?);
            }
            all.sort();
            all.dedup();
            Some(all)
        }
        HirKind::Concat(parts) => best_of(parts),
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}

/// The most telling part of a sequence. Neighbouring literals and single letters grow into one.
fn best_of(parts: &[Hir]) -> Option<Vec<Vec<u8>>> {
    let mut best: Option<Vec<Vec<u8>>> = None;
    let mut keep = |set: Vec<Vec<u8>>| {
        let better = best.as_ref().is_none_or(|kept| {
            (weakest(&set).min(8), usize::MAX - set.len()) > (weakest(kept).min(8), usize::MAX - kept.len())
        });
        if better && !set.is_empty() && set.len() <= MOST {
            best = Some(set);
        }
    };
    let mut run: Vec<u8> = Vec::new();
    for part in parts {
        match exact(part) {
            Some(bytes) => run.extend(bytes),
            // A look-around assertion takes no room: the run goes on across it.
            None if matches!(part.kind(), HirKind::Look(_)) => {}
            None => {
                keep(vec![std::mem::take(&mut run)]);
                if let Some(set) = literals(part) {
                    keep(set);
                }
            }
        }
    }
    keep(vec![run]);
    best
}

/// The bytes that this part always is, in lower case.
fn exact(hir: &Hir) -> Option<Vec<u8>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(literal.0.to_ascii_lowercase()),
        HirKind::Class(class) => letter(class).map(|byte| vec![byte]),
        HirKind::Capture(capture) => exact(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(exact).collect::<Option<Vec<_>>>().map(|parts| parts.concat()),
        _ => None,
    }
}

/// `[Aa]`, as `(?i)` makes it, is one letter for an automaton that ignores case.
fn letter(class: &Class) -> Option<u8> {
    let Class::Bytes(class) = class else { return None };
    let mut bytes = class.ranges().iter().flat_map(|range| range.start()..=range.end());
    let first = bytes.next()?.to_ascii_lowercase();
    let rest: Vec<u8> = bytes.take(2).collect();
    (rest.len() < 2 && rest.iter().all(|byte| byte.to_ascii_lowercase() == first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str) -> Option<Vec<String>> {
        required(pattern).map(|set| set.into_iter().map(|l| String::from_utf8(l).unwrap()).collect())
    }

    #[test]
    fn the_longest_part_that_must_occur_is_found() {
        assert_eq!(of("foo.*barbaz"), Some(vec!["barbaz".into()]));
        assert_eq!(of("^\\s*uses:\\s*[^@]+@v"), Some(vec!["uses:".into()]));
        assert_eq!(of("(?i)PassWord\\s*="), Some(vec!["password".into()]));
        assert_eq!(of("\\bverify\\b\\s*=\\s*False"), Some(vec!["verify".into()]));
        assert_eq!(of("(curl|wget)\\s"), Some(vec!["curl".into(), "wget".into()]));
        assert_eq!(of("(foobar)+x?"), Some(vec!["foobar".into()]));
    }

    #[test]
    fn a_pattern_that_can_match_without_it_has_none() {
        for pattern in ["(foo)?", "(foo|)", "[a-z]+", ".*", "a|b", "\\d{4}", "(foo|b)", "foo|\\d+"] {
            assert_eq!(of(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn every_match_holds_one_of_the_literals() {
        let patterns = ["a(b|c)?defg", "x{2,}yzyz", "(?i)k[s]elvin", "foo\\.bar", "(?:abc|abd)e", "[Ss]ecret_?key"];
        let texts = ["adefg", "abdefg", "xxyzyz", "KsElvin", "foo.bar", "abde", "SecretKey", "secret_key"];
        for pattern in patterns {
            let regex = regex::bytes::RegexBuilder::new(pattern).unicode(false).build().unwrap();
            let literals = of(pattern).unwrap();
            for text in texts.iter().filter(|text| regex.is_match(text.as_bytes())) {
                assert!(literals.iter().any(|l| text.to_lowercase().contains(l)), "{pattern} {text} {literals:?}");
            }
        }
    }
}
