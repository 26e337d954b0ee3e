//! Values that are secret because of the name they are given to.

use std::ops::Range;

use crate::text::secret_names::{is_secret, next_stem};

/// Every place on the line where something is given to a name that says secret.
pub(super) fn assigned(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(name) = next_name(line, at) {
        at = name.end;
        if !is_secret(&line[name.clone()]) {
            continue;
        }
        match value_of(line, &name) {
            Some(value) => {
                at = value.end.max(at);
                found.push(value);
            }
            None => found.extend(fallback(line, name.end)),
        }
    }
    found
}

/// Whether a text is a reference, a type, a setting or code rather than a secret.
pub(super) fn is_no_secret(text: &str) -> bool {
    text.is_empty() || is_expression(text, Link::Equals)
}

/// The literal that counts where the variable is not set: `os.getenv("K") or "…"`.
fn fallback(line: &str, from: usize) -> Option<Range<usize>> {
    let rest = &line[from..];
    let (at, length) = [" or ", "||", "??", "?:"].iter().find_map(|or| rest.find(or).map(|at| (at, or.len())))?;
    let value = quoted(line, skip_blanks(line, from + at + length))?;
    let text = &line[value.clone()];
    (!text.is_empty() && !is_reference(text)).then_some(value)
}

fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// The next name that may say secret.
fn next_name(line: &str, from: usize) -> Option<Range<usize>> {
    let stem = next_stem(line, from)?;
    let start = from + line[from..stem.start].trim_end_matches(is_name_part).len();
    let rest = line[stem.end..].trim_start_matches(is_name_part);
    Some(start..line.len() - rest.len())
}

/// How the name and its value stand to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    Equals,
    Colon,
    /// Only a quoted value is one: a call, a comparison, a list, two words of SQL.
    Loose,
    Flag,
    /// `<password>…</password>`
    Element,
    /// `${NAME:-…}`
    Default,
}

fn value_of(line: &str, name: &Range<usize>) -> Option<Range<usize>> {
    let (link, at) = link(line, name)?;
    // To pass something is no password.
    if line[name.clone()].eq_ignore_ascii_case("pass") && link == Link::Loose && line[name.end..].starts_with(' ') {
        return None;
    }
    let at = skip_blanks(line, at);
    let at = if link == Link::Colon { after_type(line, at) } else { at };
    let at = after_scheme(line, at);
    if let Some(value) = quoted(line, at) {
        if let Some(default) = default_in(line, &value) {
            return Some(default);
        }
        let text = &line[value.clone()];
        let is_list_of_names = line[name.end..at].contains(',') && !line[name.end..at].contains('=') && is_secret(text);
        return (!text.is_empty() && !is_reference(text) && !is_list_of_names).then_some(value);
    }
    if link == Link::Loose {
        return None;
    }
    let value = at..at + bare_length(line, name, link, at);
    if let Some(default) = default_in(line, &value) {
        return Some(default);
    }
    if let Some(literal) = wrapped_literal(line, &value) {
        return Some(literal);
    }
    let text = &line[value.clone()];
    (!text.is_empty() && !is_expression(text, link)).then_some(value)
}

/// What stands between a name and its value, and where the value may start.
fn link(line: &str, name: &Range<usize>) -> Option<(Link, usize)> {
    let after = &line[name.end..];
    if line[name.clone()].starts_with("--") && after.starts_with(' ') {
        return Some((Link::Flag, name.end + 1));
    }
    if let Some(rest) = after.strip_prefix(":-") {
        return Some((Link::Default, line.len() - rest.len()));
    }
    if after.starts_with('>') && line[..name.start].ends_with('<') {
        return Some((Link::Element, name.end + 1));
    }
    let closed = after.trim_start_matches(['"', '\'', '`', ']', '[', '!', '?']);
    let is_closed = closed.len() < after.len();
    let rest = closed.trim_start();
    let at = |rest: &str| line.len() - rest.len();
    for comparison in ["===", "==", "!=", "<>"] {
        if let Some(rest) = rest.strip_prefix(comparison) {
            return Some((Link::Loose, at(rest)));
        }
    }
    for equals in ["=>", ":=", "+=", "?=", "="] {
        if let Some(rest) = rest.strip_prefix(equals) {
            return Some((Link::Equals, at(rest)));
        }
    }
    if let Some(rest) = rest.strip_prefix(':').filter(|rest| !rest.starts_with(':')) {
        return Some((Link::Colon, at(rest)));
    }
    if let Some(rest) = rest.strip_prefix(',') {
        return after_comma(line, rest);
    }
    if let Some(value) = rest.strip_prefix("value=").filter(|_| is_closed) {
        return Some((Link::Equals, at(value)));
    }
    if let Some(rest) = rest.strip_prefix('(') {
        return Some((Link::Loose, at(rest)));
    }
    let blank = rest.len() < after.len() && !is_closed;
    let is_pair = line[..name.start].trim().is_empty() && rest.split_whitespace().count() == 1;
    if blank && (is_pair || matches!(line[..name.start].trim(), "ENV" | "setenv")) {
        return Some((Link::Flag, at(rest)));
    }
    let rest = rest.strip_prefix("BY ").or_else(|| rest.strip_prefix("by ")).unwrap_or(rest);
    blank.then_some((Link::Loose, at(rest)))
}

