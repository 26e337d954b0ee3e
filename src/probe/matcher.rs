//! The patterns of many text probes over one file in one pass: one look for all that they need, then only the patterns
//! that have what they need, on the line where it stands.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use indexmap::{IndexMap, IndexSet};

use crate::checklist::model::View;
use crate::checklist::pattern::Pattern as Source;
use crate::probe::fact::Facts;
use crate::probe::grams::{FEW, Grams, MANY};
use crate::probe::literal::Literal;
use crate::probe::needs::{self, Need};
use crate::probe::view::Views;
use crate::probe::workshop::Workshop;

/// On a longer line all that patterns need beside the rarest is looked for at once.
const LONG: usize = 1024;

/// What a probe looks for, as it was written.
#[derive(Clone, Debug)]
pub struct Sought {
    pub patterns: Vec<String>,
    /// Whether its patterns see the whole text instead of one line.
    pub multiline: bool,
}

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
    grams: Grams<MANY>,
    /// What is looked for, with the patterns that need it.
    literals: Vec<(Literal, Vec<Use>)>,
    /// What else must stand on a line, for each alternative of a pattern by the numbers of what is looked for.
    on_lines: Vec<Vec<u32>>,
    others: Vec<Arc<Other>>,
    together: OnceLock<AllOthers>,
    /// How many things must stand in a text, for each alternative of a pattern that sees all of it.
    in_texts: Vec<u8>,
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
    clause: Clause,
}

/// An alternative of a pattern, by number.
#[derive(Clone, Copy, Debug)]
enum Clause {
    /// On a line: what is rarer than all else that it needs stands there.
    Line(u32),
    /// In the whole text, with the number of one of its needs.
    Text(u32, u8),
}

/// Literals of which one must stand somewhere.
#[derive(Debug)]
pub struct Other {
    grams: Grams<FEW>,
    literals: Need,
}

/// The probes that a text is asked.
pub(super) struct Probes<'p> {
    /// For each pattern: the place of the probe that it belongs to, if it is looked for.
    pub(super) wanted: &'p [Option<u32>],
    /// The probe at a place.
    pub(super) seeker: &'p dyn Fn(usize) -> Option<&'p dyn Seeker>,
}

/// The literals of many others together.
#[derive(Debug)]
struct AllOthers {
    grams: Grams<MANY>,
    /// For each literal: which of the others it belongs to, and its number there.
    of: Vec<(usize, usize)>,
}

/// One text that is looked at.
struct Run<'r, 't, 'p> {
    matcher: &'r Matcher,
    views: &'r Views<'t>,
    probes: &'r Probes<'p>,
    /// Where the last line ended that a pattern was tried on, and one more: a line is tried once.
    tried: Vec<usize>,
    line: Range<usize>,
    /// What is known of the others of its needs, on that line.
    on_line: Vec<Stands>,
    /// Which needs of each alternative stand in the text, as far as it was looked at: a bit for each.
    in_text: Vec<u8>,
}

/// Whether one of them stands on the line that was looked at last.
#[derive(Clone, Copy, Default)]
struct Stands {
    /// Where that line ends, and one more.
    next: usize,
    stands: bool,
}

