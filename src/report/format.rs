//! The table of formats: one line registers one.

use std::io::{self, Write};

use crate::report::dossier::Dossier;
use crate::report::{audit, human, json, markdown, plan};
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
pub type Print = fn(&Dossier<'_>, &Options, &mut dyn Write) -> io::Result<()>;

#[derive(Clone, Copy, Debug)]
pub struct Format {
    pub name: &'static str,
    pub about: &'static str,
    /// What a file with such a report is called where nobody names it.
    pub file: &'static str,
    /// Whether it shows more than the board: places in their files, what was selected, what was different earlier.
    pub is_full: bool,
    pub print: Print,
}

pub const ALL: &[Format] = &[
    Format {
        name: "human",
        about: "for a terminal",
        file: "readiness.txt",
        is_full: false,
        print: |dossier, options, out| human::print(dossier.board, options, out),
    },
    Format {
        name: "json",
        about: "everything, for programs",
        file: "readiness.json",
        is_full: false,
        print: |dossier, options, out| json::print(dossier.board, options, out),
    },
    Format {
        name: "markdown",
        about: "a snapshot to keep with the code",
        file: "READINESS.md",
        is_full: false,
        print: |dossier, options, out| markdown::print(dossier.board, options, out),
    },
    Format { name: "report", about: "the full audit", file: "AUDIT.md", is_full: true, print: audit::print },
    Format {
        name: "plan",
        about: "the audit to come: every item, unanswered",
        file: "AUDIT-PLAN.md",
        is_full: true,
        print: plan::print,
    },
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
