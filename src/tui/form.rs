//! A small form over the board: what a decision or an export needs to know before it is sent.

use std::path::PathBuf;

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use crate::ledger::decision::WaiverKind;
use crate::probe::outcome::Evidence;
use crate::readiness::board::Row;
use crate::report::format;
use crate::session::message::{Intent, Request};
use crate::tui::input::Input;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormKind {
    Note,
    Waive,
    Dismiss,
    NotApplicable,
    Assign,
    Done,
    Choose,
    Export,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub kind: FormKind,
    /// The item that it speaks of; empty for an export.
    pub item: String,
    pub fields: Vec<Field>,
    /// What can be picked, above the fields (`dismiss`).
    pub picks: Vec<Pick>,
    /// First the picks, then the fields.
    pub focus: usize,
    pub error: Option<String>,
    /// The answer that it waits for.
    pub waiting: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub label: &'static str,
    pub hint: &'static str,
    pub input: Input,
    /// What up and down put into it.
    pub choices: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    pub on: bool,
    pub label: String,
    pub fingerprint: String,
}

const UNTIL: &[&str] = &["30d", "90d", "180d"];
const DUE: &[&str] = &["7d", "14d", "30d"];
const KINDS: [&str; 4] = WaiverKind::WORDS;
/// The report that is kept with the code.
const SNAPSHOT: &str = "markdown";

impl Form {
    #[must_use]
    pub fn new(kind: FormKind, row: Option<&Row>) -> Self {
        let field = |label, hint, text: &str, choices: &[&str]| Field {
            label,
            hint,
            input: Input::new(text),
            choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
        };
        let fields = match kind {
            FormKind::Note => vec![field("note", "for whoever comes next; it changes no status", "", &[])],
            FormKind::Waive => vec![
                field("reason", "why it is acceptable to go without", "", &[]),
                field("until", "30d, 90d or 2027-02-28", UNTIL[0], UNTIL),
                field("kind", "accepted, watched, workaround or temporary", KINDS[0], &KINDS),
            ],
            FormKind::Dismiss => vec![field("reason", "why these are no finding", "", &[])],
            FormKind::NotApplicable => vec![
                field("reason", "why it does not apply to this system", "", &[]),
                field("instead", "what is to be done for it; may be empty", "", &[]),
            ],
            FormKind::Assign => vec![
                field("to", "a name or an address", "", &[]),
                field("due", "14d or 2027-02-28; may be empty", "", DUE),
            ],
            FormKind::Done => vec![field("note", "what was done; it is ready once that is verified", "", &[])],
            FormKind::Choose => {
                let options: Vec<&str> =
                    row.map(|row| row.item.options.iter().map(String::as_str).collect()).unwrap_or_default();
                vec![field("choice", "up and down choose", "", &options), field("note", "why; may be empty", "", &[])]
            }
            FormKind::Export => vec![
                field("format", "up and down choose", SNAPSHOT, &formats()),
                field("to", "a file, from the root of the tree", &report_name(SNAPSHOT), &[]),
            ],
        };
        let picks = match (kind, row) {
            (FormKind::Dismiss, Some(row)) => row.outcome.evidence.iter().filter_map(pick).collect(),
            _ => Vec::new(),
        };
        let item = row.map(|row| row.item.id.clone()).unwrap_or_default();
        Self { kind, item, fields, picks, focus: 0, error: None, waiting: None }
    }

