//! The patterns of many text probes over one file in one pass: one look for all that they need, then only the patterns
//! that have what they need, on the line where it stands.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use crate::checklist::model::View;
use crate::checklist::pattern::Pattern as Source;
use crate::probe::fact::Facts;
use crate::probe::grams::Grams;
use crate::probe::literal::Literal;
use crate::probe::needs::{self, Need};
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
    /// Where each element of a set stands first, by its name as it is written there.
    pub elements: HashMap<String, Range<usize>>,
}

/// The patterns of some text probes of a checklist.
#[derive(Debug, Default)]
pub struct Matcher {
    grams: Grams,
    /// What is looked for, with the patterns that need it.
    literals: Vec<(Literal, Vec<Use>)>,
    /// What else must stand on a line, for each alternative of a pattern by the numbers of what is looked for.
    clauses: Vec<Vec<u32>>,
    others: Vec<Arc<Other>>,
    patterns: Vec<Pattern>,
    /// Those that need nothing that is worth being looked for.
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
    bytes: Option<AnyOf>,
}

/// Bytes that are looked for together.
#[derive(Debug)]
struct AnyOf {
    bytes: Vec<u8>,
    /// The same, for each byte that there is.
    is_one: [bool; 256],
}

/// A pattern that needs a literal, in one of its alternatives.
#[derive(Debug)]
struct Use {
    pattern: u32,
    clause: u32,
}

/// Literals of which one must stand on a line.
#[derive(Debug)]
pub struct Other {
    grams: Grams,
    literals: Need,
}

