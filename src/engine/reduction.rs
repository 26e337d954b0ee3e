//! From facts to outcomes, for what moved and nothing else.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::checklist::model::{Item, NoFiles};
use crate::engine::Engine;
use crate::engine::judged::Judged;
use crate::engine::progress::Progress;
use crate::probe::compare::{Compare, Written};
use crate::probe::finding::Gathered;
use crate::probe::inventory::Inventory;
use crate::probe::kleene::{self, Members};
use crate::probe::outcome::{Answer, Evidence, Outcome, Part};
use crate::probe::program::{Expression, Rule};
use crate::probe::sarif::{Around, Sarif};
use crate::probe::sides::Related;
use crate::probe::standing::Standing;
use crate::tree::path::RelPath;

/// What is known of the last time that a leaf was judged.
enum Before {
    Nothing,
    /// A `compare` was; with what was kept of it, if anything was.
    Judged(Option<Related>),
}

impl Engine {
    /// Judges the leaves whose facts moved, then the items that hang on them; gives those that changed.
    pub(super) fn reduce(&mut self, at: Timestamp, progress: &Progress) -> Vec<usize> {
        let mut moved = self.reduce_leaves(at);
        let woken = self.woken();
        if !woken.is_empty() {
            self.asked.wake(&woken);
            self.map_fresh(&woken, progress);
            moved.extend(self.reduce_leaves(at));
        }
        let items = moved.iter().flat_map(|leaf| &self.program.leaves[*leaf].items);
        let mut affected: BTreeSet<usize> = items.copied().collect();
        if !std::mem::replace(&mut self.judged, true) {
            let settled = std::mem::take(&mut self.settled);
            affected.extend((0..self.outcomes.len()).filter(|item| !settled.contains(item)));
        }
        let outcomes: Vec<(usize, Outcome)> =
            affected.into_par_iter().map(|item| (item, self.item_outcome(item))).collect();
        outcomes.into_iter().filter_map(|(item, outcome)| self.judge(item, outcome).then_some(item)).collect()
    }

    fn reduce_leaves(&mut self, at: Timestamp) -> Vec<usize> {
        let is_open = |leaf: usize| self.leaves[leaf].outcome.is_none();
        let hangs_on_moved =
            |leaf: usize| self.program.leaves[leaf].rule.sources().iter().any(|source| is_open(*source));
        let moved: Vec<usize> = (0..self.leaves.len()).filter(|leaf| is_open(*leaf) || hangs_on_moved(*leaf)).collect();
        self.work.probes_run += moved.len() as u64;
        let asked: Vec<(usize, Before)> = moved.iter().map(|leaf| (*leaf, self.before(*leaf))).collect();
        self.keep_standing(&asked);
        let judged = asked.into_par_iter().map(|(leaf, before)| (leaf, self.reduce_leaf(leaf, before, at)));
        let judged: Vec<(usize, (Outcome, Option<Related>))> = judged.collect();
        for (leaf, (outcome, related)) in judged {
            (self.leaves[leaf].outcome, self.leaves[leaf].related) = (Some(Judged::new(outcome)), related);
        }
        self.leaves.iter_mut().filter_map(|state| state.standing.as_mut()).for_each(Standing::settle);
        moved
    }

    /// The leaves that have waited for an item to apply, where one does now.
    fn woken(&self) -> BTreeSet<usize> {
        let waiting = self.asked.waiting().iter().copied();
        waiting.filter(|leaf| self.program.leaves[*leaf].items.iter().any(|item| self.applies(*item))).collect()
    }

    pub(super) fn applies(&self, item: usize) -> bool {
        self.program.items[item].when.as_ref().is_none_or(|when| self.answer(when) == Answer::Pass)
    }

    /// What is known of the last time that a leaf was judged. Who has seen all outcomes once waits for changes of them:
    /// from then on it is kept where the elements stand.
    fn before(&mut self, leaf: usize) -> Before {
        let sources = self.program.leaves[leaf].rule.sources();
        if sources.is_empty() || !self.judged || self.leaves[leaf].outcome.is_none() {
            return Before::Nothing;
        }
        // Without what it rests on it is nothing: a source may have been asked anew.
        let rests = sources.iter().all(|source| self.leaves[*source].standing.is_some());
        Before::Judged(self.leaves[leaf].related.take().filter(|_| rests))
    }

    fn keep_standing(&mut self, asked: &[(usize, Before)]) {
        let related = asked.iter().filter(|(_, before)| matches!(before, Before::Judged(_)));
        for source in related.flat_map(|(leaf, _)| self.program.leaves[*leaf].rule.sources()) {
            let state = &mut self.leaves[*source];
            if state.standing.is_none() {
                state.standing = Some(Standing::new(&state.noted));
            }
        }
    }

