//! Sets and variables: what `$name` and `${name}` stand for once every file has had its say.

use std::cell::Cell;
use std::collections::BTreeSet;

use indexmap::{IndexMap, IndexSet};

use crate::checklist::model::Problem;
use crate::checklist::read::is_name;
use crate::checklist::report::{Place, found, quoted};
use crate::checklist::skip::{DEFAULT_SKIP, SKIP};
use crate::document::node::{Node, Value};
use crate::text::suggest::did_you_mean;
use crate::tree::glob;

/// The most globs that one set may come to, and the longest text that variables may blow up.
const MOST_GLOBS: usize = 10_000;
const LONGEST: usize = 100_000;

/// What all insertions of a checklist together may come to, so that a small file stays small.
const ALL_GLOBS: usize = 200_000;
const ALL_FILLED: usize = 8 << 20;

/// How many suggestions a report gives, and among how many names it looks: guessing is slow.
const MOST_HINTS: usize = 100;
const MOST_CANDIDATES: usize = 500;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Variable {
    /// A number, true or false.
    Plain(String),
    One(String),
    Many(Vec<String>),
}

/// Where a variable is put in decides how it is spelled there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// A list reads `a, b, c`.
    Prose,
    /// As prose, but about code, which has `${…}` of its own: what is no variable stays.
    Advice,
    /// A list is `{a,b,c}`.
    Glob,
    /// A text is a pattern, kept together by a group; a list of words is `(?:a|b|c)`, each escaped.
    Regex,
}

#[derive(Debug, Default)]
pub(super) struct Names {
    sets: IndexMap<String, Vec<String>>,
    vars: IndexMap<String, Variable>,
    /// Sets and variables that are written wrongly: what uses one must not look right.
    faulty: BTreeSet<String>,
    globs_given: Cell<usize>,
    bytes_filled: Cell<usize>,
    hints_given: Cell<usize>,
}

/// A value and the file that wrote it.
pub(super) type Written = IndexMap<String, (Place, Node)>;

impl Names {
    pub(super) fn resolve(sets: &Written, vars: &Written, problems: &mut Vec<Problem>) -> (Self, BTreeSet<String>) {
        let mut names = Self::default();
        for (name, (place, node)) in vars {
            match variable(node) {
                Ok(variable) => {
                    names.vars.insert(name.clone(), variable);
                }
                Err(message) => {
                    names.faulty.insert(format!("${{{name}}}"));
                    problems.push(Place { span: node.span, ..place.clone() }.problem(message));
                }
            }
        }
        names.sets.insert(DEFAULT_SKIP.to_owned(), SKIP.iter().map(|glob| (*glob).to_owned()).collect());
        let mut resolver =
            Resolver { written: sets, names: &mut names, open: Vec::new(), used: BTreeSet::new(), problems };
        for name in sets.keys() {
            resolver.set(name);
        }
        let used = resolver.used;
        (names, used)
    }

    pub(super) fn sets(&self) -> &IndexMap<String, Vec<String>> {
        &self.sets
    }

    pub(super) fn set(&self, name: &str) -> Option<&[String]> {
        self.sets.get(name).map(Vec::as_slice)
    }

