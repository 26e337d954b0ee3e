//! `.env` files: `{KEY: value}`.

use crate::document::build::{MapBuilder, string, trimmed};
use crate::document::lines::LineIndex;
use crate::document::node::{Node, Value};
use crate::document::problem::{ParseProblem, Parsed, without_bom};

/// A name alone stands for null; of a name that stands twice the last value counts.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    let text = without_bom(text);
    let lines = LineIndex::new(text);
    if let Some(problem) = ParseProblem::too_large(text) {
        return Parsed::failed(problem);
    }
    let mut map = MapBuilder::default();
    let mut at = 0;
    while at < text.len() {
        match assignment(text, at, &lines) {
            Ok((next, found)) => {
                at = next;
                if let Some((key, start, value)) = found {
                    map.put(key, lines.span(start..start + key.len()), value);
                }
            }
            Err(problem) => return Parsed::failed(problem),
        }
    }
    Parsed::one(map.finish(lines.span(0..text.len())))
}

type Assignment<'a> = (&'a str, usize, Node);

/// What stands on the line at `at`, and where the next line starts.
fn assignment<'a>(
    text: &'a str,
    at: usize,
    lines: &LineIndex<'_>,
) -> Result<(usize, Option<Assignment<'a>>), ParseProblem> {
    let end = line_end(text, at);
    let next = (end + 1).min(text.len()).max(at + 1);
    let (mut start, mut line) = trimmed(at, &text[at..end]);
    if line.is_empty() || line.starts_with('#') {
        return Ok((next, None));
    }
    if let Some(rest) = line.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])) {
        (start, line) = trimmed(start + "export".len(), rest);
    }
    let (name, value) = line.split_once('=').map_or((line, None), |(name, value)| (name, Some(value)));
    let value_start = start + name.len() + 1;
    let key = name.trim_end();
    if !is_name(key) {
        return Err(ParseProblem::at(lines, start, "this line is no KEY=value"));
    }
    let Some(value) = value else {
        let node = Node { span: lines.span(start..start + key.len()), value: Value::Null };
        return Ok((next, Some((key, start, node))));
    };
    let (value_start, value) = trimmed(value_start, value);
    let Some(quote) = value.chars().next().filter(|first| matches!(first, '"' | '\'' | '`')) else {
        let value = without_comment(value);
        return Ok((next, Some((key, start, string(lines, value_start..value_start + value.len(), value)))));
    };
    let (close, inner) = quoted(&text[value_start + 1..], quote)
        .ok_or_else(|| ParseProblem::at(lines, value_start, "this quote is never closed"))?;
    let value_end = value_start + 1 + close + 1;
    let next = (line_end(text, value_end) + 1).min(text.len());
    Ok((next, Some((key, start, string(lines, value_start..value_end, inner)))))
}

fn line_end(text: &str, at: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length)
}

fn is_name(key: &str) -> bool {
    key.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

/// A `#` after a blank starts a comment; one inside a word belongs to it.
fn without_comment(value: &str) -> &str {
    let is_comment = |(at, _): &(usize, char)| value[..*at].is_empty() || value[..*at].ends_with([' ', '\t']);
    let cut = value.char_indices().filter(|(_, c)| *c == '#').find(is_comment);
    cut.map_or(value, |(at, _)| value[..at].trim_end())
}

/// Where the quote closes, and what it holds. Only double quotes know escapes.
fn quoted(text: &str, quote: char) -> Option<(usize, String)> {
    let mut inner = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == quote => return Some((at, inner)),
            '\\' if quote == '"' => match chars.next()?.1 {
                'n' => inner.push('\n'),
                't' => inner.push('\t'),
                'r' => inner.push('\r'),
                other => inner.push(other),
            },
            c => inner.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_come_without_quotes_and_comments() {
        let text =
            "# head\nexport A=1\nB = \"two # words\" # why\nC='x\\n'\nD=a#b # c\nE=\nF\nG=\"a\\nb\n  c\"\nA=9\r\nH=#\n";
        let parsed = parse(text);
        assert_eq!(parsed.problem, None);
        let node = &parsed.documents[0];
        let expected = r##"{"A":"9","B":"two # words","C":"x\\n","D":"a#b","E":"","F":null,"G":"a\nb\n  c","H":""}"##;
        assert_eq!(node.text(), expected);
        let span = node.get("G").unwrap().span;
        assert_eq!((span.line, span.column, span.end_line, span.end_column), (8, 3, 9, 5));
    }

    #[test]
    fn a_line_that_is_no_assignment_is_a_problem() {
        let problem = parse("A=1\n<<<<<<< HEAD\n").problem.unwrap();
        assert_eq!((problem.line, problem.column), (2, 1));
        assert_eq!(parse("A=\"x\nB=1\n").problem.unwrap().column, 3);
        assert_eq!(parse("").documents[0].text(), "{}");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in prop_oneof![".*", "[A=\"'` #\\\\\r\né]{0,60}"]) {
            let _ = parse(&text);
        }
    }
}
