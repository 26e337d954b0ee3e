//! A frame is one write.
//!
//! The terminal library flushes several times per draw and writes some bytes even when nothing changed.
//! This backend collects what a frame needs, ignores those flushes, and [`FrameBackend::commit`] brackets the
//! rest with the synchronised-output mode and hands it over in one piece. A frame without a difference is
//! no frame: zero bytes.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

use crate::tui::theme::{Depth, indexed};

const BEGIN: &str = "\x1b[?2026h";
const END: &str = "\x1b[?2026l";

/// Writes frames to `out`; asks nobody but `size` about the terminal.
pub struct FrameBackend<W: Write> {
    out: W,
    size: Box<dyn Fn() -> io::Result<Size>>,
    depth: Depth,
    frame: String,
    pen: Pen,
    /// Where the terminal's own cursor is; `None` where nobody can know.
    at: Option<Position>,
    cursor: Position,
    /// `None` before the first frame.
    shown: Option<bool>,
    /// What stands on the screen: small gaps are cheaper to write again than to jump over.
    seen: HashMap<(u16, u16), (char, Pen)>,
}

/// What the terminal writes with; every frame starts and ends with the plain one.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl<W: Write> std::fmt::Debug for FrameBackend<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FrameBackend").field("depth", &self.depth).field("frame", &self.frame).finish_non_exhaustive()
    }
}

impl<W: Write> FrameBackend<W> {
    pub fn new(out: W, depth: Depth, size: impl Fn() -> io::Result<Size> + 'static) -> Self {
        let size = Box::new(size);
        let (frame, pen, cursor) = (String::new(), Pen::default(), Position::ORIGIN);
        Self { out, size, depth, frame, pen, at: None, cursor, shown: None, seen: HashMap::new() }
    }

    /// Hands the frame over, if there is one. Answers how many bytes that took.
    ///
    /// # Errors
    /// What the terminal answered to the write.
    pub fn commit(&mut self) -> io::Result<usize> {
        if self.frame.is_empty() {
            return Ok(0);
        }
        self.set_pen(Pen::default());
        if self.shown == Some(true) {
            self.move_to(self.cursor);
        }
        let whole = format!("{BEGIN}{}{END}", self.frame);
        self.frame.clear();
        self.out.write_all(whole.as_bytes())?;
        self.out.flush()?;
        Ok(whole.len())
    }

    /// After somebody else wrote to the terminal nothing is known about it.
    pub fn forget(&mut self) {
        self.at = None;
        self.shown = None;
        self.pen = Pen::default();
        self.seen.clear();
    }

    fn put(&mut self, x: u16, y: u16, cell: &Cell, width: u16) {
        self.bridge(x, y);
        self.move_to(Position { x, y });
        let pen = self.pen_for(cell.symbol(), Pen { fg: cell.fg, bg: cell.bg, modifier: cell.modifier });
        self.set_pen(pen);
        let mut letters = cell.symbol().chars();
        match (letters.next(), letters.next()) {
            (Some(c), None) if c.is_ascii() => self.seen.insert((x, y), (c, pen)),
            _ => self.seen.remove(&(x, y)),
        };
        self.frame.push_str(cell.symbol());
        let cells = crate::tui::fit::width(cell.symbol()).max(1) as u16;
        // At the right edge terminals disagree on where the cursor is now.
        self.at = (x + cells < width).then(|| Position { x: x + cells, y });
    }

    /// A blank shows its ground alone: whatever the text is written with now will do for it.
    fn pen_for(&self, symbol: &str, pen: Pen) -> Pen {
        let visible = Modifier::REVERSED | Modifier::UNDERLINED | Modifier::CROSSED_OUT;
        if symbol == " " && !(pen.modifier | self.pen.modifier).intersects(visible) {
            return Pen { bg: pen.bg, ..self.pen };
        }
        pen
    }

    /// Writes up to three cells again that stand between the cursor and its goal, if the pen needs no change.
    fn bridge(&mut self, x: u16, y: u16) {
        let Some(at) = self.at.filter(|at| at.y == y && at.x < x && x - at.x <= 3) else { return };
        let between = (at.x..x).map(|x| {
            self.seen
                .get(&(x, y))
                .filter(|(c, pen)| self.pen_for(c.encode_utf8(&mut [0; 4]), *pen) == self.pen)
                .map(|(c, _)| *c)
        });
        if let Some(text) = between.collect::<Option<String>>() {
            self.frame.push_str(&text);
            self.at = Some(Position { x, y });
        }
    }

