//! The first line: what is looked at, what it amounts to, and whether it is live.

use ratatui::buffer::Buffer;
use ratatui::style::{Modifier, Stylize};
use ratatui::text::{Line, Span};

use crate::tree::watch::WatchState;
use crate::tui::fit::{count, fit};
use crate::tui::layout::Shape;
use crate::tui::theme::Role;
use crate::tui::view::{View, put, score, split_line, verdict_word};

pub(super) fn draw(view: &View<'_>, buf: &mut Buffer) {
    let area = view.layout.header;
    match view.layout.shape {
        Shape::Wide => split_line(buf, area, tree(view, 40), wide_right(view)),
        Shape::Medium => {
            let mut left = tree(view, 18);
            left.spans.extend(aimed(view));
            split_line(buf, area, left, Line::from(vec![wrong(view), live(view, 34), Span::raw(" ")]));
        }
        Shape::Narrow | Shape::Strip => put(buf, area.x, area.y, area.width, summary(view)),
    }
}

fn tree(view: &View<'_>, room: usize) -> Line<'static> {
    let mut spans =
        vec![Span::raw(" "), view.span(Role::Accent, "gonogo").add_modifier(Modifier::BOLD), Span::raw("  ")];
    if let Some(board) = &view.state.board {
        let tree = &board.tree;
        spans.push(view.span(Role::Emphasis, fit(&tree.root, room / 2)));
        if room > 20 {
            let commit: String = tree.commit.as_deref().unwrap_or("no commit").chars().take(7).collect();
            let commit = if tree.commit.is_some() { commit } else { "no commit".to_owned() };
            let branch = tree.branch.as_deref().unwrap_or("detached");
            let words = match (tree.git, tree.changed) {
                (false, _) => "not a git repository".to_owned(),
                (true, 0) => format!("{} {commit}", fit(branch, room / 2)),
                (true, changed) => format!("{} {commit} +{changed}", fit(branch, room / 2)),
            };
            spans.push(view.span(Role::Muted, format!("  {}", fit(&words, room))));
        }
    }
    Line::from(spans)
}

fn wide_right(view: &View<'_>) -> Line<'static> {
    let mut spans = Vec::new();
    if let Some(board) = &view.state.board {
        let aim = view.state.aim();
        for verdict in &board.verdicts {
            let Some(tier) = board.tiers.get(verdict.tier) else { continue };
            let role = if verdict.tier == aim { Role::Emphasis } else { Role::Muted };
            spans.push(view.span(role, format!("{} ", fit(&tier.id, 14))));
            let style = view.theme.verdict(verdict.verdict);
            let style = if verdict.tier == aim { style } else { style.remove_modifier(Modifier::BOLD) };
            spans.push(Span::styled(format!("{}   ", verdict_word(verdict.verdict)), style));
        }
    }
    spans.push(wrong(view));
    spans.push(live(view, 30));
    spans.push(Span::raw(" "));
    Line::from(spans)
}

fn aimed(view: &View<'_>) -> Vec<Span<'static>> {
    let Some(verdict) = view.state.aimed() else { return vec![view.span(Role::Muted, "no verdict yet")] };
    let mut spans = vec![
        view.span(Role::Emphasis, format!("  {} ", fit(&tier_id(view), 14))),
        Span::styled(verdict_word(verdict.verdict), view.theme.verdict(verdict.verdict)),
    ];
    spans.extend(view.counts(verdict));
    spans
}

/// `NO-GO pilot 41–63 ✗2 ○1`
fn summary(view: &View<'_>) -> Line<'static> {
    let (Some(verdict), Some(board)) = (view.state.aimed(), &view.state.board) else {
        return Line::from(vec![Span::raw(" "), live(view, usize::from(view.layout.whole.width.saturating_sub(1)))]);
    };
    let mut spans = vec![
        Span::styled(format!(" {}", verdict_word(verdict.verdict)), view.theme.verdict(verdict.verdict)),
        view.span(Role::Emphasis, format!(" {}", fit(&tier_id(view), 14))),
        view.span(Role::Text, format!(" {} ", score(board.score))),
    ];
    spans.extend(view.counts(verdict));
    Line::from(spans)
}

pub(super) fn tier_id(view: &View<'_>) -> String {
    let aim = view.state.aim();
    view.state.board.as_ref().and_then(|board| board.tiers.get(aim)).map(|tier| tier.id.clone()).unwrap_or_default()
}

/// `2 problems`: the checklist, the ledger or the tree is not as it should be.
fn wrong(view: &View<'_>) -> Span<'static> {
    match view.state.problems().len() {
        0 => Span::raw(""),
        number => view.span(Role::Warn, format!("{}   ", count(number, "problem", "problems"))),
    }
}

/// Whether what is seen is what is there.
pub(super) fn live(view: &View<'_>, room: usize) -> Span<'static> {
    let state = view.state;
    let (role, words) = match (&state.progress, &state.watch) {
        _ if state.session_ended => (Role::Bad, "ended".to_owned()),
        (Some(reached), _) => {
            let words = reached.in_files();
            (Role::Accent, if words.len() > room { reached.in_short() } else { words })
        }
        (None, _) if state.board.is_none() => (Role::Accent, "reading the tree".to_owned()),
        (None, WatchState::Live) => (Role::Ok, "live".to_owned()),
        (None, watch) => (Role::Warn, watch.to_string()),
    };
    view.span(role, fit(&words, room))
}
