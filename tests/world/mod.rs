//! A whole tree in one literal, with a checklist, a clock and an author, and nobody's configuration:
//! `World::new().tree(&[("a.py", "x = 1\n")]).git().checklist("…").run(&["check"])`.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use gonogo::engine::progress::Progress;
use gonogo::ledger::decision::Actor;
use gonogo::readiness::board::{Board, Row};
use gonogo::session::{Session, Settings};
use serde_json::Value;

use crate::place::Place;

pub(crate) const ANA: &str = "Ana <ana@example.org>";
pub(crate) const BEN: &str = "Ben <ben@example.org>";

pub(crate) struct World {
    place: Place,
    at: String,
    author: Option<String>,
}

/// What the program printed and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { place: Place::new(), at: "2026-01-02".to_owned(), author: Some(ANA.to_owned()) }
    }

    pub(crate) fn tree(self, files: &[(&str, &str)]) -> Self {
        for (path, text) in files {
            self.place.write(path, text);
        }
        self
    }

    /// A repository on the branch `main`, in which everything so far is committed.
    pub(crate) fn git(self) -> Self {
        self.place.git(&["init", "-q", "-b", "main"]);
        self.commit();
        self
    }

    /// The checklist of the tree. The line `gonogo: 1` is understood.
    pub(crate) fn checklist(self, yaml: &str) -> Self {
        self.edit("gonogo.yaml", &checklist(yaml));
        self
    }

    /// The day, or the moment, on which everything happens.
    pub(crate) fn today(mut self, at: &str) -> Self {
        at.clone_into(&mut self.at);
        self
    }

    pub(crate) fn author(mut self, author: &str) -> Self {
        self.author = Some(author.to_owned());
        self
    }

    /// Nobody told git or the program who works here.
    pub(crate) fn nobody(mut self) -> Self {
        self.author = None;
        self
    }

    pub(crate) fn root(&self) -> &PathBuf {
        &self.place.root
    }

    pub(crate) fn edit(&self, path: &str, text: &str) -> &Self {
        self.place.write(path, text);
        self
    }

    pub(crate) fn append(&self, path: &str, text: &str) -> &Self {
        let before = fs::read_to_string(self.root().join(path)).unwrap();
        self.edit(path, &(before + text))
    }

    pub(crate) fn remove(&self, path: &str) -> &Self {
        fs::remove_file(self.root().join(path)).unwrap();
        self
    }

    pub(crate) fn commit(&self) -> &Self {
        self.place.commit("work");
        self
    }

    /// Commits everything on that day with these words, and gives the commit.
    pub(crate) fn commit_on(&self, day: &str, subject: &str) -> String {
        self.place.on(day).commit(subject);
        self.git_does(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    pub(crate) fn git_does(&self, arguments: &[&str]) -> String {
        self.place.git(arguments)
    }

    /// Runs the program in the tree, on the day of this world.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let at = self.at.clone();
        self.run_at(&at, arguments)
    }

    pub(crate) fn run_at(&self, at: &str, arguments: &[&str]) -> Run {
        let home = self.root().parent().unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_gonogo"));
        program.current_dir(self.root()).env_clear();
        program.env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", home);
        program.env("XDG_CONFIG_HOME", home.join("config"));
        program.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        if let Some(author) = &self.author {
            program.env("GONOGO_AUTHOR", author);
        }
        let output = program.args(arguments).args(["--at", at]).output().unwrap();
        Run {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().expect("it ended by itself"),
        }
    }

    /// What `check --format json` says, whatever the verdict.
    pub(crate) fn report(&self) -> Value {
        self.run(&["check", "--format", "json"]).json()
    }

    /// The status of an item and why.
    pub(crate) fn status(&self, item: &str) -> (String, String) {
        let at = self.at.clone();
        self.status_at(&at, item)
    }

    pub(crate) fn status_at(&self, at: &str, item: &str) -> (String, String) {
        let report = self.run_at(at, &["check", "--format", "json"]).json();
        let item = item_of(&report, item);
        (item["status"].as_str().unwrap().to_owned(), item["reason"].as_str().unwrap().to_owned())
    }

    pub(crate) fn settings(&self) -> Settings {
        let day: Option<jiff::civil::Date> = self.at.parse().ok();
        let at = match day {
            Some(day) => day.at(23, 59, 59, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp(),
            None => self.at.parse().unwrap(),
        };
        Settings {
            path: self.root().clone(),
            checklist: None,
            author: self.author.clone(),
            actor: Actor::Person,
            at: Some(at),
            only: Vec::new(),
            data: Some(self.root().parent().unwrap().join(".local/share/gonogo")),
            cache: None,
        }
    }

    pub(crate) fn session(&self) -> Session {
        Session::open(&self.settings(), &Progress::default()).unwrap()
    }
}

impl Run {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Ended with `code` and said `words` on standard error.
    pub(crate) fn refuses(&self, code: i32, words: &str) {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.stderr.contains(words), "no \"{words}\" in {self:?}");
        assert_eq!(self.stdout, "", "nothing is printed where nothing was done");
    }

    pub(crate) fn succeeds(&self) -> &Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }
}

pub(crate) fn checklist(yaml: &str) -> String {
    format!("gonogo: 1\n{yaml}")
}

pub(crate) fn item_of<'a>(report: &'a Value, id: &str) -> &'a Value {
    let items = report["items"].as_array().unwrap();
    items.iter().find(|item| item["id"] == id).unwrap_or_else(|| panic!("no item {id}"))
}

pub(crate) fn row<'a>(board: &'a Board, id: &str) -> &'a Row {
    board.rows.iter().find(|row| row.item.id == id).unwrap_or_else(|| panic!("no item {id}"))
}

/// Where a link stands, it is replaced: nothing outside the tree is written. Where a folder or a file is in the way,
/// nothing is.
pub(crate) fn write(full: &Path, text: &str) {
    if full.symlink_metadata().is_ok_and(|data| data.is_symlink()) {
        drop(fs::remove_file(full));
    }
    drop(fs::create_dir_all(full.parent().unwrap()));
    drop(fs::write(full, text));
}

pub(crate) fn remove(full: &Path) {
    match full.symlink_metadata() {
        Ok(data) if data.is_dir() => fs::remove_dir_all(full).unwrap(),
        Ok(_) => fs::remove_file(full).unwrap(),
        Err(_) => {}
    }
}
