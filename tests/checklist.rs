//! What a checklist may say, and what is said about one that is wrong.

use std::collections::BTreeMap;

use gonogo::checklist::lint::{is_advice, lint};
use gonogo::checklist::merge::{Entry, Loader, load};
use gonogo::checklist::model::{Checklist, GitProbe, Item, NoFiles, Phase, Priority, Probe, Size, View, Want};
use gonogo::checklist::schema::schema;
use gonogo::checklist::starter::STARTER;
use proptest::prelude::*;
use rstest::rstest;

/// A tree of checklists; the first one is where reading begins.
struct Files(BTreeMap<String, String>);

impl Files {
    fn one(text: &str) -> Self {
        Self::new(&[("gonogo.yaml", text)])
    }

    fn new(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }

    fn load(&self) -> (Checklist, Vec<String>) {
        let (checklist, problems) = load(&entry(), self);
        (checklist, problems.iter().map(ToString::to_string).collect())
    }

    /// The checklist, which must be without problems.
    fn good(&self) -> Checklist {
        let (checklist, problems) = self.load();
        assert_eq!(problems, Vec::<String>::new());
        checklist
    }

    fn problems(&self) -> Vec<String> {
        self.load().1
    }

    fn advice(&self) -> Vec<String> {
        lint(&entry(), self).iter().filter(|problem| is_advice(problem)).map(ToString::to_string).collect()
    }
}

impl Loader for Files {
    fn load(&self, path: &str) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "no such file".to_owned())
    }
}

fn entry() -> Entry {
    Entry::File("gonogo.yaml".to_owned())
}

fn item<'a>(checklist: &'a Checklist, id: &str) -> &'a Item {
    checklist.items.iter().find(|item| item.id == id).unwrap_or_else(|| panic!("no item {id}"))
}

/// A checklist with one item `a.b` whose further fields begin in line 8, column 5.
fn with(fields: &str) -> String {
    let fields: String = fields.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "gonogo: 1\ncategories: [{{id: a}}]\nsets: {{py: ['**/*.py'], no-old: ['!old/**']}}\nvars: {{min: 70, words: [x, 'y.z'], any: 'p|q'}}\nitems:\n  - id: a.b\n    title: T\n{fields}{}",
        if fields.contains("priority:") { "" } else { "    priority: P1\n" }
    )
}

fn probe(text: &str) -> Probe {
    let checklist = Files::one(&with(&format!("probe: {text}"))).good();
    checklist.items[0].probe.clone().unwrap_or_else(|| panic!("no probe"))
}

#[test]
fn what_nobody_says_has_a_default() {
    let checklist = Files::one(&with("")).good();
    let item = &checklist.items[0];
    assert_eq!((item.category.as_str(), item.phase, item.waivable), ("a", Phase::Hardening, true));
    assert_eq!(checklist.tiers[item.tier].id, "standard");
    assert_eq!((item.probe.is_none(), item.effort_minutes, item.place.as_str()), (true, 0, "gonogo.yaml:6:9"));
    let gates: Vec<_> = checklist.tiers.iter().map(|tier| (tier.id.as_str(), tier.gate, tier.confirm)).collect();
    assert_eq!(
        gates,
        [("pilot", Priority::P0, false), ("standard", Priority::P1, false), ("enterprise", Priority::P2, true)]
    );
    assert!(checklist.skip.contains(&"**/node_modules/**".to_owned()));
    assert!(!checklist.skip.iter().any(|glob| glob.contains("lock") || glob.contains("migrations")));
}

