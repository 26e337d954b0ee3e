//! Values that are secret by their shape, whatever they are called.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::text::secret_hints::{Hint, Hints};

/// How tokens of known issuers start, and how many characters follow at least.
const PREFIXES: [(&str, usize); 51] = [
    ("AKIA", 12),
    ("ASIA", 12),
    ("ghp_", 16),
    ("gho_", 16),
    ("ghu_", 16),
    ("ghs_", 16),
    ("ghr_", 16),
    ("github_pat_", 16),
    ("glpat-", 16),
    ("sk_live_", 8),
    ("sk_test_", 8),
    ("rk_live_", 8),
    ("whsec_", 12),
    ("sk-", 20),
    ("xoxa-", 8),
    ("xoxb-", 8),
    ("xoxp-", 8),
    ("xoxr-", 8),
    ("xoxs-", 8),
    ("xapp-", 8),
    ("AIza", 24),
    ("ya29.", 16),
    ("npm_", 24),
    ("pypi-", 32),
    ("dop_v1_", 24),
    ("SG.", 24),
    ("shpat_", 16),
    ("hvs.", 16),
    ("hf_", 24),
    ("eyJ", 24),
    ("dckr_pat_", 16),
    ("AGE-SECRET-KEY-", 16),
    ("sq0csp-", 16),
    ("rubygems_", 24),
    ("glsa_", 24),
    ("lin_api_", 24),
    ("NRAK-", 20),
    ("dapi", 32),
    ("GOCSPX-", 20),
    ("shpca_", 16),
    ("shppa_", 16),
    ("shpss_", 16),
    ("sq0atp-", 16),
    ("doo_v1_", 24),
    ("dor_v1_", 24),
    ("key-", 32),
    ("AccountKey=", 40),
    ("gldt-", 16),
    ("glrt-", 16),
    ("glptt-", 16),
    ("pul-", 32),
];

/// Addresses whose path is the secret.
const HOOKS: [&str; 2] = ["hooks.slack.com/services/", "/api/webhooks/"];

/// How long a line is at least that is nothing but the body of a private key.
const SHORTEST_KEY_LINE: usize = 60;
const KEY_HEAD: &str = "PRIVATE KEY-----";

/// The private parts of a JSON Web Key, as serializers write them.
const PARTS: [&str; 14] = [
    "\"d\"", "\"p\"", "\"q\"", "\"dp\"", "\"dq\"", "\"qi\"", "\"k\"", "\"D\"", "\"P\"", "\"Q\"", "\"DP\"", "\"DQ\"",
    "\"QI\"", "\"K\"",
];
/// The shortest of them, of 128 bits.
const SHORTEST_PART: usize = 22;

/// What is in every line that holds one of them, but for the body of a key.
pub(super) fn hints() -> impl Iterator<Item = (&'static str, Hint)> {
    let tokens = PREFIXES.iter().map(|(prefix, _)| (*prefix, Hint::Token));
    let hooks = HOOKS.into_iter().map(|hook| (hook, Hint::Hook));
    let parts = PARTS.into_iter().map(|part| (part, Hint::Part));
    tokens.chain(hooks).chain(parts).chain([("://", Hint::Address), (KEY_HEAD, Hint::Key)])
}

/// Finds the beginnings of tokens. None is within another, so they come in the order in which they begin.
static STARTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let prefixes = PREFIXES.iter().map(|(prefix, _)| *prefix);
    let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(prefixes);
    #[expect(clippy::expect_used, reason = "fifty short words fit into an automaton; a test makes it")]
    automaton.expect("a small automaton")
});

/// Tokens of known issuers, passwords in URLs, private keys.
pub(super) fn tokens(line: &str, hints: Hints) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = private_key(line, hints).into_iter().collect();
    if hints.tell(Hint::Address) {
        found.extend(url_passwords(line));
    }
    if hints.tell(Hint::Hook) {
        found.extend(hooks(line));
    }
    if hints.tell(Hint::Token) {
        found.extend(issued(line));
    }
    if hints.tell(Hint::Part) {
        found.extend(key_parts(line));
    }
    found
}

/// The private parts of JSON Web Keys: `"d": "…"`.
fn key_parts(line: &str) -> impl Iterator<Item = Range<usize>> {
    let names = PARTS.iter().flat_map(|part| line.match_indices(part)).map(|(at, part)| at + part.len());
    names.filter_map(|behind| {
        let value = line[behind..].trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        let start = line.len() - value.len();
        // Cut off, it is secret, too.
        let length = value.find(|c| !is_body(c)).unwrap_or(value.len());
        let is_whole = matches!(value.as_bytes().get(length), None | Some(b'"'));
        (is_whole && length >= SHORTEST_PART && is_random(&value[..length])).then_some(start..start + length)
    })
}

