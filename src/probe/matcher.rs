//! The patterns of many text probes over one file in one pass: one automaton for all that they need, then only the
//! patterns that have what they need, on the line where it stands.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use indexmap::IndexMap;

use crate::checklist::model::View;
use crate::checklist::pattern::Pattern as Source;
use crate::probe::fact::Facts;
use crate::probe::literal::Literal;
use crate::probe::needs;
use crate::probe::view::Views;
use crate::probe::workshop::Workshop;

/// From so many bytes for each needle on, the faster automaton was worth the time that it takes to be made.
const WORTH: u64 = 4_000;

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
    /// Where each element of a set stands first, by its name as it is written there.
    pub elements: HashMap<String, Range<usize>>,
}

/// The patterns of some text probes of a checklist.
#[derive(Debug, Default)]
pub struct Matcher {
    automata: Option<Automata>,
    /// Which patterns need what the automaton finds under this number.
    needed_by: Vec<Vec<Use>>,
    patterns: Vec<Pattern>,
    /// How many needs each alternative of a pattern has.
    clauses: Vec<u8>,
    /// Those that need nothing that an automaton could look for.
    everywhere: Vec<usize>,
    /// Which patterns belong to a leaf.
    of_leaf: HashMap<usize, Range<usize>>,
}

#[derive(Debug)]
struct Pattern {
    /// Its number among those of its leaf.
    index: usize,
    /// For patterns that are tried everywhere.
    gate: Option<Gate>,
}

/// What tells that a pattern is not worth to be tried on a text, or a line.
#[derive(Debug)]
struct Gate {
    /// Whether the whole text matches somewhere, line by line.
    prefilter: Source,
    /// A line without any of these bytes does not match.
    bytes: Option<Vec<u8>>,
}

/// How a pattern uses a literal.
#[derive(Debug)]
struct Use {
    pattern: u32,
    clause: u32,
    /// One bit: which of the needs of the clause it is.
    need: u8,
    literal: Literal,
}

/// A small automaton that is soon made and, after many bytes, one that is faster.
#[derive(Debug)]
struct Automata {
    needles: Vec<Vec<u8>>,
    small: AhoCorasick,
    fast: OnceLock<Option<AhoCorasick>>,
    seen: AtomicU64,
}

/// What stands on the line that is looked at.
#[derive(Clone, Copy, Default)]
struct Present {
    /// Where the line ends, and one more.
    line: usize,
    needs: u8,
}

