//! Levels from presets, rules and files, and thresholds.

use super::{BASE, NONE, TODAY, configured, reported, with_attempts};

/// Returns the findings of the contract, as `contracts/legacy/old.toml`, with this `max_attempts`.
fn reported_with(configuration: &str, attempts: u32) -> Vec<String> {
    let contract = with_attempts(&format!("max_attempts = {attempts}"));
    let documents = [("contracts/legacy/old.toml", &contract[..])];
    reported(&documents, &configured(configuration), TODAY).0
}

fn level(configuration: &str) -> String {
    let reported = reported_with(configuration, 4);
    reported.first().map_or("off", |finding| finding.split(' ').next().unwrap()).to_owned()
}

#[test]
fn rules_table_sets_level_of_rule() {
    assert_eq!(level(""), "warn");
    for word in ["off", "info", "warn", "error"] {
        assert_eq!(level(&format!("[rules]\nretry-attempts-high = \"{word}\"")), word);
        assert_eq!(level(&format!("[rules.retry-attempts-high]\nlevel = \"{word}\"")), word);
    }
}

#[test]
fn strict_preset_raises_level_by_one() {
    assert_eq!(level("preset = \"strict\""), "error");
    assert_eq!(level("preset = \"recommended\""), "warn");
    let named = "preset = \"strict\"\n[rules]\nretry-attempts-high = \"info\"";
    assert_eq!(level(named), "info", "a named rule has its own level");
    let threshold = "preset = \"strict\"\n[rules.retry-attempts-high]\nlimit = 2";
    assert_eq!(level(threshold), "error", "a threshold sets no level");
}

#[test]
fn configured_limit_replaces_default_threshold() {
    let limit = "[rules.retry-attempts-high]\nlimit = 4";
    assert_eq!(reported_with(limit, 4), NONE);
    assert_eq!(reported_with(limit, 5), ["warn retry-attempts-high: 5"]);
    let lower = "[rules]\nretry-attempts-high = { level = \"error\", limit = 1 }";
    assert_eq!(reported_with(lower, 2), ["error retry-attempts-high: 2"]);
}

#[test]
fn most_severe_finding_at_location_comes_first() {
    let name = "example_client_idle_ms_total";
    let text = BASE.replace("example_client_in_flight_requests", name);
    let (open, _) = reported(&[("a.toml", &text)], &configured(""), TODAY);
    let expected = ["error metric-gauge-total", "warn metric-unit-suffix"];
    assert_eq!(open, expected.map(|rule| format!("{rule}: \"{name}\"")));
}

#[test]
fn number_with_several_faults_gives_only_most_severe_finding() {
    let text = with_attempts("max_attempts = 100").replace("  \"idempotent_write\",\n", "");
    let text = text.replace("  \"checkpoint_resume\",\n", "");
    let reported =
        |configuration| reported(&[("a.toml", &text)], &configured(configuration), TODAY).0;
    assert_eq!(reported(""), ["error retry-non-idempotent-write: 100"]);
    let off = "[rules]\nretry-non-idempotent-write = \"off\"\n";
    assert_eq!(reported(off), ["warn retry-amplification: 100"]);
}

#[test]
fn disabled_rule_does_not_hide_other_rules() {
    assert_eq!(reported_with("", 28), ["warn retry-amplification: 28"]);
    let off = "[rules]\nretry-amplification = \"off\"\n";
    assert_eq!(reported_with(off, 28), ["warn retry-attempts-high: 28"]);
}

fn per_file(tables: &[(&str, &str)]) -> String {
    let table =
        |(glob, level): &(&str, &str)| format!("['{glob}']\nretry-attempts-high = \"{level}\"\n");
    let tables: String = tables.iter().map(table).collect();
    tables.replace("['", "[per-file-rules.'")
}

#[test]
fn per_file_levels_apply_to_files_that_match_glob() {
    for glob in [
        "contracts/legacy/old.toml",
        "./contracts/legacy/old.toml",
        "contracts/legacy",
        "contracts/legacy/",
        "contracts/*/old.toml",
        "contracts/legacy/*",
        "contracts/**",
        "**/old.toml",
        "**",
        "contracts/{legacy,new}/*.toml",
        "contracts/legacy/[a-z]ld.toml",
        "contracts/legacy/?ld.toml",
    ] {
        assert_eq!(level(&per_file(&[(glob, "off")])), "off", "{glob}");
        assert_eq!(level(&per_file(&[(glob, "error")])), "error", "{glob}");
    }
    for glob in ["old.toml", "*.toml", "contracts/*.toml", "legacy/**", "contracts/leg", ""] {
        assert_eq!(level(&per_file(&[(glob, "off")])), "warn", "{glob}");
    }
}

