//! The items, one a line, in columns that never move.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Stylize;
use ratatui::text::{Line, Span};

use crate::checklist::model::Priority;
use crate::probe::outcome::Evidence;
use crate::readiness::board::Row;
use crate::readiness::status::Status;
use crate::readiness::work::{Progress, Window};
use crate::tui::fit::{count, effort, fit, pad, pad_left, wrap};
use crate::tui::layout::Shape;
use crate::tui::state::{Focus, Show, State};
use crate::tui::theme::Role;
use crate::tui::view::{View, glyph, put, score, split_line};

pub(super) fn draw(view: &View<'_>, buf: &mut Buffer) {
    title(view, buf);
    let area = view.layout.list;
    if view.state.list.is_empty() {
        empty(view, buf);
        return;
    }
    let cursor = view.state.cursor();
    let visible = view.state.list_rows().enumerate().skip(view.state.list_top);
    for ((i, row), y) in visible.zip(area.y..area.bottom()) {
        let line = row_line(view, row, usize::from(area.width));
        put(buf, area.x, y, area.width, line);
        if cursor == Some(i) {
            put(buf, area.x, y, 1, view.span(Role::Accent, "▸"));
            let strong = view.has_focus(Focus::List);
            buf.set_style(Rect::new(area.x, y, area.width, 1), view.theme.selection(strong));
        }
    }
}

fn title(view: &View<'_>, buf: &mut Buffer) {
    let area = view.layout.list_title;
    if area.is_empty() {
        return;
    }
    let Some(board) = &view.state.board else { return };
    let row = view.state.category_index().checked_sub(1).and_then(|i| board.categories.get(i));
    let (name, range) = row.map_or(("All".to_owned(), board.score), |row| (row.category.title.clone(), row.score));
    let role = if view.has_focus(Focus::List) { Role::Accent } else { Role::Muted };
    let mut left = vec![view.span(role, format!(" {}", fit(&name, 40))).bold()];
    let narrowed = narrowed_by(view.state);
    if !narrowed.is_empty() {
        left.push(view.span(Role::Warn, format!("   {narrowed}")));
    }
    let right = format!("{} · {} ", ready_words(view), score(range));
    split_line(buf, area, Line::from(left), Line::from(view.span(Role::Muted, right)));
}

/// `5 of 9 ready`, of what the category holds and not of what a filter shows.
pub(super) fn ready_words(view: &View<'_>) -> String {
    let Some(board) = &view.state.board else { return String::new() };
    let row = view.state.category_index().checked_sub(1).and_then(|i| board.categories.get(i));
    let rows: Vec<&Row> = match row {
        Some(row) => row.rows.iter().filter_map(|i| board.rows.get(*i)).collect(),
        None => board.rows.iter().collect(),
    };
    let applicable = rows.iter().filter(|row| row.status != Status::NotApplicable).count();
    let ready = rows.iter().filter(|row| row.status.is_ready()).count();
    format!("{ready} of {applicable} ready")
}

/// Everything that keeps rows out of sight.
pub(super) fn narrowed_by(state: &State) -> String {
    let mut parts = Vec::new();
    if !state.filter.is_empty() && !state.typing_filter {
        parts.push(format!("/{}", fit(state.filter.text(), 24)));
    }
    match &state.base {
        Some(base) if state.show == Show::Since => parts.push(format!("only since {}", fit(&base.name, 24))),
        None if state.show == Show::Since => parts.push("looking at the other branch".to_owned()),
        _ if state.show.words().is_empty() => {}
        _ => parts.push(state.show.words().to_owned()),
    }
    if state.hide_later {
        parts.push(format!("only {}", fit(&state.aimed_title(), 16)));
    }
    parts.join(" · ")
}

fn empty(view: &View<'_>, buf: &mut Buffer) {
    let area = view.layout.list;
    let words = match &view.state.board {
        None => "Items appear here as soon as they are decided. The keys work already.",
        Some(board) if board.rows.is_empty() => "The checklist has no items: : and then init writes one that has.",
        Some(_) if view.state.show == Show::Since && view.state.base.is_some() => {
            "No item is other than where this branch began. Esc shows them all again."
        }
        Some(_) if view.state.is_filtered() => "No item matches what is filtered for. Esc shows them all again.",
        Some(_) if view.state.hide_later => "Nothing here is needed by this tier. L shows what later tiers need.",
        Some(_) => "This category has no items.",
    };
    let lines = wrap(words, usize::from(area.width.saturating_sub(4)));
    for (text, y) in lines.into_iter().zip(area.y..area.bottom()) {
        put(buf, area.x, y, area.width, view.span(Role::Muted, format!("  {text}")));
    }
}

