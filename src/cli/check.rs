//! `check` and `export`: evaluate once, print a report.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;

use crate::cli::arguments::{Check, Export, Global};
use crate::cli::interrupt::Interrupt;
use crate::cli::looked::Looked;
use crate::cli::output::Output;
use crate::cli::patience::with_progress;
use crate::cli::{CONDITIONAL, ERROR, ExitCode, INCOMPLETE, NO_GO, OK, Refusal};
use crate::engine::progress::Reached;
use crate::readiness::board::{Board, Stats, Verdict};
use crate::report::earlier::Earlier;
use crate::report::format;
use crate::session::{Session, Settings};
use crate::text::suggest::did_you_mean;
use crate::text::visible::{clip, visible};
use crate::text::words::{count, plural};
use crate::tree::disk;

/// A report of an enormous system is smaller than this.
const BASELINE_CAP: u64 = 256 << 20;

pub(super) fn check(check: &Check, global: &Global, output: &Output) -> Result<ExitCode, Refusal> {
    let format = format::named(&check.format)?;
    let settings = Settings { only: check.only.clone(), ..global.settings(check.path.clone()) };
    let mut looked = match &check.rev {
        Some(spec) => Looked::at(spec, check.own_checklist, &settings, global.quiet)?,
        None => Looked::Tree(Box::new(answered(&settings, global.quiet, None)?)),
    };
    let board = Arc::clone(looked.board());
    let tier = tier(&board, check.tier.as_deref())?;
    print(format, &mut looked, tier, None, check.output.as_deref(), output)?;
    if global.verbose {
        output.say(&cost(&board.stats));
    }
    let problems = looked.checklist_problems();
    let has_just_been_read = format.name == "human" && check.output.is_none();
    if has_just_been_read && !problems.is_empty() {
        output.complain(&format!("the checklist has {}", plural(problems.len(), "problem", "problems")));
    } else {
        problems.iter().for_each(|problem| output.complain(&problem.to_string()));
    }
    let is_broken = !problems.is_empty();
    looked.keep_facts();
    looked.leave_to_the_system();
    Ok(match exit_code(&board, tier) {
        _ if is_broken => ERROR,
        _ if check.exit_zero => OK,
        code => code,
    })
}

/// What the verdict of a tier ends with.
pub(super) fn exit_code(board: &Board, tier: usize) -> ExitCode {
    match board.verdicts.get(tier).map(|verdict| verdict.verdict) {
        Some(Verdict::Go) => OK,
        Some(Verdict::NoGo) => NO_GO,
        Some(Verdict::Conditional) => CONDITIONAL,
        Some(Verdict::Incomplete) | None => INCOMPLETE,
    }
}

fn cost(stats: &Stats) -> String {
    let (listed, read) = (plural(stats.files_listed as usize, "file", "files"), count(stats.files_read));
    let kept = match stats.files_from_cache {
        0 => String::new(),
        some => format!(", {} known from before", count(some)),
    };
    let (bytes, probes) = (count(stats.bytes_read), plural(stats.probes_run as usize, "probe", "probes"));
    format!("{read} of {listed} read{kept}, {bytes} bytes, {probes}, {} ms", stats.elapsed_ms)
}

pub(super) fn export(export: &Export, global: &Global, output: &Output) -> Result<ExitCode, Refusal> {
    let name = match (export.report, export.plan) {
        (true, _) => "report",
        (_, true) => "plan",
        _ => &export.format,
    };
    let format = format::named(name)?;
    let compares = export.since.is_some() || export.baseline.is_some();
    if compares && format.name != "report" {
        return Err(Refusal("only the report compares with an earlier state: add --report".to_owned()));
    }
    let settings = global.settings(export.path.clone());
    let mut looked = match &export.rev {
        Some(spec) => Looked::at(spec, export.own_checklist, &settings, global.quiet)?,
        // A plan is of what is asked, whatever the answers are.
        None if export.plan => Looked::Tree(Box::new(open(&settings, global.quiet)?)),
        None => Looked::Tree(Box::new(answered(&settings, global.quiet, None)?)),
    };
    let earlier = earlier(export, &looked)?;
    print(format, &mut looked, 0, earlier, export.output.as_deref(), output)?;
    if let Some(path) = &export.output {
        output.say(&format!("wrote {}", path.display()));
    }
    looked.leave_to_the_system();
    Ok(OK)
}

/// The state to compare with: of a revision, or of a report that was kept.
fn earlier(export: &Export, looked: &Looked) -> Result<Option<Earlier>, Refusal> {
    if let Some(spec) = &export.since {
        let board = looked.board_at(spec)?;
        return Ok(Some(Earlier::of(&board, spec)));
    }
    let Some(path) = &export.baseline else { return Ok(None) };
    let text = disk::read_text(path, BASELINE_CAP)?;
    Ok(Some(Earlier::parse(&path.display().to_string(), &text)?))
}

fn print(
    format: &format::Format,
    looked: &mut Looked,
    tier: usize,
    earlier: Option<Earlier>,
    to: Option<&Path>,
    output: &Output,
) -> Result<(), Refusal> {
    let mut bytes = Vec::new();
    match to {
        None => {
            looked.print(format, &output.options(tier), earlier, &mut bytes)?;
            match io::stdout().lock().write_all(&bytes) {
                // A reader that had enough (`| head`) changes nothing about the verdict.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
                written => written?,
            }
        }
        Some(path) => {
            looked.print(format, &output.file_options(tier), earlier, &mut bytes)?;
            disk::write_replace(path, &bytes)?;
        }
    }
    Ok(())
}

/// The index of the tier with this id; the first where none is named.
pub(super) fn tier(board: &Board, id: Option<&str>) -> Result<usize, Refusal> {
    let Some(id) = id else { return Ok(0) };
    let ids = || board.tiers.iter().map(|tier| tier.id.as_str());
    ids().position(|known| known == id).ok_or_else(|| {
        let known: Vec<&str> = ids().collect();
        Refusal(format!("no tier \"{id}\"{} ({})", did_you_mean(id, ids()), known.join(", ")))
    })
}

/// Opens a session and runs the commands that were approved, all of them or those of one item.
pub(super) fn answered(settings: &Settings, quiet: bool, item: Option<&str>) -> Result<Session, Refusal> {
    let mut session = open(settings, quiet)?;
    let mut asked = session.checklist().items.iter().filter(|asked| item.is_none_or(|id| asked.id == id));
    if asked.all(|item| item.commands().is_empty()) {
        return Ok(session);
    }
    let interrupt = Interrupt::new()?;
    let is_shown = !quiet && io::stderr().is_terminal();
    let mut tell = |name: &str| {
        if is_shown {
            drop(write!(io::stderr().lock(), "\rrunning {}\u{1b}[K", clip(&visible(name), 60)));
        }
    };
    session.run_commands(item, &interrupt.stop, &mut tell);
    if is_shown {
        drop(write!(io::stderr().lock(), "\r\u{1b}[K"));
    }
    Ok(session)
}

/// Opens a session, with progress on standard error once it takes long.
pub(super) fn open(settings: &Settings, quiet: bool) -> Result<Session, Refusal> {
    Ok(with_progress(quiet, Reached::in_files, |progress| Session::open(settings, progress))?)
}
