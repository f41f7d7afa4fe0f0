//! Changes of requirements, and changes that break the requirements of consumers.

use driverc::{
    configuration::{Configuration, RuleLevel, RuleSetting},
    diff::{Change, Difference, Severity},
    model::Name,
    report::{
        Style,
        diff::{DiffFormat, DiffReport, write},
    },
};
use proptest::prelude::*;

use super::{between, configured, edits::BASE, only, workspace};

/// A requirement for the driver of the base, whose worst case is 15125 ms.
fn requirement(consumer: &str, bounds: &str) -> String {
    format!(
        "\n[[requirement]]\nconsumer = \"{consumer}\"\ndriver = \"example\"\nowner = \"{consumer}-team\"\n\
         reason = \"agreed\"\n{bounds}\n"
    )
}

/// The base with two more consumers, of which only `search` has this bound.
fn with_bound(bound: &str) -> String {
    BASE.to_owned() + &requirement("search", bound) + &requirement("audit", "max_attempts = 60")
}

fn names(names: &[Name]) -> Vec<&str> {
    names.iter().map(Name::as_str).collect()
}

fn broken(change: &Change) -> [Vec<&str>; 2] {
    [names(&change.consumers.broken), names(&change.consumers.unaffected)]
}

#[test]
fn change_that_breaks_bound_is_breaking_for_its_consumer_only() {
    let limit = |limit: &str| format!("profile = \"heavy_data\"\n{limit}");
    let cases = [
        ("max_attempts = 3".to_owned(), "max_attempts = 3\n", "max_attempts = 4\n"),
        ("worst_case_ms = 15125".to_owned(), "request_ms = 5000", "request_ms = 5001"),
        ("worst_case_ms = 15125".to_owned(), "base_backoff_ms = 50", "base_backoff_ms = 51"),
        (
            limit("max_p95_latency_ms = 120"),
            "max_p95_latency_ms = 120\n",
            "max_p95_latency_us = 120001\n",
        ),
        (
            limit("max_timeout_rate_bps = 10"),
            "max_timeout_rate_bps = 10\n",
            "max_timeout_rate_bps = 11\n",
        ),
        (
            limit("max_retry_rate_bps = 50"),
            "max_retry_rate_bps = 50\n",
            "max_retry_rate_bps = 51\n",
        ),
        (limit("min_throughput_ops_per_sec = 400"), "per_sec = 400\n", "per_sec = 399\n"),
        (
            limit("max_p99_latency_ms = 300"),
            "max_p99_latency_ms = 300\n",
            "max_p99_latency_ms = 301\n",
        ),
        (limit("max_p99_latency_ms = 300"), "max_p99_latency_ms = 300\n", ""),
        ("capabilities = [\"batch_read\"]".to_owned(), ", \"batch_read\"]\nsupport", "]\nsupport"),
    ];
    for (bound, from, to) in cases {
        let base = with_bound(&bound);
        let at = base.find(from).unwrap_or_else(|| panic!("{from}"));
        let new = format!("{}{to}{}", &base[..at], &base[at + from.len()..]);
        let changes = between(&base, &new).changes;
        let [change] = &changes[..] else { panic!("{bound} {changes:#?}") };
        assert_eq!(change.severity, Severity::Breaking, "{bound} {change:#?}");
        assert_eq!(broken(change), [vec!["search"], vec!["audit", "billing"]], "{bound}");
        assert!(change.notes.iter().any(|note| note.contains("search-team")), "{change:#?}");
        let back = only(&new, &base);
        assert_ne!(back.severity, Severity::Breaking, "{bound} {back:#?}");
    }
}

#[test]
fn bound_that_base_does_not_meet_cannot_be_broken() {
    let base = with_bound("max_attempts = 2");
    let change = only(&base, &base.replace("max_attempts = 3\n", "max_attempts = 4\n"));
    assert_eq!(change.severity, Severity::Risky);
    assert_eq!(broken(&change), [vec![""; 0], vec![]]);
}

#[test]
fn removed_or_renamed_driver_breaks_all_its_consumers() {
    let base = with_bound("max_attempts = 60");
    let change = only(&base, &base.replace("[driver.example", "[driver.other"));
    assert_eq!(broken(&change), [vec!["audit", "billing", "search"], vec![]]);
    let start = base.find("[driver.example]").unwrap();
    let end = base.find("# another driver").unwrap();
    let gone = format!("{}{}", &base[..start], &base[end..]);
    let changes = between(&base, &gone).changes;
    let change = changes.iter().find(|change| change.path() == "example").unwrap();
    assert_eq!(broken(change), [vec!["audit", "billing", "search"], vec![]]);
}

#[test]
fn other_breaking_change_breaks_no_requirement() {
    let base = with_bound("max_attempts = 3");
    let change = only(&base, &base.replace("example_retries_total", "other_retries_total"));
    assert_eq!(change.severity, Severity::Breaking);
    assert_eq!(broken(&change), [vec![""; 0], vec!["audit", "billing", "search"]]);
}

