//! `explain`: all that is known of one item.

use std::path::PathBuf;

use crate::checklist::spell;
use crate::cli::arguments::Global;
use crate::cli::check::open;
use crate::cli::output::Output;
use crate::cli::{ExitCode, OK, Refusal};
use crate::ledger::decision::Decision;
use crate::readiness::board::Row;
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
    let text = explain(row, tier);
    let clean: String = text.lines().map(|line| visible(line).into_owned() + "\n").collect();
    output.print(&clean)?;
    Ok(OK)
}

fn explain(row: &Row, tier: &str) -> String {
    let item = &row.item;
    let mut out = String::new();
    let mut line = |text: String| out.push_str(&(text + "\n"));
    line(item.title.clone());
    line(format!("{} · {} · needed from {tier} · {}", item.id, item.priority, effort(item.effort_minutes)));
    line(String::new());
    line(format!("Status  {}{}", row.status.word(), after(&row.reason)));
    line(format!("Why     {}", item.why.trim()));
    line(format!("Fix     {}", item.fix.trim()));
    if !item.refs.is_empty() {
        line(format!("Refs    {}", item.refs.join(", ")));
    }
    line(format!("From    {}", item.place));
    line(String::new());
    line("Probe".to_owned());
    line(probe(row));
    if !row.outcome.evidence.is_empty() {
        line("Evidence".to_owned());
        row.outcome.evidence.iter().for_each(|evidence| {
            let words = [evidence.place(), evidence.excerpt.clone(), evidence.message.clone()];
            let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
            line(format!("  {}  {}", evidence.fingerprint, words.join("  ")));
        });
        line(String::new());
    }
    line("Story".to_owned());
    if row.standing.story.is_empty() {
        line("  nobody has said anything".to_owned());
    }
    row.standing.story.iter().for_each(|decision| line(told(decision)));
    out
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
    let mut text = format!("  {}  {}  {}", day_of(decision.at), decision.by, kind.unwrap_or_default());
    if let Some(to) = &decision.to {
        text.push_str(&format!(" to {to}"));
    }
    if let Some(expires) = decision.expires {
        text.push_str(&format!(" until {expires}"));
    }
    text + &after(&decision.note)
}

fn after(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

fn effort(minutes: u32) -> String {
    if minutes == 0 { "effort unknown".to_owned() } else { format!("about {}", crate::text::words::duration(minutes)) }
}
