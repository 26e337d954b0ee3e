//! `command` and `gonogo trust`: nothing runs that a person did not approve word for word, and nothing is left running.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use gonogo::checklist::merge::{self, Entry};
use gonogo::engine::progress::Progress;
use gonogo::session::commands::Job;
use gonogo::session::message::Notice;
use gonogo::session::{Files, Prepared, Session};
use serde_json::Value;

use crate::world::{World, item_of, row};

/// A checklist of one item, `t.run`, with this probe.
fn asks(probe: &str) -> String {
    format!(
        "categories: [{{ id: t, title: T }}]
items:
  - {{ id: t.run, title: It runs, why: w, fix: f, priority: P0, probe: {{ command: {probe} }} }}
"
    )
}

fn shell(script: &str, more: &str) -> String {
    asks(&format!("{{ run: [sh, -c, {}]{more} }}", serde_json::to_string(script).unwrap()))
}

fn approved(checklist: &str) -> World {
    let world = World::new().tree(&[("src/a.py", "x\n")]).checklist(checklist);
    world.run(&["trust", "--yes"]).succeeds();
    world
}

fn evidence(world: &World) -> Vec<Value> {
    item_of(&world.report(), "t.run")["evidence"].as_array().unwrap().clone()
}

#[test]
fn what_nobody_approved_is_never_run() {
    let world = World::new().checklist(&shell("touch ran", ""));
    let (status, reason) = world.status("t.run");
    assert_eq!((status.as_str(), reason.as_str()), ("unknown", "not trusted: gonogo trust shows and approves it"));
    let listed = world.run(&["trust"]);
    assert_eq!(listed.code, 2, "without a terminal nobody can be asked");
    assert!(
        listed.stdout.contains(r#"["sh","-c","touch ran"]"#) && listed.stdout.contains("not approved"),
        "{listed:?}"
    );
    assert!(listed.stdout.contains("t.run (gonogo.yaml:4"), "{listed:?}");
    for arguments in [&["test"][..], &["lint"], &["explain", "t.run"], &["export"], &["schema"]] {
        world.run(arguments);
    }
    assert!(!world.root().join("ran").exists());
}

#[test]
fn what_was_approved_answers_by_its_status() {
    let answer = |probe: &str| approved(&asks(probe)).status("t.run");
    assert_eq!(answer("{ run: [\"true\"] }"), ("passed".into(), "true ended with 0".into()));
    assert_eq!(answer("{ run: [\"false\"] }").0, "failed");
    assert_eq!(answer("{ run: [\"false\"], exit: 1 }").0, "passed");
    let (status, reason) = answer("{ run: [no-such-program-here] }");
    assert!(status == "unknown" && reason.contains("does not start: no such file"), "{status} {reason}");
    let killed = approved(&shell("kill -9 $$", "")).status("t.run");
    assert!(killed.0 == "unknown" && killed.1.contains("signal 9"), "{killed:?}");
    let world = approved(&shell("echo one; echo two >&2; exit 3", ""));
    let lines: Vec<String> =
        evidence(&world).iter().map(|one| one["excerpt"].as_str().unwrap_or_default().to_owned()).collect();
    assert_eq!(lines, ["", "one", "two"], "both streams, in order, below what happened");
}

#[test]
fn it_starts_in_the_root_without_input_and_without_a_shell() {
    let script = "cat; pwd > place; printenv GIT_OPTIONAL_LOCKS > locks";
    let world = approved(&shell(script, ""));
    assert_eq!(world.status("t.run").0, "passed", "there is nothing to read, and nobody waits");
    assert_eq!(fs::read_to_string(world.root().join("place")).unwrap().trim(), world.root().to_str().unwrap());
    assert_eq!(fs::read_to_string(world.root().join("locks")).unwrap(), "0\n");
    let world = approved(&asks("{ run: [echo, \"; touch ran\", \"$(touch ran)\"] }"));
    assert_eq!(world.status("t.run").0, "passed");
    assert!(!world.root().join("ran").exists());
    let world = World::new().tree(&[("ok.sh", "#!/bin/sh\nexit 0\n")]).checklist(&asks("{ run: [./ok.sh] }"));
    fs::set_permissions(world.root().join("ok.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    world.run(&["trust", "--yes"]).succeeds();
    assert_eq!(world.status("t.run").0, "passed");
}

#[test]
fn another_word_time_or_checklist_is_another_command() {
    let checklist = shell("touch ran", "");
    let world = approved(&checklist);
    let is_trusted = |yaml: &str| {
        world.edit("gonogo.yaml", &crate::world::checklist(yaml));
        drop(fs::remove_file(world.root().join("ran")));
        let status = world.status("t.run").0;
        assert_eq!(status == "passed", world.root().join("ran").exists(), "{yaml}");
        status == "passed"
    };
    assert!(is_trusted(&checklist));
    assert!(!is_trusted(&checklist.replace("touch ran", "touch ran;")));
    assert!(!is_trusted(&shell("touch ran", ", timeout: 61s")));
    assert!(!is_trusted(&format!("{checklist}# a comment\n")), "the file that holds it is another");
    assert!(is_trusted(&checklist), "and here it is again as it was");
    world.edit("team.yaml", "gonogo: 1\n");
    let extended = format!("extends: [./team.yaml]\n{checklist}");
    assert!(!is_trusted(&extended));
    world.run(&["trust", "--yes"]).succeeds();
    assert!(is_trusted(&extended));
    world.edit("team.yaml", "gonogo: 1\nvars: { a: 1 }\n");
    assert!(!is_trusted(&extended), "so is what it extends");
}

#[test]
fn approvals_can_be_taken_back() {
    let world = approved(&asks("{ run: [\"true\"] }"));
    let again = world.run(&["trust"]);
    assert!(again.code == 0 && again.stdout.contains("approved, ends within 60s"), "{again:?}");
    world.run(&["trust", "--revoke"]).succeeds();
    assert_eq!(world.status("t.run").0, "unknown");
    world.run(&["trust", "--revoke"]).succeeds();
    let none = World::new().checklist("items: []\n").run(&["trust"]);
    assert!(none.code == 0 && none.stderr.contains("runs no command"), "{none:?}");
}

#[test]
fn words_that_would_move_the_cursor_are_shown() {
    let world = World::new().checklist(&asks(r#"{ run: [echo, "a\e[2Kb", "\u202Egpj", "two words", "q\"q"] }"#));
    let listed = world.run(&["trust"]).stdout;
    assert!(listed.contains(r#"["echo","a\u001b[2Kb","\u{202e}gpj","two words","q\"q"]"#), "{listed}");
    assert!(!listed.contains('\u{1b}') && !listed.contains('\u{202e}'), "{listed:?}");
}

fn trust_file(world: &World) -> PathBuf {
    let folder = world.root().parent().unwrap().join(".local/share/gonogo/trust");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.into_iter().find(|path| path.extension().is_some_and(|end| end == "json")).unwrap()
}

#[test]
fn a_tree_cannot_vouch_for_itself() {
    let world = approved(&shell("touch ran", ""));
    let file = trust_file(&world);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&file).unwrap();
    let name = file.file_name().unwrap().to_str().unwrap().to_owned();
    fs::remove_file(&file).unwrap();
    for place in [format!(".gonogo/trust/{name}"), format!(".local/share/gonogo/trust/{name}"), format!("trust/{name}")]
    {
        world.edit(&place, &text);
    }
    assert_eq!(world.status("t.run").0, "unknown");

    let inside = world.root().join("trust");
    let folder = file.parent().unwrap();
    fs::set_permissions(inside.join(&name), fs::Permissions::from_mode(0o600)).unwrap();
    fs::remove_dir_all(folder).unwrap();
    std::os::unix::fs::symlink(&inside, folder).unwrap();
    let (status, reason) = world.status("t.run");
    assert!(status == "unknown" && reason.contains("inside the tree"), "{status} {reason}");
    world.run(&["trust", "--yes"]).refuses(2, "inside the tree");
    assert!(!world.root().join("ran").exists());
}

#[test]
fn approvals_that_cannot_be_believed_approve_nothing() {
    let world = approved(&shell("touch ran", ""));
    let file = trust_file(&world);
    let text = fs::read_to_string(&file).unwrap();
    let says = |words: &str| {
        let (status, reason) = world.status("t.run");
        assert!(status == "unknown" && reason.contains(words), "{status} {reason}");
    };
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    says("others may write to it");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&file, &text[..40]).unwrap();
    says("cannot be believed");
    fs::write(&file, text.replace(world.root().to_str().unwrap(), "/elsewhere")).unwrap();
    says("it is about /elsewhere");
    let target = file.with_extension("real");
    fs::write(&target, &text).unwrap();
    fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink(&target, &file).unwrap();
    says("cannot be believed");
    assert!(!world.root().join("ran").exists());
}

fn is_alive(pid: &str) -> bool {
    // A zombie that nobody has asked for is dead, too.
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "nothing came");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn pid(world: &World) -> String {
    let read = || fs::read_to_string(world.root().join("pid")).ok().filter(|text| text.ends_with('\n'));
    wait_for(read).trim().to_owned()
}

#[test]
fn time_ends_it_with_all_that_it_started() {
    let world = approved(&shell("trap '' TERM; (trap '' TERM; sleep 60) & echo $! > pid; wait", ", timeout: 1s"));
    let (status, reason) = world.status("t.run");
    assert!(status == "unknown" && reason.contains("did not end within 1s"), "{status} {reason}");
    let pid = pid(&world);
    wait_for(|| (!is_alive(&pid)).then_some(()));
}

#[test]
fn a_check_that_is_interrupted_ends_it_too() {
    use std::os::unix::process::ExitStatusExt;
    let world = approved(&shell("sleep 60 & echo $! > pid; wait", ""));
    let home = world.root().parent().unwrap();
    let mut check = std::process::Command::new(env!("CARGO_BIN_EXE_gonogo"))
        .args(["check"])
        .current_dir(world.root())
        .env("HOME", home)
        .env_remove("XDG_DATA_HOME")
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let pid = pid(&world);
    let check_pid = check.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &check_pid]).status().unwrap().success());
    assert_eq!(check.wait().unwrap().signal(), Some(2), "as whoever pressed the key expects");
    wait_for(|| (!is_alive(&pid)).then_some(()));
}

#[test]
fn what_it_leaves_behind_is_ended_with_it() {
    let world = approved(&shell("sleep 60 & echo $! > pid", ""));
    let began = Instant::now();
    assert_eq!(world.status("t.run").0, "passed");
    assert!(began.elapsed() < Duration::from_secs(30), "nobody waits for who holds the output");
    let pid = pid(&world);
    wait_for(|| (!is_alive(&pid)).then_some(()));
}

#[test]
fn what_it_prints_is_cut_covered_and_made_visible() {
    let token = format!("ghp_{}", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8");
    let script =
        format!("yes | head -c 3000000; printf 'x\\033[31mred\\nPASSWORD=hunter2hunter2\\n{token}\\n'; exit 1");
    let world = approved(&shell(&script, ""));
    let out = world.run(&["check", "--format", "json"]).stdout;
    assert!(!out.contains("hunter2hunter2") && !out.contains('\u{1b}') && !out.contains("\\u001b"), "{out}");
    let lines = evidence(&world);
    assert_eq!(lines.len(), 21, "the last lines only");
    let last: Vec<&str> = lines.iter().rev().take(3).map(|line| line["excerpt"].as_str().unwrap()).collect();
    assert!(last[0].starts_with("gh••••••") && last[1] == "PASSWORD=hu••••••", "{last:?}");
    assert_eq!(last[2], "x\u{241b}[31mred");
}

#[test]
fn a_waiver_holds_whatever_is_printed_next_time() {
    let world = approved(&shell("date +%N; exit 1", ""));
    world.run(&["attest", "t.run"]).refuses(2, "fails");
    world.run(&["waive", "t.run", "--reason", "known", "--expires", "2026-03-01"]).succeeds();
    assert_eq!(world.status("t.run").0, "waived");
}

fn run(session: &mut Session) -> Option<Job> {
    let job = session.turn(None).next?;
    let ended = job.run(&AtomicBool::new(false));
    session.command_ended(job.clone(), &ended);
    Some(job)
}

fn status(session: &Session) -> &'static str {
    row(session.board(), "t.run").status.word()
}

#[test]
fn it_runs_again_when_what_it_covers_changed_and_not_before() {
    let world = approved(&shell("grep -q x src/a.py", ", covers: [src/**]"));
    let mut session = world.session();
    assert!(run(&mut session).is_some() && status(&session) == "passed");
    assert!(run(&mut session).is_none(), "it is known");
    let mut told = |path: &str, text: &str| {
        world.edit(path, text);
        session.paths_changed(&[path.into()].into(), &Progress::default());
        (run(&mut session).is_some(), status(&session))
    };
    assert_eq!(told("other.py", "y\n"), (false, "passed"));
    assert_eq!(told("src/a.py", "x\n"), (false, "passed"), "written, but the same");
    assert_eq!(told("src/a.py", "y\n"), (true, "failed"));
    assert_eq!(told("src/b.py", "x\n"), (true, "failed"));
    session.run_again();
    assert!(run(&mut session).is_some());
}

#[test]
fn a_command_that_keeps_changing_what_it_covers_is_not_run_for_ever() {
    let world = approved(&shell("echo x >> src/a.py", ", covers: [src/**]"));
    let mut session = world.session();
    let mut runs = 0;
    while let Some(job) = session.turn(None).next {
        runs += 1;
        let ended = job.run(&AtomicBool::new(false));
        session.paths_changed(&["src/a.py".into()].into(), &Progress::default());
        session.command_ended(job, &ended);
        assert!(runs < 10);
    }
    assert_eq!((runs, status(&session)), (3, "unknown"));
    assert!(row(session.board(), "t.run").reason.contains("changed while it ran"));
}

#[test]
fn what_does_not_apply_is_not_run() {
    let checklist = shell("touch ran", "").replace("priority: P0", "priority: P0, when: { exists: nothing.here }");
    let world = approved(&checklist);
    assert_eq!(world.status("t.run").0, "not-applicable");
    assert!(!world.root().join("ran").exists());
}

#[test]
fn the_dashboard_shows_that_it_runs_and_leaves_nothing_behind() {
    let world = approved(&shell("sleep 60 & echo $! > pid; wait", ""));
    let (tell, told) = channel();
    let prepared = Prepared::new(world.settings()).unwrap();
    let handle = gonogo::session::run::start(prepared, move |notice| drop(tell.send(notice)));
    wait_for(|| {
        let Ok(Notice::Board { board, .. }) = told.recv_timeout(Duration::from_secs(30)) else { return None };
        row(&board, "t.run").reason.starts_with("running sh -c").then_some(())
    });
    let pid = pid(&world);
    assert!(is_alive(&pid));
    let began = Instant::now();
    drop(handle);
    assert!(began.elapsed() < Duration::from_secs(10), "quitting waits for nothing");
    wait_for(|| (!is_alive(&pid)).then_some(()));
}

#[test]
fn the_dashboard_takes_the_answer_when_it_comes() {
    let world = approved(&asks("{ run: [\"true\"] }"));
    let (tell, told) = channel();
    let prepared = Prepared::new(world.settings()).unwrap();
    let _handle = gonogo::session::run::start(prepared, move |notice| drop(tell.send(notice)));
    wait_for(|| {
        let Ok(Notice::Board { board, .. }) = told.recv_timeout(Duration::from_secs(30)) else { return None };
        (row(&board, "t.run").status.word() == "passed").then_some(())
    });
}

#[test]
fn cases_say_what_a_command_ended_with_and_run_nothing() {
    let cases = "    cases:
      - { pass: { a: x }, exit: 3 }
      - { fail: { a: x }, exit: 0 }
      - { unknown: { a: x } }
";
    let head = "categories: [{ id: t, title: T }]\nitems:\n  - id: t.run\n    title: T\n    why: w\n    fix: f\n    priority: P0\n";
    let probe = "    probe: { command: { run: [touch, ran], exit: 3, timeout: 5m, covers: src/** } }\n";
    let world = World::new().checklist(&format!("{head}{probe}{cases}"));
    let run = world.run(&["test", "--mutate"]);
    assert!(run.code == 0 && run.stdout.contains("3 passed, 0 failed"), "{run:?}");
    assert!(!world.root().join("ran").exists());
    let told = world.run(&["explain", "t.run"]).stdout;
    assert!(told.contains("timeout: 300s") && told.contains("exit: 3"), "{told}");
}

#[test]
fn what_is_written_wrongly_is_told_with_what_would_be_right() {
    for (probe, words) in [
        ("{ run: pytest -q }", "expected a list of words, such as [pytest, -q]"),
        ("{ run: [] }", "expected a program"),
        ("{ run: [\"\"] }", "expected a program"),
        ("{ run: [a, 3] }", "put it in quotes"),
        ("{ run: [a, \"\\0\"] }", "NUL"),
        ("{ run: [a], timeout: 2d }", "write one like 30s or 5m"),
        ("{ run: [a], exit: 256 }", "from 0 to 255"),
        ("{ exit: 1 }", "needs \"run\""),
    ] {
        let run = World::new().checklist(&asks(probe)).run(&["lint"]);
        assert!(run.code == 2 && run.stdout.contains(words), "{probe}: {run:?}");
    }
}

#[test]
fn no_built_in_checklist_runs_anything() {
    for name in gonogo::checklist::builtin::NAMES {
        let (checklist, _) = merge::load(&Entry::Builtin((*name).to_owned()), &Files { root: ".".as_ref() });
        assert!(checklist.items.iter().all(|item| item.commands().is_empty()), "{name}");
    }
}