impl Matcher {
    /// `probes` are by leaf number.
    #[must_use]
    pub fn new<'p>(probes: impl Iterator<Item = (usize, &'p Sought)>, shop: &Workshop) -> Self {
        let mut matcher = Self::default();
        let (mut uses, mut others) = (IndexMap::new(), IndexSet::new());
        for (leaf, sought) in probes {
            let first = matcher.patterns.len();
            for index in 0..sought.patterns.len() {
                matcher.add(index, sought, shop, &mut uses, &mut others);
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
        sought: &Sought,
        shop: &Workshop,
        uses: &mut IndexMap<Literal, Vec<Use>>,
        others: &mut IndexSet<Need>,
    ) {
        let source = &sought.patterns[index];
        let clauses = shop.clauses(source);
        let gate = clauses.is_none().then(|| Gate::new(source, shop));
        let pattern = self.patterns.len() as u32;
        self.patterns.push(Pattern { index, gate });
        let mut needed_by = |need: &Need, clause| {
            need.iter().for_each(|literal| uses.entry(literal.clone()).or_default().push(Use { pattern, clause }));
        };
        for clause in clauses.iter().flatten() {
            if sought.multiline {
                let number = self.in_texts.len() as u32;
                clause.iter().zip(0..).for_each(|(need, place)| needed_by(need, Clause::Text(number, place)));
                self.in_texts.push(clause.len() as u8);
            } else if let Some((rarest, rest)) = clause.split_first() {
                needed_by(rarest, Clause::Line(self.on_lines.len() as u32));
                self.on_lines.push(rest.iter().map(|need| others.insert_full(need.clone()).0 as u32).collect());
            }
        }
    }

    /// Runs these probes over one text; `found` has a place for what each of them finds.
    pub(super) fn run(&self, views: &Views<'_>, probes: &Probes<'_>, found: &mut [Option<Box<Found>>]) {
        let mut run = Run::new(self, views, probes);
        let whole = views.whole();
        self.grams.scan(whole, |literal, start| {
            let (literal, needed_by) = &self.literals[literal];
            if literal.stands_at(whole, start) {
                needed_by.iter().for_each(|used| run.found_at(start, used, found));
            }
        });
        for number in &self.everywhere {
            if let Some((place, seeker)) = probes.of(*number) {
                self.patterns[*number].run_everywhere(seeker, views, found[place].get_or_insert_default());
            }
        }
    }

    /// Whether one of these literals stands on the line that ends at `end`; `known` is what is known of all of them.
    fn stands(&self, other: usize, line: &[u8], end: usize, known: &mut [Stands]) -> bool {
        let next = end + 1;
        if known[other].next != next && line.len() > LONG {
            let all = self.together.get_or_init(|| AllOthers::new(&self.others));
            known.fill(Stands { next, stands: false });
            all.grams.scan(line, |number, start| {
                let (other, literal) = all.of[number];
                known[other].stands =
                    known[other].stands || self.others[other].literals[literal].stands_at(line, start);
            });
        } else if known[other].next != next {
            known[other] = Stands { next, stands: self.others[other].stands_in(line) };
        }
        known[other].stands
    }

    /// For each pattern: the place among these leaves of the one that it belongs to.
    #[must_use]
    pub fn wanted(&self, leaves: &[usize]) -> Vec<Option<u32>> {
        let mut wanted = vec![None; self.patterns.len()];
        for (place, leaf) in leaves.iter().enumerate() {
            let own = self.of_leaf.get(leaf).cloned().unwrap_or_default();
            wanted[own].fill(Some(place as u32));
        }
        wanted
    }
}

impl<'p> Probes<'p> {
    /// The probe that a pattern belongs to, with its place.
    fn of(&self, pattern: usize) -> Option<(usize, &'p dyn Seeker)> {
        let place = self.wanted[pattern]? as usize;
        Some((place, (self.seeker)(place)?))
    }
}

impl<'r, 't, 'p> Run<'r, 't, 'p> {
    fn new(matcher: &'r Matcher, views: &'r Views<'t>, probes: &'r Probes<'p>) -> Self {
        Self {
            matcher,
            views,
            probes,
            tried: vec![0; matcher.patterns.len()],
            line: 0..0,
            on_line: vec![Stands::default(); matcher.others.len()],
            in_text: vec![0; matcher.in_texts.len()],
        }
    }

    /// Tries a pattern where a literal stands that it needs, if all else that it needs stands there, too.
    fn found_at(&mut self, start: usize, used: &Use, found: &mut [Option<Box<Found>>]) {
        let number = used.pattern as usize;
        if self.tried[number] > start {
            return;
        }
        let Some((place, seeker)) = self.probes.of(number) else { return };
        let range = match used.clause {
            Clause::Line(clause) => self.line_with_all(start, clause),
            Clause::Text(clause, need) => self.text_with_all(clause, need),
        };
        if let Some(range) = range {
            self.tried[number] = range.end + 1;
            let found = found[place].get_or_insert_default();
            seeker.search(self.matcher.patterns[number].index, self.views, range, found);
        }
    }

    /// The line of this place, if all stands there that this alternative needs beside what stands here.
    fn line_with_all(&mut self, start: usize, clause: u32) -> Option<Range<usize>> {
        if !self.line.contains(&start) {
            self.line = self.views.line_at(start);
        }
        let Self { matcher, line, on_line, .. } = self;
        let text = &self.views.whole()[line.clone()];
        let mut needs = matcher.on_lines[clause as usize].iter();
        needs.all(|other| matcher.stands(*other as usize, text, line.end, on_line)).then(|| line.clone())
    }

    /// The whole text, if all has been seen there that this alternative needs.
    fn text_with_all(&mut self, clause: u32, need: u8) -> Option<Range<usize>> {
        let seen = &mut self.in_text[clause as usize];
        *seen |= 1 << need;
        (seen.count_ones() == u32::from(self.matcher.in_texts[clause as usize])).then(|| 0..self.views.whole().len())
    }
}

impl Other {
    #[must_use]
    pub fn new(literals: Need) -> Self {
        Self { grams: Grams::new(literals.iter()), literals }
    }

    /// Whether one of them stands there.
    #[must_use]
    pub fn stands_in(&self, line: &[u8]) -> bool {
        let mut stands = false;
        self.grams.scan(line, |literal, start| stands = stands || self.literals[literal].stands_at(line, start));
        stands
    }
}

impl AllOthers {
    fn new(others: &[Arc<Other>]) -> Self {
        let each = || {
            others.iter().enumerate().flat_map(|(number, other)| {
                other.literals.iter().zip(0..).map(move |(literal, place)| (literal, (number, place)))
            })
        };
        Self { grams: Grams::new(each().map(|(literal, _)| literal)), of: each().map(|(_, of)| of).collect() }
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
