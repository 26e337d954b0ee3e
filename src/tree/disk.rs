//! Reading and writing single files with care: never blocked by a FIFO, never half a file on the disk.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Component, Path};

use crate::tree::source::Content;
use crate::tree::walk;

/// The content of a file that somebody named, which may be a link, as text. Bytes that are no UTF-8 are an error.
///
/// # Errors
/// One line that names the file and says why it cannot be read: absent, no regular file, longer than `cap`, no text.
pub fn read_text(path: &Path, cap: u64) -> Result<String, String> {
    let wrong = |why: String| format!("{}: cannot be read: {why}", path.display());
    let content = open(path, true).and_then(|file| read(file, cap)).map_err(|error| wrong(reason(&error)))?;
    if let Some(size) = content.cut_from {
        return Err(wrong(format!("it has {size} bytes, more than the {cap} that are read")));
    }
    String::from_utf8(content.bytes)
        .map_err(|error| wrong(format!("it is no UTF-8 from byte {} on", error.utf8_error().valid_up_to())))
}

/// Whether something stands at this place, readable or not.
#[must_use]
pub fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// The names in a folder that are text, in order; none where there is no such folder.
#[must_use]
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// Writes a file that must not exist yet.
///
/// # Errors
/// One line that names the file and the act that failed.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let staged = stage(path, bytes, None)?;
    staged.persist_noclobber(path).map(drop).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => format!("{}: exists already and is left as it is", path.display()),
        _ => format!("{}: cannot be created: {}", path.display(), reason(&error.error)),
    })
}

/// Writes a file whole or not at all. An existing one keeps its mode, and a link stays one: its target is replaced.
///
/// # Errors
/// One line that names the file and the act that failed.
pub fn write_replace(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let before = fs::metadata(&target).ok();
    if before.as_ref().is_some_and(|data| !data.is_file()) {
        return Err(format!("{}: cannot be replaced: it is no regular file", path.display()));
    }
    let staged = stage(&target, bytes, before.as_ref())?;
    staged
        .persist(&target)
        .map(drop)
        .map_err(|error| format!("{}: cannot be replaced: {}", path.display(), reason(&error.error)))
}

/// A whole, synced file beside `path`, ready to take its place.
fn stage(path: &Path, bytes: &[u8], before: Option<&Metadata>) -> Result<tempfile::NamedTempFile, String> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let wrong = |error: io::Error| format!("{}: cannot be written: {}", path.display(), reason(&error));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gonogo-");
    // As any program would create it: the umask takes away from this.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut staged = builder.tempfile_in(folder).map_err(wrong)?;
    staged.write_all(bytes).map_err(wrong)?;
    if let Some(before) = before {
        staged.as_file().set_permissions(before.permissions()).map_err(wrong)?;
    }
    staged.as_file().sync_all().map_err(wrong)?;
    Ok(staged)
}

/// The beginning of a regular file; a link in its last place is refused.
pub(crate) fn read_regular(path: &Path, cap: u64) -> io::Result<Content> {
    read(open(path, false)?, cap)
}

/// The same for a file with no link anywhere on its way, in a single step; `None` where there is one, where the system
/// cannot be asked so, where the file cannot be opened, or where the way to it goes up.
#[cfg(target_os = "linux")]
pub(crate) fn read_without_links(path: &Path, cap: u64) -> Option<Content> {
    use rustix::fs::{CWD, Mode, OFlags, ResolveFlags};
    if path.components().any(|part| part == Component::ParentDir) {
        return None;
    }
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = rustix::fs::openat2(CWD, path, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS).ok()?;
    read(file.into(), cap).ok()
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn read_without_links(_: &Path, _: u64) -> Option<Content> {
    None
}

/// Opens without waiting for whoever is at the other end of a FIFO.
fn open(path: &Path, follow: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        if !follow {
            flags |= OFlags::NOFOLLOW;
        }
        options.custom_flags(flags.bits() as i32);
    }
    #[cfg(not(unix))]
    if !follow && fs::symlink_metadata(path)?.is_symlink() {
        return Err(io::Error::other("it is a link"));
    }
    options.open(path)
}

fn read(file: File, cap: u64) -> io::Result<Content> {
    let data = file.metadata()?;
    if !data.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut bytes = Vec::with_capacity(data.len().min(cap) as usize + 1);
    // One byte more than the cap tells a file that ends there from one that goes on.
    file.take(cap.saturating_add(1)).read_to_end(&mut bytes)?;
    let cut_from = (bytes.len() as u64 > cap).then(|| data.len().max(bytes.len() as u64));
    bytes.truncate(usize::try_from(cap).unwrap_or(usize::MAX));
    Ok(Content { bytes, cut_from, stamp: Some(walk::stamp(&data)) })
}

/// The words of an I/O error without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
