use std::collections::BTreeSet;
use std::sync::Arc;

use gonogo::ledger::decision::{Decision, Kind};
use gonogo::ledger::fold::{Position, Standing, fold, retractable, visible_positions};
use jiff::civil::date;
use proptest::prelude::*;

use super::decision;

const KINDS: [Kind; 7] =
    [Kind::Attest, Kind::Retract, Kind::Note, Kind::Waive, Kind::Dismiss, Kind::NotApplicable, Kind::Assign];

/// A decision of this name, at this second, that answers these.
fn said(name: &str, kind: Kind, second: i64, supersedes: &[&str]) -> Arc<Decision> {
    let supersedes = supersedes.iter().map(|&name| name.to_owned()).collect();
    Arc::new(Decision { name: name.to_owned(), supersedes, ..decision("a", kind, second) })
}

fn folded(decisions: &[Arc<Decision>]) -> Standing {
    fold(decisions.to_vec(), Vec::new())
}

fn position(decisions: &[Arc<Decision>]) -> String {
    match folded(decisions).position {
        Position::None => "none".to_owned(),
        Position::Attested(by) => format!("attested {}", by.name),
        Position::Waived(by) => format!("waived {}", by.name),
        Position::NotApplicable(by) => format!("not-applicable {}", by.name),
        Position::Disputed(all) => format!("disputed {}", names(&all).join(" ")),
    }
}

fn names(decisions: &[Arc<Decision>]) -> Vec<&str> {
    decisions.iter().map(|decision| decision.name.as_str()).collect()
}

#[test]
fn the_answer_stands_and_what_it_answers_does_not() {
    let attest = said("A", Kind::Attest, 1, &[]);
    let waive = said("W", Kind::Waive, 2, &["A"]);
    let again = said("B", Kind::Attest, 3, &["W"]);
    assert_eq!(position(&[]), "none");
    assert_eq!(position(std::slice::from_ref(&attest)), "attested A");
    assert_eq!(position(&[attest.clone(), waive.clone()]), "waived W");
    assert_eq!(position(&[attest, waive, again]), "attested B");
}

#[test]
fn taking_back_the_answer_revives_what_it_answered_and_a_redo_brings_it_back() {
    let attest = said("A", Kind::Attest, 1, &[]);
    let waive = said("W", Kind::Waive, 2, &["A"]);
    let undo = said("U", Kind::Retract, 3, &["W"]);
    let redo = said("R", Kind::Retract, 4, &["U"]);
    let all = [attest, waive, undo, redo];
    assert_eq!(position(&all[..3]), "attested A");
    assert_eq!(folded(&all[..3]).retracted, BTreeSet::from(["W".to_owned()]));
    assert_eq!(position(&all), "waived W");
    assert_eq!(folded(&all).retracted, BTreeSet::from(["U".to_owned()]));
    assert_eq!(names(&folded(&all).story), ["A", "W", "U", "R"]);
}

#[test]
fn two_that_disagree_are_disputed_until_somebody_answers_both() {
    let attest = said("A", Kind::Attest, 1, &[]);
    let waive = said("W", Kind::Waive, 2, &[]);
    let answer = said("N", Kind::NotApplicable, 3, &["A", "W"]);
    assert_eq!(position(&[waive.clone(), attest.clone()]), "disputed A W");
    assert_eq!(position(&[waive, attest, answer]), "not-applicable N");
}

#[test]
fn two_that_say_the_same_do_not_disagree() {
    let waived = |name, second, day| {
        Arc::new(Decision {
            expires: Some(date(2027, 1, day)),
            ..Decision::clone(&said(name, Kind::Waive, second, &[]))
        })
    };
    assert_eq!(position(&[said("A", Kind::Attest, 1, &[]), said("B", Kind::Attest, 2, &[])]), "attested B");
    assert_eq!(position(&[waived("A", 1, 5), waived("B", 2, 6), waived("C", 3, 7)]), "waived A", "the first to end");
    assert_eq!(position(&[waived("A", 1, 5), waived("B", 2, 5)]), "waived B");
}

#[test]
fn the_last_assignment_counts_and_notes_and_dismissals_add_up() {
    let all = [
        said("P", Kind::Assign, 1, &[]),
        said("Q", Kind::Assign, 2, &[]),
        said("n", Kind::Note, 3, &[]),
        said("m", Kind::Note, 4, &[]),
        said("d", Kind::Dismiss, 5, &[]),
        said("e", Kind::Dismiss, 6, &[]),
        said("u", Kind::Retract, 7, &["Q", "n", "d"]),
    ];
    let before = folded(&all[..6]);
    assert_eq!(before.assigned.unwrap().name, "Q");
    assert_eq!((names(&before.notes), names(&before.dismissals)), (vec!["n", "m"], vec!["d", "e"]));
    let after = folded(&all);
    assert_eq!(after.assigned.unwrap().name, "P");
    assert_eq!((names(&after.notes), names(&after.dismissals)), (vec!["m"], vec!["e"]));
    assert_eq!(after.position, Position::None);
}

#[test]
fn an_answer_counts_even_where_its_author_has_a_slow_clock() {
    let attest = said("A", Kind::Attest, 100, &[]);
    let undo = said("U", Kind::Retract, 50, &["A"]);
    assert_eq!(position(&[attest, undo]), "none");
}

