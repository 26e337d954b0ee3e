//! The documents of the tree, measured.

use std::collections::BTreeMap;

use super::page::{LINKS, Page, blocks, table};
use crate::report::dossier::{Changed, Document};
use crate::report::escape::code;
use crate::text::words::{count, plural};
use crate::tree::path::RelPath;

/// More than these in one folder are counted together, and where there are many, those of all its folders.
const IN_A_FOLDER: usize = 12;
const MANY: usize = 60;
/// How many folders deep many documents are told apart.
const DEPTH: usize = 2;

pub(super) fn body(page: &Page<'_>) -> String {
    let mut folders: BTreeMap<RelPath, Vec<&Document>> = BTreeMap::new();
    for document in &page.dossier.documents {
        folders.entry(folder(page, document)).or_default().push(document);
    }
    let mut rows = Vec::new();
    for (folder, documents) in &folders {
        match documents.len() {
            few if few <= IN_A_FOLDER => rows.extend(documents.iter().map(|document| line(page, document))),
            _ => rows.push(together(page, folder, documents)),
        }
    }
    let total = plural(page.dossier.documents.len(), "document", "documents");
    let shown = table(&["document", ">bytes", ">words", "last committed", "speaks for"], &rows);
    if shown.is_empty() {
        shown
    } else {
        blocks(vec![format!("{total}, by name and size; what they say is for people to judge."), shown])
    }
}

fn folder(page: &Page<'_>, document: &Document) -> RelPath {
    let parent = document.path.parent();
    if page.dossier.documents.len() <= MANY {
        return parent;
    }
    let parts: Vec<&str> = parent.as_str().split('/').take(DEPTH).collect();
    RelPath::new(&parts.join("/"))
}

fn line(page: &Page<'_>, document: &Document) -> Vec<String> {
    let words = match document.words {
        Some(0) => "empty".to_owned(),
        Some(words) => count(words as u64),
        None => "unreadable".to_owned(),
    };
    vec![
        code(document.path.as_str()),
        count(document.size),
        words,
        changed(document.changed),
        speaks_for(page, &[document]),
    ]
}

fn together(page: &Page<'_>, folder: &RelPath, documents: &[&Document]) -> Vec<String> {
    let size: u64 = documents.iter().map(|document| document.size).sum();
    let words: usize = documents.iter().filter_map(|document| document.words).sum();
    let empty = documents.iter().filter(|document| document.words == Some(0)).count();
    let empty = if empty == 0 { String::new() } else { format!(", {} empty", count(empty as u64)) };
    let newest = documents.iter().filter_map(|document| match document.changed {
        Changed::On(day) => Some(day),
        Changed::NotCommitted | Changed::Unknown => None,
    });
    let newest = newest.max().map_or_else(|| changed(Changed::Unknown), |day| format!("newest {day}"));
    let name = if folder.as_str().is_empty() { "(root)".to_owned() } else { code(&format!("{folder}/")) };
    let number = plural(documents.len(), "document", "documents");
    vec![format!("{name}, {number}{empty}"), count(size), count(words as u64), newest, speaks_for(page, documents)]
}

fn changed(changed: Changed) -> String {
    match changed {
        Changed::On(day) => day.to_string(),
        Changed::NotCommitted => "not as it is".to_owned(),
        Changed::Unknown => "not known".to_owned(),
    }
}

/// The items whose evidence lies in it.
fn speaks_for(page: &Page<'_>, documents: &[&Document]) -> String {
    let names = |path: &RelPath| documents.iter().any(|document| document.path == *path);
    let rows = page.rows(|row| row.outcome.evidence.iter().any(|evidence| evidence.path.as_ref().is_some_and(names)));
    page.links(&rows, LINKS / 4)
}