#[test]
fn later_matching_glob_takes_precedence() {
    assert_eq!(level(&per_file(&[("**", "off"), ("contracts/**", "error")])), "error");
    assert_eq!(level(&per_file(&[("contracts/**", "error"), ("**", "off")])), "off");
    assert_eq!(level(&per_file(&[("contracts/**", "error"), ("other/**", "off")])), "error");
}

#[test]
fn per_file_level_overrides_rules_and_preset() {
    let file = per_file(&[("contracts/**", "info")]);
    assert_eq!(level(&format!("preset = \"strict\"\n{file}")), "info");
    assert_eq!(level(&format!("[rules]\nretry-attempts-high = \"error\"\n{file}")), "info");
    assert_eq!(level(&format!("[rules]\nretry-attempts-high = \"off\"\n{file}")), "info");
}

#[test]
fn disabled_rule_runs_in_files_whose_per_file_level_enables_rule() {
    let contract = with_attempts("max_attempts = 4");
    let other = contract.split("[budget.heavy_data]").next().unwrap();
    let other = other.replace("example", "other").replace("sqlx::postgres", "sqlx::other");
    let off = "[rules]\nretry-attempts-high = \"off\"\n".to_owned();
    let configuration = configured(&(off + &per_file(&[("legacy/**", "error")])));
    let documents = [("contracts/a.toml", &contract[..]), ("legacy/b.toml", &other)];
    let attempts = |reported: &&String| reported.contains("retry-attempts-high");
    let (open, _) = reported(&documents, &configuration, TODAY);
    let found: Vec<_> = open.iter().filter(attempts).collect();
    assert_eq!(found, ["error retry-attempts-high: 4"]);
}

#[test]
fn suppression_rules_have_configurable_levels() {
    let contract = with_attempts("max_attempts = 3 # driverc: ignore[retry-attempts-high] why");
    let documents = [("legacy/a.toml", &contract[..])];
    for (configuration, expected) in [
        ("[rules]\nsuppression-unused = \"off\"", None),
        ("[per-file-rules.\"legacy/**\"]\nsuppression-unused = \"off\"", None),
        ("preset = \"strict\"", Some("error suppression-unused: retry-attempts-high")),
    ] {
        let (open, _) = reported(&documents, &configured(configuration), TODAY);
        assert_eq!(open.first().map(String::as_str), expected, "{configuration}");
    }
}

#[test]
fn stream_limit_applies_to_other_brokers_only_if_declared() {
    let with_module = |module: &str, configuration: &str| {
        let text = BASE
            .replace("relational_adapter", "stream_adapter")
            .replace("sqlx::postgres", module)
            .replace("idle_ms = 300000", "idle_ms = 900000");
        reported(&[("a.toml", &text)], &configured(configuration), TODAY).0
    };
    let idle = ["warn timeout-idle-beyond-server: 900000"];
    assert_eq!(with_module("rdkafka::consumer", ""), idle);
    assert_eq!(with_module("async_nats::jetstream", ""), NONE);
    let limit = |value| format!("[rules.timeout-idle-beyond-server]\nstream_limit = {value}");
    for module in ["rdkafka::consumer", "async_nats::jetstream"] {
        assert_eq!(with_module(module, &limit(900_000)), idle);
        assert_eq!(with_module(module, &limit(900_001)), NONE);
        assert_eq!(with_module(module, &limit(0)), NONE);
    }
}

#[test]
fn unbounded_concurrency_gives_one_finding() {
    let text = BASE
        .replace("max_in_flight = 5\n", "max_in_flight = 1000000\n")
        .replace("  \"bounded_concurrency\",\n", "");
    let reported_with =
        |configuration| reported(&[("a.toml", &text)], &configured(configuration), TODAY).0;
    let [one] = &reported_with("")[..] else { panic!("one finding") };
    assert!(one.starts_with("error capability-required-missing: "), "{one}");
    let optional = "[required_capabilities]\nrelational_adapter = [\"timeout_telemetry\"]";
    for configuration in [optional, "[rules]\ncapability-required-missing = \"off\""] {
        assert_eq!(reported_with(configuration), ["error concurrency-unbounded: 1000000"]);
    }
    let both_off = "[rules]\ncapability-required-missing = \"off\"\n\
                    concurrency-unbounded = \"off\"";
    assert_eq!(reported_with(both_off), ["warn concurrency-pool-oversized: 1000000"]);
}
