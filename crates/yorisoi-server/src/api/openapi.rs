//! What can be asked, as an `OpenAPI` 3.1 document? Written from the rows that also make the router.
//!
//! Its schemas are JSON Schema 2020-12, which is what the types' own `JsonSchema` gives. The
//! libraries that write such documents know nothing of rights, keys and tags; the rows do.

use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::api::{Access, Answer, Body, Endpoint, Verb, refusals};
use crate::problem::{PROBLEM_JSON, ProblemBody};
use crate::routes;

/// The document.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| written(&routes::endpoints()))
}

/// Hash of the document: its tag.
pub(crate) fn fingerprint() -> &'static str {
    static FINGERPRINT: OnceLock<String> = OnceLock::new();
    FINGERPRINT.get_or_init(|| {
        let bytes = serde_json::to_vec(document()).unwrap_or_default();
        blake3::hash(&bytes).to_hex()[..16].to_owned()
    })
}

/// Writes the document of some rows.
fn written(endpoints: &[Endpoint]) -> Value {
    let mut generator = generator();
    let problem = generator.subschema_for::<ProblemBody>();
    let mut paths = Map::new();
    for endpoint in endpoints {
        let operation = operation(endpoint, &mut generator);
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        path[endpoint.verb.lower()] = operation;
    }
    let mut schemas = Map::new();
    for (name, schema) in generator.take_definitions(true) {
        schemas.insert(name, schema);
    }
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Yorisoi",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What now, for this client? Decisions, what happened, and proof.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": { "Problem": {
                "description": "Refused: problem details (RFC 9457) with a stable code.",
                "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
                "content": { PROBLEM_JSON: { "schema": problem } },
            } },
            "headers": {
                "RequestId": {
                    "description": "The request's id: the caller's own, or a new one.",
                    "schema": { "type": "string" },
                },
                "ETag": {
                    "description": "The version that was answered.",
                    "schema": { "type": "string" },
                },
            },
            "parameters": parameters(),
            "securitySchemes": { "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "A token; its role says what it may do.",
            } },
        },
    })
}

/// Writes schemas as `OpenAPI` wants them.
fn generator() -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    settings.into_generator()
}

fn parameters() -> Value {
    json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Carries the act out once, though it be sent again: the same answer comes back.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$" },
        },
        "IfMatch": {
            "name": "If-Match",
            "in": "header",
            "description": "The `ETag` that was read: 412 if it has changed since.",
            "schema": { "type": "string" },
        },
        "IfNoneMatch": {
            "name": "If-None-Match",
            "in": "header",
            "description": "The `ETag` that is known already: 304 if it still holds.",
            "schema": { "type": "string" },
        },
    })
}

