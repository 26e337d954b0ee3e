//! One row per area: a word, the score as an interval, and the worst that is open.

use super::changes::comparable;
use super::page::{Page, blocks, table};
use crate::checklist::model::Priority;
use crate::readiness::board::{CategoryRow, Row, Score};
use crate::readiness::status::Status;
use crate::report::escape::plain;
use crate::text::words::{count, plural};

/// The words of an area, with what each means.
pub(super) const WORDS: [(&str, &str); 7] = [
    ("critical", "an item of P0 failed"),
    ("weak", "an item of P1 failed"),
    ("fair", "an item of P2 or P3 failed"),
    ("unverified", "none failed, but one is undecided"),
    ("accepted", "all that is not ready is waived"),
    ("ready", "everything that applies is ready"),
    ("nothing applies", "every item is not applicable"),
];

pub(super) fn body(page: &Page<'_>) -> String {
    let board = page.board;
    if board.score.applicable == 0 {
        return String::new();
    }
    let mut head = vec!["#", "area", "status", ">score", ">ready", ">open", "worst open"];
    let compares = comparable(page).is_some();
    if compares {
        head.insert(4, ">since");
    }
    let shown = board.categories.iter().filter(|category| !category.rows.is_empty());
    let mut rows: Vec<Vec<String>> = shown.zip(1..).map(|(row, number)| area(page, row, number)).collect();
    rows.push(all(page));
    blocks(vec![table(&head, &rows), formula(page)])
}

fn area(page: &Page<'_>, row: &CategoryRow, number: usize) -> Vec<String> {
    let name = plain(&row.category.title);
    let before = comparable(page).map(|earlier| earlier.categories.get(&row.category.id));
    line(page, number.to_string(), name, &row.rows, row.score, before)
}

fn all(page: &Page<'_>) -> Vec<String> {
    let rows: Vec<usize> = (0..page.board.rows.len()).collect();
    let before = comparable(page).map(|earlier| Some(&earlier.score));
    line(page, String::new(), "**All**".to_owned(), &rows, page.board.score, before)
}

/// `before` is there where something is compared with, and holds nothing where the area is new.
fn line(
    page: &Page<'_>,
    number: String,
    name: String,
    rows: &[usize],
    score: Score,
    before: Option<Option<&Score>>,
) -> Vec<String> {
    let number_of = |wanted: fn(&Row) -> bool| rows.iter().filter(|&&row| wanted(page.row(row))).count() as u64;
    let ready = number_of(|row| row.status.is_ready());
    let open = number_of(|row| !row.status.is_ready() && row.status != Status::NotApplicable);
    let shown = if score.applicable == 0 { String::new() } else { page.score(score) };
    let ready = format!("{} of {}", count(ready), count(u64::from(score.applicable)));
    let mut cells = vec![number, name, word(page, rows).to_owned(), shown, ready, count(open), worst(page, rows)];
    if let Some(before) = before {
        cells.insert(4, before.map_or("new".to_owned(), |before| delta(*before, score)));
    }
    cells
}

/// What an area is like, by the worst in it.
pub(super) fn word(page: &Page<'_>, rows: &[usize]) -> &'static str {
    let rows: Vec<&Row> =
        rows.iter().map(|&row| page.row(row)).filter(|row| row.status != Status::NotApplicable).collect();
    let failed = rows.iter().filter(|row| row.status == Status::Failed).map(|row| row.item.priority).min();
    let index = match failed {
        Some(Priority::P0) => 0,
        Some(Priority::P1) => 1,
        Some(_) => 2,
        None if rows.is_empty() => 6,
        None if rows.iter().any(|row| row.status.is_undecided()) => 3,
        None if rows.iter().any(|row| row.status == Status::Waived) => 4,
        None => 5,
    };
    WORDS[index].0
}

/// The heaviest that failed, else the heaviest that is open.
fn worst(page: &Page<'_>, rows: &[usize]) -> String {
    let open = rows.iter().copied().filter(|&row| super::page::has_card(page.row(row).status));
    let worst = open.min_by_key(|&row| (page.row(row).status != Status::Failed, page.row(row).item.priority));
    worst.map_or_else(String::new, |row| format!("{} {}", page.row(row).item.priority, page.link(row)))
}

/// `+3 / -1`: of the low end and of the high end.
pub(super) fn delta(before: Score, now: Score) -> String {
    let ends = |now: u32, before: u32| format!("{:+}", i64::from(now) - i64::from(before));
    if (before.low, before.high) == (now.low, now.high) {
        return "same".to_owned();
    }
    format!("{} / {}", ends(now.low, before.low), ends(now.high, before.high))
}

fn formula(page: &Page<'_>) -> String {
    let score = page.board.score;
    let ready = page.rows(|row| row.status.is_ready()).len() as u64;
    let possible = ready + page.rows(|row| row.counts_as().is_undecided()).len() as u64;
    let applicable = u64::from(score.applicable);
    let share = |part: u64| (part * 100).checked_div(applicable).unwrap_or(0);
    let weights: Vec<String> =
        Priority::ALL.iter().map(|priority| format!("{priority} weighs {}", priority.weight())).collect();
    format!(
        "Complete: {} of {} that apply are ready ({} %), at best {} ({} %) if everything unverified turns out well. A score \
         weighs that: {}; its low end counts what is unverified as 0, its high end as 1, what is waived earns nothing, and \
         both are rounded down.",
        count(ready),
        plural(score.applicable as usize, "item", "items"),
        share(ready),
        count(possible),
        share(possible),
        weights.join(", "),
    )
}
