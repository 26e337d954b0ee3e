//! Keys in the history of the branch.

use crate::engine::progress::Reached;
use crate::session::message::{LookBack, Looked, Request};
use crate::tui::event::Effect;
use crate::tui::keymap::{Key, LIST, Nav, nav};
use crate::tui::state::{Overlay, State};
use crate::tui::update::over::{go_to, stepped};

/// Opens it, and asks anew where the last commit is another one than before.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    state.overlay = Some(Overlay::History { cursor: 0, flips: None });
    let head = state.board.as_ref().and_then(|board| board.tree.commit.clone());
    let newest = match &state.history {
        Some(Looked::Found(history)) => history.steps.first().map(|step| step.commit.id.clone()),
        _ => None,
    };
    if newest.is_some() && newest == head {
        return Vec::new();
    }
    state.history = Some(Looked::Progress(Reached::default()));
    vec![Effect::Send(Request::LookBack(LookBack::History))]
}

pub(super) fn on_key(state: &mut State, mut cursor: usize, mut flips: Option<usize>, key: Key) -> Vec<Effect> {
    let (commits, flipped) = match &state.history {
        Some(Looked::Found(history)) => (history.steps.len(), turned(state, cursor).len()),
        _ => (0, 0),
    };
    match (nav(LIST, key), flips) {
        (Some(Nav::Quit), _) => return vec![Effect::Quit],
        (Some(Nav::Leave), Some(_)) => flips = None,
        (Some(Nav::Leave), None) => return leave(state),
        (Some(Nav::Accept), Some(flip)) => {
            if let Some(item) = turned(state, cursor).get(flip).cloned() {
                go_to(state, item);
                return Vec::new();
            }
        }
        (Some(Nav::Accept), None) if commits > 0 => flips = Some(0),
        (Some(nav), Some(flip)) => flips = Some(stepped(state, flip, nav, flipped)),
        (Some(nav), None) => cursor = stepped(state, cursor, nav, commits),
        (None, _) => {}
    }
    state.overlay = Some(Overlay::History { cursor, flips });
    Vec::new()
}

/// Nobody waits any more for what is not found yet.
fn leave(state: &mut State) -> Vec<Effect> {
    match state.history.take_if(|looked| matches!(looked, Looked::Progress(_))) {
        Some(_) => vec![Effect::Send(Request::StopLooking)],
        None => Vec::new(),
    }
}

/// The items that flipped at a commit.
fn turned(state: &State, commit: usize) -> Vec<String> {
    let Some(Looked::Found(history)) = &state.history else { return Vec::new() };
    let step = history.steps.get(commit).and_then(|step| step.measured.as_ref().ok());
    let flips = step.and_then(|measured| measured.difference.as_ref()).map(|difference| difference.flips.as_slice());
    flips.unwrap_or_default().iter().map(|flip| flip.item.clone()).collect()
}
