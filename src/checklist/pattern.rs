//! Regular expressions as a checklist may write them.

use std::sync::{Arc, OnceLock};

use regex_automata::meta;
pub use regex_automata::meta::Regex;
use regex_syntax::ParserBuilder;
use regex_syntax::ast::ErrorKind;
use regex_syntax::hir::{Class, Hir, HirKind};

/// What one compiled pattern may take. A pattern beyond it is a mistake or an attack.
const SIZE: usize = 2 << 20;
/// What a pattern may take of memory while it looks, on each thread: there are hundreds of them.
const CACHE: usize = 256 << 10;
const LENGTH: usize = 20_000;
const NESTING: u32 = 100;

/// What surely compiles: so many bytes and ranges of bytes, with every repetition written out.
const PLAIN: usize = 2_000;

/// A pattern as every probe uses it: over bytes, with ASCII classes, in linear time. It was checked when its checklist
/// was read; it is compiled when a text first needs it, because most trees need few, and all together take longer to
/// compile than a small tree takes to read.
/// Clones share what is compiled.
#[derive(Clone, Debug)]
pub struct Pattern(Arc<Lazy>);

#[derive(Debug)]
struct Lazy {
    source: String,
    multiline: bool,
    compiled: OnceLock<Result<Regex, String>>,
    margins: OnceLock<Option<(usize, usize)>>,
}

impl Pattern {
    /// `multiline` makes `^` and `$` match at every line, for patterns that see a whole file.
    #[must_use]
    pub fn new(source: &str, multiline: bool) -> Self {
        Self(Arc::new(Lazy {
            source: source.to_owned(),
            multiline,
            compiled: OnceLock::new(),
            margins: OnceLock::new(),
        }))
    }

    /// As it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// # Errors
    /// As [`compile`].
    pub fn regex(&self) -> Result<&Regex, &str> {
        let Lazy { source, multiline, compiled, .. } = &*self.0;
        compiled.get_or_init(|| compile(source, *multiline)).as_ref().map_err(String::as_str)
    }

    /// How many bytes of every match stand before its only group and behind it, where that is always the same: then no
    /// engine that knows of groups has to be asked.
    #[must_use]
    pub fn margins(&self) -> Option<(usize, usize)> {
        *self.0.margins.get_or_init(|| margins(&parse(&self.0.source, self.0.multiline).ok()?))
    }
}

/// Compiles at once.
///
/// # Errors
/// One line that says what is wrong with the pattern, and where.
pub fn compile(pattern: &str, multiline: bool) -> Result<Regex, String> {
    build(&parse(pattern, multiline)?, multiline)
}

/// Whether a pattern is right; much cheaper than compiling it for almost every one. `true` is a pattern
/// that matches the empty text.
///
/// # Errors
/// As [`compile`].
pub(super) fn check(pattern: &str, multiline: bool) -> Result<bool, String> {
    let parsed = parse(pattern, multiline)?;
    let may_be_empty = parsed.properties().minimum_len() == Some(0);
    if may_be_empty || !is_plain(&parsed) {
        return Ok(build(&parsed, multiline)?.is_match(b""));
    }
    Ok(false)
}

/// Whether a pattern captures anything. One that is wrong does not.
pub(super) fn has_group(pattern: &str) -> bool {
    parse(pattern, false).is_ok_and(|parsed| parsed.properties().explicit_captures_len() > 0)
}

fn margins(parsed: &Hir) -> Option<(usize, usize)> {
    if parsed.properties().explicit_captures_len() != 1 {
        return None;
    }
    let parts = match parsed.kind() {
        HirKind::Concat(parts) => parts.as_slice(),
        _ => std::slice::from_ref(parsed),
    };
    let group = parts.iter().position(|part| matches!(part.kind(), HirKind::Capture(_)))?;
    let length =
        |part: &Hir| part.properties().minimum_len().filter(|least| part.properties().maximum_len() == Some(*least));
    let sum = |parts: &[Hir]| parts.iter().map(length).sum::<Option<usize>>();
    Some((sum(&parts[..group])?, sum(&parts[group + 1..])?))
}

fn is_plain(parsed: &Hir) -> bool {
    written_out(parsed) <= PLAIN
}

/// How long a pattern is without counted repetitions.
fn written_out(hir: &Hir) -> usize {
    let sum = |parts: &[Hir]| parts.iter().map(written_out).fold(1, usize::saturating_add);
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Bytes(class)) => class.ranges().len() + 1,
        HirKind::Class(Class::Unicode(class)) => class.ranges().len().saturating_mul(4) + 1,
        HirKind::Capture(capture) => written_out(&capture.sub).saturating_add(1),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => sum(parts),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(repetition.min).saturating_add(1);
            written_out(&repetition.sub).saturating_mul(times as usize)
        }
    }
}

