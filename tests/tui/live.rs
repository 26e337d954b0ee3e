//! The program itself, in a real terminal and on a real tree: what a person does in an afternoon.

use std::fs;

use portable_pty::CommandBuilder;

use super::pty::Pty;
use crate::place::Place;

const CHECKLIST: &str = "\
gonogo: 1
title: Shop
tiers: [{ id: pilot, title: Pilot, gate: P0 }]
categories: [{ id: shop, title: Shop, about: All of it. }]
items:
  - id: shop.no-default
    title: The secret has no default
    why: A default is known to all.
    fix: Take it away.
    priority: P0
    probe: { text: { files: \"**/*.py\", forbid: 'secret_key *=' } }
  - id: shop.rehearsed
    title: A restore has been rehearsed
    why: What was never tried does not work.
    fix: Try it.
    priority: P0
    covers: [\"ops/*.sh\"]
";

const BROKEN: &str = "gonogo: 1\ntitel: Shop\n";

/// A committed tree with one item that fails and one that waits for an answer.
fn shop() -> Place {
    let place = Place::repository();
    place.write("gonogo.yaml", CHECKLIST).write("settings.py", "debug = 1\nsecret_key = 'x'\n");
    place.write("ops/backup.sh", "dump\n").commit("as it was");
    place
}

fn start(place: &Place, author: &str) -> Pty {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_gonogo"));
    command.cwd(&place.root);
    command.env_clear();
    let home = place.root.parent().unwrap();
    command.env("PATH", std::env::var_os("PATH").unwrap());
    command.env("HOME", home);
    command.env("XDG_CONFIG_HOME", home.join("config"));
    command.env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.env("GIT_CONFIG_NOSYSTEM", "1");
    command.env("GONOGO_AUTHOR", author);
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    Pty::of(command)
}

/// The dashboard of Ana, with its first board on the screen.
fn ana(place: &Place) -> Pty {
    let pty = start(place, "Ana <ana@example.org>");
    sees(&pty, "A restore has been rehearsed");
    sees(&pty, " live");
    pty
}

#[track_caller]
fn sees(pty: &Pty, words: &str) {
    pty.until(words, |pty| pty.text().contains(words));
}

#[track_caller]
fn sees_no(pty: &Pty, words: &str) {
    pty.until(&format!("no {words:?}"), |pty| !pty.text().contains(words));
}

#[track_caller]
fn quits(mut pty: Pty) {
    pty.press("q");
    pty.after_the_end();
}

fn decisions(place: &Place) -> usize {
    let folder = place.root.join(".gonogo/ledger/shop.rehearsed");
    fs::read_dir(folder).map_or(0, |files| files.flatten().filter(|file| file.path().extension().is_some()).count())
}

#[test]
fn saving_a_file_flips_its_item_and_says_after_what() {
    let place = shop();
    let pty = ana(&place);
    sees(&pty, "settings.py:2");
    sees(&pty, "PILOT IS NO-GO");
    place.write("settings.py", "debug = 1\n");
    sees(&pty, "✗ → ✓  shop.no-default   after settings.py");
    sees(&pty, "PILOT IS INCOMPLETE");
    place.write("settings.py", "secret_key = 'y'\n");
    sees(&pty, "✓ → ✗  shop.no-default   after settings.py");
    sees(&pty, "settings.py:1");
    quits(pty);
}

#[test]
fn an_answer_is_kept_taken_back_restored_and_goes_stale() {
    let place = shop();
    let mut pty = ana(&place);
    pty.press("j");
    sees(&pty, "shop.rehearsed · P0");
    pty.press(" ");
    sees(&pty, "● attested");
    assert_eq!(decisions(&place), 1);
    quits(pty);

    let mut pty = ana(&place);
    pty.press("j");
    sees(&pty, "● attested");
    pty.press("u");
    sees(&pty, "○ open");
    pty.press("\x12");
    sees(&pty, "● attested");
    assert_eq!(decisions(&place), 3);
    place.write("ops/backup.sh", "dump --all\n");
    sees(&pty, "● → ↻  shop.rehearsed   after ops/backup.sh");
    sees(&pty, "ops/backup.sh changed since");
    pty.press("D");
    sees(&pty, "+dump --all");
    sees(&pty, "-dump");
    pty.press("\x1b");
    sees_no(&pty, "+dump --all");
    pty.press(" ");
    sees(&pty, "● attested");
    quits(pty);
}

#[test]
fn a_waiver_asks_for_reason_and_day_and_a_report_is_written() {
    let place = shop();
    let mut pty = ana(&place);
    sees(&pty, "shop.no-default · P0");
    pty.press("w");
    sees(&pty, "Waive until a day");
    pty.press("\r");
    sees(&pty, "a waiver needs a reason");
    pty.press("the vault comes in spring\t");
    pty.press("\x15");
    pty.press("someday\r");
    sees(&pty, "\"someday\" is no day");
    pty.press("\x1512w\r");
    sees(&pty, "◇ waived");
    sees(&pty, "the vault comes in spring");
    pty.press("x");
    sees(&pty, "Write a report");
    pty.press("\r");
    sees(&pty, "exported markdown to READINESS.md");
    let report = fs::read_to_string(place.root.join("READINESS.md")).unwrap();
    assert!(report.contains("\n# Readiness of ") && report.contains("the vault comes in spring"), "{report}");
    quits(pty);
}

#[test]
fn a_checklist_that_breaks_leaves_the_last_good_board() {
    let place = shop();
    let mut pty = ana(&place);
    place.write("gonogo.yaml", BROKEN);
    sees(&pty, "gonogo.yaml:2:1: unknown key \"titel\", did you mean \"title\"?");
    sees(&pty, "1 problem ");
    sees(&pty, "The secret has no default");
    pty.press("!");
    sees(&pty, "Problems");
    pty.press("\x1b");
    sees_no(&pty, "enter opens the place");
    // The words stay for as long as the problem does.
    sees(&pty, "1 problem · ! lists them · gonogo.yaml:2:1");
    place.write("gonogo.yaml", &CHECKLIST.replace("has no default", "comes from the vault"));
    sees(&pty, "The secret comes from the vault");
    sees_no(&pty, "gonogo.yaml:2:1");
    sees_no(&pty, "1 problem");
    place.write("gonogo.yaml", BROKEN);
    sees(&pty, "1 problem ");
    place.write("gonogo.yaml", &CHECKLIST.replace("has no default", "comes from the vault"));
    sees(&pty, "the checklist can be read again");
    sees_no(&pty, "1 problem");
    quits(pty);
}

#[test]
fn what_somebody_else_decides_shows_up() {
    let place = shop();
    let first = ana(&place);
    let mut second = start(&place, "Ben <ben@example.org>");
    sees(&second, " live");
    second.press("j");
    sees(&second, "shop.rehearsed · P0");
    second.press(" ");
    sees(&second, "● attested");
    sees(&first, "○ → ●  shop.rehearsed");
    quits(second);
    quits(first);
}

#[test]
fn switching_to_a_branch_with_other_files_ends_in_its_board() {
    let place = shop();
    let names: Vec<String> = (0..300).map(|n| format!("src/f{n}.py")).collect();
    for name in &names {
        place.write(name, "x = 1\n");
    }
    place.commit("clean");
    place.git(&["switch", "-q", "-c", "other"]);
    for name in &names {
        place.write(name, "secret_key = 1\n");
    }
    place.commit("not clean");
    place.git(&["switch", "-q", "main"]);
    let pty = ana(&place);
    sees(&pty, "settings.py:2");
    for _ in 0..2 {
        place.git(&["switch", "-q", "other"]);
        sees(&pty, "301 places");
        sees(&pty, "other ");
        place.git(&["switch", "-q", "main"]);
        sees(&pty, "main ");
        pty.until("one place is left", |pty| pty.text().contains("settings.py:2") && !pty.text().contains("places"));
    }
    quits(pty);
}

#[test]
fn a_termination_while_it_reads_leaves_the_terminal_whole() {
    let place = shop();
    for n in 0..400 {
        place.write(&format!("src/f{n}.py"), &"x = 1 # nothing to see\n".repeat(2_000));
    }
    let pty = start(&place, "Ana");
    pty.until("the screen is taken", |pty| pty.raw().contains("\x1b[?1049h"));
    pty.signal("-TERM");
    pty.after_the_end();
}

/// A board that draws without a reason never has a quiet second, however long one waits for it.
#[test]
fn at_rest_nothing_is_written_for_a_second() {
    let place = shop();
    let pty = ana(&place);
    place.write("settings.py", "debug = 1\n");
    sees(&pty, "✗ → ✓  shop.no-default");
    pty.until("a second passes without a byte", |pty| {
        let before = pty.bytes();
        std::thread::sleep(std::time::Duration::from_secs(1));
        pty.bytes() == before
    });
    quits(pty);
}

#[test]
fn everything_happens_without_git_too() {
    let place = Place::new();
    place.write("gonogo.yaml", CHECKLIST).write("settings.py", "secret_key = 'x'\n");
    let mut pty = ana(&place);
    sees(&pty, "not a git repository");
    place.write("settings.py", "debug = 1\n");
    sees(&pty, "✗ → ✓  shop.no-default   after settings.py");
    // The order follows the status, the selection the item.
    pty.press("k");
    sees(&pty, "shop.rehearsed · P0");
    pty.press(" ");
    sees(&pty, "PILOT IS GO");
    quits(pty);
}
