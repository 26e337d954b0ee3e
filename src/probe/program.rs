//! A checklist made ready to run: its probes as numbered leaves, each distinct one once, and for every
//! item the expression over them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::checklist::model::{Checklist, NoFiles, Selection};
use crate::checklist::sets::Calling;
use crate::document::{self, Kind, Queryable};
use crate::probe::builder::Builder;
use crate::probe::command::Command;
use crate::probe::compare::{Compare, Written};
use crate::probe::elements::{Elements, Shown};
use crate::probe::encoding::Encoding;
use crate::probe::fact::{Facts, Trouble};
use crate::probe::git::Git;
use crate::probe::heirs::{self, Near, Taken};
use crate::probe::key::{Key, Namer};
use crate::probe::late::late;
use crate::probe::matcher::{Found, Seeker};
use crate::probe::matchers::Matchers;
use crate::probe::names::Names;
use crate::probe::paths::Paths;
use crate::probe::query::{Query, Reader};
use crate::probe::sarif::Sarif;
use crate::probe::selector::{self, Selector};
use crate::probe::text::Text;
use crate::probe::view::Views;
use crate::probe::workshop::{Scopes, Workshop};
use crate::text::comments;
use crate::text::decode::{decode, lossy};
use crate::text::file_names::is_binary;
use crate::text::ours;
use crate::tree::beyond::Beyond;
use crate::tree::entry::Entry;
use crate::tree::path::RelPath;
use crate::tree::source::{Content, READ_CAP};

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
    matchers: Matchers,
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

/// What one file taught.
#[derive(Debug, Default)]
pub struct Learned {
    /// In the order of the leaves.
    pub facts: Vec<Facts>,
    /// Other files that took part in it.
    pub companions: Vec<RelPath>,
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

    fn seeker(&self) -> Option<&dyn Seeker> {
        match self {
            Self::Text(text) => Some(text),
            Self::Elements(elements) => elements.seeker(),
            _ => None,
        }
    }

