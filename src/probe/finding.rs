//! From facts to an answer: the rules that every probe over files shares.

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::checklist::model::NoFiles;
use crate::probe::fact::Hit;
use crate::probe::noted::Noted;
use crate::probe::outcome::{Answer, Evidence, Outcome};
use crate::probe::sums::{Sums, is_bare};
use crate::text::visible::clip;
use crate::tree::path::RelPath;

/// What a selection of every file is called.
const ANY: &str = "anything";

/// What one probe knows of the whole tree.
#[derive(Clone, Copy, Debug)]
pub struct Gathered<'a> {
    /// How many files the selection holds.
    pub selected: usize,
    /// The files that matter to the answer, with what was found in each.
    pub noted: &'a Noted,
    /// What that comes to.
    pub sums: &'a Sums,
    /// Directories that could not be listed and may hold selected files, with the reason.
    pub unlisted: &'a [(RelPath, String)],
    pub no_files: Option<NoFiles>,
    /// What the selection asks for, for people.
    pub globs: &'a [String],
}

impl Gathered<'_> {
    /// What was found in all files, as far as it is kept. Who wants no more of it looks at no more files.
    pub fn hits(&self) -> impl Iterator<Item = (RelPath, Hit)> {
        let (mut files, mut ahead) = (self.noted.iter(), self.sums.found);
        let files = std::iter::from_fn(move || {
            let (path, facts) = if ahead > 0 { files.next()? } else { return None };
            ahead = ahead.saturating_sub(u64::from(facts.found));
            Some((path, facts))
        });
        files.flat_map(|(path, facts)| facts.hits.into_iter().map(move |hit| (path.clone(), hit)))
    }

    /// In how many files no node was selected.
    #[must_use]
    pub fn unseen(&self) -> usize {
        self.sums.unseen as usize
    }

    /// How many nodes were selected in all files.
    #[must_use]
    pub fn seen(&self) -> u64 {
        self.sums.seen
    }

    /// What is asked for, as people say it and cut to what a line can hold: `*.tf, migrations/ and 5 more`.
    #[must_use]
    pub fn selection(&self) -> String {
        let mut named: Vec<String> =
            self.globs.iter().filter(|glob| !glob.starts_with('!')).map(|glob| said(glob)).collect();
        let mut seen = BTreeSet::new();
        named.retain(|name| seen.insert(name.clone()));
        match named.as_slice() {
            [] => "no name at all".to_owned(),
            [first, second, third, _, rest @ ..] => format!("{first}, {second}, {third} and {} more", rest.len() + 1),
            few => few.join(", "),
        }
    }

    /// `no file like *.tf`, with what else was asked of it.
    #[must_use]
    pub fn lack(&self, what: &str) -> String {
        match self.selection() {
            all if all == ANY => format!("no file at all{what}"),
            some => format!("no file like {some}{what}"),
        }
    }

    /// The answer while a directory that cannot be listed may hold what was asked for.
    #[must_use]
    pub fn hidden(&self) -> Option<Outcome> {
        let (path, why) = self.unlisted.first()?;
        Some(Outcome::unknown(format!("{path} cannot be listed: {why}")))
    }

    /// The answer while something selected could not be looked at.
    #[must_use]
    pub fn trouble(&self) -> Option<Outcome> {
        let unlisted =
            self.unlisted.iter().map(|(path, why)| Evidence::of_file(path, format!("cannot be listed: {why}")));
        let troubled = self.sums.troubled.iter().filter_map(|path| {
            let trouble = self.noted.get(path)?.trouble?;
            let mut evidence = Evidence::of_file(path, trouble.message);
            (evidence.line, evidence.column) = (trouble.line, trouble.column);
            (evidence.end_line, evidence.end_column) = (trouble.line, trouble.column);
            Some(evidence)
        });
        let evidence: Vec<Evidence> = unlisted.chain(troubled).take(Outcome::KEPT).collect();
        let reason = evidence.first()?.said();
        Some(Outcome::new(Answer::Unknown, reason, evidence))
    }

    /// The answer for a selection without files, if this is one.
    #[must_use]
    pub fn nothing_selected(&self, by_default: Answer) -> Option<Outcome> {
        if self.selected > 0 {
            return None;
        }
        if let Some(outcome) = self.hidden() {
            return Some(outcome);
        }
        Some(self.without(self.lack(""), by_default))
    }

    /// The answer where nothing was there to look at.
    #[must_use]
    pub fn without(&self, lack: String, by_default: Answer) -> Outcome {
        match self.no_files.map_or(by_default, Answer::from) {
            Answer::Fail => Outcome::fails_for_lack_of(lack),
            answer => Outcome::new(answer, lack, Vec::new()),
        }
    }
}

