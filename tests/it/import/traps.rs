//! Files in which timeouts, failures or the last row are in an unusual position. The expected
//! figures were computed without driverc.

/// The arguments, and the expected values of the benchmark. `-` means that the key is missing.
pub(crate) const TRAPS: &[(&str, &[(&str, &str)])] = &[
    (
        // With six digits, the three rows before the last one also read 1.000000. 2,200,000 in 60
        // s.
        "hgrm hgrm/six_digits.hgrm --unit ms --duration 60s --timeouts 0 --retries 0",
        SIX_DIGITS,
    ),
    ("hgrm hgrm/six_digits_go.hgrm --unit ms --duration 60s --timeouts 0 --retries 0", SIX_DIGITS),
    ("hgrm hgrm/six_digits.csv --unit ms --duration 60s --timeouts 0 --retries 0", SIX_DIGITS),
    (
        // The 2,090,000th of 2,200,000 values is not among the 2,089,999 with share 0.950000.
        "hgrm hgrm/six_digits_rounded.hgrm --unit ms --duration 60s --timeouts 0 --retries 0",
        &[("p50_latency_ms", "2"), ("p95_latency_ms", "9"), ("p95_upper_latency_ms", "9")],
    ),
    (
        // 2,639,960 of 2,640,023 succeeded; 44,000 · 2,639,960 / 2,640,000 = 43,999.3.
        "hgrm hgrm/wrk2_gateway.txt --retries 0",
        &[
            ("p95_upper_latency_ms", "9"),
            ("throughput_ops_per_sec", "43999"),
            ("attempts", "2640023"),
            ("requests", "2200000"),
            ("timeout_rate_bps", "1"),
            ("failure_rate_bps", "1"),
        ],
    ),
    (
        // Of the 63 failures, 60 can be timeouts of a gateway: 60 of 2,640,023.
        "hgrm hgrm/wrk2_gateway.txt --retries 0 --timeouts 60",
        &[("timeout_rate_bps", "1"), ("attempts", "2640023")],
    ),
    ("hgrm hgrm/rust.hgrm --unit us --duration 10s --timeouts 0 --retries 0", OWN),
    ("hgrm hgrm/comma.hgrm --unit ms --duration 10s --timeouts 0 --retries 0", OWN),
    ("hgrm hgrm/micros.hgrm --duration 10s --timeouts 0 --retries 0", OWN),
    (
        "hgrm hgrm/semicolon.csv --unit us --duration 10s --timeouts 0 --retries 0",
        &[
            ("p50_latency_ms", "12"),
            ("p95_latency_ms", "23"),
            ("p95_upper_latency_ms", "28"),
            ("requests", "1000"),
        ],
    ),
    (
        // 30 + 25 + 15 + 5 errors and 20 responses, of 995 requests. 5 were cut off at the end.
        "oha oha/timeouts.json --retries 0",
        &[
            ("timeout_rate_bps", "955"),
            ("failure_rate_bps", "1156"),
            ("attempts", "995"),
            ("requests", "880"),
            ("throughput_ops_per_sec", "88"),
        ],
    ),
    // The refused connections could be timeouts too: 105 of 995.
    ("oha oha/timeouts.json --retries 0 --timeouts 105", &[("timeout_rate_bps", "1056")]),
    (
        // 49 of 1000 were cut off and are in neither rate: 100 · 951 / 1000.
        "oha oha/few_cut_off.json --retries 0",
        &[
            ("p95_latency_ms", "60"),
            ("throughput_ops_per_sec", "95"),
            ("attempts", "951"),
            ("failure_rate_bps", "0"),
        ],
    ),
    (
        // 9 + 8 + 7 of 1000; 26 more failed.
        "oha oha/other_words.json --retries 0",
        &[("timeout_rate_bps", "240"), ("failure_rate_bps", "500")],
    ),
    (
        "oha oha/gateway.json --retries 0",
        &[("timeout_rate_bps", "100"), ("failure_rate_bps", "100")],
    ),
    (
        "oha oha/strings.json --retries 0",
        &[
            ("p50_latency_ms", "12"),
            ("p95_latency_ms", "23"),
            ("throughput_ops_per_sec", "498"),
            ("attempts", "1000"),
            ("timeout_rate_bps", "0"),
            ("duration_ms", "2010"),
        ],
    ),
    (
        "oha oha/nulls.json --retries 0",
        &[("p50_latency_ms", "12"), ("p95_latency_ms", "23"), ("attempts", "1003")],
    ),
    (
        // 6 by status, and 10 that could not connect in time. 20 of 200 failed.
        "ghz ghz/unavailable.json --retries 0",
        &[
            ("timeout_rate_bps", "800"),
            ("failure_rate_bps", "1000"),
            ("throughput_ops_per_sec", "900"),
        ],
    ),
    ("ghz ghz/unavailable.json --retries 0 --timeouts 20", &[("timeout_rate_bps", "1000")]),
    ("ghz ghz/without_texts.json --retries 0 --timeouts 10", &[("timeout_rate_bps", "500")]),
    ("ghz ghz/late.json --retries 0", &[("timeout_rate_bps", "500")]),
    ("vegeta vegeta/gateway.json --timeouts 7 --retries 0", &[("timeout_rate_bps", "700")]),
    (
        // The throughput includes the ten failures. 90 in 0.993507166 s are 90.6.
        "vegeta vegeta/rate_of_all.json --timeouts 0 --retries 0",
        &[("throughput_ops_per_sec", "90"), ("failure_rate_bps", "1000")],
    ),
    (
        "vegeta vegeta/strings.json --timeouts 0 --retries 0",
        &[
            ("p50_latency_ms", "3"),
            ("p95_latency_ms", "4"),
            ("throughput_ops_per_sec", "101"),
            ("duration_ms", "994"),
        ],
    ),
    (
        // Version 3.2 includes the three failed sends in its 1000 records, so 99.7 per second
        // remain.
        "kafka-producer-perf-test kafka/failed_3.2.txt --records-per-request 1 --timeouts 0",
        &[
            ("requests", "997"),
            ("attempts", "1000"),
            ("throughput_ops_per_sec", "99"),
            ("failure_rate_bps", "30"),
        ],
    ),
    (
        "kafka-producer-perf-test kafka/failed_3.7.txt --records-per-request 1 --timeouts 0",
        &[
            ("requests", "1000"),
            ("attempts", "1003"),
            ("throughput_ops_per_sec", "100"),
            ("failure_rate_bps", "30"),
        ],
    ),
    (
        // One send failed, with its cause. The version is unknown.
        "kafka-producer-perf-test kafka/stack_traces.txt --records-per-request 1 --timeouts 2 \
         --retries 1",
        &[
            ("requests", "999"),
            ("attempts", "1001"),
            ("failure_rate_bps", "10"),
            ("timeout_rate_bps", "20"),
        ],
    ),
    (
        "kafka-producer-perf-test kafka/disconnected.txt --records-per-request 1 --timeouts 10 \
         --retries 10",
        // 10 of 1010.
        &[("timeout_rate_bps", "100"), ("attempts", "1010")],
    ),
    (
        // The broker disconnected after 5 of 30,000 ms.
        "kafka-producer-perf-test kafka/cancelled_early.txt --records-per-request 1 --timeouts 0 \
         --retries 0",
        &[("timeout_rate_bps", "0")],
    ),
    (
        // 51 of 60 succeeded: 3.9987 · 51 / 60 = 3.4; 7 of 60 timed out.
        "k6 k6/counters.json --timeouts 7 --retries 0",
        &[
            ("throughput_ops_per_sec", "3"),
            ("failure_rate_bps", "1500"),
            ("timeout_rate_bps", "1167"),
        ],
    ),
    // 20 of 1000 samples of the rate `timeouts` are true; 50 requests failed.
    ("k6 k6/rate.json --timeouts 20 --retries 0", &[("timeout_rate_bps", "200")]),
    ("k6 k6/rate_nested.json --timeouts 20 --retries 0", &[("timeout_rate_bps", "200")]),
    // The rate `timeouts` was never true. A gauge and a trend do not count timeouts.
    ("k6 k6/rate_zero.json --timeouts 0 --retries 0", &[("timeout_rate_bps", "0")]),
    (
        "clickhouse-benchmark clickhouse/extra.json --concurrency 4 --timeouts 2 --retries 0",
        &[("throughput_ops_per_sec", "7"), ("failure_rate_bps", "197")],
    ),
    (
        "clickhouse-benchmark clickhouse/elapsed_two.json --concurrency 1 --timeouts 2 --retries 0",
        &[("throughput_ops_per_sec", "3")],
    ),
    (
        // `ops` includes the 40 failed requests: 1960 in 10 s.
        "warp warp/errors_in_ops.json --operation GET --timeouts 0 --retries 0",
        &[
            ("p50_latency_ms", "26"),
            ("throughput_ops_per_sec", "196"),
            ("requests", "1960"),
            ("failure_rate_bps", "200"),
        ],
    ),
    (
        // `total_errors` is 0, `throughput.errors` 7: 1992 of 1999 in 10 s, and 7 of 2000 failed.
        "warp warp/errors_of_throughput.json --timeouts 0 --retries 0",
        &[
            ("throughput_ops_per_sec", "199"),
            ("requests", "1993"),
            ("attempts", "2000"),
            ("failure_rate_bps", "35"),
        ],
    ),
    // Two transactions from 0.1 to 0.6014 s. The second thread was idle.
    ("pgbench pgbench/idle.log pgbench/idle.log.1 --timeouts 0 --loop open", TWO),
    // Client 1 of the first thread ran no transaction.
    ("pgbench pgbench/turns.log --timeouts 0 --loop open", TWO),
];

const SIX_DIGITS: &[(&str, &str)] = &[
    ("p50_latency_ms", "2"),
    ("p95_latency_ms", "6"),
    ("p95_upper_latency_ms", "9"),
    ("throughput_ops_per_sec", "36666"),
    ("requests", "2200000"),
];

const OWN: &[(&str, &str)] = &[
    ("p50_latency_ms", "12"),
    ("p95_latency_ms", "23"),
    ("p95_upper_latency_ms", "32"),
    ("throughput_ops_per_sec", "100"),
    ("requests", "1000"),
];

const TWO: &[(&str, &str)] = &[
    ("p50_latency_ms", "2"),
    ("p95_latency_ms", "2"),
    ("throughput_ops_per_sec", "3"),
    ("requests", "2"),
    ("loop", "\"open\""),
];
