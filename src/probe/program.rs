//! A checklist made ready to run: its probes as numbered leaves, each distinct one once, and for every
//! item the expression over them.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use crate::checklist::model::{Checklist, NoFiles, Selection};
use crate::checklist::sets::Calling;
use crate::probe::builder::Builder;
use crate::probe::command::Command;
use crate::probe::compare::{Compare, Written};
use crate::probe::elements::{Elements, Shown};
use crate::probe::encoding::Encoding;
use crate::probe::fact::Facts;
use crate::probe::git::Git;
use crate::probe::key::{Key, Namer};
use crate::probe::late::late;
use crate::probe::matcher::Seeker;
use crate::probe::matchers::Matchers;
use crate::probe::names::Names;
use crate::probe::paths::Paths;
use crate::probe::query::{Query, Reader};
use crate::probe::questions::Questions;
use crate::probe::sarif::Sarif;
use crate::probe::selector::{self, Selector};
use crate::probe::text::Text;
use crate::probe::workshop::{Scopes, Workshop};
use crate::tree::beyond::Beyond;
use crate::tree::entry::Entry;
use crate::tree::path::RelPath;

/// Everything that can be known of a checklist before a tree is seen.
#[derive(Debug)]
pub struct Program {
    pub leaves: Vec<Leaf>,
    pub items: Vec<ItemProgram>,
    /// What each metric counts, in the order of the checklist.
    pub metrics: Vec<Written>,
    /// Leaves that are not looked for until a condition of one of their items holds.
    pub late: BTreeSet<usize>,
    /// What everything that it asks is called, to know it again.
    pub names: Vec<u8>,
    selector: OnceLock<Arc<Selector>>,
    /// Globs of files that no leaf sees unless it sees everything.
    skip: Vec<String>,
    /// The checklists themselves.
    own: BTreeSet<RelPath>,
    pub(super) matchers: Matchers,
    shop: Arc<Workshop>,
}

/// One distinct probe over one selection.
#[derive(Debug)]
pub struct Leaf {
    pub rule: Rule,
    pub selection: Selection,
    pub no_files: Option<NoFiles>,
    /// Two leaves with one key have the same facts.
    pub key: Key,
    /// The items whose answer hangs on it.
    pub items: Vec<usize>,
}

/// The table of probes.
#[derive(Debug)]
pub enum Rule {
    Exists(Paths),
    Absent(Paths),
    Text(Text),
    Query(Query),
    Compare(Compare),
    Encoding(Encoding),
    Names(Names),
    /// Not a probe: one source of what a `compare` relates.
    Elements(Elements),
    Git(Git),
    Sarif(Sarif),
    Command(Command),
    /// Not a probe: the files that an item's decisions cover.
    Covers,
}

#[derive(Debug, Default)]
pub struct ItemProgram {
    pub when: Option<Expression>,
    pub probe: Option<Expression>,
    /// What the members of the probe are called, where it is an `all` or an `any` that names one of them.
    pub parts: Vec<String>,
    /// What a person confirms one by one.
    pub inventory: Option<Written>,
    /// The leaf that holds what the item's `covers` selects.
    pub covers: Option<usize>,
    /// Why the item cannot be asked.
    pub broken: Option<String>,
}

#[derive(Debug)]
pub enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
    Leaf(usize),
    Ask,
}

impl Rule {
    /// As a checklist calls it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Exists(_) => "exists",
            Self::Absent(_) => "absent",
            Self::Text(_) => "text",
            Self::Query(_) => "query",
            Self::Compare(_) | Self::Elements(_) => "compare",
            Self::Encoding(_) => "encoding",
            Self::Names(_) => "names",
            Self::Git(_) => "git",
            Self::Sarif(_) => "sarif",
            Self::Command(_) => "command",
            Self::Covers => "covers",
        }
    }

    #[must_use]
    pub fn reads_content(&self) -> bool {
        self.seeker().is_some() || self.reader().is_some() || matches!(self, Self::Encoding(_) | Self::Sarif(_))
    }

    pub(super) fn seeker(&self) -> Option<&dyn Seeker> {
        match self {
            Self::Text(text) => Some(text),
            Self::Elements(elements) => elements.seeker(),
            _ => None,
        }
    }

    pub(super) fn reader(&self) -> Option<&dyn Reader> {
        match self {
            Self::Query(query) => Some(query),
            Self::Elements(elements) => elements.reader(),
            _ => None,
        }
    }

    /// Whether the same facts give the same answer at any time, whatever git or a command says.
    #[must_use]
    pub fn is_timeless(&self) -> bool {
        !matches!(self, Self::Git(_) | Self::Sarif(_) | Self::Command(_))
    }

    /// The leaves whose facts it is judged by, besides its own.
    #[must_use]
    pub fn sources(&self) -> &[usize] {
        match self {
            Self::Compare(compare) => &compare.leaves,
            _ => &[],
        }
    }

    /// Whether what it finds is to somebody's credit. What is forbidden is seen wherever it stands.
    pub(super) fn proves(&self) -> bool {
        match self {
            Self::Text(text) => text.proves(),
            Self::Elements(_) => true,
            _ => false,
        }
    }

    /// Whether these facts must be kept for the answer, or only counted.
    #[must_use]
    pub fn notes(&self, facts: &Facts) -> bool {
        self.notes_nothing() || !facts.is_empty()
    }

    /// Whether a file in which nothing is found must be kept, too.
    #[must_use]
    pub fn notes_nothing(&self) -> bool {
        match self {
            Self::Covers | Self::Command(_) | Self::Names(_) | Self::Sarif(_) => true,
            Self::Text(text) => text.counts_every_file(),
            Self::Query(query) => query.counts_every_file(),
            _ => false,
        }
    }
}

