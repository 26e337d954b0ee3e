//! The commits of the branch with their verdicts, and what flipped at one of them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::checklist::model::Tier;
use crate::engine::progress::Reached;
use crate::readiness::board::Verdict;
use crate::readiness::difference::{Change, Direction};
use crate::readiness::history::{History, Measured, Step};
use crate::readiness::status::Status;
use crate::session::message::Looked;
use crate::text::words::{day_of, person, short_day};
use crate::tui::fit::{clean, fit, pad, pad_left, width};
use crate::tui::theme::Role;
use crate::tui::view::over::{boxed, message, rows};
use crate::tui::view::{View, glyph, score};

const COMMIT: usize = 7;
const DATE: usize = "30 Nov 2026".len();
const SCORE: usize = "100-100".len();
/// Names of tiers are cut to this.
const TIER: usize = 12;

pub(super) fn draw(view: &View<'_>, buf: &mut Buffer, cursor: usize, flips: Option<usize>) {
    let whole = view.layout.whole;
    let size = (whole.width.saturating_sub(4).clamp(30, 116), whole.height.saturating_sub(4).max(6));
    let history = match &view.state.history {
        Some(Looked::Found(history)) => history,
        waiting => {
            let area = boxed(view, buf, size, "History", "esc stops");
            let words = match waiting {
                Some(Looked::Failed(why)) => why.clone(),
                Some(Looked::Progress(reached)) => reached.in_commits(),
                _ => Reached::default().in_commits(),
            };
            message(view, buf, area, &words);
            return;
        }
    };
    match (flips, history.steps.get(cursor)) {
        (Some(flip), Some(step)) => draw_flips(view, buf, size, step, flip),
        _ => draw_commits(view, buf, size, history, cursor),
    }
}

fn draw_commits(view: &View<'_>, buf: &mut Buffer, size: (u16, u16), history: &History, cursor: usize) {
    let title = format!("History of {}, asked the checklist of today", history.from);
    let area = boxed(view, buf, size, &title, "enter shows what flipped · esc leaves");
    let head = usize::from(area.height > 4);
    if head > 0 {
        super::put(buf, area.x, area.y, area.width, heading(view, history, usize::from(area.width)));
    }
    let body = Rect { y: area.y + head as u16, height: area.height - head as u16, ..area };
    let lines = history.steps.iter().map(|step| commit_line(view, history, step, usize::from(area.width)));
    rows(view, buf, body, lines.collect(), cursor);
}

/// What gives way where there is no room: first the words of verdicts, then dates and counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Room {
    Tight,
    Some,
    Plenty,
}

impl Room {
    fn of(width: usize) -> Self {
        match width {
            100.. => Self::Plenty,
            56.. => Self::Some,
            _ => Self::Tight,
        }
    }
}

