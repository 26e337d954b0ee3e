//! Globs as a checklist writes them, relative to the root: `!` excludes, a bare name is a path.

use std::borrow::Cow;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::tree::path::RelPath;

/// A compiled list of globs: any of the plain ones and none of the `!` ones.
#[derive(Clone, Debug)]
pub struct Globs {
    include: GlobSet,
    exclude: GlobSet,
    text: String,
}

impl Globs {
    /// # Errors
    /// One line that names the glob which is none, and why.
    pub fn new<S: AsRef<str>>(globs: &[S]) -> Result<Self, String> {
        let mut include = GlobSetBuilder::new();
        let mut exclude = GlobSetBuilder::new();
        for glob in globs {
            let glob = glob.as_ref();
            match glob.strip_prefix('!') {
                Some(glob) => exclude.add(compile(glob)?),
                None => include.add(compile(glob)?),
            };
        }
        let build = |builder: GlobSetBuilder| builder.build().map_err(|error| error.to_string());
        let text = globs.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join("\n");
        Ok(Self { include: build(include)?, exclude: build(exclude)?, text })
    }

    /// As they were written: two lists with the same text match the same.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.include.is_match(path) && !self.exclude.is_match(path)
    }

    #[must_use]
    pub fn matches_path(&self, path: &RelPath) -> bool {
        self.matches(path.as_str())
    }
}

/// One glob, `*` within a directory and `**` across; `dir/` means everything below it.
///
/// # Errors
/// One line that names the glob and what is wrong with it.
pub fn compile(glob: &str) -> Result<globset::Glob, String> {
    GlobBuilder::new(&spelled_out(glob))
        .literal_separator(true)
        .empty_alternates(true)
        .build()
        .map_err(|error| format!("\"{glob}\" is no glob: {}", error.kind()))
}

/// Without the `./` in front, and with the `**` that a `/` at the end stands for.
pub(crate) fn spelled_out(glob: &str) -> Cow<'_, str> {
    let glob = glob.trim_start_matches("./");
    if glob.ends_with('/') { Cow::Owned(format!("{glob}**")) } else { Cow::Borrowed(glob) }
}

/// More alternatives than this are not worth being told apart.
const MOST: usize = 512;

/// The globs that this one is short for, without braces: `*.{yml,yaml}` is `*.yml` and `*.yaml`. One that is more than a
/// choice between a few words stays as it is.
#[must_use]
pub fn alternatives(glob: &str) -> Vec<String> {
    let plain = |glob: &str| !glob.contains('\\') && has_plain_classes(glob);
    let mut all = vec![String::new()];
    let mut rest = glob;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((inside, after)) =
            after.split_once('}').filter(|(inside, _)| !inside.contains('{') && !inside.contains("**"))
        else {
            return vec![glob.to_owned()];
        };
        let words: Vec<&str> = inside.split(',').collect();
        if all.len() * words.len() > MOST || before.ends_with("**") || after.starts_with("**") {
            return vec![glob.to_owned()];
        }
        let starts = all.iter().map(|start| joined(start, before));
        all = starts.flat_map(|start| words.iter().map(move |word| joined(&start, word))).collect();
        rest = after;
    }
    match plain(glob) && !rest.contains('}') {
        true => all.iter().map(|start| joined(start, rest)).collect(),
        false => vec![glob.to_owned()],
    }
}

/// Whether each class of characters in it is one of letters and digits alone: none of them is a `/`.
#[must_use]
pub fn has_plain_classes(glob: &str) -> bool {
    let is_plain = |class: &str| {
        let letters = class.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        letters && !class.is_empty() && !class.contains("--")
    };
    glob.split('[').skip(1).all(|rest| rest.split_once(']').is_some_and(|(class, _)| is_plain(class)))
}

/// The longest text that stands, as it is, in whatever this glob matches.
#[must_use]
pub fn longest_word(glob: &str) -> Option<&str> {
    if glob.contains(['{', '}', '\\']) || !has_plain_classes(glob) {
        return None;
    }
    // A `/` beside `**` need not be there.
    let pieces = glob.trim_start_matches("./").split('[').enumerate();
    let words = pieces.map(|(number, piece)| if number == 0 { piece } else { after_class(piece) });
    words.flat_map(|words| words.split(['/', '*', '?'])).max_by_key(|word| word.len())
}

fn after_class(piece: &str) -> &str {
    piece.split_once(']').map_or("", |(_, after)| after)
}

/// Two stars that come together are one; `**` is another thing.
fn joined(start: &str, end: &str) -> String {
    let end = if start.ends_with('*') { end.strip_prefix('*').unwrap_or(end) } else { end };
    format!("{start}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stay_in_their_directory_and_exclusions_win() {
        let globs = Globs::new(&["*.py", "src/**", "docs/", "!src/vendor/**"]).unwrap();
        assert!(globs.matches("a.py") && !globs.matches("x/a.py"));
        assert!(globs.matches("src/x/y") && !globs.matches("src/vendor/y"));
        assert!(globs.matches("docs/a/b.md"));
        assert!(Globs::new(&["a[b"]).is_err());
    }

    #[test]
    fn a_choice_between_words_is_written_out() {
        assert_eq!(alternatives("{a,b}c.{d,}"), ["ac.d", "ac.", "bc.d", "bc."]);
        assert_eq!(alternatives("x/{,a*}*/{*,b}"), ["x/*/*", "x/*/b", "x/a*/*", "x/a*/b"]);
        assert_eq!(alternatives("{a,b[-_]}c[0-9]"), ["ac[0-9]", "b[-_]c[0-9]"]);
        for other in ["a", "a/**{,b}", "{a,{b,c}}", "{**/,}a", "[{]a}", "a\\{b,c}", "}{", "[!a]{b,c}", "[.-9]{b,c}"] {
            assert_eq!(alternatives(other), [other]);
        }
    }

    #[test]
    fn what_a_glob_cannot_do_without_is_a_whole_word_of_it() {
        let globs = ["**/tests/*.py", "*", "./a/bc?d/**", "**/[ab]cd/**", "x[0-9]", "**/[!b]c/**", "a{b,**/c}"];
        let words = globs.map(longest_word);
        assert_eq!(words, [Some("tests"), Some(""), Some("bc"), Some("cd"), Some("x"), None, None]);
    }
}
