//! Changes of latencies that are stated in microseconds.

use driverc::{diff::Severity, model::Field};

use super::{between, edits::BASE, only};

/// The base with every latency in microseconds.
fn in_microseconds() -> String {
    let line = |line: &str| match line.split_once("_latency_ms = ") {
        Some((name, ms)) => format!("{name}_latency_us = {ms}000\n"),
        None => format!("{line}\n"),
    };
    BASE.lines().map(line).collect()
}

#[test]
fn equal_latency_in_other_unit_is_not_reported() {
    let stated = in_microseconds();
    assert_eq!(stated.matches("_latency_us").count(), 9, "{stated}");
    assert_eq!(between(BASE, &stated).changes, []);
    assert_eq!(between(&stated, BASE).changes, []);
}

#[test]
fn difference_of_one_microsecond_is_reported() {
    let looser = BASE.replace("max_p95_latency_ms = 120", "max_p95_latency_us = 120001");
    let change = only(BASE, &looser);
    assert_eq!((change.severity, change.field), (Severity::Risky, Field::MaxP95LatencyMs));
    let [old, new] = [&change.old, &change.new].map(|side| side.as_ref().unwrap());
    let shown = |side: &driverc::diff::SideValue| side.value.as_ref().unwrap().to_string();
    assert_eq!([shown(old), shown(new)], ["120 ms", "120001 µs"]);
    assert_eq!(new.value.as_ref().unwrap().number(), Some(121));
    assert_eq!(new.value.as_ref().unwrap().micros(), Some(120_001));
    assert_eq!(new.token.as_deref(), Some("max_p95_latency_us=120001"));
    assert_eq!(change.path(), "budget.heavy_data.max_p95_latency_ms");
    let tighter = only(&looser, BASE);
    assert_eq!(tighter.severity, Severity::Compatible);
}

#[test]
fn removing_limited_p99_from_benchmark_is_risky() {
    let without = BASE.replace("\np99_latency_ms = 90\n", "\n");
    let change = only(BASE, &without);
    assert_eq!((change.severity, change.field), (Severity::Risky, Field::P99LatencyMs));
    let change = only(&without, BASE);
    assert_eq!(change.severity, Severity::Compatible);
}
