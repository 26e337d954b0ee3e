//! `text` with bounds on what a group captured.

use gonogo::probe::outcome::Answer::{Fail, Pass, Unknown};

use super::{ask, ask_with};

const COVERAGE: &str =
    r"{ text: { files: '*.toml', find: ['fail_under\s*=\s*(\S+)', 'threshold: (\d+)'], at_least: 70 } }";

#[test]
fn a_number_within_bounds_passes() {
    ask(COVERAGE, &[("a.toml", "x = 1\nfail_under = 70\n")]).is(Pass, "a.toml:2", &["a.toml:2:1"]);
    ask(COVERAGE, &[("a.toml", "fail_under = 7\n"), ("b.toml", "threshold: 85\n")]).is(
        Pass,
        "b.toml:1",
        &["b.toml:1:1"],
    );
}

#[test]
fn a_number_out_of_bounds_is_shown_where_it_stands() {
    ask(COVERAGE, &[("a.toml", "fail_under = 60\n")]).is(
        Fail,
        "a.toml:1: 60 is less than 70",
        &["a.toml:1:1 60 is less than 70"],
    );
    let timeout = r"{ text: { files: '*.ini', find: 'timeout=(\w*)', at_most: 30, each: true } }";
    ask(timeout, &[("a.ini", "timeout=30\n"), ("b.ini", "timeout=31\n"), ("c.ini", "timeout=never\n")]).is(
        Fail,
        "2 of 3 files without it",
        &["b.ini:1:1 31 is more than 30", "c.ini:1:1 is no number"],
    );
}

#[test]
fn what_is_not_found_and_what_is_excused_is_no_number() {
    let found = ask(COVERAGE, &[("a.toml", "x = 1\n")]);
    assert_eq!((found.answer, found.reason.as_str()), (Fail, "not found in 1 file"));
    let excused = r"{ text: { files: '*.toml', find: 'n = (\d+)', at_least: 5, unless: '^#' , in: any } }";
    let found = ask(excused, &[("a.toml", "# n = 9\n")]);
    assert_eq!((found.answer, found.reason.as_str()), (Fail, "not found in 1 file"));
}

#[test]
fn a_query_shows_the_number_that_is_out_of_bounds() {
    let probe = "{ query: { files: '*.json', select: $.total.pct, at_least: 70 } }";
    let json = "{\"total\": {\"pct\": 69.5}}";
    ask(probe, &[("coverage.json", json)]).is(
        Fail,
        "coverage.json:1: 69.5 is less than 70",
        &["coverage.json:1:19 69.5 is less than 70"],
    );
    let broken = ask_with(probe, "", &[("coverage.json", json), ("other.json", "{")]);
    assert_eq!(broken.answer, Unknown, "what does not parse may hold a better one");
}
