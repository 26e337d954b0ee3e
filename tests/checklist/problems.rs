//! Every problem at its place, with what would be right, and no item taken down by another.

use rstest::rstest;

use super::{Files, item, with};

#[rstest]
#[case::unknown_key("prority: P1", r#"8:5: unknown key "prority" in an item, did you mean "priority"?"#)]
#[case::priority("priority: P9", r#"8:15: unknown priority "P9", did you mean "P0"?"#)]
#[case::tier("tier: standrd", r#"8:11: unknown tier "standrd", did you mean "standard"?"#)]
#[case::category("category: zebra", r#"8:15: unknown category "zebra"; add it to "categories""#)]
#[case::phase("phase: later", r#"8:12: unknown phase "later"; safety, hardening or enterprise is meant"#)]
#[case::number_for_text("why: 5", "8:10: expected text, found a number; put it in quotes")]
#[case::globs("probe: {exists: 5}", "8:21: expected a mapping with files, scope, min, size, found a number")]
#[case::covers("covers: 5", "8:13: expected a glob or a list of globs, found a number")]
#[case::glob("covers: ['a[']", r#"8:14: "a[" is no glob: unclosed character class; missing ']'"#)]
#[case::absolute("covers: /etc", r#"8:13: "/etc" is absolute; globs are relative to the root of the tree"#)]
#[case::outside("covers: ../x", r#"8:13: "../x" leaves the tree"#)]
#[case::set("covers: $pi", r#"8:13: unknown set "$pi", did you mean "py"?"#)]
#[case::exclusions("covers: ['!a']", "8:13: only exclusions: nothing would ever be selected")]
#[case::variable("covers: ['${mn}']", r#"8:14: unknown variable "mn", did you mean "min"?"#)]
#[case::effort("effort: soon", r#"8:13: "soon" is no duration; write one like 30m, 2h, 1d or 2h-4h"#)]
#[case::effort_number("effort: 30", "8:13: expected a duration like 30m, 2h, 1d or 2h-4h, found a number")]
#[case::review("review_every: 30m", r#"8:19: "30m" is no duration; write one like 30d or 12w"#)]
#[case::flag("waivable: no", "8:15: expected true or false, found text")]
#[case::honesty("no_files: pass", "8:15: nothing looked at is never a pass; fail, not-applicable or unknown is meant")]
#[case::no_fault("probe: {encoding: {files: a}}", r#"8:23: "encoding" needs "forbid""#)]
#[case::misspelt_fault(
    "probe: {names: {files: a, forbid: [strays, twin]}}",
    r#"8:48: unknown fault "twin", did you mean "twins"?"#
)]
#[case::misspelt_probe("probe: {qurey: {}}", r#"8:13: unknown probe "qurey", did you mean "query"?"#)]
#[case::two_probes(
    "probe: {exists: a, absent: b}",
    r#"8:12: a probe has one key, found "exists" and "absent"; join them with "all" or "any""#
)]
#[case::no_probe(
    "probe:",
    "8:10: expected a probe (exists, absent, text, query, compare, encoding, names, git, sarif, command, ask, all, any or not), found nothing"
)]
#[case::no_members("probe: {all: []}", "8:18: expected at least one probe, found an empty list")]
#[case::both_modes(
    "probe: {text: {files: a, find: x, forbid: y}}",
    r#"8:47: "find" and "forbid" contradict each other; keep one"#
)]
#[case::no_mode("probe: {text: {files: a}}", "8:19: needs one of find or forbid")]
#[case::no_files("probe: {text: {find: a}}", r#"8:19: "text" needs "files""#)]
#[case::text_key("probe: {text: {files: a, fnd: x}}", r#"8:30: unknown key "fnd" in "text", did you mean "find"?"#)]
#[case::idle_within(
    "probe: {text: {files: a, find: x, within: 3}}",
    r#"8:47: "within" says how near "unless" looks, and there is no "unless""#
)]
#[case::view(
    "probe: {text: {files: a, find: x, in: comments}}",
    r#"8:43: unknown part of a line "comments", did you mean "comment"?"#
)]
#[case::look_around(
    "probe: {text: {files: a, find: 'a(?!b)'}}",
    r#"8:36: "a(?!b)" is no pattern: look-ahead and look-behind are not supported ("unless" may do instead), at character 2 of the pattern"#
)]
#[case::second_pattern(
    "probe: {text: {files: a, find: [x, '[']}}",
    r#"8:40: "[" is no pattern: unclosed character class, at character 1 of the pattern"#
)]
#[case::huge_pattern(
    "probe: {text: {files: a, find: '((a{1000}){1000}){1000}'}}",
    r#"8:36: "((a{1000}){1000}){1000}" is no pattern: the pattern is too big once it is compiled; use smaller repetitions"#
)]
#[case::kind(
    "probe: {query: {files: a, select: $.a, find: x, as: yml}}",
    r#"8:57: unknown kind of document "yml", did you mean "yaml"?"#
)]
#[case::no_select("probe: {query: {files: a, find: x}}", r#"8:20: "query" needs "select""#)]
#[case::json_path(
    "probe: {query: {files: a, select: jobs.x, find: x}}",
    r#"8:39: "jobs.x" is no JSONPath: a query starts with $, the whole document"#
)]
#[case::bounds(
    "probe: {query: {files: a, select: $.a, at_least: 5, at_most: 4}}",
    "8:20: no number is at least 5 and at most 4"
)]
#[case::no_bound("probe: {query: {files: a, select: $.a, at_least: x}}", "8:54: expected a number, found text")]
#[case::min("probe: {exists: {files: a, min: 0}}", r#"8:37: expected a whole number from 1 to 1000000, found "0""#)]
#[case::git_within("probe: {git: {newest: a}}", r#"8:18: "newest" needs "within", for example "within: 90d""#)]
#[case::git_idle_within("probe: {git: {tracked: a, within: 1d}}", r#"8:39: "within" goes with "newest" only"#)]
#[case::git_names(
    "probe: {git: {ignored: '*.pem'}}",
    r#"8:28: "ignored" asks about names, which "*.pem" is not; write the names out"#
)]
#[case::empty_question("probe: {ask: ''}", "8:18: expected text, found an empty one")]
#[case::case_word("cases: [{pas: {}}]", r#"8:14: unknown key "pas" in a case, did you mean "pass"?"#)]
#[case::two_expectations(
    "cases: [{pass: {}, fail: {}}]",
    r#"8:30: a case expects one thing; make "fail" a case of its own"#
)]
#[case::no_expectation("cases: [{at: a}]", "8:13: a case needs one of pass, fail, not-applicable or unknown")]
#[case::content("cases: [{pass: {a: 5}}]", "8:24: expected the content as text, found a number; put it in quotes")]
#[case::case_path("cases: [{pass: {../a: x}}]", r#"8:21: "../a" is no path inside the tree of a case"#)]
fn a_bad_field_breaks_its_item_and_says_where_and_how(#[case] fields: &str, #[case] expected: &str) {
    let (checklist, problems) = Files::one(&with(fields)).load();
    let expected = format!("gonogo.yaml:{expected}");
    assert_eq!(problems.iter().find(|problem| **problem == expected), Some(&expected), "{problems:#?}");
    assert!(checklist.items[0].broken.as_deref().is_some_and(|broken| broken.starts_with("gonogo.yaml:")));
}

