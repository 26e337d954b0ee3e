//! `compare`: sets of elements across files.

use gonogo::probe::outcome::Answer::{Fail, NotApplicable, Pass, Unknown};
use rstest::rstest;

use super::{ask, ask_with, said};

const ENVIRONMENT: &str = r#"{ compare: {
    left: { files: '**/*.py', capture: 'os\.getenv\("([A-Z_]+)"' },
    right: { files: '**/.env.example', capture: '^\s*(\w+)=' },
    expect: subset } }"#;

const READS: (&str, &str) =
    ("app/a.py", "x = os.getenv(\"STRIPE_KEY\")\ny = (os.getenv(\"DEBUG\"), os.getenv(\"PORT\"))\n");

#[test]
fn what_is_missing_on_the_right_is_named_where_it_stands() {
    let files = [READS, ("app/b.py", "z = os.getenv(\"DEBUG\")\n"), (".env.example", "PORT=1\nEXTRA=2\n")];
    ask(ENVIRONMENT, &files).is(
        Fail,
        "2 of 3 elements are missing in .env.example: STRIPE_KEY, DEBUG",
        &[
            "app/a.py:1:16 STRIPE_KEY: not in .env.example",
            "app/a.py:2:17 DEBUG: not in .env.example (one more file has it)",
        ],
    );
}

#[test]
fn a_subset_passes_and_a_commented_line_holds_no_element() {
    let files = [READS, (".env.example", "PORT=1\nDEBUG=0\nSTRIPE_KEY=\n")];
    ask(ENVIRONMENT, &files).is(Pass, "all 3 elements are in .env.example", &[]);
    let files = [("a.py", "# os.getenv(\"OLD\")\nos.getenv(\"NEW\")\n"), (".env.example", "NEW=\n# OLD=\n")];
    ask(ENVIRONMENT, &files).is(Pass, "the one element is in .env.example", &[]);
}

#[test]
fn nothing_on_the_left_is_not_applicable() {
    ask(ENVIRONMENT, &[("a.py", "x = 1\n"), (".env.example", "A=1\n")]).is(NotApplicable, "no element in *.py", &[]);
    ask(ENVIRONMENT, &[]).is(NotApplicable, "no element in *.py", &[]);
}

#[test]
fn no_file_on_the_right_is_a_fail_unless_the_item_says_otherwise() {
    ask(ENVIRONMENT, &[("a.py", "os.getenv(\"A\")\n")]).is(
        Fail,
        "no file like .env.example for 1 element: A",
        &["a.py:1:12 A: no file like .env.example"],
    );
    for (word, answer) in [("unknown", Unknown), ("not-applicable", NotApplicable), ("fail", Fail)] {
        let outcome = ask_with(ENVIRONMENT, &format!(", no_files: {word}"), &[READS]);
        assert_eq!(outcome.answer, answer, "{word}");
    }
    let disjoint = ENVIRONMENT.replace("subset", "disjoint");
    assert_eq!(ask(&disjoint, &[READS]).answer, NotApplicable);
}

#[test]
fn equal_names_what_is_on_one_side_only() {
    let equal = ENVIRONMENT.replace("subset", "equal");
    let files = [("a.py", "os.getenv(\"A\")\nos.getenv(\"B\")\n"), (".env.example", "A=1\nC=1\n")];
    ask(&equal, &files).is(
        Fail,
        "1 of 2 elements is missing in .env.example: B; 1 of 2 elements is missing in *.py: C",
        &["a.py:2:12 B: not in .env.example", ".env.example:2:1 C: not in *.py"],
    );
    let files = [("a.py", "os.getenv(\"A\")\n"), (".env.example", "A=1\n")];
    ask(&equal, &files).is(Pass, "the same 1 element", &[]);
}

#[test]
fn disjoint_names_what_is_on_both_sides_and_where() {
    let probe = r"{ compare: {
        left: { files: requirements.txt, capture: '^([\w-]+)' },
        right: [{ words: [nose, mock] }, { files: dev.txt, capture: '^([\w-]+)' }],
        expect: disjoint } }";
    let files = [("requirements.txt", "flask==1\nmock==2\npytest==8\n"), ("dev.txt", "pytest==8\n")];
    ask(probe, &files).is(
        Fail,
        "2 of 3 elements also in dev.txt or the checklist's own list: mock, pytest",
        &[
            "requirements.txt:2:1 mock is one of those that must not be here",
            "requirements.txt:3:1 pytest is also at dev.txt:1",
        ],
    );
    assert_eq!(ask(probe, &[("requirements.txt", "flask==1\n")]).answer, Pass);
}

