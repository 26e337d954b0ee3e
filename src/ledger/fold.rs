//! All decisions about one item, folded into what stands today.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::ledger::decision::{Decision, Kind};

/// What people say of an item, whatever the machine says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub position: Position,
    /// Standing notes, oldest first.
    pub notes: Vec<Arc<Decision>>,
    pub assigned: Option<Arc<Decision>>,
    /// Standing dismissals, oldest first.
    pub dismissals: Vec<Arc<Decision>>,
    /// By element of the inventory: the attestation that stands.
    pub elements: BTreeMap<String, Arc<Decision>>,
    /// Somebody says that the work is done.
    pub done: Option<Arc<Decision>>,
    /// Everything ever decided, oldest first, taken back or not.
    pub story: Vec<Arc<Decision>>,
    /// The names in `story` that a standing retraction took back.
    pub retracted: BTreeSet<String>,
    /// Decision files that cannot be read: `path:line:column: what`. They make the item unknown.
    pub unreadable: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Position {
    #[default]
    None,
    Attested(Arc<Decision>),
    Waived(Arc<Decision>),
    NotApplicable(Arc<Decision>),
    /// Two that nothing supersedes disagree (at least two, oldest first).
    Disputed(Vec<Arc<Decision>>),
}

/// Folds the decisions about one item, in whatever order they were found.
#[must_use]
pub fn fold(decisions: Vec<Arc<Decision>>, mut unreadable: Vec<String>) -> Standing {
    let mut story = decisions;
    story.sort_by(|a, b| a.age().cmp(&b.age()));
    story.dedup_by(|later, earlier| later.name == earlier.name);
    unreadable.sort();
    unreadable.dedup();

    let Effects { void, superseded } = effects(&story);
    let stands = |kinds: &[Kind]| -> Vec<Arc<Decision>> {
        let is_standing = |(index, decision): &(usize, &Arc<Decision>)| {
            kinds.contains(&decision.kind) && may_say(decision) && !void[*index] && !superseded[*index]
        };
        story.iter().enumerate().filter(is_standing).map(|(_, decision)| Arc::clone(decision)).collect()
    };
    Standing {
        position: position(stands(&POSITIONS).into_iter().filter(|decision| decision.part.is_none()).collect()),
        notes: stands(&[Kind::Note]),
        assigned: stands(&[Kind::Assign]).pop(),
        dismissals: stands(&[Kind::Dismiss]),
        elements: elements(stands(&[Kind::Attest])),
        done: stands(&[Kind::Done]).pop(),
        retracted: story.iter().zip(&void).filter(|(_, void)| **void).map(|(d, _)| d.name.clone()).collect(),
        story,
        unreadable,
    }
}

/// What a retraction of the whole item names: everything that is not taken back already, standing or superseded, so
/// that nothing older comes back to life. Notes stay: they are what was seen, not what is claimed.
#[must_use]
pub fn retractable(standing: &Standing) -> Vec<String> {
    let more = [Kind::Assign, Kind::Dismiss, Kind::Done];
    not_taken_back(standing, |decision| more.contains(&decision.kind) || POSITIONS.contains(&decision.kind))
}

/// What a new position names: every position that its author can see and that is not taken back, also those already
/// superseded; else undoing the one in between would revive the oldest beside the newest.
#[must_use]
pub fn visible_positions(standing: &Standing) -> Vec<String> {
    not_taken_back(standing, |decision| POSITIONS.contains(&decision.kind) && decision.part.is_none())
}

/// The same for one element of an inventory.
#[must_use]
pub fn visible_of_part(standing: &Standing, part: &str) -> Vec<String> {
    not_taken_back(standing, |decision| POSITIONS.contains(&decision.kind) && decision.part.as_deref() == Some(part))
}

const POSITIONS: [Kind; 3] = [Kind::Attest, Kind::Waive, Kind::NotApplicable];

impl Decision {
    /// Orders decisions by time, and those of one moment by name.
    pub(crate) fn age(&self) -> (jiff::Timestamp, &str) {
        (self.at, &self.name)
    }
}

