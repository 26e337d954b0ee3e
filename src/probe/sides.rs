//! What a relation asks of two sides, found in one of two ways: by going through all of both, or, where that was done
//! before, by what moved since.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use indexmap::IndexMap;

use crate::checklist::sets::Relation;
use crate::probe::compare::Written;
use crate::probe::fact::{Facts, Hit, HitKey};
use crate::probe::finding::Gathered;
use crate::probe::outcome::Outcome;
use crate::probe::standing::{Standing, names};
use crate::tree::path::RelPath;

/// An element where it stands first; without a path it stands in the checklist.
#[derive(Clone, Debug)]
pub(super) struct Element {
    pub(super) path: Option<RelPath>,
    pub(super) hit: Hit,
    pub(super) elsewhere: usize,
}

/// Elements in the order of the files: how many there are, and the first of them.
#[derive(Debug)]
pub(super) struct Listed<E> {
    pub(super) count: usize,
    pub(super) first: Vec<E>,
}

impl<E> Default for Listed<E> {
    fn default() -> Self {
        Self { count: 0, first: Vec::new() }
    }
}

/// What a relation asks of two sides.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) left: usize,
    pub(super) right: usize,
    /// All of the left, where there is nothing that they can be compared with.
    pub(super) all: Listed<Element>,
    /// On the left only, where that breaks the relation.
    pub(super) missing: Listed<Element>,
    /// On the right only, where that does.
    pub(super) extra: Listed<Element>,
    /// On both, where that does: as it stands on the left, and on the right.
    pub(super) both: Listed<(Element, Element)>,
}

/// A side with what is known of each of its leaves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side<'a> {
    pub(super) written: &'a Written,
    pub(super) sources: &'a [Gathered<'a>],
}

/// Which elements break a relation, kept from one time to the next.
#[derive(Debug)]
pub struct Related {
    left: usize,
    right: usize,
    missing: HashSet<HitKey>,
    extra: HashSet<HitKey>,
    both: HashSet<HitKey>,
}

/// Goes through all of both sides.
pub(super) fn whole(expect: Relation, left: Side<'_>, right: Side<'_>) -> Found {
    let (lefts, rights) = (left.elements(), right.elements());
    let both = || {
        let lefts = left.listed(&lefts, |key| rights.contains_key(key));
        with_twins(lefts, |wanted| right.first(&rights, wanted))
    };
    let (has_missing, has_extra) = can_break(expect);
    Found {
        left: lefts.len(),
        right: rights.len(),
        all: if right.has_files() { Listed::default() } else { left.listed(&lefts, |_| true) },
        missing: if has_missing { left.listed(&lefts, |key| !rights.contains_key(key)) } else { Listed::default() },
        extra: if has_extra { right.listed(&rights, |key| !lefts.contains_key(key)) } else { Listed::default() },
        both: if expect == Relation::Disjoint { both() } else { Listed::default() },
    }
}

/// Gives each the one that has its key on the other side.
fn with_twins(
    lefts: Listed<Element>,
    twins: impl FnOnce(HashSet<HitKey>) -> Vec<Element>,
) -> Listed<(Element, Element)> {
    let twins = twins(lefts.first.iter().map(|element| element.hit.key).collect()).into_iter();
    let mut twins: HashMap<HitKey, Element> = twins.map(|twin| (twin.hit.key, twin)).collect();
    let pair = |element: Element| twins.remove(&element.hit.key).map(|twin| (element, twin));
    Listed { count: lefts.count, first: lefts.first.into_iter().filter_map(pair).collect() }
}

/// Whether an element that stands on the left only, or on the right only, breaks a relation.
fn can_break(expect: Relation) -> (bool, bool) {
    match expect {
        Relation::Subset => (true, false),
        Relation::Equal => (true, true),
        Relation::Disjoint => (false, false),
    }
}

impl<'a> Side<'a> {
    pub(super) fn has_files(&self) -> bool {
        self.written.words.is_some() || self.sources.iter().any(|source| source.selected > 0)
    }

    /// In the order of the files: each with the number of other places in which it stands, too.
    fn elements(&self) -> IndexMap<HitKey, usize> {
        let mut elements: IndexMap<HitKey, usize> = IndexMap::new();
        for (_, hit) in self.written.hits(self.sources) {
            elements.entry(hit.key).and_modify(|elsewhere| *elsewhere += 1).or_insert(0);
        }
        elements
    }

    /// Those of all elements that are chosen.
    fn listed(&self, all: &IndexMap<HitKey, usize>, is_chosen: impl Fn(&HitKey) -> bool) -> Listed<Element> {
        let mut chosen = all.keys().copied().filter(is_chosen);
        let first: HashSet<HitKey> = chosen.by_ref().take(Outcome::KEPT).collect();
        Listed { count: first.len() + chosen.count(), first: self.first(all, first) }
    }

