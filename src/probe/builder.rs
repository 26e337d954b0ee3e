//! From the probes of a checklist to numbered leaves, each distinct one once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::checklist::model::{GitProbe, Item, Member, NoFiles, Probe, Selection};
use crate::checklist::sets::{Calling, CompareProbe, SetSource, Take};
use crate::checklist::spell;
use crate::probe::command::Command;
use crate::probe::compare::{Compare, Written};
use crate::probe::elements::{Elements, Shown};
use crate::probe::encoding::Encoding;
use crate::probe::git::Git;
use crate::probe::key::{Key, Namer};
use crate::probe::matcher::Sought;
use crate::probe::names::Names;
use crate::probe::paths::Paths;
use crate::probe::program::{Expression, ItemProgram, Leaf, Rule};
use crate::probe::query::Query;
use crate::probe::sarif::Sarif;
use crate::probe::text::Text;
use crate::probe::workshop::Workshop;

pub(super) struct Builder<'s> {
    shop: &'s Arc<Workshop>,
    pub(super) namer: Namer,
    pub(super) leaves: Vec<Leaf>,
    /// Leaves by their key.
    known: HashMap<Key, usize>,
    /// What those leaves look for that look at lines.
    pub(super) sought: Vec<(usize, Sought)>,
}

impl<'s> Builder<'s> {
    pub(super) fn new(shop: &'s Arc<Workshop>, namer: Namer) -> Self {
        Self { shop, namer, leaves: Vec::new(), known: HashMap::new(), sought: Vec::new() }
    }

    pub(super) fn item(&mut self, number: usize, item: &Arc<Item>) -> ItemProgram {
        if let Some(why) = &item.broken {
            return ItemProgram { broken: Some(why.clone()), ..ItemProgram::default() };
        }
        let mut expression = |probe: &Option<Probe>, no_files| {
            probe.as_ref().map(|probe| self.expression(number, probe, no_files)).transpose()
        };
        let compiled =
            expression(&item.when, None).and_then(|when| Ok((when, expression(&item.probe, item.no_files)?)));
        let covers = (!item.covers.is_empty()).then(|| {
            let selection = Selection { globs: item.covers.clone(), all: true };
            let key = self.namer.name("covers", &selection.globs);
            let items = vec![number];
            self.known(number, key)
                .unwrap_or_else(|| self.push(Leaf { rule: Rule::Covers, selection, no_files: None, key, items }))
        });
        let inventory = (!item.inventory.is_empty())
            .then(|| self.side(Some(number), &item.inventory, &Calling::default(), Shown::Places))
            .transpose();
        match compiled.and_then(|compiled| Ok((compiled, inventory?))) {
            Ok(((when, probe), inventory)) => {
                ItemProgram { when, probe, parts: parts(item.probe.as_ref()), inventory, covers, broken: None }
            }
            Err(why) => ItemProgram { broken: Some(why), covers, ..ItemProgram::default() },
        }
    }

    fn expression(&mut self, item: usize, probe: &Probe, no_files: Option<NoFiles>) -> Result<Expression, String> {
        let mut each = |members: &[Member]| -> Result<Vec<Expression>, String> {
            members.iter().map(|member| self.expression(item, &member.probe, no_files)).collect()
        };
        Ok(match probe {
            Probe::All(members) => Expression::All(each(members)?),
            Probe::Any(members) => Expression::Any(each(members)?),
            Probe::Not(member) => Expression::Not(Box::new(self.expression(item, member, no_files)?)),
            Probe::Ask(_) => Expression::Ask,
            leaf => Expression::Leaf(self.leaf(item, leaf, no_files)?),
        })
    }

    fn leaf(&mut self, item: usize, probe: &Probe, no_files: Option<NoFiles>) -> Result<usize, String> {
        let key = self.namer.name("probe", &(probe, no_files));
        if let Some(number) = self.known(item, key) {
            return Ok(number);
        }
        let (rule, selection) = match probe {
            Probe::Compare(compare) => (Rule::Compare(self.compare(item, compare)?), Selection::default()),
            probe => rule(probe, self.shop)?,
        };
        let number = self.push(Leaf { rule, selection, no_files, key, items: vec![item] });
        if let Probe::Text(text) = probe {
            let sought = Sought { patterns: text.patterns.clone(), multiline: text.multiline };
            self.sought.push((number, sought));
        }
        Ok(number)
    }

