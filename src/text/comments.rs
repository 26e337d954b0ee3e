//! Which bytes of a source file are comments: a setting that is commented out is no setting.
//!
//! One pass over the bytes, driven by a table of languages. It knows strings, so that `"http://x"` is no
//! comment, and it never looks back, so that its time grows with the file alone.

use std::ops::Range;

use crate::text::comment_syntax::{self, Quirk, Quote, Syntax, Where};

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
    while scanner.at < text.len() {
        scanner.step();
    }
    scanner.found
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
    fn step(&mut self) {
        if self.comment() || self.special() || self.string() {
            return;
        }
        let byte = self.text[self.at];
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

    fn code(&mut self, byte: u8) {
        self.state.last = byte;
        self.state.last_of_all = byte;
    }

    fn line_break(&mut self) {
        self.at += 1;
        self.state.last = 0;
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
        if let Some((open, close)) =
            self.syntax.blocks.iter().find(|(open, _)| self.rest().starts_with(open.as_bytes()))
        {
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
        if !self.syntax.line.iter().any(|marker| rest.starts_with(marker.as_bytes())) {
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
        let Some(quote) = self.syntax.strings.iter().find(|quote| self.rest().starts_with(quote.open.as_bytes()))
        else {
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

impl Quote {
    /// How long the string at the start of `text` is, with its quotes.
    fn length(&self, text: &[u8]) -> usize {
        let mut at = self.open.len();
        while let Some(byte) = text.get(at) {
            if text[at..].starts_with(self.close.as_bytes()) {
                return at + self.close.len();
            }
            if *byte == b'\n' && !self.spans {
                return at;
            }
            at += if self.escape == Some(*byte) { 2 } else { 1 };
        }
        text.len()
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The text with every comment's bytes as `~`.
    fn masked(path: &str, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for range in mask(text.as_bytes(), language(path).expect("a language")) {
            bytes[range].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b'~');
        }
        String::from_utf8(bytes).unwrap()
    }

    #[track_caller]
    fn check(path: &str, text: &str, expected: &str) {
        assert_eq!(masked(path, text), expected, "{path}");
    }

    #[test]
    fn rust_knows_nested_blocks_raw_strings_and_lifetimes() {
        check("a.rs", "let a = \"http://x\"; // b", "let a = \"http://x\"; ~~~~");
        check("a.rs", "/* a /* b */ c */ d", "~~~~~~~~~~~~~~~~~ d");
        check("a.rs", "r#\"a\" // \"#; // b", "r#\"a\" // \"#; ~~~~");
        check("a.rs", "fn a<'a>(x: &'a str) {} // '", "fn a<'a>(x: &'a str) {} ~~~~");
        check("a.rs", "let q = '\"'; let e = '\\''; // b", "let q = '\"'; let e = '\\''; ~~~~");
        check("a.rs", "let u = '\\u{1f600}'; // b", "let u = '\\u{1f600}'; ~~~~");
    }

    #[test]
    fn python_knows_docstrings_and_strings() {
        check(
            "a.py",
            "def f():\n    \"\"\"doc\n    # x\"\"\"\n    a = '# no'  # yes",
            "def f():\n    ~~~~~~\n~~~~~~~~~~\n    a = '# no'  ~~~~~",
        );
        check(
            "a.py",
            "x = \"\"\"# text\"\"\"\nf(\n\"\"\"# arg\"\"\")\n",
            "x = \"\"\"# text\"\"\"\nf(\n\"\"\"# arg\"\"\")\n",
        );
        check("a.py", "r\"\"\"doc\"\"\"\nx = f\"{a}#\" # b", "r~~~~~~~~~\nx = f\"{a}#\" ~~~");
        check("a.py", "a = 'open # no\nb = 1 # yes", "a = 'open # no\nb = 1 ~~~~~");
    }

    #[test]
    fn javascript_knows_templates_and_regular_expressions() {
        check(
            "a.ts",
            "const u = `http://${a /* b */ + `c // ${d}`} // e`; // f",
            "const u = `http://${a ~~~~~~~ + `c // ${d}`} // e`; ~~~~",
        );
        check("a.js", "x.replace(/[/\"]/g, '') // b", "x.replace(/[/\"]/g, '') ~~~~");
        check("a.js", "a = b / c; // d / e", "a = b / c; ~~~~~~~~");
        check("a.js", "return /'/; // d", "return /'/; ~~~~");
        check("a.vue", "<!-- a --><a href=http://x>\n// b", "~~~~~~~~~~<a href=http://x>\n~~~~");
        check("tsconfig.json", "{\"a\": \"//\", // b\n}", "{\"a\": \"//\", ~~~~\n}");
    }

    #[test]
    fn shells_start_comments_at_words_only() {
        check("a.sh", "echo $# ${x#y} a#b '# no' \"# no\" # yes", "echo $# ${x#y} a#b '# no' \"# no\" ~~~~~");
        check("a.sh", "a;# yes\necho \\' # yes", "a;~~~~~\necho \\' ~~~~~");
        check(
            "a.sh",
            "cat <<-'EOF' | x # yes\nit's # no\n\tEOF\n# yes",
            "cat <<-'EOF' | x ~~~~~\nit's # no\n\tEOF\n~~~~~",
        );
        check("a.sh", "#!/bin/sh\necho $((1<<x)) # yes\n", "~~~~~~~~~\necho $((1<<x)) ~~~~~\n");
    }

    #[test]
    fn yaml_and_toml_know_their_quotes() {
        check(
            "a.yml",
            "a: b#c # d\nb: '# no' # yes\n# x\nc: it's # yes",
            "a: b#c ~~~\nb: '# no' ~~~~~\n~~~\nc: it's ~~~~~",
        );
        check("a.yml", "run: |\n  echo \"a # b\" # c\n", "run: |\n  echo \"a # b\" ~~~\n");
        check("a.yml", "a: \"x\n  # no\" # yes", "a: \"x\n  # no\" ~~~~~");
        check("a.toml", "a = 'C:\\' # b\nc = \"\"\"\n# no\"\"\"# yes", "a = 'C:\\' ~~~\nc = \"\"\"\n# no\"\"\"~~~~~");
    }

    #[test]
    fn the_other_languages_have_their_own_ways() {
        check("Dockerfile", "# a\nRUN x#y 'z # w' # b", "~~~\nRUN x#y 'z # w' ~~~");
        check("a.sql", "select '--' -- a\n/* b */ c", "select '--' ~~~~\n~~~~~~~ c");
        check("a.html", "<a>//x</a><!-- b\n# -->c", "<a>//x</a>~~~~~~\n~~~~~c");
        check("a.css", "a{b:url(//x)}/* c */", "a{b:url(//x)}~~~~~~~");
        check("a.scss", "a{b:url(http://x)} // c", "a{b:url(http://x)} ~~~~");
        check("a.lua", "a = [[--]] --[[ b\n]] c -- d", "a = [[--]] ~~~~~~\n~~ c ~~~~");
        check("a.ps1", "<# a\n#> $b = \"`\"#\" # c", "~~~~\n~~ $b = \"`\"#\" ~~~");
        check("a.bat", "@REM a\r\nset x=REM\r\n:: b", "@~~~~~\r\nset x=REM\r\n~~~~");
        check("a.ini", "; a\nb = c;d ; e\n# f", "~~~\nb = c;d ~~~\n~~~");
        check("a.properties", "a=b # no\n# yes", "a=b # no\n~~~~~");
        check("main.tf", "a = \"#\" # b\n// c\n/* d */", "a = \"#\" ~~~\n~~~~\n~~~~~~~");
        check("a.php", "#[Attr]\n$a = '#'; # b\n// c", "#[Attr]\n$a = '#'; ~~~\n~~~~");
        check("a.go", "a := `//\n` // b", "a := `//\n` ~~~~");
        check("a.cs", "a = @\"\\\"; // b", "a = @\"\\\"; ~~~~");
        check(
            "a.cpp",
            "int a = 1'000; auto b = R\"x(// )\" )x\"; // c",
            "int a = 1'000; auto b = R\"x(// )\" )x\"; ~~~~",
        );
        check("a.java", "char c = '\"'; // b\n/* /* */ d", "char c = '\"'; ~~~~\n~~~~~~~~ d");
        check("a.kt", "/* /* */ */ d", "~~~~~~~~~~~ d");
        check("a.rb", "a = \"#{b}\" # c\n=begin\nx\n=end\nd", "a = \"#{b}\" ~~~\n~~~~~~\n~\n~~~~\nd");
        check("a.ex", "a = \"#\" # b", "a = \"#\" ~~~");
        check("Makefile", "a: b # c\n\techo \\# d", "a: b ~~~\n\techo \\# d");
        check(".env", "A='#' # b", "A='#' ~~~");
    }

    #[test]
    fn what_has_no_comments_has_no_language() {
        for path in ["a.png", "LICENSE", "a.csv", ""] {
            assert!(language(path).is_none(), "{path}");
        }
    }

    const NAMES: [&str; 24] = [
        "a.rs", "a.c", "a.java", "a.kt", "a.cs", "a.go", "a.js", "a.vue", "a.php", "a.scss", "a.css", "a.py", "a.sh",
        "a.rb", "a.yml", "a.toml", "a.conf", "a.tf", "a.ini", "a.sql", "a.lua", "a.ps1", "a.hs", "a.bat",
    ];

    #[test]
    fn hostile_repetition_takes_linear_time() {
        for piece in
            ["'", "\"", "`${", "/* ", "<<a\n", "(/[", "\\\"", " \"\\", "r#", "R\"(", "\"\"\"\n", "{- ", "#", "x ' "]
        {
            let text = piece.repeat(15_000);
            for name in NAMES {
                let _ = mask(text.as_bytes(), language(name).unwrap());
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_give_sorted_ranges_within_the_text(
            text in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..200),
                "[-/*#'\"`rR<>=!{}\\[\\]()$\\\\a\n\r ;:@é]{0,120}".prop_map(String::into_bytes),
            ]
        ) {
            for name in NAMES {
                let ranges = mask(&text, language(name).unwrap());
                prop_assert!(ranges.iter().all(|range| range.start <= range.end && range.end <= text.len()));
                prop_assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start));
            }
        }
    }
}
