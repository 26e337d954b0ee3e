//! Numbers that somebody wants to see move: what is counted or selected, and where it should get to.

use std::rc::Rc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::checklist::context::Context;
use crate::checklist::fields::{self, METRIC};
use crate::checklist::item::Layers;
use crate::checklist::report::quoted;
use crate::checklist::sets::SetSource;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    pub id: String,
    pub title: String,
    pub measure: Measure,
    /// The target, as written.
    pub at_least: Option<String>,
    pub at_most: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Measure {
    /// How many different elements there are.
    Count(Vec<SetSource>),
    /// The one element, which is a number.
    Value(Vec<SetSource>),
}

impl Measure {
    #[must_use]
    pub fn sources(&self) -> &[SetSource] {
        match self {
            Self::Count(sources) | Self::Value(sources) => sources,
        }
    }
}

/// What is written wrongly is said and left out: a number that nobody can measure is none.
pub(super) fn metrics(written: &IndexMap<String, Layers>, cx: &mut Context<'_>) -> Vec<Metric> {
    written.iter().filter_map(|(id, layers)| metric(id, layers, cx)).collect()
}

fn metric(id: &str, layers: &Layers, cx: &mut Context<'_>) -> Option<Metric> {
    let (mut title, mut measure, mut at_least, mut at_most) = (id.to_owned(), None, None, None);
    let before = cx.report.problems.len();
    for (path, field) in &layers.fields {
        cx.path = Rc::clone(path);
        let node = &field.value;
        match field.key.as_str() {
            "id" => {}
            "title" => title = cx.words(node).map_or(title, str::to_owned),
            "count" => measure = cx.sources(node).map(Measure::Count),
            "value" => measure = cx.sources(node).map(Measure::Value),
            "at_least" => at_least = cx.bound(node),
            "at_most" => at_most = cx.bound(node),
            key => {
                let hint = cx.names.hint(key, fields::names(METRIC));
                cx.wrong(field.key_span, format!("unknown key {} in a metric{hint}", quoted(key)));
            }
        }
    }
    if measure.is_none() && cx.report.problems.len() == before {
        cx.path = Rc::clone(&layers.place.path);
        cx.wrong(layers.place.span, format!("metric {} needs \"count\" or \"value\"", quoted(id)));
    }
    Some(Metric { id: id.to_owned(), title, measure: measure?, at_least, at_most })
}