#[test]
fn requirements_are_taken_from_base() {
    let base = with_bound("max_attempts = 3");
    let longer = base.replace("max_attempts = 3\n\n", "max_attempts = 4\n\n");
    let longer = longer.replace("max_attempts = 3\nbase", "max_attempts = 4\nbase");
    let changes = between(&base, &longer).changes;
    let [driver, relaxed] = &changes[..] else { panic!("{changes:#?}") };
    assert_eq!(broken(driver)[0], ["search"]);
    assert_eq!(relaxed.path(), "requirement.search.example.max_attempts");
    assert_eq!(relaxed.severity, Severity::Risky);

    let dropped = base.replace(&requirement("search", "max_attempts = 3"), "");
    let dropped = dropped.replace("max_attempts = 3\nbase", "max_attempts = 4\nbase");
    let changes = between(&base, &dropped).changes;
    let [driver, removed] = &changes[..] else { panic!("{changes:#?}") };
    assert_eq!(broken(driver)[0], ["search"]);
    assert_eq!(
        (removed.path().as_str(), removed.severity),
        ("requirement.search.example", Severity::Risky)
    );
    let added = only(
        &dropped,
        &dropped.replace("# another requirement", &requirement("search", "max_attempts = 2")),
    );
    assert_eq!(added.severity, Severity::Compatible);
}

#[test]
fn lost_claim_breaks_limits_of_profile() {
    let base = with_bound("profile = \"heavy_data\"\nmax_p95_latency_ms = 120");
    let change = only(&base, &base.replacen(", \"batch_read\"]", "]", 1));
    assert_eq!(broken(&change)[0], ["search"]);
}

#[test]
fn requirement_is_not_judged_if_rule_is_off() {
    let base = with_bound("max_attempts = 3");
    let new = base.replace("max_attempts = 3\nbase", "max_attempts = 4\nbase");
    let [old, new] = [&base, &new].map(|text| workspace(&[("a.toml", text)]));
    let off = RuleSetting { level: Some(RuleLevel::Off), parameters: [].into() };
    let mut configuration: Configuration = configured();
    configuration.rules.insert("requirement-unmet".to_owned(), off);
    let changes = Difference::between(&old, &new, &configuration).changes;
    assert_eq!(changes[0].severity, Severity::Risky, "{changes:#?}");
}

#[test]
fn requirement_with_read_errors_is_neither_added_nor_removed() {
    let base = with_bound("max_attempts = 3");
    let broken = base.replace("owner = \"search-team\"\n", "");
    assert_eq!(between(&base, &broken).changes, []);
    assert_eq!(between(&broken, &base).changes, []);
}

/// The base without a deadline and with this driver and limit.
fn text(attempts: u64, request_ms: u64, p95_us: u64, bounds: &str) -> String {
    BASE.replace("deadline_ms = 20000\n", "")
        .replace("max_attempts = 3\n", &format!("max_attempts = {attempts}\n"))
        .replace("request_ms = 5000", &format!("request_ms = {request_ms}"))
        .replace("base_backoff_ms = 50", "base_backoff_ms = 0")
        .replace("max_p95_latency_ms = 120\n", &format!("max_p95_latency_us = {p95_us}\n"))
        + &requirement("search", bounds)
}

#[test]
fn line_names_at_most_ten_consumers() {
    let all: Vec<_> = (10..25).map(|number| format!("c{number}")).collect();
    let needs: String = all.iter().map(|name| requirement(name, "max_attempts = 3")).collect();
    let base = BASE.to_owned() + &needs;
    let change = only(&base, &base.replace("max_attempts = 3\nbase", "max_attempts = 4\nbase"));
    assert_eq!(names(&change.consumers.broken), all);
    assert_eq!(change.notes[3], "… and 12 more bounds");
    let [old, new] = [&base, &base.replace("max_attempts = 3\nbase", "max_attempts = 4\nbase")]
        .map(|text| workspace(&[("a.toml", text)]));
    let difference = Difference::between(&old, &new, &configured());
    let report = DiffReport {
        difference: &difference,
        old: &old,
        new: &new,
        against: "main",
        directory: "",
        fail_on: Severity::Breaking,
    };
    let mut out = Vec::new();
    write(DiffFormat::Concise, &report, &Style::default(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("`c19` and 5 more; not `billing` (was"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A consumer breaks exactly if one of its bounds was met and is no longer met.
    #[test]
    fn broken_consumers_equal_comparison_of_numbers(
        sides in prop::array::uniform2((1..4_u64, 4_999..5_002_u64, 119_999..120_002_u64)),
        most in (1..4_u64, 4_998..15_007_u64, 119_999..120_002_u64),
    ) {
        let (attempts, worst, p95) = most;
        let bounds = format!(
            "max_attempts = {attempts}\nworst_case_ms = {worst}\nprofile = \"heavy_data\"\n\
             max_p95_latency_us = {p95}"
        );
        let [old, new] = sides.map(|(attempts, request, p95)| text(attempts, request, p95, &bounds));
        let met = sides.map(|(tries, request, limit)| {
            [tries <= attempts, tries * request <= worst, limit <= p95]
        });
        let breaks = met[0].into_iter().zip(met[1]).any(|(before, after)| before && !after);
        let changes = between(&old, &new).changes;
        let broken = changes.iter().flat_map(|change| names(&change.consumers.broken));
        prop_assert_eq!(broken.collect::<Vec<_>>().contains(&"search"), breaks);
        for change in &changes {
            let is_broken = change.consumers.broken.is_empty();
            prop_assert_eq!(change.severity == Severity::Breaking, !is_broken);
        }
    }
}
