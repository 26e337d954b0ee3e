//! What the session tells.

use std::sync::Arc;
use std::time::Duration;

use crate::readiness::board::Board;
use crate::session::message::{Flip, LookBack, Notice, Request};
use crate::tui::event::Effect;
use crate::tui::state::{Mark, Overlay, Pending, Show, State, Told};
use crate::tui::update::tell;

/// How long a flipped row stays marked at least.
const MARKED: Duration = Duration::from_secs(5);
const REMEMBERED: usize = 500;
const PEEKS: usize = 200;

pub(super) fn on_notice(state: &mut State, notice: Notice) -> Vec<Effect> {
    match notice {
        Notice::Progress(reached) => state.progress = Some(reached).filter(|reached| reached.done < reached.total),
        Notice::Board { board, flips } => return on_board(state, board, flips),
        Notice::Failed(why) => return vec![Effect::Fail(why)],
        Notice::Watch(watch) => state.watch = watch,
        Notice::Message(text) => tell(state, Ok(text)),
        Notice::Done(result) => on_done(state, result),
        Notice::Peek { path, line, lines } => {
            if state.peeks.len() >= PEEKS {
                state.peeks.clear();
            }
            let place = (path, line);
            state.peeks.insert(place.clone(), Arc::new(lines));
            state.peek_asked = None;
            state.peek_fresh = Some(place);
        }
        // What was left is no news any more.
        Notice::History(looked) if state.history.is_some() => state.history = Some(looked),
        Notice::History(_) => {}
        Notice::Base(Ok(base)) => state.base = Some(base),
        Notice::Base(Err(why)) => {
            state.show = Show::All;
            tell(state, Err(why));
        }
        Notice::Drift { item, text } => {
            if let Some(Overlay::Drift { item: shown, text: slot, .. }) = &mut state.overlay
                && *shown == item
            {
                *slot = Some(text);
            }
        }
    }
    Vec::new()
}

fn on_board(state: &mut State, board: Arc<Board>, flips: Vec<Flip>) -> Vec<Effect> {
    let head = board.tree.commit.clone();
    state.board = Some(board);
    state.progress = None;
    // Files may have changed: the lines on the screen stay until newer ones come.
    state.peek_fresh = None;
    state.peek_asked = None;
    // Another commit may have another beginning.
    let has_moved = state.show == Show::Since && state.base.as_ref().is_some_and(|base| base.head != head);
    let mut effects = Vec::new();
    if has_moved {
        effects.push(Effect::Send(Request::LookBack(LookBack::Base)));
    }
    if flips.is_empty() {
        return effects;
    }
    // What just flipped is news; what was said before it is not, unless it was a refusal.
    state.told.take_if(|told| matches!(told, Told::Done(_)));
    for flip in flips {
        state.marks.retain(|mark| mark.item != flip.item);
        state.marks.push(Mark { item: flip.item.clone(), ripe: false });
        state.activity.push_front(flip);
    }
    state.activity.truncate(REMEMBERED);
    effects.push(Effect::Timer(MARKED));
    effects
}

fn on_done(state: &mut State, result: Result<String, String>) {
    let Some(Pending::Form(ticket)) = state.pending.pop_front() else {
        tell(state, result);
        return;
    };
    if let Some(Overlay::Form(form)) = &mut state.overlay
        && form.waiting == Some(ticket)
    {
        match result {
            Ok(done) => {
                state.overlay = None;
                tell(state, Ok(done));
            }
            // What was typed stays until it is written or given up.
            Err(why) => {
                form.waiting = None;
                form.error = Some(why);
            }
        }
        return;
    }
    tell(state, result);
}
