//! Compares the imported values with ones that were computed without driverc.

use toml::{Table, Value};

use super::{benchmarks::BENCHMARKS, import, traps::TRAPS};

fn imported(arguments: &str) -> Table {
    let arguments = format!("{arguments} --driver postgres_async --profile heavy_data");
    let (code, stdout, stderr) = import(&arguments);
    assert_eq!((code, &*stderr), (0, ""), "{arguments}");
    stdout.parse().unwrap()
}

#[test]
fn imported_benchmarks_have_expected_figures() {
    for (arguments, expected) in BENCHMARKS.iter().chain(TRAPS) {
        let document = imported(arguments);
        let benchmark = document["benchmark"][0].as_table().unwrap();
        for (key, expected) in *expected {
            let found = benchmark.get(*key).map_or("-".to_owned(), Value::to_string);
            assert_eq!(&found, expected, "{key} of {arguments}");
        }
    }
}

/// The arguments, the duration in milliseconds, the operations per 1000 s, and points of the table.
type Load = (&'static str, i64, i64, &'static [(i64, i64)]);

const WORKLOADS: &[Load] = &[
    (
        // Excludes the schedule lag. The rate is 120 transactions in 0.83102 s.
        "pgbench pgbench/open.log pgbench/open.log.1 --loop open",
        832,
        144_401,
        &[(0, 325), (500_000, 910), (950_000, 6797), (990_000, 14_491), (1_000_000, 24_510)],
    ),
    (
        "hgrm hgrm/own.hgrm --unit ms --duration 60s",
        60_000,
        // 1000 in 60 s, rounded up.
        16_667,
        &[(0, 4011), (500_000, 11_207), (950_000, 22_911), (1_000_000, 31_007)],
    ),
    ("hgrm hgrm/own.csv --unit us --throughput 40", 25_000, 40_000, &[(975_000, 27_007)]),
    (
        // 2,089,999 of 2,200,000 are 949,999.5 millionths. 2,200,000 in 60 s, rounded up.
        "hgrm hgrm/six_digits_rounded.hgrm --unit ms --duration 60s",
        60_000,
        36_666_667,
        &[(500_000, 1500), (949_999, 6000), (1_000_000, 21_000)],
    ),
    ("hgrm hgrm/wrk2.txt", 30_010, 48_760, &[(999_023, 54_239), (1_000_000, 54_239)]),
];

#[test]
fn imported_workloads_have_expected_distributions() {
    for (arguments, ms, rate, points) in WORKLOADS {
        let document = imported(&format!("{arguments} --as workload"));
        let workload = &document["workload"]["heavy_data"]["driver"]["postgres_async"];
        assert_eq!(workload["duration_ms"].as_integer(), Some(*ms), "{arguments}");
        assert_eq!(workload["rate_ops_per_ksec"].as_integer(), Some(*rate), "{arguments}");
        let table = workload["operation"][0]["service"]["quantiles_us"].as_array().unwrap();
        let found: Vec<_> = table
            .iter()
            .map(|point| (point[0].as_integer().unwrap(), point[1].as_integer().unwrap()))
            .collect();
        for point in *points {
            assert!(found.contains(point), "{point:?} is not in {found:?} of {arguments}");
        }
    }
}
