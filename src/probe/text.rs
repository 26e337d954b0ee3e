//! `text`: a line matches, or none does.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use regex_automata::util::captures::Captures;
use regex_automata::{Input, Span};

use crate::checklist::model::{TextProbe, View, Want};
use crate::checklist::pattern::Pattern;
use crate::probe::bounds::Bounds;
use crate::probe::excuse::Excuse;
use crate::probe::fact::{Facts, Hit, key_of};
use crate::probe::finding::{Gathered, Verdict};
use crate::probe::matcher::{Found, Seeker};
use crate::probe::outcome::Outcome;
use crate::probe::proof::Proof;
use crate::probe::view::Views;
use crate::probe::workshop::Workshop;

/// A text probe ready to run.
#[derive(Debug)]
pub struct Text {
    want: Want,
    view: View,
    each: bool,
    multiline: bool,
    patterns: Vec<Pattern>,
    excuse: Option<Excuse>,
    bounds: Bounds,
    proof: Proof,
}

impl Seeker for Text {
    fn view(&self) -> View {
        self.view
    }

    fn multiline(&self) -> bool {
        self.multiline
    }

    fn search(&self, index: usize, views: &Views<'_>, range: Range<usize>, found: &mut Found) {
        if let Err(why) = self.try_search(index, views, range, &mut found.facts) {
            found.facts = Facts::unreadable(why);
        }
    }

    fn facts(&self, _: &Views<'_>, found: Found) -> Facts {
        let mut facts = found.facts;
        for hits in [&mut facts.hits, &mut facts.misses] {
            hits.sort_by_key(|hit| (hit.line, hit.column, hit.end_line, hit.end_column));
        }
        facts
    }
}

/// The first group that took part in the match.
pub(super) fn first_group(captures: &Captures) -> Option<Span> {
    captures.iter().skip(1).flatten().next()
}

impl Text {
    #[must_use]
    pub fn new(probe: &TextProbe, shop: &Arc<Workshop>) -> Self {
        let pattern = |source: &String| shop.pattern(source, probe.multiline);
        Self {
            want: probe.want,
            view: probe.view,
            each: probe.each,
            multiline: probe.multiline,
            patterns: probe.patterns.iter().map(pattern).collect(),
            excuse: probe.unless.as_ref().map(|unless| Excuse::new(pattern(unless), probe.within, shop)),
            bounds: Bounds::new(probe.at_least.as_deref(), probe.at_most.as_deref()),
            proof: Proof {
                entropy: probe.entropy.as_ref().and_then(|bits| bits.parse().ok()),
                checksum: probe.checksum,
            },
        }
    }

    /// Whether a file in which nothing was found matters to the answer.
    #[must_use]
    pub fn counts_every_file(&self) -> bool {
        self.each
    }

    /// Whether it looks for what should be there.
    #[must_use]
    pub fn proves(&self) -> bool {
        self.want == Want::Find
    }

    fn try_search(&self, index: usize, views: &Views<'_>, range: Range<usize>, facts: &mut Facts) -> Result<(), &str> {
        let text = &views.get(self.view)[range.clone()];
        let regex = self.patterns[index].regex()?;
        if self.bounds.bind() {
            for captures in regex.captures_iter(text) {
                let (Some(whole), Some(number)) = (captures.get_match(), first_group(&captures)) else { continue };
                let (start, end) = (range.start + whole.start(), range.start + whole.end());
                if self.is_excused(views, start, end)? {
                    continue;
                }
                match self.bounds.broken_by(&String::from_utf8_lossy(&text[number.range()])) {
                    None => facts.add(|| hit(views, start, end)),
                    Some(message) => facts.miss(|| Hit { message, ..hit(views, start, end) }),
                }
            }
            return Ok(());
        }
        let proven = |at: usize| {
            if !self.proof.is_asked() {
                return true;
            }
            let mut groups = regex.create_captures();
            regex.captures(Input::new(text).range(at..), &mut groups);
            let proving = first_group(&groups).or_else(|| groups.get_group(0));
            proving.is_none_or(|group| self.proof.holds(&text[group.range()]))
        };
        // What is found counts once a line; what is forbidden, as often as it stands there.
        let most = if self.want == Want::Find && !self.multiline { 1 } else { usize::MAX };
        for found in regex.find_iter(text).filter(|found| proven(found.start())).take(most) {
            let (start, end) = (range.start + found.start(), range.start + found.end());
            if !self.is_excused(views, start, end)? {
                facts.add(|| hit(views, start, end));
            }
        }
        Ok(())
    }

    /// Whether `unless` matches near.
    fn is_excused(&self, views: &Views<'_>, start: usize, end: usize) -> Result<bool, &str> {
        self.excuse.as_ref().map_or(Ok(false), |excuse| excuse.holds(views, self.view, start..end))
    }

    #[must_use]
    pub fn reduce(&self, gathered: &Gathered<'_>) -> Outcome {
        let wanted = Wanted(&self.patterns);
        let verdict = Verdict::new(gathered, &wanted);
        match (self.want, self.each) {
            (Want::Find, false) => verdict.find(),
            (Want::Find, true) => verdict.find_in_each(),
            (Want::Forbid | Want::Every, _) => verdict.forbid(),
        }
    }
}

/// What is looked for, for people: nobody asks for it where it was found.
struct Wanted<'t>(&'t [Pattern]);

impl fmt::Display for Wanted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let either = std::iter::once("").chain(std::iter::repeat(" or "));
        self.0.iter().zip(either).try_for_each(|(pattern, either)| write!(f, "{either}/{}/", pattern.source()))
    }
}

fn hit(views: &Views<'_>, start: usize, end: usize) -> Hit {
    let (line, column) = views.position(start);
    let (end_line, end_column) = views.position(end);
    let (line_start, raw) = views.raw_line(start);
    let key = key_of(&views.whole()[start..end]);
    let excerpt = excerpt(views, line_start, raw, start - line_start..end.saturating_sub(line_start));
    Hit { line, column, end_line, end_column, excerpt, key, message: String::new() }
}

/// The line around a match, redacted.
fn excerpt(views: &Views<'_>, line_start: usize, raw: &[u8], matched: Range<usize>) -> String {
    let piece = views.piece(line_start, raw, &matched);
    piece.redacted(piece.place(raw, &matched))
}
