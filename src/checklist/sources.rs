//! Which files take part, in the order in which they are applied: what a file extends comes before it.

use std::collections::BTreeSet;
use std::rc::Rc;

use rayon::prelude::*;

use crate::checklist::builtin;
use crate::checklist::merge::{Cases, Entry, Loader};
use crate::checklist::model::Problem;
use crate::checklist::read::{Raw, parse, read};
use crate::checklist::report::{Place, quoted};
use crate::document::node::Span;
use crate::text::suggest::did_you_mean;

/// How names and paths of what comes with this program begin.
pub(super) const BUILTIN: &str = "builtin:";
const MOST_FILES: usize = 64;

/// One checklist: a file, or all the files of a built-in, which count as one.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) files: Vec<Raw>,
    /// The hash of its text; `None` for a built-in, which nobody but this program writes.
    pub(super) digest: Option<blake3::Hash>,
}

/// Collects `entry` and everything that it extends; problems stand at the place that asked.
pub(super) fn collect(entry: &Entry, loader: &dyn Loader, cases: Cases, problems: &mut Vec<Problem>) -> Vec<Source> {
    let mut collector =
        Collector { loader, cases, problems, sources: Vec::new(), open: Vec::new(), seen: BTreeSet::new() };
    let name = match entry {
        Entry::Builtin(name) => format!("{BUILTIN}{name}"),
        Entry::File(path) => path.clone(),
    };
    let place = Place { path: name.as_str().into(), span: Span::default() };
    collector.add(&name, &place);
    collector.sources
}

struct Collector<'a> {
    loader: &'a dyn Loader,
    cases: Cases,
    problems: &'a mut Vec<Problem>,
    sources: Vec<Source>,
    /// From the entry down to what is being read now.
    open: Vec<String>,
    /// Applied already: what two files extend is applied once, before both.
    seen: BTreeSet<String>,
}

impl Collector<'_> {
    fn add(&mut self, name: &str, asked: &Place) {
        if self.open.iter().any(|open| open == name) {
            let way: Vec<&str> = self.open.iter().map(String::as_str).chain([name]).collect();
            return self.wrong(asked, format!("the checklist extends itself: {}", way.join(" → ")));
        }
        if self.seen.contains(name) {
            return;
        }
        if self.seen.len() >= MOST_FILES {
            return self.wrong(asked, format!("more than {MOST_FILES} checklists take part"));
        }
        self.seen.insert(name.to_owned());
        let (files, digest) = match self.load(name) {
            Ok(loaded) => loaded,
            Err(message) => return self.wrong(asked, message),
        };
        self.open.push(name.to_owned());
        for file in &files {
            for (target, span) in &file.extends {
                let asked = Place { path: Rc::clone(&file.path), span: *span };
                match resolve(&file.path, target) {
                    Ok(name) => self.add(&name, &asked),
                    Err(message) => self.wrong(&asked, message),
                }
            }
        }
        self.open.pop();
        self.sources.push(Source { name: name.to_owned(), files, digest });
    }

    fn load(&mut self, name: &str) -> Result<(Vec<Raw>, Option<blake3::Hash>), String> {
        let Some(built_in) = name.strip_prefix(BUILTIN) else {
            let text = self.loader.load(name).map_err(|error| match self.open.is_empty() {
                true => format!("cannot be read: {error}"),
                false => format!("can't read {}: {error}", quoted(name)),
            })?;
            let digest = blake3::hash(text.as_bytes());
            return Ok((vec![read(name, parse(&text), self.problems)], Some(digest)));
        };
        let files = builtin::builtin(built_in).ok_or_else(|| {
            let near = did_you_mean(built_in, builtin::NAMES.iter().copied());
            format!("there is no built-in checklist {}{near}", quoted(built_in))
        })?;
        let parse_built_in = |text| match self.cases {
            Cases::Read => parse(text),
            Cases::OfOthersOnly => parse(&builtin::without_cases(text)),
        };
        let parsed: Vec<_> = files.par_iter().map(|(_, text)| parse_built_in(text)).collect();
        let files = files.iter().zip(parsed);
        let files = files.map(|((file, _), parsed)| read(&format!("{name}/{file}"), parsed, self.problems));
        Ok((files.collect(), None))
    }

    fn wrong(&mut self, place: &Place, message: String) {
        self.problems.push(place.problem(message));
    }
}

/// Takes one file into the hash of all that take part.
pub(super) fn add_text(digest: &mut blake3::Hasher, text: blake3::Hash, name: &str) {
    digest.update(format!("{text} {name:?}\n").as_bytes());
}

pub(super) fn named(digest: &blake3::Hasher) -> String {
    digest.finalize().to_hex()[..32].to_owned()
}

/// The hash of the files with these names as they are now; `None` where one cannot be read.
pub(super) fn hash_of(names: &[String], loader: &dyn Loader) -> Option<String> {
    let mut digest = blake3::Hasher::new();
    for name in names.iter().filter(|name| !name.starts_with(BUILTIN)) {
        add_text(&mut digest, blake3::hash(loader.load(name).ok()?.as_bytes()), name);
    }
    Some(named(&digest))
}

/// The name of what `target` means when the file at `from` extends it.
fn resolve(from: &str, target: &str) -> Result<String, String> {
    if target.starts_with(BUILTIN) {
        return Ok(target.to_owned());
    }
    if from.starts_with(BUILTIN) {
        return Err("a built-in checklist extends built-in ones only".to_owned());
    }
    if target.contains("://") {
        return Err(format!("{} is on the network; extend a file inside the tree", quoted(target)));
    }
    if target.starts_with(['/', '~']) || target.contains('\\') || target.contains('\0') {
        return Err(format!("{} is no relative path; extend a file inside the tree", quoted(target)));
    }
    let (folder, _) = from.rsplit_once('/').unwrap_or_default();
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or_else(|| format!("{} is outside the tree", quoted(target)))?;
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        return Err("expected the name of a checklist, found nothing".to_owned());
    }
    // An absolute entry (`--checklist /elsewhere/gonogo.yaml`) stays absolute.
    let root = if from.starts_with('/') { "/" } else { "" };
    Ok(format!("{root}{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_relative_to_the_file_that_extends_and_stays_inside() {
        assert_eq!(resolve("a/b/gonogo.yaml", "../team.yaml").unwrap(), "a/team.yaml");
        assert_eq!(resolve("gonogo.yaml", "./x/./y.yaml").unwrap(), "x/y.yaml");
        assert_eq!(resolve("/abs/gonogo.yaml", "team.yaml").unwrap(), "/abs/team.yaml");
        for outside in ["../x.yaml", "a/../../x", "/etc/passwd", "https://example.org/x.yaml", "~/x", "", "."] {
            assert!(resolve("gonogo.yaml", outside).is_err(), "{outside}");
        }
    }
}
