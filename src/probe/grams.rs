//! Where any of many literals may stand in a text. Each is known by the rarest four bytes of it, or by all that it has
//! where it is shorter, and a few bits tell of almost every place in a text that none of them stands there. An automaton
//! would tell the same, but one of so many words does not fit into the processor's caches.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::probe::literal::Literal;

/// Upper case becomes lower case; some other bytes become one, too, and whoever is told of a place looks again.
const FOLD: u64 = 0x2020_2020_2020_2020;
/// What is compared before anybody is told: as much as a register holds.
const COMPARED: usize = 8;
/// Bits for each gram: one in so many places is looked at in vain.
const ROOM: usize = 64;
/// Grams that share a bit in a table of no more than `2^FEWEST` bits.
const FEWEST: u32 = 8;
/// Letters as source code has them, the most frequent first.
const FREQUENT: &[u8] = b"etaoinsrlcdumpfghbyvwxkqjz";

/// What many literals are known by.
#[derive(Debug, Default)]
pub(super) struct Grams {
    fours: Table,
    /// For literals of two bytes.
    twos: Table,
}

/// Grams of one length.
#[derive(Debug, Default)]
struct Table {
    /// How far a hash is shifted to become the number of a bit.
    shift: u32,
    bits: Vec<u64>,
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

impl Grams {
    /// `literals` have two bytes at least; a shorter one is never found.
    pub(super) fn new<'l>(literals: impl Iterator<Item = &'l Literal> + Clone) -> Self {
        // What many of the literals hold is frequent in every text.
        let mut frequency: HashMap<u64, usize> = HashMap::new();
        for window in literals.clone().flat_map(windows) {
            *frequency.entry(folded(window)).or_default() += 1;
        }
        let (mut fours, mut twos) = (Vec::new(), Vec::new());
        for (number, literal) in literals.enumerate() {
            let rank = |window: &[u8]| (Reverse(frequency.get(&folded(window)).copied()), rarity(window));
            let rarest = windows(literal).enumerate().max_by_key(|(_, window)| rank(window));
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
        Self { fours: Table::new(fours), twos: Table::new(twos) }
    }

    /// Tells of each literal by its number, and where in `text` it begins if it is there, in such an order that lines
    /// come one after the other.
    pub(super) fn scan(&self, text: &[u8], mut found: impl FnMut(usize, usize)) {
        if self.twos.grams.is_empty() {
            return each(text, |at, bytes| self.fours.look(bytes as u32, bytes, at, &mut found));
        }
        each(text, |at, bytes| {
            self.fours.look(bytes as u32, bytes, at, &mut found);
            self.twos.look(bytes as u32 & 0xffff, bytes, at, &mut found);
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

impl Table {
    fn new(mut grams: Vec<Gram>) -> Self {
        if grams.is_empty() {
            return Self::default();
        }
        let power = (grams.len() * ROOM).next_power_of_two().ilog2().max(FEWEST);
        let mut table = Self { shift: u32::BITS - power, bits: vec![0; 1 << (power - 6)], ..Self::default() };
        grams.sort_by_key(|gram| (table.bit(gram.bytes), gram.bytes, gram.literal));
        for gram in &grams {
            let bit = table.bit(gram.bytes);
            table.bits[bit / 64] |= 1 << (bit % 64);
        }
        let before = |word: usize| grams.partition_point(|gram| table.bit(gram.bytes) / 64 < word) as u32;
        let starts = (0..=table.bits.len()).map(before).collect();
        Self { starts, grams, ..table }
    }

    fn bit(&self, bytes: u32) -> usize {
        (bytes.wrapping_mul(0x9e37_79b1) >> self.shift) as usize
    }

    /// `more` are the bytes at this place and behind it.
    #[inline(always)]
    fn look(&self, bytes: u32, more: u64, at: usize, found: &mut impl FnMut(usize, usize)) {
        let bit = self.bit(bytes);
        if self.bits.get(bit / 64).is_some_and(|bits| bits >> (bit % 64) & 1 == 1) {
            self.tell(bit / 64, more, at, found);
        }
    }

    #[inline(never)]
    fn tell(&self, word: usize, more: u64, at: usize, found: &mut impl FnMut(usize, usize)) {
        let grams = &self.grams[self.starts[word] as usize..self.starts[word + 1] as usize];
        for gram in grams.iter().filter(|gram| (gram.more ^ more) & gram.mask == 0) {
            if let Some(start) = at.checked_sub(gram.offset as usize) {
                found(gram.literal as usize, start);
            }
        }
    }
}

/// The bytes that a literal may be known by.
fn windows(literal: &Literal) -> impl Iterator<Item = &[u8]> {
    literal.bytes().windows(literal.bytes().len().clamp(2, 4))
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
            let mut told = Vec::new();
            Grams::new(literals.iter()).scan(text.as_bytes(), |literal, start| told.push((literal, start)));
            for (number, literal) in literals.iter().enumerate() {
                for start in (0..text.len()).filter(|start| literal.stands_at(text.as_bytes(), *start)) {
                    prop_assert!(told.contains(&(number, start)), "{:?} at {start}", words[number]);
                }
            }
            let is_there = |(literal, start): &&(usize, usize)| literals[*literal].stands_at(text.as_bytes(), *start);
            let lines: Vec<usize> =
                told.iter().filter(is_there).map(|(_, start)| text[..*start].matches('\n').count()).collect();
            prop_assert!(lines.is_sorted(), "{lines:?}");
        }
    }

    #[test]
    fn a_text_without_any_of_them_is_hardly_looked_at() {
        let literals: Vec<Literal> =
            (0..500).map(|number| Literal::of(format!("key{number}").as_bytes(), true)).collect();
        let text: String = (0..20_000).map(|number| format!("{number} ")).collect();
        let mut told = 0;
        Grams::new(literals.iter()).scan(text.as_bytes(), |_, _| told += 1);
        assert!(told < text.len() / 200, "{told} of {}", text.len());
    }
}
