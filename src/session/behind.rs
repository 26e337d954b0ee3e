//! Which of the files that changed are behind an item's new status.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::engine::Engine;
use crate::ledger::committed;
use crate::readiness::board::{Board, Row};
use crate::readiness::difference::Difference;
use crate::session::past::Moved;
use crate::tree::path::RelPath;

/// Names the files behind each flip: those that its evidence names, else those that its probes look at; and what was
/// said of it. `engine` is the one of the later board.
pub(super) fn name_files(difference: &mut Difference, before: &Board, after: &Board, moved: &[Moved], engine: &Engine) {
    let paths: BTreeSet<&RelPath> = moved.iter().map(|moved| &moved.path).collect();
    let looked_at: OnceCell<BTreeMap<usize, BTreeSet<&RelPath>>> = OnceCell::new();
    for flip in &mut difference.flips {
        let named = |row: &Row| row.item.id == flip.item;
        let Some(number) = after.rows.iter().position(named) else { continue };
        let rows = [before.rows.iter().find(|row| named(row)), after.rows.get(number)];
        let evidence = rows.iter().flatten().flat_map(|row| {
            let places = row.outcome.evidence.iter().filter_map(|evidence| evidence.path.as_ref());
            places.chain(&row.moved)
        });
        let mut files: BTreeSet<&RelPath> = evidence.filter_map(|path| paths.get(path).copied()).collect();
        if files.is_empty() {
            let by_item = looked_at.get_or_init(|| by_item(moved, engine));
            files.extend(by_item.get(&number).into_iter().flatten());
        }
        files.extend(paths.iter().filter(|path| committed::item_of(path) == Some(flip.item.as_str())));
        flip.files = files.into_iter().cloned().collect();
    }
}

fn by_item<'m>(moved: &'m [Moved], engine: &Engine) -> BTreeMap<usize, BTreeSet<&'m RelPath>> {
    let mut found: BTreeMap<usize, BTreeSet<&RelPath>> = BTreeMap::new();
    for Moved { path, before, now } in moved {
        for entry in before.iter().chain(now) {
            for item in engine.items_looking_at(path, entry) {
                found.entry(item).or_default().insert(path);
            }
        }
    }
    found
}
