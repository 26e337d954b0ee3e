//! Copying without a library: tmux takes it itself, every other terminal by OSC 52.

use std::io::Write;
use std::process::{Command, Stdio};

use base64::Engine;

/// Inside tmux its own buffer (and by `-w` the terminal's clipboard): escape sequences often don't get through.
#[must_use]
pub fn through_tmux(text: &str) -> bool {
    let child = Command::new("tmux")
        .args(["load-buffer", "-w", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return false };
    let written = child.stdin.take().is_some_and(|mut stdin| stdin.write_all(text.as_bytes()).is_ok());
    child.wait().is_ok_and(|status| status.success()) && written
}

/// The sequence that puts `text` on the clipboard; wrapped once more where tmux would swallow it.
#[must_use]
pub fn osc52(text: &str, in_tmux: bool) -> String {
    let code = base64::engine::general_purpose::STANDARD.encode(text);
    let plain = format!("\x1b]52;c;{code}\x07");
    if in_tmux { format!("\x1bPtmux;\x1b{plain}\x1b\\") } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_wrapped_only_inside_tmux() {
        assert_eq!(osc52("a:1", false), "\x1b]52;c;YTox\x07");
        assert_eq!(osc52("a:1", true), "\x1bPtmux;\x1b\x1b]52;c;YTox\x07\x1b\\");
    }
}