fn not_taken_back(standing: &Standing, is_wanted: impl Fn(&Decision) -> bool) -> Vec<String> {
    let wanted = |decision: &&Arc<Decision>| is_wanted(decision) && !standing.retracted.contains(&decision.name);
    standing.story.iter().filter(wanted).map(|decision| decision.name.clone()).collect()
}

/// By place in the story.
struct Effects {
    void: Vec<bool>,
    superseded: Vec<bool>,
}

/// Settles what acts on what, the newest first: whether a decision counts is known once all that name it are settled.
/// Who answers whom decides the order, not the clock, because clocks of two machines differ. Files that were written by
/// hand can name each other in a circle; then the latest of those left is settled first, and nothing acts on it.
fn effects(story: &[Arc<Decision>]) -> Effects {
    let places: BTreeMap<&str, usize> = story.iter().enumerate().map(|(i, d)| (d.name.as_str(), i)).collect();
    let names = |(own, decision): (usize, &Arc<Decision>)| -> BTreeSet<usize> {
        let named = decision.supersedes.iter().filter_map(|name| places.get(name.as_str()).copied());
        named.filter(|place| *place != own).collect()
    };
    let named: Vec<BTreeSet<usize>> = story.iter().enumerate().map(names).collect();
    let mut waits_for = vec![0_usize; story.len()];
    named.iter().flatten().for_each(|place| waits_for[*place] += 1);

    let mut void = vec![false; story.len()];
    let mut superseded = vec![false; story.len()];
    let mut queue: BTreeSet<(usize, Reverse<usize>)> = (0..story.len()).map(|i| (waits_for[i], Reverse(i))).collect();
    let mut settled = vec![false; story.len()];
    while let Some(next) = next_to_settle(&mut queue) {
        settled[next] = true;
        for &place in named[next].iter().filter(|place| !settled[**place]) {
            queue.remove(&(waits_for[place], Reverse(place)));
            waits_for[place] -= 1;
            queue.insert((waits_for[place], Reverse(place)));
            if void[next] {
                continue;
            }
            match story[next].kind {
                Kind::Retract => void[place] = true,
                _ => superseded[place] = true,
            }
        }
    }
    Effects { void, superseded }
}

/// One that nothing unsettled names, else the latest.
fn next_to_settle(queue: &mut BTreeSet<(usize, Reverse<usize>)>) -> Option<usize> {
    let first = *queue.first()?;
    let chosen = if first.0 == 0 { first } else { *queue.iter().min_by_key(|(_, place)| *place)? };
    queue.remove(&chosen);
    Some(chosen.1.0)
}

/// Several that say the same don't disagree: the latest speaks for them, of waivers the one that ends first.
fn position(standing: Vec<Arc<Decision>>) -> Position {
    let Some(last) = standing.last() else { return Position::None };
    let differs = |decision: &Arc<Decision>| decision.kind != last.kind || decision.choice != last.choice;
    if standing.iter().any(differs) {
        return Position::Disputed(standing);
    }
    match last.kind {
        Kind::Attest => Position::Attested(Arc::clone(last)),
        Kind::NotApplicable => Position::NotApplicable(Arc::clone(last)),
        _ => Position::Waived(ends_first(&standing, last)),
    }
}

/// Only a person answers for a risk that stays and for what is left out: of a machine's words none of these counts.
fn may_say(decision: &Decision) -> bool {
    decision.actor.is_person() || !matches!(decision.kind, Kind::Waive | Kind::NotApplicable | Kind::Dismiss)
}

/// The latest word on each element.
fn elements(attested: Vec<Arc<Decision>>) -> BTreeMap<String, Arc<Decision>> {
    attested.into_iter().filter_map(|decision| Some((decision.part.clone()?, decision))).collect()
}

fn ends_first(waivers: &[Arc<Decision>], last: &Arc<Decision>) -> Arc<Decision> {
    let end = |waiver: &Arc<Decision>| waiver.expires.unwrap_or(Date::MIN);
    Arc::clone(waivers.iter().rev().min_by_key(|waiver| end(waiver)).unwrap_or(last))
}
