//! Elements that people confirm one by one, and what they come to together.

use jiff::Timestamp;

use crate::readiness::status::Status;

/// One element that is there now, and what was said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementState {
    pub name: String,
    /// `path:line` of where it stands first.
    pub place: String,
    /// `open`, `attested`, `stale`, or `likely` where only a machine spoke.
    pub status: Status,
    pub by: Option<String>,
    pub at: Option<Timestamp>,
}

/// The whole is worth what its worst element is. A new element opens it again; one that is gone does not matter.
#[must_use]
pub fn together(elements: &[ElementState]) -> (Status, String) {
    let count = |status| elements.iter().filter(|element| element.status == status).count();
    let (stale, open, likely) = (count(Status::Stale), count(Status::Open), count(Status::Likely));
    let status = match (open, stale, likely) {
        (0, 0, 0) => Status::Attested,
        (0, 0, _) => Status::Likely,
        (0, _, _) => Status::Stale,
        _ => Status::Open,
    };
    let more = if stale > 0 { format!(", {stale} stale") } else { String::new() };
    (status, format!("{} of {} confirmed{more}", count(Status::Attested), elements.len()))
}
