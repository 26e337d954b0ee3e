//! gonogo tells whether a system may go live, while you fix it.
//!
//! ```text
//!  tree: path → stat → blob id            checklist: items, probes          ledger: decisions
//!         │                                     │                              │
//!         └──────────────► map: one blob, all probes that select it, one pass   │
//!                               │  facts, keyed by (probe, blob id)             │
//!                               ▼                                              │
//!                          reduce: one probe over its facts → outcome          │
//!                               └───────────► status ◄──────────────────────────┘
//!                                               ▼
//!                               board: categories, score, verdicts, path to GO
//!                                    ┌──────────┴──────────┐
//!                                 reports                screen → frame → one write
//! ```
//!
//! Each step stops where nothing changed: same stat → same blob; same blob → same facts; same facts →
//! same outcome; same outcome → same status; same screen → no bytes written.
//!
//! Imports go one way, from the bottom: [`text`], [`document`]; [`tree`], [`checklist`]; [`probe`]; [`engine`];
//! [`cases`]; [`ledger`]; [`readiness`]; [`report`]; [`session`]; [`tui`]; [`cli`]. `tests/layers.rs` holds it.
//!
//! The rooms, in that order:
//!
//! | room | what it is for | begin with |
//! | --- | --- | --- |
//! | [`text`] | strings that may be hostile: made visible, redacted, read by their comments | [`text::redact`] |
//! | [`document`] | structured files as trees of values that know their line, and queries into them | [`document::kind`] |
//! | [`tree`] | what is looked at: names, stats, blob ids, git's word, and what changes | [`tree::working`] |
//! | [`checklist`] | what is asked: the file format, what extends what, the embedded catalogue | [`checklist::merge`] |
//! | [`probe`] | how a machine answers: each kind a `map` of one file and a `reduce` of all | [`probe::program`] |
//! | [`engine`] | what must be looked at again, and nothing else | [`engine::Engine::apply`] |
//! | [`cases`] | small trees that prove the probes, and mutations that they must notice | [`cases::run`] |
//! | [`ledger`] | what people said: one file a decision, folded into one standing an item | [`ledger::fold`] |
//! | [`readiness`] | what it means: status, score, verdict, the way to GO | [`readiness::ruling`] |
//! | [`report`] | what leaves: one file per format | [`report::format`] |
//! | [`session`] | all of it kept up to date for one tree | [`session::Session`] |
//! | [`tui`] | what is seen: state, update, a plain view, one frame | [`tui::update`] |
//! | [`cli`] | arguments, commands, exit codes | [`cli::main`] |
//!
//! A save goes through them like this: [`tree::watch`] names the path, [`session::run`] hands it to
//! `Session::paths_changed`, the tree looks at its stat, the engine maps the one file and reduces the probes whose
//! facts moved, readiness rules on the items whose outcome moved, and the screen draws the lines that differ.

pub mod cases;
pub mod checklist;
pub mod cli;
pub mod document;
pub mod engine;
pub mod ledger;
pub mod probe;
pub mod readiness;
pub mod report;
pub mod session;
pub mod text;
pub mod tree;
pub mod tui;
