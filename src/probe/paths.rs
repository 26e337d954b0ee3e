//! `exists` and `absent`: what stands in the tree, without reading it.

use crate::checklist::model::{PathsProbe, Size};
use crate::probe::fact::{Facts, Hit, key_of};
use crate::probe::finding::{Gathered, files};
use crate::probe::outcome::{Answer, Evidence, Outcome};
use crate::tree::entry::{Entry, Kind};

/// Both probes count the selected files that are as asked.
#[derive(Debug)]
pub struct Paths {
    min: u32,
    size: Size,
    tracked: Option<bool>,
}

impl Paths {
    #[must_use]
    pub fn new(probe: &PathsProbe) -> Self {
        Self { min: probe.min, size: probe.size, tracked: probe.tracked }
    }

    #[must_use]
    pub fn map(&self, entry: &Entry) -> Facts {
        let there = matches!(entry.kind, Kind::File | Kind::Link(Some(_)));
        let sized = match self.size {
            Size::Any => true,
            Size::Empty => entry.size == 0,
            Size::Nonempty => entry.size > 0,
        };
        let mut facts = Facts::default();
        if there && sized && self.tracked.is_none_or(|tracked| tracked == entry.tracked) {
            facts.add(|| Hit { key: key_of(b"file"), ..Hit::default() });
        }
        facts
    }

    #[must_use]
    pub fn exists(&self, gathered: &Gathered<'_>, has_git: bool) -> Outcome {
        if let Some(outcome) = self.needs_git(gathered, has_git) {
            return outcome;
        }
        let found = gathered.noted.len();
        if found >= self.min as usize {
            return there(gathered, Answer::Pass);
        }
        if let Some(outcome) = gathered.hidden().or_else(|| gathered.nothing_selected(Answer::Fail)) {
            return outcome;
        }
        let looked_for = gathered.selection();
        let what = if self.size == Size::Nonempty && found == 0 { " that is not empty" } else { "" };
        match found {
            0 => Outcome::fails_for_lack_of(gathered.lack(what)),
            _ => Outcome::fails_for_lack_of(format!("{} like {looked_for}, of at least {}", files(found), self.min)),
        }
    }

    #[must_use]
    pub fn absent(&self, gathered: &Gathered<'_>, has_git: bool) -> Outcome {
        if let Some(outcome) = self.needs_git(gathered, has_git) {
            return outcome;
        }
        if !gathered.noted.is_empty() {
            return there(gathered, Answer::Fail);
        }
        gathered.hidden().unwrap_or_else(|| Outcome::new(Answer::Pass, gathered.lack(""), Vec::new()))
    }
}

impl Paths {
    /// Without git nobody knows what is tracked, which matters where a file is there.
    fn needs_git(&self, gathered: &Gathered<'_>, has_git: bool) -> Option<Outcome> {
        let asks = self.tracked.is_some() && !has_git && gathered.selected > 0;
        asks.then(|| {
            let files = files(gathered.selected);
            Outcome::unknown(format!("no git repository that can be read tells what is tracked of {files}"))
        })
    }
}

/// The files that are as asked: each is noted with its one hit.
fn there(gathered: &Gathered<'_>, answer: Answer) -> Outcome {
    let hits = gathered.hits().take(Outcome::KEPT);
    let kept: Vec<Evidence> = hits.map(|(path, hit)| Evidence::of_hit(&path, &hit)).collect();
    let found = gathered.noted.len();
    let reason = match kept.as_slice() {
        [only] => only.place(),
        _ => files(found),
    };
    Outcome::with(answer, reason, kept, found)
}
