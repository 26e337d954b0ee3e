//! How items are worked through: what a checklist may say of it, and that none of it moves what was asked.

use gonogo::checklist::model::{Checklist, Probe};
use gonogo::checklist::plan::{Phase, Requirement};
use rstest::rstest;

use super::{Files, item, with};

/// A checklist of these items, one line each, from line 4 on.
fn items(lines: &[&str]) -> Files {
    let lines: String = lines.iter().map(|line| format!("- {{priority: P1, title: T, {line}}}\n")).collect();
    Files::one(&format!("gonogo: 1\ncategories: [{{id: a}}, {{id: b}}]\nitems:\n{lines}"))
}

#[test]
fn a_plan_is_read_as_it_is_written() {
    let checklist = items(&[
        "id: a.one, needs: [a.two], caused_by: [b.three], due: 2027-02-28, verify: make check",
        "id: a.two, creates: [docs/runbook.md], snippet: {language: sh, text: 'make backup'}",
        "id: b.three, options: [keep it, drop it]",
    ])
    .good();
    let one = &item(&checklist, "a.one").plan;
    assert_eq!(
        (one.needs.as_slice(), one.caused_by.as_slice()),
        (&["a.two".to_owned()][..], &["b.three".to_owned()][..])
    );
    assert_eq!((one.due, one.verify.as_deref()), (Some(jiff::civil::date(2027, 2, 28)), Some("make check")));
    let two = &item(&checklist, "a.two").plan;
    let snippet = two.snippet.as_ref().unwrap();
    assert_eq!((snippet.language.as_str(), snippet.text.as_str()), ("sh", "make backup"));
    assert_eq!(two.creates, ["docs/runbook.md"]);
    assert_eq!(item(&checklist, "b.three").options, ["keep it", "drop it"]);
}

#[rstest]
#[case("needs: [a.b]", r#"8:13: item "a.b" needs itself"#)]
#[case("needs: [a.x]", r#"8:13: unknown item "a.x""#)]
#[case("needs: a.x", "8:12: expected a list of items' ids, found text")]
#[case("caused_by: [a.b]", r#"8:17: item "a.b" is caused by itself"#)]
#[case("due: soon", "8:10: expected a day such as 2027-02-28, found text")]
#[case("due: 2027-02-30", "8:10: expected a day such as 2027-02-28, found text")]
#[case("snippet: make", "8:14: expected a mapping with language, text, found text")]
#[case("snippet: {language: sh}", r#"8:14: "snippet" needs "text""#)]
#[case("creates: [/etc/passwd]", r#"8:14: "/etc/passwd" is no path inside the tree"#)]
#[case("creates: [a/../../b]", r#"8:14: "a/../../b" is no path inside the tree"#)]
#[case("options: [one]", "8:14: a decision needs two options at least")]
#[case("options: [one, two, one]", r#"8:14: the option "one" stands twice"#)]
#[case(
    "probe: {exists: a, part: x}",
    r#"8:24: unknown probe "part"; exists, absent, text, query, compare, encoding, names, git, sarif, command, ask, all, any or not is one"#
)]
#[case(
    "probe: {all: [{part: x}]}",
    "8:19: the probe is empty; exists, absent, text, query, compare, encoding, names, git, sarif, command, ask, all, any or not is one"
)]
fn a_bad_plan_breaks_its_item_and_says_where(#[case] fields: &str, #[case] expected: &str) {
    let (checklist, problems) = Files::one(&with(fields)).load();
    let expected = format!("gonogo.yaml:{expected}");
    assert!(problems.contains(&expected), "{problems:#?}");
    assert!(checklist.items[0].broken.is_some());
}

