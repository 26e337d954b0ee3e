//! Which rows the list shows, and in which order.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::readiness::board::Board;
use crate::tui::state::State;

/// What blocks the aimed tier first, then by status, priority and the checklist's own order.
#[must_use]
pub fn visible_rows(state: &State) -> Vec<usize> {
    let Some(board) = &state.board else { return Vec::new() };
    let aim = state.aim();
    let mut rows = of_category(board, state.category.as_deref());
    rows.retain(|i| {
        let Some(row) = board.rows.get(*i) else { return false };
        state.show.admits(row.status) && !(state.hide_later && row.item.tier > aim)
    });
    rows.sort_by_key(|i| {
        let row = &board.rows[*i];
        (row.item.tier > aim, row.status, row.item.priority, *i)
    });
    if !state.filter.is_empty() {
        let text = |i: &usize| format!("{} {}", board.rows[*i].item.id, board.rows[*i].item.title);
        rows = matching(&rows, state.filter.text(), text);
    }
    rows
}

/// The rows that hold every word as it was typed; only where there is none, those that hold its letters in order.
fn matching(rows: &[usize], filter: &str, text: impl Fn(&usize) -> String) -> Vec<usize> {
    let filter = filter.to_lowercase();
    let holds_words = |i: &&usize| {
        let text = text(i).to_lowercase();
        filter.split_whitespace().all(|word| text.contains(word))
    };
    let found: Vec<usize> = rows.iter().filter(holds_words).copied().collect();
    if !found.is_empty() {
        return found;
    }
    let mut fuzzy = Fuzzy::new(&filter);
    rows.iter().filter(|i| fuzzy.score(&text(i)).is_some()).copied().collect()
}

fn of_category(board: &Board, category: Option<&str>) -> Vec<usize> {
    match category.and_then(|id| board.categories.iter().find(|row| row.category.id == id)) {
        Some(row) => row.rows.clone(),
        None => (0..board.rows.len()).collect(),
    }
}

/// Letters in order, as people type who know what they look for.
#[derive(Debug)]
pub struct Fuzzy {
    pattern: Pattern,
    matcher: Matcher,
    buffer: Vec<char>,
}

impl Fuzzy {
    #[must_use]
    pub fn new(text: &str) -> Self {
        let pattern = Pattern::parse(text, CaseMatching::Smart, Normalization::Smart);
        Self { pattern, matcher: Matcher::new(Config::DEFAULT), buffer: Vec::new() }
    }

    pub fn score(&mut self, text: &str) -> Option<u32> {
        self.pattern.score(Utf32Str::new(text, &mut self.buffer), &mut self.matcher)
    }
}
