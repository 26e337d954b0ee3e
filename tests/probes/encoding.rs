//! `encoding`: what is no UTF-8, what was decoded wrongly, and what a merge left behind.

use std::sync::Arc;

use gonogo::probe::outcome::Answer::{self, Fail, NotApplicable, Pass, Unknown};
use gonogo::tree::memory::MemoryTree;
use gonogo::tree::path::RelPath;
use gonogo::tree::source::{Content, GitFacts, Source};
use rstest::rstest;

use super::{Said, ask, judge, said};

const ALL: &str = "{ encoding: { files: '**', forbid: [invalid, replacement, mojibake, bom, conflict-markers] } }";

/// A tree of one file that is these bytes.
struct Bytes {
    tree: MemoryTree,
    bytes: Vec<u8>,
}

impl Source for Bytes {
    fn read(&self, _: &RelPath) -> Result<Content, String> {
        Ok(Content { bytes: self.bytes.clone(), cut_from: None, stamp: None })
    }

    fn git(&self) -> Option<&dyn GitFacts> {
        self.tree.git()
    }
}

fn of_bytes(probe: &str, name: &str, bytes: &[u8]) -> Said {
    let tree = MemoryTree::new(&[(name.to_owned(), String::new())]);
    let listing = tree.listing().clone();
    said(&judge(probe, "", Arc::new(Bytes { tree, bytes: bytes.to_vec() }), &listing))
}

#[test]
fn each_kind_is_found_where_it_stands() {
    ask(ALL, &[("a.md", "fine: é\nlost: \u{fffd}\nhe donâ€™t\n")]).is(
        Fail,
        "2 places",
        &[
            "a.md:2:7 a replacement character (U+FFFD): what stood here is lost",
            "a.md:3:7 \"â€™\" is \"’\", read as Windows-1252",
        ],
    );
    of_bytes(ALL, "a.py", b"x = 1\ny = 'caf\xe9'\n").is(
        Fail,
        "a.py:2",
        &["a.py:2:9 no UTF-8: byte E9 (\"é\" in Windows-1252)"],
    );
    of_bytes(ALL, "a.py", b"\xef\xbb\xbfx = 1\n").is(Fail, "a.py:1", &["a.py:1:1 a byte order mark (UTF-8)"]);
}

#[rstest]
#[case(b"\xff\xfex\x00", "UTF-16 (little endian)")]
#[case(b"\xfe\xff\x00x", "UTF-16 (big endian)")]
#[case(b"\xff\xfe\x00\x00x\x00\x00\x00", "UTF-32 (little endian)")]
fn other_encodings_with_a_mark_are_named(#[case] bytes: &[u8], #[case] name: &str) {
    let message = format!("a.txt:1:1 {name} with a byte order mark, not UTF-8");
    let found = of_bytes("{ encoding: { files: '*', forbid: invalid } }", "a.txt", bytes);
    assert_eq!((found.answer, found.places), (Fail, vec![message]));
    let other = of_bytes("{ encoding: { files: '*', forbid: conflict-markers } }", "a.txt", bytes);
    assert_eq!(other.answer, Pass);
}

#[test]
fn what_holds_no_text_is_passed_over_and_what_should_is_open() {
    assert_eq!(of_bytes(ALL, "a.png", b"\x89PNG\xff\xfe\0").answer, Pass);
    assert_eq!(of_bytes(ALL, "a.woff2", b"\xff\xff").answer, Pass, "by its name alone");
    assert_eq!(of_bytes(ALL, "data", b"\xe9\0").answer, Pass);
    assert_eq!(of_bytes(ALL, "a.py", b"x\0\xe9").answer, Unknown);
    assert_eq!(ask(&ALL.replace("**", "*.py"), &[("a.md", "x")]).answer, NotApplicable);
}

#[test]
fn markers_of_a_merge_are_told_from_headings_and_quotes() {
    let conflict = "a\n<<<<<<< HEAD\nb\n||||||| 1a2b\nc\n=======\nd\n>>>>>>> feature\n";
    ask(ALL, &[("a.py", conflict)]).is(
        Fail,
        "4 places",
        &[
            "a.py:2:1 a conflict marker, <<<<<<<",
            "a.py:4:1 a conflict marker, |||||||",
            "a.py:6:1 a conflict marker, =======",
            "a.py:8:1 a conflict marker, >>>>>>>",
        ],
    );
    let left = ask(ALL, &[("a.py", "b\r\n>>>>>>> feature\r\n")]);
    assert_eq!(left.places, ["a.py:2:1 a conflict marker, >>>>>>>"]);
    for text in [
        "Title\n=======\n\n  <<<<<<< HEAD\n",
        "<<<<<<<\n=======\n>>>>>>>\n",
        ">>>>>>>> eight\n>>>>>> six\n<<<<<<<x\n======= x\n",
    ] {
        assert_eq!(ask(ALL, &[("a.rst", text)]).answer, Pass, "{text}");
    }
}

#[rstest]
#[case::invalid("invalid", Pass)]
#[case::replacement("replacement", Fail)]
#[case::mojibake("mojibake", Pass)]
#[case::bom("bom", Fail)]
#[case::conflict_markers("conflict-markers", Pass)]
fn only_what_is_forbidden_counts(#[case] forbid: &str, #[case] expected: Answer) {
    let probe = format!("{{ encoding: {{ files: '*', forbid: {forbid} }} }}");
    assert_eq!(ask(&probe, &[("a.md", "x\n\u{feff}y\n\u{fffd}\n")]).answer, expected);
}

#[test]
fn a_long_line_is_told_once_for_each_kind() {
    let line = format!("{}é\n", "Ã© \u{fffd}".repeat(5_000));
    assert_eq!(ask(ALL, &[("a.md", &line)]).places.len(), 2);
}
