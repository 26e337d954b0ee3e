//! Repositories made from a seed: the same bytes on every machine, with a mix of kinds and sizes as real ones have it.

use std::fs;
use std::path::Path;

/// What lies in a file: mostly code, some prose, configuration and data; one in fifty is long.
const KINDS: [(&str, Kind); 12] = [
    ("py", Kind::Code("    {} = {}({})\n")),
    ("py", Kind::Code("    {}.{}({})  # kept\n")),
    ("ts", Kind::Code("  const {} = await {}({});\n")),
    ("ts", Kind::Code("  {}({}, {});\n")),
    ("go", Kind::Code("\t{} := {}({})\n")),
    ("rs", Kind::Code("    let {} = {}({});\n")),
    ("java", Kind::Code("        {}.{}({});\n")),
    ("md", Kind::Code("The {} of a {} says {}.\n")),
    ("yaml", Kind::Whole("services: {web: {image: \"registry.example.org/web:1.2.3\", restart: always}}\n")),
    ("json", Kind::Code("  \"{}\": {\"{}\": \"{}\"},\n")),
    ("css", Kind::Code(".{} { {}: {}; }\n")),
    ("png", Kind::Bytes),
];

#[derive(Clone, Copy)]
enum Kind {
    Code(&'static str),
    Whole(&'static str),
    Bytes,
}

/// The more frequent first. So drawn, as many lines in a kilobyte are worth a look as in real systems.
const WORDS: [&str; 210] = [
    "value", "name", "data", "id", "key", "result", "item", "list", "index", "node", "path", "file", "text", "size",
    "count", "start", "end", "options", "config", "user", "state", "error", "message", "request", "response", "event",
    "time", "date", "length", "string", "number", "object", "array", "map", "set", "parent", "child", "next",
    "current", "last", "first", "other", "source", "target", "input", "output", "buffer", "line", "column", "width",
    "height", "color", "style", "label", "title", "field", "form", "table", "row", "cell", "page", "view", "model",
    "record", "entry", "status", "code", "level", "mode", "flag", "context", "handler", "callback", "listener",
    "service", "client", "server", "method", "params", "args", "query", "filter", "group", "token", "order", "price",
    "account", "total", "amount", "rate", "offset", "limit", "version", "format", "template", "content", "body",
    "header", "url", "host", "port", "address", "domain", "region", "image", "icon", "button", "menu", "panel",
    "dialog", "window", "layout", "theme", "font", "border", "margin", "position", "point", "rect", "shape", "angle",
    "speed", "weight", "scale", "factor", "ratio", "delta", "left", "right", "top", "bottom", "middle", "begin",
    "finish", "stream", "reader", "writer", "parser", "lexer", "symbol", "scope", "module", "package", "visitor",
    "builder", "factory", "adapter", "wrapper", "provider", "registry", "store", "cache", "pool", "queue", "stack",
    "heap", "tree", "graph", "edge", "vertex", "root", "leaf", "branch", "commit", "log", "logger", "metric",
    "counter", "timer", "clock", "schedule", "task", "job", "worker", "thread", "process", "lock", "signal", "channel",
    "socket", "packet", "frame", "segment", "chunk", "block", "slice", "range", "cursor", "pointer", "handle",
    "session", "role", "owner", "team", "member", "invoice", "customer", "product", "category", "brand", "stock",
    "cart", "payment", "shipping", "country", "city", "street", "language", "locale", "currency",
];

/// Writes so many files below `root`, some forty to a folder and up to four folders deep, and commits them.
pub fn write(root: &Path, files: usize) {
    for number in 0..files {
        let (ending, kind) = KINDS[number % KINDS.len()];
        let folder = number / 40;
        let path = root.join(folder_name(folder)).join(format!("part{number}.{ending}"));
        if number % 40 == 0 {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
        }
        fs::write(path, content(kind, number as u64)).unwrap();
    }
    commit(root);
}

fn folder_name(number: usize) -> String {
    match number % 3 {
        0 => format!("area{number}"),
        1 => format!("src/module{}/area{number}", number / 9),
        _ => format!("src/module{}/internal/layer{}/area{number}", number / 9, number % 2),
    }
}

fn content(kind: Kind, seed: u64) -> Vec<u8> {
    let mut random = Random(seed + 1);
    let lines = if random.below(50) == 0 { 2_000 } else { 20 + random.below(180) };
    match kind {
        Kind::Whole(text) => text.as_bytes().to_vec(),
        Kind::Bytes => (0..lines * 40).map(|_| random.below(256) as u8).collect(),
        Kind::Code(line) => (0..lines).flat_map(|_| filled(line, &mut random).into_bytes()).collect(),
    }
}

/// The text of a module of Python that is another for each seed.
pub fn module(seed: u64) -> Vec<u8> {
    content(KINDS[0].1, seed)
}

fn filled(line: &str, random: &mut Random) -> String {
    line.replace("{}", "\u{0}").chars().fold(String::new(), |mut out, c| {
        match c {
            '\u{0}' => out.push_str(random.word()),
            c => out.push(c),
        }
        out
    })
}

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    /// The further behind, the more seldom.
    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len()) * self.below(WORDS.len()) / WORDS.len()]
    }
}

/// What git says of a file is part of the answer.
fn commit(root: &Path) {
    let repository = git2::Repository::init(root).unwrap();
    let mut index = repository.index().unwrap();
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
    index.write().unwrap();
    let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
    let author = git2::Signature::new("Ana", "ana@example.org", &git2::Time::new(1_700_000_000, 0)).unwrap();
    repository.commit(Some("HEAD"), &author, &author, "all", &tree, &[]).unwrap();
}
