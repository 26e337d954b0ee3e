//! Many patterns are looked for in one pass: each finds what it finds alone.

use gonogo::checklist::pattern::compile;
use gonogo::probe::outcome::Answer;
use proptest::prelude::*;

use super::judge_all;

/// Patterns that need one thing, several, one of several, and nothing that is worth being looked for.
const PATTERNS: [&str; 10] = [
    "token",
    "token[\\s\\S]*secret",
    "secret[^;]*token|salt",
    "open\\([^)]*\\)[\\s\\S]{0,9}close",
    "(?i)\\bOPEN\\b",
    "(?:abc|bcd)\\s*=\\s*(?:one|two)",
    "one\\s+two",
    "[0-9]",
    "^token$",
    "salt[\\s\\S]*salt",
];

fn any_text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => prop::sample::select(vec!["token", "secret", "salt", "open(", "OPEN", ")", "close", "abc", "bcd", "=", "one", "two"]),
        2 => prop::sample::select(vec![" ", ";", "7"]),
        3 => Just("\n"),
    ];
    prop::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn each_pattern_finds_what_it_finds_alone(
        texts in prop::collection::vec(any_text(), 1..4),
        asked in prop::collection::vec((0..PATTERNS.len(), any::<bool>()), 1..12),
    ) {
        let probe = |(pattern, multiline): &(usize, bool)| {
            format!("{{ text: {{ files: '*.txt', find: '{}', multiline: {multiline} }} }}", PATTERNS[*pattern])
        };
        let files: Vec<(String, String)> =
            texts.iter().enumerate().map(|(number, text)| (format!("{number}.txt"), text.clone())).collect();
        let outcomes = judge_all(&asked.iter().map(probe).collect::<Vec<_>>(), &files);
        for ((pattern, multiline), outcome) in asked.iter().zip(&outcomes) {
            let regex = compile(PATTERNS[*pattern], *multiline).unwrap();
            let has = |text: &String| match multiline {
                true => regex.is_match(text.as_bytes()),
                false => text.lines().any(|line| regex.is_match(line.as_bytes())),
            };
            let expected = if texts.iter().any(has) { Answer::Pass } else { Answer::Fail };
            prop_assert_eq!(outcome.answer, expected, "{} ({}) in {:?}", PATTERNS[*pattern], multiline, texts);
        }
    }
}
