//! Everything about the selected item: why it matters, how to fix it, where it was found, what people said.

mod work;

use ratatui::buffer::Buffer;
use ratatui::style::Modifier;
use ratatui::style::Stylize;
use ratatui::text::{Line, Span};

use crate::ledger::decision::{Decision, Kind};
use crate::ledger::fold::Position;
use crate::probe::outcome::Evidence;
use crate::readiness::board::Row;
use crate::readiness::status::Status;
use crate::tui::fit::{clean, count, effort, fit, pad_left, wrap};
use crate::tui::layout::Shape;
use crate::tui::state::Focus;
use crate::tui::theme::Role;
use crate::tui::update::AROUND;
use crate::tui::view::{View, activity, put};

/// How many places are listed around the selected one.
const PLACES: usize = 6;

pub(super) fn draw(view: &View<'_>, buf: &mut Buffer) {
    let area = view.layout.detail;
    let width = usize::from(area.width.saturating_sub(2));
    let (lines, _) = lines(view, width);
    let more = lines.len().saturating_sub(usize::from(area.height));
    let top = view.state.detail_top.min(more);
    for (line, y) in lines.into_iter().skip(top).zip(area.y..area.bottom()) {
        put(buf, area.x + 1, y, area.width.saturating_sub(1), line);
    }
    if view.has_focus(Focus::Detail) && view.layout.shape != Shape::Narrow {
        // The edge tells which panel the keys move.
        for y in area.y..area.bottom() {
            put(buf, area.x, y, 1, view.span(Role::Accent, "▌"));
        }
    }
    if top < more && area.height > 0 {
        let words = format!(" {} more ", more - top);
        let x = area.right().saturating_sub(words.len() as u16);
        put(buf, x, area.bottom() - 1, words.len() as u16, view.span(Role::Muted, words));
    }
}

/// Where fewer rows are, the places come before the words, so that the source is in sight without scrolling.
const SHORT: u16 = 13;

/// What the detail says, and the line of the selected place in it.
pub(super) fn lines(view: &View<'_>, width: usize) -> (Vec<Line<'static>>, usize) {
    let Some(row) = view.state.selected_row() else {
        return (vec![Line::from(view.span(Role::Muted, "What an item asks, why, and where: select one."))], 0);
    };
    let short = view.layout.detail.height < SHORT && view.state.evidence_place().is_some_and(|(_, line)| line > 0);
    let mut lines: Vec<Line<'static>> = wrap(&row.item.title, width)
        .into_iter()
        .map(|text| Line::from(view.span(Role::Emphasis, text).bold()))
        .collect();
    if !short {
        lines.push(meta(view, row));
        lines.push(Line::default());
    }
    let reason = if row.reason.is_empty() { row.outcome.reason.as_str() } else { row.reason.as_str() };
    let status = format!("{} {}", super::glyph::status(row.status), row.status.word());
    let head = Span::styled(status.clone(), view.theme.status(row.status).add_modifier(Modifier::BOLD));
    let indent = crate::tui::fit::width(&status) + 3;
    let mut place = 0;
    if short {
        // One line: what does not fit is told by the places.
        lines.extend(labelled(view, head, &fit(reason, width.saturating_sub(indent)), width, indent));
        place = lines.len() + places(view, row, &mut lines);
        lines.push(Line::default());
        lines.push(meta(view, row));
    } else {
        lines.extend(labelled(view, head, reason, width, indent));
    }
    work::lines(view, row, width, &mut lines);
    words(view, row, width, &mut lines);
    work::remedy(view, row, width, &mut lines);
    if !short {
        if has_places(row) || !row.moved.is_empty() {
            lines.push(Line::default());
        }
        place = lines.len() + places(view, row, &mut lines);
    }
    people(view, row, width, &mut lines);
    if !row.item.refs.is_empty() {
        lines.push(Line::default());
        lines.extend(paragraph(view, "See", &row.item.refs.join(" · "), width));
    }
    (lines, place)
}

/// What the checklist says of the item.
fn words(view: &View<'_>, row: &Row, width: usize, lines: &mut Vec<Line<'static>>) {
    if row.item.question() != row.item.title {
        lines.extend(paragraph(view, "Ask", row.item.question(), width));
    }
    lines.extend(paragraph(view, "Why", &row.item.why, width));
    lines.extend(paragraph(view, "Fix", &row.item.fix, width));
    // The status has told it already, unless a person's word stands before it.
    if let Some(broken) = row.item.broken.as_ref().filter(|broken| !row.reason.contains(broken.as_str())) {
        lines.extend(paragraph(view, "Bad", broken, width));
    }
}

