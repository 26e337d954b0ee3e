//! What the board shows of the work: what waits, what is due, which half holds, and what is confirmed one by one.

use std::sync::Arc;

use gonogo::checklist::model::Item;
use gonogo::ledger::decision::Kind;
use gonogo::probe::outcome::{Answer, Outcome, Part};
use gonogo::readiness::board::{Board, Row};
use gonogo::readiness::inventory::ElementState;
use gonogo::readiness::status::Status;
use gonogo::readiness::work::{Progress, Window};
use gonogo::session::message::{Flip, Intent, Request};
use jiff::civil::date;

use super::board::{board, decision};
use super::stage::Stage;

const BLOCKER: &str = "secrets.no-default-prod-secrets";
const BLOCKED: &str = "secrets.rotation";

fn changed(change: impl FnOnce(&mut Row)) -> Board {
    let mut board = board();
    change(board.rows.iter_mut().find(|row| row.item.id == BLOCKED).unwrap());
    board
}

fn of_item(change: impl FnOnce(&mut Item)) -> Board {
    changed(|row| change(Arc::make_mut(&mut row.item)))
}

fn on(board: Board) -> Stage {
    Stage::empty().board(board, Vec::new()).keys("g")
}

/// The board with the cursor on the item that changed.
fn at(board: Board) -> Stage {
    let stage = on(board);
    let place = stage.state.list_rows().position(|row| row.item.id == BLOCKED).unwrap();
    (0..place).fold(stage, |stage, _| stage.keys("j"))
}

fn line_of(stage: &Stage, words: &str) -> String {
    let frame = stage.frame();
    frame.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("no {words} in\n{frame}")).to_owned()
}

#[test]
fn a_blocked_item_has_a_mark_beside_its_status_and_says_by_what() {
    let board = changed(|row| row.work.blocked_by = vec![BLOCKER.to_owned()]);
    let stage = at(board);
    assert!(line_of(&stage, "Keys are rotated").contains("○⊘P1"), "{}", stage.frame());
    assert!(stage.frame().contains(&format!("⊘ blocked by {BLOCKER}")), "{}", stage.frame());
    let shown = stage.keys("B");
    assert_eq!(shown.state.list.len(), 1);
    assert!(shown.frame().contains("only blocked"));
}

#[test]
fn what_is_overdue_is_marked_sorted_and_found() {
    let board = changed(|row| {
        row.work.due = Some(date(2026, 11, 1));
        row.work.window = Some(Window::Overdue);
        row.work.owner = Some("Ben".to_owned());
    });
    let stage = on(board);
    assert!(line_of(&stage, "Keys are rotated").contains("○!P1"), "{}", stage.frame());
    assert!(line_of(&stage, "Keys are rotated").contains("overdue, 1 Nov"));
    let sorted = stage.keys("s");
    assert_eq!(sorted.state.list_rows().next().unwrap().item.id, BLOCKED);
    for filter in ["due:overdue", "overdue", "owner:ben", "overdue_rotated"] {
        let found = on_board_of(&sorted).keys(&format!("/ text:{filter} <enter>"));
        assert_eq!(found.state.list_rows().map(|row| row.item.id.as_str()).collect::<Vec<_>>(), [BLOCKED], "{filter}");
    }
    for filter in ["due:today", "owner:ana", "phase:enterprise"] {
        let found = on_board_of(&sorted).keys(&format!("/ text:{filter} <enter>"));
        assert_eq!(found.state.list.len(), 0, "{filter}");
    }
    assert!(on_board_of(&sorted).keys("/ text:phase:safety <enter>").state.list.len() > 10);
}

fn on_board_of(stage: &Stage) -> Stage {
    on(Board::clone(stage.state.board.as_ref().unwrap()))
}

#[test]
fn what_is_done_waits_to_be_verified() {
    let board = changed(|row| {
        row.work.progress = Progress::Done;
        Arc::make_mut(&mut row.standing).done = Some(decision(Kind::Done, "Ben <ben@example.org>", "rotated them"));
    });
    let stage = at(board);
    assert!(line_of(&stage, "Keys are rotated").contains("done, to verify"));
    assert!(stage.frame().contains("said to be done, not verified"), "{}", stage.frame());
    assert_eq!(stage.keys("V").state.list.len(), 1);
    let sent = Stage::new().keys("f text:it_is_in <enter>").requests();
    assert!(matches!(&sent[..], [Request::Decide(Intent::Done { note, .. })] if note == "it is in"), "{sent:?}");
}

