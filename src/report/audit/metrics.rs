//! Numbers that the checklist counts, now, and where they should get to.

use super::page::{Page, table};
use crate::readiness::metric::{MetricRow, Target};
use crate::report::escape::plain;

pub(super) fn body(page: &Page<'_>) -> String {
    let rows: Vec<Vec<String>> = page.board.metrics.iter().map(line).collect();
    table(&["metric", ">now", ">target", "is", "why there is no number"], &rows)
}

fn line(metric: &MetricRow) -> Vec<String> {
    let bound = |word: &str, bound: &Option<String>| bound.as_ref().map(|bound| format!("{word} {bound}"));
    let bounds = [bound("at least", &metric.at_least), bound("at most", &metric.at_most)];
    let target: Vec<String> = bounds.into_iter().flatten().collect();
    let word = match metric.target {
        Target::Met => "met",
        Target::Missed => "missed",
        Target::Unknown => "unknown",
        Target::None => "",
    };
    vec![
        plain(&metric.title),
        metric.now.map(|now| now.to_string()).unwrap_or_default(),
        plain(&target.join(", ")),
        word.to_owned(),
        plain(&metric.reason),
    ]
}
