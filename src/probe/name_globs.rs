//! Which of many globs a name matches. Nearly all of them are plain, end in a certain way, or are words with stars between
//! them: those are asked without a regular expression, and all together take less time than one set of those.

use std::collections::HashMap;

use crate::probe::needed::Needed;
use crate::probe::path_globs::PathGlobs;
use crate::tree::glob::alternatives;

/// Globs of names, by number.
#[derive(Debug, Default)]
pub(super) struct NameGlobs {
    /// Those without a star.
    plain: HashMap<String, Vec<usize>>,
    /// What stands behind the last dot, for `*.py`.
    endings: HashMap<String, Vec<usize>>,
    stars: Vec<(Stars, usize)>,
    /// Which stars are worth being asked about a name.
    needed: Needed,
    /// Whatever else a glob can say.
    others: PathGlobs,
    of_others: Vec<usize>,
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
        let (mut all, mut others) = (Self::default(), Vec::new());
        for (number, glob) in globs.enumerate() {
            for one in alternatives(glob) {
                if !all.add(&one, number) {
                    others.push(one);
                    all.of_others.push(number);
                }
            }
        }
        all.others = PathGlobs::new(others.iter().map(String::as_str));
        all.needed = Needed::new(all.stars.iter().map(|(stars, _)| stars.longest()));
        all
    }

    /// Whether it is simple enough for that.
    fn add(&mut self, glob: &str, number: usize) -> bool {
        let ending = glob.strip_prefix("*.").filter(|ending| !ending.contains(['*', '.']));
        if glob.contains(['?', '[', '{', '}', '\\']) || glob.contains("**") {
            return false;
        }
        if let Some(ending) = ending {
            self.endings.entry(ending.to_owned()).or_default().push(number);
        } else if let Some(stars) = Stars::of(glob) {
            self.stars.push((stars, number));
        } else {
            self.plain.entry(glob.to_owned()).or_default().push(number);
        }
        true
    }

    /// The globs that match, each once, in order.
    pub(super) fn matches(&self, name: &str) -> Vec<usize> {
        let ending = name.rsplit_once('.').and_then(|(_, ending)| self.endings.get(ending));
        let mut found: Vec<usize> = self.plain.get(name).into_iter().chain(ending).flatten().copied().collect();
        let likely = self.needed.likely(name).map(|at| &self.stars[at]);
        found.extend(likely.filter(|(stars, _)| stars.matches(name)).map(|(_, number)| *number));
        found.extend(self.others.matches(name).iter().map(|other| self.of_others[*other]));
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

    fn longest(&self) -> Option<&str> {
        self.inner.iter().chain([&self.first, &self.last]).map(String::as_str).max_by_key(|word| word.len())
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
    use crate::tree::glob::compile;

    proptest! {
        #[test]
        fn a_name_matches_as_a_glob_matches(
            globs in prop::collection::vec(r"(a|b|\.|\*|\?|ab|\{\*,a\}|\{a,b\}|\{\*a,\}|\[ab\]|\{\[ab\],\*b\}|\[!a\]|\*\.a){0,4}", 1..6),
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
