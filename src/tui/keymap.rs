//! Which key does what. Bindings are data; the configuration file replaces them by action id.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::text::suggest::did_you_mean;
use crate::tui::action::{Action, TABLE};

/// A key as people write it: `j`, `G`, `ctrl-r`, `space`, `f1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<(Key, Action)>,
}

/// What keys mean in a list that lies over the board, and around a text field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nav {
    Up,
    Down,
    PageUp,
    PageDown,
    Top,
    Bottom,
    Accept,
    Leave,
    Quit,
    Next,
    Previous,
    Toggle,
}

const NAMED: [(&str, KeyCode); 14] = [
    ("space", KeyCode::Char(' ')),
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backtab", KeyCode::BackTab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
    ("home", KeyCode::Home),
];

/// In lists that lie over the board.
pub const LIST: &[(&str, Nav)] = &[
    ("k", Nav::Up),
    ("up", Nav::Up),
    ("j", Nav::Down),
    ("down", Nav::Down),
    ("pageup", Nav::PageUp),
    ("pagedown", Nav::PageDown),
    ("g", Nav::Top),
    ("home", Nav::Top),
    ("G", Nav::Bottom),
    ("end", Nav::Bottom),
    ("enter", Nav::Accept),
    ("esc", Nav::Leave),
    ("q", Nav::Leave),
    ("ctrl-c", Nav::Quit),
];

/// Where text is typed, so that letters stay letters.
pub const TEXT: &[(&str, Nav)] = &[
    ("up", Nav::Up),
    ("down", Nav::Down),
    ("ctrl-p", Nav::Up),
    ("ctrl-n", Nav::Down),
    ("pageup", Nav::PageUp),
    ("pagedown", Nav::PageDown),
    ("enter", Nav::Accept),
    ("esc", Nav::Leave),
    ("ctrl-c", Nav::Leave),
    ("tab", Nav::Next),
    ("backtab", Nav::Previous),
    ("space", Nav::Toggle),
];

impl Key {
    #[must_use]
    pub fn of(event: KeyEvent) -> Self {
        let kept = KeyModifiers::CONTROL | KeyModifiers::ALT;
        let shifted = event.modifiers.contains(KeyModifiers::SHIFT);
        let code = match event.code {
            // Some terminals send shift-tab as a tab, and shifted letters in lower case.
            KeyCode::Tab if shifted => KeyCode::BackTab,
            KeyCode::Char(c) if shifted && c.is_lowercase() => {
                c.to_uppercase().next().map_or(event.code, KeyCode::Char)
            }
            code => code,
        };
        Self { code, modifiers: event.modifiers & kept }
    }

    /// # Errors
    /// One line that says what a key looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = text;
        loop {
            let (prefix, modifier) = match rest {
                _ if rest.starts_with("ctrl-") => ("ctrl-", KeyModifiers::CONTROL),
                _ if rest.starts_with("alt-") => ("alt-", KeyModifiers::ALT),
                _ => break,
            };
            modifiers |= modifier;
            rest = &rest[prefix.len()..];
        }
        let mut letters = rest.chars();
        let code = match (letters.next(), letters.next()) {
            (Some(c), None) => Some(KeyCode::Char(c)),
            _ => named(rest),
        };
        let code = code.ok_or_else(|| {
            let hint = did_you_mean(rest, NAMED.iter().map(|(name, _)| *name));
            format!("\"{text}\" is no key{hint}; keys are written j, G, space, enter, ctrl-r, alt-x, f1")
        })?;
        Ok(Self { code, modifiers })
    }

    /// What it counts, in `5j`.
    #[must_use]
    pub fn digit(self) -> Option<u16> {
        match self.code {
            KeyCode::Char(c) if self.modifiers.is_empty() => c.to_digit(10).map(|digit| digit as u16),
            _ => None,
        }
    }

    #[must_use]
    pub fn name(self) -> String {
        let ctrl = if self.modifiers.contains(KeyModifiers::CONTROL) { "ctrl-" } else { "" };
        let alt = if self.modifiers.contains(KeyModifiers::ALT) { "alt-" } else { "" };
        let named = NAMED.iter().find(|(_, code)| *code == self.code).map(|(name, _)| (*name).to_owned());
        let key = match (named, self.code) {
            (Some(name), _) => name,
            (None, KeyCode::End) => "end".to_owned(),
            (None, KeyCode::Char(c)) => c.to_string(),
            (None, KeyCode::F(n)) => format!("f{n}"),
            (None, code) => format!("{code:?}").to_lowercase(),
        };
        format!("{ctrl}{alt}{key}")
    }
}

