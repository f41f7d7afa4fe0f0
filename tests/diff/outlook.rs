//! Budgets that a change makes impossible or possible to keep under their workload.

use driverc::diff::Severity::{self, Compatible, Risky};

use super::{edits::BASE, only};

/// The base without its benchmark, at 45 operations of 20 ms a second, and another edit of it.
fn loaded(from: &str, to: &str) -> String {
    let (start, rest) = BASE.split_once("[[benchmark]]").expect("a benchmark");
    let (_, end) = rest.split_once("# another sample").expect("its end");
    let text = [start, end].concat();
    let text = text
        .replace("constant_us = 700", "constant_us = 20000")
        .replace("rate_ops_per_ksec = 450000", "rate_ops_per_ksec = 45000")
        .replace("min_throughput_ops_per_sec = 400", "min_throughput_ops_per_sec = 40");
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}

#[track_caller]
fn assert_change([old, new]: [&str; 2], severity: Severity, note: &str) {
    for (from, to, severity, note) in [
        (old, new, severity, note.to_owned()),
        (new, old, Risky, note.replace("impossible", "possible").replace(": ", ": before: ")),
    ] {
        let change = only(&loaded(old, from), &loaded(old, to));
        let notes: Vec<_> = change.notes.iter().filter(|note| note.contains("possible")).collect();
        assert_eq!(notes, [&note], "{from} to {to}");
        assert_eq!(change.severity, severity, "{from} to {to}");
    }
}

#[test]
fn limit_below_the_service_time_is_impossible() {
    assert_change(
        ["max_p95_latency_ms = 120", "max_p95_latency_ms = 19"],
        Risky,
        "`max_p95_latency_ms` becomes impossible under `heavy_data` for `example`: p95 is limited \
         to 19 ms, but the service alone takes 20000 µs",
    );
}

#[test]
fn harder_load_that_makes_a_budget_impossible_is_risky() {
    assert_change(
        ["constant_us = 20000", "constant_us = 121000"],
        Risky,
        "`max_p95_latency_ms` becomes impossible under `heavy_data` for `example`: p95 is limited \
         to 120 ms, but the service alone takes 121000 µs",
    );
}

#[test]
fn budget_that_stays_possible_has_no_note() {
    let change =
        only(&loaded("\n", "\n"), &loaded("max_p95_latency_ms = 120", "max_p95_latency_ms = 100"));
    assert_eq!(change.severity, Compatible);
    assert!(change.notes.iter().all(|note| !note.contains("possible")), "{change:?}");
}