#[test]
fn some_elements_may_break_it() {
    let heads = r#"{ compare: {
        left: { files: 'versions/*.py', capture: '^revision = "(\w+)"' },
        right: { files: 'versions/*.py', capture: '^down_revision = "(\w+)"' },
        expect: subset, at_most: 1 } }"#;
    let one = ("versions/1.py", "revision = \"a1\"\ndown_revision = None\n");
    let two = ("versions/2.py", "revision = \"b2\"\ndown_revision = \"a1\"\n");
    let fork = ("versions/3.py", "revision = \"c3\"\ndown_revision = \"a1\"\n");
    let head = "1 of 2 elements is missing in the other list of versions/*.py: b2 (1 may)";
    ask(heads, &[one, two]).is(Pass, head, &["versions/2.py:1:13 b2: not in the other list of versions/*.py"]);
    let found = ask(heads, &[one, two, fork]);
    assert_eq!(found.answer, Fail);
    assert_eq!(found.places.len(), 2);
}

#[test]
fn names_may_be_spelled_differently() {
    let probe = r"{ compare: {
        left: { files: '*.py', capture: '^import (\w+)', unless: '^os$' },
        right: { files: requirements.txt, select: '$[*].name' },
        expect: subset, fold: [case, separators], rename: { PIL: pillow } } }";
    let files = [
        ("a.py", "import os\nimport PIL\nimport typing_extensions\nimport Flask\n"),
        ("requirements.txt", "Pillow==1\ntyping-extensions>=4\nflask\n"),
    ];
    ask(probe, &files).is(Pass, "all 3 elements are in requirements.txt", &[]);
    let strict = probe.replace("fold: [case, separators], ", "");
    let found = ask(&strict, &files);
    assert_eq!(found.reason, "3 of 3 elements are missing in requirements.txt: PIL, typing_extensions, Flask");
}

#[test]
fn members_know_their_place_and_paths_are_elements_too() {
    let probe = r"{ compare: {
        left: { files: compose.yaml, keys: $.services },
        right: { paths: '*/Dockerfile', capture: '^(.+)/Dockerfile$' },
        expect: equal } }";
    let files = [("compose.yaml", "services:\n  web: {}\n  db: {}\n"), ("web/Dockerfile", ""), ("job/Dockerfile", "x")];
    ask(probe, &files).is(
        Fail,
        "1 of 2 elements is missing in */Dockerfile: db; 1 of 2 elements is missing in compose.yaml: job",
        &["compose.yaml:3:3 db: not in */Dockerfile", "job/Dockerfile job: not in compose.yaml"],
    );
}

#[test]
fn what_was_not_looked_at_leaves_it_open_only_where_it_matters() {
    let probe = |expect: &str| {
        format!(
            "{{ compare: {{ left: {{ files: 'l*.yaml', select: '$.a[*]' }}, \
             right: {{ files: 'r*.yaml', select: '$.a[*]' }}, expect: {expect} }} }}"
        )
    };
    let (x, xy, broken) = ("a: [x]\n", "a: [x, y]\n", "a: [\n");
    let answer = |expect: &str, files: &[(&str, &str)]| ask(&probe(expect), files).answer;
    assert_eq!(answer("subset", &[("l.yaml", xy), ("r.yaml", x), ("r2.yaml", broken)]), Unknown);
    assert_eq!(answer("subset", &[("l.yaml", xy), ("l2.yaml", broken), ("r.yaml", x)]), Fail);
    assert_eq!(answer("subset", &[("l.yaml", x), ("l2.yaml", broken), ("r.yaml", x)]), Unknown);
    assert_eq!(answer("subset", &[("l.yaml", x), ("r.yaml", x), ("r2.yaml", broken)]), Pass);
    assert_eq!(answer("equal", &[("l.yaml", xy), ("r.yaml", x), ("r2.yaml", broken)]), Unknown);
    assert_eq!(answer("equal", &[("l.yaml", xy), ("r.yaml", "a: [x, y, z]"), ("r2.yaml", broken)]), Fail);
    assert_eq!(answer("disjoint", &[("l.yaml", xy), ("r.yaml", x), ("r2.yaml", broken)]), Fail);
    assert_eq!(answer("disjoint", &[("l.yaml", "a: [y]"), ("r.yaml", x), ("r2.yaml", broken)]), Unknown);
    assert_eq!(answer("subset", &[("l.yaml", broken), ("r.yaml", x)]), Unknown, "nobody knows whether there is none");
}

