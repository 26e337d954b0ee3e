//! Probes changed in one piece each. A change that no case notices is a piece that no case holds.

use std::sync::Arc;

use crate::checklist::faults::{EncodingProbe, NamesProbe};
use crate::checklist::model::{
    Checklist, CommandProbe, GitProbe, Item, Member, PathsProbe, Probe, QueryProbe, SarifProbe, Selection, Size,
    TextProbe, Want,
};
use crate::checklist::sets::{Calling, CompareProbe, Relation, SetSource, Take};

/// A pattern that matches nothing, and a glob that selects nothing.
const NO_MATCH: &str = r"[^\s\S]";
const NO_FILE: &str = "\u{1}nothing";

/// A mutation that every case of its item survived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survivor {
    pub item: String,
    pub place: String,
    pub change: String,
}

/// Mutates every probe that has cases; gives the number of mutations and those that nothing noticed.
#[must_use]
pub fn survivors(checklist: &Checklist) -> (usize, Vec<Survivor>) {
    let mut tried = 0;
    let mut survivors = Vec::new();
    for item in checklist.items.iter().filter(|item| !item.cases.is_empty() && item.broken.is_none()) {
        let trial = super::Trial::new(checklist, item);
        for (change, mutant) in mutants(checklist, item) {
            tried += 1;
            if trial.failures(&Arc::new(mutant)).next().is_none() {
                survivors.push(Survivor { item: item.id.clone(), place: item.place.clone(), change });
            }
        }
    }
    (tried, survivors)
}

fn mutants(checklist: &Checklist, item: &Item) -> Vec<(String, Item)> {
    let sets: Vec<&[String]> = checklist.sets.values().map(Vec::as_slice).collect();
    let mut all = Vec::new();
    for (change, probe) in item.probe.iter().flat_map(|probe| of_probe(probe, &sets)) {
        all.push((change, Item { probe: Some(probe), ..item.clone() }));
    }
    if let Some(when) = &item.when {
        all.push(("when dropped".to_owned(), Item { when: None, ..item.clone() }));
        for (change, probe) in of_probe(when, &sets) {
            all.push((format!("when: {change}"), Item { when: Some(probe), ..item.clone() }));
        }
    }
    if item.no_files.is_some() {
        all.push(("no_files dropped".to_owned(), Item { no_files: None, ..item.clone() }));
    }
    all
}

type Mutants = Vec<(String, Probe)>;

fn of_probe(probe: &Probe, sets: &[&[String]]) -> Mutants {
    match probe {
        Probe::All(members) => of_members("all", members, sets, Probe::All),
        Probe::Any(members) => of_members("any", members, sets, Probe::Any),
        Probe::Not(member) => {
            let inner = of_probe(member, sets).into_iter();
            let mut all: Mutants = inner.map(|(change, probe)| (change, Probe::Not(Box::new(probe)))).collect();
            all.push(("not dropped".to_owned(), Probe::clone(member)));
            all
        }
        Probe::Exists(paths) => of_paths(paths, sets, Probe::Exists, true),
        Probe::Absent(paths) => of_paths(paths, sets, Probe::Absent, false),
        Probe::Text(text) => of_text(text, sets),
        Probe::Query(query) => of_query(query, sets),
        Probe::Encoding(encoding) => of_encoding(encoding, sets),
        Probe::Names(names) => of_names(names, sets),
        Probe::Compare(compare) => of_compare(compare, sets),
        Probe::Git(git) => of_git(git),
        Probe::Sarif(sarif) => of_sarif(sarif, sets),
        // A case runs nothing: only the status that is asked for can be held by one.
        Probe::Command(command) => {
            let exit = if command.exit == 0 { 1 } else { 0 };
            vec![("exit changed".to_owned(), Probe::Command(CommandProbe { exit, ..command.clone() }))]
        }
        // Alone, a question is no probe that a case could hold.
        Probe::Ask(_) => Vec::new(),
    }
}

fn of_members(word: &str, members: &[Member], sets: &[&[String]], make: fn(Vec<Member>) -> Probe) -> Mutants {
    let mut all = Mutants::new();
    for (index, member) in members.iter().enumerate() {
        if members.len() > 1 {
            let mut rest = members.to_vec();
            rest.remove(index);
            all.push((format!("member {} of {word} dropped", index + 1), make(rest)));
        }
        for (change, probe) in of_probe(&member.probe, sets) {
            let mut changed = members.to_vec();
            changed[index].probe = probe;
            all.push((format!("{word} {}: {change}", index + 1), make(changed)));
        }
    }
    all
}

