//! What is asked, once every file has been read, merged and checked.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use crate::checklist::faults::{EncodingProbe, NamesProbe};
use crate::checklist::metric::Metric;
use crate::checklist::plan::{Environment, Phase, Plan};
use crate::checklist::sets::{CompareProbe, SetSource};

/// A whole checklist. The order of items and categories is the order of the screen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Checklist {
    pub title: String,
    /// Every file and built-in that took part, in the order in which they were applied.
    pub sources: Vec<String>,
    pub tiers: Vec<Tier>,
    pub categories: Vec<Category>,
    /// The stretches of the work, in order.
    pub phases: Vec<Phase>,
    pub environments: Vec<Environment>,
    pub metrics: Vec<Metric>,
    pub items: Vec<Arc<Item>>,
    /// Named selections, resolved: what of an item's globs belongs together.
    pub sets: IndexMap<String, Vec<String>>,
    /// Globs of files that no selection sees unless it says `scope: all`.
    pub skip: Vec<String>,
    /// Ids of the items that somebody dropped.
    pub disabled: Vec<String>,
    /// The hash of every file that took part, as written; empty where no item has a command.
    pub digest: String,
    /// The hash of everything above that can move a score.
    pub ruler: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    pub id: String,
    pub title: String,
    /// The lowest priority that can stop this tier.
    pub gate: Priority,
    /// Whether `likely` is not enough.
    pub confirm: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    pub id: String,
    pub title: String,
    pub about: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub id: String,
    pub category: String,
    pub title: String,
    pub why: String,
    pub fix: String,
    pub refs: Vec<String>,
    pub priority: Priority,
    /// Index into [`Checklist::tiers`]: the first tier that requires it.
    pub tier: usize,
    /// Index into [`Checklist::phases`]: when to do it.
    pub phase: usize,
    /// Zero where nobody said.
    pub effort_minutes: u32,
    pub confidence: Confidence,
    pub when: Option<Probe>,
    /// `None` for a question that only a person answers (its words are then the title).
    pub probe: Option<Probe>,
    /// What an empty selection means; `None` is the probe's own rule.
    pub no_files: Option<NoFiles>,
    pub covers: Vec<String>,
    /// What a person chooses from, where the item is a decision to take.
    pub options: Vec<String>,
    /// Where the elements come from that a person confirms one by one.
    pub inventory: Vec<SetSource>,
    pub plan: Plan,
    pub review_every_days: Option<u32>,
    pub waivable: bool,
    /// Left out where a checklist is kept for the next start: only tests of it need them.
    #[serde(skip)]
    pub cases: Vec<Case>,
    /// `gonogo.yaml:31:5`, where the item was last touched.
    pub place: String,
    /// Set where the item was written wrongly: it is `unknown`, and this is why.
    pub broken: Option<String>,
    /// The hash of what was asked: title, question, probe, covers, options, inventory. An attestation is bound to it.
    pub hash: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Priority {
    P0,
    P1,
    P2,
    P3,
}

impl Priority {
    pub const ALL: [Self; 4] = [Self::P0, Self::P1, Self::P2, Self::P3];

    /// What it weighs in a score.
    #[must_use]
    pub fn weight(self) -> u32 {
        8 >> self as u32
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(["P0", "P1", "P2", "P3"][*self as usize])
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    Certain,
    Heuristic,
}

/// What an item says of an empty selection. Nothing looked at is never a pass, so that is no choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoFiles {
    Fail,
    NotApplicable,
    Unknown,
}

/// How a machine answers: Kleene logic over leaves.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Probe {
    All(Vec<Member>),
    Any(Vec<Member>),
    Not(Box<Probe>),
    Exists(PathsProbe),
    Absent(PathsProbe),
    Text(TextProbe),
    Query(QueryProbe),
    Compare(CompareProbe),
    Encoding(EncodingProbe),
    Names(NamesProbe),
    Git(GitProbe),
    Sarif(SarifProbe),
    Command(CommandProbe),
    /// Never answered by the machine.
    Ask(String),
}

/// One of several probes. Its name is for the screen and changes nothing of what is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Member {
    pub probe: Probe,
    /// What this half of the item is called where only the other one holds.
    #[serde(skip)]
    pub part: Option<String>,
}

impl From<Probe> for Member {
    fn from(probe: Probe) -> Self {
        Self { probe, part: None }
    }
}

/// Which files: globs relative to the root, `!` excludes; sets and variables are already put in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Selection {
    pub globs: Vec<String>,
    /// `scope: all`: also what git ignores and what the `skip` set leaves out.
    pub all: bool,
}

