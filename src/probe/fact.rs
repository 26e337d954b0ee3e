//! What one probe learns from one file. Facts depend on the content and the kind of the file alone, so
//! they can be kept under (probe, blob id) and shared by the tree, its history and the next start.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::probe::sarif::Scan;

/// Everything that one probe found in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// At most [`Facts::KEPT`], in the order of the file: matches, or for `every` the nodes that break it. Of the
    /// elements of a set each one, where it stands first.
    pub hits: Vec<Hit>,
    /// What would have matched, had its number been within bounds: as many.
    pub misses: Vec<Hit>,
    /// How many there were before the cut.
    pub found: u32,
    /// How many nodes a query selected.
    pub seen: u32,
    /// Why the file could not be looked at, or not wholly.
    pub trouble: Option<Trouble>,
    /// A report that the program wrote: it tells of the tree, and what it tells proves nothing.
    pub is_ours: bool,
    /// What a scanner reports.
    pub scan: Option<Box<Scan>>,
}

/// One match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
    /// The line, redacted.
    pub excerpt: String,
    pub message: String,
    /// What a suppression is bound to. The match itself may be a secret.
    pub key: HitKey,
}

/// Names a match by its hash.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HitKey([u8; 8]);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    pub line: u32,
    pub column: u32,
    pub message: String,
}

impl Facts {
    pub const KEPT: usize = 100;

    #[must_use]
    pub fn unreadable(message: &str) -> Self {
        Self { trouble: Some(Trouble { message: message.to_owned(), ..Trouble::default() }), ..Self::default() }
    }

    #[must_use]
    pub fn ours() -> Self {
        Self { is_ours: true, ..Self::default() }
    }

    /// Counts a hit and keeps it while there is room; `hit` is not called beyond that.
    pub fn add(&mut self, hit: impl FnOnce() -> Hit) {
        self.found += 1;
        if self.hits.len() < Self::KEPT {
            self.hits.push(hit());
        }
    }

    pub fn miss(&mut self, hit: impl FnOnce() -> Hit) {
        if self.misses.len() < Self::KEPT {
            self.misses.push(hit());
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The hash that names a match whatever its line, its indentation or the spaces in it.
#[must_use]
pub fn key_of(matched: &[u8]) -> HitKey {
    let mut words = Vec::with_capacity(matched.len() + 1);
    for word in matched.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
        words.extend_from_slice(word);
        words.push(b' ');
    }
    let hash = blake3::hash(&words);
    HitKey(std::array::from_fn(|at| hash.as_bytes()[at]))
}

impl fmt::Display for HitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for HitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_line_ends_do_not_change_what_a_match_is_called() {
        assert_eq!(key_of(b"a  b\r\n"), key_of(b"a b"));
        assert_ne!(key_of(b"ab"), key_of(b"a b"));
        let hash = blake3::hash(b"a b ").to_hex();
        assert_eq!(key_of(b"a b").to_string(), hash[..16]);
    }

    #[test]
    fn hits_beyond_the_limit_are_counted_but_not_kept() {
        let mut facts = Facts::default();
        for _ in 0..Facts::KEPT + 5 {
            facts.add(Hit::default);
        }
        assert_eq!((facts.hits.len(), facts.found as usize), (Facts::KEPT, Facts::KEPT + 5));
    }
}
