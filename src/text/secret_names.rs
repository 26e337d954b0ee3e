//! Whether a name says that what it holds is secret.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input};

/// Words that say it wherever they stand in a name.
const WORDS: [&str; 24] = [
    "password",
    "passwd",
    "passphrase",
    "pass",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "secretkey",
    "credential",
    "credentials",
    "creds",
    "dsn",
    "connectionstring",
    "accountkey",
    "requirepass",
    "masterauth",
    "authorization",
    "encryptionkey",
    "signingkey",
    "authkey",
    "identified",
];
/// Letters that are in every name that says secret. Of other alphabets only the sign for kelvin is one of ours in lower
/// case.
pub(super) const STEMS: [&str; 12] = [
    "pass",
    "pwd",
    "secret",
    "token",
    "to\u{212a}en",
    "key",
    "\u{212a}ey",
    "cred",
    "dsn",
    "conn",
    "auth",
    "identified",
];
/// Endings of words that somebody wrote together: `dbpassword`.
const ENDINGS: [&str; 7] = ["password", "passwd", "secret", "token", "apikey", "passphrase", "pwd"];
/// Words that make the `key` behind them a secret one.
const KEY_KINDS: [&str; 16] = [
    "api",
    "access",
    "private",
    "encryption",
    "signing",
    "auth",
    "master",
    "secret",
    "account",
    "shared",
    "session",
    "service",
    "hmac",
    "jwt",
    "storage",
    "license",
];
/// A name that ends so tells something about the secret, not the secret.
const ABOUT: [&str; 49] = [
    "name",
    "names",
    "ref",
    "refs",
    "url",
    "uri",
    "endpoint",
    "path",
    "file",
    "dir",
    "type",
    "length",
    "len",
    "size",
    "count",
    "limit",
    "ttl",
    "expiry",
    "expires",
    "expiration",
    "expire",
    "age",
    "lifetime",
    "seconds",
    "minutes",
    "hours",
    "days",
    "ms",
    "timeout",
    "policy",
    "rotation",
    "field",
    "label",
    "placeholder",
    "hint",
    "help",
    "description",
    "title",
    "regex",
    "pattern",
    "header",
    "algorithm",
    "alg",
    "version",
    "enabled",
    "required",
    "provider",
    "manager",
    "validators",
];

static STEM: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let automaton = AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(STEMS);
    #[expect(clippy::expect_used, reason = "a dozen short words fit into an automaton; a test makes it")]
    automaton.expect("a small automaton")
});

/// Where the next name that may say secret has its stem. Most names of a line need no closer look.
pub(super) fn next_stem(line: &str, from: usize) -> Option<Range<usize>> {
    STEM.find(Input::new(line).range(from..)).map(|found| found.range())
}

/// `DB_PASSWORD`, `clientSecret`, `api-key`, but not `token_url`, `max_tokens` or `tokenizer`.
pub(super) fn is_secret(name: &str) -> bool {
    // The shell's working directory.
    if name == "PWD" || name == "OLDPWD" {
        return false;
    }
    let (mut first, mut before): (Option<Word<'_>>, Option<Word<'_>>) = (None, None);
    let mut says = false;
    for word in words(name) {
        says |= word.is_one_of(&WORDS) || word.ends_with_one_of(&ENDINGS);
        says |= before.as_ref().is_some_and(|before| before.makes_secret(&word));
        first.get_or_insert_with(|| word.clone());
        before = Some(word);
    }
    let (Some(first), Some(last)) = (first, before) else { return false };
    says && !last.is_one_of(&ABOUT) && !first.is_one_of(&["max", "min", "num", "is", "has"])
}

/// A word of a name, compared without case.
#[derive(Clone)]
struct Word<'a>(Cow<'a, str>);

impl<'a> Word<'a> {
    fn new(text: &'a str) -> Self {
        // `PASSWORD2` is one more password.
        let text = match text.trim_end_matches(|c: char| c.is_ascii_digit()) {
            "" => text,
            bare => bare,
        };
        Self(if text.is_ascii() { text.into() } else { text.chars().flat_map(char::to_lowercase).collect() })
    }

    fn is(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }

    fn is_one_of(&self, others: &[&str]) -> bool {
        others.iter().any(|other| self.is(other))
    }

    fn ends_with_one_of(&self, endings: &[&str]) -> bool {
        let text = self.0.as_bytes();
        let ends_with = |ending: &[u8]| {
            text.len() >= ending.len() && text[text.len() - ending.len()..].eq_ignore_ascii_case(ending)
        };
        endings.iter().any(|ending| ends_with(ending.as_bytes()))
    }

    /// Whether it makes the word behind it a secret one.
    fn makes_secret(&self, next: &Self) -> bool {
        let starts_with_conn = || self.0.as_bytes().get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"conn"));
        (next.is("key") && self.is_one_of(&KEY_KINDS)) || (next.is_one_of(&["string", "str"]) && starts_with_conn())
    }
}

/// `dbPassword`, `DB_PASSWORD` and `db-password` are all `db`, `password`.
fn words(name: &str) -> impl Iterator<Item = Word<'_>> {
    let mut rest = name;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let mut was_lower = false;
        let end = rest.find(|c: char| {
            let is_end = !c.is_alphanumeric() || (was_lower && c.is_uppercase());
            was_lower = c.is_lowercase() || c.is_ascii_digit();
            is_end
        });
        let (word, others) = rest.split_at(end.unwrap_or(rest.len()));
        rest = others;
        (!word.is_empty()).then(|| Word::new(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_word_by_word() {
        for name in [
            "DB_PASSWORD",
            "clientSecret",
            "api-key",
            "apikey",
            "AWS_SECRET_ACCESS_KEY",
            "dbpassword",
            "ConnectionString",
            "DB_PASSWORD2",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "token_url",
            "maxTokens",
            "tokenizer",
            "secretName",
            "secrets",
            "compass",
            "bypass",
            "key",
            "PWD",
            "",
            "12",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