#[test]
fn every_field_arrives() {
    let checklist = Files::one(&with(
        "category: a\nwhy: because\nfix: use ${min}, not ${OTHER}\nrefs: [CWE-1]\npriority: P0\ntier: pilot\nphase: enterprise\n\
         effort: 2h-4h\nconfidence: heuristic\nwhen: {exists: x}\nprobe: {absent: y}\nno_files: unknown\ncovers: $py\n\
         review_every: 26w\nwaivable: false\ncases:\n  - fail: {y: ''}\n    at: y:1\n    tracked: [y]",
    ))
    .good();
    let item = &checklist.items[0];
    assert_eq!(item.fix, "use 70, not ${OTHER}");
    assert_eq!((item.effort_minutes, item.review_every_days, item.tier), (240, Some(182), 0));
    assert_eq!((item.no_files, item.waivable), (Some(NoFiles::Unknown), false));
    assert_eq!(item.covers, ["**/*.py"]);
    let case = &item.cases[0];
    assert_eq!((case.files.len(), case.at.as_deref(), case.tracked.len()), (1, Some("y:1"), 1));
    assert_eq!(case.place, "gonogo.yaml:24:9");
}

#[test]
fn shorthands_are_spelled_out() {
    let Probe::Exists(exists) = probe("{exists: [a, '!b']}") else { panic!() };
    assert_eq!(
        (exists.files.globs, exists.min, exists.size),
        (vec!["a".to_owned(), "!b".to_owned()], 1, Size::Nonempty)
    );
    let Probe::Absent(absent) = probe("{absent: {files: a, scope: all, size: empty, tracked: true}}") else { panic!() };
    assert_eq!((absent.files.all, absent.size, absent.tracked), (true, Size::Empty, Some(true)));
    let Probe::Text(text) = probe("{text: {files: $py, forbid: a}}") else { panic!() };
    assert_eq!((text.want, text.view, text.within, text.each), (Want::Forbid, View::Code, 0, false));
    let Probe::Query(query) = probe("{query: {files: a.json, select: $.n, at_least: '${min}'}}") else { panic!() };
    assert_eq!((query.want, query.patterns.len(), query.at_least.as_deref()), (Want::Find, 0, Some("70")));
    let Probe::Git(GitProbe::Newest { within_days, .. }) = probe("{git: {newest: $py, within: 90d}}") else { panic!() };
    assert_eq!(within_days, 90);
    let Probe::Not(inner) = probe("{not: {any: [{ask: really?}, {exists: a}]}}") else { panic!() };
    assert!(matches!(*inner, Probe::Any(members) if members.len() == 2));
}

#[test]
fn sets_and_variables_are_put_in() {
    let Probe::Text(text) = probe("{text: {files: ['${words}/*', $py, $no-old], find: ['^${words}$', '${any}']}}")
    else {
        panic!()
    };
    assert_eq!(text.files.globs, ["{x,y.z}/*", "**/*.py", "!old/**"]);
    assert_eq!(text.patterns, [r"^(?:x|y\.z)$", "(?:p|q)"]);
}

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
#[case::not_yet("probe: {sarif: {files: a}}", r#"8:13: the probe "sarif" is not supported by this version of gonogo"#)]
#[case::misspelt_probe("probe: {qurey: {}}", r#"8:13: unknown probe "qurey", did you mean "query"?"#)]
#[case::two_probes(
    "probe: {exists: a, absent: b}",
    r#"8:12: a probe has one key, found "exists" and "absent"; join them with "all" or "any""#
)]
#[case::no_probe(
    "probe:",
    "8:10: expected a probe (exists, absent, text, query, git, ask, all, any or not), found nothing"
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
    assert_eq!(problems, ["gonogo.yaml: can't read \"gonogo.yaml\": no such file"]);
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

const BASE: &str = "gonogo: 1\ntitle: Base\nsets: {src: ['src/**']}\ncategories: [{id: a, title: A}]\nitems:\n  \
    - {id: a.one, title: One, priority: P2, why: w, probe: {text: {files: $src, forbid: x}}}\n  \
    - {id: a.two, title: Two, priority: P2, when: {exists: y}, probe: {exists: z}}\n  \
    - {id: a.three, title: Three, priority: P3}\n";

