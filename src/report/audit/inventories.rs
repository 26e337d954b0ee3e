//! What people confirm one by one: each element, who vouches for it, and how many of them somebody does.

use super::page::{Page, blocks, table};
use crate::readiness::board::Row;
use crate::readiness::inventory::ElementState;
use crate::readiness::status::Status;
use crate::report::escape::{code, plain};
use crate::text::words::{count, day, day_of, person};

/// How many elements of one item are named before the rest is counted.
const MOST: usize = 100;

pub(super) fn body(page: &Page<'_>) -> String {
    let rows = page.rows(|row| !row.inventory.is_empty());
    blocks(rows.into_iter().map(|row| one(page, row)).collect())
}

fn one(page: &Page<'_>, number: usize) -> String {
    let Row { item, inventory, .. } = page.row(number);
    let confirmed = inventory.iter().filter(|element| element.status == Status::Attested).count();
    let share = (confirmed * 100).checked_div(inventory.len()).unwrap_or(0);
    let (m, n) = (count(confirmed as u64), count(inventory.len() as u64));
    let head = format!("**{}** {}: {m} of {n} confirmed ({share} %)", plain(&item.title), page.link(number));
    let lines: Vec<Vec<String>> = inventory.iter().take(MOST).map(|element| line(page, element)).collect();
    let more = inventory.len().saturating_sub(MOST);
    let rest = if more > 0 { format!("and {} more", count(more as u64)) } else { String::new() };
    blocks(vec![head, table(&["element", "stands in", "is", "by"], &lines), rest])
}

fn line(page: &Page<'_>, element: &ElementState) -> Vec<String> {
    let place = if element.place == element.name { "" } else { element.place.as_str() };
    let by = element.by.as_deref().map(|by| plain(person(by))).unwrap_or_default();
    let on = element.at.map(|at| format!(", {}", day(day_of(at)))).unwrap_or_default();
    vec![
        code(&element.name),
        if place.is_empty() { String::new() } else { code(place) },
        page.mark(element.status),
        if by.is_empty() { by } else { by + &on },
    ]
}
