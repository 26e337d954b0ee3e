//! Which bytes of a source file are comments: a setting that is commented out is no setting.
//!
//! One pass over the bytes, driven by a table of languages. It knows strings, so that `"http://x"` is no
//! comment, and it never looks back, so that its time grows with the file alone.

use std::ops::Range;

use crate::text::comment_syntax::{self, Quirk, Syntax, Where};

pub type Language = &'static Syntax;

/// The language of a file by its name; `None` where nothing is known of its comments.
#[must_use]
pub fn language(path: &str) -> Option<Language> {
    comment_syntax::of(path)
}

/// The comments with what opens and closes them, in order, none touching its neighbour's bytes. A line
/// comment ends before its line break. Python's docstrings count.
#[must_use]
pub fn mask(text: &[u8], language: Language) -> Vec<Range<usize>> {
    let mut scanner = Scanner { text, syntax: language, at: 0, found: Vec::new(), state: State::default() };
    let kinds = kinds(language);
    while let Some(byte) = text.get(scanner.at) {
        match kinds[usize::from(*byte)] {
            Kind::Plain => scanner.pass(&kinds),
            Kind::Code => scanner.byte(*byte),
            Kind::Opening => scanner.step(*byte),
        }
    }
    scanner.found
}

/// What a byte can be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Most of every text: nothing begins here, and nothing ends.
    Plain,
    /// Nothing begins here, either, but lines and brackets are counted.
    Code,
    /// A comment or a string may begin here.
    Opening,
}

const WITHOUT_OPENINGS: [Kind; 256] = {
    let mut kinds = [Kind::Code; 256];
    let mut byte = 0;
    while byte < kinds.len() {
        let ascii = byte as u8;
        if ascii.is_ascii_alphanumeric() || matches!(ascii, b' ' | b'\t' | b'_' | b'.' | b',' | b'=' | b';' | 0x80..) {
            kinds[byte] = Kind::Plain;
        }
        byte += 1;
    }
    kinds
};

fn kinds(language: Language) -> [Kind; 256] {
    if language.quirk == Quirk::Batch {
        return [Kind::Opening; 256];
    }
    let mut kinds = WITHOUT_OPENINGS;
    let blocks = language.blocks.iter().map(|(open, _)| *open);
    let quotes = language.strings.iter().map(|quote| quote.open);
    let special: &[&str] = match language.quirk {
        Quirk::Rust => &["'", "r"],
        Quirk::Cpp => &["'", "R"],
        Quirk::JavaScript => &["`", "}", "/"],
        _ if language.heredocs => &["<"],
        _ => &[],
    };
    for opening in blocks.chain(quotes).chain(language.line.iter().copied()).chain(special.iter().copied()) {
        kinds[usize::from(opening.as_bytes()[0])] = Kind::Opening;
    }
    kinds
}

/// Whether this stands here. Its first byte tells nearly always.
fn begins(text: &[u8], opening: &str) -> bool {
    text.first() == opening.as_bytes().first() && text.starts_with(opening.as_bytes())
}

/// How far a regular expression or a raw string's opening may reach: enough for real ones.
const LOOK_AHEAD: usize = 256;
/// A `<<` that is no heredoc costs a search to the end of the file, so only this many are tried.
const FAILED_HEREDOCS: u32 = 8;

struct Scanner<'a> {
    text: &'a [u8],
    syntax: Language,
    at: usize,
    found: Vec<Range<usize>>,
    state: State,
}

#[derive(Default)]
struct State {
    /// The last byte of code on this line that is no blank; zero at its start.
    last: u8,
    /// The same across lines.
    last_of_all: u8,
    /// How many brackets are open.
    depth: usize,
    /// The depths of braces at which templates go on.
    templates: Vec<usize>,
    /// Words that end the heredocs opened on this line.
    heredocs: Vec<Vec<u8>>,
    failed_heredocs: u32,
}