/// `secrets.no-default · P0 · needed from pilot · about 5m`
fn meta(view: &View<'_>, row: &Row) -> Line<'static> {
    let tier = view.state.board.as_ref().and_then(|board| board.tiers.get(row.item.tier));
    let mut parts = vec![row.item.id.clone(), row.item.priority.to_string()];
    parts.extend(tier.map(|tier| format!("needed from {}", tier.id)));
    let effort = effort(row.item.effort_minutes);
    if !effort.is_empty() {
        parts.push(format!("about {effort}"));
    }
    let phase = view.state.board.as_ref().and_then(|board| board.phases.get(row.item.phase));
    parts.extend(phase.map(|phase| phase.title.clone()));
    if let Some(to) = &row.work.owner {
        parts.push(format!("given to {to}"));
    }
    parts.extend(row.work.window.and(row.work.due).map(|due| format!("due {}", due.strftime("%-d %b %Y"))));
    Line::from(view.span(Role::Muted, clean(&parts.join(" · "))))
}

pub(super) fn paragraph(view: &View<'_>, label: &'static str, text: &str, width: usize) -> Vec<Line<'static>> {
    labelled(view, view.span(Role::Accent, label), text, width, 5)
}

/// A label, and text that hangs beside it.
fn labelled(view: &View<'_>, label: Span<'static>, text: &str, width: usize, indent: usize) -> Vec<Line<'static>> {
    let gap = indent.saturating_sub(label.width());
    let mut texts = wrap(text, width.saturating_sub(indent)).into_iter();
    let Some(first) = texts.next() else {
        return if indent > 5 { vec![Line::from(label)] } else { Vec::new() };
    };
    let first = Line::from(vec![label, Span::raw(" ".repeat(gap)), view.span(Role::Text, first)]);
    let rest = texts.map(|text| Line::from(view.span(Role::Text, format!("{}{text}", " ".repeat(indent)))));
    std::iter::once(first).chain(rest).collect()
}

/// A lack that has no place is told by the reason already.
fn has_places(row: &Row) -> bool {
    match row.outcome.evidence.as_slice() {
        [only] => only.path.is_some() || only.message != row.outcome.reason,
        more => !more.is_empty(),
    }
}

/// Answers how many lines after the first one the selected place stands.
fn places(view: &View<'_>, row: &Row, lines: &mut Vec<Line<'static>>) -> usize {
    let evidence = &row.outcome.evidence;
    let before = lines.len();
    if !row.moved.is_empty() {
        lines.push(Line::from(
            view.span(Role::Warn, format!("{} moved since", count(row.moved.len(), "file", "files"))),
        ));
        for path in row.moved.iter().take(PLACES) {
            lines.push(Line::from(view.span(Role::Text, format!("  {}", clean(path.as_str())))));
        }
        if row.moved.len() > PLACES {
            lines.push(Line::from(view.span(Role::Muted, format!("  and {} more", row.moved.len() - PLACES))));
        }
    }
    if !has_places(row) {
        return 0;
    }
    if !row.moved.is_empty() {
        lines.push(Line::default());
    }
    let mut at = 0;
    let selected = view.state.evidence.min(evidence.len() - 1);
    let first = selected.saturating_sub(PLACES / 2).min(evidence.len().saturating_sub(PLACES));
    for (i, one) in evidence.iter().enumerate().skip(first).take(PLACES) {
        let chosen = i == selected;
        if chosen {
            at = lines.len() - before;
        }
        lines.push(place(view, row, i, one, chosen));
        if chosen {
            context(view, one, lines);
        }
    }
    let shown = evidence.len().min(first + PLACES);
    let hidden = row.outcome.found.max(evidence.len()) - shown;
    if hidden > 0 {
        lines.push(Line::from(view.span(Role::Muted, format!("{hidden} more places · ] goes on"))));
    }
    at
}

