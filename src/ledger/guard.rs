//! What keeps a prepared file from keeping the YAML parser busy, or the memory full.

use std::fmt;

use granit_parser::{Event, Marker, Parser};
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};

use crate::ledger::wire::{Fault, SIZE_CAP, shown};

/// The decision itself, and a list or map in it.
const DEPTH_CAP: usize = 2;
const FEW_BRACKETS: usize = 256;

/// Refuses collections within collections within collections: the time that they take to parse grows with the square
/// of their depth, to minutes for one file. Few brackets cannot nest deep; many must satisfy a parser that counts.
pub(crate) fn refuse_depth(text: &str) -> Result<(), Fault> {
    if text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count() <= FEW_BRACKETS {
        return Ok(());
    }
    let mut depth = 0_usize;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| fault_at(error.marker(), shown(&error.info())))?;
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
            Event::MappingEnd | Event::SequenceEnd => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_CAP {
            return Err(fault_at(&span.start, "nested deeper than a decision is".to_owned()));
        }
    }
    Ok(())
}

/// A list of words that together are no longer than a file may be: an alias repeats a long word for two bytes.
pub(crate) fn bounded_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Words;

    impl<'de> Visitor<'de> for Words {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of words")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Vec::new())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut words: Vec<String> = Vec::new();
            let mut length = 0;
            while let Some(word) = list.next_element::<String>()? {
                length += word.len() + 1;
                if length > SIZE_CAP {
                    return Err(A::Error::custom("a list that unfolds to more than a decision may hold"));
                }
                words.push(word);
            }
            Ok(words)
        }
    }

    deserializer.deserialize_any(Words)
}

fn fault_at(place: &Marker, message: String) -> Fault {
    Fault { line: place.line().max(1), column: place.col() + 1, message }
}
