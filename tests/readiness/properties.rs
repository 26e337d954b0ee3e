//! What holds of every board.

use std::sync::Arc;

use gonogo::checklist::model::{Confidence, Priority};
use gonogo::ledger::decision::Kind;
use gonogo::ledger::fold::{Position, Standing};
use gonogo::probe::outcome::{Answer, Outcome};
use gonogo::readiness::assemble::Entry;
use gonogo::readiness::board::{Board, Verdict};
use gonogo::readiness::freshness::Freshness;
use gonogo::readiness::score::score;
use gonogo::readiness::status::Status;
use gonogo::readiness::verdict::gate;
use proptest::prelude::*;

use crate::sample::*;

fn any_outcome() -> impl Strategy<Value = Entry> {
    prop_oneof![
        3 => Just(pass("a.a")),
        2 => Just(fail("a.a", &["x:1", "y:2"])),
        1 => Just(missing("a.a")),
        2 => Just(ask("a.a")),
        1 => Just(unknown("a.a")),
        1 => Just(not_applicable("a.a")),
    ]
}

fn any_words(entry: Entry, choice: u8) -> Entry {
    match choice {
        0 => entry.attested("Ana"),
        1 => entry.says(waiver("Ben", "2026-12-15")),
        2 => entry.says(waiver("Ben", "2026-01-01")),
        3 => entry.says(decision(Kind::NotApplicable, "Ana")),
        4 => entry.says(dismissal("Ana", &["x:1", "y:2"])),
        5 => entry.says(dismissal("Ana", &["x:1"])),
        6 => entry.disputed(decision(Kind::Attest, "Ana"), decision(Kind::NotApplicable, "Ben")),
        7 => entry.standing(|standing| standing.unreadable.push("x.yaml:1:1: torn".into())),
        8 => entry.item(|item| item.broken = Some("no probe".into())),
        _ => entry,
    }
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let shape = (0_usize..4, 0_usize..3, any::<bool>(), any::<bool>(), 0_u32..4);
    (any_outcome(), 0_u8..14, shape).prop_map(|(entry, words, (priority, tier, heuristic, stale, effort))| {
        let entry = any_words(entry, words).item(|item| {
            item.priority = Priority::ALL[priority];
            item.tier = tier;
            item.confidence = if heuristic { Confidence::Heuristic } else { Confidence::Certain };
            item.effort_minutes = effort * 10;
        });
        if stale { entry.stale() } else { entry }
    })
}

prop_compose! {
    fn any_sample()(
        entries in prop::collection::vec(any_entry(), 1..9),
        gates in prop::array::uniform3((0_usize..4, any::<bool>())),
    ) -> Sample {
        let mut sample = Sample::new();
        for (tier, (gate, confirm)) in sample.checklist.tiers.iter_mut().zip(gates) {
            (tier.gate, tier.confirm) = (Priority::ALL[gate], confirm);
        }
        for (number, entry) in entries.into_iter().enumerate() {
            sample = sample.item(entry.item(|item| item.id = format!("a.{number}")));
        }
        sample
    }
}

/// What doing a step means: the files are changed so that the probe passes, and where a person must speak,
/// they do, freshly and with one voice.
fn done(entry: &mut Entry, needs_person: bool) {
    let item = Arc::make_mut(&mut entry.item);
    item.broken = None;
    let standing = Arc::make_mut(&mut entry.standing);
    standing.unreadable.clear();
    if !entry.outcome.asks {
        let passes = Outcome {
            answer: Answer::Pass,
            reason: String::new(),
            evidence: vec![],
            found: 0,
            asks: false,
            beneath: None,
            parts: vec![],
            elements: vec![],
        };
        entry.outcome = Arc::new(passes);
    }
    if needs_person {
        entry.standing = Arc::new(Standing::default());
        entry.freshness = Freshness::Fresh;
        *entry = entry.clone().attested("Ana");
    }
}

fn statuses(board: &Board) -> Vec<(Priority, Status)> {
    board.rows.iter().map(|row| (row.item.priority, row.status)).collect()
}

