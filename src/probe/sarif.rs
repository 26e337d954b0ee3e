//! `sarif`: a scanner ran, succeeded, is fresh, and found no more than is allowed.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::checklist::model::{SarifProbe, Severity};
use crate::document::sarif::{self, Finding, Level, Place};
use crate::probe::fact::{Facts, HitKey, Trouble, key_of};
use crate::probe::finding::{Gathered, files};
use crate::probe::outcome::{Answer, Evidence, Outcome};
use crate::text::redact::redact;
use crate::text::visible::clip;
use crate::text::words::plural;
use crate::tree::entry::Entry;
use crate::tree::path::RelPath;
use crate::tree::source::GitFacts;

/// How much of a message a line can hold.
const LONGEST: usize = 300;
/// Reports write whole seconds.
const TICK: SignedDuration = SignedDuration::from_secs(1);

/// What one report says, as far as this probe asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    runs: Vec<Run>,
    /// The tools of the runs that were not asked for.
    others: BTreeSet<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Run {
    tool: String,
    failure: Option<String>,
    ended: Option<Timestamp>,
    revisions: Vec<String>,
    /// By severity.
    found: [u32; 3],
    /// At most [`Facts::KEPT`] of each severity that is limited.
    kept: Vec<Kept>,
    /// Every file that it names.
    names: BTreeSet<Place>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    severity: usize,
    place: Place,
    /// Line, column, and where it ends.
    span: [u32; 4],
    excerpt: String,
    message: String,
    key: HitKey,
}

/// What a report is held against.
pub struct Around<'a> {
    pub root: Option<&'a Path>,
    pub git: Option<&'a dyn GitFacts>,
    pub at: Timestamp,
    pub entry: &'a dyn Fn(&RelPath) -> Option<&'a Entry>,
}

impl std::fmt::Debug for Around<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Around").field("root", &self.root).field("at", &self.at).finish_non_exhaustive()
    }
}

/// A probe of reports ready to run.
#[derive(Debug)]
pub struct Sarif {
    /// By severity; `None` is as many as there are.
    at_most: [Option<u32>; 3],
    tool: Option<String>,
    max_age_days: Option<u32>,
}

impl Sarif {
    #[must_use]
    pub fn new(probe: &SarifProbe) -> Self {
        Self { at_most: probe.at_most, tool: probe.tool.clone(), max_age_days: probe.max_age_days }
    }

    #[must_use]
    pub fn map(&self, bytes: &[u8]) -> Facts {
        let runs = match sarif::parse(bytes) {
            Ok(runs) => runs,
            Err((line, column, message)) => {
                return Facts { trouble: Some(Trouble { line, column, message }), ..Facts::default() };
            }
        };
        let mut scan = Scan::default();
        for run in runs {
            if self.tool.as_ref().is_none_or(|tool| tool.to_lowercase() == run.tool.to_lowercase()) {
                scan.runs.push(self.take(run));
            } else {
                scan.others.insert(run.tool);
            }
        }
        Facts { scan: Some(Box::new(scan)), ..Facts::default() }
    }

    fn take(&self, run: sarif::Run) -> Run {
        let mut taken = Run {
            tool: run.tool,
            failure: run.failure.map(|why| clip(&redact(&why, 0..0), LONGEST).into_owned()),
            ended: run.ended.and_then(|ended| ended.parse().ok()),
            revisions: run.revisions,
            names: run.artifacts.into_iter().collect(),
            ..Run::default()
        };
        let mut kept = [0; 3];
        for finding in run.results {
            let Some(severity) = severity(finding.level) else { continue };
            taken.found[severity] = taken.found[severity].saturating_add(1);
            taken.names.insert(finding.place.clone());
            if self.at_most[severity].is_some() && kept[severity] < Facts::KEPT {
                kept[severity] += 1;
                taken.kept.push(keep(severity, finding));
            }
        }
        taken
    }

