//! What was made before, kept for whoever asks alike.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

/// It grows as long as it lives.
#[derive(Debug)]
pub(super) struct Known<K, V>(RwLock<HashMap<K, V>>);

impl<K: Eq + Hash, V: Clone> Known<K, V> {
    /// What is there under this key, else what `make` gives, which is kept.
    pub(super) fn get_or_make(&self, key: K, make: impl FnOnce(&K) -> V) -> V {
        // What a thread that panicked left behind is whole: a value is put in at once.
        if let Some(value) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return value.clone();
        }
        let value = make(&key);
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, value.clone());
        value
    }
}

impl<K, V> Default for Known<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}
