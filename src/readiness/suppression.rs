//! Dismissals and waivers: bound to content by fingerprint, never to a line number.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::ledger::decision::Decision;
use crate::ledger::fold::{Position, Standing};
use crate::probe::outcome::{Answer, Evidence, Outcome};

/// What the machine found, once what people dismissed is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Machine<'a> {
    pub(super) answer: Answer,
    /// What it says where it does not know: the outcome, or what is left of it.
    pub(super) open: &'a Outcome,
    /// How many of the places that were found are dismissed.
    pub(super) dismissed: usize,
}

/// A fail becomes a pass where every place it rests on is dismissed, or what other members of its combinator left
/// open. That needs all places (none was cut) and a path in each: a file that is missing has no content that a
/// dismissal could be bound to.
pub(super) fn without_dismissed<'a>(outcome: &'a Outcome, dismissals: &[Arc<Decision>]) -> Machine<'a> {
    let as_found = Machine { answer: outcome.answer, open: outcome, dismissed: 0 };
    if outcome.answer != Answer::Fail || dismissals.is_empty() {
        return as_found;
    }
    let fingerprints: BTreeSet<&str> = dismissals.iter().flat_map(|decision| fingerprints(decision)).collect();
    let is_dismissed = |evidence: &&Evidence| {
        evidence.path.is_some()
            && !evidence.fingerprint.is_empty()
            && fingerprints.contains(evidence.fingerprint.as_str())
    };
    let dismissed = outcome.evidence.iter().filter(is_dismissed).count();
    let all = dismissed > 0 && dismissed == outcome.evidence.len() && outcome.found == dismissed;
    match outcome.beneath.as_deref() {
        _ if !all => Machine { dismissed, ..as_found },
        Some(open) => Machine { answer: open.answer, open, dismissed },
        None => Machine { answer: Answer::Pass, open: outcome, dismissed },
    }
}

/// How many of the places that were found a waiver says nothing of. A waiver without fingerprints is about
/// the item as a whole. Places that were cut cannot be compared, so they count as not covered.
pub(super) fn beyond(waiver: &Decision, outcome: &Outcome) -> usize {
    if waiver.evidence.is_empty() {
        return 0;
    }
    let covered: BTreeSet<&str> = fingerprints(waiver).collect();
    let new =
        |evidence: &&Evidence| !evidence.fingerprint.is_empty() && !covered.contains(evidence.fingerprint.as_str());
    outcome.evidence.iter().filter(new).count() + outcome.found.saturating_sub(outcome.evidence.len())
}

/// A suppression that has nothing left to suppress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    pub decision: Arc<Decision>,
    pub message: String,
}

/// Says nothing where the machine could not look: then nobody knows what is left.
pub(super) fn unused(outcome: &Outcome, standing: &Standing) -> Vec<Unused> {
    if outcome.answer == Answer::Unknown {
        return Vec::new();
    }
    let mut unused = Vec::new();
    if let Position::Waived(waiver) = &standing.position
        && outcome.answer != Answer::Fail
    {
        let message = "the waiver no longer matches anything: retract it".to_owned();
        unused.push(Unused { decision: Arc::clone(waiver), message });
    }
    if standing.dismissals.is_empty() || outcome.found > outcome.evidence.len() {
        return unused;
    }
    // A pass keeps what proves it, and that is not what was dismissed.
    let fails = outcome.answer == Answer::Fail;
    let found: BTreeSet<&str> =
        outcome.evidence.iter().filter(|_| fails).map(|evidence| evidence.fingerprint.as_str()).collect();
    for dismissal in &standing.dismissals {
        let gone = fingerprints(dismissal).filter(|fingerprint| !found.contains(fingerprint)).count();
        if gone > 0 {
            let message = if gone == dismissal.evidence.len() {
                "the dismissal no longer matches anything: retract it".to_owned()
            } else {
                format!("of the {} places that it dismisses, {gone} can no longer be found", dismissal.evidence.len())
            };
            unused.push(Unused { decision: Arc::clone(dismissal), message });
        }
    }
    unused
}

fn fingerprints(decision: &Decision) -> impl Iterator<Item = &str> {
    decision.evidence.iter().map(String::as_str)
}
