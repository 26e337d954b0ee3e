//! One matcher for each kind of file. Files of one kind ask nearly the same, and a matcher that knows no more than what
//! they ask is small enough to be fast. A kind that comes later and asks a little more gets one that knows what the nearest
//! one knows, too: soon there is one for whatever comes.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use rayon::prelude::*;

use crate::probe::matcher::{Matcher, Sought};
use crate::probe::workshop::Workshop;

/// More matchers than this are forgotten, and made again where they are asked for.
const MOST: usize = 256;
/// The part of its leaves that a kind may ask beyond what a matcher knows that is like it.
const BEYOND: usize = 4;

/// The patterns of all leaves that look at lines, made ready for those files that are there.
#[derive(Debug)]
pub struct Matchers {
    /// By leaf; none for one that looks at no lines.
    sought: Vec<Option<Sought>>,
    shop: Arc<Workshop>,
    made: RwLock<Made>,
}

#[derive(Debug, Default)]
struct Made {
    /// By the leaves that were asked for together.
    known: HashMap<Vec<usize>, Arc<Matcher>>,
    /// Each matcher with the leaves that it knows.
    all: Vec<(BTreeSet<usize>, Arc<Matcher>)>,
}

impl Matchers {
    /// `sought` is what each leaf looks for.
    #[must_use]
    pub fn new(sought: Vec<(usize, Sought)>, shop: Arc<Workshop>) -> Self {
        let mut by_leaf = Vec::new();
        for (leaf, sought) in sought {
            by_leaf.resize(by_leaf.len().max(leaf + 1), None);
            by_leaf[leaf] = Some(sought);
        }
        Self { sought: by_leaf, shop, made: RwLock::default() }
    }

    fn sought(&self, leaf: usize) -> Option<&Sought> {
        self.sought.get(leaf)?.as_ref()
    }

    /// Gets ready, on all cores, for kinds of files of which each is asked by these leaves.
    pub fn prepare(&self, files: &[&[usize]]) {
        let new: BTreeSet<BTreeSet<usize>> = {
            let made = self.made.read().unwrap_or_else(PoisonError::into_inner);
            let new = files.iter().filter(|own| !own.is_empty() && !made.known.contains_key(**own));
            new.filter(|own| made.fitting(own).is_none()).map(|own| made.grown(own)).collect()
        };
        let kinds = together(new);
        let sources: BTreeSet<&String> =
            kinds.iter().flatten().filter_map(|leaf| self.sought(*leaf)).flat_map(|sought| &sought.patterns).collect();
        sources.into_par_iter().for_each(|source| drop(self.shop.clauses(source)));
        kinds.into_par_iter().for_each(|kind| drop(self.make(kind)));
        files.iter().filter(|own| !own.is_empty()).for_each(|own| drop(self.of(own)));
    }

    /// The matcher that knows these leaves, and not many more.
    #[must_use]
    pub fn of(&self, own: &[usize]) -> Arc<Matcher> {
        let known = {
            let made = self.made.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(matcher) = made.known.get(own) {
                return Arc::clone(matcher);
            }
            made.fitting(own).ok_or_else(|| made.grown(own))
        };
        let matcher = known.unwrap_or_else(|leaves| self.make(leaves));
        let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
        made.known.insert(own.to_vec(), Arc::clone(&matcher));
        matcher
    }

    /// Made from any thread, and so made without the others: one that waits for them might be given work that asks again.
    fn make(&self, leaves: BTreeSet<usize>) -> Arc<Matcher> {
        let probes = leaves.iter().filter_map(|leaf| Some((*leaf, self.sought(*leaf)?)));
        let matcher = Arc::new(Matcher::new(probes, &self.shop));
        let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
        if made.all.len() >= MOST {
            *made = Made::default();
        }
        made.all.push((leaves, Arc::clone(&matcher)));
        matcher
    }
}

