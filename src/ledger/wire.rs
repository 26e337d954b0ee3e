//! A decision as text: version 1 of the file format, apart from the decision that the rest works with.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::ledger::decision::{Actor, Decision, Kind, WaiverKind};
use crate::ledger::guard;
use crate::text::suggest::nearest;
use crate::text::visible::{clip, visible};
use crate::tree::blob::BlobId;
use crate::tree::path::RelPath;

/// No decision file is larger, neither read nor written.
pub const SIZE_CAP: usize = 256 << 10;

const VERSION: u32 = 1;

const KEYS: [&str; 20] = [
    "gonogo",
    "item",
    "decision",
    "by",
    "actor",
    "at",
    "commit",
    "dirty",
    "note",
    "to",
    "due",
    "part",
    "choice",
    "follow_up",
    "kind",
    "item_hash",
    "covers",
    "evidence",
    "expires",
    "supersedes",
];

/// What is wrong with a file, and where. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: usize,
    pub column: usize,
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// Keys that are not here belong to a later version; [`misspelt`] tells them from slips.
#[derive(Serialize, Deserialize)]
struct Wire {
    gonogo: u32,
    item: String,
    decision: Kind,
    by: String,
    #[serde(default, skip_serializing_if = "Actor::is_person")]
    actor: Actor,
    at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    #[serde(default)]
    dirty: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    part: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    choice: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    follow_up: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<WaiverKind>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    item_hash: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    covers: BTreeMap<RelPath, BlobId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "guard::bounded_list")]
    evidence: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<Date>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "guard::bounded_list")]
    supersedes: Vec<String>,
}

/// Read where the whole does not parse, because a later version may look quite different.
#[derive(Deserialize)]
struct VersionOnly {
    gonogo: u32,
}

/// The text of a decision's file. Its name is not in it.
///
/// # Errors
/// One line that says why this decision cannot be written.
pub fn print(decision: &Decision) -> Result<String, String> {
    let wire = Wire {
        gonogo: VERSION,
        item: decision.item.clone(),
        decision: decision.kind,
        by: decision.by.clone(),
        actor: decision.actor,
        at: decision.at,
        commit: decision.commit.clone(),
        dirty: decision.dirty,
        note: decision.note.clone(),
        to: decision.to.clone(),
        due: decision.due,
        part: decision.part.clone(),
        choice: decision.choice.clone(),
        follow_up: decision.follow_up.clone(),
        kind: decision.waiver,
        item_hash: decision.item_hash.clone(),
        covers: decision.covers.clone(),
        evidence: decision.evidence.clone(),
        expires: decision.expires,
        supersedes: decision.supersedes.clone(),
    };
    serde_yaml::to_string(&wire).map_err(|error| error.to_string())
}

/// The decision in a file called `name` (without its extension) in the folder of `item`.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn parse(name: &str, item: &str, bytes: &[u8]) -> Result<Decision, Fault> {
    if bytes.len() > SIZE_CAP {
        return Err(at_start(format!("larger than {} KB, which no decision is", SIZE_CAP >> 10)));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    guard::refuse_depth(text)?;
    let wire: Wire = serde_yaml::from_str(text).map_err(|error| refused(text, &error))?;
    if wire.gonogo != VERSION {
        return Err(unknown_version(text, wire.gonogo));
    }
    misspelt(text)?;
    let decision = Decision {
        name: name.to_owned(),
        item: wire.item,
        kind: wire.decision,
        by: wire.by,
        actor: wire.actor,
        at: wire.at,
        commit: wire.commit,
        dirty: wire.dirty,
        note: wire.note,
        to: wire.to,
        due: wire.due,
        part: wire.part,
        choice: wire.choice,
        follow_up: wire.follow_up,
        waiver: wire.kind,
        item_hash: wire.item_hash,
        covers: wire.covers,
        evidence: wire.evidence,
        expires: wire.expires,
        supersedes: wire.supersedes,
    };
    if decision.item != item {
        let message = format!("is about \"{}\" but lies in the folder of \"{item}\"", shown(&decision.item));
        return Err(at_key(text, "item", message));
    }
    match missing(&decision) {
        Some(what) => Err(at_key(text, "decision", what.to_owned())),
        None => Ok(decision),
    }
}

