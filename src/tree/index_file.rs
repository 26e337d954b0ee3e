//! The file in which git keeps its index, for the common forms of it. Whatever else stands there is left to the library
//! and to the `git` program, which know them all and take longer.

use sha1::{Digest, Sha1};

use crate::tree::index::Noted;

const HEADER: usize = 12;
const ID: usize = 20;
/// Up to the flags: ten numbers, the id.
const FIXED: usize = 40 + ID;
const EXTENDED: u16 = 0x4000;

/// Who is told what stands there.
pub(crate) trait Visitor {
    /// In the order of the file.
    fn entry(&mut self, path: &[u8], noted: &Noted<'_>);

    /// The tree that all entries in a directory make up, where git wrote it down; the root has an empty path. Of what
    /// lies in such a directory nothing more is told.
    fn tree(&mut self, path: &[u8], id: &[u8]);
}

/// `None` where anything is not as expected: some of it may have been told by then.
pub(crate) fn read(bytes: &[u8], visitor: &mut dyn Visitor) -> Option<()> {
    let (body, checksum) = bytes.split_at_checked(bytes.len().checked_sub(ID)?)?;
    if Sha1::digest(body).as_slice() != checksum {
        return None;
    }
    let (magic, version, count) = (body.get(..4)?, number(body, 4)?, number(body, 8)?);
    if magic != b"DIRC" || !(2..=4).contains(&version) {
        return None;
    }
    let mut rest = &body[HEADER..];
    let mut path = Vec::new();
    for _ in 0..count {
        rest = entry(rest, version, &mut path, visitor)?;
    }
    extensions(rest, visitor)
}

/// Gives what follows the entry. `path` is that of the one before, and then its own.
fn entry<'b>(bytes: &'b [u8], version: u32, path: &mut Vec<u8>, visitor: &mut dyn Visitor) -> Option<&'b [u8]> {
    let flags = short(bytes, FIXED)?;
    let is_extended = flags & EXTENDED != 0;
    let extended = if is_extended && version > 2 { short(bytes, FIXED + 2)? } else { 0 };
    let start = FIXED + if is_extended { 4 } else { 2 };
    if is_extended && version < 3 {
        return None;
    }
    let name = bytes.get(start..)?;
    let (name, length) = if version == 4 {
        // So many bytes less of the path before, and these instead.
        let (dropped, digits) = variable(name)?;
        path.truncate(path.len().checked_sub(dropped)?);
        (&name[digits..], None)
    } else {
        path.clear();
        (name, Some(start))
    };
    let end = memchr::memchr(0, name)?;
    path.extend_from_slice(&name[..end]);
    let instant = |at| Some(i64::from(number(bytes, at)?) * 1_000_000_000 + i64::from(number(bytes, at + 4)?));
    let noted = Noted {
        changed_ns: instant(0)?,
        modified_ns: instant(8)?,
        inode: number(bytes, 20)?,
        mode: number(bytes, 24)?,
        size: number(bytes, 36)?,
        id: bytes.get(40..FIXED)?,
        flags,
        extended,
    };
    visitor.entry(path, &noted);
    match length {
        None => name.get(end + 1..),
        // Filled up with zeros, one at least, to a multiple of eight.
        Some(start) => bytes.get((start + end) / 8 * 8 + 8..),
    }
}

/// `None` for an extension without which the entries say too little.
fn extensions(mut bytes: &[u8], visitor: &mut dyn Visitor) -> Option<()> {
    while !bytes.is_empty() {
        let (name, length) = (bytes.get(..4)?, number(bytes, 4)? as usize);
        let content = bytes.get(8..8usize.checked_add(length)?)?;
        match name {
            // What comes after a mistake in it is not known to git, either.
            b"TREE" => drop(trees(content, visitor)),
            // Small letters: whoever does not know it must not go on.
            [first, ..] if !first.is_ascii_uppercase() => return None,
            _ => {}
        }
        bytes = &bytes[8 + length..];
    }
    Some(())
}

/// Each directory comes before those in it: its name, how many entries it has (fewer than none where its tree must be made
/// anew), how many directories, the id of its tree.
fn trees(mut content: &[u8], visitor: &mut dyn Visitor) -> Option<()> {
    let mut open: Vec<Directory> = Vec::new();
    let mut path = Vec::new();
    while !content.is_empty() {
        let (name, rest) = split_at_byte(content, 0)?;
        let (counts, rest) = split_at_byte(rest, b'\n')?;
        let (entries, directories) = std::str::from_utf8(counts).ok()?.split_once(' ')?;
        let is_within = open.last().is_some_and(|above| above.is_told);
        path.truncate(open.last().map_or(0, |above| above.end));
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(name);
        content = rest;
        let is_known = !entries.starts_with('-');
        if is_known {
            let (id, rest) = content.split_at_checked(ID)?;
            content = rest;
            if !is_within {
                visitor.tree(&path, id);
            }
        }
        let (end, left) = (path.len(), directories.parse().ok()?);
        open.push(Directory { end, left, is_told: is_known || is_within });
        while open.pop_if(|directory| directory.left == 0).is_some() {
            if let Some(above) = open.last_mut() {
                above.left -= 1;
            }
        }
    }
    Some(())
}

/// A directory whose own ones are being read.
struct Directory {
    /// How long its path is.
    end: usize,
    /// How many of them are still to come.
    left: usize,
    is_told: bool,
}

