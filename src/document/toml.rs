//! TOML. Numbers and dates keep their spelling.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::document::lines::LineIndex;
use crate::document::node::{Entry, Node, Value};
use crate::document::problem::{MAX_DEPTH, ParseProblem, Parsed, without_bom};

#[must_use]
pub fn parse(text: &str) -> Parsed {
    let text = without_bom(text);
    let reader = Reader { text, lines: &LineIndex::new(text) };
    match reader.read() {
        Ok(node) => Parsed::one(node),
        Err(problem) => Parsed::failed(problem),
    }
}

struct Reader<'a> {
    text: &'a str,
    lines: &'a LineIndex<'a>,
}

impl Reader<'_> {
    fn read(&self) -> Result<Node, ParseProblem> {
        if let Some(problem) = ParseProblem::too_large(self.text) {
            return Err(problem);
        }
        let table = DeTable::parse(self.text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            ParseProblem::at(self.lines, offset, error.message().replace('\n', ", "))
        })?;
        let range = table.span();
        self.table(table.get_ref(), range, 0)
    }

    fn table(&self, table: &DeTable<'_>, range: Range<usize>, depth: usize) -> Result<Node, ParseProblem> {
        self.refuse_depth(&range, depth)?;
        let mut rows: Vec<_> = table.iter().collect();
        // The parser sorts by name; a reader expects the order of the file.
        rows.sort_by_key(|(key, value)| (key.span().start, value.span().start));
        let mut entries = Vec::with_capacity(rows.len());
        for (key, value) in rows {
            let (key, key_span) = (key.get_ref().to_string(), self.lines.span(key.span()));
            entries.push(Entry { key, key_span, value: self.value(value, depth + 1)? });
        }
        Ok(Node { span: self.lines.span(range), value: Value::Map(entries) })
    }

    fn value(&self, spanned: &Spanned<DeValue<'_>>, depth: usize) -> Result<Node, ParseProblem> {
        let range = spanned.span();
        self.refuse_depth(&range, depth)?;
        let written = || self.text.get(range.clone()).unwrap_or_default().to_owned();
        let value = match spanned.get_ref() {
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Integer(_) | DeValue::Float(_) => Value::Number(written()),
            DeValue::Boolean(yes) => Value::Bool(*yes),
            DeValue::Datetime(_) => Value::String(written()),
            DeValue::Array(items) => {
                Value::List(items.iter().map(|item| self.value(item, depth + 1)).collect::<Result<_, _>>()?)
            }
            DeValue::Table(table) => return self.table(table, range, depth),
        };
        Ok(Node { span: self.lines.span(range), value })
    }

    fn refuse_depth(&self, range: &Range<usize>, depth: usize) -> Result<(), ParseProblem> {
        if depth < MAX_DEPTH {
            return Ok(());
        }
        Err(ParseProblem::at(self.lines, range.start, format!("this is nested more than {MAX_DEPTH} deep")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_manifest_keeps_order_spelling_and_places() {
        let text = "[package]\nname = \"é\"\nedition = 2_021\n\n[dependencies]\nz = { version = \"1\" }\na = '2'\n\
                    [[bin]]\nwhen = 2026-11-21\n";
        let parsed = parse(text);
        assert_eq!(parsed.problem, None);
        let node = &parsed.documents[0];
        let expected = r#"{"package":{"name":"é","edition":"2_021"},"dependencies":{"z":{"version":"1"},"a":"2"},"bin":[{"when":"2026-11-21"}]}"#;
        assert_eq!(node.text(), expected);
        let version = node.get("dependencies").unwrap().get("z").unwrap().get("version").unwrap();
        assert_eq!((version.span.line, version.span.column), (6, 17));
        assert_eq!(node.get("package").unwrap().get("edition").unwrap().text(), "2_021");
    }

    #[test]
    fn what_is_no_toml_is_a_problem_with_its_place() {
        let problem = parse("a = 1\nb = \n").problem.unwrap();
        assert_eq!(problem.line, 2);
        assert!(parse("a = 1\na = 2\n").problem.unwrap().message.contains("duplicate"));
        assert_eq!(parse("").documents.len(), 1);
    }

    #[test]
    fn depth_ends_before_the_stack_does() {
        assert!(parse(&format!("a = {}", "[".repeat(300_000))).problem.is_some());
        assert!(parse(&format!("{} = 1", vec!["a"; 100_000].join("."))).problem.is_some());
        let dotted = vec!["a"; 70].join(".");
        let tall = format!("[{dotted}]\n{}{dotted} = 1{}", format!("{dotted} = {{").repeat(70), "}".repeat(70));
        assert!(parse(&tall).problem.is_some());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in prop_oneof![".*", "[a.=\"'{}\\[\\]0-9:\n# é\\\\-]{0,80}"]) {
            let _ = parse(&text);
        }
    }
}