proptest! {
    // The failing input is printed whole; a file of seeds beside the test would add nothing.
    #![proptest_config(ProptestConfig { failure_persistence: None, max_global_rejects: 1 << 20, ..Default::default() })]

    #[test]
    fn the_score_is_an_interval_and_full_only_when_all_that_applies_is_ready(sample in any_sample()) {
        let board = sample.board();
        for score in board.categories.iter().map(|category| category.score).chain([board.score]) {
            prop_assert!(score.low <= score.high && score.high <= 100);
        }
        let mut applicable = board.rows.iter().filter(|row| row.status != Status::NotApplicable).peekable();
        let all_ready = applicable.peek().is_some() && applicable.all(|row| row.status.is_ready());
        prop_assert_eq!(board.score.low == 100, all_ready);
    }

    #[test]
    fn waiving_raises_neither_end_of_the_score(sample in any_sample(), pick in any::<prop::sample::Index>()) {
        let mut waived = sample;
        let pick = pick.index(waived.entries.len());
        // Where a person had settled the item otherwise, a waiver takes that back; that is another question.
        let untouched = |entry: &mut Entry| Arc::make_mut(&mut entry.standing).position = Position::None;
        untouched(&mut waived.entries[pick]);
        let before = waived.board().score;
        waived.entries[pick] = waived.entries[pick].clone().says(waiver("Ben", "2026-12-15"));
        let after = waived.board().score;
        prop_assert!(after.low <= before.low && after.high <= before.high);
        prop_assert_eq!(after.applicable, before.applicable);
    }

    #[test]
    fn what_a_person_calls_not_applicable_leaves_the_score_and_is_counted(
        sample in any_sample(),
        pick in any::<prop::sample::Index>(),
    ) {
        let before = sample.board();
        let mut skipped = sample;
        let pick = pick.index(skipped.entries.len());
        skipped.entries[pick].freshness = Freshness::Fresh;
        skipped.entries[pick] = skipped.entries[pick].clone().says(decision(Kind::NotApplicable, "Ana"));
        let after = skipped.board();
        let mut without = statuses(&before);
        without.remove(pick);
        if after.rows[pick].status == Status::NotApplicable {
            let expected = score(without);
            prop_assert_eq!((after.score.low, after.score.high), (expected.low, expected.high));
            prop_assert_eq!(after.score.not_applicable, expected.not_applicable + 1);
        } else {
            // What stands in a file cannot be talked away: at most it is what it was, or unproven.
            prop_assert!(!after.rows[pick].status.is_ready() || after.score.low <= before.score.low);
        }
    }

    #[test]
    fn a_tier_is_go_only_when_no_gate_fails_and_later_tiers_are_never_better(sample in any_sample()) {
        let board = sample.board();
        for verdict in &board.verdicts {
            let gated = board.rows.iter().filter(|row| gate(&row.item, &board.tiers, verdict.tier).is_some());
            let (mut failed, mut open) = (false, false);
            for row in gated {
                failed |= row.status == Status::Failed;
                open |= row.status.is_undecided() && row.status != Status::Likely;
            }
            prop_assert_eq!(verdict.verdict == Verdict::NoGo, failed);
            prop_assert!(!(open && verdict.verdict < Verdict::Incomplete));
        }
        prop_assert!(board.verdicts.is_sorted_by_key(|verdict| verdict.verdict));
    }

    #[test]
    fn fixing_an_item_never_makes_a_verdict_or_the_score_worse(
        sample in any_sample(),
        pick in any::<prop::sample::Index>(),
        person in any::<bool>(),
    ) {
        let before = sample.board();
        let mut fixed = sample;
        let blocking: Vec<usize> = (0..before.rows.len())
            .filter(|&row| !before.rows[row].status.is_ready() && before.rows[row].status != Status::NotApplicable)
            .collect();
        prop_assume!(!blocking.is_empty());
        let pick = *pick.get(&blocking);
        done(&mut fixed.entries[pick], person);
        let after = fixed.board();
        for (before, after) in before.verdicts.iter().zip(&after.verdicts) {
            // Half a step can be worse than none: a waived hunch, once fixed, waits for its confirmation.
            let half = !person && before.path.iter().any(|step| step.row == pick && step.needs_person);
            prop_assert!(half || after.verdict <= before.verdict);
        }
        prop_assert!(after.rows[pick].status == Status::NotApplicable || after.score.low >= before.score.low);
    }

    #[test]
    fn following_the_path_leads_to_go(sample in any_sample()) {
        let board = sample.board();
        for verdict in &board.verdicts {
            let mut followed = sample.clone();
            for step in &verdict.path {
                done(&mut followed.entries[step.row], step.needs_person);
            }
            prop_assert_eq!(followed.board().verdicts[verdict.tier].verdict, Verdict::Go);
            prop_assert_eq!(verdict.path.is_empty(), verdict.verdict == Verdict::Go);
        }
    }
}
