//! What people said is kept whole, told in one way, and holds as long as what they saw.

#![allow(clippy::unwrap_used, reason = "clippy takes the helpers of an integration test for production code")]

mod crash;
mod fold;
mod hostile;
mod store;
mod undo;

use std::collections::BTreeMap;
use std::path::Path;

use gonogo::ledger::decision::{Actor, Decision, Kind};
use gonogo::ledger::name::new_name;
use jiff::Timestamp;
use jiff::civil::date;

/// Second `second` of a fixed day.
fn moment(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

fn decision(item: &str, kind: Kind, second: i64) -> Decision {
    Decision {
        name: new_name(moment(second)),
        item: item.to_owned(),
        kind,
        by: "Ana Ruiz <ana@example.org>".to_owned(),
        at: moment(second),
        commit: Some("3f9c2e1".to_owned()),
        dirty: false,
        note: "as agreed".to_owned(),
        to: (kind == Kind::Assign).then(|| "Ben".to_owned()),
        due: None,
        part: None,
        choice: None,
        follow_up: None,
        waiver: None,
        actor: Actor::Person,
        item_hash: "91c2".to_owned(),
        covers: BTreeMap::new(),
        evidence: vec!["0a1b".to_owned()],
        expires: (kind == Kind::Waive).then(|| date(2027, 2, 28)),
        supersedes: Vec::new(),
    }
}

/// Every name below a folder, hidden ones too.
fn names_below(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap().map(Result::unwrap) {
            names.push(entry.path().strip_prefix(folder).unwrap().display().to_string());
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            }
        }
    }
    names.sort();
    names
}
