//! The program against everything that a tree, a checklist, a ledger or a repository may do to it: each gives
//! a clear message or an `unknown` with its reason, none hangs, none crashes, none loses a decision.

mod arguments;
mod broken_checklist;
mod broken_ledger;
mod broken_repository;
mod broken_tree;
mod secrets;

use std::fs;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Far more than anything here needs on the slowest machine: what takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// Nobody's number: who may read nothing but what is open to all.
const NOBODY: u32 = 65534;

/// A tree in a temporary folder, and the program to run on it.
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

/// What the program did.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A checklist of these items, each one line.
pub(crate) fn checklist(items: &[&str]) -> String {
    let items: String = items.iter().map(|item| format!("  - {{{item}}}\n")).collect();
    format!("gonogo: 1\ntitle: T\ncategories: [{{id: a, title: A}}]\nitems:\n{items}")
}

/// No file holds the word `evil`.
pub(crate) const FORBID: &str = "id: a.x, title: X, why: w, fix: f, priority: P0, tier: pilot, \
                                 probe: {text: {files: ['**'], forbid: ['evil']}}";
/// A person answers.
pub(crate) const ASK: &str = "id: a.q, title: Q, why: w, fix: f, priority: P0, tier: pilot, probe: {ask: 'ok?'}";
/// Git tracks a file.
pub(crate) const TRACKED: &str = "id: a.g, title: G, why: w, fix: f, priority: P0, tier: pilot, \
                                  probe: {git: {tracked: ['a.txt']}}";

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Somebody else may have to look into it.
        open_to_all(folder.path());
        Self { folder }
    }

    /// With a checklist of these items and one harmless file.
    pub(crate) fn asking(items: &[&str]) -> Self {
        Self::new().file("gonogo.yaml", checklist(items)).file("a.txt", "fine\n")
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    pub(crate) fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let full = self.at(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, content).unwrap();
        self
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        run(self.command(arguments))
    }

    /// As somebody who may read only what is open to all; as ourselves where we are not root.
    pub(crate) fn run_as_nobody(&self, arguments: &[&str]) -> Ran {
        let mut command = self.command(arguments);
        if rustix::process::getuid().is_root() {
            // Unprivileged by number: no name of a user needs to exist.
            command.uid(NOBODY).gid(NOBODY);
        }
        run(command)
    }

    /// The program in this tree, in an environment that says nothing.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gonogo"));
        command.args(arguments).current_dir(self.path());
        scrub(&mut command, self.path());
        command
    }

    /// The same through a shell, where `$GONOGO` is the program.
    pub(crate) fn shell(&self, script: &str) -> Ran {
        let mut command = Command::new("bash");
        command.args(["-c", script]).current_dir(self.path()).env("GONOGO", env!("CARGO_BIN_EXE_gonogo"));
        scrub(&mut command, self.path());
        run(command)
    }

    pub(crate) fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=Ana", "-c", "user.email=ana@example.org"]).args(arguments);
        git.current_dir(self.path());
        scrub(&mut git, self.path());
        let output = git.output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    pub(crate) fn committed(self) -> Self {
        self.git(&["init", "-q"]);
        self.git(&["add", "-A"]);
        self.git(&["commit", "-qm", "first"]);
        self
    }
}

impl Ran {
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self
    }

    /// Somewhere in what it printed.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(self.out.contains(words) || self.err.contains(words), "no {words:?} in\n{}{}", self.out, self.err);
        self
    }
}

pub(crate) fn open_to_all(path: &Path) {
    set_mode(path, 0o755);
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn scrub(command: &mut Command, home: &Path) {
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "XDG_CONFIG_HOME", "GONOGO_THEME"] {
        command.env_remove(name);
    }
    command.env("HOME", home).env("GONOGO_AUTHOR", "Ana <ana@example.org>").env("LC_ALL", "C.UTF-8");
    command.env("GIT_CEILING_DIRECTORIES", home.parent().unwrap_or(home)).env("NO_COLOR", "1");
}

/// Runs to the end, and holds what is true of every run: it ends, it does not panic, and nothing that it prints
/// can command a terminal.
#[track_caller]
pub(crate) fn run(mut command: Command) -> Ran {
    let (out, err) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
    command.stdin(Stdio::null()).stdout(out.try_clone().unwrap()).stderr(err.try_clone().unwrap());
    let mut child = command.spawn().unwrap();
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if began.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("{command:?} hangs");
        }
        thread::sleep(Duration::from_millis(5));
    };
    let (out, err) = (read_again(out), read_again(err));
    assert!(!err.contains("panicked"), "{err}");
    assert_eq!(status.signal(), None, "{command:?} was killed: {err}");
    let commands_a_terminal = |c: char| c.is_control() && c != '\n';
    assert!(!out.contains(commands_a_terminal) && !err.contains(commands_a_terminal), "{out:?}{err:?}");
    Ran { code: status.code().unwrap(), out, err }
}

fn read_again(mut file: fs::File) -> String {
    use std::io::{Read, Seek};
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    String::from_utf8(bytes).expect("what is printed is UTF-8")
}
