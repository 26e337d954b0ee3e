//! `compare`: the elements found in some files are also, or only, or never found in others.

use std::collections::BTreeSet;

use crate::checklist::model::NoFiles;
use crate::checklist::sets::{CompareProbe, Relation};
use crate::probe::elements::Shown;
use crate::probe::fact::{Facts, Hit};
use crate::probe::finding::Gathered;
use crate::probe::outcome::{Answer, Evidence, Outcome};
use crate::probe::sides::{Element, Found, Known, Listed, Related, Side, whole};
use crate::probe::standing::Standing;
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
    pub fn hits(&self, sources: &[Gathered<'_>]) -> impl Iterator<Item = (Option<RelPath>, Hit)> {
        let files = sources.iter().flat_map(|source| source.noted.iter()).map(|(path, facts)| (Some(path), facts));
        let all = files.chain(self.words.iter().map(|facts| (None, facts.clone())));
        all.flat_map(|(path, facts)| facts.hits.into_iter().map(move |hit| (path.clone(), hit)))
    }
}

/// One side in words.
struct Words {
    /// Where its elements come from, for people.
    name: String,
    lack: String,
    elements: usize,
    /// Why there may be more.
    trouble: Option<Outcome>,
}

impl Compare {
    #[must_use]
    pub fn new(probe: &CompareProbe, left: Written, right: Written) -> Self {
        let leaves = left.leaves.iter().chain(&right.leaves).copied().collect();
        Self { expect: probe.expect, at_most: probe.at_most as usize, leaves, left, right }
    }

    /// What is said of the elements of the right.
    #[must_use]
    pub fn shown_of_right(expect: Relation) -> Shown {
        match expect {
            // What is missing there stands on the left.
            Relation::Subset => Shown::Nothing,
            Relation::Equal | Relation::Disjoint => Shown::Places,
        }
    }

    /// `sources` is what is known of each of the leaves.
    #[must_use]
    pub fn reduce(&self, sources: &[Gathered<'_>], no_files: Option<NoFiles>) -> Outcome {
        let (left, right) = self.sides(sources);
        self.judge(left, right, &whole(self.expect, left, right), no_files)
    }

    /// The same by what moved since the last time: `related` is what was kept then, `standings` tell where the elements
    /// of each of the leaves stand.
    #[must_use]
    pub fn reduce_moved(
        &self,
        sources: &[Gathered<'_>],
        standings: &[&Standing],
        related: Option<Related>,
        no_files: Option<NoFiles>,
    ) -> (Outcome, Related) {
        let (left, right) = self.sides(sources);
        let (lefts, rights) = standings.split_at(left.sources.len());
        let (known_left, known_right) = (Known::new(left, lefts), Known::new(right, rights));
        let related = match related {
            Some(mut related) => {
                related.update(self.expect, &known_left, &known_right);
                related
            }
            None => Related::new(self.expect, &known_left, &known_right),
        };
        (self.judge(left, right, &related.found(&known_left, &known_right), no_files), related)
    }

    fn sides<'a>(&'a self, sources: &'a [Gathered<'a>]) -> (Side<'a>, Side<'a>) {
        let (lefts, rights) = sources.split_at(self.left.leaves.len().min(sources.len()));
        (Side { written: &self.left, sources: lefts }, Side { written: &self.right, sources: rights })
    }

    fn judge(&self, left: Side<'_>, right: Side<'_>, found: &Found, no_files: Option<NoFiles>) -> Outcome {
        let has_right = right.has_files();
        let (left, right) = (Words::new(left, found.left), Words::new(right, found.right));
        if left.elements == 0 {
            let none = || Outcome::new(Answer::NotApplicable, format!("no element in {}", left.name), Vec::new());
            return left.trouble.unwrap_or_else(none);
        }
        match self.expect {
            _ if !has_right => self.without_right(&found.all, right, no_files),
            Relation::Subset => self.subset(&left, &right, &found.missing),
            Relation::Equal => self.equal(&left, &right, found),
            Relation::Disjoint => self.disjoint(&left, &right, &found.both),
        }
    }

    /// Nothing was there to compare with.
    fn without_right(&self, lefts: &Listed<Element>, right: Words, no_files: Option<NoFiles>) -> Outcome {
        if let Some(outcome) = right.trouble {
            return outcome;
        }
        let by_default = match self.expect {
            Relation::Disjoint => Answer::NotApplicable,
            Relation::Subset | Relation::Equal => Answer::Fail,
        };
        let answer = no_files.map_or(by_default, Answer::from);
        let reason = format!("{} for {}: {}", right.lack, counted(lefts.count), names(lefts.count, lefts.first.iter()));
        if answer != Answer::Fail {
            return Outcome::new(answer, right.lack, Vec::new());
        }
        let message = |element: &Element| format!("{}: {}", element.hit.message, right.lack);
        let evidence = lefts.first.iter().map(|element| element.evidence(message(element)));
        Outcome::with(answer, reason, evidence.collect(), lefts.count)
    }