#[rstest]
#[case("", "gonogo.yaml: the file is empty; a checklist begins with \"gonogo: 1\"")]
#[case("- a", "gonogo.yaml:1:1: expected a checklist that begins with \"gonogo: 1\", found a list")]
#[case("title: x", "gonogo.yaml:1:1: the version is missing; write \"gonogo: 1\" first")]
#[case("gonogo: 2\nitms: []", "gonogo.yaml:1:9: version \"2\" is not known; this gonogo reads \"gonogo: 1\"")]
#[case("gonogo: 1\nitms: []", "gonogo.yaml:2:1: unknown key \"itms\", did you mean \"items\"?")]
#[case("gonogo: 1\n---\na: 1", "gonogo.yaml:3:1: a second document; a checklist is one document")]
#[case("gonogo: 1\nitems: {}", "gonogo.yaml:2:8: expected a list, each with an id, found a mapping")]
#[case("gonogo: 1\nitems: [5]", "gonogo.yaml:2:9: expected a mapping with an id, found a number")]
#[case("gonogo: 1\nitems: [{di: a.b}]", "gonogo.yaml:2:9: the item has no id (\"di\" may be meant for it)")]
#[case(
    "gonogo: 1\nitems: [{id: ../a}]",
    "gonogo.yaml:2:14: \"../a\" is no id; lower-case letters and digits in parts joined by \".\" or \"-\", at most 100 characters"
)]
#[case("gonogo: 1\nsets: [a]", "gonogo.yaml:2:7: expected names for globs, found a list")]
#[case("gonogo: 1\nsets: {a b: x}", "gonogo.yaml:2:8: \"a b\" is no name; letters, digits, \"_\" and \"-\" make one")]
#[case("gonogo: 1\nsets: {a: $b, b: $a}", "gonogo.yaml:2:18: the set uses itself: \"a → b → a\"")]
#[case("gonogo: 1\nsets: {a: [5]}", "gonogo.yaml:2:12: expected a list of globs, found a number")]
#[case("gonogo: 1\nvars: {a: {}}", "gonogo.yaml:2:11: expected a number, a word or a list of them, found a mapping")]
#[case("gonogo: 1\nvars: {a: []}", "gonogo.yaml:2:11: expected at least one word in the list")]
#[case("gonogo: 1\ntiers: [{id: x}]", "gonogo.yaml:2:14: tier \"x\" has no gate, for example \"gate: P1\"")]
#[case("gonogo: 1\ntiers: [{id: x, gate: P7}]", "gonogo.yaml:2:23: unknown priority \"P7\", did you mean \"P0\"?")]
#[case(
    "gonogo: 1\ncategories: [{id: x, titel: X}]",
    "gonogo.yaml:2:22: unknown key \"titel\" in a category, did you mean \"title\"?"
)]
#[case("gonogo: 1\nextends: [5]", "gonogo.yaml:2:11: expected text, found a number")]
#[case(
    "gonogo: 1\nextends: builtin:enterprize",
    "gonogo.yaml:2:10: there is no built-in checklist \"enterprize\", did you mean \"enterprise\"?"
)]
#[case("gonogo: 1\nextends: [../x.yaml]", "gonogo.yaml:2:11: \"../x.yaml\" is outside the tree")]
#[case(
    "gonogo: 1\nextends: [/x.yaml]",
    "gonogo.yaml:2:11: \"/x.yaml\" is no relative path; extend a file inside the tree"
)]
#[case(
    "gonogo: 1\nextends: ['https://x/y']",
    "gonogo.yaml:2:11: \"https://x/y\" is on the network; extend a file inside the tree"
)]
#[case("gonogo: 1\nextends: [team.yaml]", "gonogo.yaml:2:11: can't read \"team.yaml\": no such file")]
#[case(
    "gonogo: 1\nextends: [gonogo.yaml]",
    "gonogo.yaml:2:11: the checklist extends itself: gonogo.yaml → gonogo.yaml"
)]
#[case("gonogo: 1\nitems: [{id: a.b}]", "gonogo.yaml:2:14: item \"a.b\" has no title and no priority")]
fn a_bad_file_says_where_and_how(#[case] text: &str, #[case] expected: &str) {
    let problems = Files::one(text).problems();
    assert!(problems.iter().any(|problem| problem == expected), "{problems:#?}");
}

