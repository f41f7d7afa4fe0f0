//! Commands that write p99, and latencies in microseconds.

use serde_json::Value;

use super::sandbox::{EXAMPLE, Sandbox};

const HISTOGRAM: &str = include_str!("../../import/hgrm/wrk2.txt");
const P95: &str = "max_p95_latency_ms = 120\n";
const P99: &str = "max_p95_latency_ms = 120\nmax_p99_latency_ms = 300\n";
const MICROS: &str = "max_p95_latency_us = 120000\n";
const BENCH: [&str; 5] = ["bench", "--profile", "heavy_data", "--seeds", "5"];
const IMPORT: [&str; 8] = [
    "import",
    "hgrm",
    "wrk2.txt",
    "--driver=example",
    "--profile=heavy_data",
    "--retries=0",
    "--loop=open",
    "--source=a run",
];

/// A project with these limits in its budget for heavy data.
fn limited(limits: &str) -> Sandbox {
    let text = EXAMPLE.replacen(P95, limits, 1);
    Sandbox::repository(&[
        ("driverc.toml", ""),
        ("wrk2.txt", HISTOGRAM),
        ("contracts/example.toml", &text),
    ])
}

fn written(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let run = sandbox.run(arguments);
    assert_eq!((run.code, &*run.stderr), (0, ""), "{arguments:?}");
    run.stdout
}

/// The keys and numbers of the latencies of a written benchmark, in order.
fn latencies(text: &str) -> Vec<(String, u64)> {
    let pairs = text.lines().filter_map(|line| line.split_once(" = "));
    let latencies = pairs.filter(|(key, _)| key.contains("_latency_"));
    latencies.map(|(key, number)| (key.to_owned(), number.parse().unwrap())).collect()
}

fn import(limits: &str, more: &[&str]) -> Vec<(String, u64)> {
    let arguments: Vec<_> = IMPORT.into_iter().filter(|it| *it != "--loop=open").collect();
    latencies(&written(&limited(limits), &[&arguments[..], more].concat()))
}

fn pairs(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected.iter().map(|(key, number)| ((*key).to_owned(), *number)).collect()
}

/// The rank of p99 among 976 values is 967, that of its upper bound 972; the file has rows for 967
/// and 976.
#[test]
fn import_writes_same_percentiles_and_unit_as_budget() {
    let coarse =
        pairs(&[("p50_latency_ms", 20), ("p95_latency_ms", 37), ("p95_upper_latency_ms", 37)]);
    assert_eq!(import(P95, &[]), coarse);
    let p99 = pairs(&[("p99_latency_ms", 37), ("p99_upper_latency_ms", 55)]);
    assert_eq!(import(P99, &[]), [coarse, p99].concat());
    let fine = pairs(&[
        ("p50_latency_us", 19_583),
        ("p95_latency_us", 36_223),
        ("p95_upper_latency_us", 36_223),
    ]);
    assert_eq!(import(MICROS, &[]), fine);
    assert_eq!(import(P95, &["--latency-unit", "us"]), fine);
    let p99 = pairs(&[("p99_latency_us", 36_223), ("p99_upper_latency_us", 54_239)]);
    assert_eq!(import(P99, &["--latency-unit", "us"]), [fine, p99].concat());
}

#[test]
fn import_ignores_budget_of_invalid_project() {
    let sandbox = limited(P99);
    sandbox.write("driverc.toml", "unknown = 1\n");
    let arguments: Vec<_> = IMPORT.into_iter().filter(|it| *it != "--loop=open").collect();
    let run = sandbox.run(&arguments);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    assert!(!run.stdout.contains("p99"), "{}", run.stdout);
}

fn bench(limits: &str, more: &[&str]) -> String {
    written(&limited(limits), &[&BENCH[..], more].concat())
}

/// The result of the only driver and profile, as JSON.
fn result(limits: &str, more: &[&str]) -> Value {
    let text = bench(limits, &[&["--output-format", "json"], more].concat());
    let report: Value = serde_json::from_str(&text).unwrap();
    report["results"][0].clone()
}

