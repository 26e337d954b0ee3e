//! How each language writes comments and strings: a table, so that one scanner reads them all.

use std::fmt;

/// The comment and string syntax of a language.
pub struct Syntax {
    pub name: &'static str,
    /// What starts a comment that ends with its line.
    pub(super) line: &'static [&'static str],
    pub(super) line_where: Where,
    pub(super) blocks: &'static [(&'static str, &'static str)],
    /// Whether a block may hold another.
    pub(super) nested: bool,
    /// Longer openings first.
    pub(super) strings: &'static [Quote],
    pub(super) quirk: Quirk,
    /// `<<WORD` opens a text that runs to a line with that word.
    pub(super) heredocs: bool,
}

impl fmt::Debug for Syntax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Where a line comment may start.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    Anywhere,
    /// `$#` and `${x#y}` start none.
    WordStart,
    LineStart,
    /// `http://` starts none.
    NotAfterColon,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quirk {
    None,
    /// Lifetimes are no characters, raw strings end with their hashes.
    Rust,
    /// Digits may hold quotes, raw strings have a word of their own.
    Cpp,
    /// Templates hold code, a slash may start a regular expression.
    JavaScript,
    /// A triple-quoted string that starts a statement is a comment.
    Python,
    /// A quote opens a string only where a value may start, or where it closes on its line.
    Yaml,
    /// `#[` is an attribute.
    Php,
    /// `REM` and `::` at the start of a line, in any case.
    Batch,
}

pub(super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    pub(super) escape: Option<u8>,
    /// Whether it may span lines. One that may not ends with its line.
    pub(super) spans: bool,
}

impl Quote {
    /// How long the string at the start of `text` is, with its quotes.
    pub(super) fn length(&self, text: &[u8]) -> usize {
        let close = self.close.as_bytes();
        let line_end = if self.spans { close[0] } else { b'\n' };
        let escape = self.escape.unwrap_or(close[0]);
        let mut at = self.open.len();
        while let Some(next) = text.get(at..).and_then(|rest| memchr::memchr3(close[0], line_end, escape, rest)) {
            at += next;
            if text[at..].starts_with(close) {
                return at + close.len();
            }
            if text[at] == b'\n' && !self.spans {
                return at;
            }
            at += if self.escape == Some(text[at]) { 2 } else { 1 };
        }
        text.len()
    }
}

const fn quote(open: &'static str, escape: Option<u8>, spans: bool) -> Quote {
    Quote { open, close: open, escape, spans }
}

const BACK: Option<u8> = Some(b'\\');
const PLAIN: &[Quote] = &[quote("\"", BACK, false), quote("'", BACK, false)];
const TRIPLE: &[Quote] = &[quote("\"\"\"", BACK, true), quote("\"", BACK, false), quote("'", BACK, false)];
const SHELL: &[Quote] =
    &[Quote { open: "$'", close: "'", escape: BACK, spans: true }, quote("\"", BACK, true), quote("'", None, true)];
const C_BLOCK: &[(&str, &str)] = &[("/*", "*/")];
const MARKUP: &[(&str, &str)] = &[("<!--", "-->")];
const MARKUP_AND_C: &[(&str, &str)] = &[("<!--", "-->"), ("/*", "*/")];

const BASE: Syntax = Syntax {
    name: "",
    line: &[],
    line_where: Where::Anywhere,
    blocks: &[],
    nested: false,
    strings: PLAIN,
    quirk: Quirk::None,
    heredocs: false,
};
const SLASHES: Syntax = Syntax { line: &["//"], blocks: C_BLOCK, ..BASE };
const HASH: Syntax = Syntax { line: &["#"], line_where: Where::WordStart, ..BASE };

static RUST: Syntax =
    Syntax { name: "rust", nested: true, strings: &[quote("\"", BACK, true)], quirk: Quirk::Rust, ..SLASHES };
