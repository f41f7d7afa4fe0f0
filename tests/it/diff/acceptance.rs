//! Changes that waivers or arguments accept.

use driverc::diff::{Acceptance, Difference, Severity};

use super::{between, configured, waiver, workspace};
use crate::diff::edits::{BASE, EDITS};

fn accepted(old: &str, new: &str) -> Difference {
    let [old, new] = [old, new].map(|text| workspace(&[("a.toml", text)]));
    let mut difference = Difference::between(&old, &new, &configured());
    difference.accept_by_waivers(&old, &new, "2026-11-01".parse().expect("a date"));
    difference
}

#[test]
fn waiver_in_base_accepts_matching_change_until_expiry() {
    let broken = |text: &str| text.replace("relational_adapter", "columnar_adapter");
    let own = "driver = \"example\"\n";
    for (rule, driver, expires, open) in [
        ("contract-broken", own, "2026-11-01", 0),
        ("contract-broken", "", "2026-11-01", 0),
        ("contract-broken", own, "2026-10-31", 1),
        ("contract-weakened", own, "2026-11-01", 1),
        ("retry-no-jitter", own, "2026-11-01", 1),
    ] {
        let base = BASE.to_owned() + &waiver(rule, driver, expires);
        let difference = accepted(&base, &broken(&base));
        assert_eq!(difference.count(Severity::Breaking), open, "{rule} {driver} {expires}");
        if open == 0 {
            let by = difference.changes[0].accepted.as_ref();
            assert!(matches!(by, Some(Acceptance::Waiver { reason, .. }) if reason == "agreed"));
        }
    }
}

#[test]
fn waiver_of_other_driver_accepts_no_change() {
    let another = EDITS.iter().find(|edit| edit.from == "# another driver").unwrap().apply();
    let base = another + &waiver("contract-broken", "driver = \"another\"\n", "2026-11-01");
    let difference = accepted(&base, &base.replace("relational_adapter", "columnar_adapter"));
    assert_eq!(difference.count(Severity::Breaking), 1);
}

#[test]
fn waiver_does_not_accept_change_that_adds_waiver() {
    let new = BASE.replace("relational_adapter", "columnar_adapter")
        + &waiver("contract-broken", "", "2026-11-01");
    let difference = accepted(BASE, &new);
    assert_eq!(difference.count(Severity::Breaking), 1);
    assert_eq!(
        difference.changes[0].notes,
        ["the waiver in this change does not apply yet: merge it first"]
    );
}

#[test]
fn waiver_with_field_accepts_only_changes_of_that_field() {
    let broken = |text: &str| {
        text.replace("relational_adapter", "columnar_adapter").replace(", \"batch_read\"]", "]")
    };
    for (field, open) in [
        ("", &[][..]),
        ("field = \"class\"\n", &["example.capabilities.batch_read"]),
        ("field = \"capabilities\"\n", &["example.class"]),
        ("field = \"retry_policy\"\n", &["example.class", "example.capabilities.batch_read"]),
        ("field = \"max_in_flight\"\n", &["example.class", "example.capabilities.batch_read"]),
    ] {
        let waiver = waiver("contract-broken", field, "2026-11-01");
        let base = BASE.to_owned() + &waiver;
        let difference = accepted(&base, &broken(&base));
        let paths: Vec<_> = difference.open().map(driverc::diff::Change::path).collect();
        assert_eq!(paths, open, "{field}");
    }
}

#[test]
fn waiver_with_table_accepts_changes_in_table() {
    for (field, open) in [("retry_policy", 0), ("retry_policy.max_attempts", 0), ("telemetry", 1)] {
        let waiver = waiver("contract-weakened", &format!("field = \"{field}\"\n"), "2026-11-01");
        let base = BASE.to_owned() + &waiver;
        let difference = accepted(&base, &base.replace("max_attempts = 3", "max_attempts = 4"));
        assert_eq!(difference.changes.len(), 1, "{field}");
        assert_eq!(difference.count(Severity::Risky), open, "{field}");
    }
}

#[test]
fn accept_argument_accepts_one_change_of_its_severity() {
    let new = BASE.replace("relational_adapter", "columnar_adapter");
    for (argument, used) in [
        ("breaking:example.class", true),
        ("risky:example.class", false),
        ("breaking:example", false),
        ("breaking:example.name", false),
    ] {
        let mut difference = between(BASE, &new);
        let arguments = [argument.parse().unwrap()];
        assert_eq!(difference.accept_by_arguments(&arguments).is_empty(), used, "{argument}");
        assert_eq!(difference.count(Severity::Breaking), usize::from(!used), "{argument}");
    }
    for refused in ["", "breaking:", "compatible:a.b", "a.b", "major:a.b"] {
        assert!(refused.parse::<driverc::diff::Accept>().is_err(), "{refused}");
    }
}
