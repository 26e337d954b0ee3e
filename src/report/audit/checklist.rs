//! Every item as a box, by area: verified strengths with what they rest on, then the gaps. A box is ticked only where the
//! item is ready; one that is ticked in this page by hand means nothing to the tool.

use std::collections::BTreeMap;

use super::areas::word;
use super::page::{LINKS, Page, and_more, blocks, has_card, speaker};
use crate::ledger::decision::Decision;
use crate::ledger::fold::Position;
use crate::readiness::board::{CategoryRow, Row};
use crate::readiness::status::Status;
use crate::report::escape::{code, plain};
use crate::report::places::places;
use crate::report::said::NOTE;
use crate::text::words::{count, day, day_of, one_line};

const PLACES: usize = 3;

pub(super) fn body(page: &Page<'_>) -> String {
    let shown = page.board.categories.iter().filter(|category| !category.rows.is_empty());
    blocks(shown.map(|category| area(page, category)).collect())
}

fn area(page: &Page<'_>, category: &CategoryRow) -> String {
    let of = |wanted: fn(Status) -> bool| -> Vec<usize> {
        category.rows.iter().copied().filter(|&row| wanted(page.row(row).status)).collect()
    };
    let (ready, open) = (of(Status::is_ready), of(has_card));
    let word = word(page, &category.rows);
    let score =
        if category.score.applicable == 0 { String::new() } else { format!(", score {}", page.score(category.score)) };
    let about = one_line(&category.category.about);
    let about = if about.is_empty() { about } else { format!(" {}", plain(&about)) };
    blocks(vec![
        format!("### {}", plain(&category.category.title)),
        format!("Status: **{word}**{score}.{about}"),
        list("Verified strengths", &ready.into_iter().map(|row| strength(page, row)).collect::<Vec<_>>()),
        list("Gaps", &open.into_iter().map(|row| gap(page, row)).collect::<Vec<_>>()),
        absent(page, category),
    ])
}

fn list(title: &str, lines: &[String]) -> String {
    if lines.is_empty() { String::new() } else { format!("{title}:\n\n{}", lines.join("\n")) }
}

fn strength(page: &Page<'_>, row: usize) -> String {
    let row = page.row(row);
    let item = &row.item;
    format!("- [x] {} {} {}: {}", item.priority, plain(&item.title), code(&item.id), rests_on(page, row))
}

/// How it was verified: by whom and when, or by which places.
fn rests_on(page: &Page<'_>, row: &Row) -> String {
    if let (Status::Attested, Position::Attested(said)) = (row.status, &row.standing.position) {
        return attested(page, said);
    }
    let (first, more) = places(row, PLACES);
    let named: Vec<String> =
        first.iter().filter(|evidence| evidence.path.is_some()).map(|evidence| code(&evidence.place())).collect();
    let found = match (named.is_empty(), more) {
        (true, _) if row.reason.is_empty() => "its probe passes".to_owned(),
        (true, _) => page.clip(&row.reason, NOTE),
        (false, 0) => named.join(", "),
        (false, more) => format!("{} and {} more", named.join(", "), count(more as u64)),
    };
    format!("{} (passed)", found)
}

fn attested(page: &Page<'_>, said: &Decision) -> String {
    let note = one_line(&said.note);
    let note = if note.is_empty() { note } else { format!(": {}", page.clip(&note, NOTE)) };
    let covers: Vec<String> = said.covers.keys().map(|path| code(path.as_str())).collect();
    let saw = if covers.is_empty() { String::new() } else { format!(", having seen {}", and_more(&covers, PLACES)) };
    let choice = said.choice.as_deref().map(|choice| format!(", who chose {}", plain(&one_line(choice))));
    format!("{} on {}{}{saw}{note} (attested)", speaker(said), day(day_of(said.at)), choice.unwrap_or_default())
}

fn gap(page: &Page<'_>, row: usize) -> String {
    let Row { item, status, .. } = page.row(row);
    format!("- [ ] {} {} {}: {}", item.priority, plain(&item.title), page.link(row), standing(page, row, *status))
}

fn standing(page: &Page<'_>, row: usize, status: Status) -> String {
    match (&page.row(row).standing.position, status) {
        (Position::Waived(waiver), Status::Waived) => match waiver.expires {
            Some(last) => format!("waived until {}", day(last)),
            None => status.word().to_owned(),
        },
        _ => status.word().to_owned(),
    }
}

/// What does not apply, by the reason.
fn absent(page: &Page<'_>, category: &CategoryRow) -> String {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for &row in category.rows.iter().filter(|&&row| page.row(row).status == Status::NotApplicable) {
        let reason = page.row(row).reason.trim_start_matches("does not apply: ");
        reasons.entry(page.clip(reason, NOTE)).or_default().push(page.link(row));
    }
    let total: usize = reasons.values().map(Vec::len).sum();
    if total == 0 {
        return String::new();
    }
    let mut reasons: Vec<(String, Vec<String>)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, ids)| std::cmp::Reverse(ids.len()));
    let lines = reasons.into_iter().map(|(reason, ids)| {
        let reason = if reason.is_empty() { "no reason was kept" } else { &reason };
        format!("- {reason}: {}", and_more(&ids, LINKS))
    });
    format!("Not applicable ({}):\n\n{}", count(total as u64), lines.collect::<Vec<_>>().join("\n"))
}
