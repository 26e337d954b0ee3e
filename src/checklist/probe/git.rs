//! `git`, as it is written.

use crate::checklist::context::Context;
use crate::checklist::fields::GIT;
use crate::checklist::model::GitProbe;
use crate::checklist::report::quoted;
use crate::document::node::Node;

impl Context<'_> {
    pub(super) fn git(&mut self, node: &Node) -> Option<GitProbe> {
        let options = self.options(node, GIT, "\"git\"")?;
        let modes = ["tracked", "ignored", "never_committed", "newest"];
        let (mode, value) = self.one_of(options, &modes)?;
        let within = options.get("within");
        if let (Some(within), false) = (within, mode == "newest") {
            self.wrong(within.span, "\"within\" goes with \"newest\" only");
            return None;
        }
        if mode == "newest" && within.is_none() {
            self.wrong(node.span, "\"newest\" needs \"within\", for example \"within: 90d\"");
            return None;
        }
        let paths = self.globs(value);
        match mode {
            "tracked" => paths.map(GitProbe::Tracked),
            "ignored" => self.plain_names(value, paths?).map(GitProbe::Ignored),
            "never_committed" => paths.map(GitProbe::NeverCommitted),
            _ => {
                let within_days = within.and_then(|node| self.days(node));
                Some(GitProbe::Newest { paths: paths?, within_days: within_days? })
            }
        }
    }

    /// Git says of a name whether it would ignore it; it says nothing of a pattern.
    fn plain_names(&mut self, node: &Node, names: Vec<String>) -> Option<Vec<String>> {
        match names.iter().find(|name| name.contains(['*', '?', '[', '{', '!'])) {
            None => Some(names),
            Some(name) => {
                let message =
                    format!("\"ignored\" asks about names, which {} is not; write the names out", quoted(name));
                self.wrong(node.span, message);
                None
            }
        }
    }
}
