//! Names that stand beside each other and are too much alike.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::text::file_names::{is_binary, words};
use crate::text::spelling::{LONGEST, distance, is_known};
use crate::tree::path::RelPath;

/// Shorter words differ in one letter and mean different things.
const SHORTEST: usize = 6;

/// What a class is called after what it does for the words before: two of them for one thing are one too many.
const ROLES: [&str; 9] =
    ["client", "controller", "handler", "helper", "manager", "provider", "repository", "service", "store"];

/// Where everything goes that has no place: two of them are a mistake.
const DRAWERS: [&str; 7] = ["common", "config", "constant", "helper", "setting", "tool", "util"];

/// Names with what is wrong about each.
pub type Found = Vec<(RelPath, String)>;

/// The names in each directory, files and directories apart.
#[derive(Debug, Default)]
pub struct Directories<'a> {
    by_parent: BTreeMap<&'a str, Names<'a>>,
}

/// Each name with a file that has it, or that lies below it.
#[derive(Debug, Default)]
struct Names<'a> {
    files: BTreeMap<&'a str, &'a RelPath>,
    directories: BTreeMap<&'a str, &'a RelPath>,
}

impl<'a> Directories<'a> {
    pub fn new(paths: impl Iterator<Item = &'a RelPath>) -> Self {
        let mut all = Self::default();
        let mut last = None;
        for path in paths {
            let (parent, name) = split(path.as_str());
            all.by_parent.entry(parent).or_default().files.insert(name, path);
            // The files of one directory come one after the other.
            if last.replace(parent) == Some(parent) {
                continue;
            }
            let mut below = parent;
            while !below.is_empty() {
                let (parent, name) = split(below);
                let known = &mut all.by_parent.entry(parent).or_default().directories;
                if known.contains_key(name) {
                    break;
                }
                known.insert(name, path);
                below = parent;
            }
        }
        all
    }

    /// The names of all directories.
    pub fn names(&self) -> impl Iterator<Item = (&'a str, &'a RelPath)> {
        self.by_parent.values().flat_map(|names| names.directories.iter().map(|(name, first)| (*name, *first)))
    }

