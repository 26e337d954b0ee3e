//! What a checklist may say, and what is said about one that is wrong.

mod hostile;
mod plan;
mod problems;
mod schema;

use std::collections::BTreeMap;

use gonogo::checklist::lint::{is_advice, lint};
use gonogo::checklist::merge::{Entry, Loader, load};
use gonogo::checklist::model::{Checklist, GitProbe, Item, NoFiles, Priority, Probe, Size, View, Want};
use gonogo::checklist::starter::STARTER;

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
    assert_eq!((item.category.as_str(), item.phase, item.waivable), ("a", 1, true));
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
