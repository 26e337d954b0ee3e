//! What keys do, from the state's side.

use std::path::PathBuf;

use gonogo::checklist::model::Problem;
use gonogo::ledger::decision::WaiverKind;
use gonogo::readiness::board::Board;
use gonogo::readiness::status::Status;
use gonogo::session::message::{Flip, Intent, Notice, Request};
use gonogo::tree::path::RelPath;
use gonogo::tree::watch::WatchState;
use gonogo::tui::event::{Effect, Event};
use gonogo::tui::settings::Settings;
use gonogo::tui::state::{Focus, Overlay, Told};
use jiff::civil::date;

use super::board::{board, with};
use super::stage::{Stage, settings};

const DEFAULTS: &str = "secrets.no-default-prod-secrets";

fn flip(item: &str, to: Status) -> Flip {
    let at = "2026-11-21T20:41:07Z".parse().unwrap();
    Flip { item: item.to_owned(), from: Status::Failed, to, cause: Some(RelPath::new("src/a.py")), at }
}

fn refusal(stage: &Stage) -> &str {
    match &stage.state.told {
        Some(Told::Refused(why)) => why,
        other => panic!("nothing was refused: {other:?}"),
    }
}

#[test]
fn the_selection_follows_the_item_while_rows_move() {
    let stage = Stage::new().keys("j");
    assert_eq!(stage.selected(), DEFAULTS);
    let before = stage.state.cursor();
    let stage = stage.board(with(&board(), DEFAULTS, Status::Passed), vec![flip(DEFAULTS, Status::Passed)]);
    assert_eq!(stage.selected(), DEFAULTS);
    assert_ne!(stage.state.cursor(), before);
}

#[test]
fn a_flipped_row_stays_marked_for_some_seconds_and_until_the_next_key() {
    let stage = Stage::new().board(with(&board(), DEFAULTS, Status::Passed), vec![flip(DEFAULTS, Status::Passed)]);
    assert!(matches!(stage.effects[..], [Effect::Timer(_)]));
    let stage = stage.keys("j");
    assert_eq!(stage.state.marks.len(), 1, "a key right after the flip takes nothing away");
    let stage = stage.event(Event::Timer);
    assert_eq!(stage.state.marks.len(), 1, "nobody has pressed a key since");
    assert!(stage.keys("k").state.marks.is_empty());
}

#[test]
fn confirming_what_fails_is_refused_with_the_two_ways_that_exist() {
    let stage = Stage::new().keys("<space>");
    assert!(stage.requests().is_empty());
    assert!(refusal(&stage).contains("waives") && refusal(&stage).contains("dismisses"));
    let stage = Stage::new().keys("2 j <space>");
    let item = "secrets.rotation".to_owned();
    assert_eq!(
        stage.requests(),
        [Request::Decide(Intent::Attest { item, note: String::new(), choice: None, part: None })]
    );
}

#[test]
fn a_waiver_is_sent_with_its_day_and_a_failed_write_keeps_the_words() {
    let stage = Stage::new().keys("j w <enter>");
    assert!(stage.requests().is_empty());
    assert!(stage.frame().contains("a waiver needs a reason"));
    let stage = stage.keys("text:vendor_ships <tab> <down> <enter>");
    let (item, reason) = (DEFAULTS.to_owned(), "vendor ships".to_owned());
    assert_eq!(
        stage.requests(),
        [Request::Decide(Intent::Waive { item, reason, expires: date(2027, 2, 19), kind: WaiverKind::Accepted })]
    );
    // A second enter while the answer is on its way sends nothing.
    let stage = stage.keys("<enter>");
    assert_eq!(stage.requests().len(), 1);
    let stage = stage.event(Event::Notice(Notice::Done(Err("disk full".to_owned()))));
    assert!(stage.frame().contains("disk full") && stage.frame().contains("vendor ships"));
    let stage = stage.keys("<enter>").event(Event::Notice(Notice::Done(Ok("waived".to_owned()))));
    assert!(stage.state.overlay.is_none());
    assert_eq!(stage.state.told, Some(Told::Done("waived".to_owned())));
}

