//! The categories with their scores, and under them why the aimed tier is what it is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Stylize;
use ratatui::text::{Line, Span};

use crate::ledger::fold::Position;
use crate::readiness::board::{Score, TierVerdict, Verdict};
use crate::readiness::status::Status;
use crate::tui::fit::{count, effort, fit, pad};
use crate::tui::layout::Shape;
use crate::tui::state::Focus;
use crate::tui::theme::Role;
use crate::tui::view::{View, bar, blocking, glyph, put, score, verdict_word};

pub(super) fn draw(view: &View<'_>, buf: &mut Buffer) {
    match view.layout.shape {
        Shape::Wide => {
            column(view, buf);
            verdict(view, buf);
        }
        _ => strip(view, buf),
    }
}

/// `‹ Secrets 22–55 · 3/13 ›`
fn strip(view: &View<'_>, buf: &mut Buffer) {
    let area = view.layout.categories;
    let Some(board) = &view.state.board else {
        put(
            buf,
            area.x,
            area.y,
            area.width,
            Line::from(view.span(Role::Muted, " categories come with the first answers")),
        );
        return;
    };
    let index = view.state.category_index();
    let (title, range) = entry(view, index);
    let names = if view.layout.shape == Shape::Medium { 16 } else { 14 };
    let focus = if view.has_focus(Focus::Categories) { Role::Accent } else { Role::Muted };
    let mut spans = vec![view.span(focus, " ‹ "), view.span(Role::Emphasis, pad(&title, names)), Span::raw(" ")];
    spans.extend(bar(view, range, 8));
    spans.push(view.span(Role::Text, format!(" {}", pad(&score(range), 6))));
    spans.push(view.span(focus, format!(" {}/{} ›", index + 1, board.categories.len() + 1)));
    if view.layout.shape == Shape::Medium {
        spans.push(view.span(Role::Muted, format!("   {}", super::list::ready_words(view))));
    }
    put(buf, area.x, area.y, area.width, Line::from(spans));
}

fn entry(view: &View<'_>, index: usize) -> (String, Score) {
    let Some(board) = &view.state.board else { return Default::default() };
    match index.checked_sub(1).and_then(|i| board.categories.get(i)) {
        Some(row) => (row.category.title.clone(), row.score),
        None => ("All".to_owned(), board.score),
    }
}

fn column(view: &View<'_>, buf: &mut Buffer) {
    let area = view.layout.categories;
    let focused = view.has_focus(Focus::Categories);
    let title_role = if focused { Role::Accent } else { Role::Muted };
    let Some(board) = &view.state.board else {
        put(buf, area.x, area.y, area.width, view.span(title_role, " READY"));
        let words = Line::from(view.span(Role::Muted, " categories come with the"));
        put(buf, area.x, area.y + 2, area.width, words);
        put(buf, area.x, area.y + 3, area.width, view.span(Role::Muted, " first answers"));
        return;
    };
    let head = vec![
        view.span(title_role, " READY ").bold(),
        view.span(Role::Emphasis, score(board.score)),
        view.span(Role::Muted, format!("  of {}", count(board.score.applicable as usize, "item", "items"))),
    ];
    put(buf, area.x, area.y, area.width, Line::from(head));
    let names = usize::from(area.width) - 20;
    let rows = usize::from(area.height).saturating_sub(2);
    let selected = view.state.category_index();
    let top = view.state.category_top;
    for (i, y) in (top..=board.categories.len()).take(rows).zip(area.y + 2..) {
        let (title, range) = entry(view, i);
        let chosen = i == selected;
        let name = if chosen { Role::Emphasis } else { Role::Text };
        let mut spans = vec![
            view.span(Role::Accent, if chosen { " ▸ " } else { "   " }),
            view.span(name, pad(&title, names)),
            Span::raw(" "),
        ];
        spans.extend(bar(view, range, 8));
        spans.push(view.span(Role::Text, format!(" {}", pad(&score(range), 6))));
        put(buf, area.x, y, area.width, Line::from(spans));
        if chosen && focused {
            buf.set_style(Rect::new(area.x, y, area.width, 1), view.theme.selection(true));
        }
    }
    let hidden = (board.categories.len() + 1).saturating_sub(top + rows);
    if hidden > 0 && area.height > 2 {
        put(buf, area.x, area.bottom(), area.width, view.span(Role::Muted, format!("   {hidden} more")));
    }
}

