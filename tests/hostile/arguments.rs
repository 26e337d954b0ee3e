//! Arguments that name nothing, and outputs that cannot be written.

use crate::hostile::{ASK, FORBID, Place};

#[test]
fn what_is_no_tree_is_refused_in_one_line() {
    let place = Place::asking(&[FORBID]);
    place.run(&["check", "nope"]).ends_with(2).says("nope: cannot be opened: no such file or directory");
    place
        .run(&["chek"])
        .ends_with(2)
        .says("chek: cannot be opened: no such file or directory, did you mean \"check\"?");
    place.run(&["/nope"]).ends_with(2).says("/nope: cannot be opened: no such file or directory");
    place.run(&["check", "a.txt"]).ends_with(2).says("a.txt: is no directory");
    for path in [".", "./", "./.", place.path().to_str().unwrap()] {
        place.run(&["check", path]).ends_with(0);
    }
    let code = place.run(&["check", "/proc/self"]).code;
    assert!((0..=4).contains(&code));
}

#[test]
fn names_that_stand_for_nothing_are_refused() {
    let place = Place::asking(&[FORBID, ASK]);
    for (arguments, words) in [
        (&["explain", "a.xx"][..], "no item \"a.xx\" in this checklist, did you mean \"a.x\"?"),
        (&["attest", "../../x"], "no item \"../../x\""),
        (&["attest", "a.q\u{1b}[31m"], "␛[31m"),
        (&["check", "--tier", "moon"], "no tier \"moon\""),
        (&["check", "--only", "zz"], "no item and no category \"zz\""),
        (&["check", "--format", "pdf"], "no format \"pdf\""),
        (&["waive", "a.q", "--reason", "x", "--expires", "1999-01-01"], "is past"),
    ] {
        place.run(arguments).ends_with(2).says(words);
    }
    assert!(!place.at(".gonogo").exists(), "nothing was recorded");
}

#[test]
fn an_output_that_cannot_be_written_is_an_error_and_a_reader_that_leaves_is_none() {
    let place = Place::asking(&[FORBID, ASK]).file("b.txt", "evil\n".repeat(5000));
    place.run(&["check", "--output", "nope/x"]).ends_with(2).says("nope/x: cannot be written: no such file");
    place.run(&["export", "--output", "."]).ends_with(2).says("it is no regular file");
    for command in ["check", "export", "explain a.x", "schema"] {
        place.shell(&format!("$GONOGO {command} > /dev/full")).ends_with(2).says("No space left");
    }
    // The verdict stays what it is, whoever reads.
    place.shell("$GONOGO check --format json | head -c 1; exit ${PIPESTATUS[0]}").ends_with(1);
    place.shell("$GONOGO check | true; exit ${PIPESTATUS[0]}").ends_with(1);
    place.shell("$GONOGO check >&- 2>&-").ends_with(1);
}
