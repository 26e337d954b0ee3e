//! Documents whose parts take over what other parts say, in the same file or in the one beside it: Compose services and
//! GitLab jobs with `extends`. What is asked of them is asked of the whole.

use crate::document::{Kind, Parsed, inherit, parse};
use crate::text::decode::decode;
use crate::tree::path::RelPath;
use crate::tree::source::Content;

/// Reads another file of the tree.
pub type Near<'a> = dyn Fn(&RelPath) -> Option<Content> + 'a;

/// What came of filling in.
#[derive(Debug, Default)]
pub struct Taken {
    /// The files that were read, or would have been: where one of them changes, so does what was learned here.
    pub companions: Vec<RelPath>,
    /// What could not be followed, in words.
    pub missing: Option<String>,
}

/// Fills in what the parts of this document inherit, where its name says that it is of such a kind.
pub fn fill_in(path: &RelPath, parsed: &mut Parsed, near: &Near<'_>) -> Taken {
    let name = path.name();
    if name.ends_with(".gitlab-ci.yml") || path.as_str().starts_with(".gitlab/") {
        inherit::gitlab(parsed);
    }
    if !name.contains("compose") {
        return Taken::default();
    }
    let named: Vec<(String, Option<RelPath>)> =
        inherit::companions(parsed).into_iter().map(|name| (name.to_owned(), beside(path, name))).collect();
    let read = |place: &Option<RelPath>| {
        let content = near(place.as_ref()?)?;
        let bytes = decode(&content.bytes)?;
        Some(parse(Kind::Yaml, &String::from_utf8_lossy(&bytes)))
    };
    let others: Vec<(String, Option<Parsed>)> = named.iter().map(|(name, place)| (name.clone(), read(place))).collect();
    let load = |wanted: &str| others.iter().find(|(name, _)| name == wanted)?.1.as_ref();
    let missing = inherit::compose(parsed, &load);
    let told = |names: Vec<String>| format!("extends services of {}, which cannot be followed", names.join(", "));
    Taken {
        companions: named.into_iter().filter_map(|(_, place)| place).collect(),
        missing: (!missing.is_empty()).then(|| told(missing)),
    }
}

/// The path that `name` means when the file at `path` says it; `None` outside of the tree.
fn beside(path: &RelPath, name: &str) -> Option<RelPath> {
    if name.starts_with('/') {
        return None;
    }
    let folder = path.parent();
    let mut parts: Vec<&str> = folder.as_str().split('/').filter(|part| !part.is_empty()).collect();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| RelPath::new(&parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_companion_is_named_from_where_it_is_asked_for() {
        let beside = |path: &str, name: &str| beside(&path.into(), name).map(|path| path.to_string());
        assert_eq!(beside("ops/compose.yml", "./base.yml"), Some("ops/base.yml".to_owned()));
        assert_eq!(beside("ops/compose.yml", "../common.yml"), Some("common.yml".to_owned()));
        assert_eq!(beside("compose.yml", "../common.yml"), None);
        assert_eq!(beside("compose.yml", "/etc/passwd"), None);
    }
}
