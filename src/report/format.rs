//! The table of formats: one line registers one.

use std::io::{self, Write};

use crate::readiness::board::Board;
use crate::report::{human, json, markdown};
use crate::text::suggest::did_you_mean;

/// How a report is to look; each format reads what concerns it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The tier that is aimed at, as an index into [`Board::tiers`].
    pub tier: usize,
    pub color: bool,
    pub ascii: bool,
    /// Cells of a line; zero where nothing is cut (a pipe, a file).
    pub width: usize,
}

/// Writes a whole report. Errors are those of the writer.
pub type Print = fn(&Board, &Options, &mut dyn Write) -> io::Result<()>;

#[derive(Clone, Copy, Debug)]
pub struct Format {
    pub name: &'static str,
    pub about: &'static str,
    /// Of a file that holds such a report, without the dot.
    pub extension: &'static str,
    pub print: Print,
}

pub const ALL: &[Format] = &[
    Format { name: "human", about: "for a terminal", extension: "txt", print: human::print },
    Format { name: "json", about: "everything, for programs", extension: "json", print: json::print },
    Format { name: "markdown", about: "a snapshot to keep with the code", extension: "md", print: markdown::print },
];

/// # Errors
/// One line that names the formats there are.
pub fn named(name: &str) -> Result<&'static Format, String> {
    let names = || ALL.iter().map(|format| format.name);
    ALL.iter().find(|format| format.name == name).ok_or_else(|| {
        let known: Vec<&str> = names().collect();
        format!("no format \"{name}\"{} ({})", did_you_mean(name, names()), known.join(", "))
    })
}
