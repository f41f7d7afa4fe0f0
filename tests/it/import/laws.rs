//! Laws of importing: no input causes a panic, and the result survives a round trip.

use driverc::{
    document::{self, BenchmarkDeclaration},
    import::{ImportOptions, MeasuredDriver, Output, TimeUnit, Tool, benchmark, workload},
    model::{BenchmarkProfile, DriverName, DurationMs, LoadLoop, Vocabulary},
    report::declare::{benchmark_table, workload_table},
};
use proptest::{
    arbitrary::any,
    collection, option,
    prelude::ProptestConfig,
    prop_assert_eq, proptest,
    sample::{self, Index},
    strategy::Strategy,
    test_runner::TestCaseError,
};

/// A file with its required options.
#[derive(Clone, Copy, Debug)]
pub(crate) struct File {
    pub(crate) tool: Tool,
    pub(crate) bytes: &'static [u8],
    pub(crate) needs: fn() -> ImportOptions,
}

const fn file(tool: Tool, bytes: &'static [u8], needs: fn() -> ImportOptions) -> File {
    File { tool, bytes, needs }
}

/// Files of every tool and format.
pub(crate) const FILES: &[File] = &[
    file(Tool::Pgbench, include_bytes!("../../import/pgbench/alone.log"), || timeouts(0)),
    file(Tool::Pgbench, include_bytes!("../../import/pgbench/retries_open.log"), || timeouts(1)),
    file(Tool::Pgbench, include_bytes!("../../import/pgbench/retries.log"), || ImportOptions {
        load_loop: Some(LoadLoop::Closed),
        ..timeouts(0)
    }),
    file(Tool::Pgbench, include_bytes!("../../import/pgbench/limit.log"), || ImportOptions {
        load_loop: Some(LoadLoop::Open),
        ..timeouts(67)
    }),
    file(Tool::K6, include_bytes!("../../import/k6/export.json"), counts),
    file(Tool::K6, include_bytes!("../../import/k6/handle_summary.json"), counts),
    file(Tool::K6, include_bytes!("../../import/k6/machine_readable.json"), || ImportOptions {
        // No request failed, so the driver retried both attempts that timed out.
        retries: Some(2),
        ..counts()
    }),
    file(Tool::Vegeta, include_bytes!("../../import/vegeta/failures.json"), counts),
    file(Tool::Oha, include_bytes!("../../import/oha/breakdown.json"), retries),
    file(Tool::Ghz, include_bytes!("../../import/ghz/details.json"), retries),
    file(Tool::Kafka, include_bytes!("../../import/kafka/metrics.txt"), || ImportOptions {
        records_per_request: Some(3),
        ..timeouts(0)
    }),
    file(Tool::Kafka, include_bytes!("../../import/kafka/steady.txt"), || ImportOptions {
        records_per_request: Some(1),
        retries: Some(0),
        // One timeout for each of the three records in the expired batch.
        ..timeouts(3)
    }),
    file(Tool::Kafka, include_bytes!("../../import/kafka/failed_3.2.txt"), || ImportOptions {
        records_per_request: Some(1),
        ..timeouts(0)
    }),
    file(Tool::Kafka, include_bytes!("../../import/kafka/failed_3.7.txt"), || ImportOptions {
        records_per_request: Some(1),
        ..timeouts(0)
    }),
    file(Tool::Clickhouse, include_bytes!("../../import/clickhouse/one.json"), || ImportOptions {
        concurrency: Some(4),
        ..counts()
    }),
    file(Tool::Warp, include_bytes!("../../import/warp/mixed.json"), || ImportOptions {
        operation: Some("GET".to_owned()),
        ..counts()
    }),
    file(Tool::Oha, include_bytes!("../../import/oha/timeouts.json"), retries),
    file(Tool::Ghz, include_bytes!("../../import/ghz/unavailable.json"), retries),
    file(Tool::Warp, include_bytes!("../../import/warp/errors_in_ops.json"), || ImportOptions {
        operation: Some("GET".to_owned()),
        ..counts()
    }),
    file(Tool::Hgrm, include_bytes!("../../import/hgrm/own.hgrm"), histogram),
    file(Tool::Hgrm, include_bytes!("../../import/hgrm/six_digits.hgrm"), histogram),
    file(Tool::Hgrm, include_bytes!("../../import/hgrm/six_digits_go.hgrm"), histogram),
    file(Tool::Hgrm, include_bytes!("../../import/hgrm/six_digits.csv"), histogram),
    file(Tool::Hgrm, include_bytes!("../../import/hgrm/rust.hgrm"), histogram),
    file(Tool::Hgrm, include_bytes!("../../import/hgrm/semicolon.csv"), histogram),
    file(Tool::Hgrm, include_bytes!("../../import/hgrm/wrk2_gateway.txt"), retries),
    file(Tool::Hgrm, include_bytes!("../../import/hgrm/own.csv"), histogram),
    file(Tool::Hgrm, include_bytes!("../../import/hgrm/vegeta.txt"), || ImportOptions {
        throughput: Some(100.try_into().unwrap()),
        ..counts()
    }),
    file(Tool::Hgrm, include_bytes!("../../import/hgrm/wrk2_errors.txt"), retries),
];