    fn reader(&self) -> Option<&dyn Reader> {
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
    fn proves(&self) -> bool {
        match self {
            Self::Text(text) => text.proves(),
            Self::Elements(_) => true,
            _ => false,
        }
    }

    /// Whether these facts must be kept for the answer, or only counted.
    #[must_use]
    pub fn notes(&self, facts: &Facts) -> bool {
        match self {
            Self::Covers | Self::Command(_) | Self::Names(_) | Self::Sarif(_) => true,
            Self::Text(text) if text.counts_every_file() => true,
            Self::Query(query) if query.counts_every_file() => true,
            _ => !facts.is_empty(),
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
    pub fn knowing(names: &[u8], checklist: &Checklist) -> Result<Self, String> {
        let program = Self::made_of(&Arc::default(), checklist, Namer::knowing(names))?;
        // Names of another checklist are no names.
        if program.names.len() == names.len() { Ok(program) } else { Self::new(checklist) }
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
            own: checklist.sources.iter().map(|source| RelPath::new(source)).collect(),
            matchers: Matchers::new(builder.patterns, Arc::clone(shop)),
            shop: Arc::clone(shop),
        })
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

    /// Gets ready, on all cores, to look at files of which each is asked by these leaves. Whoever does not call it waits a
    /// little longer for the first file of a kind.
    pub fn prepare<'l>(&self, files: impl Iterator<Item = &'l [usize]>) {
        let kinds: BTreeSet<Vec<usize>> = files.map(|leaves| self.matchers.own(leaves)).collect();
        self.matchers.prepare(&kinds.into_iter().collect::<Vec<_>>());
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

    /// What the leaves that read content learn from one file; facts come in the order of `leaves`.
    #[must_use]
    pub fn map_content(&self, path: &RelPath, content: &Content, leaves: &[usize], near: &Near<'_>) -> Learned {
        let mut facts = vec![Facts::default(); leaves.len()];
        let Some(bytes) = decode(&content.bytes) else {
            let facts = leaves.iter().map(|leaf| self.map_binary(path, *leaf)).collect();
            return Learned { facts, companions: Vec::new() };
        };
        // A report may be longer than what patterns are asked about.
        let looked_at = &bytes[..bytes.len().min(usize::try_from(READ_CAP).unwrap_or(usize::MAX))];
        self.run_texts(path, looked_at, leaves, &mut facts);
        let companions = self.run_queries(path, looked_at, leaves, near, &mut facts);
        for (slot, leaf) in leaves.iter().enumerate() {
            if let Rule::Sarif(sarif) = &self.leaves[*leaf].rule {
                facts[slot] = sarif.map(&bytes);
            }
        }
        let is_cut = content.cut_from.is_some() || looked_at.len() < bytes.len();
        self.run_encodings(path, &content.bytes, whole_lines(looked_at, is_cut), leaves, &mut facts);
        let size = content.cut_from.unwrap_or(content.bytes.len() as u64);
        for (facts, leaf) in facts.iter_mut().zip(leaves) {
            let is_report = matches!(self.leaves[*leaf].rule, Rule::Sarif(_));
            let read = if is_report { bytes.len() } else { looked_at.len() };
            if content.cut_from.is_some() || read < bytes.len() {
                let message = format!("only the first {read} of {size} bytes were read");
                facts.trouble = Some(Trouble { message, ..Trouble::default() });
            }
        }
        if ours::is_report(path.as_str(), &content.bytes) {
            let proving = facts.iter_mut().zip(leaves).filter(|(_, leaf)| self.leaves[**leaf].rule.proves());
            proving.for_each(|(facts, _)| *facts = Facts::ours());
        }
        Learned { facts, companions }
    }

    /// What no pattern can be about. Of a picture nobody expects it; a name that promises text, or a question that wants
    /// a document, leaves the answer open.
    fn map_binary(&self, path: &RelPath, leaf: usize) -> Facts {
        let name = path.as_str();
        let promises_text = || comments::language(name).is_some() || Kind::of(name).is_some();
        match &self.leaves[leaf].rule {
            Rule::Encoding(_) if !promises_text() => Facts::default(),
            rule if rule.seeker().is_some() && !promises_text() => Facts::default(),
            _ => Facts::unreadable("a binary file (it holds NUL bytes): not looked at"),
        }
    }

    fn run_texts(&self, path: &RelPath, bytes: &[u8], leaves: &[usize], facts: &mut [Facts]) {
        let probes: Vec<_> = leaves.iter().map(|leaf| (*leaf, self.leaves[*leaf].rule.seeker())).collect();
        if probes.iter().all(|(_, seeker)| seeker.is_none()) {
            return;
        }
        let views = Views::new(path.as_str(), bytes);
        let mut found: Vec<Found> = leaves.iter().map(|_| Found::default()).collect();
        self.matchers.of(&self.matchers.own(leaves)).run(&views, &probes, &mut found);
        for (((_, seeker), found), facts) in probes.into_iter().zip(found).zip(facts) {
            if let Some(seeker) = seeker {
                *facts = seeker.facts(&views, found);
            }
        }
    }

    fn run_encodings(&self, path: &RelPath, raw: &[u8], bytes: &[u8], leaves: &[usize], facts: &mut [Facts]) {
        for (leaf, facts) in leaves.iter().zip(facts) {
            if let Rule::Encoding(encoding) = &self.leaves[*leaf].rule
                && !is_binary(path.name())
            {
                *facts = encoding.map(raw, bytes);
            }
        }
    }

    /// Gives the files that had to be looked into for the answer.
    fn run_queries(
        &self,
        path: &RelPath,
        bytes: &[u8],
        leaves: &[usize],
        near: &Near<'_>,
        facts: &mut [Facts],
    ) -> Vec<RelPath> {
        let mut companions = Vec::new();
        let mut by_kind: BTreeMap<Kind, Vec<(usize, &dyn Reader)>> = BTreeMap::new();
        for (slot, leaf) in leaves.iter().enumerate() {
            let Some(reader) = self.leaves[*leaf].rule.reader() else { continue };
            match reader.kind().or_else(|| Kind::of(path.as_str())) {
                Some(kind) => by_kind.entry(kind).or_default().push((slot, reader)),
                None => facts[slot] = Facts::unreadable("no kind of document that can be queried; `as:` names one"),
            }
        }
        if by_kind.is_empty() {
            return companions;
        }
        let text = lossy(bytes);
        let lines: Vec<&str> = text.lines().collect();
        for (kind, readers) in by_kind {
            let mut parsed = document::parse(kind, &text);
            let taken = match kind {
                Kind::Yaml => heirs::fill_in(path, &mut parsed, near),
                _ => Taken::default(),
            };
            let documents: Vec<Queryable<'_>> = parsed.documents.iter().map(Queryable::new).collect();
            for (slot, reader) in readers {
                facts[slot] = reader.map(&documents, parsed.problem.as_ref(), &lines);
                if let (Some(message), None) = (&taken.missing, &facts[slot].trouble) {
                    facts[slot].trouble = Some(Trouble { message: message.clone(), ..Trouble::default() });
                }
            }
            companions.extend(taken.companions);
        }
        companions
    }
}

/// Of a text that was cut, what stands before its last line: that one may end within a character.
fn whole_lines(text: &[u8], is_cut: bool) -> &[u8] {
    if is_cut { &text[..memchr::memrchr(b'\n', text).unwrap_or(0)] } else { text }
}
