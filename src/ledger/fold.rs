//! All decisions about one item, folded into what stands today.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::ledger::decision::Decision;

/// What people say of an item, whatever the machine says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub position: Position,
    /// Standing notes, oldest first.
    pub notes: Vec<Arc<Decision>>,
    pub assigned: Option<Arc<Decision>>,
    /// Standing dismissals, oldest first.
    pub dismissals: Vec<Arc<Decision>>,
    /// Everything ever decided, oldest first, taken back or not.
    pub story: Vec<Arc<Decision>>,
    /// The names in `story` that a standing retraction took back.
    pub retracted: BTreeSet<String>,
    /// Decision files that cannot be read: `path:line:column: what`. They make the item unknown.
    pub unreadable: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Position {
    #[default]
    None,
    Attested(Arc<Decision>),
    Waived(Arc<Decision>),
    NotApplicable(Arc<Decision>),
    /// Two that nothing supersedes disagree (at least two, oldest first).
    Disputed(Vec<Arc<Decision>>),
}