/// What a decision of this kind lacks. One that leaves the score or hides a finding says why, or it says nothing.
#[must_use]
pub fn missing(decision: &Decision) -> Option<&'static str> {
    let says_why = !decision.note.trim().is_empty();
    match decision.kind {
        _ if decision.by.trim().is_empty() => Some("a decision needs its author: by: NAME"),
        Kind::Waive if !says_why => Some("a waiver needs a reason: note: TEXT"),
        Kind::Waive if decision.expires.is_none() => {
            Some("a waiver needs the last day on which it counts: expires: YYYY-MM-DD")
        }
        Kind::Dismiss if !says_why => Some("a dismissal needs a reason: note: TEXT"),
        Kind::Dismiss if decision.evidence.is_empty() => {
            Some("a dismissal needs the fingerprints of what it is about: evidence: [FINGERPRINT]")
        }
        Kind::NotApplicable if !says_why => Some("\"not-applicable\" needs a reason: note: TEXT"),
        Kind::Assign if decision.to.is_none() => Some("an assignment needs somebody: to: NAME"),
        _ => None,
    }
}

fn refused(text: &str, error: &serde_yaml::Error) -> Fault {
    if let Ok(VersionOnly { gonogo }) = serde_yaml::from_str(text)
        && gonogo != VERSION
    {
        return unknown_version(text, gonogo);
    }
    if let Err(slip) = misspelt(text) {
        return slip;
    }
    let (line, column) = error.location().map_or((1, 1), |place| (place.line().max(1), place.column().max(1)));
    let message = error.to_string();
    // The place stands in front of the message already.
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
    Fault { line, column, message: shown(message) }
}

/// A key that nobody knows is of a later version, and what it adds is not read. One that is nearly a key of ours is a
/// slip: what it was to say would be dropped without a word.
fn misspelt(text: &str) -> Result<(), Fault> {
    let may_be_key = |line: &str| line.split_once(':').map(|(key, _)| key.trim().to_owned());
    let strange = |key: &String| !KEYS.contains(&key.as_str());
    if !text.lines().filter(|line| !line.starts_with([' ', '-', '#'])).filter_map(may_be_key).any(|key| strange(&key)) {
        return Ok(());
    }
    // The lines of a text can look like keys; only the parser knows.
    let Ok(keys) = serde_yaml::from_str::<BTreeMap<String, IgnoredAny>>(text) else { return Ok(()) };
    let slip = keys.keys().filter(|key| strange(key)).find_map(|key| Some((key, nearest(key, KEYS)?)));
    slip.map_or(Ok(()), |(key, near)| {
        Err(at_key(text, key, format!("unknown key \"{}\", did you mean \"{near}\"?", shown(key))))
    })
}

fn unknown_version(text: &str, version: u32) -> Fault {
    let message = format!("written in version {version} of the format; this gonogo reads version {VERSION}");
    at_key(text, "gonogo", message)
}

fn not_utf8(bytes: &[u8], good: usize) -> Fault {
    let before = String::from_utf8_lossy(&bytes[..good]);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    Fault { line, column, message: "not UTF-8".to_owned() }
}

fn at_start(message: String) -> Fault {
    Fault { line: 1, column: 1, message }
}

/// At the line of a key, for what serde accepts and the rules don't.
fn at_key(text: &str, key: &str, message: String) -> Fault {
    let is_key = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':'));
    let line = text.lines().position(is_key).map_or(1, |index| index + 1);
    Fault { line, column: 1, message }
}