/// Each glob of its own, and each set as a whole, put out of work.
fn of_selection(selection: &Selection, sets: &[&[String]]) -> Vec<(String, Selection)> {
    let globs = &selection.globs;
    let mut all = Vec::new();
    let mut at = 0;
    while at < globs.len() {
        let set = sets.iter().filter(|set| set.len() > 1 && globs[at..].starts_with(set)).map(|set| set.len()).max();
        let length = set.unwrap_or(1);
        let mut changed = selection.clone();
        changed.globs.splice(at..at + length, [NO_FILE.to_owned()]);
        all.push((format!("glob {} put out of work", globs[at]), changed));
        at += length;
    }
    if selection.all {
        all.push(("scope: all dropped".to_owned(), Selection { all: false, ..selection.clone() }));
    }
    all
}

fn of_paths(paths: &PathsProbe, sets: &[&[String]], make: fn(PathsProbe) -> Probe, exists: bool) -> Mutants {
    let change = |change: PathsProbe| make(change);
    let mut all: Mutants = of_selection(&paths.files, sets)
        .into_iter()
        .map(|(name, files)| (name, change(PathsProbe { files, ..paths.clone() })))
        .collect();
    let swapped = if exists { Probe::Absent(paths.clone()) } else { Probe::Exists(paths.clone()) };
    all.push(("exists and absent swapped".to_owned(), swapped));
    if paths.min > 1 {
        all.push(("min lowered".to_owned(), change(PathsProbe { min: paths.min - 1, ..paths.clone() })));
    }
    let usual = if exists { Size::Nonempty } else { Size::Any };
    if paths.size != usual {
        all.push(("size dropped".to_owned(), change(PathsProbe { size: usual, ..paths.clone() })));
    }
    // What a case leaves untracked is ignored, and only `scope: all` sees that.
    if paths.tracked.is_some() && paths.files.all {
        all.push(("tracked dropped".to_owned(), change(PathsProbe { tracked: None, ..paths.clone() })));
    }
    all
}

/// Each pattern made to match anything, and made to match nothing.
fn of_patterns(patterns: &[String]) -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    for (index, pattern) in patterns.iter().enumerate() {
        // What is empty already stays what it is.
        let changes = [("emptied", ""), ("put out of work", NO_MATCH)].into_iter().filter(|(_, by)| pattern != by);
        for (change, by) in changes {
            let mut changed = patterns.to_vec();
            by.clone_into(&mut changed[index]);
            all.push((format!("pattern /{pattern}/ {change}"), changed));
        }
    }
    all
}

fn of_text(text: &TextProbe, sets: &[&[String]]) -> Mutants {
    let mut all = Vec::new();
    for (change, files) in of_selection(&text.files, sets) {
        all.push((change, TextProbe { files, ..text.clone() }));
    }
    for (change, patterns) in of_patterns(&text.patterns) {
        all.push((change, TextProbe { patterns, ..text.clone() }));
    }
    let want = if text.want == Want::Find { Want::Forbid } else { Want::Find };
    all.push(("find and forbid swapped".to_owned(), TextProbe { want, ..text.clone() }));
    if text.unless.is_some() {
        all.push(("unless dropped".to_owned(), TextProbe { unless: None, ..text.clone() }));
        all.push(("unless emptied".to_owned(), TextProbe { unless: Some(String::new()), ..text.clone() }));
    }
    if text.unless.is_some() && text.within > 0 {
        all.push(("within dropped".to_owned(), TextProbe { within: 0, ..text.clone() }));
    }
    if text.each {
        all.push(("each dropped".to_owned(), TextProbe { each: false, ..text.clone() }));
    }
    if text.multiline {
        all.push(("multiline dropped".to_owned(), TextProbe { multiline: false, ..text.clone() }));
    }
    if text.at_least.is_some() {
        all.push(("at_least dropped".to_owned(), TextProbe { at_least: None, ..text.clone() }));
    }
    if text.at_most.is_some() {
        all.push(("at_most dropped".to_owned(), TextProbe { at_most: None, ..text.clone() }));
    }
    if text.entropy.is_some() {
        all.push(("entropy dropped".to_owned(), TextProbe { entropy: None, ..text.clone() }));
    }
    if text.checksum.is_some() {
        all.push(("checksum dropped".to_owned(), TextProbe { checksum: None, ..text.clone() }));
    }
    all.into_iter().map(|(change, text)| (change, Probe::Text(text))).collect()
}

