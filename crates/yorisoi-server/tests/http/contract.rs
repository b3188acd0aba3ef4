//! Does any input, however odd, break the service, and does every answer fit the document?
//!
//! Cases are generated from the document itself: for each operation bodies that fit its schema, then
//! bodies with one part spoiled, then bytes that mean nothing. The same seed gives the same cases.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Map, Value, json};

use crate::support::{Answer, Service};

/// Cases an operation. Few enough for every test run; the environment may ask for more.
const CASES: u64 = 60;

/// Operations that never end, or that close the door behind them.
const SKIPPED: [&str; 2] = ["stream", "revoke_token"];

/// Numbers without a pattern, the same at every run.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> u64 {
        // SplitMix64 (Steele, Lea & Flood 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Texts that programs stumble over.
fn odd_text(draws: &mut Draws) -> String {
    let long = "長".repeat(300);
    let odd = [
        "",
        " ",
        "c-1",
        "c-2",
        "hold",
        "plan_review",
        "Asia/Tokyo",
        "2026-11-18T02:00:00Z",
        "0000-00-00",
        "-1",
        "null",
        "\u{0}",
        "\u{202e}abc",
        "'; DROP TABLE entries; --",
        "../../etc/passwd",
        "%00",
        "<script>",
        "𠮷野家",
        "e\u{301}",
        "999999999999999999999",
        "+292277026596-12-04T15:30:07Z",
        "Nowhere/Zone",
        "https://127.0.0.1/",
        long.as_str(),
    ];
    (*draws.of(&odd)).to_owned()
}

fn odd_value(draws: &mut Draws, depth: usize) -> Value {
    match draws.below(if depth > 3 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => json!(draws.one_in(2)),
        2 => draws
            .of(&[json!(0), json!(-1), json!(i64::MAX), json!(u64::MAX), json!(i64::MIN)])
            .clone(),
        3 => draws.of(&[json!(1e308), json!(-0.0), json!(1e-308), json!(0.1)]).clone(),
        4 | 5 => json!(odd_text(draws)),
        6 => (0..draws.below(4)).map(|_| odd_value(draws, depth + 1)).collect(),
        _ => {
            let pairs = (0..draws.below(4)).map(|_| (odd_text(draws), odd_value(draws, depth + 1)));
            Value::Object(pairs.collect())
        }
    }
}

fn resolved<'a>(schema: &'a Value, document: &'a Value) -> &'a Value {
    match schema.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#')) {
        Some(pointer) => document.pointer(pointer).expect("references lead somewhere"),
        None => schema,
    }
}

/// A value that fits a schema, as far as the schema says.
fn fitting(schema: &Value, document: &Value, draws: &mut Draws, depth: usize) -> Value {
    let schema = resolved(schema, document);
    if let Some(constant) = schema.get("const") {
        return constant.clone();
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return draws.of(values).clone();
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(options) = schema.get(choice).and_then(Value::as_array) {
            let mut chosen = fitting(draws.of(options), document, draws, depth + 1);
            merge(&mut chosen, properties(schema, document, draws, depth));
            return chosen;
        }
    }
    let kind = match schema.get("type") {
        Some(Value::Array(kinds)) => draws.of(kinds).as_str().unwrap_or("null").to_owned(),
        Some(kind) => kind.as_str().unwrap_or("null").to_owned(),
        None => return odd_value(draws, depth),
    };
    match kind.as_str() {
        "object" => Value::Object(properties(schema, document, draws, depth)),
        "array" if depth > 6 => json!([]),
        "array" => {
            let items = schema.get("items").unwrap_or(&Value::Null);
            (0..draws.below(4)).map(|_| fitting(items, document, draws, depth + 1)).collect()
        }
        "string" if schema.get("format").is_some_and(|format| format == "date-time") => {
            draws.of(&[json!("2026-11-18T02:00:00Z"), json!("2027-01-01T09:00:00+09:00")]).clone()
        }
        "string" => json!(odd_text(draws)),
        "integer" => draws.of(&[json!(0), json!(1), json!(7), json!(200), json!(-3)]).clone(),
        "number" => {
            draws.of(&[json!(0.0), json!(1.0), json!(0.25), json!(-2.5), json!(1e300)]).clone()
        }
        "boolean" => json!(draws.one_in(2)),
        _ => Value::Null,
    }
}

