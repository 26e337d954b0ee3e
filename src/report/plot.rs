//! Scores over commits, drawn with plain characters: what is proven, and above it what is undecided.

use anstyle::AnsiColor;

use crate::readiness::glyph::{bar_cells, verdict_glyph};
use crate::readiness::history::{History, Measured};
use crate::report::paint::{MUTED, Paint, pad};
use crate::text::words::{day, day_of};

const ROWS: u32 = 8;
const SCALE: usize = "100 | ".len();
/// Where the width is not known, as in a file.
const WIDTH: usize = 72;
const WIDEST: usize = 120;

/// The lines of the plot, the oldest commit on the left; none where there are not two to compare.
pub(super) fn plot(history: &History, paint: Paint) -> Vec<String> {
    let room = if paint.room(0) == usize::MAX { WIDTH } else { paint.room(SCALE + 14).min(WIDEST) };
    let columns = columns(history, room);
    if columns.len() < 2 {
        return Vec::new();
    }
    // Few commits are drawn wide, so that there is a shape to see.
    let wide = (room / columns.len()).clamp(1, 4);
    let mut lines: Vec<String> = (0..ROWS).rev().map(|row| level(&columns, row, wide, paint)).collect();
    let width = columns.len() * wide;
    let label = SCALE + width + 1;
    for (number, tier) in history.tiers().iter().enumerate() {
        let cell = |measured: &Option<&Measured>| match measured.and_then(|measured| measured.verdicts.get(number)) {
            Some(verdict) => paint.verdict_cell(*verdict, verdict_glyph(*verdict, paint.ascii)),
            None => "?".to_owned(),
        };
        let cells: String = columns.iter().map(|column| cell(column) + &" ".repeat(wide - 1)).collect();
        lines.push(format!("{:SCALE$}{cells} {}", "", paint.text(&tier.id, label)));
    }
    if !history.has_one_ruler() {
        let mark = |measured: &Option<&Measured>| match measured {
            Some(measured) if measured.has_new_ruler => pad("^", wide),
            _ => " ".repeat(wide),
        };
        let marks: String = columns.iter().map(mark).collect();
        lines.push(format!("{:SCALE$}{marks} {}", "", paint.styled(MUTED, "^ another checklist")));
    }
    lines.extend(dates(history, width, paint));
    lines
}

/// One commit each; of many that share a column the newest.
fn columns(history: &History, room: usize) -> Vec<Option<&Measured>> {
    let steps: Vec<Option<&Measured>> = history.steps.iter().rev().map(|step| step.measured.as_ref().ok()).collect();
    let count = steps.len().min(room);
    // The newest commit is the last column, the oldest is in the first.
    (1..=count).map(|column| steps[column * steps.len() / count - 1]).collect()
}

fn level(columns: &[Option<&Measured>], row: u32, wide: usize, paint: Paint) -> String {
    let [proven, undecided, _] = bar_cells(paint.ascii);
    // A cell is drawn where the score reaches its middle.
    let reaches = |score: u32| score * 2 * ROWS >= (2 * row + 1) * 100;
    let mut line = match row {
        _ if row == ROWS - 1 => "100 ",
        _ if row == ROWS / 2 => " 50 ",
        0 => "  0 ",
        _ => "    ",
    }
    .to_owned();
    line += if paint.ascii { "| " } else { "│ " };
    let bar = wide.max(2) - 1;
    for measured in columns {
        let drawn = |color: AnsiColor, cell: char| paint.styled(color.on_default(), &cell.to_string().repeat(bar));
        line += &match measured.map(|measured| measured.score) {
            Some(score) if reaches(score.low) => drawn(AnsiColor::Green, proven),
            Some(score) if reaches(score.high) => drawn(AnsiColor::Cyan, undecided),
            _ => " ".repeat(bar),
        };
        line += &" ".repeat(wide - bar);
    }
    line.trim_end().to_owned()
}

fn dates(history: &History, width: usize, paint: Paint) -> Option<String> {
    let first = day(day_of(history.steps.last()?.commit.at));
    let last = day(day_of(history.steps.first()?.commit.at));
    let gap = width.saturating_sub(first.len() + last.len());
    let text = if gap == 0 { first } else { pad(&first, first.len() + gap) + &last };
    Some(format!("{:SCALE$}{}", "", paint.styled(MUTED, &text)))
}
