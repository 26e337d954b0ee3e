//! Where a symbolic link ends, found step by step so that no step leaves the root.

use std::collections::VecDeque;
use std::fs::{self, Metadata};
use std::path::{Component, Path, PathBuf};

use crate::tree::path::RelPath;

/// More than anybody means; a loop ends here.
const HOPS: usize = 8;

/// The regular file below `root` that `path` ends at, and its stat. `None` for a loop, a way out of the root or into
/// `.git`, a directory, a device, or nothing.
pub(crate) fn resolve(root: &Path, path: &RelPath) -> Option<(RelPath, Metadata)> {
    let mut here = root.to_path_buf();
    let mut ahead: VecDeque<PathBuf> = parts(&path.under(Path::new("")))?.into();
    let mut hops = 0;
    while let Some(part) = ahead.pop_front() {
        if part.as_os_str() == ".." {
            if here == root {
                return None;
            }
            here.pop();
            continue;
        }
        if part.as_os_str() == ".git" {
            return None;
        }
        here.push(&part);
        let data = fs::symlink_metadata(&here).ok()?;
        if data.is_symlink() {
            hops += 1;
            let target = fs::read_link(&here).ok().filter(|_| hops <= HOPS)?;
            here.pop();
            let target = if target.is_absolute() {
                here = root.to_path_buf();
                target.strip_prefix(root).ok()?.to_path_buf()
            } else {
                target
            };
            for part in parts(&target)?.into_iter().rev() {
                ahead.push_front(part);
            }
        } else if ahead.is_empty() {
            return data.is_file().then(|| RelPath::within(root, &here).map(|path| (path, data)))?;
        } else if !data.is_dir() {
            return None;
        }
    }
    None
}

/// Whether every directory above `path` is a real one, so that its name stands for itself.
pub(crate) fn has_real_parents(root: &Path, path: &RelPath) -> bool {
    crate::tree::ignores::ancestors(path)
        .all(|dir| fs::symlink_metadata(dir.under(root)).is_ok_and(|data| data.is_dir()))
}

fn parts(path: &Path) -> Option<Vec<PathBuf>> {
    let mut out = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => out.push(name.into()),
            Component::ParentDir => out.push("..".into()),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(out)
}
