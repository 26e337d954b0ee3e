//! What people said beside their position, each in a line. Still hostile: the printer makes it harmless.

use jiff::civil::Date;

use crate::ledger::decision::{Decision, Kind};
use crate::ledger::fold::Standing;
use crate::probe::outcome::{Answer, Part};
use crate::readiness::board::Row;
use crate::text::visible::clip;
use crate::text::words::{day_of, one_line, person, plural, short_day};

/// Characters of a person's note; the ledger has the whole.
pub(super) const NOTE: usize = 400;

/// Whom it is assigned to, what is dismissed and what was noted.
pub(super) fn said(standing: &Standing, today: Date) -> impl Iterator<Item = String> {
    let Standing { assigned, done, dismissals, notes, .. } = standing;
    assigned.iter().chain(done).chain(dismissals).chain(notes).map(move |decision| sentence(decision, today))
}

/// What stands in the way of an item, and by when it is due.
pub(super) fn told(row: &Row, today: Date) -> impl Iterator<Item = String> {
    let blocked = (!row.work.blocked_by.is_empty()).then(|| format!("blocked by {}", row.work.blocked_by.join(", ")));
    let due = row.work.window.and(row.work.due).map(|due| match due < today {
        true => format!("overdue since {}", short_day(due, today)),
        false => format!("due {}", short_day(due, today)),
    });
    let wants_parts = row.outcome.partly().is_some() && !row.status.is_ready();
    let parts = row.outcome.parts.iter().filter(move |_| wants_parts).map(part);
    blocked.into_iter().chain(due).chain(parts)
}

/// `holds: a runbook`, `fails: an alert (no *.rules.yml)`.
pub(super) fn part(part: &Part) -> String {
    let word = match part.answer {
        Answer::Pass => "holds",
        Answer::Fail => "fails",
        Answer::Unknown => "unknown",
        Answer::NotApplicable => "does not apply",
    };
    match (part.answer, part.reason.as_str()) {
        (Answer::Pass, _) | (_, "") => format!("{word}: {}", one_line(&part.name)),
        (_, reason) => format!("{word}: {} ({})", one_line(&part.name), one_line(reason)),
    }
}

/// `, after dr.backup`: what a step of the path waits for.
pub(super) fn after(row: &Row) -> String {
    if row.work.blocked_by.is_empty() { String::new() } else { format!(", after {}", row.work.blocked_by.join(", ")) }
}

/// `Ana Ruiz noted on 12 Nov: will go with the vault change`.
fn sentence(decision: &Decision, today: Date) -> String {
    let by = one_line(person(&decision.by));
    let what = match decision.kind {
        Kind::Assign => {
            let due = decision.due.map(|due| format!(", due {}", short_day(due, today))).unwrap_or_default();
            format!("assigned it to {}{due}", one_line(person(decision.to.as_deref().unwrap_or("nobody"))))
        }
        Kind::Done => "says it is done, which nobody verified,".to_owned(),
        Kind::Dismiss => format!("dismissed {}", plural(decision.evidence.len(), "place", "places")),
        _ => "noted".to_owned(),
    };
    let on = short_day(day_of(decision.at), today);
    match one_line(&decision.note) {
        note if note.is_empty() => format!("{by} {what} on {on}"),
        note => format!("{by} {what} on {on}: {}", clip(&note, NOTE)),
    }
}
