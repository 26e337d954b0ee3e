//! One item, from all the fields that all the files wrote about it.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::checklist::context::{Context, all};
use crate::checklist::fields::{self, CASE, CONFIDENCES, EXPECTATIONS, ITEM, NO_FILES, PRIORITIES};
use crate::checklist::hash;
use crate::checklist::model::{Case, Confidence, Expect, Item, NoFiles, Priority, Probe, Problem, Tier};
use crate::checklist::names::Spelling;
use crate::checklist::plan::{Phase, Plan};
use crate::checklist::report::{Place, found, quoted};
use crate::checklist::sets::SetSource;
use crate::document::node::{Entry, Node, Value};

/// Everything written about one id, in the order of the files.
#[derive(Debug)]
pub(super) struct Layers {
    /// Where it was last touched.
    pub(super) place: Place,
    pub(super) fields: Vec<(Rc<str>, Entry)>,
    /// How many files wrote about it.
    pub(super) files: usize,
    pub(super) doubt: Option<Problem>,
}

#[derive(Debug)]
pub(super) struct Built {
    pub(super) item: Item,
    pub(super) disabled: bool,
}

/// What has been understood so far; `None` is not written, or written wrongly.
#[derive(Default)]
struct Draft {
    category: Option<String>,
    title: Option<String>,
    why: Option<String>,
    fix: Option<String>,
    refs: Option<Vec<String>>,
    priority: Option<Priority>,
    tier: Option<usize>,
    phase: Option<usize>,
    effort: Option<u32>,
    confidence: Option<Confidence>,
    when: Option<Probe>,
    probe: Option<Probe>,
    no_files: Option<NoFiles>,
    covers: Option<Vec<String>>,
    options: Option<Vec<String>>,
    inventory: Option<Vec<SetSource>>,
    plan: Plan,
    review_every: Option<u32>,
    waivable: Option<bool>,
    cases: Option<Vec<Case>>,
    disabled: Option<bool>,
}

/// Reads every layer, so that every problem is reported; only what is in force can break the item.
pub(super) fn build(id: &str, layers: &Layers, cx: &mut Context<'_>) -> Built {
    let in_force: BTreeMap<&str, usize> =
        layers.fields.iter().enumerate().map(|(at, (_, entry))| (entry.key.as_str(), at)).collect();
    let mut draft = Draft::default();
    let mut breaking: Vec<Problem> = layers.doubt.iter().cloned().collect();
    for (at, (path, entry)) in layers.fields.iter().enumerate() {
        cx.path = Rc::clone(path);
        let before = cx.report.problems.len();
        if in_force.get(entry.key.as_str()) == Some(&at) {
            let earlier = || layers.fields[..at].iter().any(|(_, earlier)| earlier.key == entry.key);
            if !(taken_back(entry) && earlier()) {
                draft.set(id, entry, cx);
            }
            breaking.extend_from_slice(&cx.report.problems[before..]);
        } else {
            Draft::default().set(id, entry, cx);
        }
    }
    cx.path = Rc::clone(&layers.place.path);
    let before = cx.report.problems.len();
    if draft.disabled != Some(true) {
        draft.complete(id, layers, &in_force, cx);
    } else if !in_force.contains_key("title") {
        let hint = cx.names.hint(id, cx.ids.iter().copied().filter(|other| *other != id));
        cx.wrong(layers.place.span, format!("there is no item {} to disable{hint}", quoted(id)));
    }
    breaking.extend_from_slice(&cx.report.problems[before..]);
    let disabled = draft.disabled == Some(true);
    Built { item: draft.finish(id, layers, &breaking, cx), disabled }
}

fn taken_back(entry: &Entry) -> bool {
    matches!(entry.value.value, Value::Null) && fields::can_be_taken_back(&entry.key)
}

