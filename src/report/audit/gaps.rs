//! A card for everything that failed or cannot be told, by priority.

use super::card::card;
use super::page::{GAPS, Page, blocks};
use crate::checklist::model::Priority;
use crate::text::words::count;

const MEANS: [&str; 4] = ["stops every tier that requires it", "important", "should be done", "good to have"];

pub(super) fn body(page: &Page<'_>) -> String {
    let gaps = page.with(&GAPS);
    let group = |priority: Priority| {
        let rows: Vec<usize> = gaps.iter().copied().filter(|&row| page.row(row).item.priority == priority).collect();
        if rows.is_empty() {
            return String::new();
        }
        let title = format!("### {priority}: {} ({})", MEANS[priority as usize], count(rows.len() as u64));
        blocks(std::iter::once(title).chain(rows.into_iter().map(|row| card(page, row))).collect())
    };
    blocks(Priority::ALL.into_iter().map(group).collect())
}
