//! Lists over the board: commands, themes, the path to GO, what changed.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::readiness::board::{Row, Step, Verdict};
use crate::readiness::phase::{PhaseShare, phase_shares};
use crate::tui::fit::{clean, count, effort, fit, pad, pad_left};
use crate::tui::input::Input;
use crate::tui::theme::Role;
use crate::tui::update::over::palette_specs;
use crate::tui::view::over::{boxed, message, rows, typed};
use crate::tui::view::{View, activity as activity_line};

pub(super) fn palette(view: &View<'_>, buf: &mut Buffer, filter: &Input, cursor: usize) -> Position {
    let area = boxed(view, buf, (72, 20), "Commands", "enter does it · esc leaves");
    let at = typed(view, buf, area, ": ", filter);
    let body = Rect { y: area.y + 2.min(area.height), height: area.height.saturating_sub(2), ..area };
    let found = palette_specs(filter.text());
    if found.is_empty() {
        message(view, buf, body, "No command has these letters.");
        return at;
    }
    let line = |spec: &&crate::tui::action::Spec| {
        let key = view.state.keymap.keys(spec.action).next().unwrap_or_default();
        match spec.action.obstacle(view.state) {
            None => Line::from(vec![
                view.span(Role::Text, pad(spec.title, 44)),
                view.span(Role::Accent, pad_left(&key, 10)),
            ]),
            Some(why) => Line::from(vec![
                view.span(Role::Muted, fit(spec.title, 30)),
                view.span(Role::Muted, format!("  {}", fit(&why, 60))),
            ]),
        }
    };
    rows(view, buf, body, found.iter().map(line).collect(), cursor);
    at
}

pub(super) fn themes(view: &View<'_>, buf: &mut Buffer, cursor: usize) {
    let height = view.state.themes.len() as u16 + 2;
    let area = boxed(view, buf, (58, height), "Themes", "the board shows it · enter keeps · esc goes back");
    let line = |theme: &crate::tui::theme::Theme| {
        let mut spans = vec![
            view.span(Role::Text, pad(&theme.name, 25)),
            view.span(Role::Muted, pad(&theme.title, 22)),
            Span::raw(" "),
        ];
        for role in [Role::Ok, Role::Warn, Role::Bad, Role::Waived, Role::Accent] {
            spans.push(Span::styled("█", theme.style(role)));
        }
        Line::from(spans)
    };
    rows(view, buf, area, view.state.themes.iter().map(line).collect(), cursor);
}

pub(super) fn path(view: &View<'_>, buf: &mut Buffer, cursor: usize) {
    let title = format!("The shortest path to GO for {}", view.state.aimed_title());
    let (Some(verdict), Some(board)) = (view.state.aimed(), &view.state.board) else {
        let area = boxed(view, buf, (60, 4), "The shortest path to GO", "esc leaves");
        message(view, buf, area, "There is no verdict yet: still reading.");
        return;
    };
    let phases = phases(view);
    let extra = 5 + phases.len() as u16;
    let height =
        (verdict.path.len() as u16).saturating_add(extra).min(view.layout.whole.height.saturating_sub(4)).max(5);
    let area = boxed(view, buf, (92, height), &title, "enter goes there · esc leaves");
    if verdict.path.is_empty() {
        let words = match verdict.verdict {
            Verdict::Go => "It is GO: nothing is in the way.",
            _ => "Nothing blocks it: only waivers stand between this and GO.",
        };
        message(view, buf, area, words);
        return;
    }
    let line = |(i, step): (usize, &Step)| {
        let row = board.rows.get(step.row);
        let title = row.map(|row| row.item.title.as_str()).unwrap_or_default();
        let room = usize::from(area.width).saturating_sub(32).max(8);
        let status = row.map_or(Span::raw(" "), |row| view.status(row.status));
        Line::from(vec![
            view.span(Role::Muted, pad_left(&(i + 1).to_string(), 3)),
            Span::raw("  "),
            status,
            Span::raw("  "),
            view.span(Role::Text, pad(title, room)),
            view.span(Role::Muted, pad_left(&effort(step.effort_minutes), 8)),
            waits(view, row, step),
        ])
    };
    let below = 2 + phases.len() as u16;
    let below = if area.height >= below + 3 { below } else { 2 };
    let body = Rect { height: area.height.saturating_sub(below), ..area };
    rows(view, buf, body, verdict.path.iter().enumerate().map(line).collect(), cursor);
    let total = format!("{} in all", effort(verdict.effort_minutes));
    if area.height > 2 && verdict.effort_minutes > 0 {
        super::put(buf, area.x, area.bottom() - 1, area.width, view.span(Role::Muted, total));
    }
    for (line, y) in phases.into_iter().zip(body.bottom() + 1..area.bottom() - 1) {
        super::put(buf, area.x, y, area.width, line);
    }
}

