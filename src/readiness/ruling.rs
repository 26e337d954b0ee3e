//! What one item counts as: what the machine found and what people said, ruled together.
//!
//! The order is the point, the first that applies wins:
//!
//! 1. An item that is written wrongly, or a decision that cannot be read, is `unknown`.
//! 2. A fail whose every place is dismissed goes on as a pass, or as what is open beneath it.
//! 3. A fail is `failed`, whoever attests or disputes it. Only two things hold against it: a running waiver
//!    (`waived`), and a person's not-applicable where nothing but an absence was found. What is missing may
//!    not be needed; what stands in a file must be waived or dismissed.
//! 4. Where the machine says not-applicable, nobody is asked anything.
//! 5. Two people who disagree make it `disputed`.
//! 6. A person's not-applicable counts while it is fresh.
//! 7. A certain pass is `passed`; a hunch is `likely` until a fresh attestation of a person stands.
//! 8. What no machine decided is `attested` by a fresh word of a person, `likely` by one of a machine that reports
//!    for one, `stale` by an old word, and else `open` for a question and `unknown` for a probe.

use jiff::Timestamp;

use crate::checklist::model::{Confidence, Item};
use crate::ledger::decision::{Actor, Decision, Kind, WaiverKind};
use crate::ledger::fold::{Position, Standing};
use crate::ledger::freshness::{WaiverState, waiver_state};
use crate::probe::outcome::{Answer, Outcome};
use crate::readiness::freshness::Freshness;
use crate::readiness::inventory::{ElementState, together};
use crate::readiness::status::Status;
pub use crate::readiness::suppression::Unused;
use crate::readiness::suppression::{Machine, beyond, unused, without_dismissed};
use crate::text::words;
use crate::tree::path::RelPath;

/// Everything that a status depends on.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub item: &'a Item,
    pub outcome: &'a Outcome,
    pub standing: &'a Standing,
    /// Of the attestation or the not-applicable that stands; read for no other position.
    pub freshness: &'a Freshness,
    /// What people confirm one by one; empty for an item that is confirmed as a whole.
    pub elements: &'a [ElementState],
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    pub status: Status,
    /// Why, in one line. Text from files in it is still hostile.
    pub reason: String,
    /// For `stale`: the covered files that changed, appeared or went away.
    pub moved: Vec<RelPath>,
    pub unused: Vec<Unused>,
}

#[must_use]
pub fn ruling(input: &Input<'_>) -> Ruling {
    let (status, reason) = rule(input);
    let moved = match (status, input.freshness) {
        (Status::Stale, Freshness::Stale { moved, .. }) => moved.clone(),
        _ => Vec::new(),
    };
    let unused = if input.item.broken.is_some() { Vec::new() } else { unused(input.outcome, input.standing) };
    Ruling { status, reason: words::one_line(&reason), moved, unused }
}

fn rule(input: &Input<'_>) -> (Status, String) {
    if let Some(problem) = &input.item.broken {
        return (Status::Unknown, problem.clone());
    }
    if let Some(problem) = input.standing.unreadable.first() {
        return (Status::Unknown, format!("a decision cannot be read: {problem}"));
    }
    let machine = without_dismissed(input.outcome, &input.standing.dismissals);
    match machine.answer {
        Answer::Fail => failing(input, machine),
        Answer::NotApplicable => (Status::NotApplicable, input.outcome.reason.clone()),
        Answer::Pass | Answer::Unknown => not_failing(input, machine),
    }
}

fn failing(input: &Input<'_>, machine: Machine<'_>) -> (Status, String) {
    let found = match machine.dismissed {
        0 => partly(input.outcome),
        some => beside(&input.outcome.reason, &format!("{some} of {} dismissed", input.outcome.found)),
    };
    let failed = |besides: String| (Status::Failed, beside(&found, &besides));
    match &input.standing.position {
        Position::None => (Status::Failed, found),
        Position::Attested(decision) => {
            failed(format!("yet {} attested it on {}", who(decision), when(decision, input.at)))
        }
        Position::Disputed(decisions) => failed(dispute(decisions.iter().map(AsRef::as_ref))),
        Position::Waived(waiver) => match waiver_ends(input, waiver) {
            None => (Status::Waived, running(waiver, input.at)),
            Some(why) => failed(why),
        },
        Position::NotApplicable(decision) => match input.freshness {
            Freshness::Stale { why, .. } => failed(format!("not-applicable of {} is stale: {why}", who(decision))),
            Freshness::Fresh if input.outcome.evidence.iter().any(|evidence| evidence.path.is_some()) => {
                failed(format!("yet {} said not-applicable: waive it or dismiss each place", who(decision)))
            }
            Freshness::Fresh => (Status::NotApplicable, said(decision, input.at)),
        },
    }
}

fn not_failing(input: &Input<'_>, machine: Machine<'_>) -> (Status, String) {
    match &input.standing.position {
        Position::Disputed(decisions) => (Status::Disputed, dispute(decisions.iter().map(AsRef::as_ref))),
        Position::NotApplicable(decision) if *input.freshness == Freshness::Fresh => {
            (Status::NotApplicable, said(decision, input.at))
        }
        _ if machine.answer == Answer::Pass => passing(input, machine),
        _ => undecided(input, machine),
    }
}