/// Decides over matches in files.
pub(super) struct Verdict<'a> {
    gathered: &'a Gathered<'a>,
    /// What was looked for.
    wanted: &'a dyn Display,
}

impl<'a> Verdict<'a> {
    #[must_use]
    pub fn new(gathered: &'a Gathered<'a>, wanted: &'a dyn Display) -> Self {
        Self { gathered, wanted }
    }

    /// Passes with the first match; cannot say no while something was not looked at.
    #[must_use]
    pub fn find(&self) -> Outcome {
        let (hits, found) = self.hits();
        if found > 0 {
            return Outcome::with(Answer::Pass, places(found, hits.len(), &hits), hits, found);
        }
        if let Some(outcome) = self.gathered.nothing_selected(Answer::Fail).or_else(|| self.gathered.trouble()) {
            return outcome;
        }
        let misses = self.misses();
        if let Some(first) = misses.first() {
            return Outcome::new(Answer::Fail, first.said(), misses);
        }
        let reason = format!("not found in {}", self.files());
        let message = format!("looked for {}", self.wanted());
        let evidence = vec![Evidence { message, ..Evidence::default() }];
        Outcome::new(Answer::Fail, reason, evidence)
    }

    /// Passes when every selected file has a match.
    #[must_use]
    pub fn find_in_each(&self) -> Outcome {
        if let Some(outcome) = self.gathered.nothing_selected(Answer::Fail) {
            return outcome;
        }
        let found = self.gathered.sums.bare as usize;
        if found > 0 {
            let bare = self.gathered.noted.iter().filter(|(_, facts)| is_bare(facts)).take(found.min(Outcome::KEPT));
            let without = bare.map(|(path, facts)| match facts.misses.first() {
                Some(miss) => Evidence::of_hit(&path, miss),
                None => Evidence::of_file(&path, format!("without {}", self.wanted())),
            });
            let without: Vec<Evidence> = without.collect();
            let reason = format!("{found} of {} without it", self.files());
            return Outcome::with(Answer::Fail, reason, without, found);
        }
        if let Some(outcome) = self.gathered.trouble() {
            return outcome;
        }
        let (hits, found) = self.hits();
        Outcome::with(Answer::Pass, format!("in each of {}", self.files()), hits, found)
    }

    /// Fails with the first match; cannot say yes while something was not looked at.
    #[must_use]
    pub fn forbid(&self) -> Outcome {
        let (hits, found) = self.hits();
        if found > 0 {
            return Outcome::with(Answer::Fail, places(found, hits.len(), &hits), hits, found);
        }
        if let Some(outcome) = self.gathered.nothing_selected(Answer::NotApplicable).or_else(|| self.gathered.trouble())
        {
            return outcome;
        }
        Outcome::new(Answer::Pass, format!("none in {}", self.files()), Vec::new())
    }

    /// What was found with a number out of bounds.
    fn misses(&self) -> Vec<Evidence> {
        let files = self.gathered.noted.iter();
        let misses = files.flat_map(|(path, facts)| facts.misses.into_iter().map(move |miss| (path.clone(), miss)));
        let kept = misses.take(Outcome::KEPT.min(self.gathered.sums.misses as usize));
        kept.map(|(path, miss)| Evidence::of_hit(&path, &miss)).collect()
    }

    fn files(&self) -> String {
        files(self.gathered.selected)
    }

    /// Patterns can be long; people need the beginning, `explain` shows the rest.
    fn wanted(&self) -> String {
        clip(&self.wanted.to_string(), 60).into_owned()
    }

    fn hits(&self) -> (Vec<Evidence>, usize) {
        let kept = self.gathered.hits().take(Outcome::KEPT);
        (kept.map(|(path, hit)| Evidence::of_hit(&path, &hit)).collect(), self.gathered.sums.found as usize)
    }
}

/// A glob without what only machines need: `**/db/**` is `db/`, `a/**/*.sql` is `a/…/*.sql`.
fn said(glob: &str) -> String {
    let glob = glob.trim_start_matches("./");
    let glob = glob.trim_start_matches("**/");
    let short = glob.strip_suffix("/**").or_else(|| glob.strip_suffix("/**/*")).map(|folder| format!("{folder}/"));
    let short = short.unwrap_or_else(|| glob.to_owned());
    match short.as_str() {
        "" | "**" | "*" => ANY.to_owned(),
        short => few_choices(&short.replace("/**/", "/…/")),
    }
}

