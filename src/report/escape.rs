//! Text from files as Markdown that means nothing but that text.

use std::iter;

use crate::text::visible::visible;

/// Breaks what a renderer would link by itself (mentions, issue numbers, addresses); it shows nothing.
const BREAK: &str = "&#8203;";

/// Text that cannot become a link, a mention, a table cell, a task box or HTML.
pub(super) fn plain(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    // At its start a text could open a list of its own: `- x`, `+ x`, `1. x`, `1) x`.
    let mut opening = true;
    while let Some(c) = chars.next() {
        let marker = opening && matches!(c, '-' | '+' | '=' | '.' | ')');
        opening &= c.is_ascii_digit() || c == ' ';
        if marker || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' | '#' | '!') {
            out.push('\\');
        }
        out.push(c);
        let next = chars.peek().copied().unwrap_or(' ');
        let links = match c {
            '@' => !next.is_whitespace(),
            '#' => next.is_ascii_digit(),
            ':' => next == '/',
            'w' | 'W' => matches!(before, 'w' | 'W') && next == '.',
            '-' => matches!(before, 'h' | 'H') && next.is_ascii_digit(),
            _ => false,
        };
        if links {
            out.push_str(BREAK);
        }
        before = c;
    }
    out
}

/// A code span that ends where the text ends, whatever backticks are in it.
pub(super) fn code(text: &str) -> String {
    let text = visible(text);
    if text.trim().is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence: String = iter::repeat_n('`', longest + 1).collect();
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Lines as a fenced block that none of them can end, in a language or in none.
pub(super) fn fenced(language: &str, lines: &[String]) -> String {
    let lines: Vec<_> = lines.iter().map(|line| visible(line)).collect();
    let longest = lines.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let word: String = language.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{fence}{word}\n{}\n{fence}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_only_text() {
        assert_eq!(plain("a | b <script> [x](y) `c`"), r"a \| b \<script\> \[x\](y) \`c\`");
        assert_eq!(plain("- [x] done\n# big"), "\\- \\[x\\] done␊\\# big");
        assert_eq!(plain("@ana #12 GH-3"), "@&#8203;ana \\#&#8203;12 GH-&#8203;3");
        assert_eq!(plain("https://x.y www.x.y a@b.c"), "https:&#8203;//x.y www&#8203;.x.y a@&#8203;b.c");
    }

    #[test]
    fn no_text_opens_a_list() {
        assert_eq!(["- x", " + x", "1. x", "12) x"].map(plain), ["\\- x", " \\+ x", "1\\. x", "12\\) x"]);
        assert_eq!(plain("2.5 of a-b"), "2\\.5 of a-b");
    }

    #[test]
    fn no_line_ends_its_fence() {
        let block = fenced("py`thon\n", &["````".to_owned(), "a\u{1b}b".to_owned()]);
        assert_eq!(block, "`````python\n````\na\u{241b}b\n`````");
    }

    #[test]
    fn a_code_span_is_longer_than_the_backticks_in_it() {
        assert_eq!(code("a.py:3"), "`a.py:3`");
        assert_eq!(code("`a``b`"), "``` `a``b` ```");
        assert_eq!(code("a\u{1b}\n"), "`a␛␊`");
        assert_eq!(code(" "), "");
    }
}