    /// ", did you mean …?", as long as there are not too many of them.
    pub(super) fn hint<'n>(&self, given: &str, candidates: impl Iterator<Item = &'n str>) -> String {
        self.hints_given.set(self.hints_given.get() + 1);
        if self.hints_given.get() > MOST_HINTS {
            return String::new();
        }
        did_you_mean(given, candidates.take(MOST_CANDIDATES))
    }

    /// `text` with every `${name}` replaced.
    pub(super) fn fill(&self, text: &str, into: Spelling) -> Result<String, String> {
        if !text.contains("${") {
            return Ok(text.to_owned());
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let (before, after) = rest.split_at(start);
            out.push_str(before);
            let name = after[2..].split_once('}').map(|(name, _)| name).filter(|name| is_name(name));
            match name {
                // An escaped dollar is a dollar, and `${{ … }}` belongs to somebody else.
                Some(name) if !self.stays(name, before, into) => {
                    out.push_str(&self.spelled(name, into)?);
                    rest = &after[name.len() + 3..];
                }
                _ => {
                    out.push_str("${");
                    rest = &after[2..];
                }
            }
            if out.len() > LONGEST {
                return Err(format!("with its variables put in, this is longer than {LONGEST} bytes"));
            }
        }
        out.push_str(rest);
        spend(&self.bytes_filled, out.len(), ALL_FILLED, "bytes of variables")?;
        Ok(out)
    }

    /// The words of a variable that holds several, where the whole text is `${name}`.
    pub(super) fn many(&self, text: &str) -> Option<&[String]> {
        match self.vars.get(text.strip_prefix("${")?.strip_suffix('}')?)? {
            Variable::Many(words) => Some(words),
            Variable::Plain(_) | Variable::One(_) => None,
        }
    }

    fn sound(&self, written: &str) -> Result<(), String> {
        if self.faulty.contains(written) {
            return Err(format!("{} is itself written wrongly", quoted(written)));
        }
        Ok(())
    }

    fn stays(&self, name: &str, before: &str, into: Spelling) -> bool {
        match into {
            Spelling::Regex => ends_escaped(before),
            Spelling::Advice => !self.vars.contains_key(name),
            Spelling::Prose | Spelling::Glob => false,
        }
    }

    fn spelled(&self, name: &str, into: Spelling) -> Result<String, String> {
        self.sound(&format!("${{{name}}}"))?;
        let variable = self.vars.get(name).ok_or_else(|| {
            format!("unknown variable {}{}", quoted(name), self.hint(name, self.vars.keys().map(String::as_str)))
        })?;
        let escaped = |word: &String| if into == Spelling::Regex { regex_syntax::escape(word) } else { word.clone() };
        Ok(match variable {
            Variable::Plain(word) => escaped(word),
            Variable::One(text) if into == Spelling::Regex => format!("(?:{text})"),
            Variable::One(text) => text.clone(),
            Variable::Many(words) => {
                let words: Vec<String> = words.iter().map(escaped).collect();
                match into {
                    Spelling::Prose | Spelling::Advice => words.join(", "),
                    Spelling::Glob => format!("{{{}}}", words.join(",")),
                    Spelling::Regex => format!("(?:{})", words.join("|")),
                }
            }
        })
    }

    /// One entry of a list of globs, with its set or its variables put in.
    pub(super) fn globs(&self, written: &str, out: &mut IndexSet<String>) -> Result<(), String> {
        let (exclude, bare) = written.strip_prefix('!').map_or((false, written), |bare| (true, bare));
        let Some(name) = bare.strip_prefix('$').filter(|name| !name.starts_with('{')) else {
            let glob = self.fill(bare, Spelling::Glob)?;
            check(&glob)?;
            out.insert(if exclude { format!("!{glob}") } else { glob });
            return Ok(());
        };
        self.sound(bare)?;
        let set = self.sets.get(name).ok_or_else(|| {
            format!("unknown set {}{}", quoted(bare), self.hint(name, self.sets.keys().map(String::as_str)))
        })?;
        spend(&self.globs_given, set.len(), ALL_GLOBS, "globs of sets")?;
        for glob in set {
            match (exclude, glob.starts_with('!')) {
                (false, _) => out.insert(glob.clone()),
                (true, false) => out.insert(format!("!{glob}")),
                (true, true) => {
                    return Err(format!(
                        "{} can't be excluded: the set itself excludes {}",
                        quoted(bare),
                        quoted(glob)
                    ));
                }
            };
        }
        if out.len() > MOST_GLOBS {
            return Err(format!("this comes to more than {MOST_GLOBS} globs"));
        }
        Ok(())
    }
}

fn spend(spent: &Cell<usize>, more: usize, most: usize, what: &str) -> Result<(), String> {
    spent.set(spent.get() + more);
    if spent.get() > most { Err(format!("the whole checklist inserts more than {most} {what}")) } else { Ok(()) }
}

/// Whether the text ends in a backslash that escapes what follows.
fn ends_escaped(before: &str) -> bool {
    before.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

fn check(glob: &str) -> Result<(), String> {
    let name = quoted(glob);
    match glob {
        "" => Err("an empty glob selects nothing".to_owned()),
        _ if glob.starts_with('/') => Err(format!("{name} is absolute; globs are relative to the root of the tree")),
        _ if glob.split('/').any(|part| part == "..") => Err(format!("{name} leaves the tree")),
        _ => glob::compile(glob).map(drop),
    }
}

fn variable(node: &Node) -> Result<Variable, String> {
    let word = |node: &Node| match &node.value {
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(node.text()),
        _ => Err(format!("expected a number, a word or a list of them, found {}", found(node))),
    };
    let variable = match node.items() {
        Some([]) => return Err("expected at least one word in the list".to_owned()),
        Some(items) => Variable::Many(items.iter().map(word).collect::<Result<_, _>>()?),
        None if node.as_str().is_some() => Variable::One(node.text()),
        None => Variable::Plain(word(node)?),
    };
    let length: usize = match &variable {
        Variable::Plain(word) | Variable::One(word) => word.len(),
        Variable::Many(words) => words.iter().map(String::len).sum(),
    };
    if length > LONGEST / 10 {
        return Err(format!("a variable may hold {} bytes", LONGEST / 10));
    }
    Ok(variable)
}

/// Resolves sets that use sets, each once, and finds the ones that use themselves.
struct Resolver<'a> {
    written: &'a Written,
    names: &'a mut Names,
    open: Vec<String>,
    used: BTreeSet<String>,
    problems: &'a mut Vec<Problem>,
}

