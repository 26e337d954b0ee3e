//! What git says of a tree. Nothing outside `tree` knows which library answers, and nothing here writes.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use git2::ErrorCode;
use jiff::Timestamp;

use crate::tree::beyond::Beyond;
use crate::tree::entry::Stamp;
use crate::tree::glob::Globs;
use crate::tree::history::{self, From};
use crate::tree::ignores::{Compiled, IgnoreFiles, Rules};
use crate::tree::index::{self, Index};
use crate::tree::opened::Opened;
use crate::tree::path::RelPath;
use crate::tree::revision::Revision;
use crate::tree::source::{Committed, GitFacts};
use crate::tree::walk::{self, Ground};

/// The repository that a tree is in. The tree may be a folder of it; other folders are then out of sight.
#[derive(Debug)]
pub struct Repository {
    root: PathBuf,
    workdir: PathBuf,
    git_dir: PathBuf,
    common_dir: PathBuf,
    /// The root below the work tree, as git spells it: empty, or with a `/` at its end.
    prefix: Vec<u8>,
    index: Mutex<Option<KeptIndex>>,
    ever: Mutex<Option<Kept<Vec<String>, Vec<Committed>>>>,
    /// What its ignore files say.
    ignores: Arc<Compiled>,
    pub(super) opened: Opened,
}

/// Something read before, and what it was read of: it stands as long as that does.
type Kept<Of, Read> = (Of, Arc<Read>);
/// The index, or why it cannot be read, and the stamp of its file.
type KeptIndex = (Option<Stamp>, Result<Arc<Index>, String>);

/// Where HEAD is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// In full; `None` before the first commit.
    pub commit: Option<String>,
    /// `None` when HEAD is detached.
    pub branch: Option<String>,
}

/// The places whose change means that git's word may have changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitPaths {
    /// Directories whose own files count: `HEAD`, `index`, `packed-refs`, `config`.
    pub directories: Vec<PathBuf>,
    /// Directories that count with everything below them.
    pub refs: Vec<PathBuf>,
}

/// What stands above a directory.
pub(crate) enum Discovery {
    Found(Box<Repository>),
    Nothing,
    /// There is one, but git's word cannot be had, and why.
    Refused(String),
    /// The directory holds a repository's own files, which are nobody's work tree.
    Inside,
}

impl Repository {
    pub(crate) fn discover(root: &Path) -> Discovery {
        let found = match git2::Repository::discover(root) {
            Ok(found) => found,
            Err(error) if error.code() == ErrorCode::NotFound => {
                return match root.ancestors().map(|folder| folder.join(".git")).find(|git| git.is_file()) {
                    Some(git) => {
                        let git = git.display();
                        Discovery::Refused(format!("git is left out: {git} leads to no repository"))
                    }
                    None => Discovery::Nothing,
                };
            }
            Err(error) if error.code() == ErrorCode::Owner => {
                return Discovery::Refused(format!(
                    "git is left out: the repository belongs to somebody else; if you trust it: \
                     git config --global --add safe.directory {}",
                    root.display()
                ));
            }
            Err(error) => return Discovery::Refused(format!("git is left out: {}", one_line(&error))),
        };
        let git_dir = canonical(found.path());
        if root.starts_with(&git_dir) {
            return Discovery::Inside;
        }
        let Some(workdir) = found.workdir().map(canonical) else {
            return Discovery::Refused(format!("git is left out: {} is a bare repository", git_dir.display()));
        };
        let Some(prefix) = root.strip_prefix(&workdir).ok().map(spell_prefix) else {
            let place = workdir.display();
            return Discovery::Refused(format!("git is left out: the repository's work tree is elsewhere, in {place}"));
        };
        let common_dir = canonical(found.commondir());
        let root = root.to_path_buf();
        let (index, ever, ignores) = Default::default();
        // As a rule it is the one that would be opened later.
        let opened = Opened::with((git_dir == workdir.join(".git")).then_some(found));
        Discovery::Found(Box::new(Self { root, workdir, git_dir, common_dir, prefix, index, ever, ignores, opened }))
    }

