//! What programs have compiled so far, kept for the next one that asks alike: the mutations of an item differ from it in
//! one piece, and compiling patterns and globs is most of the work of a small tree.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use crate::checklist::pattern::Pattern;
use crate::probe::matcher::Other;
use crate::probe::needs::{self, Clause, Need};
use crate::probe::selector::Selector;

/// Globs of a leaf, and whether its scope is everything.
pub type Scopes = Vec<(Vec<String>, bool)>;

type Clauses = Arc<Option<Vec<Clause>>>;

/// Compiled pieces by what they were made of. It grows as long as it lives.
#[derive(Debug, Default)]
pub struct Workshop {
    patterns: Mutex<HashMap<(String, bool), Pattern>>,
    clauses: Mutex<HashMap<String, Clauses>>,
    others: Mutex<HashMap<Need, Arc<Other>>>,
    selectors: Mutex<HashMap<Scopes, Arc<Selector>>>,
}

impl Workshop {
    #[must_use]
    pub fn pattern(&self, source: &str, multiline: bool) -> Pattern {
        known(&self.patterns, (source.to_owned(), multiline), || Pattern::new(source, multiline))
    }

    /// What must stand in a text before this pattern can match there.
    #[must_use]
    pub fn clauses(&self, source: &str) -> Clauses {
        known(&self.clauses, source.to_owned(), || Arc::new(needs::clauses(source)))
    }

    /// What is looked for on a line beside the rarest of what its pattern needs.
    #[must_use]
    pub fn other(&self, need: &Need) -> Arc<Other> {
        known(&self.others, need.clone(), || Arc::new(Other::new(need.clone())))
    }

    pub fn selector(&self, scopes: Scopes, make: impl FnOnce() -> Selector) -> Arc<Selector> {
        known(&self.selectors, scopes, || Arc::new(make()))
    }
}

/// What is there under this key, else what `make` gives, which is kept.
fn known<K: Eq + Hash, V: Clone>(table: &Mutex<HashMap<K, V>>, key: K, make: impl FnOnce() -> V) -> V {
    // What a thread that panicked left behind is whole: a value is put in at once.
    let table = || table.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(value) = table().get(&key) {
        return value.clone();
    }
    let value = make();
    table().insert(key, value.clone());
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_twice_is_made_once() {
        let shop = Workshop::default();
        let patterns = [shop.pattern("a+", false), shop.pattern("a+", false), shop.pattern("a+", true)];
        let [first, again, other] = patterns.each_ref().map(|pattern| std::ptr::from_ref(pattern.regex().unwrap()));
        assert!(first == again && first != other);
        assert!(Arc::ptr_eq(&shop.clauses("abc"), &shop.clauses("abc")));
        let scopes = || vec![(vec!["*.py".to_owned()], false)];
        let made = shop.selector(scopes(), Selector::default);
        let again = shop.selector(scopes(), || unreachable!("made twice"));
        assert!(Arc::ptr_eq(&made, &again));
    }
}
