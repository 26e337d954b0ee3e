//! JSONPath (RFC 9535) into any document.

use std::collections::HashSet;

use serde_json::Value as Json;
use serde_json_path::JsonPath;

use crate::document::node::{Node, Value};

/// No real query is longer; the parser recurses, and enough parentheses would exhaust its stack.
const MAX_LENGTH: usize = 2000;
const MAX_NESTING: usize = 32;

/// A query that has been read once and can be asked of many documents.
#[derive(Clone, Debug)]
pub struct Query {
    path: JsonPath,
}

impl Query {
    /// `Err` says in one line what is wrong with the query.
    pub fn new(text: &str) -> Result<Self, String> {
        if text.len() > MAX_LENGTH {
            return Err(format!("the query is longer than {MAX_LENGTH} bytes"));
        }
        if nesting(text) > MAX_NESTING {
            return Err(format!("the query is nested more than {MAX_NESTING} deep"));
        }
        if !text.starts_with('$') {
            return Err("a query starts with $, the whole document".to_owned());
        }
        if let Some(index) = counted_from_the_end_in_a_comparison(text) {
            return Err(format!(
                "{index} inside a filter that compares finds nothing: count from the start there, or select with \
                 {index} outside of the filter"
            ));
        }
        JsonPath::parse(text).map(|path| Self { path }).map_err(|error| error.to_string().replace('\n', " "))
    }

    /// The nodes that the query selects, each once, in the order of the document.
    #[must_use]
    pub fn select<'a>(&self, document: &Queryable<'a>) -> Vec<&'a Node> {
        let chosen: HashSet<*const Json> =
            self.path.query(&document.json).into_iter().map(std::ptr::from_ref).collect();
        let mut found = Vec::with_capacity(chosen.len());
        if !chosen.is_empty() {
            collect(document.node, &document.json, &chosen, &mut found);
        }
        found
    }
}

/// A document made ready for any number of queries.
#[derive(Debug)]
pub struct Queryable<'a> {
    node: &'a Node,
    json: Json,
}

impl<'a> Queryable<'a> {
    #[must_use]
    pub fn new(node: &'a Node) -> Self {
        Self { node, json: node.to_json() }
    }
}

/// The first index such as `[-1]` within a filter that compares. RFC 9535 allows it, but the library that
/// evaluates queries takes it for no value there, and a comparison that silently never holds would pass.
fn counted_from_the_end_in_a_comparison(text: &str) -> Option<&str> {
    let plain = without_strings(text);
    // Where the brackets that are open now start, and whether a filter starts with them.
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut index = None;
    for (at, byte) in plain.bytes().enumerate() {
        match byte {
            b'[' => open.push((at, plain[at + 1..].trim_start().starts_with('?'))),
            b']' => {
                let (start, is_filter) = open.pop()?;
                let inside = plain[start + 1..at].trim();
                let digits = inside.strip_prefix('-').unwrap_or_default();
                let is_from_end = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
                if is_from_end && open.iter().any(|(_, is_filter)| *is_filter) {
                    index = index.or(text.get(start..=at));
                }
                if is_filter && index.is_some() && inside.contains(['=', '<', '>']) {
                    return index;
                }
                if !open.iter().any(|(_, is_filter)| *is_filter) {
                    index = None;
                }
            }
            _ => {}
        }
    }
    None
}

/// The query with what stands in quotes blanked out, byte for byte.
fn without_strings(text: &str) -> String {
    let mut quote = None;
    let mut escaped = false;
    let blank = |byte: u8| {
        let in_string = quote.is_some();
        match (quote, byte) {
            _ if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(open), byte) if byte == open => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            _ => {}
        }
        if in_string || !byte.is_ascii() { ' ' } else { char::from(byte) }
    };
    text.bytes().map(blank).collect()
}

/// Walks both trees side by side, so that what was chosen in one is found in the other in linear time.
fn collect<'a>(node: &'a Node, json: &Json, chosen: &HashSet<*const Json>, found: &mut Vec<&'a Node>) {
    if chosen.contains(&std::ptr::from_ref(json)) {
        found.push(node);
    }
    match (&node.value, json) {
        (Value::List(items), Json::Array(twins)) => {
            items.iter().zip(twins).for_each(|(item, twin)| collect(item, twin, chosen, found));
        }
        (Value::Map(entries), Json::Object(twins)) => {
            for entry in entries {
                if let Some(twin) = twins.get(&entry.key) {
                    collect(&entry.value, twin, chosen, found);
                }
            }
        }
        _ => {}
    }
}

