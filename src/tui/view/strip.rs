//! Three rows or fewer: a status pane.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

use crate::tui::fit::fit;
use crate::tui::state::Told;
use crate::tui::theme::Role;
use crate::tui::view::{View, activity, glyph, header, put, score, verdict_word};

/// `pilot NO-GO  41–63  ✗2 ○1 ↻1   ✗→✓ ci.actions-pinned 20:41`
pub(super) fn draw(view: &View<'_>, buf: &mut Buffer) {
    let area = view.layout.header;
    let (Some(board), Some(verdict)) = (&view.state.board, view.state.aimed()) else {
        put(buf, area.x, area.y, area.width, Line::from(header::live(view, usize::from(area.width))));
        return;
    };
    let mut spans = vec![
        Span::styled(verdict_word(verdict.verdict), view.theme.verdict(verdict.verdict)),
        view.span(Role::Text, format!("  {} ", score(board.score))),
    ];
    // Where there is room for one word only, it is the verdict.
    if area.width >= 24 {
        spans.insert(0, view.span(Role::Emphasis, format!("{} ", fit(&header::tier_id(view), 14))));
    }
    spans.extend(view.counts(verdict));
    if let Some(Told::Refused(text)) = &view.state.told {
        spans.push(view.span(Role::Warn, format!("   ! {}", crate::tui::fit::clean(text))));
    } else if let Some(flip) = view.state.activity.front() {
        spans.push(Span::raw("   "));
        spans.push(Span::styled(glyph::status(flip.from), view.theme.status(flip.from)));
        spans.push(view.span(Role::Muted, "→"));
        spans.push(Span::styled(glyph::status(flip.to), view.theme.status(flip.to)));
        let at = activity::clock(view, flip.at, "%H:%M");
        // The id gives way, so that the time stays.
        let used: usize = spans.iter().map(Span::width).sum();
        let room = usize::from(area.width).saturating_sub(used + at.len() + 2);
        spans.push(view.span(Role::Text, format!(" {} {at}", fit(&flip.item, room))));
    }
    put(buf, area.x, area.y, area.width, Line::from(spans));
}