fn named(text: &str) -> Option<KeyCode> {
    if text == "end" {
        return Some(KeyCode::End);
    }
    let function = text.strip_prefix('f').and_then(|n| n.parse().ok()).filter(|n| (1..=24).contains(n));
    function.map(KeyCode::F).or_else(|| NAMED.iter().find(|(name, _)| *name == text).map(|(_, code)| *code))
}

impl Keymap {
    /// The default keys, with those of `own` in place of an action's default ones, and what is wrong with `own`.
    #[must_use]
    pub fn new(own: &[(String, Vec<String>)]) -> (Self, Vec<String>) {
        let mut problems = Vec::new();
        for (id, _) in own {
            if !TABLE.iter().any(|spec| spec.id == id) {
                let hint = did_you_mean(id, TABLE.iter().map(|spec| spec.id));
                problems.push(format!("keys: \"{id}\" is no command{hint}"));
            }
        }
        let mut map = Self { bindings: Vec::new() };
        // What the user asked for comes first and keeps its key; a default that lost its key is reachable by `:`.
        let replaced = |id: &str| own.iter().find(|(own, _)| own == id).map(|(_, keys)| keys);
        for spec in TABLE {
            for key in replaced(spec.id).into_iter().flatten() {
                match Key::parse(key) {
                    Ok(key) => map.bind(key, spec.action, &mut problems),
                    Err(problem) => problems.push(format!("keys: {}: {problem}", spec.id)),
                }
            }
        }
        for spec in TABLE.iter().filter(|spec| replaced(spec.id).is_none()) {
            for key in spec.keys.iter().filter_map(|key| Key::parse(key).ok()) {
                if map.action(key).is_none() {
                    map.bindings.push((key, spec.action));
                }
            }
        }
        (map, problems)
    }

    fn bind(&mut self, key: Key, action: Action, problems: &mut Vec<String>) {
        match self.action(key) {
            Some(other) => problems.push(format!(
                "keys: {} is given to both {} and {}",
                key.name(),
                other.spec().id,
                action.spec().id
            )),
            None => self.bindings.push((key, action)),
        }
    }

    #[must_use]
    pub fn action(&self, key: Key) -> Option<Action> {
        self.bindings.iter().find(|(bound, _)| *bound == key).map(|(_, action)| *action)
    }

    /// Every key of an action, the first one first.
    pub fn keys(&self, action: Action) -> impl Iterator<Item = String> {
        self.bindings.iter().filter(move |(_, bound)| *bound == action).map(|(key, _)| key.name())
    }
}

/// What a key means in one of the small tables.
#[must_use]
pub fn nav(table: &[(&str, Nav)], key: Key) -> Option<Nav> {
    table.iter().find(|(name, _)| Key::parse(name) == Ok(key)).map(|(_, nav)| *nav)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_actions_share_a_key_and_every_default_key_can_be_read() {
        let mut seen = HashSet::new();
        for key in TABLE.iter().flat_map(|spec| spec.keys) {
            assert!(seen.insert(Key::parse(key).unwrap()), "{key} is bound twice");
        }
        for table in [LIST, TEXT] {
            let keys: HashSet<Key> = table.iter().map(|(key, _)| Key::parse(key).unwrap()).collect();
            assert_eq!(keys.len(), table.len());
        }
    }

    #[test]
    fn every_action_has_one_line_in_the_table_and_its_own_id() {
        let ids: HashSet<&str> = TABLE.iter().map(|spec| spec.id).collect();
        let actions: HashSet<Action> = TABLE.iter().map(|spec| spec.action).collect();
        assert_eq!((ids.len(), actions.len()), (TABLE.len(), TABLE.len()));
        assert_eq!(TABLE.len(), Action::Quit as usize + 1, "an action has no line in the table");
    }

    #[test]
    fn a_key_reads_back_as_it_was_written() {
        for name in ["j", "G", "ctrl-r", "space", "f12", "end", "alt-x", "backtab", "-"] {
            assert_eq!(Key::parse(name).unwrap().name(), name);
        }
        assert!(Key::parse("entr").unwrap_err().contains("did you mean \"enter\"?"));
    }

    #[test]
    fn own_keys_replace_the_default_ones_and_mistakes_are_named() {
        let own = |id: &str, key: &str| (id.to_owned(), vec![key.to_owned()]);
        let (map, problems) = Keymap::new(&[own("quit", "Q"), own("undo", "z"), own("redo", "z"), own("qit", "x")]);
        assert_eq!(map.action(Key::parse("Q").unwrap()), Some(Action::Quit));
        assert_eq!(map.action(Key::parse("q").unwrap()), None);
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].contains("did you mean \"quit\"?"));
    }
}
