//! One line: what was just said or refused, else the last flip, else what the board stands on.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

use crate::readiness::board::Row;
use crate::readiness::work::Progress;
use crate::session::message::Flip;
use crate::tui::action::Action;
use crate::tui::fit::{clean, count, fit};
use crate::tui::layout::Shape;
use crate::tui::state::Told;
use crate::tui::theme::Role;
use crate::tui::view::{View, footer, glyph, put};

pub(super) fn draw(view: &View<'_>, buf: &mut Buffer) {
    let area = view.layout.activity;
    let room = usize::from(area.width);
    let line = match (&view.state.told, view.state.activity.front()) {
        (Some(Told::Done(text)), _) => Line::from(view.span(Role::Text, format!(" {}", clean(text)))),
        (Some(Told::Refused(text)), _) => {
            Line::from(vec![view.span(Role::Warn, " ! "), view.span(Role::Text, clean(text))])
        }
        (None, Some(flip)) => flip_line(view, flip),
        (None, None) if view.layout.shape == Shape::Narrow => footer::hints(view, room),
        (None, None) => Line::from(view.span(Role::Muted, format!(" {}", standing(view)))),
    };
    put(buf, area.x, area.y, area.width, line);
}

/// `20:41:07  ✗ → ✓  id   after file`
pub(super) fn flip_line(view: &View<'_>, flip: &Flip) -> Line<'static> {
    let after = match &flip.cause {
        Some(path) => format!("   after {}", clean(path.as_str())),
        None => String::new(),
    };
    let effects = match look_again(view, flip) {
        effects if effects.is_empty() => String::new(),
        effects => format!("   look again at {}", clean(&effects.join(", "))),
    };
    Line::from(vec![
        view.span(Role::Muted, format!(" {}  ", clock(view, flip.at, "%H:%M:%S"))),
        Span::styled(glyph::status(flip.from), view.theme.status(flip.from)),
        view.span(Role::Muted, " → "),
        Span::styled(glyph::status(flip.to), view.theme.status(flip.to)),
        view.span(Role::Text, format!("  {}", fit(&flip.item, 60))),
        view.span(Role::Ask, effects),
        view.span(Role::Muted, after),
    ])
}

/// What was caused by an item that is ready now, and is not ready itself.
fn look_again<'a>(view: &'a View<'_>, flip: &Flip) -> Vec<&'a str> {
    let Some(board) = view.state.board.as_ref().filter(|_| flip.to.is_ready()) else { return Vec::new() };
    let is_effect =
        |row: &&Row| row.item.plan.caused_by.contains(&flip.item) && row.work.progress != Progress::Verified;
    board.rows.iter().filter(is_effect).map(|row| row.item.id.as_str()).collect()
}

pub(super) fn clock(view: &View<'_>, at: Timestamp, format: &str) -> String {
    at.to_zoned(view.state.zone.clone()).strftime(format).to_string()
}

/// What somebody should know of the ground that all this stands on.
fn standing(view: &View<'_>) -> String {
    let state = view.state;
    let Some(board) = &state.board else { return "the first answers come in a moment".to_owned() };
    if let Some(problem) = board.problems.first() {
        let key = state.keymap.keys(Action::Problems).next().unwrap_or_else(|| ":problems".to_owned());
        // The number comes first: the words may be longer than the line.
        return format!("{} · {key} lists them · {problem}", count(board.problems.len(), "problem", "problems"));
    }
    if !state.has_own_checklist {
        let key = state.keymap.keys(Action::Init).next().unwrap_or_else(|| ":init".to_owned());
        return format!("using the built-in checklist · {key} writes gonogo.yaml");
    }
    if !board.tree.git {
        return "not a git repository: history, blame and tracked-file checks are off".to_owned();
    }
    let files = crate::tui::fit::thousands(board.tree.files as u64);
    format!("{files} files watched · {}", clean(&board.checklists.join(", ")))
}
