//! YAML: the events of the parser, bounded, and what is wrong with them in words.

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};

use crate::document::lines::LineIndex;
use crate::document::problem::{MAX_DEPTH, ParseProblem, Parsed, without_bom};
use crate::document::yaml_tree::{Builder, Scalar};

/// Every document of a YAML stream. On a problem: those before it, and the problem.
///
/// The core schema of YAML 1.2: `on`, `yes` and `off` are words. Anchors, aliases and `<<` are
/// resolved, under a limit; a key that stands twice is a problem; tags other than `!!str` say nothing.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    let text = without_bom(text);
    if let Some(problem) = ParseProblem::too_large(text) {
        return Parsed::failed(problem);
    }
    let lines = LineIndex::new(text);
    let mut builder = Builder::new(&lines);
    let problem = feed(&mut builder, text, &lines).err().map(|problem| explain(problem, text));
    Parsed { documents: builder.into_documents(), problem }
}

fn feed(builder: &mut Builder<'_>, text: &str, lines: &LineIndex<'_>) -> Result<(), ParseProblem> {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut brace = None;
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next.map_err(|error| {
            let offset = error.marker().byte_offset().unwrap_or(text.len());
            ParseProblem::at(lines, offset, error.info())
        })?;
        let range = span.byte_range().unwrap_or(0..0);
        let opened = matches!(event, Event::MappingStart(StructureStyle::Flow, ..)).then_some(range.start);
        if let (Some(outer), Some(inner)) = (brace, opened)
            && outer + 1 == inner
        {
            return Err(ParseProblem::at(lines, outer, TEMPLATE));
        }
        brace = opened;
        match event {
            Event::DocumentEnd => builder.end_document(),
            Event::Alias(id) => builder.alias(id, range)?,
            Event::Scalar(value, style, anchor, tag) => {
                let forced = tag.is_some_and(|tag| tag.core_suffix() == Some("str"));
                let plain = style == ScalarStyle::Plain && !forced;
                builder.scalar(Scalar { text: value.into_owned(), plain, anchor }, range)?;
            }
            Event::SequenceStart(_, anchor, _) => builder.open_list(anchor, range)?,
            Event::MappingStart(_, anchor, _) => builder.open_map(anchor, range)?,
            Event::SequenceEnd | Event::MappingEnd => builder.close(range)?,
            _ => {}
        }
    }
    Ok(())
}

const TEMPLATE: &str = "this looks like a template (Helm, Jinja, …): it is YAML only once it is rendered";

/// A template breaks a parser in many ways; what helps is to know that it is one.
fn explain(problem: ParseProblem, text: &str) -> ParseProblem {
    if problem.message == TEMPLATE || !is_template(text) {
        return problem;
    }
    ParseProblem { message: format!("{TEMPLATE} ({})", problem.message), ..problem }
}

