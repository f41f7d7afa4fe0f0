//! Fleets that `driverc diff` compares.

use std::fmt::Write;

use allocation_counter::measure;
use driverc::{
    configuration::Configuration,
    diff::{Accept, Difference, Severity},
    model::{Date, Vocabulary},
    report::{
        Style,
        diff::{self, DiffReport},
    },
};

use super::{budgets, drivers, findings, workspace};

/// A fleet with one benchmark per driver.
fn measured(count: usize, edit: impl Fn(String) -> String) -> String {
    let mut text = drivers(count, edit);
    for number in 0..count {
        write!(
            text,
            "[[benchmark]]\ndriver = \"d{number:05}\"\nprofile = \"heavy_data\"\n\
             p50_latency_ms = 19\np95_latency_ms = 73\ntimeout_rate_bps = 1\n\
             retry_rate_bps = 10\nthroughput_ops_per_sec = 448\n"
        )
        .unwrap();
    }
    text + budgets()
}

/// Returns the number of changes, after each has been accepted.
fn compared(old: &str, new: &str) -> usize {
    let (old, new) = (workspace(old), workspace(new));
    let mut difference = Difference::between(&old, &new, &Configuration::default());
    difference.accept_by_waivers(&old, &new, Date::new(2026, 11, 1).unwrap());
    let accept: Vec<Accept> = difference.changes.iter().filter_map(Accept::of).collect();
    assert_eq!(difference.accept_by_arguments(&accept), []);
    difference.changes.len()
}

#[test]
fn three_thousand_drivers_with_benchmarks_are_compared() {
    let count = 3_000;
    let same = measured(count, |text| text);
    assert_eq!(compared(&same, &same), 0);
    let new = same
        .replacen("max_p95_latency_ms = ", "max_p95_latency_ms = 1", 1)
        .replace("p95_latency_ms = 73\n", "p95_latency_ms = 72\n")
        .replace("max_attempts = 3", "max_attempts = 4");
    assert_eq!(compared(&same, &new), 2 * count + 1);
}

/// The number of allocations stands for CPU time, which no test measures. The comparison reads both
/// sides, and the check reads one.
#[test]
fn comparison_of_equal_fleets_allocates_at_most_three_times_as_often_as_check() {
    let named = |text: String| {
        let name = text.split(['.', ']']).nth(1).unwrap().to_owned();
        text.replace("sqlx::postgres", &format!("module::{name}"))
    };
    let fleet = measured(2_000, named);
    let checked = measure(|| assert_eq!(findings(&workspace(&fleet)).len(), 0));
    let compared = measure(|| assert_eq!(compared(&fleet, &fleet), 0));
    let [checked, compared] = [checked, compared].map(|measured| measured.count_total);
    assert!(compared <= 3 * checked, "{compared} allocations against {checked}");
}

#[test]
fn four_thousand_renamed_or_replaced_drivers_are_compared() {
    let count = 4_000;
    let renamed = |text: String| text.replace("d0", "e0");
    let named = |text: String| {
        let number = text.split(['d', '.', ']']).find_map(|part| part.parse::<u32>().ok()).unwrap();
        text.replace("max_queue_depth = 200", &format!("max_queue_depth = 1{number}"))
    };
    // Each driver has its own queue depth, and five changes: its name and four metrics.
    let (old, new) = (drivers(count, named), drivers(count, |text| renamed(named(text))));
    assert_eq!(compared(&old, &new), 5 * count);
    // The drivers differ only in their names, so every new driver fits every old one.
    let (old, new) = (drivers(count, |text| text), drivers(count, renamed));
    assert_eq!(compared(&old, &new), 2 * count);
    // The metrics do not contain the driver's name, so no pair is certain to be a rename.
    let unnamed = |prefix: &str| {
        let driver = |text: String| {
            let (head, _) = text.split_once("timeout_metric").unwrap();
            let metrics = ["timeout", "retry", "latency", "in_flight"]
                .map(|role| format!("{role}_metric = \"{role}_total\"\n"));
            format!("{head}{}\n", metrics.concat()).replace("driver.d", &format!("driver.{prefix}"))
        };
        drivers(count, driver)
    };
    assert_eq!(compared(&unnamed("a"), &unnamed("b")), 2 * count);
}

#[test]
fn three_thousand_scopes_waivers_and_benchmarks_are_compared() {
    let count = 3_000;
    let scopes = |p95: u64| {
        let scope = |number| {
            format!("[budget.heavy_data.driver.d{number:05}]\nmax_p95_latency_ms = {p95}\n")
        };
        drivers(count, |text| text) + budgets() + &(0..count).map(scope).collect::<String>()
    };
    assert_eq!(compared(&scopes(50), &scopes(60)), count);
    let items = |p50: usize| {
        let item = |number| {
            format!(
                "[[benchmark]]\ndriver = \"d00000\"\nprofile = \"heavy_data\"\n\
                 p50_latency_ms = {p50}\np95_latency_ms = {}\ntimeout_rate_bps = 1\n\
                 retry_rate_bps = 10\nthroughput_ops_per_sec = 448\n\
                 [[waiver]]\nrule = \"queue-zero\"\nreason = \"{p50} {number}\"\n\
                 owner = \"y\"\nexpires = 2027-01-01\n",
                100 + number
            )
        };
        drivers(1, |text| text) + budgets() + &(0..count).map(item).collect::<String>()
    };
    assert_eq!(compared(&items(9), &items(10)), 2 * count);
}

#[test]
fn two_thousand_changes_are_written_in_every_format() {
    let count = 2_000;
    let (old, new) = (drivers(count, |text| text), drivers(count, |text| text.replace("d0", "e0")));
    let (old, new) = (workspace(&old), workspace(&new));
    let difference = Difference::between(&old, &new, &Configuration::default());
    let (against, fail_on) = ("main", Severity::Risky);
    let comparison = DiffReport {
        difference: &difference,
        old: &old,
        new: &new,
        against,
        directory: "",
        fail_on,
    };
    for format in diff::DiffFormat::ALL {
        let mut out = Vec::new();
        diff::write(*format, &comparison, &Style::default(), &mut out).unwrap();
        assert!(!out.is_empty());
    }
}
