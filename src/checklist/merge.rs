//! From a name to a checklist: reads everything that takes part, lets later files override
//! earlier ones field by field, and only then understands the fields.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use crate::checklist::context::Context;
use crate::checklist::hash;
use crate::checklist::item::{self, Layers};
use crate::checklist::level;
use crate::checklist::metric;
use crate::checklist::model::{Category, Checklist, Item, Problem};
use crate::checklist::names::{Names, Written};
use crate::checklist::plan;
use crate::checklist::read::{Part, Raw};
use crate::checklist::report::{Place, Report};
use crate::checklist::skip::SKIP;
use crate::checklist::sources::{self, Source};

/// Where reading begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// `enterprise`, without the `builtin:` that `extends` writes.
    Builtin(String),
    /// Relative to the root of the tree, with `/` between its parts.
    File(String),
}

/// Reads files of the tree by their relative paths. The only way from here to a disk.
pub trait Loader {
    /// # Errors
    /// One line that says why there is no such text.
    fn load(&self, path: &str) -> Result<String, String>;
}

/// The checklist, and everything that is wrong with what it was read from, by place.
/// Items that are written wrongly are there, with `broken` set.
#[must_use]
pub fn load(entry: &Entry, loader: &dyn Loader) -> (Checklist, Vec<Problem>) {
    let loaded = load_all(entry, loader, Checked::WhatOthersWrote, Cases::Read);
    (loaded.checklist, loaded.report.problems)
}

/// A checklist with what it was read from.
#[derive(Debug)]
pub struct Read {
    pub checklist: Checklist,
    pub problems: Vec<Problem>,
    /// The hash of every file that took part, as written.
    pub texts: String,
}

/// The same for whoever looks at a tree: without cases, and with the hash of what was read.
#[must_use]
pub fn read(entry: &Entry, loader: &dyn Loader) -> Read {
    let mut loaded = load_all(entry, loader, Checked::WhatOthersWrote, Cases::OfOthersOnly);
    loaded.checklist.drop_cases();
    Read { checklist: loaded.checklist, problems: loaded.report.problems, texts: loaded.texts }
}

/// A checklist with what only `lint` wants to know.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) checklist: Checklist,
    pub(super) report: Report,
    /// The sets that files wrote and nothing uses.
    pub(super) unused_sets: Vec<(String, Place)>,
    /// Where each item was last touched.
    pub(super) places: IndexMap<String, Place>,
    /// The hash of every file that took part.
    texts: String,
}

/// Whose patterns are parsed before somebody looks for them, which for the catalogue takes longer than all else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checked {
    Everybodys,
    /// Those of the built-ins are right: a test sees to it.
    WhatOthersWrote,
}

/// Whether the cases of the built-ins are read, too: they are as long as all else, and a test sees to it that they are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cases {
    Read,
    OfOthersOnly,
}

pub(super) fn load_all(entry: &Entry, loader: &dyn Loader, checked: Checked, cases: Cases) -> Loaded {
    let mut problems = Vec::new();
    let sources = sources::collect(entry, loader, cases, &mut problems);
    let mut merged = Merged::default();
    for source in sources {
        merged.apply(source, &mut problems);
    }
    let mut loaded = merged.understand(problems, checked);
    loaded.report.problems.sort();
    loaded.report.problems.dedup();
    loaded.report.advice.sort();
    loaded.report.advice.dedup();
    loaded
}

/// All files on top of each other, not yet understood.
#[derive(Debug, Default)]
struct Merged {
    title: Option<String>,
    sources: Vec<String>,
    sets: Written,
    vars: Written,
    tiers: IndexMap<String, Layers>,
    categories: IndexMap<String, Layers>,
    phases: IndexMap<String, Layers>,
    environments: IndexMap<String, Layers>,
    metrics: IndexMap<String, Layers>,
    items: IndexMap<String, Layers>,
    /// Name and text of every file so far.
    digest: blake3::Hasher,
}

impl Merged {
    fn apply(&mut self, source: Source, problems: &mut Vec<Problem>) {
        // The files of one built-in are one checklist: an id that two of them write is written twice.
        let mut ids: IndexMap<String, Place> = IndexMap::new();
        for mut file in source.files {
            for part in &mut file.items {
                let place = Place { path: Rc::clone(&file.path), span: part.span };
                match ids.get(&part.id) {
                    Some(first) => {
                        let message = format!("item \"{}\" stands twice, first in {first}", part.id);
                        problems.push(place.problem(message));
                        part.doubt = problems.last().cloned();
                    }
                    None => {
                        ids.insert(part.id.clone(), place);
                    }
                }
            }
            self.apply_file(file);
        }
        if let Some(digest) = source.digest {
            sources::add_text(&mut self.digest, digest, &source.name);
        }
        self.sources.push(source.name);
    }

