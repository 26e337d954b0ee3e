//! Checklists that are wrong in every way there is.

use std::os::unix::fs::symlink;

use crate::hostile::{ASK, FORBID, Place, checklist, set_mode};

/// Both say it, each as the file's name, the place and the words.
#[track_caller]
fn refused(place: &Place, words: &[&str]) {
    for command in ["lint", "check", "export", "test"] {
        let ran = place.run(&[command]);
        if matches!(command, "lint" | "check") {
            assert_eq!(ran.code, 2, "{command}: {}{}", ran.out, ran.err);
            words.iter().fold(ran, |ran, words| ran.says(words));
        }
    }
}

fn holding(text: impl AsRef<[u8]>) -> Place {
    Place::new().file("gonogo.yaml", text).file("a.txt", "fine\n")
}

#[test]
fn wrong_keys_types_and_ids_are_told_with_their_place_and_take_nothing_else_down() {
    let text = checklist(&[FORBID, "id: a.y, titel: X, probe: {textt: {}}"]) + "itemz: 3\n";
    let place = holding(text);
    let expected =
        ["gonogo.yaml:6:15: unknown key \"titel\"", "did you mean \"title\"", "6:33: unknown probe \"textt\""];
    refused(&place, &expected);
    place.run(&["check"]).says("1 unknown").says("1 of 2 ready");
    refused(&holding("gonogo: x\n"), &["gonogo.yaml:1:9: version \"x\" is not known"]);
    refused(&holding(checklist(&[FORBID, FORBID])), &["gonogo.yaml:6:10: item \"a.x\" stands twice, first in line 5"]);
    let wrong = checklist(&["id: a.z, title: t, priority: P9, tier: moon, effort: long, probe: 3"]) + "  - 7\n";
    refused(&holding(wrong), &["unknown priority \"P9\"", "unknown tier \"moon\"", "is no duration", "found a number"]);
}

#[test]
fn patterns_globs_and_queries_that_are_none_say_what_is_wrong() {
    let item =
        |id: &str, probe: &str| format!("id: a.{id}, title: X, why: w, fix: f, priority: P0, probe: {{{probe}}}");
    let items = [
        item("r", "text: {files: ['**'], forbid: ['ev(il']}"),
        item("g", "exists: ['a[']"),
        item("q", "query: {files: ['*.yml'], select: '$.a[', find: x}"),
        item("n", "query: {files: ['*.yml'], select: '$.s[?@.a == $.s[-1].b]', find: x}"),
    ];
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let expected = [
        "\"ev(il\" is no pattern: unclosed group",
        "\"a[\" is no glob",
        "\"$.a[\" is no JSONPath",
        "[-1] inside a filter",
    ];
    refused(&holding(checklist(&items)), &expected);
}

#[test]
fn what_a_checklist_extends_stays_inside_the_tree_and_ends() {
    let cycle = holding("gonogo: 1\nextends: [b.yaml]\n").file("b.yaml", "gonogo: 1\nextends: [gonogo.yaml]\n");
    refused(&cycle, &["b.yaml:2:11: the checklist extends itself: gonogo.yaml → b.yaml → gonogo.yaml"]);
    refused(&holding("gonogo: 1\nextends: [../x.yaml]\n"), &["gonogo.yaml:2:11: \"../x.yaml\" is outside the tree"]);
    refused(&holding("gonogo: 1\nextends: [no.yaml]\n"), &["gonogo.yaml:2:11: can't read \"no.yaml\": no such file"]);
    let (place, elsewhere) = (Place::new(), Place::new().file("x.yaml", checklist(&[FORBID])));
    let outside = elsewhere.at("x.yaml");
    place.run(&["check", "--checklist", outside.to_str().unwrap()]).ends_with(2).says("lies outside the tree");
    symlink(&outside, place.at("gonogo.yaml")).unwrap();
    refused(&place, &["gonogo.yaml: cannot be read: it leads out of the tree"]);
}

#[test]
fn a_checklist_that_cannot_be_read_is_never_replaced_by_the_embedded_one() {
    let dead = Place::new();
    symlink("nowhere", dead.at("gonogo.yaml")).unwrap();
    refused(&dead, &["gonogo.yaml: cannot be read: no such file"]);
    let folder = Place::new().file("gonogo.yaml/x", "");
    refused(&folder, &["gonogo.yaml: cannot be read: it is no regular file"]);
    let fifo = Place::new();
    rustix::fs::mknodat(rustix::fs::CWD, fifo.at("gonogo.yaml"), rustix::fs::FileType::Fifo, 0o644.into(), 0).unwrap();
    refused(&fifo, &["gonogo.yaml: cannot be read: it is no regular file"]);
    let closed = holding(checklist(&[FORBID]));
    set_mode(&closed.at("gonogo.yaml"), 0);
    closed.run_as_nobody(&["check"]).ends_with(2).says("gonogo.yaml: cannot be read: permission denied");
    let hidden = Place::new().file(".gonogo/checklist.yaml", checklist(&[FORBID]));
    set_mode(&hidden.at(".gonogo"), 0);
    hidden.run_as_nobody(&["check"]).ends_with(2).says(".gonogo/checklist.yaml: cannot be read: permission denied");
    set_mode(&hidden.at(".gonogo"), 0o755);
}

#[test]
fn endless_and_senseless_checklists_are_refused_in_one_line() {
    let mut bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for (old, new) in ('a'..'i').zip('b'..='i') {
        bomb += &format!("{new}: &{new} [{}]\n", vec![format!("*{old}"); 10].join(","));
    }
    refused(&holding(bomb), &["not valid YAML: with its aliases expanded"]);
    let long: String =
        (0..80_000).map(|n| format!("  - {{{}}}\n", FORBID.replace("a.x", &format!("a.x{n}")))).collect();
    refused(&holding(checklist(&[]) + &long), &["gonogo.yaml: cannot be read: it has", "more than the 1048576"]);
    refused(
        &holding(b"gonogo: 1\ntitle: \xff\xfe\n"),
        &["gonogo.yaml: cannot be read: it is no UTF-8 from byte 17 on"],
    );
    refused(&holding("[".repeat(100_000)), &["gonogo.yaml:1:", "not valid YAML"]);
    refused(&holding("{a: ".repeat(100_000)), &["gonogo.yaml:1:", "not valid YAML"]);
    refused(&holding(""), &["the file is empty; a checklist begins with \"gonogo: 1\""]);
    refused(&holding("7"), &["gonogo.yaml:1:1: expected a checklist"]);
}

#[test]
fn words_of_a_checklist_command_no_terminal() {
    let sly = "id: a.x, title: \"\\e[31mred\\a\", why: \"\\e]0;x\\a\", fix: \"\\e[2J\", priority: P0, probe: {ask: \"\\e[5m?\"}";
    let place = holding(checklist(&[sly, ASK, "id: a.y, \"\\e[1mkey\": 1"]));
    place.run(&["lint"]).ends_with(2).says("␛[1mkey");
    for format in ["human", "markdown", "json"] {
        place.run(&["check", "--format", format]).ends_with(2);
    }
    place.run(&["explain", "a.x"]).ends_with(0).says("␛[31mred");
}
