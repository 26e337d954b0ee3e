//! A session on its thread, as the dashboard has it.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use gonogo::readiness::board::Board;
use gonogo::readiness::status::Status;
use gonogo::session::Prepared;
use gonogo::session::message::{LookBack, Looked, Notice, Request};
use gonogo::session::run::{Handle, start};
use gonogo::tree::watch::WatchState;

use crate::world::World;

/// Long enough for any machine: reached only where something never comes.
const PATIENCE: Duration = Duration::from_secs(120);

fn running(world: &World) -> (Handle, Receiver<Notice>) {
    let (told, heard) = channel();
    let handle = start(Prepared::new(world.settings()).unwrap(), move |notice| drop(told.send(notice)));
    (handle, heard)
}

fn wait_for(heard: &Receiver<Notice>, wanted: impl Fn(&Notice) -> bool) {
    while !wanted(&heard.recv_timeout(PATIENCE).unwrap()) {}
}

fn wait_for_board(heard: &Receiver<Notice>, wanted: impl Fn(&Board) -> bool) {
    wait_for(heard, |notice| matches!(notice, Notice::Board { board, .. } if wanted(board)));
}

#[test]
fn a_repository_that_comes_or_goes_is_taken_in() {
    let world = World::new().tree(&[("a.py", "x = 1\n")]);
    let (session, heard) = running(&world);
    wait_for(&heard, |notice| matches!(notice, Notice::Watch(WatchState::Live)));
    // On a busy machine there is a directory long before there is a repository.
    std::fs::create_dir(world.root().join(".git")).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    world.git_does(&["init", "-q", "-b", "main"]);
    wait_for_board(&heard, |board| board.tree.git && board.tree.changed > 0);
    world.commit();
    wait_for_board(&heard, |board| board.tree.commit.is_some() && board.tree.changed == 0);
    std::fs::rename(world.root().join(".git"), world.root().join("../away")).unwrap();
    wait_for_board(&heard, |board| !board.tree.git);
    assert!(session.send(Request::Stop));
}

#[test]
fn nothing_is_looked_at_during_a_pause_and_all_of_it_after() {
    let world = World::new().tree(&[("a.py", "x = 1\n")]);
    let (session, heard) = running(&world);
    wait_for(&heard, |notice| matches!(notice, Notice::Watch(WatchState::Live)));
    session.send(Request::Pause(true));
    wait_for(&heard, |notice| matches!(notice, Notice::Watch(WatchState::Paused)));
    world.edit("b.py", "y = 1\n");
    session.send(Request::Pause(false));
    wait_for_board(&heard, |board| board.tree.files == 2);
}

#[test]
fn commits_are_looked_at_while_the_board_goes_on() {
    let world = World::new().tree(&[("a.py", "debug = 1\n")]).checklist(
        "title: T\ncategories: [{ id: t, title: T }]\nitems:\n  - { id: t.a, title: A, why: w, fix: f, priority: P0, probe: { text: { files: ['*.py'], forbid: debug } } }\n",
    );
    let world = world.git();
    world.git_does(&["switch", "-q", "-c", "feature"]);
    world.edit("a.py", "x = 1\n").commit();
    let (session, heard) = running(&world);
    wait_for(&heard, |notice| matches!(notice, Notice::Watch(WatchState::Live)));
    session.send(Request::LookBack(LookBack::History));
    session.send(Request::LookBack(LookBack::Base));
    let (mut history, mut base) = (None, None);
    while history.is_none() || base.is_none() {
        match heard.recv_timeout(PATIENCE).unwrap() {
            Notice::History(Looked::Found(found)) => history = Some(found),
            Notice::Base(found) => base = Some(found.unwrap()),
            _ => {}
        }
    }
    let flips = history.unwrap().steps[0].measured.as_ref().unwrap().difference.clone().unwrap().flips;
    assert_eq!((flips[0].item.as_str(), flips[0].to), ("t.a", Status::Passed));
    let base = base.unwrap();
    assert_eq!((base.name.as_str(), base.statuses["t.a"]), ("main", Status::Failed));
    world.edit("a.py", "debug = 1\n");
    wait_for_board(&heard, |board| board.rows[0].status == Status::Failed);
    // What nobody waits for any more says nothing.
    session.send(Request::LookBack(LookBack::History));
    session.send(Request::StopLooking);
    session.send(Request::Init);
    wait_for(&heard, |notice| {
        assert!(!matches!(notice, Notice::History(Looked::Failed(_))), "{notice:?}");
        matches!(notice, Notice::Message(_))
    });
}