    fn compare(&mut self, item: usize, probe: &CompareProbe) -> Result<Compare, String> {
        let left = self.side(Some(item), &probe.left, &probe.calling, Shown::Places)?;
        // Names are changed into those of the right.
        let calling = Calling { rename: BTreeMap::new(), ..probe.calling.clone() };
        let shown = Compare::shown_of_right(probe.expect);
        Ok(Compare::new(probe, left, self.side(Some(item), &probe.right, &calling, shown)?))
    }

    /// The leaves of a set; `item` is whose answer hangs on them.
    pub(super) fn side(
        &mut self,
        item: Option<usize>,
        sources: &[SetSource],
        calling: &Calling,
        shown: Shown,
    ) -> Result<Written, String> {
        let mut side = Written::default();
        for source in sources {
            let elements = Elements::new(source, calling, shown, self.shop)?;
            if matches!(source.take, Take::Words(_)) {
                side.words.get_or_insert_default().hits.extend(elements.words().hits);
                continue;
            }
            let key = match shown {
                Shown::Places => self.namer.name("elements", &(source, calling)),
                Shown::Nothing => self.namer.name("names", &(source, calling)),
            };
            let number = self.known_to(item, key).unwrap_or_else(|| {
                let leaf = Leaf {
                    rule: Rule::Elements(elements),
                    selection: source.files.clone(),
                    no_files: None,
                    key,
                    items: item.into_iter().collect(),
                };
                let number = self.push(leaf);
                if matches!(source.take, Take::Lines(_)) {
                    let sought = Sought { patterns: source.capture.clone(), multiline: false };
                    self.sought.push((number, sought));
                }
                number
            });
            side.leaves.push(number);
        }
        Ok(side)
    }

    /// The leaf with this key, which from now on matters to the item, too.
    fn known(&mut self, item: usize, key: Key) -> Option<usize> {
        self.known_to(Some(item), key)
    }

    fn known_to(&mut self, item: Option<usize>, key: Key) -> Option<usize> {
        let number = *self.known.get(&key)?;
        let items = &mut self.leaves[number].items;
        items.extend(item.filter(|item| !items.contains(item)));
        Some(number)
    }

    fn push(&mut self, leaf: Leaf) -> usize {
        self.known.insert(leaf.key, self.leaves.len());
        self.leaves.push(leaf);
        self.leaves.len() - 1
    }
}

/// What the members are called, where whoever wrote them named one: a pattern alone tells nobody what is missing.
fn parts(probe: Option<&Probe>) -> Vec<String> {
    let name = |member: &Member| member.part.clone().unwrap_or_else(|| spell::brief(&member.probe));
    match probe {
        Some(Probe::All(members) | Probe::Any(members)) if members.iter().any(|member| member.part.is_some()) => {
            members.iter().map(name).collect()
        }
        _ => Vec::new(),
    }
}

fn rule(probe: &Probe, shop: &Arc<Workshop>) -> Result<(Rule, Selection), String> {
    let none = Selection::default();
    Ok(match probe {
        Probe::Exists(paths) => (Rule::Exists(Paths::new(paths)), paths.files.clone()),
        Probe::Absent(paths) => (Rule::Absent(Paths::new(paths)), paths.files.clone()),
        Probe::Text(text) => (Rule::Text(Text::new(text, shop)), text.files.clone()),
        Probe::Query(query) => (Rule::Query(Query::new(query, shop)), query.files.clone()),
        Probe::Sarif(sarif) => (Rule::Sarif(Sarif::new(sarif)), sarif.files.clone()),
        Probe::Encoding(encoding) => (Rule::Encoding(Encoding::new(encoding)), encoding.files.clone()),
        Probe::Names(names) => (Rule::Names(Names::new(names)), names.files.clone()),
        Probe::Command(command) => {
            (Rule::Command(Command::new(command)), Selection { globs: command.covers.clone(), all: false })
        }
        Probe::Git(git @ GitProbe::Tracked(globs)) => {
            (Rule::Git(Git::new(git)?), Selection { globs: globs.clone(), all: true })
        }
        Probe::Git(git) => (Rule::Git(Git::new(git)?), none),
        Probe::All(_) | Probe::Any(_) | Probe::Not(_) | Probe::Ask(_) | Probe::Compare(_) => {
            return Err("not a leaf".to_owned());
        }
    })
}
