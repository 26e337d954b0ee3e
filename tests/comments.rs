//! Comments are told from code and strings, in every language of the table.

use proptest::prelude::*;

use gonogo::text::comments::{Language, language, mask};

/// The text with every comment's bytes as `~`.
fn masked(path: &str, text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for range in mask(text.as_bytes(), known(path)) {
        bytes[range].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b'~');
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn known(path: &str) -> Language {
    language(path).unwrap_or_else(|| panic!("{path} has no language"))
}

#[track_caller]
fn check(path: &str, text: &str, expected: &str) {
    assert_eq!(masked(path, text), expected, "{path}");
}

#[test]
fn rust_knows_nested_blocks_raw_strings_and_lifetimes() {
    check("a.rs", "let a = \"http://x\"; // b", "let a = \"http://x\"; ~~~~");
    check("a.rs", "/* a /* b */ c */ d", "~~~~~~~~~~~~~~~~~ d");
    check("a.rs", "r#\"a\" // \"#; // b", "r#\"a\" // \"#; ~~~~");
    check("a.rs", "fn a<'a>(x: &'a str) {} // '", "fn a<'a>(x: &'a str) {} ~~~~");
    check("a.rs", "let q = '\"'; let e = '\\''; // b", "let q = '\"'; let e = '\\''; ~~~~");
    check("a.rs", "let u = '\\u{1f600}'; // b", "let u = '\\u{1f600}'; ~~~~");
}

#[test]
fn python_knows_docstrings_and_strings() {
    check(
        "a.py",
        "def f():\n    \"\"\"doc\n    # x\"\"\"\n    a = '# no'  # yes",
        "def f():\n    ~~~~~~\n~~~~~~~~~~\n    a = '# no'  ~~~~~",
    );
    check(
        "a.py",
        "x = \"\"\"# text\"\"\"\nf(\n\"\"\"# arg\"\"\")\n",
        "x = \"\"\"# text\"\"\"\nf(\n\"\"\"# arg\"\"\")\n",
    );
    check("a.py", "r\"\"\"doc\"\"\"\nx = f\"{a}#\" # b", "r~~~~~~~~~\nx = f\"{a}#\" ~~~");
    check("a.py", "a = 'open # no\nb = 1 # yes", "a = 'open # no\nb = 1 ~~~~~");
}

#[test]
fn javascript_knows_templates_and_regular_expressions() {
    check(
        "a.ts",
        "const u = `http://${a /* b */ + `c // ${d}`} // e`; // f",
        "const u = `http://${a ~~~~~~~ + `c // ${d}`} // e`; ~~~~",
    );
    check("a.js", "x.replace(/[/\"]/g, '') // b", "x.replace(/[/\"]/g, '') ~~~~");
    check("a.js", "a = b / c; // d / e", "a = b / c; ~~~~~~~~");
    check("a.js", "return /'/; // d", "return /'/; ~~~~");
    check("a.vue", "<!-- a --><a href=http://x>\n// b", "~~~~~~~~~~<a href=http://x>\n~~~~");
    check("tsconfig.json", "{\"a\": \"//\", // b\n}", "{\"a\": \"//\", ~~~~\n}");
}

#[test]
fn shells_start_comments_at_words_only() {
    check("a.sh", "echo $# ${x#y} a#b '# no' \"# no\" # yes", "echo $# ${x#y} a#b '# no' \"# no\" ~~~~~");
    check("a.sh", "a;# yes\necho \\' # yes", "a;~~~~~\necho \\' ~~~~~");
    check("a.sh", "cat <<-'EOF' | x # yes\nit's # no\n\tEOF\n# yes", "cat <<-'EOF' | x ~~~~~\nit's # no\n\tEOF\n~~~~~");
    check("a.sh", "#!/bin/sh\necho $((1<<x)) # yes\n", "~~~~~~~~~\necho $((1<<x)) ~~~~~\n");
}

#[test]
fn yaml_and_toml_know_their_quotes() {
    check(
        "a.yml",
        "a: b#c # d\nb: '# no' # yes\n# x\nc: it's # yes",
        "a: b#c ~~~\nb: '# no' ~~~~~\n~~~\nc: it's ~~~~~",
    );
    check("a.yml", "run: |\n  echo \"a # b\" # c\n", "run: |\n  echo \"a # b\" ~~~\n");
    check("a.yml", "a: \"x\n  # no\" # yes", "a: \"x\n  # no\" ~~~~~");
    check("a.toml", "a = 'C:\\' # b\nc = \"\"\"\n# no\"\"\"# yes", "a = 'C:\\' ~~~\nc = \"\"\"\n# no\"\"\"~~~~~");
}

#[test]
fn the_other_languages_have_their_own_ways() {
    check("Dockerfile", "# a\nRUN x#y 'z # w' # b", "~~~\nRUN x#y 'z # w' ~~~");
    check("a.sql", "select '--' -- a\n/* b */ c", "select '--' ~~~~\n~~~~~~~ c");
    check("a.html", "<a>//x</a><!-- b\n# -->c", "<a>//x</a>~~~~~~\n~~~~~c");
    check("a.css", "a{b:url(//x)}/* c */", "a{b:url(//x)}~~~~~~~");
    check("a.scss", "a{b:url(http://x)} // c", "a{b:url(http://x)} ~~~~");
    check("a.lua", "a = [[--]] --[[ b\n]] c -- d", "a = [[--]] ~~~~~~\n~~ c ~~~~");
    check("a.ps1", "<# a\n#> $b = \"`\"#\" # c", "~~~~\n~~ $b = \"`\"#\" ~~~");
    check("a.bat", "@REM a\r\nset x=REM\r\n:: b", "@~~~~~\r\nset x=REM\r\n~~~~");
    check("a.ini", "; a\nb = c;d ; e\n# f", "~~~\nb = c;d ~~~\n~~~");
    check("a.properties", "a=b # no\n# yes", "a=b # no\n~~~~~");
    check("main.tf", "a = \"#\" # b\n// c\n/* d */", "a = \"#\" ~~~\n~~~~\n~~~~~~~");
    check("a.php", "#[Attr]\n$a = '#'; # b\n// c", "#[Attr]\n$a = '#'; ~~~\n~~~~");
    check("a.go", "a := `//\n` // b", "a := `//\n` ~~~~");
    check("a.cs", "a = @\"\\\"; // b", "a = @\"\\\"; ~~~~");
    check("a.cpp", "int a = 1'000; auto b = R\"x(// )\" )x\"; // c", "int a = 1'000; auto b = R\"x(// )\" )x\"; ~~~~");
    check("a.java", "char c = '\"'; // b\n/* /* */ d", "char c = '\"'; ~~~~\n~~~~~~~~ d");
    check("a.kt", "/* /* */ */ d", "~~~~~~~~~~~ d");
    check("a.rb", "a = \"#{b}\" # c\n=begin\nx\n=end\nd", "a = \"#{b}\" ~~~\n~~~~~~\n~\n~~~~\nd");
    check("a.ex", "a = \"#\" # b", "a = \"#\" ~~~");
    check("Makefile", "a: b # c\n\techo \\# d", "a: b ~~~\n\techo \\# d");
    check(".env", "A='#' # b", "A='#' ~~~");
}

#[test]
fn what_has_no_comments_has_no_language() {
    for path in ["a.png", "LICENSE", "a.csv", ""] {
        assert!(language(path).is_none(), "{path}");
    }
}

const NAMES: [&str; 24] = [
    "a.rs", "a.c", "a.java", "a.kt", "a.cs", "a.go", "a.js", "a.vue", "a.php", "a.scss", "a.css", "a.py", "a.sh",
    "a.rb", "a.yml", "a.toml", "a.conf", "a.tf", "a.ini", "a.sql", "a.lua", "a.ps1", "a.hs", "a.bat",
];

#[test]
fn hostile_repetition_ends() {
    for piece in
        ["'", "\"", "`${", "/* ", "<<a\n", "(/[", "\\\"", " \"\\", "r#", "R\"(", "\"\"\"\n", "{- ", "#", "x ' "]
    {
        let text = piece.repeat(15_000);
        for name in NAMES {
            let _ = mask(text.as_bytes(), known(name));
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_give_sorted_ranges_within_the_text(
        text in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "[-/*#'\"`rR<>=!{}\\[\\]()$\\\\a\n\r ;:@é]{0,120}".prop_map(String::into_bytes),
        ]
    ) {
        for name in NAMES {
            let ranges = mask(&text, known(name));
            prop_assert!(ranges.iter().all(|range| range.start <= range.end && range.end <= text.len()));
            prop_assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
