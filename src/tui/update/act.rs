//! What each action does on the board.

use crate::readiness::status::Status;
use crate::session::message::{Intent, LookBack, Request};
use crate::tree::watch::WatchState;
use crate::tui::action::Action;
use crate::tui::event::Effect;
use crate::tui::form::{Form, FormKind};
use crate::tui::input::Input;
use crate::tui::layout::Shape;
use crate::tui::state::{Focus, Overlay, Pending, Show, State};
use crate::tui::update::{AROUND, ask, history, select, tell};

pub(super) fn act(state: &mut State, action: Action) -> Vec<Effect> {
    if let Some(why) = action.obstacle(state) {
        tell(state, Err(why));
        return Vec::new();
    }
    let times = state.count.take().map_or(1, |count| isize::from(count.cast_signed()).max(1));
    match action {
        Action::Up => move_by(state, -times),
        Action::Down => move_by(state, times),
        Action::PageUp => move_by(state, -page(state) * times),
        Action::PageDown => move_by(state, page(state) * times),
        Action::Top => move_by(state, isize::MIN / 2),
        Action::Bottom => move_by(state, isize::MAX / 2),
        Action::Left => sideways(state, -1),
        Action::Right => sideways(state, 1),
        Action::NextPanel => next_panel(state, 1),
        Action::PreviousPanel => next_panel(state, -1),
        Action::Open => open(state),
        Action::Back => back(state),
        Action::PreviousEvidence => turn_evidence(state, -times),
        Action::NextEvidence => turn_evidence(state, times),
        Action::ShowFailing => show(state, Show::Failing),
        Action::ShowToAnswer => show(state, Show::ToAnswer),
        Action::ShowStale => show(state, Show::Stale),
        Action::ShowBlocked => show(state, Show::Blocked),
        Action::ShowOverdue => show(state, Show::Overdue),
        Action::ShowDone => show(state, Show::Done),
        Action::SortByDue => state.by_due = !state.by_due,
        Action::ShowAll => show(state, Show::All),
        Action::NextTier => next_tier(state),
        Action::HideLater => state.hide_later = !state.hide_later,
        Action::Find => {
            state.focus = Focus::List;
            state.typing_filter = true;
        }
        _ => return decide(state, action).unwrap_or_else(|| ask_the_world(state, action)),
    }
    Vec::new()
}

fn decide(state: &mut State, action: Action) -> Option<Vec<Effect>> {
    let form = match action {
        Action::Note => FormKind::Note,
        Action::Waive => FormKind::Waive,
        Action::Dismiss => FormKind::Dismiss,
        Action::NotApplicable => FormKind::NotApplicable,
        Action::Assign => FormKind::Assign,
        Action::Done => FormKind::Done,
        Action::Confirm if state.selected_row().is_some_and(|row| !row.item.options.is_empty()) => FormKind::Choose,
        Action::Confirm => {
            let item = state.selected.clone()?;
            let part = state.chosen_element().map(|element| element.name.clone());
            let intent = Intent::Attest { item, note: String::new(), choice: None, part };
            next_element(state);
            return Some(ask(state, Request::Decide(intent), Pending::Key));
        }
        Action::Retract => {
            let item = state.selected.clone()?;
            let stands = state.chosen_element().filter(|element| element.status != Status::Open);
            let part = stands.map(|element| element.name.clone());
            return Some(ask(state, Request::Decide(Intent::Retract { item, part }), Pending::Key));
        }
        Action::Undo => return Some(ask(state, Request::Undo, Pending::Key)),
        Action::Redo => return Some(ask(state, Request::Redo, Pending::Key)),
        _ => return None,
    };
    state.overlay = Some(Overlay::Form(Form::new(form, state.selected_row())));
    Some(Vec::new())
}

fn ask_the_world(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::PathToGo => state.overlay = Some(Overlay::Path { cursor: 0 }),
        Action::Activity => state.overlay = Some(Overlay::Activity { cursor: 0 }),
        Action::History => return history::open(state),
        Action::ShowSince => return since(state),
        Action::Problems => state.overlay = Some(Overlay::Problems { cursor: 0 }),
        Action::Palette => state.overlay = Some(Overlay::Palette { filter: Input::default(), cursor: 0 }),
        Action::Help => state.overlay = Some(Overlay::Help { filter: Input::default(), top: 0 }),
        Action::Themes => state.overlay = Some(Overlay::Themes { cursor: state.theme, before: state.theme }),
        Action::Export => state.overlay = Some(Overlay::Form(Form::new(FormKind::Export, None))),
        Action::Drift => {
            let item = state.selected.clone().unwrap_or_default();
            state.overlay = Some(Overlay::Drift { item: item.clone(), text: None, top: 0 });
            return vec![Effect::Send(Request::Drift { item })];
        }
        Action::Edit => {
            return state.evidence_place().map(|(path, line)| Effect::Edit { path, line }).into_iter().collect();
        }
        Action::Copy => return copy(state),
        Action::Init => return vec![Effect::Send(Request::Init)],
        Action::Rescan => {
            tell(state, Ok("looking at every file again".to_owned()));
            return vec![Effect::Send(Request::Rescan)];
        }
        Action::Pause => return vec![Effect::Send(Request::Pause(state.watch != WatchState::Paused))],
        Action::Mouse => {
            state.mouse = !state.mouse;
            let words = if state.mouse { "mouse on: the terminal's own selection needs shift" } else { "mouse off" };
            tell(state, Ok(words.to_owned()));
            return vec![Effect::Mouse(state.mouse)];
        }
        Action::Redraw => return vec![Effect::Redraw],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Quit => return vec![Effect::Quit],
        _ => {}
    }
    Vec::new()
}

