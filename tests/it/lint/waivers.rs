//! Waivers: which findings they cover, until when, and their own faults.

use driverc::workspace::Configuration;

use super::{BASE, NONE, RULE, TODAY, check_on, configured, reported, with_attempts, workspace};

const OPEN: &str = "warn retry-attempts-high: 4";
const UNUSED: &str = "warn waiver-unused: \"retry-attempts-high\"";

fn waiver(driver: &str, expires: &str) -> String {
    waiver_of(RULE, driver, expires)
}

/// A waiver for one driver, or for every driver if `driver` is empty.
fn waiver_of(rule: &str, driver: &str, expires: &str) -> String {
    let scope = if driver.is_empty() { String::new() } else { format!("driver = \"{driver}\"\n") };
    format!(
        "[[waiver]]\nrule = \"{rule}\"\n{scope}reason = \"until {expires}\"\n\
         owner = \"team\"\nexpires = {expires}\n"
    )
}

fn accepted(expires: &str) -> Vec<String> {
    vec![format!("{RULE} waiver: until {expires}")]
}

/// Returns the findings of the contract with `max_attempts = 4` and these waivers.
fn reported_with(waivers: &str, today: &str) -> (Vec<String>, Vec<String>) {
    let contract = with_attempts("max_attempts = 4");
    reported(&[("a.toml", &contract), ("w.toml", waivers)], &Configuration::default(), today)
}

#[test]
fn waiver_applies_to_one_driver_or_all() {
    for driver in ["example", ""] {
        let reported = reported_with(&waiver(driver, "2027-03-31"), TODAY);
        assert_eq!(reported, (vec![], accepted("2027-03-31")), "{driver}");
    }
}

#[test]
fn waiver_of_other_driver_waives_no_finding() {
    let contract = with_attempts("max_attempts = 4");
    let other = BASE.split("[budget.heavy_data]").next().unwrap();
    let other = other.replace("example", "other").replace("sqlx::postgres", "sqlx::other");
    let waivers = waiver("other", "2027-03-31");
    let documents = [("a.toml", &contract[..]), ("b.toml", &other), ("w.toml", &waivers)];
    let (open, accepted) = reported(&documents, &Configuration::default(), TODAY);
    assert!(open.contains(&OPEN.to_owned()) && open.contains(&UNUSED.to_owned()), "{open:?}");
    assert_eq!(accepted, NONE);
}

#[test]
fn waiver_applies_on_its_expiry_date() {
    let waivers = waiver("example", "2026-11-01");
    assert_eq!(reported_with(&waivers, "2026-11-01"), (vec![], accepted("2026-11-01")));
    let expired = "warn waiver-expired: 2026-11-01".to_owned();
    assert_eq!(reported_with(&waivers, "2026-11-02"), (vec![OPEN.into(), expired], vec![]));
}

#[test]
fn expired_waiver_message_gives_days_since_expiry() {
    for (today, ago) in [("2026-11-02", "1 day"), ("2027-11-01", "365 days")] {
        let waivers = workspace(&[("a.toml", BASE), ("w.toml", &waiver("", "2026-11-01"))]);
        let findings = check_on(&waivers, &Configuration::default(), today);
        let [finding] = &findings.open[..] else { panic!("{findings:?}") };
        let expected = format!("the waiver of `{RULE}` expired {ago} ago, on 2026-11-01");
        assert_eq!(finding.message, expected);
    }
}

#[test]
fn unneeded_waiver_is_reported_as_unused() {
    let documents = [("a.toml", BASE), ("w.toml", &waiver("example", "2027-03-31")[..])];
    assert_eq!(
        reported(&documents, &Configuration::default(), TODAY),
        (vec![UNUSED.into()], vec![])
    );
}

#[test]
fn waiver_for_disabled_rule_is_not_unused() {
    let contract = with_attempts("max_attempts = 4");
    for driver in ["example", ""] {
        let waivers = waiver(driver, "2027-03-31");
        let documents = [("a.toml", &contract[..]), ("w.toml", &waivers)];
        for off in [
            format!("[rules]\n{RULE} = \"off\""),
            format!("[per-file-rules.\"*\"]\n{RULE} = \"off\""),
        ] {
            assert_eq!(reported(&documents, &configured(&off), TODAY), (vec![], vec![]), "{off}");
        }
    }
}

