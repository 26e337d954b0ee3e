//! Probes whose answer other programs give.

use crate::checklist::context::{Context, all};
use crate::checklist::fields::{AT_MOST, COMMAND, SARIF};
use crate::checklist::model::{CommandProbe, SarifProbe, Selection};
use crate::checklist::names::Spelling;
use crate::document::node::Node;

/// How long a program may run where nobody says.
const TIMEOUT: u32 = 60;

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

    pub(super) fn command(&mut self, node: &Node) -> Option<CommandProbe> {
        let options = self.options(node, COMMAND, "\"command\"")?;
        let run = options.get("run").and_then(|node| self.program(node));
        let timeout = self.optional(options, "timeout", TIMEOUT, Self::seconds);
        let exit = self.optional(options, "exit", 0, |cx, node| cx.count(node, 0, 255));
        let covers = self.optional(options, "covers", Vec::new(), Self::globs);
        Some(CommandProbe { run: run?, timeout_seconds: timeout?, exit: exit?, covers: covers? })
    }

    /// Words that go to a program as they are: an empty one is an argument, too, but no program.
    fn program(&mut self, node: &Node) -> Option<Vec<String>> {
        let Some(items) = node.items() else {
            return self.expected(node, "a list of words, such as [pytest, -q]");
        };
        let words = all(items.iter().map(|item| {
            let text = self.text(item)?;
            let filled = self.names.fill(text, Spelling::Prose);
            let word = self.checked(item.span, filled)?;
            let fits = if word.contains('\0') { Err("no argument can hold a NUL".to_owned()) } else { Ok(word) };
            self.checked(item.span, fits)
        }))?;
        if words.first().is_none_or(|program| program.trim().is_empty()) {
            self.wrong(node.span, "expected a program, found an empty list or word");
            return None;
        }
        Some(words)
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
