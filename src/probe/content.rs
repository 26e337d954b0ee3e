//! What the content of one file teaches all who look at it: it is decoded once, matched once and parsed once.

use std::collections::BTreeMap;

use crate::document::{self, Kind, Queryable};
use crate::probe::fact::{Facts, Trouble};
use crate::probe::heirs::{self, Near, Taken};
use crate::probe::matcher::{Found, Probes};
use crate::probe::program::{Program, Rule};
use crate::probe::query::Reader;
use crate::probe::questions::Questions;
use crate::probe::view::Views;
use crate::text::comments;
use crate::text::decode::{decode, lossy};
use crate::text::file_names::is_binary;
use crate::text::ours;
use crate::tree::path::RelPath;
use crate::tree::source::{Content, READ_CAP};

/// What one file taught.
#[derive(Debug, Default)]
pub struct Learned {
    /// By leaf, of those that have something to note.
    pub facts: BTreeMap<usize, Facts>,
    /// Other files that took part in it.
    pub companions: Vec<RelPath>,
}

impl Learned {
    fn add(&mut self, leaf: usize, facts: Facts) {
        if !facts.is_empty() {
            self.facts.insert(leaf, facts);
        }
    }
}

impl Program {
    /// What the leaves that read content learn from one file.
    #[must_use]
    pub fn map_content(&self, path: &RelPath, content: &Content, asked: &Questions, near: &Near<'_>) -> Learned {
        let mut learned = Learned::default();
        match decode(&content.bytes) {
            Some(bytes) => self.map_text(path, content, &bytes, asked, near, &mut learned),
            None => asked.of_content.iter().for_each(|leaf| learned.add(*leaf, self.map_binary(path, *leaf))),
        }
        for leaf in &asked.noting_all {
            learned.facts.entry(*leaf).or_default();
        }
        learned
    }

    /// `bytes` are the content in UTF-8.
    fn map_text(
        &self,
        path: &RelPath,
        content: &Content,
        bytes: &[u8],
        asked: &Questions,
        near: &Near<'_>,
        learned: &mut Learned,
    ) {
        // A report may be longer than what patterns are asked about.
        let looked_at = &bytes[..bytes.len().min(usize::try_from(READ_CAP).unwrap_or(usize::MAX))];
        let is_cut = content.cut_from.is_some() || looked_at.len() < bytes.len();
        self.run_texts(path, looked_at, asked, learned);
        self.run_queries(path, looked_at, asked, near, learned);
        for leaf in &asked.of_bytes {
            match &self.leaves[*leaf].rule {
                Rule::Sarif(sarif) => learned.add(*leaf, sarif.map(bytes)),
                Rule::Encoding(encoding) if !is_binary(path.name()) => {
                    learned.add(*leaf, encoding.map(&content.bytes, whole_lines(looked_at, is_cut)));
                }
                _ => {}
            }
        }
        for leaf in asked.of_content.iter().filter(|_| is_cut) {
            let is_report = matches!(self.leaves[*leaf].rule, Rule::Sarif(_));
            let read = if is_report { bytes.len() } else { looked_at.len() };
            if content.cut_from.is_some() || read < bytes.len() {
                let size = content.cut_from.unwrap_or(content.bytes.len() as u64);
                let message = format!("only the first {read} of {size} bytes were read");
                learned.facts.entry(*leaf).or_default().trouble = Some(Trouble { message, ..Trouble::default() });
            }
        }
        if ours::is_report(path.as_str(), &content.bytes) {
            let proving = asked.of_content.iter().filter(|leaf| self.leaves[**leaf].rule.proves());
            learned.facts.extend(proving.map(|leaf| (*leaf, Facts::ours())));
        }
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

    fn run_texts(&self, path: &RelPath, bytes: &[u8], asked: &Questions, learned: &mut Learned) {
        if asked.of_lines.is_empty() {
            return;
        }
        let views = Views::new(path.as_str(), bytes);
        let lines = asked.lines(&self.matchers);
        let seeker = |place: usize| self.leaves[asked.of_lines[place]].rule.seeker();
        let mut found: Vec<Option<Box<Found>>> = asked.of_lines.iter().map(|_| None).collect();
        lines.matcher.run(&views, &Probes { wanted: &lines.wanted, seeker: &seeker }, &mut found);
        for (place, found) in found.into_iter().enumerate() {
            if let (Some(found), Some(seeker)) = (found, seeker(place)) {
                learned.add(asked.of_lines[place], seeker.facts(&views, *found));
            }
        }
    }

    fn run_queries(&self, path: &RelPath, bytes: &[u8], asked: &Questions, near: &Near<'_>, learned: &mut Learned) {
        let mut by_kind: BTreeMap<Kind, Vec<(usize, &dyn Reader)>> = BTreeMap::new();
        for leaf in &asked.of_document {
            let Some(reader) = self.leaves[*leaf].rule.reader() else { continue };
            match reader.kind().or_else(|| Kind::of(path.as_str())) {
                Some(kind) => by_kind.entry(kind).or_default().push((*leaf, reader)),
                None => {
                    let why = "no kind of document that can be queried; `as:` names one";
                    learned.add(*leaf, Facts::unreadable(why));
                }
            }
        }
        if by_kind.is_empty() {
            return;
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
            for (leaf, reader) in readers {
                let mut facts = reader.map(&documents, parsed.problem.as_ref(), &lines);
                if let (Some(message), None) = (&taken.missing, &facts.trouble) {
                    facts.trouble = Some(Trouble { message: message.clone(), ..Trouble::default() });
                }
                learned.add(leaf, facts);
            }
            learned.companions.extend(taken.companions);
        }
    }
}

/// Of a text that was cut, what stands before its last line: that one may end within a character.
fn whole_lines(text: &[u8], is_cut: bool) -> &[u8] {
    if is_cut { &text[..memchr::memrchr(b'\n', text).unwrap_or(0)] } else { text }
}
