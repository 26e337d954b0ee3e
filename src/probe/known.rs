//! What was made before, kept for whoever asks alike.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

/// Beyond so many, all are forgotten, and made again where somebody asks.
pub const MOST: usize = 4096;

#[derive(Debug)]
pub struct Known<K, V>(RwLock<HashMap<K, V>>);

impl<K: Eq + Hash, V: Clone> Known<K, V> {
    /// What is there under this key, else what `make` gives, which is kept.
    pub fn get_or_make(&self, key: K, make: impl FnOnce(&K) -> V) -> V {
        // What a thread that panicked left behind is whole: a value is put in at once.
        if let Some(value) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return value.clone();
        }
        let value = make(&key);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, value.clone());
        value
    }

    /// Everything that is there.
    pub fn all(&self) -> Vec<(K, V)>
    where
        K: Clone,
    {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}

impl<K, V> Default for Known<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_is_forgotten() {
        let known = Known::default();
        let all: Vec<usize> = (0..=MOST).map(|key| known.get_or_make(key, |key| key + 1)).collect();
        assert!(all.iter().copied().eq(1..=MOST + 1));
        assert_eq!(known.get_or_make(MOST, |_| 0), MOST + 1);
        assert_eq!(known.get_or_make(0, |_| 0), 0);
    }
}
