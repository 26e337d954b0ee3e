//! `query`, as it is written.

use crate::checklist::context::Context;
use crate::checklist::fields::QUERY;
use crate::checklist::model::{QueryProbe, Want};
use crate::document::node::Node;

impl Context<'_> {
    pub(super) fn query(&mut self, node: &Node) -> Option<QueryProbe> {
        let options = self.options(node, QUERY, "\"query\"")?;
        let files = self.selection(options);
        let kind = self.document_kind(options);
        let select = options.get("select").and_then(|node| self.json_path(node));
        let at_least = self.optional(options, "at_least", None, |cx, node| cx.bound(node).map(Some));
        let at_most = self.optional(options, "at_most", None, |cx, node| cx.bound(node).map(Some));
        let each = self.optional(options, "each", false, Context::flag);
        let modes = ["find", "forbid", "every"];
        let bounded = options.get("at_least").is_some() || options.get("at_most").is_some();
        let (want, patterns) = if bounded && options.present(&modes).is_empty() {
            (Want::Find, Some(Vec::new()))
        } else {
            let (want, node) = self.want(options, &modes)?;
            (want, self.patterns(node, false))
        };
        self.bounds_in_order(node, at_least.as_ref(), at_most.as_ref())?;
        self.idle_each(options, want);
        Some(QueryProbe {
            files: files?,
            kind: kind?,
            select: select?,
            want,
            patterns: patterns?,
            each: each?,
            at_least: at_least?,
            at_most: at_most?,
        })
    }
}
