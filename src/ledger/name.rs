//! Names: of decisions, and of the items whose folders hold them.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `20261121T204107.123Z-k3v9x2qa`: sorts by time, and no two meet in one millisecond.
#[must_use]
pub fn new_name(at: Timestamp) -> String {
    let time = at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%S.%3fZ");
    format!("{time}-{}", random_word())
}

/// Why `id` cannot be the name of a folder, or nothing. What a checklist allows is stricter than what a file
/// system does, so that an id is one folder on every platform and never a way out of the ledger.
#[must_use]
pub fn refuse_id(id: &str) -> Option<&'static str> {
    let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-');
    if id.is_empty() || id.len() > ID_CAP {
        Some("an item's id has 1 to 120 characters")
    } else if !id.bytes().all(is_plain) {
        Some("an item's id holds only a-z, 0-9, dots, dashes and underscores")
    } else if id.starts_with('.') || id.contains("..") {
        Some("an item's id has no dot at its start and no two in a row")
    } else {
        None
    }
}

const ID_CAP: usize = 120;

/// Forty bits from the system's randomness, told apart by process and by call.
fn random_word() -> String {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

    let seed = RandomState::new().hash_one(CALLS.fetch_add(1, Ordering::Relaxed));
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes()).update(&std::process::id().to_le_bytes());
    let digit = |byte: &u8| char::from(DIGITS[usize::from(byte % 32)]);
    hasher.finalize().as_bytes()[..8].iter().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_time_and_is_never_the_same_twice() {
        let at: Timestamp = "2026-11-21T20:41:07.123456Z".parse().unwrap();
        let names: std::collections::BTreeSet<String> = (0..10_000).map(|_| new_name(at)).collect();
        assert_eq!(names.len(), 10_000);
        assert!(names.iter().all(|name| name.starts_with("20261121T204107.123Z-") && name.len() == 29));
    }

    #[test]
    fn an_id_that_could_leave_its_folder_is_refused() {
        for id in ["", ".", "..", ".a", "a..b", "a/b", "/a", "A", "a\u{1b}", "a\\b", "é", &"a".repeat(121)] {
            assert!(refuse_id(id).is_some(), "{id:?}");
        }
        for id in ["dr.restore-rehearsed", "a", "x_1.y-2", &"a".repeat(120)] {
            assert_eq!(refuse_id(id), None, "{id:?}");
        }
    }
}
