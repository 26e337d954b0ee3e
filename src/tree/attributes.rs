//! Whether git stores other bytes than a file's own: attributes and configuration may ask for that.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::tree::disk;
use crate::tree::ignores::ancestors;
use crate::tree::path::RelPath;
use crate::tree::repository::{Repository, configuration, in_user_config};

/// What git may do to the bytes of a file before it stores them. Rather too much than too little.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Conversion {
    Nothing,
    /// What has no carriage return is stored as it is.
    LineEnds,
    Anything,
}

impl Conversion {
    /// What a file of attributes may ask for.
    pub(crate) fn by(attributes: &Path) -> Self {
        const ANYTHING: [&str; 4] = ["ident", "filter", "encoding", "[attr]"];
        const LINE_ENDS: [&str; 3] = ["text", "eol", "crlf"];
        let Ok(content) = disk::read_regular(attributes, 1 << 20) else { return Self::Nothing };
        let text = String::from_utf8_lossy(&content.bytes);
        let has = |words: &[&str]| {
            text.lines().filter(|line| !line.starts_with('#')).any(|line| words.iter().any(|word| line.contains(word)))
        };
        match () {
            () if content.cut_from.is_some() || has(&ANYTHING) => Self::Anything,
            () if has(&LINE_ENDS) => Self::LineEnds,
            () => Self::Nothing,
        }
    }

    /// Whether these bytes are surely stored as they are.
    pub(crate) fn keeps(self, bytes: &[u8]) -> bool {
        match self {
            Self::Nothing => true,
            Self::LineEnds => memchr::memchr(b'\r', bytes).is_none(),
            Self::Anything => false,
        }
    }
}

impl Repository {
    /// What stands above the tree may ask for.
    fn conversion_above(&self) -> Conversion {
        let configured = self.ask(|repository| {
            let config = configuration(repository)?;
            let autocrlf = config.get_string("core.autocrlf").is_ok_and(|value| value != "false");
            Ok((autocrlf, config.get_path("core.attributesFile").ok()))
        });
        let Ok((autocrlf, users)) = configured else { return Conversion::Anything };
        let users = users.or_else(|| in_user_config("attributes"));
        let files = [self.common_dir().join("info/attributes"), PathBuf::from("/etc/gitattributes")];
        let parents = self.root().ancestors().skip(1).take_while(|dir| dir.starts_with(self.workdir()));
        let parents = parents.map(|dir| dir.join(".gitattributes"));
        let asked = users.into_iter().chain(files).chain(parents).map(|file| Conversion::by(&file)).max();
        let by_config = if autocrlf { Conversion::LineEnds } else { Conversion::Nothing };
        asked.unwrap_or(Conversion::Nothing).max(by_config)
    }
}

/// What attributes in a directory above a path, or above the tree, may ask for: at one moment, and each file of them is
/// read once.
pub(super) struct Conversions<'a> {
    repository: &'a Repository,
    above: OnceLock<Conversion>,
    /// By directory, what its own file asks for.
    directories: Mutex<HashMap<RelPath, Conversion>>,
}

impl<'a> Conversions<'a> {
    pub(super) fn new(repository: &'a Repository) -> Self {
        Self { repository, above: OnceLock::new(), directories: Mutex::default() }
    }

    pub(super) fn of(&self, path: &RelPath) -> Conversion {
        let above = *self.above.get_or_init(|| self.repository.conversion_above());
        let directories = ancestors(path).chain([RelPath::new("")]);
        directories.map(|dir| self.in_directory(dir)).fold(above, Conversion::max)
    }

    fn in_directory(&self, dir: RelPath) -> Conversion {
        let root = self.repository.root();
        let by_own = |dir: &RelPath| Conversion::by(&dir.under(root).join(".gitattributes"));
        let mut known = self.directories.lock().unwrap_or_else(PoisonError::into_inner);
        *known.entry(dir).or_insert_with_key(by_own)
    }
}