impl Draft {
    fn set(&mut self, id: &str, entry: &Entry, cx: &mut Context<'_>) {
        let node = &entry.value;
        match entry.key.as_str() {
            "id" => {}
            "category" => self.category = category(node, cx),
            "title" => self.title = cx.filled(node),
            "why" => self.why = advice(node, cx),
            "fix" => self.fix = advice(node, cx),
            "refs" => self.refs = cx.texts(node),
            "priority" => self.priority = cx.word(node, "priority", PRIORITIES).map(|at| Priority::ALL[at]),
            "tier" => self.tier = tier(node, cx),
            "phase" => self.phase = phase(node, cx),
            "effort" => self.effort = cx.effort(node),
            "confidence" => {
                self.confidence =
                    cx.word(node, "confidence", CONFIDENCES).map(|at| [Confidence::Certain, Confidence::Heuristic][at]);
            }
            "when" => self.when = cx.probe(node),
            "probe" => self.probe = cx.probe(node),
            "no_files" => self.no_files = no_files(node, cx),
            "covers" => self.covers = cx.globs(node),
            "options" => self.options = cx.choices(node),
            "inventory" => self.inventory = cx.sources(node),
            "review_every" => self.review_every = cx.days(node),
            "waivable" => self.waivable = cx.flag(node),
            "cases" => self.cases = cases(node, cx),
            "disabled" => self.disabled = cx.flag(node),
            _ if self.plan.set(id, entry, cx) => {}
            key => {
                let hint = cx.names.hint(key, fields::names(ITEM));
                cx.wrong(entry.key_span, format!("unknown key {} in an item{hint}", quoted(key)));
            }
        }
    }

    /// What only all layers together can be asked: is everything there?
    fn complete(&mut self, id: &str, layers: &Layers, written: &BTreeMap<&str, usize>, cx: &mut Context<'_>) {
        let span = layers.place.span;
        let missing: Vec<&str> = ["title", "priority"].into_iter().filter(|key| !written.contains_key(key)).collect();
        if !missing.is_empty() {
            // An override of an id that nobody else has looks like this, too.
            let hint = if layers.files == 1 {
                cx.names.hint(id, cx.ids.iter().copied().filter(|other| *other != id))
            } else {
                String::new()
            };
            cx.wrong(span, format!("item {} has no {}{hint}", quoted(id), missing.join(" and no ")));
        }
        if !written.contains_key("category") {
            let prefix = id.split('.').next().unwrap_or(id);
            self.category = known_category(prefix, cx).map_err(|message| cx.wrong(span, message)).ok();
        }
        if self.inventory.is_some() && self.options.is_some() {
            cx.wrong(
                span,
                format!("item {} has options and an inventory; make the choice an item of its own", quoted(id)),
            );
        }
        if self.when.is_some() && self.when == self.probe {
            cx.advise(span, format!("item {} can't fail: its \"when\" is its probe", quoted(id)));
        }
    }

    fn finish(self, id: &str, layers: &Layers, breaking: &[Problem], cx: &Context<'_>) -> Item {
        let priority = self.priority.unwrap_or(Priority::P0);
        let mut item = Item {
            id: id.to_owned(),
            category: self.category.unwrap_or_else(|| id.split('.').next().unwrap_or(id).to_owned()),
            title: self.title.unwrap_or_else(|| id.to_owned()),
            why: self.why.unwrap_or_default(),
            fix: self.fix.unwrap_or_default(),
            refs: self.refs.unwrap_or_default(),
            priority,
            tier: self.tier.unwrap_or_else(|| default_tier(priority, cx.tiers)),
            phase: self.phase.unwrap_or_else(|| default_phase(priority, cx.phases)),
            effort_minutes: self.effort.unwrap_or_default(),
            confidence: self.confidence.unwrap_or(Confidence::Certain),
            when: self.when,
            probe: self.probe,
            no_files: self.no_files,
            covers: self.covers.unwrap_or_default(),
            options: self.options.unwrap_or_default(),
            inventory: self.inventory.unwrap_or_default(),
            plan: self.plan,
            review_every_days: self.review_every,
            waivable: self.waivable.unwrap_or(true),
            cases: self.cases.unwrap_or_default(),
            place: layers.place.to_string(),
            broken: broken(breaking),
            hash: String::new(),
        };
        item.hash = hash::item(&item);
        item
    }
}

fn broken(problems: &[Problem]) -> Option<String> {
    match problems {
        [] => None,
        [one] => Some(one.to_string()),
        [first, rest @ ..] => Some(format!("{first} (and {} more)", rest.len())),
    }
}

/// The first tier that this priority can stop; the last one where it stops none.
fn default_tier(priority: Priority, tiers: &[Tier]) -> usize {
    tiers.iter().position(|tier| priority <= tier.gate).unwrap_or(tiers.len().saturating_sub(1))
}

/// P0 first, P1 next, the rest after them.
fn default_phase(priority: Priority, phases: &[Phase]) -> usize {
    (priority as usize).min(2).min(phases.len().saturating_sub(1))
}

