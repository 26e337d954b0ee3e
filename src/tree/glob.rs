//! Globs as a checklist writes them, relative to the root: `!` excludes, a bare name is a path.

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
    let spelled = glob.trim_start_matches("./");
    let spelled = if spelled.ends_with('/') { format!("{spelled}**") } else { spelled.to_owned() };
    GlobBuilder::new(&spelled)
        .literal_separator(true)
        .empty_alternates(true)
        .build()
        .map_err(|error| format!("\"{glob}\" is no glob: {}", error.kind()))
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
}
