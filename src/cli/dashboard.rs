//! `gonogo [PATH]`: the dashboard.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use crate::cli::arguments::{Color, Global};
use crate::cli::config::Config;
use crate::cli::{ExitCode, OK, Refusal};
use crate::session::message::Notice;
use crate::session::run::Handle;
use crate::session::{self, Prepared};
use crate::tui::{self, settings::Colour};

pub(super) fn run(path: PathBuf, global: &Global) -> Result<ExitCode, Refusal> {
    // What is wrong with the arguments is said before the screen is taken.
    let config = Config::load()?;
    let prepared = Prepared::new(global.settings(path))?;
    let settings = tui::settings::Settings {
        root: prepared.tree().root().to_path_buf(),
        theme: global.theme.clone().or(config.theme).unwrap_or_default(),
        themes: config.themes,
        keys: config.keys.into_iter().collect(),
        ascii: global.ascii || config.ascii,
        mouse: config.mouse,
        editor: config.editor,
        colour: match global.color {
            Color::Auto => Colour::Auto,
            Color::Always => Colour::Always,
            Color::Never => Colour::Never,
        },
        author: prepared.author().unwrap_or_default(),
        config: Config::file_for_people(),
        has_own_checklist: prepared.has_own_checklist(),
    };
    // The session outlives the screen: what was decided last is written before the process ends.
    let running: Rc<RefCell<Option<Handle>>> = Rc::default();
    let kept = Rc::clone(&running);
    let shown = tui::run(settings, |notices| {
        let tell = move |notice: Notice| drop(notices.send(notice));
        kept.replace(Some(session::run::start(prepared, tell)));
        Box::new(move |request| kept.borrow().as_ref().is_some_and(|session| session.send(request)))
    });
    running.take();
    shown.map_err(|error| Refusal(error.to_string()))?;
    Ok(OK)
}
