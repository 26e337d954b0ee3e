//! The checklists that are shipped hold what they promise, and their cases hold every piece of their probes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use gonogo::cases::{self, mutation};
use gonogo::checklist::builtin;
use gonogo::checklist::lint::{self, is_advice};
use gonogo::checklist::merge::{self, Entry, Loader};
use gonogo::checklist::model::{Checklist, Expect, Member, Probe};
use gonogo::session::Files;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// Every checklist that is shipped, with its name.
fn shipped() -> Vec<(String, Entry)> {
    let examples = fs::read_dir(root().join("examples")).unwrap().map(|entry| entry.unwrap().file_name());
    let examples = examples.map(|name| name.into_string().unwrap()).filter(|name| name.ends_with(".yaml"));
    let mut all: Vec<(String, Entry)> =
        examples.map(|name| (name.clone(), Entry::File(format!("examples/{name}")))).collect();
    assert!(all.len() >= 2, "the examples are found");
    all.extend(builtins().into_iter().map(|name| (name.to_owned(), Entry::Builtin(name.to_owned()))));
    all
}

/// Every built-in that asks something; `base` is what they stand on.
fn builtins() -> Vec<&'static str> {
    builtin::NAMES.iter().copied().filter(|name| *name != "base").collect()
}

fn load(entry: &Entry) -> Checklist {
    let (checklist, problems) = merge::load(entry, &Files { root: &root() });
    assert_eq!(problems, []);
    checklist
}

#[test]
fn lint_finds_nothing_in_what_is_shipped() {
    for (name, entry) in shipped() {
        let problems = lint::lint(&entry, &Files { root: &root() });
        let (advice, wrong): (Vec<_>, Vec<_>) = problems.into_iter().partition(is_advice);
        assert_eq!(wrong, [], "{name}");
        assert_eq!(advice, [], "{name} follows its own advice");
    }
}

#[test]
fn every_item_says_why_and_how_to_fix_it_and_every_probe_is_proven() {
    for (name, entry) in shipped() {
        let checklist = load(&entry);
        assert!(!checklist.items.is_empty(), "{name}");
        for item in &checklist.items {
            assert!(item.why.len() > 10 && item.fix.len() > 10, "{name}: {}: why and fix are sentences", item.id);
            assert!(!item.title.ends_with('.'), "{name}: {}: a title is no sentence", item.id);
            let asks = matches!(item.probe, None | Some(Probe::Ask(_)));
            assert!(asks || !item.cases.is_empty(), "{name}: {}: a probe without a case", item.id);
            let expects = |expect| item.cases.iter().any(|case| case.expect == expect);
            let both = answers(item.probe.as_ref()).into_iter().all(expects);
            assert!(asks || both, "{name}: {}: a probe that never passes or never fails", item.id);
        }
    }
}

/// The two answers that a probe can give: a proof or else a person's word cannot fail, and one that also wants a
/// person's word cannot pass.
fn answers(probe: Option<&Probe>) -> [Expect; 2] {
    let asks = |members: &[Member]| members.iter().any(|member| matches!(member.probe, Probe::Ask(_)));
    match probe {
        Some(Probe::Any(members)) if asks(members) => [Expect::Pass, Expect::Unknown],
        Some(Probe::All(members)) if asks(members) => [Expect::Fail, Expect::Unknown],
        _ => [Expect::Pass, Expect::Fail],
    }
}

/// What a file of the catalogue writes down under which name: `sets pages`, and its text.
fn named(text: &str) -> Vec<(String, String)> {
    let mut kind = "";
    let mut named: Vec<(String, String)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
        if !line.starts_with(' ') {
            kind = line.split(':').next().unwrap();
        } else if matches!(kind, "sets" | "vars") {
            match line.strip_prefix("  ").filter(|line| !line.starts_with(' ')).and_then(|line| line.split_once(':')) {
                Some((name, meaning)) => named.push((format!("{kind} {name}"), meaning.to_owned())),
                None => named.last_mut().unwrap().1.push_str(line),
            }
        }
    }
    named
}

