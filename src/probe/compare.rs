//! `compare`: the elements found in some files are also, or only, or never found in others.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::checklist::model::NoFiles;
use crate::checklist::sets::{CompareProbe, Relation};
use crate::probe::fact::{Facts, Hit};
use crate::probe::finding::Gathered;
use crate::probe::outcome::{Answer, Evidence, Outcome};
use crate::tree::path::RelPath;

/// How many elements a reason names.
const NAMED: usize = 3;

/// A relation ready to be judged.
#[derive(Debug)]
pub struct Compare {
    expect: Relation,
    at_most: usize,
    /// The leaves that hold the elements found in files: those of the left, then those of the right.
    pub leaves: Vec<usize>,
    left: Written,
    right: Written,
}

/// What a side is made of.
#[derive(Debug, Default)]
pub struct Written {
    pub leaves: Vec<usize>,
    /// The elements that stand in the checklist, if any do.
    pub words: Option<Facts>,
}

impl Written {
    /// Every element with the file that it stands in, if it does; `sources` is what is known of each of the leaves.
    pub fn hits<'a>(&'a self, sources: &'a [Gathered<'a>]) -> impl Iterator<Item = (Option<&'a RelPath>, &'a Hit)> {
        let files = sources.iter().flat_map(|source| source.noted).map(|(path, facts)| (Some(path), &**facts));
        let all = files.chain(self.words.iter().map(|facts| (None, facts)));
        all.flat_map(|(path, facts)| facts.hits.iter().map(move |hit| (path, hit)))
    }
}

/// What one side holds.
struct Side<'a> {
    /// By key, in the order of the files: where an element stands first, and in how many more files.
    elements: IndexMap<&'a str, Element<'a>>,
    has_files: bool,
    /// Why there may be more.
    trouble: Option<Outcome>,
    /// Where its elements come from, for people.
    name: String,
    lack: String,
}

struct Element<'a> {
    path: Option<&'a RelPath>,
    hit: &'a Hit,
    elsewhere: usize,
}

impl Compare {
    #[must_use]
    pub fn new(probe: &CompareProbe, left: Written, right: Written) -> Self {
        let leaves = left.leaves.iter().chain(&right.leaves).copied().collect();
        Self { expect: probe.expect, at_most: probe.at_most as usize, leaves, left, right }
    }

