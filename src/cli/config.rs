//! What a person set for all their trees: `config.yaml` and `themes/*.yaml` in the user's configuration folder.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use indexmap::IndexMap;
use serde::Deserialize;

use crate::cli::Refusal;
use crate::document::{self, Kind};
use crate::tree::disk;

/// People write these files by hand; what is larger is something else.
const SIZE_CAP: u64 = 64 << 10;

/// Where this user's data of this program is kept.
pub(super) fn data_folder() -> Option<PathBuf> {
    ProjectDirs::from("", "", "gonogo").map(|folders| folders.data_dir().to_path_buf())
}

/// Where what can be found again is kept.
pub(super) fn cache_folder() -> Option<PathBuf> {
    ProjectDirs::from("", "", "gonogo").map(|folders| folders.cache_dir().to_path_buf())
}

/// The configuration file. Whatever is left out is as if there were no file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The name of a theme.
    pub theme: Option<String>,
    pub ascii: bool,
    pub mouse: bool,
    /// A command with its arguments; else `$VISUAL`, then `$EDITOR`.
    pub editor: Option<String>,
    /// Keys by action, as help names them.
    pub keys: IndexMap<String, Vec<String>>,
    /// Name and text of the themes beside the file.
    #[serde(skip)]
    pub themes: Vec<(String, String)>,
}

impl Config {
    /// # Errors
    /// The file is there and wrong: a wrong setting is never passed over.
    pub fn load() -> Result<Self, Refusal> {
        match ProjectDirs::from("", "", "gonogo") {
            Some(folders) => Self::load_from(folders.config_dir()),
            None => Ok(Self::default()),
        }
    }

    /// Where the file is, or would be: `~/.config/gonogo/config.yaml`.
    #[must_use]
    pub fn file_for_people() -> String {
        let Some(folders) = ProjectDirs::from("", "", "gonogo") else { return String::new() };
        let file = folders.config_dir().join("config.yaml");
        let home = directories::BaseDirs::new();
        match home.as_ref().and_then(|dirs| file.strip_prefix(dirs.home_dir()).ok()) {
            Some(below) => format!("~/{}", below.display()),
            None => file.display().to_string(),
        }
    }

    fn load_from(folder: &Path) -> Result<Self, Refusal> {
        let file = folder.join("config.yaml");
        let mut config = if disk::exists(&file) { parse(&file)? } else { Self::default() };
        for theme in disk::names(&folder.join("themes")).into_iter().filter(|name| name.ends_with(".yaml")) {
            let text = disk::read_text(&folder.join("themes").join(&theme), SIZE_CAP)?;
            config.themes.push((theme.trim_end_matches(".yaml").to_owned(), text));
        }
        Ok(config)
    }
}

fn parse(file: &Path) -> Result<Config, Refusal> {
    let text = disk::read_text(file, SIZE_CAP)?;
    if text.trim().is_empty() {
        return Ok(Config::default());
    }
    // The reader below takes minutes for what is nested deep; this one refuses it.
    if let Some(problem) = document::parse(Kind::Yaml, &text).problem {
        return Err(Refusal(format!("{}:{}:{}: {}", file.display(), problem.line, problem.column, problem.message)));
    }
    serde_yaml::from_str(&text).map_err(|error| {
        let place = error.location().map(|at| format!(":{}:{}", at.line(), at.column())).unwrap_or_default();
        let words = error.to_string();
        let what = words.split(" at line ").next().unwrap_or(&words);
        Refusal(format!("{}{place}: {what}", file.display()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.yaml"), text).unwrap();
        Config::load_from(folder.path())
            .map_err(|Refusal(why)| why.replace(&*folder.path().to_string_lossy(), "CONFIG"))
    }

    #[test]
    fn what_is_left_out_is_as_without_a_file() {
        assert_eq!(load("theme: nord\nkeys: {waive: [W, f2]}\n").unwrap().keys["waive"], ["W", "f2"]);
        assert_eq!(load("# nothing yet\n"), Ok(Config::default()));
    }

    #[test]
    fn a_wrong_setting_is_told_with_its_place() {
        let why = load("theme: nord\nthem: x\n").unwrap_err();
        assert!(why.starts_with("CONFIG/config.yaml:2:1: unknown field `them`"), "{why}");
        let why = load(&"{a: ".repeat(15_000)).unwrap_err();
        assert!(why.starts_with("CONFIG/config.yaml:1:"), "{why}");
    }

    #[test]
    fn themes_lie_beside_the_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("themes")).unwrap();
        std::fs::write(folder.path().join("themes/mine.yaml"), "scheme: Mine\n").unwrap();
        let config = Config::load_from(folder.path()).map_err(|Refusal(why)| why).unwrap();
        assert_eq!(config.themes, [("mine".to_owned(), "scheme: Mine\n".to_owned())]);
    }
}
