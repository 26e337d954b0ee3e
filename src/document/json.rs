//! JSON as people write it: comments and trailing commas are read.

use jsonc_parser::ast::{ObjectPropName, Value as Ast};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::document::build::MapBuilder;
use crate::document::lines::LineIndex;
use crate::document::node::{Node, Value};
use crate::document::problem::{MAX_DEPTH, ParseProblem, Parsed, without_bom};

/// JSON with comments and trailing commas. Of a key that stands twice the last value counts.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    parse_with(
        text,
        &ParseOptions {
            allow_comments: true,
            allow_trailing_commas: true,
            allow_loose_object_property_names: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        },
    )
}

/// JSON5: also bare keys, single quotes and more kinds of numbers.
#[must_use]
pub fn parse_json5(text: &str) -> Parsed {
    parse_with(text, &ParseOptions { allow_missing_commas: false, ..ParseOptions::default() })
}

fn parse_with(text: &str, options: &ParseOptions) -> Parsed {
    let text = without_bom(text);
    let lines = LineIndex::new(text);
    match read(text, &lines, options) {
        Ok(node) => Parsed::one(node),
        Err(problem) => Parsed::failed(problem),
    }
}

fn read(text: &str, lines: &LineIndex<'_>, options: &ParseOptions) -> Result<Node, ParseProblem> {
    if let Some(problem) = ParseProblem::too_large(text).or_else(|| too_deep(text, lines)) {
        return Err(problem);
    }
    let ast = parse_to_ast(text, &CollectOptions::default(), options)
        .map_err(|error| ParseProblem::at(lines, error.range().start, error.kind().to_string()))?
        .value
        .ok_or_else(|| ParseProblem::at(lines, 0, "the file holds no JSON value"))?;
    Ok(convert(ast, lines))
}

/// A parser that recurses is asked only what its stack bears: brackets outside of strings are counted
/// first. Brackets in comments count too, which no real file notices.
fn too_deep(text: &str, lines: &LineIndex<'_>) -> Option<ParseProblem> {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        if escaped {
            escaped = false;
            continue;
        }
        match byte {
            b'\\' if in_string => escaped = true,
            // A string never spans lines, so an odd quote in a comment hides one line at most.
            b'\n' => in_string = false,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some(ParseProblem::at(lines, at, format!("this is nested more than {MAX_DEPTH} deep")));
        }
    }
    None
}

fn convert(ast: Ast<'_>, lines: &LineIndex<'_>) -> Node {
    let range = ast.range();
    let span = lines.span(range.start..range.end);
    let value = match ast {
        Ast::StringLit(text) => Value::String(text.value.into_owned()),
        Ast::NumberLit(number) => Value::Number(number.value.to_owned()),
        Ast::BooleanLit(boolean) => Value::Bool(boolean.value),
        Ast::NullKeyword(_) => Value::Null,
        Ast::Array(array) => Value::List(array.elements.into_iter().map(|item| convert(item, lines)).collect()),
        Ast::Object(object) => {
            let mut map = MapBuilder::default();
            for property in object.properties {
                let key_range = name_range(&property.name);
                map.put(property.name.into_string(), lines.span(key_range), convert(property.value, lines));
            }
            return map.finish(span);
        }
    };
    Node { span, value }
}

fn name_range(name: &ObjectPropName<'_>) -> std::ops::Range<usize> {
    let range = match name {
        ObjectPropName::String(text) => text.range,
        ObjectPropName::Word(word) => word.range,
    };
    range.start..range.end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(text: &str) -> Node {
        let parsed = parse(text);
        assert_eq!(parsed.problem, None, "{text}");
        parsed.documents.into_iter().next().unwrap()
    }

    #[test]
    fn comments_and_trailing_commas_are_read_and_places_are_kept() {
        let node = whole("\u{feff}{\n  // why\n  \"é\": [1, 2.50, /* x */ true,],\n  \"a\\\"b\": null,\n}\n");
        assert_eq!(node.text(), r#"{"é":[1,2.5,true],"a\"b":null}"#);
        let item = &node.get("é").unwrap().items().unwrap()[1];
        assert_eq!((item.span.line, item.span.column, item.span.end_column), (3, 12, 16));
        assert_eq!(item.value, Value::Number("2.50".to_owned()));
        assert_eq!(node.entries().unwrap()[0].key_span.column, 3);
    }

    #[test]
    fn what_is_no_json_is_a_problem_with_its_place() {
        let problem = parse("{\n  \"a\": 1\n  \"b\": 2\n}").problem.unwrap();
        assert_eq!(problem.line, 2, "{}", problem.message);
        assert!(parse("").problem.unwrap().message.contains("no JSON value"));
        assert!(parse("{a: 1}").problem.is_some());
        assert!(parse("{} {}").problem.is_some());
        assert_eq!(parse_json5("{a: 'x', b: 0xFF,}").documents[0].text(), r#"{"a":"x","b":"0xFF"}"#);
    }

    #[test]
    fn the_last_of_two_equal_keys_counts() {
        assert_eq!(whole(r#"{"a": 1, "b": 2, "a": 3}"#).text(), r#"{"a":3,"b":2}"#);
    }

    #[test]
    fn depth_ends_before_the_stack_does() {
        for text in ["[".repeat(300_000), "{\"a\":".repeat(300_000), "//\"\n[".repeat(100_000), "'\"[".repeat(9000)] {
            assert!(parse(&text).problem.is_some());
            assert!(parse_json5(&text).problem.is_some());
        }
        assert!(parse(&format!("{}{}", "[".repeat(100), "]".repeat(100))).problem.is_none());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in prop_oneof![".*", "[{}\\[\\]\",:/*\\\\u0-9'a-f.é\n+-]{0,80}"]) {
            let _ = parse(&text);
            let _ = parse_json5(&text);
        }
    }
}
