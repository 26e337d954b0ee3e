//! What is different since an earlier state: fixed with before and after, broken, new, gone.

use super::areas::delta;
use super::page::{Page, blocks};
use crate::readiness::board::Row;
use crate::readiness::difference::{Direction, direction};
use crate::readiness::status::Status;
use crate::report::earlier::{Earlier, EarlierItem};
use crate::report::escape::{code, plain};
use crate::report::said::NOTE;
use crate::text::words::{count, day, day_of, one_line, plural};

pub(super) fn body(page: &Page<'_>) -> String {
    let Some(earlier) = page.dossier.earlier.as_ref() else { return String::new() };
    let flips = flips(page, earlier);
    let of = |is_wanted: fn(Direction, Status) -> bool| -> Vec<String> {
        let wanted = flips.iter().filter(|(row, was)| {
            let is = page.row(*row).status;
            is_wanted(direction(was.status, is), is)
        });
        wanted.map(|(row, was)| flip(page, *row, was)).collect()
    };
    let fixed = of(|way, is| way == Direction::Better && is.is_ready());
    let worse = of(|way, _| way == Direction::Worse);
    let other = of(|way, is| way != Direction::Worse && !(way == Direction::Better && is.is_ready()));
    let parts = [
        listed("Fixed or confirmed", &fixed),
        listed("Worse", &worse),
        listed("Otherwise different", &other),
        listed("New items", &appeared(page, earlier)),
        listed("Items that are no longer asked", &gone(page, earlier)),
        listed("Noted, not done", &noted(page, earlier)),
    ];
    let nothing = parts.iter().all(String::is_empty);
    let mut all = vec![lead(page, earlier)];
    all.extend(parts);
    if nothing {
        all.push("No item has another status.".to_owned());
    }
    blocks(all)
}

/// The earlier state, where its score was measured with the same ruler.
pub(super) fn comparable<'a>(page: &Page<'a>) -> Option<&'a Earlier> {
    page.dossier.earlier.as_ref().filter(|earlier| earlier.ruler == page.board.ruler)
}

fn lead(page: &Page<'_>, earlier: &Earlier) -> String {
    let commit = earlier.commit.as_ref().map(|commit| format!(", commit {}", code(commit))).unwrap_or_default();
    let since = format!("Since {} ({}{commit})", code(&earlier.name), day(day_of(earlier.at)));
    if comparable(page).is_none() {
        return format!(
            "{since}: measured with another ruler, so no score is compared, and a change may come from the checklist."
        );
    }
    let (before, now) = (page.score(earlier.score), page.score(page.board.score));
    match delta(earlier.score, page.board.score).as_str() {
        "same" => format!("{since}: the score is {now}, as it was."),
        delta => format!("{since}: the score was {before} and is {now} ({delta})."),
    }
}

fn flips<'e>(page: &Page<'_>, earlier: &'e Earlier) -> Vec<(usize, &'e EarlierItem)> {
    let rows = page.rows(|row| earlier.items.get(&row.item.id).is_some_and(|was| was.status != row.status));
    rows.into_iter().filter_map(|row| Some((row, earlier.items.get(&page.row(row).item.id)?))).collect()
}

fn flip(page: &Page<'_>, row: usize, was: &EarlierItem) -> String {
    let Row { item, status, reason, .. } = page.row(row);
    let told = |status: Status, reason: &str| match one_line(reason) {
        reason if reason.is_empty() => status.word().to_owned(),
        reason => format!("{} ({})", status.word(), page.clip(&reason, NOTE)),
    };
    // What has a card tells its reason there.
    let is = if status.is_ready() { told(*status, reason) } else { status.word().to_owned() };
    format!(
        "- {} {} {}: was {}, is {is}",
        item.priority,
        plain(&item.title),
        page.link(row),
        told(was.status, &was.reason)
    )
}

fn appeared(page: &Page<'_>, earlier: &Earlier) -> Vec<String> {
    let rows = page.rows(|row| !earlier.items.contains_key(&row.item.id));
    rows.into_iter().map(|row| format!("- {}: {}", page.link(row), page.row(row).status.word())).collect()
}

fn gone(page: &Page<'_>, earlier: &Earlier) -> Vec<String> {
    let is_asked = |id: &String| page.board.rows.iter().any(|row| row.item.id == *id);
    let gone = earlier.items.iter().filter(|(id, _)| !is_asked(id));
    gone.map(|(id, was)| format!("- {} {}: was {}", plain(&was.title), code(id), was.status.word())).collect()
}

/// What people wrote down since then about what is still open.
fn noted(page: &Page<'_>, earlier: &Earlier) -> Vec<String> {
    let new = |row: &Row| row.standing.notes.iter().filter(|note| note.at > earlier.at).count();
    let rows = page.rows(|row| super::page::has_card(row.status) && new(row) > 0);
    rows.into_iter()
        .map(|row| format!("- {}: {}", page.link(row), plural(new(page.row(row)), "note", "notes")))
        .collect()
}

fn listed(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    format!("**{title}** ({}):\n\n{}", count(lines.len() as u64), lines.join("\n"))
}
