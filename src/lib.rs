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
//! [`cases`]; [`ledger`]; [`readiness`]; [`report`]; [`session`]; [`tui`]; [`cli`].

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
