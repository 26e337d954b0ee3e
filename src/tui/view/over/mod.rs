//! What lies over the board: one thing at a time, in the middle, never wider than the screen.

mod drift;
mod form;
mod help;
mod history;
mod lists;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use crate::tui::fit::{clean, pad, width};
use crate::tui::input::Input;
use crate::tui::state::Overlay;
use crate::tui::theme::Role;
use crate::tui::view::{View, put};

pub(super) fn draw(view: &View<'_>, buf: &mut Buffer) -> Option<Position> {
    match view.state.overlay.as_ref()? {
        Overlay::Help { filter, top } => Some(help::draw(view, buf, filter, *top)),
        Overlay::Palette { filter, cursor } => Some(lists::palette(view, buf, filter, *cursor)),
        Overlay::Form(form) => form::draw(view, buf, form),
        Overlay::Themes { cursor, .. } => {
            lists::themes(view, buf, *cursor);
            None
        }
        Overlay::Path { cursor } => {
            lists::path(view, buf, *cursor);
            None
        }
        Overlay::Activity { cursor } => {
            lists::activity(view, buf, *cursor);
            None
        }
        Overlay::Problems { cursor } => {
            lists::problems(view, buf, *cursor);
            None
        }
        Overlay::History { cursor, flips } => {
            history::draw(view, buf, *cursor, *flips);
            None
        }
        Overlay::Drift { item, text, top } => {
            drift::draw(view, buf, item, text.as_deref(), *top);
            None
        }
    }
}

/// A raised box with a title at the top and a hint at the bottom. Answers the room inside.
fn boxed(view: &View<'_>, buf: &mut Buffer, size: (u16, u16), title: &str, hint: &str) -> Rect {
    let area = view.layout.overlay(size.0, size.1);
    let blank = " ".repeat(usize::from(area.width));
    for y in area.y..area.bottom() {
        for x in area.x..area.right() {
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.reset();
            }
        }
        buf.set_string(area.x, y, &blank, view.theme.raised());
    }
    if area.width < 4 || area.height < 3 {
        return area;
    }
    let (inner, edge) = (usize::from(area.width) - 2, view.style(Role::Muted));
    let ends = [(area.y, "╭", "╮"), (area.bottom() - 1, "╰", "╯")];
    for (y, left, right) in ends {
        buf.set_string(area.x, y, format!("{left}{}{right}", "─".repeat(inner)), edge);
    }
    for y in area.y + 1..area.bottom() - 1 {
        buf.set_string(area.x, y, "│", edge);
        buf.set_string(area.right() - 1, y, "│", edge);
    }
    let label = |text: &str| format!(" {text} ");
    let style = view.style(Role::Accent).add_modifier(Modifier::BOLD);
    let title = Line::from(Span::styled(label(&clean(title)), style));
    put(buf, area.x + 2, area.y, area.width.saturating_sub(4).min(title.width() as u16), title);
    let hint = Line::from(view.span(Role::Muted, label(hint)));
    let hint_width = area.width.saturating_sub(4).min(hint.width() as u16);
    put(buf, area.x + 2, area.bottom() - 1, hint_width, hint);
    Rect::new(area.x + 2, area.y + 1, area.width - 4, area.height - 2)
}

/// Rows of a list with one chosen, kept in sight.
fn rows(view: &View<'_>, buf: &mut Buffer, area: Rect, lines: Vec<Line<'static>>, cursor: usize) {
    let height = usize::from(area.height);
    let cursor = cursor.min(lines.len().saturating_sub(1));
    let top = (cursor + 1).saturating_sub(height);
    for ((i, line), y) in lines.into_iter().enumerate().skip(top).zip(area.y..area.bottom()) {
        put(buf, area.x, y, area.width, line);
        if i == cursor {
            buf.set_style(Rect::new(area.x, y, area.width, 1), view.theme.selection(true));
        }
    }
}

fn message(view: &View<'_>, buf: &mut Buffer, area: Rect, text: &str) {
    for (line, y) in crate::tui::fit::wrap(text, usize::from(area.width)).into_iter().zip(area.y..area.bottom()) {
        put(buf, area.x, y, area.width, view.span(Role::Muted, line));
    }
}

/// A line of typed text that scrolls with the cursor.
fn typed(view: &View<'_>, buf: &mut Buffer, area: Rect, prompt: &str, input: &Input) -> Position {
    let flat = |text: &str| clean(&text.replace('\n', " / "));
    let lead = width(prompt);
    let room = usize::from(area.width).saturating_sub(lead + 1).max(1);
    let before = flat(input.before_cursor());
    let skip = width(&before).saturating_sub(room);
    let shown: String = flat(input.text()).chars().skip(skip).collect();
    let spans = vec![view.span(Role::Accent, prompt.to_owned()), view.span(Role::Text, pad(&shown, room))];
    put(buf, area.x, area.y, area.width, Line::from(spans));
    let x = (lead + width(&before) - skip.min(width(&before))) as u16;
    Position { x: area.x + x.min(area.width.saturating_sub(1)), y: area.y }
}
