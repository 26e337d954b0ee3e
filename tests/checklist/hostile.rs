//! Nothing that a file says makes the reader panic, hang or grow.

use gonogo::checklist::lint::lint;
use proptest::prelude::*;

use super::{Files, entry, with};

#[test]
fn hostile_files_are_refused_in_one_line() {
    let big = format!("gonogo: 1\ntitle: \"{}\"\n", "x".repeat(10 << 20));
    assert_eq!(
        Files::one(&big).problems(),
        [format!("gonogo.yaml: the file has {} bytes; a checklist may have 1048576", big.len())]
    );
    let mut bomb = "gonogo: 1\nvars:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..12 {
        let previous = format!("*a{}", i - 1);
        bomb += &format!("  a{i}: &a{i} [{}]\n", vec![previous; 10].join(", "));
    }
    assert!(!Files::one(&bomb).problems().is_empty());
    for deep in ["[".repeat(400_000), "- ".repeat(400_000), "{a: ".repeat(200_000)] {
        assert_eq!(Files::one(&deep).problems().len(), 1);
    }
    for path in [
        format!("$[?{}@.a{}]", "(".repeat(900), ")".repeat(900)),
        format!("$.{}", "a".repeat(3_000)),
        format!("$[?{}@.a]", "!".repeat(1_900)),
    ] {
        let text = with(&format!("probe: {{query: {{files: a, select: '{path}', find: x}}}}"));
        assert_eq!(Files::one(&text).problems().len(), 1);
    }
    let text = format!("{}{{exists: a}}{}", "{not: ".repeat(40), "}".repeat(40));
    let problems = Files::one(&with(&format!("probe: {text}"))).problems();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].ends_with("probes nest more than 32 deep"), "{problems:?}");
}

#[test]
fn sets_that_double_each_other_stay_small() {
    let mut text = "gonogo: 1\nsets:\n  s0: [a, b]\n".to_owned();
    for i in 1..60 {
        text += &format!("  s{i}: [$s{}, $s{}]\n", i - 1, i - 1);
    }
    text += "  skip: [$s59]\n";
    assert_eq!(Files::one(&text).good().skip, ["a", "b"]);
}

#[test]
fn a_small_file_cannot_be_blown_up() {
    let told = |text: &str, what: &str| {
        let problems = Files::one(text).problems();
        assert!(problems.iter().any(|problem| problem.contains(what)), "{what}: {:?}", problems.first());
    };
    let many: String = (0..5_000).map(|i| format!("g{i}, ")).collect();
    let insertions = "$many, ".repeat(20_000);
    told(
        &with(&format!("covers: [{insertions}]")).replace("sets: {", &format!("sets: {{many: [{many}], ")),
        "more than 200000 globs of sets",
    );
    let long = "x".repeat(9_000);
    let patterns = "'${long}', ".repeat(2_000);
    told(
        &with(&format!("probe: {{text: {{files: a, find: [{patterns}]}}}}"))
            .replace("vars: {", &format!("vars: {{long: {long}, ")),
        "more than 8388608 bytes of variables",
    );
    let patterns: String = (0..6_000).map(|i| format!("a{i}, ")).collect();
    told(&with(&format!("probe: {{text: {{files: a, find: [{patterns}]}}}}")), "more than 5000 patterns");
    let items: String = (0..20_000).map(|i| format!("  - {{id: b.x{i}}}\n")).collect();
    told(&(with("") + &items), "item \"b.x19999\" has no title and no priority");
    let keys: String = (0..50_000).map(|i| format!("k{i}: 1\n")).collect();
    told(&with(&keys), "unknown key \"k49999\" in an item");
}

#[test]
fn control_characters_never_reach_a_message() {
    let problems = Files::one("gonogo: 1\n\"a\\e[31m\\u202e\": 1\n").problems();
    assert_eq!(problems, ["gonogo.yaml:2:1: unknown key \"a\u{241b}[31m\\u{202e}\""]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _ = lint(&entry(), &Files::one(&text));
    }

    #[test]
    fn no_value_in_any_field_makes_it_panic(
        field in prop::sample::select(vec!["title", "covers", "effort", "when", "probe", "cases", "tier", "no_files", "zebra"]),
        value in "[\\[\\]{}:, a$!*'0-9\"é-]{0,40}|\\{(text|query|git|all|not|exists): [\\[\\]{}:, a$!*'0-9-]{0,40}\\}",
    ) {
        let (_, problems) = Files::one(&with(&format!("{field}: {value}"))).load();
        prop_assert!(problems.iter().all(|problem| problem.starts_with("gonogo.yaml") && !problem.contains('\n')), "{problems:?}");
    }

    #[test]
    fn no_pattern_or_path_makes_it_panic(text in "[(){}\\[\\]|*+?.^$@a-c0-9,\\\\!=<>&-]{0,60}") {
        let _ = gonogo::checklist::pattern::compile(&text, true);
        let path = text.replace('\\', "");
        let _ = Files::one(&with(&format!("probe: {{query: {{files: a, select: \"${path}\", find: x}}}}"))).load();
    }
}
