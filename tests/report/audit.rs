//! The full audit: each part is there when it has ground to stand on, and nothing is said twice.

use std::collections::BTreeSet;

use gonogo::checklist::model::Priority;
use gonogo::checklist::plan::{Environment, Phase, Requirement, Snippet};
use gonogo::ledger::decision::{Decision, Kind, WaiverKind};
use gonogo::probe::outcome::{Answer, Part};
use gonogo::readiness::assemble::Entry;
use gonogo::readiness::board::Board;
use gonogo::report::dossier::{Changed, Document, Dossier, FileFacts, Look};
use gonogo::report::format::{Options, named};
use gonogo::tree::path::RelPath;
use proptest::prelude::*;
use rstest::rstest;

use super::{acme, printed};
use crate::sample::*;

fn report(board: &Board) -> String {
    printed(board, "report", Options::default())
}

fn report_of(entry: Entry) -> String {
    report(&Sample::new().item(entry).board())
}

fn with(board: &Board, change: impl FnOnce(&mut Dossier<'_>)) -> String {
    let mut dossier = Dossier::from(board);
    change(&mut dossier);
    let mut out = Vec::new();
    (named("report").unwrap().print)(&dossier, &Options::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What stands under a heading, up to the next one of its rank.
pub(super) fn section<'t>(text: &'t str, title: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(&format!("\n## {title}\n"))?;
    Some(rest.split("\n## ").next().unwrap_or(rest))
}

fn look(probe: &'static str, globs: &[&str], files: usize, paths: &[&str]) -> Look {
    Look {
        probe,
        globs: globs.iter().map(|glob| (*glob).to_owned()).collect(),
        all: false,
        files,
        answer: Answer::Fail,
        is_asked: true,
        paths: paths.iter().map(|path| RelPath::new(path)).collect(),
        unread: Vec::new(),
    }
}

#[test]
fn the_whole_answer_stands_in_one_line() {
    let text = report(&acme().board());
    let line = "\n**NO-GO for Pilot** · score 18–54 of 100 · 1 failed at P0 · 2 unverified (33 %) of 6 items\n";
    assert!(text.contains(line), "{text}");
    for fact in ["| Day | 2026-11-21 |", "`3f9c2e1a` on `main`, 4 files changed since", "ruler `9f86d081884c`"] {
        assert!(text.contains(fact), "{fact}: {text}");
    }
}

/// A section, what makes it appear, and a word of it.
#[rstest]
#[case("Executive summary", pass("a.a"), "**What works** (1):")]
#[case("Executive summary", fail("a.a", &["x:1"]), "**What is missing** (1):")]
#[case("Verdict", fail("a.a", &["x:1"]), "To reach Pilot: 1 item. Its first unmet rule is that no item fails")]
#[case("Verdict", pass("a.a"), "**Enterprise**, by its verdict GO. There is no higher level.")]
#[case("Scores by area", fail("secrets.a", &["x:1"]), "| 1 | Secrets | critical | 0 | 0 of 1 | 1 | P0 [`secrets.a`](#secrets.a) |")]
#[case("Counts by priority", fail("a.a", &["x:1"]), "| P0 | 1 | 0 | 0 | 0 | 0 | 30m | 0 |")]
#[case("Risk register", fail("secrets.a", &["x:1"]), "| R1 | Security | critical | Because. ([`secrets.a`](#secrets.a)) | nobody | fix 1 |")]
#[case("Risk register", unknown("tenancy.a"), "| R1 | Isolation | critical, unverified |")]
#[case("Risk register", fail("mine.a", &["x:1"]), "| R1 | mine | critical |")]
#[case("Quick wins", fail("a.a", &["x:1"]), "**Half an hour or less** (1):")]
#[case("Quick wins", fail("a.a", &["x:1"]).item(|item| item.effort_minutes = 5), "**Five minutes or less** (1):")]
#[case("Quick wins", fail("a.a", &["x:1"]).item(|item| item.effort_minutes = 120), "**Two hours or less** (1):")]
#[case("Action plan", fail("a.a", &["x:1"]), "### Today")]
#[case("Action plan", ask("a.a").item(|item| item.effort_minutes = 0), "| answer | no estimate |")]
#[case("Roadmap", fail("a.a", &["x:1"]), "| A: Safety | 0 of 1 | 1 | 30m | 0 | [`a.a`](#a.a) |")]
#[case("Files to touch", fail("a.a", &["x.py:7"]), "| `x.py` | 7 | [`a.a`](#a.a) |")]
#[case("Gaps by priority", fail("a.a", &["x.py:7"]), "> 7 | secret_key = \"ch••••••\"")]
#[case("Gaps by priority", unknown("a.a"), "**Not verified:** values.yaml does not parse")]
#[case("Accepted risks", fail("a.a", &["x:1"]).says(waiver("Ben", "2026-12-15")), " · accepted · until 15 Dec 2026\n\n**Impact:** Because.\n\n**Accepted:** waived 24 days more, Ben")]
#[case("Accepted risks", pass("a.a").says(waiver("Ben", "2026-12-15")), "- `a.a`: Ben until 15 Dec 2026, yet it is passed:")]
#[case("What nobody has answered", ask("a.a"), "If the answer is no (30m): Do what is right.")]
#[case("To confirm", pass("a.a").heuristic(), "The title of a.a")]
#[case("Contradictions", fail("a.a", &["x:1"]).attested("Ana"), "Ana attested it on 12 Nov 2026; the probe fails, and that counts")]
#[case("Contradictions", unknown("a.a").disputed(waiver("Ben", "2026-12-15"), decision(Kind::Attest, "Ana")), "Ben waived it on 12 Nov 2026, Ana attested it on 12 Nov 2026; nothing counts until they agree")]
#[case("Production checklist", ask("a.a").attested("Ana"), "- [x] P0 The title of a.a `a.a`: Ana on 12 Nov 2026 (attested)")]
#[case("Production checklist", fail("a.a", &["x:1"]).says(waiver("Ben", "2026-12-15")), ": waived until 15 Dec 2026")]
#[case("Production checklist", not_applicable("a.a"), "Not applicable (1):\n\n- no web client: `a.a`")]
#[case("Next review", fail("a.a", &["x:1"]).says(waiver("Ben", "2026-12-15")), "On **16 Dec 2026**, when what was said of [`a.a`](#a.a) lapses.")]
#[case("Next review", ask("a.a").item(|item| item.review_every_days = Some(30)).attested("Ana"), "On **12 Dec 2026**")]
#[case("Next review", fail("a.a", &["x:1"]), "As soon as the item that stops Pilot is fixed.")]
#[case("Conclusion", fail("a.a", &["x:1"]), "Pilot is NO-GO. It takes 1 step to make it GO; about 30m in all.")]
#[case("Conclusion", fail("a.a", &["x:1"]), "1. fix: The title of a.a [`a.a`](#a.a)")]
#[case("Scope and method", ask("a.a"), "0 heuristic (a probe finds, a person confirms)")]
fn a_part_appears_where_it_has_ground(#[case] title: &str, #[case] entry: Entry, #[case] word: &str) {
    let text = report_of(entry);
    let body = section(&text, title).unwrap_or_else(|| panic!("no {title}: {text}"));
    assert!(body.contains(word), "no \"{word}\" in: {body}");
}

#[test]
fn what_has_no_ground_is_left_out_and_named() {
    let text = report_of(pass("a.a"));
    let gone = [
        "Changes",
        "Risk register",
        "Quick wins",
        "Action plan",
        "Roadmap",
        "Files to touch",
        "Environments",
        "Gaps by priority",
        "Accepted risks",
        "What nobody has answered",
        "Layers",
        "Inventories",
        "Metrics",
        "To confirm",
        "Contradictions",
        "Next review",
        "Problems",
        "Documents",
        "What was looked at",
    ];
    let said = text.lines().find(|line| line.starts_with("Left out, for there is nothing to say: ")).unwrap();
    for title in gone {
        assert_eq!(section(&text, title), None, "{text}");
        assert!(said.contains(&format!("{title} (")), "{title}: {said}");
    }
    assert_eq!(said.matches(" (").count(), gone.len(), "{said}");
}

#[test]
fn files_are_sorted_by_what_is_to_be_done_with_them() {
    let board = Sample::new()
        .item(fail("a.stray", &["old.orig:0", "it's.bak:0"]))
        .item(fail("a.empty", &["auth.py:0"]))
        .item(missing("a.policy"))
        .item(missing("a.guide"))
        .item(missing("a.named").item(|item| item.plan.creates = vec!["docs/API.md".into()]))
        .board();
    let text = with(&board, |dossier| {
        dossier.looks = vec![
            vec![look("absent", &["**/*.orig"], 2, &["it's.bak", "old.orig"])],
            vec![look("absent", &["**/*.py"], 1, &["auth.py"])],
            vec![look("exists", &["SECURITY.md", "docs/SECURITY.md"], 0, &[])],
            vec![look("exists", &["GUIDE.md"], 1, &["GUIDE.md"])],
            vec![look("text", &["src/**"], 0, &[])],
        ];
        for (path, size, tracked) in
            [("old.orig", 9, true), ("it's.bak", 9, false), ("auth.py", 0, true), ("GUIDE.md", 0, true)]
        {
            dossier.files.insert(RelPath::new(path), FileFacts { size, tracked });
        }
    });
    let body = section(&text, "Files to touch").unwrap();
    let part = |title: &str| body.split(&format!("### {title}\n")).nth(1).unwrap().split("### ").next().unwrap();
    assert!(part("Delete or move").contains("| `old.orig` | [`a.stray`](#a.stray) | 9 | tracked |"), "{body}");
    assert!(part("Delete or move").contains("\ngit rm -- 'old.orig'\n"), "{body}");
    assert!(part("Delete or move").contains("\nrm -- 'it'\\''s.bak'\n"), "{body}");
    assert!(
        part("Create").contains("one like `SECURITY.md`, `docs/SECURITY.md` | [`a.policy`](#a.policy) |"),
        "{body}"
    );
    assert!(part("Create").contains("| P0 | `docs/API.md` | [`a.named`](#a.named) |"), "{body}");
    assert!(part("Fill, for it is there and empty").contains("`GUIDE.md`"), "{body}");
    assert!(part("Fill or delete").contains("`auth.py`"), "{body}");
    assert!(!body.contains("### Change"), "a file that is to go is not also to be changed: {body}");
}

#[test]
fn selections_and_exclusions_are_written_once() {
    let board = Sample::new().item(pass("a.a")).item(pass("a.b")).board();
    let text = with(&board, |dossier| {
        let globs = ["**/*.py", "!tests/**"];
        let mut unread = look("text", &globs, 7, &[]);
        unread.unread = vec![(RelPath::new("x.py"), "a binary file".to_owned())];
        dossier.looks =
            vec![vec![look("text", &globs, 7, &[])], vec![unread, look("exists", &["*.md", "!tests/**"], 0, &[])]];
    });
    let body = section(&text, "What was looked at").unwrap();
    assert_eq!(body.matches("`**/*.py`").count(), 1, "{body}");
    assert_eq!(body.matches("`tests/**`").count(), 1, "{body}");
    assert!(body.contains("| `a.b` | text S1, exists S2 | 0 | `x.py` (a binary file) |"), "{body}");
    assert!(body.contains("| S1 | 7 | `**/*.py`, not X1 |"), "{body}");
}

#[test]
fn documents_are_measured_and_many_of_one_folder_counted_together() {
    let board = Sample::new().item(fail("a.a", &["README.md:1"])).board();
    let document = |path: &str, words| Document {
        path: RelPath::new(path),
        size: 10,
        words: Some(words),
        changed: Changed::On("2026-03-01".parse().unwrap()),
    };
    let text = with(&board, |dossier| {
        dossier.documents = vec![document("README.md", 2), document("SECURITY.md", 0)];
        dossier.documents.extend((0..13).map(|number| document(&format!("docs/{number}.md"), 1)));
    });
    let body = section(&text, "Documents").unwrap();
    assert!(body.contains("| `README.md` | 10 | 2 | 2026-03-01 | [`a.a`](#a.a) |"), "{body}");
    assert!(body.contains("| `SECURITY.md` | 10 | empty | 2026-03-01 |  |"), "{body}");
    assert!(body.contains("| `docs/`, 13 documents | 130 | 13 | newest 2026-03-01 |  |"), "{body}");
}

#[test]
fn an_environment_is_as_ready_as_what_it_requires() {
    let environment = |id: &str, requires| Environment { id: id.into(), title: id.into(), requires };
    let mut sample = Sample::new().item(pass("a.a")).item(ask("b.b")).item(fail("c.c", &["x:1"]));
    sample.checklist.environments = vec![
        environment("Development", vec![Requirement::Item("a.a".into())]),
        environment("Staging", vec![Requirement::Item("a.a".into()), Requirement::Category("b".into())]),
        environment("Production", vec![Requirement::Tier(0)]),
    ];
    let text = report(&sample.board());
    let body = section(&text, "Environments").unwrap();
    assert!(body.contains("| Development | ready | 1 of 1 (100 %) | 0 | 0 | 0 |  |"), "{body}");
    assert!(body.contains("| Staging | unverified | 1 of 2 (50 %) | 0 | 1 | 0 | [`b.b`](#b.b) |"), "{body}");
    assert!(
        body.contains("| Production | not ready | 1 of 3 (33 %) | 1 | 1 | 0 | [`b.b`](#b.b), [`c.c`](#c.c) |"),
        "{body}"
    );
}

#[test]
fn what_people_say_of_the_work_is_told_and_ticks_nothing() {
    let done = Decision { note: "merged".into(), ..decision(Kind::Done, "Ben") };
    let watched = Decision { waiver: Some(WaiverKind::Watched), ..waiver("Ben", "2026-12-15") };
    let follow_up = Some("write down that there is none".to_owned());
    let instead = Decision { follow_up, ..decision(Kind::NotApplicable, "Ana") };
    let chosen = Decision { choice: Some("another region".into()), ..decision(Kind::Attest, "Ana") };
    let mut board = Sample::new()
        .item(fail("a.a", &["x:1"]).says(done))
        .item(fail("a.b", &["x:1"]).says(watched))
        .item(missing("a.c").says(instead))
        .item(ask("a.d").item(|item| item.options = vec!["another region".into()]).says(chosen))
        .board();
    let note = Decision { note: "We go live in spring.".into(), ..decision(Kind::Note, "Ana") };
    board.words = vec![note.into()];
    let text = report(&board);
    let summary = section(&text, "Executive summary").unwrap();
    assert!(summary.contains("**Note by Ana, 12 Nov 2026:** We go live in spring."), "{summary}");
    let plan = section(&text, "Action plan").unwrap();
    assert!(plan.contains("said to be done, not verified"), "{plan}");
    assert!(plan.contains("- `a.c`: write down that there is none (Ana)"), "{plan}");
    assert!(section(&text, "Accepted risks").unwrap().contains(" · watched · until 15 Dec 2026"), "{text}");
    let checklist = section(&text, "Production checklist").unwrap();
    assert!(checklist.contains("Ana on 12 Nov 2026, who chose another region (attested)"), "{checklist}");
    assert_eq!(text.matches("- [x] ").count(), 1);
}

#[test]
fn halves_that_differ_stand_on_the_card() {
    let half = |name: &str, answer| Part { name: name.into(), answer, reason: "no *.cron".into() };
    let text = report_of(fail("a.a", &["x:1"]).outcome(|outcome| {
        outcome.parts = vec![half("the script", Answer::Pass), half("its schedule", Answer::Fail)];
    }));
    let card = section(&text, "Gaps by priority").unwrap();
    assert!(card.contains("- holds: the script\n- fails: its schedule (no \\*.cron)"), "{card}");
}

#[test]
fn a_plan_says_what_comes_first_by_when_and_what_to_copy() {
    let planned = |id: &str, change: fn(&mut gonogo::checklist::plan::Plan)| {
        fail(id, &["x:1"]).item(|item| change(&mut item.plan))
    };
    let mut sample = Sample::new()
        .item(planned("a.late", |plan| plan.due = Some("2026-11-20".parse().unwrap())))
        .item(planned("a.far", |plan| plan.due = Some("2027-11-20".parse().unwrap())))
        .item(planned("a.waits", |plan| {
            plan.needs = vec!["a.first".into(), "a.done".into()];
            plan.caused_by = vec!["a.far".into()];
            plan.verify = Some("make check".into());
            plan.snippet = Some(Snippet { language: "sh".into(), text: "make it\n".into() });
        }))
        .item(fail("a.first", &["x:1"]).item(|item| item.effort_minutes = 60))
        .item(pass("a.done"));
    sample.checklist.phases = vec![Phase { id: "safety".into(), title: "Safety".into(), box_days: Some(0) }];
    let text = report(&sample.board());
    let plan = section(&text, "Action plan").unwrap();
    let place = |word: &str| plan.find(word).unwrap_or_else(|| panic!("no {word}: {plan}"));
    assert!(place("### Overdue") < place("`a.late`") && place("`a.late`") < place("### Today"), "{plan}");
    assert!(place("The title of a.first") < place("The title of a.waits"), "what others wait for comes first: {plan}");
    assert!(plan.contains("P0, yet due only later: [`a.far`](#a.far)."), "{plan}");
    assert!(section(&text, "Next review").unwrap().contains("On **20 Nov 2027**, when [`a.far`](#a.far) falls due."));
    assert!(section(&text, "Roadmap").unwrap().contains("more than one person does in its time box"));
    let gaps = section(&text, "Gaps by priority").unwrap();
    for word in [
        "- Waits for: [`a.first`](#a.first)\n",
        "- Comes from: [`a.far`](#a.far)\n",
        "- To verify, by hand: `make check`",
    ] {
        assert!(gaps.contains(word), "no {word}: {gaps}");
    }
    assert!(gaps.contains("To copy (nothing of it was run):\n\n```sh\nmake it\n```"), "{gaps}");
}

#[test]
fn what_waits_for_itself_still_has_a_place_in_the_plan() {
    let needs = |id: &str, needed: &str| fail(id, &["x:1"]).item(|item| item.plan.needs = vec![needed.to_owned()]);
    let board = Sample::new().item(needs("a.a", "a.b")).item(needs("a.b", "a.a")).board();
    let text = report(&board);
    let plan = section(&text, "Action plan").unwrap();
    assert_eq!(plan.matches("The title of").count(), 2, "{plan}");
}

#[test]
fn notes_and_owners_stand_on_the_card() {
    let note = Decision { note: "will go with the vault change".into(), ..decision(Kind::Note, "Ana") };
    let assigned = Decision { to: Some("Ben <ben@example.org>".into()), ..decision(Kind::Assign, "Ana") };
    let text = report_of(fail("a.a", &["x:1"]).says(note).says(assigned));
    assert_eq!(text.matches("will go with the vault change").count(), 1);
    assert!(section(&text, "Gaps by priority").unwrap().contains(" · owner Ben"), "{text}");
    assert!(section(&text, "Risk register").unwrap().contains("| Ben | fix 1 |"), "{text}");
}

#[test]
fn a_report_of_one_day_is_the_same_bytes() {
    let morning = acme();
    let mut evening = morning.clone();
    evening.at = "2026-11-21T23:59:59Z".parse().unwrap();
    for format in ["report", "plan"] {
        let [morning, evening] =
            [&morning, &evening].map(|sample| printed(&sample.board(), format, Options::default()));
        assert_eq!(morning, evening);
    }
}

#[test]
fn in_ascii_all_that_is_not_quoted_is_ascii() {
    let mut sample = acme();
    for entry in &mut sample.entries {
        *entry = entry.clone().outcome(|outcome| outcome.evidence.iter_mut().for_each(|e| e.excerpt = "x".into()));
    }
    for format in ["report", "plan"] {
        let text = printed(&sample.board(), format, Options { ascii: true, ..Options::default() });
        let foreign: Vec<&str> = text.lines().filter(|line| !line.is_ascii()).collect();
        assert!(foreign.is_empty(), "{foreign:?}");
    }
}

#[test]
fn evidence_that_is_too_much_is_counted() {
    let places: Vec<String> = (1..=30).map(|line| format!("a{line}.py:{line}")).collect();
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    let text = report_of(fail("a.a", &places));
    let card = section(&text, "Gaps by priority").unwrap();
    assert_eq!(card.matches("```").count(), 6, "three excerpts: {card}");
    assert!(card.contains("and 22 more."), "{card}");
}

#[test]
fn what_is_said_of_many_places_alike_is_said_once() {
    let text = report_of(fail("a.a", &["x:0", "y:0", "z:0", "z:0"]).outcome(|outcome| {
        outcome.evidence.iter_mut().for_each(|evidence| evidence.message = "without a user".into());
    }));
    let card = section(&text, "Gaps by priority").unwrap();
    assert!(card.contains("\nAt `x`, `y`, `z` (without a user).\n"), "{card}");
}

#[test]
fn a_plan_asks_everything_and_answers_nothing() {
    let board = acme().board();
    let text = printed(&board, "plan", Options::default());
    assert_eq!(text.matches("- [ ] ").count(), board.rows.len());
    for word in ["[x]", "failed", "passed", "attested", "Ana", "settings.py"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    let places: Vec<usize> = board.rows.iter().map(|row| text.find(&format!("`{}`", row.item.id)).unwrap()).collect();
    assert!(places.is_sorted(), "in the order of the checklist");
}

/// Links to cards, and the places of cards.
fn anchors(text: &str) -> (Vec<String>, BTreeSet<String>) {
    let cut = |start: &str, end: &str| -> Vec<String> {
        text.split(start).skip(1).filter_map(|rest| rest.split(end).next()).map(str::to_owned).collect()
    };
    let links = cut("`](#", ")").into_iter().collect();
    (cut("<a id=\"", "\""), links)
}

fn any_entry(number: usize) -> impl Strategy<Value = Entry> {
    let id = format!("c{}.item-{number}", number % 3);
    let priority = prop_oneof![Just(Priority::P0), Just(Priority::P1), Just(Priority::P2), Just(Priority::P3)];
    (0..11, priority, 0..200_u32).prop_map(move |(kind, priority, effort)| {
        let id = id.as_str();
        let entry = match kind {
            0 => pass(id),
            1 => fail(id, &["x:1", "x:2", "y:9"]),
            2 => missing(id),
            3 => unknown(id),
            4 => ask(id),
            5 => ask(id).attested("Ana"),
            6 => ask(id).attested("Ana").stale(),
            7 => fail(id, &["x:1"]).says(waiver("Ben", "2026-12-15")),
            8 => pass(id).heuristic(),
            9 => unknown(id).disputed(waiver("Ben", "2026-12-15"), decision(Kind::Attest, "Ana")),
            _ => not_applicable(id),
        };
        entry.item(|item| (item.priority, item.effort_minutes) = (priority, effort))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the board: every item has one card or one line, every link leads somewhere, and boxes tell the truth.
    #[test]
    fn a_card_is_printed_once_and_every_link_leads_to_one(
        entries in (0..24_usize).prop_flat_map(|count| (0..count).map(any_entry).collect::<Vec<_>>())
    ) {
        let mut sample = Sample::new();
        sample.entries = entries;
        let board = sample.board();
        let text = report(&board);
        let (cards, links) = anchors(&text);
        let distinct: BTreeSet<String> = cards.iter().cloned().collect();
        prop_assert_eq!(distinct.len(), cards.len(), "a card twice: {}", text);
        prop_assert!(links.is_subset(&distinct), "a link to nowhere: {:?}", links.difference(&distinct));
        let open = board.rows.iter().filter(|row| {
            !row.status.is_ready() && row.status != gonogo::readiness::status::Status::NotApplicable
        });
        prop_assert_eq!(cards.len(), open.count());
        let ready = board.rows.iter().filter(|row| row.status.is_ready()).count();
        prop_assert_eq!(text.matches("- [x] ").count(), ready);
        prop_assert_eq!(text.matches("- [ ] ").count(), cards.len());
    }
}
