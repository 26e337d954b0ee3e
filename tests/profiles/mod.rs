//! The checklists in `examples/` that stand for five audits, each on a small tree in the state that its audit describes:
//! what the audit found is found at its place, what it praised is in order, and the verdict is its reader's.

mod backend_production;
mod enterprise_readiness;
mod isp_platform;
mod phased_saas;
mod server_hosted_crm;

use serde_json::Value;

use crate::world::{World, item_of};

/// Items that fail, and a place where: a path, with a line where it matters, or nothing for what is missing.
type Found<'a> = &'a [(&'a str, &'a str)];

struct Audit {
    report: Value,
}

impl Audit {
    /// The checklist of `examples/` on the tree, all of which git tracks.
    fn of(checklist: &str, tree: &[(&str, &str)], today: &str) -> Self {
        let world = World::new().tree(tree).today(today).git();
        world.edit("gonogo.yaml", checklist);
        world.git_does(&["add", "--force", "--all"]);
        world.commit();
        Self { report: world.report() }
    }

    fn status(&self, id: &str) -> &str {
        item_of(&self.report, id)["status"].as_str().unwrap()
    }

    /// Whether the item names this place.
    fn names(&self, id: &str, place: &str) -> bool {
        let (path, line) = place.rsplit_once(':').map_or((place, None), |(path, line)| (path, line.parse().ok()));
        let evidence = item_of(&self.report, id)["evidence"].as_array().unwrap();
        evidence.iter().any(|at| at["path"] == path && line.is_none_or(|line: u64| at["line"] == line))
    }

    fn finds(&self, found: Found<'_>) {
        let wrong = |(id, place): &(&str, &str)| match self.status(id) {
            "failed" if place.is_empty() || self.names(id, place) => None,
            "failed" => Some(format!("{id} does not name {place}")),
            status => Some(format!("{id} is {status}")),
        };
        let missed: Vec<_> = found.iter().filter_map(wrong).collect();
        assert_eq!(missed, [] as [String; 0], "findings of the audit");
    }

    fn praises(&self, strengths: Found<'_>) {
        let wrong = |(id, place): &(&str, &str)| match self.status(id) {
            "passed" | "likely" if place.is_empty() || self.names(id, place) => None,
            "passed" | "likely" => Some(format!("{id} does not name {place}")),
            status => Some(format!("{id} is {status}")),
        };
        let missed: Vec<_> = strengths.iter().filter_map(wrong).collect();
        assert_eq!(missed, [] as [String; 0], "strengths that the audit names");
    }

    /// Only people can tell.
    fn asks(&self, ids: &[&str]) {
        let others: Vec<_> = ids.iter().filter(|id| self.status(id) != "open").collect();
        assert_eq!(others, [] as [&&str; 0], "questions for people");
    }

    /// Nothing to ask yet, because what it is about does not exist.
    fn waits(&self, ids: &[&str]) {
        let others: Vec<_> = ids.iter().filter(|id| self.status(id) != "not-applicable").collect();
        assert_eq!(others, [] as [&&str; 0], "what does not apply yet");
    }

    fn rules(&self, verdicts: &[(&str, &str)]) {
        let told = self.report["verdicts"].as_array().unwrap().iter();
        let told: Vec<_> =
            told.map(|tier| (tier["tier"].as_str().unwrap(), tier["verdict"].as_str().unwrap())).collect();
        assert_eq!(told, verdicts);
    }

    /// The halves of an item that do not hold.
    fn missing_parts(&self, id: &str) -> Vec<&str> {
        let parts = item_of(&self.report, id)["parts"].as_array().unwrap().iter();
        parts.filter(|part| part["outcome"] != "pass").map(|part| part["part"].as_str().unwrap()).collect()
    }

    fn blocked_by(&self, id: &str) -> Vec<&str> {
        let blocking = item_of(&self.report, id)["blocked_by"].as_array().unwrap();
        blocking.iter().map(|id| id.as_str().unwrap()).collect()
    }

    fn environment(&self, id: &str) -> &Value {
        let mut all = self.report["environments"].as_array().unwrap().iter();
        all.find(|environment| environment["id"] == id).unwrap_or_else(|| panic!("no environment {id}"))
    }
}
