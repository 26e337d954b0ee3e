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
        JsonPath::parse(text).map(|path| Self { path }).map_err(|error| error.to_string().replace('\n', " "))
    }

    /// The nodes that the query selects, each once, in the order of the document.
    #[must_use]
    pub fn select<'a>(&self, document: &'a Node) -> Vec<&'a Node> {
        let json = document.to_json();
        let chosen: HashSet<*const Json> = self.path.query(&json).into_iter().map(std::ptr::from_ref).collect();
        let mut found = Vec::with_capacity(chosen.len());
        if !chosen.is_empty() {
            collect(document, &json, &chosen, &mut found);
        }
        found
    }
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
        let nodes = query.select(&parsed.documents[0]);
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

    proptest! {
        #[test]
        fn no_query_makes_it_panic(text in prop_oneof![".*", "\\$[a.*?@\\[\\]()'\"0-9:,&|!<>= -]{0,60}"]) {
            if let Ok(query) = Query::new(&text) {
                let _ = query.select(&yaml::parse(WORKFLOW).documents[0]);
            }
        }
    }
}
