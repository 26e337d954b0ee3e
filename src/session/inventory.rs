//! What is there to be confirmed one by one, and what is there to be counted.

use jiff::Timestamp;

use crate::checklist::model::{Checklist, Item};
use crate::engine::Engine;
use crate::ledger::fold::Standing;
use crate::ledger::freshness::{self, Freshness};
use crate::probe::outcome::{Element, Outcome};
use crate::readiness::inventory::ElementState;
use crate::readiness::metric::{MetricRow, measured};
use crate::readiness::status::Status;

/// How each element of an item stands today. `number` is the item's place in the checklist.
pub(super) fn elements(
    engine: &mut Engine,
    number: usize,
    item: &Item,
    outcome: &Outcome,
    standing: &Standing,
    at: Timestamp,
) -> Vec<ElementState> {
    let state = |element: &Element| {
        let said = standing.elements.get(&element.name);
        let status = said.map_or(Status::Open, |said| {
            let moved = freshness::moved(&said.covers, &engine.covered_element(number, element));
            match freshness::freshness(said, &item.hash, moved, item.review_every_days, at) {
                Freshness::Stale { .. } => Status::Stale,
                Freshness::Fresh { .. } if said.actor.is_person() => Status::Attested,
                Freshness::Fresh { .. } => Status::Likely,
            }
        });
        let (by, said_at) = said.map(|said| (said.by.clone(), said.at)).unzip();
        ElementState { name: element.name.clone(), place: place(element), status, by, at: said_at }
    };
    outcome.elements.iter().map(state).collect()
}

fn place(element: &Element) -> String {
    match (element.files.first(), element.line) {
        (None, _) => String::new(),
        (Some(path), 0) => path.to_string(),
        (Some(path), line) => format!("{path}:{line}"),
    }
}

pub(super) fn metrics(checklist: &Checklist, engine: &Engine) -> Vec<MetricRow> {
    checklist.metrics.iter().zip(engine.metrics()).map(|(metric, found)| measured(metric, &found)).collect()
}
