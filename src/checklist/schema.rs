//! The format as a JSON Schema, for editors: completion, descriptions and a first check.

use serde_json::{Map, Value, json};

use crate::checklist::fields::{self, Field, ITEM, PART, PROBE, SOURCE, Shape, TOP};

/// JSON Schema, draft 2020-12, made from the tables that the reader uses.
#[must_use]
pub fn schema() -> Value {
    let mut root = object(TOP);
    let mut probe = object(PROBE);
    probe["minProperties"] = json!(1);
    probe["maxProperties"] = json!(1);
    let globs = json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] });
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("gonogo checklist, version 1");
    let mut member = probe.clone();
    member["properties"][PART.name] = json!({ "type": "string", "description": PART.about });
    member["maxProperties"] = json!(2);
    // The name alone asks nothing.
    member["not"] = json!({ "required": [PART.name], "maxProperties": 1 });
    let source = object(SOURCE);
    root["$defs"] = json!({ "probe": probe, "member": member, "globs": globs, "source": source });
    root
}

/// An item, which may take back what an earlier file said.
fn item() -> Value {
    let mut item = object(ITEM);
    for field in ITEM.iter().filter(|field| fields::can_be_taken_back(field.name)) {
        item["properties"][field.name] =
            json!({ "anyOf": [shape(field.shape), { "type": "null" }], "description": field.about });
    }
    item
}

/// A mapping with these keys and no others.
fn object(table: &[Field]) -> Value {
    let mut properties = Map::new();
    for field in table {
        let mut value = shape(field.shape);
        value["description"] = json!(field.about);
        properties.insert(field.name.to_owned(), value);
    }
    let required: Vec<&str> = table.iter().filter(|field| field.required).map(|field| field.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn shape(shape: Shape) -> Value {
    let filled = || json!({ "type": "string", "pattern": r"\$\{[A-Za-z_][A-Za-z0-9_-]*\}" });
    let scalar = || json!({ "type": ["string", "number", "boolean"] });
    match shape {
        Shape::Version => json!({ "const": 1 }),
        Shape::Id => json!({ "type": "string", "pattern": r"^[a-z0-9]+([.-][a-z0-9-]+)*$", "maxLength": 100 }),
        Shape::Text | Shape::Pattern => json!({ "type": "string" }),
        Shape::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Count(least, most) => {
            json!({ "anyOf": [{ "type": "integer", "minimum": least, "maximum": most }, filled()] })
        }
        Shape::Bound => json!({ "anyOf": [{ "type": "number" }, filled()] }),
        Shape::Effort => json!({ "type": "string", "pattern": "^[0-9]+[mhdw](-[0-9]+[mhdw])?$" }),
        Shape::Days => json!({ "type": "string", "pattern": "^[0-9]+[dw]$" }),
        Shape::Date => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
        Shape::Seconds => json!({ "type": "string", "pattern": "^[0-9]+[smh]$" }),
        Shape::Globs => json!({ "$ref": "#/$defs/globs" }),
        Shape::Patterns | Shape::TextOrTexts => {
            json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" }, "minItems": 1 }] })
        }
        Shape::Word(words) => json!({ "enum": words }),
        Shape::Words(words) => {
            let word = json!({ "enum": words });
            json!({ "anyOf": [word, { "type": "array", "items": word, "minItems": 1 }] })
        }
        Shape::Renames => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Shape::Sources => {
            let source = json!({ "$ref": "#/$defs/source" });
            json!({ "anyOf": [source, { "type": "array", "items": source, "minItems": 1 }] })
        }
        Shape::Probe => json!({ "$ref": "#/$defs/probe" }),
        Shape::Members => json!({ "type": "array", "items": { "$ref": "#/$defs/member" }, "minItems": 1 }),
        Shape::Sets => json!({ "type": "object", "additionalProperties": { "$ref": "#/$defs/globs" } }),
        Shape::Vars => {
            let value = json!({ "anyOf": [scalar(), { "type": "array", "items": scalar(), "minItems": 1 }] });
            json!({ "type": "object", "additionalProperties": value })
        }
        Shape::Files => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Shape::Object(table) => object(table),
        Shape::Items => json!({ "type": "array", "items": item() }),
        Shape::Objects(table) => json!({ "type": "array", "items": object(table) }),
        Shape::GlobsOr(table) => json!({ "anyOf": [{ "$ref": "#/$defs/globs" }, object(table)] }),
    }
}
