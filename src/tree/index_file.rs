//! The file in which git keeps its index, for the common forms of it. Whatever else stands there is left to the library
//! and to the `git` program, which know them all and take longer.

use sha1::{Digest, Sha1};

use crate::tree::index::Noted;

const HEADER: usize = 12;
const ID: usize = 20;
/// Up to the flags: ten numbers, the id.
const FIXED: usize = 40 + ID;
const EXTENDED: u16 = 0x4000;

/// Walks the entries in the order of the file and gives the tree that they make up, where git wrote down which one that
/// is. `None` where anything is not as expected: some entries may have been walked by then.
pub(crate) fn read(bytes: &[u8], each: &mut dyn FnMut(&[u8], &Noted)) -> Option<Option<[u8; ID]>> {
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
        rest = entry(rest, version, &mut path, each)?;
    }
    extensions(rest)
}

/// Gives what follows the entry. `path` is that of the one before, and then its own.
fn entry<'b>(
    bytes: &'b [u8],
    version: u32,
    path: &mut Vec<u8>,
    each: &mut dyn FnMut(&[u8], &Noted),
) -> Option<&'b [u8]> {
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
    each(path, &noted);
    match length {
        None => name.get(end + 1..),
        // Filled up with zeros, one at least, to a multiple of eight.
        Some(start) => bytes.get((start + end) / 8 * 8 + 8..),
    }
}

/// The id of the tree that all entries make up. `None` for an extension without which the entries say too little.
fn extensions(mut bytes: &[u8]) -> Option<Option<[u8; ID]>> {
    let mut tree = None;
    while !bytes.is_empty() {
        let (name, length) = (bytes.get(..4)?, number(bytes, 4)? as usize);
        let content = bytes.get(8..8usize.checked_add(length)?)?;
        match name {
            b"TREE" => tree = root_tree(content),
            // Small letters: whoever does not know it must not go on.
            [first, ..] if !first.is_ascii_uppercase() => return None,
            _ => {}
        }
        bytes = &bytes[8 + length..];
    }
    Some(tree)
}

/// Of the trees of all directories the first, which is the root's: an empty name, how many entries it has (fewer than
/// none where it must be made anew), how many directories, its id.
fn root_tree(content: &[u8]) -> Option<[u8; ID]> {
    let rest = content.strip_prefix(b"\0")?;
    let (line, rest) = rest.split_at_checked(memchr::memchr(b'\n', rest)? + 1)?;
    let is_known = line.first().is_some_and(u8::is_ascii_digit);
    rest.first_chunk().copied().filter(|_| is_known)
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

    fn names(bytes: &[u8]) -> Option<(Vec<String>, Option<[u8; ID]>)> {
        let mut names = Vec::new();
        let tree = read(bytes, &mut |path, noted| {
            names.push(format!("{} {}", String::from_utf8_lossy(path), noted.size));
        })?;
        Some((names, tree))
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
        assert_eq!(names(&plain).unwrap().0, ["ab 7", "abc/d 7"]);
        let short = index(4, &[b"\0ab\0", b"\0c/d\0", b"\x03x\0"], b"");
        assert_eq!(names(&short).unwrap().0, ["ab 7", "abc/d 7", "abx 7"]);
        assert_eq!(names(&index(4, &[b"\x01ab\0"], b"")), None, "nothing to take from");
    }

    #[test]
    fn the_tree_is_known_where_git_wrote_it_down() {
        let tree = |count: &str| [b"\0", format!("{count} 0\n").as_bytes(), &[9; ID]].concat();
        let extension =
            |name: &str, content: &[u8]| [name.as_bytes(), &(content.len() as u32).to_be_bytes(), content].concat();
        let found = |extension: &[u8]| names(&index(2, &[], extension)).map(|(_, tree)| tree);
        assert_eq!(found(&extension("TREE", &tree("3"))), Some(Some([9; ID])));
        assert_eq!(found(&extension("TREE", &tree("-1"))), Some(None));
        assert_eq!(found(&extension("UNTR", b"whatever")), Some(None));
        assert_eq!(found(&extension("link", b"whatever")), None, "half of the entries stand elsewhere");
        assert_eq!(found(b"TREE\0\0\0\x09short"), None);
    }

    #[test]
    fn another_version_and_another_checksum_are_left_to_others() {
        let fine = index(2, &[b"ab\0\0\0\0\0\0\0\0"], b"");
        assert!(names(&fine).is_some());
        assert_eq!(names(&index(5, &[], b"")), None);
        for at in 0..fine.len() {
            let mut damaged = fine.clone();
            damaged[at] ^= 1;
            assert_eq!(names(&damaged), None, "{at}");
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
            drop(names(&sealed(&body)));
        }
    }
}
