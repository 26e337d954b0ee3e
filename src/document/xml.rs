//! XML: `{ROOT: …}`. An element is a map of its attributes as `@name`, its child elements by local name
//! (a list where one repeats) and its own text as `#text`. An element with text only is that text, an empty
//! one is null.

use std::collections::HashMap;

use roxmltree::{Attribute, Document, Error, Node as Element, ParsingOptions};

use crate::document::build::MapBuilder;
use crate::document::lines::LineIndex;
use crate::document::node::{Node, Span, Value};
use crate::document::problem::{MAX_DEPTH, ParseProblem, Parsed, without_bom};
use crate::document::xml_guard;

/// Elements, texts and comments together. Generated reports of large systems stay below.
const MAX_NODES: u32 = 500_000;

/// Namespaces are left out of names. A document type is passed over when it only names a DTD, and refused
/// when it defines something itself: no entity is ever expanded.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    let text = without_bom(text);
    let lines = LineIndex::new(text);
    match read(text, &lines) {
        Ok(node) => Parsed::one(node),
        Err(problem) => Parsed::failed(problem),
    }
}

fn read(text: &str, lines: &LineIndex<'_>) -> Result<Node, ParseProblem> {
    if let Some(problem) = ParseProblem::too_large(text) {
        return Err(problem);
    }
    let bearable = xml_guard::bearable(text, lines)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, entity_resolver: None };
    let document = Document::parse_with_options(&bearable, options).map_err(|error| explain(&error))?;
    let root = document.root_element();
    let converter = Converter { lines };
    let value = converter.element(root, 1)?;
    let mut map = MapBuilder::default();
    map.put(root.tag_name().name(), converter.name_span(root), value);
    Ok(map.finish(lines.span(root.range())))
}

fn explain(error: &Error) -> ParseProblem {
    let place = error.pos();
    let message = match error {
        Error::NodesLimitReached => format!("this is more than {},000 nodes", MAX_NODES / 1000),
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => "the file ends before its last tag".to_owned(),
        Error::UnexpectedCloseTag(expected, found, _) => format!("</{found}> stands where </{expected}> is needed"),
        // The place is told beside the message.
        other => other.to_string().replace(&format!(" at {place}"), ""),
    };
    ParseProblem { line: place.row, column: place.col, message: message.replace('\n', " ") }
}

struct Converter<'a> {
    lines: &'a LineIndex<'a>,
}

impl Converter<'_> {
    fn element(&self, element: Element<'_, '_>, depth: usize) -> Result<Node, ParseProblem> {
        let span = self.lines.span(element.range());
        if depth > MAX_DEPTH {
            let message = format!("this is nested more than {MAX_DEPTH} deep");
            return Err(ParseProblem { line: span.line, column: span.column, message });
        }
        let text = self.own_text(element);
        let mut map = MapBuilder::default();
        for attribute in element.attributes() {
            let value = Node { span: self.value_span(&attribute), value: Value::String(attribute.value().to_owned()) };
            map.put(format!("@{}", attribute.name()), self.lines.span(attribute.range_qname()), value);
        }
        for group in groups(element) {
            let nodes = group.iter().map(|child| self.element(*child, depth + 1)).collect::<Result<Vec<_>, _>>()?;
            map.put(group[0].tag_name().name(), self.name_span(group[0]), one_or_list(nodes));
        }
        if map.is_empty() {
            return Ok(text.unwrap_or(Node { span, value: Value::Null }));
        }
        if let Some(text) = text {
            map.put("#text", text.span, text);
        }
        Ok(map.finish(span))
    }

    /// The texts between the children, without the blanks around them; its place is that of the first.
    fn own_text(&self, element: Element<'_, '_>) -> Option<Node> {
        let mut whole = String::new();
        let mut place: Option<Span> = None;
        for child in element.children().filter(Element::is_text) {
            let text = child.text().unwrap_or_default();
            if text.trim().is_empty() {
                continue;
            }
            let (range, lead) = (child.range(), text.len() - text.trim_start().len());
            let end = range.end.saturating_sub(text.len() - text.trim_end().len());
            let span = self.lines.span(range.start + lead..end.max(range.start + lead));
            let first = place.get_or_insert(span);
            (first.end_line, first.end_column) = (span.end_line, span.end_column);
            if !whole.is_empty() {
                whole.push(' ');
            }
            whole.push_str(text.trim());
        }
        place.map(|span| Node { span, value: Value::String(whole) })
    }

    fn name_span(&self, element: Element<'_, '_>) -> Span {
        let start = element.range().start + 1;
        self.lines.span(start..start + element.tag_name().name().len())
    }

    fn value_span(&self, attribute: &Attribute<'_, '_>) -> Span {
        self.lines.span(attribute.range_value())
    }
}

/// The child elements, those of one name together, in the order in which the names first come.
fn groups<'a, 'input>(element: Element<'a, 'input>) -> Vec<Vec<Element<'a, 'input>>> {
    let mut groups: Vec<Vec<Element<'a, 'input>>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for child in element.children().filter(Element::is_element) {
        let place = *places.entry(child.tag_name().name()).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[place].push(child);
    }
    groups
}

