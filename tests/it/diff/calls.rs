//! Changes of callers and calls, and changes that make a call take longer than its caller waits.

use driverc::{
    diff::{Accept, Change, Severity},
    model::{Date, Field},
};

use super::{between, configured, edits::BASE, only, workspace};

/// The worst case of the driver is 15125 ms.
const FITTING: &str = "attempt_ms = 30250";

/// Returns the base in which the caller waits exactly as long as its two operations can take.
fn tight() -> String {
    BASE.replace("deadline_ms = 20000\n", "").replace("attempt_ms = 100000", FITTING)
}

fn edited(from: &str, to: &str) -> Vec<Change> {
    let base = tight();
    assert!(base.contains(from), "{from}");
    between(&base, &base.replace(from, to)).changes
}

#[test]
fn change_that_makes_call_outlast_its_caller_is_breaking() {
    let cases = [
        ("request_ms = 5000", "request_ms = 5001", Field::RequestMs, 30_250, 30_256),
        ("max_attempts = 3", "max_attempts = 4", Field::MaxAttempts, 30_250, 40_410),
        ("base_backoff_ms = 50", "base_backoff_ms = 51", Field::BaseBackoffMs, 30_250, 30_254),
        ("max_backoff_ms = 80", "max_backoff_ms = 79", Field::MaxBackoffMs, 0, 0),
        (
            "multiplier_percent = 150",
            "multiplier_percent = 160",
            Field::MultiplierPercent,
            30_250,
            30_260,
        ),
        ("attempt_ms = 30250", "attempt_ms = 30249", Field::AttemptMs, 30_249, 30_250),
        ("times = 2", "times = 3", Field::Times, 30_250, 45_375),
    ];
    for (from, to, field, waits, worst) in cases {
        let changes = edited(from, to);
        let [change] = &changes[..] else { panic!("{from} {changes:#?}") };
        assert_eq!(change.field, field);
        if worst == 0 {
            assert_ne!(change.severity, Severity::Breaking, "{from}");
            continue;
        }
        assert_eq!(change.severity, Severity::Breaking, "{from} {change:#?}");
        let times = if field == Field::Times { 3 } else { 2 };
        let note = format!(
            "`edge` waits {waits} ms, but {times} operations of `example` can take {worst} ms"
        );
        assert_eq!(change.notes, [note]);
    }
}

#[test]
fn removed_deadline_and_sequential_operations_are_breaking() {
    let base = tight().replace("idle_ms = 600000", "idle_ms = 600000\ndeadline_ms = 15000");
    let base = base.replace(FITTING, "attempt_ms = 30000");
    let change = only(&base, &base.replace("deadline_ms = 15000\n", ""));
    assert_eq!((change.field, change.severity), (Field::DeadlineMs, Severity::Breaking));
    assert_eq!(change.meaning, "a caller gives up before the driver finishes");

    let parallel = tight().replace("times = 2", "times = 3\nparallel = true");
    let change = only(&parallel, &parallel.replace("parallel = true", "parallel = false"));
    assert_eq!((change.field, change.severity), (Field::Parallel, Severity::Breaking));
    assert_eq!(change.meaning, "the caller gives up before the call finishes");
}

#[test]
fn added_call_that_outlasts_its_caller_is_breaking() {
    let call = "\n[[call]]\nfrom = \"edge\"\nto = \"example\"\n";
    let base = tight().replace("times = 2", "times = 2\nparallel = true");
    let short = base.replace(FITTING, "attempt_ms = 15124");
    // The parallel call of the base is too long already, but the added call is another call.
    let change = only(&short, &format!("{short}{call}"));
    assert_eq!((change.field, change.severity), (Field::Call, Severity::Breaking));
    let without = &short[..short.find("[[call]]").unwrap()];
    let change = only(without, &format!("{without}{call}"));
    assert_eq!((change.field, change.severity), (Field::Call, Severity::Breaking));
    assert_eq!(change.path(), "call.edge.example");
    assert_eq!(change.notes, ["`edge` waits 15124 ms, but `example` can take 15125 ms"]);
    let fitting = without.replace("15124", "15125");
    let change = only(&fitting, &format!("{fitting}{call}"));
    assert_eq!(change.severity, Severity::Compatible);
}

#[test]
fn only_changes_that_make_call_outlast_its_caller_are_breaking() {
    let base = tight();
    let new = base
        .replace("request_ms = 5000", "request_ms = 6000")
        .replace(FITTING, "attempt_ms = 30000")
        .replace("max_in_flight = 20", "max_in_flight = 21")
        .replace("jitter_percent = 50", "jitter_percent = 60");
    let changes = between(&base, &new).changes;
    let breaking: Vec<_> = changes
        .iter()
        .filter(|change| change.severity == Severity::Breaking)
        .map(|change| change.field)
        .collect();
    assert_eq!(breaking, [Field::RequestMs, Field::AttemptMs]);
    assert_eq!(changes.len(), 4);
}

#[test]
fn change_of_call_that_already_outlasts_its_caller_is_not_breaking() {
    let base = tight().replace(FITTING, "attempt_ms = 1000");
    let change = only(&base, &base.replace("request_ms = 5000", "request_ms = 6000"));
    assert_eq!((change.severity, &*change.notes), (Severity::Risky, &[][..]));
}

/// Returns the changes that are breaking, with their notes.
fn breaking(base: &str, new: &str) -> Vec<(String, Vec<String>)> {
    let changes = between(base, new).changes.into_iter();
    let breaking = changes.filter(|change| change.severity == Severity::Breaking);
    breaking.map(|change| (change.path(), change.notes)).collect()
}

const PARALLEL: &str = "\n[[call]]\nfrom = \"edge\"\nto = \"example\"\nparallel = true\n";

