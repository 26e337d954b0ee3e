//! No secret leaves, in whatever form it stands in the tree and however it is asked for.

use std::fs;
use std::path::Path;

use crate::hostile::Place;

/// Everything here is forbidden: every line of every file becomes evidence.
const NOSY: [&str; 3] = [
    "id: a.t, title: T, why: w, fix: f, priority: P0, tier: pilot, probe: {text: {files: ['**'], scope: all, forbid: ['.+']}}",
    "id: a.m, title: M, why: w, fix: f, priority: P0, tier: pilot, \
     probe: {text: {files: ['**'], scope: all, multiline: true, forbid: ['(?s)(?i)pass.{0,80}']}}",
    "id: a.q, title: Q, why: w, fix: f, priority: P0, tier: pilot, \
     probe: {query: {files: ['**/*.{yaml,json,toml,ini,config}', '**/.env'], scope: all, select: '$..*', forbid: ['']}}",
];

/// Put together here, so that no scanner takes this file for a leak.
fn secrets() -> Vec<String> {
    let word = |number: usize| format!("{}{}Rt{number}kX", "Qv7m", "Zp2w");
    let mut secrets: Vec<String> = (0..34).map(word).collect();
    secrets.push(["AK", "IA", "Q3EGRIJ7LMNOPQRS"].concat());
    secrets.push(["gh", "p_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].concat());
    secrets
}

fn leaky() -> (Place, Vec<String>) {
    let s = secrets();
    let place = Place::asking(&NOSY)
        .file(".env", format!("DB_PASSWORD={}\nAWS_ACCESS_KEY_ID={}\nGITHUB_TOKEN={}\nREDIS_URL=redis://:{}@h/0\n", s[0], s[34], s[35], s[1]))
        .file("app.py", format!(
            "password = \"{}\"\nDB = dict(host=\"x\", password=(\n    \"{}\"))\nc = C(\"u\", api_key=os.getenv(\"K\") or \"{}\")\n\
             h = {{\"Authorization\": \"Bearer {}\", \"X-Api-Key\": \"{}\"}}\ne = create(\"postgresql://app:{}@db/x\")\n\
             PASSWORD = \\\n    \"{}\"\n",
            s[2], s[3], s[4], s[5], s[6], s[7], s[8]
        ))
        .file("deploy.yaml", format!(
            "env:\n  - name: DB_PASSWORD\n    value: {}\n  - name: API_TOKEN\n    value: \"{}\"\npassword: {}\nsecret: |\n  {}\n  {}\n\
             secret2: >-\n  {}\ndata:\n  dbPassword:\n    {}\n",
            s[9], s[10], s[11], s[12], s[13], s[14], s[15]
        ))
        .file("run.sh", format!(
            "curl -u admin:{} https://x/y\ncurl --user \"admin:{}\" https://x\nsshpass -p {} ssh x\nmysql -uroot -p{} db\n\
             docker login -u me -p {} reg\necho \"{}\" | docker login --password-stdin\nexport PGPASSWORD={}\n\
             curl -H \"Authorization: Basic {}\" https://x\nwget --http-password={} https://x\n",
            s[16], s[17], s[18], s[19], s[20], s[21], s[22], s[23], s[24]
        ))
        .file("c.json", format!("{{\"password\": \"{}\", \"n\": {{\"token\":\n \"{}\"}}}}\n", s[25], s[26]))
        .file("App.config", format!("<c><add connectionString=\"Server=x;Password={};\"/><password>\n{}\n</password></c>\n", s[27], s[28]))
        .file("a.toml", format!("[db]\npassword = \"{}\"\nsecret = \"\"\"\n{}\"\"\"\n", s[29], s[30]))
        .file("a.ini", format!("[db]\npassword = {}\n", s[31]))
        .file(".pgpass", format!("host:5432:db:user:{}\n", s[32]))
        .file(".netrc", format!("machine h login u password {}\n", s[33]));
    (place, s)
}

#[track_caller]
fn holds_none(what: &str, text: &str, secrets: &[String]) {
    let leaked: Vec<_> = secrets.iter().enumerate().filter(|(_, secret)| text.contains(secret.as_str())).collect();
    assert!(leaked.is_empty(), "{what} holds {leaked:?}");
}

#[test]
fn no_report_and_no_decision_holds_a_secret() {
    let (place, secrets) = leaky();
    for list in ["gonogo.yaml", "builtin:enterprise"] {
        for format in ["human", "json", "markdown"] {
            let ran = place.run(&["check", "--checklist", list, "--format", format]).ends_with(1);
            holds_none(&format!("{list} {format}"), &(ran.out + &ran.err), &secrets);
        }
    }
    for item in ["a.t", "a.m", "a.q"] {
        let ran = place.run(&["explain", item]).ends_with(0);
        assert!(ran.out.contains("••••••"), "{}", ran.out);
        holds_none(item, &ran.out, &secrets);
        place.run(&["waive", item, "--reason", "x", "--expires", "30d"]).ends_with(0);
    }
    holds_none("the ledger", &everything_below(&place.at(".gonogo")), &secrets);
}

fn everything_below(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| if path.is_dir() { everything_below(&path) } else { fs::read_to_string(&path).unwrap() })
        .collect()
}

#[test]
fn a_secret_below_its_name_is_covered_in_previews_and_differences_too() {
    let item = "  - { id: t.ask, title: T, why: w, fix: f, priority: P0, tier: pilot, covers: ['conf.yaml'] }\n";
    let head = "categories: [{ id: t, title: T }]\ntiers: [{ id: pilot, title: Pilot, gate: P0 }]\nitems:\n";
    let text = |secret: &str| format!("password: |\n  one\n  two\n  three\n  four\n  five\n  {secret}\n  six\n");
    let world = crate::world::World::new().checklist(&format!("{head}{item}"));
    world.edit("conf.yaml", &text("hunter2"));
    let world = world.git();
    world.run(&["attest", "t.ask"]).succeeds();
    world.edit("conf.yaml", &text("correct-horse"));
    let session = world.session();
    let drift = session.drift("t.ask").unwrap();
    let peek: String = session.peek(&"conf.yaml".into(), 7, 1).into_iter().map(|(_, line)| line + "\n").collect();
    for shown in [&drift, &peek] {
        assert!(!shown.contains("hunter2") && !shown.contains("correct-horse"), "{shown}");
    }
    assert!(drift.starts_with("--- conf.yaml\n+++ conf.yaml\n@@ -4,5 +4,5 @@\n"), "{drift}");
    assert!(drift.contains("\n-  hu••••••\n+  co••••••\n"), "{drift}");
}

#[test]
fn a_preview_covers_what_was_found_whatever_it_is_called() {
    let secret = "q7Lz0bT4uX9cV2mN8kR5wY1pS6dF3gH0jK4lZ7xC2vB";
    let keys = format!("{{\"Kty\":\"EC\",\"D\":\"{secret}\"}}\n");
    let world = crate::world::World::new().tree(&[
        ("key.jwk", &keys),
        ("next.jwk", &format!("x\n{keys}")),
        ("found.txt", &format!("x = {secret}\ny = 1\n")),
    ]);
    let session = world.session();
    for (path, line) in [("key.jwk", 1), ("next.jwk", 1), ("found.txt", 1)] {
        let lines = session.peek(&path.into(), line, 2);
        assert!(!lines.is_empty() && lines.iter().all(|(_, line)| !line.contains(&secret[4..])), "{path}: {lines:?}");
    }
}