#[test]
fn answers_find_the_form_that_asked_even_behind_others() {
    let done = |result| Event::Notice(Notice::Done(result));
    let stage = Stage::new().keys("u n text:mine <enter>").event(done(Err("nothing to undo".to_owned())));
    assert!(matches!(&stage.state.overlay, Some(Overlay::Form(form)) if form.error.is_none()));
    assert!(stage.event(done(Ok("noted".to_owned()))).state.overlay.is_none());
}

#[test]
fn a_dismissal_names_the_places_that_were_picked() {
    let stage = Stage::new().keys("j d <down> <space> <tab> text:a_fixture <enter>");
    let (item, reason) = (DEFAULTS.to_owned(), "a fixture".to_owned());
    let fingerprints = vec!["compose-17".to_owned()];
    assert_eq!(stage.requests(), [Request::Decide(Intent::Dismiss { item, fingerprints, reason })]);
}

#[test]
fn every_decision_has_its_key() {
    let sent = |keys: &str| Stage::new().keys("j").keys(keys).requests();
    let item = || DEFAULTS.to_owned();
    assert_eq!(sent("n text:hm <enter>"), [Request::Decide(Intent::Note { item: item(), text: "hm".to_owned() })]);
    let reason = "no web".to_owned();
    assert_eq!(
        sent("N text:no_web <enter>"),
        [Request::Decide(Intent::NotApplicable { item: item(), reason, follow_up: String::new() })]
    );
    assert_eq!(
        sent("A text:Ben <enter>"),
        [Request::Decide(Intent::Assign { item: item(), to: "Ben".to_owned(), due: None })]
    );
    assert_eq!(sent("u <c-r>"), [Request::Undo, Request::Redo]);
    let export = Request::Export { format: "json".to_owned(), to: PathBuf::from("readiness.json") };
    assert_eq!(sent("x <down> <down> <enter>"), [export]);
    assert_eq!(sent("R P"), [Request::Rescan, Request::Pause(true)]);
    let item = "secrets.template-complete".to_owned();
    assert_eq!(
        sent("5 j r D"),
        [Request::Decide(Intent::Retract { item: item.clone(), part: None }), Request::Drift { item }]
    );
}

#[test]
fn pausing_twice_goes_on() {
    let stage = Stage::new().event(Event::Notice(Notice::Watch(WatchState::Paused))).keys("P");
    assert_eq!(stage.requests(), [Request::Pause(false)]);
}

#[test]
fn what_cannot_be_done_says_why() {
    assert!(refusal(&Stage::empty().keys("<space>")).contains("still reading"));
    assert!(refusal(&Stage::new().keys("w")).contains("can't be waived"));
    assert!(refusal(&Stage::new().keys("r")).contains("nobody has decided"));
    assert!(refusal(&Stage::new().keys("D")).contains("nothing moved"));
    assert!(refusal(&Stage::new().keys("i")).contains("already"));
}

#[test]
fn editing_and_copying_mean_the_selected_place() {
    let stage = Stage::new().keys("j ] e y");
    let path = RelPath::new("deploy/compose.prod.yml");
    assert_eq!(stage.effects, [Effect::Edit { path, line: 17 }, Effect::Copy("deploy/compose.prod.yml:17".to_owned())]);
}

#[test]
fn one_question_for_source_lines_is_open_at_a_time() {
    let mut stage = Stage::new();
    assert_eq!(stage.state.peek_asked, Some((RelPath::new("src/pay/client.py"), 12)));
    stage = stage.keys("j");
    assert_eq!(stage.state.peek_asked, Some((RelPath::new("src/pay/client.py"), 12)));
    let lines = vec![(12, "token = 1".to_owned())];
    stage = stage.event(Event::Notice(Notice::Peek { path: RelPath::new("src/pay/client.py"), line: 12, lines }));
    assert_eq!(stage.state.peek_asked, Some((RelPath::new("backend/settings.py"), 41)));
}

