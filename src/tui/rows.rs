//! Which rows the list shows, and in which order.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::readiness::board::{Board, Row};
use crate::tui::state::{Show, State};

/// What blocks the aimed tier first, then by status, priority and the checklist's own order.
#[must_use]
pub fn visible_rows(state: &State) -> Vec<usize> {
    let Some(board) = &state.board else { return Vec::new() };
    let aim = state.aim();
    let mut rows = of_category(board, state.category.as_deref());
    rows.retain(|i| {
        let Some(row) = board.rows.get(*i) else { return false };
        let is_since = state.show != Show::Since || state.is_other(row);
        is_since && state.show.admits(row) && !(state.hide_later && row.item.tier > aim)
    });
    rows.sort_by_key(|i| {
        let row = &board.rows[*i];
        let due = row.work.window.and(row.work.due).filter(|_| state.by_due);
        (due.is_none(), due, row.item.tier > aim, row.status, row.item.priority, *i)
    });
    let (filters, words) = Filter::split(state.filter.text());
    rows.retain(|i| filters.iter().all(|filter| filter.admits(&board.rows[*i], board)));
    if !words.is_empty() {
        let text = |i: &usize| format!("{} {}", board.rows[*i].item.id, board.rows[*i].item.title);
        rows = matching(&rows, &words, text);
    }
    rows
}

/// `due:week`, `phase:safety`, `owner:ana`, `is:blocked`: what a word of the filter asks beside the names.
#[derive(Debug)]
enum Filter<'a> {
    Due(&'a str),
    Phase(&'a str),
    Owner(&'a str),
    Is(&'a str),
}

impl<'a> Filter<'a> {
    /// Those, and the other words. A word that is not finished yet (`due:`) asks nothing.
    fn split(text: &'a str) -> (Vec<Self>, String) {
        let (mut filters, mut words) = (Vec::new(), Vec::new());
        for word in text.split_whitespace() {
            match word.split_once(':') {
                Some(("due", value)) => filters.push(Self::Due(value)),
                Some(("phase", value)) => filters.push(Self::Phase(value)),
                Some(("owner", value)) => filters.push(Self::Owner(value)),
                Some(("is", value)) => filters.push(Self::Is(value)),
                None if word == "overdue" => filters.push(Self::Due(word)),
                _ => words.push(word),
            }
        }
        (filters, words.join(" "))
    }

    fn admits(&self, row: &Row, board: &Board) -> bool {
        let begins = |text: &str, value: &str| text.to_lowercase().starts_with(&value.to_lowercase());
        match self {
            Self::Due(value) => value.is_empty() || row.work.window.is_some_and(|window| begins(window.word(), value)),
            Self::Phase(value) => board.phases.get(row.item.phase).is_some_and(|phase| begins(&phase.id, value)),
            Self::Owner(value) => {
                let owner = row.work.owner.as_deref().unwrap_or_default().to_lowercase();
                owner.contains(&value.to_lowercase())
            }
            Self::Is(value) => {
                let blocked = !row.work.blocked_by.is_empty() && begins("blocked", value);
                value.is_empty()
                    || blocked
                    || begins(row.work.progress.word(), value)
                    || begins(row.status.word(), value)
            }
        }
    }
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