    fn move_to(&mut self, to: Position) {
        if self.at == Some(to) {
            return;
        }
        match self.at {
            Some(at) if at.y == to.y && at.x < to.x && to.x - at.x == 1 => self.frame.push_str("\x1b[C"),
            Some(at) if at.y == to.y && at.x < to.x => self.code(format_args!("\x1b[{}C", to.x - at.x)),
            _ => self.code(format_args!("\x1b[{};{}H", to.y + 1, to.x + 1)),
        }
        self.at = Some(to);
    }

    fn set_pen(&mut self, pen: Pen) {
        if pen == self.pen {
            return;
        }
        let mut codes = Vec::new();
        let mut from = self.pen;
        if pen == Pen::default() {
            codes.push("0".to_owned());
            from = pen;
        }
        let gone = from.modifier - pen.modifier;
        for (modifier, _, off) in MODIFIERS.iter().filter(|(modifier, ..)| gone.contains(*modifier)) {
            codes.push((*off).to_owned());
            // One code ends both bold and dim; what should stay is switched on again below.
            from.modifier -= if *off == "22" { Modifier::BOLD | Modifier::DIM } else { *modifier };
        }
        for (modifier, code, _) in MODIFIERS {
            if (pen.modifier - from.modifier).contains(modifier) {
                codes.push(code.to_owned());
            }
        }
        if pen.fg != from.fg {
            codes.push(colour(pen.fg, self.depth, 30));
        }
        if pen.bg != from.bg {
            codes.push(colour(pen.bg, self.depth, 40));
        }
        self.code(format_args!("\x1b[{}m", codes.join(";")));
        self.pen = pen;
    }

    fn code(&mut self, code: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.frame.write_fmt(code);
    }
}

const MODIFIERS: [(Modifier, &str, &str); 6] = [
    (Modifier::BOLD, "1", "22"),
    (Modifier::DIM, "2", "22"),
    (Modifier::ITALIC, "3", "23"),
    (Modifier::UNDERLINED, "4", "24"),
    (Modifier::REVERSED, "7", "27"),
    (Modifier::CROSSED_OUT, "9", "29"),
];

/// `base` is 30 for the text and 40 for the ground.
fn colour(colour: Color, depth: Depth, base: u8) -> String {
    let plain = |n: u8| (base + n).to_string();
    let bright = |n: u8| (base + 60 + n).to_string();
    match colour {
        Color::Reset => plain(9),
        Color::Black => plain(0),
        Color::Red => plain(1),
        Color::Green => plain(2),
        Color::Yellow => plain(3),
        Color::Blue => plain(4),
        Color::Magenta => plain(5),
        Color::Cyan => plain(6),
        Color::Gray => plain(7),
        Color::DarkGray => bright(0),
        Color::LightRed => bright(1),
        Color::LightGreen => bright(2),
        Color::LightYellow => bright(3),
        Color::LightBlue => bright(4),
        Color::LightMagenta => bright(5),
        Color::LightCyan => bright(6),
        Color::White => bright(7),
        Color::Indexed(i) => format!("{};5;{i}", base + 8),
        Color::Rgb(r, g, b) if depth == Depth::True => format!("{};2;{r};{g};{b}", base + 8),
        Color::Rgb(r, g, b) => format!("{};5;{}", base + 8, indexed(r, g, b)),
    }
}

impl<W: Write> Backend for FrameBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        // Whoever wants to know it opens the terminal: once for a frame, and not for each of its cells.
        let mut width = None;
        for (x, y, cell) in content {
            let width = *width.get_or_insert_with(|| (self.size)().map_or(0, |size| size.width));
            self.put(x, y, cell, width);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.shown != Some(false) {
            self.frame.push_str("\x1b[?25l");
            self.shown = Some(false);
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.shown != Some(true) {
            self.frame.push_str("\x1b[?25h");
            self.shown = Some(true);
        }
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        // Asking the terminal could wait for seconds.
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor = position.into();
        if self.shown == Some(true) {
            self.move_to(self.cursor);
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.set_pen(Pen::default());
        self.frame.push_str("\x1b[2J");
        self.seen.clear();
        Ok(())
    }

    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        // The dashboard owns the whole screen; nothing asks for a part of it.
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        (self.size)()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: (self.size)()?, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