    #[must_use]
    pub fn reduce(&self, gathered: &Gathered<'_>, around: &Around<'_>) -> Outcome {
        if let Some(outcome) = gathered.nothing_selected(Answer::Fail) {
            return outcome;
        }
        let scans = gathered.noted.iter().filter_map(|(path, facts)| Some((path, facts.scan?)));
        let scans: Vec<(RelPath, Box<Scan>)> = scans.collect();
        let runs: Vec<(&RelPath, &Run)> =
            scans.iter().flat_map(|(path, scan)| scan.runs.iter().map(move |run| (path, run))).collect();
        let (mut sound, mut doubts) = (Vec::new(), Vec::new());
        for (path, run) in &runs {
            match self.outdated(path, run, around) {
                Some(why) => doubts.push(Evidence::of_file(path, format!("{}{why}", named(&run.tool)))),
                None => {
                    sound.push(*run);
                    let failure = run.failure.as_ref();
                    doubts.extend(failure.map(|why| Evidence::of_file(path, format!("{}{why}", named(&run.tool)))));
                }
            }
        }
        if let Some(outcome) = self.excess(&sound, around) {
            return outcome;
        }
        if let Some(outcome) = gathered.trouble() {
            return outcome;
        }
        if let Some(first) = doubts.first() {
            return Outcome::new(Answer::Unknown, first.said(), doubts);
        }
        if runs.is_empty() {
            let others: BTreeSet<&str> =
                scans.iter().flat_map(|(_, scan)| scan.others.iter().map(String::as_str)).collect();
            return self.never_ran(gathered, &others);
        }
        let proof = runs.iter().map(|(path, run)| Evidence::of_file(path, self.said(run))).collect();
        let found = sound.iter().fold([0; 3], |sum, run| add(sum, run.found));
        Outcome::new(Answer::Pass, format!("{} in {}", self.counted(found), files(gathered.selected)), proof)
    }

    /// The answer where there are reports, but of no run that was asked for: as if there were no report.
    fn never_ran(&self, gathered: &Gathered<'_>, others: &BTreeSet<&str>) -> Outcome {
        let tool = self.tool.as_ref().map(|tool| format!(" of {tool}")).unwrap_or_default();
        let mut lack = format!("no run{tool} in {}", files(gathered.selected));
        if !others.is_empty() {
            let others: Vec<&str> = others.iter().copied().take(5).collect();
            lack.push_str(&format!(", only of {}", others.join(", ")));
        }
        gathered.without(lack, Answer::Fail)
    }

    fn excess(&self, runs: &[&Run], around: &Around<'_>) -> Option<Outcome> {
        let found = runs.iter().fold([0; 3], |sum, run| add(sum, run.found));
        let over: Vec<usize> = (0..3).filter(|at| self.at_most[*at].is_some_and(|most| found[*at] > most)).collect();
        if over.is_empty() {
            return None;
        }
        let mut evidence: Vec<Evidence> = Vec::new();
        for severity in &over {
            let kept = runs.iter().flat_map(|run| &run.kept).filter(|kept| kept.severity == *severity);
            let room = Outcome::KEPT.saturating_sub(evidence.len());
            evidence.extend(kept.take(room).map(|kept| shown(kept, around)));
        }
        let sum: u64 = over.iter().map(|severity| u64::from(found[*severity])).sum();
        let counts: Vec<String> = over
            .iter()
            .map(|severity| {
                let most = self.at_most[*severity].unwrap_or_default();
                let allowed = if most > 0 { format!(", {most} allowed") } else { String::new() };
                format!("{}{allowed}", many(*severity, found[*severity]))
            })
            .collect();
        Some(Outcome::with(Answer::Fail, counts.join("; "), evidence, usize::try_from(sum).unwrap_or(usize::MAX)))
    }

    /// Why a report says nothing of the tree as it is now.
    fn outdated(&self, path: &RelPath, run: &Run, around: &Around<'_>) -> Option<String> {
        let written = (around.entry)(path).map(|entry| entry.stamp.modified_ns).filter(|ns| *ns != 0);
        let written = written.and_then(|ns| Timestamp::from_nanosecond(i128::from(ns)).ok());
        let made = run.ended.or(written);
        let head = around.git.and_then(|git| git.head().ok().flatten());
        let is_head = |revision: &String| head.as_ref().is_some_and(|head| same_commit(head, revision));
        let at_head = run.revisions.iter().any(is_head);
        if let (Some(head), Some(revision), false) = (&head, run.revisions.first(), at_head) {
            let (revision, head) = (clip(revision, 12), clip(head, 12));
            return Some(format!("it is of commit {revision}, and this is {head}: run it again"));
        }
        if let Some(days) = self.max_age_days {
            let Some(made) = made else {
                return Some("nobody says when it was made (endTimeUtc)".to_owned());
            };
            if around.at.duration_since(made) > SignedDuration::from_hours(i64::from(days) * 24) {
                return Some(format!("it is of {}, more than {days}d ago: run it again", day(made)));
            }
        }
        let edited = self.edited_since(made?, run, at_head, around)?;
        Some(format!("{edited} changed after it was made: run it again"))
    }

