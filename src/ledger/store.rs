//! The ledger on disk: one file per decision, put in place whole or not at all, and never touched again.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::ledger::decision::Decision;
use crate::ledger::files::{Unread, read_regular, sync_folder};
use crate::ledger::name::{new_name, refuse_id};
use crate::ledger::wire;
use crate::text::visible::{clip, visible};
use crate::tree::path::RelPath;

/// The folders from the root to the ledger.
const PLACE: [&str; 2] = [".gonogo", "ledger"];

/// How the name of a file ends that is not in place yet.
const TEMPORARY: &str = ".gonogo.tmp";
const ABANDONED: Duration = Duration::from_secs(3600);

/// The ledger below one root. Holds no state: the files are the truth.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
}

/// What lies in the whole ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    pub items: BTreeMap<String, ItemFiles>,
    /// Why nothing can be known of any item: the ledger is there but cannot be listed.
    pub unreadable: Option<String>,
    /// What belongs to no item: the ledger itself cannot be read, or a stray name lies in it.
    pub problems: Vec<String>,
}

/// What lies in the folder of one item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemFiles {
    pub decisions: Vec<Arc<Decision>>,
    /// `path:line:column: what`, or `path: what` where the whole file is meant.
    pub unreadable: Vec<String>,
}

/// Why a decision was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot record a decision about \"{item}\": {why}")]
    Refused { item: String, why: String },
    #[error("cannot {act} {path}: {source}{}", hint(act, source))]
    Disk { act: &'static str, path: String, source: io::Error },
    #[error("{path} is a link that leads elsewhere: the ledger must lie in the tree itself")]
    Outside { path: String },
}

impl Store {
    /// The ledger below `root`, which need not exist yet: nothing is made before the first decision.
    #[must_use]
    pub fn open(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }

    /// The folder that holds one folder per item.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        PLACE.iter().fold(self.root.clone(), |path, part| path.join(part))
    }

    /// Everything there is, and everything that could not be read. Never hangs, never follows a link out.
    #[must_use]
    pub fn load_all(&self) -> Loaded {
        let mut loaded = Loaded::default();
        match self.names_in_ledger() {
            Ok(names) => names.iter().for_each(|name| self.load_folder(name, &mut loaded)),
            Err(error) => {
                loaded.problems.push(error.to_string());
                loaded.unreadable = Some(error.to_string());
            }
        }
        loaded
    }

    /// The same for one item. An id that can have no folder has no decisions.
    #[must_use]
    pub fn load_item(&self, id: &str) -> ItemFiles {
        if refuse_id(id).is_some() {
            return ItemFiles::default();
        }
        let mut files = ItemFiles::default();
        match self.is_there().and_then(|there| if there { self.names_of_item(id) } else { Ok(Vec::new()) }) {
            Ok(names) => names.iter().for_each(|name| self.load_file(id, name, &mut files)),
            Err(error) => files.unreadable.push(error.to_string()),
        }
        files
    }

    /// Records a decision; when this returns, it survives a crash and a power cut. Answers the decision as it was
    /// recorded: under another name where the given one was taken.
    ///
    /// # Errors
    /// What could not be done to which file, and what may help. Nothing was recorded then.
    pub fn append(&self, decision: &Decision) -> Result<Arc<Decision>, StoreError> {
        let refused = |why: String| StoreError::Refused { item: shown(&decision.item), why };
        if let Some(why) = refuse_id(&decision.item).or_else(|| wire::missing(decision)) {
            return Err(refused(why.to_owned()));
        }
        if !is_plain_name(&decision.name) {
            return Err(refused(format!("\"{}\" is no name of a decision", shown(&decision.name))));
        }
        let text = wire::print(decision).map_err(refused)?;
        if text.len() > wire::SIZE_CAP {
            let (files, cap) = (decision.covers.len(), wire::SIZE_CAP >> 10);
            let why = format!("it is larger than {cap} KB; narrow the item's \"covers\" ({files} files) or the note");
            return Err(refused(why));
        }
        // What is acknowledged must read back as what was meant.
        if wire::parse(&decision.name, &decision.item, text.as_bytes()).as_ref() != Ok(decision) {
            return Err(refused("it would not read back the same".to_owned()));
        }
        self.make_folder(&decision.item)?;
        let name = self.put_in_place(decision, &text)?;
        Ok(Arc::new(Decision { name, ..decision.clone() }))
    }

    /// Writes beside the final place, syncs, renames to a name that is free, and syncs the way there.
    fn put_in_place(&self, decision: &Decision, text: &str) -> Result<String, StoreError> {
        let folder = self.folder().join(&decision.item);
        let failed = |act, path: &Path| {
            let path = self.spell(path);
            move |source| StoreError::Disk { act, path, source }
        };
        // The leading dot hides it from readers and from most globs.
        let mut file = temporary().tempfile_in(&folder).map_err(failed("write into", &folder))?;
        let mut name = decision.name.clone();
        file.write_all(text.as_bytes()).map_err(failed("write", &folder.join(&name)))?;
        file.as_file().sync_all().map_err(failed("write", &folder.join(&name)))?;
        sweep(&folder, file.as_file());
        loop {
            let path = folder.join(format!("{name}.yaml"));
            match file.persist_noclobber(&path) {
                Ok(_) => break,
                Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => {
                    file = taken.file;
                    name = new_name(decision.at);
                }
                Err(error) => return Err(failed("write", &path)(error.error)),
            }
        }
        // Another process may have made these folders and died before it synced them.
        for folder in folder.ancestors().take(PLACE.len() + 2) {
            sync_folder(folder).map_err(failed("sync", folder))?;
        }
        Ok(name)
    }

    fn make_folder(&self, item: &str) -> Result<(), StoreError> {
        let mut path = self.root.clone();
        for part in PLACE {
            path.push(part);
            self.make_one(&path)?;
            // Before anything is made below it.
            self.leads_inside(&path)?;
        }
        path.push(item);
        self.make_one(&path)?;
        if path.is_symlink() { Err(StoreError::Outside { path: self.spell(&path) }) } else { Ok(()) }
    }

    fn make_one(&self, path: &Path) -> Result<(), StoreError> {
        match fs::create_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            made => made.map_err(|source| StoreError::Disk { act: "make the folder", path: self.spell(path), source }),
        }
    }

    /// Whether there is a ledger.
    ///
    /// # Errors
    /// It cannot be reached, or a link leads out of the root.
    fn is_there(&self) -> Result<bool, StoreError> {
        let folder = self.folder();
        let is_dead_link = |path: &Path| path.is_symlink() && !path.exists();
        let is_missing = fs::metadata(&folder).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        if is_missing && !folder.ancestors().take(PLACE.len()).any(is_dead_link) {
            return Ok(false);
        }
        self.leads_inside(&folder).map(|()| true)
    }

    fn leads_inside(&self, folder: &Path) -> Result<(), StoreError> {
        let failed = |source| StoreError::Disk { act: "read", path: self.spell(folder), source };
        let end = fs::canonicalize(folder).map_err(failed)?;
        let root = fs::canonicalize(&self.root).map_err(failed)?;
        if end.starts_with(root) { Ok(()) } else { Err(StoreError::Outside { path: self.spell(folder) }) }
    }

    fn names_in_ledger(&self) -> Result<Vec<RelPath>, StoreError> {
        if self.is_there()? { self.names_in(&self.folder()) } else { Ok(Vec::new()) }
    }

    fn names_of_item(&self, id: &str) -> Result<Vec<RelPath>, StoreError> {
        let folder = self.folder().join(id);
        match fs::symlink_metadata(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Ok(metadata) if metadata.is_symlink() => Err(StoreError::Outside { path: self.spell(&folder) }),
            _ => self.names_in(&folder),
        }
    }

    /// The names in a folder, in order, without the hidden ones.
    fn names_in(&self, folder: &Path) -> Result<Vec<RelPath>, StoreError> {
        let failed = |source| StoreError::Disk { act: "read", path: self.spell(folder), source };
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            if !is_hidden(&name) {
                names.push(RelPath::new("").join(name.as_encoded_bytes()));
            }
        }
        names.sort();
        Ok(names)
    }

    fn load_folder(&self, name: &RelPath, loaded: &mut Loaded) {
        let path = name.under(&self.folder());
        let is_file = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file());
        if is_file && name.extension() != Some("yaml") {
            // A README explains the ledger to whoever browses it.
            return;
        }
        if is_file {
            loaded.problems.push(format!("{}: lies beside the folders of the items, not in one", self.spell(&path)));
        } else if let Some(why) = refuse_id(name.as_str()) {
            loaded.problems.push(format!("{}: {why}", self.spell(&path)));
        } else {
            let files = self.load_item(name.as_str());
            if files != ItemFiles::default() {
                loaded.items.insert(name.to_string(), files);
            }
        }
    }

    fn load_file(&self, item: &str, name: &RelPath, files: &mut ItemFiles) {
        let path = name.under(&self.folder().join(item));
        let Some(stem) = name.as_str().strip_suffix(".yaml") else {
            files.unreadable.push(format!("{}: a decision's name ends in .yaml", self.spell(&path)));
            return;
        };
        match read_regular(&path, wire::SIZE_CAP) {
            Ok(bytes) => match wire::parse(stem, item, &bytes) {
                Ok(decision) => files.decisions.push(Arc::new(decision)),
                Err(fault) => files.unreadable.push(format!("{}:{fault}", self.spell(&path))),
            },
            Err(Unread::Gone) => {}
            Err(Unread::Because(why)) => files.unreadable.push(format!("{}: {why}", self.spell(&path))),
        }
    }

    /// A path as people read it: relative to the root, with nothing in it that a terminal would obey.
    fn spell(&self, path: &Path) -> String {
        let spelled = RelPath::within(&self.root, path).map_or_else(|| path.display().to_string(), |p| p.to_string());
        visible(&spelled).into_owned()
    }
}

/// Removes what processes that were killed left half written an hour ago or earlier, so that nobody commits it. The age
/// is told by the file system's own clock, from a file that was written just now. What cannot be removed stays.
fn sweep(folder: &Path, just_written: &fs::File) {
    let age = |metadata: fs::Metadata| {
        let now = just_written.metadata().ok()?.modified().ok()?;
        now.duration_since(metadata.modified().ok()?).ok()
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_ours = is_hidden(&name) && name.as_encoded_bytes().ends_with(TEMPORARY.as_bytes());
        if is_ours && entry.metadata().ok().filter(fs::Metadata::is_file).and_then(age) > Some(ABANDONED) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".").suffix(TEMPORARY).rand_bytes(12);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Others read it too: the umask takes away what they may not.
        builder.permissions(fs::Permissions::from_mode(0o644));
    }
    builder
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// One part of a path, visible to the loader, and short enough for every file system.
fn is_plain_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    !name.is_empty() && name.len() <= 200 && !name.starts_with('.') && name.bytes().all(is_plain)
}

fn shown(text: &str) -> String {
    visible(&clip(text, 120)).into_owned()
}

fn hint(act: &str, error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied if act == "read" => "; may you read it?",
        io::ErrorKind::PermissionDenied => "; may you write there?",
        io::ErrorKind::ReadOnlyFilesystem => "; the file system is read-only: decide in a copy that can be written",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "; make room and decide again"
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "; a file is in the way of the folder",
        _ => "",
    }
}