static C: Syntax = Syntax { name: "c", quirk: Quirk::Cpp, ..SLASHES };
static JAVA: Syntax = Syntax { name: "java", strings: TRIPLE, ..SLASHES };
static KOTLIN: Syntax = Syntax { name: "kotlin", nested: true, strings: TRIPLE, ..SLASHES };
static CSHARP: Syntax = Syntax {
    name: "csharp",
    strings: &[
        quote("\"\"\"", None, true),
        Quote { open: "@\"", close: "\"", escape: None, spans: true },
        quote("\"", BACK, false),
        quote("'", BACK, false),
    ],
    ..SLASHES
};
static GO: Syntax = Syntax {
    name: "go",
    strings: &[quote("`", None, true), quote("\"", BACK, false), quote("'", BACK, false)],
    ..SLASHES
};
static JAVASCRIPT: Syntax = Syntax { name: "javascript", quirk: Quirk::JavaScript, ..SLASHES };
static COMPONENT: Syntax =
    Syntax { name: "component", line_where: Where::NotAfterColon, blocks: MARKUP_AND_C, ..JAVASCRIPT_LIKE };
const JAVASCRIPT_LIKE: Syntax = Syntax { quirk: Quirk::JavaScript, ..SLASHES };
static PHP: Syntax = Syntax { name: "php", line: &["//", "#"], quirk: Quirk::Php, ..SLASHES };
static SCSS: Syntax = Syntax { name: "scss", line_where: Where::NotAfterColon, ..SLASHES };
static CSS: Syntax = Syntax { name: "css", blocks: C_BLOCK, ..BASE };
static PYTHON: Syntax = Syntax {
    name: "python",
    line: &["#"],
    strings: &[
        quote("\"\"\"", BACK, true),
        quote("'''", BACK, true),
        quote("\"", BACK, false),
        quote("'", BACK, false),
    ],
    quirk: Quirk::Python,
    ..BASE
};
static SHELL_SCRIPT: Syntax = Syntax { name: "shell", strings: SHELL, heredocs: true, ..HASH };
static RUBY: Syntax = Syntax {
    name: "ruby",
    blocks: &[("\n=begin", "\n=end")],
    strings: &[quote("\"", BACK, true), quote("'", BACK, true)],
    heredocs: true,
    ..HASH
};
static YAML: Syntax =
    Syntax { name: "yaml", strings: &[quote("\"", BACK, true), quote("'", None, true)], quirk: Quirk::Yaml, ..HASH };
static TOML: Syntax = Syntax {
    name: "toml",
    line: &["#"],
    strings: &[
        quote("\"\"\"", BACK, true),
        quote("'''", None, true),
        quote("\"", BACK, false),
        quote("'", None, false),
    ],
    ..BASE
};
static HASHED: Syntax = Syntax { name: "hash", ..HASH };
static HCL: Syntax = Syntax {
    name: "hcl",
    line: &["#", "//"],
    blocks: C_BLOCK,
    strings: &[quote("\"", BACK, false)],
    heredocs: true,
    ..BASE
};
static INI: Syntax = Syntax { name: "ini", line: &[";", "#"], strings: &[], ..HASH };
static PROPERTIES: Syntax =
    Syntax { name: "properties", line: &["#", "!"], line_where: Where::LineStart, strings: &[], ..BASE };
static SQL: Syntax = Syntax {
    name: "sql",
    line: &["--"],
    blocks: C_BLOCK,
    nested: true,
    strings: &[quote("'", None, true), quote("\"", None, false)],
    ..BASE
};
static HTML: Syntax = Syntax { name: "markup", blocks: MARKUP, strings: &[], ..BASE };
static LUA: Syntax = Syntax {
    name: "lua",
    line: &["--"],
    blocks: &[("--[[", "]]"), ("--[=[", "]=]")],
    strings: &[
        Quote { open: "[[", close: "]]", escape: None, spans: true },
        quote("\"", BACK, false),
        quote("'", BACK, false),
    ],
    ..BASE
};
static ELIXIR: Syntax = Syntax {
    name: "elixir",
    strings: &[quote("\"\"\"", BACK, true), quote("'''", BACK, true), quote("\"", BACK, true), quote("'", BACK, false)],
    ..HASH
};
static POWERSHELL: Syntax = Syntax {
    name: "powershell",
    blocks: &[("<#", "#>")],
    strings: &[
        Quote { open: "@\"", close: "\n\"@", escape: None, spans: true },
        Quote { open: "@'", close: "\n'@", escape: None, spans: true },
        quote("\"", Some(b'`'), true),
        quote("'", None, true),
    ],
    ..HASH
};
static HASKELL: Syntax = Syntax {
    name: "haskell",
    line: &["--"],
    blocks: &[("{-", "-}")],
    nested: true,
    strings: &[quote("\"", BACK, false)],
    ..BASE
};
static LISP: Syntax = Syntax { name: "lisp", line: &[";"], strings: &[quote("\"", BACK, true)], ..BASE };
static BATCH: Syntax = Syntax { name: "batch", strings: &[], quirk: Quirk::Batch, ..BASE };

