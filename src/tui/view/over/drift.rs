//! What changed in the files that somebody confirmed.

use ratatui::buffer::Buffer;

use crate::tui::fit::clean;
use crate::tui::theme::Role;
use crate::tui::view::View;
use crate::tui::view::over::{boxed, message, put};

pub(super) fn draw(view: &View<'_>, buf: &mut Buffer, item: &str, text: Option<&str>, top: usize) {
    let whole = view.layout.whole;
    let size = (whole.width.saturating_sub(8).max(30), whole.height.saturating_sub(4).max(6));
    let title = format!("Since {item} was confirmed");
    let area = boxed(view, buf, size, &title, "up and down scroll · esc leaves");
    let Some(text) = text else {
        message(view, buf, area, "comparing with what was confirmed");
        return;
    };
    if text.trim().is_empty() {
        message(view, buf, area, "No line differs: a file moved, or the question itself changed.");
        return;
    }
    let count = text.lines().count();
    let top = top.min(count.saturating_sub(usize::from(area.height)));
    for (line, y) in text.lines().skip(top).zip(area.y..area.bottom()) {
        let role = match line.as_bytes().first() {
            _ if line.starts_with("+++") || line.starts_with("---") => Role::Emphasis,
            Some(b'+') => Role::Ok,
            Some(b'-') => Role::Bad,
            Some(b'@') => Role::Accent,
            _ => Role::Text,
        };
        put(buf, area.x, y, area.width, view.span(role, clean(&line.replace('\t', "    "))));
    }
}
