//! The rules by which a person's word becomes a decision: the same for every way of saying it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ledger::REPORT;
use crate::ledger::decision::{Actor, Decision, Kind};
use crate::ledger::fold::Position;
use crate::ledger::undo;
use crate::probe::outcome::{Answer, Outcome};
use crate::readiness::board::Row;
use crate::readiness::status::Status;
use crate::session::message::Intent;
use crate::session::{Session, Update};
use crate::text::suggest::did_you_mean;
use crate::text::words::{count, day_of};

impl Session {
    /// Records what somebody says of an item.
    ///
    /// # Errors
    /// Why it cannot be said, or not be written; nothing was recorded then.
    pub fn decide(&mut self, intent: &Intent) -> Result<(String, Update), String> {
        let by = self.who()?;
        let now = self.now();
        if intent.item() == REPORT {
            return self.note_on_report(intent, &by, now);
        }
        let (number, row) = self.find(intent.item())?;
        let mut decision = match intent.part() {
            Some(part) => {
                known_element(&row, part)?;
                self.ledger.draft_of_part(&row.item.id, part, intent.kind(), &by, now)
            }
            None => self.ledger.draft(&row.item.id, intent.kind(), &by, now),
        };
        decision.actor = self.actor;
        if !self.actor.is_person() {
            may_say(&row, decision.kind)?;
        }
        fill(&mut decision, intent, &row, day_of(now))?;
        if matches!(decision.kind, Kind::Attest | Kind::NotApplicable) {
            let element = row.outcome.elements.iter().find(|element| Some(element.name.as_str()) == intent.part());
            decision.covers = match element {
                Some(element) => BTreeMap::clone(&self.engine.covered_element(number, element)),
                None => BTreeMap::clone(&self.engine.covered(number)),
            };
        }
        let of = intent.part().map(|part| format!("{part} of ")).unwrap_or_default();
        let mut said = format!("{} {of}{}", said(decision.kind), row.item.id);
        if decision.kind == Kind::Waive {
            let outcome = &row.outcome;
            if outcome.found > outcome.evidence.len() {
                // Places that were not kept cannot be named one by one: such a waiver is about the whole item.
                said.push_str(&format!(" with all its {} places, and any that are new", count(outcome.found as u64)));
            } else {
                decision.evidence = fingerprints(outcome);
            }
        }
        Ok((said, self.record(decision, &row.item.hash)?))
    }

    /// The report as a whole has words of people, and nothing else that could be decided of it.
    fn note_on_report(&mut self, intent: &Intent, by: &str, now: Timestamp) -> Result<(String, Update), String> {
        let text = match intent {
            Intent::Note { text, .. } => said_something(text, "a note needs words")?,
            _ => return Err("the report takes notes only: gonogo note report --note TEXT".to_owned()),
        };
        let decision = self.ledger.draft(REPORT, Kind::Note, by, now);
        let decision = Decision { note: text, actor: self.actor, ..decision };
        Ok(("noted on the report".to_owned(), self.record(decision, "")?))
    }

    /// Takes back this author's last decision.
    ///
    /// # Errors
    /// There is none, or it cannot be written.
    pub fn undo(&mut self) -> Result<(String, Update), String> {
        let by = self.who()?;
        let decision = undo::undo(&self.ledger, &by, self.now()).ok_or("nothing to undo: you decided nothing here")?;
        self.step("undone", decision)
    }

    /// Restores what the last undo took back.
    ///
    /// # Errors
    /// Nothing was undone, or it cannot be written.
    pub fn redo(&mut self) -> Result<(String, Update), String> {
        let by = self.who()?;
        let decision = undo::redo(&self.ledger, &by, self.now()).ok_or("nothing to redo")?;
        self.step("redone", decision)
    }

