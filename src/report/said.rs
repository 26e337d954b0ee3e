//! What people said beside their position, each in a line. Still hostile: the printer makes it harmless.

use jiff::civil::Date;

use crate::ledger::decision::{Decision, Kind};
use crate::ledger::fold::Standing;
use crate::text::visible::clip;
use crate::text::words::{day_of, one_line, person, plural, short_day};

/// Characters of a person's note; the ledger has the whole.
pub(super) const NOTE: usize = 400;

/// Whom it is assigned to, what is dismissed and what was noted.
pub(super) fn said(standing: &Standing, today: Date) -> impl Iterator<Item = String> {
    let Standing { assigned, dismissals, notes, .. } = standing;
    assigned.iter().chain(dismissals).chain(notes).map(move |decision| sentence(decision, today))
}

/// `Ana Ruiz noted on 12 Nov: will go with the vault change`.
fn sentence(decision: &Decision, today: Date) -> String {
    let by = one_line(person(&decision.by));
    let what = match decision.kind {
        Kind::Assign => format!("assigned it to {}", one_line(person(decision.to.as_deref().unwrap_or("nobody")))),
        Kind::Dismiss => format!("dismissed {}", plural(decision.evidence.len(), "place", "places")),
        _ => "noted".to_owned(),
    };
    let on = short_day(day_of(decision.at), today);
    match one_line(&decision.note) {
        note if note.is_empty() => format!("{by} {what} on {on}"),
        note => format!("{by} {what} on {on}: {}", clip(&note, NOTE)),
    }
}
