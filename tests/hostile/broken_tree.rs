//! Trees full of traps.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::hostile::{ASK, FORBID, Place, run, set_mode};

#[test]
fn special_files_links_and_names_of_any_bytes_are_lived_with() {
    let place = Place::asking(&[FORBID]);
    rustix::fs::mknodat(rustix::fs::CWD, place.at("fifo"), rustix::fs::FileType::Fifo, 0o644.into(), 0).unwrap();
    let _socket = UnixListener::bind(place.at("socket")).unwrap();
    for (target, name) in [("loop", "loop"), (".", "self"), ("/etc/passwd", "passwd"), ("/", "root")] {
        symlink(target, place.at(name)).unwrap();
    }
    place.run(&["check"]).ends_with(0);
    fs::write(place.path().join(OsStr::from_bytes(b"n\xff\x1b[31m")), b"evil\x1b[31m \x9b2J \xc2\x9b\n").unwrap();
    fs::write(place.at("z\u{1b}]0;t\u{7}.txt"), "evil\u{7}\n").unwrap();
    for format in ["human", "markdown", "json"] {
        place.run(&["check", "--format", format]).ends_with(1).says("\\xff");
        place.run(&["export", "--format", format]).ends_with(0);
    }
    place.run(&["explain", "a.x"]).ends_with(0).says("n\\xff␛[31m:1");
}

#[test]
fn an_unreadable_folder_or_file_makes_the_answer_unknown() {
    let place = Place::asking(&[FORBID]).file("no/x.txt", "x").file("b.txt", "x");
    set_mode(&place.at("no"), 0);
    place.run_as_nobody(&["check"]).ends_with(3).says("no: cannot be listed: permission denied");
    set_mode(&place.at("no"), 0o755);
    set_mode(&place.at("b.txt"), 0);
    place.run_as_nobody(&["check"]).ends_with(3).says("b.txt: cannot be read: permission denied");
}

#[test]
fn huge_files_cost_neither_memory_nor_time_and_what_was_not_read_is_unknown() {
    let place = Place::asking(&[FORBID]).file("a.log", "x\n".repeat(1_000_000));
    fs::File::create(place.at("sparse")).unwrap().set_len(10 << 30).unwrap();
    let capped = |script: &str| place.shell(&format!("ulimit -v 2000000; {script}"));
    capped("$GONOGO check").ends_with(0);
    let mut line = fs::File::create(place.at("line")).unwrap();
    for _ in 0..200 {
        line.write_all(&[b'a'; 1 << 20]).unwrap();
    }
    capped("$GONOGO check").ends_with(3).says("line: only the first 8388608 of 209715200 bytes were read");
}

#[test]
fn deep_and_wide_trees_are_walked_to_their_end() {
    let place = Place::asking(&[FORBID]);
    fs::create_dir(place.at("wide")).unwrap();
    (0..50_000).for_each(|n| drop(fs::File::create(place.at(&format!("wide/{n}"))).unwrap()));
    place.run(&["check"]).ends_with(0).says("50,002 files");
    // Relative steps, as a path of this length may be too long for the system.
    let dig = "for i in $(seq 1000); do mkdir d && cd d; done; echo evil > evil.txt";
    place.shell(dig).ends_with(0);
    place.run(&["check"]).ends_with(1).says("d/d/d/d/evil.txt:1");
    let mut clear = Command::new("rm");
    clear.arg("-rf").arg(place.at("d"));
    run(clear).ends_with(0);
}

#[test]
fn files_that_come_and_go_while_they_are_read_are_lived_with() {
    let place = Place::asking(&[FORBID]);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in (0..).take_while(|_| !stop.load(Ordering::Relaxed)) {
                fs::create_dir_all(place.at(&format!("d{}", n % 7))).unwrap();
                drop(fs::write(place.at(&format!("d{}/v{}", n % 7, n % 50)), "x".repeat(10_000)));
                drop(fs::remove_dir_all(place.at(&format!("d{}", (n * 3) % 7))));
            }
        });
        let codes: Vec<i32> = (0..10).map(|_| place.run(&["check"]).code).collect();
        stop.store(true, Ordering::Relaxed);
        assert!(codes.iter().all(|code| matches!(code, 0 | 3)), "{codes:?}");
    });
    place.run(&["check"]).ends_with(0);
}

#[test]
fn hostile_documents_are_unknown_with_the_place_of_the_trouble() {
    let query = "id: a.d, title: D, why: w, fix: f, priority: P0, tier: pilot, \
                 probe: {query: {files: ['doc.*'], select: '$..x', forbid: ['']}}";
    for (name, text, words) in [
        (
            "doc.xml",
            "<!DOCTYPE a [<!ENTITY b \"lol\">]>\n<a>&b;</a>".to_owned(),
            "doc.xml:1: the document type defines",
        ),
        ("doc.xml", "<a>".repeat(200_000), "nested more than 100 deep"),
        ("doc.json", "[".repeat(200_000), "nested more than 100 deep"),
        ("doc.yaml", "{a: ".repeat(60_000), "doc.yaml:1:"),
        ("doc.toml", format!("a = {}", "[".repeat(200_000)), "doc.toml:1:"),
    ] {
        Place::asking(&[query, ASK]).file(name, text).run(&["check"]).ends_with(3).says(words);
    }
}