    /// These elements, each where it stands first.
    fn first(&self, all: &IndexMap<HitKey, usize>, mut wanted: HashSet<HitKey>) -> Vec<Element> {
        let mut found = Vec::new();
        let mut hits = self.written.hits(self.sources);
        while !wanted.is_empty()
            && let Some((path, hit)) = hits.next()
        {
            if wanted.remove(&hit.key) {
                let elsewhere = all.get(&hit.key).copied().unwrap_or_default();
                found.push(Element { path, hit, elsewhere });
            }
        }
        found
    }
}

/// A side whose elements are known by where they stand.
pub(super) struct Known<'a> {
    side: Side<'a>,
    standings: &'a [&'a Standing],
    words: Vec<HitKey>,
}

impl<'a> Known<'a> {
    pub(super) fn new(side: Side<'a>, standings: &'a [&'a Standing]) -> Self {
        let mut words: Vec<HitKey> = side.written.words.iter().flat_map(names).collect();
        words.sort_unstable();
        Self { side, standings, words }
    }

    fn is_word(&self, name: HitKey) -> bool {
        self.words.binary_search(&name).is_ok()
    }

    fn stands(&self, name: HitKey) -> bool {
        self.is_word(name) || self.standings.iter().any(|standing| standing.stands(name))
    }

    fn stood(&self, name: HitKey) -> bool {
        self.is_word(name) || self.standings.iter().any(|standing| standing.stood(name))
    }

    /// Each once.
    fn all(&self) -> HashSet<HitKey> {
        self.standings.iter().flat_map(|standing| standing.all()).chain(self.words.iter().copied()).collect()
    }

    fn moved(&self) -> impl Iterator<Item = HitKey> {
        self.standings.iter().flat_map(|standing| standing.moved())
    }

    /// The source and the file in which it stands first: behind all sources come the words of the checklist.
    fn place(&self, name: HitKey) -> (usize, Option<&'a RelPath>) {
        let firsts = self.standings.iter().map(|standing| standing.files(name).first());
        let found = firsts.enumerate().find_map(|(source, first)| Some((source, Some(first?))));
        found.unwrap_or((self.standings.len(), None))
    }

    fn elsewhere(&self, name: HitKey) -> usize {
        let files: usize = self.standings.iter().map(|standing| standing.files(name).len()).sum();
        (files + usize::from(self.is_word(name))).saturating_sub(1)
    }

    /// The first of these in the order of the files.
    fn listed(&self, all: &HashSet<HitKey>) -> Listed<Element> {
        let mut by_file: BTreeMap<(usize, Option<&RelPath>), BTreeSet<HitKey>> = BTreeMap::new();
        for name in all {
            by_file.entry(self.place(*name)).or_default().insert(*name);
        }
        let mut first = Vec::new();
        for ((source, path), wanted) in by_file {
            if first.len() >= Outcome::KEPT {
                break;
            }
            let hits = self.facts(source, path).into_iter().flat_map(|facts| facts.hits);
            let hits = hits.filter(|hit| wanted.contains(&hit.key));
            let elements = hits.map(|hit| Element { path: path.cloned(), elsewhere: self.elsewhere(hit.key), hit });
            first.extend(elements);
        }
        first.truncate(Outcome::KEPT);
        Listed { count: all.len(), first }
    }

    fn facts(&self, source: usize, path: Option<&RelPath>) -> Option<Facts> {
        match path {
            Some(path) => self.side.sources.get(source)?.noted.get(path),
            None => self.side.written.words.clone(),
        }
    }
}

impl Related {
    /// Relates all elements of two sides.
    pub(super) fn new(expect: Relation, left: &Known<'_>, right: &Known<'_>) -> Self {
        let (lefts, rights) = (left.all(), right.all());
        let (has_missing, has_extra) = can_break(expect);
        let is_disjoint = expect == Relation::Disjoint;
        Self {
            left: lefts.len(),
            right: rights.len(),
            missing: if has_missing { &lefts - &rights } else { HashSet::new() },
            extra: if has_extra { &rights - &lefts } else { HashSet::new() },
            both: if is_disjoint { &lefts & &rights } else { HashSet::new() },
        }
    }

    /// Relates what moved.
    pub(super) fn update(&mut self, expect: Relation, left: &Known<'_>, right: &Known<'_>) {
        let (has_missing, has_extra) = can_break(expect);
        let is_disjoint = expect == Relation::Disjoint;
        for name in left.moved().chain(right.moved()).collect::<HashSet<HitKey>>() {
            let (is_left, is_right) = (left.stands(name), right.stands(name));
            self.left = self.left + usize::from(is_left) - usize::from(left.stood(name));
            self.right = self.right + usize::from(is_right) - usize::from(right.stood(name));
            put(&mut self.missing, name, has_missing && is_left && !is_right);
            put(&mut self.extra, name, has_extra && is_right && !is_left);
            put(&mut self.both, name, is_disjoint && is_left && is_right);
        }
    }

