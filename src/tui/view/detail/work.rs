//! How the work on the selected item stands: what it waits for, which half of it holds, what there is to copy.

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use crate::probe::outcome::{Answer, Part};
use crate::readiness::board::Row;
use crate::readiness::status::Status;
use crate::readiness::work::{Progress, Window};
use crate::text::words::person;
use crate::tui::fit::{clean, fit};
use crate::tui::theme::Role;
use crate::tui::view::detail::paragraph;
use crate::tui::view::{View, glyph};

/// Beside the status: what stands in the way, and how far it is.
pub(super) fn lines(view: &View<'_>, row: &Row, width: usize, lines: &mut Vec<Line<'static>>) {
    let (item, work) = (&row.item, &row.work);
    let mut warn = |sign: &'static str, text: String| {
        let style = view.style(Role::Warn).add_modifier(Modifier::BOLD);
        let text = fit(&clean(&text), width.saturating_sub(2));
        lines.push(Line::from(vec![Span::styled(format!("{sign} "), style), view.span(Role::Warn, text)]));
    };
    if !work.blocked_by.is_empty() {
        let own = if work.is_excused { ": it counts as unproven until then" } else { "" };
        warn(glyph::BLOCKED, format!("blocked by {}{own}", work.blocked_by.join(", ")));
    }
    if let (Some(Window::Overdue), Some(due)) = (work.window, work.due) {
        warn(glyph::OVERDUE, format!("overdue since {}", due.strftime("%-d %b %Y")));
    }
    if work.progress == Progress::Done {
        warn("·", "said to be done, not verified".to_owned());
    }
    parts(view, row, width, lines);
    inventory(view, row, width, lines);
    let related = [
        ("For", related(view, |other| other.item.plan.needs.contains(&item.id))),
        ("Of", item.plan.caused_by.clone()),
        ("To", related(view, |other| other.item.plan.caused_by.contains(&item.id))),
        ("Pick", item.options.clone()),
    ];
    for (label, words) in related {
        let between = if label == "Pick" { " | " } else { ", " };
        let lead = match label {
            "For" => "opens the way for ",
            "Of" => "caused by ",
            "To" => "causes ",
            _ => "",
        };
        if !words.is_empty() {
            let label = if label == "Pick" { "Pick" } else { "Tie" };
            lines.extend(paragraph(view, label, &format!("{lead}{}", words.join(between)), width));
        }
    }
}

/// The halves of an item that does not hold as a whole.
fn parts(view: &View<'_>, row: &Row, width: usize, lines: &mut Vec<Line<'static>>) {
    if row.status.is_ready() || row.status == Status::NotApplicable {
        return;
    }
    for part in &row.outcome.parts {
        let (sign, status) = sign(part);
        let reason = if part.answer == Answer::Pass || part.reason.is_empty() {
            String::new()
        } else {
            format!(": {}", part.reason)
        };
        let text = fit(&clean(&format!("{}{reason}", part.name)), width.saturating_sub(4));
        lines.push(Line::from(vec![
            Span::raw("  "),
            Span::styled(sign, view.theme.status(status)),
            view.span(Role::Text, format!(" {text}")),
        ]));
    }
}

/// How many elements are listed around the chosen one.
const ELEMENTS: usize = 8;

/// What is confirmed one by one, with the one that the key speaks of.
fn inventory(view: &View<'_>, row: &Row, width: usize, lines: &mut Vec<Line<'static>>) {
    let all = &row.inventory;
    if all.is_empty() {
        return;
    }
    lines.push(Line::default());
    let chosen = view.state.evidence.min(all.len() - 1);
    let first = chosen.saturating_sub(ELEMENTS / 2).min(all.len().saturating_sub(ELEMENTS));
    for (at, element) in all.iter().enumerate().skip(first).take(ELEMENTS) {
        let who = element.by.as_deref().map(person).unwrap_or_default();
        let place = if element.place == element.name { "" } else { element.place.as_str() };
        let words: Vec<&str> =
            [element.name.as_str(), place, who].into_iter().filter(|word| !word.is_empty()).collect();
        let role = if at == chosen { Role::Emphasis } else { Role::Text };
        lines.push(Line::from(vec![
            view.span(Role::Accent, if at == chosen { "▸ " } else { "  " }),
            Span::styled(glyph::status(element.status), view.theme.status(element.status)),
            view.span(role, format!(" {}", fit(&clean(&words.join("  ")), width.saturating_sub(4)))),
        ]));
    }
    let hint = format!("{} of {} · space confirms it, ] goes on", chosen + 1, all.len());
    lines.push(Line::from(view.span(Role::Muted, hint)));
}

fn sign(part: &Part) -> (&'static str, Status) {
    let status = match part.answer {
        Answer::Pass => Status::Passed,
        Answer::Fail => Status::Failed,
        Answer::Unknown => Status::Unknown,
        Answer::NotApplicable => Status::NotApplicable,
    };
    (glyph::status(status), status)
}

fn related(view: &View<'_>, is_related: impl Fn(&Row) -> bool) -> Vec<String> {
    let rows = view.state.board.iter().flat_map(|board| &board.rows);
    rows.filter(|row| is_related(row)).map(|row| row.item.id.clone()).collect()
}

/// What there is to copy, to write and to run by hand.
pub(super) fn remedy(view: &View<'_>, row: &Row, width: usize, lines: &mut Vec<Line<'static>>) {
    let plan = &row.item.plan;
    if !plan.creates.is_empty() {
        lines.extend(paragraph(view, "New", &plan.creates.join(", "), width));
    }
    if let Some(command) = &plan.verify {
        lines.extend(paragraph(view, "Run", command, width));
    }
    if let Some(snippet) = &plan.snippet {
        lines.push(Line::default());
        for text in snippet.text.lines() {
            lines.push(Line::from(view.span(Role::Muted, format!("     {}", clean(&text.replace('\t', "    "))))));
        }
    }
}
