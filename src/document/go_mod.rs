//! `go.mod`: `{module, go, toolchain, require: [{path, version, indirect}], replace: [{path, version}]}`.

use crate::document::build::{MapBuilder, physical_lines, string, trimmed};
use crate::document::lines::LineIndex;
use crate::document::node::{Node, Value};
use crate::document::problem::{ParseProblem, Parsed, without_bom};

/// Directives that name modules; each is a list, whether it is written in one block, in several or line by line.
const LISTS: [&str; 5] = ["require", "replace", "exclude", "retract", "tool"];
/// Directives that hold one value.
const VALUES: [&str; 3] = ["module", "go", "toolchain"];

#[must_use]
pub fn parse(text: &str) -> Parsed {
    let text = without_bom(text);
    if let Some(problem) = ParseProblem::too_large(text) {
        return Parsed::failed(problem);
    }
    let mut reader = Reader { lines: LineIndex::new(text), values: MapBuilder::default(), lists: Default::default() };
    match reader.read(text) {
        Ok(()) => Parsed::one(reader.finish(text)),
        Err(problem) => Parsed::failed(problem),
    }
}

struct Reader<'a> {
    lines: LineIndex<'a>,
    values: MapBuilder,
    lists: [Vec<Node>; LISTS.len()],
}

impl<'a> Reader<'a> {
    fn read(&mut self, text: &'a str) -> Result<(), ParseProblem> {
        let mut block: Option<&str> = None;
        for (start, line) in physical_lines(text) {
            let (code, comment) = line.split_once("//").unwrap_or((line, ""));
            let (start, code) = trimmed(start, code);
            let indirect = comment.trim_start().starts_with("indirect");
            match (block, code) {
                (_, "") => {}
                (Some(_), ")") => block = None,
                (Some(directive), _) => self.put(directive, start, code, indirect)?,
                (None, _) => {
                    let directive = code.split([' ', '\t', '(']).next().unwrap_or_default();
                    let (start, rest) = trimmed(start + directive.len(), &code[directive.len()..]);
                    match rest {
                        "(" => block = Some(directive),
                        _ => self.put(directive, start, rest, indirect)?,
                    }
                }
            }
        }
        match block {
            Some(directive) => {
                Err(ParseProblem::at(&self.lines, text.len(), format!("the block \"{directive} (\" is never closed")))
            }
            None => Ok(()),
        }
    }

    fn put(&mut self, directive: &str, start: usize, rest: &'a str, indirect: bool) -> Result<(), ParseProblem> {
        if rest.is_empty() {
            return Err(ParseProblem::at(&self.lines, start, "this directive says nothing"));
        }
        if VALUES.contains(&directive) {
            let span = self.lines.span(start..start + rest.len());
            let value = string(&self.lines, start..start + rest.len(), rest.trim_matches(['"', '`']));
            self.values.put(directive, span, value);
        } else if let Some(list) = LISTS.iter().position(|known| *known == directive) {
            let module = self.module(start, rest, indirect);
            self.lists[list].push(module);
        }
        // Directives that a later Go brings are not ours to refuse.
        Ok(())
    }

    fn module(&self, start: usize, rest: &str, indirect: bool) -> Node {
        let span = self.lines.span(start..start + rest.len());
        let (old, new) = rest.split_once("=>").map_or((rest, None), |(old, new)| (old, Some(new)));
        let mut map = MapBuilder::default();
        let mut words = |text: &str, names: [&str; 2]| {
            for (name, word) in names.into_iter().zip(text.split_whitespace()) {
                let value = Node { span, value: Value::String(word.trim_matches(['"', '`']).to_owned()) };
                map.put(name, span, value);
            }
        };
        words(old, ["path", "version"]);
        words(new.unwrap_or_default(), ["by", "by_version"]);
        if indirect {
            map.put("indirect", span, Node { span, value: Value::Bool(true) });
        }
        map.finish(span)
    }

    fn finish(self, text: &str) -> Node {
        let span = self.lines.span(0..text.len());
        let mut map = self.values;
        for (name, items) in LISTS.into_iter().zip(self.lists) {
            if let (Some(first), Some(last)) = (items.first(), items.last()) {
                let (end_line, end_column) = (last.span.end_line, last.span.end_column);
                let around = crate::document::node::Span { end_line, end_column, ..first.span };
                map.put(name, around, Node { span: around, value: Value::List(items) });
            }
        }
        map.finish(span)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blocks_and_single_lines_are_one_list() {
        let text = "module example.org/shop // why\n\ngo 1.24\n\nrequire github.com/a/b v1.2.3\nrequire (\n\t\
                    github.com/c/d/v2 v2.0.0 // indirect\n)\nreplace github.com/a/b => ../b\nignore ./x\n";
        let parsed = parse(text);
        assert_eq!(parsed.problem, None);
        let expected = r#"{"module":"example.org/shop","go":"1.24","require":[{"path":"github.com/a/b","version":"v1.2.3"},{"path":"github.com/c/d/v2","version":"v2.0.0","indirect":true}],"replace":[{"path":"github.com/a/b","by":"../b"}]}"#;
        assert_eq!(parsed.documents[0].text(), expected);
        let second = &parsed.documents[0].get("require").unwrap().items().unwrap()[1];
        assert_eq!((second.span.line, second.span.column), (7, 2));
    }

    #[test]
    fn a_block_that_never_ends_is_a_problem_with_its_place() {
        assert_eq!(parse("require (\n\ta v1\n").problem.unwrap().line, 3);
        assert_eq!(parse("module\n").problem.unwrap().line, 1);
        assert_eq!(parse("").problem, None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in prop_oneof![".*", "(module|require|go| |\\(|\\)|\n|=>|//|v1|é){0,40}"]) {
            let _ = parse(&text);
        }
    }
}
