//! INI files in the union of their dialects: `{section: {key: value}}`.

use crate::document::build::{MapBuilder, physical_lines, string, trimmed};
use crate::document::lines::LineIndex;
use crate::document::node::{Node, Span, Value};
use crate::document::problem::{ParseProblem, Parsed, without_bom};

/// Keys before any section stand in section `""`. A line indented deeper than its key continues the value.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    let text = without_bom(text);
    let lines = LineIndex::new(text);
    if let Some(problem) = ParseProblem::too_large(text) {
        return Parsed::failed(problem);
    }
    let mut reader = Reader { lines: &lines, sections: Vec::new(), pending: None };
    for (start, line) in physical_lines(text) {
        if let Err(problem) = reader.line(start, line) {
            return Parsed::failed(problem);
        }
    }
    reader.flush();
    Parsed::one(reader.finish(lines.span(0..text.len())))
}

struct Reader<'a> {
    lines: &'a LineIndex<'a>,
    sections: Vec<Section>,
    pending: Option<Pending>,
}

struct Section {
    name: String,
    span: Span,
    keys: MapBuilder,
}

/// A key whose value may go on in the next line.
struct Pending {
    key: String,
    key_span: Span,
    indent: usize,
    value: Option<String>,
    start: usize,
    end: usize,
}

impl Reader<'_> {
    fn line(&mut self, start: usize, line: &str) -> Result<(), ParseProblem> {
        let (at, content) = trimmed(start, line);
        if content.is_empty() || content.starts_with([';', '#']) {
            return Ok(());
        }
        let indent = at - start;
        if let Some(pending) = self.pending.as_mut().filter(|pending| indent > pending.indent) {
            pending.go_on(at, without_comment(content));
            return Ok(());
        }
        self.flush();
        let content = without_comment(content);
        if content.starts_with('[') {
            let close = content.rfind(']').filter(|close| *close > 0);
            let close = close.ok_or_else(|| ParseProblem::at(self.lines, at, "this section is never closed by ]"))?;
            let (name, span) = (content[1..close].trim().to_owned(), self.lines.span(at..at + content.len()));
            self.sections.push(Section { name, span, keys: MapBuilder::default() });
            return Ok(());
        }
        self.key(at, indent, content)
    }

    fn key(&mut self, at: usize, indent: usize, content: &str) -> Result<(), ParseProblem> {
        let (key, value) = match content.find(['=', ':']) {
            Some(cut) => (content[..cut].trim_end(), Some((cut + 1, &content[cut + 1..]))),
            None => (content, None),
        };
        if key.is_empty() {
            return Err(ParseProblem::at(self.lines, at, "this value has no key"));
        }
        let key_span = self.lines.span(at..at + key.len());
        let (start, value) = match value {
            Some((offset, value)) => {
                let (start, value) = trimmed(at + offset, value);
                (start, Some(value.to_owned()))
            }
            None => (at, None),
        };
        let end = at + content.len();
        self.pending = Some(Pending { key: key.to_owned(), key_span, indent, value, start: start.min(end), end });
        Ok(())
    }

    fn flush(&mut self) {
        let Some(pending) = self.pending.take() else { return };
        if self.sections.is_empty() {
            self.sections.push(Section { name: String::new(), span: pending.key_span, keys: MapBuilder::default() });
        }
        let range = pending.start..pending.end;
        let node = match pending.value {
            Some(text) => string(self.lines, range, text),
            None => Node { span: self.lines.span(range), value: Value::Null },
        };
        if let Some(section) = self.sections.last_mut() {
            section.keys.put(pending.key, pending.key_span, node);
        }
    }

    /// A section that is opened twice is one section.
    fn finish(self, span: Span) -> Node {
        let mut merged: indexmap::IndexMap<String, Section> = indexmap::IndexMap::new();
        for section in self.sections {
            match merged.get_mut(&section.name) {
                Some(known) => known.keys.absorb(section.keys),
                None => {
                    merged.insert(section.name.clone(), section);
                }
            }
        }
        let mut document = MapBuilder::default();
        for (name, section) in merged {
            document.put(name, section.span, section.keys.finish(section.span));
        }
        document.finish(span)
    }
}

impl Pending {
    fn go_on(&mut self, at: usize, text: &str) {
        let value = self.value.get_or_insert_default();
        if value.is_empty() {
            self.start = at;
        } else {
            value.push('\n');
        }
        value.push_str(text);
        self.end = at + text.len();
    }
}

/// A `;` or `#` after a blank starts a comment.
fn without_comment(line: &str) -> &str {
    let bytes = line.as_bytes();
    let starts = |at: &usize| *at > 0 && matches!(bytes[at - 1], b' ' | b'\t');
    memchr::memchr2_iter(b';', b'#', bytes).find(starts).map_or(line, |at| line[..at].trim_end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text_of(text: &str) -> String {
        let parsed = parse(text);
        assert_eq!(parsed.problem, None, "{text}");
        parsed.documents[0].text()
    }

    #[test]
    fn sections_keys_and_continued_values_are_read() {
        let setup = "[metadata]\nname = x\n\n[options]\ninstall_requires =\n    a>=1 # why\n    # dropped\n    b\nzip_safe: no\n";
        let expected = r#"{"metadata":{"name":"x"},"options":{"install_requires":"a>=1\nb","zip_safe":"no"}}"#;
        assert_eq!(text_of(setup), expected);
        let editor = "root = true\n\n[*.{js,py}]\nindent_size = 4 ; four\n[*.{js,py}]\nend_of_line=lf\n";
        assert_eq!(text_of(editor), r#"{"":{"root":"true"},"*.{js,py}":{"indent_size":"4","end_of_line":"lf"}}"#);
        let git = "[core]\n\tbare = false\n\teditor = vim\n";
        assert_eq!(text_of(git), r#"{"core":{"bare":"false","editor":"vim"}}"#);
        assert_eq!(text_of("[mysqld]\nskip-networking\nport=1\n"), r#"{"mysqld":{"skip-networking":null,"port":"1"}}"#);
    }

    #[test]
    fn a_value_knows_its_place() {
        let parsed = parse("[é]\r\nkey = välue\r\n");
        let span = parsed.documents[0].get("é").unwrap().get("key").unwrap().span;
        assert_eq!((span.line, span.column, span.end_column), (2, 7, 12));
    }

    #[test]
    fn an_open_section_is_a_problem() {
        assert_eq!(parse("a=1\n [b\n").problem, None, "an indented line continues the value");
        assert_eq!(parse("a=1\n[b\n").problem.unwrap().line, 2);
        assert!(parse("= 1\n").problem.is_some());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in prop_oneof![".*", "[a=:;# \t\\[\\]\r\né]{0,60}"]) {
            let _ = parse(&text);
        }
    }
}