    fn subset(&self, left: &Words, right: &Words, missing: &Listed<Element>) -> Outcome {
        // What was not looked at on the right may hold what is missing; on the left, more that is.
        let doubt = if missing.count > self.at_most { &right.trouble } else { &left.trouble };
        doubt.clone().unwrap_or_else(|| {
            let holds = || format!("{} in {}", all(left.elements), right.name);
            self.decide(missing.count, Broken::lack(left, right, missing), holds)
        })
    }

    fn equal(&self, left: &Words, right: &Words, found: &Found) -> Outcome {
        let (missing, extra) = (&found.missing, &found.extra);
        let certain = if right.trouble.is_none() { missing.count } else { 0 }
            + if left.trouble.is_none() { extra.count } else { 0 };
        if certain <= self.at_most
            && let Some(doubt) = left.trouble.as_ref().or(right.trouble.as_ref())
        {
            return doubt.clone();
        }
        let mut broken = Broken::default();
        if missing.count > 0 && right.trouble.is_none() {
            broken.add(Broken::lack(left, right, missing));
        }
        if extra.count > 0 && left.trouble.is_none() {
            broken.add(Broken::lack(right, left, extra));
        }
        self.decide(certain, broken, || format!("the same {}", counted(left.elements)))
    }

    fn disjoint(&self, left: &Words, right: &Words, both: &Listed<(Element, Element)>) -> Outcome {
        if both.count <= self.at_most
            && let Some(doubt) = left.trouble.as_ref().or(right.trouble.as_ref())
        {
            return doubt.clone();
        }
        let message = |element: &Element, twin: &Element| match twin.evidence(String::new()).place() {
            place if place.is_empty() => format!("{} is one of those that must not be here", element.hit.message),
            place => format!("{} is also at {place}", element.hit.message),
        };
        let broken = Broken {
            reason: format!(
                "{} of {} also in {}: {}",
                both.count,
                counted(left.elements),
                right.apart_from(left),
                names(both.count, both.first.iter().map(|(element, _)| element))
            ),
            evidence: both.first.iter().map(|(one, twin)| one.evidence(message(one, twin))).collect(),
        };
        self.decide(both.count, broken, || format!("none of {} in {}", counted(left.elements), right.name))
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
    /// What of `side` is not in `other`.
    fn lack(side: &Words, other: &Words, missing: &Listed<Element>) -> Self {
        let there = other.apart_from(side);
        let verb = if missing.count == 1 { "is" } else { "are" };
        let (count, total) = (missing.count, counted(side.elements));
        let message = |element: &Element| format!("{}: not in {there}{}", element.hit.message, element.more());
        let named = names(count, missing.first.iter());
        Self {
            reason: format!("{count} of {total} {verb} missing in {there}: {named}"),
            evidence: missing.first.iter().map(|one| one.evidence(message(one))).collect(),
        }
    }

    fn add(&mut self, more: Self) {
        let separator = if self.reason.is_empty() { "" } else { "; " };
        self.reason.push_str(&format!("{separator}{}", more.reason));
        self.evidence.extend(more.evidence);
    }
}

impl Words {
    fn new(side: Side<'_>, elements: usize) -> Self {
        let names: BTreeSet<String> = side.sources.iter().map(Gathered::selection).collect();
        let mut names: Vec<String> = names.into_iter().collect();
        let lack = format!("no file like {}", names.join(" or "));
        if side.written.words.is_some() {
            names.push("the checklist's own list".to_owned());
        }
        let trouble = side.sources.iter().find_map(Gathered::trouble);
        Self { name: names.join(" or "), lack, elements, trouble }
    }

    /// How it is called beside the other one: two sides of the same files are told apart by their side.
    fn apart_from(&self, other: &Self) -> String {
        if self.name == other.name { format!("the other list of {}", self.name) } else { self.name.clone() }
    }
}

impl Element {
    fn evidence(&self, message: String) -> Evidence {
        match &self.path {
            Some(path) => Evidence { message, ..Evidence::of_hit(path, &self.hit) },
            None => Evidence { message, fingerprint: self.hit.key.to_string(), ..Evidence::default() },
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
fn names<'a>(count: usize, first: impl Iterator<Item = &'a Element>) -> String {
    let named: Vec<&str> = first.take(NAMED).map(|element| element.hit.message.as_str()).collect();
    let rest = count - named.len();
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{}{more}", named.join(", "))
}