fn properties(
    schema: &Value,
    document: &Value,
    draws: &mut Draws,
    depth: usize,
) -> Map<String, Value> {
    let required = schema.get("required").and_then(Value::as_array);
    let mut object = Map::new();
    for (name, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let needed = required.is_some_and(|names| names.iter().any(|one| one == name));
        if needed || (depth < 7 && draws.one_in(2)) {
            object.insert(name.clone(), fitting(inner, document, draws, depth + 1));
        }
    }
    object
}

fn merge(into: &mut Value, more: Map<String, Value>) {
    if let Value::Object(object) = into {
        object.extend(more);
    }
}

/// Spoils one part of a value.
fn spoiled(mut value: Value, draws: &mut Draws) -> Value {
    match &mut value {
        Value::Object(object) if !object.is_empty() => {
            let names: Vec<String> = object.keys().cloned().collect();
            let name = draws.of(&names).clone();
            match draws.below(4) {
                0 => drop(object.remove(&name)),
                1 => drop(object.insert(odd_text(draws), odd_value(draws, 0))),
                2 => {
                    let inner = object.remove(&name).unwrap_or_default();
                    object.insert(name, spoiled(inner, draws));
                }
                _ => drop(object.insert(name, odd_value(draws, 0))),
            }
            value
        }
        _ => odd_value(draws, 0),
    }
}

/// Why a value does not fit a schema; `None` if it does.
fn misfit(value: &Value, schema: &Value, document: &Value) -> Option<String> {
    let schema = resolved(schema, document);
    for choice in ["anyOf", "oneOf"] {
        if let Some(options) = schema.get(choice).and_then(Value::as_array) {
            let faults: Vec<_> =
                options.iter().filter_map(|one| misfit(value, one, document)).collect();
            if faults.len() == options.len() {
                return Some(format!("fits none of: {faults:?}"));
            }
        }
    }
    if schema.get("const").is_some_and(|constant| constant != value) {
        return Some(format!("{value} is not {}", schema["const"]));
    }
    if schema.get("enum").and_then(Value::as_array).is_some_and(|all| !all.contains(value)) {
        return Some(format!("{value} is none of {}", schema["enum"]));
    }
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        Some(kind) => kind.as_str().into_iter().collect(),
        None => Vec::new(),
    };
    if !kinds.is_empty() && !kinds.iter().any(|kind| is_kind(value, kind)) {
        return Some(format!("{value} is not of type {kinds:?}"));
    }
    let missing = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    for name in missing.filter_map(Value::as_str) {
        if value.is_object() && value.get(name).is_none() {
            return Some(format!("`{name}` is missing in {value}"));
        }
    }
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    for (name, inner) in properties {
        if let Some(fault) = value.get(name).and_then(|value| misfit(value, inner, document)) {
            return Some(format!("{name}: {fault}"));
        }
    }
    let items = schema.get("items")?;
    value.as_array().into_iter().flatten().find_map(|value| misfit(value, items, document))
}

fn is_kind(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

/// One operation of the document.
struct Operation<'a> {
    path: &'a str,
    verb: String,
    row: &'a Value,
}

