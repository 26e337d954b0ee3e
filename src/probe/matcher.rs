//! All text probes over one file in one pass: one automaton for every required literal, then only the
//! patterns whose literal occurred, on the line where it did.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::checklist::model::View;
use crate::checklist::pattern::Pattern as Source;
use crate::probe::fact::Facts;
use crate::probe::literal::Literal;
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
    /// Which patterns need the literal with this number, and how they write it.
    needed_by: Vec<Vec<(u32, Literal)>>,
    patterns: Vec<Pattern>,
    /// Which patterns belong to a leaf.
    of_leaf: HashMap<usize, Range<usize>>,
}

#[derive(Debug)]
struct Pattern {
    /// Its number among those of its leaf.
    index: usize,
    /// For patterns without a literal: whether the whole text matches somewhere, line by line.
    prefilter: Option<Source>,
}

impl Matcher {
    /// `probes` are the text probes by leaf number, with the patterns as they were written.
    #[must_use]
    pub fn new(probes: &[(usize, Vec<String>)], shop: &Workshop) -> Self {
        let mut literals: indexmap::IndexMap<Vec<u8>, Vec<(u32, Literal)>> = indexmap::IndexMap::new();
        let sources = probes.iter().flat_map(|(leaf, sources)| sources.iter().enumerate().map(|each| (*leaf, each)));
        let mut patterns = Vec::new();
        let mut of_leaf: HashMap<usize, Range<usize>> = HashMap::new();
        for (leaf, (index, source)) in sources {
            let needed = shop.literals(source);
            let prefilter = needed.is_none().then(|| shop.pattern(source, true));
            for literal in needed.iter().flatten() {
                literals.entry(literal.needle()).or_default().push((patterns.len() as u32, literal.clone()));
            }
            of_leaf.entry(leaf).or_insert(patterns.len()..patterns.len()).end += 1;
            patterns.push(Pattern { index, prefilter });
        }
        let automaton = automaton(literals.keys());
        if automaton.is_none() {
            let sources = probes.iter().flat_map(|(_, sources)| sources);
            let everywhere = patterns.iter_mut().zip(sources).filter(|(pattern, _)| pattern.prefilter.is_none());
            everywhere.for_each(|(pattern, source)| pattern.prefilter = Some(shop.pattern(source, true)));
        }
        Self { automaton, needed_by: literals.into_values().collect(), patterns, of_leaf }
    }

    /// Runs these probes, each with its number among all leaves, over one text; `found` holds what they find, in their
    /// order.
    pub fn run(&self, views: &Views<'_>, probes: &[(usize, Option<&dyn Seeker>)], found: &mut [Found]) {
        let wanted = self.wanted(probes);
        // Where the last line ended that this pattern was tried on: a line is tried once.
        let mut tried = vec![0usize; self.patterns.len()];
        let whole = views.whole();
        let mut line = 0..0;
        for literal in self.automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(whole)) {
            for (number, written) in &self.needed_by[literal.pattern().as_usize()] {
                let number = *number as usize;
                let Some((slot, seeker)) = wanted[number] else { continue };
                // What was found ends within a line that was tried: so does what it is the end of.
                if tried[number] >= literal.end() {
                    continue;
                }
                let Some(start) = written.start_before(whole, literal.end()) else { continue };
                if !line.contains(&start) {
                    line = views.line_at(start);
                }
                let range = if seeker.multiline() { 0..whole.len() } else { line.clone() };
                tried[number] = range.end + 1;
                seeker.search(self.patterns[number].index, views, range, &mut found[slot]);
            }
        }
        for (number, pattern) in self.patterns.iter().enumerate().filter(|(_, pattern)| pattern.prefilter.is_some()) {
            if let Some((slot, seeker)) = wanted[number] {
                pattern.run_everywhere(seeker, views, &mut found[slot]);
            }
        }
    }

    /// For each pattern: the probe that it belongs to and where that stands, if it is one of these.
    fn wanted<'s>(&self, probes: &[(usize, Option<&'s dyn Seeker>)]) -> Vec<Option<(usize, &'s dyn Seeker)>> {
        let mut wanted = vec![None; self.patterns.len()];
        for (slot, (leaf, seeker)) in probes.iter().enumerate() {
            let own = self.of_leaf.get(leaf).cloned().unwrap_or_default();
            if let Some(seeker) = seeker {
                wanted[own].fill(Some((slot, *seeker)));
            }
        }
        wanted
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

/// `None` where there is nothing to look for, or more than an automaton holds: then every pattern is tried everywhere.
fn automaton<'a>(literals: impl Iterator<Item = &'a Vec<u8>> + Clone) -> Option<AhoCorasick> {
    literals.clone().next()?;
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard);
    let fast = builder.kind(Some(AhoCorasickKind::DFA)).build(literals.clone());
    fast.or_else(|_| builder.kind(None).build(literals)).ok()
}
