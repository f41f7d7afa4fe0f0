//! Laws of importing: nothing breaks it, and what comes out is read back as it was.

use driverc::{
    document::{self, BenchmarkDeclaration},
    import::{Given, Output, Subject, TimeUnit, Tool, benchmark, workload},
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

/// Files of every tool and layout.
const FILES: &[(Tool, &[u8])] = &[
    (Tool::Pgbench, include_bytes!("pgbench/closed.log")),
    (Tool::Pgbench, include_bytes!("pgbench/retries.log")),
    (Tool::Pgbench, include_bytes!("pgbench/limit.log")),
    (Tool::K6, include_bytes!("k6/export.json")),
    (Tool::K6, include_bytes!("k6/handle_summary.json")),
    (Tool::K6, include_bytes!("k6/machine_readable.json")),
    (Tool::Vegeta, include_bytes!("vegeta/failures.json")),
    (Tool::Oha, include_bytes!("oha/breakdown.json")),
    (Tool::Ghz, include_bytes!("ghz/details.json")),
    (Tool::Kafka, include_bytes!("kafka/metrics.txt")),
    (Tool::Kafka, include_bytes!("kafka/steady.txt")),
    (Tool::Clickhouse, include_bytes!("clickhouse/one.json")),
    (Tool::Warp, include_bytes!("warp/mixed.json")),
    (Tool::Criterion, include_bytes!("criterion/estimates.json")),
    (Tool::Hgrm, include_bytes!("hgrm/own.hgrm")),
    (Tool::Hgrm, include_bytes!("hgrm/own.csv")),
    (Tool::Hgrm, include_bytes!("hgrm/vegeta.txt")),
    (Tool::Hgrm, include_bytes!("hgrm/wrk2_errors.txt")),
];

/// What can be put into a file, or in place of a part of it.
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

fn given() -> impl Strategy<Value = Given> {
    let counts = (
        option::of(0..3_u64),
        option::of(any::<u64>()),
        option::of(any::<u64>()),
        option::of(0..20_u64),
    );
    let unit = option::of(sample::select(TimeUnit::ALL));
    let load_loop = option::of(sample::select(LoadLoop::ALL));
    let duration = option::of(DurationMs::MIN..=DurationMs::MAX);
    (counts, unit, load_loop, duration).prop_map(|(counts, unit, load_loop, duration)| Given {
        timeouts: counts.0,
        retries: counts.0.or(counts.1),
        attempts: counts.2,
        concurrency: counts.3,
        records_per_request: counts.3,
        unit,
        load_loop,
        duration_ms: duration.map(|ms| DurationMs::new(ms).unwrap()),
        ..Given::default()
    })
}

fn subject() -> Subject {
    let driver = DriverName::new("postgres_async").unwrap();
    Subject { driver, profile: BenchmarkProfile::MixedLatency }
}

/// Imports never panic, and what they give is what a document then holds.
fn holds(tool: Tool, bytes: &[u8], given: &Given) -> Result<bool, TestCaseError> {
    let outputs = [Output { name: "file", bytes }];
    let imported = benchmark(tool, &outputs, &subject(), given.clone());
    let sample = imported.is_ok();
    if let Ok(imported) = imported {
        let document = document::read(&benchmark_table(&imported.value));
        prop_assert_eq!(&document.findings[..], &[]);
        let [BenchmarkDeclaration::Whole(found)] = &document.declarations.benchmarks[..] else {
            return Err(TestCaseError::fail("no benchmark"));
        };
        prop_assert_eq!(found, &imported.value);
    }
    if let Ok(imported) = workload(tool, &outputs, &subject(), given.clone()) {
        let document = document::read(&workload_table(&imported.value));
        prop_assert_eq!(&document.findings[..], &[]);
        prop_assert_eq!(&document.declarations.workloads[0].workload, &imported.value);
    }
    Ok(sample)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_imported_or_refused(
        tool in sample::select(Tool::ALL),
        bytes in collection::vec(any::<u8>(), 0..200),
        given in given(),
    ) {
        holds(tool, &bytes, &given)?;
    }

    #[test]
    fn any_change_of_a_file_is_imported_or_refused(
        (tool, bytes) in sample::select(FILES),
        mutations in collection::vec(mutation(), 0..4),
        given in given(),
    ) {
        holds(tool, &mutated(bytes, &mutations), &given)?;
    }
}

/// What each file needs, so that the laws above are not about refusals alone.
#[test]
fn each_file_is_imported_with_what_it_needs() {
    for (tool, bytes) in FILES {
        let units = [None, Some(TimeUnit::Microseconds)];
        let loops = [None, Some(LoadLoop::Open), Some(LoadLoop::Closed)];
        let flags = [None, Some(0), Some(67)];
        let ones = [None, Some(1)];
        let mut imported = false;
        for unit in units {
            for load_loop in loops {
                for (timeouts, retries) in flags.iter().flat_map(|a| flags.map(|b| (*a, b))) {
                    for one in ones {
                        let given = Given {
                            timeouts,
                            retries,
                            unit,
                            load_loop,
                            records_per_request: one.filter(|_| *tool == Tool::Kafka),
                            concurrency: one.filter(|_| *tool == Tool::Clickhouse),
                            operation: one.filter(|_| *tool == Tool::Warp).map(|_| "GET".into()),
                            throughput: one
                                .filter(|_| *tool == Tool::Hgrm)
                                .map(|rate| rate.try_into().unwrap()),
                            ..Given::default()
                        };
                        imported |= holds(*tool, bytes, &given).unwrap();
                    }
                }
            }
        }
        assert_eq!(imported, *tool != Tool::Criterion, "{tool:?}");
    }
}
