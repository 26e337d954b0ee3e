//! What a service takes over from another file counts, and is looked at again when that file changes.

use std::collections::BTreeSet;

use gonogo::engine::progress::Progress;
use gonogo::probe::outcome::Answer;
use gonogo::session::Session;

use crate::world::{World, row};

const ITEM: &str = "
categories: [{ id: t, title: T }]
tiers: [{ id: pilot, title: Pilot, gate: P0 }]
items:
  - { id: t.restart, title: T, why: w, fix: f, priority: P0, tier: pilot, probe: { query: { files: 'compose.yml', select: '$.services.*.restart', every: always, each: true } } }
";
const HEIR: &str = "services:\n  web:\n    extends: { file: common.yml, service: app }\n";

fn answer(session: &Session) -> Answer {
    row(session.board(), "t.restart").outcome.answer
}

#[test]
fn a_service_that_extends_another_file_follows_it() {
    let common = |restart: &str| format!("services:\n  app: {{ restart: {restart} }}\n");
    let world = World::new().checklist(ITEM).tree(&[("compose.yml", HEIR), ("common.yml", &common("always"))]);
    let mut session = world.session();
    assert_eq!(answer(&session), Answer::Pass);
    world.edit("common.yml", &common("never"));
    session.paths_changed(&BTreeSet::from(["common.yml".into()]), &Progress::default());
    assert_eq!(answer(&session), Answer::Fail);
    let evidence = &row(session.board(), "t.restart").outcome.evidence[0];
    assert_eq!(evidence.place(), "compose.yml:3", "shown where this file asks for it");
}

#[test]
fn what_cannot_be_followed_leaves_the_answer_open() {
    let world = World::new().checklist(ITEM).tree(&[("compose.yml", HEIR)]);
    let mut session = world.session();
    assert_eq!(answer(&session), Answer::Unknown);
    world.edit("common.yml", "services:\n  app: { restart: always }\n");
    session.paths_changed(&BTreeSet::from(["common.yml".into()]), &Progress::default());
    assert_eq!(answer(&session), Answer::Pass);
}