fn of_encoding(encoding: &EncodingProbe, sets: &[&[String]]) -> Mutants {
    let mut all = Mutants::new();
    for (change, files) in of_selection(&encoding.files, sets) {
        all.push((change, Probe::Encoding(EncodingProbe { files, ..encoding.clone() })));
    }
    for (change, forbid) in without_each("fault", &encoding.forbid) {
        all.push((change, Probe::Encoding(EncodingProbe { forbid, ..encoding.clone() })));
    }
    all
}

fn of_names(names: &NamesProbe, sets: &[&[String]]) -> Mutants {
    let mut all = Mutants::new();
    for (change, files) in of_selection(&names.files, sets) {
        all.push((change, Probe::Names(NamesProbe { files, ..names.clone() })));
    }
    for (change, forbid) in without_each("fault", &names.forbid) {
        all.push((change, Probe::Names(NamesProbe { forbid, ..names.clone() })));
    }
    all
}

fn without_each<T: Clone + std::fmt::Debug>(what: &str, all: &[T]) -> Vec<(String, Vec<T>)> {
    let mut shorter = Vec::new();
    for (index, dropped) in all.iter().enumerate() {
        let mut rest = all.to_vec();
        rest.remove(index);
        shorter.push((format!("{what} {dropped:?} dropped"), rest));
    }
    shorter
}

fn of_compare(compare: &CompareProbe, sets: &[&[String]]) -> Mutants {
    let mut all = Vec::new();
    for (change, left) in of_side(&compare.left, sets) {
        all.push((format!("left: {change}"), CompareProbe { left, ..compare.clone() }));
    }
    for (change, right) in of_side(&compare.right, sets) {
        all.push((format!("right: {change}"), CompareProbe { right, ..compare.clone() }));
    }
    for expect in [Relation::Subset, Relation::Equal, Relation::Disjoint] {
        if expect != compare.expect {
            all.push((format!("expect {expect:?}").to_lowercase(), CompareProbe { expect, ..compare.clone() }));
        }
    }
    if compare.at_most > 0 {
        all.push(("at_most lowered".to_owned(), CompareProbe { at_most: compare.at_most - 1, ..compare.clone() }));
    }
    let calling = &compare.calling;
    let mut otherwise = |change: String, calling: Calling| {
        all.push((change, CompareProbe { calling, ..compare.clone() }));
    };
    if calling.fold_case {
        otherwise("fold: case dropped".to_owned(), Calling { fold_case: false, ..calling.clone() });
    }
    if calling.fold_separators {
        otherwise("fold: separators dropped".to_owned(), Calling { fold_separators: false, ..calling.clone() });
    }
    for name in calling.rename.keys() {
        let mut rename = calling.rename.clone();
        rename.remove(name);
        otherwise(format!("rename of {name} dropped"), Calling { rename, ..calling.clone() });
    }
    all.into_iter().map(|(change, compare)| (change, Probe::Compare(compare))).collect()
}

fn of_side(sources: &[SetSource], sets: &[&[String]]) -> Vec<(String, Vec<SetSource>)> {
    let mut all = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        for (change, mutant) in of_source(source, sets) {
            let mut changed = sources.to_vec();
            changed[index] = mutant;
            all.push((change, changed));
        }
    }
    all
}

fn of_source(source: &SetSource, sets: &[&[String]]) -> Vec<(String, SetSource)> {
    let mut all = Vec::new();
    for (change, files) in of_selection(&source.files, sets) {
        all.push((change, SetSource { files, ..source.clone() }));
    }
    // What is captured empty is no element: the emptied pattern and the one that matches nothing are the same.
    for (change, capture) in of_patterns(&source.capture).into_iter().filter(|(change, _)| !change.ends_with("emptied"))
    {
        all.push((change, SetSource { capture, ..source.clone() }));
    }
    if source.unless.is_some() {
        all.push(("unless dropped".to_owned(), SetSource { unless: None, ..source.clone() }));
    }
    let nothing = || "$['\u{1}nothing']".to_owned();
    let take = match &source.take {
        Take::Nodes { kind, .. } => Take::Nodes { kind: kind.clone(), select: nothing() },
        Take::Keys { kind, .. } => Take::Keys { kind: kind.clone(), select: nothing() },
        Take::Words(_) => Take::Words(vec![NO_FILE.to_owned()]),
        Take::Lines(_) | Take::Paths => return all,
    };
    all.push(("elements put out of work".to_owned(), SetSource { take, ..source.clone() }));
    all
}