    fn step(&mut self, word: &str, decision: Decision) -> Result<(String, Update), String> {
        let item = decision.item.clone();
        let asked = self.checklist.items.iter().find(|known| known.id == item);
        let hash = asked.map(|item| item.hash.clone()).unwrap_or_default();
        Ok((format!("{word}: {item}"), self.record(decision, &hash)?))
    }

    fn record(&mut self, mut decision: Decision, item_hash: &str) -> Result<Update, String> {
        decision.commit.clone_from(&self.head.commit);
        decision.dirty = !self.changed.is_empty();
        item_hash.clone_into(&mut decision.item_hash);
        let written = self.store.append(&decision).map_err(|error| error.to_string())?;
        self.ledger.insert(written);
        Ok(self.redraw_after_decision())
    }

    pub(super) fn redraw_after_decision(&mut self) -> Update {
        Update { flips: self.redraw(&BTreeSet::new(), Instant::now()), ..Update::default() }
    }

    fn find(&self, id: &str) -> Result<(usize, Row), String> {
        let number = self.board.rows.iter().position(|row| row.item.id == id);
        let Some(number) = number else {
            let known = self.board.rows.iter().map(|row| row.item.id.as_str());
            return Err(format!("no item \"{id}\" in this checklist{}", did_you_mean(id, known)));
        };
        Ok((number, self.board.rows[number].clone()))
    }

    fn who(&self) -> Result<String, String> {
        let hint = "nobody to sign for it: set GONOGO_AUTHOR=\"Name <email>\" or git config user.name and user.email";
        self.author.clone().filter(|author| !author.trim().is_empty()).ok_or_else(|| hint.to_owned())
    }
}

impl Intent {
    #[must_use]
    pub fn item(&self) -> &str {
        match self {
            Self::Attest { item, .. }
            | Self::Note { item, .. }
            | Self::Waive { item, .. }
            | Self::Dismiss { item, .. }
            | Self::NotApplicable { item, .. }
            | Self::Assign { item, .. }
            | Self::Done { item, .. }
            | Self::Retract { item, .. } => item,
        }
    }

    fn part(&self) -> Option<&str> {
        match self {
            Self::Attest { part, .. } | Self::Retract { part, .. } => part.as_deref(),
            _ => None,
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Attest { .. } => Kind::Attest,
            Self::Note { .. } => Kind::Note,
            Self::Waive { .. } => Kind::Waive,
            Self::Dismiss { .. } => Kind::Dismiss,
            Self::NotApplicable { .. } => Kind::NotApplicable,
            Self::Assign { .. } => Kind::Assign,
            Self::Done { .. } => Kind::Done,
            Self::Retract { .. } => Kind::Retract,
        }
    }
}

fn said(kind: Kind) -> &'static str {
    match kind {
        Kind::Attest => "attested",
        Kind::Note => "noted on",
        Kind::Waive => "waived",
        Kind::Dismiss => "dismissed evidence of",
        Kind::NotApplicable => "marked not-applicable:",
        Kind::Assign => "assigned",
        Kind::Done => "said to be done, and not verified:",
        Kind::Retract => "taken back what was said of",
    }
}

fn fill(decision: &mut Decision, intent: &Intent, row: &Row, today: Date) -> Result<(), String> {
    match intent {
        Intent::Attest { note, choice, part, .. } => {
            match part {
                Some(part) => may_confirm(row, part, note.trim(), decision.actor)?,
                None => may_attest(row, note.trim(), decision.actor)?,
            }
            note.trim().clone_into(&mut decision.note);
            decision.choice = chosen(row, choice.as_deref())?;
        }
        Intent::Note { text, .. } => decision.note = said_something(text, "a note needs words")?,
        Intent::Waive { reason, expires, kind, .. } => {
            may_waive(row, *expires, today)?;
            decision.note = said_something(reason, "a waiver needs a reason")?;
            decision.expires = Some(*expires);
            decision.waiver = Some(*kind);
        }
        Intent::Dismiss { fingerprints, reason, .. } => {
            may_dismiss(row, fingerprints)?;
            decision.note = said_something(reason, "a dismissal needs a reason")?;
            decision.evidence.clone_from(fingerprints);
        }
        Intent::NotApplicable { reason, follow_up, .. } => {
            may_drop(row)?;
            decision.note = said_something(reason, "not-applicable needs a reason")?;
            decision.follow_up = said_something(follow_up, "").ok();
        }
        Intent::Assign { to, due, .. } => {
            decision.to = Some(said_something(to, "assign to whom?")?);
            decision.due = *due;
        }
        Intent::Done { note, .. } => {
            may_be_done(row)?;
            note.trim().clone_into(&mut decision.note);
        }
        Intent::Retract { item, .. } => {
            if decision.supersedes.is_empty() {
                return Err(format!("nobody has said anything of {item} that could be taken back"));
            }
        }
    }
    Ok(())
}

