//! What a service or a job takes from another one: `extends` in Compose files and in GitLab pipelines.
//! Afterwards a query sees of each what the program itself would see.

use crate::document::node::{Entry, Node, Span, Value};
use crate::document::problem::Parsed;

/// How many services a chain of `extends` may have; GitLab stops at eleven, too.
const LONGEST_CHAIN: usize = 11;
/// How many entries all that is taken over may have: a file that doubles with every step ends here.
const MOST_ENTRIES: usize = 100_000;
/// Lists of a service that grow when it is extended; all others are replaced.
const GROWING: [&str; 12] = [
    "ports",
    "expose",
    "external_links",
    "dns",
    "dns_search",
    "tmpfs",
    "environment",
    "volumes",
    "devices",
    "labels",
    "secrets",
    "configs",
];

/// The files, relative to the directory of this one, whose services are extended here.
#[must_use]
pub fn companions(parsed: &Parsed) -> Vec<&str> {
    let services = parsed.documents.iter().filter_map(|root| root.get("services")?.entries());
    let mut files: Vec<&str> =
        services.flatten().filter_map(|service| service.value.get("extends")?.get("file")?.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// Fills in what the services of a Compose file inherit. `load` gives the documents of a companion by the name that
/// stands in the file. What cannot be found is left as it is, and the names of its files come back.
pub fn compose<'p>(parsed: &mut Parsed, load: &dyn Fn(&str) -> Option<&'p Parsed>) -> Vec<String> {
    let mut missing = Vec::new();
    let mut budget = MOST_ENTRIES;
    for root in &mut parsed.documents {
        let Some(services) = root.get("services").cloned() else { continue };
        let mut heirs = Heirs { services: &services, load, missing: &mut missing, budget: &mut budget };
        let filled: Vec<Option<Node>> = each(&services).map(|entry| heirs.filled(&entry.value, 0)).collect();
        put_back(root, &["services"], filled);
    }
    missing.sort();
    missing.dedup();
    missing
}

/// Fills in what the jobs of a GitLab pipeline inherit from jobs of the same file.
pub fn gitlab(parsed: &mut Parsed) {
    let mut budget = MOST_ENTRIES;
    for root in &mut parsed.documents {
        let before = root.clone();
        let filled: Vec<Option<Node>> = each(&before).map(|entry| job(&before, &entry.value, 0, &mut budget)).collect();
        put_back(root, &[], filled);
    }
}

fn each(node: &Node) -> impl Iterator<Item = &Entry> {
    node.entries().unwrap_or_default().iter()
}

/// Puts each value that is another now in the place of the one before.
fn put_back(root: &mut Node, way: &[&str], values: Vec<Option<Node>>) {
    let mut at = root;
    for step in way {
        let Value::Map(entries) = &mut at.value else { return };
        let Some(next) = entries.iter_mut().find(|entry| entry.key == *step) else { return };
        at = &mut next.value;
    }
    let Value::Map(entries) = &mut at.value else { return };
    for (entry, value) in entries.iter_mut().zip(values) {
        if let Some(value) = value {
            entry.value = value;
        }
    }
}

struct Heirs<'a, 'p> {
    services: &'a Node,
    load: &'a dyn Fn(&str) -> Option<&'p Parsed>,
    missing: &'a mut Vec<String>,
    budget: &'a mut usize,
}

impl Heirs<'_, '_> {
    /// The service with what it inherits; `None` where it inherits nothing.
    fn filled(&mut self, service: &Node, depth: usize) -> Option<Node> {
        let extends = service.get("extends")?;
        *self.budget = self.budget.checked_sub(1).filter(|_| depth < LONGEST_CHAIN)?;
        let name = extends.as_str().or_else(|| extends.get("service")?.as_str())?;
        let base = match extends.get("file").and_then(Node::as_str) {
            None => {
                let base = self.services.get(name)?;
                self.filled(base, depth + 1).unwrap_or_else(|| base.clone())
            }
            Some(file) => self.taken_from(file, name, extends.span)?,
        };
        merged(&base, service, &|key| GROWING.contains(&key), self.budget)
    }

    fn taken_from(&mut self, file: &str, name: &str, place: Span) -> Option<Node> {
        let found = (self.load)(file).and_then(|parsed| parsed.documents.first()?.get("services")).cloned();
        let Some(services) = found else {
            self.missing.push(file.to_owned());
            return None;
        };
        let base = services.get(name)?;
        // One more file further on nobody follows: what stands there is unknown, and said so.
        if let Some(next) = base.get("extends").and_then(|extends| extends.get("file")?.as_str()) {
            self.missing.push(next.to_owned());
        }
        let nothing = |_: &str| None;
        let mut heirs =
            Heirs { services: &services, load: &nothing, missing: &mut Vec::new(), budget: &mut *self.budget };
        let mut base = heirs.filled(base, 1).unwrap_or_else(|| base.clone());
        move_to(&mut base, place);
        Some(base)
    }
}

fn job(root: &Node, node: &Node, depth: usize, budget: &mut usize) -> Option<Node> {
    let extends = node.get("extends")?;
    *budget = budget.checked_sub(1).filter(|_| depth < LONGEST_CHAIN)?;
    let names: Vec<&str> = match &extends.value {
        Value::List(items) => items.iter().filter_map(Node::as_str).collect(),
        _ => extends.as_str().into_iter().collect(),
    };
    let mut all: Option<Node> = None;
    for base in names.into_iter().filter_map(|name| root.get(name)) {
        let base = job(root, base, depth + 1, budget).unwrap_or_else(|| base.clone());
        all = match all {
            None => Some(base),
            Some(below) => merged(&below, &base, &|_| false, budget),
        };
    }
    merged(&all?, node, &|_| false, budget)
}

/// `own` over `base`: maps grow together, of two values the own one counts. `None` beyond the budget.
fn merged(base: &Node, own: &Node, grows: &dyn Fn(&str) -> bool, budget: &mut usize) -> Option<Node> {
    let (Some(below), Some(above)) = (base.entries(), own.entries()) else { return Some(own.clone()) };
    *budget = budget.checked_sub(below.len() + above.len() + 1)?;
    let mut entries: Vec<Entry> = Vec::with_capacity(below.len() + above.len());
    for entry in below.iter().filter(|entry| entry.key != "extends") {
        let value = match own.get(&entry.key) {
            None => weigh(&entry.value, budget).then(|| entry.value.clone())?,
            Some(value) => match (&entry.value.value, &value.value) {
                (Value::List(first), Value::List(second)) if grows(&entry.key) => {
                    let all = first.iter().chain(second).cloned().collect();
                    Node { span: value.span, value: Value::List(all) }
                }
                _ => merged(&entry.value, value, &|_| false, budget)?,
            },
        };
        entries.push(Entry { value, ..entry.clone() });
    }
    entries.extend(above.iter().filter(|entry| entry.key == "extends" || base.get(&entry.key).is_none()).cloned());
    Some(Node { span: own.span, value: Value::Map(entries) })
}

/// Pays for a copy of this value.
fn weigh(node: &Node, budget: &mut usize) -> bool {
    let Some(left) = budget.checked_sub(1) else { return false };
    *budget = left;
    match &node.value {
        Value::Map(entries) => entries.iter().all(|entry| weigh(&entry.value, budget)),
        Value::List(items) => items.iter().all(|item| weigh(item, budget)),
        _ => true,
    }
}

/// What stands in another file is shown where this one asks for it.
fn move_to(node: &mut Node, place: Span) {
    node.span = place;
    match &mut node.value {
        Value::Map(entries) => {
            for entry in entries {
                entry.key_span = place;
                move_to(&mut entry.value, place);
            }
        }
        Value::List(items) => items.iter_mut().for_each(|item| move_to(item, place)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::yaml;

    fn service(parsed: &Parsed, name: &str) -> String {
        parsed.documents[0].get("services").unwrap().get(name).unwrap().text()
    }

    #[test]
    fn a_service_has_what_it_extends_and_its_own_word_counts() {
        let mut parsed = yaml::parse(
            "services:\n  base:\n    image: a\n    ports: ['80:80']\n    healthcheck: {test: x, retries: 3}\n  \
             web:\n    extends: {service: base}\n    image: b\n    ports: ['81:81']\n    healthcheck: {retries: 5}\n  \
             worker: {extends: web, command: work}\n",
        );
        assert!(compose(&mut parsed, &|_| None).is_empty());
        assert_eq!(
            service(&parsed, "web"),
            r#"{"image":"b","ports":["80:80","81:81"],"healthcheck":{"test":"x","retries":5},"extends":{"service":"base"}}"#
        );
        assert!(service(&parsed, "worker").contains(r#""healthcheck":{"test":"x","retries":5}"#));
    }

    #[test]
    fn what_another_file_says_stands_where_it_is_asked_for() {
        let common = yaml::parse("# far\n\n\n\nservices:\n  app: {restart: always}\n");
        let mut parsed = yaml::parse("services:\n  web:\n    extends: {file: common.yml, service: app}\n");
        assert_eq!(companions(&parsed), ["common.yml"]);
        assert!(compose(&mut parsed, &|name| (name == "common.yml").then_some(&common)).is_empty());
        let restart = parsed.documents[0].get("services").unwrap().get("web").unwrap().get("restart").unwrap();
        assert_eq!((restart.text().as_str(), restart.span.line), ("always", 3));
        let mut alone = yaml::parse("services:\n  web:\n    extends: {file: gone.yml, service: app}\n");
        assert_eq!(compose(&mut alone, &|_| None), ["gone.yml"]);
    }

    #[test]
    fn jobs_inherit_from_several_and_lists_are_replaced() {
        let mut parsed = yaml::parse(
            ".a: {script: [x], variables: {A: 1}}\n.b: {stage: t, variables: {B: 2}}\n\
             test: {extends: [.a, .b], script: [y]}\n",
        );
        gitlab(&mut parsed);
        let test = parsed.documents[0].get("test").unwrap().text();
        assert_eq!(test, r#"{"script":["y"],"variables":{"A":1,"B":2},"stage":"t","extends":[".a",".b"]}"#);
    }

    #[test]
    fn circles_and_doublings_end() {
        let mut circle = yaml::parse("services:\n  a: {extends: b, x: 1}\n  b: {extends: a, y: 2}\n");
        compose(&mut circle, &|_| None);
        assert!(service(&circle, "a").contains("\"y\":2"));
        let chain: String = (1..60).map(|n| format!("  s{n}: {{extends: s{}, k{n}: [1, 2]}}\n", n - 1)).collect();
        let mut doubling = yaml::parse(&format!("services:\n  s0: {{x: 1}}\n{chain}"));
        compose(&mut doubling, &|_| None);
        assert_eq!(doubling.documents.len(), 1);
        let jobs: String = (1..14)
            .map(|n| format!("j{n}: {{extends: [{0}, {0}, {0}, {0}, {0}, {0}]}}\n", format_args!("j{}", n - 1)))
            .collect();
        let mut many = yaml::parse(&format!("j0: {{x: {{a: 1}}}}\n{jobs}"));
        gitlab(&mut many);
        assert_eq!(many.documents.len(), 1);
    }
}
