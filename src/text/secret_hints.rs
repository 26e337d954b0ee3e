//! What a line must hold before a closer look for secrets is worth its time: one pass tells for every kind of them.
//! Hints may be wrong about a line that holds none, never about one that does.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::text::{secret_commands, secret_names, secret_shapes};

/// What makes a closer look worth its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// Letters that are in every name that says secret, in whatever case. All others stand as they are written.
    Name,
    /// How a token of a known issuer begins.
    Token,
    /// A URL, which may hold a password.
    Address,
    /// A URL that is secret itself.
    Hook,
    /// The opening line of a private key.
    Key,
    /// What a JSON Web Key calls a private part of it.
    Part,
    /// A word that a command or a file of logins has beside a secret.
    Word,
    /// A part of a word that says that a secret is read from what was printed.
    Piped,
}

/// Those that a line gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hints(u8);

impl Hints {
    pub(super) fn of(line: &str) -> Self {
        let mut hints = Self::default();
        for found in TABLE.automaton.find_overlapping_iter(line) {
            let (word, hint) = TABLE.words[found.pattern().as_usize()];
            let counts = match hint {
                Hint::Name => true,
                _ if line.as_bytes()[found.range()] != *word.as_bytes() => false,
                Hint::Word => secret_commands::may_be_word(line, found.range()),
                _ => true,
            };
            if counts {
                hints.0 |= hint.bit();
            }
        }
        hints
    }

    pub(super) fn tell(self, hint: Hint) -> bool {
        self.0 & hint.bit() != 0
    }
}

impl Hint {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

struct Table {
    automaton: AhoCorasick,
    words: Vec<(&'static str, Hint)>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let names = secret_names::STEMS.into_iter().map(|stem| (stem, Hint::Name));
    let words: Vec<_> = names.chain(secret_shapes::hints()).chain(secret_commands::hints()).collect();
    let texts = words.iter().map(|(text, _)| text);
    let automaton = AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(texts);
    #[expect(clippy::expect_used, reason = "a hundred short words fit into an automaton; a test makes it")]
    Table { automaton: automaton.expect("a small automaton"), words }
});

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::secret_names::is_secret;
    use crate::text::{secret_commands::given, secret_shapes::tokens, secret_values::assigned};

    const ALL: Hints = Hints(u8::MAX);

    #[test]
    fn a_plain_line_gives_no_hint() {
        for line in ["import os", "é", "Skip the task: HTTP, ghp and Akia", "(docker)"] {
            assert_eq!(Hints::of(line), Hints::default(), "{line}");
        }
        assert!(!Hints::of("see https://example.org").tell(Hint::Word));
        assert!(Hints::of("/usr/bin/http x").tell(Hint::Word));
    }

    proptest! {
        #[test]
        fn no_secret_is_without_a_hint(
            line in "(password|DB_Pass|Pwd|tOken|to\u{212a}en|api-key|creds|dsn|conn_str|authKey|identified|eyJ|ghp_|AKIA|key-|://|@|:|=|\"|'| |\u{a0}|-u|-p|,|;|curl|/mysql|sshpass|docker login|login|echo|chpasswd|-----BEGIN PRIVATE KEY-----|private key-----|\"d\"|\"QI\"|Zk2LmX9vB4nT7wR1cY5aA|[a-z0-9/é]{1,9}){1,12}"
        ) {
            let hints = Hints::of(&line);
            prop_assert!(hints.tell(Hint::Name) || assigned(&line).is_empty());
            prop_assert!(hints.tell(Hint::Name) || !is_secret(&line));
            prop_assert_eq!(tokens(&line, hints), tokens(&line, ALL));
            prop_assert_eq!(given(&line, hints), given(&line, ALL));
        }
    }
}
