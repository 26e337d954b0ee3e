//! The score is an interval: what is proven, and what could still turn out well.

use crate::checklist::model::Priority;
use crate::readiness::board::Score;
use crate::readiness::status::Status;

/// Weighs statuses by priority. `low` counts what is unproven as 0, `high` as 1; what failed or is waived
/// earns nothing at either end, and only what is not applicable leaves the denominator.
/// Both ends are rounded down, so 100 is never a rounded 99.6.
#[must_use]
pub fn score(statuses: impl IntoIterator<Item = (Priority, Status)>) -> Score {
    let (mut proven, mut possible, mut total) = (0_u64, 0_u64, 0_u64);
    let mut score = Score::default();
    for (priority, status) in statuses {
        if status == Status::NotApplicable {
            score.not_applicable += 1;
            continue;
        }
        let weight = u64::from(priority.weight());
        score.applicable += 1;
        total += weight;
        proven += if status.is_ready() { weight } else { 0 };
        possible += if status.is_ready() || status.is_undecided() { weight } else { 0 };
    }
    score.low = per_cent(proven, total);
    score.high = per_cent(possible, total);
    score
}

fn per_cent(part: u64, whole: u64) -> u32 {
    (part * 100).checked_div(whole).and_then(|share| u32::try_from(share).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(statuses: &[(Priority, Status)]) -> (u32, u32) {
        let score = score(statuses.iter().copied());
        (score.low, score.high)
    }

    #[test]
    fn what_is_unproven_widens_the_interval_and_what_failed_lowers_it() {
        use Priority::{P0, P1, P3};
        assert_eq!(ends(&[]), (0, 0));
        assert_eq!(ends(&[(P0, Status::Passed), (P0, Status::Open)]), (50, 100));
        assert_eq!(ends(&[(P0, Status::Passed), (P1, Status::Failed)]), (66, 66));
        assert_eq!(ends(&[(P0, Status::Attested), (P0, Status::Waived)]), (50, 50));
        assert_eq!(ends(&[(P0, Status::Passed), (P0, Status::NotApplicable)]), (100, 100));
        assert_eq!(ends(&[(P0, Status::NotApplicable)]), (0, 0));
        assert_eq!(ends(&[(P3, Status::Likely)]), (0, 100));
    }
}
