//! What the dashboard knows. Only `update` changes it; views read it.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::engine::progress::Reached;
use crate::probe::outcome::Evidence;
use crate::readiness::board::{Board, Row, TierVerdict, Verdict};
use crate::readiness::inventory::ElementState;
use crate::readiness::status::Status;
use crate::readiness::work::{Progress, Window};
use crate::session::message::{Base, Flip, Looked};
use crate::tree::path::RelPath;
use crate::tree::watch::WatchState;
use crate::tui::form::Form;
use crate::tui::input::Input;
use crate::tui::keymap::Keymap;
use crate::tui::layout::Layout;
use crate::tui::settings::Settings;
use crate::tui::theme::{self, Theme};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    Categories,
    List,
    Detail,
}

/// One at a time, over the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlay {
    Help {
        filter: Input,
        top: usize,
    },
    Palette {
        filter: Input,
        cursor: usize,
    },
    Form(Form),
    Themes {
        cursor: usize,
        before: usize,
    },
    Path {
        cursor: usize,
    },
    Activity {
        cursor: usize,
    },
    Problems {
        cursor: usize,
    },
    Drift {
        item: String,
        text: Option<String>,
        top: usize,
    },
    /// The commits, or, where `flips` is set, what flipped at the one under the cursor.
    History {
        cursor: usize,
        flips: Option<usize>,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    #[default]
    All,
    Failing,
    ToAnswer,
    Stale,
    Blocked,
    Overdue,
    /// Done, says somebody, and not verified.
    Done,
    /// Other than where this branch left the main one.
    Since,
}

impl Show {
    #[must_use]
    pub fn admits(self, row: &Row) -> bool {
        let status = row.status;
        match self {
            // Which those are hangs on the other branch.
            Self::All | Self::Since => true,
            Self::Failing => status == Status::Failed,
            Self::ToAnswer => matches!(status, Status::Open | Status::Likely | Status::Disputed | Status::Unknown),
            Self::Stale => status == Status::Stale,
            Self::Blocked => !row.work.blocked_by.is_empty(),
            Self::Overdue => row.work.window == Some(Window::Overdue),
            Self::Done => row.work.progress == Progress::Done,
        }
    }

    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Failing => "only failing",
            Self::ToAnswer => "only to answer",
            Self::Stale => "only stale",
            Self::Blocked => "only blocked",
            Self::Overdue => "only overdue",
            Self::Done => "only done, to verify",
            Self::Since => "only what is other",
        }
    }
}

/// A row that flipped a short while ago. It is `ripe` after some seconds; the next key takes it away then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub item: String,
    pub ripe: bool,
}

/// One line above the footer that stays until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    Done(String),
    Refused(String),
}

/// What an answer of the session belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    Form(u64),
    Key,
}

pub type Place = (RelPath, u32);

#[derive(Debug)]
pub struct State {
    pub settings: Settings,
    pub keymap: Keymap,
    pub themes: Vec<Theme>,
    pub theme: usize,
    pub zone: TimeZone,
    pub layout: Layout,

    pub board: Option<Arc<Board>>,
    pub progress: Option<Reached>,
    pub watch: WatchState,
    pub session_ended: bool,
    pub has_own_checklist: bool,
    pub mouse: bool,

    pub focus: Focus,
    /// `None` is all of them.
    pub category: Option<String>,
    pub category_top: usize,
    pub selected: Option<String>,
    /// A tier that somebody chose; else the lowest that is not GO.
    pub tier: Option<String>,
    pub hide_later: bool,
    pub show: Show,
    /// What is due first stands first.
    pub by_due: bool,
    pub filter: Input,
    pub typing_filter: bool,
    /// Indexes into the board's rows, in the order of the screen.
    pub list: Vec<usize>,
    pub list_top: usize,
    /// Where the selection stood when the list was last put in order.
    pub list_cursor: usize,
    pub evidence: usize,
    pub detail_top: usize,
    /// `5` of `5j`, while it is typed.
    pub count: Option<u16>,
    pub overlay: Option<Overlay>,

    pub marks: Vec<Mark>,
    /// The newest first.
    pub activity: VecDeque<Flip>,
    pub told: Option<Told>,
    /// What `Done` answers, the oldest first.
    pub pending: VecDeque<Pending>,
    pub next_ticket: u64,

    /// What the commits say, as far as somebody asked.
    pub history: Option<Looked>,
    /// What the board is compared with.
    pub base: Option<Arc<Base>>,

    pub peeks: HashMap<Place, Arc<Vec<(u32, String)>>>,
    pub peek_asked: Option<Place>,
    /// Places whose lines are of an older board.
    pub peek_fresh: Option<Place>,
}

