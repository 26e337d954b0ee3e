//! Where any of many literals may stand in a text. Each is known by the rarest four bytes of it, or by all that it has
//! where it is shorter, and a few bits tell of almost every place in a text that none of them stands there. An automaton
//! would tell the same, but one of so many words does not fit into the processor's caches.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::probe::literal::Literal;

/// Upper case becomes lower case; some other bytes become one, too, and whoever is told of a place looks again.
const FOLD: u64 = 0x2020_2020_2020_2020;
/// What is compared before anybody is told: as much as a register holds.
const COMPARED: usize = 8;
/// Letters as source code has them, the most frequent first.
const FREQUENT: &[u8] = b"etaoinsrlcdumpfghbyvwxkqjz";

/// Words of bits that suit thousands of literals and stay in the processor's nearest cache, and those that suit a few.
pub(super) const MANY: usize = 1 << 12;
pub(super) const FEW: usize = 1 << 3;
const TWOS: usize = 1 << 6;

/// What many literals are known by.
#[derive(Debug, Default)]
pub(super) struct Grams<const WORDS: usize> {
    fours: Table<WORDS>,
    /// For literals of two bytes.
    twos: Table<TWOS>,
}

/// Grams of one length.
#[derive(Debug)]
struct Table<const WORDS: usize> {
    bits: Box<[u64; WORDS]>,
    /// Where the grams of each word of bits begin among all grams, which are in the order of their bits.
    starts: Vec<u32>,
    grams: Vec<Gram>,
}

/// Some bytes of a literal, and those that follow.
#[derive(Clone, Copy, Debug)]
struct Gram {
    bytes: u32,
    more: u64,
    /// Which bits of `more` count.
    mask: u64,
    literal: u32,
    /// How many bytes of the literal stand before it.
    offset: u32,
}

impl<const WORDS: usize> Grams<WORDS> {
    /// `literals` have two bytes at least; a shorter one is never found.
    pub(super) fn new<'l>(literals: impl Iterator<Item = &'l Literal> + Clone) -> Self {
        // What many of the literals hold is frequent in every text.
        let mut frequency: HashMap<u64, usize, BuildHasherDefault<Spread>> = HashMap::default();
        for window in literals.clone().flat_map(Self::windows) {
            *frequency.entry(folded(window)).or_default() += 1;
        }
        let (mut fours, mut twos) = (Vec::new(), Vec::new());
        for (number, literal) in literals.enumerate() {
            let rank = |window: &[u8]| (Reverse(frequency.get(&folded(window)).copied()), rarity(window));
            let rarest = Self::windows(literal).enumerate().max_by_key(|(_, window)| rank(window));
            let Some((offset, rarest)) = rarest else { continue };
            let more = &literal.bytes()[offset..literal.bytes().len().min(offset + COMPARED)];
            let gram = Gram {
                bytes: folded(rarest) as u32,
                more: folded(more),
                mask: u64::MAX >> (8 * (COMPARED - more.len())),
                literal: number as u32,
                offset: offset as u32,
            };
            match rarest.len() {
                2 => twos.push(gram),
                // Whatever stands behind three bytes.
                3 => fours.extend(last_bytes().map(|last| Gram { bytes: gram.bytes | last << 24, ..gram })),
                _ => fours.push(gram),
            }
        }
        Self { fours: Table::new(&fours), twos: Table::new(&twos) }
    }

    /// The bytes that a literal may be known by. One of three has as many grams as there are bytes behind it: too many
    /// where there is room for few.
    fn windows(literal: &Literal) -> impl Iterator<Item = &[u8]> {
        let length = match literal.bytes().len() {
            3 if WORDS == FEW => 2,
            length => length.clamp(2, 4),
        };
        literal.bytes().windows(length)
    }

    /// Tells of each literal by its number, and where in `text` it begins if it is there, in such an order that lines
    /// come one after the other.
    pub(super) fn scan(&self, text: &[u8], mut found: impl FnMut(usize, usize)) {
        if self.twos.grams.is_empty() {
            return each(text, |at, bytes| {
                if self.fours.may_hold(bytes as u32) {
                    self.fours.tell(bytes as u32, bytes, at, &mut found);
                }
            });
        }
        each(text, |at, bytes| {
            let (four, two) = (bytes as u32, bytes as u32 & 0xffff);
            if self.fours.may_hold(four) {
                self.fours.tell(four, bytes, at, &mut found);
            }
            if self.twos.may_hold(two) {
                self.twos.tell(two, bytes, at, &mut found);
            }
        });
    }
}

/// Calls `look` at each place with what stands there and behind it, folded.
#[inline(always)]
fn each(text: &[u8], mut look: impl FnMut(usize, u64)) {
    for (at, bytes) in text.array_windows().enumerate() {
        look(at, u64::from_le_bytes(*bytes) | FOLD);
    }
    // Behind the last bytes there is nothing to compare.
    let last = (text.len() + 1).saturating_sub(COMPARED);
    let mut end = [0; 2 * COMPARED];
    end[..text.len() - last].copy_from_slice(&text[last..]);
    for (at, bytes) in (last..text.len()).zip(end.array_windows()) {
        look(at, u64::from_le_bytes(*bytes) | FOLD);
    }
}

