//! What a session asks: its checklist, made ready to run with all that an earlier run found out of it.

use std::sync::Arc;
use std::time::SystemTime;

use crate::checklist::keep;
use crate::checklist::merge::Loader;
use crate::checklist::model::{Checklist, Problem};
use crate::engine::snapshot::maker;
use crate::ledger::cache::{Cache, Part};
use crate::probe::program::Program;
use crate::probe::workshop::Workshop;
use crate::session::SessionError;
use crate::session::checklists::{Choice, Understood, keep_only};

/// A checklist, read and made ready to run.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) checklist: Arc<Checklist>,
    pub(super) problems: Vec<Problem>,
    pub(super) program: Arc<Program>,
}

pub(super) fn ask(
    choice: &Choice,
    loader: &(dyn Loader + Sync),
    only: &[String],
    cache: Option<&Cache>,
) -> Result<Asked, SessionError> {
    let kept = cache.and_then(|cache| choice.kept(loader, cache));
    let is_kept = kept.is_some();
    let Understood { mut checklist, problems, texts, names } = kept.map_or_else(|| choice.understood(loader), Ok)?;
    keep_only(&mut checklist, only).map_err(SessionError::Checklist)?;
    let shop = Arc::new(match cache.cloned() {
        Some(cache) => Workshop::remembering(maker(), move || Some(cache.load(Part::Patterns)?.head)),
        None => Workshop::default(),
    });
    let program = match only {
        [] => Program::knowing(&names, &shop, &checklist),
        _ => Program::made_in(&shop, &checklist),
    };
    let program = program.map_err(SessionError::Checklist)?;
    if let Some(cache) = cache.filter(|_| !is_kept && only.is_empty() && problems.is_empty()) {
        let packed = keep::pack(&checklist, &texts, &program.names, &maker());
        cache.store(Part::Checklist, |out| out.write_all(&packed), &[], SystemTime::now());
    }
    Ok(Asked { checklist: Arc::new(checklist), problems, program: Arc::new(program) })
}