    /// A file that the report names and that somebody changed since. What is as it was in the commit that the report is
    /// of has not changed, whenever it was written to the disk.
    fn edited_since(&self, made: Timestamp, run: &Run, at_head: bool, around: &Around<'_>) -> Option<RelPath> {
        let made = made.checked_add(TICK).ok()?.as_nanosecond();
        let is_later = |path: &RelPath| (around.entry)(path).is_some_and(|at| i128::from(at.stamp.modified_ns) > made);
        let later: BTreeSet<RelPath> =
            run.names.iter().filter_map(|place| find(place, around)).filter(is_later).collect();
        let unlike = around.git.filter(|_| at_head).and_then(|git| git.unlike_head(&later).ok());
        unlike.unwrap_or(later).into_iter().next()
    }

    /// `2 warnings, no error`: what is limited, and what was found at all.
    fn counted(&self, found: [u32; 3]) -> String {
        let said = (0..3).filter(|at| self.at_most[*at].is_some() || found[*at] > 0);
        said.map(|at| many(at, found[at])).collect::<Vec<_>>().join(", ")
    }

    fn said(&self, run: &Run) -> String {
        let ended = run.ended.map(|ended| format!(", ended {}", day(ended))).unwrap_or_default();
        format!("{}{}{ended}", named(&run.tool), self.counted(run.found))
    }
}

fn severity(level: Level) -> Option<usize> {
    match level {
        Level::Error => Some(Severity::Error as usize),
        Level::Warning => Some(Severity::Warning as usize),
        Level::Note => Some(Severity::Note as usize),
        Level::Silent => None,
    }
}

fn many(severity: usize, found: u32) -> String {
    let one = ["error", "warning", "note"][severity];
    match found {
        0 => format!("no {one}"),
        found => plural(found as usize, one, &format!("{one}s")),
    }
}

fn named(tool: &str) -> String {
    if tool.is_empty() { String::new() } else { format!("{}: ", clip(tool, 60)) }
}

fn add(sum: [u32; 3], found: [u32; 3]) -> [u32; 3] {
    std::array::from_fn(|at| sum[at].saturating_add(found[at]))
}

/// Reports of scanners for secrets quote what they found, so a snippet is covered as strictly as a match.
fn keep(severity: usize, finding: Finding) -> Kept {
    let what = if finding.snippet.is_empty() { &finding.message } else { &finding.snippet };
    let known_by = if finding.identity.is_empty() { what } else { &finding.identity };
    let key = key_of(format!("{} {known_by}", finding.rule).as_bytes());
    let excerpt = redact(finding.snippet.trim(), 0..finding.snippet.len());
    let message = redact(&finding.message, 0..0);
    let message = if finding.rule.is_empty() { message } else { format!("{}: {message}", finding.rule) };
    Kept {
        severity,
        place: finding.place,
        span: [finding.line, finding.column, finding.end_line, finding.end_column],
        excerpt,
        message: clip(&message, LONGEST).into_owned(),
        key,
    }
}

/// The file of the tree that is meant, if there is one.
fn find(place: &Place, around: &Around<'_>) -> Option<RelPath> {
    let below = around.root.and_then(|root| RelPath::within(root, Path::new(&place.absolute)));
    let plain = Some(RelPath::new(&place.relative)).filter(|path| !path.as_str().is_empty());
    below.into_iter().chain(plain).find(|path| (around.entry)(path).is_some())
}

/// A result in a file that the tree does not have is words without a place.
fn shown(kept: &Kept, around: &Around<'_>) -> Evidence {
    let (excerpt, fingerprint) = (kept.excerpt.clone(), kept.key.to_string());
    let Some(path) = find(&kept.place, around) else {
        let place = if kept.place.relative.is_empty() { &kept.place.absolute } else { &kept.place.relative };
        let at = if place.is_empty() { String::new() } else { format!(" (in {place}, which is not in this tree)") };
        let message = format!("{}{at}", kept.message);
        return Evidence { message, excerpt, fingerprint, ..Evidence::default() };
    };
    let [line, column, end_line, end_column] = kept.span;
    let message = kept.message.clone();
    Evidence { path: Some(path), line, column, end_line, end_column, excerpt, message, fingerprint }
}

fn same_commit(head: &str, revision: &str) -> bool {
    let (head, revision) = (head.to_ascii_lowercase(), revision.trim().to_ascii_lowercase());
    revision.len().min(head.len()) >= 7 && (head.starts_with(&revision) || revision.starts_with(&head))
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
