//! What a person reads in a terminal: the verdict, why, and what to do next.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::probe::outcome::Evidence;
use crate::readiness::board::{Board, Row, TierVerdict, Verdict};
use crate::readiness::status::Status;
use crate::report::format::Options;
use crate::report::paint::{BOLD, MUTED, Paint, Part, fit, pad};
use crate::report::places::{adds, are_telling, places, reason};
use crate::report::said::{after, said, told};
use crate::text::visible::visible;
use crate::text::words::{count, day_of, duration, plural};

const PLACES: usize = 3;
/// What stands in these places is aligned, unless a path is longer than this.
const PLACE: usize = 36;
const BAR: usize = 12;
/// Where the words of an item begin.
const INDENT: usize = 8;
const VERDICT: usize = "CONDITIONAL".len();
/// Names of tiers and titles of categories are cut to these, so that what follows stands below each other.
const TIER: usize = 16;
const LABEL: usize = 28;
/// The cells that a line needs for bar, score and counts, beside the title of a category.
const AFTER_LABEL: usize = 2 + 2 + BAR + 2 + 6 + 2 + 14;

/// # Errors
/// Those of the writer.
pub fn print(board: &Board, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let page = Page { board, paint: Paint::new(options) };
    page.verdicts(out)?;
    page.scores(out)?;
    if let Some(verdict) = board.verdicts.get(options.tier) {
        page.blocking(verdict, out)?;
        page.path(verdict, out)?;
        page.next_tier(verdict, out)?;
    }
    page.problems(out)?;
    page.looked_at(out)
}

struct Page<'a> {
    board: &'a Board,
    paint: Paint,
}

