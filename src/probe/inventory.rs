//! What a person confirms one by one: the elements that are there now, each with the files that it stands in. Also what
//! a metric counts.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::checklist::model::NoFiles;
use crate::probe::compare::Written;
use crate::probe::fact::HitKey;
use crate::probe::finding::Gathered;
use crate::probe::outcome::{Answer, Element, Outcome};

/// Elements in the order of the files, or why nobody knows them all.
#[derive(Debug)]
pub struct Inventory {
    pub elements: Vec<Element>,
    pub trouble: Option<Outcome>,
    /// Where they were looked for, for people.
    pub looked_in: String,
}

impl Inventory {
    #[must_use]
    pub fn new(sources: &[Gathered<'_>], written: &Written) -> Self {
        let mut by_key: IndexMap<HitKey, Element> = IndexMap::new();
        for (path, hit) in written.hits(sources) {
            let element = by_key.entry(hit.key).or_insert_with(|| Element {
                name: hit.message,
                line: hit.line,
                files: BTreeSet::new(),
            });
            element.files.extend(path);
        }
        let looked_in: BTreeSet<String> = sources.iter().map(Gathered::selection).collect();
        Self {
            elements: told_apart(by_key),
            trouble: sources.iter().find_map(Gathered::trouble),
            looked_in: looked_in.into_iter().collect::<Vec<_>>().join(" or "),
        }
    }

    /// A question about each element; nothing to ask where there is none.
    #[must_use]
    pub fn outcome(self, no_files: Option<NoFiles>) -> Outcome {
        if let Some(trouble) = self.trouble {
            return trouble;
        }
        if self.elements.is_empty() {
            let answer = no_files.map_or(Answer::NotApplicable, Answer::from);
            let reason = match self.looked_in.as_str() {
                "" => "no element to confirm".to_owned(),
                place => format!("no element to confirm in {place}"),
            };
            return Outcome::new(answer, reason, Vec::new());
        }
        let asked = Outcome::new(Answer::Unknown, String::new(), Vec::new());
        Outcome { asks: true, elements: self.elements, ..asked }
    }
}

/// Names are cut and secrets in them redacted, so that two may look the same: a word is given on one of them only.
fn told_apart(by_key: IndexMap<HitKey, Element>) -> Vec<Element> {
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    by_key.values().for_each(|element| *named.entry(element.name.clone()).or_default() += 1);
    let apart = |(key, element): (HitKey, Element)| match named.get(&element.name) {
        Some(1) | None => element,
        Some(_) => {
            let digits: String = key.to_string().chars().take(8).collect();
            Element { name: format!("{} #{digits}", element.name), ..element }
        }
    };
    by_key.into_iter().map(apart).collect()
}