/// One text that is looked at.
struct Run<'r, 't> {
    matcher: &'r Matcher,
    views: &'r Views<'t>,
    /// For each pattern: the probe that it belongs to and where that stands, if it is looked for.
    wanted: Vec<Option<(usize, &'r dyn Seeker)>>,
    /// Where the last line ended that a pattern was tried on, and one more: a line is tried once.
    tried: Vec<usize>,
    line: Range<usize>,
    /// What is known of the others of its needs, on that line and in the whole text.
    on_line: Vec<Stands>,
    in_text: Vec<Stands>,
}

/// Whether one of them stands on the line that was looked at last.
#[derive(Clone, Copy, Default)]
struct Stands {
    /// Where that line ends, and one more.
    next: usize,
    stands: bool,
}

impl Matcher {
    /// `probes` are text probes by leaf number, with the patterns as they were written.
    #[must_use]
    pub fn new<'p>(probes: impl Iterator<Item = (usize, &'p [String])>, shop: &Workshop) -> Self {
        let mut matcher = Self::default();
        let (mut uses, mut others) = (IndexMap::new(), IndexSet::new());
        for (leaf, written) in probes {
            let first = matcher.patterns.len();
            for (index, source) in written.iter().enumerate() {
                matcher.add(index, source, shop, &mut uses, &mut others);
            }
            matcher.of_leaf.insert(leaf, first..matcher.patterns.len());
        }
        matcher.literals = uses.into_iter().collect();
        matcher.others = others.iter().map(|need| shop.other(need)).collect();
        matcher.grams = Grams::new(matcher.literals.iter().map(|(literal, _)| literal));
        let gated = matcher.patterns.iter().enumerate().filter(|(_, pattern)| pattern.gate.is_some());
        matcher.everywhere = gated.map(|(number, _)| number).collect();
        matcher
    }

    fn add(
        &mut self,
        index: usize,
        source: &str,
        shop: &Workshop,
        uses: &mut IndexMap<Literal, Vec<Use>>,
        others: &mut IndexSet<Need>,
    ) {
        let clauses = shop.clauses(source);
        let gate = clauses.is_none().then(|| Gate::new(source, shop));
        let pattern = self.patterns.len() as u32;
        self.patterns.push(Pattern { index, gate });
        for clause in clauses.iter().flatten() {
            let Some((rarest, rest)) = clause.split_first() else { continue };
            let clause = self.clauses.len() as u32;
            self.clauses.push(rest.iter().map(|need| others.insert_full(need.clone()).0 as u32).collect());
            for literal in rarest {
                uses.entry(literal.clone()).or_default().push(Use { pattern, clause });
            }
        }
    }

    /// Runs these probes, each with its number among all leaves, over one text; `found` holds what they find, in their
    /// order.
    pub fn run(&self, views: &Views<'_>, probes: &[(usize, Option<&dyn Seeker>)], found: &mut [Found]) {
        let mut run = Run::new(self, views, probes);
        let whole = views.whole();
        self.grams.scan(whole, |literal, start| {
            let (literal, needed_by) = &self.literals[literal];
            if literal.stands_at(whole, start) {
                needed_by.iter().for_each(|used| run.search_at(start, used, found));
            }
        });
        for number in &self.everywhere {
            if let Some((slot, seeker)) = run.wanted[*number] {
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

impl<'r, 't> Run<'r, 't> {
    fn new(matcher: &'r Matcher, views: &'r Views<'t>, probes: &[(usize, Option<&'r dyn Seeker>)]) -> Self {
        let unknown = vec![Stands::default(); matcher.others.len()];
        Self {
            matcher,
            views,
            wanted: matcher.wanted(probes),
            tried: vec![0; matcher.patterns.len()],
            line: 0..0,
            on_line: unknown.clone(),
            in_text: unknown,
        }
    }

    /// Tries a pattern on the line of a place where the rarest of its needs stands, if the others stand there, too.
    fn search_at(&mut self, start: usize, used: &Use, found: &mut [Found]) {
        let number = used.pattern as usize;
        let Some((slot, seeker)) = self.wanted[number].filter(|_| self.tried[number] <= start) else { return };
        if !self.line.contains(&start) {
            self.line = self.views.line_at(start);
        }
        let whole = self.views.whole();
        let (range, known) = match seeker.multiline() {
            true => (0..whole.len(), &mut self.in_text),
            false => (self.line.clone(), &mut self.on_line),
        };
        let mut stands = |other: &u32| {
            let other = *other as usize;
            known[other].or_look(range.end, || self.matcher.others[other].stands_in(&whole[range.clone()]))
        };
        if self.matcher.clauses[used.clause as usize].iter().all(&mut stands) {
            self.tried[number] = range.end + 1;
            seeker.search(self.matcher.patterns[number].index, self.views, range, &mut found[slot]);
        }
    }
}

impl Other {
    #[must_use]
    pub fn new(literals: Need) -> Self {
        Self { grams: Grams::new(literals.iter()), literals }
    }

    fn stands_in(&self, line: &[u8]) -> bool {
        let mut stands = false;
        self.grams.scan(line, |literal, start| stands = stands || self.literals[literal].stands_at(line, start));
        stands
    }
}

impl Stands {
    /// What is known of the line that ends here, else what `look` says.
    fn or_look(&mut self, end: usize, look: impl FnOnce() -> bool) -> bool {
        if self.next != end + 1 {
            *self = Self { next: end + 1, stands: look() };
        }
        self.stands
    }
}

impl Gate {
    fn new(source: &str, shop: &Workshop) -> Self {
        Self { prefilter: shop.pattern(source, true), bytes: needs::bytes(source).map(AnyOf::new) }
    }

    /// Where the next byte stands, from here on, on whose line the pattern may match.
    fn next(&self, text: &[u8], from: usize) -> Option<usize> {
        let rest = text.get(from..)?;
        Some(from + self.bytes.as_ref().map_or(Some(0), |bytes| bytes.first(rest))?)
    }
}

impl AnyOf {
    fn new(bytes: Vec<u8>) -> Self {
        let mut is_one = [false; 256];
        bytes.iter().for_each(|byte| is_one[usize::from(*byte)] = true);
        Self { bytes, is_one }
    }

    fn first(&self, text: &[u8]) -> Option<usize> {
        match *self.bytes.as_slice() {
            [one] => memchr::memchr(one, text),
            [one, two] => memchr::memchr2(one, two, text),
            [one, two, three] => memchr::memchr3(one, two, three, text),
            _ => text.iter().position(|byte| self.is_one[usize::from(*byte)]),
        }
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
