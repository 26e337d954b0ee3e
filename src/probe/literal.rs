//! The literals without which a pattern cannot match. One automaton looks for all of them at once, and
//! only the patterns whose literal occurred are tried, on that line.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// A shorter one occurs everywhere and would save nothing.
const SHORTEST: usize = 2;
/// How much of one the automaton looks for.
const LONGEST: usize = 8;
/// More alternatives than this crowd the automaton for one pattern's sake.
const MOST: usize = 256;

/// A text that is in a match, with all that can be told of it before the pattern is tried.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Literal {
    /// As written; in lower case where the case does not matter.
    bytes: Vec<u8>,
    /// For each byte: whether its case does not matter.
    folded: Vec<bool>,
    /// A word begins, or ends, with it.
    left: bool,
    right: bool,
    /// The pattern, or the part of it that was looked at, begins or ends with it.
    first: bool,
    last: bool,
}

/// Literals of which at least one is in every match. `None` where no useful set exists.
#[must_use]
pub fn required(pattern: &str) -> Option<Vec<Literal>> {
    let hir = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).ok()?;
    let found = literals(&hir)?;
    (weakest(&found) >= SHORTEST && found.len() <= MOST).then_some(found)
}

impl Literal {
    /// What an automaton that ignores case looks for: the end of it. A smaller automaton stays in the processor's cache.
    #[must_use]
    pub fn needle(&self) -> Vec<u8> {
        self.bytes[self.bytes.len().saturating_sub(LONGEST)..].to_ascii_lowercase()
    }

    /// Where it begins in `text` if it ends at `end`, and stands there as the pattern writes it.
    #[must_use]
    pub fn start_before(&self, text: &[u8], end: usize) -> Option<usize> {
        end.checked_sub(self.bytes.len()).filter(|start| self.stands_at(text, *start))
    }

    /// Whether it stands at this place as the pattern writes it.
    #[must_use]
    pub fn stands_at(&self, text: &[u8], start: usize) -> bool {
        let end = start + self.bytes.len();
        let is_word = |at: Option<&u8>| at.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let before = start.checked_sub(1).and_then(|at| text.get(at));
        (!self.left || is_word(before) != is_word(self.bytes.first()))
            && (!self.right || is_word(text.get(end)) != is_word(self.bytes.last()))
            && text.get(start..end).is_some_and(|found| self.is_written(found))
    }

    fn is_written(&self, found: &[u8]) -> bool {
        let pairs = found.iter().zip(&self.bytes).zip(&self.folded);
        pairs.into_iter().all(|((found, byte), folded)| found == byte || (*folded && found.eq_ignore_ascii_case(byte)))
    }

    fn of(bytes: &[u8], folded: bool) -> Self {
        let folded = vec![folded; bytes.len()];
        Self { bytes: bytes.to_vec(), folded, first: true, last: true, ..Self::default() }
    }

    fn extend(&mut self, more: &Self) {
        self.bytes.extend_from_slice(&more.bytes);
        self.folded.extend_from_slice(&more.folded);
        self.right = false;
    }
}

fn weakest(set: &[Literal]) -> usize {
    set.iter().map(|literal| literal.bytes.len()).min().unwrap_or(0)
}

