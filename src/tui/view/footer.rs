//! The last line: the keys that matter where the focus is, and who speaks.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::text::Line;

use crate::tui::action::Action;
use crate::tui::fit::{fit, width};
use crate::tui::layout::Shape;
use crate::tui::state::Focus;
use crate::tui::theme::Role;
use crate::tui::view::{View, split_line};

pub(super) fn draw(view: &View<'_>, buf: &mut Buffer) -> Option<Position> {
    if view.state.typing_filter && view.state.overlay.is_none() {
        return Some(filter(view, buf));
    }
    let area = view.layout.footer;
    let author = match view.state.settings.author.as_str() {
        "" => "as nobody: set git's user.name ".to_owned(),
        author => format!("as {} ", fit(author.split(" <").next().unwrap_or(author), 24)),
    };
    let author = if view.layout.shape == Shape::Wide { author } else { String::new() };
    let room = usize::from(area.width).saturating_sub(width(&author) + 2);
    split_line(buf, area, hints(view, room), Line::from(view.span(Role::Muted, author)));
    None
}

/// The filter is typed where the activity or the hints stand, so that the list does not move.
fn filter(view: &View<'_>, buf: &mut Buffer) -> Position {
    let area = if view.layout.footer.is_empty() { view.layout.activity } else { view.layout.footer };
    let blank = " ".repeat(usize::from(area.width));
    buf.set_string(area.x, area.y, blank, view.theme.ground());
    let input = &view.state.filter;
    let found = view.state.list.len();
    let left = vec![view.span(Role::Accent, " / "), view.span(Role::Text, crate::tui::fit::clean(input.text()))];
    let right = format!("{found} found · enter keeps · esc clears ");
    let right = if area.width >= 60 { right } else { format!("{found} ") };
    split_line(buf, area, Line::from(left), Line::from(view.span(Role::Muted, right)));
    let x = 3 + width(&crate::tui::fit::clean(input.before_cursor())) as u16;
    Position { x: area.x + x.min(area.width.saturating_sub(1)), y: area.y }
}

/// As many hints as there is room for; what can't be done now is left out.
pub(super) fn hints(view: &View<'_>, room: usize) -> Line<'static> {
    let wide = [
        Action::Confirm,
        Action::Note,
        Action::Waive,
        Action::Dismiss,
        Action::Edit,
        Action::PathToGo,
        Action::Find,
        Action::Palette,
        Action::Help,
    ];
    let medium = [Action::Confirm, Action::Waive, Action::Edit, Action::PathToGo, Action::Palette, Action::Help];
    let detail =
        [Action::NextEvidence, Action::Edit, Action::Copy, Action::Drift, Action::Back, Action::Palette, Action::Help];
    let none = [Action::Palette, Action::Help, Action::Quit];
    let wanted: &[Action] = match (view.layout.shape, view.state.focus) {
        _ if view.state.selected_row().is_none() => &none,
        (Shape::Wide, Focus::Detail) => &detail,
        (Shape::Wide, _) => &wide,
        _ => &medium,
    };
    let mut spans = Vec::new();
    let mut used = 1;
    for action in wanted.iter().filter(|action| action.obstacle(view.state).is_none()) {
        let Some(key) = view.state.keymap.keys(*action).next() else { continue };
        let cells = width(&key) + width(action.spec().word) + 3;
        if used + cells > room {
            break;
        }
        used += cells;
        spans.push(view.span(Role::Accent, format!(" {key}")));
        spans.push(view.span(Role::Muted, format!(" {} ", action.spec().word)));
    }
    Line::from(spans)
}
