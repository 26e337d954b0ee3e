//! What a long report draws on, gathered from the tree at the moment of the export.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use jiff::Timestamp;

use crate::engine::Engine;
use crate::engine::inventory::Looked;
use crate::probe::outcome::Evidence;
use crate::readiness::board::{Board, Row};
use crate::report::audit::{AROUND, has_card};
use crate::report::dossier::{Changed, Document, Dossier, FileFacts, Lines, Look, Place, Scope};
use crate::report::earlier::Earlier;
use crate::report::format::{Format, Options};
use crate::session::Session;
use crate::session::past::Past;
use crate::session::peek::lines_around;
use crate::text::ours;
use crate::text::words::day_of;
use crate::tree::entry::Kind;
use crate::tree::glob::Globs;
use crate::tree::path::RelPath;
use crate::tree::source::Source;

/// How many places of an item may be shown with the lines around them.
const PLACES: usize = 8;
/// What counts as a document, and how many of them are read.
const DOCUMENTS: &[&str] = &[
    "**/*.{md,mdx,rst,adoc,markdown}",
    "{README,LICENSE,LICENCE,COPYING,CHANGELOG,CONTRIBUTING,SECURITY,NOTICE}*",
    "!**/{node_modules,vendor,third_party,test,tests,__tests__,fixtures,testdata}/**",
];
const READ: usize = 1000;
/// How far back the history is asked when a document was last committed.
const COMMITS: usize = 5000;

impl Session {
    /// Writes a report of what is known now.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn print(
        &mut self,
        format: &Format,
        options: &Options,
        earlier: Option<Earlier>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if format.is_full {
            self.read_kept();
        }
        let dossier = if format.is_full { self.dossier(earlier) } else { Dossier::from(&*self.board) };
        (format.print)(&dossier, options, out)
    }

    /// Reads what the board does not keep: lines around places, sizes, documents.
    #[must_use]
    pub fn dossier(&self, earlier: Option<Earlier>) -> Dossier<'_> {
        let ages = |paths: &BTreeSet<RelPath>| match self.tree.repository() {
            Some(repository) => repository.last_changes(paths, COMMITS).unwrap_or_default(),
            None => BTreeMap::new(),
        };
        let (board, engine, source) = (&*self.board, &self.engine, &*self.tree);
        Shelf { board, engine, source, skip: &self.checklist.skip, changed: &self.changed, ages: &ages }
            .dossier(earlier)
    }
}

impl Past {
    /// Writes a report of a board that this gave.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn print(
        &self,
        board: &Board,
        format: &Format,
        options: &Options,
        earlier: Option<Earlier>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let (engine, source, changed) = (&self.engine, &*self.revision, &BTreeSet::new());
        let ages = |paths: &BTreeSet<RelPath>| self.revision.last_changes(paths, COMMITS).unwrap_or_default();
        let shelf = Shelf { board, engine, source, skip: &self.checklist.skip, changed, ages: &ages };
        let dossier = if format.is_full { shelf.dossier(earlier) } else { Dossier::from(board) };
        (format.print)(&dossier, options, out)
    }
}

/// Where a dossier is gathered from.
struct Shelf<'b, 's> {
    board: &'b Board,
    engine: &'s Engine,
    source: &'s dyn Source,
    skip: &'s [String],
    /// What differs from the commit.
    changed: &'s BTreeSet<RelPath>,
    /// When files were last committed with another content.
    ages: &'s dyn Fn(&BTreeSet<RelPath>) -> BTreeMap<RelPath, Timestamp>,
}

