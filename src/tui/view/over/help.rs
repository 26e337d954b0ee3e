//! Every action with its keys, grouped, narrowed by what is typed.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Stylize;
use ratatui::text::Line;

use crate::tui::fit::pad;
use crate::tui::input::Input;
use crate::tui::theme::Role;
use crate::tui::update::over::help_specs;
use crate::tui::view::View;
use crate::tui::view::over::{boxed, message, typed};

pub(super) fn draw(view: &View<'_>, buf: &mut Buffer, filter: &Input, top: usize) -> Position {
    let height = view.layout.whole.height.saturating_sub(4).max(8);
    let area = boxed(view, buf, (84, height), "Keys", "type to narrow · up and down scroll · esc leaves");
    let cursor = typed(view, buf, area, "find ", filter);
    let body = Rect { y: area.y + 2.min(area.height), height: area.height.saturating_sub(2), ..area };
    let mut lines = lines(view, filter.text());
    if lines.is_empty() {
        message(view, buf, body, "No command has these words.");
        return cursor;
    }
    lines.drain(..top.min(lines.len().saturating_sub(usize::from(body.height))));

    for (line, y) in lines.into_iter().zip(body.y..body.bottom()) {
        super::put(buf, body.x, y, body.width, line);
    }
    cursor
}

fn lines(view: &View<'_>, filter: &str) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut group = None;
    for spec in help_specs(filter) {
        if group != Some(spec.group) {
            if group.is_some() {
                lines.push(Line::default());
            }
            lines.push(Line::from(view.span(Role::Emphasis, spec.group.title()).bold()));
            group = Some(spec.group);
        }
        let keys = view.state.keymap.keys(spec.action).collect::<Vec<_>>().join(" ");
        let can = spec.action.obstacle(view.state).is_none();
        let role = if can { Role::Text } else { Role::Muted };
        lines.push(Line::from(vec![
            view.span(Role::Accent, format!("  {}", pad(&keys, 17))),
            view.span(role, pad(spec.title, 40)),
            view.span(Role::Muted, format!(" {}", spec.id)),
        ]));
    }
    lines
}
