//! Keys while something lies over the board.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::checklist::model::Problem;
use crate::tree::path::RelPath;
use crate::tui::action::{Action, Spec, TABLE};
use crate::tui::event::Effect;
use crate::tui::form::Form;
use crate::tui::keymap::{Key, LIST, Nav, TEXT, nav};
use crate::tui::rows::Fuzzy;
use crate::tui::state::{Focus, Overlay, Pending, State};
use crate::tui::update::{act, ask, history, select};

pub(super) fn on_key(state: &mut State, event: KeyEvent, key: Key) -> Vec<Effect> {
    if state.keymap.action(key) == Some(Action::Suspend) {
        return vec![Effect::Suspend];
    }
    match state.overlay.take() {
        Some(Overlay::Form(form)) => form_key(state, form, event, key),
        Some(Overlay::Palette { filter, cursor }) => palette_key(state, filter, cursor, event, key),
        Some(Overlay::Help { mut filter, mut top }) => {
            match nav(TEXT, key) {
                Some(Nav::Leave) => return Vec::new(),
                Some(nav @ (Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown)) => {
                    top = stepped(state, top, nav, help_specs(filter.text()).len() + 10);
                }
                // With nothing typed, the keys that leave other lists leave this one too.
                _ if filter.is_empty() && matches!(event.code, KeyCode::Char('q' | '?')) => return Vec::new(),
                _ if filter.key(event) => top = 0,
                _ => {}
            }
            state.overlay = Some(Overlay::Help { filter, top });
            Vec::new()
        }
        Some(Overlay::History { cursor, flips }) => history::on_key(state, cursor, flips, key),
        Some(Overlay::Themes { cursor, before }) => themes_key(state, cursor, before, key),
        Some(
            list @ (Overlay::Path { .. } | Overlay::Activity { .. } | Overlay::Problems { .. } | Overlay::Drift { .. }),
        ) => list_key(state, list, key),
        None => Vec::new(),
    }
}

fn form_key(state: &mut State, mut form: Form, event: KeyEvent, key: Key) -> Vec<Effect> {
    let newline = event.code == KeyCode::Enter && event.modifiers.contains(KeyModifiers::ALT);
    let on_pick = form.field_index().is_none();
    match nav(TEXT, key) {
        Some(Nav::Leave) => return Vec::new(),
        // While the answer is on its way the form only waits; Esc leaves it.
        _ if form.waiting.is_some() => {}
        _ if newline => form.field().into_iter().for_each(|field| field.input.insert("\n")),
        Some(Nav::Accept) => return submit(state, form),
        Some(Nav::Up) => form.turn(-1),
        Some(Nav::Down) => form.turn(1),
        Some(Nav::Next) => form.step(1),
        Some(Nav::Previous) => form.step(-1),
        Some(Nav::Toggle) if on_pick => {
            if let Some(pick) = form.picks.get_mut(form.focus) {
                pick.on = !pick.on;
            }
        }
        _ => {
            if form.field().is_some_and(|field| field.input.key(event)) {
                form.error = None;
            }
        }
    }
    state.overlay = Some(Overlay::Form(form));
    Vec::new()
}

fn submit(state: &mut State, mut form: Form) -> Vec<Effect> {
    let today = state.today().unwrap_or_default();
    let effects = match form.request(today) {
        Err(why) => {
            form.error = Some(why);
            Vec::new()
        }
        Ok(_) if state.session_ended => {
            form.error = Some("the session has ended: nothing can be written any more".to_owned());
            Vec::new()
        }
        Ok(request) => {
            state.next_ticket += 1;
            form.error = None;
            form.waiting = Some(state.next_ticket);
            ask(state, request, Pending::Form(state.next_ticket))
        }
    };
    state.overlay = Some(Overlay::Form(form));
    effects
}

fn palette_key(
    state: &mut State,
    mut filter: crate::tui::input::Input,
    mut cursor: usize,
    event: KeyEvent,
    key: Key,
) -> Vec<Effect> {
    let found = palette_specs(filter.text());
    match nav(TEXT, key) {
        Some(Nav::Leave) => return Vec::new(),
        Some(Nav::Accept) => {
            return found.get(cursor).map(|spec| act::act(state, spec.action)).unwrap_or_default();
        }
        Some(nav @ (Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown)) => {
            cursor = stepped(state, cursor, nav, found.len());
        }
        _ => {
            if filter.key(event) {
                cursor = 0;
            }
        }
    }
    state.overlay = Some(Overlay::Palette { filter, cursor });
    Vec::new()
}

fn themes_key(state: &mut State, mut cursor: usize, before: usize, key: Key) -> Vec<Effect> {
    match nav(LIST, key) {
        Some(Nav::Leave) => {
            state.theme = before;
            return Vec::new();
        }
        Some(Nav::Quit) => return vec![Effect::Quit],
        Some(Nav::Accept) => {
            let name = state.theme().name.clone();
            super::tell(
                state,
                Ok(format!("theme {name} until you quit: `theme: {name}` in {} keeps it", config(state))),
            );
            return Vec::new();
        }
        Some(nav) => cursor = stepped(state, cursor, nav, state.themes.len()),
        None => {}
    }
    state.theme = cursor;
    state.overlay = Some(Overlay::Themes { cursor, before });
    Vec::new()
}

