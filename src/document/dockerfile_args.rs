//! The global `ARG`s of a Dockerfile, and what they do to a `FROM`.

use std::collections::HashMap;

/// Longer results stay unexpanded: arguments that double each other would never end.
const MAX_EXPANDED: usize = 4096;

#[derive(Default)]
pub(super) struct Args {
    defaults: HashMap<String, Option<String>>,
}

impl Args {
    pub(super) fn define(&mut self, name: String, default: Option<String>) {
        self.defaults.insert(name, default);
    }

    /// Puts defaults in place of `$X`, `${X}`, `${X:-word}` and `${X:+word}`. What has no default stays.
    pub(super) fn expand(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(dollar) = rest.find('$') {
            out.push_str(&rest[..dollar]);
            rest = &rest[dollar..];
            let (length, value) = self.reference(rest).unwrap_or((1, None));
            out.push_str(value.as_deref().unwrap_or(&rest[..length]));
            rest = &rest[length..];
            if out.len() > MAX_EXPANDED {
                return text.to_owned();
            }
        }
        out + rest
    }

    /// How long the reference at the start of `text` is, and what it stands for.
    fn reference(&self, text: &str) -> Option<(usize, Option<String>)> {
        let Some(braced) = text.strip_prefix("${") else {
            let name = name_at(&text[1..]);
            return (!name.is_empty()).then(|| (1 + name.len(), self.value(name)));
        };
        let close = braced.find('}')?;
        let inside = &braced[..close];
        let name = name_at(inside);
        let value = match (self.value(name), &inside[name.len()..]) {
            (value, "") => value,
            (value, rest) => match (value, rest.trim_start_matches(':').split_at_checked(1)?) {
                (value, ("-", word)) => Some(value.unwrap_or_else(|| word.to_owned())),
                (value, ("+", word)) => Some(value.map_or_else(String::new, |_| word.to_owned())),
                _ => None,
            },
        };
        Some((close + 3, value))
    }

    fn value(&self, name: &str) -> Option<String> {
        self.defaults.get(name).cloned().flatten()
    }
}

fn name_at(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

/// `A=1 B="two words" C`: names with their defaults, quotes taken off.
pub(super) fn assignments(args: &str) -> Vec<(String, Option<String>)> {
    words(args)
        .into_iter()
        .filter_map(|word| {
            let (name, default) = match word.split_once('=') {
                Some((name, default)) => (name.to_owned(), Some(default.to_owned())),
                None => (word, None),
            };
            (!name.is_empty()).then_some((name, default))
        })
        .collect()
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, c) if c.is_whitespace() => words.extend(Some(std::mem::take(&mut word)).filter(|w| !w.is_empty())),
            (_, c) => word.push(c),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}