    pub(super) fn found(&self, left: &Known<'_>, right: &Known<'_>) -> Found {
        Found {
            left: self.left,
            right: self.right,
            all: if right.side.has_files() { Listed::default() } else { left.listed(&left.all()) },
            missing: left.listed(&self.missing),
            extra: right.listed(&self.extra),
            both: with_twins(left.listed(&self.both), |wanted| right.listed(&wanted).first),
        }
    }
}

fn put(set: &mut HashSet<HitKey>, name: HitKey, is_in: bool) {
    if is_in {
        set.insert(name);
    } else {
        set.remove(&name);
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;

    use super::*;
    use crate::checklist::sets::{Calling, CompareProbe};
    use crate::probe::compare::Compare;
    use crate::probe::fact::{Trouble, key_of};
    use crate::probe::noted::Noted;
    use crate::probe::sums::Sums;

    /// The elements that a file holds now, in this order; `None` where it is gone.
    type Edit = (usize, u8, Option<Vec<u8>>);

    fn facts(elements: &[u8]) -> Facts {
        let hit = |(at, element): (usize, &u8)| Hit {
            line: at as u32 + 1,
            message: format!("e{element}"),
            key: key_of(&[*element]),
            ..Hit::default()
        };
        let seven = elements.contains(&7).then(|| Trouble { message: "cut".to_owned(), ..Trouble::default() });
        Facts { hits: elements.iter().enumerate().map(hit).collect(), trouble: seven, ..Facts::default() }
    }

    fn gathered<'a>(noted: &'a [Noted; 3], sums: &'a [Sums; 3]) -> Vec<Gathered<'a>> {
        let known = noted.iter().zip(sums).map(|(noted, sums)| Gathered {
            selected: noted.len(),
            noted,
            sums,
            unlisted: &[],
            no_files: None,
            globs: &[],
        });
        known.collect()
    }

    fn counted(noted: &Noted) -> Sums {
        let mut sums = Sums::default();
        noted.iter().for_each(|(path, facts)| sums.change(&path, None, Some(&facts)));
        sums
    }

    fn relation() -> impl Strategy<Value = Relation> {
        prop_oneof![Just(Relation::Subset), Just(Relation::Equal), Just(Relation::Disjoint)]
    }

    fn edit() -> impl Strategy<Value = Edit> {
        (0..3usize, 0..4u8, proptest::option::of(vec(0..8u8, 0..5).prop_map(distinct)))
    }

    fn distinct(mut elements: Vec<u8>) -> Vec<u8> {
        let mut seen = BTreeSet::new();
        elements.retain(|element| seen.insert(*element));
        elements
    }

    fn written(leaves: Vec<usize>, words: &BTreeSet<u8>) -> Written {
        let words: Vec<u8> = words.iter().copied().collect();
        Written { leaves, words: (!words.is_empty()).then(|| facts(&words)) }
    }

    proptest! {
        #[test]
        fn what_moved_says_the_same_as_everything(
            (expect, at_most) in (relation(), 0..3u32),
            left_words in btree_set(0..6u8, 0..3),
            right_words in btree_set(0..6u8, 0..3),
            edits in vec((edit(), any::<bool>()), 1..25),
        ) {
            let probe = CompareProbe { left: vec![], right: vec![], expect, at_most, calling: Calling::default() };
            let compare = Compare::new(&probe, written(vec![0, 1], &left_words), written(vec![2], &right_words));
            let mut noted: [Noted; 3] = Default::default();
            let mut sums: [Sums; 3] = Default::default();
            let mut standings: [Standing; 3] = Default::default();
            let mut related = None;
            for ((leaf, file, elements), is_judged) in edits {
                let path = RelPath::new(&format!("{file}.txt"));
                let now = elements.map(|elements| Box::new(facts(&elements)));
                noted[leaf].change(BTreeMap::from([(path, now)]), |path, before, now| {
                    sums[leaf].change(path, before, now);
                    standings[leaf].change(path, before, now);
                });
                if !is_judged {
                    continue;
                }
                let (known, counted) = (standings.each_ref(), noted.each_ref().map(counted));
                let (outcome, kept) = compare.reduce_moved(&gathered(&noted, &sums), &known, related, None);
                prop_assert_eq!(outcome, compare.reduce(&gathered(&noted, &counted), None));
                related = Some(kept);
                standings.iter_mut().for_each(Standing::settle);
            }
        }
    }
}