#[test]
fn breaking_call_is_reported_even_if_other_call_already_failed() {
    // Two operations, one after another, are too long already.
    let base = tight().replace(FITTING, "attempt_ms = 20000");
    let longer = |text: &str| text.replace("max_attempts = 3", "max_attempts = 4");
    let both = format!("{base}{PARALLEL}");
    let note = "`edge` waits 20000 ms, but `example` can take 20205 ms".to_owned();
    let of_driver = ("example.retry_policy.max_attempts".to_owned(), vec![note.clone()]);
    assert_eq!(breaking(&both, &longer(&both)), [of_driver]);
    let added = ("call.edge.example.2".to_owned(), vec![note]);
    assert_eq!(breaking(&base, &longer(&both)), [added]);
}

#[test]
fn diff_pairs_calls_with_equal_parallel_value_first() {
    let base = BASE.replace("times = 2\n", "");
    let call = &base[base.find("[[call]]").unwrap()..base.find("# another call\n").unwrap()];
    let new = base.replace(call, &format!("{PARALLEL}\n{call}times = 3\n"));
    let paths: Vec<_> = between(&base, &new).changes.iter().map(Change::path).collect();
    assert_eq!(paths, ["call.edge.example.1.times", "call.edge.example.1"]);
}

#[test]
fn added_cycle_is_risky_and_does_not_hide_breaking_call() {
    let base = tight();
    let cycle = "\n[[call]]\nfrom = \"example\"\nto = \"example\"\n";
    let new = format!("{base}{cycle}");
    let change = only(&base, &new);
    assert_eq!((change.path(), change.severity), ("call.example.example".into(), Severity::Risky));
    assert_eq!(change.meaning, "driverc does not judge this call or any call that follows it");
    let note = "`edge` waits 30250 ms, but 2 operations of `example` can take 40410 ms";
    let longer = new.replace("max_attempts = 3", "max_attempts = 4");
    let expected = ("example.retry_policy.max_attempts".to_owned(), vec![note.to_owned()]);
    assert_eq!(breaking(&base, &longer), [expected]);
    // The base does not judge the call.
    assert_eq!(breaking(&new, &longer), []);
}

#[test]
fn calls_are_not_breaking_if_base_turns_rule_off() {
    let base = tight();
    let [old, new] = [base.clone(), base.replace("times = 2", "times = 3")]
        .map(|text| workspace(&[("a.toml", &text)]));
    let known: Vec<_> = driverc::rules::all().collect();
    let off = "support_tiers = [\"tier1\", \"tier2\"]\n[rules]\ncall-deadline-short = \"off\"\n";
    let (_, off, findings) = driverc::configuration::read(off.into(), &known);
    assert_eq!(findings, []);
    let severities = |configuration: &driverc::configuration::Configuration| -> Vec<_> {
        let difference = driverc::diff::Difference::between(&old, &new, configuration);
        difference.changes.iter().map(|change| change.severity).collect()
    };
    assert_eq!(severities(&configured()), [Severity::Breaking]);
    assert_eq!(severities(&off), [Severity::Risky]);
}

#[test]
fn explicit_default_value_causes_no_change() {
    let base = BASE.replace("times = 2\n", "");
    let explicit = BASE.replace("times = 2\n", "times = 1\nparallel = false\n");
    assert_eq!(between(&base, &explicit).changes, []);
    let moved = base.replace("[caller.edge]", "[caller.edge] # the gateway");
    assert_eq!(between(&base, &moved).changes, []);
}

#[test]
fn renamed_driver_keeps_its_calls() {
    let new = BASE.replace("example", "renamed");
    let calls = between(BASE, &new).changes;
    assert!(calls.iter().all(|change| change.contract.kind() == "driver"), "{calls:#?}");
}

#[test]
fn callers_and_calls_with_read_errors_are_not_compared() {
    for (from, to) in [
        ("attempt_ms = 100000", "attempt_ms = 0"),
        ("times = 2", "times = 0"),
        ("from = \"edge\"", "from = 1"),
        ("to = \"example\"\ntimes", "to = 1\ntimes"),
    ] {
        assert!(BASE.contains(from), "{from}");
        let broken = BASE.replace(from, to);
        assert_eq!(between(BASE, &broken).changes, [], "{to}");
        assert_eq!(between(&broken, BASE).changes, [], "{to}");
    }
}

#[test]
fn calls_in_file_that_is_not_valid_toml_are_not_removed() {
    let (contracts, calls) = BASE.split_at(BASE.find("[caller.edge]").unwrap());
    let old = workspace(&[("a.toml", contracts), ("b.toml", calls)]);
    let new = workspace(&[("a.toml", contracts), ("b.toml", &format!("{calls}[x"))]);
    let difference = driverc::diff::Difference::between(&old, &new, &configured());
    assert_eq!(difference.changes, []);
}

#[test]
fn breaking_change_of_call_is_accepted_by_argument_and_by_waiver_of_callee() {
    let base = tight();
    let new = base.replace("times = 2", "times = 3");
    let mut difference = between(&base, &new);
    let argument: Accept = "breaking:call.edge.example.times".parse().unwrap();
    assert_eq!(difference.accept_by_arguments(&[argument]), []);
    assert_eq!(difference.open().count(), 0);

    let waiver = "\n[[waiver]]\nrule = \"contract-broken\"\ndriver = \"example\"\n\
                  reason = \"agreed\"\nowner = \"us\"\nexpires = 2027-01-01\n";
    let [old, new] = [base, new].map(|text| workspace(&[("a.toml", &format!("{text}{waiver}"))]));
    let mut difference = driverc::diff::Difference::between(&old, &new, &configured());
    difference.accept_by_waivers(&old, &new, Date::new(2026, 11, 1).unwrap());
    assert_eq!(difference.open().count(), 0);
}