#[test]
fn no_element_is_cut_in_silence() {
    let numbers = |count: usize| (0..count).map(|number| format!("n{number}\n")).collect::<String>();
    let probe =
        "{ compare: { left: { files: l, capture: '^n.*' }, right: { files: r, capture: '^n.*' }, expect: subset } }";
    let (most, more) = (numbers(10_000), numbers(10_001));
    assert_eq!(ask(probe, &[("l", &most), ("r", &most)]).reason, "all 10000 elements are in r");
    let outcome = ask_with(probe, "", &[("l", &most), ("r", "n0\n")]);
    assert_eq!((outcome.evidence.len(), outcome.found), (200, 9_999));
    let found = ask(probe, &[("l", &more), ("r", &more)]);
    assert_eq!((found.answer, found.reason.as_str()), (Unknown, "l: more than 10000 different elements"));
}

#[test]
fn an_element_that_is_a_secret_stays_one() {
    let probe = "{ compare: { left: { files: '*.py', capture: 'password = \"(.*)\"' }, right: { words: ok }, expect: subset } }";
    let outcome = ask_with(probe, "", &[("a.py", "password = \"hunter2hunter2\"\n")]);
    assert_eq!(outcome.answer, Fail);
    let told = format!("{outcome:?}");
    assert!(!told.contains("hunter2") && told.contains("hu••••••: not in the checklist's own list"), "{told}");
}

#[test]
fn the_place_of_an_element_is_the_first_of_its_file_whatever_pattern_found_it() {
    let probe =
        r"{ compare: { left: { files: a, capture: ['key=(\w+)', '\((\w)\)'] }, right: { words: z }, expect: subset } }";
    let found = said(&ask_with(probe, "", &[("a", "(x)\nkey=x key=y\n")]));
    assert_eq!(found.places.len(), 2);
    assert!(found.places[0].starts_with("a:1:2 x") && found.places[1].starts_with("a:2:11 y"), "{found:?}");
}

#[rstest]
#[case::no_elements("{ files: a }", "needs \"capture\", \"select\" or \"keys\" beside \"files\"")]
#[case::two("{ files: a, paths: b }", "\"files\" and \"paths\" contradict each other; keep one")]
#[case::words("{ words: [a], in: code }", "\"in\" says nothing beside \"words\"")]
#[case::lines("{ files: a, capture: x, as: yaml }", "\"as\" goes with \"select\" and \"keys\" only")]
#[case::nodes("{ files: a, select: $.a, in: any }", "\"in\" says nothing beside \"select\", which sees no lines")]
#[case::empty("[]", "expected at least one source, found an empty list")]
fn a_source_that_is_wrong_says_so(#[case] source: &str, #[case] expected: &str) {
    use gonogo::checklist::merge::{self, Entry};
    let probe = format!("{{ compare: {{ left: {source}, right: {{ words: a }}, expect: subset }} }}");
    let item = format!("- {{ id: t.t, title: T, priority: P0, probe: {probe} }}");
    let text = format!("gonogo: 1\ncategories: [{{ id: t, title: T }}]\nitems:\n{item}\n");
    let (_, problems) = merge::load(&Entry::File("gonogo.yaml".to_owned()), &super::One(text));
    assert!(problems.iter().any(|problem| problem.message == expected), "{problems:?}");
}

#[test]
fn elements_of_one_endless_line_have_their_places_and_stay_readable() {
    let members: Vec<String> = (0..9_000).map(|n| format!("\"naïve{n}\": {n}")).collect();
    let json = format!("{{{}}}", members.join(", "));
    let probe = |side: &str| format!("{{ compare: {{ left: {side}, right: {{ words: z }}, expect: subset }} }}");
    for side in ["{ files: '*.json', keys: $ }", "{ files: '*.json', capture: '\"(na[^\"]+)\"' }"] {
        let outcome = ask_with(&probe(side), "", &[("a.json", &json)]);
        assert_eq!(outcome.found, 9_000, "{side}");
        let last = outcome.evidence.iter().find(|evidence| evidence.message.starts_with("naïve199:")).unwrap();
        let before = json.split("naïve199\"").next().unwrap().chars().count() as u32;
        // A key begins with its quote, a capture after it.
        assert!([before, before + 1].contains(&last.column), "{side} {}", last.column);
        assert!(last.excerpt.contains("naïve199") && last.excerpt.len() < 2_000, "{side} {}", last.excerpt);
    }
    let secret = format!("{{{}, \"password\": \"hunter2hunter2\"}}", members.join(", "));
    let outcome = ask_with(&probe("{ files: '*.json', select: $.password }"), "", &[("a.json", &secret)]);
    assert!(!format!("{outcome:?}").contains("hunter2"), "{outcome:?}");
}