    fn reduce_leaf(&self, number: usize, before: Before, at: Timestamp) -> (Outcome, Option<Related>) {
        let leaf = &self.program.leaves[number];
        if let Rule::Compare(compare) = &leaf.rule {
            return self.relate(compare, leaf.no_files, before);
        }
        let unlisted = self.unlisted_for(number);
        let gathered = self.gathered(number, &unlisted);
        let outcome = match &leaf.rule {
            Rule::Exists(paths) => paths.exists(&gathered, self.source.git().is_some()),
            Rule::Absent(paths) => paths.absent(&gathered, self.source.git().is_some()),
            Rule::Text(text) => text.reduce(&gathered),
            Rule::Query(query) => query.reduce(&gathered),
            Rule::Encoding(encoding) => encoding.reduce(&gathered),
            Rule::Names(names) => names.reduce(&gathered),
            Rule::Git(git) => git.reduce(&gathered, self.source.git(), at),
            Rule::Sarif(sarif) => self.reduce_report(sarif, &gathered, at),
            Rule::Command(command) => command.reduce(self.leaves[number].ran.as_ref()),
            Rule::Compare(_) | Rule::Elements(_) | Rule::Covers => {
                Outcome::new(Answer::NotApplicable, String::new(), Vec::new())
            }
        };
        (outcome, None)
    }

    fn relate(&self, compare: &Compare, no_files: Option<NoFiles>, before: Before) -> (Outcome, Option<Related>) {
        self.with_sources(&compare.leaves, |sources| match before {
            Before::Nothing => (compare.reduce(sources, no_files), None),
            Before::Judged(related) => {
                let standings = compare.leaves.iter().filter_map(|leaf| self.leaves[*leaf].standing.as_ref());
                let (outcome, related) =
                    compare.reduce_moved(sources, &standings.collect::<Vec<_>>(), related, no_files);
                (outcome, Some(related))
            }
        })
    }

    fn reduce_report(&self, sarif: &Sarif, gathered: &Gathered<'_>, at: Timestamp) -> Outcome {
        let (root, git) = (self.source.root(), self.source.git());
        let entry = |path: &RelPath| self.files.get(path).map(|file| &file.entry);
        sarif.reduce(gathered, &Around { root, git, at, entry: &entry })
    }

    fn gathered<'a>(&'a self, leaf: usize, unlisted: &'a [(RelPath, String)]) -> Gathered<'a> {
        let (state, leaf) = (&self.leaves[leaf], &self.program.leaves[leaf]);
        Gathered {
            selected: state.looked_at(),
            noted: &state.noted,
            sums: &state.sums,
            unlisted,
            no_files: leaf.no_files,
            globs: &leaf.selection.globs,
        }
    }

    /// Directories that could not be listed and may hold what the leaf selects.
    fn unlisted_for(&self, leaf: usize) -> Vec<(RelPath, String)> {
        let hidden = self.unlisted.iter().filter(|(path, _)| self.program.selector().may_select_below(leaf, path));
        hidden.map(|(path, why)| (path.clone(), why.clone())).collect()
    }

    /// Takes in the outcome of one item and answers whether it is another than before.
    fn judge(&mut self, number: usize, outcome: Outcome) -> bool {
        let changed = *self.outcomes[number] != outcome;
        if changed {
            self.outcomes[number] = Arc::new(outcome);
        }
        changed
    }

    fn item_outcome(&self, number: usize) -> Outcome {
        let program = &self.program.items[number];
        let item = &self.checklist.items[number];
        if let Some(why) = &program.broken {
            return Outcome::unknown(why.clone());
        }
        if let Some(when) = &program.when {
            match self.answer(when) {
                Answer::Pass => {}
                // A question that nobody answered leaves the item open; dropping it would raise the score.
                Answer::Unknown => return finish(item, self.evaluate(when).into_owned()),
                _ => {
                    let reason = format!("does not apply: {}", self.evaluate(when).reason);
                    return Outcome::new(Answer::NotApplicable, reason, Vec::new());
                }
            }
        }
        let probed = program.probe.as_ref().map_or_else(asked, |probe| self.evaluate_parts(probe, &program.parts));
        let Some(written) = &program.inventory else { return finish(item, probed) };
        let listed = self.inventory(written).outcome(item.no_files);
        // A question that has an inventory is asked of each element.
        if probed.asks {
            return finish(item, Outcome { parts: probed.parts, ..listed });
        }
        let (parts, elements) = (probed.parts.clone(), listed.elements.clone());
        finish(item, Outcome { parts, elements, ..kleene::all(vec![Cow::Owned(probed), Cow::Owned(listed)]) })
    }

