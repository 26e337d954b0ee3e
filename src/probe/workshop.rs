//! What programs have compiled so far, kept for the next one that asks alike: the mutations of an item differ from it in
//! one piece, and compiling patterns and globs is most of the work of a small tree.

use std::sync::Arc;

use crate::checklist::pattern::Pattern;
use crate::probe::known::Known;
use crate::probe::matcher::Other;
use crate::probe::needs::{self, Clause, Need};
use crate::probe::selector::Selector;

/// Globs of a leaf, and whether its scope is everything.
pub type Scopes = Vec<(Vec<String>, bool)>;

type Clauses = Arc<Option<Vec<Clause>>>;

/// Compiled pieces by what they were made of.
#[derive(Debug, Default)]
pub struct Workshop {
    patterns: Known<(String, bool), Pattern>,
    clauses: Known<String, Clauses>,
    others: Known<Need, Arc<Other>>,
    selectors: Known<Scopes, Arc<Selector>>,
}

impl Workshop {
    #[must_use]
    pub fn pattern(&self, source: &str, multiline: bool) -> Pattern {
        self.patterns.get_or_make((source.to_owned(), multiline), |_| Pattern::new(source, multiline))
    }

    /// What must stand in a text before this pattern can match there.
    #[must_use]
    pub fn clauses(&self, source: &str) -> Clauses {
        self.clauses.get_or_make(source.to_owned(), |_| Arc::new(needs::clauses(source)))
    }

    /// What is looked for on a line beside the rarest of what its pattern needs.
    #[must_use]
    pub fn other(&self, need: &Need) -> Arc<Other> {
        self.others.get_or_make(need.clone(), |need| Arc::new(Other::new(need.clone())))
    }

    pub fn selector(&self, scopes: Scopes, make: impl FnOnce() -> Selector) -> Arc<Selector> {
        self.selectors.get_or_make(scopes, |_| Arc::new(make()))
    }
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
