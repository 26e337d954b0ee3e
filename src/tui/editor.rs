//! How each editor wants to be told a line.

use std::ffi::OsString;
use std::path::Path;

/// The command of the user's editor: the setting, `$VISUAL`, `$EDITOR`, `vi`.
#[must_use]
pub fn command(setting: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> String {
    let named = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    named(setting.map(str::to_owned))
        .or_else(|| named(variable("VISUAL")))
        .or_else(|| named(variable("EDITOR")))
        .unwrap_or_else(|| "vi".to_owned())
}

/// Program and arguments that open `file` at `line` (0 where the whole file is meant).
#[must_use]
pub fn arguments(command: &str, file: &Path, line: u32) -> Vec<OsString> {
    let mut words: Vec<OsString> = command.split_whitespace().map(OsString::from).collect();
    let program = words.first().cloned().unwrap_or_default();
    let name = Path::new(&program).file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    let at_line = || {
        let mut text = file.as_os_str().to_owned();
        text.push(format!(":{line}"));
        text
    };
    let waits = words.iter().any(|word| word == "--wait" || word == "-w");
    match name.as_str() {
        "code" | "codium" | "code-insiders" | "cursor" | "subl" | "zed" if !waits => words.push("--wait".into()),
        _ => {}
    }
    match name.as_str() {
        _ if line == 0 => words.push(file.into()),
        "vi" | "vim" | "nvim" | "nano" | "emacs" | "emacsclient" | "kak" | "micro" | "ed" | "joe" | "mg" => {
            words.push(format!("+{line}").into());
            words.push(file.into());
        }
        "code" | "codium" | "code-insiders" | "cursor" => {
            words.push("--goto".into());
            words.push(at_line());
        }
        "hx" | "helix" | "subl" | "zed" => words.push(at_line()),
        _ => words.push(file.into()),
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &str, line: u32) -> String {
        let words = arguments(command, Path::new("/t/a b.rs"), line);
        words.iter().map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn each_editor_is_told_the_line_in_its_own_way() {
        assert_eq!(words("/usr/bin/nvim -p", 7), "/usr/bin/nvim|-p|+7|/t/a b.rs");
        assert_eq!(words("hx", 7), "hx|/t/a b.rs:7");
        assert_eq!(words("code", 7), "code|--wait|--goto|/t/a b.rs:7");
        assert_eq!(words("subl -w", 7), "subl|-w|/t/a b.rs:7");
        assert_eq!(words("strange", 7), "strange|/t/a b.rs");
        assert_eq!(words("vim", 0), "vim|/t/a b.rs");
    }

    #[test]
    fn the_setting_wins_over_visual_and_visual_over_editor() {
        let set = |name: &str| (name == "VISUAL" || name == "EDITOR").then(|| name.to_lowercase());
        assert_eq!(command(Some("hx"), set), "hx");
        assert_eq!(command(Some(" "), set), "visual");
        assert_eq!(command(None, |name| (name == "EDITOR").then(|| "nano".to_owned())), "nano");
        assert_eq!(command(None, |_| None), "vi");
    }
}
