//! What the dashboard is told before it starts.

use std::path::PathBuf;

/// Plain data; the command line and the configuration file fill it.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The root of the tree, for the editor and for exports.
    pub root: PathBuf,
    /// The name of a theme; empty is `terminal`.
    pub theme: String,
    /// Themes of the user's own: name and base16 YAML.
    pub themes: Vec<(String, String)>,
    /// Action ids and the keys that replace their default ones.
    pub keys: Vec<(String, Vec<String>)>,
    pub ascii: bool,
    pub colour: Colour,
    pub mouse: bool,
    /// Who speaks: the name behind `as` in the footer.
    pub author: String,
    /// A command with its arguments; `None` takes `$VISUAL`, then `$EDITOR`.
    pub editor: Option<String>,
    /// The file of settings, as people write its path; empty where nobody knows.
    pub config: String,
    /// False while the embedded checklist is in use.
    pub has_own_checklist: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// Colours unless `NO_COLOR` is set or the terminal is dumb.
    #[default]
    Auto,
    Always,
    Never,
}