/// `("NAME", "value")`, `("NAME", default="value")`, `{name: NAME, value: …}`
fn after_comma(line: &str, rest: &str) -> Option<(Link, usize)> {
    let rest = rest.trim_start();
    let word = rest.trim_start_matches(['"', '\'']);
    let length = word.find(|c| !is_name_part(c)).unwrap_or(word.len());
    let value = word[length..].trim_start_matches(['"', '\'']).trim_start();
    let is_named = matches!(&word[..length], "value" | "default" | "fallback");
    match value.strip_prefix(['=', ':']).filter(|_| is_named) {
        Some(value) => Some((Link::Equals, line.len() - value.len())),
        None => Some((Link::Loose, line.len() - rest.len())),
    }
}

fn skip_blanks(line: &str, at: usize) -> usize {
    line.len() - line[at..].trim_start().len()
}

/// Past `str =` in `password: str = "…"`.
fn after_type(line: &str, at: usize) -> usize {
    let rest = &line[at..];
    let Some(equals) = rest.find('=') else { return at };
    let annotation = rest[..equals].trim_end();
    let is_type = !annotation.is_empty()
        && annotation.len() < rest[..equals].len()
        && annotation.chars().all(|c| c.is_alphanumeric() || " _.:[]<>|&?'*,".contains(c));
    if is_type { skip_blanks(line, at + equals + 1) } else { at }
}

/// Past `Bearer ` in an authorization.
fn after_scheme(line: &str, at: usize) -> usize {
    let quote = usize::from(line[at..].starts_with(['"', '\'']));
    let rest = &line[at + quote..];
    let schemes = ["Bearer ", "bearer ", "Basic ", "basic ", "Token ", "token "];
    schemes.iter().find(|scheme| rest.starts_with(**scheme)).map_or(at, |scheme| at + quote + scheme.len())
}

/// What stands between quotes at `at`; an open quote ends with the line.
fn quoted(line: &str, at: usize) -> Option<Range<usize>> {
    let prefix = line[at..].find(|c: char| !matches!(c, 'f' | 'r' | 'b' | 'u' | '@' | '$')).filter(|n| *n <= 2)?;
    let open = at + prefix;
    let quote = line[open..].chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let triple = [quote; 3].iter().collect::<String>();
    let start = open + if line[open..].starts_with(&triple) { 3 } else { 1 };
    let mut escaped = false;
    let mut chars = line[start..].char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        if !escaped && c == quote {
            // YAML and SQL write a quote inside quotes twice.
            if offset > 0 && chars.next_if(|(_, next)| *next == quote).is_some() {
                continue;
            }
            return Some(start..start + offset);
        }
        escaped = !escaped && c == '\\';
    }
    Some(start..line.len())
}

/// A line that gives one value to one name (`KEY=…`, `key: …`) ends its value with the line or a comment;
/// elsewhere the next blank or punctuation ends it.
fn bare_length(line: &str, name: &Range<usize>, link: Link, at: usize) -> usize {
    let rest = &line[at..];
    let ends_at = |stops: &str| rest.find(|c: char| c.is_whitespace() || stops.contains(c)).unwrap_or(rest.len());
    let leads = leads(line, name);
    match link {
        Link::Element => rest.find('<').unwrap_or(rest.len()),
        Link::Default => rest.find('}').unwrap_or(rest.len()),
        Link::Flag => ends_at("\"'"),
        Link::Equals | Link::Colon if leads && !line[name.clone()].starts_with('-') => {
            let comment = rest.find(" #").unwrap_or(rest.len());
            rest[..comment].trim_end().len()
        }
        _ => ends_at(",;&)]}\"'<>|"),
    }
}

/// Whether nothing but a keyword or the path of the name stands before it.
fn leads(line: &str, name: &Range<usize>) -> bool {
    let lead = line[..name.start].trim_start().trim_start_matches(['-', '"', '\'', ' ']);
    let is_path = lead.ends_with('.') && lead.chars().all(|c| is_name_part(c) || c == '.');
    let keywords = ["", "export", "set", "setenv", "ENV", "ARG", "$", "var", "let", "const"];
    is_path || keywords.contains(&lead.trim_end())
}

