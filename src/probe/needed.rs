//! Which of many globs may match a text: each is known by the longest word that it cannot do without, and one look at the
//! text tells which of those words stand in it.

use aho_corasick::AhoCorasick;
use indexmap::IndexMap;

#[derive(Debug, Default)]
pub(super) struct Needed {
    words: Option<AhoCorasick>,
    /// For each word, what needs it.
    by_word: Vec<Vec<usize>>,
    /// What needs no word.
    free: Vec<usize>,
}

impl Needed {
    /// `words` are what number 0, 1, … cannot do without.
    pub(super) fn new<'w>(words: impl Iterator<Item = Option<&'w str>>) -> Self {
        let mut by_word: IndexMap<&str, Vec<usize>> = IndexMap::new();
        let (mut free, mut all) = (Vec::new(), 0);
        for (number, word) in words.enumerate() {
            all = number + 1;
            match word.filter(|word| !word.is_empty()) {
                Some(word) => by_word.entry(word).or_default().push(number),
                None => free.push(number),
            }
        }
        // A few hundred short words fit into an automaton; where they do not, nothing is lost but time.
        match AhoCorasick::new(by_word.keys()) {
            Ok(words) => Self { words: Some(words), by_word: by_word.into_values().collect(), free },
            Err(_) => Self { free: (0..all).collect(), ..Self::default() },
        }
    }

    /// The numbers of those that may match; some of them may come twice.
    pub(super) fn likely(&self, text: &str) -> impl Iterator<Item = usize> {
        let words = self.words.iter().flat_map(move |words| words.find_overlapping_iter(text));
        words.flat_map(|word| &self.by_word[word.pattern().as_usize()]).chain(&self.free).copied()
    }
}
