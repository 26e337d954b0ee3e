//! Structured files as trees of values that know their line: YAML, JSON, TOML, Dockerfile, dotenv,
//! INI, requirements, and the JSONPath queries into them. Text in, values out; no disk.

pub mod lines;
pub mod node;
pub mod problem;
pub mod yaml;
mod yaml_tree;