/// Whether a quoted text only names the place where the secret is.
fn is_reference(text: &str) -> bool {
    let text = text.trim();
    let wrapped = [("${", "}"), ("$(", ")"), ("{{", "}}"), ("<", ">"), ("%(", ")s"), ("#{", "}")];
    // A default inside a reference is found by its own name.
    wrapped.iter().any(|(open, close)| text.starts_with(open) && text.ends_with(close))
        || text.strip_prefix('$').is_some_and(|name| !name.is_empty() && name.chars().all(is_variable_part))
        || text.strip_prefix('%').and_then(|rest| rest.strip_suffix('%')).is_some_and(is_plain_name)
}

/// The literal in `Some("…")` or `SecretStr("…")`, calls that change nothing about it.
fn wrapped_literal(line: &str, value: &Range<usize>) -> Option<Range<usize>> {
    const WRAPPERS: [&str; 13] = [
        "Some",
        "Ok",
        "new",
        "from",
        "of",
        "String",
        "SecretStr",
        "SecretString",
        "Secret",
        "bytes",
        "str",
        "valueOf",
        "encode",
    ];
    let text = &line[value.clone()];
    let open = text.find('(')?;
    let callee = text[..open].rsplit(|c: char| !c.is_alphanumeric()).next()?;
    let literal = WRAPPERS.contains(&callee).then(|| quoted(line, value.start + open + 1)).flatten()?;
    (!literal.is_empty() && !is_reference(&line[literal.clone()])).then_some(literal)
}

fn is_plain_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_name_part)
}

/// The default in `${NAME:-default}`, which is a value like any other.
fn default_in(line: &str, value: &Range<usize>) -> Option<Range<usize>> {
    let text = line[value.clone()].strip_prefix("${")?;
    let start = value.start + 2 + text.find(":-")? + 2;
    let end = value.start + 2 + text.rfind('}')?;
    let default = line.get(start..end)?;
    (!default.is_empty() && !is_reference(default)).then_some(start..end)
}

fn is_variable_part(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'
}

/// Whether an unquoted text is code, a type, a setting or nothing, rather than a secret as it is.
fn is_expression(text: &str, link: Link) -> bool {
    let text = text.trim_end_matches([',', ';', ')']).trim();
    if text.is_empty() || is_reference(text) || text.starts_with(['{', '[', '(', '|', '>', '&', '*', '!']) {
        return true;
    }
    if text.starts_with("${")
        || text.starts_with("$(")
        || text.starts_with('$') && link == Link::Equals && is_variable(text)
    {
        return true;
    }
    is_setting(text) || is_code(text) || (link == Link::Colon && is_type(text))
}

fn is_variable(text: &str) -> bool {
    text[1..].chars().all(|c| is_name_part(c) || matches!(c, '>' | '[' | ']' | '.'))
}

fn is_setting(text: &str) -> bool {
    let word = text.to_ascii_lowercase();
    let is_word =
        ["null", "none", "nil", "true", "false", "undefined", "yes", "no", "on", "off"].contains(&word.as_str());
    is_word || (text.len() < 6 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

/// A call, or a path that starts at one of the roots where programs keep their settings.
fn is_code(text: &str) -> bool {
    const ROOTS: [&str; 34] = [
        "os",
        "process",
        "env",
        "ENV",
        "secrets",
        "self",
        "this",
        "config",
        "Config",
        "settings",
        "cfg",
        "args",
        "options",
        "opts",
        "request",
        "req",
        "ctx",
        "app",
        "var",
        "local",
        "data",
        "module",
        "each",
        "props",
        "state",
        "params",
        "inputs",
        "github",
        "vars",
        "System",
        "Environment",
        "std",
        "import",
        "input",
    ];
    let text = ["await ", "new ", "return "].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (root, rest) = text.split_at(end);
    if rest.starts_with(['.', '[', ':', '-']) && ROOTS.contains(&root) {
        return true;
    }
    let call = rest.find('(').is_some_and(|open| {
        rest[..open].chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '!' | '<' | '>' | '-'))
    });
    call && root.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn is_type(text: &str) -> bool {
    const TYPES: [&str; 26] = [
        "str",
        "string",
        "String",
        "bytes",
        "Bytes",
        "int",
        "integer",
        "number",
        "bool",
        "boolean",
        "any",
        "Any",
        "object",
        "Optional",
        "Option",
        "Secret",
        "SecretStr",
        "SecretString",
        "SecretBytes",
        "char",
        "varchar",
        "text",
        "Text",
        "uuid",
        "Buffer",
        "Vec",
    ];
    let start = text.trim_start_matches(['&', '\'']);
    let end = start.find(|c: char| !c.is_alphanumeric()).unwrap_or(start.len());
    TYPES.contains(&&start[..end]) && !start[end..].starts_with(is_name_part)
}