impl<const WORDS: usize> Default for Table<WORDS> {
    fn default() -> Self {
        Self { bits: Box::new([0; WORDS]), starts: vec![0; WORDS + 1], grams: Vec::new() }
    }
}

impl<const WORDS: usize> Table<WORDS> {
    /// How far a hash is shifted to become the number of a word. The compiler sees that there is such a word.
    const SHIFT: u32 = u32::BITS - WORDS.ilog2();

    fn new(grams: &[Gram]) -> Self {
        let mut table = Self::default();
        let word = |gram: &Gram| (hash(gram.bytes) >> Self::SHIFT) as usize;
        for gram in grams {
            table.bits[word(gram)] |= 1 << bit(hash(gram.bytes), Self::SHIFT);
            table.starts[word(gram) + 1] += 1;
        }
        for word in 0..WORDS {
            table.starts[word + 1] += table.starts[word];
        }
        // Their places are known: nothing needs to be sorted.
        let mut next = table.starts.clone();
        let mut in_order = grams.to_vec();
        for gram in grams {
            let place = &mut next[word(gram)];
            in_order[*place as usize] = *gram;
            *place += 1;
        }
        Self { grams: in_order, ..table }
    }

    #[inline(always)]
    fn may_hold(&self, bytes: u32) -> bool {
        let hash = hash(bytes);
        self.bits[(hash >> Self::SHIFT) as usize] >> bit(hash, Self::SHIFT) & 1 == 1
    }

    /// `more` are the bytes at this place and behind it.
    #[inline(never)]
    fn tell(&self, bytes: u32, more: u64, at: usize, found: &mut impl FnMut(usize, usize)) {
        let word = (hash(bytes) >> Self::SHIFT) as usize;
        let grams = &self.grams[self.starts[word] as usize..self.starts[word + 1] as usize];
        for gram in grams.iter().filter(|gram| (gram.more ^ more) & gram.mask == 0) {
            if let Some(start) = at.checked_sub(gram.offset as usize) {
                found(gram.literal as usize, start);
            }
        }
    }
}

/// Spreads the few bytes of a window over a whole number: there are tens of thousands to be counted, and nobody chooses
/// them to harm a table that lives for a moment.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

fn hash(bytes: u32) -> u32 {
    bytes.wrapping_mul(0x9e37_79b1)
}

/// The bit of a word that stands for a hash.
fn bit(hash: u32, shift: u32) -> u32 {
    hash >> (shift - 6) & 63
}

/// Every byte, folded.
fn last_bytes() -> impl Iterator<Item = u32> {
    (0..=u32::from(u8::MAX)).filter(|byte| byte & FOLD as u32 & 0xff != 0)
}

/// As the bytes of a text are looked at.
fn folded(bytes: &[u8]) -> u64 {
    let byte = |(at, byte): (usize, &u8)| u64::from(byte | 0x20) << (8 * at);
    bytes.iter().enumerate().map(byte).sum()
}

fn rarity(bytes: &[u8]) -> usize {
    let each = |byte: &u8| match byte {
        b' ' => 0,
        letter => FREQUENT.iter().position(|one| *one == letter | 0x20).unwrap_or(FREQUENT.len() / 2),
    };
    bytes.iter().map(each).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What stands in a text is told of, at its place, and what is told of comes line by line.
        #[test]
        fn no_literal_is_missed(
            words in prop::collection::vec(r"[abAB_.@`\[é]{2,9}", 1..40), text in r"[abAB_.@`\[é\n ]{0,60}", folds: bool,
        ) {
            let literals: Vec<Literal> = words.iter().map(|word| Literal::of(word.as_bytes(), folds)).collect();
            check::<FEW>(&literals, &text)?;
            check::<MANY>(&literals, &text)?;
        }
    }

    fn check<const WORDS: usize>(literals: &[Literal], text: &str) -> Result<(), TestCaseError> {
        let mut told = Vec::new();
        Grams::<WORDS>::new(literals.iter()).scan(text.as_bytes(), |literal, start| told.push((literal, start)));
        for (number, literal) in literals.iter().enumerate() {
            for start in (0..text.len()).filter(|start| literal.stands_at(text.as_bytes(), *start)) {
                prop_assert!(told.contains(&(number, start)), "{literal:?} at {start}");
            }
        }
        let is_there = |(literal, start): &&(usize, usize)| literals[*literal].stands_at(text.as_bytes(), *start);
        let lines: Vec<usize> =
            told.iter().filter(is_there).map(|(_, start)| text[..*start].matches('\n').count()).collect();
        prop_assert!(lines.is_sorted(), "{lines:?}");
        Ok(())
    }

    #[test]
    fn a_text_without_any_of_them_is_hardly_looked_at() {
        let literals: Vec<Literal> =
            (0..500).map(|number| Literal::of(format!("key{number}").as_bytes(), true)).collect();
        let text: String = (0..20_000).map(|number| format!("{number} ")).collect();
        let mut told = 0;
        Grams::<MANY>::new(literals.iter()).scan(text.as_bytes(), |_, _| told += 1);
        assert!(told < text.len() / 200, "{told} of {}", text.len());
    }
}