pub(crate) fn shown(text: &str) -> String {
    visible(&clip(text, 200)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WHOLE: &str = "\
gonogo: 1
item: dr.restore-rehearsed
decision: waive
by: Ana Ruiz <ana@example.org>
at: 2026-11-21T20:41:07.123Z
commit: 3f9c2e1
dirty: true
note: Restored last night's dump into staging; 14 minutes.
item_hash: 91c2
covers:
  ops/restore.sh: ce013625030ba8dba906f756967f9e9ca394464a
evidence:
- 0a1b
expires: 2027-02-28
supersedes:
- 20261121T204107.123Z-abcdefgh
";

    fn fault(text: &str) -> String {
        parse("n", "dr.restore-rehearsed", text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_decision_is_written_as_the_format_says() {
        let decision = parse("n", "dr.restore-rehearsed", WHOLE.as_bytes()).unwrap();
        assert_eq!(decision.expires, Some(jiff::civil::date(2027, 2, 28)));
        assert_eq!(decision.covers[&RelPath::new("ops/restore.sh")], BlobId::of(b"hello\n"));
        assert_eq!(print(&decision).unwrap(), WHOLE);
    }

    #[test]
    fn what_is_absent_is_left_out() {
        let text = "gonogo: 1\nitem: a\ndecision: assign\nby: Ana\nat: 2026-11-21T20:41:07Z\ndirty: false\nto: Ben\n";
        assert_eq!(print(&parse("n", "a", text.as_bytes()).unwrap()).unwrap(), text);
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_place_and_what_was_meant() {
        assert_eq!(fault(&WHOLE.replace("note:", "noet:")), "8:1: unknown key \"noet\", did you mean \"note\"?");
    }

    #[test]
    fn a_key_of_a_later_version_takes_nothing_down() {
        let read = |text: &str| parse("n", "dr.restore-rehearsed", text.as_bytes()).unwrap();
        assert_eq!(read(&format!("{WHOLE}confidence_level: {{high: [1]}}\n")), read(WHOLE));
        let note = "note: Restored last night's dump into staging; 14 minutes.";
        assert_eq!(read(&WHOLE.replace(note, "note: |-\n  a\n  noet: b")).note, "a\nnoet: b");
    }

    #[test]
    fn a_later_version_is_refused_as_such_whatever_else_it_holds() {
        let message = "1:1: written in version 2 of the format; this gonogo reads version 1";
        assert_eq!(fault(&WHOLE.replace("gonogo: 1", "gonogo: 2")), message);
        assert_eq!(fault("gonogo: 2\nverdicts: {a: b}\n"), message);
    }

    #[test]
    fn a_decision_in_the_folder_of_another_item_is_a_problem() {
        assert_eq!(
            fault(&WHOLE.replace("item: dr.restore-rehearsed", "item: dr.other")),
            "2:1: is about \"dr.other\" but lies in the folder of \"dr.restore-rehearsed\""
        );
    }

    #[test]
    fn what_a_kind_needs_is_asked_for() {
        let note = "note: Restored last night's dump into staging; 14 minutes.\n";
        let without = |kind: &str, what: &str| fault(&WHOLE.replace("waive", kind).replace(what, ""));
        assert!(without("waive", "expires: 2027-02-28\n").starts_with("3:1: a waiver needs the last day"));
        assert!(without("waive", note).starts_with("3:1: a waiver needs a reason"));
        assert!(without("dismiss", note).starts_with("3:1: a dismissal needs a reason"));
        assert!(without("dismiss", "evidence:\n- 0a1b\n").starts_with("3:1: a dismissal needs the fingerprints"));
        assert!(without("not-applicable", note).starts_with("3:1: \"not-applicable\" needs a reason"));
        assert!(without("assign", "").starts_with("3:1: an assignment needs"));
        assert!(
            without("note", "Ana Ruiz <ana@example.org>").starts_with("3:1: a decision needs its author"),
            "{}",
            without("note", "Ana Ruiz <ana@example.org>")
        );
    }

    #[test]
    fn every_kind_of_broken_file_says_where() {
        assert!(
            fault(&WHOLE.replace("waive", "wave")).starts_with("3:11: "),
            "{}",
            fault(&WHOLE.replace("waive", "wave"))
        );
        assert!(fault(&WHOLE.replace("at: 2026", "at: twenty")).starts_with("5:5: "));
        assert!(fault("").starts_with("1:1: "));
        assert!(fault("- a\n").starts_with("1:1: "));
        assert!(fault(&format!("{WHOLE}---\n{WHOLE}")).contains("more than one document"));
        assert_eq!(parse("n", "a", b"gonogo: 1\nby: \xff").unwrap_err().to_string(), "2:5: not UTF-8");
        assert!(fault(&format!("{WHOLE}#{}", "x".repeat(SIZE_CAP))).contains("larger than 256 KB"));
        assert!(!fault(&WHOLE.replace("note:", "\"no\\e[31mte\":")).contains('\u{1b}'));
    }

    #[test]
    fn aliases_cannot_unfold_into_gigabytes() {
        let long = "x".repeat(50_000);
        let bomb = WHOLE.replace("- 0a1b\n", &format!("- &a {long}\n{}", "- *a\n".repeat(40_000)));
        assert!(fault(&bomb).contains("more than a decision may hold"), "{}", fault(&bomb));
    }

    #[test]
    fn no_depth_keeps_the_reader_busy() {
        let is_refused_for_depth = |hostile: String| {
            let found = fault(&hostile);
            found.contains("nested deeper than a decision is") || found.contains("recursion limit")
        };
        assert!(is_refused_for_depth("[".repeat(SIZE_CAP)));
        assert!(is_refused_for_depth("{a: ".repeat(SIZE_CAP / 4)));
        assert!(is_refused_for_depth("a: [1,".repeat(SIZE_CAP / 6)));
        assert!(is_refused_for_depth("[ #]\n".repeat(SIZE_CAP / 5)));
        assert!(is_refused_for_depth(format!("a:\n- [ [b]]\n{}", "- []\n".repeat(300))));
        assert!(parse("n", "a", "- ".repeat(SIZE_CAP / 2).as_bytes()).is_err());
        assert!(parse("n", "a", "? ".repeat(SIZE_CAP / 2).as_bytes()).is_err());
    }

    #[test]
    fn many_brackets_in_text_and_paths_are_no_depth() {
        let mut decision = parse("n", "dr.restore-rehearsed", WHOLE.as_bytes()).unwrap();
        decision.note = "[".repeat(300);
        decision.covers =
            (0..300).map(|n| (RelPath::new(&format!("app/[slug]/{{{n}}}.tsx")), BlobId::of(b"x"))).collect();
        let text = print(&decision).unwrap();
        assert_eq!(parse("n", "dr.restore-rehearsed", text.as_bytes()), Ok(decision));
    }

    fn word() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[ \\n\\r\\t\\x00-\\x1f\\x7f-\\xa0\u{2028}\u{feff}:#'\"&*!|>%@`0-9e.~-]{0,12}"]
    }

    prop_compose! {
        fn any_decision()(
            kind in prop_oneof![
                Just(Kind::Attest), Just(Kind::Retract), Just(Kind::Note), Just(Kind::Waive),
                Just(Kind::Dismiss), Just(Kind::NotApplicable), Just(Kind::Assign), Just(Kind::Done),
            ],
            actor in prop_oneof![Just(Actor::Person), Just(Actor::Machine)],
            (due, part, choice, follow_up, waiver) in (
                proptest::option::of((0_i8..28).prop_map(|day| jiff::civil::date(2027, 2, day + 1))),
                proptest::option::of(word()), proptest::option::of(word()), proptest::option::of(word()),
                proptest::option::of(proptest::sample::select(WaiverKind::ALL.to_vec()))),
            (item, by, note, to, item_hash) in
                (word(), word().prop_map(|by| by + "x"), word().prop_map(|why| why + "x"), word(), word()),
            at in -2_000_000_000_000_000_000_i64..4_000_000_000_000_000_000,
            commit in proptest::option::of(word()),
            dirty: bool,
            covers in proptest::collection::btree_map(
                word().prop_map(|path| RelPath::new(&path)), any::<Vec<u8>>().prop_map(|b| BlobId::of(&b)), 0..4),
            evidence in proptest::collection::vec(word(), 1..4),
            days in 0_i32..20_000,
            supersedes in proptest::collection::vec(word(), 0..4),
        ) -> Decision {
            let expires = jiff::civil::date(2000, 1, 1) + jiff::Span::new().days(days);
            Decision {
                name: "n".to_owned(), item, kind, by, actor, at: Timestamp::from_nanosecond(at.into()).unwrap(), commit, dirty,
                note, to: Some(to), due, part, choice, follow_up, waiver, item_hash, covers, evidence, expires: Some(expires), supersedes,
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_back_the_same(decision in any_decision()) {
            let text = print(&decision).unwrap();
            let read = parse("n", &decision.item, text.as_bytes());
            prop_assert_eq!(read, Ok(decision), "{}", text);
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in any::<Vec<u8>>(), cut in 0..WHOLE.len()) {
            let _ = parse("n", "a", &bytes);
            let torn = [&WHOLE.as_bytes()[..cut], &bytes].concat();
            let _ = parse("n", "dr.restore-rehearsed", &torn);
        }
    }
}