fn of_query(query: &QueryProbe, sets: &[&[String]]) -> Mutants {
    let mut all = Vec::new();
    for (change, files) in of_selection(&query.files, sets) {
        all.push((change, QueryProbe { files, ..query.clone() }));
    }
    for (change, patterns) in of_patterns(&query.patterns) {
        all.push((change, QueryProbe { patterns, ..query.clone() }));
    }
    let nothing = QueryProbe { select: "$['\u{1}nothing']".to_owned(), ..query.clone() };
    all.push(("select put out of work".to_owned(), nothing));
    let want = if query.want == Want::Forbid { Want::Find } else { Want::Forbid };
    all.push(("find and forbid swapped".to_owned(), QueryProbe { want, ..query.clone() }));
    if query.each {
        all.push(("each dropped".to_owned(), QueryProbe { each: false, ..query.clone() }));
    }
    if query.at_least.is_some() {
        all.push(("at_least dropped".to_owned(), QueryProbe { at_least: None, ..query.clone() }));
    }
    if query.at_most.is_some() {
        all.push(("at_most dropped".to_owned(), QueryProbe { at_most: None, ..query.clone() }));
    }
    all.into_iter().map(|(change, query)| (change, Probe::Query(query))).collect()
}

/// Files that no glob of a case selects tell `scope: all` nothing: it is part of this probe.
fn of_sarif(sarif: &SarifProbe, sets: &[&[String]]) -> Mutants {
    let mut all = Vec::new();
    for (change, files) in of_selection(&Selection { all: false, ..sarif.files.clone() }, sets) {
        all.push((change, SarifProbe { files: Selection { all: true, ..files }, ..sarif.clone() }));
    }
    for (at, level) in ["error", "warning", "note"].into_iter().enumerate() {
        if let Some(most) = sarif.at_most[at] {
            let mut at_most = sarif.at_most;
            at_most[at] = Some(most + 1);
            all.push((format!("at_most {level} raised"), SarifProbe { at_most, ..sarif.clone() }));
        }
    }
    if sarif.tool.is_some() {
        all.push(("tool dropped".to_owned(), SarifProbe { tool: None, ..sarif.clone() }));
    }
    if sarif.max_age_days.is_some() {
        all.push(("max_age dropped".to_owned(), SarifProbe { max_age_days: None, ..sarif.clone() }));
    }
    all.into_iter().map(|(change, sarif)| (change, Probe::Sarif(sarif))).collect()
}

fn of_git(git: &GitProbe) -> Mutants {
    let without_each = |paths: &[String]| -> Vec<Vec<String>> {
        (0..paths.len())
            .map(|index| {
                let mut changed = paths.to_vec();
                NO_FILE.clone_into(&mut changed[index]);
                changed
            })
            .collect()
    };
    let change = |paths: &[String], make: &dyn Fn(Vec<String>) -> GitProbe| -> Mutants {
        let changed = without_each(paths).into_iter().zip(paths);
        changed.map(|(paths, was)| (format!("path {was} put out of work"), Probe::Git(make(paths)))).collect()
    };
    match git {
        GitProbe::Tracked(paths) => change(paths, &GitProbe::Tracked),
        // A name that is dropped, not one that is never ignored: the others must not carry it.
        GitProbe::Ignored(paths) => (0..paths.len())
            .filter(|_| paths.len() > 1)
            .map(|index| {
                let mut rest = paths.clone();
                let was = rest.remove(index);
                (format!("name {was} dropped"), Probe::Git(GitProbe::Ignored(rest)))
            })
            .collect(),
        GitProbe::NeverCommitted(paths) => change(paths, &GitProbe::NeverCommitted),
        GitProbe::Newest { paths, within_days } => {
            let within_days = *within_days;
            change(paths, &move |paths| GitProbe::Newest { paths, within_days })
        }
    }
}