impl Scanner<'_> {
    fn step(&mut self, byte: u8) {
        if !(self.comment() || self.special() || self.string()) {
            self.byte(byte);
        }
    }

    /// Goes over a byte at which nothing begins.
    fn byte(&mut self, byte: u8) {
        match byte {
            b'\n' => return self.line_break(),
            b'(' | b'[' | b'{' => self.state.depth += 1,
            b')' | b']' | b'}' => self.state.depth = self.state.depth.saturating_sub(1),
            // An escaped character outside of strings, as shells have it.
            b'\\' if self.syntax.line_where == Where::WordStart && self.syntax.quirk == Quirk::None => self.at += 1,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            self.code(byte);
        }
        self.at += 1;
    }

    /// Goes over bytes of which nothing needs to be known but the last one.
    fn pass(&mut self, kinds: &[Kind; 256]) {
        let rest = self.rest();
        let plain = rest.iter().position(|byte| kinds[usize::from(*byte)] != Kind::Plain).unwrap_or(rest.len());
        let last = rest[..plain].iter().rfind(|byte| !matches!(byte, b' ' | b'\t')).copied();
        self.at += plain;
        if let Some(last) = last {
            self.code(last);
        }
    }

    fn code(&mut self, byte: u8) {
        self.state.last = byte;
        self.state.last_of_all = byte;
    }

    fn line_break(&mut self) {
        self.at += 1;
        self.state.last = 0;
        if self.state.heredocs.is_empty() {
            return;
        }
        for word in std::mem::take(&mut self.state.heredocs) {
            match end_of_heredoc(&self.text[self.at..], &word) {
                Some(length) => self.at += length,
                None => self.state.failed_heredocs += 1,
            }
        }
    }

    fn rest(&self) -> &[u8] {
        &self.text[self.at..]
    }

    fn before(&self) -> u8 {
        self.at.checked_sub(1).map_or(b'\n', |at| self.text[at])
    }

    fn comment(&mut self) -> bool {
        let start = self.at;
        if let Some((open, close)) = self.syntax.blocks.iter().find(|(open, _)| begins(self.rest(), open)) {
            self.at = self.end_of_block(open.as_bytes(), close.as_bytes());
        } else if self.starts_line_comment() {
            self.at += memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len());
        } else {
            return false;
        }
        let carriage = usize::from(self.text[start..self.at].ends_with(b"\r"));
        // Ruby's blocks open with a line break, which is no comment.
        let line_break = usize::from(self.text[start] == b'\n');
        self.found.push(start + line_break..self.at - carriage);
        true
    }

    fn starts_line_comment(&self) -> bool {
        let rest = self.rest();
        if self.syntax.quirk == Quirk::Batch {
            let is_rem = rest.len() >= 3 && rest[..3].eq_ignore_ascii_case(b"rem");
            let ends = rest.get(3).is_none_or(u8::is_ascii_whitespace);
            return matches!(self.state.last, 0 | b'@') && ((is_rem && ends) || rest.starts_with(b"::"));
        }
        if !self.syntax.line.iter().any(|marker| begins(rest, marker)) {
            return false;
        }
        if self.syntax.quirk == Quirk::Php && rest.starts_with(b"#[") {
            return false;
        }
        match self.syntax.line_where {
            Where::Anywhere => true,
            Where::WordStart => self.before().is_ascii_whitespace() || (self.at_operator()),
            Where::LineStart => self.state.last == 0,
            Where::NotAfterColon => self.before() != b':',
        }
    }

    /// A shell's word also starts after what separates commands.
    fn at_operator(&self) -> bool {
        self.syntax.heredocs && matches!(self.before(), b';' | b'&' | b'|' | b'(' | b')')
    }

    fn end_of_block(&self, open: &[u8], close: &[u8]) -> usize {
        let mut at = self.at + open.len();
        let mut depth = 1_usize;
        while depth > 0 {
            let next = memchr::memchr2_iter(open[0], close[0], &self.text[at..])
                .map(|offset| at + offset)
                .find(|at| self.opens_or_closes(*at, open, close));
            let Some(next) = next else { return self.text.len() };
            if self.text[next..].starts_with(close) {
                depth -= 1;
                at = next + close.len();
            } else {
                depth += 1;
                at = next + open.len();
            }
        }
        at
    }

    fn opens_or_closes(&self, at: usize, open: &[u8], close: &[u8]) -> bool {
        let rest = &self.text[at..];
        rest.starts_with(close) || (self.syntax.nested && rest.starts_with(open))
    }

    /// What only one language has.
    fn special(&mut self) -> bool {
        match self.syntax.quirk {
            Quirk::Rust => self.rust(),
            Quirk::Cpp => self.cpp(),
            Quirk::JavaScript => self.javascript(),
            _ => self.syntax.heredocs && self.heredoc(),
        }
    }

    fn rust(&mut self) -> bool {
        let rest = self.rest();
        if rest[0] == b'\'' {
            let length = character(rest).unwrap_or(1);
            self.skip(length);
            return true;
        }
        if rest[0] != b'r' || (is_word(self.before()) && self.before() != b'b') {
            return false;
        }
        let hashes = rest[1..].iter().take(LOOK_AHEAD).take_while(|byte| **byte == b'#').count();
        if rest.get(1 + hashes) != Some(&b'"') {
            return false;
        }
        let mut close = vec![b'#'; hashes + 1];
        close[0] = b'"';
        self.skip_past(2 + hashes, &close);
        true
    }

    fn cpp(&mut self) -> bool {
        let rest = self.rest();
        if rest[0] == b'\'' && self.before().is_ascii_hexdigit() && self.before() != b'u' {
            self.skip(1);
            return true;
        }
        if !rest.starts_with(b"R\"") {
            return false;
        }
        // The standard allows sixteen characters.
        let Some(open) = rest[2..].iter().take(17).position(|byte| *byte == b'(') else { return false };
        let close = [b")", &rest[2..2 + open], b"\""].concat();
        self.skip_past(3 + open, &close);
        true
    }

    fn javascript(&mut self) -> bool {
        match self.rest()[0] {
            b'`' => self.template(1),
            b'}' if self.state.templates.last() == Some(&self.state.depth) => {
                self.state.templates.pop();
                self.state.depth = self.state.depth.saturating_sub(1);
                self.template(1);
            }
            b'/' if self.may_start_regex() => match regex_length(self.rest()) {
                Some(length) => self.skip(length),
                None => return false,
            },
            _ => return false,
        }
        true
    }

    /// Skips a template's text up to its end or to the next `${`.
    fn template(&mut self, skip: usize) {
        self.at += skip;
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'\\' => self.at += 2,
                b'`' => {
                    self.at += 1;
                    break;
                }
                b'$' if self.text.get(self.at + 1) == Some(&b'{') => {
                    self.state.depth += 1;
                    self.state.templates.push(self.state.depth);
                    self.at += 2;
                    return self.code(b'{');
                }
                _ => self.at += 1,
            }
        }
        self.code(b'`');
    }

    /// After a value a slash divides; after anything else it starts a regular expression.
    fn may_start_regex(&self) -> bool {
        let last = self.state.last_of_all;
        let after_word = is_word(last) && self.text[..self.at].trim_ascii_end().ends_with(b"return");
        after_word || last == 0 || b"(,=:[!&|?{};+-*%<>~^".contains(&last)
    }

    fn heredoc(&mut self) -> bool {
        let rest = self.rest();
        let is_open = rest.starts_with(b"<<") && self.before() != b'<' && self.state.failed_heredocs < FAILED_HEREDOCS;
        if !is_open {
            return false;
        }
        let marks = rest[2..].iter().take(3).take_while(|byte| b"-~\"'".contains(byte)).count();
        let word: Vec<u8> =
            rest[2 + marks..].iter().take(LOOK_AHEAD).copied().take_while(|byte| is_word(*byte)).collect();
        if word.first().is_none_or(u8::is_ascii_digit) {
            return false;
        }
        let closing = usize::from(matches!(rest.get(2 + marks + word.len()), Some(b'"' | b'\'')));
        self.skip(2 + marks + word.len() + closing);
        self.state.heredocs.push(word);
        true
    }

    fn string(&mut self) -> bool {
        let Some(quote) = self.syntax.strings.iter().find(|quote| begins(self.rest(), quote.open)) else {
            return false;
        };
        if self.syntax.quirk == Quirk::Yaml && !self.may_start_value() {
            // An apostrophe inside a plain value: a string only where a script's word starts and closes here.
            let line = &self.rest()[..memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len())];
            let starts_word = matches!(self.before(), b' ' | b'\t' | b'=' | b'(');
            let closed = Some(quote).filter(|_| starts_word).map(|quote| quote.length(line));
            self.skip(
                closed.filter(|length| line[..*length].ends_with(quote.close.as_bytes()) && *length > 1).unwrap_or(1),
            );
            return true;
        }
        let length = quote.length(self.rest());
        if self.syntax.quirk == Quirk::Python && quote.open.len() == 3 && self.starts_statement() {
            self.found.push(self.at..self.at + length);
        }
        self.skip(length);
        true
    }

    fn may_start_value(&self) -> bool {
        matches!(self.state.last, 0 | b':' | b'-' | b',' | b'[' | b'{' | b'?')
    }

    /// A string alone at the start of a line, outside of brackets and not on a continued line.
    fn starts_statement(&self) -> bool {
        let is_prefix = matches!(self.state.last, b'r' | b'R' | b'u' | b'U') && self.line_so_far().len() == 1;
        (self.state.last == 0 || is_prefix) && self.state.depth == 0 && !b"\\=".contains(&self.state.last_of_all)
    }

    /// The code of this line before here, at most two bytes of it.
    fn line_so_far(&self) -> &[u8] {
        let short = &self.text[self.at.saturating_sub(2)..self.at];
        short.trim_ascii_start()
    }

    /// Skips code that holds no comment.
    fn skip(&mut self, length: usize) {
        let end = (self.at + length.max(1)).min(self.text.len());
        self.code(self.text[end - 1]);
        self.at = end;
    }

    fn skip_past(&mut self, from: usize, close: &[u8]) {
        let start = (self.at + from).min(self.text.len());
        let length =
            memchr::memmem::find(&self.text[start..], close).map(|found| start + found + close.len() - self.at);
        self.skip(length.unwrap_or(self.text.len() - self.at));
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The length of a character literal, or `None` where the quote starts a lifetime.
fn character(text: &[u8]) -> Option<usize> {
    if text.get(1) == Some(&b'\\') {
        // `'\u{10ffff}'` is the longest there is.
        return text.iter().take(14).skip(3).position(|byte| *byte == b'\'').map(|at| at + 4);
    }
    let width = text[1..].iter().take(4).position(|byte| *byte == b'\'')?;
    let is_one = width > 0 && text[2..=width].iter().all(|byte| byte & 0xc0 == 0x80);
    is_one.then_some(width + 2)
}

fn regex_length(text: &[u8]) -> Option<usize> {
    let mut in_class = false;
    let mut escaped = false;
    for (at, byte) in text.iter().enumerate().take(LOOK_AHEAD).skip(1) {
        match byte {
            b'\n' => return None,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'/' if !in_class => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// How many bytes a heredoc takes with the line that ends it.
fn end_of_heredoc(text: &[u8], word: &[u8]) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if line.trim_ascii() == word {
            return Some(at);
        }
    }
    None
}
