//! Everything that somebody can do on the board, in one table. Keys, help, palette, footer and the
//! configuration file all read it, so that none of them can promise what another one does not know.

use crate::ledger::fold::Position;
use crate::probe::outcome::Answer;
use crate::readiness::board::Row;
use crate::readiness::status::Status;
use crate::tui::state::State;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Top,
    Bottom,
    NextPanel,
    PreviousPanel,
    Open,
    Back,
    PreviousEvidence,
    NextEvidence,
    Confirm,
    Note,
    Waive,
    Dismiss,
    NotApplicable,
    Assign,
    Done,
    Retract,
    Undo,
    Redo,
    Find,
    PathToGo,
    Activity,
    History,
    Problems,
    Drift,
    ShowFailing,
    ShowToAnswer,
    ShowStale,
    ShowBlocked,
    ShowOverdue,
    ShowDone,
    ShowAll,
    ShowSince,
    SortByDue,
    NextTier,
    HideLater,
    Edit,
    Copy,
    Export,
    Init,
    Rescan,
    Pause,
    Palette,
    Help,
    Themes,
    Mouse,
    Redraw,
    Suspend,
    Quit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    Move,
    Answer,
    Look,
    Work,
    Program,
}

impl Group {
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Move => "Moving",
            Self::Answer => "Answering",
            Self::Look => "Looking",
            Self::Work => "Working",
            Self::Program => "The program",
        }
    }
}

#[derive(Debug)]
pub struct Spec {
    pub action: Action,
    /// Its name in the configuration file.
    pub id: &'static str,
    pub title: &'static str,
    /// For the footer, where a word must do.
    pub word: &'static str,
    pub group: Group,
    pub keys: &'static [&'static str],
}

const fn spec(
    action: Action,
    id: &'static str,
    title: &'static str,
    word: &'static str,
    group: Group,
    keys: &'static [&'static str],
) -> Spec {
    Spec { action, id, title, word, group, keys }
}

pub const TABLE: &[Spec] = &[
    spec(Action::Up, "up", "One row up", "up", Group::Move, &["k", "up"]),
    spec(Action::Down, "down", "One row down", "down", Group::Move, &["j", "down"]),
    spec(Action::Left, "left", "To the panel or category on the left", "left", Group::Move, &["h", "left"]),
    spec(Action::Right, "right", "To the panel or category on the right", "right", Group::Move, &["l", "right"]),
    spec(Action::PageUp, "page-up", "One page up", "page up", Group::Move, &["pageup", "ctrl-b"]),
    spec(Action::PageDown, "page-down", "One page down", "page down", Group::Move, &["pagedown", "ctrl-f"]),
    spec(Action::Top, "top", "To the first row", "top", Group::Move, &["g", "home"]),
    spec(Action::Bottom, "bottom", "To the last row", "bottom", Group::Move, &["G", "end"]),
    spec(Action::NextPanel, "next-panel", "To the next panel", "panel", Group::Move, &["tab"]),
    spec(Action::PreviousPanel, "previous-panel", "To the panel before", "panel", Group::Move, &["backtab"]),
    spec(Action::Open, "open", "Into what is selected", "open", Group::Move, &["enter"]),
    spec(Action::Back, "back", "Leave: filter, then panel", "back", Group::Move, &["esc"]),
    spec(Action::PreviousEvidence, "previous-evidence", "The place before", "place", Group::Move, &["["]),
    spec(Action::NextEvidence, "next-evidence", "The next place", "place", Group::Move, &["]"]),
    spec(Action::Confirm, "confirm", "Confirm: I looked, and it holds", "confirm", Group::Answer, &["space"]),
    spec(Action::Note, "note", "Write a note", "note", Group::Answer, &["n"]),
    spec(Action::Waive, "waive", "Waive until a day, with a reason", "waive", Group::Answer, &["w"]),
    spec(Action::Dismiss, "dismiss", "Dismiss places that are no finding", "dismiss", Group::Answer, &["d"]),
    spec(Action::NotApplicable, "not-applicable", "Say why it does not apply", "n/a", Group::Answer, &["N"]),
    spec(Action::Assign, "assign", "Give it to somebody", "assign", Group::Answer, &["A"]),
    spec(Action::Done, "done", "Say that the work is done", "done", Group::Answer, &["f"]),
    spec(Action::Retract, "retract", "Take back what stands", "retract", Group::Answer, &["r"]),
    spec(Action::Undo, "undo", "Undo your last decision", "undo", Group::Answer, &["u"]),
    spec(Action::Redo, "redo", "Redo what you undid", "redo", Group::Answer, &["ctrl-r"]),
    spec(Action::Find, "find", "Find items by name", "find", Group::Look, &["/"]),
    spec(Action::PathToGo, "path", "The shortest path to GO", "path to GO", Group::Look, &["p"]),
    spec(Action::Activity, "activity", "What changed, and after what", "activity", Group::Look, &["a"]),
    spec(Action::History, "history", "What the commits of this branch say", "history", Group::Look, &["H"]),
    spec(Action::Problems, "problems", "What is wrong around the board", "problems", Group::Look, &["!"]),
    spec(Action::Drift, "drift", "What changed since the confirmation", "drift", Group::Look, &["D"]),
    spec(Action::ShowFailing, "show-failing", "Only what fails", "failing", Group::Look, &["F"]),
    spec(Action::ShowToAnswer, "show-to-answer", "Only what waits for an answer", "to answer", Group::Look, &["O"]),
    spec(Action::ShowStale, "show-stale", "Only what went stale", "stale", Group::Look, &["S"]),
    spec(Action::ShowBlocked, "show-blocked", "Only what waits for another item", "blocked", Group::Look, &["B"]),
    spec(Action::ShowOverdue, "show-overdue", "Only what is overdue", "overdue", Group::Look, &["U"]),
    spec(Action::ShowDone, "show-done", "Only what is done and not verified", "to verify", Group::Look, &["V"]),
    spec(Action::ShowAll, "show-all", "Every status", "all", Group::Look, &["E"]),
    spec(Action::ShowSince, "show-since", "Only what differs from the main branch", "since", Group::Look, &["M"]),
    spec(Action::SortByDue, "sort-by-due", "What is due first on top, or not", "by due", Group::Look, &["s"]),
    spec(Action::NextTier, "next-tier", "Aim at the next tier", "tier", Group::Look, &["t"]),
    spec(Action::HideLater, "hide-later", "Hide or show what only later tiers need", "later", Group::Look, &["L"]),
    spec(Action::Edit, "edit", "Open the place in your editor", "edit", Group::Work, &["e"]),
    spec(Action::Copy, "copy", "Copy the place as path:line", "copy", Group::Work, &["y"]),
    spec(Action::Export, "export", "Write a report", "export", Group::Work, &["x"]),
    spec(Action::Init, "init", "Write a gonogo.yaml of your own", "init", Group::Work, &["i"]),
    spec(Action::Rescan, "rescan", "Look at every file again", "rescan", Group::Work, &["R"]),
    spec(Action::Pause, "pause", "Pause or go on watching", "pause", Group::Work, &["P"]),
    spec(Action::Palette, "palette", "All commands", "all commands", Group::Program, &[":"]),
    spec(Action::Help, "help", "All keys", "help", Group::Program, &["?", "f1"]),
    spec(Action::Themes, "themes", "Choose a theme", "themes", Group::Program, &["T"]),
    spec(Action::Mouse, "mouse", "Mouse on or off", "mouse", Group::Program, &["m"]),
    spec(Action::Redraw, "redraw", "Draw the screen again", "redraw", Group::Program, &["ctrl-l"]),
    spec(Action::Suspend, "suspend", "Stop, until fg", "stop", Group::Program, &["ctrl-z"]),
    spec(Action::Quit, "quit", "Quit", "quit", Group::Program, &["q", "ctrl-c"]),
];

