//! JSON as people read it, harmless on a terminal: C0 is escaped by itself, and what else could move a cursor or reorder
//! text can only stand inside strings, where an escape means the same character.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};

use crate::text::visible::is_hostile;

/// Writes a report and the end of its last line.
///
/// # Errors
/// Those of the writer.
pub(super) fn write(report: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(64 << 10, out);
    report.serialize(&mut Serializer::with_formatter(&mut out, Harmless(PrettyFormatter::new())))?;
    out.write_all(b"\n")?;
    out.flush()
}

struct Harmless(PrettyFormatter<'static>);

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        let mut from = 0;
        for (at, c) in text.char_indices().filter(|(_, c)| is_hostile(*c)) {
            out.write_all(&text.as_bytes()[from..at])?;
            c.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(out, "\\u{unit:04x}"))?;
            from = at + c.len_utf8();
        }
        out.write_all(&text.as_bytes()[from..])
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, is_first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, is_first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, is_first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, is_first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_the_same_json_and_nothing_in_it_is_hostile(
            said in btree_map("[a\u{202e}]{0,3}", vec(any::<String>(), 0..3), 0..3),
            more in "[\u{1b}\u{7f}\u{9b}\u{202e}\u{feff}\u{e0041}aé\n\t\"\\\\]{0,12}",
        ) {
            let said = (said, more);
            let mut written = Vec::new();
            write(&said, &mut written).unwrap();
            let written = String::from_utf8(written).unwrap();
            prop_assert!(written.ends_with('\n'));
            prop_assert!(written.chars().all(|c| c == '\n' || !is_hostile(c)), "{written:?}");
            let read: (BTreeMap<String, Vec<String>>, String) = serde_json::from_str(&written).unwrap();
            let usual = serde_json::to_string_pretty(&read).unwrap();
            prop_assert_eq!(written.lines().count(), usual.lines().count());
            prop_assert_eq!(read, said);
        }
    }
}