#[test]
fn a_later_file_overrides_field_by_field() {
    let own = "gonogo: 1\nextends: [base.yaml]\nsets: {src: ['lib/**']}\ncategories: [{id: a, about: more}]\nitems:\n  \
        - {id: a.one, priority: P0}\n  - {id: a.two, when: null, probe: null}\n  - {id: a.three, disabled: true}\n";
    let checklist = Files::new(&[("gonogo.yaml", own), ("base.yaml", BASE)]).good();
    assert_eq!((checklist.title.as_str(), checklist.sources.len()), ("Base", 2));
    assert_eq!(checklist.sources, ["base.yaml", "gonogo.yaml"]);
    assert_eq!((checklist.categories[0].title.as_str(), checklist.categories[0].about.as_str()), ("A", "more"));
    let one = item(&checklist, "a.one");
    assert_eq!((one.priority, one.why.as_str(), one.place.as_str()), (Priority::P0, "w", "gonogo.yaml:6:10"));
    let Some(Probe::Text(text)) = &one.probe else { panic!() };
    assert_eq!(text.files.globs, ["lib/**"], "an overridden set changes the items that came before");
    assert_eq!((&item(&checklist, "a.two").when, &item(&checklist, "a.two").probe), (&None, &None));
    assert_eq!((checklist.disabled, checklist.items.len()), (vec!["a.three".to_owned()], 2));
}

#[test]
fn an_override_of_a_misspelt_id_is_told_the_right_one() {
    let own = "gonogo: 1\nextends: [base.yaml]\nitems: [{id: a.thre, priority: P0}, {id: a.onne, disabled: true}]\n";
    let problems = Files::new(&[("gonogo.yaml", own), ("base.yaml", BASE)]).problems();
    assert_eq!(
        problems,
        [
            "gonogo.yaml:3:14: item \"a.thre\" has no title, did you mean \"a.three\"?",
            "gonogo.yaml:3:42: there is no item \"a.onne\" to disable, did you mean \"a.one\"?",
        ]
    );
}

#[test]
fn what_an_override_repairs_no_longer_breaks_the_item_but_is_still_told() {
    let base = "gonogo: 1\ncategories: [{id: a}]\nitems: [{id: a.b, title: T, priority: P0, effort: long}]\n";
    let own = "gonogo: 1\nextends: base.yaml\nitems: [{id: a.b, effort: 1h}]\n";
    let (checklist, problems) = Files::new(&[("gonogo.yaml", own), ("base.yaml", base)]).load();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with("base.yaml:3:51: \"long\" is no duration"), "{problems:?}");
    assert_eq!((checklist.items[0].effort_minutes, &checklist.items[0].broken), (60, &None));
}

#[test]
fn what_two_files_extend_is_applied_once_before_both() {
    let files = Files::new(&[
        ("gonogo.yaml", "gonogo: 1\nextends: [x/a.yaml, x/b.yaml]\n"),
        ("x/a.yaml", "gonogo: 1\nextends: [../base.yaml]\nitems: [{id: a.one, title: from a}]\n"),
        ("x/b.yaml", "gonogo: 1\nextends: [../base.yaml]\n"),
        ("base.yaml", BASE),
    ]);
    let checklist = files.good();
    assert_eq!(checklist.sources, ["base.yaml", "x/a.yaml", "x/b.yaml", "gonogo.yaml"]);
    assert_eq!(item(&checklist, "a.one").title, "from a");
}

#[test]
fn a_circle_of_files_is_told_and_the_rest_still_counts() {
    let files = Files::new(&[
        (
            "gonogo.yaml",
            "gonogo: 1\nextends: [a.yaml]\ncategories: [{id: a}]\nitems: [{id: a.x, title: X, priority: P0}]\n",
        ),
        ("a.yaml", "gonogo: 1\nextends: [gonogo.yaml]\n"),
    ]);
    let (checklist, problems) = files.load();
    assert_eq!(problems, ["a.yaml:2:11: the checklist extends itself: gonogo.yaml → a.yaml → gonogo.yaml"]);
    assert_eq!(checklist.items.len(), 1);
}

