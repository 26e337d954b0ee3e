//! Probes whose answer other programs give.

use crate::checklist::context::Context;
use crate::checklist::fields::{AT_MOST, SARIF};
use crate::checklist::model::{SarifProbe, Selection};
use crate::document::node::Node;

impl Context<'_> {
    /// Reports are what builds leave behind, so git's word does not keep them out.
    pub(super) fn sarif(&mut self, node: &Node) -> Option<SarifProbe> {
        let options = self.options(node, SARIF, "\"sarif\"")?;
        let globs = options.get("files").and_then(|node| self.globs(node));
        let at_most = self.optional(options, "at_most", [Some(0), None, None], Self::at_most);
        let tool = self.optional(options, "tool", None, |cx, node| cx.filled(node).map(Some));
        let max_age_days = self.optional(options, "max_age", None, |cx, node| cx.days(node).map(Some));
        let files = Selection { globs: globs?, all: true };
        Some(SarifProbe { files, at_most: at_most?, tool: tool?, max_age_days: max_age_days? })
    }

    /// Whoever limits warnings alone does not want errors.
    fn at_most(&mut self, node: &Node) -> Option<[Option<u32>; 3]> {
        let options = self.options(node, AT_MOST, "\"at_most\"")?;
        let mut limit =
            |key, default| self.optional(options, key, default, |cx, node| cx.count(node, 0, 1_000_000).map(Some));
        let (error, warning, note) = (limit("error", Some(0)), limit("warning", None), limit("note", None));
        Some([error?, warning?, note?])
    }
}