/// The deepest that brackets and negations stand within each other, strings included: too careful by a little.
fn nesting(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::yaml;

    const WORKFLOW: &str = "on: push\njobs:\n  a:\n    steps:\n      - uses: x/y@v1\n      - run: |\n          make\n  b:\n    steps:\n      - {uses: z/w@v2}\n";

    fn found(query: &str, text: &str) -> Vec<(u32, u32, String)> {
        let parsed = yaml::parse(text);
        let query = Query::new(query).unwrap();
        let document = Queryable::new(&parsed.documents[0]);
        let nodes = query.select(&document);
        nodes.iter().map(|node| (node.span.line, node.span.column, node.text())).collect()
    }

    #[test]
    fn what_is_selected_knows_its_place() {
        let expected = [(5, 15, "x/y@v1".to_owned()), (10, 16, "z/w@v2".to_owned())];
        assert_eq!(found("$.jobs.*.steps[*].uses", WORKFLOW), expected);
        assert_eq!(found("$..uses", WORKFLOW), expected);
        assert_eq!(found("$['on']", WORKFLOW), [(1, 5, "push".to_owned())]);
        let block = found("$.jobs[?count(@.steps[*]) > 1].steps[-1].run", WORKFLOW);
        assert_eq!(block[0].0, 7, "a block stands where its text does, not where its | does");
        assert!(found("$.nothing", WORKFLOW).is_empty());
        let [first, second] = [(1, 8, "1".to_owned()), (2, 4, "2".to_owned())];
        assert_eq!(found("$..x", "z: {x: 1}\nx: 2\n"), [first.clone(), second.clone()]);
        assert_eq!(found("$['x', 'x', 'z'].x", "z: {x: 1}\nx: 2\n"), [first]);
        assert_eq!(found("$['x', 'x']", "z: {x: 1}\nx: 2\n"), [second]);
    }

    #[test]
    fn a_merged_value_stands_where_it_was_written() {
        assert_eq!(found("$.b.x", "a: &a\n  x: 1\nb:\n  <<: *a\n"), [(2, 6, "1".to_owned())]);
    }

    #[test]
    fn numbers_compare_as_numbers() {
        assert_eq!(found("$[?@.n > 9].n", "- n: 10\n- n: 9\n- n: '11'\n"), [(1, 6, "10".to_owned())]);
    }

    #[test]
    fn a_query_that_is_wrong_says_so() {
        assert!(Query::new("jobs.x").unwrap_err().contains("starts with $"));
        assert!(Query::new("$.a[").is_err());
        assert!(Query::new(&format!("$[?{}", "(".repeat(20_000))).unwrap_err().contains("longer"));
        assert!(Query::new(&format!("$[?{}", "(".repeat(1000))).unwrap_err().contains("nested"));
        assert!(Query::new(&format!("$[?{}@.a]", "!".repeat(1900))).is_err());
    }

    #[test]
    fn an_index_from_the_end_is_refused_where_it_would_find_nothing() {
        for query in ["$.s[?@.name == $.s[-1].base]", "$.s[?@.x[ -2 ] > 1]", "$[?@.a == 'x' && @.b[-1].c != '[']"] {
            let problem = Query::new(query).unwrap_err();
            assert!(problem.contains("inside a filter"), "{problem}");
        }
        for query in [
            "$.s[?@.x == '[-1]'].y[-1]",
            "$.s[-1][?@.a == 1]",
            "$.s[?@.x[-1]]",
            "$.s[?@.n > -1]",
            "$.s[-1:]",
            "$.s[?@.x[-1]].t[?@.a == 1]",
        ] {
            assert!(Query::new(query).is_ok(), "{query}");
        }
        // The day this finds something, the refusal can go.
        let path = JsonPath::parse("$.s[?@ == $.s[-1]]").unwrap();
        assert!(path.query(&serde_json::json!({"s": [1, 2]})).is_empty());
    }

    proptest! {
        #[test]
        fn no_query_makes_it_panic(text in prop_oneof![".*", "\\$[a.*?@\\[\\]()'\"0-9:,&|!<>= -]{0,60}"]) {
            if let Ok(query) = Query::new(&text) {
                let _ = query.select(&Queryable::new(&yaml::parse(WORKFLOW).documents[0]));
            }
        }
    }
}
