//! Changes that make a budget impossible, or possible, under its workload.

use driverc::diff::Severity::{Compatible, Risky};

use super::{edits::BASE, only};

/// The base without its benchmark, with 45 operations of 20 ms per second, and one further edit.
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

#[test]
fn change_that_makes_budget_impossible_is_risky_and_gives_reason() {
    for (possible, impossible, conflict) in [
        (
            "max_p95_latency_ms = 120",
            "max_p95_latency_ms = 19",
            "`max_p95_latency_ms` is 19 ms, but the p95 service time alone is 20000 µs",
        ),
        (
            "constant_us = 20000",
            "constant_us = 121000",
            "`max_p95_latency_ms` is 120 ms, but the p95 service time alone is 121000 µs",
        ),
    ] {
        for (from, to, word) in [
            (possible, impossible, "impossible under `heavy_data` for `example`:"),
            (impossible, possible, "possible under `heavy_data` for `example`: before:"),
        ] {
            let change = only(&loaded(possible, from), &loaded(possible, to));
            let notes: Vec<_> =
                change.notes.iter().filter(|note| note.contains("possible")).collect();
            let expected = format!("`max_p95_latency_ms` becomes {word} {conflict}");
            assert_eq!(notes, [&expected], "{from} to {to}");
            assert_eq!(change.severity, Risky, "{from} to {to}");
        }
    }
}

#[test]
fn budget_that_stays_possible_gets_no_note() {
    let change =
        only(&loaded("\n", "\n"), &loaded("max_p95_latency_ms = 120", "max_p95_latency_ms = 100"));
    assert_eq!(change.severity, Compatible);
    assert!(change.notes.iter().all(|note| !note.contains("possible")), "{change:?}");
}