#[test]
fn a_file_that_is_not_there_is_the_only_problem() {
    let (checklist, problems) = Files::new(&[]).load();
    assert_eq!(problems, ["gonogo.yaml: cannot be read: no such file"]);
    assert!(checklist.items.is_empty());
}

#[test]
fn all_problems_are_told_at_once_and_good_items_stay_good() {
    let text = "gonogo: 1\ntitel: x\ncategories: [{id: a}]\nitems:\n  - {id: a.good, title: G, priority: P0, probe: {exists: x}}\n  \
                - {id: a.bad, title: B, priority: PO, effort: x}\n  - {id: A.ugly, title: U, priority: P0}\n  - {id: a.good, title: Again, priority: P3}\n";
    let (checklist, problems) = Files::one(text).load();
    assert_eq!(
        problems,
        [
            "gonogo.yaml:2:1: unknown key \"titel\", did you mean \"title\"?",
            "gonogo.yaml:6:37: unknown priority \"PO\", did you mean \"P0\"?",
            "gonogo.yaml:6:49: \"x\" is no duration; write one like 30m, 2h, 1d or 2h-4h",
            "gonogo.yaml:7:10: \"A.ugly\" is no id; lower-case letters and digits in parts joined by \".\" or \"-\", at most 100 characters",
            "gonogo.yaml:8:10: item \"a.good\" stands twice, first in line 5",
        ]
    );
    assert_eq!(checklist.items.len(), 2);
    assert_eq!(item(&checklist, "a.good").title, "G");
    assert!(item(&checklist, "a.good").broken.as_deref().unwrap().contains("stands twice"));
    assert!(item(&checklist, "a.bad").broken.as_deref().unwrap().ends_with("(and 1 more)"));
}

#[test]
fn what_uses_a_faulty_set_or_variable_is_broken_too() {
    let text = with("covers: $bad\nprobe: {exists: '${worse}'}")
        .replace("sets: {", "sets: {bad: [a, 'b['], ")
        .replace("vars: {", "vars: {worse: {}, ");
    let (checklist, problems) = Files::one(&text).load();
    assert_eq!(problems.len(), 4, "{problems:#?}");
    assert!(problems[2].ends_with("\"$bad\" is itself written wrongly"), "{problems:#?}");
    assert!(problems[3].ends_with("\"${worse}\" is itself written wrongly"), "{problems:#?}");
    assert!(checklist.items[0].broken.is_some());
}

#[test]
fn a_broken_item_of_an_unknown_category_is_still_shown_somewhere() {
    let (checklist, _) = Files::one("gonogo: 1\nitems: [{id: zoo.a, title: T, priority: P0}]").load();
    assert_eq!(checklist.categories[0].id, checklist.items[0].category);
    assert!(checklist.items[0].broken.is_some());
}