impl State {
    #[must_use]
    pub fn new(settings: Settings, zone: TimeZone) -> Self {
        let (keymap, mut problems) = Keymap::new(&settings.keys);
        let (themes, theme_problems) = theme::all(&settings.themes);
        problems.extend(theme_problems);
        let wanted = if settings.theme.is_empty() { "terminal" } else { &settings.theme };
        let theme = themes.iter().position(|theme| theme.name == wanted);
        if theme.is_none() {
            let hint = crate::text::suggest::did_you_mean(wanted, themes.iter().map(|theme| theme.name.as_str()));
            problems.push(format!("there is no theme \"{wanted}\"{hint}"));
        }
        Self {
            keymap,
            theme: theme.unwrap_or(0),
            themes,
            zone,
            layout: Layout::of(80, 24),
            board: None,
            progress: None,
            watch: WatchState::Live,
            session_ended: false,
            has_own_checklist: settings.has_own_checklist,
            mouse: settings.mouse,
            settings,
            focus: Focus::List,
            category: None,
            category_top: 0,
            selected: None,
            tier: None,
            hide_later: false,
            show: Show::All,
            by_due: false,
            filter: Input::default(),
            typing_filter: false,
            list: Vec::new(),
            list_top: 0,
            list_cursor: 0,
            evidence: 0,
            detail_top: 0,
            count: None,
            overlay: None,
            marks: Vec::new(),
            activity: VecDeque::new(),
            told: problems.into_iter().next().map(Told::Refused),
            pending: VecDeque::new(),
            next_ticket: 0,
            history: None,
            base: None,
            peeks: HashMap::new(),
            peek_asked: None,
            peek_fresh: None,
        }
    }

    #[must_use]
    pub fn theme(&self) -> &Theme {
        &self.themes[self.theme.min(self.themes.len() - 1)]
    }

    #[must_use]
    pub fn row(&self, item: &str) -> Option<&Row> {
        self.board.as_ref()?.rows.iter().find(|row| row.item.id == item)
    }

    #[must_use]
    pub fn selected_row(&self) -> Option<&Row> {
        let selected = self.selected.as_ref()?;
        self.list_rows().find(|row| row.item.id == *selected)
    }

    /// What the list shows, in order.
    pub fn list_rows(&self) -> impl Iterator<Item = &Row> {
        self.list.iter().filter_map(|i| self.board.as_ref()?.rows.get(*i))
    }

    /// Where the selection stands in the list.
    #[must_use]
    pub fn cursor(&self) -> Option<usize> {
        let selected = self.selected.as_ref()?;
        self.list_rows().position(|row| row.item.id == *selected)
    }

    #[must_use]
    pub fn evidence_of<'a>(&self, row: &'a Row) -> Option<&'a Evidence> {
        row.outcome.evidence.get(self.evidence.min(row.outcome.evidence.len().saturating_sub(1)))
    }

    /// The place that `edit` and `copy` mean.
    #[must_use]
    pub fn evidence_place(&self) -> Option<Place> {
        let evidence = self.evidence_of(self.selected_row()?)?;
        Some((evidence.path.clone()?, evidence.line))
    }

    /// The tier that the board aims at.
    #[must_use]
    pub fn aim(&self) -> usize {
        let Some(board) = &self.board else { return 0 };
        let chosen = self.tier.as_ref().and_then(|id| board.tiers.iter().position(|tier| tier.id == *id));
        let lowest = || board.verdicts.iter().find(|v| v.verdict != Verdict::Go).map(|v| v.tier);
        chosen.or_else(lowest).unwrap_or_else(|| board.tiers.len().saturating_sub(1))
    }

    #[must_use]
    pub fn aimed(&self) -> Option<&TierVerdict> {
        let aim = self.aim();
        self.board.as_ref()?.verdicts.iter().find(|verdict| verdict.tier == aim)
    }

    #[must_use]
    pub fn aimed_title(&self) -> String {
        self.board.as_ref().and_then(|board| board.tiers.get(self.aim())).map(|t| t.title.clone()).unwrap_or_default()
    }

    /// The day of the board: a fixed clock fixes it too.
    #[must_use]
    pub fn today(&self) -> Option<Date> {
        Some(self.board.as_ref()?.at.to_zoned(self.zone.clone()).date())
    }

    /// 0 is "all".
    #[must_use]
    pub fn category_index(&self) -> usize {
        let (Some(board), Some(category)) = (&self.board, &self.category) else { return 0 };
        board.categories.iter().position(|row| row.category.id == *category).map_or(0, |i| i + 1)
    }

    #[must_use]
    pub fn chosen_element(&self) -> Option<&ElementState> {
        let inventory = &self.selected_row()?.inventory;
        inventory.get(self.evidence.min(inventory.len().saturating_sub(1)))
    }

    /// Whether an item is other than where this branch began. Before that is known, none is.
    #[must_use]
    pub fn is_other(&self, row: &Row) -> bool {
        self.base.as_ref().is_some_and(|base| base.statuses.get(&row.item.id) != Some(&row.status))
    }

    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.filter.is_empty() || self.show != Show::All
    }
}
