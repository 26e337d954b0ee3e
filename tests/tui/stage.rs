//! Keys in, frames out: the dashboard without a terminal and without a session.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use gonogo::readiness::board::Board;
use gonogo::session::message::{Flip, Notice, Request};
use gonogo::tui::event::{Effect, Event};
use gonogo::tui::settings::Settings;
use gonogo::tui::state::State;
use gonogo::tui::update::update;
use gonogo::tui::view;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::board;

pub struct Stage {
    pub state: State,
    /// Everything asked for since the start, without the lines of sources.
    pub effects: Vec<Effect>,
}

pub fn settings() -> Settings {
    Settings {
        author: "Ana Ruiz".to_owned(),
        theme: "gruvbox-dark".to_owned(),
        has_own_checklist: true,
        ..Settings::default()
    }
}

impl Stage {
    pub fn empty() -> Self {
        Self::of(settings())
    }

    pub fn of(settings: Settings) -> Self {
        Self { state: State::new(settings, TimeZone::UTC), effects: Vec::new() }.size(120, 36)
    }

    pub fn new() -> Self {
        Self::empty().board(board::board(), Vec::new())
    }

    pub fn event(mut self, event: Event) -> Self {
        let effects = update(&mut self.state, event);
        self.effects.extend(effects.into_iter().filter(|e| !matches!(e, Effect::Send(Request::Peek { .. }))));
        self
    }

    pub fn size(self, width: u16, height: u16) -> Self {
        self.event(Event::Resize(width, height))
    }

    pub fn board(self, board: Board, flips: Vec<Flip>) -> Self {
        self.event(Event::Notice(Notice::Board { board: Arc::new(board), flips }))
    }

    /// `"j <space> text:why <enter>"`: words are keys, `text:` is typed with `_` for a blank.
    pub fn keys(mut self, keys: &str) -> Self {
        for word in keys.split_whitespace() {
            for event in events(word) {
                self = self.event(Event::Key(event));
            }
        }
        self
    }

    pub fn selected(&self) -> &str {
        self.state.selected.as_deref().unwrap_or_default()
    }

    pub fn buffer(&self) -> Buffer {
        let whole = self.state.layout.whole;
        self.buffer_of(whole.width, whole.height)
    }

    pub fn buffer_of(&self, width: u16, height: u16) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        view::draw(&self.state, &mut buffer);
        buffer
    }

    /// What a person sees, without colours.
    pub fn frame(&self) -> String {
        let buffer = self.buffer();
        let mut lines = Vec::new();
        for y in 0..buffer.area.height {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..buffer.area.width {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = buffer[(x, y)].symbol();
                skip = gonogo::tui::fit::width(symbol).saturating_sub(1);
                line.push_str(symbol);
            }
            lines.push(line.trim_end().to_owned());
        }
        lines.join("\n")
    }

    pub fn requests(&self) -> Vec<Request> {
        let sent = self.effects.iter().filter_map(|effect| match effect {
            Effect::Send(request) => Some(request.clone()),
            _ => None,
        });
        sent.collect()
    }
}

fn events(word: &str) -> Vec<KeyEvent> {
    let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
    if let Some(text) = word.strip_prefix("text:") {
        return text.chars().map(|c| plain(KeyCode::Char(if c == '_' { ' ' } else { c }))).collect();
    }
    let code = match word {
        "<space>" => KeyCode::Char(' '),
        "<enter>" => KeyCode::Enter,
        "<esc>" => KeyCode::Esc,
        "<tab>" => KeyCode::Tab,
        "<up>" => KeyCode::Up,
        "<down>" => KeyCode::Down,
        "<right>" => KeyCode::Right,
        "<backspace>" => KeyCode::Backspace,
        "<c-r>" => return vec![KeyEvent::new(KeyCode::Char('r'), KeyModifiers::CONTROL)],
        "<c-z>" => return vec![KeyEvent::new(KeyCode::Char('z'), KeyModifiers::CONTROL)],
        one => KeyCode::Char(one.chars().next().unwrap()),
    };
    vec![plain(code)]
}
