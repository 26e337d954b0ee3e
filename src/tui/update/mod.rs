//! The only place where the state changes: an event in, effects out.

mod act;
mod history;
mod mouse;
mod notice;
pub mod over;

use crossterm::event::{KeyEvent, KeyEventKind};

use crate::session::message::Request;
use crate::tui::event::{Effect, Event};
use crate::tui::keymap::{Key, Nav, TEXT, nav};
use crate::tui::layout::{Layout, Shape};
use crate::tui::rows::visible_rows;
use crate::tui::state::{Focus, Overlay, Pending, State, Told};

/// How many lines around a place the detail shows.
pub const AROUND: u32 = 2;

pub fn update(state: &mut State, event: Event) -> Vec<Effect> {
    let mut effects = match event {
        Event::Key(key) if key.kind == KeyEventKind::Release => return Vec::new(),
        Event::Key(key) => on_key(state, key),
        Event::Paste(text) => on_paste(state, &text),
        Event::Mouse(event) => mouse::on_mouse(state, event),
        Event::Resize(width, height) => {
            state.layout = Layout::of(width, height);
            Vec::new()
        }
        Event::Notice(notice) => notice::on_notice(state, notice),
        Event::Timer => {
            state.marks.iter_mut().for_each(|mark| mark.ripe = true);
            Vec::new()
        }
        Event::SessionEnded => {
            state.session_ended = true;
            tell(state, Err("the session has ended: what you see no longer changes; q quits".to_owned()));
            Vec::new()
        }
        Event::Told(result) => {
            tell(state, result);
            Vec::new()
        }
    };
    settle(state);
    effects.extend(peek(state));
    effects
}

fn on_key(state: &mut State, event: KeyEvent) -> Vec<Effect> {
    state.marks.retain(|mark| !mark.ripe);
    state.told = None;
    let key = Key::of(event);
    if state.overlay.is_some() {
        return over::on_key(state, event, key);
    }
    if state.typing_filter {
        return on_filter_key(state, event, key);
    }
    match (state.keymap.action(key), key.digit()) {
        (Some(action), _) => {
            let effects = act::act(state, action);
            state.count = None;
            effects
        }
        (None, Some(digit)) => {
            // More than a list can hold says nothing new.
            state.count = Some((state.count.unwrap_or(0) * 10 + digit).min(999));
            Vec::new()
        }
        (None, None) => {
            state.count = None;
            Vec::new()
        }
    }
}

fn on_filter_key(state: &mut State, event: KeyEvent, key: Key) -> Vec<Effect> {
    match nav(TEXT, key) {
        Some(Nav::Accept) => state.typing_filter = false,
        Some(Nav::Leave) => {
            state.typing_filter = false;
            state.filter.clear();
        }
        Some(Nav::Up) => act::move_by(state, -1),
        Some(Nav::Down) => act::move_by(state, 1),
        _ => {
            if state.filter.key(event) {
                state.list_top = 0;
            }
        }
    }
    Vec::new()
}

fn on_paste(state: &mut State, text: &str) -> Vec<Effect> {
    let one_line = || text.lines().collect::<Vec<_>>().join(" ");
    match &mut state.overlay {
        Some(Overlay::Form(form)) => {
            if let Some(field) = form.field() {
                field.input.insert(text);
            }
        }
        Some(Overlay::Help { filter, .. } | Overlay::Palette { filter, .. }) => filter.insert(&one_line()),
        Some(_) => {}
        None if state.typing_filter => state.filter.insert(&one_line()),
        // Keys that nobody typed must not decide anything.
        None => {}
    }
    Vec::new()
}

pub(super) fn tell(state: &mut State, result: Result<String, String>) {
    state.told = Some(match result {
        Ok(done) => Told::Done(done),
        Err(why) => Told::Refused(why),
    });
}

/// Sends a request that `Done` will answer.
pub(super) fn ask(state: &mut State, request: Request, pending: Pending) -> Vec<Effect> {
    if state.session_ended {
        tell(state, Err("the session has ended: nothing can be written any more".to_owned()));
        return Vec::new();
    }
    state.pending.push_back(pending);
    vec![Effect::Send(request)]
}

/// Makes everything that depends on something else agree with it again.
fn settle(state: &mut State) {
    state.list = visible_rows(state);
    if state.cursor().is_none() {
        // The item left the list: the selection takes the row that stands where it stood.
        let place = state.list_cursor.min(state.list.len().saturating_sub(1));
        let next = state.list_rows().nth(place).map(|row| row.item.id.clone());
        if next.is_some() || state.board.is_some() {
            select(state, next);
        }
    }
    state.list_cursor = state.cursor().unwrap_or(0);
    let found = state.selected_row().map_or(0, |row| row.inventory.len().max(row.outcome.evidence.len()));
    state.evidence = state.evidence.min(found.saturating_sub(1));
    let height = usize::from(state.layout.list.height);
    state.list_top = scrolled(state.list_top, state.cursor().unwrap_or(0), height, state.list.len());
    let count = state.board.as_ref().map_or(0, |board| board.categories.len() + 1);
    let height = usize::from(state.layout.categories.height).saturating_sub(2);
    state.category_top = scrolled(state.category_top, state.category_index(), height, count);
    if state.layout.shape == Shape::Narrow && state.focus == Focus::Categories {
        state.focus = Focus::List;
    }
}

/// The first row of a window that shows `cursor`, moved as little as possible.
#[must_use]
pub fn scrolled(top: usize, cursor: usize, height: usize, count: usize) -> usize {
    let top = top.min(count.saturating_sub(height));
    if cursor < top {
        cursor
    } else if height > 0 && cursor >= top + height {
        cursor + 1 - height
    } else {
        top
    }
}

pub(super) fn select(state: &mut State, item: Option<String>) {
    if state.selected != item {
        state.selected = item;
        state.evidence = 0;
        state.detail_top = 0;
    }
}

/// Asks for the lines around the selected place, one question at a time.
fn peek(state: &mut State) -> Option<Effect> {
    let place = state.evidence_place().filter(|(_, line)| *line > 0)?;
    if state.peek_asked.is_some() || state.peek_fresh.as_ref() == Some(&place) || state.session_ended {
        return None;
    }
    state.peek_asked = Some(place.clone());
    Some(Effect::Send(Request::Peek { path: place.0, line: place.1, around: AROUND }))
}

#[cfg(test)]
mod tests {
    use super::scrolled;

    #[test]
    fn a_window_moves_as_little_as_possible() {
        assert_eq!(scrolled(0, 4, 5, 20), 0);
        assert_eq!(scrolled(0, 5, 5, 20), 1);
        assert_eq!(scrolled(9, 3, 5, 20), 3);
        assert_eq!(scrolled(18, 19, 5, 20), 15);
        assert_eq!(scrolled(3, 0, 0, 0), 0);
    }
}