impl<'b> Shelf<'b, '_> {
    fn dossier(&self, earlier: Option<Earlier>) -> Dossier<'b> {
        let tally = self.engine.tally();
        let looks: Vec<Vec<Look>> =
            (0..self.board.rows.len()).map(|item| self.engine.looked(item).into_iter().map(look).collect()).collect();
        Dossier {
            board: self.board,
            files: self.files_of(&looks),
            excerpts: self.excerpts(),
            documents: self.documents(),
            scope: Scope {
                read: tally.read,
                ignored: tally.ignored,
                skipped: tally.skipped,
                ours: tally.ours,
                skip: self.skip.to_vec(),
            },
            looks,
            earlier,
        }
    }

    fn files_of(&self, looks: &[Vec<Look>]) -> BTreeMap<RelPath, FileFacts> {
        let paths = looks.iter().flatten().flat_map(|look| &look.paths);
        let facts = |path: &RelPath| {
            let entry = self.engine.entry(path)?;
            Some((path.clone(), FileFacts { size: entry.size, tracked: entry.tracked }))
        };
        paths.filter_map(facts).collect()
    }

    fn excerpts(&self) -> BTreeMap<Place, Lines> {
        let rows = self.board.rows.iter().filter(|row| has_card(row.status));
        rows.flat_map(|row| self.excerpts_of(row)).collect()
    }

    fn excerpts_of(&self, row: &Row) -> Vec<(Place, Lines)> {
        // Where a secret was covered its neighbours may be some too, whatever they are called: they are not shown.
        if row.outcome.evidence.iter().any(|evidence| evidence.excerpt.contains("••")) {
            return Vec::new();
        }
        let excerpt = |evidence: &Evidence| {
            let path = evidence.path.as_ref().filter(|_| evidence.line > 0)?;
            let lines = lines_around(self.source, path, evidence.line, AROUND);
            (!lines.is_empty()).then(|| ((path.clone(), evidence.line), lines))
        };
        row.outcome.evidence.iter().take(PLACES).filter_map(excerpt).collect()
    }

    fn documents(&self) -> Vec<Document> {
        // The globs are written above, and a test compiles them.
        let Ok(globs) = Globs::new(DOCUMENTS) else { return Vec::new() };
        let is_document = |path: &RelPath| {
            globs.matches_path(path) && !self.engine.is_skipped(path) && !path.as_str().starts_with(".gonogo/")
        };
        let found = self
            .engine
            .entries()
            .filter(|(path, entry)| matches!(entry.kind, Kind::File) && !entry.ignored && is_document(path));
        let found: Vec<(&RelPath, u64)> = found.map(|(path, entry)| (path, entry.size)).collect();
        let paths: BTreeSet<RelPath> = found.iter().map(|(path, _)| (*path).clone()).collect();
        let ages = if paths.is_empty() { BTreeMap::new() } else { (self.ages)(&paths) };
        let changed = |path: &RelPath| match ages.get(path) {
            _ if self.changed.contains(path) => Changed::NotCommitted,
            Some(at) => Changed::On(day_of(*at)),
            None => Changed::Unknown,
        };
        let document = |(number, (path, size)): (usize, (&RelPath, u64))| {
            let content = if number < READ { self.source.read(path).ok() } else { None };
            let is_ours = content.as_ref().is_some_and(|content| ours::is_report(path.as_str(), &content.bytes));
            let words = content.map(|content| String::from_utf8_lossy(&content.bytes).split_whitespace().count());
            (!is_ours).then(|| Document { path: path.clone(), size, words, changed: changed(path) })
        };
        found.into_iter().enumerate().filter_map(document).collect()
    }
}

fn look(looked: Looked<'_>) -> Look {
    Look {
        probe: looked.probe,
        globs: looked.globs.to_vec(),
        all: looked.all,
        files: looked.files,
        answer: looked.answer,
        is_asked: looked.is_asked,
        paths: looked.paths,
        unread: looked.unread,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_known_by_its_name() {
        let globs = Globs::new(DOCUMENTS).unwrap();
        assert!(["README", "README.md", "docs/a/b.rst", "SECURITY.txt"].iter().all(|path| globs.matches(path)));
        assert!(
            ["src/main.rs", "docs/NOTICE.txt", "web/node_modules/a/README.md"].iter().all(|path| !globs.matches(path))
        );
    }
}
