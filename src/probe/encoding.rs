//! `encoding`: text that is no UTF-8, that was decoded wrongly once, or that a merge left behind.

use memchr::memchr;

use crate::checklist::faults::{EncodingFault, EncodingProbe};
use crate::probe::fact::{Facts, Hit, key_of};
use crate::probe::finding::{Gathered, Verdict};
use crate::probe::outcome::Outcome;
use crate::text::mojibake;
use crate::text::redact::redact;
use crate::text::visible::clip;

/// How much of a wrong sequence is shown.
const SHOWN: usize = 40;

/// An encoding probe ready to run.
#[derive(Debug)]
pub struct Encoding {
    forbid: Vec<EncodingFault>,
}

/// What is wrong at a place: from which byte of the line to which, and in words.
struct Fault {
    line: usize,
    start: usize,
    end: usize,
    message: String,
}

impl Encoding {
    #[must_use]
    pub fn new(probe: &EncodingProbe) -> Self {
        Self { forbid: probe.forbid.clone() }
    }

    fn forbids(&self, fault: EncodingFault) -> bool {
        self.forbid.contains(&fault)
    }

    /// Each kind of fault is told once a line. `text` is what `raw` says in UTF-8, without its mark.
    #[must_use]
    pub fn map(&self, raw: &[u8], text: &[u8]) -> Facts {
        let mut faults = Vec::new();
        match mark(raw) {
            Some(utf_8 @ "UTF-8") if self.forbids(EncodingFault::Bom) => {
                faults.push(Fault { line: 0, start: 0, end: 0, message: format!("a byte order mark ({utf_8})") });
            }
            // Whoever forbids a mark or what is no UTF-8 forbids this.
            Some(other)
                if other != "UTF-8" && (self.forbids(EncodingFault::Invalid) || self.forbids(EncodingFault::Bom)) =>
            {
                faults.push(Fault {
                    line: 0,
                    start: 0,
                    end: 0,
                    message: format!("{other} with a byte order mark, not UTF-8"),
                });
            }
            _ => {}
        }
        let lines: Vec<&[u8]> = lines(text).collect();
        for (number, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_ascii()) {
            self.look_at(number, line, &mut faults);
        }
        if self.forbids(EncodingFault::ConflictMarkers) {
            conflicts(&lines, &mut faults);
        }
        faults.sort_by_key(|fault| (fault.line, fault.start));
        let mut facts = Facts::default();
        for fault in faults {
            facts.add(|| hit(&fault, lines.get(fault.line).copied().unwrap_or_default()));
        }
        facts
    }

    /// What stands in one line that is not ASCII.
    fn look_at(&self, number: usize, line: &[u8], faults: &mut Vec<Fault>) {
        let mut add =
            |start: usize, end: usize, message: String| faults.push(Fault { line: number, start, end, message });
        let text = match std::str::from_utf8(line) {
            Ok(text) => text,
            Err(error) => {
                if self.forbids(EncodingFault::Invalid) {
                    let start = error.valid_up_to();
                    let end = error.error_len().map_or(line.len(), |length| start + length);
                    let bytes: Vec<String> = line[start..end].iter().map(|byte| format!("{byte:02X}")).collect();
                    add(start, end, format!("no UTF-8: byte {}{}", bytes.join(" "), guess(&line[start..end])));
                }
                // What is mixed up beside it is told once the file is UTF-8.
                return;
            }
        };
        if self.forbids(EncodingFault::Replacement)
            && let Some(at) = text.find('\u{fffd}')
        {
            add(at, at + '\u{fffd}'.len_utf8(), "a replacement character (U+FFFD): what stood here is lost".to_owned());
        }
        if self.forbids(EncodingFault::Mojibake)
            && let Some(found) = mojibake::find(text)
        {
            let wrong = clip(&text[found.range.clone()], SHOWN).into_owned();
            let message = format!("\"{wrong}\" is \"{}\", read as {}", clip(&found.meant, SHOWN), found.codec);
            add(found.range.start, found.range.end, message);
        }
        if self.forbids(EncodingFault::Bom) && text.starts_with('\u{feff}') {
            add(0, 3, "a byte order mark in the middle of the file".to_owned());
        }
    }
}

impl Encoding {
    #[must_use]
    pub fn reduce(&self, gathered: &Gathered<'_>) -> Outcome {
        Verdict::new(gathered, &"").forbid()
    }
}

/// The encoding that a mark at the start names.
fn mark(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => Some("UTF-8"),
        [0xff, 0xfe, 0, 0, ..] => Some("UTF-32 (little endian)"),
        [0xff, 0xfe, ..] => Some("UTF-16 (little endian)"),
        [0xfe, 0xff, ..] => Some("UTF-16 (big endian)"),
        _ => None,
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (line, after) = match memchr(b'\n', text) {
            Some(end) => (&text[..end], Some(&text[end + 1..])),
            None => (text, None),
        };
        rest = after;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    })
}

/// The letter that one byte is in the encoding that most such files have.
fn guess(bytes: &[u8]) -> String {
    match bytes {
        [byte @ 0xa1..=0xff] => format!(" (\"{}\" in Windows-1252)", char::from(*byte)),
        _ => String::new(),
    }
}

/// The markers of merges that were never finished. `=======` alone underlines a heading; it counts between the others.
fn conflicts(lines: &[&[u8]], faults: &mut Vec<Fault>) {
    let mut open: Option<usize> = None;
    let mut inside: Vec<usize> = Vec::new();
    let fault = |line: usize| {
        let message = format!("a conflict marker, {}", String::from_utf8_lossy(&lines[line][..7]));
        Fault { line, start: 0, end: 7, message }
    };
    for (number, line) in lines.iter().enumerate() {
        match marker(line) {
            Some((b'<', has_label)) => {
                open = has_label.then_some(number);
                faults.extend(open.map(fault));
                inside.clear();
            }
            Some((b'=' | b'|', _)) if open.is_some() => inside.push(number),
            Some((b'>', true)) => {
                faults.extend(inside.drain(..).map(fault));
                faults.push(fault(number));
                open = None;
            }
            _ => {}
        }
    }
}

/// Which marker a line is, and whether something is named beside it.
fn marker(line: &[u8]) -> Option<(u8, bool)> {
    let first = *line.first().filter(|byte| b"<|=>".contains(byte))?;
    let length = line.iter().take_while(|byte| **byte == first).count();
    let rest = &line[length.min(line.len())..];
    let is_marker = length == 7 && (rest.is_empty() || (rest[0] == b' ' && first != b'='));
    is_marker.then_some((first, rest.len() > 1))
}

fn hit(fault: &Fault, line: &[u8]) -> Hit {
    let column = |at: usize| String::from_utf8_lossy(&line[..at.min(line.len())]).chars().count() as u32 + 1;
    let text = String::from_utf8_lossy(line);
    let number = fault.line as u32 + 1;
    Hit {
        line: number,
        column: column(fault.start),
        end_line: number,
        end_column: column(fault.end),
        excerpt: redact(&text, 0..0).trim().to_owned(),
        message: fault.message.clone(),
        key: key_of(&[line, fault.message.as_bytes()].concat()),
    }
}
