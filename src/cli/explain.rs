//! `explain`: all that is known of one item.

use std::path::PathBuf;

use crate::checklist::spell;
use crate::cli::arguments::Global;
use crate::cli::check::open;
use crate::cli::output::Output;
use crate::cli::{ExitCode, OK, Refusal};
use crate::ledger::decision::Decision;
use crate::readiness::board::{Board, Row};
use crate::readiness::work::Progress;
use crate::text::suggest::did_you_mean;
use crate::text::visible::visible;
use crate::text::words::day_of;

pub(super) fn run(id: &str, path: PathBuf, global: &Global, output: &Output) -> Result<ExitCode, Refusal> {
    let session = open(&global.settings(path), global.quiet)?;
    let board = session.board();
    let Some(row) = board.rows.iter().find(|row| row.item.id == id) else {
        let known = board.rows.iter().map(|row| row.item.id.as_str());
        return Err(Refusal(format!("no item \"{id}\" in this checklist{}", did_you_mean(id, known))));
    };
    let tier = board.tiers.get(row.item.tier).map_or("", |tier| tier.id.as_str());
    let text = explain(row, tier, board);
    let clean: String = text.lines().map(|line| visible(line).into_owned() + "\n").collect();
    output.print(&clean)?;
    Ok(OK)
}

fn explain(row: &Row, tier: &str, board: &Board) -> String {
    let item = &row.item;
    let mut out = String::new();
    // Borrowed: an optimising rustc frees an empty `String` twice that a closure is given twice (rust-lang/rust#155241).
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&item.title);
    line(&format!("{} · {} · needed from {tier} · {}", item.id, item.priority, effort(item.effort_minutes)));
    line("");
    line(&format!("Status  {}{}", row.status.word(), after(&row.reason)));
    line(&format!("Why     {}", item.why.trim()));
    line(&format!("Fix     {}", item.fix.trim()));
    if !item.refs.is_empty() {
        line(&format!("Refs    {}", item.refs.join(", ")));
    }
    line(&format!("From    {}", item.place));
    plan(row, board).iter().for_each(|text| line(text));
    line("");
    remedy(row).iter().for_each(|text| line(text));
    line("Probe");
    line(&probe(row));
    if !row.outcome.parts.is_empty() {
        line("Parts");
        row.outcome.parts.iter().for_each(|part| {
            line(&format!("  {:<14}  {}{}", part.answer.word(), part.name, after(&part.reason)));
        });
        line("");
    }
    if !row.inventory.is_empty() {
        line("Inventory");
        row.inventory.iter().for_each(|element| {
            let by = element.by.as_deref().map(|by| format!("  {by}")).unwrap_or_default();
            let place = if element.place == element.name { "" } else { element.place.as_str() };
            line(format!("  {:<8}  {}  {place}{by}", element.status.word(), element.name).trim_end());
        });
        line("");
    }
    if !row.outcome.evidence.is_empty() {
        line("Evidence");
        row.outcome.evidence.iter().for_each(|evidence| {
            let words = [evidence.place(), evidence.excerpt.clone(), evidence.message.clone()];
            let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
            line(&format!("  {}  {}", evidence.fingerprint, words.join("  ")));
        });
        line("");
    }
    line("Story");
    if row.standing.story.is_empty() {
        line("  nobody has said anything");
    }
    row.standing.story.iter().for_each(|decision| line(&told(decision)));
    out
}

/// What it waits for and what waits for it, by when and by whom.
fn plan(row: &Row, board: &Board) -> Vec<String> {
    let (item, work) = (&row.item, &row.work);
    let ids = |rows: &mut dyn Iterator<Item = &Row>| rows.map(|row| row.item.id.clone()).collect::<Vec<_>>().join(", ");
    let causes = |row: &&Row| row.item.plan.caused_by.contains(&item.id);
    let waits = |row: &&Row| row.item.plan.needs.contains(&item.id);
    let phase = board.phases.get(item.phase).map(|phase| phase.title.clone()).unwrap_or_default();
    let due =
        work.due.map(|due| format!("{due}{}", work.window.map(|w| format!(" ({})", w.title())).unwrap_or_default()));
    let who = work.owner.as_deref().map(|owner| format!(" by {owner}")).unwrap_or_default();
    let lines = [
        ("Blocked", work.blocked_by.join(", ")),
        ("Needs", item.plan.needs.join(", ")),
        ("Opens", ids(&mut board.rows.iter().filter(waits))),
        ("Cause", item.plan.caused_by.join(", ")),
        ("Effects", ids(&mut board.rows.iter().filter(causes))),
        ("Phase", phase),
        ("Due", due.unwrap_or_default()),
        (
            "Work",
            if work.progress == Progress::None { String::new() } else { format!("{}{who}", work.progress.word()) },
        ),
        ("Choice", item.options.join(" | ")),
    ];
    let line = |(name, text): (&str, String)| (!text.is_empty()).then(|| format!("{name:<7} {text}"));
    lines.into_iter().filter_map(line).collect()
}

/// What there is to copy, to run and to write.
fn remedy(row: &Row) -> Vec<String> {
    let plan = &row.item.plan;
    let mut lines = Vec::new();
    if let Some(snippet) = &plan.snippet {
        lines.push(format!(
            "Remedy{}",
            if snippet.language.is_empty() { String::new() } else { format!(" ({})", snippet.language) }
        ));
        lines.extend(snippet.text.lines().map(|text| format!("  {text}")));
        lines.push(String::new());
    }
    if !plan.creates.is_empty() {
        lines.push(format!("Creates {}", plan.creates.join(", ")));
    }
    if let Some(command) = &plan.verify {
        lines.push(format!("Verify  {command}"));
    }
    if lines.last().is_some_and(|last| !last.is_empty()) {
        lines.push(String::new());
    }
    lines
}

fn probe(row: &Row) -> String {
    let mut text = String::new();
    for (name, probe) in [("when", &row.item.when), ("probe", &row.item.probe)] {
        if let Some(probe) = probe {
            text.push_str(&format!("  {name}:\n"));
            spell::yaml(probe).lines().for_each(|line| text.push_str(&format!("    {line}\n")));
        }
    }
    if text.is_empty() { format!("  a person answers: {}\n", row.item.question()) } else { text }
}

fn told(decision: &Decision) -> String {
    let kind = serde_json::to_value(decision.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
    let by = if decision.actor.is_person() { decision.by.clone() } else { format!("{} (machine)", decision.by) };
    let more = [
        ("to", decision.to.clone()),
        ("of", decision.part.clone()),
        ("for", decision.choice.clone()),
        ("as", decision.waiver.map(|kind| kind.word().to_owned())),
        ("until", decision.expires.map(|day| day.to_string())),
        ("due", decision.due.map(|day| day.to_string())),
        ("and instead", decision.follow_up.clone()),
    ];
    let more: String = more.into_iter().filter_map(|(word, text)| Some(format!(" {word} {}", text?))).collect();
    format!("  {}  {by}  {}{more}{}", day_of(decision.at), kind.unwrap_or_default(), after(&decision.note))
}

fn after(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

fn effort(minutes: u32) -> String {
    if minutes == 0 { "effort unknown".to_owned() } else { format!("about {}", crate::text::words::duration(minutes)) }
}
