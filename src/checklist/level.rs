//! Tiers, categories, phases and environments, from what all files wrote about them.

use std::rc::Rc;

use indexmap::IndexMap;

use crate::checklist::context::Context;
use crate::checklist::fields::{self, CATEGORY, ENVIRONMENT, Field, PHASE, PRIORITIES, TIER};
use crate::checklist::item::Layers;
use crate::checklist::model::{Category, Priority, Problem, Tier};
use crate::checklist::names::Names;
use crate::checklist::plan::{Environment, Phase, Requirement};
use crate::checklist::report::quoted;
use crate::document::node::{Node, Span};

/// The tiers in order; three of them where no file has any.
pub(super) fn tiers(written: &IndexMap<String, Layers>, names: &Names, problems: &mut Vec<Problem>) -> Vec<Tier> {
    if written.is_empty() {
        return default_tiers();
    }
    let mut cx = Context::new(names, &[], &[]);
    let tiers = written.iter().map(|(id, layers)| tier(id, layers, &mut cx)).collect();
    problems.append(&mut cx.report.problems);
    tiers
}

fn default_tiers() -> Vec<Tier> {
    [("pilot", "Pilot", Priority::P0, false), ("standard", "Standard", Priority::P1, false)]
        .into_iter()
        .chain([("enterprise", "Enterprise", Priority::P2, true)])
        .map(|(id, title, gate, confirm)| Tier { id: id.to_owned(), title: title.to_owned(), gate, confirm })
        .collect()
}

fn tier(id: &str, layers: &Layers, cx: &mut Context<'_>) -> Tier {
    // A gate that can't be read must not let anything through: the strictest one stands in for it.
    let mut tier = Tier { id: id.to_owned(), title: id.to_owned(), gate: Priority::P3, confirm: false };
    let mut has_gate = false;
    for (path, field) in &layers.fields {
        cx.path = Rc::clone(path);
        match field.key.as_str() {
            "title" => tier.title = cx.words(&field.value).map_or(tier.title, str::to_owned),
            "gate" => {
                has_gate = true;
                let gate = cx.word(&field.value, "priority", PRIORITIES);
                tier.gate = gate.map_or(Priority::P3, |at| Priority::ALL[at]);
            }
            "confirm" => tier.confirm = cx.flag(&field.value).unwrap_or(true),
            key => unknown(key, field.key_span, TIER, "a tier", cx),
        }
    }
    if !has_gate {
        cx.path = Rc::clone(&layers.place.path);
        cx.wrong(layers.place.span, format!("tier {} has no gate, for example \"gate: P1\"", quoted(id)));
    }
    tier
}

pub(super) fn categories(
    written: &IndexMap<String, Layers>,
    names: &Names,
    problems: &mut Vec<Problem>,
) -> Vec<Category> {
    let mut cx = Context::new(names, &[], &[]);
    let categories = written.iter().map(|(id, layers)| category(id, layers, &mut cx)).collect();
    problems.append(&mut cx.report.problems);
    categories
}

fn category(id: &str, layers: &Layers, cx: &mut Context<'_>) -> Category {
    let mut category = Category { id: id.to_owned(), title: id.to_owned(), about: String::new() };
    for (path, field) in &layers.fields {
        cx.path = Rc::clone(path);
        match field.key.as_str() {
            "title" => category.title = cx.words(&field.value).map_or(category.title, str::to_owned),
            "about" => category.about = cx.words(&field.value).map_or(category.about, str::to_owned),
            key => unknown(key, field.key_span, CATEGORY, "a category", cx),
        }
    }
    category
}

/// The phases in order; three of them where no file has any.
pub(super) fn phases(written: &IndexMap<String, Layers>, names: &Names, problems: &mut Vec<Problem>) -> Vec<Phase> {
    if written.is_empty() {
        return Phase::defaults();
    }
    let mut cx = Context::new(names, &[], &[]);
    let phases = written.iter().map(|(id, layers)| phase(id, layers, &mut cx)).collect();
    problems.append(&mut cx.report.problems);
    phases
}

fn phase(id: &str, layers: &Layers, cx: &mut Context<'_>) -> Phase {
    let mut phase = Phase { id: id.to_owned(), title: id.to_owned(), box_days: None };
    for (path, field) in &layers.fields {
        cx.path = Rc::clone(path);
        match field.key.as_str() {
            "title" => phase.title = cx.words(&field.value).map_or(phase.title, str::to_owned),
            "box" => phase.box_days = cx.days(&field.value),
            key => unknown(key, field.key_span, PHASE, "a phase", cx),
        }
    }
    phase
}

pub(super) fn environments(written: &IndexMap<String, Layers>, cx: &mut Context<'_>) -> Vec<Environment> {
    written.iter().map(|(id, layers)| environment(id, layers, cx)).collect()
}

fn environment(id: &str, layers: &Layers, cx: &mut Context<'_>) -> Environment {
    let mut environment = Environment { id: id.to_owned(), title: id.to_owned(), requires: Vec::new() };
    for (path, field) in &layers.fields {
        cx.path = Rc::clone(path);
        match field.key.as_str() {
            "title" => environment.title = cx.words(&field.value).map_or(environment.title, str::to_owned),
            "requires" => environment.requires = requirements(&field.value, cx),
            key => unknown(key, field.key_span, ENVIRONMENT, "an environment", cx),
        }
    }
    if environment.requires.is_empty() {
        cx.path = Rc::clone(&layers.place.path);
        cx.wrong(layers.place.span, format!("environment {} requires nothing", quoted(id)));
    }
    environment
}

/// What can't be read is said and left out; the rest still has to hold.
fn requirements(node: &Node, cx: &mut Context<'_>) -> Vec<Requirement> {
    let Some(entries) = node.items() else {
        cx.expected::<()>(node, "a list of ids");
        return Vec::new();
    };
    let read = |entry: &Node| {
        let text = cx.words(entry)?;
        let requirement = requirement(text, cx);
        cx.checked(entry.span, requirement)
    };
    entries.iter().filter_map(read).collect()
}

fn requirement(text: &str, cx: &Context<'_>) -> Result<Requirement, String> {
    if let Some(tier) = text.strip_prefix("tier:") {
        let tiers = || cx.tiers.iter().map(|tier| tier.id.as_str());
        let hint = || cx.names.hint(tier, tiers());
        let at = tiers().position(|known| known == tier);
        return at.map(Requirement::Tier).ok_or_else(|| format!("unknown tier {}{}", quoted(tier), hint()));
    }
    let mut categories = cx.categories.iter().map(|category| category.id.as_str());
    if categories.any(|known| known == text) {
        Ok(Requirement::Category(text.to_owned()))
    } else if cx.ids.contains(&text) {
        Ok(Requirement::Item(text.to_owned()))
    } else {
        let known = cx.categories.iter().map(|category| category.id.as_str()).chain(cx.ids.iter().copied());
        Err(format!("no item and no category {}{}", quoted(text), cx.names.hint(text, known)))
    }
}

fn unknown(key: &str, span: Span, table: &[Field], what: &str, cx: &mut Context<'_>) {
    if key != "id" {
        let hint = cx.names.hint(key, fields::names(table));
        cx.wrong(span, format!("unknown key {} in {what}{hint}", quoted(key)));
    }
}
