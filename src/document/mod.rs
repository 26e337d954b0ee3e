//! Structured files as trees of values that know their line: YAML, JSON, TOML, XML, Dockerfile,
//! dotenv, INI, requirements, go.mod, Terraform, and the JSONPath queries into them. Text in, values out; no disk.
//!
//! [`kind::parse`] is the way in: it never panics, and its limits hold whatever the text. A byte
//! order mark is no part of the first line.

mod build;
pub mod dockerfile;
mod dockerfile_args;
mod dockerfile_lines;
pub mod dotenv;
pub mod go_mod;
pub mod inherit;
pub mod ini;
pub mod json;
pub mod kind;
pub mod lines;
mod matching;
pub mod node;
pub mod problem;
pub mod requirements;
pub mod sarif;
mod sarif_place;
mod sarif_wire;
pub mod select;
pub mod terraform;
pub mod toml;
pub mod xml;
mod xml_guard;
pub mod yaml;
mod yaml_tree;

pub use kind::{Kind, parse};
pub use problem::{ParseProblem, Parsed};
pub use select::{Query, Queryable};