#[test]
fn the_filter_takes_words_as_they_are_typed_and_letters_where_there_are_no_such_words() {
    let shown = |keys: &str| {
        let stage = Stage::new().keys(keys);
        stage.state.list_rows().map(|row| row.item.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(shown("/ text:RUN_tests"), ["ci.tests-run"], "in any order and case");
    assert_eq!(shown("/ text:rlssrsgnd"), ["ci.signed"], "letters in order");
    assert!(shown("/ text:zzzz").is_empty());
}

#[test]
fn finding_narrows_the_list_and_esc_leaves() {
    let stage = Stage::new().keys("/ text:schedule");
    assert_eq!(stage.state.list.len(), 1);
    // Letters are letters while something is typed.
    let stage = stage.keys("<backspace> q <enter>");
    assert!(!stage.effects.contains(&Effect::Quit));
    assert!(stage.frame().contains("No item matches"));
    assert_eq!(stage.keys("<esc>").state.list.len(), board().rows.len());
}

#[test]
fn statuses_can_be_shown_alone() {
    let statuses =
        |keys: &str| -> Vec<Status> { Stage::new().keys(keys).state.list_rows().map(|row| row.status).collect() };
    assert!(statuses("F").iter().all(|status| *status == Status::Failed));
    assert!(statuses("S").iter().all(|status| *status == Status::Stale));
    assert!(statuses(": text:waits_for <enter>").iter().all(|status| status.is_undecided()));
    assert_eq!(statuses("F <esc>").len(), board().rows.len());
}

#[test]
fn the_aim_is_the_lowest_tier_that_is_not_go_until_somebody_chooses() {
    let stage = Stage::new();
    assert_eq!(stage.state.aim(), 0);
    let stage = stage.keys("t");
    assert_eq!(stage.state.aim(), 1);
    let all = stage.state.list.len();
    assert!(stage.keys("L").state.list.len() < all);
}

#[test]
fn the_path_to_go_leads_there() {
    let stage = Stage::new().keys("p <down> <enter>");
    assert_eq!(stage.selected(), "secrets.none-in-code");
    let stage = Stage::new().keys("/ text:database <enter> p <enter>");
    assert_eq!(stage.selected(), DEFAULTS);
    assert!(stage.state.filter.is_empty());
}

#[test]
fn themes_are_seen_at_once_and_esc_goes_back() {
    let before = Stage::new().state.theme;
    let stage = Stage::new().keys("T j");
    assert_ne!(stage.state.theme, before);
    assert_eq!(stage.keys("<esc>").state.theme, before);
    assert_ne!(Stage::new().keys("T j <enter>").state.theme, before);
}

#[test]
fn q_leaves_what_lies_over_the_board_and_only_then_the_program() {
    for key in ["p", "a", "T", "?"] {
        let stage = Stage::new().keys(key).keys("q");
        assert!(stage.state.overlay.is_none() && !stage.effects.contains(&Effect::Quit), "{key}");
    }
    assert_eq!(Stage::new().keys("q").effects, [Effect::Quit]);
    assert!(matches!(Stage::new().keys("n q").state.overlay, Some(Overlay::Form(_))));
}

#[test]
fn a_paste_is_text_and_never_a_command() {
    let stage = Stage::new().event(Event::Paste("q u r".to_owned()));
    assert!(stage.effects.is_empty());
    let stage = Stage::new().keys("n").event(Event::Paste("two\nlines".to_owned())).keys("<enter>");
    let (item, text) = ("secrets.none-in-code".to_owned(), "two\nlines".to_owned());
    assert_eq!(stage.requests(), [Request::Decide(Intent::Note { item, text })]);
}

#[test]
fn the_focus_walks_through_the_panels() {
    let focus = |keys: &str| Stage::new().keys(keys).state.focus;
    assert_eq!(focus("<tab>"), Focus::Detail);
    assert_eq!(focus("<tab> <tab>"), Focus::Categories);
    assert_eq!(focus("h"), Focus::Categories);
    assert_eq!(focus("l <esc>"), Focus::List);
    assert_eq!(Stage::new().size(80, 24).keys("l").state.category.as_deref(), Some("secrets"));
}

#[test]
fn own_keys_and_mistakes_in_them_are_heard() {
    let keys = vec![("quit".to_owned(), vec!["Q".to_owned()])];
    let stage = Stage::of(Settings { keys, ..settings() });
    assert!(stage.keys("q").effects.is_empty());
    let stage = Stage::of(Settings { theme: "nrod".to_owned(), ..settings() });
    assert!(refusal(&stage).contains("did you mean \"nord\"?"));
}

#[test]
fn a_session_that_ended_is_told_and_nothing_more_is_sent() {
    let stage = Stage::new().event(Event::SessionEnded).keys("u n text:x <enter>");
    assert!(stage.requests().is_empty());
    assert!(stage.frame().contains("nothing can be written any more"));
}

#[test]
fn the_mouse_selects_and_scrolls() {
    use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
    let event = |kind, column, row| Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE });
    let stage = Stage::new();
    let (x, y) = (stage.state.layout.list.x + 9, stage.state.layout.list.y + 1);
    let stage = stage.event(event(MouseEventKind::Down(MouseButton::Left), x, y));
    assert_eq!(stage.selected(), DEFAULTS);
    let stage = stage.event(event(MouseEventKind::ScrollDown, x, y));
    assert_eq!(stage.state.cursor(), Some(4));
    let stage = stage.event(event(MouseEventKind::Down(MouseButton::Left), 4, 5));
    assert_eq!(stage.state.category.as_deref(), Some("secrets"));
}

