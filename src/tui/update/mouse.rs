//! A click selects, the wheel scrolls. Off unless somebody wants it: it takes the terminal's own selection.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::tui::event::Effect;
use crate::tui::layout::Shape;
use crate::tui::state::{Focus, State};
use crate::tui::update::{act, select};

pub(super) fn on_mouse(state: &mut State, event: MouseEvent) -> Vec<Effect> {
    if state.overlay.is_some() {
        return Vec::new();
    }
    let at = Position { x: event.column, y: event.row };
    let by = match event.kind {
        MouseEventKind::ScrollUp => -3,
        MouseEventKind::ScrollDown => 3,
        MouseEventKind::Down(MouseButton::Left) => {
            click(state, at);
            return Vec::new();
        }
        _ => return Vec::new(),
    };
    match panel(state, at) {
        Some(Focus::Categories) => act::move_category(state, by / 3),
        Some(Focus::List) => act::move_selection(state, by),
        Some(Focus::Detail) => {
            state.detail_top = act::moved(state.detail_top, by, crate::tui::view::detail_rows(state));
        }
        None => {}
    }
    Vec::new()
}

fn panel(state: &State, at: Position) -> Option<Focus> {
    let layout = &state.layout;
    let one_at_a_time = layout.shape == Shape::Narrow;
    if layout.categories.contains(at) {
        Some(Focus::Categories)
    } else if layout.list.contains(at) && !(one_at_a_time && state.focus == Focus::Detail) {
        Some(Focus::List)
    } else {
        layout.detail.contains(at).then_some(Focus::Detail)
    }
}

fn click(state: &mut State, at: Position) {
    let row = |area: Rect| usize::from(at.y.saturating_sub(area.y));
    match panel(state, at) {
        Some(Focus::Categories) if state.layout.shape == Shape::Wide => {
            let count = state.board.as_ref().map_or(0, |board| board.categories.len() + 1);
            let place = row(state.layout.categories).checked_sub(2).map(|row| state.category_top + row);
            if let Some(place) = place.filter(|place| *place < count) {
                act::go_to_category(state, place);
            }
            state.focus = Focus::Categories;
        }
        Some(Focus::List) => {
            state.focus = Focus::List;
            let place = state.list_top + row(state.layout.list);
            let item = state.list_rows().nth(place).map(|row| row.item.id.clone());
            if item.is_some() {
                select(state, item);
            }
        }
        Some(focus) => state.focus = focus,
        None => {}
    }
}
