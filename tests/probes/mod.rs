//! What each kind of probe says of small trees.

mod compare;
mod encoding;
mod names;
mod numbers;
mod together;

use std::sync::Arc;

use gonogo::checklist::merge::{self, Entry, Loader};
use gonogo::engine::Engine;
use gonogo::engine::progress::Progress;
use gonogo::probe::outcome::{Answer, Outcome};
use gonogo::probe::program::Program;
use gonogo::tree::entry::Listing;
use gonogo::tree::memory::MemoryTree;
use gonogo::tree::source::Source;
use jiff::Timestamp;

struct One(String);

impl Loader for One {
    fn load(&self, _: &str) -> Result<String, String> {
        Ok(self.0.clone())
    }
}

/// An outcome in short: the answer, the reason, and each place with its message.
#[derive(Debug, PartialEq)]
struct Said {
    answer: Answer,
    reason: String,
    places: Vec<String>,
}

/// What `probe` (with the other `fields` of its item) says of a tree of these files.
fn ask_with(probe: &str, fields: &str, files: &[(&str, &str)]) -> Outcome {
    let files: Vec<_> = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let tree = MemoryTree::new(&files);
    let listing = tree.listing().clone();
    judge(probe, fields, Arc::new(tree), &listing)
}

fn judge(probe: &str, fields: &str, source: Arc<dyn Source>, listing: &Listing) -> Outcome {
    let item = format!("- {{ id: t.t, title: T, why: w, fix: f, priority: P0, probe: {probe}{fields} }}");
    judge_items(&[item], source, listing).remove(0)
}

/// What each probe says where all are asked together.
fn judge_all(probes: &[String], files: &[(String, String)]) -> Vec<Outcome> {
    let item = |(number, probe): (usize, &String)| {
        format!("- {{ id: t.t{number}, title: T, why: w, fix: f, priority: P0, probe: {probe} }}")
    };
    let items: Vec<String> = probes.iter().enumerate().map(item).collect();
    let tree = MemoryTree::new(files);
    let listing = tree.listing().clone();
    judge_items(&items, Arc::new(tree), &listing)
}

fn judge_items(items: &[String], source: Arc<dyn Source>, listing: &Listing) -> Vec<Outcome> {
    let text = format!("gonogo: 1\ncategories: [{{ id: t, title: T }}]\nitems:\n{}\n", items.join("\n"));
    let (checklist, problems) = merge::load(&Entry::File("gonogo.yaml".to_owned()), &One(text));
    assert_eq!(problems, [], "{items:?}");
    let program = Arc::new(Program::new(&checklist).unwrap());
    let at = Timestamp::UNIX_EPOCH;
    let engine = Engine::start(Arc::new(checklist), program, source, listing, at, &Progress::default());
    engine.outcomes().iter().map(|outcome| Outcome::clone(outcome)).collect()
}

fn said(outcome: &Outcome) -> Said {
    let place = |evidence: &gonogo::probe::outcome::Evidence| {
        let column = if evidence.column > 0 { format!(":{}", evidence.column) } else { String::new() };
        format!("{}{column} {}", evidence.place(), evidence.message).trim().to_owned()
    };
    Said {
        answer: outcome.answer,
        reason: outcome.reason.clone(),
        places: outcome.evidence.iter().map(place).collect(),
    }
}

fn ask(probe: &str, files: &[(&str, &str)]) -> Said {
    said(&ask_with(probe, "", files))
}

impl Said {
    fn is(&self, answer: Answer, reason: &str, places: &[&str]) {
        let expected = Said {
            answer,
            reason: reason.to_owned(),
            places: places.iter().map(|place| (*place).to_owned()).collect(),
        };
        assert_eq!(*self, expected);
    }
}

#[test]
fn places_that_begin_together_stand_in_one_order_however_their_patterns_are_written() {
    for patterns in ["'abcd', 'abc.*yz'", "'abc.*yz', 'abcd'"] {
        let probe = format!("{{ text: {{ files: '*', forbid: [{patterns}] }} }}");
        let outcome = ask_with(&probe, "", &[("a.txt", "yz abcd wxyz\n")]);
        let ends: Vec<(u32, u32)> = outcome.evidence.iter().map(|place| (place.column, place.end_column)).collect();
        assert_eq!(ends, [(4, 8), (4, 13)], "{patterns}");
    }
}

#[test]
fn what_an_anchor_stands_for_is_one_place() {
    let files = [("compose.yml", "x: &x\n  restart: 'no'\nservices:\n  a: *x\n  b: *x\n  c:\n    restart: 'no'\n")];
    let probe = "{ query: { files: '*.yml', select: '$.services[*].restart', every: '^always$' } }";
    ask(probe, &files).is(Answer::Fail, "2 places", &["compose.yml:2:12", "compose.yml:7:14"]);
    let probe = "{ query: { files: '*.yml', select: '$.services[*].restart', forbid: '^no$' } }";
    ask(probe, &files).is(Answer::Fail, "2 places", &["compose.yml:2:12", "compose.yml:7:14"]);
}
