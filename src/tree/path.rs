//! Where a file is, relative to the root of the tree, spelled the same on every platform.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A path below the root with `/` between its parts; bytes that are no UTF-8 are spelled `\xNN`.
/// Cheap to clone; ordered as text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RelPath(Arc<str>);

impl RelPath {
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// `path` relative to `root`, or `None` where it leaves the root.
    #[must_use]
    pub fn within(root: &Path, path: &Path) -> Option<Self> {
        let mut parts: Vec<String> = Vec::new();
        for component in path.strip_prefix(root).ok()?.components() {
            match component {
                Component::Normal(part) => parts.push(spell(part.as_encoded_bytes()).into_owned()),
                Component::CurDir => {}
                Component::ParentDir => {
                    parts.pop()?;
                }
                Component::RootDir | Component::Prefix(_) => return None,
            }
        }
        Some(Self(parts.join("/").into()))
    }

    /// The path that these bytes spell.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(spell(bytes).into())
    }

    /// The path of `name` inside this directory (the empty path is the root).
    #[must_use]
    pub fn join(&self, name: &[u8]) -> Self {
        Inside::new(self).path(name)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The directory that holds it; the root's is the root.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or("", |(dir, _)| dir).into())
    }

    /// The part of the name after the last dot, in lower case as it stands.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        self.name().rsplit_once('.').map(|(_, ext)| ext)
    }

    #[must_use]
    pub fn starts_with(&self, dir: &Self) -> bool {
        dir.0.is_empty() || self.0.strip_prefix(&*dir.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The same place for the operating system, below `root`.
    #[must_use]
    pub fn under(&self, root: &Path) -> PathBuf {
        let mut path = root.to_path_buf();
        for part in self.0.split('/').filter(|part| !part.is_empty()) {
            path.push(unspell(part));
        }
        path
    }
}

/// Spells the paths of what lies in one directory.
pub(crate) struct Inside {
    text: String,
    /// Where the names begin.
    start: usize,
}

impl Inside {
    pub(crate) fn new(dir: &RelPath) -> Self {
        let mut text = dir.as_str().to_owned();
        if !text.is_empty() {
            text.push('/');
        }
        Self { start: text.len(), text }
    }

    pub(crate) fn path(&mut self, name: &[u8]) -> RelPath {
        self.text.truncate(self.start);
        self.text.push_str(&spell(name));
        RelPath::new(&self.text)
    }
}

/// A path as it differs from the one before it: how much of that one it begins with, in whole characters, and the rest.
pub(crate) fn after<'p>(before: &str, path: &'p str) -> (usize, &'p str) {
    let same = before.bytes().zip(path.bytes()).take_while(|(one, other)| one == other).count();
    let shared = (0..=same).rev().find(|at| path.is_char_boundary(*at)).unwrap_or_default();
    (shared, &path[shared..])
}

/// Makes the path before it into such a path; `None` where it is not one of those that can come after it.
pub(crate) fn go_on(path: &mut String, (shared, rest): (usize, &str)) -> Option<()> {
    path.get(..shared)?;
    path.truncate(shared);
    path.push_str(rest);
    Some(())
}

/// Of `paths` those at and below `place`, without a look at the others.
pub(crate) fn at_and_below<'a>(paths: &'a BTreeSet<RelPath>, place: &'a RelPath) -> impl Iterator<Item = &'a RelPath> {
    // Names with the same beginning stand together, but not all of them lie below.
    let near = paths.range(place.clone()..).take_while(|path| path.as_str().starts_with(place.as_str()));
    near.filter(|path| path.starts_with(place))
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&str> for RelPath {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// One name as text. A name that is UTF-8 stands for itself unless it could be read as an escape.
fn spell(name: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(name)
        && !text.contains("\\x")
    {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        out.push_str(&chunk.valid().replace("\\x", "\\x5cx"));
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    Cow::Owned(out)
}

#[cfg(unix)]
fn unspell(name: &str) -> OsString {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(unspell_bytes(name))
}

#[cfg(not(unix))]
fn unspell(name: &str) -> OsString {
    String::from_utf8_lossy(&unspell_bytes(name)).into_owned().into()
}

fn unspell_bytes(name: &str) -> Vec<u8> {
    let bytes = name.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = name
            .get(at..at + 4)
            .filter(|text| text.starts_with("\\x"))
            .and_then(|text| u8::from_str_radix(&text[2..], 16).ok());
        match escaped {
            Some(byte) => {
                out.push(byte);
                at += 4;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_no_text_come_back_as_they_were() {
        for name in [&b"caf\xe9.txt"[..], b"plain", b"back\\x41slash", "é漢".as_bytes(), b"\\", b"a\\x"] {
            assert_eq!(unspell_bytes(&spell(name)), name, "{}", spell(name));
        }
    }

    #[test]
    fn a_path_cannot_leave_its_root() {
        let root = Path::new("/r");
        assert_eq!(RelPath::within(root, Path::new("/r/a/../b")).unwrap().as_str(), "b");
        assert!(RelPath::within(root, Path::new("/r/../etc")).is_none());
        assert!(RelPath::within(root, Path::new("/elsewhere")).is_none());
    }

    #[test]
    fn a_directory_is_no_prefix_of_its_neighbour() {
        assert!(RelPath::new("a/b").starts_with(&"a".into()));
        assert!(!RelPath::new("ab").starts_with(&"a".into()));
        assert!(RelPath::new("ab").starts_with(&"".into()));
    }
}
