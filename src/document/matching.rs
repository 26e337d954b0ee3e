//! `match()` and `search()` in queries, as RFC 9535 has them. What the library brings compiles the pattern for every node
//! that it looks at; these remember it.

use std::cell::RefCell;
use std::collections::HashMap;

use regex_automata::meta::Regex;
use serde_json::Value;
use serde_json_path::functions::{LogicalType, ValueType};

/// A document can bring patterns of its own, without end: beyond so many, all are forgotten.
const MOST: usize = 256;

/// Patterns by how they were written; `None` for what is none.
type Known = RefCell<HashMap<String, Option<Regex>>>;

thread_local! {
    static WHOLE: Known = RefCell::default();
    static PART: Known = RefCell::default();
}

#[serde_json_path::function(name = "match")]
fn matches_whole(value: ValueType, pattern: ValueType) -> LogicalType {
    WHOLE.with(|known| holds(&value, &pattern, known, |pattern| format!("(?R)^({pattern})$")))
}

#[serde_json_path::function(name = "search")]
fn matches_part(value: ValueType, pattern: ValueType) -> LogicalType {
    PART.with(|known| holds(&value, &pattern, known, |pattern| format!("(?R)({pattern})")))
}

/// Whether it is a text that the pattern matches; `spell` gives the pattern as the engine reads it.
fn holds(value: &ValueType<'_>, pattern: &ValueType<'_>, known: &Known, spell: impl Fn(&str) -> String) -> LogicalType {
    let (Some(Value::String(text)), Some(Value::String(pattern))) = (value.as_value(), pattern.as_value()) else {
        return LogicalType::False;
    };
    let mut known = known.borrow_mut();
    if !known.contains_key(pattern) {
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(pattern.clone(), Regex::new(&spell(pattern)).ok());
    }
    known[pattern].as_ref().is_some_and(|regex| regex.is_match(text)).into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use serde_json_path::JsonPath;

    use super::*;

    fn select(query: &str, document: &Value) -> Vec<Value> {
        JsonPath::parse(query).unwrap().query(document).into_iter().cloned().collect()
    }

    #[test]
    fn a_part_or_the_whole_of_a_text_matches() {
        let document = json!(["a", "ba", "ab\nb", "é", "É", 1, null, ["a"]]);
        assert_eq!(select("$[?search(@, 'a')]", &document), ["a", "ba", "ab\nb"]);
        assert_eq!(select("$[?match(@, 'a|b')]", &document), ["a"]);
        assert_eq!(select("$[?match(@, '.')]", &document), ["a", "é", "É"]);
        assert_eq!(select("$[?match(@, '(?i)É')]", &document), ["é", "É"]);
        assert_eq!(select("$[?!search(@, '^[a-zéÉ]')]", &document), [json!(1), json!(null), json!(["a"])]);
    }

    #[test]
    fn what_is_no_pattern_matches_nothing() {
        let document = json!({"a": "(", "b": "x"});
        assert!(select("$[?search(@, '(')]", &document).is_empty());
        assert!(select("$[?search(@, 1)]", &document).is_empty());
        assert_eq!(select("$[?search(@, $.b)]", &document), ["x"]);
    }

    #[test]
    fn patterns_of_documents_are_not_kept_without_end() {
        let patterns: Vec<String> = (0..2 * MOST).map(|number| format!("^{number}$")).collect();
        for pattern in patterns.iter().chain(&patterns) {
            let document = json!({"pattern": pattern, "texts": [pattern.trim_matches(['^', '$']), "x"]});
            assert_eq!(select("$.texts[?search(@, $.pattern)]", &document).len(), 1);
        }
        PART.with_borrow(|known| assert!(known.len() <= MOST));
    }
}
