//! Secrets that a command, or a file of logins, takes without naming them: `curl -u user:…`, `sshpass -p …`,
//! `echo … | docker login --password-stdin`, `machine h login u password …`, lines of `.pgpass`.

use std::ops::Range;

use crate::text::secret_hints::{Hint, Hints};

const WEB: [&str; 5] = ["curl", "wget", "http", "https", "xh"];
const WEB_FLAGS: [&str; 6] = ["-u", "--user", "-U", "--proxy-user", "-a", "--auth"];
const LOGINS: [&str; 5] = ["docker", "podman", "helm", "skopeo", "buildah"];
const ATTACHED: [&str; 5] = ["mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump"];
const OTHERS: [&str; 2] = ["sshpass", "redis-cli"];
const STDIN: &str = "password-stdin";
const CHPASSWD: &str = "chpasswd";

/// What is in every line that gives one, but for a line of `.pgpass`.
pub(super) fn hints() -> impl Iterator<Item = (&'static str, Hint)> {
    let programs = WEB.into_iter().chain(LOGINS).chain(ATTACHED).chain(OTHERS).chain(["login"]);
    programs.map(|word| (word, Hint::Word)).chain([(STDIN, Hint::Piped), (CHPASSWD, Hint::Piped)])
}

/// Whether a shell may take this part of the line for a word, or for the last part of a path: `https` of `https://x`
/// is none.
pub(super) fn may_be_word(line: &str, part: Range<usize>) -> bool {
    let begins = line[..part.start].chars().next_back();
    let ends = line[part.end..].chars().next();
    begins.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\'' | '/'))
        && ends.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | ']'))
}

pub(super) fn given(line: &str, hints: Hints) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if hints.tell(Hint::Word) || hints.tell(Hint::Piped) {
        let words = words(line);
        found.extend(to_programs(line, &words));
        found.extend(piped(line, &words));
    }
    found.extend(in_pgpass(line));
    found.retain(|range| !line[range.clone()].is_empty() && !line[range.clone()].starts_with(['$', '<', '{', '%']));
    found
}

/// What programs and files of logins are given as a word of their own, or as a part of one.
fn to_programs(line: &str, words: &[Range<usize>]) -> Vec<Range<usize>> {
    let text = |at: usize| words.get(at).map_or("", |word| &line[word.clone()]);
    let mut found = Vec::new();
    let mut program = "";
    for (at, word) in words.iter().enumerate() {
        let own = text(at);
        let name = own.rsplit('/').next().unwrap_or(own);
        if is_program(name) {
            program = name;
            continue;
        }
        let next = words.get(at + 1).cloned();
        found.extend(match program {
            _ if is_login_file(own, at.checked_sub(2).map(text).unwrap_or_default()) => next,
            "sshpass" => flag(own, word, "-p", next),
            "redis-cli" => flag(own, word, "-a", next),
            _ if WEB.contains(&program) => WEB_FLAGS
                .iter()
                .find_map(|name| flag(own, word, name, next.clone()))
                .and_then(|pair| after_colon(line, pair)),
            _ if ATTACHED.contains(&program) => flag(own, word, "-p", None),
            _ if LOGINS.contains(&program) && line.contains("login") => flag(own, word, "-p", next),
            _ => None,
        });
    }
    found
}

fn is_program(word: &str) -> bool {
    WEB.contains(&word) || LOGINS.contains(&word) || ATTACHED.contains(&word) || OTHERS.contains(&word)
}

/// `login NAME password SECRET`
fn is_login_file(word: &str, two_before: &str) -> bool {
    matches!(word, "password" | "passwd") && two_before == "login"
}

/// What a flag is given: the next word, or what stands behind it in its own (`-psecret`, `--user=a:b`).
fn flag(own: &str, word: &Range<usize>, name: &str, next: Option<Range<usize>>) -> Option<Range<usize>> {
    let rest = own.strip_prefix(name)?;
    if rest.is_empty() {
        return next;
    }
    let is_long = name.starts_with("--");
    match rest.strip_prefix('=') {
        Some(value) => Some(word.end - value.len()..word.end),
        None => (!is_long).then_some(word.end - rest.len()..word.end),
    }
}

fn after_colon(line: &str, pair: Range<usize>) -> Option<Range<usize>> {
    let colon = line[pair.clone()].find(':')?;
    Some(pair.start + colon + 1..pair.end)
}

/// What is printed into a program that reads a password.
fn piped(line: &str, words: &[Range<usize>]) -> Vec<Range<usize>> {
    if !line.contains(STDIN) && !line.contains(CHPASSWD) {
        return Vec::new();
    }
    let said = words.iter().skip_while(|word| !matches!(&line[(*word).clone()], "echo" | "printf")).skip(1);
    let said = said.take_while(|word| !line[(*word).clone()].starts_with('|'));
    said.filter(|word| !line[(*word).clone()].starts_with(['-', '%'])).cloned().collect()
}

/// `host:port:database:user:SECRET`
fn in_pgpass(line: &str) -> Option<Range<usize>> {
    let mut parts = line.splitn(5, ':');
    let (host, port) = (parts.next()?, parts.next()?);
    if port != "*" && (port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let head = [host, port, parts.next()?, parts.next()?];
    let secret = parts.next()?.trim_end();
    let is_line = !secret.is_empty() && !head.iter().any(|part| part.contains([' ', '/']) || part.is_empty());
    let start = head.iter().map(|part| part.len() + 1).sum();
    is_line.then_some(start..start + secret.len())
}

/// Words as a shell splits them, without the quotes around them.
fn words(line: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut chars = line.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        let quote = matches!(c, '"' | '\'').then_some(c);
        let start = if quote.is_some() { start + 1 } else { start };
        let is_end = |c: char| quote.map_or(c.is_whitespace(), |quote| c == quote);
        let mut end = line.len();
        if quote.is_none() && chars.peek().is_some_and(|(_, next)| is_end(*next)) {
            words.push(start..start + c.len_utf8());
            continue;
        }
        for (at, c) in chars.by_ref() {
            if is_end(c) {
                end = at;
                break;
            }
        }
        let closing = line[start..end].trim_end_matches(['"', '\'', ',', ';', ']']).len();
        words.push(start..start + closing);
    }
    words
}