impl Resolver<'_> {
    fn set(&mut self, name: &str) {
        let Some((place, node)) = self.written.get(name) else { return };
        if self.names.sets.contains_key(name) || self.open.len() > 64 {
            return;
        }
        self.open.push(name.to_owned());
        let mut globs = IndexSet::new();
        let single = std::slice::from_ref(node);
        for entry in node.items().unwrap_or(single) {
            if let Err(message) = self.entry(entry, &mut globs) {
                self.names.faulty.insert(format!("${name}"));
                self.problems.push(Place { span: entry.span, ..place.clone() }.problem(message));
            }
        }
        self.open.pop();
        self.names.sets.insert(name.to_owned(), globs.into_iter().collect());
    }

    fn entry(&mut self, node: &Node, globs: &mut IndexSet<String>) -> Result<(), String> {
        let Some(text) = node.as_str() else {
            return Err(format!("expected a list of globs, found {}", found(node)));
        };
        let bare = text.strip_prefix('!').unwrap_or(text);
        if let Some(name) = bare.strip_prefix('$').filter(|name| !name.starts_with('{')) {
            if self.open.iter().any(|open| open == name) {
                let way: Vec<&str> = self.open.iter().map(String::as_str).chain([name]).collect();
                return Err(format!("the set uses itself: {}", quoted(&way.join(" → "))));
            }
            self.used.insert(name.to_owned());
            self.set(name);
            if self.written.contains_key(name) && !self.names.sets.contains_key(name) {
                return Err("sets use each other too deep".to_owned());
            }
        }
        self.names.globs_known(text, self.written, globs)
    }
}

impl Names {
    /// As [`Names::globs`], with suggestions also from sets that are not resolved yet.
    fn globs_known(&self, written: &str, all: &Written, out: &mut IndexSet<String>) -> Result<(), String> {
        let bare = written.strip_prefix('!').unwrap_or(written);
        match bare.strip_prefix('$').filter(|name| !name.starts_with('{')) {
            Some(name) if !self.sets.contains_key(name) => {
                let known = all.keys().map(String::as_str).chain([DEFAULT_SKIP]);
                Err(format!("unknown set {}{}", quoted(bare), self.hint(name, known)))
            }
            _ => self.globs(written, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        Names {
            sets: [("py".to_owned(), words(&["**/*.py", "!old/**"])), ("docs".to_owned(), words(&["docs/"]))].into(),
            vars: [
                ("min".to_owned(), Variable::Plain("7.5".to_owned())),
                ("web".to_owned(), Variable::One("flask|koa".to_owned())),
                ("dirs".to_owned(), Variable::Many(words(&["a+b", "c"]))),
            ]
            .into(),
            ..Names::default()
        }
    }

    #[test]
    fn a_variable_is_spelled_for_its_place() {
        let names = names();
        assert_eq!(names.fill("x ${min} ${dirs}", Spelling::Prose).unwrap(), "x 7.5 a+b, c");
        assert_eq!(names.fill("${dirs}/*.py", Spelling::Glob).unwrap(), "{a+b,c}/*.py");
        assert_eq!(names.fill("^${dirs}=${min}$", Spelling::Regex).unwrap(), r"^(?:a\+b|c)=7\.5$");
        assert_eq!(names.fill("^${web}$", Spelling::Regex).unwrap(), "^(?:flask|koa)$");
        assert_eq!(names.fill(r"\${min}", Spelling::Regex).unwrap(), r"\${min}");
        assert_eq!(names.fill("${{ secrets.x }} ${", Spelling::Prose).unwrap(), "${{ secrets.x }} ${");
        assert_eq!(names.fill("${mn}", Spelling::Prose).unwrap_err(), "unknown variable \"mn\", did you mean \"min\"?");
    }

    #[test]
    fn a_set_is_inserted_or_excluded_glob_by_glob() {
        let names = names();
        let mut globs = IndexSet::new();
        names.globs("$py", &mut globs).unwrap();
        names.globs("!$docs", &mut globs).unwrap();
        assert_eq!(globs.into_iter().collect::<Vec<_>>(), ["**/*.py", "!old/**", "!docs/"]);
        assert!(names.globs("!$py", &mut IndexSet::new()).unwrap_err().contains("itself excludes"));
        assert!(names.globs("/etc/passwd", &mut IndexSet::new()).is_err());
        assert!(names.globs("../x", &mut IndexSet::new()).is_err());
    }

    #[test]
    fn variables_cannot_blow_a_text_up() {
        let mut names = names();
        names.vars.insert("big".to_owned(), Variable::One("x".repeat(9_000)));
        assert!(names.fill(&"${big}".repeat(20), Spelling::Prose).unwrap_err().contains("longer than"));
    }
}