#[test]
fn waiver_for_rule_disabled_in_file_is_not_unused() {
    let contract = with_attempts("max_attempts = 4");
    let waivers = waiver("example", "2027-03-31");
    let documents = [("a.toml", &contract[..]), ("w.toml", &waivers)];
    let configuration = configured(&format!("[per-file-rules.\"a.toml\"]\n{RULE} = \"off\""));
    assert_eq!(reported(&documents, &configuration, TODAY), (vec![], vec![]));
}

#[test]
fn narrower_then_later_expiring_waiver_applies() {
    let narrow = waiver("example", "2026-12-31");
    let wide = waiver("", "2027-12-31");
    let longer = waiver("example", "2027-01-31");
    for (first, second, reason) in [
        (&narrow, &wide, "2026-12-31"),
        (&wide, &narrow, "2026-12-31"),
        (&narrow, &longer, "2027-01-31"),
        (&longer, &narrow, "2027-01-31"),
    ] {
        let reported = reported_with(&format!("{first}{second}"), TODAY);
        assert_eq!(reported, (vec![UNUSED.into()], accepted(reason)));
    }
}

#[test]
fn valid_waiver_takes_precedence_over_expired_waiver() {
    let waivers = waiver("example", "2026-10-31") + &waiver("", "2027-03-31");
    let expired = "warn waiver-expired: 2026-10-31".to_owned();
    assert_eq!(reported_with(&waivers, TODAY), (vec![expired], accepted("2027-03-31")));
}

#[test]
fn waiver_with_unknown_or_unwaivable_rule_is_reported() {
    for (rule, help) in [
        ("retry-attempts-hihg", "did you mean `retry-attempts-high`?"),
        ("no-such-thing-at-all", "name a rule that `driverc rule` lists"),
        ("unknown-key", "remove the waiver, and fix what the rule reports"),
        ("waiver-expired", "remove the waiver, and fix what the rule reports"),
    ] {
        let waivers = waiver_of(rule, "example", "2020-01-01");
        let workspace = workspace(&[("a.toml", BASE), ("w.toml", &waivers)]);
        let findings = check_on(&workspace, &Configuration::default(), TODAY);
        let [finding] = &findings.open[..] else { panic!("{findings:?}") };
        assert_eq!(
            (finding.rule.name, finding.help.as_deref()),
            ("waiver-unknown-rule", Some(help))
        );
    }
}

#[test]
fn waiver_takes_precedence_over_comment() {
    let contract =
        with_attempts("max_attempts = 4 # driverc: ignore[retry-attempts-high] a comment");
    let waivers = waiver("example", "2027-03-31");
    let documents = [("a.toml", &contract[..]), ("w.toml", &waivers)];
    let unused = "warn suppression-unused: retry-attempts-high".to_owned();
    let expected = (vec![unused], accepted("2027-03-31"));
    assert_eq!(reported(&documents, &Configuration::default(), TODAY), expected);
}

#[test]
fn read_errors_are_still_reported_and_unused_waivers_are_not() {
    let broken = with_attempts("max_attempts = 400");
    let waivers = waiver("example", "2027-03-31") + &waiver_of("out-of-range", "", "2027-03-31");
    let documents = [("a.toml", &broken[..]), ("w.toml", &waivers)];
    let unknown = "error waiver-unknown-rule: \"out-of-range\"".to_owned();
    let expected = (vec!["error out-of-range: 400".into(), unknown], vec![]);
    assert_eq!(reported(&documents, &Configuration::default(), TODAY), expected);
}

#[test]
fn waiver_of_driver_covers_budget_of_its_scope() {
    let rule = "budget-throughput-zero";
    let scope = "[budget.heavy_data.driver.example]\nmin_throughput_ops_per_sec = 0\n";
    let waivers = scope.to_owned() + &waiver_of(rule, "example", "2027-03-31");
    let documents = [("a.toml", BASE), ("w.toml", &waivers)];
    let (open, accepted) = reported(&documents, &Configuration::default(), TODAY);
    assert_eq!(open, NONE);
    assert_eq!(accepted, [format!("{rule} waiver: until 2027-03-31")]);
}

