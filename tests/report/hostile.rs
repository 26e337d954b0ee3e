//! Whatever stands in a file, it is shown and does nothing.

use std::sync::Arc;

use gonogo::checklist::model::{Category, Problem};
use gonogo::ledger::decision::{Decision, Kind};
use gonogo::readiness::board::Board;
use gonogo::report::format::{ALL, Options};
use gonogo::text::ours::MARK;
use gonogo::tree::path::RelPath;
use serde_json::Value;

use super::printed;
use crate::sample::*;

const HOSTILE: &str = "a\u{1b}[31m|`x``<script>alert(1)</script>\n- [x] done\r\u{9b}2J\u{7f}\u{202e}cod.exe @ana #12 \
                       https://evil.example ![i](http://evil.example/p.png) **b** &lt; </details> \\| \u{200b}";

/// Every text of the board that could come from a file.
fn board() -> Board {
    let text = || HOSTILE.to_owned();
    let said = |kind| Decision {
        by: text(),
        note: text(),
        to: Some(text()),
        name: text(),
        item: text(),
        ..decision(kind, "Ana")
    };
    let hostile = |entry: gonogo::readiness::assemble::Entry| {
        entry
            .item(|item| {
                (item.id, item.category, item.title, item.fix) = (text(), text(), text(), text());
                item.why = text();
            })
            .outcome(|outcome| {
                outcome.reason = text();
                for evidence in &mut outcome.evidence {
                    evidence.path = Some(RelPath::new(HOSTILE));
                    (evidence.excerpt, evidence.message, evidence.fingerprint) = (text(), text(), text());
                }
            })
            .says(said(Kind::Note))
            .says(said(Kind::Assign))
            .says(said(Kind::Dismiss))
    };
    let mut waiver = said(Kind::Waive);
    waiver.expires = Some("2026-12-15".parse().unwrap());
    let mut sample = Sample::new()
        .item(hostile(fail("a.a", &["x:1", "y:2"])))
        .item(hostile(ask("a.b")).says(said(Kind::Attest)))
        .item(hostile(fail("a.c", &["x:1"])).says(waiver.clone()))
        .item(hostile(unknown("a.d")).disputed(waiver, said(Kind::Attest)))
        .item(hostile(pass("a.e")).item(|item| item.broken = Some(text())));
    sample.checklist.title = text();
    sample.checklist.ruler = text();
    sample.checklist.sources = vec![text()];
    sample.checklist.disabled = vec![text()];
    sample.checklist.categories = vec![Category { id: text(), title: text(), about: text() }];
    sample.checklist.tiers.iter_mut().for_each(|tier| (tier.id, tier.title) = (text(), text()));
    (sample.tree.root, sample.tree.commit, sample.tree.branch) = (text(), Some(text()), Some(text()));
    sample.problems = vec![Problem { path: text(), line: 1, column: 1, message: text() }];
    sample.board()
}

#[test]
fn no_control_or_direction_character_leaves_raw() {
    let board = board();
    for format in ALL {
        for width in [0, 80] {
            let text = printed(&board, format.name, Options { width, ..Options::default() });
            let raw: Vec<char> = text
                .chars()
                .filter(|c| {
                    *c != '\n' && (c.is_control() || matches!(*c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'))
                })
                .collect();
            assert!(raw.is_empty(), "{}: {raw:?}", format.name);
        }
    }
}

#[test]
fn json_gives_back_every_character() {
    let report: Value = serde_json::from_str(&printed(&board(), "json", Options::default())).unwrap();
    assert_eq!(report["items"][0]["title"], HOSTILE);
    assert_eq!(report["items"][0]["evidence"][0]["path"], HOSTILE);
    assert_eq!(report["items"][0]["decisions"][0]["note"], HOSTILE);
}

/// What is left of Markdown once code spans and escapes, which mean nothing but text, are taken out.
fn live(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        if c == '\\' {
            rest =
                rest.get(1..).and_then(|rest| rest.get(rest.chars().next().map_or(0, char::len_utf8)..)).unwrap_or("");
        } else if c == '`' {
            let fence = &rest[..rest.len() - rest.trim_start_matches('`').len()];
            let body = &rest[fence.len()..];
            let ends = body
                .match_indices(fence)
                .find(|(at, _)| !body[at + fence.len()..].starts_with('`') && !body[..*at].ends_with('`'));
            rest = &body[ends.expect("a code span ends on its line").0 + fence.len()..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

#[test]
fn markdown_has_no_structure_but_its_own() {
    let text = printed(&board(), "markdown", Options::default());
    let text = text.strip_prefix(MARK).unwrap();
    for line in text.lines() {
        let own = [
            "# ",
            "## ",
            "- [ ] **",
            "- [x] **",
            "- ",
            "  - ",
            "| ",
            "Score ",
            "Checklist: ",
            "1. ",
            "2. ",
            "3. ",
            "4. ",
            "5. ",
        ];
        assert!(line.is_empty() || own.iter().any(|start| line.starts_with(start)), "{line}");
        let live = live(line);
        assert!(!live.contains(['<', '>', '`']), "{live}");
        assert!(!live.contains("://") && !live.contains("@a") && !live.contains("#1"), "{live}");
        assert!(!live.trim_start_matches("- [ ]").trim_start_matches("- [x]").contains(['[', ']']), "{live}");
    }
    let cells: Vec<usize> =
        text.lines().filter(|line| line.starts_with("| ")).map(|line| live(line).matches('|').count()).collect();
    assert_eq!(cells, [7, 7, 7, 7, 7, 6, 6, 6, 6]);
}

/// The lines of a page that are no quoted code.
fn unquoted(text: &str) -> Vec<&str> {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        match fence {
            Some(open) if line == open => fence = None,
            Some(_) => {}
            None if line.starts_with("```") => fence = Some(line.trim_end_matches(char::is_alphanumeric)),
            None => lines.push(line),
        }
    }
    assert_eq!(fence, None, "every fence ends");
    lines
}

#[test]
fn the_long_reports_have_no_structure_but_their_own() {
    let own = regex::Regex::new(r#"<a id="[\w.-]+"></a>|\[[\w -]*\]\(#[\w.-]+\)|^- \[[ x]\] "#).unwrap();
    for format in ["report", "plan"] {
        let text = printed(&board(), format, Options::default());
        let text = text.strip_prefix(MARK).unwrap();
        let mut cells: Option<usize> = None;
        for line in unquoted(text) {
            let live = own.replace_all(&live(line), "").into_owned();
            assert!(!live.contains(['<', '>', '`', '[', ']', '!']), "{format}: {live}");
            assert!(!live.contains("://") && !live.contains("@a") && !live.contains("#1"), "{format}: {live}");
            let bars = live.matches('|').count();
            assert!(bars == 0 || line.starts_with("| "), "{format}: {line}");
            assert!(bars == 0 || cells.is_none_or(|cells| cells == bars), "{format}: {line}");
            cells = (bars > 0).then_some(bars);
        }
    }
}

#[test]
fn a_huge_text_does_not_make_a_huge_line_on_a_terminal() {
    let huge = "x".repeat(1 << 20);
    let mut board = board();
    Arc::make_mut(&mut board.rows[0].item).title = huge.clone();
    board.rows[0].reason = huge;
    let text = printed(&board, "human", Options { width: 100, ..Options::default() });
    assert!(text.len() < 20_000, "{}", text.len());
}
