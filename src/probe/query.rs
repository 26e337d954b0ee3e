//! `query`: some, none or all of the nodes that a JSONPath selects match.

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::checklist::model::{QueryProbe, Want};
use crate::checklist::pattern::Pattern;
use crate::document::node::Span;
use crate::document::select::{Query as Path, Queryable};
use crate::document::{Kind, ParseProblem};
use crate::probe::bounds::Bounds;
use crate::probe::fact::{Facts, Hit, Trouble, key_of};
use crate::probe::finding::{Gathered, Verdict, files};
use crate::probe::outcome::{Answer, Evidence, Outcome};
use crate::probe::workshop::Workshop;
use crate::text::redact::redact_below;

/// A query ready to run.
#[derive(Debug)]
pub struct Query {
    kind: Option<Kind>,
    select: String,
    /// Checked when its checklist was read, and made ready when a document is first asked.
    path: OnceLock<Result<Path, String>>,
    want: Want,
    each: bool,
    patterns: Vec<Pattern>,
    bounds: Bounds,
    wanted: String,
}

/// A probe that looks at documents.
pub trait Reader {
    /// Its own word on the kind of document, where the name does not tell.
    fn kind(&self) -> Option<Kind>;

    /// What it says of one file. `lines` are those of the file, for the excerpts.
    fn map(&self, documents: &[Queryable<'_>], problem: Option<&ParseProblem>, lines: &[&str]) -> Facts;
}

impl Reader for Query {
    fn kind(&self) -> Option<Kind> {
        self.kind
    }

    fn map(&self, documents: &[Queryable<'_>], problem: Option<&ParseProblem>, lines: &[&str]) -> Facts {
        let path = match self.path.get_or_init(|| Path::new(&self.select)) {
            Ok(path) => path,
            Err(why) => return Facts::unreadable(why),
        };
        let mut facts = Facts::default();
        // What an anchor stands for is a node wherever its alias stands, and one place.
        let mut places: HashSet<(Span, String)> = HashSet::new();
        for node in documents.iter().flat_map(|document| path.select(document)) {
            facts.seen += 1;
            let text = node.text();
            let hit = || Hit { key: key_of(text.as_bytes()), ..place(node.span, lines) };
            let mut is_first = || places.insert((node.span, text.clone()));
            match (self.judge(&text), self.want) {
                (Err(why), _) => return Facts::unreadable(why),
                (Ok((true, _)), Want::Find | Want::Forbid) | (Ok((false, _)), Want::Every) if is_first() => {
                    facts.add(hit);
                }
                (Ok((false, Some(message))), Want::Find) if is_first() => {
                    facts.miss(|| Hit { message, ..hit() });
                }
                _ => {}
            }
        }
        facts.trouble = problem.map(trouble);
        facts
    }
}

/// What did not parse.
pub(super) fn trouble(problem: &ParseProblem) -> Trouble {
    Trouble { line: problem.line, column: problem.column, message: problem.message.clone() }
}

impl Query {
    #[must_use]
    pub fn new(probe: &QueryProbe, shop: &Workshop) -> Self {
        let of = match probe.patterns.as_slice() {
            [] => String::new(),
            patterns => format!(" = {}", patterns.iter().map(|p| format!("/{p}/")).collect::<Vec<_>>().join(" or ")),
        };
        Self {
            kind: probe.kind.as_deref().and_then(Kind::from_name),
            select: probe.select.clone(),
            path: OnceLock::new(),
            want: probe.want,
            each: probe.each,
            patterns: probe.patterns.iter().map(|pattern| shop.pattern(pattern, false)).collect(),
            bounds: Bounds::new(probe.at_least.as_deref(), probe.at_most.as_deref()),
            wanted: format!("{}{of}", probe.select),
        }
    }

    #[must_use]
    pub fn counts_every_file(&self) -> bool {
        self.each
    }

    /// Whether a node of this text is as asked, and if it is not for its number alone, why.
    fn judge(&self, text: &str) -> Result<(bool, Option<String>), &str> {
        let mut fits = self.patterns.is_empty();
        for pattern in &self.patterns {
            fits = fits || pattern.regex()?.is_match(text.as_bytes());
        }
        let broken = if fits { self.bounds.broken_by(text) } else { None };
        Ok((fits && broken.is_none(), broken))
    }

    #[must_use]
    pub fn reduce(&self, gathered: &Gathered<'_>) -> Outcome {
        let verdict = Verdict::new(gathered, &self.wanted);
        match self.want {
            Want::Find if self.each => verdict.find_in_each(),
            Want::Find => verdict.find(),
            Want::Forbid => verdict.forbid(),
            Want::Every => self.every(gathered, &verdict),
        }
    }

    /// Like `forbid`, but where no node was looked at there is nothing to say yes to, and with `each` no file may be
    /// without one.
    fn every(&self, gathered: &Gathered<'_>, verdict: &Verdict<'_>) -> Outcome {
        let outcome = verdict.forbid();
        if outcome.answer != Answer::Pass {
            return outcome;
        }
        if self.each
            && let Some(outcome) = files_without_nodes(gathered, &self.wanted)
        {
            return outcome;
        }
        let seen = gathered.seen();
        if seen == 0 {
            let reason = format!("nothing to judge: {} selects nothing in {}", self.wanted, files(gathered.selected));
            return Outcome::new(Answer::NotApplicable, reason, Vec::new());
        }
        let reason = format!("each of {seen} in {}", files(gathered.selected));
        Outcome::new(Answer::Pass, reason, Vec::new())
    }
}

fn files_without_nodes(gathered: &Gathered<'_>, wanted: &str) -> Option<Outcome> {
    let count = gathered.unseen();
    let bare = gathered.noted.iter().filter(|(_, facts)| facts.seen == 0).take(count.min(Outcome::KEPT));
    let evidence: Vec<Evidence> =
        bare.map(|(path, _)| Evidence::of_file(&path, format!("has nothing at {wanted}"))).collect();
    (count > 0).then(|| Outcome::with(Answer::Fail, format!("{} without it", files(count)), evidence, count))
}

/// The place of a node. `lines` are those of the file, for the excerpt.
fn place(span: Span, lines: &[&str]) -> Hit {
    let at = (span.line.saturating_sub(1) as usize).min(lines.len());
    let line = lines.get(at).copied().unwrap_or_default();
    Hit {
        line: span.line,
        column: span.column,
        end_line: span.end_line,
        end_column: span.end_column,
        excerpt: redact_below(lines[..at].iter().rev().copied(), line, 0..0).trim().to_owned(),
        ..Hit::default()
    }
}