#[test]
fn an_unknown_id_gets_a_suggestion() {
    let problems = items(&["id: a.restore, needs: [a.backups]", "id: a.backup"]).problems();
    assert_eq!(problems, [r#"gonogo.yaml:4:51: unknown item "a.backups", did you mean "a.backup"?"#]);
}

#[test]
fn items_that_need_each_other_in_a_circle_are_broken_and_the_circle_is_named() {
    let (checklist, problems) = items(&[
        "id: a.one, needs: [a.two]",
        "id: a.two, needs: [b.three]",
        "id: b.three, needs: [a.one]",
        "id: b.four, needs: [a.one]",
    ])
    .load();
    assert_eq!(
        problems,
        [
            "gonogo.yaml:4:32: items need each other in a circle: a.one → a.two → b.three → a.one",
            "gonogo.yaml:5:32: items need each other in a circle: a.two → b.three → a.one → a.two",
            "gonogo.yaml:6:32: items need each other in a circle: b.three → a.one → a.two → b.three",
        ]
    );
    let broken = |id: &str| item(&checklist, id).broken.is_some();
    assert!(broken("a.one") && broken("a.two") && broken("b.three"));
    assert!(!broken("b.four"), "it waits for the circle and is no part of it");
}

#[test]
fn a_long_circle_is_found_quickly_and_shown_by_its_ends() {
    let lines: Vec<String> = (0..3_000).map(|n| format!("id: a.n{n}, needs: [a.n{}]", (n + 1) % 3_000)).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let (checklist, problems) = items(&lines).load();
    assert!(problems[0].ends_with("a.n0 → a.n1 → … → a.n0"), "{}", problems[0]);
    assert!(checklist.items.iter().all(|item| item.broken.is_some()));
}

#[test]
fn a_plan_changes_nothing_of_what_was_asked() {
    let hash = |fields: &str| Files::one(&with(fields)).good().items[0].hash.clone();
    let probe = "probe: {all: [{exists: a}, {exists: b}]}";
    let plain = hash(probe);
    let plan = "due: 2027-01-01\nverify: x\ncreates: [x]\nsnippet: {text: x}\nphase: safety";
    assert_eq!(plain, hash(&format!("{probe}\n{plan}")));
    assert_eq!(plain, hash("probe: {all: [{exists: a, part: one}, {part: two, exists: b}]}"));
    assert_ne!(
        plain,
        hash(&format!("{probe}\noptions: [yes it is, no it is not]")),
        "the answers belong to the question"
    );
}

#[test]
fn what_an_item_waits_for_moves_the_ruler_and_the_rest_of_its_plan_does_not() {
    let ruler = |first: &str| items(&[&format!("id: a.one, {first}"), "id: a.two"]).good().ruler;
    let plain = ruler("why: w");
    assert_ne!(plain, ruler("needs: [a.two]"));
    assert_eq!(plain, ruler("caused_by: [a.two], due: 2027-01-01, verify: x, creates: [x]"));
}

#[test]
fn a_member_of_several_probes_may_have_a_name() {
    let checklist = Files::one(&with("probe: {any: [{exists: a, part: the file}, {exists: b}]}")).good();
    let Some(Probe::Any(members)) = &checklist.items[0].probe else { panic!() };
    assert_eq!(members.iter().map(|member| member.part.as_deref()).collect::<Vec<_>>(), [Some("the file"), None]);
}

fn phases_of(checklist: &Checklist) -> Vec<&str> {
    checklist.items.iter().map(|item| checklist.phases[item.phase].id.as_str()).collect()
}

#[test]
fn phases_follow_the_priority_unless_an_item_says_otherwise() {
    let text = |phases: &str| {
        let items = ["P0", "P1", "P2", "P3"].map(|p| {
            format!("- {{id: a.{p}, title: T, priority: {p}}}\n")
                .to_lowercase()
                .replace("priority: p", "priority: P")
                .replace("title: t", "title: T")
        });
        format!(
            "gonogo: 1\n{phases}categories: [{{id: a}}]\nitems:\n{}- {{id: a.own, title: T, priority: P0, phase: enterprise}}\n",
            items.concat()
        )
    };
    let checklist = Files::one(&text("")).good();
    assert_eq!(checklist.phases, Phase::defaults());
    assert_eq!(phases_of(&checklist), ["safety", "hardening", "enterprise", "enterprise", "enterprise"]);
    let checklist = Files::one(&text("phases: [{id: now, title: Now, box: 2w}, {id: later}]\n")).good();
    assert_eq!((checklist.phases[0].box_days, checklist.phases[1].title.as_str()), (Some(14), "later"));
    assert_eq!(
        phases_of(&checklist),
        ["now", "later", "later", "later", "now"],
        "a usual phase is no mistake elsewhere"
    );
}

#[test]
fn an_environment_requires_items_categories_and_tiers() {
    let text = "gonogo: 1\ncategories: [{id: a}]\nitems: [{id: a.b, title: T, priority: P0}]\nenvironments:\n- {id: staging, title: Staging, requires: [a, a.b, 'tier:pilot']}\n";
    let checklist = Files::one(text).good();
    let expected = [Requirement::Category("a".into()), Requirement::Item("a.b".into()), Requirement::Tier(0)];
    assert_eq!(checklist.environments[0].requires, expected);
    let problems = Files::one(&text.replace("[a, a.b, 'tier:pilot']", "[a.c, 'tier:pilto']")).problems();
    assert_eq!(
        problems,
        [
            r#"gonogo.yaml:5:8: environment "staging" requires nothing"#,
            r#"gonogo.yaml:5:44: no item and no category "a.c", did you mean "a.b"?"#,
            r#"gonogo.yaml:5:49: unknown tier "pilto", did you mean "pilot"?"#,
        ]
    );
}
