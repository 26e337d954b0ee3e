//! `text`, as it is written.

use crate::checklist::context::Context;
use crate::checklist::fields::{CHECKSUMS, TEXT};
use crate::checklist::model::{Checksum, TextProbe, Want};
use crate::checklist::pattern;
use crate::checklist::report::quoted;
use crate::document::node::Node;

impl Context<'_> {
    pub(super) fn text_probe(&mut self, node: &Node) -> Option<TextProbe> {
        let options = self.options(node, TEXT, "\"text\"")?;
        let multiline = self.optional(options, "multiline", false, Context::flag);
        let spans = multiline.unwrap_or_default();
        let files = self.selection(options);
        let want = self.want(options, &["find", "forbid"]);
        let patterns = want.and_then(|(_, node)| self.line_patterns(node, spans));
        let unless = self.optional(options, "unless", None, |cx, node| cx.pattern(node, spans).map(Some));
        let within = self.optional(options, "within", 0, |cx, node| cx.count(node, 0, 1_000));
        let view = self.view(options);
        let each = self.optional(options, "each", false, Context::flag);
        if let (Some(within), None) = (options.get("within"), options.get("unless")) {
            self.wrong(within.span, "\"within\" says how near \"unless\" looks, and there is no \"unless\"");
            return None;
        }
        let at_least = self.optional(options, "at_least", None, |cx, node| cx.bound(node).map(Some));
        let at_most = self.optional(options, "at_most", None, |cx, node| cx.bound(node).map(Some));
        self.bounds_in_order(node, at_least.as_ref(), at_most.as_ref())?;
        let entropy = self.optional(options, "entropy", None, |cx, node| cx.bound(node).map(Some));
        let checksum = self.optional(options, "checksum", None, |cx, node| {
            cx.word(node, "kind of check digits", CHECKSUMS).map(|_| Some(Checksum::Crc32Base62))
        });
        let (want, patterns) = (want?.0, patterns?);
        self.idle_each(options, want);
        if let Some((bound, node)) = options.present(&["at_least", "at_most"]).first() {
            if want == Want::Forbid {
                self.wrong(node.span, format!("\"{bound}\" goes with \"find\" only"));
                return None;
            }
            if let Some(bare) = patterns.iter().find(|pattern| !pattern::has_group(pattern)) {
                let message = format!("\"{bound}\" compares what a group captured, and {} has none", quoted(bare));
                self.wrong(node.span, message);
                return None;
            }
        }
        Some(TextProbe {
            files: files?,
            want,
            patterns,
            unless: unless?,
            within: within?,
            view: view?,
            each: each?,
            multiline: multiline?,
            at_least: at_least?,
            at_most: at_most?,
            entropy: entropy?,
            checksum: checksum?,
        })
    }

    /// A pattern that matches nothing at all matches every line, which is hardly ever meant.
    fn line_patterns(&mut self, node: &Node, multiline: bool) -> Option<Vec<String>> {
        let patterns = self.patterns(node, multiline)?;
        for pattern in &patterns {
            if self.matches_empty(pattern, multiline) {
                self.advise(node.span, format!("{} matches the empty text, so it matches every line", quoted(pattern)));
            }
        }
        Some(patterns)
    }
}