fn row_line(view: &View<'_>, row: &Row, width: usize) -> Line<'static> {
    let later = row.item.tier > view.state.aim();
    let mark = view.state.marks.iter().find(|mark| mark.item == row.item.id);
    let mark = match mark {
        Some(mark) => view.span(if mark.ripe { Role::Muted } else { Role::Accent }, "▌"),
        None => Span::raw(" "),
    };
    let role = |role: Role| if later { Role::Muted } else { role };
    let done = row.status.is_ready() || row.status == Status::NotApplicable;
    let glyph = if later { view.status(row.status).style(view.style(Role::Muted)) } else { view.status(row.status) };
    let mut spans = vec![Span::raw(" "), mark, glyph, beside(view, row)];
    if view.layout.shape == Shape::Narrow {
        spans.push(view.span(role(if done { Role::Muted } else { Role::Text }), fit(&row.item.title, width - 5)));
        return Line::from(spans);
    }
    let priority = match row.item.priority {
        Priority::P0 if !done && !later => view.span(Role::Bad, "P0").bold(),
        priority => view.span(Role::Muted, priority.to_string()),
    };
    spans.extend([priority, Span::raw("  ")]);
    let room = width.saturating_sub(9);
    let reason_width = (room / 3).clamp(12, 44);
    let title_width = room.saturating_sub(reason_width + 9);
    spans.push(view.span(role(if done { Role::Muted } else { Role::Text }), pad(&row.item.title, title_width)));
    spans.push(Span::raw("  "));
    spans.push(view.span(Role::Muted, pad(&reason(row, reason_width), reason_width)));
    let effort = if done || row.status == Status::Waived { String::new() } else { effort(row.item.effort_minutes) };
    spans.push(view.span(Role::Muted, pad_left(&effort, 6)));
    Line::from(spans)
}

/// Beside the status, never in place of it: that it waits, or that its day is over.
fn beside(view: &View<'_>, row: &Row) -> Span<'static> {
    if !row.work.blocked_by.is_empty() {
        view.span(Role::Warn, glyph::BLOCKED)
    } else if row.work.window == Some(Window::Overdue) {
        view.span(Role::Bad, glyph::OVERDUE)
    } else {
        Span::raw(" ")
    }
}

/// The few words beside the title: where to look, or why it is so.
fn reason(row: &Row, room: usize) -> String {
    let short = |evidence: &Evidence| {
        let name = evidence.path.as_ref().map(|path| path.name().to_owned());
        name.map(|name| if evidence.line > 0 { format!("{name}:{}", evidence.line) } else { name })
    };
    let evidence = &row.outcome.evidence;
    let first = evidence.first().and_then(short);
    let all_places = evidence.iter().all(|one| one.path.is_some());
    if let Some(words) = work(row) {
        return words;
    }
    match (row.status, first) {
        (Status::Failed, Some(place)) if row.outcome.found == 1 => place,
        (Status::Failed, Some(_)) if all_places => count(row.outcome.found, "place", "places"),
        (Status::Failed, Some(place)) if row.outcome.found > 1 => {
            format!("{place} and {} more", row.outcome.found - 1)
        }
        (Status::Likely, Some(place)) => format!("confirm: {place}"),
        // The glyph says that it waits to be confirmed; where there is room, words do too.
        (Status::Likely, None) => match format!("confirm: {}", row.reason) {
            long if crate::tui::fit::width(&long) > room => row.reason.clone(),
            words => words,
        },
        (Status::Passed | Status::Attested, _) => String::new(),
        _ => row.reason.clone(),
    }
}

/// What of its work somebody must know before the place.
fn work(row: &Row) -> Option<String> {
    let work = &row.work;
    let due = work.window.and(work.due);
    match (work.blocked_by.as_slice(), row.outcome.partly()) {
        ([first], _) => Some(format!("after {first}")),
        ([first, rest @ ..], _) => Some(format!("after {first} and {} more", rest.len())),
        ([], _) if work.window == Some(Window::Overdue) => {
            due.map(|due| format!("overdue, {}", due.strftime("%-d %b")))
        }
        ([], _) if work.progress == Progress::Done => Some("done, to verify".to_owned()),
        ([], _) if matches!(work.window, Some(Window::Today | Window::Week)) => {
            due.map(|due| format!("due {}", due.strftime("%-d %b")))
        }
        ([], Some((holding, applying))) if row.status == Status::Failed => {
            Some(format!("{holding} of {applying} hold"))
        }
        _ => None,
    }
}
