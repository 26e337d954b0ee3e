//! What an instruction of a Dockerfile spans: continued lines and heredocs.

use crate::document::build::physical_lines;
use crate::document::lines::LineIndex;
use crate::document::problem::ParseProblem;

/// One instruction as one text.
pub(super) struct Logical {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
}

pub(super) fn logical_lines(text: &str, lines: &LineIndex<'_>) -> Result<Vec<Logical>, ParseProblem> {
    let escape = escape_character(text);
    let mut rest = physical_lines(text);
    let mut found = Vec::new();
    while let Some((at, line)) = rest.next() {
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let start = at + line.len() - line.trim_start().len();
        let mut logical = Logical { start, end: at + line.trim_end().len(), text: String::new() };
        let mut goes_on = logical.fold(content, escape);
        while goes_on {
            let Some((at, line)) = rest.next() else { break };
            let content = line.trim_end();
            if content.is_empty() || content.trim_start().starts_with('#') {
                continue;
            }
            logical.end = at + content.len();
            goes_on = logical.fold(content, escape);
        }
        for heredoc in heredocs(&logical.text) {
            logical.take_heredoc(&heredoc, &mut rest, lines)?;
        }
        found.push(logical);
    }
    Ok(found)
}

impl Logical {
    /// Appends a line; blanks on both sides of a fold become one. True where the line goes on.
    fn fold(&mut self, line: &str, escape: char) -> bool {
        let (part, goes_on) = line.strip_suffix(escape).map_or((line, false), |part| (part, true));
        let had_blank = self.text.ends_with(char::is_whitespace);
        if had_blank || (!self.text.is_empty() && part.starts_with(char::is_whitespace)) {
            self.text.truncate(self.text.trim_end().len());
            self.text.push(' ');
            self.text.push_str(part.trim_start());
        } else {
            self.text.push_str(part);
        }
        goes_on
    }

    fn take_heredoc<'a>(
        &mut self,
        heredoc: &Heredoc,
        rest: &mut impl Iterator<Item = (usize, &'a str)>,
        lines: &LineIndex<'_>,
    ) -> Result<(), ParseProblem> {
        for (at, line) in rest {
            self.text.push('\n');
            self.text.push_str(line);
            self.end = at + line.len();
            let bare = if heredoc.tabs { line.trim_start_matches('\t') } else { line };
            if bare == heredoc.end {
                return Ok(());
            }
        }
        Err(ParseProblem::at(lines, self.start, format!("no line \"{}\" ends this heredoc", heredoc.end)))
    }
}

struct Heredoc {
    end: String,
    /// `<<-`: tabs before the end word are allowed.
    tabs: bool,
}

/// A word like `<<EOF`, `<<-'EOF'` or `3<<"EOF"` in an instruction that knows heredocs.
fn heredocs(text: &str) -> Vec<Heredoc> {
    let op = text.split_whitespace().next().unwrap_or_default();
    if !["RUN", "COPY", "ADD"].iter().any(|known| op.eq_ignore_ascii_case(known)) {
        return Vec::new();
    }
    text.split_whitespace().skip(1).filter_map(heredoc).collect()
}

fn heredoc(word: &str) -> Option<Heredoc> {
    let word = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<")?;
    let (word, tabs) = word.strip_prefix('-').map_or((word, false), |word| (word, true));
    let name = word.trim_matches(['"', '\'']);
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(name, |cut| &name[..cut]);
    (!end.is_empty() && !end.starts_with(|c: char| c.is_ascii_digit())).then(|| Heredoc { end: end.to_owned(), tabs })
}

/// `# escape=` counts among the directives at the very top.
fn escape_character(text: &str) -> char {
    for (_, line) in physical_lines(text) {
        let Some((name, value)) = line.trim().strip_prefix('#').and_then(|directive| directive.split_once('=')) else {
            break;
        };
        if name.trim().eq_ignore_ascii_case("escape") {
            return if value.trim() == "`" { '`' } else { '\\' };
        }
    }
    '\\'
}
