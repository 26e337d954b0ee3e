//! What makes a match of a token's pattern count: that it looks drawn by lot, or that its check digits are right.

use crate::checklist::model::Checksum;

/// The digits of base 62 as issuers of tokens order them.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// How many digits a CRC-32 takes, zeros in front.
const CHECK: usize = 6;

/// What the first group of a match, or the whole of it, must be. Without any wish everything is right.
#[derive(Clone, Copy, Debug, Default)]
pub struct Proof {
    /// Bits per character.
    pub entropy: Option<f64>,
    pub checksum: Option<Checksum>,
}

impl Proof {
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.entropy.is_some() || self.checksum.is_some()
    }

    #[must_use]
    pub fn holds(&self, token: &[u8]) -> bool {
        let random = self.entropy.is_none_or(|least| entropy(token) >= least);
        let checked = match self.checksum {
            None => true,
            Some(Checksum::Crc32Base62) => ends_in_its_crc(token),
        };
        random && checked
    }
}

/// Shannon's, in bits per byte.
fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    bytes.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    let length = bytes.len() as f64;
    counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / length).map(|p| -p * p.log2()).sum()
}

fn ends_in_its_crc(token: &[u8]) -> bool {
    let Some((body, check)) = token.split_last_chunk::<CHECK>() else { return false };
    let mut rest = crc32(body);
    let mut digits = [b'0'; CHECK];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(rest % 62) as usize];
        rest /= 62;
    }
    !body.is_empty() && digits == *check
}

/// The CRC of zip and of Ethernet, bit by bit: tokens are short and few.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crc_is_the_one_that_everybody_computes() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn the_last_six_digits_check_those_before() {
        let proof = Proof { checksum: Some(Checksum::Crc32Base62), entropy: None };
        let token = format!("{}{}", "a".repeat(30), "1XP00D");
        let digits = |mut rest: u32| {
            let mut all = Vec::new();
            (0..6).for_each(|_| {
                all.insert(0, DIGITS[(rest % 62) as usize]);
                rest /= 62;
            });
            String::from_utf8(all).unwrap()
        };
        let right = format!("{}{}", "a".repeat(30), digits(crc32("a".repeat(30).as_bytes())));
        assert!(proof.holds(right.as_bytes()));
        assert_eq!(proof.holds(token.as_bytes()), token == right);
        assert!(!proof.holds(b"000000") && !proof.holds(b"abc") && !proof.holds(b""));
    }

    #[test]
    fn words_and_keyboards_are_no_lot() {
        assert!(entropy(b"aaaaaaaa") < 0.01);
        assert!((entropy(b"abcdefgh") - 3.0).abs() < 0.01);
        let proof = Proof { entropy: Some(3.0), checksum: None };
        assert!(proof.holds(b"AQ3EGRMJTLK4WXN5Z") && !proof.holds(b"XXXXXXXXXXXXXXXX"));
    }
}
