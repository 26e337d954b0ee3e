//! Reading files that anybody may have put there: regular ones only, never through a link, never more than a cap.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// The bytes of a regular file, at most `cap` and one more, so that the reader can tell what is too large.
///
/// # Errors
/// One line that says why there are none.
pub(crate) fn read_regular(path: &Path, cap: usize) -> Result<Vec<u8>, Unread> {
    // A device can act on being opened: look before.
    let kind = fs::symlink_metadata(path).map_err(|error| unread(&error))?.file_type();
    if kind.is_symlink() {
        return Err(Unread::Because("a symbolic link, which is not followed".to_owned()));
    }
    if !kind.is_file() {
        return Err(Unread::Because("not a regular file".to_owned()));
    }
    let file = open(path).map_err(|error| unread(&error))?;
    // What was a file may have been replaced since.
    if !file.metadata().map_err(|error| unread(&error))?.is_file() {
        return Err(Unread::Because("not a regular file".to_owned()));
    }
    let mut bytes = Vec::new();
    file.take(cap as u64 + 1).read_to_end(&mut bytes).map_err(|error| unread(&error))?;
    Ok(bytes)
}

#[derive(Debug)]
pub(crate) enum Unread {
    /// It went away since the folder was listed, as when git switches branches.
    Gone,
    Because(String),
}

fn unread(error: &io::Error) -> Unread {
    match error.kind() {
        io::ErrorKind::NotFound => Unread::Gone,
        _ => Unread::Because(error.to_string()),
    }
}

/// Without blocking on a FIFO and without following a link in the last place.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Makes what was renamed into a folder survive a power cut.
///
/// # Errors
/// What the system says; not where it merely has no such operation.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    let synced = File::open(folder)?.sync_all();
    match synced {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        synced => synced,
    }
}

#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