fn verdict(view: &View<'_>, buf: &mut Buffer) {
    let area = view.layout.verdict;
    let Some(verdict) = view.state.aimed() else {
        put(buf, area.x, area.y, area.width, view.span(Role::Muted, " no verdict yet"));
        return;
    };
    let title = fit(&view.state.aimed_title().to_uppercase(), usize::from(area.width).saturating_sub(18));
    let mut lines = vec![Line::from(vec![
        view.span(Role::Emphasis, format!(" {title} IS ")),
        Span::styled(verdict_word(verdict.verdict), view.theme.verdict(verdict.verdict)),
    ])];
    for (status, number) in blocking(view.state, verdict).into_iter().take(5) {
        let words = format!("   {} {number} {}", glyph::status(status), blocking_word(status));
        lines.push(Line::from(Span::styled(words, view.theme.status(status))));
    }
    lines.extend(nearest(view, verdict).into_iter().map(|words| Line::from(view.span(Role::Muted, words))));
    for (line, y) in lines.into_iter().zip(area.y..area.bottom()) {
        put(buf, area.x, y, area.width, line);
    }
}

pub(super) fn blocking_word(status: Status) -> &'static str {
    match status {
        Status::Failed => "failing",
        Status::Open => "to answer",
        Status::Likely => "to confirm",
        other => other.word(),
    }
}

fn nearest(view: &View<'_>, verdict: &TierVerdict) -> Vec<String> {
    if matches!(verdict.verdict, Verdict::Go | Verdict::Conditional) {
        return vec![format!(" {}", lapses_first(view))];
    }
    let people = verdict.path.iter().filter(|step| step.needs_person).count();
    let fixes = verdict.path.len() - people;
    let mut parts = Vec::new();
    if fixes > 0 {
        parts.push(format!("fix {fixes}"));
    }
    if people > 0 {
        parts.push(format!("answer {people}"));
    }
    if parts.is_empty() {
        return Vec::new();
    }
    let time = match effort(verdict.effort_minutes) {
        time if time.is_empty() => String::new(),
        time => format!("about {time}"),
    };
    let who = if people > 0 { "a person" } else { "" };
    let second = [time.as_str(), who].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" and ");
    vec![format!(" nearest: {}", parts.join(", ")), format!(" {second}")]
}

/// What would end a GO first, so that it does not come as a surprise.
fn lapses_first(view: &View<'_>) -> String {
    let Some(board) = &view.state.board else { return String::new() };
    let aim = view.state.aim();
    let gate = board.tiers.get(aim).map(|tier| tier.gate);
    let gated = board.rows.iter().filter(|row| row.item.tier <= aim && Some(row.item.priority) <= gate);
    let lapse = |row: &crate::readiness::board::Row| match &row.standing.position {
        // Where the files prove it, nobody's word has to last.
        _ if !matches!(row.status, Status::Attested | Status::Waived) => None,
        Position::Attested(decision) => {
            let days = i64::from(row.item.review_every_days?);
            let day = decision.at.to_zoned(view.state.zone.clone()).date();
            day.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
        }
        Position::Waived(decision) => decision.expires,
        _ => None,
    };
    let first = gated.filter_map(|row| Some((lapse(row)?, &row.item.id))).min();
    match first {
        Some((day, id)) => format!("until {}: {id}", day.strftime("%-d %b")),
        None => "until a file changes".to_owned(),
    }
}
