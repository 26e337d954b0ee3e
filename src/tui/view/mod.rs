//! Drawing: a frame from the state, which it cannot change. One file per panel.

mod activity;
mod categories;
mod detail;
mod footer;
mod glyph;
mod header;
mod list;
mod over;
mod strip;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};

use crate::readiness::board::{Score, TierVerdict, Verdict};
use crate::readiness::status::Status;
use crate::tui::layout::{Layout, Shape};
use crate::tui::state::{Focus, State};
use crate::tui::theme::{Role, Theme};

/// Draws everything and answers where the cursor stands, if text is being typed.
pub fn draw(state: &State, buf: &mut Buffer) -> Option<Position> {
    // The terminal may be smaller than the last size that was told.
    let layout = Layout::of(buf.area.width, buf.area.height);
    let view = View { state, theme: state.theme(), layout: &layout };
    buf.set_style(buf.area, view.theme.ground());
    let cursor = if layout.shape == Shape::Strip {
        strip::draw(&view, buf);
        None
    } else {
        view.rules(buf);
        view.panels(buf).or_else(|| over::draw(&view, buf))
    };
    quiet_blanks(buf);
    if state.settings.ascii {
        glyph::to_ascii(buf);
    }
    cursor
}

/// A blank looks the same in every text colour: told apart, blanks would cost bytes in every frame.
fn quiet_blanks(buf: &mut Buffer) {
    for cell in &mut buf.content {
        if cell.symbol() == " " && !cell.modifier.intersects(Modifier::REVERSED | Modifier::UNDERLINED) {
            cell.fg = Color::Reset;
            cell.modifier = Modifier::empty();
        }
    }
}

/// How many lines the detail of the selected item has, for scrolling it.
#[must_use]
pub fn detail_rows(state: &State) -> usize {
    let view = View { state, theme: state.theme(), layout: &state.layout };
    let (lines, _) = detail::lines(&view, usize::from(state.layout.detail.width.saturating_sub(2)));
    // The last page stays full.
    (lines.len() + 1).saturating_sub(usize::from(state.layout.detail.height)).max(1)
}

/// Which line of the detail names the selected place.
#[must_use]
pub fn detail_place(state: &State) -> usize {
    let view = View { state, theme: state.theme(), layout: &state.layout };
    detail::lines(&view, usize::from(state.layout.detail.width.saturating_sub(2))).1
}

/// What every panel draws from.
struct View<'a> {
    state: &'a State,
    theme: &'a Theme,
    layout: &'a Layout,
}

impl View<'_> {
    fn panels(&self, buf: &mut Buffer) -> Option<Position> {
        header::draw(self, buf);
        categories::draw(self, buf);
        let one = self.layout.shape == Shape::Narrow;
        let detail = self.state.focus == Focus::Detail;
        if !one || detail {
            detail::draw(self, buf);
        }
        if !one || !detail {
            list::draw(self, buf);
        }
        activity::draw(self, buf);
        footer::draw(self, buf)
    }

    fn rules(&self, buf: &mut Buffer) {
        let muted = self.style(Role::Muted);
        if let Some(x) = self.layout.wall {
            let bottom = self.layout.activity.y.saturating_sub(1);
            for y in 2..bottom {
                buf.set_string(x, y, "│", muted);
            }
        }
        for (y, x) in self.layout.rules.iter().flatten() {
            let width = usize::from(self.layout.whole.width - x);
            buf.set_string(*x, *y, "─".repeat(width), muted);
        }
    }

    fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    fn span<'s>(&self, role: Role, text: impl Into<String>) -> Span<'s> {
        Span::styled(text.into(), self.style(role))
    }

    fn status<'s>(&self, status: Status) -> Span<'s> {
        Span::styled(glyph::status(status), self.theme.status(status))
    }

    fn has_focus(&self, panel: Focus) -> bool {
        self.state.focus == panel && self.state.overlay.is_none()
    }

    /// `✗2 ○1 ↻1`: what stands between the tier and GO.
    fn counts(&self, verdict: &TierVerdict) -> Vec<Span<'static>> {
        let mut spans = Vec::new();
        for (status, number) in blocking(self.state, verdict) {
            spans.push(Span::styled(format!(" {}{number}", glyph::status(status)), self.theme.status(status)));
        }
        spans
    }
}

/// How many items of each status block a tier, the worst first.
fn blocking(state: &State, verdict: &TierVerdict) -> Vec<(Status, usize)> {
    let Some(board) = &state.board else { return Vec::new() };
    let rows = verdict.failing.iter().chain(&verdict.undecided).chain(&verdict.waived);
    let mut counts = [0_usize; Status::ALL.len()];
    for row in rows.filter_map(|i| board.rows.get(*i)) {
        counts[row.status as usize] += 1;
    }
    Status::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0).collect()
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Go => "GO",
        Verdict::Conditional => "CONDITIONAL",
        Verdict::Incomplete => "INCOMPLETE",
        Verdict::NoGo => "NO-GO",
    }
}

/// `41–63`, one number where both ends meet, a dash where nothing applies.
fn score(score: Score) -> String {
    match score {
        Score { applicable: 0, .. } => "–".to_owned(),
        Score { low, high, .. } if low == high => low.to_string(),
        Score { low, high, .. } => format!("{low}–{high}"),
    }
}

/// Full for what is proven, medium for what is undecided, light for the rest: readable in one colour.
fn bar(view: &View<'_>, score: Score, cells: usize) -> Vec<Span<'static>> {
    if score.applicable == 0 {
        return vec![view.span(Role::Muted, " ".repeat(cells))];
    }
    let share = |percent: u32| (percent.min(100) as usize * cells + 50) / 100;
    // A full bar is for a hundred and nothing less; an empty one is for nothing at all.
    let near = |percent: u32| match percent {
        100 => cells,
        0 => 0,
        percent => share(percent).clamp(1, cells.saturating_sub(1).max(1)),
    };
    let low = near(score.low).min(cells);
    let high = near(score.high).max(low).min(cells);
    vec![
        view.span(Role::Ok, "█".repeat(low)),
        view.span(Role::Warn, "▒".repeat(high - low)),
        view.span(Role::Muted, "░".repeat(cells - high)),
    ]
}

/// A line at the left and one at the right; where both don't fit, the left one gives way.
fn split_line(buf: &mut Buffer, area: Rect, left: Line<'static>, right: Line<'static>) {
    if area.is_empty() {
        return;
    }
    let right_width = (right.width() as u16).min(area.width);
    let left_width = area.width.saturating_sub(right_width + u16::from(right_width > 0));
    put(buf, area.x, area.y, left_width, left);
    put(buf, area.right() - right_width, area.y, right_width, right);
}

fn put(buf: &mut Buffer, x: u16, y: u16, width: u16, line: impl Into<Line<'static>>) {
    let line = line.into();
    let clipped = line.width() > usize::from(width);
    buf.set_line(x, y, &line, width);
    if clipped
        && width > 0
        && let Some(cell) = buf.cell_mut((x + width - 1, y))
    {
        cell.set_symbol("…");
    }
}
