//! A text that must stand somewhere, with all that can be told of it without a regular expression.

use serde::{Deserialize, Serialize};

/// A text that is in a match.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Literal {
    /// As written; in lower case where the case does not matter.
    bytes: Vec<u8>,
    /// For each byte: whether its case does not matter.
    folded: Vec<bool>,
    /// A word begins or ends right before it, and right after it.
    left: bool,
    right: bool,
}

impl Literal {
    #[must_use]
    pub fn of(bytes: &[u8], folded: bool) -> Self {
        let cased = if folded { bytes.to_ascii_lowercase() } else { bytes.to_vec() };
        Self { bytes: cased, folded: vec![folded; bytes.len()], ..Self::default() }
    }

    /// `\b`: no text, but a word begins or ends there.
    #[must_use]
    pub fn word_end() -> Self {
        Self { left: true, right: true, ..Self::default() }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Goes on with another one right behind it.
    pub fn go_on(&mut self, next: &Self) {
        (self.left, self.right) = match (self.is_empty(), next.is_empty()) {
            (true, true) => (self.left || next.left, self.left || next.left),
            (true, false) => (self.left || next.left, next.right),
            (false, true) => (self.left, self.right || next.left),
            (false, false) => (self.left, next.right),
        };
        self.bytes.extend_from_slice(&next.bytes);
        self.folded.extend_from_slice(&next.folded);
    }

    /// Whether the other one stands wherever this one does.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        let (long, short) = (self.len(), other.len());
        let is_written = |at: usize| {
            let here = self.bytes[at..at + short].iter().zip(&self.folded[at..]);
            here.zip(other.bytes.iter().zip(&other.folded)).all(|((byte, folded), (wanted, may_fold))| match may_fold {
                true => byte.to_ascii_lowercase() == *wanted,
                false => byte == wanted && !folded,
            })
        };
        (0..(long + 1).saturating_sub(short)).any(|at| {
            (!other.left || (at == 0 && self.left))
                && (!other.right || (at + short == long && self.right))
                && is_written(at)
        })
    }

    /// What it may begin with.
    pub fn first_bytes(&self) -> impl Iterator<Item = u8> + use<> {
        let first = self.bytes.first().copied().zip(self.folded.first().copied());
        first.into_iter().flat_map(|(byte, folded)| [byte, if folded { byte.to_ascii_uppercase() } else { byte }])
    }

    /// How much it tells, in bits: how seldom a text of source code holds it, guessed from its letters.
    #[must_use]
    pub fn bits(&self) -> f64 {
        let each = |byte: &u8| match byte {
            b' ' => 2.5,
            letter if letter.is_ascii_alphabetic() => 3.0,
            _ => 4.5,
        };
        let ends = u8::from(self.left) + u8::from(self.right);
        self.bytes.iter().map(each).sum::<f64>() + f64::from(ends)
    }

    /// As the pattern writes it, but for the case where that does not matter.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether it stands at this place as the pattern writes it.
    #[must_use]
    pub fn stands_at(&self, text: &[u8], start: usize) -> bool {
        let end = start + self.bytes.len();
        let is_word = |at: Option<&u8>| at.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let before = start.checked_sub(1).and_then(|at| text.get(at));
        (!self.left || is_word(before) != is_word(self.bytes.first()))
            && (!self.right || is_word(text.get(end)) != is_word(self.bytes.last()))
            && text.get(start..end).is_some_and(|found| self.is_written(found))
    }

    fn is_written(&self, found: &[u8]) -> bool {
        let mut pairs = found.iter().zip(&self.bytes).zip(&self.folded);
        found == self.bytes
            || pairs.all(|((found, byte), folded)| found == byte || (*folded && found.eq_ignore_ascii_case(byte)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_literal() -> impl Strategy<Value = Literal> {
        let part = prop_oneof![
            ("[abAB_.]{1,3}", any::<bool>()).prop_map(|(text, folded)| Literal::of(text.as_bytes(), folded)),
            Just(Literal::word_end()),
        ];
        let join = |parts: Vec<Literal>| {
            let mut all = Literal::default();
            parts.iter().for_each(|part| all.go_on(part));
            all
        };
        prop::collection::vec(part, 1..4).prop_map(join).prop_filter("no text", |literal| !literal.is_empty())
    }

    #[test]
    fn what_is_longer_and_rarer_tells_more() {
        let bits = |text: &[u8]| Literal::of(text, false).bits();
        assert!(bits(b"limit_req") > bits(b"limit") && bits(b".get(") > bits(b"get") && bits(b"a_") > bits(b"a "));
    }

    proptest! {
        #[test]
        fn what_one_holds_stands_wherever_it_stands(
            one in any_literal(), other in any_literal(), text in "[abAB_. ]{0,12}",
        ) {
            let stands = |literal: &Literal| (0..text.len()).any(|at| literal.stands_at(text.as_bytes(), at));
            if one.holds(&other) && stands(&one) {
                prop_assert!(stands(&other), "{one:?} {other:?} {text}");
            }
        }
    }
}