fn one_or_list(mut nodes: Vec<Node>) -> Node {
    if nodes.len() == 1 {
        return nodes.remove(0);
    }
    let mut span = nodes.first().map(|node| node.span).unwrap_or_default();
    if let Some(last) = nodes.last() {
        (span.end_line, span.end_column) = (last.span.end_line, last.span.end_column);
    }
    Node { span, value: Value::List(nodes) }
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

    fn problem(text: &str) -> ParseProblem {
        parse(text).problem.unwrap_or_else(|| panic!("{text} is read"))
    }

    #[test]
    fn elements_become_maps_lists_and_texts() {
        let text = "<?xml version=\"1.0\"?>\n<!-- why -->\n<Project Sdk=\"Web\" xmlns:x='urn:x'>\n  <PropertyGroup>\n    \
                    <Nullable>enable</Nullable>\n    <Empty/>\n  </PropertyGroup>\n  <x:Ref Include=\"é\" x:v='1'>a &lt; b</x:Ref>\n  \
                    <Ref Include=\"B\"/>\n</Project>\n";
        let node = whole(text);
        let expected = r##"{"Project":{"@Sdk":"Web","PropertyGroup":{"Nullable":"enable","Empty":null},"Ref":[{"@Include":"é","@v":"1","#text":"a < b"},{"@Include":"B"}]}}"##;
        assert_eq!(node.text(), expected);
        let project = node.get("Project").unwrap();
        let nullable = project.get("PropertyGroup").unwrap().get("Nullable").unwrap().span;
        assert_eq!((nullable.line, nullable.column, nullable.end_column), (5, 15, 21));
        let include = project.get("Ref").unwrap().items().unwrap()[0].get("@Include").unwrap().span;
        assert_eq!((include.line, include.column, include.end_column), (8, 19, 20));
    }

    #[test]
    fn text_is_trimmed_and_stands_where_it_starts() {
        let node = whole("<a>\n  one\n  <b/>two<![CDATA[<three>]]>\n</a>");
        assert_eq!(node.text(), r##"{"a":{"b":null,"#text":"one two<three>"}}"##);
        let text = node.get("a").unwrap().get("#text").unwrap().span;
        assert_eq!((text.line, text.column), (2, 3));
    }

    #[test]
    fn a_document_type_is_passed_over_unless_it_defines_something() {
        let plist =
            "<?xml version=\"1.0\"?>\n<!DOCTYPE plist PUBLIC \"-//A > B\" \"http://x/y.dtd\">\n<plist><k>v</k></plist>";
        let node = whole(plist);
        assert_eq!(node.text(), r#"{"plist":{"k":"v"}}"#);
        assert_eq!(node.get("plist").unwrap().get("k").unwrap().span.line, 3);
        let laughs = "<!-- x -->\n<!DOCTYPE a [<!ENTITY b \"lol\"><!ENTITY c \"&b;&b;\">]>\n<a>&c;</a>";
        let refused = problem(laughs);
        assert_eq!(refused.line, 2);
        assert!(refused.message.contains("defines entities"), "{}", refused.message);
        assert!(problem("<!DOCTYPE a SYSTEM \"/etc/passwd\"><a>&x;</a>").message.contains("entity"));
        whole("<a><![CDATA[<!DOCTYPE a [ ]>]]></a>");
    }

    #[test]
    fn what_is_no_xml_is_a_problem_with_its_place() {
        let crossed = problem("<a>\n  <b></a>");
        assert_eq!((crossed.line, crossed.message.as_str()), (2, "</a> stands where </b> is needed"));
        assert!(problem("<a>").message.contains("ends before"));
        assert!(problem("").message.contains("root"));
        assert!(problem("<a b='1' b='2'/>").message.contains("already defined"));
    }

    #[test]
    fn depth_and_squares_end_before_the_machine_does() {
        assert!(problem(&"<a>".repeat(300_000)).message.contains("deep"));
        let tall = format!("{}{}", "<a>".repeat(101), "</a>".repeat(101));
        assert!(problem(&tall).message.contains("deep"));
        assert!(problem(&format!("<a>{}</a>", "<b/>".repeat(600_000))).message.contains("nodes"));
        let many: String = (0..200_000).map(|n| format!(" a{n}='>'")).collect();
        assert!(problem(&format!("<a{many}/>")).message.contains("attributes"));
        let spaces: String = (0..200_000).map(|n| format!("<b xmlns:n{n}='u{n}'/>")).collect();
        assert!(problem(&format!("<a>{spaces}</a>")).message.contains("namespaces"));
        whole(&format!("<a>{}{}</a>", "<!-- don't -->".repeat(1000), "it's <b c=\"d'e\"/>".repeat(1000)));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in prop_oneof![".*", "(<a|<b>|</a>|</b>|/>|>| x='1'| y=\"é\"|<!--|-->|<!\\[CDATA\\[|\\]\\]>|<\\?|\\?>|<!DOCTYPE a|\\[|&lt;|&x;|t|\n)*"]) {
            let _ = parse(&text);
        }
    }
}