    pub(super) fn inventory(&self, written: &Written) -> Inventory {
        self.with_sources(&written.leaves, |sources| Inventory::new(sources, written))
    }

    /// Hands over what is known of each of these leaves.
    fn with_sources<T>(&self, leaves: &[usize], judge: impl FnOnce(&[Gathered<'_>]) -> T) -> T {
        let unlisted: Vec<_> = leaves.iter().map(|leaf| self.unlisted_for(*leaf)).collect();
        let known = leaves.iter().zip(&unlisted);
        judge(&known.map(|(leaf, unlisted)| self.gathered(*leaf, unlisted)).collect::<Vec<_>>())
    }

    /// [`Engine::evaluate`], with what came of each member.
    fn evaluate_parts(&self, probe: &Expression, names: &[String]) -> Outcome {
        let (members, combine): (_, fn(Members<'_>) -> Outcome) = match probe {
            Expression::All(members) => (members, kleene::all),
            Expression::Any(members) => (members, kleene::any),
            single => return self.evaluate(single).into_owned(),
        };
        let members: Members<'_> = members.iter().map(|member| self.evaluate(member)).collect();
        let part = |(member, name): (&Cow<'_, Outcome>, &String)| Part {
            name: name.clone(),
            answer: member.answer,
            reason: member.reason.clone(),
        };
        let parts = members.iter().zip(names).map(part).collect();
        Outcome { parts, ..combine(members) }
    }

    /// What [`Engine::evaluate`] answers, without the grounds.
    fn answer(&self, expression: &Expression) -> Answer {
        let each = |members: &[Expression]| members.iter().map(|member| self.answer(member)).collect::<Vec<_>>();
        match expression {
            Expression::All(members) => kleene::answer_of_all(&each(members)),
            Expression::Any(members) => kleene::answer_of_any(&each(members)),
            Expression::Not(member) => kleene::answer_of_not(self.answer(member)),
            Expression::Ask => Answer::Unknown,
            Expression::Leaf(leaf) => {
                self.leaves[*leaf].outcome.as_ref().map_or(Answer::Unknown, |judged| judged.get().answer)
            }
        }
    }

    pub(super) fn evaluate(&self, expression: &Expression) -> Cow<'_, Outcome> {
        let each = |members: &[Expression]| members.iter().map(|member| self.evaluate(member)).collect();
        Cow::Owned(match expression {
            Expression::All(members) => kleene::all(each(members)),
            Expression::Any(members) => kleene::any(each(members)),
            Expression::Not(member) => kleene::not(self.evaluate(member).into_owned()),
            Expression::Ask => asked(),
            Expression::Leaf(leaf) => match &self.leaves[*leaf].outcome {
                Some(judged) => return Cow::Borrowed(judged.get()),
                None => Outcome::unknown("not looked at yet".to_owned()),
            },
        })
    }
}

fn asked() -> Outcome {
    Outcome { asks: true, ..Outcome::new(Answer::Unknown, String::new(), Vec::new()) }
}

/// Turns the keys of the matches into fingerprints: this item, this path, this text, its how manieth.
fn finish(item: &Item, mut outcome: Outcome) -> Outcome {
    // What a program printed is another text every time: nothing can be bound to it.
    let is_named = |evidence: &Evidence| {
        evidence.path.is_some() || !evidence.message.is_empty() || !evidence.fingerprint.is_empty()
    };
    let mut seen: HashMap<(Option<&RelPath>, &str), u32> = HashMap::new();
    let fingerprints = outcome.evidence.iter().map(|evidence| {
        if !is_named(evidence) {
            return evidence.fingerprint.clone();
        }
        let key = (evidence.path.as_ref(), evidence.fingerprint.as_str());
        let occurrence = seen.entry(key).and_modify(|occurrence| *occurrence += 1).or_default();
        fingerprint(&item.id, evidence, *occurrence)
    });
    let fingerprints: Vec<String> = fingerprints.collect();
    outcome.evidence.iter_mut().zip(fingerprints).for_each(|(evidence, own)| evidence.fingerprint = own);
    outcome
}

fn fingerprint(item: &str, evidence: &Evidence, occurrence: u32) -> String {
    let path = evidence.path.as_ref().map_or("", RelPath::as_str);
    // Two things said of one file without a place are told apart by their words.
    let words = if evidence.line == 0 { evidence.message.as_str() } else { "" };
    let mut named = [item, path, &evidence.fingerprint, words].join("\0").into_bytes();
    named.extend(occurrence.to_le_bytes());
    blake3::hash(&named).to_hex()[..16].to_owned()
}
