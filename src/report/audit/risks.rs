//! What is open, by what it puts at risk.

use super::page::{LINKS, Page, has_card, table, who};
use crate::checklist::model::Priority;
use crate::readiness::status::Status;
use crate::report::escape::plain;
use crate::text::words::{count, one_line};

/// What the embedded categories put at risk. A category of somebody's own is a dimension of its own.
const DIMENSIONS: [(&str, &[&str]); 6] = [
    ("Security", &["secrets", "security", "auth", "ci"]),
    ("Isolation", &["tenancy"]),
    ("Operations", &["config", "deployment", "observability", "dr"]),
    ("Data and scaling", &["db", "jobs"]),
    ("Delivery", &["testing", "docs", "hygiene"]),
    ("Product", &["api", "frontend", "product"]),
];

const EFFECT: usize = 160;

pub(super) fn body(page: &Page<'_>) -> String {
    let open = page.rows(|row| has_card(row.status));
    let mut dimensions: Vec<(String, Vec<usize>)> = Vec::new();
    for row in open {
        let name = dimension(page, row);
        match dimensions.iter_mut().find(|(known, _)| *known == name) {
            Some((_, rows)) => rows.push(row),
            None => dimensions.push((name, vec![row])),
        }
    }
    for (_, rows) in &mut dimensions {
        rows.sort_by_key(|&row| rank(page, row));
    }
    dimensions.sort_by_key(|(_, rows)| rows.first().map(|&row| rank(page, row)));
    let rows: Vec<Vec<String>> =
        dimensions.iter().zip(1..).map(|((name, rows), number)| line(page, name, rows, number)).collect();
    table(&["risk", "dimension", "level", "effect of the worst", "items", "owner", "response"], &rows)
}

fn dimension(page: &Page<'_>, row: usize) -> String {
    let category = page.row(row).item.category.as_str();
    let known = DIMENSIONS.iter().find(|(_, categories)| categories.contains(&category));
    let title = || {
        page.board.categories.iter().find(|known| known.category.id == category).map(|row| plain(&row.category.title))
    };
    known.map_or_else(|| title().unwrap_or_else(|| plain(category)), |(name, _)| (*name).to_owned())
}

/// What failed before what is only unverified, and that before what is accepted; each by priority.
fn rank(page: &Page<'_>, row: usize) -> (u8, Priority) {
    let row = page.row(row);
    let standing = match row.status {
        Status::Failed => 0,
        Status::Waived => 2,
        _ => 1,
    };
    (standing, row.item.priority)
}

fn line(page: &Page<'_>, name: &str, rows: &[usize], number: usize) -> Vec<String> {
    let Some(&worst) = rows.first() else { return Vec::new() };
    let item = &page.row(worst).item;
    let number_of =
        |wanted: fn(Status) -> bool| rows.iter().filter(|&&row| wanted(page.row(row).status)).count() as u64;
    let responses = [
        ("fix", number_of(|status| status == Status::Failed)),
        ("verify", number_of(Status::is_undecided)),
        ("accepted", number_of(|status| status == Status::Waived)),
    ];
    let responses: Vec<String> = responses
        .iter()
        .filter(|(_, number)| *number > 0)
        .map(|(word, number)| format!("{word} {}", count(*number)))
        .collect();
    vec![
        format!("R{number}"),
        name.to_owned(),
        level(page, worst),
        format!("{} ({})", page.clip(&one_line(&item.why), EFFECT), page.link(worst)),
        page.links(rows.get(1..).unwrap_or_default(), LINKS / 2),
        owners(page, rows),
        responses.join(", "),
    ]
}

/// By the heaviest item that is open.
fn level(page: &Page<'_>, worst: usize) -> String {
    let (standing, priority) = rank(page, worst);
    let word = ["critical", "high", "medium", "low"][priority as usize];
    match standing {
        0 => word.to_owned(),
        1 => format!("{word}, unverified"),
        _ => format!("{word}, accepted"),
    }
}

fn owners(page: &Page<'_>, rows: &[usize]) -> String {
    let mut owners: Vec<String> = rows.iter().filter_map(|&row| owner(page, row)).collect();
    owners.sort();
    owners.dedup();
    if owners.is_empty() { "nobody".to_owned() } else { owners.join(", ") }
}

/// Whom an item is given to.
pub(super) fn owner(page: &Page<'_>, row: usize) -> Option<String> {
    page.row(row).work.owner.as_deref().map(who)
}
