//! Signs: all of them one cell wide, each with an ASCII one to stand for it.

use ratatui::buffer::Buffer;

use crate::readiness::status::Status;

pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Passed => "✓",
        Status::Attested => "●",
        Status::Likely => "◐",
        Status::Open => "○",
        Status::Stale => "↻",
        Status::Disputed => "≠",
        Status::Waived => "◇",
        Status::Failed => "✗",
        Status::Unknown => "?",
        Status::NotApplicable => "–",
    }
}

/// It waits for another item.
pub(super) const BLOCKED: &str = "⊘";
/// Its day is over.
pub(super) const OVERDUE: &str = "!";

const ASCII: &[(&str, &str)] = &[
    ("✓", "+"),
    ("●", "@"),
    ("◐", "~"),
    ("○", "o"),
    ("↻", "s"),
    ("≠", "!"),
    ("◇", "w"),
    ("✗", "x"),
    ("⊘", "b"),
    ("–", "-"),
    ("█", "#"),
    ("▒", "="),
    ("░", "."),
    ("▌", "|"),
    ("▸", ">"),
    ("│", "|"),
    ("─", "-"),
    ("╭", "+"),
    ("╮", "+"),
    ("╰", "+"),
    ("╯", "+"),
    ("…", "~"),
    ("→", ">"),
    ("·", "-"),
    ("‹", "<"),
    ("›", ">"),
    ("“", "\""),
    ("”", "\""),
];

/// Puts the ASCII sign in place of each of ours. Cell by cell, so that no column moves.
pub(super) fn to_ascii(buf: &mut Buffer) {
    for cell in &mut buf.content {
        if !cell.symbol().is_ascii()
            && let Some((_, ascii)) = ASCII.iter().find(|(sign, _)| *sign == cell.symbol())
        {
            cell.set_symbol(ascii);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fit::width;

    #[test]
    fn every_sign_is_one_cell_wide_and_every_status_has_its_own_in_both_sets() {
        assert!(ASCII.iter().all(|(sign, ascii)| width(sign) == 1 && width(ascii) == 1));
        let ascii = |s: Status| ASCII.iter().find(|(sign, _)| *sign == status(s)).map_or(status(s), |(_, a)| *a);
        let signs: std::collections::HashSet<&str> = Status::ALL.into_iter().map(ascii).collect();
        assert_eq!(signs.len(), Status::ALL.len());
        assert!(signs.iter().all(|sign| sign.is_ascii()));
    }
}
