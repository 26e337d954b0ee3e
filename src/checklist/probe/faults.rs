//! `encoding` and `names`, as they are written: both forbid some of a few faults.

use crate::checklist::context::{Context, Options};
use crate::checklist::faults::{EncodingFault, EncodingProbe, NameFault, NamesProbe};
use crate::checklist::fields::{ENCODING, ENCODING_FAULTS, NAME_FAULTS, NAMES};
use crate::document::node::Node;

impl Context<'_> {
    pub(super) fn encoding(&mut self, node: &Node) -> Option<EncodingProbe> {
        let options = self.options(node, ENCODING, "\"encoding\"")?;
        let (files, forbid) = (self.selection(options), self.faults(options, ENCODING_FAULTS, &EncodingFault::ALL));
        Some(EncodingProbe { files: files?, forbid: forbid? })
    }

    pub(super) fn names_probe(&mut self, node: &Node) -> Option<NamesProbe> {
        let options = self.options(node, NAMES, "\"names\"")?;
        let (files, forbid) = (self.selection(options), self.faults(options, NAME_FAULTS, &NameFault::ALL));
        Some(NamesProbe { files: files?, forbid: forbid? })
    }

    /// Those of `all` whose word, at the same place of `words`, is forbidden.
    fn faults<T: Copy>(&mut self, options: Options<'_>, words: &[&str], all: &[T]) -> Option<Vec<T>> {
        let forbidden = self.some_words(options.get("forbid")?, "fault", words)?;
        Some(all.iter().zip(forbidden).filter(|(_, is_forbidden)| *is_forbidden).map(|(fault, _)| *fault).collect())
    }
}