#[test]
fn the_halves_of_an_item_have_their_own_marks() {
    let part = |name: &str, answer, reason: &str| Part { name: name.to_owned(), answer, reason: reason.to_owned() };
    let board = changed(|row| {
        row.status = Status::Failed;
        let parts = vec![part("a schedule", Answer::Pass, ""), part("a log of it", Answer::Fail, "no rotation.log")];
        row.outcome = Arc::new(Outcome { answer: Answer::Fail, asks: false, parts, ..Outcome::clone(&row.outcome) });
    });
    let stage = at(board);
    assert!(line_of(&stage, "Keys are rotated").contains("1 of 2 hold"));
    assert!(stage.frame().contains("✓ a schedule") && stage.frame().contains("✗ a log of it: no rotation.log"));
}

#[test]
fn a_decision_to_take_asks_for_a_choice() {
    let board = of_item(|item| item.options = vec!["keep it".to_owned(), "drop it".to_owned()]);
    let stage = at(board).keys("<space> <enter>");
    assert!(stage.frame().contains("choose one"), "{}", stage.frame());
    let sent = stage.keys("<down> <down> <enter>").requests();
    let choice = Some("drop it".to_owned());
    let item = BLOCKED.to_owned();
    assert_eq!(sent, [Request::Decide(Intent::Attest { item, note: String::new(), choice, part: None })]);
}

#[test]
fn elements_are_confirmed_with_one_key_after_the_other() {
    let element = |name: &str, status| ElementState {
        name: name.to_owned(),
        place: "routes.py:3".to_owned(),
        status,
        by: None,
        at: None,
    };
    let board = changed(|row| {
        row.inventory = vec![
            element("/users", Status::Open),
            element("/orders", Status::Attested),
            element("/admin\u{1b}[31m", Status::Stale),
        ];
    });
    let stage = at(board);
    assert!(stage.frame().contains("▸ ○ /users  routes.py:3") && stage.frame().contains("● /orders"));
    assert!(!stage.frame().contains('\u{1b}'));
    let stage = stage.keys("<space> <space>");
    let parts: Vec<Option<String>> = stage
        .requests()
        .into_iter()
        .map(|request| match request {
            Request::Decide(Intent::Attest { part, .. }) => part,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(parts, [Some("/users".to_owned()), Some("/admin\u{1b}[31m".to_owned())]);
    let refused = stage.keys("] <space>");
    assert_eq!(refused.requests().len(), 2, "what is confirmed is not confirmed again");
}

#[test]
fn what_a_cause_made_is_named_when_the_cause_is_gone() {
    let board = of_item(|item| item.plan.caused_by = vec![BLOCKER.to_owned()]);
    let (from, to) = (Status::Failed, Status::Passed);
    let at = "2026-11-21T20:41:07Z".parse().unwrap();
    let flip = Flip { item: BLOCKER.to_owned(), from, to, cause: None, at };
    let stage = Stage::empty().board(board.clone(), vec![flip.clone()]);
    assert!(stage.frame().contains(&format!("look again at {BLOCKED}")), "{}", stage.frame());
    let back = Flip { from: to, to: from, ..flip };
    assert!(!Stage::empty().board(board, vec![back]).frame().contains("look again"));
}

#[test]
fn a_plan_has_something_to_copy_and_something_to_run() {
    let board = of_item(|item| {
        item.plan.verify = Some("make rotate-dry".to_owned());
        item.plan.creates = vec!["ops/rotate.sh".to_owned()];
        item.plan.caused_by = vec![BLOCKER.to_owned()];
    });
    let frame = at(board).frame();
    for words in ["Run  make rotate-dry", "New  ops/rotate.sh", &format!("caused by {BLOCKER}")] {
        assert!(frame.contains(words), "{words}\n{frame}");
    }
}

#[test]
fn an_assignment_may_have_a_day() {
    let sent = Stage::new().keys("A text:Ben <tab> text:14d <enter>").requests();
    assert!(
        matches!(&sent[..], [Request::Decide(Intent::Assign { to, due: Some(day), .. })] if to == "Ben" && *day == date(2026, 12, 5)),
        "{sent:?}"
    );
    let sent = Stage::new().keys("A text:Ben <tab> text:soon <enter>");
    assert!(sent.requests().is_empty() && sent.frame().contains("is no day"));
}