/// The language of a file, by its name.
pub(super) fn of(path: &str) -> Option<&'static Syntax> {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    of_whole_name(&name).or_else(|| of_extension(name.rsplit_once('.')?.1))
}

fn of_whole_name(name: &str) -> Option<&'static Syntax> {
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    match name {
        "makefile" | "gnumakefile" | "justfile" | "procfile" | "codeowners" | "caddyfile" | "cmakelists.txt"
        | ".gitignore" | ".dockerignore" | ".gitattributes" | ".env" | "robots.txt" => Some(&HASHED),
        "gemfile" | "rakefile" | "vagrantfile" | "podfile" | "fastfile" | "brewfile" => Some(&RUBY),
        "jenkinsfile" => Some(&JAVA),
        ".bashrc" | ".zshrc" | ".profile" | ".bash_profile" | ".envrc" => Some(&SHELL_SCRIPT),
        "cargo.lock" | "poetry.lock" | "uv.lock" | "pipfile" => Some(&TOML),
        ".editorconfig" | ".gitconfig" | ".npmrc" | ".flake8" | ".pylintrc" => Some(&INI),
        "go.mod" | "go.work" => Some(&GO),
        "build" | "workspace" | "build.bazel" | "tiltfile" => Some(&PYTHON),
        ".babelrc" | ".eslintrc" => Some(&JAVASCRIPT),
        _ if starts(&["dockerfile", "containerfile", ".env."]) => Some(&HASHED),
        _ if starts(&["requirements", "constraints"]) && name.ends_with(".txt") => Some(&HASHED),
        _ => None,
    }
}

fn of_extension(extension: &str) -> Option<&'static Syntax> {
    Some(match extension {
        "rs" => &RUST,
        "c" | "h" | "cc" | "cpp" | "cxx" | "hpp" | "hh" | "m" | "mm" | "ino" | "cu" => &C,
        "java" | "groovy" | "gradle" | "dart" => &JAVA,
        "kt" | "kts" | "scala" | "sc" | "swift" => &KOTLIN,
        "cs" => &CSHARP,
        "go" => &GO,
        "proto" | "zig" | "sol" | "thrift" => &C,
        "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" | "jsonc" | "json5" | "json" => &JAVASCRIPT,
        "vue" | "svelte" | "astro" => &COMPONENT,
        "php" => &PHP,
        "scss" | "less" | "sass" | "styl" => &SCSS,
        "css" => &CSS,
        "py" | "pyi" | "pyw" | "bzl" | "star" => &PYTHON,
        "sh" | "bash" | "zsh" | "ksh" | "bats" => &SHELL_SCRIPT,
        "rb" | "rake" | "gemspec" | "cr" => &RUBY,
        "yml" | "yaml" => &YAML,
        "toml" => &TOML,
        "mk" | "make" | "cmake" | "dockerfile" | "containerfile" | "env" | "conf" | "nginx" | "fish" | "pl" | "pm"
        | "r" | "jl" | "graphql" | "gql" | "cypher" | "tcl" | "just" => &HASHED,
        "tf" | "tfvars" | "hcl" | "nomad" | "nix" => &HCL,
        "ini" | "cfg" | "service" | "timer" | "desktop" => &INI,
        "properties" => &PROPERTIES,
        "sql" | "psql" | "pgsql" => &SQL,
        "html" | "htm" | "xml" | "xhtml" | "svg" | "md" | "csproj" | "props" | "targets" | "config" | "plist"
        | "xsd" => &HTML,
        "lua" => &LUA,
        "ex" | "exs" => &ELIXIR,
        "ps1" | "psm1" | "psd1" => &POWERSHELL,
        "hs" | "elm" | "purs" => &HASKELL,
        "clj" | "cljs" | "edn" | "lisp" | "el" | "scm" => &LISP,
        "bat" | "cmd" => &BATCH,
        _ => return None,
    })
}
