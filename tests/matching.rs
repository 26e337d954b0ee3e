//! The one pass over a text finds what each pattern finds alone.

use gonogo::checklist::builtin;
use gonogo::checklist::merge::{self, Entry, Loader};
use gonogo::checklist::model::{Item, Probe};
use gonogo::checklist::pattern::compile;
use gonogo::probe::literal::Literal;
use gonogo::probe::needs::clauses;
use proptest::prelude::*;

struct Nothing;

impl Loader for Nothing {
    fn load(&self, path: &str) -> Result<String, String> {
        Err(format!("no {path} here"))
    }
}

fn items() -> Vec<std::sync::Arc<Item>> {
    builtin::NAMES.iter().flat_map(|name| merge::load(&Entry::Builtin((*name).to_owned()), &Nothing).0.items).collect()
}

fn patterns(probe: &Probe, into: &mut Vec<String>) {
    match probe {
        Probe::All(members) | Probe::Any(members) => members.iter().for_each(|member| patterns(&member.probe, into)),
        Probe::Not(member) => patterns(member, into),
        Probe::Text(text) => into.extend(text.patterns.iter().cloned()),
        _ => {}
    }
}

/// Whether the shortcut would have let this line through.
fn is_tried(pattern: &str, line: &[u8]) -> bool {
    clauses(pattern).is_none_or(|clauses| {
        let stands = |literal: &Literal| (0..line.len()).any(|start| literal.stands_at(line, start));
        clauses.iter().any(|needs| needs.iter().all(|need| need.iter().any(stands)))
    })
}

#[test]
fn no_pattern_of_the_built_in_misses_a_line_of_its_cases() {
    let items = items();
    let lines: Vec<&str> = items
        .iter()
        .flat_map(|item| &item.cases)
        .flat_map(|case| &case.files)
        .flat_map(|(_, text)| text.lines())
        .collect();
    let (mut tried, mut matched) = (0, 0);
    for item in &items {
        let mut all = Vec::new();
        item.when.iter().chain(&item.probe).for_each(|probe| patterns(probe, &mut all));
        for pattern in all {
            let regex = compile(&pattern, false).unwrap();
            for line in lines.iter().filter(|line| regex.is_match(line.as_bytes())) {
                assert!(is_tried(&pattern, line.as_bytes()), "{}: {pattern} misses {line}", item.id);
                matched += 1;
            }
            tried += 1;
        }
    }
    assert!(tried > 100 && matched > 500, "{tried} {matched}");
}

/// Patterns of all shapes that people write, over a small alphabet, so that they match often.
fn any_pattern() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "abc", "key", "secret", "kelvin", "S", "k", "a b", "=", "é", "x{2}", "[a-c]", "\\b", ".",
    ]);
    let leaf = word.prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("(?:{})", parts.join("|"))),
            (inner.clone(), prop::sample::select(vec!["?", "*", "+", "{1,2}", "{0}"]))
                .prop_map(|(inner, times)| format!("(?:{inner}){times}")),
            inner.clone().prop_map(|inner| format!("(?i:{inner})")),
            inner.clone().prop_map(|inner| format!("(?iu:{inner})")),
            inner.prop_map(|inner| format!("^{inner}$")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn a_line_that_matches_holds_what_the_pattern_needs(
        pattern in any_pattern(),
        line in "(abc|key|secret|kelvin|KELVIN|\u{212a}elvin|\u{17f}ecret|S|k|a b|=|é|x|xx|c| ){0,8}",
    ) {
        if let Ok(regex) = compile(&pattern, false) {
            prop_assert!(!regex.is_match(line.as_bytes()) || is_tried(&pattern, line.as_bytes()), "{:?}", clauses(&pattern));
        }
    }
}
