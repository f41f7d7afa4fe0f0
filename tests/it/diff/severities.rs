//! Severities and meanings that depend on the contract that changed.

use std::collections::BTreeSet;

use driverc::{
    diff::{
        Change, DerivedFigure, Severity,
        changes::{FieldChanges, When, row, sections},
    },
    model::Field,
};
use proptest::prelude::*;

use super::{between, only};
use crate::diff::edits::BASE;

/// A base, an edit, and the severity and meaning of the edit.
struct Case {
    base: &'static [(&'static str, &'static str)],
    edit: (&'static str, &'static str),
    severity: Severity,
    meaning: &'static str,
}

const fn case(
    base: &'static [(&'static str, &'static str)],
    edit: (&'static str, &'static str),
    severity: Severity,
    meaning: &'static str,
) -> Case {
    Case { base, edit, severity, meaning }
}

use Severity::{Compatible, Risky};

const NO_QUEUE: (&str, &str) = ("max_queue_depth = 200", "max_queue_depth = 0");
const ONE_ATTEMPT: (&str, &str) = ("max_attempts = 3", "max_attempts = 1");
const NO_BACKOFF: (&str, &str) = ("base_backoff_ms = 50", "base_backoff_ms = 0");

const CASES: &[Case] = &[
    case(
        &[],
        NO_QUEUE,
        Risky,
        "no request can wait: the driver rejects each request that finds no free slot",
    ),
    case(
        &[],
        ("max_queue_depth = 200", "max_queue_depth = 199"),
        Risky,
        "the driver rejects bursts that fitted into the queue",
    ),
    case(
        &[NO_QUEUE],
        ("max_queue_depth = 0", "max_queue_depth = 1"),
        Risky,
        "requests that the driver rejected now wait for a slot",
    ),
    case(
        &[NO_QUEUE],
        ("max_in_flight = 20", "max_in_flight = 19"),
        Risky,
        "fewer operations run at once, and the driver rejects more",
    ),
    case(
        &[],
        ("max_in_flight = 20", "max_in_flight = 19"),
        Risky,
        "fewer operations run at once, and more requests wait",
    ),
    case(
        &[],
        ("connect_ms = 3100", "connect_ms = 86400000"),
        Risky,
        "an attempt ends before the driver gives up on a slow connection",
    ),
    case(
        &[],
        ("connect_ms = 3100", "connect_ms = 4999"),
        Risky,
        "an unreachable server keeps an attempt and its caller waiting longer",
    ),
    case(
        &[],
        ("idle_ms = 600000", "idle_ms = 604800000"),
        Risky,
        "the server or a load balancer can close an idle connection before the driver does",
    ),
    case(
        &[],
        ("request_ms = 5000", "request_ms = 4000"),
        Risky,
        "slow attempts now time out, and the driver retries them",
    ),
    case(
        &[ONE_ATTEMPT],
        ("request_ms = 5000", "request_ms = 4000"),
        Risky,
        "slow attempts now time out, and their operations fail",
    ),
    case(&[], ONE_ATTEMPT, Risky, "the driver stops retrying: the first error is final"),
    case(
        &[],
        ("max_attempts = 3", "max_attempts = 2"),
        Risky,
        "an operation fails after fewer attempts",
    ),
    case(
        &[ONE_ATTEMPT],
        ("max_attempts = 1", "max_attempts = 2"),
        Risky,
        "the driver starts to retry: retries add load in an outage, and callers wait longer",
    ),
    case(
        &[("max_backoff_ms = 80", "max_backoff_ms = 3600000")],
        ("base_backoff_ms = 50", "base_backoff_ms = 3600000"),
        Risky,
        "retries come later, and a failing operation keeps its caller waiting longer",
    ),
    case(
        &[ONE_ATTEMPT],
        ("base_backoff_ms = 50", "base_backoff_ms = 60"),
        Compatible,
        "the driver does not retry",
    ),
    case(
        &[ONE_ATTEMPT],
        ("max_backoff_ms = 80", "max_backoff_ms = 70"),
        Compatible,
        "the driver does not retry",
    ),
    case(
        &[NO_BACKOFF],
        ("max_backoff_ms = 80", "max_backoff_ms = 90"),
        Compatible,
        "every backoff stays the same",
    ),
    case(
        &[NO_BACKOFF],
        ("max_backoff_ms = 80", "max_backoff_ms = 70"),
        Compatible,
        "every backoff stays the same",
    ),
    case(
        &[ONE_ATTEMPT],
        ("jitter_percent = 50", "jitter_percent = 60"),
        Compatible,
        "the driver does not retry",
    ),
    case(
        &[ONE_ATTEMPT],
        ("jitter_percent = 50", "jitter_percent = 40"),
        Compatible,
        "the driver does not retry",
    ),
    case(
        &[NO_BACKOFF],
        ("jitter_percent = 50", "jitter_percent = 60"),
        Compatible,
        "every backoff is 0 ms, so there is nothing to spread",
    ),
    case(
        &[NO_BACKOFF],
        ("jitter_percent = 50", "jitter_percent = 40"),
        Compatible,
        "every backoff is 0 ms, so there is nothing to spread",
    ),
    case(
        &[ONE_ATTEMPT],
        ("retry_budget_percent = 20", "retry_budget_percent = 30"),
        Compatible,
        "the driver does not retry",
    ),
    case(
        &[ONE_ATTEMPT],
        ("multiplier_percent = 150", "multiplier_percent = 200"),
        Compatible,
        "the driver does not retry",
    ),
    case(
        &[NO_BACKOFF],
        ("multiplier_percent = 150", "multiplier_percent = 200"),
        Compatible,
        "every backoff stays the same",
    ),
    case(
        &[],
        ("multiplier_percent = 150", "multiplier_percent = 155"),
        Risky,
        "backoffs grow faster, and a failing operation keeps its caller waiting longer",
    ),
    case(
        &[],
        ("multiplier_percent = 150", "multiplier_percent = 140"),
        Risky,
        "backoffs grow more slowly, so retries come sooner",
    ),
];