/// A phase that every checklist has unless it names its own is no mistake of an item that was written without them.
fn phase(node: &Node, cx: &mut Context<'_>) -> Option<usize> {
    let phases = cx.phases;
    let ids: Vec<&str> = phases.iter().map(|phase| phase.id.as_str()).collect();
    let is_default = |text: &str| Phase::DEFAULT.iter().any(|(id, _)| *id == text);
    if node.as_str().is_some_and(|text| is_default(text) && !ids.contains(&text)) {
        return None;
    }
    cx.word(node, "phase", &ids)
}

fn advice(node: &Node, cx: &mut Context<'_>) -> Option<String> {
    let text = cx.words(node)?;
    let filled = cx.names.fill(text, Spelling::Advice);
    cx.checked(node.span, filled)
}

fn category(node: &Node, cx: &mut Context<'_>) -> Option<String> {
    let text = cx.words(node)?;
    let known = known_category(text, cx);
    cx.checked(node.span, known)
}

fn known_category(id: &str, cx: &Context<'_>) -> Result<String, String> {
    if cx.categories.iter().any(|category| category.id == id) {
        return Ok(id.to_owned());
    }
    let near = cx.names.hint(id, cx.categories.iter().map(|category| category.id.as_str()));
    let hint = if near.is_empty() { "; add it to \"categories\"".to_owned() } else { near };
    Err(format!("unknown category {}{hint}", quoted(id)))
}

fn tier(node: &Node, cx: &mut Context<'_>) -> Option<usize> {
    let tiers = cx.tiers;
    let ids: Vec<&str> = tiers.iter().map(|tier| tier.id.as_str()).collect();
    cx.word(node, "tier", &ids)
}

fn no_files(node: &Node, cx: &mut Context<'_>) -> Option<NoFiles> {
    if node.as_str() == Some("pass") {
        cx.wrong(node.span, "nothing looked at is never a pass; fail, not-applicable or unknown is meant");
        return None;
    }
    let at = cx.word(node, "meaning of no files", NO_FILES)?;
    Some([NoFiles::Fail, NoFiles::NotApplicable, NoFiles::Unknown][at])
}

fn cases(node: &Node, cx: &mut Context<'_>) -> Option<Vec<Case>> {
    let Some(items) = node.items() else { return cx.expected(node, "a list of cases") };
    all(items.iter().map(|item| case(item, cx)))
}

fn case(node: &Node, cx: &mut Context<'_>) -> Option<Case> {
    let options = cx.options(node, CASE, "a case")?;
    let (expect, files) = match options.present(EXPECTATIONS).as_slice() {
        [(word, files)] => (expectation(word), *files),
        [] => {
            cx.wrong(node.span, "a case needs one of pass, fail, not-applicable or unknown");
            return None;
        }
        [_, (second, files), ..] => {
            cx.wrong(files.span, format!("a case expects one thing; make \"{second}\" a case of its own"));
            return None;
        }
    };
    let files = case_files(files, cx);
    let at = options.get("at").map_or(Some(None), |node| cx.words(node).map(|text| Some(text.to_owned())));
    let tracked = options.get("tracked").map_or(Some(Vec::new()), |node| cx.texts(node));
    let place = Place { path: Rc::clone(&cx.path), span: node.span }.to_string();
    let exit = options.get("exit").map_or(Some(None), |node| cx.count(node, 0, 255).map(Some));
    Some(Case { expect, files: files?, at: at?, tracked: tracked?, exit: exit?, place })
}

fn expectation(word: &str) -> Expect {
    match word {
        "pass" => Expect::Pass,
        "fail" => Expect::Fail,
        "not-applicable" => Expect::NotApplicable,
        _ => Expect::Unknown,
    }
}

fn case_files(node: &Node, cx: &mut Context<'_>) -> Option<Vec<(String, String)>> {
    let Some(entries) = node.entries() else {
        return cx.expected(node, "a mapping of paths to contents (\"{}\" for none)");
    };
    all(entries.iter().map(|entry| {
        let inside = !entry.key.starts_with('/') && entry.key.split('/').all(|part| !matches!(part, ".." | "."));
        if !inside || entry.key.is_empty() {
            cx.wrong(entry.key_span, format!("{} is no path inside the tree of a case", quoted(&entry.key)));
            return None;
        }
        let Some(content) = entry.value.as_str() else {
            let message = format!("expected the content as text, found {}; put it in quotes", found(&entry.value));
            cx.wrong(entry.value.span, message);
            return None;
        };
        Some((entry.key.clone(), content.to_owned()))
    }))
}