impl Page<'_> {
    fn verdicts(&self, out: &mut dyn Write) -> io::Result<()> {
        let Board { title, tree, .. } = self.board;
        let title = if title.is_empty() { tree.root.clone() } else { format!("{}: {title}", tree.root) };
        let title = self.paint.text(&title, 0);
        writeln!(out, "{}\n", self.paint.styled(BOLD, &title))?;
        let label = self.board.tiers.iter().map(|tier| self.tier_name(&tier.id).width()).max().unwrap_or(0);
        for verdict in &self.board.verdicts {
            let Some(tier) = self.board.tiers.get(verdict.tier) else { continue };
            let because = self.because(verdict);
            let word = self.paint.verdict(verdict.verdict, if because.is_empty() { 0 } else { VERDICT });
            let lead = format!("  {}  {word}  ", pad(&self.tier_name(&tier.id), label));
            self.paint.flow(&lead, label + VERDICT + 6, &because, "  ", out)?;
        }
        Ok(())
    }

    fn tier_name(&self, id: &str) -> String {
        fit(&visible(id), TIER, self.paint.ellipsis()).into_owned()
    }

    /// `✗ 2 failing`, `○ 1 to answer`: the statuses that stop a tier, the worst first.
    fn because(&self, verdict: &TierVerdict) -> Vec<Part> {
        let blocking: Vec<&Row> = [&verdict.failing, &verdict.undecided, &verdict.waived]
            .into_iter()
            .flatten()
            .filter_map(|&row| self.board.rows.get(row))
            .collect();
        let part = |status| match blocking.iter().filter(|row| row.status == status).count() {
            0 => None,
            number => {
                let words = format!(" {} {}", count(number as u64), what_it_does(status));
                Some(Part { width: 1 + words.width(), text: self.paint.glyph(status) + &words })
            }
        };
        Status::ALL.into_iter().filter_map(part).collect()
    }

    fn scores(&self, out: &mut dyn Write) -> io::Result<()> {
        let lines = self.board.categories.iter().filter(|category| !category.rows.is_empty());
        let lines: Vec<_> =
            lines.map(|row| (self.label(&row.category.title), row.score, row.rows.as_slice())).collect();
        let label = lines.iter().map(|(label, ..)| label.width()).max().unwrap_or(0).max(3);
        let all: Vec<usize> = (0..self.board.rows.len()).collect();
        writeln!(out)?;
        for (name, score, rows) in std::iter::once(("All".to_owned(), self.board.score, all.as_slice())).chain(lines) {
            if score.applicable == 0 {
                writeln!(out, "  {}  {}", pad(&name, label), self.paint.styled(MUTED, "nothing here applies"))?;
                continue;
            }
            let ready = rows.iter().filter(|&&row| self.board.rows[row].status.is_ready()).count();
            let ready = self.paint.styled(MUTED, &format!("{ready} of {} ready", score.applicable));
            let bar = self.paint.bar(score, BAR);
            writeln!(out, "  {}  {bar}  {}  {ready}", pad(&name, label), pad(&self.paint.score(score), 6))?;
        }
        Ok(())
    }

    fn label(&self, title: &str) -> String {
        fit(&visible(title), LABEL.min(self.paint.room(AFTER_LABEL)), self.paint.ellipsis()).into_owned()
    }

    fn blocking(&self, verdict: &TierVerdict, out: &mut dyn Write) -> io::Result<()> {
        let groups = [("Failing", &verdict.failing), ("To decide", &verdict.undecided), ("Waived", &verdict.waived)];
        for (heading, rows) in groups.into_iter().filter(|(_, rows)| !rows.is_empty()) {
            writeln!(out, "\n{}", self.paint.styled(BOLD, heading))?;
            let mut rows: Vec<&Row> = rows.iter().filter_map(|&row| self.board.rows.get(row)).collect();
            rows.sort_by_key(|row| row.item.priority);
            rows.into_iter().try_for_each(|row| self.item(row, out))?;
        }
        Ok(())
    }

    fn item(&self, row: &Row, out: &mut dyn Write) -> io::Result<()> {
        let item = &row.item;
        let effort = duration(item.effort_minutes);
        let title = self.paint.text(&item.title, INDENT + 2 + effort.len());
        let gap = match self.paint.room(0) {
            usize::MAX => 2,
            width => width.saturating_sub(INDENT + title.width() + effort.len()).max(2),
        };
        let effort = if effort.is_empty() { effort } else { " ".repeat(gap) + &self.paint.styled(MUTED, &effort) };
        writeln!(
            out,
            "  {} {}  {}{effort}",
            self.paint.glyph(row.status),
            item.priority,
            self.paint.styled(BOLD, &title)
        )?;
        self.detail(row, out)
    }

    fn detail(&self, row: &Row, out: &mut dyn Write) -> io::Result<()> {
        let id = self.paint.text(&row.item.id, INDENT);
        writeln!(out, "{:INDENT$}{}", "", self.paint.styled(MUTED, &id))?;
        if let Some(reason) = reason(row) {
            writeln!(out, "{:INDENT$}{}", "", self.paint.text(reason, INDENT))?;
        }
        if are_telling(row) {
            let (shown, more) = places(row, PLACES);
            let widest = shown.iter().map(|evidence| visible(&evidence.place()).width()).max().unwrap_or(0).min(PLACE);
            for evidence in shown.iter().filter(|evidence| adds(evidence, row)) {
                self.place(evidence, widest, out)?;
            }
            if more > 0 {
                writeln!(out, "{:INDENT$}and {} more", "", count(more as u64))?;
            }
        }
        for line in told(row, day_of(self.board.at)) {
            writeln!(out, "{:INDENT$}{}", "", self.paint.text(&line, INDENT))?;
        }
        for line in said(&row.standing, day_of(self.board.at)) {
            writeln!(out, "{:INDENT$}{}", "", self.paint.text(&line, INDENT))?;
        }
        if row.item.fix.trim().is_empty() || matches!(row.status, Status::Waived | Status::Stale) {
            return Ok(());
        }
        let words = row.item.fix.split_whitespace().map(|word| Part::plain(self.paint.text(word, INDENT + 5)));
        let lead = format!("{:INDENT$}{}", "", self.paint.styled(MUTED, "fix  "));
        self.paint.flow(&lead, INDENT + 5, &words.collect::<Vec<_>>(), " ", out)
    }

    fn place(&self, evidence: &Evidence, width: usize, out: &mut dyn Write) -> io::Result<()> {
        let place = evidence.place();
        let told = if evidence.excerpt.trim().is_empty() { &evidence.message } else { &evidence.excerpt };
        let text = match (place.is_empty(), told.trim().is_empty()) {
            (true, true) => return Ok(()),
            (true, false) => told.trim().to_owned(),
            (false, true) => place,
            (false, false) => format!("{}  {}", pad(&visible(&place), width), told.trim()),
        };
        writeln!(out, "{:INDENT$}{}", "", self.paint.text(&text, INDENT))
    }

    fn path(&self, verdict: &TierVerdict, out: &mut dyn Write) -> io::Result<()> {
        let Some(tier) = self.board.tiers.get(verdict.tier) else { return Ok(()) };
        if verdict.path.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        let heading = format!("Path to GO for {}", self.tier_name(&tier.id));
        writeln!(out, "{}", self.paint.styled(BOLD, &heading))?;
        let parts: Vec<Part> = effort_in_all(verdict).into_iter().map(Part::plain).collect();
        self.paint.flow("  ", 2, &parts, ", ", out)?;
        // Where a person's step opens the way for others it stands among them.
        let people_from = verdict.path.iter().rposition(|step| !step.needs_person).map_or(1, |last| last + 2);
        for (number, step) in (1..).zip(&verdict.path) {
            let Some(row) = self.board.rows.get(step.row) else { continue };
            if number == people_from {
                writeln!(out, "  {}", self.paint.styled(MUTED, "a person has to speak:"))?;
            }
            let effort = duration(step.effort_minutes);
            let effort = if effort.is_empty() { "?" } else { &effort };
            let person = if step.needs_person && number < people_from { ", by a person" } else { "" };
            let id = self.paint.text(&format!("{}{person}{}", row.item.id, after(row)), 16);
            writeln!(out, "  {number:>2}. {} {effort:>7}  {id}", self.paint.glyph(row.status))?;
        }
        Ok(())
    }

    /// Behind a GO: what is next, and how to see it.
    fn next_tier(&self, verdict: &TierVerdict, out: &mut dyn Write) -> io::Result<()> {
        let reached = verdict.verdict <= Verdict::Conditional;
        let next =
            self.board.verdicts.iter().find(|next| next.tier > verdict.tier && next.verdict > Verdict::Conditional);
        let Some(tier) = next.filter(|_| reached).and_then(|next| self.board.tiers.get(next.tier)) else {
            return Ok(());
        };
        let hint = format!("Next is {}: see --tier {}", self.tier_name(&tier.id), visible(&tier.id));
        writeln!(out, "\n{}", self.paint.text(&hint, 0))
    }

    fn problems(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.board.problems.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{}", self.paint.styled(BOLD, "Problems"))?;
        for problem in &self.board.problems {
            writeln!(out, "  {}", self.paint.text(&problem.to_string(), 2))?;
        }
        Ok(())
    }

    fn looked_at(&self, out: &mut dyn Write) -> io::Result<()> {
        let tree = &self.board.tree;
        let mut parts = vec![format!("{} at {}", tree.root, commit(self.board)), plural(tree.files, "file", "files")];
        let away = self.board.score.not_applicable;
        if away > 0 {
            parts.push(format!("{} not applicable", plural(away as usize, "item", "items")));
        }
        if !self.board.disabled.is_empty() {
            parts.push(format!("{} disabled", plural(self.board.disabled.len(), "item", "items")));
        }
        let ruler: String = self.board.ruler.chars().take(12).collect();
        parts.push(format!("ruler {ruler}"));
        parts.push(self.board.at.strftime("%-d %b %Y %H:%M UTC").to_string());
        parts.push(format!("gonogo {}", env!("CARGO_PKG_VERSION")));
        let muted = |part: String| {
            let part = self.paint.text(&part, 0);
            Part { width: part.width(), text: self.paint.styled(MUTED, &part) }
        };
        let parts: Vec<Part> = parts.into_iter().map(muted).collect();
        writeln!(out)?;
        self.paint.flow("", 0, &parts, if self.paint.ascii { ", " } else { " · " }, out)
    }
}