#[test]
fn severity_and_meaning_depend_on_contract() {
    for Case { base, edit: (from, to), severity, meaning } in CASES {
        let base = base.iter().fold(BASE.to_owned(), |text, (from, to)| text.replace(from, to));
        let change = only(&base, &base.replace(from, to));
        assert_eq!((change.severity, change.meaning), (*severity, *meaning), "{from} {to}");
    }
}

/// Each case edits two keys. The meaning of the second edit depends on the first.
#[test]
fn changes_of_driver_that_starts_to_retry_have_special_meanings() {
    for (from, to, severity, meaning) in [
        (
            "base_backoff_ms = 50",
            "base_backoff_ms = 60",
            Risky,
            "the driver starts to retry, with this backoff",
        ),
        (
            "base_backoff_ms = 50",
            "base_backoff_ms = 40",
            Risky,
            "the driver starts to retry, with this backoff",
        ),
        (
            "jitter_percent = 50",
            "jitter_percent = 60",
            Compatible,
            "the driver starts to retry, with this jitter",
        ),
        (
            "jitter_percent = 50",
            "jitter_percent = 40",
            Risky,
            "the driver starts to retry, with this jitter",
        ),
    ] {
        let base = BASE.replace(ONE_ATTEMPT.0, ONE_ATTEMPT.1);
        let changes = between(&base, &BASE.replace(from, to)).changes;
        let change = changes.iter().find(|change| change.field != Field::MaxAttempts).unwrap();
        assert_eq!((change.severity, change.meaning), (severity, meaning), "{from} {to}");
    }
}

#[test]
fn jitter_change_of_driver_without_retries_has_no_consequences() {
    let base = BASE.replace(ONE_ATTEMPT.0, ONE_ATTEMPT.1);
    let changes =
        between(&base, &base.replace("jitter_percent = 50", "jitter_percent = 40")).changes;
    let [change] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!((change.field, &*change.consequences), (Field::JitterPercent, &[][..]));
}

/// The cases above cover every conditional meaning of a driver.
#[test]
fn each_conditional_cell_of_driver_has_test_case() {
    let mut expected: BTreeSet<_> = CASES.iter().map(|case| case.meaning).collect();
    expected.extend([
        "the driver starts to retry, with this backoff",
        "the driver starts to retry, with this jitter",
        "the budget of its profile applies, and a recorded benchmark does not pass",
        "a caller gives up before the driver finishes",
        "the driver gives up before a driver that it calls finishes",
    ]);
    for field in sections().remove(0).1 {
        let FieldChanges::Compared(cells) = row(field) else { unreachable!("{field:?}") };
        for cell in cells.iter().filter(|cell| cell.when.is_some()) {
            assert!(cell.when != Some(When::BudgetImpossible), "{field:?}");
            let of_benchmarks = cell.when == Some(When::BenchmarkBreaks);
            assert!(!of_benchmarks || field == Field::Capabilities, "{field:?}");
            assert!(expected.contains(cell.meaning), "{field:?} {cell:?}");
        }
    }
}

/// A contract with these numbers.
fn contract([attempts, base, max, request, queue, jitter]: [u32; 6]) -> String {
    BASE.replace("max_attempts = 3", &format!("max_attempts = {attempts}"))
        .replace("base_backoff_ms = 50", &format!("base_backoff_ms = {base}"))
        .replace("max_backoff_ms = 80", &format!("max_backoff_ms = {max}"))
        .replace("request_ms = 5000", &format!("request_ms = {request}"))
        .replace("max_queue_depth = 200", &format!("max_queue_depth = {queue}"))
        .replace("jitter_percent = 50", &format!("jitter_percent = {jitter}"))
        .replace("multiplier_percent = 150\n", "")
}

fn numbers() -> impl Strategy<Value = [u32; 6]> {
    let small = || prop_oneof![Just(0_u32), 0..4_u32];
    (1..4_u32, small(), small(), 1..4_u32, small(), small()).prop_map(
        |(attempts, base, max, request, queue, jitter)| {
            [attempts, base, max, request, queue, jitter]
        },
    )
}

/// Returns the worst case of an operation in milliseconds.
fn worst_case([attempts, base, max, request, ..]: [u32; 6]) -> u32 {
    let backoff = |retry: u32| (base << (retry - 1)).min(max);
    attempts * request + (1..attempts).map(backoff).sum::<u32>()
}

proptest! {
    #[test]
    fn longer_worst_case_is_never_compatible(old in numbers(), new in numbers()) {
        let changes = between(&contract(old), &contract(new)).changes;
        let grows = |change: &Change| change.consequences.iter().any(|consequence| {
            consequence.figure == DerivedFigure::WorstCase && consequence.after > consequence.before
        });
        for change in &changes {
            prop_assert!(change.severity > Severity::Compatible || !grows(change), "{:?}", change);
        }
        if worst_case(new) > worst_case(old) {
            prop_assert!(changes.iter().any(grows));
        }
    }

    #[test]
    fn meaning_of_change_agrees_with_new_contract(old in numbers(), new in numbers()) {
        for change in between(&contract(old), &contract(new)).changes {
            let meaning = change.meaning;
            if new[0] == 1 {
                let retries = ["the driver retries", "retries come", "starts to retry", "more retries"];
                prop_assert!(!retries.iter().any(|word| meaning.contains(word)), "{}", meaning);
            }
            if new[4] == 0 {
                prop_assert!(!meaning.contains("requests wait"), "{}", meaning);
            }
        }
    }
}
