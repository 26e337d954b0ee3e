//! What programs have compiled so far, kept for the next one that asks alike: the mutations of an item differ from it in
//! one piece, and compiling patterns and globs is most of the work of a small tree.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use crate::checklist::pattern::Pattern;
use crate::probe::known::{Known, MOST};
use crate::probe::matcher::Other;
use crate::probe::needs::{self, Clause, Need};
use crate::probe::selector::Selector;

/// Globs of a leaf, and whether its scope is everything.
pub type Scopes = Vec<(Vec<String>, bool)>;

type Clauses = Arc<Option<Vec<Clause>>>;
type Remembered = HashMap<String, Clauses>;

/// Compiled pieces by what they were made of.
#[derive(Debug)]
pub struct Workshop {
    patterns: Known<(String, bool), Pattern>,
    clauses: Known<String, Clauses>,
    others: Known<Need, Arc<Other>>,
    selectors: Known<Scopes, Arc<Selector>>,
    /// What an earlier run knew of clauses, looked at when somebody asks for the first of them.
    remembered: LazyLock<Remembered, Box<dyn FnOnce() -> Remembered + Send>>,
    /// Whether there are clauses that it did not know.
    has_learnt: AtomicBool,
}

impl Workshop {
    /// With what an earlier run [kept](Self::to_keep), if this program, which is called `by`, wrote it. `kept` is asked once
    /// at most, when somebody needs it.
    #[must_use]
    pub fn remembering(by: String, kept: impl FnOnce() -> Option<Vec<u8>> + Send + 'static) -> Self {
        let recall = move || kept().and_then(|bytes| recall(&bytes, &by)).unwrap_or_default();
        Self {
            patterns: Known::default(),
            clauses: Known::default(),
            others: Known::default(),
            selectors: Known::default(),
            remembered: LazyLock::new(Box::new(recall)),
            has_learnt: AtomicBool::new(false),
        }
    }

    /// What a later run need not find out again, if it is more than was kept. Whoever keeps it sees to it that it comes
    /// back whole.
    #[must_use]
    pub fn to_keep(&self, by: &str) -> Option<Vec<u8>> {
        if !self.has_learnt.swap(false, Ordering::Relaxed) {
            return None;
        }
        let mut clauses: BTreeMap<String, Clauses> = self.clauses.all().into_iter().collect();
        // Patterns that were changed long ago would stay for ever.
        if clauses.len() + self.remembered.len() <= MOST {
            clauses.extend(self.remembered.iter().map(|(source, clauses)| (source.clone(), Arc::clone(clauses))));
        }
        let rows: Vec<(&str, &Option<Vec<Clause>>)> =
            clauses.iter().map(|(source, clauses)| (source.as_str(), &**clauses)).collect();
        postcard::to_allocvec(&(by, rows)).ok()
    }

    #[must_use]
    pub fn pattern(&self, source: &str, multiline: bool) -> Pattern {
        self.patterns.get_or_make((source.to_owned(), multiline), |_| Pattern::new(source, multiline))
    }

    /// What must stand in a text before this pattern can match there.
    #[must_use]
    pub fn clauses(&self, source: &str) -> Clauses {
        self.clauses.get_or_make(source.to_owned(), |source| {
            self.remembered.get(source).cloned().unwrap_or_else(|| {
                self.has_learnt.store(true, Ordering::Relaxed);
                Arc::new(needs::clauses(source))
            })
        })
    }

    /// What is looked for on a line beside the rarest of what its pattern needs.
    #[must_use]
    pub fn other(&self, need: &Need) -> Arc<Other> {
        self.others.get_or_make(need.clone(), |need| Arc::new(Other::new(need.clone())))
    }

    /// Literals of which one stands in every text in which this pattern matches. `None` where none is worth being looked for.
    #[must_use]
    pub fn any_need(&self, source: &str) -> Option<Arc<Other>> {
        let clauses = self.clauses(source);
        let mut any: Need =
            clauses.as_ref().as_ref()?.iter().filter_map(|clause| clause.first()).flatten().cloned().collect();
        any.sort();
        any.dedup();
        Some(self.other(&any))
    }

    pub fn selector(&self, scopes: Scopes, make: impl FnOnce() -> Selector) -> Arc<Selector> {
        self.selectors.get_or_make(scopes, |_| Arc::new(make()))
    }
}

impl Default for Workshop {
    fn default() -> Self {
        Self::remembering(String::new(), || None)
    }
}

fn recall(bytes: &[u8], by: &str) -> Option<Remembered> {
    // The name stands first: what another program wrote may look otherwise.
    let (name, rows): (&str, _) = postcard::take_from_bytes(bytes).ok()?;
    if name != by {
        return None;
    }
    let rows: Vec<(String, Option<Vec<Clause>>)> = postcard::from_bytes(rows).ok()?;
    Some(rows.into_iter().map(|(source, clauses)| (source, Arc::new(clauses))).collect())
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

    #[test]
    fn what_an_earlier_run_knew_is_not_found_out_again() {
        let [one, other] = ["(?i)\\bpass(?:word|phrase)\\b.*=", "\\d+"];
        let first = Workshop::default();
        let clauses = [one, other].map(|source| first.clauses(source));
        let kept = first.to_keep("me").unwrap();
        assert_eq!(first.to_keep("me"), None, "there is nothing new");

        let remembering = |bytes: &[u8]| {
            let bytes = bytes.to_vec();
            Workshop::remembering("me".to_owned(), || Some(bytes))
        };
        let second = remembering(&kept);
        assert_eq!([one, other].map(|source| second.clauses(source)), clauses);
        assert_eq!(second.to_keep("me"), None, "all of it was known");
        let new = second.clauses("x+yz");
        let third = remembering(&second.to_keep("me").unwrap());
        assert_eq!([one, other, "x+yz"].map(|source| third.clauses(source)), [&clauses[..], &[new]].concat()[..]);
        assert_eq!(third.to_keep("me"), None);

        for unusable in [first.to_keep("other"), Some(kept[..kept.len() / 2].to_vec()), None] {
            let other = remembering(&unusable.unwrap_or_default());
            assert_eq!(other.clauses(one), clauses[0]);
            assert!(other.to_keep("me").is_some());
        }
    }
}
