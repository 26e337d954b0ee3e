//! Whether a name says that what it holds is secret.

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
/// Letters that are in every name that says secret.
pub(super) const STEMS: [&str; 10] =
    ["pass", "pwd", "secret", "token", "key", "cred", "dsn", "conn", "auth", "identified"];
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

/// `DB_PASSWORD`, `clientSecret`, `api-key`, but not `token_url`, `max_tokens` or `tokenizer`.
pub(super) fn is_secret(name: &str) -> bool {
    // The shell's working directory.
    if name == "PWD" || name == "OLDPWD" {
        return false;
    }
    let words = words(name);
    let Some(last) = words.last() else { return false };
    if ABOUT.contains(&last.as_str()) || matches!(words[0].as_str(), "max" | "min" | "num" | "is" | "has") {
        return false;
    }
    words.iter().any(|word| WORDS.contains(&word.as_str()) || ENDINGS.iter().any(|ending| word.ends_with(ending)))
        || words.windows(2).any(|pair| {
            (KEY_KINDS.contains(&pair[0].as_str()) && pair[1] == "key")
                || (pair[0].starts_with("conn") && matches!(pair[1].as_str(), "string" | "str"))
        })
}

/// `dbPassword`, `DB_PASSWORD` and `db-password` are all `db`, `password`.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut was_lower = false;
    for c in name.chars() {
        let is_break = !c.is_alphanumeric();
        if (is_break || (was_lower && c.is_uppercase())) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if !is_break {
            word.extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase() || c.is_ascii_digit();
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    // `PASSWORD2` is one more password.
    let numbered = |word: String| match word.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "" => word,
        bare => bare.to_owned(),
    };
    words.into_iter().map(numbered).collect()
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
        for name in
            ["token_url", "maxTokens", "tokenizer", "secretName", "secrets", "compass", "bypass", "key", "PWD", ""]
        {
            assert!(!is_secret(name), "{name}");
        }
    }
}
