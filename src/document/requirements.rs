//! pip's requirements files: `[{name, specifier}]`.

use crate::document::build::{MapBuilder, physical_lines, string, trimmed};
use crate::document::lines::LineIndex;
use crate::document::node::{Node, Value};
use crate::document::problem::{ParseProblem, Parsed, without_bom};

/// Options (`-r`, `-e`, `--index-url`) are left out; extras, markers and hashes are cut off. A URL or a
/// path is its own name where it does not tell one.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    let text = without_bom(text);
    let lines = LineIndex::new(text);
    if let Some(problem) = ParseProblem::too_large(text) {
        return Parsed::failed(problem);
    }
    let mut items = Vec::new();
    let mut continued = false;
    for (start, line) in physical_lines(text) {
        // What follows a continued line is its hashes and options, so only its first line counts.
        let is_rest = std::mem::replace(&mut continued, line.ends_with('\\'));
        let (at, content) = trimmed(start, without_comment(line.trim_end_matches('\\')));
        if is_rest || content.is_empty() || content.starts_with('-') {
            continue;
        }
        match requirement(at, content, &lines) {
            Some(node) => items.push(node),
            None => return Parsed::failed(ParseProblem::at(&lines, at, "this line is no requirement")),
        }
    }
    Parsed::one(Node { span: lines.span(0..text.len()), value: Value::List(items) })
}

fn requirement(at: usize, content: &str, lines: &LineIndex<'_>) -> Option<Node> {
    let content = content.find(" --").map_or(content, |cut| content[..cut].trim_end());
    let (name, offset, specifier) = split(content)?;
    let mut map = MapBuilder::default();
    let start = at + offset;
    let name_range = at..at + name.len();
    map.put("name", lines.span(name_range.clone()), string(lines, name_range, name));
    let specifier_range = start..start + specifier.len();
    map.put("specifier", lines.span(specifier_range.clone()), string(lines, specifier_range, specifier));
    Some(map.finish(lines.span(at..at + content.len())))
}

/// The name, and the specifier with the byte where it starts.
fn split(content: &str) -> Option<(&str, usize, &str)> {
    if content.contains("://") && !content.contains(" @ ") || content.starts_with(['.', '/']) {
        let name = content.split_once("#egg=").map_or(content, |(_, egg)| egg.split(['&', '[']).next().unwrap_or(egg));
        return Some((name, 0, content));
    }
    let end = content.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(content.len());
    let (name, rest) = content.split_at(end);
    let (mut offset, mut rest) = trimmed(end, rest);
    if let Some(close) = rest.strip_prefix('[').and_then(|extras| extras.find(']')) {
        (offset, rest) = trimmed(offset + close + 2, &rest[close + 2..]);
    }
    let is_wheel = |name: &str| name.ends_with(".whl") || name.ends_with(".gz") || name.ends_with(".zip");
    let known = rest.is_empty() || rest.starts_with(['=', '<', '>', '!', '~', ';', '@', '(', ',']) || is_wheel(name);
    if name.is_empty() || !known {
        return None;
    }
    let marker = if rest.starts_with('@') { rest.find(" ;") } else { rest.find(';') };
    Some((name, offset, marker.map_or(rest, |cut| &rest[..cut]).trim_end()))
}

fn without_comment(line: &str) -> &str {
    let starts = |at: &usize| *at == 0 || matches!(line.as_bytes()[at - 1], b' ' | b'\t');
    memchr::memchr_iter(b'#', line.as_bytes()).find(starts).map_or(line, |at| &line[..at])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_and_specifiers_are_found_among_options_markers_and_hashes() {
        let text = "-r base.txt\n--index-url https://x/y\n# all\nDjango==5.0.1 \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd\n\
                    requests[socks] >= 2.31, < 3 ; python_version < \"3.12\"  # why\nplain\n\
                    tool @ https://h/t.whl#sha256=ab\ngit+https://h/r.git@v1#egg=repo\n./local.whl\n";
        let parsed = parse(text);
        assert_eq!(parsed.problem, None);
        let found: Vec<String> = parsed.documents[0]
            .items()
            .unwrap()
            .iter()
            .map(|item| format!("{}|{}", item.get("name").unwrap().text(), item.get("specifier").unwrap().text()))
            .collect();
        let expected = [
            "Django|==5.0.1",
            "requests|>= 2.31, < 3",
            "plain|",
            "tool|@ https://h/t.whl#sha256=ab",
            "repo|git+https://h/r.git@v1#egg=repo",
            "./local.whl|./local.whl",
        ];
        assert_eq!(found, expected);
        let span = parsed.documents[0].items().unwrap()[1].get("specifier").unwrap().span;
        assert_eq!((span.line, span.column), (7, 17));
    }

    #[test]
    fn a_line_that_is_no_requirement_is_a_problem() {
        assert_eq!(parse("a==1\n<<<<<<< HEAD\n").problem.unwrap().line, 2);
        assert!(parse("some words of prose\n").problem.is_some());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in prop_oneof![".*", "[a=<>;@#\\\\\\[\\]./: \r\né-]{0,60}"]) {
            let _ = parse(&text);
        }
    }
}