/// Compares with where this branch began; a second time shows every item again.
fn since(state: &mut State) -> Vec<Effect> {
    if state.show == Show::Since {
        show(state, Show::All);
        return Vec::new();
    }
    state.base = None;
    show(state, Show::Since);
    vec![Effect::Send(Request::LookBack(LookBack::Base))]
}

fn copy(state: &State) -> Vec<Effect> {
    let text = state.selected_row().and_then(|row| state.evidence_of(row)).map(crate::probe::outcome::Evidence::place);
    text.map(Effect::Copy).into_iter().collect()
}

pub(super) fn move_by(state: &mut State, by: isize) {
    match state.focus {
        Focus::Categories => move_category(state, by),
        Focus::List => move_selection(state, by),
        Focus::Detail => state.detail_top = moved(state.detail_top, by, crate::tui::view::detail_rows(state)),
    }
}

pub(super) fn move_selection(state: &mut State, by: isize) {
    let place = moved(state.cursor().unwrap_or(0), by, state.list.len());
    let item = state.list_rows().nth(place).map(|row| row.item.id.clone());
    if item.is_some() {
        select(state, item);
    }
}

pub(super) fn move_category(state: &mut State, by: isize) {
    let count = state.board.as_ref().map_or(0, |board| board.categories.len() + 1);
    let place = moved(state.category_index(), by, count);
    go_to_category(state, place);
}

pub(super) fn go_to_category(state: &mut State, place: usize) {
    if place == state.category_index() {
        return;
    }
    let row = place.checked_sub(1).and_then(|i| state.board.as_ref()?.categories.get(i));
    state.category = row.map(|row| row.category.id.clone());
    state.list_top = 0;
    state.list = crate::tui::rows::visible_rows(state);
    let first = state.list_rows().next().map(|row| row.item.id.clone());
    select(state, first);
}

/// `at` moved within `0..count`; far moves stop at the ends.
pub(super) fn moved(at: usize, by: isize, count: usize) -> usize {
    (at as isize).saturating_add(by).clamp(0, count.saturating_sub(1) as isize) as usize
}

fn page(state: &State) -> isize {
    let panel = match state.focus {
        Focus::Categories => state.layout.categories,
        Focus::List => state.layout.list,
        Focus::Detail => state.layout.detail,
    };
    (panel.height.max(2) - 1) as isize
}

fn sideways(state: &mut State, by: isize) {
    match (state.layout.shape, state.focus) {
        // Where the categories are a strip, left and right walk along it.
        (Shape::Medium | Shape::Narrow | Shape::Strip, _) => move_category(state, by),
        (Shape::Wide, Focus::Categories) if by > 0 => state.focus = Focus::List,
        (Shape::Wide, Focus::List) if by < 0 => state.focus = Focus::Categories,
        (Shape::Wide, Focus::List) => state.focus = Focus::Detail,
        (Shape::Wide, Focus::Detail) if by < 0 => state.focus = Focus::List,
        (Shape::Wide, _) => {}
    }
}

fn next_panel(state: &mut State, by: isize) {
    let panels: &[Focus] = match state.layout.shape {
        Shape::Wide | Shape::Medium => &[Focus::Categories, Focus::List, Focus::Detail],
        Shape::Narrow | Shape::Strip => &[Focus::List, Focus::Detail],
    };
    let at = panels.iter().position(|panel| *panel == state.focus).unwrap_or(0);
    state.focus = panels[(at as isize + by).rem_euclid(panels.len() as isize) as usize];
}

fn open(state: &mut State) {
    state.focus = match state.focus {
        Focus::Categories => Focus::List,
        Focus::List | Focus::Detail => Focus::Detail,
    };
}

fn back(state: &mut State) {
    if state.focus != Focus::List {
        state.focus = Focus::List;
    } else if state.is_filtered() {
        state.filter.clear();
        state.show = Show::All;
    } else if state.category.is_some() {
        let selected = state.selected.clone();
        state.category = None;
        select(state, selected);
    }
}

fn turn_evidence(state: &mut State, by: isize) {
    let count = state.selected_row().map_or(0, |row| row.inventory.len().max(row.outcome.evidence.len())).max(1);
    state.evidence = (state.evidence as isize + by).rem_euclid(count as isize) as usize;
    // The lines around the place come into sight with it.
    let place = crate::tui::view::detail_place(state);
    let last = place + AROUND as usize * 2 + 1;
    let height = usize::from(state.layout.detail.height).max(1);
    state.detail_top = state.detail_top.max((last + 1).saturating_sub(height)).min(place);
}

/// From an element that is being confirmed to the next one that waits, so that one key goes through them all.
fn next_element(state: &mut State) {
    let Some(row) = state.selected_row() else { return };
    let (count, at) = (row.inventory.len(), state.evidence);
    let waits = |place: &usize| row.inventory[*place].status != Status::Attested;
    let next = (1..count).map(|step| (at + step) % count).find(waits);
    state.evidence = next.unwrap_or(at);
}

fn show(state: &mut State, show: Show) {
    state.show = show;
    state.list_top = 0;
}

fn next_tier(state: &mut State) {
    let Some(board) = &state.board else { return };
    if board.tiers.is_empty() {
        return;
    }
    let next = (state.aim() + 1) % board.tiers.len();
    state.tier = Some(board.tiers[next].id.clone());
    tell(state, Ok(format!("the board aims at {}", state.aimed_title())));
}
