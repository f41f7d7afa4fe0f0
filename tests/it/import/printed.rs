//! The output for each file, valid or invalid, as users see it.

use std::fmt::Write;

use super::import;

const PGBENCH: &[&str] = &[
    "pgbench/closed.log pgbench/closed.log.1 --timeouts 0 --tool-version 15.18 --source scale=1",
    "pgbench/retries_open.log --timeouts 2 --measured-on 2026-10-31",
    "pgbench/open.log pgbench/open.log.1 --loop open --as workload",
    "pgbench/closed.log pgbench/closed.log.1 --as workload",
    "pgbench/closed.log pgbench/closed.log.1",
    "pgbench/closed.log pgbench/closed.log.1 --timeouts 101",
    "pgbench/closed.log pgbench/closed.log.1 --timeouts 0 --retries 0",
    "pgbench/closed.log pgbench/closed.log.1 --timeouts 0 --attempts 100",
    "pgbench/closed.log pgbench/closed.log.1 --timeouts 0 --loop closed",
    "pgbench/closed.log pgbench/closed.log.1 --timeouts 0 --throughput 1000",
    "pgbench/closed.log pgbench/closed.log.1 --timeouts 0 --duration 1s",
    "pgbench/closed.log pgbench/closed.log.1 --timeouts 0 --unit ms",
    "pgbench/closed.log pgbench/closed.log.1 --timeouts 0 --as workload",
    "pgbench/closed.log pgbench/closed.log.1 --source x --as workload",
    "pgbench/closed.log.1 --timeouts 0",
    "pgbench/closed.log --timeouts 0",
    "pgbench/two.log pgbench/two.log --timeouts 0",
    "pgbench/open.log pgbench/open.log.1 --timeouts 0",
    "pgbench/limit.log --timeouts 66 --loop open",
    "pgbench/gap.log --timeouts 0",
    "pgbench/cut_off.log --timeouts 0",
    "pgbench/negative.log --timeouts 0",
    "pgbench/interval.log --timeouts 0",
    "pgbench/report.txt --timeouts 0",
    "pgbench/part_of_report.txt --timeouts 0",
    "pgbench/progress.txt --timeouts 0",
    "vegeta/report.json --timeouts 0",
    "binary.bin --timeouts 0",
    "pgbench/idle.log.1 --timeouts 0 --loop open",
    "pgbench/idle.log --timeouts 0 --loop open",
    "pgbench/without_client.log --timeouts 0 --loop open",
];
const K6: &[&str] = &[
    "k6/export.json --timeouts 1 --retries 4 --tool-version 0.54.0 --loop closed",
    "k6/handle_summary.json --timeouts 0 --retries 0",
    "k6/machine_readable.json --timeouts 0 --retries 0",
    "k6/export.json --retries 0",
    "k6/export.json --timeouts 0",
    "k6/machine_readable.json --timeouts 0 --retries 0 --tool-version 1.5.0",
    "k6/handle_summary.json --timeouts 0 --retries 0 --duration 15s",
    "k6/export.json --timeouts 0 --retries 0 --duration 15s",
    "k6/export.json --timeouts 0 --retries 0 --duration 30s",
    "k6/export.json --timeouts 4 --retries 0",
    "k6/without_p95.json --timeouts 0 --retries 0",
    "k6/negative.json --timeouts 0 --retries 0",
    "k6/export.json k6/export.json --timeouts 0 --retries 0",
    "k6/export.json --as workload",
    "oha/page.json --timeouts 0 --retries 0",
    "other.json --timeouts 0 --retries 0",
    "k6/counters.json --timeouts 6 --retries 0",
    "k6/counters.json --retries 0",
    "k6/counters.json --timeouts 7 --retries 0",
    "k6/points.json --timeouts 0 --retries 0",
    "k6/without_failures.json --timeouts 0 --retries 0",
    "k6/rate.json --timeouts 0 --retries 0",
    "k6/rate_nested.json --timeouts 19 --retries 0",
    "k6/rate_machine_readable.json --timeouts 0 --retries 0",
    "k6/rate_without_counts.json --timeouts 0 --retries 0",
    "k6/report.txt --timeouts 0 --retries 0",
];
const VEGETA: &[&str] = &[
    "vegeta/report.json --timeouts 0 --retries 0",
    "vegeta/failures.json --timeouts 2 --retries 0",
    "vegeta/failures.json --timeouts 0 --retries 0",
    "vegeta/report.json --timeouts 50 --retries 0",
    "vegeta/report.json --timeouts 0 --retries 99999999999999",
    "vegeta/report.json --timeouts 0 --retries 0 --loop closed",
    "vegeta/without_p95.json --timeouts 0 --retries 0",
    "vegeta/cut_off.json --timeouts 0 --retries 0",
    "vegeta/inverted.json --timeouts 0 --retries 0",
    "vegeta/absurd.json --timeouts 0 --retries 0",
    "hgrm/vegeta.txt --timeouts 0 --retries 0",
    "vegeta/gateway.json --timeouts 6 --retries 0",
    "vegeta/results.json --timeouts 0 --retries 0",
    "vegeta/report.txt --timeouts 0 --retries 0",
];
const OHA: &[&str] = &[
    "oha/page.json --retries 0 --tool-version 1.15.0",
    "oha/breakdown.json --retries 0 --loop open",
    "oha/page.json --retries 0 --timeouts 3",
    "oha/nothing.json --retries 0",
    "k6/export.json --retries 0",
    "oha/timeouts.json --retries 0",
    "oha/timeouts.json --retries 0 --timeouts 94",
    "oha/timeouts.json --retries 0 --timeouts 116",
    "oha/gateway.json --retries 0 --timeouts 0",
    "oha/cut_off.json --retries 0",
    "oha/few_cut_off.json --retries 0",
    "oha/other_words.json --retries 0",
    "oha/other_words.json --retries 0 --timeouts 23",
    "oha/other_words.json --retries 0 --timeouts 50",
    "oha/report.txt --retries 0",
];
const GHZ: &[&str] = &[
    "ghz/report.json --retries 0",
    "ghz/details.json --retries 0",
    "ghz/report.json --retries 0 --timeouts 0",
    "warp/one.json --retries 0",
    "ghz/unavailable.json --retries 0 --timeouts 15",
    "ghz/without_texts.json --retries 0",
    "ghz/late.json --retries 0 --timeouts 10",
    "ghz/interrupted.json --retries 0",
    "ghz/report.txt --retries 0",
];
const KAFKA: &[&str] = &[
    "kafka/metrics.txt --records-per-request 10 --timeouts 0",
    "kafka/steady.txt --records-per-request 1 --timeouts 3 --retries 0",
    "kafka/locale.txt --records-per-request 1 --timeouts 0 --retries 0",
    "kafka/small.txt --records-per-request 1 --timeouts 0 --retries 0 --duration 20s",
    "kafka/small.txt --timeouts 0 --retries 0",
    "kafka/metrics.txt --records-per-request 1 --timeouts 0 --retries 0",
    "kafka/steady.txt --records-per-request 1 --timeouts 0 --retries 0",
    "kafka/locale.txt --records-per-request 1 --timeouts 0 --retries 0 --attempts 49999",
    "kafka/cut_off.txt --records-per-request 1 --timeouts 3 --retries 0",
    "kafka/two.txt --records-per-request 1 --timeouts 0 --retries 0",
    "kafka/interval.txt --records-per-request 1 --timeouts 0 --retries 0",
    "pgbench/closed.log --records-per-request 1 --timeouts 0 --retries 0",
    "kafka/failed_3.2.txt --records-per-request 1 --timeouts 0",
    "kafka/failed_3.7.txt --records-per-request 1 --timeouts 0",
    "kafka/failed_all.txt --records-per-request 1 --timeouts 0",
    "kafka/stack_traces.txt --records-per-request 1 --timeouts 0 --retries 0",
    "kafka/thousands.txt --records-per-request 1 --timeouts 0 --retries 0",
    "kafka/disconnected.txt --records-per-request 1 --timeouts 0 --retries 0",
    "kafka/setup.txt --records-per-request 1 --timeouts 0 --retries 0",
    "kafka/cancelled.txt --records-per-request 1 --timeouts 0 --retries 0",
];
const CLICKHOUSE: &[&str] = &[
    "clickhouse/one.json --concurrency 4 --timeouts 0 --retries 0",
    "clickhouse/one.json --concurrency 4 --timeouts 3 --retries 0",
    "clickhouse/one.json --timeouts 0 --retries 0",
    "clickhouse/elapsed.json --concurrency 16 --timeouts 0 --retries 0",
    "clickhouse/nan.json --concurrency 4 --timeouts 0 --retries 0",
    "clickhouse/old.json --concurrency 4 --timeouts 0 --retries 0",
    "clickhouse/two.json --concurrency 4 --timeouts 0 --retries 0",
    "ghz/report.json --concurrency 4 --timeouts 0 --retries 0",
    "clickhouse/without_errors.json --concurrency 4 --timeouts 0 --retries 0",
    "clickhouse/elapsed_two.json --concurrency 2 --timeouts 0 --retries 0",
    "clickhouse/report.txt --concurrency 2 --timeouts 0 --retries 0",
];
const WARP: &[&str] = &[
    "warp/one.json --timeouts 0 --retries 0",
    "warp/mixed.json --operation GET --timeouts 4 --retries 0",
    "warp/mixed.json --operation GET --timeouts 5 --retries 0",
    "warp/mixed.json --timeouts 0 --retries 0",
    "warp/mixed.json --operation DELETE --timeouts 0 --retries 0",
    "warp/mixed.json --operation GET --timeouts 0 --retries 0",
    "warp/one.json --operation GET --timeouts 0 --retries 0",
    "warp/multi_sized.json --timeouts 0 --retries 0",
    "warp/without_p95.json --timeouts 0 --retries 0",
    "warp/old.json --timeouts 0 --retries 0",
    "warp/errors_in_ops.json --operation STAT --timeouts 0 --retries 0",
    "warp/errors_of_throughput.json --timeouts 8 --retries 0",
    "warp/report.txt --timeouts 0 --retries 0",
];
const CRITERION: &[&str] = &[
    "criterion/estimates.json",
    "criterion/sample.json",
    "criterion/raw.csv",
    "vegeta/report.json",
];
const HGRM: &[&str] = &[
    "hgrm/own.hgrm --unit ms --duration 10s --timeouts 0 --retries 0 --loop open",
    "hgrm/wrk2.txt --retries 0",
    "hgrm/vegeta.txt --throughput 101 --timeouts 0 --retries 0",
    "hgrm/own.csv --unit us --duration 60s --as workload",
    "hgrm/wrk2.txt --as workload",
    "hgrm/own.hgrm --duration 10s --timeouts 0 --retries 0",
    "hgrm/own.hgrm --unit ms --duration 10s --throughput 500 --timeouts 0 --retries 0",
    "hgrm/own.hgrm --unit ms --duration 10s --throughput 500 --as workload",
    "hgrm/vegeta.txt --throughput 500 --duration 1s --timeouts 0 --retries 0",
    "hgrm/own.hgrm --unit ms --duration 10s --timeouts 0 --retries 99001",
    "hgrm/own.hgrm --unit ms --timeouts 0 --retries 0",
    "hgrm/own.hgrm --unit ms --as workload",
    "hgrm/vegeta.txt --unit ms --throughput 101 --timeouts 0 --retries 0",
    "hgrm/vegeta.txt --duration 1s --timeouts 0 --retries 0",
    "hgrm/wrk2.txt --timeouts 0 --retries 0",
    "hgrm/cut_off.hgrm --unit ms --duration 10s --timeouts 0 --retries 0",
    "kafka/small.txt --unit ms --duration 10s --timeouts 0 --retries 0",
    "hgrm/six_digits_cut_off.hgrm --unit ms --duration 60s --timeouts 0 --retries 0",
    "hgrm/six_digits_cut_off.csv --unit ms --duration 60s --timeouts 0 --retries 0",
    "hgrm/wrk2_gateway.txt --retries 0 --timeouts 19",
    "hgrm/wrk2_uncorrected.txt --retries 0",
    "hgrm/comma.csv --unit us --duration 60s --timeouts 0 --retries 0",
    "hgrm/thousands.hgrm --unit us --duration 60s --timeouts 0 --retries 0",
    "hgrm/micros.hgrm --unit ms --duration 10s --timeouts 0 --retries 0",
    "hgrm/intervals.hlog --unit ms --duration 60s --timeouts 0 --retries 0",
    "hgrm/wrk.txt --retries 0",
    "hgrm/wrk2_few_requests.txt --retries 0",
    "hgrm/wrk2_few_requests.txt --as workload",
    "hgrm/wrk2_fast.txt --retries 0",
];

/// Returns the output for each of these arguments.
fn printed(tool: &str, cases: &[&str]) -> String {
    let mut text = String::new();
    for arguments in cases {
        let common = "--driver postgres_async --profile heavy_data";
        let (code, stdout, stderr) = import(&format!("{tool} {arguments} {common}"));
        assert_eq!(stdout.is_empty(), code == 2, "{arguments}");
        writeln!(text, "$ driverc import {tool} {arguments}\n{stdout}{stderr}").unwrap();
    }
    text
}

#[test]
fn output_for_each_file_matches_snapshot() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/import");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let cases = [
            ("pgbench", PGBENCH),
            ("k6", K6),
            ("vegeta", VEGETA),
            ("oha", OHA),
            ("ghz", GHZ),
            ("kafka-producer-perf-test", KAFKA),
            ("clickhouse-benchmark", CLICKHOUSE),
            ("warp", WARP),
            ("criterion", CRITERION),
            ("hgrm", HGRM),
        ];
        for (tool, cases) in cases {
            insta::assert_snapshot!(tool, printed(tool, cases));
        }
    });
}
