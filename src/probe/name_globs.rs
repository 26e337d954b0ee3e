//! Which of many globs a name matches. Nearly all of them are plain, end in a certain way, or are words with stars between
//! them: those are asked without a regular expression, and all together take less time than one set of those.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;
use globset::GlobMatcher;

use crate::tree::glob::{alternatives, compile};

/// Globs of names, by number.
#[derive(Debug, Default)]
pub(super) struct NameGlobs {
    /// Those without a star.
    plain: HashMap<String, Vec<usize>>,
    /// What stands behind the last dot, for `*.py`.
    endings: HashMap<String, Vec<usize>>,
    stars: Vec<(Stars, usize)>,
    /// Which of the stars end with this byte, or else begin with it.
    by_last: HashMap<u8, Vec<usize>>,
    by_first: HashMap<u8, Vec<usize>>,
    /// The first word of those that neither begin nor end with one, and which they are.
    words: Option<AhoCorasick>,
    by_word: Vec<usize>,
    /// Whatever else a glob can say.
    others: Vec<(GlobMatcher, usize)>,
}

/// `first*inner*last`
#[derive(Debug)]
struct Stars {
    first: String,
    inner: Vec<String>,
    last: String,
}

impl NameGlobs {
    pub(super) fn new<'g>(globs: impl Iterator<Item = &'g str>) -> Self {
        let mut all = Self::default();
        for (number, glob) in globs.enumerate() {
            alternatives(glob).iter().for_each(|one| all.add(one, number));
        }
        all.sort();
        all
    }

    /// Tells which stars are worth being asked about a name.
    fn sort(&mut self) {
        let mut words = Vec::new();
        for (at, (stars, _)) in self.stars.iter().enumerate() {
            if let Some(last) = stars.last.bytes().last() {
                self.by_last.entry(last).or_default().push(at);
            } else if let Some(first) = stars.first.bytes().next() {
                self.by_first.entry(first).or_default().push(at);
            } else {
                words.push(stars.inner.first().map_or("", String::as_str));
                self.by_word.push(at);
            }
        }
        // A few hundred short words fit into an automaton; where one does not, nothing is lost but time.
        self.words = AhoCorasick::new(words).ok();
    }

    /// The stars that may match.
    fn likely(&self, name: &str) -> Vec<usize> {
        let bytes = name.as_bytes();
        let last = bytes.last().and_then(|last| self.by_last.get(last));
        let first = bytes.first().and_then(|first| self.by_first.get(first));
        let mut likely: Vec<usize> = last.into_iter().chain(first).flatten().copied().collect();
        match &self.words {
            Some(words) => {
                let found = words.find_overlapping_iter(name);
                likely.extend(found.map(|word| self.by_word[word.pattern().as_usize()]));
            }
            None => likely.extend(&self.by_word),
        }
        likely
    }

    fn add(&mut self, glob: &str, number: usize) {
        let ending = glob.strip_prefix("*.").filter(|ending| !ending.contains(['*', '.']));
        if glob.contains(['?', '[', '{', '}', '\\']) || glob.contains("**") {
            // A glob that is none matches nothing.
            self.others.extend(compile(glob).ok().map(|glob| (glob.compile_matcher(), number)));
        } else if let Some(ending) = ending {
            self.endings.entry(ending.to_owned()).or_default().push(number);
        } else if let Some(stars) = Stars::of(glob) {
            self.stars.push((stars, number));
        } else {
            self.plain.entry(glob.to_owned()).or_default().push(number);
        }
    }

    /// The globs that match, each once, in order.
    pub(super) fn matches(&self, name: &str) -> Vec<usize> {
        let ending = name.rsplit_once('.').and_then(|(_, ending)| self.endings.get(ending));
        let mut found: Vec<usize> = self.plain.get(name).into_iter().chain(ending).flatten().copied().collect();
        let likely = self.likely(name).into_iter().map(|at| &self.stars[at]);
        found.extend(likely.filter(|(stars, _)| stars.matches(name)).map(|(_, number)| *number));
        found.extend(self.others.iter().filter(|(glob, _)| glob.is_match(name)).map(|(_, number)| *number));
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Stars {
    fn of(glob: &str) -> Option<Self> {
        let (first, rest) = glob.split_once('*')?;
        let mut inner: Vec<String> = rest.split('*').map(str::to_owned).collect();
        let last = inner.pop()?;
        Some(Self { first: first.to_owned(), inner, last })
    }

    fn matches(&self, name: &str) -> bool {
        let rest = name.strip_prefix(&self.first).and_then(|rest| rest.strip_suffix(&self.last));
        let step = |rest: &str, word: &String| rest.find(word).map(|at| at + word.len());
        let Some(mut rest) = rest else { return false };
        self.inner.iter().all(|word| match step(rest, word) {
            Some(after) => {
                rest = &rest[after..];
                true
            }
            None => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_name_matches_as_a_glob_matches(
            globs in prop::collection::vec(r"(a|b|\.|\*|\?|ab|\{a,b\}|\{\*a,\}|\[ab\]|\*\.a){0,4}", 1..6),
            name in "[ab.]{1,6}",
        ) {
            let known: Vec<usize> = (0..globs.len())
                .filter(|at| compile(&globs[*at]).is_ok_and(|glob| glob.compile_matcher().is_match(&name)))
                .collect();
            prop_assert_eq!(NameGlobs::new(globs.iter().map(String::as_str)).matches(&name), known, "{:?}", globs);
        }
    }

    #[test]
    fn a_glob_that_is_none_matches_nothing() {
        assert!(NameGlobs::new(["a[", "{a", "b"].into_iter()).matches("a[").is_empty());
    }
}