#[test]
fn circles_and_unknown_names_are_harmless() {
    let first = said("A", Kind::Attest, 1, &["W", "A", "nobody"]);
    let second = said("W", Kind::Waive, 2, &["A", "W"]);
    assert_eq!(position(&[first, second]), "waived W", "the later one acts on the earlier");
    let undo = said("U", Kind::Retract, 1, &["V"]);
    let undo_of_undo = said("V", Kind::Retract, 2, &["U"]);
    assert_eq!(folded(&[undo, undo_of_undo]).retracted, BTreeSet::from(["U".to_owned()]));
}

#[test]
fn a_long_story_is_no_deep_one() {
    let name = |n: i64| format!("{n:06}");
    let mut all = vec![said(&name(0), Kind::Attest, 0, &[])];
    all.extend((1..=20_001).map(|n| said(&name(n), Kind::Retract, n, &[&name(n - 1)])));
    assert_eq!(position(&all), "none");
    assert_eq!(position(&all[..all.len() - 1]), "attested 000000");
}

#[test]
fn a_retraction_of_the_item_leaves_nothing_to_revive() {
    let mut all = vec![
        said("A", Kind::Attest, 1, &[]),
        said("W", Kind::Waive, 2, &["A"]),
        said("x", Kind::Attest, 3, &["A", "W"]),
        said("u", Kind::Retract, 4, &["x"]),
        said("P", Kind::Assign, 5, &[]),
        said("n", Kind::Note, 6, &[]),
        said("d", Kind::Dismiss, 7, &[]),
    ];
    let standing = folded(&all);
    assert_eq!(visible_positions(&standing), ["A", "W"]);
    assert_eq!(retractable(&standing), ["A", "W", "P", "d"]);
    let names = retractable(&standing);
    all.push(said("R", Kind::Retract, 8, &names.iter().map(String::as_str).collect::<Vec<_>>()));
    let after = folded(&all);
    assert_eq!((after.position, after.assigned, after.dismissals), (Position::None, None, Vec::new()));
    assert_eq!(after.notes.len(), 1);
    assert!(retractable(&folded(&all)).is_empty());
}

/// Decisions that name one another: as indexes, so that the answer can be worked out another way.
fn story(acyclic: bool) -> impl Strategy<Value = Vec<(usize, i64, Vec<usize>)>> {
    let one = (0..KINDS.len(), 0..6_i64, proptest::collection::vec(0..14_usize, 0..4));
    proptest::collection::vec(one, 0..14).prop_map(move |mut all| {
        for (index, (.., names)) in all.iter_mut().enumerate().filter(|_| acyclic) {
            names.retain(|name| *name < index);
        }
        all
    })
}

fn decisions(story: &[(usize, i64, Vec<usize>)]) -> Vec<Arc<Decision>> {
    let one = |(index, (kind, second, names)): (usize, &(usize, i64, Vec<usize>))| {
        let names: Vec<String> = names.iter().map(usize::to_string).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        said(&index.to_string(), KINDS[*kind], *second, &names)
    };
    story.iter().enumerate().map(one).collect()
}

/// The rule word for word: taken back is what a retraction names that is not itself taken back.
fn is_void(story: &[(usize, i64, Vec<usize>)], index: usize) -> bool {
    let names_it = |(by, (kind, _, names)): (usize, &(usize, i64, Vec<usize>))| {
        KINDS[*kind] == Kind::Retract && names.contains(&index) && !is_void(story, by)
    };
    story.iter().enumerate().any(names_it)
}

proptest! {
    #[test]
    fn the_order_of_loading_does_not_matter(story in story(false), seed: u64) {
        let all = decisions(&story);
        let mut mixed = all.clone();
        mixed.sort_by_key(|decision| blake3::hash(format!("{seed}{}", decision.name).as_bytes()).to_hex().to_string());
        mixed.extend(all.first().cloned());
        prop_assert_eq!(folded(&mixed), folded(&all));
    }

    #[test]
    fn what_stands_is_what_the_rule_says_whatever_the_clocks(story in story(true)) {
        let all = decisions(&story);
        let standing = folded(&all);
        let void: Vec<bool> = (0..story.len()).map(|index| is_void(&story, index)).collect();
        let retracted: BTreeSet<String> = (0..story.len()).filter(|i| void[*i]).map(|i| i.to_string()).collect();
        prop_assert_eq!(&standing.retracted, &retracted);
        let stands = |index: &usize| {
            let answers = |by: usize| {
                KINDS[story[by].0] != Kind::Retract && !void[by] && story[by].2.contains(index)
            };
            !void[*index] && !(0..story.len()).any(answers)
        };
        let notes: BTreeSet<String> = (0..story.len())
            .filter(|index| KINDS[story[*index].0] == Kind::Note).filter(stands).map(|i| i.to_string()).collect();
        prop_assert_eq!(standing.notes.iter().map(|note| note.name.clone()).collect::<BTreeSet<_>>(), notes);
        let positions = (0..story.len())
            .filter(|i| matches!(KINDS[story[*i].0], Kind::Attest | Kind::Waive | Kind::NotApplicable)).filter(stands);
        let kinds: BTreeSet<usize> = positions.map(|index| story[index].0).collect();
        prop_assert_eq!(matches!(standing.position, Position::Disputed(_)), kinds.len() > 1);
        prop_assert_eq!(standing.position == Position::None, kinds.is_empty());
    }
}