fn said_something(text: &str, missing: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err(missing.to_owned()) } else { Ok(text.to_owned()) }
}

/// What somebody chose, where there is a choice.
fn chosen(row: &Row, choice: Option<&str>) -> Result<Option<String>, String> {
    let options = || row.item.options.iter().map(String::as_str);
    let listed = || options().map(|option| format!("\"{option}\"")).collect::<Vec<_>>().join(", ");
    match (choice.map(str::trim), row.item.options.is_empty()) {
        (None, true) => Ok(None),
        (Some(_), true) => Err(format!("{} has no options to choose from", row.item.id)),
        (None, false) => Err(format!("a decision is to be taken: choose one of {}", listed())),
        (Some(choice), false) if options().any(|option| option == choice) => Ok(Some(choice.to_owned())),
        (Some(choice), false) => {
            Err(format!("no option \"{choice}\"{}: choose one of {}", did_you_mean(choice, options()), listed()))
        }
    }
}

fn known_element(row: &Row, part: &str) -> Result<(), String> {
    let names = || row.inventory.iter().map(|element| element.name.as_str());
    if names().any(|name| name == part) {
        return Ok(());
    }
    Err(match row.inventory.is_empty() {
        true => format!("{} has no elements to be confirmed one by one", row.item.id),
        false => format!("{} has no element \"{part}\"{}", row.item.id, did_you_mean(part, names())),
    })
}

fn may_confirm(row: &Row, part: &str, note: &str, actor: Actor) -> Result<(), String> {
    let said = row.inventory.iter().find(|element| element.name == part).map(|element| element.status);
    match said {
        Some(Status::Attested) if !actor.is_person() => {
            Err("a person has decided here, and a machine does not answer that".to_owned())
        }
        Some(Status::Attested) if note.is_empty() => Err(format!("{part} is confirmed already")),
        _ => Ok(()),
    }
}

/// The names that nobody has confirmed yet, as far as a line holds them.
fn left(row: &Row) -> String {
    let waits = row.inventory.iter().filter(|element| element.status != Status::Attested);
    let left: Vec<&str> = waits.map(|element| element.name.as_str()).collect();
    match left.as_slice() {
        [one, two, three, _, rest @ ..] => format!("{one}, {two}, {three} and {} more", rest.len() + 1),
        few => few.join(", "),
    }
}

fn may_be_done(row: &Row) -> Result<(), String> {
    match row.status {
        Status::Passed | Status::Attested => Err(format!("it is {}: more than done", row.status.word())),
        Status::NotApplicable => Err("it does not apply here: nothing to do".to_owned()),
        _ => Ok(()),
    }
}

/// A machine reports what it saw; what a risk is worth and what a person said is not for it to settle.
fn may_say(row: &Row, kind: Kind) -> Result<(), String> {
    match kind {
        Kind::Waive | Kind::Dismiss | Kind::NotApplicable => {
            Err("a machine does not decide that: a person does".to_owned())
        }
        Kind::Attest | Kind::Retract if is_a_persons(&row.standing.position) => {
            Err("a person has decided here, and a machine does not answer that".to_owned())
        }
        _ => Ok(()),
    }
}

