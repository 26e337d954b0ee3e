//! The names of what is asked. To make them all takes as long as to look through a small tree, so they are kept with the
//! checklist.

use std::fmt;
use std::vec;

use serde::{Deserialize, Serialize};

const LENGTH: usize = 32;

/// Names what is asked of which files, whatever asks it: what has one name is found alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key([u8; LENGTH]);

impl Key {
    #[must_use]
    pub fn of(what: &str, asked: &(impl Serialize + fmt::Debug)) -> Self {
        let bytes = postcard::to_allocvec(&(what, asked)).unwrap_or_else(|_| format!("{what} {asked:?}").into_bytes());
        Self(*blake3::hash(&bytes).as_bytes())
    }
}

/// Names everything that a checklist asks, in the order in which it is asked.
#[derive(Debug, Default)]
pub(super) struct Namer {
    known: vec::IntoIter<Key>,
    given: Vec<u8>,
}

impl Namer {
    /// `names` are the [`Namer::names`] of the same checklist.
    pub(super) fn knowing(names: &[u8]) -> Self {
        let known: Vec<Key> = names.as_chunks().0.iter().copied().map(Key).collect();
        Self { known: known.into_iter(), given: Vec::with_capacity(names.len()) }
    }

    pub(super) fn name(&mut self, what: &str, asked: &(impl Serialize + fmt::Debug)) -> Key {
        let key = self.known.next().unwrap_or_else(|| Key::of(what, asked));
        self.given.extend(key.0);
        key
    }

    /// All that were given.
    pub(super) fn names(self) -> Vec<u8> {
        self.given
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::checklist::builtin;
    use crate::checklist::merge::{self, Entry, Loader};
    use crate::probe::key::Key;
    use crate::probe::program::Program;

    struct Nothing;

    impl Loader for Nothing {
        fn load(&self, _: &str) -> Result<String, String> {
            Err("there is no other".to_owned())
        }
    }

    fn keys(program: Program) -> Vec<Key> {
        program.leaves.into_iter().map(|leaf| leaf.key).collect()
    }

    #[test]
    fn a_program_that_knows_the_names_is_the_one_that_made_them() {
        for name in builtin::NAMES {
            let (checklist, _) = merge::load(&Entry::Builtin((*name).to_owned()), &Nothing);
            let made = Program::new(&checklist).unwrap();
            let names = made.names.clone();
            let known = Program::knowing(&names, &Arc::default(), &checklist).unwrap();
            assert_eq!((known.names.clone(), keys(known)), (names, keys(made)), "{name}");
        }
    }

    #[test]
    fn names_of_another_checklist_are_made_anew() {
        let (mut checklist, _) = merge::load(&Entry::Builtin("enterprise".to_owned()), &Nothing);
        let names = Program::new(&checklist).unwrap().names;
        checklist.items.remove(0);
        let fresh = keys(Program::new(&checklist).unwrap());
        assert_eq!(keys(Program::knowing(&names, &Arc::default(), &checklist).unwrap()), fresh);
        assert_eq!(keys(Program::knowing(&names[..32], &Arc::default(), &checklist).unwrap()), fresh);
    }
}
