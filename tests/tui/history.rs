//! The history of the branch over the board, and what is other than where it began.

use std::sync::Arc;

use gonogo::checklist::model::Priority;
use gonogo::engine::progress::Reached;
use gonogo::readiness::board::{Score, Verdict};
use gonogo::readiness::difference::{Change, Difference};
use gonogo::readiness::history::{History, Measured, Step};
use gonogo::readiness::status::Status;
use gonogo::session::message::{Base, LookBack, Looked, Notice, Request};
use gonogo::tree::line::Commit;
use gonogo::tree::path::RelPath;
use gonogo::tui::event::{Effect, Event};

use super::board::{board, with};
use super::stage::Stage;

fn commit(number: usize, subject: &str) -> Commit {
    Commit {
        id: format!("{number}").repeat(40),
        at: format!("2026-11-{:02}T12:00:00Z", 10 + number).parse().unwrap(),
        author: "Ben <ben@example.org>".to_owned(),
        subject: subject.to_owned(),
        parents: Vec::new(),
    }
}

fn change(item: &str, from: Status, to: Status) -> Change {
    Change {
        item: item.to_owned(),
        title: format!("About {item}"),
        priority: Priority::P0,
        from,
        to,
        was: "settings.py:41".to_owned(),
        is: String::new(),
        files: vec![RelPath::new("backend/settings.py")],
    }
}

fn measured(low: u32, verdicts: [Verdict; 3], flips: Option<Vec<Change>>) -> Measured {
    Measured {
        ruler: "r".to_owned(),
        has_new_ruler: false,
        score: Score { low, high: low + 20, applicable: 9, not_applicable: 0 },
        tiers: board().tiers,
        verdicts: verdicts.to_vec(),
        maturity: "prototype".to_owned(),
        files: 812,
        difference: flips.map(|flips| Difference { flips, ..Difference::default() }),
    }
}

fn history() -> History {
    use Verdict::{Conditional, Go, Incomplete, NoGo};
    let flips = vec![
        change("secrets.rotation", Status::Failed, Status::Passed),
        change("secrets.none-in-code", Status::Passed, Status::Failed),
    ];
    let steps = vec![
        Step {
            commit: commit(3, "Rotate the keys"),
            measured: Ok(measured(41, [Conditional, Incomplete, NoGo], Some(flips))),
        },
        Step {
            commit: commit(2, "Words \u{1b}[31m only"),
            measured: Ok(measured(40, [Go, NoGo, NoGo], Some(Vec::new()))),
        },
        Step { commit: commit(1, "Broken"), measured: Err("its checklist does not parse".to_owned()) },
        Step { commit: commit(0, "As it was"), measured: Ok(measured(20, [NoGo; 3], None)) },
    ];
    History {
        root: "acme-shop".to_owned(),
        from: "main".to_owned(),
        is_own: false,
        steps,
        has_older: false,
        ends: None,
        commands: 0,
    }
}

fn looked(stage: Stage, looked: Looked) -> Stage {
    stage.event(Event::Notice(Notice::History(looked)))
}

fn found() -> Stage {
    looked(Stage::new().keys("H"), Looked::Found(Arc::new(history())))
}

#[test]
fn while_it_is_looked_for_the_board_goes_on_and_esc_stops_it() {
    let stage = Stage::new().keys("H");
    assert_eq!(stage.requests(), [Request::LookBack(LookBack::History)]);
    assert!(stage.frame().contains("looking at the commits"), "{}", stage.frame());
    let stage = looked(stage, Looked::Progress(Reached { done: 3, total: 1_200, ..Reached::default() }));
    assert!(stage.frame().contains("looking at 3 of 1,200 commits"));
    let stage = stage.keys("<esc>");
    assert_eq!(stage.requests().last(), Some(&Request::StopLooking));
    let stage = looked(stage, Looked::Found(Arc::new(history()))).keys("H");
    assert!(stage.frame().contains("looking at the commits"), "what was left is no news");
    let stage = looked(stage, Looked::Failed("shallow".to_owned()));
    assert!(stage.frame().contains("shallow"));
}

