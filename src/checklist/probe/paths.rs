//! `exists` and `absent`, as they are written.

use crate::checklist::context::Context;
use crate::checklist::fields::{self, ABSENT, EXISTS};
use crate::checklist::model::{PathsProbe, Selection, Size};
use crate::document::node::{Node, Value};

impl Context<'_> {
    pub(super) fn exists(&mut self, node: &Node) -> Option<PathsProbe> {
        if is_globs(node) {
            let files = Selection { globs: self.globs(node)?, all: false };
            return Some(PathsProbe { files, min: 1, size: Size::Nonempty, tracked: None });
        }
        let options = self.options(node, EXISTS, "\"exists\"")?;
        let files = self.selection(options);
        let min = self.optional(options, "min", 1, |cx, node| cx.count(node, 1, 1_000_000));
        let size = self.optional(options, "size", Size::Nonempty, |cx, node| cx.size(node, fields::SIZES));
        Some(PathsProbe { files: files?, min: min?, size: size?, tracked: None })
    }

    pub(super) fn absent(&mut self, node: &Node) -> Option<PathsProbe> {
        if is_globs(node) {
            let files = Selection { globs: self.globs(node)?, all: false };
            return Some(PathsProbe { files, min: 1, size: Size::Any, tracked: None });
        }
        let options = self.options(node, ABSENT, "\"absent\"")?;
        let files = self.selection(options);
        let size = self.optional(options, "size", Size::Any, |cx, node| cx.size(node, fields::ABSENT_SIZES));
        let tracked = self.optional(options, "tracked", None, |cx, node| cx.flag(node).map(Some));
        Some(PathsProbe { files: files?, min: 1, size: size?, tracked: tracked? })
    }

    fn size(&mut self, node: &Node, words: &[&str]) -> Option<Size> {
        let at = self.word(node, "size", words)?;
        Some([Size::Any, Size::Empty, Size::Nonempty][at])
    }
}

fn is_globs(node: &Node) -> bool {
    matches!(node.value, Value::String(_) | Value::List(_))
}