/// Tokens of known issuers.
fn issued(line: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    for start in STARTS.find_overlapping_iter(line) {
        let at = start.start();
        // A token may follow a name and `=` or `:` or `/` without a blank.
        if at < from || line[..at].ends_with(|c: char| c.is_ascii_alphanumeric()) {
            continue;
        }
        let (prefix, least) = PREFIXES[start.pattern().as_usize()];
        let rest = &line[at + prefix.len()..];
        let body = rest.find(|c| !is_body(c)).unwrap_or(rest.len());
        if body >= least {
            from = at + prefix.len() + body;
            found.push(at..from);
        }
    }
    found
}

/// Words in `within` that look drawn by lot: long, with upper case, lower case and digits, or long hex.
pub(super) fn random_words(line: &str, within: Range<usize>) -> Vec<Range<usize>> {
    words(line, within).into_iter().filter(|word| is_random(&line[word.clone()])).collect()
}

fn is_random(word: &str) -> bool {
    let has = |test: fn(&u8) -> bool| word.bytes().any(|byte| test(&byte));
    let count = |test: fn(&u8) -> bool| word.bytes().filter(test).count();
    let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && count(u8::is_ascii_digit) >= 2;
    let plain =
        word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-'));
    word.len() >= 16 && plain && mixed && !word.contains("//")
}

fn is_body(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+' | '/' | '=')
}

/// Runs of characters that tokens are made of.
fn words(line: &str, within: Range<usize>) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in line[within.clone()].char_indices().map(|(at, c)| (within.start + at, c)) {
        match (start, is_body(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    words.extend(start.map(|from| from..within.end));
    words
}

/// `scheme://user:PASSWORD@host`, and a long user without a password, which is a token.
fn url_passwords(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices("://") {
        let start = at + 3;
        let is_end =
            |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '`' | '<' | '>' | ',' | '\\');
        let authority = line[start..].find(is_end).map_or(&line[start..], |end| &line[start..start + end]);
        let Some(host) = authority.rfind('@') else { continue };
        let user = &authority[..host];
        let secret = match user.find(':') {
            Some(colon) => start + colon + 1..start + host,
            None if user.len() >= 20 => start..start + host,
            None => continue,
        };
        let value = &line[secret.clone()];
        if !value.is_empty() && !value.starts_with(['$', '{', '%']) {
            found.push(secret);
        }
    }
    found
}

fn hooks(line: &str) -> impl Iterator<Item = Range<usize>> {
    let places = HOOKS.iter().flat_map(|hook| line.match_indices(hook)).map(|(at, hook)| at + hook.len());
    places.map(|start| start..line[start..].find(|c| !is_body(c)).map_or(line.len(), |end| start + end))
}

/// What follows the opening line of a private key, and a line that is nothing but its body.
fn private_key(line: &str, hints: Hints) -> Option<Range<usize>> {
    if hints.tell(Hint::Key)
        && let Some(head) = line.find(KEY_HEAD)
    {
        let start = head + KEY_HEAD.len();
        let end = line[start..].find("-----END").map_or(line.len(), |end| start + end);
        let is_begin = line[..head].contains("-----BEGIN");
        return (is_begin && !line[start..end].trim().is_empty()).then_some(start..end);
    }
    let body = line.trim().trim_matches(['"', '\'', ',', '+', ' ', ';']);
    let body = body.strip_suffix("\\n").unwrap_or(body);
    if body.len() < SHORTEST_KEY_LINE || !is_random(body) || body.contains(['_', '-']) {
        return None;
    }
    let start = body.as_ptr() as usize - line.as_ptr() as usize;
    Some(start..start + body.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_parts_of_web_keys_are_secrets_and_public_ones_are_not() {
        let secret = "q7Lz0bT4uX9cV2mN8kR5wY1pS6dF3gH0jK4lZ7xC2vB";
        let of =
            |line: &str| tokens(line, Hints::of(line)).into_iter().map(|at| line[at].to_owned()).collect::<Vec<_>>();
        assert_eq!(
            of(&format!("{{\"Kty\":\"RSA\",\"D\":\"{secret}\",\"DP\" : \"{secret}\",\"N\":\"{secret}\"}}")),
            [secret; 2]
        );
        assert_eq!(of(&format!("  \"k\": \"{secret}")), [secret]);
        for line in [
            "{\"d\": \"M10 10 L20 20 L30 10 L40 20 L50 10 L60\"}",
            "\"k\": \"some-words-of-a-translation\"",
            "\"d\": 1",
        ] {
            assert!(of(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn no_beginning_of_a_token_is_within_another() {
        for (at, (prefix, _)) in PREFIXES.iter().enumerate() {
            let others = PREFIXES.iter().enumerate().filter(|(other, _)| *other != at);
            assert!(others.into_iter().all(|(_, (other, _))| !other.contains(prefix)), "{prefix}");
            assert!(prefix.chars().all(is_body), "{prefix}");
        }
        assert_eq!(STARTS.patterns_len(), PREFIXES.len());
    }
}
