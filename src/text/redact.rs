//! Secrets are covered where evidence is made: by place, never by replacing a value everywhere it occurs.
//!
//! A value is covered when the name it is given to says secret, or when its shape is that of a known token.
//! References (`${VAR}`, `os.environ["X"]`, `secrets.X`) are no secrets and stay readable. In doubt a value
//! is covered: two characters and the key are enough to find it in the file.

use std::ops::Range;

use crate::text::secret_hints::{Hint, Hints};
use crate::text::{secret_commands, secret_lines, secret_shapes, secret_values};

const COVER: &str = "••••••";
/// How much of a line is examined around the match: a file may be one line of many megabytes.
const EXAMINED: usize = 4096;
/// How much of that is given back.
const SHOWN: usize = 400;

/// Where a text holds secrets, whatever was looked for: for whoever asks about many places of it.
#[must_use]
pub fn secrets(above: impl Iterator<Item: AsRef<[u8]>>, text: &str) -> Vec<Range<usize>> {
    let mut secrets = known(text);
    secrets.extend(secret_lines::carried(above, text));
    secrets
}

/// Such a text as it may be shown, when a match stands in it; of a very long one what surrounds the match.
#[must_use]
pub fn redact_known(secrets: &[Range<usize>], text: &str, matched: Range<usize>) -> String {
    let shown = around(text, &matched, SHOWN);
    let mut secrets: Vec<Range<usize>> = secrets.to_vec();
    secrets.extend(secret_shapes::random_words(text, clamp(text, matched)));
    with_ends(&shown, text.len(), cover(text, merge(secrets), shown.clone()))
}

/// The line as it may be shown, whatever stands above it.
#[must_use]
pub fn redact(line: &str, matched: Range<usize>) -> String {
    redact_below(std::iter::empty::<&str>(), line, matched)
}

/// The line as it may be shown; its secret may have its name in one of the lines `above`, the nearest first. What
/// stands in `matched` (bytes) is judged more strictly: a random-looking word there is covered even without a name
/// beside it. Of a very long line only what surrounds the match comes back, with `…` for the rest.
#[must_use]
pub fn redact_below(above: impl Iterator<Item: AsRef<[u8]>>, line: &str, matched: Range<usize>) -> String {
    let window = around(line, &matched, EXAMINED);
    let shown = around(line, &matched, SHOWN);
    let text = &line[window.clone()];
    let mut secrets = known(text);
    let carried = secret_lines::carried(above, line);
    secrets
        .extend(carried.map(|range| {
            clamp(text, range.start.saturating_sub(window.start)..range.end.saturating_sub(window.start))
        }));
    let inside = clamp(text, matched.start.saturating_sub(window.start)..matched.end.saturating_sub(window.start));
    secrets.extend(secret_shapes::random_words(text, inside));
    let visible = shown.start - window.start..shown.end - window.start;
    let covered = cover(text, merge(secrets), visible);
    with_ends(&shown, line.len(), covered)
}

/// `…` for what is not shown of a text that is so long.
fn with_ends(shown: &Range<usize>, length: usize, text: String) -> String {
    match (shown.start > 0, shown.end < length) {
        (false, false) => text,
        (before, after) => format!("{}{text}{}", if before { "…" } else { "" }, if after { "…" } else { "" }),
    }
}

/// The secrets that a text shows by itself.
fn known(text: &str) -> Vec<Range<usize>> {
    let hints = Hints::of(text);
    let mut secrets = if hints.tell(Hint::Name) { secret_values::assigned(text) } else { Vec::new() };
    secrets.extend(secret_shapes::tokens(text, hints));
    secrets.extend(secret_commands::given(text, hints));
    secrets
}

/// A secret as it may be shown. Two characters of five tell little; two of three tell nearly all.
#[must_use]
pub fn covered(secret: &str) -> String {
    let told = if secret.chars().count() > 4 { secret.chars().take(2).collect() } else { String::new() };
    told + COVER
}

/// The bytes within `reach` of a match, cut between characters.
fn around(line: &str, matched: &Range<usize>, reach: usize) -> Range<usize> {
    if line.len() <= reach {
        return 0..line.len();
    }
    let start = matched.start.min(line.len()).saturating_sub(reach / 4);
    clamp(line, start..start.saturating_add(reach))
}

