//! All text probes over one file in one pass: one automaton for every required literal, then only the
//! patterns whose literal occurred, on the line where it did.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rayon::prelude::*;

use crate::checklist::model::View;
use crate::checklist::pattern::Pattern as Source;
use crate::probe::fact::Facts;
use crate::probe::view::Views;
use crate::probe::workshop::Workshop;

/// A probe that looks for patterns in lines.
pub trait Seeker {
    fn view(&self) -> View;

    /// Whether its patterns see the whole text instead of one line.
    fn multiline(&self) -> bool;

    /// Takes in what pattern number `index` finds in the line (or, for `multiline`, the text) at `range`.
    fn search(&self, index: usize, views: &Views<'_>, range: Range<usize>, found: &mut Found);

    /// What was found, once every pattern was tried.
    fn facts(&self, views: &Views<'_>, found: Found) -> Facts;
}

/// What was found of one probe in one text so far.
#[derive(Debug, Default)]
pub struct Found {
    pub facts: Facts,
    /// Where each element of a set stands first, by the key that names it.
    pub elements: HashMap<String, Range<usize>>,
}

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
    prefilter: Option<Source>,
}

impl Matcher {
    /// `probes` are the text probes by leaf number, with the patterns as they were written.
    ///
    /// # Errors
    /// Too many literals for one automaton.
    pub fn new(probes: &[(usize, &[String])], shop: &Workshop) -> Result<Self, String> {
        let mut literals: indexmap::IndexMap<Vec<u8>, Vec<u32>> = indexmap::IndexMap::new();
        let sources = probes.iter().flat_map(|(leaf, sources)| sources.iter().enumerate().map(|each| (*leaf, each)));
        let sources: Vec<(usize, (usize, &String))> = sources.collect();
        let needed: Vec<_> = sources.par_iter().map(|(_, (_, source))| shop.literals(source)).collect();
        let mut patterns = Vec::with_capacity(sources.len());
        for ((leaf, (index, source)), needed) in sources.into_iter().zip(needed) {
            let prefilter = needed.is_none().then(|| shop.pattern(source, true));
            for literal in needed.iter().flatten() {
                literals.entry(literal.clone()).or_default().push(patterns.len() as u32);
            }
            patterns.push(Pattern { leaf, index, prefilter });
        }
        let automaton = match literals.len() {
            0 => None,
            _ => Some(automaton(literals.keys()).map_err(|error| error.to_string())?),
        };
        Ok(Self { automaton, needed_by: literals.into_values().collect(), patterns })
    }

    /// Runs the probes that `wants` knows over one text; `found` holds what they find, by the slot that
    /// `wants` gives with the probe.
    pub fn run<'s>(
        &self,
        views: &Views<'_>,
        wants: impl Fn(usize) -> Option<(usize, &'s dyn Seeker)>,
        found: &mut [Found],
    ) {
        // Where the last line ended that this pattern was tried on: a line is tried once.
        let mut tried = vec![0usize; self.patterns.len()];
        let whole = views.whole();
        let mut line = 0..0;
        for literal in self.automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(whole)) {
            if !line.contains(&literal.start()) {
                line = views.line_at(literal.start());
            }
            for &number in &self.needed_by[literal.pattern().as_usize()] {
                let pattern = &self.patterns[number as usize];
                let done = &mut tried[number as usize];
                if *done > line.start {
                    continue;
                }
                if let Some((slot, seeker)) = wants(pattern.leaf) {
                    let range = if seeker.multiline() { 0..whole.len() } else { line.clone() };
                    *done = range.end + 1;
                    seeker.search(pattern.index, views, range, &mut found[slot]);
                }
            }
        }
        for pattern in self.patterns.iter().filter(|pattern| pattern.prefilter.is_some()) {
            if let Some((slot, seeker)) = wants(pattern.leaf) {
                pattern.run_everywhere(seeker, views, &mut found[slot]);
            }
        }
    }
}

impl Pattern {
    fn run_everywhere(&self, seeker: &dyn Seeker, views: &Views<'_>, found: &mut Found) {
        let whole = views.get(seeker.view());
        let Some(prefilter) = &self.prefilter else { return };
        match prefilter.regex() {
            Ok(prefilter) if prefilter.is_match(whole) => {}
            Ok(_) => return,
            Err(why) => return found.facts = Facts::unreadable(why),
        }
        if seeker.multiline() {
            return seeker.search(self.index, views, 0..whole.len(), found);
        }
        let mut next = Some(0);
        while let Some(start) = next {
            let line = views.line_at(start);
            next = views.next_line(line.end);
            seeker.search(self.index, views, line, found);
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
