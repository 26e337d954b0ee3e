//! `names`: what names alone tell. Content is never read.

use crate::checklist::faults::{NameFault, NamesProbe};
use crate::probe::fact::{Facts, Hit, key_of};
use crate::probe::finding::{Gathered, files};
use crate::probe::outcome::{Answer, Evidence, Outcome};
use crate::probe::twins::{self, Directories};
use crate::text::file_names::words;
use crate::text::spelling::meant;
use crate::tree::path::RelPath;

/// Endings of what editors, merges and careful people leave behind.
const LEFT_BEHIND: [&str; 8] = ["bak", "backup", "old", "orig", "rej", "save", "swo", "swp"];

/// What names tell beside each other.
type Relation = fn(&Directories<'_>) -> twins::Found;

/// A names probe ready to run.
#[derive(Debug)]
pub struct Names {
    forbid: Vec<NameFault>,
}

impl Names {
    #[must_use]
    pub fn new(probe: &NamesProbe) -> Self {
        Self { forbid: probe.forbid.clone() }
    }

    fn forbids(&self, fault: NameFault) -> bool {
        self.forbid.contains(&fault)
    }

    /// What one name tells without the others.
    #[must_use]
    pub fn map(&self, path: &RelPath) -> Facts {
        let mut facts = Facts::default();
        let mut add =
            |message: String| facts.add(|| Hit { key: key_of(message.as_bytes()), message, ..Hit::default() });
        if self.forbids(NameFault::Strays)
            && let Some(left_behind) = stray(path.name())
        {
            add(format!("a stray copy: \"{left_behind}\""));
        }
        if self.forbids(NameFault::Misspelt) {
            misspelt(path.name()).into_iter().for_each(|(word, meant)| add(format!("\"{word}\" for \"{meant}\"")));
        }
        facts
    }

    /// All names together tell what each means beside the others.
    #[must_use]
    pub fn reduce(&self, gathered: &Gathered<'_>) -> Outcome {
        let mut found: Vec<Evidence> = gathered.hits().map(|(path, hit)| Evidence::of_hit(&path, &hit)).collect();
        let paths: Vec<RelPath> = gathered.noted.paths().collect();
        let directories = Directories::new(paths.iter());
        if self.forbids(NameFault::Misspelt) {
            for (name, first) in directories.names() {
                let wrong = misspelt(name).into_iter();
                found.extend(
                    wrong.map(|(word, meant)| of(first, format!("the directory {name}: \"{word}\" for \"{meant}\""))),
                );
            }
        }
        let relations: [(NameFault, Relation); 3] = [
            (NameFault::Strays, twins::copies),
            (NameFault::CaseTwins, twins::by_case),
            (NameFault::Twins, twins::near),
        ];
        for (_, relation) in relations.into_iter().filter(|(fault, _)| self.forbids(*fault)) {
            found.extend(relation(&directories).into_iter().map(|(path, message)| of(&path, message)));
        }
        if found.is_empty() {
            let nothing = gathered.nothing_selected(Answer::NotApplicable);
            let unlooked = nothing.or_else(|| gathered.trouble());
            let none = || Outcome::new(Answer::Pass, format!("none among {}", files(gathered.selected)), Vec::new());
            return unlooked.unwrap_or_else(none);
        }
        found.sort();
        let count = found.len();
        let reason = match found.as_slice() {
            [only] => only.said(),
            _ => format!("{count} names"),
        };
        Outcome::with(Answer::Fail, reason, found, count)
    }
}

fn of(path: &RelPath, message: String) -> Evidence {
    Evidence { fingerprint: key_of(message.as_bytes()).to_string(), ..Evidence::of_file(path, message) }
}

/// The words of a name that are near to another word, each with that one.
fn misspelt(name: &str) -> Vec<(String, &'static str)> {
    words(name).into_iter().filter_map(|word| meant(&word).map(|meant| (word, meant))).collect()
}

/// What of a name says that the file was left behind.
fn stray(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let lower = ending.to_ascii_lowercase();
    let numbered = |ending: &str, number: &str| -> bool {
        !number.is_empty()
            && number.len() <= 3
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && !ending.is_empty()
    };
    if name.ends_with('~') && name.len() > 1 {
        return Some("~".to_owned());
    }
    if !stem.is_empty() && LEFT_BEHIND.contains(&lower.as_str()) {
        return Some(format!(".{ending}"));
    }
    // `app.js-1`, `app.js.PATCH_1`
    let patched = lower
        .strip_prefix("patch")
        .is_some_and(|rest| rest.is_empty() || numbered(rest, rest.trim_start_matches(['_', '-'])));
    let is_patch = patched && lower != "patch";
    let is_copy = lower.rsplit_once('-').is_some_and(|(letters, number)| {
        letters.len() <= 5 && letters.bytes().all(|byte| byte.is_ascii_lowercase()) && numbered(letters, number)
    });
    if !stem.is_empty() && (is_patch || is_copy) {
        return Some(format!(".{ending}"));
    }
    copied(if stem.is_empty() { name } else { stem })
}

/// `notes copy`, `notes copy 2`, `notes (1)`, `Copy of notes`
fn copied(stem: &str) -> Option<String> {
    let lower = stem.to_lowercase();
    if lower.starts_with("copy of ") {
        return Some(stem[..7].to_owned());
    }
    let counted = lower.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    if counted.len() > 5 && counted.ends_with(" copy") {
        return Some(stem[counted.len() - 4..].to_owned());
    }
    let inside = lower.strip_suffix(')')?;
    let number = inside.rsplit_once('(').map(|(before, number)| (before.trim_end(), number));
    let (before, number) = number?;
    let is_number = !number.is_empty() && number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !before.is_empty()).then(|| format!("({number})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_behind_is_told_by_its_end() {
        for (name, expected) in [
            ("app.js-1", ".js-1"),
            ("app.js.orig", ".orig"),
            ("app.js.PATCH_1", ".PATCH_1"),
            ("settings.py.BAK", ".BAK"),
            ("a.rej", ".rej"),
            (".main.rs.swp", ".swp"),
            ("notes~", "~"),
            ("notes copy.md", "copy"),
            ("notes copy 2.md", "copy 2"),
            ("Copy of notes.md", "Copy of"),
            ("notes (1).md", "(1)"),
            ("notes(2)", "(2)"),
        ] {
            assert_eq!(stray(name).as_deref(), Some(expected), "{name}");
        }
        for name in [
            "app.js",
            "fix.patch",
            "0001-fix.patch",
            "(auth)",
            "(1)",
            "photocopy.md",
            "copy.md",
            "robocopy.rs",
            "use-copy.ts",
            "old",
            ".old",
            "~",
            "chapter (two).md",
            "report (2024).md",
            "lib.so-1.2",
            "x.tar-12345",
            "node-1",
            "a.1-2",
            "",
        ] {
            assert_eq!(stray(name), None, "{name}");
        }
    }
}