#[test]
fn waiver_of_driver_does_not_cover_class_budget() {
    let rule = "budget-throughput-zero";
    let scope = "[budget.heavy_data.class.stream_adapter]\nmin_throughput_ops_per_sec = 0\n";
    let waivers = scope.to_owned() + &waiver_of(rule, "example", "2027-03-31");
    let documents = [("a.toml", BASE), ("w.toml", &waivers)];
    let (open, _) = reported(&documents, &Configuration::default(), TODAY);
    let expected = [format!("warn {rule}: 0"), format!("warn waiver-unused: \"{rule}\"")];
    assert_eq!(open, expected);
}

#[test]
fn waiver_with_field_covers_only_that_field() {
    let contract = with_attempts("max_attempts = 4");
    for (field, covers) in [
        ("retry_policy.max_attempts", true),
        ("retry_policy", true),
        ("retry_policy.jitter_percent", false),
        ("timeout_policy", false),
        ("max_in_flight", false),
    ] {
        let waiver = waiver("example", "2027-03-31")
            .replace("reason", &format!("field = \"{field}\"\nreason"));
        let documents = [("a.toml", &contract[..]), ("w.toml", &waiver)];
        let expected = if covers {
            (vec![], accepted("2027-03-31"))
        } else {
            (vec![OPEN.to_owned(), UNUSED.to_owned()], vec![])
        };
        assert_eq!(reported(&documents, &Configuration::default(), TODAY), expected, "{field}");
    }
}

#[test]
fn waiver_with_field_takes_precedence_over_general_waiver() {
    let contract = with_attempts("max_attempts = 4");
    let all = waiver("example", "2027-12-31");
    let field = waiver("example", "2027-01-31")
        .replace("reason", "field = \"retry_policy.max_attempts\"\nreason");
    let documents = [("a.toml", &contract[..]), ("w.toml", &(all + &field)[..])];
    let (open, by) = reported(&documents, &Configuration::default(), TODAY);
    assert_eq!((open, by), (vec![UNUSED.to_owned()], accepted("2027-01-31")));
}

#[test]
fn waiver_with_field_takes_precedence_over_waiver_of_its_table() {
    let contract = with_attempts("max_attempts = 4");
    let of = |field: &str, expires| {
        waiver("example", expires).replace("reason", &format!("field = \"{field}\"\nreason"))
    };
    let narrow = of("retry_policy.max_attempts", "2027-01-31");
    let documents = of("retry_policy", "2027-12-31") + &narrow;
    let (open, by) = reported(
        &[("a.toml", &contract), ("w.toml", &documents)],
        &Configuration::default(),
        TODAY,
    );
    assert_eq!((open, by), (vec![UNUSED.to_owned()], accepted("2027-01-31")));
}

#[test]
fn waiver_with_either_unit_of_limit_covers_limit() {
    let fixture = include_str!("../../fixtures/invalid/budget-p95-vacuous.toml");
    for field in ["max_p95_latency_ms", "max_p95_latency_us"] {
        let waiver = waiver_of("budget-p95-vacuous", "", "2027-03-31")
            .replace("reason", &format!("field = \"{field}\"\nreason"));
        let documents = [("a.toml", fixture), ("w.toml", &waiver[..])];
        let (open, accepted) = reported(&documents, &Configuration::default(), TODAY);
        let is_left = |finding: &String| finding.contains("vacuous") || finding.contains("waiver");
        assert!(!open.iter().any(is_left), "{field}: {open:?}");
        assert!(!accepted.is_empty(), "{field}");
    }
}

#[test]
fn waiver_with_unknown_field_is_error_and_waives_no_finding() {
    let waivers =
        waiver("example", "2027-03-31").replace("reason", "field = \"max_atempts\"\nreason");
    let (open, accepted) = reported_with(&waivers, TODAY);
    assert!(open.iter().any(|finding| finding.contains("unknown-word")), "{open:?}");
    assert!(open.contains(&OPEN.to_owned()), "{open:?}");
    assert_eq!(accepted, Vec::<String>::new());
}
