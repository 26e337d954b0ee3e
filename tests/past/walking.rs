//! Whichever way commits are walked, each says what it says alone.

use gonogo::engine::progress::Progress;
use gonogo::session::Prepared;
use gonogo::session::past::{Clock, Inquiry, Ruler};
use gonogo::tree::path::RelPath;
use proptest::prelude::*;

use super::chronicle::{Chronicle, Edit, edit, written};
use super::{differing, told_of};
use crate::place::{Place, globs};
use crate::world::World;

/// `PROPTEST_CASES` asks for a longer run.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(8)
}

fn walk(edits: &[Edit], ways: &[prop::sample::Index]) -> Result<(), TestCaseError> {
    let chronicle = Chronicle::of(edits);
    // The checklist of today can be used, whatever the history holds.
    chronicle.world.edit("gonogo.yaml", &written(0));
    let prepared = Prepared::new(chronicle.world.settings()).unwrap();
    let commits = chronicle.commits();
    let quiet = Progress::default();
    for ruler in [Ruler::Today, Ruler::Own] {
        let inquiry = Inquiry::new(&prepared, ruler, Clock::Own).unwrap();
        let alone: Vec<Result<Vec<String>, String>> =
            commits.iter().map(|id| inquiry.at(id, &quiet).map(|mut past| told_of(&past.board()))).collect();
        let forward = 0..commits.len();
        let backward = (0..commits.len()).rev();
        let anyhow = ways.iter().map(|way| way.index(commits.len()));
        let Ok(mut past) = inquiry.at(&commits[0], &quiet) else { continue };
        for number in forward.chain(backward).chain(anyhow) {
            let walked = past.move_to(&commits[number], &quiet).map(|()| told_of(&past.board()));
            prop_assert_eq!(differing(&walked, &alone[number]), Vec::<String>::new(), "{:?} at {}", ruler, number);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 300, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn a_commit_that_was_walked_to_says_what_it_says_alone(
        edits in prop::collection::vec(edit(), 2..12),
        ways in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        walk(&edits, &ways)?;
    }
}

#[test]
fn every_item_of_these_tests_asks_what_it_means_to() {
    let chronicle = Chronicle::of(&[]);
    let session = chronicle.world.session();
    assert_eq!(session.checklist_problems(), []);
    let statuses: std::collections::BTreeSet<&str> = session.board().rows.iter().map(|row| row.status.word()).collect();
    assert_eq!(statuses.into_iter().collect::<Vec<_>>(), ["failed", "not-applicable", "open", "passed"]);
}

#[test]
fn a_step_reads_what_differs_and_nothing_else() {
    let world = World::new()
        .tree(&[("a.py", "debug = 1\n"), ("b.py", "x\n"), ("c.md", "x\n")])
        .checklist("title: T\ncategories: [{ id: t, title: T }]\nitems:\n  - { id: t.a, title: A, why: w, fix: f, priority: P0, probe: { text: { files: ['**/*.py'], forbid: debug } } }\n  - { id: t.b, title: B, why: w, fix: f, priority: P0, probe: { exists: ['*.rs'] } }\n")
        .git();
    world.edit("b.py", "y\n").edit("c.md", "y\n").commit();
    let quiet = Progress::default();
    let mut past = world.session().inquiry().at("HEAD~1", &quiet).unwrap();
    assert_eq!(past.board().stats.files_read, 2);
    past.move_to("HEAD", &quiet).unwrap();
    let stats = past.board().stats;
    assert_eq!((stats.files_read, stats.probes_run), (1, 0), "one file is asked, and its facts are the same");
    past.move_to("HEAD", &quiet).unwrap();
    assert_eq!(past.board().stats.files_read, 0);
}

#[test]
fn what_the_commits_say_of_paths_is_carried_on_and_the_same_as_asked_anew() {
    let place = Place::repository();
    place.write("docs/a", "1").write("keys/a.pem", "1").commit("one");
    place.git(&["branch", "side"]);
    place.git(&["rm", "-q", "keys/a.pem"]);
    place.commit("two");
    place.git(&["switch", "-q", "side"]);
    place.write("keys/b.pem", "1").commit("three").write("docs/a", "2").commit("four");
    place.git(&["rm", "-q", "keys/b.pem"]);
    place.commit("five");
    place.git(&["switch", "-q", "main"]);
    place.write("other", "1").commit("six");
    place.git(&["merge", "-q", "--no-ff", "-m", "seven", "side"]);
    place.write("keys/c.pem", "1").commit("eight");
    let tree = place.open();
    let repository = tree.repository().unwrap();
    let commits = place.git(&["rev-list", "--first-parent", "--reverse", "HEAD"]);
    let mut walked = repository.revision(commits.lines().next().unwrap()).unwrap();
    let mut held = Vec::new();
    for id in commits.lines() {
        walked.move_to(id).unwrap();
        let fresh = repository.revision(id).unwrap();
        let pem = globs("**/*.pem");
        let said = |revision: &gonogo::tree::revision::Revision| {
            use gonogo::tree::source::Source;
            let git = revision.git().unwrap();
            let paths: Vec<RelPath> = git.ever_committed(&pem).unwrap().into_iter().map(|found| found.path).collect();
            (paths, git.newest(&globs("docs/")).unwrap(), git.newest(&globs("none")).unwrap())
        };
        assert_eq!(said(&walked), said(&fresh), "{id}");
        held.push(said(&walked).0.len());
    }
    assert_eq!(held, [1, 1, 1, 2, 3], "what a merged branch had held is known from the merge on");
}
