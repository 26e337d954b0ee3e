//! A session on its thread, as the dashboard has it.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use gonogo::readiness::board::Board;
use gonogo::session::Prepared;
use gonogo::session::message::{Notice, Request};
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
