//! `trust`: shows the commands of a checklist exactly, and takes a person's word that they may run.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use jiff::Timestamp;

use crate::checklist::model::{Checklist, CommandProbe};
use crate::cli::arguments::{Global, Trusting};
use crate::cli::config;
use crate::cli::output::Output;
use crate::cli::{ERROR, ExitCode, OK, Refusal};
use crate::ledger::trust::{Approval, Trust};
use crate::session::{Choice, Files};
use crate::text::visible::visible;
use crate::text::words::plural;
use crate::tree::working::WorkingTree;

/// A command and the items that ask it.
struct Shown<'a> {
    command: &'a CommandProbe,
    asked: Vec<String>,
    is_approved: bool,
}

pub(super) fn run(trusting: &Trusting, global: &Global, output: &Output) -> Result<ExitCode, Refusal> {
    let (tree, _) = WorkingTree::open(&trusting.path).map_err(|error| Refusal(error.to_string()))?;
    let trust = Trust::new(config::data_folder().as_deref(), tree.root());
    if trusting.revoke {
        let said = if trust.revoke()? { "nothing is approved any more" } else { "nothing was approved" };
        output.say(said);
        return Ok(OK);
    }
    let (checklist, problems) =
        Choice::of(&tree, global.checklist.as_deref())?.load(&Files { root: tree.root() }, &[])?;
    problems.iter().for_each(|problem| output.complain(&problem.to_string()));
    let approvals = trust.approvals()?;
    let shown = commands(&checklist, &approvals);
    if shown.is_empty() {
        output.say("the checklist runs no command");
        return Ok(OK);
    }
    output.print(&list(&shown, tree.root()))?;
    let open = shown.iter().filter(|one| !one.is_approved).count();
    if open == 0 {
        output.say("all of them are approved");
        return Ok(OK);
    }
    let open = plural(open, "command is", "commands are");
    if !(trusting.yes || (asks() && is_yes(&open)?)) {
        output.complain(&format!("{open} not approved (--yes approves without a question)"));
        return Ok(ERROR);
    }
    trust.approve(&checklist.sources, shown.iter().map(|one| approval(one.command, &checklist)).collect())?;
    output.say(&format!("approved {} of {}", plural(shown.len(), "command", "commands"), tree.root().display()));
    Ok(OK)
}

fn commands<'a>(checklist: &'a Checklist, approvals: &[Approval]) -> Vec<Shown<'a>> {
    let mut all: Vec<Shown<'a>> = Vec::new();
    for item in &checklist.items {
        for command in item.commands() {
            let asked = format!("{} ({})", item.id, item.place);
            let same = |one: &&mut Shown<'a>| {
                one.command.run == command.run && one.command.timeout_seconds == command.timeout_seconds
            };
            if let Some(known) = all.iter_mut().find(same) {
                known.asked.push(asked);
                continue;
            }
            let wanted = approval(command, checklist);
            let is_approved = approvals.iter().any(|approval| Approval { at: wanted.at, ..approval.clone() } == wanted);
            all.push(Shown { command, asked: vec![asked], is_approved });
        }
    }
    all
}

fn approval(command: &CommandProbe, checklist: &Checklist) -> Approval {
    Approval {
        run: command.run.clone(),
        timeout_seconds: u64::from(command.timeout_seconds),
        checklists: checklist.sources.clone(),
        digest: checklist.digest.clone(),
        at: Timestamp::now(),
    }
}

/// Each word in quotes, so that nobody has to guess where one ends.
fn list(shown: &[Shown<'_>], root: &Path) -> String {
    let mut text = format!("{} in {}\n", plural(shown.len(), "command", "commands"), root.display());
    for one in shown {
        let words = serde_json::to_string(&one.command.run).unwrap_or_default();
        let state = if one.is_approved { "approved" } else { "not approved" };
        text.push_str(&format!("\n  {words}\n    {state}, ends within {}s\n", one.command.timeout_seconds));
        one.asked.iter().for_each(|asked| text.push_str(&format!("    asked by {asked}\n")));
    }
    text.lines().map(|line| visible(line).into_owned() + "\n").collect()
}

fn asks() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

fn is_yes(open: &str) -> io::Result<bool> {
    write!(io::stderr().lock(), "\n{open} not approved. Approve all of them, exactly as shown? [y/N] ")?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