#[test]
fn bench_writes_p99_only_if_budget_limits_p99() {
    let keys = |limits: &str| {
        let text = bench(limits, &["--output-format", "toml"]);
        latencies(&text).into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    let usual = ["p50_latency_ms", "p95_latency_ms", "p95_upper_latency_ms"];
    assert_eq!(keys(P95), usual);
    assert_eq!(keys(P99), [&usual[..], &["p99_latency_ms", "p99_upper_latency_ms"]].concat());
    assert!(!bench(P95, &[]).contains("p99"));
    let table = bench(P99, &[]);
    assert!(table.contains("p99 ms") && table.contains("/300"), "{table}");
    let markdown = bench(P99, &["--output-format", "markdown"]);
    assert!(markdown.contains("p99 latency ms") && markdown.contains("≤ 300"), "{markdown}");
}

#[test]
fn bench_shows_p99_of_worst_seed_rounded_up() {
    let result = result(P99, &[]);
    let runs = result["result"]["runs"].as_array().unwrap();
    let worst = runs.iter().map(|run| run["p99_us"].as_u64().unwrap()).max().unwrap();
    let figures = result["result"]["figures"].as_array().unwrap();
    let p99 = figures.iter().find(|figure| figure["figure"] == "p99_latency").unwrap();
    assert_eq!(p99["value"].as_u64().unwrap(), worst.div_ceil(1_000));
    assert_eq!(p99["at_most"], 300);
    for run in runs {
        assert!(run["p99_upper_us"].as_u64().unwrap() >= run["p99_us"].as_u64().unwrap());
    }
}

#[test]
fn bench_in_microseconds_shows_exact_latencies_of_one_run() {
    for (limits, more) in [(MICROS, &[][..]), (P95, &["--latency-unit", "us"][..])] {
        let result = result(limits, more);
        let (benchmark, runs) = (&result["result"]["benchmark"], &result["result"]["runs"]);
        let is_of = |run: &&Value| run["p95_us"] == benchmark["p95_latency_us"];
        let run = runs.as_array().unwrap().iter().find(is_of).expect("the run of the benchmark");
        assert_eq!(benchmark["p50_latency_us"], run["p50_us"]);
        assert_eq!(benchmark["p95_upper_latency_us"], run["p95_upper_us"]);
        let ms = run["p95_us"].as_u64().unwrap().div_ceil(1_000);
        assert_eq!(benchmark["p95_latency_ms"].as_u64().unwrap(), ms);
        let table = bench(limits, more);
        assert!(table.contains("/120.000"), "{table}");
        let text = bench(limits, &[&["--output-format", "toml"], more].concat());
        assert!(latencies(&text).iter().all(|(key, _)| key.ends_with("_us")), "{text}");
    }
    let usual = result(P95, &[]);
    let benchmark = &usual["result"]["benchmark"];
    let ms = benchmark["p95_latency_ms"].as_u64().unwrap();
    assert_eq!(benchmark["p95_latency_us"].as_u64().unwrap(), 1_000 * ms);
    assert_eq!(usual["budget"]["max_p95_latency_us"], 120_000);
}

#[test]
fn budget_shows_three_decimals_only_in_microseconds() {
    let judged = |limits: &str, more: &[&str]| {
        let arguments = ["budget", "--simulate", "--quiet", "--exit-zero", "--fail-on", "error"];
        written(&limited(limits), &[&arguments[..], more].concat())
    };
    let p95 = judged(P95, &[]);
    assert!(p95.contains("<= 120 ms") && !p95.contains("p99"), "{p95}");
    for (limits, more) in [(MICROS, &[][..]), (P95, &["--latency-unit", "us"][..])] {
        let text = judged(limits, more);
        assert!(text.contains("<= 120.000 ms") && !text.contains("<= 120 ms"), "{text}");
    }
    let p99 = judged(P99, &[]);
    assert!(p99.contains("p99 latency") && p99.contains("<= 300 ms"), "{p99}");
}

#[test]
fn signature_uses_milliseconds_for_whole_milliseconds() {
    let line = |limits: &str| {
        let text = written(&limited(limits), &["compile"]);
        let is_budget = |line: &&str| line.starts_with("budget|v1|profile=heavy_data|");
        text.lines().find(is_budget).unwrap().to_owned()
    };
    assert_eq!(line(MICROS), line(P95));
    assert!(line("max_p95_latency_us = 120500\n").contains("|max_p95_latency_us=120500|"));
    assert!(line(P99).ends_with("|min_throughput_ops_per_sec=400|max_p99_latency_ms=300"));
}

#[test]
fn compiled_json_has_microseconds_only_for_fractional_milliseconds() {
    let limits = |limits: &str| {
        let text = written(&limited(limits), &["compile", "--emit", "json"]);
        let compiled: Value = serde_json::from_str(&text).unwrap();
        compiled["budgets"][0]["limits"].clone()
    };
    assert_eq!(limits(MICROS), limits(P95));
    let fine = limits("max_p95_latency_us = 120500\n");
    assert_eq!(
        (&fine["max_p95_latency_ms"], &fine["max_p95_latency_us"]),
        (&121.into(), &120_500.into())
    );
}

#[test]
fn report_shows_same_percentiles_and_unit_as_budget() {
    let report = |limits: &str| {
        let sandbox = limited(limits);
        let run = sandbox.run(&["report", "-o", "report.html"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        sandbox.read("report.html")
    };
    let usual = report(P95);
    assert!(usual.contains(" ≤ 120<") && !usual.contains("p99 latency, ms"));
    let p99 = report(P99);
    assert!(p99.contains("p99 latency, ms") && p99.contains(" ≤ 300<"));
    assert!(report(MICROS).contains(" ≤ 120.000<"));
}