#[test]
fn built_ins_that_are_used_together_mean_the_same_by_one_name() {
    let mut meanings: BTreeMap<String, (&str, String)> = BTreeMap::new();
    for name in builtin::NAMES {
        for (file, text) in builtin::builtin(name).unwrap() {
            for (named, meaning) in named(text) {
                let (first, known) = meanings.entry(named.clone()).or_insert_with(|| (file, meaning.clone()));
                assert_eq!(*known, meaning, "{named} in {first} and in {name}/{file}");
            }
        }
    }
    assert!(meanings.contains_key("sets deployable") && meanings.contains_key("vars route"), "{:?}", meanings.keys());
}

#[test]
fn every_check_of_the_audits_is_an_item_under_its_id() {
    let listed = include_str!("audited.txt").lines().filter(|line| !line.starts_with('#'));
    let listed: Vec<(&str, &str)> = listed.map(|line| line.split_once(' ').unwrap()).collect();
    assert_eq!(listed.len(), 294);
    for name in builtins() {
        let checklist = load(&Entry::Builtin(name.to_owned()));
        let has = |id: &str| checklist.items.iter().any(|item| item.id == id);
        let missing: Vec<&str> = listed.iter().filter(|(id, of)| *of == name && !has(id)).map(|(id, _)| *id).collect();
        assert_eq!(missing, [] as [&str; 0], "{name}");
    }
    let unknown = listed.iter().find(|(_, of)| !builtins().contains(of));
    assert_eq!(unknown, None);
}

#[test]
fn every_case_comes_out_as_it_says() {
    for (name, entry) in shipped() {
        let tally = cases::run(&load(&entry));
        let failures: Vec<String> = tally.failures.iter().map(ToString::to_string).collect();
        assert_eq!(failures, [] as [String; 0], "{name}");
        assert!(tally.run > 0, "{name}");
    }
}

#[test]
fn no_piece_of_a_probe_can_change_without_a_case_that_notices() {
    for name in builtins() {
        let (tried, survivors) = mutation::survivors(&load(&Entry::Builtin(name.to_owned())));
        let told: Vec<String> = survivors
            .iter()
            .map(|survivor| format!("{}: {}: {}", survivor.place, survivor.item, survivor.change))
            .collect();
        assert_eq!(told, [] as [String; 0], "{name}");
        assert!(tried > 0, "{name}: no change was tried");
    }
}

struct Text(&'static str);

impl Loader for Text {
    fn load(&self, _: &str) -> Result<String, String> {
        Ok(self.0.to_owned())
    }
}

fn changes_that_survive(yaml: &'static str) -> Vec<String> {
    let (checklist, problems) = merge::load(&Entry::File("gonogo.yaml".to_owned()), &Text(yaml));
    assert_eq!(problems, []);
    assert_eq!(cases::run(&checklist).failures, []);
    mutation::survivors(&checklist).1.into_iter().map(|survivor| survivor.change).collect()
}

#[test]
fn a_piece_that_no_case_holds_is_named() {
    let unheld = changes_that_survive(
        "gonogo: 1
categories: [{ id: a, title: A }]
items:
  - id: a.debug
    title: T
    why: w
    fix: f
    priority: P0
    tier: pilot
    probe: { text: { files: ['*.py', '*.rb'], forbid: [debug, trace] } }
    cases:
      - pass: { a.py: 'x', b.rb: 'x' }
      - fail: { a.py: 'debug' }
",
    );
    assert_eq!(unheld, ["glob *.rb put out of work", "pattern /trace/ put out of work"]);
}

#[test]
fn nothing_survives_where_each_piece_is_held() {
    let held = changes_that_survive(
        "gonogo: 1
categories: [{ id: a, title: A }]
items:
  - id: a.debug
    title: T
    why: w
    fix: f
    priority: P0
    tier: pilot
    when: { exists: setup.cfg }
    probe: { any: [{ exists: OK }, { text: { files: ['*.py', '*.rb'], forbid: [debug, trace], unless: fine } }] }
    cases:
      - pass: { setup.cfg: x, a.py: 'x' }
      - pass: { setup.cfg: x, a.py: 'debug fine' }
      - pass: { setup.cfg: x, a.py: 'debug', OK: x }
      - fail: { setup.cfg: x, a.py: 'debug' }
      - fail: { setup.cfg: x, a.py: 'x', b.rb: 'trace' }
      - not-applicable: { a.py: 'debug' }
",
    );
    assert_eq!(held, [] as [&str; 0]);
}
