//! Structured files as trees of values that know their line: YAML, JSON, TOML, Dockerfile, dotenv,
//! INI, requirements, and the JSONPath queries into them. Text in, values out; no disk.

mod build;
pub mod dotenv;
pub mod ini;
pub mod json;
pub mod lines;
pub mod node;
pub mod problem;
pub mod toml;
pub mod yaml;
mod yaml_tree;
