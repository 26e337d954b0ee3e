//! Many globs of paths, held against one path. Most name a folder, and few paths hold its name: each glob is tried alone,
//! and only where what it cannot do without stands in the path. One automaton for all of them would be built anew for
//! nearly every path.

use std::sync::OnceLock;

use globset::GlobMatcher;

use crate::probe::needed::Needed;
use crate::tree::glob::{alternatives, compile, longest_word};
use crate::tree::plain_glob::PlainGlob;

#[derive(Debug, Default)]
pub(super) struct PathGlobs {
    globs: Vec<PathGlob>,
    /// Which of them are worth being asked about a path.
    needed: Needed,
}

/// One glob, or one of the choices in it.
#[derive(Debug)]
struct PathGlob {
    number: usize,
    spelled: String,
    /// Made when a path first holds what it needs. `None` for what is no glob.
    made: OnceLock<Option<Made>>,
}

#[derive(Debug)]
enum Made {
    Plain(PlainGlob),
    Compiled(GlobMatcher),
}

impl PathGlobs {
    pub(super) fn new<'g>(globs: impl Iterator<Item = &'g str>) -> Self {
        let globs: Vec<PathGlob> = globs
            .enumerate()
            .flat_map(|(number, glob)| alternatives(glob).into_iter().map(move |spelled| (number, spelled)))
            .map(|(number, spelled)| PathGlob { number, spelled, made: OnceLock::new() })
            .collect();
        let needed = Needed::new(globs.iter().map(|glob| longest_word(&glob.spelled)));
        Self { globs, needed }
    }

    /// The numbers of the globs that match, each once, in order.
    pub(super) fn matches(&self, path: &str) -> Vec<usize> {
        let mut likely: Vec<usize> = self.needed.likely(path).collect();
        likely.sort_unstable();
        likely.dedup();
        if likely.is_empty() {
            return Vec::new();
        }
        let parts: Vec<&[u8]> = path.split('/').map(str::as_bytes).collect();
        let matching = likely.iter().map(|at| &self.globs[*at]).filter(|glob| glob.matches(path, &parts));
        let mut found: Vec<usize> = matching.map(|glob| glob.number).collect();
        // The choices of one glob stand beside each other.
        found.dedup();
        found
    }
}

impl PathGlob {
    /// `parts` are those of the path.
    fn matches(&self, path: &str, parts: &[&[u8]]) -> bool {
        let compiled = || Some(Made::Compiled(compile(&self.spelled).ok()?.compile_matcher()));
        match self.made.get_or_init(|| PlainGlob::new(&self.spelled).map(Made::Plain).or_else(compiled)) {
            Some(Made::Plain(glob)) => glob.matches(parts),
            Some(Made::Compiled(glob)) => glob.is_match(path),
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn together_they_match_what_each_matches_alone(
            globs in prop::collection::vec(
                r"(\./)?((\*\*|a|\*|\{a,b\}|\{,a/\}b|\{\*\*/,\}b|\{\*,a\}\*|a\*|[ab]{1,2}|\[ab\])/){0,3}(\*\*|a|\*|\*\.\{a,b\}|a\*\*|\?b|\[|)",
                1..5,
            ),
            path in "[ab.]{1,3}(/[ab.]{1,3}){0,3}",
        ) {
            let matches = |glob: &String| compile(glob).is_ok_and(|glob| glob.compile_matcher().is_match(&path));
            let alone: Vec<usize> = (0..globs.len()).filter(|glob| matches(&globs[*glob])).collect();
            let together = PathGlobs::new(globs.iter().map(String::as_str)).matches(&path);
            prop_assert_eq!(together, alone, "{:?} {}", globs, path);
        }
    }
}