    #[must_use]
    pub fn title(&self) -> &'static str {
        match self.kind {
            FormKind::Note => "Note",
            FormKind::Waive => "Waive until a day",
            FormKind::Dismiss => "Dismiss places that are no finding",
            FormKind::NotApplicable => "Does not apply",
            FormKind::Assign => "Assign",
            FormKind::Done => "Done, and not verified",
            FormKind::Choose => "Decide",
            FormKind::Export => "Write a report",
        }
    }

    #[must_use]
    pub fn field_index(&self) -> Option<usize> {
        self.focus.checked_sub(self.picks.len())
    }

    pub fn field(&mut self) -> Option<&mut Field> {
        let index = self.field_index()?;
        self.fields.get_mut(index)
    }

    pub fn step(&mut self, by: isize) {
        let count = self.picks.len() + self.fields.len();
        self.focus = (self.focus as isize + by).rem_euclid(count.max(1) as isize) as usize;
    }

    /// Up and down: another choice where there are some, else another row.
    pub fn turn(&mut self, by: isize) {
        match self.field() {
            Some(field) if !field.choices.is_empty() => field.turn(by),
            _ => self.step(by),
        }
        self.keep_name_in_step();
    }

    /// A report is named after its format as long as nobody typed a name.
    fn keep_name_in_step(&mut self) {
        if self.kind != FormKind::Export || self.field_index() != Some(0) {
            return;
        }
        let name = report_name(self.fields[0].input.text());
        if formats().iter().any(|format| report_name(format) == self.fields[1].input.text()) {
            self.fields[1].input.set(&name);
        }
    }

    /// # Errors
    /// One line that says what is missing.
    pub fn request(&self, today: Date) -> Result<Request, String> {
        let text = |i: usize| self.fields.get(i).map(|field| field.input.text().trim().to_owned()).unwrap_or_default();
        let needed = |i: usize, what: &str| match text(i) {
            text if text.is_empty() => Err(what.to_owned()),
            text => Ok(text),
        };
        let item = self.item.clone();
        let intent = match self.kind {
            FormKind::Note => Intent::Note { item, text: needed(0, "a note needs words")? },
            FormKind::Waive => {
                let reason = needed(0, "a waiver needs a reason")?;
                let kind = WaiverKind::ALL.into_iter().find(|kind| kind.word() == text(2));
                let kind = kind.ok_or("a waiver is accepted, watched, workaround or temporary")?;
                Intent::Waive { item, reason, expires: until(&text(1), today)?, kind }
            }
            FormKind::Dismiss => {
                let picked = self.picks.iter().filter(|pick| pick.on);
                let fingerprints: Vec<String> = picked.map(|pick| pick.fingerprint.clone()).collect();
                if fingerprints.is_empty() {
                    return Err("choose at least one place with space".to_owned());
                }
                Intent::Dismiss { item, fingerprints, reason: needed(0, "a dismissal needs a reason")? }
            }
            FormKind::NotApplicable => {
                Intent::NotApplicable { item, reason: needed(0, "say why it does not apply")?, follow_up: text(1) }
            }
            FormKind::Assign => {
                let due = text(1);
                let due = if due.is_empty() { None } else { Some(until(&due, today)?) };
                Intent::Assign { item, to: needed(0, "say who")?, due }
            }
            FormKind::Done => Intent::Done { item, note: text(0) },
            FormKind::Choose => Intent::Attest {
                item,
                note: text(1),
                choice: Some(needed(0, "choose one with up and down")?),
                part: None,
            },
            FormKind::Export => {
                let to = PathBuf::from(needed(1, "say where to")?);
                return Ok(Request::Export { format: needed(0, "say which format")?, to });
            }
        };
        Ok(Request::Decide(intent))
    }
}

impl Field {
    fn turn(&mut self, by: isize) {
        let now = self.choices.iter().position(|choice| *choice == self.input.text());
        let next = now.map_or(0, |i| (i as isize + by).rem_euclid(self.choices.len() as isize) as usize);
        self.input.set(&self.choices[next]);
    }
}

fn pick(evidence: &Evidence) -> Option<Pick> {
    let words = if evidence.excerpt.is_empty() { &evidence.message } else { &evidence.excerpt };
    let label = format!("{}  {}", evidence.place(), words.trim());
    (!evidence.fingerprint.is_empty()).then(|| Pick { on: false, label, fingerprint: evidence.fingerprint.clone() })
}

/// Every format there is, the one that is kept first.
fn formats() -> Vec<&'static str> {
    let others = format::ALL.iter().map(|format| format.name).filter(|name| *name != SNAPSHOT);
    std::iter::once(SNAPSHOT).chain(others).collect()
}

fn report_name(format: &str) -> String {
    format::named(format).map_or_else(|_| String::new(), |format| format.file.to_owned())
}

/// `30d`, `6w` or a day of the calendar, later than `today`.
///
/// # Errors
/// One line that says what a day looks like.
pub fn until(text: &str, today: Date) -> Result<Date, String> {
    let wrong = || format!("\"{text}\" is no day: write 30d, 12w or 2027-02-28");
    let span = |suffix: char, span: fn(i64) -> Span| {
        text.strip_suffix(suffix).and_then(|n| n.parse::<u16>().ok()).map(|n| span(i64::from(n)))
    };
    let span = span('d', |n| n.days()).or_else(|| span('w', |n| n.weeks()));
    let day = match span {
        Some(span) => today.checked_add(span).map_err(|_| wrong())?,
        None => text.parse::<Date>().map_err(|_| wrong())?,
    };
    if day <= today { Err(format!("{day} is over: choose a day to come")) } else { Ok(day) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_waiver_needs_a_reason_and_a_day_to_come() {
        let today = date(2026, 11, 21);
        let mut form = Form::new(FormKind::Waive, None);
        assert_eq!(form.request(today), Err("a waiver needs a reason".to_owned()));
        form.fields[0].input.insert("vendor ships in January");
        form.step(1);
        form.turn(1);
        let expires = date(2027, 2, 19);
        let reason = "vendor ships in January".to_owned();
        let intent = Intent::Waive { item: String::new(), reason, expires, kind: WaiverKind::Accepted };
        assert_eq!(form.request(today), Ok(Request::Decide(intent)));
        assert!(until("2026-11-21", today).is_err() && until("soon", today).is_err() && until("65535w", today).is_ok());
    }

    #[test]
    fn a_report_is_named_after_its_format_until_somebody_names_it() {
        let mut form = Form::new(FormKind::Export, None);
        form.turn(-1);
        assert_eq!(form.fields[1].input.text(), "AUDIT-PLAN.md");
        form.fields[1].input.set("mine");
        form.turn(1);
        assert_eq!(form.fields[1].input.text(), "mine");
    }
}
