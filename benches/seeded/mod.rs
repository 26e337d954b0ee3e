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

const WORDS: [&str; 24] = [
    "request", "session", "value", "config", "user", "result", "response", "items", "self", "handler", "limit", "log",
    "account", "order", "price", "index", "buffer", "query", "filter", "state", "context", "stream", "event", "cache",
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
            '\u{0}' => out.push_str(WORDS[random.below(WORDS.len())]),
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
