//! The files that no selection sees unless it says `scope: all`.

/// The set of this name is what a checklist's own `skip` can build on.
pub(super) const DEFAULT_SKIP: &str = "default-skip";

/// What is vendored, generated or made to be broken. Lock files and migrations are looked at.
pub(super) const SKIP: &[&str] = &[
    // vendored
    "**/node_modules/**",
    "**/bower_components/**",
    "**/vendor/**",
    "**/third_party/**",
    "**/.venv/**",
    "**/venv/**",
    "**/site-packages/**",
    // built and generated
    "**/target/**",
    "**/dist/**",
    "**/build/**",
    "**/.next/**",
    "**/__pycache__/**",
    "**/.yarn/**",
    "**/static/**/libs/**",
    "**/*.min.js",
    "**/*-min.js",
    "**/*.bundle.js",
    "**/*.min.css",
    "**/*.map",
    "**/*.pb.go",
    "**/*_pb2.py",
    "**/*_pb2_grpc.py",
    "**/*.generated.*",
    // fixtures: wrong on purpose
    "**/testdata/**",
    "**/fixtures/**",
    "**/__fixtures__/**",
    "**/snapshots/**",
    "**/__snapshots__/**",
    "**/*.snap",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_lists_what_is_skipped() {
        let readme = include_str!("../../README.md");
        let list = format!("<!-- skip -->\n```text\n{}\n```\n<!-- /skip -->", SKIP.join("\n"));
        assert!(readme.contains(&list), "put this into README.md:\n{list}");
    }
}