/// `exists` and `absent`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PathsProbe {
    pub files: Selection,
    /// `exists` only: how many there must be.
    pub min: u32,
    pub size: Size,
    /// `absent` only: counts only what git tracks (or does not).
    pub tracked: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Size {
    Any,
    Empty,
    Nonempty,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
pub struct TextProbe {
    pub files: Selection,
    pub want: Want,
    /// Any of these matches.
    pub patterns: Vec<String>,
    pub unless: Option<String>,
    pub within: u32,
    pub view: View,
    pub each: bool,
    pub multiline: bool,
    /// Bounds as written, for the number that the first group of a match captured.
    pub at_least: Option<String>,
    pub at_most: Option<String>,
    /// How many bits a character of a match must carry at least, as written.
    pub entropy: Option<String>,
    pub checksum: Option<Checksum>,
}

impl Serialize for TextProbe {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// In text it is left out where nobody asks for it, so that a probe without it is named as it was before there
        /// was any. In bytes every field has its place.
        fn asked<S: SerializeStruct, T: Serialize>(
            fields: &mut S,
            is_text: bool,
            name: &'static str,
            value: &Option<T>,
        ) -> Result<(), S::Error> {
            if value.is_none() && is_text { fields.skip_field(name) } else { fields.serialize_field(name, value) }
        }
        let is_text = serializer.is_human_readable();
        let mut fields = serializer.serialize_struct("TextProbe", 12)?;
        fields.serialize_field("files", &self.files)?;
        fields.serialize_field("want", &self.want)?;
        fields.serialize_field("patterns", &self.patterns)?;
        fields.serialize_field("unless", &self.unless)?;
        fields.serialize_field("within", &self.within)?;
        fields.serialize_field("view", &self.view)?;
        fields.serialize_field("each", &self.each)?;
        fields.serialize_field("multiline", &self.multiline)?;
        asked(&mut fields, is_text, "at_least", &self.at_least)?;
        asked(&mut fields, is_text, "at_most", &self.at_most)?;
        asked(&mut fields, is_text, "entropy", &self.entropy)?;
        asked(&mut fields, is_text, "checksum", &self.checksum)?;
        fields.end()
    }
}

/// How the end of a token checks what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checksum {
    Crc32Base62,
}

/// `find`, `forbid` or (queries only) `every`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Want {
    Find,
    Forbid,
    Every,
}

/// `in:` which part of a line is looked at, by the comment syntax of its language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    Code,
    Comment,
    Any,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct QueryProbe {
    pub files: Selection,
    /// `as:` the kind of document where the name does not tell.
    pub kind: Option<String>,
    pub select: String,
    pub want: Want,
    /// Any of these matches; an empty list matches any node.
    pub patterns: Vec<String>,
    pub each: bool,
    /// Bounds as written (numbers); a node that is no number is in no bounds.
    pub at_least: Option<String>,
    pub at_most: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GitProbe {
    Tracked(Vec<String>),
    /// Names, which need not exist.
    Ignored(Vec<String>),
    NeverCommitted(Vec<String>),
    Newest {
        paths: Vec<String>,
        within_days: u32,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SarifProbe {
    pub files: Selection,
    /// By [`Severity`]: how many results there may be; `None` is as many as there are.
    pub at_most: [Option<u32>; 3],
    /// The name of the tool whose runs count, in upper or lower case; `None` is any.
    pub tool: Option<String>,
    pub max_age_days: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CommandProbe {
    /// The program and its arguments; no shell reads them.
    pub run: Vec<String>,
    pub timeout_seconds: u32,
    /// The status that it must end with.
    pub exit: u32,
    /// The files whose change makes it run again.
    pub covers: Vec<String>,
}

/// How grave a scanner says that a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
    Note,
}

/// What proves the probe: a small tree and the outcome that it must have.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub expect: Expect,
    /// Path to content. A name that ends in `/` is an empty directory.
    pub files: Vec<(String, String)>,
    /// `path` or `path:line` of the evidence that must be among what is found.
    pub at: Option<String>,
    /// Files of the case that git tracks although a `.gitignore` among them says to ignore them.
    pub tracked: Vec<String>,
    /// What the item's commands are taken to have ended with: a case runs nothing.
    pub exit: Option<u32>,
    /// `gonogo.yaml:40:9`, where the case is written.
    pub place: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    Pass,
    Fail,
    NotApplicable,
    Unknown,
}

/// Something wrong with an input: where, what, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    pub path: String,
    /// Zero where the whole file is meant.
    pub line: u32,
    pub column: u32,
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl Item {
    /// The commands that answer it.
    #[must_use]
    pub fn commands(&self) -> Vec<&CommandProbe> {
        fn add<'a>(probe: &'a Probe, into: &mut Vec<&'a CommandProbe>) {
            match probe {
                Probe::Command(command) => into.push(command),
                Probe::All(members) | Probe::Any(members) => {
                    members.iter().for_each(|member| add(&member.probe, into));
                }
                Probe::Not(member) => add(member, into),
                _ => {}
            }
        }
        let mut commands = Vec::new();
        self.when.iter().chain(&self.probe).for_each(|probe| add(probe, &mut commands));
        commands
    }

    /// What a person is asked: the probe's own question, else the title.
    #[must_use]
    pub fn question(&self) -> &str {
        fn ask(probe: &Probe) -> Option<&str> {
            match probe {
                Probe::Ask(text) => Some(text),
                Probe::All(members) | Probe::Any(members) => members.iter().find_map(|member| ask(&member.probe)),
                Probe::Not(member) => ask(member),
                _ => None,
            }
        }
        self.probe.as_ref().and_then(ask).unwrap_or(&self.title)
    }
}
