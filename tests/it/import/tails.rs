//! p99 and microseconds of imported benchmarks, worked out without this program.

use std::fs;

use driverc::{
    Benchmark,
    import::{ImportOptions, Imported, MeasuredDriver, Output, TimeUnit, Tool, benchmark},
    model::{BenchmarkLatency, DriverName, DurationMs, LatencyUnit, LoadLoop},
};

use super::folder;

fn options(p99: bool) -> ImportOptions {
    ImportOptions { timeouts: Some(0), retries: Some(0), p99, ..ImportOptions::default() }
}

fn import(tool: Tool, files: &[(&str, Vec<u8>)], given: ImportOptions) -> Imported<Benchmark> {
    let driver = DriverName::new("postgres_async").unwrap();
    let profile = driverc::BenchmarkProfile::HeavyData;
    let outputs: Vec<_> = files.iter().map(|(name, bytes)| Output { name, bytes }).collect();
    benchmark(tool, &outputs, &MeasuredDriver { driver, profile }, given).unwrap()
}

fn file(path: &str) -> (&str, Vec<u8>) {
    (path, fs::read(folder().join(path)).unwrap())
}

/// The files of a tool, what they lack, and p99 with its upper bound in microseconds.
type Case = (Tool, &'static [&'static str], ImportOptions, Option<u64>, Option<u64>);

fn cases() -> Vec<Case> {
    let with = options;
    vec![
        (Tool::Vegeta, &["vegeta/report.json"], with(true), Some(3_530), None),
        (
            // The steady state.
            Tool::Kafka,
            &["kafka/steady.txt"],
            ImportOptions { records_per_request: Some(1), timeouts: Some(3), ..with(true) },
            Some(205_000),
            None,
        ),
        (
            // 0.873945121 s.
            Tool::Clickhouse,
            &["clickhouse/one.json"],
            ImportOptions { concurrency: Some(4), timeouts: Some(2), ..with(true) },
            Some(873_946),
            None,
        ),
        (Tool::Warp, &["warp/one.json"], with(true), Some(50_500), None),
        (
            // 67702471 ns; the file has no single calls.
            Tool::Ghz,
            &["ghz/report.json"],
            ImportOptions { timeouts: None, ..with(true) },
            Some(67_703),
            None,
        ),
    ]
}

/// The cases of tools that write single calls, histograms or logs, and of files without p99.
fn more_cases() -> Vec<Case> {
    let with = options;
    vec![
        (
            // The largest of 60 calls; 299 are needed for a bound.
            Tool::Ghz,
            &["ghz/details.json"],
            ImportOptions { timeouts: None, ..with(true) },
            Some(60_500),
            None,
        ),
        (
            // Both the 990th and the 996th of 1000 values are in the last row.
            Tool::Hgrm,
            &["hgrm/own.hgrm"],
            ImportOptions {
                unit: Some(TimeUnit::Milliseconds),
                duration_ms: DurationMs::new(10_000).ok(),
                ..with(true)
            },
            Some(31_007),
            Some(31_007),
        ),
        (
            // The 119th of 120 times.
            Tool::Pgbench,
            &["pgbench/open.log", "pgbench/open.log.1"],
            ImportOptions {
                retries: None,
                timeouts: Some(3),
                load_loop: Some(LoadLoop::Open),
                ..with(true)
            },
            Some(22_311),
            None,
        ),
        (
            // The end of the run cut off 1% of the requests, which may be the slowest.
            Tool::Oha,
            &["oha/breakdown.json"],
            ImportOptions { timeouts: None, ..with(true) },
            None,
            None,
        ),
        (
            // k6 writes p99 only if the test asks for it.
            Tool::K6,
            &["k6/handle_summary.json"],
            with(true),
            None,
            None,
        ),
    ]
}

#[test]
fn p99_equals_p99_of_file_in_either_unit() {
    for (tool, names, given, p99, upper) in [cases(), more_cases()].concat() {
        let files: Vec<_> = names.iter().map(|name| file(name)).collect();
        let fine = ImportOptions { latency_unit: LatencyUnit::Microseconds, ..given.clone() };
        for (given, unit) in [(fine, LatencyUnit::Microseconds), (given, LatencyUnit::Milliseconds)]
        {
            let Imported { value, notes } = import(tool, &files, given);
            let stated = |us: Option<u64>| us.map(|us| unit.of_us(us));
            let number = |latency: Option<BenchmarkLatency>| latency.map(BenchmarkLatency::number);
            assert_eq!(number(value.p99_latency), stated(p99), "{names:?}");
            assert_eq!(number(value.p99_upper_latency), stated(upper), "{names:?}");
            assert_eq!(value.p50_latency.unit(), unit, "{names:?}");
            let is_said = notes.iter().any(|note| note.contains("no 99th percentile"));
            assert_eq!(is_said, p99.is_none(), "{names:?}: {notes:?}");
        }
    }
}

#[test]
fn p99_without_limit_is_omitted() {
    for (tool, names, given, ..) in [cases(), more_cases()].concat() {
        let files: Vec<_> = names.iter().map(|name| file(name)).collect();
        let Imported { value, notes } =
            import(tool, &files, ImportOptions { p99: false, ..given.clone() });
        assert_eq!((value.p99_latency, value.p99_upper_latency), (None, None), "{names:?}");
        assert!(!notes.iter().any(|note| note.contains("99th")), "{names:?}: {notes:?}");
        // p99 adds keys and changes no other one.
        let with = import(tool, &files, given).value;
        let without = Benchmark {
            p99_latency: None,
            p99_upper_latency: None,
            source: value.source.clone(),
            ..with
        };
        assert_eq!(without, value, "{names:?}");
    }
}

#[test]
fn p99_of_other_tools_is_read_if_present() {
    let replaced = |path: &'static str, from: &str, to: &str| {
        let text = String::from_utf8(file(path).1).unwrap();
        assert!(text.contains(from), "{path}");
        vec![(path, text.replace(from, to).into_bytes())]
    };
    let k6 = replaced("k6/handle_summary.json", "\"p(95)\":19.5", "\"p(95)\":19.5,\"p(99)\":21.25");
    let p99 = import(Tool::K6, &k6, options(true)).value.p99_latency;
    assert_eq!(p99, BenchmarkLatency::from_ms(22).ok());
    let whole = "\"aborted due to deadline\": 10, ";
    let oha = replaced("oha/breakdown.json", whole, "");
    let given = ImportOptions { timeouts: None, ..options(true) };
    assert_eq!(
        import(Tool::Oha, &oha, given).value.p99_latency,
        BenchmarkLatency::from_ms(900).ok()
    );
}

#[test]
fn p99_below_p95_is_refused_only_if_p99_is_needed() {
    let text = String::from_utf8(file("vegeta/report.json").1).unwrap();
    let text = text.replace("\"99th\":3530000", "\"99th\":3000000");
    let bytes = text.into_bytes();
    let outputs = [Output { name: "report.json", bytes: &bytes }];
    let driver = DriverName::new("postgres_async").unwrap();
    let profile = driverc::BenchmarkProfile::HeavyData;
    let subject = MeasuredDriver { driver, profile };
    let of = |p99| benchmark(Tool::Vegeta, &outputs, &subject, options(p99));
    let error = of(true).unwrap_err().to_string();
    assert!(error.contains("the 95th percentile, 3479 µs, is above the 99th"), "{error}");
    assert!(of(false).is_ok());
}
