//! The schema and the reader say the same.

use gonogo::checklist::builtin::{NAMES, builtin};
use gonogo::checklist::schema::schema;
use gonogo::checklist::starter::STARTER;
use gonogo::document::yaml;

use super::{BASE, Files, with};

#[test]
fn the_schema_accepts_what_the_reader_accepts() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let check = |name: &str, text: &str| {
        let node = yaml::parse(text).documents.remove(0);
        let errors: Vec<String> = validator
            .iter_errors(&node.to_json())
            .map(|error| format!("{name}{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    };
    check("starter", STARTER);
    check("base", BASE);
    check("parts", &with("probe: {all: [{exists: a, part: x}, {absent: b}]}\nneeds: [a.c]\ndue: 2027-01-01"));
    check("null takes back", "gonogo: 1\nitems: [{id: a.b, probe: null, when: null}]");
    for name in NAMES {
        for (file, text) in builtin(name).unwrap() {
            check(file, text);
        }
    }
    let reject = |text: &str| {
        let node = yaml::parse(text).documents.remove(0);
        assert!(!validator.is_valid(&node.to_json()), "{text}");
    };
    for field in [
        "prority: P1",
        "effort: soon",
        "probe: {exists: a, absent: b}",
        "probe: {exists: a, part: x}",
        "probe: {all: [{part: x}]}",
        "no_files: pass",
        "probe: {sarif: {}}",
    ] {
        reject(&with(field));
    }
    reject("title: without a version");
}

/// The keys of the schema below a path of its own keys.
fn keys(path: &str) -> Vec<String> {
    let schema = schema();
    let object = schema.pointer(path).unwrap_or_else(|| panic!("no {path}"));
    object.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect()
}

#[test]
fn the_reader_knows_every_key_of_the_schema() {
    let part = "/items/properties";
    let tables = [
        ("/properties".to_owned(), "gonogo: 1\nKEY: [[5]]\n"),
        (format!("/properties/tiers{part}"), "gonogo: 1\ntiers: [{id: x, KEY: [[5]]}]"),
        (format!("/properties/categories{part}"), "gonogo: 1\ncategories: [{id: x, KEY: [[5]]}]"),
        (format!("/properties/phases{part}"), "gonogo: 1\nphases: [{id: x, KEY: [[5]]}]"),
        (format!("/properties/environments{part}"), "gonogo: 1\nenvironments: [{id: x, KEY: [[5]]}]"),
        (format!("/properties/items{part}"), "gonogo: 1\nitems: [{id: x, KEY: [[5]]}]"),
        (format!("/properties/items{part}/cases/anyOf/0{part}"), "gonogo: 1\nitems: [{id: x, cases: [{KEY: [[5]]}]}]"),
        ("/$defs/probe/properties".to_owned(), "gonogo: 1\nitems: [{id: x, probe: {KEY: [[5]]}}]"),
    ];
    for (path, text) in tables {
        let keys = keys(&path);
        assert!(keys.len() > 2, "{path}");
        for key in keys.iter().filter(|key| *key != "id" && *key != "gonogo") {
            let problems = Files::one(&text.replace("KEY", key)).problems().join("\n");
            assert!(
                !problems.contains("unknown key") && !problems.contains("unknown probe"),
                "{path} {key}: {problems}"
            );
            assert!(problems.contains("expected") || problems.contains("needs one of"), "{path} {key}: {problems}");
        }
    }
    let probes = [
        ("exists", "exists/anyOf/1", "files: a"),
        ("absent", "absent/anyOf/1", "files: a"),
        ("text", "text", "files: a, find: x, unless: y"),
        ("query", "query", "files: a, select: $.a, find: x"),
        ("compare", "compare", "left: {words: a}, right: {words: b}, expect: equal"),
        ("encoding", "encoding", "files: a, forbid: bom"),
        ("names", "names", "files: a, forbid: strays"),
        ("git", "git", "newest: a, within: 1d"),
    ];
    for (name, path, base) in probes {
        for key in keys(&format!("/$defs/probe/properties/{path}/properties")) {
            let others = base.split(", ").filter(|option| !option.starts_with(&format!("{key}:")));
            let options: Vec<String> = others.map(str::to_owned).chain([format!("{key}: [[5]]")]).collect();
            let text = with(&format!("probe: {{{name}: {{{}}}}}", options.join(", ")));
            let problems = Files::one(&text).problems().join("\n");
            assert!(problems.contains("expected") || problems.contains("contradict"), "{name} {key}: {problems}");
        }
    }
}
