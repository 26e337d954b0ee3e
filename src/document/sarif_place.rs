//! Where a SARIF report says a file is: URIs, percent-encoded, absolute or relative to bases that have bases.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::document::sarif_wire::Location;

/// Bases that lead from one to the next further than this lead nowhere.
const HOPS: usize = 8;

/// A file by the names that a report gives for it: those that it leaves open are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// `/home/ana/shop/src/a.py`.
    pub absolute: String,
    /// `src/a.py`: below whatever the outermost base is.
    pub relative: String,
}

/// The bases of one run.
pub(super) struct Places {
    bases: BTreeMap<String, Location>,
}

impl Places {
    pub(super) fn new(bases: BTreeMap<String, Location>) -> Self {
        Self { bases }
    }

    pub(super) fn place(&self, location: &Location) -> Place {
        let Some(uri) = &location.uri else { return Place::default() };
        if let Some(absolute) = absolute(uri) {
            return Place { absolute: decode(absolute), relative: String::new() };
        }
        let mut relative = uri.clone();
        let mut base = location.uri_base_id.as_ref();
        for _ in 0..HOPS {
            let Some(here) = base.and_then(|id| self.bases.get(id)) else { break };
            let Some(uri) = &here.uri else { break };
            if let Some(absolute) = absolute(uri) {
                let absolute = join(absolute, &relative);
                return Place { absolute: decode(&absolute), relative: decode(&folded(&relative)) };
            }
            relative = join(uri, &relative);
            base = here.uri_base_id.as_ref();
        }
        Place { absolute: String::new(), relative: decode(&folded(&relative)) }
    }
}

/// The path of a URI that says where on a machine a file is. A path that only begins with `/` is one, too.
fn absolute(uri: &str) -> Option<&str> {
    let rest = match uri.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("file:")) {
        Some(_) => &uri[5..],
        None => uri,
    };
    match rest.strip_prefix("//") {
        // Behind two slashes stands a host.
        Some(rest) => rest.find('/').map(|at| &rest[at..]),
        None => rest.starts_with('/').then_some(rest),
    }
}

fn join(base: &str, relative: &str) -> String {
    format!("{}/{relative}", base.trim_end_matches('/'))
}

/// Without `.` and with `..` taken at its word; one that leads out stays, so that it is found nowhere.
fn folded(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// `%20` is a space. What is no escape stands for itself, and bytes that are no UTF-8 are replaced.
fn decode(uri: &str) -> String {
    let bytes = uri.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = uri
            .get(at..at + 3)
            .filter(|text| text.starts_with('%') && text[1..].bytes().all(|digit| digit.is_ascii_hexdigit()));
        match escaped.and_then(|text| u8::from_str_radix(&text[1..], 16).ok()) {
            Some(escaped) => {
                out.push(escaped);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(uri: &str, base: Option<&str>) -> Location {
        Location { uri: Some(uri.to_owned()), uri_base_id: base.map(str::to_owned), index: None }
    }

    fn found(uri: &str, base: Option<&str>) -> (String, String) {
        let bases = [("TOP", at("file:///home/ana/my%20shop/", None)), ("SRC", at("src/", Some("TOP")))];
        let loops = [("A", at("a", Some("B"))), ("B", at("b", Some("A")))];
        let bases = bases.into_iter().chain(loops).map(|(id, at)| (id.to_owned(), at)).collect();
        let place = Places::new(bases).place(&at(uri, base));
        (place.absolute, place.relative)
    }

    #[test]
    fn a_file_is_found_through_its_bases() {
        let pair = |absolute: &str, relative: &str| (absolute.to_owned(), relative.to_owned());
        assert_eq!(found("a%20b.py", Some("SRC")), pair("/home/ana/my shop/src/a b.py", "src/a b.py"));
        assert_eq!(found("./x/../a.py", None), pair("", "a.py"));
        assert_eq!(found("a.py", Some("%SRCROOT%")), pair("", "a.py"));
        assert_eq!(found("file:///w/a.py", Some("SRC")), pair("/w/a.py", ""));
        assert_eq!(found("file://host/w/a.py", None), pair("/w/a.py", ""));
        assert_eq!(found("../../etc/passwd", None), pair("", "../../etc/passwd"));
        assert_eq!(found("100%.py", None), pair("", "100%.py"));
        assert_eq!(found("é%c3%a9%e9", None), pair("", "éé\u{fffd}"));
    }

    #[test]
    fn bases_that_lead_in_a_circle_end() {
        let (absolute, relative) = found("x", Some("A"));
        assert_eq!((absolute.as_str(), relative.ends_with("/x")), ("", true));
    }
}