fn build(parsed: &Hir, multiline: bool) -> Result<Regex, String> {
    let config = meta::Config::new()
        .utf8_empty(false)
        // On a line that is looked at what must stand there does.
        .auto_prefilter(multiline)
        .nfa_size_limit(Some(SIZE))
        .hybrid_cache_capacity(CACHE);
    let built = meta::Builder::new().configure(config).build_from_hir(parsed);
    built.map_err(|_| "the pattern is too big once it is compiled; use smaller repetitions".to_owned())
}

pub(crate) fn parse(pattern: &str, multiline: bool) -> Result<Hir, String> {
    if pattern.len() > LENGTH {
        return Err(format!("the pattern has {} bytes; {LENGTH} are the most", pattern.len()));
    }
    let parsed = ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .multi_line(multiline)
        .crlf(multiline)
        .nest_limit(NESTING)
        .build()
        .parse(pattern);
    let (what, offset) = match parsed {
        Ok(parsed) => return Ok(parsed),
        Err(regex_syntax::Error::Parse(error)) => (explain(error.kind()), error.span().start.offset),
        Err(regex_syntax::Error::Translate(error)) => (error.kind().to_string(), error.span().start.offset),
        Err(error) => (error.to_string().lines().last().unwrap_or_default().to_owned(), 0),
    };
    let character = pattern.get(..offset).map_or(1, |before| before.chars().count() + 1);
    Err(format!("{what}, at character {character} of the pattern"))
}

fn explain(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::UnsupportedLookAround => {
            "look-ahead and look-behind are not supported (\"unless\" may do instead)".to_owned()
        }
        ErrorKind::UnsupportedBackreference => "backreferences are not supported".to_owned(),
        kind => kind.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_around_is_named_and_placed() {
        let error = compile("a(?!b)", false).unwrap_err();
        assert!(error.starts_with("look-ahead and look-behind are not supported"), "{error}");
        assert!(error.ends_with("at character 2 of the pattern"), "{error}");
    }

    #[test]
    fn hostile_patterns_are_refused_quickly() {
        assert!(compile(&"(".repeat(50_000), false).unwrap_err().contains("20000 are the most"));
        assert!(compile(&format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000)), false).is_err());
        assert!(compile("((a{1000}){1000}){1000}", false).unwrap_err().contains("too big"));
    }

    #[test]
    fn a_check_says_what_compiling_would() {
        for pattern in ["a", "a*", "^$", r"\b", "a{3}", "(?i)x|", "(", "a{1000}{1000}{9}", r"\1", "[é]"] {
            let compiled = compile(pattern, false).map(|regex| regex.is_match(b""));
            assert_eq!(check(pattern, false), compiled, "{pattern}");
        }
    }

    #[test]
    fn the_longest_pattern_that_is_not_compiled_at_once_would_compile() {
        for part in ["a", "(?i:k)", "[^a-m]", "(.)", "[acegikmoqsuwy]", "a?", "(?:x|(y)*)", r"\b", "[a-c]{2,3}"] {
            let length = written_out(&parse(part, true).unwrap());
            let pattern = part.repeat((PLAIN - 1) / length);
            assert!(is_plain(&parse(&pattern, true).unwrap()) && compile(&pattern, true).is_ok(), "{part}");
            let counted = format!("(?:{part}){{{}}}", PLAIN / (length + 1) - 1);
            assert!(is_plain(&parse(&counted, true).unwrap()) && compile(&counted, true).is_ok(), "{counted}");
        }
    }

    #[test]
    fn what_stands_around_a_group_is_told_where_it_is_always_as_long() {
        let margins = |pattern| Pattern::new(pattern, false).margins();
        assert_eq!(margins(r#"["'](\w+)\b:"#), Some((1, 1)));
        assert_eq!(margins("(a+)"), Some((0, 0)));
        for other in ["a+(b)", "(a)(b)", "ab", "(a)b?", "x|y(a)", "(?:x(a))?", "("] {
            assert_eq!(margins(other), None, "{other}");
        }
    }

    #[test]
    fn multiline_moves_the_anchors() {
        assert!(compile("^b$", true).unwrap().is_match(b"a\nb\nc"));
        assert!(!compile("^b$", false).unwrap().is_match(b"a\nb\nc"));
    }
}