fn heading(view: &View<'_>, history: &History, width: usize) -> Line<'static> {
    let room = Room::of(width);
    let date = if room > Room::Tight { format!("{}  ", pad("date", DATE)) } else { String::new() };
    let tiers: String = match room {
        Room::Plenty => history.tiers().iter().map(|tier| format!("{} ", fit(&tier.id, TIER))).collect(),
        _ => String::new(),
    };
    let text = format!("{}  {date}{}  {tiers}", pad("commit", COMMIT), pad("score", SCORE));
    Line::from(view.span(Role::Muted, text))
}

fn commit_line(view: &View<'_>, history: &History, step: &Step, width: usize) -> Line<'static> {
    let (room, today) = (Room::of(width), view.state.today().unwrap_or_default());
    let short: String = step.commit.id.chars().take(COMMIT).collect();
    let mut spans = vec![view.span(Role::Accent, format!("{short}  "))];
    if room > Room::Tight {
        let day = short_day(day_of(step.commit.at), today);
        spans.push(view.span(Role::Muted, format!("{}  ", pad(&day, DATE))));
    }
    let measured = match &step.measured {
        Ok(measured) => measured,
        Err(why) => {
            spans.push(view.span(Role::Warn, format!("cannot be judged: {}", clean(why))));
            return Line::from(spans);
        }
    };
    spans.push(view.span(Role::Text, format!("{}  ", pad(&score(measured.score), SCORE))));
    spans.extend(verdicts(view, history, measured, room));
    if room > Room::Tight {
        spans.extend(counts(view, measured));
    }
    spans.push(view.span(Role::Text, clean(&step.commit.subject)));
    Line::from(spans)
}

fn verdicts(view: &View<'_>, history: &History, measured: &Measured, room: Room) -> Vec<Span<'static>> {
    let cell = |(number, tier): (usize, &Tier)| {
        let wide = if room == Room::Plenty { width(&fit(&tier.id, TIER)) } else { 1 };
        let Some(verdict) = measured.verdicts.get(number) else { return Span::raw(" ".repeat(wide + 1)) };
        let (word, status) = match verdict {
            Verdict::Go => ("GO", Status::Passed),
            Verdict::Conditional => ("COND", Status::Waived),
            Verdict::Incomplete => ("INC", Status::Open),
            Verdict::NoGo => ("NO-GO", Status::Failed),
        };
        let word = if wide < word.len() { glyph::status(status) } else { word };
        Span::styled(format!("{} ", pad(word, wide)), view.theme.status(status))
    };
    history.tiers().iter().enumerate().map(cell).collect()
}

/// `+2 -1`, each in a place of its own.
fn counts(view: &View<'_>, measured: &Measured) -> Vec<Span<'static>> {
    let count = |way| measured.difference.as_ref().map_or(0, |difference| difference.count(way));
    let cell = |role, sign: &str, number: usize| {
        let text = if number == 0 { String::new() } else { format!("{sign}{number}") };
        view.span(role, format!("{} ", pad_left(&text, 3)))
    };
    vec![cell(Role::Ok, "+", count(Direction::Better)), cell(Role::Bad, "-", count(Direction::Worse)), Span::raw(" ")]
}

fn draw_flips(view: &View<'_>, buf: &mut Buffer, size: (u16, u16), step: &Step, cursor: usize) {
    let short: String = step.commit.id.chars().take(COMMIT).collect();
    let title = format!("{short} {}", step.commit.subject);
    let area = boxed(view, buf, size, &title, "enter goes to the item · esc goes back");
    let difference = match &step.measured {
        Err(why) => {
            message(view, buf, area, &format!("It cannot be judged: {why}"));
            return;
        }
        Ok(measured) => measured.difference.as_ref(),
    };
    let Some(difference) = difference else {
        message(view, buf, area, "Nothing older was looked at, so nobody knows what flipped here.");
        return;
    };
    let Some(chosen) = difference.flips.get(cursor.min(difference.flips.len().saturating_sub(1))) else {
        message(view, buf, area, "No item flipped at this commit.");
        return;
    };
    let below = 5.min(area.height / 2);
    let list = Rect { height: area.height.saturating_sub(below + 1), ..area };
    let line = |flip: &Change| {
        Line::from(vec![
            view.status(flip.from),
            view.span(Role::Muted, " → "),
            view.status(flip.to),
            view.span(Role::Muted, format!("  {}  ", flip.priority)),
            view.span(Role::Text, clean(&flip.title)),
        ])
    };
    rows(view, buf, list, difference.flips.iter().map(line).collect(), cursor);
    let words = Rect { y: list.bottom() + 1, height: below, ..area };
    message(view, buf, words, &told(chosen, person(&step.commit.author)));
}

/// Why it was and is, by which files, and by whom.
fn told(flip: &Change, author: &str) -> String {
    let why = |word: &str, status: Status, reason: &str| match reason {
        "" => format!("{word} {}", status.word()),
        reason => format!("{word} {}: {reason}", status.word()),
    };
    let files: Vec<&str> = flip.files.iter().take(4).map(crate::tree::path::RelPath::as_str).collect();
    let files = if files.is_empty() { String::new() } else { format!(" in {}", files.join(", ")) };
    let lines = [why("was", flip.from, &flip.was), why("is", flip.to, &flip.is), format!("by {author}{files}")];
    lines.join("\n")
}
