//! Per item, what its probes looked at. Selections that several share are written once.

use super::page::{Page, and_more, blocks, table};
use crate::readiness::board::Row;
use crate::report::dossier::Look;
use crate::report::escape::{code, plain};
use crate::text::words::{count, one_line, plural};

const GLOBS: usize = 40;
const UNREAD: usize = 5;

/// What is written once: selections, and among them the globs that several exclude.
#[derive(Default)]
struct Named<'a> {
    selections: Vec<&'a Look>,
    exclusions: Vec<Vec<&'a String>>,
}

pub(super) fn body(page: &Page<'_>) -> String {
    let mut named = Named::default();
    let mut rows = Vec::new();
    for (looks, row) in page.dossier.looks.iter().zip(0..).filter(|(looks, _)| !looks.is_empty()) {
        let asked = named.asked(looks);
        rows.push(vec![page.link(row), asked, places(page.row(row)), unread(page, looks)]);
    }
    if rows.is_empty() {
        return String::new();
    }
    let selections = named.selections();
    let exclusions: Vec<Vec<String>> =
        named.exclusions.iter().zip(1..).map(|(globs, number)| exclusion(globs, number)).collect();
    blocks(vec![
        "Each probe looked at a selection (S1, S2, ...) and found so many places. A selection is its globs without its \
         exclusions (X1, X2, ...) and without what is set aside."
            .to_owned(),
        table(&["item", "asked", ">places", "could not be looked at"], &rows),
        table(&["", ">files", "globs"], &selections),
        table(&["", "excluded"], &exclusions),
    ])
}

impl<'a> Named<'a> {
    /// `text S1, exists S2 (condition)`.
    fn asked(&mut self, looks: &'a [Look]) -> String {
        let mut said: Vec<(String, usize)> = Vec::new();
        for look in looks {
            let condition = if look.is_asked { "" } else { " (condition)" };
            let text = match look.globs.is_empty() {
                true => format!("{}{condition}", look.probe),
                false => format!("{} S{}{condition}", look.probe, self.number(look)),
            };
            match said.iter_mut().find(|(known, _)| *known == text) {
                Some((_, times)) => *times += 1,
                None => said.push((text, 1)),
            }
        }
        let said: Vec<String> =
            said.into_iter().map(|(text, times)| if times == 1 { text } else { format!("{text} x{times}") }).collect();
        said.join(", ")
    }

    fn number(&mut self, look: &'a Look) -> usize {
        let same = |known: &&Look| known.globs == look.globs && known.all == look.all;
        let index = self.selections.iter().position(same).unwrap_or_else(|| {
            self.selections.push(look);
            self.selections.len() - 1
        });
        index + 1
    }

    fn selections(&mut self) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for (number, look) in self.selections.iter().enumerate() {
            let (excluded, chosen): (Vec<&String>, Vec<&String>) =
                look.globs.iter().partition(|glob| glob.starts_with('!'));
            let chosen: Vec<String> = chosen.into_iter().map(|glob| code(glob)).collect();
            let mut text = and_more(&chosen, GLOBS);
            if !excluded.is_empty() {
                let known = self.exclusions.iter().position(|known| *known == excluded).unwrap_or_else(|| {
                    self.exclusions.push(excluded);
                    self.exclusions.len() - 1
                });
                text += &format!(", not X{}", known + 1);
            }
            text += if look.all { ", also what is set aside" } else { "" };
            rows.push(vec![format!("S{}", number + 1), count(look.files as u64), text]);
        }
        rows
    }
}

fn exclusion(globs: &[&String], number: usize) -> Vec<String> {
    let globs: Vec<String> = globs.iter().map(|glob| code(glob.trim_start_matches('!'))).collect();
    vec![format!("X{number}"), and_more(&globs, GLOBS)]
}

/// Words without a place are no place.
fn places(row: &Row) -> String {
    let outcome = &row.outcome;
    let named = outcome.evidence.iter().filter(|evidence| evidence.path.is_some()).count();
    count(if outcome.found > outcome.evidence.len() { outcome.found } else { named } as u64)
}

fn unread(page: &Page<'_>, looks: &[Look]) -> String {
    let unread: Vec<String> = looks
        .iter()
        .flat_map(|look| &look.unread)
        .map(|(path, why)| format!("{} ({})", code(path.as_str()), plain(&page.cut(&one_line(why), 120))))
        .collect();
    match unread.len() {
        0 => String::new(),
        few if few <= UNREAD => unread.join(", "),
        many => format!("{}: {}", plural(many, "file", "files"), and_more(&unread, UNREAD)),
    }
}
