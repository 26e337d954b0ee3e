//! SARIF 2.1.0: what a scanner reports of its runs. Only what decides an answer is read; what else a file holds, and
//! the words of a later version, are let be.

pub use crate::document::sarif_place::Place;
use crate::document::sarif_place::Places;
use crate::document::sarif_wire::{Invocation, Log, Region, Rule, WireResult, WireRun};

const VERSION: &str = "2.1.0";

/// One run of one tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    pub tool: String,
    /// Why what it found is not all that there is.
    pub failure: Option<String>,
    /// When it ended, as written; of several invocations the earliest.
    pub ended: Option<String>,
    /// The commits that were looked at.
    pub revisions: Vec<String>,
    /// What stands and was not taken back: neither suppressed, nor passed, nor gone since the baseline.
    pub results: Vec<Finding>,
    /// The other files that it says it looked at.
    pub artifacts: Vec<Place>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub level: Level,
    pub rule: String,
    pub message: String,
    pub place: Place,
    /// Zero where the whole file is meant.
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
    pub snippet: String,
    /// What the tool itself knows the result by when lines move; empty where it says nothing.
    pub identity: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Error,
    Warning,
    Note,
    /// `none`: of no severity at all.
    Silent,
}

impl Level {
    /// A level that nobody knows yet is taken for the worst.
    fn of(word: &str) -> Self {
        match word {
            "warning" => Self::Warning,
            "note" => Self::Note,
            "none" => Self::Silent,
            _ => Self::Error,
        }
    }
}

/// The runs of a report.
///
/// # Errors
/// One line that says why this is none, with line and column where the text itself is wrong (else zeros).
pub fn parse(bytes: &[u8]) -> Result<Vec<Run>, (u32, u32, String)> {
    let wrong = |message: String| (0, 0, message);
    let log: Log = serde_json::from_slice(bytes).map_err(|error| {
        let words = error.to_string();
        let what = words.split(" at line ").next().unwrap_or(&words);
        (error.line() as u32, error.column() as u32, format!("is no SARIF report: {what}"))
    })?;
    match (log.version.as_deref(), log.runs) {
        (Some(VERSION), Some(runs)) => Ok(runs.into_iter().map(Run::from).collect()),
        (Some(VERSION), None) => Err(wrong("is no SARIF report: it has no \"runs\"".to_owned())),
        (Some(other), _) => Err(wrong(format!("is SARIF {other}, and {VERSION} is what is read"))),
        (None, _) => Err(wrong(format!("is no SARIF report: it has no \"version\": \"{VERSION}\""))),
    }
}

impl From<WireRun> for Run {
    fn from(wire: WireRun) -> Self {
        let tool = wire.tool.unwrap_or_default();
        let driver = tool.driver.unwrap_or_default();
        let invocations = wire.invocations.unwrap_or_default();
        let places = Places::new(wire.original_uri_base_ids.unwrap_or_default());
        let artifacts = wire.artifacts.unwrap_or_default();
        let located: Vec<Place> = artifacts
            .iter()
            .map(|artifact| artifact.location.as_ref().map(|at| places.place(at)).unwrap_or_default())
            .collect();
        let failure = failure(&invocations).or_else(|| {
            // An empty list says that nothing was found, no list that nobody looked.
            wire.results.is_none().then(|| "it holds no results, not even an empty list of them".to_owned())
        });
        let ended = invocations.iter().filter_map(|invocation| invocation.end_time_utc.clone()).min();
        let revisions = wire.version_control_provenance.unwrap_or_default();
        let extensions = tool.extensions.unwrap_or_default().into_iter();
        let rules = Rules {
            driver: driver.rules.unwrap_or_default(),
            extensions: extensions.map(|extension| extension.rules.unwrap_or_default()).collect(),
        };
        let results = wire.results.unwrap_or_default().into_iter().filter(WireResult::counts);
        Self {
            tool: driver.name.unwrap_or_default(),
            failure,
            ended,
            revisions: revisions.into_iter().filter_map(|revision| revision.revision_id).collect(),
            results: results.map(|result| finding(&result, &rules, &places, &located)).collect(),
            artifacts: located.into_iter().filter(|place| *place != Place::default()).collect(),
        }
    }
}

