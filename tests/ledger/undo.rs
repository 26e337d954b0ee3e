use std::collections::BTreeMap;
use std::sync::Arc;

use gonogo::ledger::Ledger;
use gonogo::ledger::decision::{Decision, Kind};
use gonogo::ledger::store::{ItemFiles, Loaded};
use gonogo::ledger::undo::{redo, undo};
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;

use super::moment;

const ANA: &str = "Ana";
const BEN: &str = "Ben";

/// What stands of an item, by name: its position, notes, assignment and dismissals.
type View = BTreeMap<String, Vec<String>>;

#[derive(Default)]
struct Desk {
    ledger: Ledger,
}

impl Desk {
    /// The same moment for everything: nothing may hang on a clock that moves.
    fn now() -> Timestamp {
        moment(0)
    }

    fn decide(&mut self, by: &str, item: &str, kind: Kind) {
        let draft = self.ledger.draft(item, kind, by, Self::now());
        let expires = (kind == Kind::Waive).then(|| date(2027, 1, 1));
        self.record(Decision { expires, ..draft });
    }

    fn undo(&mut self, by: &str) -> bool {
        undo(&self.ledger, by, Self::now()).is_some_and(|decision| self.record(decision))
    }

    fn redo(&mut self, by: &str) -> bool {
        redo(&self.ledger, by, Self::now()).is_some_and(|decision| self.record(decision))
    }

    fn record(&mut self, decision: Decision) -> bool {
        self.ledger.insert(Arc::new(decision))
    }

    /// As it is after the program ended and began again.
    fn restarted(&self) -> Self {
        let mut loaded = Loaded::default();
        for (item, standing) in self.ledger.items() {
            let decisions = standing.story.iter().rev().cloned().collect();
            loaded.items.insert(item.to_owned(), ItemFiles { decisions, unreadable: Vec::new() });
        }
        Self { ledger: Ledger::new(loaded) }
    }

    fn view(&self) -> View {
        let mut view = View::new();
        for (item, standing) in self.ledger.items() {
            let mut names = vec![format!("{:?}", standing.position)];
            let several = standing.notes.iter().chain(&standing.assigned).chain(&standing.dismissals);
            names.extend(several.map(|decision| decision.name.clone()));
            if names != ["None"] {
                view.insert(item.to_owned(), names);
            }
        }
        view
    }
}

#[test]
fn undo_twice_takes_back_two_and_redo_twice_restores_both() {
    let mut desk = Desk::default();
    let empty = desk.view();
    desk.decide(ANA, "a", Kind::Attest);
    let one = desk.view();
    desk.decide(ANA, "b", Kind::Waive);
    let two = desk.view();

    assert!(desk.undo(ANA));
    assert_eq!(desk.view(), one);
    desk = desk.restarted();
    assert!(desk.undo(ANA));
    assert_eq!(desk.view(), empty);
    assert!(!desk.undo(ANA));
    desk = desk.restarted();
    assert!(desk.redo(ANA));
    assert_eq!(desk.view(), one);
    assert!(desk.redo(ANA));
    assert_eq!(desk.view(), two);
    assert!(!desk.redo(ANA));
    assert!(desk.undo(ANA));
    assert_eq!(desk.view(), one);
}

#[test]
fn what_was_undone_is_past_once_its_author_goes_on() {
    let mut desk = Desk::default();
    desk.decide(ANA, "a", Kind::Attest);
    assert!(desk.undo(ANA));
    desk.decide(ANA, "b", Kind::Note);
    assert!(!desk.redo(ANA));
}

#[test]
fn nobody_undoes_the_word_of_another() {
    let mut desk = Desk::default();
    desk.decide(ANA, "a", Kind::Attest);
    desk.decide(BEN, "a", Kind::Waive);
    let view = desk.view();
    assert!(desk.undo(ANA));
    assert_eq!(desk.view(), view, "Ben's waiver stands, with nothing beneath it");
    assert!(!desk.undo(ANA));
    assert!(!desk.redo(BEN));
    assert!(desk.undo(BEN));
    assert!(desk.view().is_empty());
}

#[test]
fn a_retraction_of_an_item_is_undone_like_any_decision() {
    let mut desk = Desk::default();
    desk.decide(ANA, "a", Kind::Attest);
    desk.decide(ANA, "a", Kind::Assign);
    let before = desk.view();
    desk.decide(ANA, "a", Kind::Retract);
    assert!(desk.view().is_empty());
    assert!(desk.undo(ANA));
    assert_eq!(desk.view(), before);
}

#[derive(Clone, Debug)]
enum Act {
    Decide(usize, usize),
    Undo,
    Redo,
    Restart,
    OfBen(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..3_usize, 0..KINDS.len()).prop_map(|(item, kind)| Act::Decide(item, kind)),
        3 => Just(Act::Undo),
        3 => Just(Act::Redo),
        1 => Just(Act::Restart),
        1 => (0..KINDS.len()).prop_map(Act::OfBen),
    ]
}

const KINDS: [Kind; 7] =
    [Kind::Attest, Kind::Retract, Kind::Note, Kind::Waive, Kind::Dismiss, Kind::NotApplicable, Kind::Assign];
const ITEMS: [&str; 3] = ["a", "b", "c"];

proptest! {
    /// The model is what every editor has: the states of before, and those that were undone.
    #[test]
    fn undo_and_redo_walk_a_stack_of_states(acts in proptest::collection::vec(act(), 0..40)) {
        let mut desk = Desk::default();
        let mut past: Vec<View> = vec![View::new()];
        let mut undone: Vec<View> = Vec::new();
        for act in acts {
            match act {
                Act::Decide(item, kind) => {
                    desk.decide(ANA, ITEMS[item], KINDS[kind]);
                    undone.clear();
                    past.push(of_ana(&desk));
                }
                Act::Undo => {
                    prop_assert_eq!(desk.undo(ANA), past.len() > 1);
                    if past.len() > 1 {
                        undone.extend(past.pop());
                    }
                }
                Act::Redo => {
                    prop_assert_eq!(desk.redo(ANA), !undone.is_empty());
                    past.extend(undone.pop());
                }
                Act::Restart => desk = desk.restarted(),
                Act::OfBen(kind) => desk.decide(BEN, "of-ben", KINDS[kind]),
            }
            prop_assert_eq!(Some(&of_ana(&desk)), past.last());
        }
    }
}

fn of_ana(desk: &Desk) -> View {
    desk.view().into_iter().filter(|(item, _)| item != "of-ben").collect()
}
