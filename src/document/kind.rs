//! Which kind of document a file is, by its name, and the one way in.

use crate::document::problem::Parsed;
use crate::document::{dockerfile, dotenv, go_mod, ini, json, requirements, terraform, toml, xml, yaml};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Yaml,
    Json,
    Json5,
    Toml,
    Dockerfile,
    Dotenv,
    Ini,
    Requirements,
    Xml,
    GoMod,
    Terraform,
}

/// The values of a text, and what is wrong with it.
#[must_use]
pub fn parse(kind: Kind, text: &str) -> Parsed {
    match kind {
        Kind::Yaml => yaml::parse(text),
        Kind::Json => json::parse(text),
        Kind::Json5 => json::parse_json5(text),
        Kind::Toml => toml::parse(text),
        Kind::Dockerfile => dockerfile::parse(text),
        Kind::Dotenv => dotenv::parse(text),
        Kind::Ini => ini::parse(text),
        Kind::Requirements => requirements::parse(text),
        Kind::Xml => xml::parse(text),
        Kind::GoMod => go_mod::parse(text),
        Kind::Terraform => terraform::parse(text),
    }
}

impl Kind {
    /// What `as:` may say.
    pub const NAMES: [&'static str; 11] =
        ["yaml", "json", "json5", "toml", "dockerfile", "dotenv", "ini", "requirements", "xml", "go.mod", "terraform"];

    const ALL: [Self; 11] = [
        Self::Yaml,
        Self::Json,
        Self::Json5,
        Self::Toml,
        Self::Dockerfile,
        Self::Dotenv,
        Self::Ini,
        Self::Requirements,
        Self::Xml,
        Self::GoMod,
        Self::Terraform,
    ];

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().position(|known| *known == name).map(|place| Self::ALL[place])
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// By the last part of a path, whatever its case.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        Self::of_whole_name(&name).or_else(|| Self::of_extension(name.rsplit_once('.')?.1))
    }

    fn of_whole_name(name: &str) -> Option<Self> {
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
        match name {
            "dockerfile" | "containerfile" => Some(Self::Dockerfile),
            "cargo.lock" | "poetry.lock" | "uv.lock" | "pdm.lock" | "pipfile" | "gopkg.lock" => Some(Self::Toml),
            "pipfile.lock" | "composer.lock" | "flake.lock" | "deno.lock" | "bun.lock" | ".babelrc" | ".eslintrc"
            | ".prettierrc" | ".swcrc" | ".jshintrc" | ".stylelintrc" | ".nycrc" | ".watchmanconfig" => {
                Some(Self::Json)
            }
            ".editorconfig" | ".gitconfig" | ".gitmodules" | ".npmrc" | ".coveragerc" | ".pylintrc" | ".flake8"
            | ".pypirc" | ".bumpversion.cfg" => Some(Self::Ini),
            ".clang-format" | ".clang-tidy" | ".yamllint" | "pubspec.lock" | "podfile.lock" | "chart.lock" => {
                Some(Self::Yaml)
            }
            ".env" => Some(Self::Dotenv),
            "go.mod" => Some(Self::GoMod),
            _ if starts(&["dockerfile.", "containerfile."]) && !is_about(name) => Some(Self::Dockerfile),
            _ if starts(&[".env."]) => Some(Self::Dotenv),
            _ if starts(&["requirements", "constraints"]) && name.ends_with(".txt") => Some(Self::Requirements),
            _ => None,
        }
    }

    fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "yml" | "yaml" | "cff" => Some(Self::Yaml),
            "json" | "jsonc" | "sarif" | "webmanifest" | "avsc" | "ipynb" | "geojson" => Some(Self::Json),
            "json5" => Some(Self::Json5),
            "toml" => Some(Self::Toml),
            "dockerfile" | "containerfile" => Some(Self::Dockerfile),
            "env" => Some(Self::Dotenv),
            "ini" | "cfg" => Some(Self::Ini),
            "tf" | "tfvars" | "hcl" => Some(Self::Terraform),
            "xml" | "csproj" | "fsproj" | "vbproj" | "props" | "targets" | "config" | "nuspec" | "plist" => {
                Some(Self::Xml)
            }
            _ => None,
        }
    }
}

/// Files beside a Dockerfile that are about it: `Dockerfile.md`, `Dockerfile.dockerignore`.
fn is_about(name: &str) -> bool {
    let extension = name.rsplit('.').next().unwrap_or_default();
    matches!(
        extension,
        "md" | "txt" | "dockerignore" | "yml" | "yaml" | "json" | "vim" | "rs" | "go" | "py" | "js" | "ts"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_kind() {
        for (path, kind) in [
            (".github/workflows/ci.yml", Some(Kind::Yaml)),
            ("a/Dockerfile", Some(Kind::Dockerfile)),
            ("Dockerfile.prod", Some(Kind::Dockerfile)),
            ("Dockerfile.dockerignore", None),
            ("dockerfile.rs", None),
            (".envrc", None),
            ("api.dockerfile", Some(Kind::Dockerfile)),
            ("Containerfile", Some(Kind::Dockerfile)),
            (".env", Some(Kind::Dotenv)),
            (".env.example", Some(Kind::Dotenv)),
            ("prod.env", Some(Kind::Dotenv)),
            ("requirements-dev.txt", Some(Kind::Requirements)),
            ("requirements/notes.txt", None),
            ("setup.cfg", Some(Kind::Ini)),
            ("pom.xml", Some(Kind::Xml)),
            ("src/App.csproj", Some(Kind::Xml)),
            ("Web.config", Some(Kind::Xml)),
            ("Info.plist", Some(Kind::Xml)),
            (".editorconfig", Some(Kind::Ini)),
            ("Cargo.lock", Some(Kind::Toml)),
            ("Pipfile", Some(Kind::Toml)),
            ("Pipfile.lock", Some(Kind::Json)),
            ("tsconfig.build.json", Some(Kind::Json)),
            ("x.json5", Some(Kind::Json5)),
            ("api/go.mod", Some(Kind::GoMod)),
            ("infra/main.tf", Some(Kind::Terraform)),
            ("prod.tfvars", Some(Kind::Terraform)),
            ("package-lock.json", Some(Kind::Json)),
            (".eslintrc", Some(Kind::Json)),
            ("out.sarif", Some(Kind::Json)),
            ("main.rs", None),
            ("yaml", None),
            ("", None),
        ] {
            assert_eq!(Kind::of(path), kind, "{path}");
        }
    }

    #[test]
    fn every_kind_has_a_name_that_finds_it() {
        for (place, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place);
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(Kind::from_name("html"), None);
    }

    #[test]
    fn every_kind_reads_what_the_design_promises() {
        for (kind, text) in [
            (Kind::Yaml, "a: 1"),
            (Kind::Json, "{\"a\": 1}"),
            (Kind::Json5, "{a: 1}"),
            (Kind::Toml, "a = 1"),
            (Kind::Dotenv, "a=1"),
            (Kind::Ini, "a=1"),
            (Kind::Requirements, "a==1"),
            (Kind::Dockerfile, "FROM a"),
            (Kind::Xml, "<a>1</a>"),
            (Kind::GoMod, "module a"),
            (Kind::Terraform, "a = 1"),
        ] {
            let parsed = parse(kind, text);
            assert_eq!((parsed.documents.len(), parsed.problem), (1, None), "{kind:?}");
        }
    }
}
