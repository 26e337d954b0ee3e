//! Everything wrong with a checklist, and what would make it better.

use crate::checklist::merge::{Cases, Checked, Entry, Loaded, Loader, load_all};
use crate::checklist::model::{Item, Probe, Problem};
use crate::checklist::report::{any_of, quoted};

/// How the message of something that is not wrong begins.
pub const ADVICE: &str = "advice: ";

/// All problems of [`load`](crate::checklist::merge::load), then advice. Of a built-in that is
/// merely extended no advice is given: who reads this can't follow it.
#[must_use]
pub fn lint(entry: &Entry, loader: &dyn Loader) -> Vec<Problem> {
    let mut loaded = load_all(entry, loader, Checked::Everybodys, Cases::Read);
    let mut advice = std::mem::take(&mut loaded.report.advice);
    advice.extend(loaded.checklist.items.iter().filter_map(|item| thin(item, &loaded)));
    advice.extend(loaded.checklist.items.iter().flat_map(|item| stray_places(item, &loaded)));
    // The sets of a built-in are also there for those who extend it.
    let own_sets = loaded.unused_sets.iter().filter(|(_, place)| !place.is_built_in());
    advice.extend(own_sets.map(|(name, place)| place.problem(format!("nothing uses the set {}", quoted(name)))));
    if matches!(entry, Entry::File(_)) {
        advice.retain(|problem| !problem.path.starts_with("builtin:"));
    }
    advice.sort();
    let mut all = loaded.report.problems;
    all.extend(
        advice.into_iter().map(|problem| Problem { message: format!("{ADVICE}{}", problem.message), ..problem }),
    );
    all
}

/// Whether this is advice only, and the checklist works as it is.
#[must_use]
pub fn is_advice(problem: &Problem) -> bool {
    problem.message.starts_with(ADVICE)
}

/// An item that tells nobody why, or how, or that it works.
fn thin(item: &Item, loaded: &Loaded) -> Option<Problem> {
    let provable = item.probe.as_ref().is_some_and(|probe| !matches!(probe, Probe::Ask(_)));
    let missing: Vec<&str> =
        [(item.why.is_empty(), "why"), (item.fix.is_empty(), "fix"), (provable && item.cases.is_empty(), "cases")]
            .into_iter()
            .filter_map(|(missing, name)| missing.then_some(name))
            .collect();
    if missing.is_empty() || item.broken.is_some() {
        return None;
    }
    let place = loaded.places.get(&item.id)?;
    Some(place.problem(format!("item {} has no {}", quoted(&item.id), any_of(&missing))))
}

/// Evidence can only be at a file that the case has.
fn stray_places(item: &Item, loaded: &Loaded) -> Vec<Problem> {
    let Some(place) = loaded.places.get(&item.id) else { return Vec::new() };
    item.cases
        .iter()
        .filter_map(|case| Some((case, case.at.as_deref()?)))
        .filter(|(case, at)| !case.files.iter().any(|(path, _)| is_at(at, path)))
        .map(|(_, at)| place.problem(format!("no file of the case is at {}", quoted(at))))
        .collect()
}

/// Whether `at` is `path` or `path:line`.
fn is_at(at: &str, path: &str) -> bool {
    at.strip_prefix(path)
        .is_some_and(|rest| rest.is_empty() || rest.strip_prefix(':').is_some_and(|line| line.parse::<u32>().is_ok()))
}
