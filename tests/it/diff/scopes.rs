//! Budgets that apply to a driver, and budgets that do not.

use driverc::{
    diff::{ChangedItem, Difference, Severity},
    model::{BenchmarkProfile, Field},
};

use super::{between, only};
use crate::diff::edits::BASE;

/// A budget for a profile that the driver of the base does not claim.
const UNCLAIMED: &str = "[budget.mixed_latency]\nmax_p95_latency_ms = 500\n\
                         max_timeout_rate_bps = 10\nmax_retry_rate_bps = 50\n\
                         min_throughput_ops_per_sec = 100\n";

const CLAIM: (&str, &str) = ("\"batch_read\"]", "\"batch_read\", \"mixed_latency_tolerance\"]");

fn looser(text: &str) -> String {
    text.replace("max_p95_latency_ms = 500", "max_p95_latency_ms = 900")
}

#[test]
fn budget_of_unclaimed_profile_applies_to_no_driver() {
    let base = BASE.to_owned() + UNCLAIMED;
    let change = only(&base, &looser(&base));
    assert_eq!(change.severity, Severity::Compatible);
    assert_eq!(change.meaning, "the change affects no driver that both sides have");
    assert_eq!(change.drivers, []);

    let claimed = base.replace(CLAIM.0, CLAIM.1);
    let change = only(&claimed, &looser(&claimed));
    assert_eq!(change.severity, Severity::Risky);
    assert_eq!(change.drivers.len(), 1);
}

/// Returns the base without a consumer that relies on the budget.
fn without_requirement() -> String {
    BASE[..BASE.find("[[requirement]]").unwrap()].to_owned()
}

#[test]
fn driver_scope_makes_budget_of_unclaimed_profile_apply() {
    let own = "[budget.mixed_latency.driver.example]\nmax_retry_rate_bps = 40\n";
    let base = without_requirement() + UNCLAIMED + own;
    assert_eq!(only(&base, &looser(&base)).severity, Severity::Risky);

    // Without the driver's own scope, no limit of the profile applies.
    let changes = between(&base, &base.replace(own, "")).changes;
    assert_eq!(changes.len(), 4);
    for change in changes {
        assert_eq!(
            (change.severity, change.meaning),
            (Severity::Risky, "the limit no longer applies")
        );
    }
}

#[test]
fn queue_drain_is_computed_only_for_claimed_profiles() {
    let longer = |text: &str| text.replace("max_queue_depth = 200", "max_queue_depth = 300");
    let profiles = |text: &str| -> Vec<_> {
        let consequences = only(text, &longer(text)).consequences;
        consequences.iter().map(|one| one.figure.profile().unwrap()).collect()
    };
    let base = BASE.to_owned() + UNCLAIMED;
    assert_eq!(profiles(&base), [BenchmarkProfile::HeavyData]);
    assert_eq!(
        profiles(&base.replace(CLAIM.0, CLAIM.1)),
        [BenchmarkProfile::HeavyData, BenchmarkProfile::MixedLatency]
    );
}

#[test]
fn benchmark_of_unclaimed_profile_is_not_judged() {
    let benchmark =
        &BASE[BASE.find("[[benchmark]]").unwrap()..BASE.find("# another sample").unwrap()];
    let benchmark = benchmark.replace("heavy_data", "mixed_latency");
    let base = BASE.to_owned() + UNCLAIMED + &benchmark;
    let tighter = base.replace("max_p95_latency_ms = 500", "max_p95_latency_ms = 10");
    let Difference { changes, impacts } = between(&base, &tighter);
    assert_eq!((changes[0].severity, impacts), (Severity::Compatible, vec![]));
    let (base, tighter) = (base.replace(CLAIM.0, CLAIM.1), tighter.replace(CLAIM.0, CLAIM.1));
    let Difference { changes, impacts } = between(&base, &tighter);
    assert_eq!((changes[0].severity, impacts.len()), (Severity::Risky, 1));
}

#[test]
fn change_of_capability_has_note_about_affected_budget() {
    let base = without_requirement() + UNCLAIMED;
    let claimed = base.replace(CLAIM.0, CLAIM.1);
    assert_eq!(only(&base, &claimed).notes, ["budget `mixed_latency` now applies to `example`"]);
    assert_eq!(
        only(&claimed, &base).notes,
        ["budget `mixed_latency` no longer applies to `example`"]
    );
}

/// One limit for the whole profile replaces three narrower ones. These are three changes of one
/// limit.
#[test]
fn changes_of_drivers_that_move_to_one_scope_have_distinct_paths() {
    let driver =
        &BASE[BASE.find("[driver.example]").unwrap()..BASE.find("# another driver").unwrap()];
    let drivers: String = ["b", "c"].map(|name| driver.replace("example", name)).concat();
    let own = "[budget.heavy_data.driver.b]\nmax_p95_latency_ms = 60\n\
               [budget.heavy_data.driver.c]\nmax_p95_latency_ms = 70\n";
    let base = BASE.to_owned() + &drivers + own;
    let new = base.replace(own, "").replace("max_p95_latency_ms = 120", "max_p95_latency_ms = 130");
    let difference = between(&base, &new);
    let paths: Vec<_> = difference.changes.iter().map(driverc::diff::Change::path).collect();
    let path = "budget.heavy_data.max_p95_latency_ms";
    assert_eq!(paths, [1, 2, 3].map(|number| format!("{path}.{number}")));
    for change in &difference.changes {
        assert!(matches!(change.contract, ChangedItem::Budget(..)));
        assert_eq!(change.field, Field::MaxP95LatencyMs);
    }
}
