//! A revision judged by today's checklist, with the decisions that it holds itself.

use std::sync::Arc;

use crate::engine::Engine;
use crate::engine::progress::Progress;
use crate::ledger::fold::Position;
use crate::ledger::freshness;
use crate::ledger::store::Loaded;
use crate::ledger::wire;
use crate::ledger::{Ledger, REPORT};
use crate::readiness::assemble::{self, Entry, Inputs};
use crate::readiness::board::{Board, Stats, TreeInfo};
use crate::readiness::freshness::Freshness;
use crate::session::{Session, inventory, judged};
use crate::tree::revision::Revision;
use crate::tree::source::Source;

const LEDGER: &str = ".gonogo/ledger/";

impl Session {
    /// The board of a commit, as of the commit's own day. Nothing is run for it: a revision is only read.
    ///
    /// # Errors
    /// One line: there is no such commit, or it cannot be read.
    pub fn board_at(&self, spec: &str, progress: &Progress) -> Result<Board, String> {
        let repository = self.tree.repository().ok_or_else(|| format!("{spec}: there is no git repository here"))?;
        let revision = Arc::new(repository.revision(spec)?);
        let (at, commit) = (revision.at(), revision.commit());
        let checklist = Arc::clone(&self.checklist);
        let program = Arc::clone(self.engine.program());
        let source: Arc<dyn Source> = Arc::<Revision>::clone(&revision);
        let mut engine = Engine::start(Arc::clone(&checklist), program, source, revision.listing(), at, progress);
        let ledger = Ledger::new(decisions(&revision));
        let outcomes = engine.outcomes().to_vec();
        let mut entries = Vec::with_capacity(outcomes.len());
        for (number, (item, outcome)) in checklist.items.iter().zip(outcomes).enumerate() {
            let standing = ledger.standing(&item.id);
            let freshness = match &standing.position {
                Position::Attested(said) | Position::NotApplicable(said) => {
                    let moved = freshness::moved(&said.covers, &engine.covered(number));
                    judged(said, item, moved, at)
                }
                _ => Freshness::Fresh,
            };
            let elements = inventory::elements(&mut engine, number, item, &outcome, &standing, at);
            entries.push(Entry { item: Arc::clone(item), outcome, standing, freshness, elements });
        }
        let here = &self.board.tree;
        let tree = TreeInfo {
            root: here.root.clone(),
            commit: Some(commit),
            branch: None,
            git: true,
            changed: 0,
            files: engine.files_listed(),
        };
        let problems = Vec::new();
        let metrics = inventory::metrics(&checklist, &engine);
        let words = ledger.standing(REPORT).notes.clone();
        let stats = Stats::default();
        Ok(assemble::board(Inputs { at, checklist: &checklist, entries, metrics, words, tree, problems, stats }))
    }
}

/// The ledger as the commit holds it.
fn decisions(revision: &Revision) -> Loaded {
    let mut loaded = Loaded::default();
    for path in revision.listing().entries.keys() {
        let Some((item, name)) = path.as_str().strip_prefix(LEDGER).and_then(|rest| rest.split_once('/')) else {
            continue;
        };
        let Some(name) = name.strip_suffix(".yaml").filter(|name| !name.contains('/') && !name.starts_with('.')) else {
            continue;
        };
        let files = loaded.items.entry(item.to_owned()).or_default();
        let read = revision
            .read(path)
            .and_then(|content| wire::parse(name, item, &content.bytes).map_err(|fault| fault.to_string()));
        match read {
            Ok(decision) => files.decisions.push(Arc::new(decision)),
            Err(why) => files.unreadable.push(format!("{path}: {why}")),
        }
    }
    loaded
}
