//! `lint`: every problem of a checklist at once.

use std::path::{Path, PathBuf};

use crate::checklist::lint;
use crate::checklist::merge::Entry;
use crate::cli::arguments::Global;
use crate::cli::output::Output;
use crate::cli::{ERROR, ExitCode, OK, Refusal};
use crate::session::{Choice, Files};
use crate::tree::working::WorkingTree;

pub(super) fn run(file: Option<&str>, global: &Global, output: &Output) -> Result<ExitCode, Refusal> {
    let (entry, root) = entry(file, global)?;
    let problems = lint::lint(&entry, &Files { root: &root });
    for problem in &problems {
        output.print(&format!("{}\n", crate::text::visible::visible(&problem.to_string())))?;
    }
    match problems.len() {
        0 => output.say("no problems"),
        1 => output.say("1 problem"),
        count => output.say(&format!("{count} problems")),
    }
    Ok(if problems.iter().all(lint::is_advice) { OK } else { ERROR })
}

/// The checklist that is meant, and the directory that its paths are relative to: the current one for a file
/// below it, else that of the file.
pub(super) fn entry(file: Option<&str>, global: &Global) -> Result<(Entry, PathBuf), Refusal> {
    let Some(file) = file else {
        let (tree, _) = WorkingTree::open(Path::new(".")).map_err(|error| Refusal(error.to_string()))?;
        let choice = Choice::of(&tree, global.checklist.as_deref())?;
        return Ok((choice.entry(), tree.root().to_path_buf()));
    };
    if let Some(name) = file.strip_prefix("builtin:") {
        return Ok((Entry::Builtin(name.to_owned()), PathBuf::from(".")));
    }
    let path = Path::new(file);
    let real = path.canonicalize().map_err(|error| Refusal(format!("{file}: cannot read the checklist: {error}")))?;
    let here = Path::new(".").canonicalize().map_err(|error| Refusal(format!("the current directory: {error}")))?;
    let root = if real.starts_with(&here) { here } else { real.parent().unwrap_or(&here).to_path_buf() };
    let relative = crate::tree::path::RelPath::within(&root, &real);
    let relative = relative.ok_or_else(|| Refusal(format!("{file}: no file below {}", root.display())))?;
    Ok((Entry::File(relative.to_string()), root))
}