/// What a step waits for comes before who has to take it.
fn waits(view: &View<'_>, row: Option<&Row>, step: &Step) -> Span<'static> {
    let blockers = row.map(|row| row.work.blocked_by.as_slice()).unwrap_or_default();
    match (blockers, step.needs_person) {
        ([], true) => view.span(Role::Ask, "  needs a person"),
        ([], false) => Span::raw(""),
        ([first, rest @ ..], _) => {
            let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            view.span(Role::Warn, format!("  after {}{more}", clean(first)))
        }
    }
}

/// How far each phase is, where the checklist has any work in it.
fn phases(view: &View<'_>) -> Vec<Line<'static>> {
    let Some(board) = &view.state.board else { return Vec::new() };
    let line = |share: PhaseShare| {
        let phase = &board.phases[share.phase];
        let boxed = phase.box_days.map(|days| format!("  {} to do it", count(days as usize, "day", "days")));
        let left = effort(share.effort_minutes);
        let left = if left.is_empty() { left } else { format!("  about {left} left") };
        Line::from(vec![
            view.span(Role::Text, pad(&phase.title, 20)),
            view.span(
                Role::Muted,
                format!("{} of {} ready{left}{}", share.ready, share.items, boxed.unwrap_or_default()),
            ),
        ])
    };
    phase_shares(board).into_iter().map(line).collect()
}

pub(super) fn activity(view: &View<'_>, buf: &mut Buffer, cursor: usize) {
    let height = view.layout.whole.height.saturating_sub(6).clamp(5, 26);
    let area = boxed(view, buf, (100, height), "What changed", "enter goes there · esc leaves");
    if view.state.activity.is_empty() {
        message(view, buf, area, "Nothing has flipped since the dashboard started. Save a file and see.");
        return;
    }
    let lines = view.state.activity.iter().map(|flip| activity_line::flip_line(view, flip)).collect();
    rows(view, buf, area, lines, cursor);
}

/// Every problem in full: the chosen one has its words below the list, where they may take several lines.
pub(super) fn problems(view: &View<'_>, buf: &mut Buffer, cursor: usize) {
    let problems = view.state.problems();
    let height = (problems.len() as u16).saturating_add(7).min(view.layout.whole.height.saturating_sub(4)).max(8);
    let area = boxed(view, buf, (100, height), "Problems", "enter opens the place · esc leaves");
    let Some(chosen) = problems.get(cursor.min(problems.len().saturating_sub(1))) else {
        message(view, buf, area, "Nothing is wrong with the checklist, the ledger or the tree.");
        return;
    };
    let below = 4.min(area.height / 2);
    let list = Rect { height: area.height.saturating_sub(below + 1), ..area };
    let line = |problem: &crate::checklist::model::Problem| {
        Line::from(view.span(Role::Text, crate::tui::fit::clean(&problem.to_string())))
    };
    rows(view, buf, list, problems.iter().map(line).collect(), cursor);
    let words = Rect { y: list.bottom() + 1, height: below, ..area };
    message(view, buf, words, &chosen.to_string());
}
