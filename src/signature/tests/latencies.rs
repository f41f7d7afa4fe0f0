//! Checks that signatures state a latency in milliseconds if it is a whole number of milliseconds,
//! and otherwise in microseconds.

use super::{BASE_BUDGET, BENCHMARK, refused::assert_refused};
use crate::{
    model::{DeclaredBudget, LatencyLimit},
    signature::{
        benchmark_signature, budget_signature, parse_benchmark_signature, parse_budget_signature,
    },
};

fn budget(limit: LatencyLimit) -> String {
    let budget = parse_budget_signature(BASE_BUDGET).unwrap();
    budget_signature(&DeclaredBudget { max_p95_latency: Some(limit), ..budget })
}

#[test]
fn unit_in_table_does_not_change_signature() {
    assert_eq!(budget(LatencyLimit::from_us(3_000_000).unwrap()), BASE_BUDGET);
    let fine = BASE_BUDGET.replace("p95_latency_ms=3000", "p95_latency_us=3000001");
    assert_eq!(budget(LatencyLimit::from_us(3_000_001).unwrap()), fine);
    let read = parse_budget_signature(&fine).unwrap();
    assert_eq!(read.max_p95_latency.unwrap().us(), 3_000_001);
}

#[test]
fn optional_latencies_are_written_in_canonical_order() {
    let budget = format!("{BASE_BUDGET}|max_p99_latency_us=1");
    assert_eq!(budget_signature(&parse_budget_signature(&budget).unwrap()), budget);
    let upper = "|p95_upper_latency_ms=76";
    let p99 = "|p95_upper_latency_us=76001|p99_latency_ms=80|p99_upper_latency_us=80001";
    let benchmark = BENCHMARK.replace(upper, p99);
    assert_eq!(benchmark_signature(&parse_benchmark_signature(&benchmark).unwrap()), benchmark);
}

#[test]
fn whole_milliseconds_in_microseconds_are_refused() {
    let faults = [
        (
            "p95_latency_ms=3000",
            "p95_latency_us=3000000",
            "max_p95_latency_us=3000000",
            ": `max_p95_latency_us=3000000` is written `max_p95_latency_ms=3000`",
        ),
        (
            "|max_p95_latency_ms=3000",
            "|max_p95_latency_us=1|max_p95_latency_ms=3000",
            "max_p95_latency_ms",
            ": expected the end of the line, found `max_p95_latency_ms`",
        ),
        (
            "p95_latency_ms=3000",
            "p95_latency_us=604800000001",
            "604800000001",
            ", `max_p95_latency_us`: 604800000001 is outside 1 to 604800000000 us",
        ),
        (
            "p95_latency_ms=3000",
            "p95_latency_us=01",
            "01|",
            ", `max_p95_latency_us`: `01` has a leading zero",
        ),
    ];
    assert_refused(parse_budget_signature, BASE_BUDGET, &faults);
}
