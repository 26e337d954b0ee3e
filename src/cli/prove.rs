//! `test`: the cases of a checklist, and on demand what they do not notice.

use crate::cases::{self, mutation};
use crate::checklist::merge;
use crate::cli::arguments::Global;
use crate::cli::lint::entry;
use crate::cli::output::Output;
use crate::cli::{ERROR, ExitCode, NO_GO, OK, Refusal};
use crate::session::Files;
use crate::text::visible::visible;

pub(super) fn run(file: Option<&str>, mutate: bool, global: &Global, output: &Output) -> Result<ExitCode, Refusal> {
    let (entry, root) = entry(file, global)?;
    let (checklist, problems) = merge::load(&entry, &Files { root: &root });
    if !problems.is_empty() {
        problems.iter().for_each(|problem| output.complain(&problem.to_string()));
        return Ok(ERROR);
    }
    let tally = cases::run(&checklist);
    for failure in &tally.failures {
        output.print(&format!("{}\n", visible(&failure.to_string())))?;
    }
    let mut failed = tally.failures.len();
    if mutate {
        let (tried, survivors) = mutation::survivors(&checklist);
        for survivor in &survivors {
            let line = format!("{}: {}: no case notices: {}", survivor.place, survivor.item, survivor.change);
            output.print(&format!("{}\n", visible(&line)))?;
        }
        output.say(&format!("{} of {tried} changes of probes noticed", tried - survivors.len()));
        failed += survivors.len();
    }
    output.print(&format!("{} passed, {} failed\n", tally.run - tally.failures.len(), failed))?;
    Ok(if failed == 0 { OK } else { NO_GO })
}