fn literals(hir: &Hir) -> Option<Vec<Literal>> {
    match hir.kind() {
        HirKind::Literal(_) | HirKind::Class(_) => exact(hir).map(|literal| vec![literal]),
        HirKind::Capture(capture) => literals(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            let mut found = literals(&repetition.sub)?;
            // What repeats may stand before or after itself.
            found.iter_mut().for_each(|literal| (literal.first, literal.last) = (false, false));
            Some(found)
        }
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
fn best_of(parts: &[Hir]) -> Option<Vec<Literal>> {
    let mut best: Option<Vec<Literal>> = None;
    let mut keep = |set: Vec<Literal>| {
        let better = best.as_ref().is_none_or(|kept| {
            (weakest(&set).min(8), usize::MAX - set.len()) > (weakest(kept).min(8), usize::MAX - kept.len())
        });
        if better && weakest(&set) > 0 && set.len() <= MOST {
            best = Some(set);
        }
    };
    let is_look = |part: &Hir| matches!(part.kind(), HirKind::Look(_));
    let is_word_end = |part: Option<&Hir>| part.is_some_and(|part| *part.kind() == HirKind::Look(Look::WordAscii));
    let mut run = Literal::default();
    for (at, part) in parts.iter().enumerate() {
        let (before, after) = (at.checked_sub(1).and_then(|at| parts.get(at)), parts.get(at + 1));
        let place = |literal: &mut Literal| {
            literal.left |= literal.first && is_word_end(before);
            literal.right |= literal.last && is_word_end(after);
            literal.first &= parts[..at].iter().all(is_look);
            literal.last &= parts[at + 1..].iter().all(is_look);
        };
        match exact(part) {
            Some(mut more) => {
                place(&mut more);
                if run.bytes.is_empty() {
                    run = more;
                } else {
                    run.extend(&more);
                    (run.right, run.last) = (more.right, more.last);
                }
            }
            // A look-around assertion takes no room: the run goes on across it.
            None if is_look(part) => {}
            None => {
                keep(vec![std::mem::take(&mut run)]);
                if let Some(mut set) = literals(part) {
                    set.iter_mut().for_each(place);
                    keep(set);
                }
            }
        }
    }
    keep(vec![run]);
    best
}

/// The text that this part always is.
fn exact(hir: &Hir) -> Option<Literal> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(Literal::of(&literal.0, false)),
        HirKind::Class(class) => letter(class).map(|byte| Literal::of(&[byte], true)),
        HirKind::Capture(capture) => exact(&capture.sub),
        HirKind::Concat(parts) => {
            let mut parts = parts.iter().map(exact);
            let first = parts.next()??;
            parts.try_fold(first, |mut run, part| {
                run.extend(&part?);
                Some(run)
            })
        }
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
    use proptest::prelude::*;

    use super::*;

    fn of(pattern: &str) -> Option<Vec<String>> {
        required(pattern).map(|set| set.into_iter().map(|l| String::from_utf8(l.needle()).unwrap()).collect())
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
        for pattern in ["(foo)?", "(foo|)", "[a-z]+", ".*", "a|b", "\\d{4}", "(foo|b)", "foo|\\d+", "x", "[xy]z?"] {
            assert_eq!(of(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn every_match_holds_one_of_the_literals() {
        let patterns = ["a(b|c)?defg", "x{2,}yzyz", "(?i)k[s]elvin", "foo\\.bar", "(?:abc|abd)e", "[Ss]ecret_?key"];
        let texts = ["adefg", "abdefg", "xxyzyz", "KsElvin", "foo.bar", "abde", "SecretKey", "secret_key"];
        for pattern in patterns {
            let regex = regex::bytes::RegexBuilder::new(pattern).unicode(false).build().unwrap();
            let literals = required(pattern).unwrap();
            for text in texts.iter().filter(|text| regex.is_match(text.as_bytes())) {
                let stands = |literal: &Literal| (0..text.len()).any(|at| literal.stands_at(text.as_bytes(), at));
                assert!(literals.iter().any(stands), "{pattern} {text} {literals:?}");
            }
        }
    }

    #[test]
    fn case_and_the_ends_of_words_are_told_before_a_pattern_is_tried() {
        let stands = |pattern: &str, text: &str| {
            let literals = required(pattern).unwrap();
            literals.iter().any(|literal| (0..text.len()).any(|at| literal.stands_at(text.as_bytes(), at)))
        };
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
        ] {
            assert!(stands(pattern, yes) && !stands(pattern, no), "{pattern}");
        }
    }

    proptest! {
        /// Whatever a pattern matches holds one of its literals where it says.
        #[test]
        fn no_match_is_without_its_literal(
            pattern in r"(\\b|ab|c|AB|\(\?:ab\|ca\)|\(\?i:ba\)|\(c\)\?|\(\?:ab\)\+|\(\?:\\bca\|b\\b\)|\.|_){1,6}",
            text in "[abcAB_ .]{0,12}",
        ) {
            let regex = regex::bytes::RegexBuilder::new(&pattern).unicode(false).build().unwrap();
            if let (Some(found), Some(literals)) = (regex.find(text.as_bytes()), required(&pattern)) {
                let within = found.start()..=found.end();
                let stands = |literal: &Literal| within.clone().any(|at| literal.stands_at(text.as_bytes(), at));
                prop_assert!(literals.iter().any(stands), "{pattern} {text} {literals:?}");
            }
        }
    }
}