fn place(view: &View<'_>, row: &Row, i: usize, one: &Evidence, chosen: bool) -> Line<'static> {
    let number = format!("{}/{}  ", i + 1, row.outcome.found.max(row.outcome.evidence.len()));
    let style = if chosen { Role::Accent } else { Role::Muted };
    let words = match one.place() {
        place if place.is_empty() => clean(&one.message),
        place if one.message.is_empty() => clean(&place),
        place => format!("{}  {}", clean(&place), clean(&one.message)),
    };
    Line::from(vec![view.span(style, number), view.span(if chosen { Role::Emphasis } else { Role::Text }, words)])
}

/// The lines around a place; until they come, the excerpt that the probe kept.
fn context(view: &View<'_>, one: &Evidence, lines: &mut Vec<Line<'static>>) {
    let peeked = one.path.as_ref().and_then(|path| view.state.peeks.get(&(path.clone(), one.line)));
    let only = vec![(one.line, one.excerpt.clone())];
    let source = match peeked {
        Some(source) if !source.is_empty() => source.as_slice(),
        _ if one.excerpt.is_empty() => return,
        _ => only.as_slice(),
    };
    // Room for the lines that will come: what stands below must not jump.
    let waiting = peeked.is_none() && one.line > 0;
    let blank = |count: u32| (0..if waiting { count } else { 0 }).map(|_| Line::default());
    lines.extend(blank(AROUND.min(one.line.saturating_sub(1))));
    let margin = source.iter().map(|(_, text)| indent_of(text)).min().unwrap_or(0);
    for (number, text) in source {
        let hit = *number == one.line;
        let text: String = text.replace('\t', "    ").chars().skip(margin).collect();
        lines.push(Line::from(vec![
            view.span(Role::Accent, if hit { "   ▸ " } else { "     " }),
            view.span(Role::Muted, pad_left(&number.to_string(), 4)),
            view.span(if hit { Role::Emphasis } else { Role::Muted }, format!("   {}", clean(&text))),
        ]));
    }
    lines.extend(blank(AROUND));
}

/// Empty lines don't pull the others to the left.
fn indent_of(text: &str) -> usize {
    let text = text.replace('\t', "    ");
    if text.trim().is_empty() { usize::MAX } else { text.len() - text.trim_start_matches(' ').len() }
}

fn people(view: &View<'_>, row: &Row, width: usize, lines: &mut Vec<Line<'static>>) {
    let standing = &row.standing;
    let position: Vec<&Decision> = match &standing.position {
        Position::None => Vec::new(),
        Position::Attested(one) | Position::Waived(one) | Position::NotApplicable(one) => vec![one],
        Position::Disputed(all) => all.iter().map(AsRef::as_ref).collect(),
    };
    let notes = standing.notes.iter().map(AsRef::as_ref);
    let said: Vec<&Decision> = position
        .into_iter()
        .chain(standing.done.as_deref())
        .chain(standing.dismissals.iter().map(AsRef::as_ref))
        .chain(notes)
        .collect();
    if !said.is_empty() || !standing.unreadable.is_empty() {
        lines.push(Line::default());
    }
    for decision in &said {
        for (i, text) in wrap(&sentence(view, decision), width).into_iter().enumerate() {
            lines.push(Line::from(view.span(Role::Text, if i == 0 { text } else { format!("  {text}") })));
        }
    }
    for problem in &standing.unreadable {
        lines.push(Line::from(view.span(Role::Warn, format!("cannot be read: {}", clean(problem)))));
    }
    if said.is_empty() && row.status == Status::Open && row.inventory.is_empty() {
        lines.push(Line::default());
        lines.push(Line::from(view.span(Role::Muted, "Nobody has answered. space confirms that it holds.")));
    }
    if said.is_empty() && row.status == Status::Likely {
        lines.push(Line::default());
        let text = "Its patterns guess, and a guess never passes alone. space confirms that you looked and it holds.";
        lines.extend(wrap(text, width).into_iter().map(|text| Line::from(view.span(Role::Muted, text))));
    }
}

/// `Ana, 12 Nov: “will go with the vault change” (note)`
fn sentence(view: &View<'_>, decision: &Decision) -> String {
    let who = decision.by.split('<').next().unwrap_or_default().trim();
    let when = activity::clock(view, decision.at, "%-d %b %Y");
    let what = match (decision.kind, decision.expires) {
        (Kind::Waive, Some(day)) => format!("waived until {}", day.strftime("%-d %b %Y")),
        (Kind::Attest, _) => "confirmed".to_owned(),
        (Kind::Waive, None) => "waived".to_owned(),
        (Kind::Dismiss, _) => count(decision.evidence.len(), "place dismissed", "places dismissed"),
        (Kind::NotApplicable, _) => "does not apply".to_owned(),
        (Kind::Note, _) => "note".to_owned(),
        (Kind::Retract, _) => "taken back".to_owned(),
        (Kind::Assign, _) => "assigned".to_owned(),
        (Kind::Done, _) => "done, and not verified".to_owned(),
    };
    let who = fit(who, 40);
    if decision.note.trim().is_empty() {
        format!("{who}, {when}: {what}")
    } else {
        format!("{who}, {when}: “{}” ({what})", decision.note.trim().replace('\n', " / "))
    }
}