impl Program {
    /// # Errors
    /// A metric that cannot be asked.
    pub fn new(checklist: &Checklist) -> Result<Self, String> {
        Self::made_in(&Arc::default(), checklist)
    }

    /// The same from what is compiled already. Whoever uses one workshop for several checklists sees to it that they
    /// skip the same and have the same sources.
    ///
    /// # Errors
    /// As [`Program::new`].
    pub fn made_in(shop: &Arc<Workshop>, checklist: &Checklist) -> Result<Self, String> {
        Self::made_of(shop, checklist, Namer::default())
    }

    /// The same for a checklist of which a program was made before, which had these names.
    ///
    /// # Errors
    /// As [`Program::new`].
    pub fn knowing(names: &[u8], shop: &Arc<Workshop>, checklist: &Checklist) -> Result<Self, String> {
        let program = Self::made_of(shop, checklist, Namer::knowing(names))?;
        // Names of another checklist are no names.
        if program.names.len() == names.len() { Ok(program) } else { Self::made_in(shop, checklist) }
    }

    /// The same for what this checklist was changed to, from what is compiled already as far as it serves both.
    ///
    /// # Errors
    /// As [`Program::new`].
    pub fn followed_by(&self, checklist: &Checklist) -> Result<Self, String> {
        let is_like = self.skip == checklist.skip && self.own == own(checklist);
        Self::made_in(&if is_like { Arc::clone(&self.shop) } else { Arc::default() }, checklist)
    }

    fn made_of(shop: &Arc<Workshop>, checklist: &Checklist, namer: Namer) -> Result<Self, String> {
        let mut builder = Builder::new(shop, namer);
        let items: Vec<ItemProgram> =
            checklist.items.iter().enumerate().map(|(number, item)| builder.item(number, item)).collect();
        let metrics: Vec<Written> = checklist
            .metrics
            .iter()
            .map(|metric| builder.side(None, metric.measure.sources(), &Calling::default(), Shown::Places))
            .collect::<Result<_, _>>()?;
        let late = late(&builder.leaves, &items, &metrics);
        Ok(Self {
            leaves: builder.leaves,
            items,
            metrics,
            late,
            names: builder.namer.names(),
            selector: OnceLock::new(),
            skip: checklist.skip.clone(),
            own: own(checklist),
            matchers: Matchers::new(builder.sought, Arc::clone(shop)),
            shop: Arc::clone(shop),
        })
    }

    /// What a later program need not find out again of its patterns, if it is more than was kept.
    #[must_use]
    pub fn to_keep(&self, by: &str) -> Option<Vec<u8>> {
        self.shop.to_keep(by)
    }

    /// Which leaves look at which file; made when somebody first asks.
    #[must_use]
    pub fn selector(&self) -> &Selector {
        let globs = |leaf: &Leaf| (leaf.selection.globs.clone(), leaf.selection.all);
        let make = || {
            let leaves = self.leaves.iter().map(|leaf| (leaf.selection.globs.as_slice(), leaf.selection.all));
            Selector::new(leaves, &self.skip, self.own.clone())
        };
        self.selector.get_or_init(|| {
            let scopes: Scopes = self.leaves.iter().map(globs).collect();
            self.shop.selector(scopes, make)
        })
    }

    /// What files are asked that these leaves select, in order.
    #[must_use]
    pub fn questions(&self, leaves: Vec<usize>) -> Questions {
        Questions::new(leaves, &self.leaves)
    }

    /// Gets ready, on all cores, to look at files of these kinds. Whoever does not call it waits a little longer for the
    /// first file of a kind.
    pub fn prepare<'q>(&self, kinds: impl Iterator<Item = &'q Questions>) {
        let new: BTreeSet<&[usize]> = kinds.filter(|kind| kind.is_new()).map(|kind| kind.of_lines.as_slice()).collect();
        self.matchers.prepare(&new.into_iter().collect::<Vec<_>>());
    }

    /// Where reports are asked for: git ignores those places as a rule.
    #[must_use]
    pub fn beyond(&self) -> Beyond {
        let reports = self.leaves.iter().filter(|leaf| matches!(leaf.rule, Rule::Sarif(_)));
        Beyond(reports.flat_map(|leaf| selector::directories(&leaf.selection.globs)).collect())
    }

    /// What the leaf learns from the name and the stat alone.
    #[must_use]
    pub fn map_entry(&self, leaf: usize, path: &RelPath, entry: &Entry) -> Facts {
        match &self.leaves[leaf].rule {
            Rule::Exists(paths) | Rule::Absent(paths) => paths.map(entry),
            Rule::Git(git) => git.map(entry),
            Rule::Elements(elements) => elements.map_path(path),
            Rule::Names(names) => names.map(path),
            Rule::Covers
            | Rule::Command(_)
            | Rule::Compare(_)
            | Rule::Encoding(_)
            | Rule::Query(_)
            | Rule::Sarif(_)
            | Rule::Text(_) => Facts::default(),
        }
    }
}

fn own(checklist: &Checklist) -> BTreeSet<RelPath> {
    checklist.sources.iter().map(|source| RelPath::new(source)).collect()
}