    /// Names of one kind in one directory, with what may stand beside what.
    fn groups(&self) -> Vec<Vec<(&'a str, &'a RelPath)>> {
        let mut groups = Vec::new();
        for names in self.by_parent.values() {
            let mut by_ending: BTreeMap<&str, Vec<(&str, &RelPath)>> = BTreeMap::new();
            for (name, path) in names.files.iter().filter(|(name, _)| !is_binary(name)) {
                let (stem, ending) = stem(name);
                by_ending.entry(ending).or_default().push((stem, *path));
            }
            groups.extend(by_ending.into_values());
            groups.push(names.directories.iter().map(|(name, path)| (*name, *path)).collect());
        }
        groups.retain(|group| group.len() > 1);
        groups
    }
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// A name without and with what follows its first dot; a dot at the start is part of the name.
fn stem(name: &str) -> (&str, &str) {
    let from = name.len() - name.trim_start_matches('.').len();
    match name[from..].find('.') {
        Some(dot) => name.split_at(from + dot),
        None => (name, ""),
    }
}

/// `notes-copy.md` beside `notes.md`.
#[must_use]
pub fn copies(directories: &Directories<'_>) -> Found {
    let mut found = Found::new();
    for names in directories.by_parent.values() {
        for (name, path) in &names.files {
            let (stem, ending) = stem(name);
            let original = ["-copy", "_copy", ".copy"].iter().find_map(|copy| stem.strip_suffix(copy));
            let original = original.map(|stem| format!("{stem}{ending}"));
            if let Some(original) = original.filter(|original| names.files.contains_key(original.as_str())) {
                found.push((RelPath::clone(path), format!("a copy of {original} beside it")));
            }
        }
    }
    found
}

/// Names that are one where case does not count.
#[must_use]
pub fn by_case(directories: &Directories<'_>) -> Found {
    let mut found = Found::new();
    for names in directories.by_parent.values() {
        let mut folded: HashMap<String, &str> = HashMap::new();
        for (name, path) in names.files.iter().chain(&names.directories) {
            let first = *folded.entry(name.to_lowercase()).or_insert(name);
            if first != *name {
                let message = format!("{name} differs from {first} by case alone: one file on Windows and macOS");
                found.push((RelPath::clone(path), message));
            }
        }
    }
    found
}

/// Names of which one is probably a mistake.
#[must_use]
pub fn near(directories: &Directories<'_>) -> Found {
    let mut found = Found::new();
    for group in directories.groups() {
        // Names that are told already are not told again.
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for key in [without_separators as fn(&str) -> Option<String>, in_singular] {
            let mut same: HashMap<String, &str> = HashMap::new();
            for (stem, path) in &group {
                let Some(key) = key(stem) else { continue };
                let first = *same.entry(key).or_insert(stem);
                if first.to_lowercase() != stem.to_lowercase() && told.insert(stem) {
                    found.push((RelPath::clone(path), format!("{stem} stands beside {first}")));
                }
            }
        }
        found.extend(slips(&group).into_iter().filter(|(stem, _)| told.insert(stem)).map(|(_, twin)| twin));
    }
    found
}

/// `user-service` and `user_service` are the same; signs at the ends and between numbers mean something.
fn without_separators(stem: &str) -> Option<String> {
    let chars: Vec<char> = stem.chars().collect();
    let is_between = |at: usize| {
        let (before, after) = (at.checked_sub(1).and_then(|at| chars.get(at)), chars.get(at + 1));
        matches!(chars[at], '-' | '_' | ' ')
            && before.is_some_and(|c| c.is_alphanumeric())
            && after.is_some_and(|c| c.is_alphanumeric())
            && !(before.is_some_and(|c| c.is_numeric()) && after.is_some_and(|c| c.is_numeric()))
    };
    Some((0..chars.len()).filter(|at| !is_between(*at)).flat_map(|at| chars[at].to_lowercase()).collect())
}

/// `users_service` and `user_service` do one thing, `utils` and `util` hold the same: their words in the singular.
/// Elsewhere one and many are different things.
fn in_singular(stem: &str) -> Option<String> {
    let words: Vec<String> = words(stem).iter().map(|word| singular(word).to_owned()).collect();
    let (last, before) = words.split_last()?;
    let is_meant = if before.is_empty() { DRAWERS.contains(&last.as_str()) } else { ROLES.contains(&last.as_str()) };
    is_meant.then(|| words.join(" "))
}

fn singular(word: &str) -> &str {
    word.strip_suffix('s').filter(|rest| rest.len() > 2 && !rest.ends_with('s')).unwrap_or(word)
}

/// Names that differ in one letter of one long word, where one word is right and the other is none that is known. Names that could be twins meet under
/// the same word with one letter left out, so that nothing is compared with everything.
fn slips<'a>(group: &[(&'a str, &'a RelPath)]) -> Vec<(&'a str, (RelPath, String))> {
    let mut found = Vec::new();
    let mut known: HashMap<(String, usize), Vec<(usize, String)>> = HashMap::new();
    for (number, (stem, path)) in group.iter().enumerate() {
        let words = words(stem);
        for (at, word) in words.iter().enumerate().filter(|(_, word)| is_long(word)) {
            let rest = [words[..at].join(" "), words[at + 1..].join(" ")].join("|");
            let mut met: BTreeSet<usize> = BTreeSet::new();
            for key in shortened(word) {
                let others = known.entry((format!("{rest}|{key}"), at)).or_default();
                for (other, twin) in others.iter() {
                    if is_slip(word, twin) && met.insert(*other) {
                        let message = format!("{stem} stands beside {}: \"{word}\" or \"{twin}\"?", group[*other].0);
                        found.push((*stem, (RelPath::clone(path), message)));
                    }
                }
                others.push((number, word.clone()));
            }
        }
    }
    found
}

fn is_long(word: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn is_slip(one: &str, other: &str) -> bool {
    one.as_bytes()[0] == other.as_bytes()[0]
        && singular(one) != singular(other)
        && distance(one, other) == 1
        && is_known(one) != is_known(other)
}

fn shortened(word: &str) -> Vec<String> {
    let mut all: Vec<String> = (0..word.len()).map(|at| format!("{}{}", &word[..at], &word[at + 1..])).collect();
    all.push(word.to_owned());
    all.sort_unstable();
    all.dedup();
    all
}
