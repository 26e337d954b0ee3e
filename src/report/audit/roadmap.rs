//! What is left to do as phases, with their sums. Only what is ready counts as done.

use super::actions::plan;
use super::counts::sum;
use super::page::{Page, blocks, effort, table};
use crate::checklist::plan::Phase;
use crate::readiness::status::Status;
use crate::report::escape::plain;
use crate::text::words::{count, plural};

/// What one person does in a week of the calendar.
const MINUTES_A_WEEK: u64 = 5 * 8 * 60;

pub(super) fn body(page: &Page<'_>) -> String {
    let plan = plan(page);
    if plan.is_empty() {
        return String::new();
    }
    let phases = &page.board.phases;
    let mut head = vec!["phase", ">ready", ">to do", ">effort", ">without an estimate", "first"];
    let has_boxes = phases.iter().any(|phase| phase.box_days.is_some());
    if has_boxes {
        head.insert(1, "time box");
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut tight = Vec::new();
    for (index, phase) in phases.iter().enumerate() {
        let of: Vec<usize> = plan.iter().copied().filter(|&row| page.row(row).item.phase == index).collect();
        let title = format!("{}: {}", letter(index), plain(&phase.title));
        let mut cells = line(page, title, &of, Some(index));
        if has_boxes {
            cells.insert(1, phase.box_days.map_or_else(String::new, |days| plural(days as usize, "day", "days")));
        }
        tight.extend(too_tight(page, phase, &of));
        rows.push(cells);
    }
    let mut all = line(page, "**all**".to_owned(), &plan, None);
    if has_boxes {
        all.insert(1, String::new());
    }
    rows.push(all);
    blocks(vec![table(&head, &rows), tight.join(" ")])
}

fn line(page: &Page<'_>, title: String, plan: &[usize], phase: Option<usize>) -> Vec<String> {
    let within = |status: fn(Status) -> bool| {
        page.rows(|row| status(row.status) && phase.is_none_or(|phase| row.item.phase == phase)).len() as u64
    };
    let applicable = within(|status| status != Status::NotApplicable);
    let unknown = plan.iter().filter(|&&row| page.row(row).item.effort_minutes == 0).count();
    let minutes = sum(page, plan);
    vec![
        title,
        format!("{} of {}", count(within(Status::is_ready)), count(applicable)),
        count(plan.len() as u64),
        if minutes == 0 { String::new() } else { effort(minutes) },
        count(unknown as u64),
        if phase.is_some() { page.links(&plan[..plan.len().min(3)], 3) } else { String::new() },
    ]
}

/// A time box that holds less than what is estimated.
fn too_tight(page: &Page<'_>, phase: &Phase, plan: &[usize]) -> Option<String> {
    let minutes = sum(page, plan);
    let days = u64::from(phase.box_days?);
    (u64::from(minutes) * 7 > days * MINUTES_A_WEEK).then(|| {
        format!("{} holds {}, more than one person does in its time box.", plain(&phase.title), effort(minutes))
    })
}

/// A, B, C: how a phase is called in a column.
pub(super) fn letter(phase: usize) -> String {
    u8::try_from(phase)
        .ok()
        .filter(|index| *index < 26)
        .map_or_else(|| (phase + 1).to_string(), |index| char::from(b'A' + index).to_string())
}
