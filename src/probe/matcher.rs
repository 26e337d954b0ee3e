//! All text probes over one file in one pass: one automaton for every required literal, then only the
//! patterns whose literal occurred, on the line where it did.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::checklist::pattern::compile;
use crate::probe::fact::Facts;
use crate::probe::literal;
use crate::probe::text::Text;
use crate::probe::view::Views;

/// The patterns of all text probes of a checklist.
#[derive(Debug, Default)]
pub struct Matcher {
    automaton: Option<AhoCorasick>,
    /// Which patterns need the literal with this number.
    needed_by: Vec<Vec<u32>>,
    patterns: Vec<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    /// The leaf it belongs to, and its number there.
    leaf: usize,
    index: usize,
    /// For patterns without a literal: whether the whole text matches somewhere, line by line.
    prefilter: Option<regex::bytes::Regex>,
}

impl Matcher {
    /// `probes` are the text probes by leaf number, with the patterns as they were written.
    ///
    /// # Errors
    /// Too many literals for one automaton.
    pub fn new<'a>(probes: impl Iterator<Item = (usize, &'a [String])>) -> Result<Self, String> {
        let mut literals: indexmap::IndexMap<Vec<u8>, Vec<u32>> = indexmap::IndexMap::new();
        let mut patterns = Vec::new();
        for (leaf, sources) in probes {
            for (index, source) in sources.iter().enumerate() {
                let number = patterns.len() as u32;
                let needed = literal::required(source);
                let prefilter = if needed.is_none() { Some(compile(source, true)?) } else { None };
                for literal in needed.unwrap_or_default() {
                    literals.entry(literal).or_default().push(number);
                }
                patterns.push(Pattern { leaf, index, prefilter });
            }
        }
        let automaton = match literals.len() {
            0 => None,
            _ => Some(automaton(literals.keys()).map_err(|error| error.to_string())?),
        };
        Ok(Self { automaton, needed_by: literals.into_values().collect(), patterns })
    }

    /// Runs the probes that `wants` knows over one text; `facts` holds what they find, by the slot that
    /// `wants` gives with the probe.
    pub fn run<'t>(&self, views: &Views<'_>, wants: impl Fn(usize) -> Option<(usize, &'t Text)>, facts: &mut [Facts]) {
        // Where the last line ended that this pattern was tried on: a line is tried once.
        let mut tried = vec![0usize; self.patterns.len()];
        let whole = views.whole();
        let mut line = 0..0;
        for found in self.automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(whole)) {
            if !line.contains(&found.start()) {
                line = views.line_at(found.start());
            }
            for &number in &self.needed_by[found.pattern().as_usize()] {
                let pattern = &self.patterns[number as usize];
                let done = &mut tried[number as usize];
                if *done > line.start {
                    continue;
                }
                if let Some((slot, text)) = wants(pattern.leaf) {
                    let range = if text.multiline { 0..whole.len() } else { line.clone() };
                    *done = range.end + 1;
                    text.search(pattern.index, views, range, &mut facts[slot]);
                }
            }
        }
        for pattern in self.patterns.iter().filter(|pattern| pattern.prefilter.is_some()) {
            if let Some((slot, text)) = wants(pattern.leaf) {
                pattern.run_everywhere(text, views, &mut facts[slot]);
            }
        }
        for facts in facts {
            facts.hits.sort_by_key(|hit| (hit.line, hit.column));
        }
    }
}

impl Pattern {
    fn run_everywhere(&self, text: &Text, views: &Views<'_>, facts: &mut Facts) {
        let whole = views.get(text.view);
        if !self.prefilter.as_ref().is_some_and(|prefilter| prefilter.is_match(whole)) {
            return;
        }
        if text.multiline {
            return text.search(self.index, views, 0..whole.len(), facts);
        }
        let mut next = Some(0);
        while let Some(start) = next {
            let line = views.line_at(start);
            next = views.next_line(line.end);
            text.search(self.index, views, line, facts);
        }
    }
}

fn automaton<'a>(literals: impl Iterator<Item = &'a Vec<u8>>) -> Result<AhoCorasick, aho_corasick::BuildError> {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::DFA))
        .build(literals)
}
