//! Text in cells: every string that came from a file passes here before it reaches the screen.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::text::visible::visible;

/// Control characters made visible, and no variation selectors: terminals disagree on their width.
#[must_use]
pub fn clean(text: &str) -> String {
    visible(text).chars().filter(|c| !matches!(c, '\u{fe00}'..='\u{fe0f}')).collect()
}

#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// At most `max` cells, with `…` in place of what was cut.
#[must_use]
pub fn fit(text: &str, max: usize) -> String {
    let text = clean(text);
    if width(&text) <= max {
        return text;
    }
    if max == 0 {
        return String::new();
    }
    let mut out = take(&text, max - 1);
    out.push('…');
    out
}

/// Exactly `cells` cells.
#[must_use]
pub fn pad(text: &str, cells: usize) -> String {
    let mut out = fit(text, cells);
    let missing = cells.saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// Exactly `cells` cells, the text at the right.
#[must_use]
pub fn pad_left(text: &str, cells: usize) -> String {
    let text = fit(text, cells);
    format!("{}{text}", " ".repeat(cells.saturating_sub(width(&text))))
}

/// Lines of at most `cells` cells, broken at blanks where that is possible.
#[must_use]
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(1);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        wrap_paragraph(&clean(paragraph), cells, &mut lines);
    }
    lines
}

fn wrap_paragraph(text: &str, cells: usize, lines: &mut Vec<String>) {
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word = word;
        if !line.is_empty() && width(&line) + 1 + width(word) > cells {
            lines.push(std::mem::take(&mut line));
        }
        while width(word) > cells {
            let head = take(word, cells);
            // A character wider than the line: it is shown alone and the terminal cuts it.
            let cut = if head.is_empty() { word.chars().next().map_or(1, char::len_utf8) } else { head.len() };
            lines.push(word[..cut].to_owned());
            word = &word[cut..];
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
}

fn take(text: &str, cells: usize) -> String {
    let mut used = 0;
    text.chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= cells
        })
        .collect()
}

/// `3,412`.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// `5m`, `1h 35m`, `2d`; nothing for zero. A day has eight hours.
#[must_use]
pub fn effort(minutes: u32) -> String {
    match (minutes / 480, minutes / 60, minutes % 60) {
        _ if minutes == 0 => String::new(),
        (0, 0, m) => format!("{m}m"),
        (0, h, 0) => format!("{h}h"),
        (0, h, m) => format!("{h}h {m}m"),
        (d, _, _) if minutes.is_multiple_of(480) => format!("{d}d"),
        (d, _, _) => format!("{d}d {}h", (minutes % 480).div_ceil(60)),
    }
}

/// `1 place`, `2 places`.
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_by_cells_and_not_by_characters() {
        assert_eq!(fit("漢字漢字", 5), "漢字…");
        assert_eq!(pad("é", 3), "é  ");
        assert_eq!(pad_left("5m", 4), "  5m");
        assert_eq!(fit("abc", 0), "");
        assert_eq!(fit("a\u{1b}[2J\u{fe0f}", 9), "a\u{241b}[2J");
    }

    #[test]
    fn wrapping_breaks_long_words_and_never_loses_a_letter() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("漢", 1), ["漢", ""]);
        assert_eq!(wrap("", 4), Vec::<String>::new());
    }

    #[test]
    fn efforts_read_as_people_say_them() {
        assert_eq!([5, 60, 95, 480, 1000].map(effort), ["5m", "1h", "1h 35m", "1d", "2d 1h"]);
        assert_eq!(thousands(5_325), "5,325");
        assert_eq!(thousands(999), "999");
    }
}
