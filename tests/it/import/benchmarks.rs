//! The expected figures of each file, computed without driverc.

/// The arguments, and the expected values of the benchmark. `-` means that the key is missing.
pub(crate) const BENCHMARKS: &[(&str, &[(&str, &str)])] = &[
    (
        "pgbench pgbench/closed.log pgbench/closed.log.1 --timeouts 0",
        &[
            ("p50_latency_ms", "2"),
            ("p95_latency_ms", "13"),
            // Neighbouring batches of five latencies are correlated.
            ("p95_upper_latency_ms", "-"),
            ("throughput_ops_per_sec", "1144"),
            ("attempts", "100"),
            ("requests", "100"),
            ("retry_rate_bps", "0"),
            ("failure_rate_bps", "-"),
            ("duration_ms", "88"),
            ("loop", "\"closed\""),
        ],
    ),
    (
        "pgbench pgbench/open.log pgbench/open.log.1 --timeouts 3 --loop open",
        &[
            ("p50_latency_ms", "2"),
            ("p95_latency_ms", "12"),
            // Five of the six latencies above p95 are among the last 24, so all 120 are worth fewer
            // than 90 independent ones.
            ("p95_upper_latency_ms", "-"),
            ("throughput_ops_per_sec", "144"),
            ("attempts", "120"),
            // 3 of 120 attempts.
            ("timeout_rate_bps", "250"),
            ("retry_rate_bps", "0"),
            ("duration_ms", "832"),
            ("loop", "\"open\""),
        ],
    ),
    (
        // 13 of 80 finished. The others waited longer than the limit.
        "pgbench pgbench/limit.log --timeouts 67 --loop open",
        &[
            ("p50_latency_ms", "2"),
            ("p95_latency_ms", "25"),
            ("p95_upper_latency_ms", "-"),
            ("throughput_ops_per_sec", "319"),
            ("attempts", "80"),
            ("requests", "13"),
            ("timeout_rate_bps", "8375"),
            ("failure_rate_bps", "8375"),
        ],
    ),
    (
        // 39 retries and 120 transactions, of which 18 failed.
        "pgbench pgbench/retries.log --timeouts 0 --loop closed",
        &[
            ("p50_latency_ms", "1"),
            ("p95_latency_ms", "9"),
            ("p95_upper_latency_ms", "-"),
            ("throughput_ops_per_sec", "1483"),
            ("attempts", "159"),
            ("requests", "102"),
            ("retry_rate_bps", "2453"),
            ("failure_rate_bps", "1500"),
            ("duration_ms", "69"),
        ],
    ),
    (
        "pgbench pgbench/retries_open.log --timeouts 0",
        &[
            ("p95_latency_ms", "12"),
            ("p95_upper_latency_ms", "-"),
            ("throughput_ops_per_sec", "1673"),
            ("attempts", "162"),
            ("requests", "112"),
            ("retry_rate_bps", "2593"),
            ("failure_rate_bps", "667"),
            ("loop", "\"open\""),
        ],
    ),
    (
        // From 1662132851.410053 to 1662132851.581837 is 0.171799 s.
        "pgbench pgbench/two.log --timeouts 0",
        &[
            ("p50_latency_ms", "169"),
            ("p95_latency_ms", "171"),
            ("throughput_ops_per_sec", "11"),
            ("duration_ms", "172"),
        ],
    ),
    (
        // 57 of 60 succeeded: 3.9987 · 57 / 60 = 3.798.
        "k6 k6/export.json --timeouts 1 --retries 4 --tool-version 0.54.0 --loop closed",
        &[
            ("p50_latency_ms", "16"),
            ("p95_latency_ms", "20"),
            ("throughput_ops_per_sec", "3"),
            ("attempts", "64"),
            ("requests", "57"),
            // 1 and 4 of 64.
            ("timeout_rate_bps", "157"),
            ("retry_rate_bps", "625"),
            ("failure_rate_bps", "500"),
            ("duration_ms", "-"),
            ("loop", "\"closed\""),
        ],
    ),
    (
        "k6 k6/handle_summary.json --timeouts 0 --retries 0",
        &[
            ("p50_latency_ms", "15"),
            ("p95_latency_ms", "20"),
            ("throughput_ops_per_sec", "3"),
            ("requests", "57"),
            ("duration_ms", "15005"),
            ("loop", "-"),
        ],
    ),
    (
        "k6 k6/machine_readable.json --timeouts 0 --retries 0",
        &[
            ("p50_latency_ms", "15"),
            ("p95_latency_ms", "20"),
            // 60 / 15.00425.
            ("throughput_ops_per_sec", "3"),
            ("requests", "60"),
            ("failure_rate_bps", "0"),
            ("duration_ms", "15005"),
        ],
    ),
    (
        // 989.999944 + 3.507222 ms.
        "vegeta vegeta/report.json --timeouts 0 --retries 0",
        &[
            ("p50_latency_ms", "3"),
            ("p95_latency_ms", "4"),
            ("throughput_ops_per_sec", "101"),
            ("requests", "100"),
            ("failure_rate_bps", "0"),
            ("duration_ms", "994"),
            ("loop", "\"open\""),
        ],
    ),
    (
        "vegeta vegeta/failures.json --timeouts 2 --retries 0",
        &[
            ("throughput_ops_per_sec", "97"),
            ("requests", "97"),
            ("attempts", "100"),
            ("timeout_rate_bps", "200"),
            ("failure_rate_bps", "300"),
        ],
    ),
    (
        // 498.7 · 1000 / 1003 = 497.2; 3 of 1003 are 29.9 bps.
        "oha oha/page.json --retries 0",
        &[
            ("p50_latency_ms", "12"),
            ("p95_latency_ms", "23"),
            ("throughput_ops_per_sec", "497"),
            ("requests", "1000"),
            ("attempts", "1003"),
            ("timeout_rate_bps", "30"),
            ("failure_rate_bps", "30"),
            ("duration_ms", "2010"),
        ],
    ),
    (
        // 990 of 1012 requests succeeded, 10 were cut off at the end, 12 failed.
        "oha oha/breakdown.json --retries 0 --loop open",
        &[
            ("p50_latency_ms", "13"),
            // 0.029 s, exactly.
            ("p95_latency_ms", "29"),
            ("throughput_ops_per_sec", "98"),
            ("attempts", "1002"),
            ("timeout_rate_bps", "0"),
            ("failure_rate_bps", "120"),
            ("duration_ms", "10001"),
        ],
    ),
    (
        // 1194.55 · 181 / 200 = 1081.07.
        "ghz ghz/report.json --retries 0",
        &[
            ("p50_latency_ms", "33"),
            ("p95_latency_ms", "43"),
            ("p95_upper_latency_ms", "-"),
            ("throughput_ops_per_sec", "1081"),
            ("requests", "181"),
            ("timeout_rate_bps", "0"),
            ("failure_rate_bps", "950"),
            ("duration_ms", "168"),
        ],
    ),
    (
        // The largest of 60 latencies is an upper bound of p95.
        "ghz ghz/details.json --retries 0",
        &[
            ("p50_latency_ms", "31"),
            ("p95_latency_ms", "58"),
            ("p95_upper_latency_ms", "61"),
            ("throughput_ops_per_sec", "9"),
            ("timeout_rate_bps", "164"),
            ("duration_ms", "6101"),
        ],
    ),
    (
        "kafka-producer-perf-test kafka/small.txt --records-per-request 1 --timeouts 0 --retries 0 \
         --duration 10s",
        &[
            ("p50_latency_ms", "1"),
            ("p95_latency_ms", "13"),
            ("throughput_ops_per_sec", "10"),
            ("requests", "100"),
            ("duration_ms", "10000"),
        ],
    ),
    (
        // A request has ten records: 25 records were retried, in at least 3 requests.
        "kafka-producer-perf-test kafka/metrics.txt --records-per-request 10 --timeouts 0",
        &[
            ("p50_latency_ms", "236"),
            ("p95_latency_ms", "574"),
            ("throughput_ops_per_sec", "2342"),
            ("requests", "50000"),
            ("attempts", "50003"),
            ("retry_rate_bps", "1"),
        ],
    ),
    (
        "kafka-producer-perf-test kafka/locale.txt --records-per-request 1 --timeouts 0 --retries 0 \
         --attempts 50100",
        &[
            ("p50_latency_ms", "9"),
            ("p95_latency_ms", "38"),
            ("throughput_ops_per_sec", "49212"),
            ("attempts", "50100"),
        ],
    ),
    (
        "kafka-producer-perf-test kafka/steady.txt --records-per-request 1 --timeouts 3 --retries 0",
        &[
            ("p95_latency_ms", "42"),
            ("throughput_ops_per_sec", "4990"),
            ("requests", "99000"),
            ("timeout_rate_bps", "1"),
        ],
    ),
    (
        // 1.885 · 4, and 2 of 102.
        "clickhouse-benchmark clickhouse/one.json --concurrency 4 --timeouts 2 --retries 0",
        &[
            ("p50_latency_ms", "485"),
            ("p95_latency_ms", "809"),
            ("throughput_ops_per_sec", "7"),
            ("requests", "100"),
            ("attempts", "102"),
            ("timeout_rate_bps", "197"),
            ("failure_rate_bps", "197"),
            ("loop", "\"closed\""),
        ],
    ),
    (
        "clickhouse-benchmark clickhouse/elapsed.json --concurrency 1 --timeouts 0 --retries 0",
        &[("throughput_ops_per_sec", "30")],
    ),
    (
        // 1 + 95 / 2 ms, and 1999 in 10 s.
        "warp warp/one.json --timeouts 0 --retries 0",
        &[
            ("p50_latency_ms", "25"),
            ("p95_latency_ms", "49"),
            ("throughput_ops_per_sec", "199"),
            ("requests", "2000"),
            ("duration_ms", "10000"),
            ("loop", "\"closed\""),
        ],
    ),
    (
        "warp warp/mixed.json --operation GET --timeouts 4 --retries 0",
        &[
            ("p50_latency_ms", "25"),
            ("p95_latency_ms", "59"),
            ("requests", "1996"),
            ("timeout_rate_bps", "20"),
            ("failure_rate_bps", "20"),
        ],
    ),
    (
        // The 962nd of 1000 values is an upper bound of p95. It is in the last row.
        "hgrm hgrm/own.hgrm --unit ms --duration 10s --timeouts 0 --retries 0",
        &[
            ("p50_latency_ms", "12"),
            ("p95_latency_ms", "23"),
            ("p95_upper_latency_ms", "32"),
            ("throughput_ops_per_sec", "100"),
            ("requests", "1000"),
            ("loop", "-"),
        ],
    ),
    (
        "hgrm hgrm/own.csv --unit us --throughput 99 --attempts 1100 --timeouts 11 --retries 0",
        &[
            ("p50_latency_ms", "12"),
            ("p95_latency_ms", "23"),
            ("p95_upper_latency_ms", "28"),
            ("throughput_ops_per_sec", "99"),
            ("timeout_rate_bps", "100"),
            ("duration_ms", "-"),
        ],
    ),
    (
        // There are no rows for 50% and 95%, so the next rows are used.
        "hgrm hgrm/python.hgrm --unit ms --duration 1m --timeouts 0 --retries 0",
        &[
            ("p50_latency_ms", "4"),
            ("p95_latency_ms", "17"),
            ("p95_upper_latency_ms", "17"),
            ("throughput_ops_per_sec", "33"),
        ],
    ),
    (
        "hgrm hgrm/wrk2.txt --retries 0",
        &[
            ("p50_latency_ms", "20"),
            ("p95_latency_ms", "37"),
            ("p95_upper_latency_ms", "37"),
            ("throughput_ops_per_sec", "48"),
            ("requests", "976"),
            ("attempts", "1463"),
            ("timeout_rate_bps", "0"),
            ("duration_ms", "30010"),
            ("loop", "\"open\""),
        ],
    ),
    (
        // 12 of 15.
        "hgrm hgrm/wrk2_errors.txt --retries 0",
        &[
            ("p50_latency_ms", "12026"),
            ("throughput_ops_per_sec", "0"),
            ("timeout_rate_bps", "8000"),
            ("failure_rate_bps", "8000"),
        ],
    ),
    (
        "hgrm hgrm/vegeta.txt --throughput 101 --timeouts 0 --retries 0",
        &[
            ("p50_latency_ms", "3"),
            ("p95_latency_ms", "4"),
            ("p95_upper_latency_ms", "-"),
            ("requests", "-"),
            ("attempts", "100"),
            ("loop", "\"open\""),
        ],
    ),
];