#[test]
fn a_number_repeats_a_move_and_is_gone_after_any_other_key() {
    let place = |keys: &str| Stage::new().keys(keys).state.cursor();
    assert_eq!(place("5 j"), Some(5));
    assert_eq!(place("1 2 j 1 0 k"), Some(2));
    assert_eq!(place("5 % j"), Some(1));
    assert_eq!(place("5 w <esc> j"), Some(1));
    assert_eq!(place("9 9 9 9 9 9 j"), Stage::new().keys("G").state.cursor());
}

#[test]
fn problems_have_a_list_and_lead_to_their_line() {
    let problem = |path: &str, line| Problem { path: path.into(), line, column: 1, message: "is wrong".into() };
    let broken = || Board { problems: vec![problem("gonogo.yaml", 7), problem(".", 0)], ..board() };
    let stage = Stage::empty().board(broken(), Vec::new());
    assert!(stage.frame().contains("2 problems   live"), "{}", stage.frame());
    assert!(stage.frame().contains("2 problems · ! lists them · gonogo.yaml:7:1: is wrong"));
    let stage = stage.keys("!");
    assert!(stage.frame().contains(".: is wrong"));
    let stage = stage.keys("<enter>");
    assert_eq!(stage.effects, [Effect::Edit { path: RelPath::new("gonogo.yaml"), line: 7 }]);
    let stage = stage.keys("! j <enter>");
    assert!(refusal(&stage).contains("no line of a file"));
    assert!(Stage::new().keys("!").frame().contains("Nothing is wrong"));
}

#[test]
fn the_theme_says_where_it_is_set_for_good() {
    let stage = Stage::new().keys("T <down> <enter>");
    let Some(Told::Done(words)) = &stage.state.told else { panic!("nothing was said") };
    assert!(words.contains("`theme: ") && words.ends_with("in config.yaml keeps it"), "{words}");
}

#[test]
fn on_a_small_screen_the_source_is_in_sight_at_once_and_with_each_place() {
    let stage = Stage::new().size(80, 24).keys("j");
    assert!(stage.frame().contains("1/2  backend/settings.py:41"), "{}", stage.frame());
    let stage = stage.keys("]");
    assert!(stage.frame().contains("2/2  deploy/compose.prod.yml:17"), "{}", stage.frame());
    assert!(stage.frame().contains("▸   17"), "{}", stage.frame());
}

#[test]
fn the_field_that_is_typed_into_is_in_sight_on_any_screen() {
    let stage = Stage::new().size(30, 8).keys("j w");
    assert!(stage.frame().contains("reason  "), "{}", stage.frame());
    assert!(stage.keys("<tab>").frame().contains("until  "));
    let stage = Stage::new().size(40, 10).keys("j d");
    assert!(stage.frame().contains("[ ] backend/settings.py"), "{}", stage.frame());
    let stage = stage.keys("<space> <tab> <tab> text:why");
    assert!(stage.frame().contains("why"), "{}", stage.frame());
}
