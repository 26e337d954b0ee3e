//! What a person sees.

use gonogo::engine::progress::Reached;
use gonogo::readiness::status::Status;
use gonogo::session::message::{Flip, Notice};
use gonogo::tree::path::RelPath;
use gonogo::tui::action::TABLE;
use gonogo::tui::event::Event;
use gonogo::tui::settings::Settings;

use super::board::{board, judge, with};
use super::stage::{Stage, settings};

fn flipped() -> Stage {
    let id = "ci.actions-pinned-by-sha";
    let flip = Flip {
        item: id.to_owned(),
        from: Status::Failed,
        to: Status::Passed,
        cause: Some(RelPath::new(".github/workflows/ci.yml")),
        at: "2026-11-21T20:41:07Z".parse().unwrap(),
    };
    Stage::new().board(with(&board(), id, Status::Passed), vec![flip]).keys("j")
}

#[test]
fn the_board_at_four_sizes() {
    for (width, height) in [(120, 36), (80, 24), (40, 12), (60, 3)] {
        insta::assert_snapshot!(format!("board_{width}x{height}"), flipped().size(width, height).frame());
    }
}

#[test]
fn what_lies_over_the_board() {
    let overlays = [
        ("help", "?"),
        ("palette", ": text:re"),
        ("waive", "w text:later"),
        ("dismiss", "d"),
        ("themes", "T"),
        ("path", "p"),
        ("activity", "a"),
    ];
    for (name, keys) in overlays {
        insta::assert_snapshot!(format!("over_{name}"), flipped().size(100, 30).keys(keys).frame());
    }
}

#[test]
fn the_first_frame_has_words_and_does_not_wait() {
    let stage = Stage::empty();
    assert!(stage.frame().contains("reading the tree"));
    assert!(stage.frame().contains("Items appear here"));
    let reached = Reached { done: 3_412, total: 5_325, bytes: 31_999_999, all_bytes: 97_000_000 };
    let stage = stage.event(Event::Notice(Notice::Progress(reached)));
    assert!(stage.frame().contains("3,412/5,325 files, 31/97 MB"));
    assert!(!stage.board(board(), Vec::new()).frame().contains("3,412/5,325"));
}

#[test]
fn every_action_is_in_help_and_in_the_palette() {
    let stage = Stage::new().size(120, 120).keys("?");
    let frame = stage.frame();
    for spec in TABLE {
        assert!(frame.contains(spec.title) && frame.contains(spec.id), "{} is missing", spec.id);
    }
    let narrowed = stage.keys("text:theme").frame();
    assert!(narrowed.contains("Choose a theme") && !narrowed.contains("Write a note"));
    for spec in TABLE {
        let found = gonogo::tui::update::over::palette_specs(spec.title);
        assert_eq!(found.first().map(|found| found.id), Some(spec.id));
    }
}

#[test]
fn nothing_panics_at_any_size() {
    let keys = ["", "<tab>", "?", ": text:a", "w text:words", "d", "T", "p", "a", "6 j D", "!", "x", "/ text:sec"];
    let stages = keys.map(|keys| flipped().size(120, 36).keys(keys));
    for width in (1..130).step_by(3).chain([59, 60, 99, 100, 200]) {
        for height in (1..50).step_by(2).chain([2, 4, 16, 18, 90]) {
            for stage in &stages {
                stage.buffer_of(width, height);
            }
        }
    }
    // Keys at small sizes find their way too.
    for (width, height) in [(1, 1), (3, 2), (12, 4), (20, 5), (59, 15)] {
        flipped()
            .size(width, height)
            .keys("j l h <tab> j k G g <enter> ] w text:x <esc> ? <down> <esc> : <enter>")
            .frame();
        Stage::empty().size(width, height).keys("j l <tab> <enter> p <enter> a").frame();
    }
}

#[test]
fn the_detail_reaches_its_last_line_and_stops_there() {
    let stage = flipped().size(80, 16).keys("<tab> G");
    assert!(stage.frame().contains("CWE-798"), "{}", stage.frame());
    let top = stage.state.detail_top;
    assert_eq!(stage.keys("j j j").state.detail_top, top);
}

#[test]
fn hostile_names_reach_the_screen_only_made_visible() {
    let mut board = board();
    let row = &mut board.rows[0];
    let bad = "a\u{1b}[2Jb\u{202e}c\u{7}\n漢字\u{fe0f}".repeat(40);
    let item = std::sync::Arc::make_mut(&mut row.item);
    item.title.clone_from(&bad);
    item.why.clone_from(&bad);
    item.id.clone_from(&bad);
    row.reason.clone_from(&bad);
    let outcome = std::sync::Arc::make_mut(&mut row.outcome);
    outcome.evidence[0].excerpt.clone_from(&bad);
    outcome.evidence[0].message.clone_from(&bad);
    outcome.evidence[0].path = Some(RelPath::new(&bad));
    board.tree.root.clone_from(&bad);
    board.tree.branch = Some(bad.clone());
    board.categories[0].category.title.clone_from(&bad);
    board.tiers[0].id.clone_from(&bad);
    board.tiers[0].title.clone_from(&bad);
    let stage = Stage::new().board(board, Vec::new()).event(Event::Notice(Notice::Message(bad)));
    for keys in ["", "n", "<esc> d", "<esc> p", "<esc> :"] {
        for (width, height) in [(120, 36), (80, 24), (40, 12), (60, 3)] {
            let buffer = stage.buffer_of(width, height);
            let hostile = |symbol: &str| symbol.chars().any(|c| c.is_control() || c == '\u{202e}' || c == '\u{fe0f}');
            assert!(!buffer.content.iter().any(|cell| hostile(cell.symbol())), "{keys} at {width}x{height}");
        }
    }
}

#[test]
fn ascii_is_ascii_and_moves_nothing() {
    let ascii = Stage::of(Settings { ascii: true, ..settings() }).board(board(), Vec::new()).keys("j");
    let unicode = Stage::new().keys("j");
    let (ascii, unicode) = (ascii.frame(), unicode.frame());
    // What a file holds stays as it is: the redacted part of the excerpt.
    assert!(ascii.replace('•', "").is_ascii(), "{ascii}");
    let widths = |frame: &str| frame.lines().map(|line| line.chars().count()).collect::<Vec<_>>();
    assert_eq!(widths(&ascii), widths(&unicode));
}

#[test]
fn degraded_states_have_words() {
    let stage = Stage::of(Settings { has_own_checklist: false, ..settings() }).board(board(), Vec::new());
    assert!(stage.frame().contains("using the built-in checklist · i writes gonogo.yaml"));
    let mut no_git = board();
    no_git.tree = gonogo::readiness::board::TreeInfo { root: "x".to_owned(), ..Default::default() };
    assert!(Stage::new().board(no_git, Vec::new()).frame().contains("not a git repository: history, blame"));
    let watch = gonogo::tree::watch::WatchState::Polling { seconds: 2, why: "too many directories".to_owned() };
    let stage = Stage::new().event(Event::Notice(Notice::Watch(watch)));
    assert!(stage.frame().contains("polling every 2 s"));
}

#[test]
fn a_go_says_what_would_end_it() {
    let mut board = board();
    for row in &mut board.rows {
        row.status = Status::Passed;
    }
    judge(&mut board);
    let frame = Stage::new().board(board, Vec::new()).frame();
    assert!(frame.contains("IS GO") && frame.contains("until a file changes"), "{frame}");
    assert!(!frame.contains("nearest"));
}