/// Whether there is anything that could be taken back.
fn stands(row: &Row) -> bool {
    let said = &row.standing;
    let said_more = said.assigned.is_some() || said.done.is_some();
    said.position != Position::None || !said.dismissals.is_empty() || !said.elements.is_empty() || said_more
}

impl Action {
    /// # Panics
    /// Never: a test holds that every action has its line in the table.
    #[must_use]
    pub fn spec(self) -> &'static Spec {
        TABLE.iter().find(|spec| spec.action == self).unwrap_or(&TABLE[0])
    }

    /// Why it can't be done now, in words that say what could be; `None` where it can.
    #[must_use]
    pub fn obstacle(self, state: &State) -> Option<String> {
        let no = |why: &str| Some(why.to_owned());
        if matches!(self, Self::History | Self::ShowSince) {
            let has_commits = state.board.as_ref().is_none_or(|board| board.tree.commit.is_some());
            return (!has_commits).then(|| "there is no commit to look at".to_owned());
        }
        if self == Self::Init {
            return state.has_own_checklist.then(|| "this tree has a checklist of its own already".to_owned());
        }
        if !self.needs_item() {
            return None;
        }
        let Some(row) = state.selected_row() else {
            return no(if state.board.is_some() { "no item is selected" } else { "still reading: no item yet" });
        };
        match self {
            Self::Confirm if row.item.broken.is_some() => no("this item is written wrongly: its checklist comes first"),
            Self::Confirm if row.fails() => {
                no("the probe fails: w waives it until a day, d dismisses what is no finding")
            }
            Self::Confirm if row.status == Status::Passed => no("already proven by the files: nothing to confirm"),
            Self::Confirm if state.chosen_element().is_some_and(|element| element.status == Status::Attested) => {
                no("this element is confirmed already: r takes it back, ] goes on to the next")
            }
            Self::Confirm if row.status == Status::Attested => no("confirmed already: r takes it back"),
            Self::Confirm if row.outcome.answer == Answer::NotApplicable => no("it does not apply here"),
            Self::Waive if !row.item.waivable => no("its checklist says that this item can't be waived"),
            Self::Waive if row.status.is_ready() => no("it is ready: nothing to waive"),
            Self::Done if row.status.is_ready() => no("it is ready: more than done"),
            Self::Dismiss if row.outcome.evidence.iter().all(|e| e.fingerprint.is_empty()) => {
                no("nothing was found here that could be dismissed")
            }
            Self::Retract if !stands(row) => no("nobody has decided anything here"),
            Self::Drift if row.status != Status::Stale => no("nothing moved since it was confirmed"),
            Self::Edit | Self::Copy if state.evidence_place().is_none() => no("no file is named as evidence"),
            Self::PreviousEvidence | Self::NextEvidence if row.outcome.evidence.len().max(row.inventory.len()) < 2 => {
                no("there is no other place")
            }
            _ => None,
        }
    }

    fn needs_item(self) -> bool {
        matches!(self.spec().group, Group::Answer) && !matches!(self, Self::Undo | Self::Redo)
            || matches!(self, Self::Drift | Self::Edit | Self::Copy | Self::PreviousEvidence | Self::NextEvidence)
    }
}