/// The nearest range that slices: within the text, between characters, outward.
fn clamp(text: &str, range: Range<usize>) -> Range<usize> {
    let end = text.ceil_char_boundary(range.end.min(text.len()));
    text.floor_char_boundary(range.start.min(end))..end
}

/// Sorted and without overlaps: a secret inside a secret is one secret.
fn merge(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn cover(text: &str, secrets: Vec<Range<usize>>, visible: Range<usize>) -> String {
    let mut out = String::with_capacity(visible.len());
    let mut at = visible.start;
    for secret in secrets.into_iter().filter(|secret| secret.end > visible.start && secret.start < visible.end) {
        out.push_str(&text[at..secret.start.max(at)]);
        if secret.start >= visible.start {
            out.push_str(&covered(&text[secret.clone()]));
        } else {
            out.push_str(COVER);
        }
        at = secret.end.min(visible.end);
    }
    out + &text[at..visible.end.max(at)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn redact_line(line: &str) -> String {
        redact(line, 0..0)
    }

    #[test]
    fn values_given_to_secret_names_are_covered() {
        for (line, expected) in [
            ("password = \"hunter2\"", "password = \"hu••••••\""),
            ("DB_PASS=hunter2", "DB_PASS=hu••••••"),
            ("export API_TOKEN='abcdef'  # why", "export API_TOKEN='ab••••••'  # why"),
            ("PASSWORD=p@ss, w;rd # note", "PASSWORD=p@•••••• # note"),
            ("secret_key: str = \"changeme\"", "secret_key: str = \"ch••••••\""),
            ("  \"apiKey\": \"0123456789\",", "  \"apiKey\": \"01••••••\","),
            ("  password: correct horse battery", "  password: co••••••"),
            ("- clientSecret: abcde", "- clientSecret: ab••••••"),
            ("dsn: 'abcdefg'", "dsn: 'ab••••••'"),
            ("<password>hunter2</password>", "<password>hu••••••</password>"),
            ("<add key=\"DbPassword\" value=\"hunter2\"/>", "<add key=\"DbPassword\" value=\"hu••••••\"/>"),
            ("{name: DB_PASSWORD, value: hunter2}", "{name: DB_PASSWORD, value: hu••••••}"),
            ("Server=x;Uid=sa;Pwd=hunter2;Port=1", "Server=x;Uid=sa;Pwd=hu••••••;Port=1"),
            ("connect(user=\"a\", password=\"hunter2\")", "connect(user=\"a\", password=\"hu••••••\")"),
            ("os.getenv(\"DB_PASSWORD\", \"hunter2\")", "os.getenv(\"DB_PASSWORD\", \"hu••••••\")"),
            ("config('SECRET_KEY', default='hunter2')", "config('SECRET_KEY', default='hu••••••')"),
            ("url: ${DB_PASSWORD:-hunter2}/x", "url: ${DB_PASSWORD:-hu••••••}/x"),
            ("PASSWORD=${PW:-hunter2}", "PASSWORD=${PW:-hu••••••}"),
            ("  password: \"${PW:-hunter2}\"", "  password: \"${PW:-hu••••••}\""),
            ("mysql --password hunter2 -h x", "mysql --password hu•••••• -h x"),
            ("mysql --password=hunter2 -h x", "mysql --password=hu•••••• -h x"),
            ("password: 'it''s hunter2' # x", "password: 'it••••••' # x"),
            ("ENV DB_PASSWORD hunter2", "ENV DB_PASSWORD hu••••••"),
            ("spring.datasource.password=hunter;2", "spring.datasource.password=hu••••••"),
            ("password: Some(\"hunter2\".into()),", "password: Some(\"hu••••••\".into()),"),
            ("let token = SecretString::new(\"hunter2\");", "let token = SecretString::new(\"hu••••••\");"),
            ("os.environ[\"DB_PASSWORD\"] = \"hunter2\"", "os.environ[\"DB_PASSWORD\"] = \"hu••••••\""),
            (
                "{\"name\": \"DB_PASSWORD\", \"value\": \"hunter2\"}",
                "{\"name\": \"DB_PASSWORD\", \"value\": \"hu••••••\"}",
            ),
            ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG", "aws_secret_access_key = wJ••••••"),
            ("- \"POSTGRES_PASSWORD=hunter2\"", "- \"POSTGRES_PASSWORD=hu••••••"),
            ("requirepass hunter2", "requirepass hu••••••"),
            ("ALTER USER a PASSWORD 'hunter2';", "ALTER USER a PASSWORD 'hu••••••';"),
            ("CREATE USER a IDENTIFIED BY 'hunter2';", "CREATE USER a IDENTIFIED BY 'hu••••••';"),
            (".password(\"hunter2\")", ".password(\"hu••••••\")"),
            ("$password = 'hunter2';", "$password = 'hu••••••';"),
            ("'password' => 'hunter2',", "'password' => 'hu••••••',"),
            ("GET /x?access_token=hunter2&y=1", "GET /x?access_token=hu••••••&y=1"),
            ("//registry.npmjs.org/:_authToken=hunter2", "//registry.npmjs.org/:_authToken=hu••••••"),
            ("Authorization: Bearer abcdef.ghi", "Authorization: Bearer ab••••••"),
            ("password = \"ab\"", "password = \"••••••\""),
            ("token = 'open and never clos", "token = 'op••••••"),
            ("password: \"a\\\"bcdef\" # x", "password: \"a\\••••••\" # x"),
            ("if token == \"hunter2\":", "if token == \"hu••••••\":"),
            ("PASSWORD=12345678", "PASSWORD=12••••••"),
            ("const char *password[] = \"hunter2\";", "const char *password[] = \"hu••••••\";"),
            ("curl -u admin:hunter2 https://x", "curl -u admin:hu•••••• https://x"),
            ("curl --user \"admin:hunter2\" x", "curl --user \"admin:hu••••••\" x"),
            ("  - curl -sfuadmin:x -uadmin:hunter2 x", "  - curl -sfuadmin:x -uadmin:hu•••••• x"),
            ("sshpass -p hunter2 ssh x", "sshpass -p hu•••••• ssh x"),
            ("mysql -uroot -phunter2 db", "mysql -uroot -phu•••••• db"),
            ("docker login -u me -p hunter2 reg", "docker login -u me -p hu•••••• reg"),
            ("echo \"hunter2\" | docker login --password-stdin", "echo \"hu••••••\" | docker login --password-stdin"),
            ("machine h login u password hunter2", "machine h login u password hu••••••"),
            ("db:5432:app:me:hunter2", "db:5432:app:me:hu••••••"),
            ("api_key=os.getenv(\"K\") or \"hunter2\"", "api_key=os.getenv(\"K\") or \"hu••••••\""),
            ("const token = process.env.T ?? 'hunter2';", "const token = process.env.T ?? 'hu••••••';"),
        ] {
            assert_eq!(redact_line(line), expected, "{line}");
        }
    }

    #[test]
    fn references_types_and_settings_stay_readable() {
        for line in [
            "password: ${DB_PASSWORD}",
            "PASSWORD=$DB_PASSWORD",
            "password: \"${DB_PASSWORD}\"",
            "password: ${{ secrets.DB_PASSWORD }}",
            "token: {{ .Values.token }}",
            "password = os.environ[\"DB_PASSWORD\"]",
            "const token = process.env.TOKEN;",
            "password: env('DB_PASSWORD')",
            "password: str",
            "    password: String,",
            "password: string;",
            "token: Optional[str] = None",
            "let password = read_password()?;",
            "password = settings.DB_PASSWORD",
            "password:",
            "secret_enabled: true",
            "max_tokens: 4096",
            "token_ttl = 86400",
            "PASSWORD_FILE=/run/secrets/db",
            "secretName: db-credentials",
            "secretKeyRef:",
            "secrets: inherit",
            "- pass: {a: b}",
            "passwords are hashed with argon2",
            "path/to/token/file.txt:12",
            "tokenizer = \"whitespace\"",
            "cd $PWD",
            "/// Pass `maybe` here, or pass \"x\"",
            "https://example.org:8080/a@b",
            "token_url: https://example.org/oauth/token",
            "uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683",
            "[\"password\", \"token\"]",
            "password: !Ref DbPassword",
            "password: <your password>",
            "curl -u \"$USER:$PASS\" https://x",
            "docker run -p 8080:80 nginx",
            "echo $PASSWORD | docker login --password-stdin",
            "mysql -u root -p db",
            "ports: 127.0.0.1:5432:5432",
        ] {
            assert_eq!(redact_line(line), line);
        }
    }

    #[test]
    fn known_shapes_are_covered_wherever_they_stand() {
        let jwt = format!("eyJhbGciOiJIUzI1NiJ9.{}.{}", "eyJzdWIiOiIxIn0", "abcDEF123456");
        for secret in [
            concat!("AKIA", "IOSFODNN7EXAMPLE"),
            concat!("ghp_", "abcdefghijklmnopqrstuvwxyz0123456789"),
            concat!("github_", "pat_11ABCDEFG0abcdefghijkl_mnop"),
            concat!("sk_", "live_abcdefghijklmnop1234"),
            concat!("sk-", "proj-abcdefghijklmnopqrstuv"),
            concat!("xox", "b-123456789012-abcdefghijkl"),
            concat!("AIza", "SyA1234567890abcdefghijklmnopqrstuvw"),
            &jwt,
        ] {
            let line = format!("x = call({secret}) # {secret}");
            let cover = format!("{}{COVER}", &secret[..2]);
            assert_eq!(redact_line(&line), format!("x = call({cover}) # {cover}"));
        }
        assert_eq!(redact_line("postgres://app:hunter2@db:5432/x"), "postgres://app:hu••••••@db:5432/x");
        assert_eq!(redact_line("postgres://app:${PW}@db/x"), "postgres://app:${PW}@db/x");
        assert_eq!(redact_line("redis://:hunter2@db"), "redis://:hu••••••@db");
        let pem = "key: \"-----BEGIN RSA PRIVATE KEY-----\\nMIIEowIBAAKCAQEA\\n-----END RSA PRIVATE KEY-----\"";
        assert!(!redact_line(pem).contains("MIIEow"), "{}", redact_line(pem));
        let body = "MIIEowIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF8PbnGy0AHB7MaU+mFzJm1Kd9sKL";
        assert_eq!(redact_line(body), format!("MI{COVER}"));
    }

    #[test]
    fn a_value_is_covered_by_place_and_not_everywhere() {
        assert_eq!(redact_line("src/app.py: password = 'app.py'"), "src/app.py: password = 'ap••••••'");
    }

    #[test]
    fn a_random_word_in_the_match_is_covered_without_a_name() {
        let line = "use q8Zk2LmX9vB4nT7wR1cY5 here";
        assert_eq!(redact_line(line), line);
        assert_eq!(redact(line, 4..25), "use q8•••••• here");
        assert_eq!(redact("uses: actions/checkout@v4", 0..25), "uses: actions/checkout@v4");
    }

    #[test]
    fn of_an_endless_line_only_what_surrounds_the_match_comes_back() {
        let line = format!("{}password=\"hunter2\"{}", "é".repeat(500_000), ";".repeat(500_000));
        let at = line.find("password").unwrap();
        let shown = redact(&line, at..at + 8);
        assert!(shown.contains("password=\"hu••••••\";") && shown.starts_with('…') && shown.ends_with('…'));
        assert!(shown.len() < 2 * SHOWN);
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line in prop_oneof![".*", "(password|token|eyJ|://|@|:|=|\"|'|\\\\| |\\$\\{|\\}|<|>|é|AKIA|,|value|-|\\()*"], start in 0usize..90, length in 0usize..90) {
            let _ = redact(&line, start..start + length);
        }

        #[test]
        fn a_line_whose_secrets_are_known_looks_the_same(
            above in "(password:|  secret: \\||- name: DB_PASSWORD|x){0,1}", line in " {0,3}(password|token|value|AKIA|: |=|\"|'|hunter2|é|Zk2LmX9vB4nT7wR1cY5aA){0,8}",
            start in 0usize..60, length in 0usize..60
        ) {
            let matched = start.min(line.len())..(start + length).min(line.len());
            let known = secrets(std::iter::once(&above), &line);
            prop_assert_eq!(
                redact_known(&known, &line, matched.clone()),
                redact_below(std::iter::once(&above), &line, matched)
            );
        }

        #[test]
        fn what_is_given_to_a_password_never_shows(value in "[A-Za-z0-9!#%^*+~/]{6,40}") {
            let line = format!("password = \"{value}\"");
            prop_assert!(!redact_line(&line).contains(&value));
        }
    }
}
