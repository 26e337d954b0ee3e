//! Values that stand on another line than the name that makes them secret.

use std::ops::Range;

use crate::text::decode::lossy;
use crate::text::secret_names::{is_secret, next_stem};
use crate::text::secret_values::is_no_secret;

/// How far above its name may stand: a block of a few lines has its name over the first.
const REACH: usize = 40;

/// The secret on this line whose name stands in one of the lines above, the nearest first.
pub(super) fn carried(above: impl Iterator<Item: AsRef<[u8]>>, line: &str) -> Option<Range<usize>> {
    let indent = indentation(line);
    let blanks = &line.as_bytes()[..indent];
    let mut is_nearest = true;
    for previous in above.take(REACH) {
        let previous = previous.as_ref();
        // What begins as this line does is nothing that it stands below.
        if !is_nearest && previous.starts_with(blanks) {
            continue;
        }
        let Some(indented) = indentation_of(previous) else { continue };
        let is_parent = indented < indent;
        if is_nearest || is_parent {
            let previous = &*lossy(previous);
            if next_stem(previous, 0).is_some() {
                if names_what_follows(previous) {
                    return value(line, 0..line.len());
                }
                if names_its_value(previous) {
                    return after_value_key(line);
                }
            }
        }
        if is_parent || indent == 0 {
            return None;
        }
        is_nearest = false;
    }
    None
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The same of a line in the way that it is as text; none of one that is blank. Of many lines nothing else is asked.
fn indentation_of(line: &[u8]) -> Option<usize> {
    let first = line.iter().position(|byte| !matches!(byte, b'\t'..=b'\r' | b' '))?;
    if line[first].is_ascii() {
        return Some(first);
    }
    let text = lossy(line);
    Some(indentation(&text)).filter(|indent| *indent < text.len())
}

/// `password:`, `secret: |`, `"token":`, `password=(`, `PASSWORD = \`, `--password \`, `<password>`
fn names_what_follows(line: &str) -> bool {
    let text = line.trim();
    if let Some(tag) = text.strip_suffix('>').and_then(|text| text.rsplit_once('<')).map(|(_, tag)| tag) {
        return !tag.starts_with('/') && is_secret(tag.split(char::is_whitespace).next().unwrap_or(tag));
    }
    let openers = ["\\", "\"\"\"", "'''", "|", "|-", "|+", ">", ">-", ">+", "(", "`"];
    let longest = openers.iter().filter(|opener| text.ends_with(**opener)).max_by_key(|opener| opener.len());
    let head = longest.and_then(|opener| text.strip_suffix(opener)).unwrap_or(text).trim_end();
    let is_flag = longest == Some(&"\\") && last_name(head).starts_with("--");
    let named = head.strip_suffix("=>").or_else(|| head.strip_suffix([':', '=']));
    match named {
        Some(named) => is_secret(last_name(named.trim_end().trim_end_matches(['"', '\'', ']']))),
        None => is_flag && is_secret(last_name(head)),
    }
}

fn last_name(text: &str) -> &str {
    let start = text.rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
    start.map_or(text, |at| &text[at + text[at..].chars().next().map_or(1, char::len_utf8)..])
}

/// `- name: DB_PASSWORD`, `"key": "API_TOKEN",`, `<key>DbPassword</key>`
fn names_its_value(line: &str) -> bool {
    let text = line.trim();
    if let Some(name) = text.strip_prefix("<key>").and_then(|text| text.strip_suffix("</key>")) {
        return is_secret(name);
    }
    let Some((key, value)) = key_and_value(text) else { return false };
    let value = text[value].trim_matches(['"', '\'', ',', ' ']);
    matches!(key.as_str(), "name" | "key" | "variable" | "parametername" | "variablename")
        && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
        && is_secret(value.rsplit('/').next().unwrap_or(value))
}

/// `value: SECRET`, `"default": "SECRET"`, `<string>SECRET</string>`
fn after_value_key(line: &str) -> Option<Range<usize>> {
    let start = indentation(line);
    let text = line.trim();
    if let Some(inner) = text.strip_prefix("<string>") {
        let end = inner.find('<').unwrap_or(inner.len());
        return value(line, start + 8..start + 8 + end);
    }
    let (key, range) = key_and_value(text)?;
    let is_value = matches!(key.as_str(), "value" | "default" | "defaultvalue" | "secret" | "content");
    is_value.then(|| value(line, start + range.start..start + range.end))?
}

/// The key in lower case and the place of what it is given.
fn key_and_value(text: &str) -> Option<(String, Range<usize>)> {
    let at = text.find([':', '='])?;
    let key = text[..at].trim_start_matches(['-', '{', ' ']).trim_matches(['"', '\'', ' ']).to_ascii_lowercase();
    Some((key, at + 1..text.len()))
}

/// The text within, without what surrounds it, unless it is plainly no secret.
fn value(line: &str, within: Range<usize>) -> Option<Range<usize>> {
    let text = &line[within.clone()];
    let inner = text.trim_start().trim_start_matches(['"', '\'', '`']);
    let start = within.start + text.len() - inner.len();
    let inner = inner.trim_end().trim_end_matches(['"', '\'', '`', ',', ';', ')', '}', ']']);
    let is_list = text.trim_start().starts_with("- ");
    let is_pair = inner.ends_with(':') || inner.contains(": ") || inner.contains(" = ");
    (!is_list && !is_pair && !inner.starts_with(['<', '#']) && !is_no_secret(inner)).then(|| start..start + inner.len())
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_above_makes_a_value_secret() {
        for (above, line, secret) in [
            ("  - name: DB_PASSWORD", "    value: hunter2", "hunter2"),
            ("  \"name\": \"API_TOKEN\",", "  \"value\": \"hunter2\",", "hunter2"),
            ("password:", "  hunter2", "hunter2"),
            ("secret: |-", "  hun ter2", "hun ter2"),
            ("{\"a\": {\"token\":", "\"hunter2\"}}", "hunter2"),
            ("connect(password=(", "    \"hunter2\"))", "hunter2"),
            ("PASSWORD = \\", "  'hunter2'", "hunter2"),
            ("run --password \\", "  hunter2 \\", "hunter2 \\"),
            ("<password>", "hunter2", "hunter2"),
            ("<key>DbPassword</key>", "<string>hunter2</string>", "hunter2"),
            ("secret = \"\"\"", "hunter2\"\"\"", "hunter2"),
        ] {
            let found = carried(std::iter::once(above), line).map(|range| &line[range]);
            assert_eq!(found, Some(secret), "{above}");
        }
        let block = ["  first line", "secret: |"];
        assert!(carried(block.into_iter(), "  second line").is_some());
    }

    #[test]
    fn what_stands_below_other_names_stays_readable() {
        for (above, line) in [
            ("  - name: DB_HOST", "    value: db"),
            ("  - name: DB_PASSWORD", "    valueFrom:"),
            ("password:", "  from: vault"),
            ("password:", "  ${DB_PASSWORD}"),
            ("password:", "- a"),
            ("</password>", "text"),
            ("password = read(", "text"),
            ("credentials:", "  username: app"),
            ("secrets:", "  inherit"),
            ("", "text"),
        ] {
            assert_eq!(carried(std::iter::once(above), line), None, "{above} {line}");
        }
        assert_eq!(carried(["- name: X", "password:"].into_iter(), "text"), None);
    }

    proptest! {
        #[test]
        fn bytes_are_indented_as_their_text_is(line in vec(prop_oneof![Just(b' '), Just(0xc2), Just(0xa0), any::<u8>()], 0..6)) {
            let text = lossy(&line);
            let indent = indentation(&text);
            prop_assert_eq!(indentation_of(&line), (indent < text.len()).then_some(indent));
        }
    }
}
