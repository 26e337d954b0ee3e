//! The words of SARIF 2.1.0 that matter here, as they stand in a file: whatever is left out, null or unknown is let be.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct Log {
    pub(super) version: Option<String>,
    pub(super) runs: Option<Vec<WireRun>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireRun {
    pub(super) tool: Option<Tool>,
    pub(super) invocations: Option<Vec<Invocation>>,
    pub(super) original_uri_base_ids: Option<BTreeMap<String, Location>>,
    pub(super) artifacts: Option<Vec<Artifact>>,
    pub(super) version_control_provenance: Option<Vec<Provenance>>,
    pub(super) results: Option<Vec<WireResult>>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Tool {
    pub(super) driver: Option<Component>,
    pub(super) extensions: Option<Vec<Component>>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Component {
    pub(super) name: Option<String>,
    pub(super) rules: Option<Vec<Rule>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    pub(super) id: Option<String>,
    pub(super) default_configuration: Option<Configuration>,
    pub(super) message_strings: Option<BTreeMap<String, Message>>,
    pub(super) short_description: Option<Message>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Configuration {
    pub(super) level: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) text: Option<String>,
    pub(super) markdown: Option<String>,
    pub(super) id: Option<String>,
    pub(super) arguments: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocation {
    pub(super) execution_successful: Option<bool>,
    pub(super) end_time_utc: Option<String>,
    pub(super) tool_execution_notifications: Option<Vec<Notification>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Notification {
    pub(super) level: Option<String>,
    pub(super) message: Option<Message>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Provenance {
    pub(super) revision_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Artifact {
    pub(super) location: Option<Location>,
}

/// Where a file is, by a name, by a place in the list of artifacts, or relative to a base.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    pub(super) uri: Option<String>,
    pub(super) uri_base_id: Option<String>,
    pub(super) index: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireResult {
    pub(super) rule_id: Option<String>,
    pub(super) rule_index: Option<i64>,
    pub(super) rule: Option<RuleReference>,
    pub(super) kind: Option<String>,
    pub(super) level: Option<String>,
    pub(super) message: Option<Message>,
    pub(super) locations: Option<Vec<ResultLocation>>,
    pub(super) fingerprints: Option<BTreeMap<String, String>>,
    pub(super) partial_fingerprints: Option<BTreeMap<String, String>>,
    pub(super) suppressions: Option<Vec<Suppression>>,
    pub(super) baseline_state: Option<String>,
}

impl WireResult {
    pub(super) fn counts(&self) -> bool {
        let is_accepted = |one: &Suppression| one.status.as_deref().is_none_or(|status| status == "accepted");
        let is_suppressed =
            self.suppressions.as_ref().is_some_and(|all| !all.is_empty() && all.iter().all(is_accepted));
        let is_fail = self.kind.as_deref().is_none_or(|kind| kind == "fail");
        is_fail && !is_suppressed && self.baseline_state.as_deref() != Some("absent")
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleReference {
    pub(super) id: Option<String>,
    pub(super) index: Option<i64>,
    pub(super) tool_component: Option<ComponentReference>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ComponentReference {
    pub(super) index: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultLocation {
    pub(super) physical_location: Option<PhysicalLocation>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhysicalLocation {
    pub(super) artifact_location: Option<Location>,
    pub(super) region: Option<Region>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    pub(super) start_line: Option<i64>,
    pub(super) start_column: Option<i64>,
    pub(super) end_line: Option<i64>,
    pub(super) end_column: Option<i64>,
    pub(super) snippet: Option<Message>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Suppression {
    pub(super) status: Option<String>,
}