fn timeouts(number: u64) -> ImportOptions {
    ImportOptions { timeouts: Some(number), ..ImportOptions::default() }
}

fn retries() -> ImportOptions {
    ImportOptions { retries: Some(2), ..ImportOptions::default() }
}

fn counts() -> ImportOptions {
    ImportOptions { retries: Some(0), ..timeouts(2) }
}

fn histogram() -> ImportOptions {
    let duration_ms = Some(60_000.try_into().unwrap());
    ImportOptions { unit: Some(TimeUnit::Microseconds), duration_ms, ..counts() }
}

/// Texts to insert into a file or to replace a part of it.
const PIECES: &[&str] = &[
    "",
    "0",
    "-1",
    "1e300",
    "1e-300",
    "NaN",
    "null",
    "\"x\"",
    "{}",
    "[]",
    ",",
    ".",
    " ",
    "\n",
    "\r\n",
    "\t",
    "18446744073709551616",
    "9999999999999999999",
    "0.0",
    "true",
    "é",
    "\u{feff}",
    "skipped",
    "failed",
    "inf",
    "1.000000000000",
    "999999999999999999999999999999999999",
];

#[derive(Clone, Debug)]
struct Mutation {
    start: Index,
    length: usize,
    piece: &'static str,
}

fn mutation() -> impl Strategy<Value = Mutation> {
    (any::<Index>(), 0..12_usize, sample::select(PIECES))
        .prop_map(|(start, length, piece)| Mutation { start, length, piece })
}

fn mutated(bytes: &[u8], mutations: &[Mutation]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for Mutation { start, length, piece } in mutations {
        let start = start.index(bytes.len() + 1);
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, piece.bytes());
    }
    bytes
}

fn options() -> impl Strategy<Value = ImportOptions> {
    let counts = (
        option::of(0..3_u64),
        option::of(any::<u64>()),
        option::of(any::<u64>()),
        option::of(0..20_u64),
    );
    let unit = option::of(sample::select(TimeUnit::ALL));
    let load_loop = option::of(sample::select(LoadLoop::ALL));
    let duration = option::of(DurationMs::MIN..=DurationMs::MAX);
    (counts, unit, load_loop, duration).prop_map(|(counts, unit, load_loop, duration)| {
        ImportOptions {
            timeouts: counts.0,
            retries: counts.0.or(counts.1),
            attempts: counts.2,
            concurrency: counts.3,
            records_per_request: counts.3,
            unit,
            load_loop,
            duration_ms: duration.map(|ms| DurationMs::new(ms).unwrap()),
            ..ImportOptions::default()
        }
    })
}

pub(crate) fn subject() -> MeasuredDriver {
    let driver = DriverName::new("postgres_async").unwrap();
    MeasuredDriver { driver, profile: BenchmarkProfile::MixedLatency }
}

/// Imports never panic, and a document with the result reads back the same value. Returns true if
/// the benchmark was imported.
fn survives_round_trip(
    tool: Tool,
    bytes: &[u8],
    options: &ImportOptions,
) -> Result<bool, TestCaseError> {
    let outputs = [Output { name: "file", bytes }];
    let imported = benchmark(tool, &outputs, &subject(), options.clone());
    let sample = imported.is_ok();
    if let Ok(imported) = imported {
        let document = document::read(&benchmark_table(&imported.value));
        prop_assert_eq!(&document.findings[..], &[]);
        let [BenchmarkDeclaration::Complete(found)] =
            &document.declarations.others().benchmarks[..]
        else {
            return Err(TestCaseError::fail("no benchmark"));
        };
        prop_assert_eq!(found, &imported.value);
    }
    if let Ok(imported) = workload(tool, &outputs, &subject(), options.clone()) {
        let document = document::read(&workload_table(&imported.value));
        prop_assert_eq!(&document.findings[..], &[]);
        prop_assert_eq!(&document.declarations.others().workloads[0].workload, &imported.value);
    }
    Ok(sample)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_imported_or_refused(
        tool in sample::select(Tool::ALL),
        bytes in collection::vec(any::<u8>(), 0..200),
        options in options(),
    ) {
        survives_round_trip(tool, &bytes, &options)?;
    }

    #[test]
    fn mutated_files_are_imported_or_refused(
        file in sample::select(FILES),
        mutations in collection::vec(mutation(), 0..4),
        other in option::weighted(0.2, options()),
    ) {
        let options = other.unwrap_or_else(file.needs);
        survives_round_trip(file.tool, &mutated(file.bytes, &mutations), &options)?;
    }
}

/// Ensures that the laws above do not only see refused files.
#[test]
fn each_file_is_imported_with_its_required_options() {
    for File { tool, bytes, needs } in FILES {
        assert!(survives_round_trip(*tool, bytes, &needs()).unwrap(), "{tool:?}");
    }
}
