//! The format as tables: which keys there are, what each holds, and the words that an editor shows.
//! The reader and the JSON Schema both use these, so that they cannot drift apart.

use crate::document::kind::Kind;

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// The number 1.
    Version,
    Id,
    Text,
    Texts,
    Flag,
    /// A whole number within bounds, or `${name}`.
    Count(u32, u32),
    /// Any number, or `${name}`.
    Bound,
    Effort,
    Days,
    /// `60s`, `5m`: how long a program may run.
    Seconds,
    /// `2027-02-28`.
    Date,
    Globs,
    Pattern,
    /// One pattern or several, of which any may match.
    Patterns,
    Word(&'static [&'static str]),
    /// One or several of these words.
    Words(&'static [&'static str]),
    /// One text or several.
    TextOrTexts,
    /// Names to names.
    Renames,
    /// One of [`SOURCE`] or several.
    Sources,
    Probe,
    /// Probes, each with a name if it wants one.
    Members,
    /// Names of one's own choice, to globs.
    Sets,
    /// Names of one's own choice, to numbers, words and lists.
    Vars,
    /// Paths to contents.
    Files,
    Object(&'static [Field]),
    Objects(&'static [Field]),
    /// Objects of [`ITEM`], in which a later file may take a field back with null.
    Items,
    /// Globs alone, or an object that has them as `files`.
    GlobsOr(&'static [Field]),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) required: bool,
    pub(super) about: &'static str,
}

const fn field(name: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { name, shape, required: false, about }
}

const fn needed(name: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { name, shape, required: true, about }
}

/// The names in a table, for suggestions.
pub(super) fn names(table: &[Field]) -> impl Iterator<Item = &'static str> {
    table.iter().map(|field| field.name)
}

/// Whether `key: null` in a later file makes an item forget what an earlier one said.
pub(super) fn can_be_taken_back(key: &str) -> bool {
    !matches!(key, "id" | "title" | "priority") && names(ITEM).any(|name| name == key)
}

pub(super) const PRIORITIES: &[&str] = &["P0", "P1", "P2", "P3"];
pub(super) const CONFIDENCES: &[&str] = &["certain", "heuristic"];
pub(super) const NO_FILES: &[&str] = &["fail", "not-applicable", "unknown"];
pub(super) const EXPECTATIONS: &[&str] = &["pass", "fail", "not-applicable", "unknown"];
pub(super) const SCOPES: &[&str] = &["code", "all"];
pub(super) const SIZES: &[&str] = &["any", "empty", "nonempty"];
pub(super) const ABSENT_SIZES: &[&str] = &["any", "empty"];
pub(super) const RELATIONS: &[&str] = &["subset", "equal", "disjoint"];
pub(super) const FOLDS: &[&str] = &["case", "separators"];
pub(super) const CHECKSUMS: &[&str] = &["crc32-base62"];
pub(super) const ENCODING_FAULTS: &[&str] = &["invalid", "replacement", "mojibake", "bom", "conflict-markers"];
pub(super) const NAME_FAULTS: &[&str] = &["twins", "case-twins", "misspelt", "strays"];
pub(super) const VIEWS: &[&str] = &["code", "comment", "any"];

pub(super) const TOP: &[Field] = &[
    needed("gonogo", Shape::Version, "The version of this format: 1."),
    field("title", Shape::Text, "What the checklist is about, for the title of the dashboard."),
    field(
        "extends",
        Shape::Texts,
        "Built-in checklists (`builtin:enterprise`) and local files, in the order in which they are applied.",
    ),
    field("sets", Shape::Sets, "Names for file selections, used as `$name`. `skip` is what selections leave out."),
    field(
        "vars",
        Shape::Vars,
        "Numbers, texts and lists of words, used as `${name}`. In a pattern a text is a pattern, too.",
    ),
    field("tiers", Shape::Objects(TIER), "What must hold to run at which level; each includes those before it."),
    field("categories", Shape::Objects(CATEGORY), "The groups of the dashboard, in order."),
    field(
        "phases",
        Shape::Objects(PHASE),
        "The stretches of the work, in order. Default: safety, hardening, enterprise.",
    ),
    field("environments", Shape::Objects(ENVIRONMENT), "Where the system runs, and what must hold there."),
    field("metrics", Shape::Objects(METRIC), "Numbers to watch, and where they should get to."),
    field("items", Shape::Items, "The questions. An id that exists already is overridden field by field."),
];

pub(super) const TIER: &[Field] = &[
    needed("id", Shape::Id, "What items and `--tier` call it."),
    field("title", Shape::Text, "What the screen calls it."),
    field("gate", Shape::Word(PRIORITIES), "The lowest priority that can stop this tier."),
    field("confirm", Shape::Flag, "Whether `likely` is not enough: a person must have confirmed."),
];

pub(super) const CATEGORY: &[Field] = &[
    needed("id", Shape::Id, "The first part of its items' ids."),
    field("title", Shape::Text, "What the screen calls it."),
    field("about", Shape::Text, "What belongs here."),
];

pub(super) const PHASE: &[Field] = &[
    needed("id", Shape::Id, "What items call it."),
    field("title", Shape::Text, "What the screen calls it."),
    field("box", Shape::Days, "`2w`: how long it may take."),
];

pub(super) const ENVIRONMENT: &[Field] = &[
    needed("id", Shape::Id, "What reports call it."),
    field("title", Shape::Text, "What the screen calls it."),
    field("requires", Shape::Texts, "Ids of items and of categories, and `tier:ID` for all that can stop a tier."),
];

pub(super) const METRIC: &[Field] = &[
    needed("id", Shape::Id, "What reports call it."),
    field("title", Shape::Text, "What the screen calls it."),
    field("count", Shape::Sources, "What is counted: how many different elements there are."),
    field("value", Shape::Sources, "Where the number itself stands: one element."),
    field("at_least", Shape::Bound, "The target, for a number that is to grow."),
    field("at_most", Shape::Bound, "The target, for a number that is to shrink."),
];

pub(super) const SNIPPET: &[Field] = &[
    field("language", Shape::Text, "For the fence of a report: `yaml`, `sh`."),
    needed("text", Shape::Text, "What to copy."),
];

pub(super) const ITEM: &[Field] = &[
    needed("id", Shape::Id, "Lower case, `category.name`. Decisions are kept under it: don't change it."),
    field("category", Shape::Text, "Where it is shown. Default: the id up to the first dot."),
    field("title", Shape::Text, "One statement that is true when the item holds."),
    field("why", Shape::Text, "What happens to somebody who goes live without it."),
    field("fix", Shape::Text, "What to do about it."),
    field("refs", Shape::Texts, "Where it comes from: `CWE-798`, a link."),
    field("priority", Shape::Word(PRIORITIES), "P0 blocks everything; P3 is nice to have."),
    field(
        "tier",
        Shape::Text,
        "The first tier that requires it. Default: the first one whose gate its priority passes.",
    ),
    field("phase", Shape::Text, "When to do it: the id of a phase. Default by priority."),
    field("effort", Shape::Effort, "`30m`, `2h`, `1d`, or a range `2h-4h`. A day has eight hours."),
    field("needs", Shape::Texts, "Ids of the items that must be ready first: until then this one is blocked."),
    field("caused_by", Shape::Texts, "Ids of the items whose trouble makes this one's."),
    field("due", Shape::Date, "The day by which it is to be ready."),
    field("snippet", Shape::Object(SNIPPET), "A remedy to copy."),
    field("verify", Shape::Text, "A command that shows whether it holds; gonogo shows it and never runs it."),
    field("creates", Shape::Texts, "Paths of the files that the fix makes."),
    field("options", Shape::Texts, "For a decision to take: what a person chooses from."),
    field(
        "inventory",
        Shape::Sources,
        "Elements that a person confirms one by one; all of them make the item attested.",
    ),
    field("confidence", Shape::Word(CONFIDENCES), "A `heuristic` never passes alone: a person confirms."),
    field("when", Shape::Probe, "Where this fails, the item is not applicable."),
    field("probe", Shape::Probe, "How a machine answers. Without one, a person does."),
    field("no_files", Shape::Word(NO_FILES), "What an empty selection means. Nothing looked at is never a pass."),
    field("covers", Shape::Globs, "The files that a person's word is bound to."),
    field("review_every", Shape::Days, "`180d`: how long a person's word keeps."),
    field("waivable", Shape::Flag, "Whether somebody may waive it. Default: true."),
    field("cases", Shape::Objects(CASE), "Small trees and what the probe must find there; `gonogo test` runs them."),
    field("disabled", Shape::Flag, "Drops the item; the report counts how many were dropped."),
];

pub(super) const CASE: &[Field] = &[
    field("pass", Shape::Files, "Files in which the item holds."),
    field("fail", Shape::Files, "Files in which it does not."),
    field("not-applicable", Shape::Files, "Files that it says nothing about."),
    field("unknown", Shape::Files, "Files that allow no answer."),
    field("at", Shape::Text, "`path` or `path:line` of a place that must be among what is found."),
    field("tracked", Shape::Texts, "Files of the case that git tracks although they are ignored."),
    field("exit", Shape::Count(0, 255), "What the item's commands are taken to have ended with; a case runs nothing."),
];

pub(super) const PROBE: &[Field] = &[
    field("exists", Shape::GlobsOr(EXISTS), "Passes when the files exist."),
    field("absent", Shape::GlobsOr(ABSENT), "Passes when none of the files exists."),
    field("text", Shape::Object(TEXT), "Looks for patterns in lines."),
    field("query", Shape::Object(QUERY), "Selects nodes of structured files with a JSONPath (RFC 9535)."),
    field("compare", Shape::Object(COMPARE), "How the elements found in some files relate to those found in others."),
    field("encoding", Shape::Object(ENCODING), "Passes when no selected file has such a place."),
    field("names", Shape::Object(NAMES), "Passes when no selected file has such a name."),
    field("git", Shape::Object(GIT), "What the repository says of these paths."),
    field("sarif", Shape::Object(SARIF), "What a scanner reports: that it ran, and found no more than this."),
    field("command", Shape::Object(COMMAND), "Runs a program that a person approved with `gonogo trust`."),
    field("ask", Shape::Text, "A question that only a person answers."),
    field("all", Shape::Members, "Passes when every member does. `part` beside a probe names that half."),
    field("any", Shape::Members, "Passes when a member does. `part` beside a probe names it."),
    field("not", Shape::Probe, "Passes when the member fails."),
];

/// Beside the one key of a probe that is a member of several.
pub(super) const PART: Field = field("part", Shape::Text, "What this half of the item is called.");

const FILES: Field = needed("files", Shape::Globs, "Globs relative to the root; `!` excludes, `$name` inserts a set.");
const SCOPE: Field =
    field("scope", Shape::Word(SCOPES), "`all` also sees what git ignores and what the `skip` set leaves out.");
const EACH: Field = field("each", Shape::Flag, "Whether every selected file must match, not just one.");

pub(super) const EXISTS: &[Field] = &[
    FILES,
    SCOPE,
    field("min", Shape::Count(1, 1_000_000), "How many there must be. Default: 1."),
    field("size", Shape::Word(SIZES), "Default: nonempty."),
];

pub(super) const ABSENT: &[Field] = &[
    FILES,
    SCOPE,
    field("size", Shape::Word(ABSENT_SIZES), "`empty` counts only files without content. Default: any."),
    field("tracked", Shape::Flag, "Counts only what git tracks (true) or does not track (false)."),
];

pub(super) const TEXT: &[Field] = &[
    FILES,
    SCOPE,
    field("find", Shape::Patterns, "Passes when a line matches."),
    field("forbid", Shape::Patterns, "Passes when no line matches."),
    field("unless", Shape::Pattern, "Drops a match whose line, or a line near it, matches this."),
    field("within", Shape::Count(0, 1_000), "How many lines around a match `unless` looks at. Default: 0."),
    field(
        "in",
        Shape::Word(VIEWS),
        "Which part of a line counts, by the comment syntax of its language. Default: code.",
    ),
    EACH,
    field("multiline", Shape::Flag, "Whether a pattern sees the whole file instead of one line."),
    field("at_least", Shape::Bound, "The least number that the first group of a `find` may capture."),
    field("at_most", Shape::Bound, "The greatest number that the first group of a `find` may capture."),
    field("entropy", Shape::Bound, "A match counts only if its first group has so many bits per character: `3.0`."),
    field("checksum", Shape::Word(CHECKSUMS), "A match counts only if its first group ends in its own check digits."),
];

pub(super) const QUERY: &[Field] = &[
    FILES,
    SCOPE,
    field("as", Shape::Word(&Kind::NAMES), "The kind of document where the name does not tell."),
    needed("select", Shape::Text, "A JSONPath: `$.jobs.*.steps[*].uses`."),
    field("find", Shape::Patterns, "Passes when a selected node matches."),
    field("forbid", Shape::Patterns, "Passes when no selected node matches."),
    field("every", Shape::Patterns, "Passes when every selected node matches."),
    EACH,
    field("at_least", Shape::Bound, "The least number that a node may hold."),
    field("at_most", Shape::Bound, "The greatest number that a node may hold."),
];

pub(super) const COMPARE: &[Field] = &[
    needed("left", Shape::Sources, "The elements that are asked about: one source, or several together."),
    needed("right", Shape::Sources, "The elements that they are compared with."),
    needed("expect", Shape::Word(RELATIONS), "How the left relates to the right."),
    field("at_most", Shape::Count(0, 1_000_000), "How many elements may break it. Default: 0."),
    field(
        "fold",
        Shape::Words(FOLDS),
        "`case`: compare without case; `separators`: `-`, `_` and `.` are one character.",
    ),
    field("rename", Shape::Renames, "What an element of the left is called on the right."),
];

/// Where elements come from: `files` with `capture`, `select` or `keys`; `paths`; or `words`.
pub(super) const SOURCE: &[Field] = &[
    field("files", Shape::Globs, "Globs relative to the root; `!` excludes, `$name` inserts a set."),
    SCOPE,
    field(
        "capture",
        Shape::Patterns,
        "The first group of each match is an element; without a group, the whole match. Of a line, a node or a path.",
    ),
    field("in", Shape::Word(VIEWS), "Which part of a line `capture` looks at. Default: code."),
    field("select", Shape::Text, "A JSONPath: the text of each selected node is an element."),
    field("keys", Shape::Text, "A JSONPath: the member names of each selected object are elements."),
    field("as", Shape::Word(&Kind::NAMES), "The kind of document where the name does not tell."),
    field("paths", Shape::Globs, "The paths of these files are elements."),
    field("words", Shape::TextOrTexts, "The elements themselves."),
    field("unless", Shape::Pattern, "Drops an element that matches."),
];

pub(super) const SARIF: &[Field] = &[
    FILES,
    field("at_most", Shape::Object(AT_MOST), "How many results there may be. Default: no error, and any of the rest."),
    field("tool", Shape::Text, "The tool whose runs count, as it calls itself; the case of letters does not matter."),
    field("max_age", Shape::Days, "`7d`: how old a run may be."),
];

pub(super) const AT_MOST: &[Field] = &[
    field("error", Shape::Count(0, 1_000_000), "Default: 0."),
    field("warning", Shape::Count(0, 1_000_000), "Default: any number."),
    field("note", Shape::Count(0, 1_000_000), "Default: any number."),
];

pub(super) const ENCODING: &[Field] = &[
    FILES,
    SCOPE,
    needed(
        "forbid",
        Shape::Words(ENCODING_FAULTS),
        "Bytes that are no UTF-8, U+FFFD, text decoded wrongly, byte order marks, markers of unfinished merges.",
    ),
];

pub(super) const NAMES: &[Field] = &[
    FILES,
    SCOPE,
    needed(
        "forbid",
        Shape::Words(NAME_FAULTS),
        "Names too near to another, differing by case alone, misspelt, or left behind by editors and merges.",
    ),
];

pub(super) const COMMAND: &[Field] = &[
    needed(
        "run",
        Shape::Texts,
        "The program and its arguments. No shell reads them; it starts in the root of the tree.",
    ),
    field("timeout", Shape::Seconds, "How long it may run. Default: 60s."),
    field("exit", Shape::Count(0, 255), "The status that it must end with. Default: 0."),
    field("covers", Shape::Globs, "It runs again when one of these files changes."),
];

pub(super) const GIT: &[Field] = &[
    field("tracked", Shape::Globs, "Passes when git tracks these."),
    field("ignored", Shape::Globs, "Passes when git would ignore these names, which need not exist."),
    field("never_committed", Shape::Globs, "Passes when no commit ever held these."),
    field("newest", Shape::Globs, "Passes when one of these changed lately: within `within`."),
    field("within", Shape::Days, "`90d`: how lately, for `newest`."),
];