/// `main 3f9c2e1, 4 files changed`.
fn commit(board: &Board) -> String {
    let tree = &board.tree;
    if !tree.git {
        return "no commit (not a git repository)".to_owned();
    }
    let branch = tree.branch.as_ref().map(|branch| format!("{branch} ")).unwrap_or_default();
    let commit = tree.commit.as_ref().map_or("no commit".to_owned(), |commit| commit.chars().take(12).collect());
    let changed = match tree.changed {
        0 => "clean".to_owned(),
        changed => format!("{} changed", plural(changed, "file", "files")),
    };
    format!("{branch}{commit}, {changed}")
}

/// `about 1h 35m, 2 steps without an estimate, 1 step for a person`.
fn effort_in_all(verdict: &TierVerdict) -> Vec<String> {
    let unknown = verdict.path.iter().filter(|step| step.effort_minutes == 0).count();
    let people = verdict.path.iter().filter(|step| step.needs_person).count();
    let mut parts = vec![plural(verdict.path.len(), "step", "steps")];
    if verdict.effort_minutes > 0 {
        parts.push(format!("about {}", duration(verdict.effort_minutes)));
    }
    if unknown > 0 {
        parts.push(format!("{} without an estimate", count(unknown as u64)));
    }
    if people > 0 {
        parts.push(format!("{} for a person", count(people as u64)));
    }
    parts
}

fn what_it_does(status: Status) -> &'static str {
    match status {
        Status::Failed => "failing",
        Status::Open => "to answer",
        Status::Likely => "to confirm",
        status => status.word(),
    }
}
