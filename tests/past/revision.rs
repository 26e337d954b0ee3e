//! A commit says what a checkout of it says.

use gonogo::engine::progress::Progress;
use gonogo::session::past::{Clock, Inquiry, Ruler};
use gonogo::session::{Prepared, Session, Settings};
use proptest::prelude::*;

use super::chronicle::{Chronicle, Edit, edit};
use super::{differing, told_of};
use crate::place::Place;

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(8)
}

fn compare(edits: &[Edit], which: &prop::sample::Index) -> Result<(), TestCaseError> {
    let chronicle = Chronicle::of(edits);
    let commits = chronicle.commits();
    let id = &commits[which.index(commits.len())];
    let copy = Place::repository();
    copy.git(&["fetch", "-q", chronicle.world.root().to_str().unwrap(), id]);
    copy.git(&["checkout", "-q", "FETCH_HEAD"]);
    let settings = Settings { path: copy.root, ..chronicle.world.settings() };
    let checkout = Session::open(&settings, &Progress::default()).map_err(|why| why.to_string());
    let clock = Clock::At(settings.at.unwrap());
    let prepared = Prepared::new(chronicle.world.settings()).unwrap();
    let inquiry = Inquiry::new(&prepared, Ruler::Own, clock).unwrap();
    let past = inquiry.at(id, &Progress::default()).map_err(|why| why.replacen(&format!("{id}: "), "", 1));
    let past = past.map(|mut past| told_of(&past.board()));
    let checkout = checkout.map(|session| told_of(session.board()));
    prop_assert_eq!(differing(&past, &checkout), Vec::<String>::new());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 300, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn a_commit_says_what_a_checkout_of_it_says(
        edits in prop::collection::vec(edit(), 1..12),
        which in any::<prop::sample::Index>(),
    ) {
        compare(&edits, &which)?;
    }
}