impl Operation<'_> {
    fn name(&self) -> &str {
        self.row["operationId"].as_str().unwrap()
    }

    /// A role that may call it.
    fn role(&self) -> &str {
        match self.row["x-roles"][0].as_str() {
            Some("any") | None => "service",
            Some(role) => role,
        }
    }

    fn request(&self, service: &Service, draws: &mut Draws) -> Request<Body> {
        let document = yorisoi_server::openapi();
        let names = ["c-1", "c-2", "nobody", "d-1", "%F0%9F%8C%B8", "%00", "a%20b", "..%2f"];
        let parts = self.path.split('/').map(|part| match part.strip_prefix('{') {
            Some(_) => *draws.of(&names),
            None => part,
        });
        let mut uri = parts.collect::<Vec<_>>().join("/");
        let parameters = self.row["parameters"].as_array().unwrap().iter();
        let queries: Vec<String> = parameters
            .filter(|one| one["in"] == "query")
            .filter_map(|one| {
                let value = fitting(&one["schema"], document, draws, 0);
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let encoded: Vec<String> =
                    text.bytes().map(|byte| format!("%{byte:02x}")).collect();
                let encoded = encoded.concat();
                draws.one_in(2).then(|| format!("{}={encoded}", one["name"].as_str().unwrap()))
            })
            .collect();
        if !queries.is_empty() {
            uri = format!("{uri}?{}", queries.join("&"));
        }
        let mut request = service.request(self.role(), &self.verb, &uri);
        if draws.one_in(3) {
            request = request.header("idempotency-key", format!("k-{}", draws.below(3)));
        }
        if draws.one_in(4) {
            request = request.header("if-match", *draws.of(&["\"v1\"", "*", "x", "\"v\""]));
        }
        request.body(self.body(draws)).unwrap()
    }

    fn body(&self, draws: &mut Draws) -> Body {
        let document = yorisoi_server::openapi();
        let schema = &self.row["requestBody"]["content"]["application/json"]["schema"];
        match draws.below(8) {
            0 => Body::from(
                draws.of(&["", "{", "[]", "\u{feff}{}", "{\"a\":1}{}", "\"\\ud800\""]).to_string(),
            ),
            1 => Body::from((0..draws.below(64)).map(|_| draws.next() as u8).collect::<Vec<u8>>()),
            2 => Body::from("[".repeat(10_000)),
            3 | 4 => {
                let value = fitting(schema, document, draws, 0);
                Body::from(spoiled(value, draws).to_string())
            }
            _ => Body::from(fitting(schema, document, draws, 0).to_string()),
        }
    }

    fn check(&self, answer: &Answer, case: u64) {
        let (status, what) = (answer.status.as_u16(), format!("{} case {case}", self.name()));
        assert!(status < 500 || self.name() == "readyz", "{what}: {status} {answer:?}");
        let documented = &self.row["responses"][status.to_string()];
        assert!(documented.is_object(), "{what}: {status} is not in the document: {answer:?}");
        if status >= 400 {
            assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
            let code = answer.code();
            let plain = |c: char| c.is_ascii_lowercase() || c == '.' || c == '_';
            assert!(!code.is_empty() && code.chars().all(plain), "{what}: {code}");
            return;
        }
        let Some(content) = documented["content"]["application/json"].as_object() else { return };
        let fault = misfit(&answer.json(), &content["schema"], yorisoi_server::openapi());
        assert!(fault.is_none(), "{what}: {}", fault.unwrap_or_default());
    }
}

fn operations() -> Vec<Operation<'static>> {
    let paths = yorisoi_server::openapi()["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, verbs)| {
        let verbs = verbs.as_object().unwrap().iter();
        verbs.map(move |(verb, row)| Operation { path, verb: verb.to_uppercase(), row })
    });
    all.filter(|operation| !SKIPPED.contains(&operation.name())).collect()
}

#[tokio::test]
async fn no_generated_case_breaks_the_service_and_every_answer_fits() {
    let service = Service::open().await;
    service.add_client("c-1").await;
    service.add_client("c-2").await;
    let mut successes = 0_u64;
    for operation in operations() {
        for case in 0..CASES {
            let seed = blake3::hash(format!("{} {case}", operation.name()).as_bytes());
            let first: [u8; 8] = std::array::from_fn(|k| seed.as_bytes()[k]);
            let mut draws = Draws(u64::from_le_bytes(first));
            let answer = service.send(operation.request(&service, &mut draws)).await;
            operation.check(&answer, case);
            successes += u64::from(answer.status.is_success());
        }
    }
    // If next to nothing were accepted, the cases would only try the reader of bodies.
    assert!(successes > 500, "{successes}");
    let verified = service.post("privacy", "/v1/ledger/verify", &json!({})).await.json();
    assert_eq!(verified["whole"], true, "{verified}");
}