    /// # Errors
    /// One line, where HEAD is unreadable.
    pub fn head(&self) -> Result<Head, String> {
        self.ask(|repository| {
            let head = repository.find_reference("HEAD").map_err(|error| one_line(&error))?;
            let branch = head.symbolic_target_bytes().map(|name| {
                let name = String::from_utf8_lossy(name);
                name.strip_prefix("refs/heads/").unwrap_or(&name).to_owned()
            });
            match repository.head() {
                Ok(tip) => {
                    let commit = tip.peel_to_commit().map_err(|error| one_line(&error))?;
                    Ok(Head { commit: Some(commit.id().to_string()), branch })
                }
                Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => {
                    Ok(Head { commit: None, branch })
                }
                Err(error) => Err(one_line(&error)),
            }
        })
    }

    /// What a commit holds below the root, named as git names commits: an id, a branch, a tag, `HEAD~2`.
    ///
    /// # Errors
    /// One line, where there is no such commit or its trees cannot be read.
    pub fn revision(&self, spec: &str) -> Result<Revision, String> {
        Revision::open(self.workdir.clone(), self.prefix.clone(), spec)
    }

    /// When each of these files was last committed with another content, as far as the newest `most` commits tell.
    ///
    /// # Errors
    /// One line, where the history cannot be read.
    pub fn last_changes(&self, paths: &BTreeSet<RelPath>, most: usize) -> Result<BTreeMap<RelPath, Timestamp>, String> {
        self.ask(|repository| history::newest_of_each(repository, &self.prefix, From::Head, paths, most))
    }

    /// `Name <email>` as git would sign, or `None` if git was never told.
    #[must_use]
    pub fn author(&self) -> Option<String> {
        self.ask(|repository| Ok(signature(&configuration(repository)?))).ok()?
    }

    /// Where to look for changes of HEAD, of refs and of the index.
    #[must_use]
    pub fn watched(&self) -> GitPaths {
        let mut directories = vec![self.git_dir.clone()];
        if self.common_dir != self.git_dir {
            directories.push(self.common_dir.clone());
        }
        let refs = directories.iter().map(|dir| dir.join("refs")).filter(|refs| refs.is_dir()).collect();
        GitPaths { directories, refs }
    }

    /// The index below the root, read again only when its file changed.
    pub(crate) fn index(&self) -> Result<Arc<Index>, String> {
        let stamp = self.git_dir.join("index").symlink_metadata().ok().map(|data| walk::stamp(&data));
        let mut kept = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, index)) = kept.as_ref().filter(|(of, _)| *of == stamp) {
            return index.clone();
        }
        // A failure is kept too: many ask, and finding out may take seconds.
        let file = self.git_dir.join("index");
        let index = index::read(&file, || self.open(), &self.workdir, &self.prefix).map(Arc::new);
        *kept = Some((stamp, index.clone()));
        index
    }

    pub(crate) fn rules(&self) -> Rules {
        Rules::above(&self.root, self.ignore_files().as_ref(), &self.ignores)
    }

    fn ignore_files(&self) -> Option<IgnoreFiles> {
        self.ask(|repository| {
            let config = configuration(repository)?;
            Ok(IgnoreFiles {
                workdir: self.workdir.clone(),
                exclude: self.common_dir.join("info/exclude"),
                global: config.get_path("core.excludesFile").ok().or_else(|| in_user_config("ignore")),
                fold_case: config.get_bool("core.ignoreCase").unwrap_or(false),
            })
        })
        .ok()
    }

    /// How the repository calls a path: from its own root on, which may lie above the tree.
    pub(super) fn spelled(&self, path: &RelPath) -> PathBuf {
        let full = path.under(&self.root);
        full.strip_prefix(&self.workdir).map_or_else(|_| full.clone(), Path::to_path_buf)
    }

    pub(crate) fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn workdir(&self) -> &Path {
        &self.workdir
    }

    pub(super) fn common_dir(&self) -> &Path {
        &self.common_dir
    }

    pub(crate) fn open(&self) -> Result<git2::Repository, String> {
        git2::Repository::open(&self.workdir).map_err(|error| one_line(&error))
    }

    /// HEAD, every ref and what it points at: while this stands, so does the history.
    ///
    /// # Errors
    /// One line, where the refs cannot be read.
    pub fn refs(&self) -> Result<Vec<String>, String> {
        self.ask(Self::refs_of)
    }

    fn refs_of(repository: &git2::Repository) -> Result<Vec<String>, String> {
        let mut out = vec![format!("HEAD {:?}", repository.head().ok().and_then(|head| head.target()))];
        for reference in repository.references().map_err(|error| one_line(&error))? {
            let reference = reference.map_err(|error| one_line(&error))?;
            out.push(format!("{} {:?}", String::from_utf8_lossy(reference.name_bytes()), reference.target()));
        }
        Ok(out)
    }

    /// As `git check-ignore`: a file that is tracked is not ignored, whatever the rules say.
    fn leaves_out(&self, index: &Index, ground: &Ground<'_>, path: &RelPath) -> bool {
        let named_dir = path.as_str().ends_with('/');
        let path = RelPath::new(path.as_str().trim_end_matches('/'));
        let is_dir = named_dir || path.under(&self.root).symlink_metadata().is_ok_and(|data| data.is_dir());
        !index.names.contains_key(&path) && ground.standing(&path, is_dir).is_ignored()
    }

    fn ever(&self) -> Result<Arc<Vec<Committed>>, String> {
        self.ask(|repository| {
            let refs = Self::refs_of(repository)?;
            // Whoever comes second waits for the first one's walk instead of doing it again.
            let mut kept = self.ever.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, found)) = kept.as_ref().filter(|(of, _)| *of == refs) {
                return Ok(Arc::clone(found));
            }
            let found = Arc::new(history::ever(repository, &self.prefix, From::EveryRef)?);
            *kept = Some((refs, Arc::clone(&found)));
            Ok(found)
        })
    }
}

