//! The pictures of the README: frames that the dashboard draws of the example, written as SVG.
//! `UPDATE_README=1 cargo test pictures` draws them anew.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use gonogo::engine::progress::Progress;
use gonogo::session::Session;
use gonogo::session::message::{Notice, Request};
use gonogo::tree::watch::WatchState;
use gonogo::tui::event::{Effect, Event};
use gonogo::tui::settings::Settings;
use gonogo::tui::state::State;
use gonogo::tui::{update::update, view};
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::shown::Shop;

/// Pixels of a cell.
const WIDE: u32 = 8;
const HIGH: u32 = 17;

/// The dashboard on a session that answers at once.
struct Show {
    session: Session,
    state: State,
}

impl Show {
    fn of(shop: &Shop, theme: &str, (width, height): (u16, u16)) -> Self {
        let settings = gonogo::session::Settings {
            path: shop.root().to_path_buf(),
            checklist: None,
            author: Some("Ana Ruiz <ana@example.org>".to_owned()),
            actor: gonogo::ledger::decision::Actor::Person,
            at: Some("2026-11-21T20:41:07Z".parse().unwrap()),
            only: Vec::new(),
            data: None,
            cache: None,
        };
        let session = Session::open(&settings, &Progress::default()).unwrap();
        let author = "Ana Ruiz".to_owned();
        let settings = Settings { author, theme: theme.to_owned(), has_own_checklist: true, ..Settings::default() };
        let board = Arc::clone(session.board());
        let mut show = Self { session, state: State::new(settings, TimeZone::UTC) };
        show.tell(Event::Resize(width, height));
        show.tell(Event::Notice(Notice::Watch(WatchState::Live)));
        show.tell(Event::Notice(Notice::Board { board, flips: Vec::new() }));
        show
    }

    fn press(mut self, keys: &str) -> Self {
        for key in keys.chars() {
            self.tell(Event::Key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE)));
        }
        self
    }

    fn tell(&mut self, event: Event) {
        for effect in update(&mut self.state, event) {
            if let Effect::Send(Request::Peek { path, line, around }) = effect {
                let lines = self.session.peek(&path, line, around);
                self.tell(Event::Notice(Notice::Peek { path, line, lines }));
            }
        }
    }

    fn picture(&self, (width, height): (u16, u16)) -> String {
        let mut frame = Buffer::empty(Rect::new(0, 0, width, height));
        view::draw(&self.state, &mut frame);
        svg(&frame)
    }
}

fn svg(frame: &Buffer) -> String {
    let (width, height) = (u32::from(frame.area.width) * WIDE, u32::from(frame.area.height) * HIGH);
    let (text, ground) = colours(frame, 0, 0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-size=\"13\" \
         font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace\" fill=\"{text}\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"{ground}\"/>\n"
    );
    for y in 0..frame.area.height {
        let mut x = 0;
        while x < frame.area.width {
            x = run(frame, x, y, &ground, &mut out);
        }
    }
    out + "</svg>\n"
}

/// The cells from here on that look alike, as one piece of text. Gives the column after them.
fn run(frame: &Buffer, from: u16, y: u16, ground: &str, out: &mut String) -> u16 {
    let look = |x: u16| (colours(frame, x, y), frame[(x, y)].modifier.contains(Modifier::BOLD));
    let to = (from..frame.area.width).find(|x| look(*x) != look(from)).unwrap_or(frame.area.width);
    let text: String = (from..to).map(|x| frame[(x, y)].symbol()).collect();
    let ((fill, behind), bold) = look(from);
    let (left, top) = (u32::from(from) * WIDE, u32::from(y) * HIGH);
    let width = u32::from(to - from) * WIDE;
    if behind != ground {
        out.push_str(&format!(
            "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{HIGH}\" fill=\"{behind}\"/>\n"
        ));
    }
    let shown = text.trim_end();
    if !shown.is_empty() {
        let weight = if bold { " font-weight=\"bold\"" } else { "" };
        let length = shown.chars().count() as u32 * WIDE;
        let escaped = shown.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        out.push_str(&format!(
            "<text x=\"{left}\" y=\"{}\" textLength=\"{length}\" xml:space=\"preserve\" fill=\"{fill}\"{weight}>{escaped}</text>\n",
            top + 13
        ));
    }
    to
}

/// What a cell is written in, and on what.
fn colours(frame: &Buffer, x: u16, y: u16) -> (String, String) {
    let cell = &frame[(x, y)];
    let (fill, ground) = (colour(cell.fg, "#cdd6f4"), colour(cell.bg, "#1e1e2e"));
    if cell.modifier.contains(Modifier::REVERSED) { (ground, fill) } else { (fill, ground) }
}

fn colour(colour: Color, default: &str) -> String {
    match colour {
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        _ => default.to_owned(),
    }
}

#[test]
fn pictures_are_what_the_dashboard_draws() {
    let shop = Shop::new();
    let (large, usual, narrow) = ((120, 36), (80, 24), (40, 12));
    let pictures = [
        ("board", Show::of(&shop, "catppuccin-mocha", large).picture(large)),
        ("path", Show::of(&shop, "catppuccin-latte", usual).press("p").picture(usual)),
        ("narrow", Show::of(&shop, "catppuccin-mocha", narrow).press("j").picture(narrow)),
    ];
    for (name, drawn) in pictures {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/{name}.svg"));
        if std::env::var_os("UPDATE_README").is_some() {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, drawn).unwrap();
            continue;
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        assert!(kept == drawn, "docs/{name}.svg is behind: run UPDATE_README=1 cargo test pictures");
    }
}