/// `{sh,yml,yaml,tf}` is `{sh,yml,…}`: two show what is meant.
fn few_choices(glob: &str) -> String {
    let mut parts = glob.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push('{');
        match part.split_once('}') {
            Some((choices, rest)) if choices.split(',').count() > 2 => {
                let two: Vec<&str> = choices.split(',').take(2).collect();
                out.push_str(&format!("{},…}}{rest}", two.join(",")));
            }
            _ => out.push_str(part),
        }
    }
    out
}

/// `3 files`.
#[must_use]
pub fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

fn places(found: usize, kept: usize, hits: &[Evidence]) -> String {
    match hits {
        [only] if found == kept => only.place(),
        _ => format!("{found} places"),
    }
}

impl Outcome {
    #[must_use]
    pub fn new(answer: Answer, reason: String, evidence: Vec<Evidence>) -> Self {
        let found = evidence.len();
        Self::with(answer, reason, evidence, found)
    }

    #[must_use]
    pub fn with(answer: Answer, reason: String, mut evidence: Vec<Evidence>, found: usize) -> Self {
        // Where somebody can look comes before what only words tell.
        evidence.sort_by_key(|one| one.path.is_none());
        evidence.truncate(Self::KEPT);
        Self { answer, reason, evidence, found, asks: false, beneath: None, parts: Vec::new(), elements: Vec::new() }
    }

    #[must_use]
    pub fn unknown(reason: String) -> Self {
        let evidence = vec![Evidence { message: reason.clone(), ..Evidence::default() }];
        Self::new(Answer::Unknown, reason, evidence)
    }

    /// A fail that has no place to point at: the words are the evidence, and nobody can dismiss them.
    #[must_use]
    pub fn fails_for_lack_of(reason: String) -> Self {
        let evidence = vec![Evidence { message: reason.clone(), ..Evidence::default() }];
        Self::new(Answer::Fail, reason, evidence)
    }
}

impl Evidence {
    /// Where, and what of it.
    #[must_use]
    pub fn said(&self) -> String {
        format!("{}: {}", self.place(), self.message)
    }

    #[must_use]
    pub fn of_file(path: &RelPath, message: String) -> Self {
        Self { path: Some(path.clone()), message, ..Self::default() }
    }

    /// The key of the hit stands in for the fingerprint until the item is known.
    #[must_use]
    pub fn of_hit(path: &RelPath, hit: &Hit) -> Self {
        Self {
            path: Some(path.clone()),
            line: hit.line,
            column: hit.column,
            end_line: hit.end_line,
            end_column: hit.end_column,
            excerpt: hit.excerpt.clone(),
            message: hit.message.clone(),
            fingerprint: hit.key.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(globs: &[&str]) -> String {
        let globs: Vec<String> = globs.iter().map(|glob| (*glob).to_owned()).collect();
        let (noted, sums) = (&Noted::default(), &Sums::default());
        Gathered { selected: 0, noted, sums, unlisted: &[], no_files: None, globs: &globs }.selection()
    }

    #[test]
    fn a_selection_is_said_without_what_only_machines_need() {
        assert_eq!(selection(&["**/*.tf", "./Dockerfile", "!**/x/**"]), "*.tf, Dockerfile");
        assert_eq!(selection(&["**/migrations/**", "db/**/*.sql"]), "migrations/, db/…/*.sql");
        assert_eq!(selection(&["a", "**/a", "b", "c", "d", "e"]), "a, b, c and 2 more");
        assert_eq!(selection(&["**", "*"]), "anything");
        assert_eq!(selection(&["**/*dump*.{sh,yml,tf}", "{a,b}/x", "{a"]), "*dump*.{sh,yml,…}, {a,b}/x, {a");
        assert_eq!(selection(&["!a"]), "no name at all");
    }

    #[test]
    fn a_place_comes_before_words_without_one() {
        let words = Evidence { message: "git would not ignore .env".to_owned(), ..Evidence::default() };
        let place = Evidence::of_file(&"a.py".into(), String::new());
        let outcome = Outcome::new(Answer::Fail, String::new(), vec![words, place.clone()]);
        assert_eq!(outcome.evidence.first(), Some(&place));
    }
}
