//! How a report says that it is one, so that no probe takes it for what it tells of.

/// The first line of every report in Markdown. Renderers do not show it.
pub const MARK: &str = "<!-- Written by gonogo: a report, and no evidence. -->";

/// Whether this page says that the program wrote it.
#[must_use]
pub fn is_report(path: &str, bytes: &[u8]) -> bool {
    path.ends_with(".md") && bytes.starts_with(MARK.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_markdown_that_begins_with_the_mark_is_a_report() {
        let page = format!("{MARK}\n# Readiness\n");
        assert!(is_report("docs/READY.md", page.as_bytes()));
        assert!(!is_report("a.py", page.as_bytes()) && !is_report("README.md", format!("# A\n{page}").as_bytes()));
    }
}
