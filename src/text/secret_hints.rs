//! What a line must hold before a closer look for secrets is worth its time: one pass tells for every kind of them.
//! Hints may be wrong about a line that holds none, never about one that does.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::text::{secret_commands, secret_names, secret_shapes};

/// The kinds of secrets that a line may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hints {
    /// A name that says secret.
    pub(super) names: bool,
    /// A token of a known issuer, a password in a URL, a key.
    pub(super) shapes: bool,
    /// A command that is given one.
    pub(super) commands: bool,
}

impl Hints {
    const ALL: Self = Self { names: true, shapes: true, commands: true };
    const NONE: Self = Self { names: false, shapes: false, commands: false };

    pub(super) fn of(line: &str) -> Self {
        // Letters of other alphabets may fold to those that the hints are made of.
        if !line.is_ascii() {
            return Self::ALL;
        }
        let mut hints = Self::NONE;
        for found in TABLE.automaton.find_overlapping_iter(line) {
            match TABLE.kinds[found.pattern().as_usize()] {
                Kind::Name => hints.names = true,
                Kind::Shape => hints.shapes = true,
                Kind::Command => hints.commands = true,
            }
            if hints == Self::ALL {
                break;
            }
        }
        hints.shapes |= line.len() >= secret_shapes::SHORTEST_KEY_LINE;
        hints.commands |= line.bytes().filter(|byte| *byte == b':').nth(secret_commands::COLONS - 1).is_some();
        hints
    }
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Name,
    Shape,
    Command,
}

struct Table {
    automaton: AhoCorasick,
    kinds: Vec<Kind>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let names = secret_names::STEMS.iter().map(|stem| (*stem, Kind::Name));
    let shapes = secret_shapes::hints().map(|start| (start, Kind::Shape));
    let commands = secret_commands::hints().map(|program| (program, Kind::Command));
    let (words, kinds): (Vec<&str>, Vec<Kind>) = names.chain(shapes).chain(commands).unzip();
    let automaton = AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(words);
    #[expect(clippy::expect_used, reason = "a hundred short words fit into an automaton; a test makes it")]
    Table { automaton: automaton.expect("a small automaton"), kinds }
});

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::secret_names::is_secret;
    use crate::text::{secret_commands::given, secret_shapes::tokens, secret_values::assigned};

    #[test]
    fn a_plain_line_gives_no_hint() {
        assert_eq!(Hints::of("import os"), Hints::NONE);
        assert_eq!(Hints::of("é"), Hints::ALL);
    }

    proptest! {
        #[test]
        fn no_secret_is_without_a_hint(
            line in "(password|DB_Pass|Pwd|tOken|api-key|creds|dsn|conn_str|authKey|identified|eyJ|ghp_|AKIA|key-|://|@|:|=|\"|'| |-u|-p|curl|mysql|sshpass|docker login|login|echo|chpasswd|-----BEGIN PRIVATE KEY-----|Zk2LmX9vB4nT7wR1cY5aA|[a-z0-9/]{1,9}){1,12}"
        ) {
            let hints = Hints::of(&line);
            prop_assert!(hints.names || assigned(&line).is_empty());
            prop_assert!(hints.names || !is_secret(&line));
            prop_assert!(hints.shapes || tokens(&line).is_empty());
            prop_assert!(hints.commands || given(&line).is_empty());
        }
    }
}