/// `${{ … }}` is an expression inside a YAML scalar; a bare `{{ … }}` or `{% … %}` is not YAML.
fn is_template(text: &str) -> bool {
    let bare = |(at, _): (usize, &str)| !text[..at].ends_with(['$', '"', '\'']);
    text.contains("{%") || text.match_indices("{{").any(bare)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::node::{Node, Value};

    fn whole(text: &str) -> Node {
        let parsed = parse(text);
        assert_eq!(parsed.problem, None, "{text}");
        assert_eq!(parsed.documents.len(), 1, "{text}");
        parsed.documents.into_iter().next().unwrap()
    }

    fn problem(text: &str) -> ParseProblem {
        parse(text).problem.expect("a problem")
    }

    #[test]
    fn a_workflow_keeps_on_as_a_word_and_every_place() {
        let node = whole("on:\n  push: {branches: [main]}\nenv:\n  é: \"x\" # note\n  port: 0o17\n  run: yes\n");
        assert!(node.get("on").is_some());
        let env = node.get("env").unwrap();
        assert_eq!(env.entries().unwrap()[0].key_span.line, 4);
        let quoted = env.get("é").unwrap();
        assert_eq!((quoted.span.line, quoted.span.column, quoted.span.end_column), (4, 6, 9));
        assert_eq!(env.get("port").unwrap().value, Value::Number("0o17".to_owned()));
        assert_eq!(env.get("run").unwrap().value, Value::String("yes".to_owned()));
        assert_eq!(env.span.end_line, 6);
    }

    #[test]
    fn only_the_core_schema_is_typed_and_quotes_make_strings() {
        let node =
            whole(r#"[true, "true", ~, '', 1, 1.5e3, -.inf, .nan, 1_000, 0x1F, 1.2.3, e5, ., +, "7", off, !!str 7]"#);
        let kinds: Vec<&str> = node
            .items()
            .unwrap()
            .iter()
            .map(|item| match item.value {
                Value::Null => "null",
                Value::Bool(_) => "bool",
                Value::Number(_) => "number",
                _ => "string",
            })
            .collect();
        let expected = "bool string null string number number number number string number string string string \
                        string string string string";
        assert_eq!(kinds.join(" "), expected);
    }

    #[test]
    fn merge_keys_bring_what_is_not_said_and_own_keys_win() {
        let node =
            whole("a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc:\n  <<: [*a, *b]\n  x: 9\nd: {<<: *a}\ne: {'<<': 1}\n");
        assert_eq!(node.get("c").unwrap().text(), r#"{"x":9,"y":2,"z":4}"#);
        assert_eq!(node.get("c").unwrap().get("y").unwrap().span.line, 1);
        assert_eq!(node.get("d").unwrap().text(), r#"{"x":1,"y":2}"#);
        assert_eq!(node.get("e").unwrap().text(), r#"{"<<":1}"#);
        assert!(problem("a: {<<: 1}").message.contains("merges maps"));
    }

    #[test]
    fn several_documents_stand_until_the_first_problem() {
        let parsed = parse("a: 1\n---\nb: 2\n---\nc: [\n");
        assert_eq!(parsed.documents.len(), 2);
        assert!(parsed.problem.unwrap().line >= 5);
        assert_eq!(parse(""), Parsed::default());
        assert_eq!(parse("# only a comment\n"), Parsed::default());
    }

    #[test]
    fn a_key_that_stands_twice_is_a_problem_with_its_place() {
        let problem = problem("a: 1\nb: 2\na: 3\n");
        assert_eq!((problem.line, problem.column), (3, 1));
        assert_eq!(problem.message, "the key \"a\" stands twice in this map");
    }

    #[test]
    fn byte_order_marks_carriage_returns_and_tabs_in_flow_are_read() {
        let node = whole("\u{feff}a: 1\r\nb: 'x'\r\n");
        assert_eq!(node.entries().unwrap()[0].key_span.column, 1);
        assert_eq!(node.get("b").unwrap().as_str(), Some("x"));
        assert_eq!(whole("{\n\t\"a\":\t[1,\n\t2]\n}\n").text(), r#"{"a":[1,2]}"#);
    }

    #[test]
    fn keys_that_are_no_text_become_compact_text() {
        assert_eq!(whole("{1: a, [x, 2]: b, ~: c}").text(), r#"{"1":"a","[\"x\",2]":"b","null":"c"}"#);
    }

    #[test]
    fn templates_are_called_templates() {
        for text in [
            "a: 1\n{{- if .Values.x }}\nb: 2\n{{- end }}\n",
            "image: {{ .Values.image }}\n",
            "a:\n{% for x in y %}\n  - b\n{% endfor %}\n",
            "a: {{ x }}:{{ y }}\n",
        ] {
            assert!(problem(text).message.contains("looks like a template"), "{text}: {}", problem(text).message);
        }
        assert!(!problem("a: ${{ x }}\nb: [\n").message.contains("template"));
        whole("a: ${{ x }}\nb: '{{ y }}'\nc: {a: {b: c}}\nd: { {a: b}: c}\n");
    }

    #[test]
    fn endless_depth_and_endless_aliases_end() {
        for text in ["[".repeat(300_000), "- ".repeat(300_000), "{a: ".repeat(300_000), "? ".repeat(300_000)] {
            assert!(parse(&text).problem.is_some());
        }
        let mut laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for (old, new) in ('a'..'i').zip('b'..='i') {
            laughs += &format!("{new}: &{new} [{}]\n", vec![format!("*{old}"); 10].join(", "));
        }
        assert!(problem(&laughs).message.contains("aliases expanded"));
        let wide = format!("a: &a {}\nb: [{}]\n", "x".repeat(50_000), vec!["*a"; 20_000].join(", "));
        assert!(problem(&wide).message.contains("aliases expanded"));
        assert!(problem("a: &a [*a]\n").message.contains("inside"));
        let mut tall = "a0: &a0 [x]\n".to_owned();
        for level in 1..200 {
            tall += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
        }
        assert!(problem(&tall).message.contains("deep"));
    }

    fn within(node: &Node, text: &str) -> bool {
        let lines: Vec<usize> = text.split('\n').map(|line| line.chars().count()).collect();
        let stands = |line: u32, column: u32| {
            lines.get(line as usize - 1).is_some_and(|length| column >= 1 && column as usize <= length + 1)
        };
        let span = node.span;
        stands(span.line, span.column)
            && stands(span.end_line, span.end_column)
            && (span.line, span.column) <= (span.end_line, span.end_column)
            && node.items().is_none_or(|items| items.iter().all(|item| within(item, text)))
            && node.entries().is_none_or(|entries| entries.iter().all(|entry| within(&entry.value, text)))
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_places_are_in_the_text(
            text in prop_oneof![".*", "[-a&*<:,{}\\[\\]#'\"?|>! \n\t\ré~0]{0,120}"]
        ) {
            let parsed = parse(&text);
            prop_assert!(parsed.documents.iter().all(|node| within(node, without_bom(&text))));
        }
    }
}