    /// `sources` is what is known of each of the leaves.
    #[must_use]
    pub fn reduce(&self, sources: &[Gathered<'_>], no_files: Option<NoFiles>) -> Outcome {
        let (lefts, rights) = sources.split_at(self.left.leaves.len().min(sources.len()));
        let left = Side::new(lefts, &self.left);
        let right = Side::new(rights, &self.right);
        if left.elements.is_empty() {
            let none = || Outcome::new(Answer::NotApplicable, format!("no element in {}", left.name), Vec::new());
            return left.trouble.unwrap_or_else(none);
        }
        match self.expect {
            _ if !right.has_files => self.without_right(&left, right, no_files),
            Relation::Subset => self.subset(&left, &right),
            Relation::Equal => self.equal(&left, &right),
            Relation::Disjoint => self.disjoint(&left, &right),
        }
    }

    /// Nothing was there to compare with.
    fn without_right(&self, left: &Side<'_>, right: Side<'_>, no_files: Option<NoFiles>) -> Outcome {
        if let Some(outcome) = right.trouble {
            return outcome;
        }
        let by_default = match self.expect {
            Relation::Disjoint => Answer::NotApplicable,
            Relation::Subset | Relation::Equal => Answer::Fail,
        };
        let answer = no_files.map_or(by_default, Answer::from);
        let reason = format!("{} for {}: {}", right.lack, counted(left.elements.len()), names(left.elements.values()));
        if answer != Answer::Fail {
            return Outcome::new(answer, right.lack, Vec::new());
        }
        let message = |element: &Element<'_>| format!("{}: {}", element.hit.message, right.lack);
        let evidence = left.elements.values().take(Outcome::KEPT).map(|element| element.evidence(message(element)));
        Outcome::with(answer, reason, evidence.collect(), left.elements.len())
    }

    fn subset(&self, left: &Side<'_>, right: &Side<'_>) -> Outcome {
        let missing = left.not_in(right);
        // What was not looked at on the right may hold what is missing; on the left, more that is.
        let doubt = if missing.len() > self.at_most { &right.trouble } else { &left.trouble };
        doubt.clone().unwrap_or_else(|| {
            let lacks = self.lacks(left, right, &missing);
            self.decide(missing.len(), lacks, || format!("{} in {}", all(left.elements.len()), right.name))
        })
    }

    fn equal(&self, left: &Side<'_>, right: &Side<'_>) -> Outcome {
        let (missing, extra) = (left.not_in(right), right.not_in(left));
        let certain = if right.trouble.is_none() { missing.len() } else { 0 }
            + if left.trouble.is_none() { extra.len() } else { 0 };
        if certain <= self.at_most
            && let Some(doubt) = left.trouble.as_ref().or(right.trouble.as_ref())
        {
            return doubt.clone();
        }
        let mut broken = Broken::default();
        if !missing.is_empty() && right.trouble.is_none() {
            broken.add(self.lacks(left, right, &missing));
        }
        if !extra.is_empty() && left.trouble.is_none() {
            broken.add(self.lacks(right, left, &extra));
        }
        self.decide(certain, broken, || format!("the same {}", counted(left.elements.len())))
    }

    fn disjoint(&self, left: &Side<'_>, right: &Side<'_>) -> Outcome {
        let both: Vec<(&Element<'_>, &Element<'_>)> =
            left.elements.iter().filter_map(|(key, element)| Some((element, right.elements.get(key)?))).collect();
        if both.len() <= self.at_most
            && let Some(doubt) = left.trouble.as_ref().or(right.trouble.as_ref())
        {
            return doubt.clone();
        }
        let message = |element: &Element<'_>, twin: &Element<'_>| match twin.evidence(String::new()).place() {
            place if place.is_empty() => format!("{} is one of those that must not be here", element.hit.message),
            place => format!("{} is also at {place}", element.hit.message),
        };
        let broken = Broken {
            reason: format!(
                "{} of {} also in {}: {}",
                both.len(),
                counted(left.elements.len()),
                right.apart_from(left),
                names(both.iter().map(|(element, _)| *element))
            ),
            evidence: both.iter().take(Outcome::KEPT).map(|(one, twin)| one.evidence(message(one, twin))).collect(),
        };
        self.decide(both.len(), broken, || format!("none of {} in {}", counted(left.elements.len()), right.name))
    }

    /// What of `side` is not in `other`.
    fn lacks(&self, side: &Side<'_>, other: &Side<'_>, missing: &[&Element<'_>]) -> Broken {
        let there = other.apart_from(side);
        let verb = if missing.len() == 1 { "is" } else { "are" };
        let (count, total) = (missing.len(), counted(side.elements.len()));
        let message = |element: &Element<'_>| format!("{}: not in {there}{}", element.hit.message, element.more());
        Broken {
            reason: format!("{count} of {total} {verb} missing in {there}: {}", names(missing.iter().copied())),
            evidence: missing.iter().take(Outcome::KEPT).map(|one| one.evidence(message(one))).collect(),
        }
    }

    fn decide(&self, found: usize, broken: Broken, holds: impl FnOnce() -> String) -> Outcome {
        let allowed = if self.at_most > 0 { format!(" ({} may)", self.at_most) } else { String::new() };
        match found {
            0 => Outcome::new(Answer::Pass, holds(), Vec::new()),
            _ if found <= self.at_most => Outcome::with(Answer::Pass, broken.reason + &allowed, broken.evidence, found),
            _ => Outcome::with(Answer::Fail, broken.reason + &allowed, broken.evidence, found),
        }
    }
}

/// The elements that break a relation, in words and in places.
#[derive(Default)]
struct Broken {
    reason: String,
    evidence: Vec<Evidence>,
}

impl Broken {
    fn add(&mut self, more: Self) {
        let separator = if self.reason.is_empty() { "" } else { "; " };
        self.reason.push_str(&format!("{separator}{}", more.reason));
        self.evidence.extend(more.evidence);
    }
}

impl<'a> Side<'a> {
    fn new(sources: &'a [Gathered<'a>], written: &'a Written) -> Self {
        let mut elements: IndexMap<&str, Element<'_>> = IndexMap::new();
        for (path, hit) in written.hits(sources) {
            let new = Element { path, hit, elsewhere: 0 };
            elements.entry(&hit.key).and_modify(|element| element.elsewhere += 1).or_insert(new);
        }
        let trouble = sources.iter().find_map(Gathered::trouble);
        let names: BTreeSet<String> = sources.iter().map(Gathered::selection).collect();
        let mut names: Vec<String> = names.into_iter().collect();
        let lack = format!("no file like {}", names.join(" or "));
        if written.words.is_some() {
            names.push("the checklist's own list".to_owned());
        }
        let has_files = written.words.is_some() || sources.iter().any(|source| source.selected > 0);
        Self { elements, has_files, trouble, name: names.join(" or "), lack }
    }

    fn not_in(&self, other: &Self) -> Vec<&Element<'a>> {
        self.elements.iter().filter(|(key, _)| !other.elements.contains_key(*key)).map(|(_, element)| element).collect()
    }

    /// How it is called beside the other one: two sides of the same files are told apart by their side.
    fn apart_from(&self, other: &Self) -> String {
        if self.name == other.name { format!("the other list of {}", self.name) } else { self.name.clone() }
    }
}

impl Element<'_> {
    fn evidence(&self, message: String) -> Evidence {
        match self.path {
            Some(path) => Evidence { message, ..Evidence::of_hit(path, self.hit) },
            None => Evidence { message, fingerprint: self.hit.key.clone(), ..Evidence::default() },
        }
    }

    fn more(&self) -> String {
        match self.elsewhere {
            0 => String::new(),
            1 => " (one more file has it)".to_owned(),
            more => format!(" ({more} more files have it)"),
        }
    }
}

fn counted(elements: usize) -> String {
    if elements == 1 { "1 element".to_owned() } else { format!("{elements} elements") }
}

fn all(elements: usize) -> String {
    match elements {
        1 => "the one element is".to_owned(),
        2 => "both elements are".to_owned(),
        many => format!("all {many} elements are"),
    }
}

/// `A, B, C and 4 more`
fn names<'a>(elements: impl ExactSizeIterator<Item = &'a Element<'a>>) -> String {
    let rest = elements.len().saturating_sub(NAMED);
    let named: Vec<&str> = elements.take(NAMED).map(|element| element.hit.message.as_str()).collect();
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{}{more}", named.join(", "))
}