#[test]
fn the_commits_and_what_flipped_at_one_of_them() {
    for (width, height) in [(120, 36), (80, 24), (40, 12)] {
        let stage = found().size(width, height);
        insta::assert_snapshot!(format!("history_{width}x{height}"), stage.frame());
        insta::assert_snapshot!(format!("history_flips_{width}x{height}"), stage.keys("<enter>").frame());
    }
}

#[test]
fn a_flip_leads_to_its_item_and_esc_leads_back() {
    let stage = found().keys("<enter> j <enter>");
    assert!(stage.state.overlay.is_none());
    assert_eq!(stage.selected(), "secrets.none-in-code");
    let stage = found().keys("j <enter>");
    assert!(stage.frame().contains("No item flipped at this commit."), "{}", stage.frame());
    let stage = stage.keys("<esc> j <enter>");
    assert!(stage.frame().contains("It cannot be judged: its checklist does not parse"));
    let stage = stage.keys("<esc> G <enter>");
    assert!(stage.frame().contains("Nothing older was looked at"));
    let stage = stage.keys("<esc> <esc>");
    assert!(stage.state.overlay.is_none());
    assert!(!stage.effects.contains(&Effect::Send(Request::StopLooking)), "there is nothing to stop");
}

#[test]
fn it_is_asked_again_only_where_there_is_another_commit() {
    let asked = |stage: &Stage| stage.requests().iter().filter(|r| **r == Request::LookBack(LookBack::History)).count();
    let stage = found().keys("<esc> H");
    assert_eq!(asked(&stage), 2, "the board stands on another commit than the newest that is known");
    let mut now = history();
    now.steps[0].commit.id = board().tree.commit.unwrap();
    let stage = looked(Stage::new().keys("H"), Looked::Found(Arc::new(now))).keys("<esc> H");
    assert_eq!(asked(&stage), 1);
    assert!(stage.frame().contains("Rotate the keys"));
}

fn base(head: Option<String>) -> Notice {
    let mut statuses: std::collections::BTreeMap<String, Status> =
        board().rows.iter().map(|row| (row.item.id.clone(), row.status)).collect();
    statuses.insert("secrets.rotation".to_owned(), Status::Failed);
    Notice::Base(Ok(Arc::new(Base { name: "origin/main".to_owned(), head, statuses })))
}

#[test]
fn only_what_is_other_than_where_the_branch_began() {
    let stage = Stage::new().keys("M");
    assert_eq!(stage.requests(), [Request::LookBack(LookBack::Base)]);
    assert!(stage.frame().contains("looking at the other branch") && stage.state.list.is_empty());
    let stage = stage.event(Event::Notice(base(board().tree.commit)));
    assert_eq!((stage.selected(), stage.state.list.len()), ("secrets.rotation", 1));
    assert!(stage.frame().contains("only since origin/main"), "{}", stage.frame());
    let stage = stage.board(with(&board(), "secrets.none-in-code", Status::Passed), Vec::new());
    assert_eq!(stage.state.list.len(), 2, "it goes on with the board");
    let mut other = board();
    other.tree.commit = Some("f".repeat(40));
    let stage = stage.board(other, Vec::new());
    assert_eq!(stage.requests().len(), 2, "another commit may have another beginning");
    let stage = stage.keys("M");
    assert_eq!(stage.state.list.len(), board().rows.len());
    let stage = stage.keys("M").event(Event::Notice(Notice::Base(Err("there is no branch called main".to_owned()))));
    assert_eq!(stage.state.list.len(), board().rows.len());
    assert!(stage.frame().contains("there is no branch called main"));
}

#[test]
fn without_a_commit_there_is_nothing_to_look_back_at() {
    let mut bare = board();
    bare.tree.commit = None;
    let stage = Stage::empty().board(bare, Vec::new()).keys("H M");
    assert!(stage.state.overlay.is_none() && stage.requests().is_empty());
    assert!(stage.frame().contains("there is no commit to look at"));
}