impl Matcher {
    /// `probes` are text probes by leaf number, with the patterns as they were written.
    #[must_use]
    pub fn new<'p>(probes: impl Iterator<Item = (usize, &'p [String])>, shop: &Workshop) -> Self {
        let mut matcher = Self::default();
        let mut uses: IndexMap<Vec<u8>, Vec<Use>> = IndexMap::new();
        let mut sources = Vec::new();
        for (leaf, written) in probes {
            let first = matcher.patterns.len();
            for (index, source) in written.iter().enumerate() {
                sources.push(source.as_str());
                matcher.add(index, source, shop, &mut uses);
            }
            matcher.of_leaf.insert(leaf, first..matcher.patterns.len());
        }
        let (needles, needed_by) = uses.into_iter().unzip();
        matcher.needed_by = needed_by;
        matcher.automata = Automata::new(needles);
        // More than an automaton holds: then every pattern is tried everywhere.
        if matcher.automata.is_none() {
            for (pattern, source) in matcher.patterns.iter_mut().zip(sources) {
                pattern.gate.get_or_insert_with(|| Gate::new(source, shop));
            }
        }
        let gated = matcher.patterns.iter().enumerate().filter(|(_, pattern)| pattern.gate.is_some());
        matcher.everywhere = gated.map(|(number, _)| number).collect();
        matcher
    }

    fn add(&mut self, index: usize, source: &str, shop: &Workshop, uses: &mut IndexMap<Vec<u8>, Vec<Use>>) {
        let clauses = shop.clauses(source);
        let gate = clauses.is_none().then(|| Gate::new(source, shop));
        let pattern = self.patterns.len() as u32;
        self.patterns.push(Pattern { index, gate });
        for needs in clauses.iter().flatten() {
            let clause = self.clauses.len() as u32;
            self.clauses.push(needs.len() as u8);
            for (number, need) in needs.iter().enumerate() {
                for literal in need {
                    let used = Use { pattern, clause, need: 1 << number, literal: literal.clone() };
                    uses.entry(literal.needle()).or_default().push(used);
                }
            }
        }
    }

    /// Runs these probes, each with its number among all leaves, over one text; `found` holds what they find, in their
    /// order.
    pub fn run(&self, views: &Views<'_>, probes: &[(usize, Option<&dyn Seeker>)], found: &mut [Found]) {
        let wanted = self.wanted(probes);
        // Where the last line ended that this pattern was tried on: a line is tried once.
        let mut tried = vec![0usize; self.patterns.len()];
        let mut present = vec![Present::default(); self.clauses.len()];
        let whole = views.whole();
        let mut line = 0..0;
        let automaton = self.automata.as_ref().map(|automata| automata.for_text(whole));
        for place in automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(whole)) {
            for used in &self.needed_by[place.pattern().as_usize()] {
                let number = used.pattern as usize;
                let Some((slot, seeker)) = wanted[number] else { continue };
                // What was found ends within a line that was tried: so does what it is the end of.
                if tried[number] >= place.end() {
                    continue;
                }
                let Some(start) = used.literal.start_before(whole, place.end()) else { continue };
                if !line.contains(&start) {
                    line = views.line_at(start);
                }
                let range = if seeker.multiline() { 0..whole.len() } else { line.clone() };
                let needs = self.clauses[used.clause as usize];
                if needs > 1 && !present[used.clause as usize].is_complete(used.need, needs, range.end) {
                    continue;
                }
                tried[number] = range.end + 1;
                seeker.search(self.patterns[number].index, views, range, &mut found[slot]);
            }
        }
        for number in &self.everywhere {
            if let Some((slot, seeker)) = wanted[*number] {
                self.patterns[*number].run_everywhere(seeker, views, &mut found[slot]);
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

impl Present {
    /// Takes in that one of the needs stands on the line that ends here, and tells whether all of them do.
    fn is_complete(&mut self, need: u8, needs: u8, line_end: usize) -> bool {
        if self.line != line_end + 1 {
            *self = Self { line: line_end + 1, needs: 0 };
        }
        self.needs |= need;
        self.needs.count_ones() == u32::from(needs)
    }
}

impl Gate {
    fn new(source: &str, shop: &Workshop) -> Self {
        Self { prefilter: shop.pattern(source, true), bytes: needs::bytes(source) }
    }

    /// Where the next byte stands, from here on, on whose line the pattern may match.
    fn next(&self, text: &[u8], from: usize) -> Option<usize> {
        let rest = text.get(from..)?;
        let at = match self.bytes.as_deref() {
            None => 0,
            Some([one]) => memchr::memchr(*one, rest)?,
            Some([one, two]) => memchr::memchr2(*one, *two, rest)?,
            Some([one, two, three]) => memchr::memchr3(*one, *two, *three, rest)?,
            Some(any) => rest.iter().position(|byte| any.contains(byte))?,
        };
        Some(from + at)
    }
}

impl Pattern {
    fn run_everywhere(&self, seeker: &dyn Seeker, views: &Views<'_>, found: &mut Found) {
        let whole = views.get(seeker.view());
        let Some(gate) = &self.gate else { return };
        match gate.prefilter.regex() {
            Ok(prefilter) if prefilter.is_match(whole) => {}
            Ok(_) => return,
            Err(why) => return found.facts = Facts::unreadable(why),
        }
        if seeker.multiline() {
            return seeker.search(self.index, views, 0..whole.len(), found);
        }
        let mut from = Some(0);
        while let Some(at) = from.and_then(|from| gate.next(whole, from)) {
            let line = views.line_at(at);
            from = views.next_line(line.end);
            seeker.search(self.index, views, line, found);
        }
    }
}

impl Automata {
    /// `None` where there is nothing to look for, or more than an automaton holds.
    fn new(needles: Vec<Vec<u8>>) -> Option<Self> {
        let small = if needles.is_empty() { None } else { automaton(&needles, AhoCorasickKind::ContiguousNFA) }?;
        Some(Self { needles, small, fast: OnceLock::new(), seen: AtomicU64::new(0) })
    }

    fn for_text(&self, text: &[u8]) -> &AhoCorasick {
        let seen = self.seen.fetch_add(text.len() as u64, Ordering::Relaxed);
        if seen < WORTH * self.needles.len() as u64 {
            return &self.small;
        }
        self.fast.get_or_init(|| automaton(&self.needles, AhoCorasickKind::DFA)).as_ref().unwrap_or(&self.small)
    }
}

fn automaton(needles: &[Vec<u8>], kind: AhoCorasickKind) -> Option<AhoCorasick> {
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard);
    builder.kind(Some(kind)).build(needles).ok()
}