/// What stands before the first such byte, and after it.
fn split_at_byte(bytes: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(byte, bytes)?;
    Some((&bytes[..at], &bytes[at + 1..]))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|digits| u32::from_be_bytes(*digits))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|digits| u16::from_be_bytes(*digits))
}

/// A number of any length, and how many bytes it takes.
fn variable(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0_usize;
    for (at, byte) in bytes.iter().enumerate() {
        value = value.checked_mul(128)?.checked_add(usize::from(byte & 127))?;
        if byte & 128 == 0 {
            return Some((value, at + 1));
        }
        value = value.checked_add(1)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sealed(body: &[u8]) -> Vec<u8> {
        [body, Sha1::digest(body).as_slice()].concat()
    }

    #[derive(Debug, Default, PartialEq)]
    struct Told(Vec<String>);

    impl Visitor for Told {
        fn entry(&mut self, path: &[u8], noted: &Noted<'_>) {
            self.0.push(format!("{} {}", String::from_utf8_lossy(path), noted.size));
        }

        fn tree(&mut self, path: &[u8], id: &[u8]) {
            self.0.push(format!("tree {} {}", String::from_utf8_lossy(path), id[0]));
        }
    }

    fn told(bytes: &[u8]) -> Option<Vec<String>> {
        let mut told = Told::default();
        read(bytes, &mut told)?;
        Some(told.0)
    }

    fn index(version: u8, entries: &[&[u8]], extensions: &[u8]) -> Vec<u8> {
        let mut body = b"DIRC\0\0\0".to_vec();
        body.push(version);
        body.extend_from_slice(&(entries.len() as u32).to_be_bytes());
        for entry in entries {
            body.extend_from_slice(&[0; 36]);
            body.extend_from_slice(&7_u32.to_be_bytes());
            body.extend_from_slice(&[0; ID + 2]);
            body.extend_from_slice(entry);
        }
        body.extend_from_slice(extensions);
        sealed(&body)
    }

    #[test]
    fn names_are_padded_or_made_of_the_one_before() {
        // 62 bytes and "ab" are a multiple of eight: eight zeros follow.
        let plain = index(2, &[b"ab\0\0\0\0\0\0\0\0", b"abc/d\0\0\0\0\0"], b"");
        assert_eq!(told(&plain).unwrap(), ["ab 7", "abc/d 7"]);
        let short = index(4, &[b"\0ab\0", b"\0c/d\0", b"\x03x\0"], b"");
        assert_eq!(told(&short).unwrap(), ["ab 7", "abc/d 7", "abx 7"]);
        assert_eq!(told(&index(4, &[b"\x01ab\0"], b"")), None, "nothing to take from");
    }

    fn extension(name: &[u8], content: &[u8]) -> Vec<u8> {
        [name, &(content.len() as u32).to_be_bytes(), content].concat()
    }

    #[test]
    fn trees_are_known_where_git_wrote_them_down() {
        let found = |extension: &[u8]| told(&index(2, &[], extension));
        let tree = |name: &str, counts: &str, id: &[u8]| [format!("{name}\0{counts}\n").as_bytes(), id].concat();
        let trees = |trees: &[Vec<u8>]| found(&extension(b"TREE", &trees.concat())).unwrap();
        assert_eq!(trees(&[tree("", "3 0", &[9; ID])]), ["tree  9"]);
        assert_eq!(trees(&[tree("", "-1 0", b"")]), [""; 0]);
        // Below the root, which was written, two directories: one as it was, with another one in it; of the other only
        // what lies in it is as it was.
        let written = [
            tree("", "-1 3", b""),
            tree("a", "5 1", &[1; ID]),
            tree("b", "2 0", &[2; ID]),
            tree("c", "-1 1", b""),
            tree("d", "1 0", &[3; ID]),
            tree("e", "1 0", &[4; ID]),
        ];
        assert_eq!(trees(&written), ["tree a 1", "tree c/d 3", "tree e 4"]);
        assert_eq!(trees(&[tree("", "-1 2", b""), tree("a", "5 0", &[1; ID]), b"half".to_vec()]), ["tree a 1"]);
    }

    #[test]
    fn an_extension_that_somebody_must_know_is_left_to_others() {
        let found = |extension: &[u8]| told(&index(2, &[], extension));
        assert_eq!(found(&extension(b"UNTR", b"whatever")), Some(vec![]));
        assert_eq!(found(&extension(b"link", b"whatever")), None, "half of the entries stand elsewhere");
        assert_eq!(found(b"TREE\0\0\0\x09short"), None);
    }

    #[test]
    fn another_version_and_another_checksum_are_left_to_others() {
        let fine = index(2, &[b"ab\0\0\0\0\0\0\0\0"], b"");
        assert!(told(&fine).is_some());
        assert_eq!(told(&index(5, &[], b"")), None);
        for at in 0..fine.len() {
            let mut damaged = fine.clone();
            damaged[at] ^= 1;
            assert_eq!(told(&damaged), None, "{at}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_stands_there_makes_it_panic(
            version in 2_u8..5,
            count in 0_u32..4,
            rest in proptest::collection::vec(prop_oneof![Just(0_u8), any::<u8>()], 0..300),
        ) {
            let mut body = b"DIRC\0\0\0".to_vec();
            body.push(version);
            body.extend_from_slice(&count.to_be_bytes());
            body.extend_from_slice(&rest);
            drop(told(&sealed(&body)));
        }
    }
}
