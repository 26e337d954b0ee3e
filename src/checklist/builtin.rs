//! The checklists inside the program.

/// Every built-in there is, for suggestions and for `gonogo init`.
pub const NAMES: &[&str] =
    &["base", "enterprise", "ai", "billing", "integrations", "notifications", "operations", "saas"];

/// The files of a folder below `catalogue/`, by name, in the order in which they are applied.
macro_rules! catalogue {
    ($folder:literal: $($name:literal),* $(,)?) => {
        vec![$(($name, include_str!(concat!("catalogue/", $folder, "/", $name)))),*]
    };
}

/// The files that make up a built-in: one per category, on top of `base`, which holds tiers, sets and variables.
#[must_use]
pub fn builtin(name: &str) -> Option<Vec<(&'static str, &'static str)>> {
    match name {
        "base" => Some(catalogue!("base": "base.yaml")),
        "enterprise" => Some(catalogue!("enterprise":
            "_header.yaml", "config.yaml", "secrets.yaml", "ci.yaml", "ci-supply-chain.yaml", "security.yaml",
            "security-web.yaml", "security-limits.yaml", "db.yaml", "db-schema.yaml", "auth.yaml",
            "auth-boundary.yaml", "tenancy.yaml", "jobs.yaml", "api.yaml", "api-failure.yaml", "api-surface.yaml",
            "frontend.yaml", "observability.yaml", "observability-logs.yaml", "observability-metrics.yaml", "dr.yaml",
            "deployment.yaml", "deployment-service.yaml", "testing.yaml", "docs.yaml", "docs-api.yaml",
            "hygiene.yaml", "hygiene-code.yaml", "product.yaml",
        )),
        "ai" => Some(catalogue!("ai": "items.yaml")),
        "billing" => Some(catalogue!("billing": "items.yaml")),
        "integrations" => Some(catalogue!("integrations": "items.yaml")),
        "notifications" => Some(catalogue!("notifications": "items.yaml")),
        "operations" => Some(catalogue!("operations": "items.yaml")),
        "saas" => Some(catalogue!("saas": "items.yaml")),
        _ => None,
    }
}

/// One of these files without the cases of its items, which are half of it, every line in its place. Whoever looks at a
/// tree needs none.
#[must_use]
pub fn without_cases(text: &str) -> String {
    let mut is_case = false;
    let kept = text.split_inclusive('\n').map(|line| {
        is_case = line == "    cases:\n" || (is_case && (line.starts_with("     ") || line == "\n"));
        if is_case { "\n" } else { line }
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_of_the_catalogue_is_listed() {
        for name in NAMES {
            let folder = format!("{}/src/checklist/catalogue/{name}", env!("CARGO_MANIFEST_DIR"));
            let on_disk: BTreeSet<String> = std::fs::read_dir(folder)
                .into_iter()
                .flatten()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .filter(|file| file.ends_with(".yaml"))
                .collect();
            let files = builtin(name).unwrap();
            let listed: BTreeSet<String> = files.iter().map(|(file, _)| (*file).to_owned()).collect();
            assert_eq!(listed, on_disk);
        }
        assert!(builtin("enterprize").is_none());
    }

    #[test]
    fn cases_go_and_all_else_stays_where_it_is() {
        let text = "items:\n  - id: a\n    cases:\n      - pass: {}\n\n        at: b\n    tier: c\n\n  - id: b\n    cases:\n      - fail: {}\n";
        assert_eq!(without_cases(text), "items:\n  - id: a\n\n\n\n\n    tier: c\n\n  - id: b\n\n\n");
    }
}
