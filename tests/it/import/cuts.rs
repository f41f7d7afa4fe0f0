//! Truncated files, and files with unknown fields.

use driverc::{
    import::{Output, Tool, benchmark},
    model::Benchmark,
};
use proptest::{
    prelude::{Just, ProptestConfig, any},
    prop_assert, prop_assert_eq, prop_oneof, proptest,
    sample::{self, Index},
    strategy::Strategy,
};
use serde_json::{Value, json};

use super::laws::{FILES, File, subject};

fn imported(file: &File, bytes: &[u8]) -> Option<Benchmark> {
    let outputs = [Output { name: "file", bytes }];
    benchmark(file.tool, &outputs, &subject(), (file.needs)()).ok().map(|imported| imported.value)
}

/// Returns true if no figure of the first benchmark is better than in the second.
fn is_no_better(cut: &Benchmark, whole: &Benchmark) -> bool {
    cut.p50_latency >= whole.p50_latency
        && cut.p95_latency >= whole.p95_latency
        && cut.timeout_rate_bps >= whole.timeout_rate_bps
        && cut.retry_rate_bps >= whole.retry_rate_bps
        && cut.throughput_ops_per_sec <= whole.throughput_ops_per_sec
        && cut.failure_rate_bps >= whole.failure_rate_bps
        && cut.attempts <= whole.attempts
}

/// Returns the start of the file. Returns `None` for a log that ends after a complete line, because
/// nothing shows that it is truncated.
fn cut(file: &File, end: usize) -> Option<&'static [u8]> {
    let bytes = &file.bytes[..end];
    (file.tool != Tool::Pgbench || !bytes.ends_with(b"\n")).then_some(bytes)
}

#[test]
fn truncated_files_are_refused_or_give_equal_or_worse_figures() {
    for file in FILES {
        let whole = imported(file, file.bytes).unwrap();
        // Large files are cut at some positions, including all positions near the end.
        let length = file.bytes.len();
        let near_end = length.saturating_sub(200)..length;
        for end in (0..length).step_by(1 + length / 200).chain(near_end) {
            let Some(bytes) = cut(file, end) else { continue };
            let Some(benchmark) = imported(file, bytes) else { continue };
            let text = String::from_utf8_lossy(bytes);
            let message = format!("{:?} {end}\n{benchmark:?}\n{whole:?}\n{text}", file.tool);
            assert!(is_no_better(&benchmark, &whole), "{message}");
        }
    }
}

/// Objects whose keys are data, not field names.
const MAPS: [&str; 5] = [
    "statusCodeDistribution",
    "errorDistribution",
    "status_codes",
    "by_op_type",
    "requests_by_client",
];

/// Collects the paths of all objects with fields.
fn objects(value: &Value, path: &str, found: &mut Vec<String>) {
    let is_map = path.rsplit('/').next().is_some_and(|key| MAPS.contains(&key));
    if value.is_object() && !is_map {
        found.push(path.to_owned());
    }
    let entries: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(array) => (0..).map(|n: usize| n.to_string()).zip(array).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (key, value) in entries {
        objects(value, &format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), found);
    }
}

fn unknown() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z ]{0,8}".prop_map(Value::from),
        Just(json!({"count": -1, "values": {"rate": -1.5}})),
        Just(json!([-1, {"a": null}])),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn unknown_json_fields_are_ignored(
        file in sample::select(FILES),
        place in any::<Index>(),
        name in "x_[a-z]{1,8}",
        value in unknown(),
    ) {
        let Ok(mut document) = serde_json::from_slice::<Value>(file.bytes) else { return Ok(()) };
        let mut paths = Vec::new();
        objects(&document, "", &mut paths);
        let path = place.get(&paths);
        let object = document.pointer_mut(path).and_then(Value::as_object_mut).unwrap();
        object.insert(name, value);
        let changed = imported(&file, document.to_string().as_bytes());
        prop_assert!(changed.is_some(), "{path}");
        let mut changed = changed.unwrap();
        let whole = imported(&file, file.bytes).unwrap();
        changed.source.clone_from(&whole.source);
        prop_assert_eq!(changed, whole);
    }
}