fn operation(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Value {
    let mut operation = json!({
        "operationId": endpoint.operation,
        "summary": endpoint.summary,
        "tags": [tag(endpoint.path)],
        "parameters": parameters_of(endpoint, generator),
        "responses": responses(endpoint, generator),
    });
    match endpoint.access {
        Access::Open => operation["security"] = json!([]),
        Access::Anyone => operation["x-roles"] = json!(["any"]),
        Access::With(right) => operation["x-roles"] = json!(right.roles()),
    }
    let content = match endpoint.body {
        Body::None => return operation,
        Body::Json(shape) => json!({ "application/json": { "schema": shape(generator) } }),
        Body::Raw(kind) => json!({ kind: { "schema": { "type": "string" } } }),
    };
    operation["requestBody"] = json!({ "required": true, "content": content });
    operation
}

/// `/v1/clients/{client}` belongs to `clients`.
fn tag(path: &str) -> &str {
    path.strip_prefix("/v1/").and_then(|rest| rest.split('/').next()).unwrap_or("service")
}

fn parameters_of(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Vec<Value> {
    let mut all: Vec<Value> = path_names(endpoint.path).map(path_parameter).collect();
    if let Some(shape) = endpoint.query {
        all.extend(query_parameters(&shape(generator)));
    }
    let shared = [
        (endpoint.keyed, "IdempotencyKey"),
        (endpoint.matched, "IfMatch"),
        (endpoint.tagged && endpoint.verb == Verb::Get, "IfNoneMatch"),
    ];
    let shared = shared.iter().filter(|(takes, _)| *takes);
    all.extend(
        shared.map(|(_, name)| json!({ "$ref": format!("#/components/parameters/{name}") })),
    );
    all
}

fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn path_parameter(name: &str) -> Value {
    json!({
        "name": name,
        "in": "path",
        "required": true,
        "schema": { "type": "string", "minLength": 1, "maxLength": 200 },
    })
}

/// The properties of a schema as parameters.
fn query_parameters(schema: &Schema) -> Vec<Value> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let required = schema.get("required").and_then(Value::as_array);
    let one = |(name, schema): (&String, &Value)| {
        let mut schema = schema.clone();
        let description = schema.as_object_mut().and_then(|object| object.remove("description"));
        let is_required = required.is_some_and(|names| names.iter().any(|one| one == name));
        without_null(&mut schema);
        let mut parameter =
            json!({ "name": name, "in": "query", "required": is_required, "schema": schema });
        if let Some(description) = description {
            parameter["description"] = description;
        }
        parameter
    };
    properties.into_iter().flatten().map(one).collect()
}

/// A parameter is absent or has a value: there is no way to write null behind a `?`.
fn without_null(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else { return };
    object.remove("default");
    if let Some(kinds) = object.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    if let Some(any) = object.get_mut("anyOf").and_then(Value::as_array_mut) {
        any.retain(|one| one.get("type").is_none_or(|kind| kind != "null"));
    }
}

fn responses(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Value {
    let mut well = json!({
        "description": "Done.",
        "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
    });
    if endpoint.tagged {
        well["headers"]["ETag"] = json!({ "$ref": "#/components/headers/ETag" });
    }
    match endpoint.answer {
        Answer::Json(shape) => {
            well["content"] = json!({ "application/json": { "schema": shape(generator) } });
        }
        Answer::Raw(kind) => {
            well["content"] = json!({ kind: { "schema": { "type": "string" } } });
        }
        Answer::Empty => {}
    }
    let mut all = json!({ endpoint.status.to_string(): well });
    if endpoint.tagged && endpoint.verb == Verb::Get {
        all["304"] = json!({ "description": "The version that the caller has still holds." });
    }
    for (status, why) in refusals::of(endpoint) {
        let problem = "#/components/responses/Problem";
        all[status.to_string()] = json!({ "$ref": problem, "description": why });
    }
    if endpoint.access != Access::Open {
        all["default"] = json!({ "$ref": "#/components/responses/Problem" });
    } else if endpoint.operation == "readyz" {
        // Not refused: the same shape, with the status that balancers look at.
        all["503"] = all["200"].clone();
    }
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn operations() -> Vec<(String, String, &'static Value)> {
        let mut all = Vec::new();
        for (path, verbs) in document()["paths"].as_object().unwrap() {
            for (verb, operation) in verbs.as_object().unwrap() {
                all.push((path.clone(), verb.clone(), operation));
            }
        }
        all
    }

    /// Every `$ref` anywhere in the document.
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => {
                for (key, inner) in object {
                    match inner {
                        Value::String(to) if key == "$ref" => drop(found.insert(to.clone())),
                        inner => references(inner, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let mut found = BTreeSet::new();
        references(document(), &mut found);
        assert!(found.len() > 50, "{}", found.len());
        for to in found {
            let pointer = to.strip_prefix('#').unwrap();
            assert!(document().pointer(pointer).is_some(), "{to}");
        }
    }

    #[test]
    fn names_of_operations_are_unique_and_every_one_says_what_it_does() {
        let operations = operations();
        let names: BTreeSet<&str> =
            operations.iter().map(|(.., one)| one["operationId"].as_str().unwrap()).collect();
        assert_eq!(names.len(), operations.len());
        for (path, verb, operation) in operations {
            assert!(operation["summary"].as_str().unwrap().len() > 8, "{verb} {path}");
        }
    }

    #[test]
    fn every_name_in_a_path_is_a_parameter() {
        for (path, verb, operation) in operations() {
            let named: BTreeSet<&str> = path_names(&path).collect();
            let parameters = operation["parameters"].as_array().unwrap().iter();
            let given: BTreeSet<&str> = parameters
                .filter(|one| one["in"] == "path")
                .map(|one| one["name"].as_str().unwrap())
                .collect();
            assert_eq!(named, given, "{verb} {path}");
        }
    }

    #[test]
    fn no_query_parameter_may_be_null() {
        for (path, verb, operation) in operations() {
            // What every operation shares is referred to and has no schema of its own here.
            let own = operation["parameters"].as_array().unwrap().iter();
            for schema in own.filter_map(|parameter| parameter.get("schema")) {
                let text = schema.to_string();
                assert!(!text.contains("null"), "{verb} {path}: {text}");
            }
        }
    }
}
