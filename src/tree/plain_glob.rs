//! Globs that say no more than words, `*`, `?`, plain classes and `**`: nearly all. To compile a regular expression for
//! one takes longer than to hold it against a thousand paths.

use crate::tree::glob::spelled_out;

/// One that is held against a path part by part.
#[derive(Debug)]
pub(crate) struct PlainGlob {
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// `**`
    Star,
    /// Behind a `**` that ends the glob: it matches what lies in a directory, not the directory.
    One,
    Name(Vec<Piece>),
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Byte(u8),
    /// `?`
    One,
    /// `*`
    Star,
    /// The first and the last of each range.
    Class(Vec<(u8, u8)>),
}

impl PlainGlob {
    /// `None` for a glob that says more, or in another way.
    pub(crate) fn new(glob: &str) -> Option<Self> {
        let glob = spelled_out(glob);
        if glob.contains(['{', '}', '\\', ',']) {
            return None;
        }
        let parts: Option<Vec<Part>> = glob.split('/').map(Part::of).collect();
        let mut parts = parts?;
        if parts.windows(2).any(|pair| pair == [Part::Star, Part::Star]) {
            return None;
        }
        if parts.last() == Some(&Part::Star) {
            parts.push(Part::One);
        }
        Some(Self { parts })
    }

    /// `path` is what stands between its slashes.
    pub(crate) fn matches(&self, path: &[&[u8]]) -> bool {
        let is = |part: &Part, name: &&[u8]| match part {
            Part::Name(pieces) => match_all(pieces, name, |piece| *piece == Piece::Star, Piece::is),
            Part::One => true,
            Part::Star => false,
        };
        match_all(&self.parts, path, |part| *part == Part::Star, is)
    }
}

/// Whether a list with stars in it, which stand for any number of things, is all of another list.
fn match_all<P, T>(wanted: &[P], there: &[T], is_star: impl Fn(&P) -> bool, is: impl Fn(&P, &T) -> bool) -> bool {
    let (mut at, mut here) = (0, 0);
    // Where to go on if what follows the last star does not fit: one thing further.
    let mut again = None;
    loop {
        let fits = match (wanted.get(at), there.get(here)) {
            (Some(star), _) if is_star(star) => {
                at += 1;
                again = Some((at, here));
                continue;
            }
            (Some(wanted), Some(thing)) => is(wanted, thing),
            (None, None) => return true,
            _ => false,
        };
        match again {
            _ if fits => (at, here) = (at + 1, here + 1),
            Some((after, start)) if start < there.len() => {
                (at, here) = (after, start + 1);
                again = Some((at, here));
            }
            _ => return false,
        }
    }
}

impl Part {
    fn of(text: &str) -> Option<Self> {
        if text == "**" {
            return Some(Self::Star);
        }
        // An empty part and two stars within a word are read in a way of their own.
        if text.is_empty() || text.contains("**") {
            return None;
        }
        let (mut pieces, mut rest) = (Vec::new(), text.as_bytes());
        while let [byte, after @ ..] = rest {
            rest = after;
            pieces.push(match byte {
                b'*' => Piece::Star,
                b'?' => Piece::One,
                b'[' => {
                    let inside = after.split(|byte| *byte == b']').next()?;
                    rest = after.get(inside.len() + 1..)?;
                    Piece::Class(class(inside)?)
                }
                b']' => return None,
                byte => Piece::Byte(*byte),
            });
        }
        Some(Self::Name(pieces))
    }
}

/// What stands between brackets, if it is letters, digits and ranges of them.
fn class(inside: &[u8]) -> Option<Vec<(u8, u8)>> {
    let mut ranges = Vec::new();
    let mut rest = inside;
    while let [first, after @ ..] = rest {
        let (last, after) = match after {
            [b'-', last, after @ ..] => (last, after),
            _ => (first, after),
        };
        if !first.is_ascii_alphanumeric() || !last.is_ascii_alphanumeric() || first > last {
            return None;
        }
        ranges.push((*first, *last));
        rest = after;
    }
    (!ranges.is_empty()).then_some(ranges)
}

impl Piece {
    fn is(&self, byte: &u8) -> bool {
        match self {
            Self::Byte(wanted) => byte == wanted,
            Self::One => true,
            Self::Class(ranges) => ranges.iter().any(|(first, last)| (first..=last).contains(&byte)),
            Self::Star => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tree::glob::compile;

    fn matches(glob: &str, path: &str) -> Option<bool> {
        let parts: Vec<&[u8]> = path.split('/').map(str::as_bytes).collect();
        Some(PlainGlob::new(glob)?.matches(&parts))
    }

    #[test]
    fn what_says_more_is_left_to_others() {
        for glob in
            ["{a,b}", "a\\*", "[!a]", "[a-]", "[.-9]", "[a", "a]", "a**", "**/**/a", "/a", "a//b", "", "[]", "[]a]"]
        {
            assert!(PlainGlob::new(glob).is_none(), "{glob}");
        }
        assert_eq!(matches("**/[a-c0]?*.é", "x/y/b1.é"), Some(true));
        assert_eq!(matches("a/", "a"), Some(false));
        assert_eq!(matches("./a/", "a/b"), Some(true));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn it_matches_what_the_library_matches(
            glob in r"(\./)?((\*\*|a|\*|a\*|\*b\*|[ab]{1,2}|\[ab\]|\?|\?b)/){0,4}(\*\*|a|\*|a\*|\*\.a|\*a\*b|\?b|\[a-b\]\*|)",
            path in "[ab.é]{1,4}(/[ab.]{1,3}){0,4}",
        ) {
            if let Some(found) = matches(&glob, &path) {
                prop_assert_eq!(found, compile(&glob).unwrap().compile_matcher().is_match(&path), "{} {}", glob, path);
            }
        }
    }
}
