//! Colours, glyphs and widths of text for a terminal.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::readiness::board::{Score, Verdict};
use crate::readiness::glyph::{bar_cells, glyph};
use crate::readiness::status::Status;
use crate::report::format::Options;
use crate::text::visible::visible;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const MUTED: Style = Style::new().dimmed();

/// A few words that stay on one line, and how wide they are without their colours.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) width: usize,
}

impl Part {
    pub(super) fn plain(text: String) -> Self {
        Self { width: text.width(), text }
    }
}

/// What a terminal can show.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    color: bool,
    pub(super) ascii: bool,
    width: usize,
}

impl Paint {
    pub(super) fn new(options: &Options) -> Self {
        Self { color: options.color, ascii: options.ascii, width: options.width }
    }

    pub(super) fn styled(self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    pub(super) fn glyph(self, status: Status) -> String {
        self.styled(status_style(status), glyph(status, self.ascii))
    }

    pub(super) fn verdict(self, verdict: Verdict, width: usize) -> String {
        self.styled(verdict_style(verdict), &format!("{:width$}", verdict.word()))
    }

    /// A glyph in the colour of a verdict.
    pub(super) fn verdict_cell(self, verdict: Verdict, glyph: &str) -> String {
        self.styled(verdict_style(verdict), glyph)
    }

    /// Text of a file, harmless, in what is left of the line after `used` cells.
    pub(super) fn text(self, text: &str, used: usize) -> String {
        let text = visible(text);
        if self.width == 0 { text.into_owned() } else { fit(&text, self.room(used), self.ellipsis()).into_owned() }
    }

    /// What is left of a line; never less than is needed to read a few words.
    pub(super) fn room(self, used: usize) -> usize {
        if self.width == 0 { usize::MAX } else { self.width.saturating_sub(used).max(8) }
    }

    pub(super) fn score(self, score: Score) -> String {
        let dash = if self.ascii { '-' } else { '–' };
        match score {
            Score { applicable: 0, .. } => String::new(),
            Score { low, high, .. } if low == high => format!("{low}"),
            Score { low, high, .. } => format!("{low}{dash}{high}"),
        }
    }

    /// `cells` wide: proven, undecided, not ready.
    pub(super) fn bar(self, score: Score, cells: usize) -> String {
        let [proven, undecided, not_ready] = bar_cells(self.ascii);
        if score.applicable == 0 {
            return " ".repeat(cells);
        }
        let share = |per_cent: u32| (per_cent as usize * cells / 100).min(cells);
        let (low, high) = (share(score.low), share(score.high).max(share(score.low)));
        let part =
            |style: AnsiColor, c: char, count: usize| self.styled(style.on_default(), &c.to_string().repeat(count));
        let rest = self.styled(MUTED, &not_ready.to_string().repeat(cells - high));
        part(AnsiColor::Green, proven, low) + &part(AnsiColor::Cyan, undecided, high - low) + &rest
    }

    /// Parts over as many lines as they take, each below the end of the lead, which is `indent` cells wide.
    pub(super) fn flow(
        self,
        lead: &str,
        indent: usize,
        parts: &[Part],
        separator: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let (mut line, mut filled) = (lead.to_owned(), 0);
        for part in parts {
            if filled > 0 && filled + separator.width() + part.width > self.room(indent) {
                writeln!(out, "{line}")?;
                (line, filled) = (" ".repeat(indent), 0);
            }
            if filled > 0 {
                line += separator;
                filled += separator.width();
            }
            line += &part.text;
            filled += part.width;
        }
        writeln!(out, "{}", line.trim_end())
    }

    pub(super) fn ellipsis(self) -> &'static str {
        if self.ascii { "..." } else { "…" }
    }
}

/// The text cut to so many cells.
pub(super) fn fit<'a>(text: &'a str, width: usize, ellipsis: &str) -> Cow<'a, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let room = width.saturating_sub(ellipsis.width());
    let mut used = 0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= room
        })
        .collect();
    Cow::Owned(kept + ellipsis)
}

/// Spaces up to `width` cells behind the text.
pub(super) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn status_style(status: Status) -> Style {
    match status {
        Status::Passed | Status::Attested => AnsiColor::Green.on_default(),
        Status::Likely => AnsiColor::Cyan.on_default(),
        Status::Open => AnsiColor::Blue.on_default(),
        Status::Stale | Status::Disputed | Status::Unknown => AnsiColor::Yellow.on_default(),
        Status::Waived => AnsiColor::Magenta.on_default(),
        Status::Failed => AnsiColor::Red.on_default(),
        Status::NotApplicable => MUTED,
    }
}

fn verdict_style(verdict: Verdict) -> Style {
    let color = match verdict {
        Verdict::Go => AnsiColor::Green,
        Verdict::Conditional => AnsiColor::Magenta,
        Verdict::Incomplete => AnsiColor::Yellow,
        Verdict::NoGo => AnsiColor::Red,
    };
    color.on_default().bold()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_by_cells_not_by_characters() {
        assert_eq!(fit("漢字漢字", 5, "…"), "漢字…");
        assert_eq!(fit("plain", 5, "…"), "plain");
        assert_eq!(fit("plainer", 5, "..."), "pl...");
        assert_eq!(pad("漢", 4), "漢  ");
    }

    #[test]
    fn a_bar_is_always_as_wide_as_asked() {
        let paint = Paint::new(&Options { ascii: true, ..Options::default() });
        let bar = |low, high| paint.bar(Score { low, high, applicable: 1, not_applicable: 0 }, 8);
        assert_eq!(bar(50, 75), "####==..");
        assert_eq!(bar(0, 0), "........");
        assert_eq!(bar(100, 100), "########");
        assert_eq!(bar(99, 99), "#######.");
    }
}
