//! `unless`: what stands on the line of a match, or near it, and makes it none.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::checklist::model::View;
use crate::checklist::pattern::Pattern;
use crate::probe::matcher::Other;
use crate::probe::view::Views;
use crate::probe::workshop::Workshop;

#[derive(Debug)]
pub(super) struct Excuse {
    pattern: Pattern,
    /// How many lines above and below count, too.
    within: u32,
    /// What must stand there before the pattern can match: most matches have no excuse, and this tells so before a regular
    /// expression is compiled.
    needed: OnceLock<Option<Arc<Other>>>,
    shop: Arc<Workshop>,
}

impl Excuse {
    pub(super) fn new(pattern: Pattern, within: u32, shop: &Arc<Workshop>) -> Self {
        Self { pattern, within, needed: OnceLock::new(), shop: Arc::clone(shop) }
    }

    /// Whether it stands near this match.
    pub(super) fn holds(&self, views: &Views<'_>, view: View, matched: Range<usize>) -> Result<bool, &str> {
        let text = &views.get(view)[self.around(views, matched)];
        let needed = self.needed.get_or_init(|| self.shop.any_need(self.pattern.source()));
        if needed.as_ref().is_some_and(|needed| !needed.stands_in(text)) {
            return Ok(false);
        }
        let regex = self.pattern.regex()?;
        let mut lines = text.split(|byte| *byte == b'\n');
        Ok(lines.any(|line| regex.is_match(line.strip_suffix(b"\r").unwrap_or(line))))
    }

    /// The lines of the match with those that are near.
    fn around(&self, views: &Views<'_>, matched: Range<usize>) -> Range<usize> {
        let mut around = views.line_at(matched.start);
        around.end = views.line_at(matched.end.max(matched.start)).end;
        for _ in 0..self.within {
            if around.start > 0 {
                around.start = views.line_at(around.start - 1).start;
            }
            if let Some(next) = views.next_line(around.end) {
                around.end = views.line_at(next).end;
            }
        }
        around
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Patterns that need one thing, one of several, several, and nothing that is worth being looked for.
    const PATTERNS: [&str; 5] = ["safe", "(?i)\\bquoted\\b|escape\\(", "is_.*valid", "[ab]", "^ok$|checked"];

    proptest! {
        #[test]
        fn what_a_pattern_needs_changes_no_answer(
            words in prop::collection::vec(
                prop_oneof![
                    Just("safe"), Just("QUOTED"), Just("escape("), Just("is_"), Just("valid"), Just("a"), Just("ok"),
                    Just("checked"), Just("\n"), Just("\r\n"), Just(" "),
                ],
                0..12,
            ),
            at in 0..40_usize,
            within in 0..3_u32,
        ) {
            let text = words.concat();
            let views = Views::new("a.txt", text.as_bytes());
            let at = at.min(text.len());
            for pattern in PATTERNS {
                let shop = Arc::default();
                let excuse = Excuse::new(Pattern::new(pattern, false), within, &shop);
                let near = String::from_utf8(text.as_bytes()[excuse.around(&views, at..at)].to_vec()).unwrap();
                let regex = excuse.pattern.regex().unwrap();
                let expected = near.lines().any(|line| regex.is_match(line.as_bytes()));
                prop_assert_eq!(excuse.holds(&views, View::Any, at..at), Ok(expected), "{} in {:?}", pattern, near);
            }
        }
    }

    #[test]
    fn lines_within_reach_count_and_no_others() {
        let text = b"one\ntwo\nthree\nfour\nfive";
        let views = Views::new("a.txt", text);
        let around = |within| Excuse::new(Pattern::new("x", false), within, &Arc::default()).around(&views, 9..10);
        let near = |within| String::from_utf8_lossy(&text[around(within)]).into_owned();
        assert_eq!([0, 1, 9].map(near), ["three", "two\nthree\nfour", "one\ntwo\nthree\nfour\nfive"]);
    }
}
