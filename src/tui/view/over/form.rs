//! A form: what it speaks of, its places and fields, and what went wrong with it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::tui::fit::{clean, pad, width, wrap};
use crate::tui::form::{Form, FormKind, until};
use crate::tui::theme::Role;
use crate::tui::view::View;
use crate::tui::view::over::{boxed, put, rows, typed};

/// The most places that are shown at once.
const PICKS: u16 = 8;
/// The rows that a field of free text takes.
const TEXT_ROWS: u16 = 3;

pub(super) fn draw(view: &View<'_>, buf: &mut Buffer, form: &Form) -> Option<Position> {
    let picks = (form.picks.len() as u16).min(PICKS);
    let fields: u16 = form.fields.iter().enumerate().map(|(i, _)| rows_of(form, i) + 2).sum();
    let height = 3 + picks + u16::from(picks > 0) + fields + 3;
    let hint = match (form.waiting.is_some(), form.picks.is_empty()) {
        (true, _) => "writing … · esc leaves",
        (_, false) => "space picks · tab moves · enter writes · esc leaves",
        (_, true) if form.fields.len() > 1 => "tab moves · enter writes · esc leaves",
        _ => "enter writes · alt-enter new line · esc leaves",
    };
    let area = boxed(view, buf, (76, height), form.title(), hint);
    let mut y = area.y;
    let mut line = |buf: &mut Buffer, text: Line<'static>| {
        if y < area.bottom() {
            put(buf, area.x, y, area.width, text);
        }
        y += 1;
    };
    // Where it does not fit, what is being typed does.
    let tight = height > view.layout.whole.height;
    if let Some(row) = view.state.row(&form.item).filter(|_| !tight) {
        line(buf, Line::from(view.span(Role::Text, clean(&row.item.title))));
        line(buf, Line::from(view.span(Role::Muted, clean(&form.item))));
        y += 1;
    }
    if picks > 0 && !(tight && form.field_index().is_some()) {
        let room = Rect { y, height: picks.min(area.bottom().saturating_sub(y)), ..area };
        draw_picks(view, buf, room, form);
        y += picks + 1;
    }
    let mut cursor = None;
    let first = if tight { form.field_index().unwrap_or(0) } else { 0 };
    for i in first..form.fields.len() {
        let rows = rows_of(form, i);
        if y + 1 >= area.bottom() {
            break;
        }
        let room = Rect { y, height: (rows + 1).min(area.bottom() - y), ..area };
        let at = draw_field(view, buf, room, form, i);
        cursor = cursor.or(at);
        y += rows + 2;
    }
    if let Some(error) = &form.error {
        for (text, y) in wrap(error, usize::from(area.width)).into_iter().zip(y.min(area.bottom() - 1)..area.bottom()) {
            put(buf, area.x, y, area.width, view.span(Role::Bad, pad(&text, usize::from(area.width))));
        }
    }
    cursor
}

fn rows_of(form: &Form, i: usize) -> u16 {
    let free = form.fields[i].choices.is_empty() && !matches!(form.kind, FormKind::Export | FormKind::Assign);
    if free { TEXT_ROWS } else { 1 }
}

fn draw_picks(view: &View<'_>, buf: &mut Buffer, area: Rect, form: &Form) {
    let line = |pick: &crate::tui::form::Pick| {
        let sign = if pick.on { "[x] " } else { "[ ] " };
        Line::from(vec![view.span(Role::Accent, sign), view.span(Role::Text, clean(&pick.label))])
    };
    let lines: Vec<_> = form.picks.iter().map(line).collect();
    if form.field_index().is_none() {
        rows(view, buf, area, lines, form.focus);
        return;
    }
    for (line, y) in lines.into_iter().zip(area.y..area.bottom()) {
        put(buf, area.x, y, area.width, line);
    }
}

fn draw_field(view: &View<'_>, buf: &mut Buffer, area: Rect, form: &Form, i: usize) -> Option<Position> {
    let field = &form.fields[i];
    let focused = form.field_index() == Some(i) && form.waiting.is_none();
    let role = if focused { Role::Accent } else { Role::Muted };
    let mut label = vec![view.span(role, field.label), view.span(Role::Muted, format!("  {}", field.hint))];
    let day = view.state.today().and_then(|today| until(field.input.text(), today).ok());
    if let (FormKind::Waive | FormKind::Assign, 1, Some(day)) = (form.kind, i, day) {
        label.push(view.span(Role::Text, format!("  → {}", day.strftime("%-d %b %Y"))));
    }
    put(buf, area.x, area.y, area.width, Line::from(label));
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    if body.height <= 1 {
        let at = typed(view, buf, Rect { height: 1, ..body }, "  ", &field.input);
        return focused.then_some(at);
    }
    // A few rows of text that end where the cursor is.
    let cells = usize::from(body.width).saturating_sub(3).max(1);
    let before = broken(field.input.before_cursor(), cells);
    let all = broken(field.input.text(), cells);
    let row = before.len() - 1;
    let top = (row + 1).saturating_sub(usize::from(body.height));
    for (text, y) in all.into_iter().skip(top).zip(body.y..body.bottom()) {
        put(buf, body.x + 2, y, body.width.saturating_sub(2), view.span(Role::Text, text));
    }
    let x = width(before.last().map_or("", String::as_str)) as u16;
    let at = Position { x: (body.x + 2 + x).min(body.right().saturating_sub(1)), y: body.y + (row - top) as u16 };
    focused.then_some(at)
}

/// Lines cut after so many cells; always at least one.
fn broken(text: &str, cells: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for c in text.chars() {
        if c == '\n' {
            lines.push(String::new());
            used = 0;
            continue;
        }
        let shown = clean(c.encode_utf8(&mut [0; 4]));
        if used + width(&shown) > cells {
            lines.push(String::new());
            used = 0;
        }
        used += width(&shown);
        if let Some(last) = lines.last_mut() {
            last.push_str(&shown);
        }
    }
    lines
}