    fn apply_file(&mut self, file: Raw) {
        let Raw { path, title, extends: _, sets, vars, tiers, categories, phases, environments, metrics, items } = file;
        self.title = title.or(self.title.take());
        let written = |entry: &crate::document::node::Entry| {
            (entry.key.clone(), (Place { path: Rc::clone(&path), span: entry.key_span }, entry.value.clone()))
        };
        self.sets.extend(sets.iter().map(written));
        self.vars.extend(vars.iter().map(written));
        for (parts, into) in [
            (tiers, &mut self.tiers),
            (categories, &mut self.categories),
            (phases, &mut self.phases),
            (environments, &mut self.environments),
            (metrics, &mut self.metrics),
            (items, &mut self.items),
        ] {
            for part in parts {
                stack(into, &path, part);
            }
        }
    }

    fn understand(self, mut problems: Vec<Problem>, checked: Checked) -> Loaded {
        let (names, mut used) = Names::resolve(&self.sets, &self.vars, &mut problems);
        let tiers = level::tiers(&self.tiers, &names, &mut problems);
        let mut categories = level::categories(&self.categories, &names, &mut problems);
        let phases = level::phases(&self.phases, &names, &mut problems);
        let ids: Vec<&str> = self.items.keys().map(String::as_str).collect();
        let mut cx = Context::new(&names, &tiers, &categories);
        cx.report.problems = problems;
        // A word that somebody else gave a meaning may break a pattern of a built-in.
        let is_own = self.sets.values().chain(self.vars.values()).all(|(place, _)| place.is_built_in());
        cx.trusts_built_ins = checked == Checked::WhatOthersWrote && is_own;
        (cx.phases, cx.ids) = (&phases, &ids);
        let environments = level::environments(&self.environments, &mut cx);
        let metrics = metric::metrics(&self.metrics, &mut cx);

        let (mut items, mut disabled) = (Vec::new(), Vec::new());
        for (id, layers) in &self.items {
            let built = item::build(id, layers, &mut cx);
            if built.disabled { disabled.push(id.clone()) } else { items.push(Arc::new(built.item)) }
        }
        used.append(&mut cx.used_sets);
        let mut report = cx.report;
        let place = |item: &Item, message| Some(self.items.get(&item.id)?.place.problem(message));
        report.problems.extend(plan::break_circles(&mut items, place));
        adopt_strays(&items, &mut categories);
        let mut checklist = Checklist {
            title: self.title.unwrap_or_else(|| "Checklist".to_owned()),
            sources: self.sources,
            tiers,
            categories,
            phases,
            environments,
            metrics,
            items,
            skip: skip(&names),
            sets: names.sets().clone(),
            disabled,
            digest: String::new(),
            ruler: String::new(),
        };
        checklist.ruler = hash::ruler(&checklist);
        let texts = sources::named(&self.digest);
        if checklist.items.iter().any(|item| !item.commands().is_empty()) {
            checklist.digest.clone_from(&texts);
        }
        let places = self.items.iter().map(|(id, layers)| (id.clone(), layers.place.clone())).collect();
        Loaded { checklist, report, unused_sets: unused(&self.sets, &used), places, texts }
    }
}

fn stack(into: &mut IndexMap<String, Layers>, path: &Rc<str>, part: Part) {
    let place = Place { path: Rc::clone(path), span: part.span };
    let fields = part.fields.into_iter().map(|field| (Rc::clone(path), field));
    match into.get_mut(&part.id) {
        Some(layers) => {
            layers.place = place;
            layers.fields.extend(fields);
            layers.files += 1;
            layers.doubt = part.doubt.or(layers.doubt.take());
        }
        None => {
            let layers = Layers { place, fields: fields.collect(), files: 1, doubt: part.doubt };
            into.insert(part.id, layers);
        }
    }
}

/// A broken item whose category nobody knows must still be seen somewhere.
fn adopt_strays(items: &[Arc<Item>], categories: &mut Vec<Category>) {
    let known: BTreeSet<String> = categories.iter().map(|category| category.id.clone()).collect();
    let strays: IndexSet<&String> = items.iter().map(|item| &item.category).filter(|id| !known.contains(*id)).collect();
    categories.extend(strays.into_iter().map(|id| Category {
        id: id.clone(),
        title: id.clone(),
        about: String::new(),
    }));
}

fn skip(names: &Names) -> Vec<String> {
    let default = || SKIP.iter().map(|glob| (*glob).to_owned()).collect();
    names.set("skip").map_or_else(default, <[String]>::to_vec)
}

fn unused(sets: &Written, used: &BTreeSet<String>) -> Vec<(String, Place)> {
    sets.iter()
        .filter(|(name, _)| name.as_str() != "skip" && !used.contains(*name))
        .map(|(name, (place, _))| (name.clone(), place.clone()))
        .collect()
}
