//! Changes that make a benchmark fail, with the verdicts of `driverc budget`.

use driverc::{
    diff::{Change, Difference, Severity},
    model::{Field, Verdict},
};

use super::{between, only, workspace};
use crate::diff::edits::{BASE, EDITS};

/// Returns the change that one edit of the base makes.
fn edited(from: &str, to: &str) -> Change {
    assert!(BASE.contains(from), "{from}");
    only(BASE, &BASE.replace(from, to))
}

#[test]
fn tightened_limit_is_compatible_if_benchmarks_pass() {
    let change = edited("max_p95_latency_ms = 120", "max_p95_latency_ms = 76");
    assert_eq!(
        (change.severity, change.meaning),
        (Severity::Compatible, "the budget is tightened")
    );
    let breaking = "the budget is tightened, and a recorded benchmark no longer passes";
    // p95 is 73 ms with an upper bound of 76 ms, and 11 bps of 30,030 attempts are retries.
    for (from, to) in [
        ("max_p95_latency_ms = 120", "max_p95_latency_ms = 75"),
        ("max_p95_latency_ms = 120", "max_p95_latency_ms = 72"),
        ("max_retry_rate_bps = 50", "max_retry_rate_bps = 12"),
        ("max_timeout_rate_bps = 10", "max_timeout_rate_bps = 1"),
        ("min_throughput_ops_per_sec = 400", "min_throughput_ops_per_sec = 449"),
    ] {
        let change = edited(from, to);
        assert_eq!((change.severity, change.meaning), (Severity::Risky, breaking), "{to}");
        assert_eq!(change.notes, ["1 benchmark no longer passes: `example`"]);
    }
}

#[test]
fn two_limits_that_together_fail_benchmark_are_risky() {
    let new = BASE
        .replace("max_p95_latency_ms = 120", "max_p95_latency_ms = 70")
        .replace("min_throughput_ops_per_sec = 400", "min_throughput_ops_per_sec = 500");
    let difference = between(BASE, &new);
    assert_eq!(difference.count(Severity::Risky), 2);
}

#[test]
fn capability_that_activates_budget_of_failing_benchmark_is_risky() {
    let unclaimed = |p95: &str| {
        let unclaimed = BASE.replace(", \"batch_read\"]", "]");
        unclaimed.replace("max_p95_latency_ms = 120", p95)
    };
    for (p95, severity) in [
        ("max_p95_latency_ms = 120", Severity::Compatible),
        ("max_p95_latency_ms = 72", Severity::Risky),
    ] {
        let old = unclaimed(p95);
        let claimed = BASE.replace("max_p95_latency_ms = 120", p95);
        let change = only(&old, &claimed);
        assert_eq!((change.field, change.severity), (Field::Capabilities, severity), "{change:?}");
        let fails = "the budget of its profile applies, and a recorded benchmark does not pass";
        assert_eq!(change.meaning == fails, severity == Severity::Risky, "{change:?}");
    }
}

#[test]
fn diff_and_budget_give_same_verdicts() {
    let new = BASE.replace("max_p95_latency_ms = 120", "max_p95_latency_ms = 75");
    let Difference { impacts, .. } = between(BASE, &new);
    let [impact] = &impacts[..] else { panic!("{impacts:?}") };
    assert_eq!(impact.verdicts, [[Some(Verdict::Pass), Some(Verdict::Inconclusive)]]);
    assert_eq!(impact.broken.len(), 1);
    assert_eq!(impact.limits[0].before, Some(164));
    assert_eq!(impact.limits[0].after, Some(102));
    for (text, verdict) in [(BASE, Verdict::Pass), (&new, Verdict::Inconclusive)] {
        let workspace = workspace(&[("a.toml", text)]);
        let today = "2026-11-01".parse().expect("a date");
        let judged = workspace.judge(
            workspace.recorded_samples(),
            driverc::budget::Confidence::USUAL,
            driverc::budget::Fold::Worst,
            today,
        );
        assert_eq!(judged[0].verdict(), verdict);
        let headroom = judged[0].benchmarks[0].judgement.figures[0].comparison.headroom_percent();
        assert!([impact.limits[0].before, impact.limits[0].after].contains(&headroom));
    }
}

#[test]
fn new_figure_that_worsens_verdict_is_risky() {
    let less = |line: &str| BASE.replace(line, "");
    for (line, broken) in [
        ("reject_rate_bps = 2\n", "reject_rate_bps = 11\n"),
        ("p95_upper_latency_ms = 76\n", "p95_upper_latency_ms = 121\n"),
        ("attempts = 30030\n", "attempts = 30\n"),
        ("requests = 30000\n", "requests = 3\n"),
    ] {
        let change = only(&less(line), &BASE.replace(line, broken));
        assert_eq!(change.severity, Severity::Risky, "{broken}");
        assert_eq!(change.meaning, "the benchmark no longer passes its budget");
        assert_eq!(only(&less(line), BASE).severity, Severity::Compatible, "{line}");
    }
    // An upper bound below the figure shows nothing.
    let change = edited("p95_upper_latency_ms = 76", "p95_upper_latency_ms = 72");
    assert_eq!((change.severity, change.field), (Severity::Risky, Field::P95UpperLatencyMs));
}

#[test]
fn added_benchmark_with_worse_verdict_is_risky() {
    let another = EDITS.iter().find(|edit| edit.from == "# another sample").expect("an edit");
    let added = |p95: &str| another.apply().replace("p95_latency_ms = 74", p95);
    assert_eq!(only(BASE, &added("p95_latency_ms = 74")).severity, Severity::Compatible);
    let change = only(BASE, &added("p95_latency_ms = 121"));
    assert_eq!(change.severity, Severity::Risky);
    assert_eq!(change.meaning, "the new benchmark does not pass its budget");
    assert_eq!(change.notes, ["its verdict is fail"]);
}

#[test]
fn limit_that_completes_budget_of_failing_benchmark_is_risky() {
    let incomplete = BASE.replace("max_p95_latency_ms = 120\n", "");
    let change = only(&incomplete, BASE);
    assert_eq!(change.severity, Severity::Compatible);
    let tight = BASE.replace("max_p95_latency_ms = 120", "max_p95_latency_ms = 72");
    let change = only(&incomplete, &tight);
    assert_eq!(change.severity, Severity::Risky);
    assert_eq!(change.meaning, "a new limit applies, and a recorded benchmark does not pass");
}
