//! Nothing looked at is never a pass: what every probe over files says of a selection without files or nodes.

use rstest::rstest;

use crate::world::{World, row};

fn said_of(files: &[(&str, &str)], probe: &str, rest: &str) -> (String, String) {
    let item =
        format!("  - {{ id: t.t, title: T, why: w, fix: f, priority: P0, tier: pilot, probe: {probe}{rest} }}\n");
    let head = "categories: [{ id: t, title: T }]\ntiers: [{ id: pilot, title: Pilot, gate: P0 }]\nitems:\n";
    let session = World::new().checklist(&format!("{head}{item}")).tree(files).git().session();
    let row = row(session.board(), "t.t");
    (row.status.word().to_owned(), row.reason.clone())
}

#[rstest]
#[case::exists("{ exists: '*.py' }", "failed")]
#[case::find("{ text: { files: '*.py', find: x } }", "failed")]
#[case::find_each("{ text: { files: '*.py', find: x, each: true } }", "failed")]
#[case::forbid("{ text: { files: '*.py', forbid: x } }", "not-applicable")]
#[case::query_find("{ query: { files: '*.py', as: yaml, select: $.a, find: x } }", "failed")]
#[case::query_forbid("{ query: { files: '*.py', as: yaml, select: $.a, forbid: x } }", "not-applicable")]
#[case::query_every("{ query: { files: '*.py', as: yaml, select: $.a, every: x } }", "not-applicable")]
#[case::query_every_each("{ query: { files: '*.py', as: yaml, select: $.a, every: x, each: true } }", "not-applicable")]
#[case::tracked("{ git: { tracked: '*.py' } }", "failed")]
fn a_selection_without_files(#[case] probe: &str, #[case] by_default: &str) {
    let none = [("notes.txt", "x\n")];
    let (status, reason) = said_of(&none, probe, "");
    assert_eq!(status, by_default);
    assert_eq!(reason, "no file like *.py");
    for (word, expected) in [("fail", "failed"), ("not-applicable", "not-applicable"), ("unknown", "unknown")] {
        assert_eq!(said_of(&none, probe, &format!(", no_files: {word}")).0, expected, "{word}");
    }
}

#[rstest]
#[case::every("every: x", "not-applicable")]
#[case::every_in_each_file("every: x, each: true", "failed")]
#[case::find("find: x", "failed")]
#[case::forbid("forbid: x", "passed")]
fn a_document_without_the_nodes(#[case] want: &str, #[case] expected: &str) {
    let probe = format!("{{ query: {{ files: '*.yaml', select: $.a, {want} }} }}");
    assert_eq!(said_of(&[("c.yaml", "b: 1\n")], &probe, "").0, expected);
}