fn passing(input: &Input<'_>, machine: Machine<'_>) -> (Status, String) {
    let found = match machine.dismissed {
        0 => input.outcome.reason.clone(),
        some => format!("{} dismissed", words::plural(some, "place", "places")),
    };
    if input.item.confidence == Confidence::Certain {
        return (Status::Passed, found);
    }
    match (&input.standing.position, input.freshness) {
        (Position::Attested(decision), Freshness::Fresh) => attested(decision, input.at),
        // A lapsed word counts for no more than none, and the hunch is there without it.
        (Position::Attested(_), Freshness::Stale { why, .. }) => {
            (Status::Likely, beside(&found, &format!("the confirmation is stale: {why}")))
        }
        _ => (Status::Likely, found),
    }
}

fn undecided(input: &Input<'_>, machine: Machine<'_>) -> (Status, String) {
    let asks = machine.open.asks;
    let one_by_one = asks && !input.elements.is_empty();
    let (nobody, found) = match asks {
        true if one_by_one => together(input.elements),
        true => (Status::Open, "nobody has answered".to_owned()),
        false => (Status::Unknown, partly(machine.open)),
    };
    match (&input.standing.position, input.freshness) {
        // A word on the whole says nothing of an element that nobody saw.
        (Position::Attested(_), _) if one_by_one => (nobody, found),
        (Position::Attested(decision), Freshness::Fresh) => attested(decision, input.at),
        (Position::Attested(_) | Position::NotApplicable(_), Freshness::Stale { why, .. }) => {
            (Status::Stale, why.clone())
        }
        // A question can be waived: the answer is known to be no. What is unknown cannot.
        (Position::Waived(waiver), _) if asks => match waiver_ends(input, waiver) {
            None => (Status::Waived, running(waiver, input.at)),
            Some(why) => (nobody, beside(&found, &why)),
        },
        (Position::Waived(_), _) => (nobody, beside(&found, "a waiver covers a fail, not this")),
        _ => (nobody, found),
    }
}

/// Why a waiver does not count, if it does not.
fn waiver_ends(input: &Input<'_>, waiver: &Decision) -> Option<String> {
    if !input.item.waivable {
        return Some(format!("this cannot be waived, yet {} did", who(waiver)));
    }
    if waiver.expires.is_none() {
        return Some(format!("the waiver of {} names no day on which it ends", who(waiver)));
    }
    let today = words::day_of(input.at);
    let state = waiver_state(waiver, today);
    if matches!(state, WaiverState::Expired { .. }) {
        return Some(state.words(today));
    }
    match beyond(waiver, input.outcome) {
        0 => None,
        1 => Some(format!("1 place is not covered by the waiver of {}", who(waiver))),
        more => Some(format!("{more} places are not covered by the waiver of {}", who(waiver))),
    }
}

/// What a machine attests is a hunch as any other: a person confirms.
fn attested(decision: &Decision, at: Timestamp) -> (Status, String) {
    let status = if decision.actor.is_person() { Status::Attested } else { Status::Likely };
    (status, said(decision, at))
}

/// What was found, and first how much of it holds.
fn partly(outcome: &Outcome) -> String {
    match outcome.partly() {
        Some((holding, applying)) => beside(&format!("{holding} of {applying} hold"), &outcome.reason),
        None => outcome.reason.clone(),
    }
}

fn running(waiver: &Decision, at: Timestamp) -> String {
    let today = words::day_of(at);
    let kind = waiver.waiver.unwrap_or_default();
    let kind = if kind == WaiverKind::Accepted { String::new() } else { format!(" as {}", kind.word()) };
    with_note(format!("{}{kind}, {}", waiver_state(waiver, today).words(today), who(waiver)), &waiver.note)
}

fn said(decision: &Decision, at: Timestamp) -> String {
    let word = match (decision.kind, decision.actor) {
        (Kind::NotApplicable, _) => "not applicable, says",
        (_, Actor::Person) => "attested by",
        (_, Actor::Machine) => "attested by the machine",
    };
    let choice = decision.choice.as_ref().map(|choice| format!("{choice}: ")).unwrap_or_default();
    let text = with_note(format!("{choice}{word} {} on {}", who(decision), when(decision, at)), &decision.note);
    match &decision.follow_up {
        Some(duty) => beside(&text, &format!("instead: {duty}")),
        None => text,
    }
}

fn dispute<'a>(decisions: impl Iterator<Item = &'a Decision>) -> String {
    let said: Vec<String> = decisions
        .map(|decision| match &decision.choice {
            Some(choice) => format!("{} chose {choice}", who(decision)),
            None => format!("{} {}", who(decision), verb(decision.kind)),
        })
        .collect();
    format!("people disagree: {}", said.join(", "))
}

fn verb(kind: Kind) -> &'static str {
    match kind {
        Kind::Attest => "attested",
        Kind::Retract => "retracted",
        Kind::Note => "noted",
        Kind::Waive => "waived",
        Kind::Dismiss => "dismissed",
        Kind::NotApplicable => "said not-applicable",
        Kind::Assign => "assigned",
        Kind::Done => "says it is done",
    }
}

fn who(decision: &Decision) -> &str {
    words::person(&decision.by)
}

fn when(decision: &Decision, at: Timestamp) -> String {
    words::short_day(words::day_of(decision.at), words::day_of(at))
}

fn with_note(text: String, note: &str) -> String {
    if note.trim().is_empty() { text } else { format!("{text}: {note}") }
}

fn beside(found: &str, besides: &str) -> String {
    if found.is_empty() { besides.to_owned() } else { format!("{found}; {besides}") }
}