#[test]
fn the_skip_set_can_be_replaced_or_built_upon() {
    let replaced = Files::one("gonogo: 1\nsets: {skip: ['old/**']}").good();
    assert_eq!(replaced.skip, ["old/**"]);
    let built = Files::one("gonogo: 1\nsets: {skip: [$default-skip, 'old/**']}").good();
    assert!(built.skip.len() > 10 && built.skip.last().unwrap() == "old/**");
    assert!(Files::one("gonogo: 1\nsets: {skip: []}").good().skip.is_empty());
}

#[test]
fn the_hash_is_of_what_was_asked_and_not_of_why() {
    let hash = |fields: &str| Files::one(&with(fields)).good().items[0].hash.clone();
    let plain = hash("probe: {exists: a}");
    assert_eq!(plain.len(), 16);
    assert_eq!(plain, hash("probe: {exists: {files: [a]}}\nwhy: w\nfix: f\neffort: 1h"));
    let others = ["probe: {exists: b}", "probe: {exists: a}\nwhen: {exists: c}", "probe: {exists: a}\ncovers: a", ""];
    for other in others {
        assert_ne!(plain, hash(other), "{other}");
    }
}

#[test]
fn the_ruler_moves_with_everything_that_can_move_a_score() {
    let ruler = |text: String| Files::one(&text).good().ruler;
    let plain = ruler(with(""));
    assert_eq!(plain, ruler(with("why: other words")));
    for other in ["priority: P0", "tier: pilot", "confidence: heuristic", "no_files: fail", "probe: {exists: a}"] {
        assert_ne!(plain, ruler(with(other)), "{other}");
    }
    assert_ne!(plain, ruler(with("").replace("sets: {", "sets: {skip: [x], ")));
    assert_ne!(plain, ruler(with("") + "tiers: [{id: pilot, gate: P0}, {id: standard, gate: P2}]\n"));
}

#[test]
fn a_tier_that_cannot_be_read_is_as_strict_as_can_be() {
    let (checklist, _) = Files::one("gonogo: 1\ntiers: [{id: x, gate: P7, confirm: maybe}]").load();
    assert_eq!((checklist.tiers[0].gate, checklist.tiers[0].confirm), (Priority::P3, true));
}

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

#[test]
fn advice_is_told_apart_from_problems() {
    let text = with("when: {exists: a}\nprobe: {exists: a}")
        + "  - {id: a.c, title: C, priority: P3, why: w, fix: f, probe: {text: {files: x, forbid: 'a*', each: true}}, cases: [{fail: {x: ''}, at: y}]}\n";
    assert!(Files::one(&text).problems().is_empty());
    assert_eq!(
        Files::one(&text).advice(),
        [
            "gonogo.yaml:3:8: advice: nothing uses the set \"py\"",
            "gonogo.yaml:3:25: advice: nothing uses the set \"no-old\"",
            "gonogo.yaml:6:9: advice: item \"a.b\" can't fail: its \"when\" is its probe",
            "gonogo.yaml:6:9: advice: item \"a.b\" has no why, fix or cases",
            "gonogo.yaml:11:10: advice: no file of the case is at \"y\"",
            "gonogo.yaml:11:88: advice: \"a*\" matches the empty text, so it matches every line",
            "gonogo.yaml:11:100: advice: \"each\" changes nothing here: \"forbid\" already holds for every file",
        ]
    );
}

#[test]
fn the_starter_has_no_problem_of_its_own() {
    let problems = lint(&entry(), &Files::one(STARTER));
    let own: Vec<_> = problems.iter().filter(|problem| problem.path == "gonogo.yaml").collect();
    assert!(own.is_empty(), "{own:#?}");
}

#[test]
fn the_starter_names_items_of_the_built_in_as_examples() {
    let (built_in, _) = load(&Entry::Builtin("enterprise".to_owned()), &Files::new(&[]));
    let examples: Vec<&str> = STARTER.lines().filter_map(|line| line.trim().strip_prefix("# - id: ")).collect();
    assert_eq!(examples.len(), 2);
    for id in examples {
        assert!(built_in.items.is_empty() || built_in.items.iter().any(|item| item.id == id), "{id}");
    }
}