impl Made {
    /// The smallest one that knows these leaves, and not many more.
    fn fitting(&self, own: &[usize]) -> Option<Arc<Matcher>> {
        let fits = |(leaves, _): &&(BTreeSet<usize>, Arc<Matcher>)| {
            is_near(leaves.len(), own.len()) && own.iter().all(|leaf| leaves.contains(leaf))
        };
        let smallest = self.all.iter().filter(fits).min_by_key(|(leaves, _)| leaves.len());
        smallest.map(|(_, matcher)| Arc::clone(matcher))
    }

    /// These leaves, with those of the matcher that is most like them.
    fn grown(&self, own: &[usize]) -> BTreeSet<usize> {
        let more = |leaves: &BTreeSet<usize>| own.iter().filter(|leaf| !leaves.contains(leaf)).count();
        let each = self.all.iter().map(|(leaves, _)| (more(leaves), leaves));
        let alike = each.filter(|(more, leaves)| is_alike(leaves.len(), *more, own.len()));
        let most = alike.min_by_key(|(more, leaves)| (*more, leaves.len()));
        most.into_iter().flat_map(|(_, leaves)| leaves).chain(own).copied().collect()
    }
}

/// Whether a matcher of so many leaves may grow by some more for a file that so many ask.
fn is_alike(leaves: usize, more: usize, asked: usize) -> bool {
    more <= asked / BEYOND && is_near(leaves + more, asked)
}

/// Whether a matcher of so many leaves is small enough for a file that so many ask.
fn is_near(leaves: usize, asked: usize) -> bool {
    leaves <= asked + asked / 2 + 4
}

/// Sets that are much alike become one.
fn together(sets: impl IntoIterator<Item = BTreeSet<usize>>) -> Vec<BTreeSet<usize>> {
    let mut sets: Vec<BTreeSet<usize>> = sets.into_iter().collect();
    sets.sort_by_key(|set| std::cmp::Reverse(set.len()));
    let mut kinds: Vec<BTreeSet<usize>> = Vec::new();
    for set in sets {
        let alike = kinds.iter_mut().find(|kind| is_alike(kind.len(), set.difference(kind).count(), set.len()));
        match alike {
            Some(kind) => kind.extend(set),
            None => kinds.push(set),
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matchers() -> Matchers {
        let word = |leaf: usize| Sought { patterns: vec![format!("word{leaf}")], multiline: false };
        Matchers::new((0..40).step_by(2).map(|leaf| (leaf, word(leaf))).collect(), Arc::default())
    }

    #[test]
    fn files_that_ask_nearly_the_same_share_a_matcher() {
        let matchers = matchers();
        let many: Vec<usize> = (0..40).step_by(2).collect();
        let [most, few] = [&many[..18], &many[..2]];
        matchers.prepare(&[most, &many, few, &[]]);
        assert!(Arc::ptr_eq(&matchers.of(&many), &matchers.of(most)));
        assert!(!Arc::ptr_eq(&matchers.of(&many), &matchers.of(few)));
        assert!(Arc::ptr_eq(&matchers.of(&many[1..17]), &matchers.of(most)), "one that was not told of before, too");
    }

    #[test]
    fn what_comes_later_is_made_together_with_what_it_is_like() {
        for prepares in [true, false] {
            let matchers = matchers();
            let many: Vec<usize> = (0..32).step_by(2).collect();
            let first = matchers.of(&many);
            let later = [&many[2..], &[34, 36]].concat();
            if prepares {
                matchers.prepare(&[&later]);
            }
            let second = matchers.of(&later);
            assert!(!Arc::ptr_eq(&first, &second));
            let either = [&many[..], &[34]].concat();
            assert!(Arc::ptr_eq(&matchers.of(&either), &second), "it knows what the first one knows, too");
            assert!(!Arc::ptr_eq(&matchers.of(&[34, 36]), &second), "which is too much for this one");
        }
    }

    #[test]
    fn what_is_alike_grows_together_and_no_further() {
        let set = |range: std::ops::Range<usize>| range.collect::<BTreeSet<_>>();
        let sets = [set(0..100), set(10..105), set(0..4), set(60..160)];
        let sizes: Vec<usize> = together(sets).iter().map(BTreeSet::len).collect();
        assert_eq!(sizes, [105, 100, 4]);
    }
}
