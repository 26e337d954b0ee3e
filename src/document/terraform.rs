//! Terraform and other HCL, in the shape of Terraform's own JSON syntax: labels nest
//! (`{resource: {aws_s3_bucket: {logs: {…}}}}`), blocks without labels are lists (`{ingress: [{…}, {…}]}`).
//! What must be computed (`var.x`, `"${a}-b"`, calls) is the text that stands there.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Body, Structure};

use crate::document::lines::LineIndex;
use crate::document::node::{Entry, Node, Span, Value};
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
        let body = hcl_edit::parser::parse_body(self.text).map_err(|error| {
            ParseProblem::at(self.lines, error.location().offset(), error.message().replace('\n', ", "))
        })?;
        self.body(&body, 0..self.text.len(), 0)
    }

    fn body(&self, body: &Body, range: Range<usize>, depth: usize) -> Result<Node, ParseProblem> {
        self.refuse_depth(&range, depth)?;
        let mut entries = Vec::new();
        for structure in body {
            let range = structure.span().unwrap_or_else(|| range.clone());
            match structure {
                Structure::Attribute(attribute) => {
                    let key_span = self.lines.span(attribute.key.span().unwrap_or_else(|| range.clone()));
                    let value = self.expression(&attribute.value, &range, depth + 1)?;
                    entries.push(Entry { key: attribute.key.to_string(), key_span, value });
                }
                Structure::Block(block) => {
                    let key_span = self.lines.span(block.ident.span().unwrap_or_else(|| range.clone()));
                    let inner = self.body(&block.body, range.clone(), depth + 1 + block.labels.len())?;
                    let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
                    insert(&mut entries, block.ident.as_str(), &labels, key_span, inner);
                }
            }
        }
        Ok(Node { span: self.lines.span(range), value: Value::Map(entries) })
    }

    fn expression(&self, expression: &Expression, around: &Range<usize>, depth: usize) -> Result<Node, ParseProblem> {
        let range = expression.span().unwrap_or_else(|| around.clone());
        self.refuse_depth(&range, depth)?;
        let written = || self.text.get(range.clone()).unwrap_or_default().trim().to_owned();
        let value = match expression {
            Expression::Null(_) => Value::Null,
            Expression::Bool(yes) => Value::Bool(*yes.value()),
            Expression::Number(_) => Value::Number(written()),
            Expression::String(text) => Value::String(text.value().clone()),
            Expression::StringTemplate(_) => Value::String(unquoted(&written())),
            Expression::HeredocTemplate(heredoc) => Value::String(heredoc.template.to_string()),
            Expression::Array(items) => {
                let items = items.iter().map(|item| self.expression(item, &range, depth + 1));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            Expression::Object(object) => {
                let mut entries = Vec::with_capacity(object.len());
                for (key, value) in object {
                    let (name, place) = match key {
                        ObjectKey::Ident(name) => (name.to_string(), name.span()),
                        ObjectKey::Expression(key) => (self.expression(key, &range, depth + 1)?.text(), key.span()),
                    };
                    let key_span = self.lines.span(place.unwrap_or_else(|| range.clone()));
                    let value = self.expression(value.expr(), &range, depth + 1)?;
                    entries.push(Entry { key: name, key_span, value });
                }
                Value::Map(entries)
            }
            _ => Value::String(written()),
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

/// Puts the body of a block where its labels say. Two with the same labels make a list, as in Terraform's JSON.
fn insert(entries: &mut Vec<Entry>, key: &str, labels: &[&str], key_span: Span, body: Node) {
    let (span, known) = (body.span, entries.iter().position(|entry| entry.key == key));
    let empty = if labels.is_empty() { Value::List(Vec::new()) } else { Value::Map(Vec::new()) };
    let place = known.unwrap_or_else(|| add(entries, key, key_span, Node { span, value: empty }));
    match (&mut entries[place].value.value, labels) {
        (Value::List(items), _) => items.push(body),
        (Value::Map(inner), [last]) => match inner.iter_mut().find(|entry| entry.key == *last) {
            None => _ = add(inner, last, key_span, body),
            Some(Entry { value: Node { value: Value::List(items), .. }, .. }) => items.push(body),
            Some(entry) => {
                let first = std::mem::replace(&mut entry.value, Node { span, value: Value::Null });
                entry.value.value = Value::List(vec![first, body]);
            }
        },
        (Value::Map(inner), [first, rest @ ..]) => insert(inner, first, rest, key_span, body),
        // An attribute of that name stands there; Terraform refuses such a file.
        _ => {}
    }
}

fn add(entries: &mut Vec<Entry>, key: &str, key_span: Span, value: Node) -> usize {
    entries.push(Entry { key: key.to_owned(), key_span, value });
    entries.len() - 1
}

fn unquoted(text: &str) -> String {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn json(text: &str) -> String {
        let parsed = parse(text);
        assert_eq!(parsed.problem, None);
        parsed.documents[0].text()
    }

    #[test]
    fn labels_nest_and_blocks_without_labels_are_lists() {
        let text = "resource \"aws_security_group\" \"web\" {\n  name = \"web\" # why\n  ingress {\n    from_port = 22\n    \
                    cidr_blocks = [\"0.0.0.0/0\", var.office]\n  }\n  ingress { from_port = 443 }\n}\n\
                    resource \"aws_s3_bucket\" \"logs\" {\n  tags = { Env = \"prod\", \"a:b\" = true }\n}\n";
        let expected = r#"{"resource":{"aws_security_group":{"web":{"name":"web","ingress":[{"from_port":22,"cidr_blocks":["0.0.0.0/0","var.office"]},{"from_port":443}]}},"aws_s3_bucket":{"logs":{"tags":{"Env":"prod","a:b":true}}}}}"#;
        assert_eq!(json(text), expected);
        let parsed = parse(text);
        let group = parsed.documents[0].get("resource").unwrap().get("aws_security_group").unwrap().get("web").unwrap();
        let port = group.get("ingress").unwrap().items().unwrap()[0].get("from_port").unwrap();
        assert_eq!((port.span.line, port.span.column), (4, 17));
    }

    #[test]
    fn what_must_be_computed_is_its_text() {
        assert_eq!(
            json("a = \"${var.env}-logs\"\nb = length(var.x)\nc = null\nd = <<EOT\nx ${y}\nEOT\n"),
            r#"{"a":"${var.env}-logs","b":"length(var.x)","c":null,"d":"x ${y}\n"}"#
        );
    }

    #[test]
    fn the_same_labels_twice_keep_both_bodies() {
        assert_eq!(
            json("provider \"aws\" { region = \"a\" }\nprovider \"aws\" { alias = \"b\" }\n"),
            r#"{"provider":{"aws":[{"region":"a"},{"alias":"b"}]}}"#
        );
    }

    #[test]
    fn what_is_no_hcl_is_a_problem_with_its_place() {
        assert_eq!(parse("a = 1\nb = = 2\n").problem.unwrap().line, 2);
        assert_eq!(parse("").problem, None);
    }

    #[test]
    fn depth_ends_before_the_stack_does() {
        assert!(parse(&format!("a = {}", "[".repeat(200_000))).problem.is_some());
        assert!(parse(&"a {\n".repeat(100_000)).problem.is_some());
        assert!(parse(&format!("a = {}", "(".repeat(200_000))).problem.is_some());
        assert!(parse(&format!("a = {}1", "!".repeat(200_000))).problem.is_some());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in prop_oneof![".*", "(a|b|=|\\{|\\}|\"|\\[|\\]|\n| |1|\\$\\{|<<E|é){0,60}"]) {
            let _ = parse(&text);
        }
    }
}
