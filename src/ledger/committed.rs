//! The ledger as a commit holds it: the same files as on the disk, by the same rules.

use std::sync::Arc;

use crate::ledger::name::refuse_id;
use crate::ledger::store::{ItemFiles, Loaded};
use crate::ledger::wire;
use crate::text::visible::visible;
use crate::tree::entry::Kind;
use crate::tree::path::RelPath;
use crate::tree::revision::Revision;
use crate::tree::source::Source;

const FOLDERS: [&str; 2] = [".gonogo", ".gonogo/ledger"];
const BELOW: &str = ".gonogo/ledger/";

/// Everything there is, and everything that could not be read.
#[must_use]
pub fn load_all(revision: &Revision) -> Loaded {
    let mut loaded = Loaded::default();
    let entries = &revision.listing().entries;
    // What is no folder hides what people said.
    if let Some(folder) = FOLDERS.into_iter().find(|folder| entries.contains_key(&RelPath::new(folder))) {
        let why = format!("{folder} is no folder in this commit: what people said cannot be read");
        return Loaded { unreadable: Some(why.clone()), problems: vec![why], ..loaded };
    }
    let mut last = "";
    for (name, kind) in below(revision, BELOW) {
        if std::mem::replace(&mut last, name) == name || name.starts_with('.') {
            continue;
        }
        let shown = format!("{BELOW}{}", visible(name));
        let is_file = kind == Some(&Kind::File);
        if kind == Some(&Kind::Repository) || is_file && !name.ends_with(".yaml") {
            continue;
        } else if is_file {
            loaded.problems.push(format!("{shown}: lies beside the folders of the items, not in one"));
        } else if let Some(why) = refuse_id(name) {
            loaded.problems.push(format!("{shown}: {why}"));
        } else {
            loaded.items.insert(name.to_owned(), load_item(revision, name));
        }
    }
    loaded
}

/// The same for one item.
#[must_use]
pub fn load_item(revision: &Revision, item: &str) -> ItemFiles {
    let mut files = ItemFiles::default();
    if refuse_id(item).is_some() {
        return files;
    }
    let folder = format!("{BELOW}{item}");
    if is_link(revision, &RelPath::new(&folder)) {
        files
            .unreadable
            .push(format!("{folder} is a link that leads elsewhere: the ledger must lie in the tree itself"));
    }
    let folder = format!("{folder}/");
    for (name, kind) in below(revision, &folder) {
        if name.starts_with('.') {
            continue;
        }
        let path = RelPath::new(&format!("{folder}{name}"));
        let shown = visible(path.as_str());
        match name.strip_suffix(".yaml") {
            None => files.unreadable.push(format!("{shown}: a decision's name ends in .yaml")),
            Some(_) if kind.is_none() => files.unreadable.push(format!("{shown}: not a regular file")),
            Some(stem) => match read(revision, &path) {
                Ok(bytes) => match wire::parse(stem, item, &bytes) {
                    Ok(decision) => files.decisions.push(Arc::new(decision)),
                    Err(fault) => files.unreadable.push(format!("{shown}:{fault}")),
                },
                Err(why) => files.unreadable.push(format!("{shown}: {why}")),
            },
        }
    }
    files
}

/// The item that a file of the ledger speaks of; `None` for what belongs to no item.
#[must_use]
pub fn item_of(path: &RelPath) -> Option<&str> {
    let (item, _) = path.as_str().strip_prefix(BELOW)?.split_once('/')?;
    refuse_id(item).is_none().then_some(item)
}

/// Whether a change there can be a change of the ledger.
#[must_use]
pub fn is_ledger(path: &RelPath) -> bool {
    path.as_str().starts_with(BELOW) || FOLDERS.contains(&path.as_str())
}

/// The names in a folder, in order, with what each is; `None` for a folder, which is named once for each file in it.
fn below<'a>(revision: &'a Revision, folder: &'a str) -> impl Iterator<Item = (&'a str, Option<&'a Kind>)> {
    let from = revision.listing().entries.range_from(&RelPath::new(folder));
    let names = from.map_while(move |(path, entry)| Some((path.as_str().strip_prefix(folder)?, &entry.kind)));
    names.map(|(rest, kind)| rest.split_once('/').map_or((rest, Some(kind)), |(name, _)| (name, None)))
}

fn is_link(revision: &Revision, path: &RelPath) -> bool {
    revision.listing().entries.get(path).is_some_and(|entry| matches!(entry.kind, Kind::Link(_)))
}

fn read(revision: &Revision, path: &RelPath) -> Result<Vec<u8>, String> {
    if is_link(revision, path) {
        return Err("a symbolic link, which is not followed".to_owned());
    }
    revision.read(path).map(|content| content.bytes)
}