fn is_a_persons(position: &Position) -> bool {
    match position {
        Position::None => false,
        Position::Attested(one) | Position::Waived(one) | Position::NotApplicable(one) => one.actor.is_person(),
        Position::Disputed(all) => all.iter().any(|one| one.actor.is_person()),
    }
}

fn may_attest(row: &Row, note: &str, actor: Actor) -> Result<(), String> {
    if let Some(problem) = &row.item.broken {
        return Err(format!("the item is broken: {problem}"));
    }
    match (row.status, row.outcome.answer) {
        _ if row.fails() => {
            let places = row.outcome.evidence.iter().any(|evidence| evidence.path.is_some());
            let ways = if places { "waive it, or dismiss the evidence that is wrong" } else { "waive it" };
            Err(format!("the probe fails, and a word does not change that: fix it, {ways}"))
        }
        (_, Answer::NotApplicable) => Err("it does not apply here: nothing to confirm".to_owned()),
        (Status::Passed, _) => Err("it passes: nothing to confirm".to_owned()),
        (Status::Attested, _) if !row.inventory.is_empty() => Err("each of its elements is confirmed".to_owned()),
        _ if !row.inventory.is_empty() => {
            Err(format!("its elements are confirmed one by one (--part NAME); left: {}", left(row)))
        }
        // The machine reports again only where it has something new to say.
        (Status::Likely, _) if !actor.is_person() && note.is_empty() && row.standing.position != Position::None => {
            Err("it is reported already: add a note that says what is new".to_owned())
        }
        (Status::Attested, _) if note.is_empty() => {
            Err("it is attested already: add a note that says what is new, or retract it first".to_owned())
        }
        _ => Ok(()),
    }
}

fn may_waive(row: &Row, expires: Date, today: Date) -> Result<(), String> {
    if !row.item.waivable {
        return Err(format!("{} cannot be waived: the checklist says so", row.item.id));
    }
    if expires < today {
        return Err(format!("{expires} is past: a waiver ends on a day to come"));
    }
    let asks = row.outcome.asks;
    match row.outcome.answer {
        Answer::Fail => Ok(()),
        Answer::Unknown if asks => Ok(()),
        Answer::Unknown => Err("what is unknown cannot be waived: make it known first".to_owned()),
        Answer::Pass | Answer::NotApplicable => Err(format!("it is {}: nothing to waive", row.status.word())),
    }
}

/// Of all that can be named: the lines that a program printed have no name of their own.
fn fingerprints(outcome: &Outcome) -> Vec<String> {
    let all = outcome.evidence.iter().map(|evidence| evidence.fingerprint.clone());
    all.filter(|fingerprint| !fingerprint.is_empty()).collect()
}

fn may_dismiss(row: &Row, fingerprints: &[String]) -> Result<(), String> {
    if row.outcome.answer != Answer::Fail {
        return Err(format!("it is {}: no evidence against it to dismiss", row.status.word()));
    }
    if fingerprints.is_empty() {
        return Err("which evidence? name at least one fingerprint".to_owned());
    }
    for fingerprint in fingerprints {
        let evidence = row.outcome.evidence.iter().find(|evidence| evidence.fingerprint == *fingerprint);
        match evidence {
            None => return Err(format!("no evidence with the fingerprint {fingerprint} in {}", row.item.id)),
            Some(evidence) if evidence.path.is_none() => {
                return Err("what is missing cannot be dismissed: waive it, or say that it does not apply".to_owned());
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn may_drop(row: &Row) -> Result<(), String> {
    let places = row.outcome.evidence.iter().any(|evidence| evidence.path.is_some());
    match row.outcome.answer {
        Answer::Fail if places => {
            Err("it fails at places in the tree: waive it, or dismiss the evidence that is wrong".to_owned())
        }
        Answer::NotApplicable => Err("it does not apply already".to_owned()),
        _ => Ok(()),
    }
}
