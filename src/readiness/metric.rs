//! A number now, and where it should get to.

use serde::Serialize;

use crate::checklist::metric::{Measure, Metric};
use crate::probe::inventory::Inventory;

#[derive(Clone, Debug, PartialEq)]
pub struct MetricRow {
    pub id: String,
    pub title: String,
    /// `None` where it cannot be told.
    pub now: Option<f64>,
    pub at_least: Option<String>,
    pub at_most: Option<String>,
    pub target: Target,
    /// Why there is no number.
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    Met,
    Missed,
    /// There is no number to hold against it.
    Unknown,
    /// Nobody set one.
    None,
}

#[must_use]
pub fn measured(metric: &Metric, found: &Inventory) -> MetricRow {
    let (now, reason) = match number(&metric.measure, found) {
        Ok(number) => (Some(number), String::new()),
        Err(why) => (None, why),
    };
    let bound = |bound: &Option<String>| bound.as_ref().and_then(|bound| bound.parse::<f64>().ok());
    let (least, most) = (bound(&metric.at_least), bound(&metric.at_most));
    let target = match (now, least, most) {
        (_, None, None) => Target::None,
        (None, ..) => Target::Unknown,
        (Some(now), least, most) => {
            let is_met = least.is_none_or(|least| now >= least) && most.is_none_or(|most| now <= most);
            if is_met { Target::Met } else { Target::Missed }
        }
    };
    let Metric { id, title, at_least, at_most, .. } = metric.clone();
    MetricRow { id, title, now, at_least, at_most, target, reason }
}

/// What a file that cannot be read might add makes a count no count.
fn number(measure: &Measure, found: &Inventory) -> Result<f64, String> {
    if let Some(trouble) = &found.trouble {
        return Err(trouble.reason.clone());
    }
    match (measure, found.elements.as_slice()) {
        (Measure::Count(_), elements) => Ok(elements.len() as f64),
        (Measure::Value(_), [only]) => {
            let number = only.name.parse::<f64>().ok().filter(|number| number.is_finite());
            number.ok_or_else(|| format!("\"{}\" is no number", only.name))
        }
        (Measure::Value(_), []) => Err(format!("no number in {}", found.looked_in)),
        (Measure::Value(_), several) => Err(format!("{} different numbers in {}", several.len(), found.looked_in)),
    }
}