/// The file of settings, short enough for a line.
fn config(state: &State) -> &str {
    if state.settings.config.is_empty() { "config.yaml" } else { &state.settings.config }
}

fn list_key(state: &mut State, mut list: Overlay, key: Key) -> Vec<Effect> {
    let count = match &list {
        Overlay::Path { .. } => state.aimed().map_or(0, |verdict| verdict.path.len()),
        Overlay::Activity { .. } => state.activity.len(),
        Overlay::Problems { .. } => state.problems().len(),
        Overlay::Drift { text, .. } => text.as_ref().map_or(0, |text| text.lines().count()),
        _ => 0,
    };
    let (Overlay::Path { cursor }
    | Overlay::Activity { cursor }
    | Overlay::Problems { cursor }
    | Overlay::Drift { top: cursor, .. }) = &mut list
    else {
        return Vec::new();
    };
    match nav(LIST, key) {
        Some(Nav::Leave) => return Vec::new(),
        Some(Nav::Quit) => return vec![Effect::Quit],
        Some(Nav::Accept) => {
            if let Overlay::Problems { cursor } = list {
                return edit_problem(state, cursor);
            }
            let item = match &list {
                Overlay::Path { cursor } => state.path_item(*cursor),
                Overlay::Activity { cursor } => state.activity.get(*cursor).map(|flip| flip.item.clone()),
                _ => None,
            };
            if let Some(item) = item {
                go_to(state, item);
            }
            return Vec::new();
        }
        Some(nav) => *cursor = stepped(state, *cursor, nav, count),
        None => {}
    }
    state.overlay = Some(list);
    Vec::new()
}

/// The editor at the place of a problem; a line without a file leads nowhere.
fn edit_problem(state: &mut State, at: usize) -> Vec<Effect> {
    let Some(problem) = state.problems().get(at) else { return Vec::new() };
    let path = RelPath::new(&problem.path);
    // Built-ins are no files that an editor could open.
    if problem.line == 0 || problem.path.starts_with("builtin:") {
        super::tell(state, Err("no line of a file is named here".to_owned()));
        return Vec::new();
    }
    vec![Effect::Edit { path, line: problem.line }]
}

/// Selects an item wherever the board stands; what hides it gives way.
pub(super) fn go_to(state: &mut State, item: String) {
    state.focus = Focus::List;
    let hidden = !state.list_rows().any(|row| row.item.id == item);
    if hidden {
        state.filter.clear();
        state.show = crate::tui::state::Show::All;
        state.hide_later = false;
        state.category = state.row(&item).map(|row| row.item.category.clone());
    }
    select(state, Some(item));
}

impl State {
    /// What is wrong around the board: checklist, ledger, tree.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        self.board.as_ref().map_or(&[], |board| &board.problems)
    }

    /// The item of a step of the aimed tier's path.
    #[must_use]
    pub fn path_item(&self, step: usize) -> Option<String> {
        let step = self.aimed()?.path.get(step)?;
        self.board.as_ref()?.rows.get(step.row).map(|row| row.item.id.clone())
    }
}

pub(super) fn stepped(state: &State, at: usize, nav: Nav, count: usize) -> usize {
    let page = isize::try_from(state.layout.whole.height / 2).unwrap_or(1);
    let by = match nav {
        Nav::Up => -1,
        Nav::Down => 1,
        Nav::PageUp => -page,
        Nav::PageDown => page,
        Nav::Top => isize::MIN / 2,
        Nav::Bottom => isize::MAX / 2,
        _ => 0,
    };
    act::moved(at, by, count)
}

/// What help shows for a filter: every action whose title, group or id has the words.
#[must_use]
pub fn help_specs(filter: &str) -> Vec<&'static Spec> {
    let wanted = filter.to_lowercase();
    let has = |spec: &&Spec| {
        let text = format!("{} {} {}", spec.title, spec.group.title(), spec.id).to_lowercase();
        wanted.split_whitespace().all(|word| text.contains(word))
    };
    TABLE.iter().filter(has).collect()
}

/// What the palette offers, the best first.
#[must_use]
pub fn palette_specs(filter: &str) -> Vec<&'static Spec> {
    if filter.is_empty() {
        return TABLE.iter().filter(|spec| spec.group != crate::tui::action::Group::Move).collect();
    }
    let mut fuzzy = Fuzzy::new(filter);
    let scored = TABLE.iter().filter_map(|spec| Some((fuzzy.score(&format!("{} {}", spec.title, spec.id))?, spec)));
    let mut found: Vec<_> = scored.collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, spec)| spec).collect()
}