fn failure(invocations: &[Invocation]) -> Option<String> {
    if invocations.iter().any(|invocation| invocation.execution_successful == Some(false)) {
        return Some("it says that it did not succeed".to_owned());
    }
    let notes = invocations.iter().flat_map(|invocation| invocation.tool_execution_notifications.iter().flatten());
    let mut errors = notes.filter(|note| note.level.as_deref() == Some("error"));
    errors.next().map(|note| {
        let words = note.message.as_ref().and_then(|message| message.text.as_deref()).unwrap_or("no words");
        format!("it tells of an error of its own: {}", first_line(words))
    })
}

fn finding(result: &WireResult, rules: &Rules, places: &Places, located: &[Place]) -> Finding {
    let rule = rules.of(result);
    let default = rule.and_then(|rule| rule.default_configuration.as_ref()?.level.as_deref());
    let level = Level::of(result.level.as_deref().or(default).unwrap_or("warning"));
    let physical = result.locations.iter().flatten().find_map(|location| location.physical_location.as_ref());
    let artifact = physical.and_then(|physical| physical.artifact_location.as_ref());
    let by_index = || located.get(usize::try_from(artifact?.index?).ok()?).cloned();
    let place = match artifact {
        Some(at) if at.uri.is_some() => places.place(at),
        _ => by_index().unwrap_or_default(),
    };
    let region = physical.and_then(|physical| physical.region.as_ref());
    let number = |of: fn(&Region) -> Option<i64>| {
        region.and_then(of).and_then(|number| u32::try_from(number).ok()).unwrap_or_default()
    };
    let line = number(|region| region.start_line);
    let end_line = number(|region| region.end_line).max(line);
    let snippet = region.and_then(|region| region.snippet.as_ref()?.text.as_deref()).unwrap_or_default();
    Finding {
        level,
        rule: rule_id(result, rule),
        message: first_line(&message(result, rule)).to_owned(),
        place,
        line,
        column: number(|region| region.start_column),
        end_line,
        end_column: number(|region| region.end_column),
        snippet: first_line(snippet).to_owned(),
        identity: identity(result),
    }
}

fn rule_id(result: &WireResult, rule: Option<&Rule>) -> String {
    let own = result.rule_id.as_ref().or(result.rule.as_ref().and_then(|rule| rule.id.as_ref()));
    own.or(rule.and_then(|rule| rule.id.as_ref())).cloned().unwrap_or_default()
}

/// The words of a result: its own, else those that its rule keeps under a name.
fn message(result: &WireResult, rule: Option<&Rule>) -> String {
    let Some(message) = &result.message else { return String::new() };
    if let Some(text) = message.text.as_ref().or(message.markdown.as_ref()) {
        return fill(text, message.arguments.as_deref().unwrap_or_default());
    }
    let kept = message.id.as_ref().and_then(|id| rule?.message_strings.as_ref()?.get(id)?.text.as_ref());
    let short = || rule.and_then(|rule| rule.short_description.as_ref()?.text.clone()).unwrap_or_default();
    kept.map_or_else(short, |text| fill(text, message.arguments.as_deref().unwrap_or_default()))
}

/// `{0}` and its like stand for the arguments.
fn fill(text: &str, arguments: &[String]) -> String {
    let numbered = arguments.iter().enumerate();
    numbered.fold(text.to_owned(), |text, (number, argument)| text.replace(&format!("{{{number}}}"), argument))
}

fn identity(result: &WireResult) -> String {
    let prints = [&result.fingerprints, &result.partial_fingerprints];
    let parts = prints.into_iter().flatten().flatten().map(|(name, print)| format!("{name}={print}"));
    parts.collect::<Vec<_>>().join(" ")
}

fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default()
}

struct Rules {
    driver: Vec<Rule>,
    extensions: Vec<Vec<Rule>>,
}

impl Rules {
    fn of(&self, result: &WireResult) -> Option<&Rule> {
        let named = result.rule.as_ref();
        let list = match named.and_then(|rule| rule.tool_component.as_ref()?.index) {
            Some(component) => usize::try_from(component).ok().and_then(|at| self.extensions.get(at)),
            None => Some(&self.driver),
        };
        let index = result.rule_index.or(named.and_then(|rule| rule.index));
        let by_index = index.and_then(|index| list?.get(usize::try_from(index).ok()?));
        let id = result.rule_id.as_ref().or(named.and_then(|rule| rule.id.as_ref()));
        let everywhere = || self.driver.iter().chain(self.extensions.iter().flatten());
        by_index.or_else(|| everywhere().find(|rule| id.is_some() && rule.id.as_ref() == id))
    }
}
