//! What the papers show is what the program does.

mod pictures;
mod shown;

use std::fs;
use std::path::Path;

use clap::{CommandFactory, Parser};
use gonogo::cli::{self, Arguments};
use gonogo::readiness::board::Verdict;
use gonogo::readiness::status::Status;
use gonogo::tui::action::TABLE;

use shown::{Block, Shop, blocks};

const PAPERS: [&str; 2] = ["README.md", "examples/README.md"];

fn paper(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn all_blocks() -> Vec<Block> {
    PAPERS.iter().flat_map(|name| blocks(name, &paper(name))).collect()
}

/// The rows of the first table with this head, each as its cells.
fn table(text: &str, head: &str) -> Vec<Vec<String>> {
    let (_, below) = text.split_once(&format!("{head}\n")).unwrap_or_else(|| panic!("no table {head}"));
    let rows = below.lines().skip(1).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()).collect()
}

fn first_column(head: &str) -> Vec<String> {
    table(&paper("README.md"), head).into_iter().map(|mut row| row.remove(0)).collect()
}

#[test]
fn every_session_that_is_shown_happens() {
    let sessions: Vec<Block> = all_blocks().into_iter().filter(|block| block.kind == "console").collect();
    assert!(sessions.len() >= 6, "{}", sessions.len());
    for session in sessions {
        Shop::new().replay(&session);
    }
}

#[test]
fn every_yaml_block_is_what_it_claims_to_be() {
    let (mut checklists, mut decisions, mut others) = (0, 0, 0);
    for block in all_blocks().iter().filter(|block| block.kind == "yaml") {
        let text = &block.text;
        if text.contains("\ndecision: ") {
            let item = text.lines().find_map(|line| line.strip_prefix("item: ")).unwrap();
            gonogo::ledger::wire::parse("shown", item, text.as_bytes())
                .unwrap_or_else(|why| panic!("{block}: {why:?}"));
            decisions += 1;
        } else if text.starts_with("gonogo: 1\n") {
            Shop::new().accepts_checklist(block);
            checklists += 1;
        } else {
            serde_yaml::from_str::<serde_yaml::Value>(text).unwrap_or_else(|why| panic!("{block}: {why}"));
            others += 1;
        }
    }
    assert_eq!((checklists, decisions, others), (2, 1, 4));
}

#[test]
fn every_command_that_is_shown_without_its_output_is_one() {
    let mut seen = 0;
    for block in all_blocks().iter().filter(|block| block.kind != "console") {
        for line in block.text.lines() {
            let line = line.trim_start_matches([' ', '-']).trim_start_matches("run: ");
            let command = line.split([':', '#', '|', '>']).next().unwrap_or_default();
            let words: Vec<&str> = command.split_whitespace().collect();
            if line.starts_with("gonogo: ") || line.starts_with("gonogo:") || words.first() != Some(&"gonogo") {
                continue;
            }
            Arguments::try_parse_from(&words).unwrap_or_else(|why| panic!("{block}: {line}: {why}"));
            seen += 1;
        }
    }
    assert!(seen >= 9, "{seen}");
}

#[test]
fn statuses_verdicts_exit_codes_and_probes_are_those_of_the_program() {
    let statuses: Vec<String> = Status::ALL.iter().map(|status| format!("`{}`", status.word())).collect();
    assert_eq!(first_column("| status | what it means |"), statuses);
    let verdicts = [Verdict::NoGo, Verdict::Incomplete, Verdict::Conditional, Verdict::Go];
    assert_eq!(first_column("| verdict of a tier | when |"), verdicts.map(Verdict::word));
    let codes = [
        (cli::OK, "GO"),
        (cli::NO_GO, "NO-GO"),
        (cli::ERROR, "wrong usage or a wrong checklist"),
        (cli::INCOMPLETE, "INCOMPLETE"),
        (cli::CONDITIONAL, "CONDITIONAL"),
    ];
    let codes = codes.map(|(code, means)| vec![code.to_string(), means.to_owned()]);
    assert_eq!(table(&paper("README.md"), "| exit code | of `gonogo check` |"), codes);
    let schema = gonogo::checklist::schema::schema();
    let probes = schema["$defs"]["probe"]["properties"].as_object().unwrap();
    let shown = first_column("| probe | passes when |").join(" ");
    assert_eq!(shown, probes.keys().map(|probe| format!("`{probe}`")).collect::<Vec<_>>().join(" "));
}

#[test]
fn the_tables_of_keys_and_commands_are_those_of_the_program() {
    let mut current = paper("README.md");
    let shown = current.clone();
    for (name, table) in [("keys", keys()), ("commands", commands())] {
        let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let (before, rest) = current.split_once(&open).unwrap();
        let (_, after) = rest.split_once(&close).unwrap();
        current = format!("{before}{open}{table}{close}{after}");
    }
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"), &current).unwrap();
        return;
    }
    assert!(current == shown, "README.md is behind: run UPDATE_README=1 cargo test readme");
}

fn keys() -> String {
    let mut out = String::from("| keys | | |\n| --- | --- | --- |\n");
    for spec in TABLE {
        let keys: Vec<String> = spec.keys.iter().map(|key| format!("`{key}`")).collect();
        out += &format!("| {} | {} | {} |\n", keys.join(" "), spec.title, spec.group.title().to_lowercase());
    }
    out
}

fn commands() -> String {
    let mut out = String::from("| command | |\n| --- | --- |\n| `gonogo` | The dashboard |\n");
    for command in Arguments::command().get_subcommands() {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        out += &format!("| `gonogo {}` | {about} |\n", command.get_name());
    }
    out
}