impl GitFacts for Repository {
    fn head(&self) -> Result<Option<String>, String> {
        Repository::head(self).map(|head| head.commit)
    }

    fn unlike_head(&self, paths: &BTreeSet<RelPath>) -> Result<BTreeSet<RelPath>, String> {
        self.changed_among(paths)
    }

    fn is_ignored(&self, path: &RelPath) -> Result<bool, String> {
        Ok(self.are_ignored(std::slice::from_ref(path))? == [true])
    }

    fn are_ignored(&self, paths: &[RelPath]) -> Result<Vec<bool>, String> {
        let index = self.index()?;
        let ground = Ground::new(&self.root, self.rules(), false, Beyond::default());
        Ok(paths.iter().map(|path| self.leaves_out(&index, &ground, path)).collect())
    }

    fn ever_committed(&self, globs: &Globs) -> Result<Vec<Committed>, String> {
        Ok(self.ever()?.iter().filter(|found| globs.matches_path(&found.path)).cloned().collect())
    }

    fn newest(&self, globs: &Globs) -> Result<Option<Committed>, String> {
        self.ask(|repository| history::newest(repository, &self.prefix, From::Head, &|path| globs.matches(path)))
    }
}

/// `Name <email>` of whoever uses this machine, where no repository says otherwise.
#[must_use]
pub fn author_without_repository() -> Option<String> {
    signature(&git2::Config::open_default().ok()?)
}

pub(super) fn configuration(repository: &git2::Repository) -> Result<git2::Config, String> {
    repository.config().map_err(|error| one_line(&error))
}

fn signature(config: &git2::Config) -> Option<String> {
    let name = config.get_string("user.name").ok()?;
    let email = config.get_string("user.email").ok()?;
    Some(format!("{name} <{email}>"))
}

pub(super) fn in_user_config(name: &str) -> Option<PathBuf> {
    let given = |variable| std::env::var_os(variable).filter(|value: &std::ffi::OsString| !value.is_empty());
    let folder = given("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| given("HOME").map(|home| Path::new(&home).join(".config")))?;
    Some(folder.join("git").join(name))
}

fn spell_prefix(path: &Path) -> Vec<u8> {
    let mut out = Vec::new();
    for part in path.iter().map(OsStr::as_encoded_bytes) {
        out.extend_from_slice(part);
        out.push(b'/');
    }
    out
}

fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

/// Reads objects as git itself does, for the whole process: what git packed is checked as it is unpacked, and its name
/// is not computed from it again. `git fsck` does that. Nothing that was read is kept: most trees are looked at once, and
/// those of a large repository take megabytes.
pub fn read_as_git_does() {
    git2::opts::strict_hash_verification(false);
    git2::opts::enable_caching(false);
}

pub(crate) fn one_line(error: &git2::Error) -> String {
    error.message().lines().collect::<Vec<_>>().join(" ")
}