#[test]
fn every_built_in_is_free_of_problems_and_of_advice() {
    for name in gonogo::checklist::builtin::NAMES {
        let found = lint(&Entry::Builtin((*name).to_owned()), &Files::new(&[]));
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn the_schema_accepts_what_the_reader_accepts() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let check = |name: &str, text: &str| {
        let node = gonogo::document::yaml::parse(text).documents.remove(0);
        let errors: Vec<String> = validator
            .iter_errors(&node.to_json())
            .map(|error| format!("{name}{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    };
    check("starter", STARTER);
    check("base", BASE);
    check("null takes back", "gonogo: 1\nitems: [{id: a.b, probe: null, when: null}]");
    for name in gonogo::checklist::builtin::NAMES {
        for (file, text) in gonogo::checklist::builtin::builtin(name).unwrap() {
            check(file, text);
        }
    }
    let reject = |text: &str| {
        let node = gonogo::document::yaml::parse(text).documents.remove(0);
        assert!(!validator.is_valid(&node.to_json()), "{text}");
    };
    for field in
        ["prority: P1", "effort: soon", "probe: {exists: a, absent: b}", "no_files: pass", "probe: {sarif: {}}"]
    {
        reject(&with(field));
    }
    reject("title: without a version");
}

/// The keys of the schema below a path of its own keys.
fn keys(path: &str) -> Vec<String> {
    let schema = schema();
    let object = schema.pointer(path).unwrap_or_else(|| panic!("no {path}"));
    object.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect()
}

#[test]
fn the_reader_knows_every_key_of_the_schema() {
    let part = "/items/properties";
    let tables = [
        ("/properties".to_owned(), "gonogo: 1\nKEY: [[5]]\n"),
        (format!("/properties/tiers{part}"), "gonogo: 1\ntiers: [{id: x, KEY: [[5]]}]"),
        (format!("/properties/categories{part}"), "gonogo: 1\ncategories: [{id: x, KEY: [[5]]}]"),
        (format!("/properties/items{part}"), "gonogo: 1\nitems: [{id: x, KEY: [[5]]}]"),
        (format!("/properties/items{part}/cases/anyOf/0{part}"), "gonogo: 1\nitems: [{id: x, cases: [{KEY: [[5]]}]}]"),
        ("/$defs/probe/properties".to_owned(), "gonogo: 1\nitems: [{id: x, probe: {KEY: [[5]]}}]"),
    ];
    for (path, text) in tables {
        let keys = keys(&path);
        assert!(keys.len() > 2, "{path}");
        for key in keys.iter().filter(|key| *key != "id" && *key != "gonogo") {
            let problems = Files::one(&text.replace("KEY", key)).problems().join("\n");
            assert!(
                !problems.contains("unknown key") && !problems.contains("unknown probe"),
                "{path} {key}: {problems}"
            );
            assert!(problems.contains("expected") || problems.contains("needs one of"), "{path} {key}: {problems}");
        }
    }
    let probes = [
        ("exists", "exists/anyOf/1", "files: a"),
        ("absent", "absent/anyOf/1", "files: a"),
        ("text", "text", "files: a, find: x, unless: y"),
        ("query", "query", "files: a, select: $.a, find: x"),
        ("git", "git", "newest: a, within: 1d"),
    ];
    for (name, path, base) in probes {
        for key in keys(&format!("/$defs/probe/properties/{path}/properties")) {
            let others = base.split(", ").filter(|option| !option.starts_with(&format!("{key}:")));
            let options: Vec<String> = others.map(str::to_owned).chain([format!("{key}: [[5]]")]).collect();
            let text = with(&format!("probe: {{{name}: {{{}}}}}", options.join(", ")));
            let problems = Files::one(&text).problems().join("\n");
            assert!(problems.contains("expected") || problems.contains("contradict"), "{name} {key}: {problems}");
        }
    }
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
