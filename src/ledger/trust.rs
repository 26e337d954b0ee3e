//! Which commands of a tree a person approved. It is kept in the user's own folder, one file a tree: what lies in a tree
//! cannot vouch for that tree.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::tree::disk;

/// Far more than anybody approves.
const SIZE_CAP: u64 = 4 << 20;

/// One command, exactly as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    pub run: Vec<String>,
    pub timeout_seconds: u64,
    /// The checklists that took part.
    pub checklists: Vec<String>,
    /// The hash of all that was written in them.
    pub digest: String,
    pub at: Timestamp,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Wire {
    root: String,
    approved: Vec<Approval>,
}

/// Where the approvals of one tree are kept.
#[derive(Debug)]
pub struct Trust {
    folder: Option<PathBuf>,
    root: PathBuf,
}

impl Trust {
    /// `data` is the user's folder of this program; without one nothing can be approved.
    #[must_use]
    pub fn new(data: Option<&Path>, root: &Path) -> Self {
        Self { folder: data.map(|data| data.join("trust")), root: root.to_path_buf() }
    }

    /// Whatever was approved for this tree; most of it may be about checklists of before.
    ///
    /// # Errors
    /// One line that says why nothing here can be believed.
    pub fn approvals(&self) -> Result<Vec<Approval>, String> {
        let file = self.file()?;
        if !disk::exists(&file) {
            return Ok(Vec::new());
        }
        let wrong = |why: String| format!("{}: cannot be believed: {why}", file.display());
        only_ours(&file).map_err(wrong)?;
        let content = disk::read_regular(&file, SIZE_CAP).map_err(|error| wrong(disk::reason(&error)))?;
        let wire: Wire = serde_json::from_slice(&content.bytes).map_err(|error| wrong(error.to_string()))?;
        if wire.root != self.root.to_string_lossy() {
            return Err(wrong(format!("it is about {}", wire.root)));
        }
        Ok(wire.approved)
    }

    /// Approves these and nothing else of the same checklists.
    ///
    /// # Errors
    /// One line that says what could not be written.
    pub fn approve(&self, checklists: &[String], approvals: Vec<Approval>) -> Result<(), String> {
        let _turn = self.lock()?;
        let mut approved = self.approvals()?;
        approved.retain(|approval| approval.checklists != checklists);
        approved.extend(approvals);
        self.write(approved)
    }

    /// Takes back everything of this tree, and answers whether there was something.
    ///
    /// # Errors
    /// One line that says what could not be removed.
    pub fn revoke(&self) -> Result<bool, String> {
        let file = self.file()?;
        match fs::remove_file(&file) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(format!("{}: cannot be removed: {}", file.display(), disk::reason(&error))),
        }
    }

    fn file(&self) -> Result<PathBuf, String> {
        let folder = self.folder.as_ref().ok_or("nobody knows where this user's data is kept (HOME)")?;
        // Also where a link leads there: whoever writes the tree must not write this.
        let real = folder.ancestors().find_map(|place| place.canonicalize().ok());
        if real.is_none_or(|real| real.starts_with(&self.root)) {
            return Err(format!("{}: lies inside the tree: nothing in it is believed", folder.display()));
        }
        let name = blake3::hash(self.root.as_os_str().as_encoded_bytes()).to_hex();
        Ok(folder.join(format!("{}.json", &name[..32])))
    }

    /// Another instance that approves at the same time waits.
    fn lock(&self) -> Result<File, String> {
        use std::os::unix::fs::DirBuilderExt;
        let file = self.file()?.with_extension("lock");
        let wrong = |error: io::Error| format!("{}: cannot be locked: {}", file.display(), disk::reason(&error));
        if let Some(folder) = file.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(wrong)?;
        }
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&file).map_err(wrong)?;
        lock.lock().map_err(wrong)?;
        Ok(lock)
    }

    fn write(&self, approved: Vec<Approval>) -> Result<(), String> {
        let file = self.file()?;
        let wrong = |error: io::Error| format!("{}: cannot be written: {}", file.display(), disk::reason(&error));
        let wire = Wire { root: self.root.to_string_lossy().into_owned(), approved };
        let bytes = serde_json::to_vec_pretty(&wire).map_err(|error| wrong(error.into()))?;
        // A temporary file is its owner's alone, and so is what it becomes.
        let mut staged = tempfile::NamedTempFile::new_in(file.parent().unwrap_or(Path::new("."))).map_err(wrong)?;
        staged.write_all(&bytes).and_then(|()| staged.as_file().sync_all()).map_err(wrong)?;
        staged.persist(&file).map(drop).map_err(|error| wrong(error.error))
    }
}

/// Approvals that others can write are not this user's.
fn only_ours(file: &Path) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt;
    let data = fs::symlink_metadata(file).map_err(|error| disk::reason(&error))?;
    if data.mode() & 0o022 != 0 {
        return Err(format!("others may write to it (chmod 600 {})", file.display()));
    }
    if data.uid() != rustix::process::geteuid().as_raw() {
        return Err("it belongs to somebody else".to_owned());
    }
    Ok(())
}
