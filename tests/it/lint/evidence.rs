//! Benchmarks that the project requires.

use super::{BASE, NONE, TODAY, configured, reported};

/// A benchmark of a driver without the fields that bound its figures. `driver` is a TOML value.
fn benchmark(driver: &str) -> String {
    format!(
        "[[benchmark]]\ndriver = {driver}\nprofile = \"heavy_data\"\np50_latency_ms = 100\n\
         p95_latency_ms = 500\ntimeout_rate_bps = 1\nretry_rate_bps = 10\n\
         throughput_ops_per_sec = 45\n"
    )
}

/// Returns the findings of two drivers with one budget each, and of their benchmarks.
fn reported_with(benchmarks: &str) -> Vec<String> {
    let contract = BASE.split("[budget.heavy_data]").next().unwrap();
    let other = contract.replace("example", "other").replace("sqlx::postgres", "sqlx::other");
    let documents = [("a.toml", BASE), ("b.toml", &other[..]), ("c.toml", benchmarks)];
    let required = configured("[evidence.tier1]\nprofiles = [\"heavy_data\"]\n");
    reported(&documents, &required, TODAY).0
}

#[test]
fn unreadable_benchmark_is_not_reported_missing() {
    let missing = ["example", "other"].map(|name| format!("error sample-missing: [driver.{name}]"));
    assert_eq!(reported_with(""), missing);
    let broken = benchmark("\"other\"").replace("= 45", "= -45");
    assert_eq!(reported_with(&broken), [missing[0].as_str(), "error out-of-range: -45"]);
    assert_eq!(reported_with(&benchmark("7")), ["error wrong-type: 7"]);
}

/// Only the command that judges a benchmark needs bounds on its figures.
#[test]
fn required_benchmark_can_omit_counts_and_upper_bound() {
    let both = [benchmark("\"example\""), benchmark("\"other\"")].concat();
    let rules =
        reported_with(&both).into_iter().filter(|finding| !finding.contains("sample-stale"));
    assert_eq!(rules.collect::<Vec<_>>(), NONE);
}

/// Returns the rules about budgets that a driver with a benchmark for `heavy_data` raises.
fn reported_without_budget(contract: &str, budget: &str, configuration: &str) -> Vec<String> {
    let documents =
        [("a.toml", contract), ("b.toml", budget), ("c.toml", &benchmark("\"example\""))];
    let required = format!("{configuration}\n[evidence.tier1]\nprofiles = [\"heavy_data\"]\n");
    let reported = reported(&documents, &configured(&required), TODAY).0;
    let rules = reported.iter().filter_map(|finding| finding.split([' ', ':']).nth(1));
    rules.filter(|rule| rule.contains("budget")).map(str::to_owned).collect()
}

/// A missing budget is one fault, in `check` and in `budget`.
#[test]
fn missing_budget_gives_one_finding() {
    let contract = BASE.split("[budget.heavy_data]").next().unwrap();
    let mixed = "[budget.mixed_latency]\nmax_p95_latency_ms = 130\nmax_timeout_rate_bps = 10\n\
                 max_retry_rate_bps = 50\nmin_throughput_ops_per_sec = 850\n";
    let (of_driver, of_sample) = ("budget-missing-profile", "sample-without-budget");
    let of_tier = "support-tier-without-budget";
    let off = |rule: &str| format!("[rules]\n{rule} = \"off\"");
    let top = "support_tiers = [\"tier1\"]\n";
    let reported =
        |budget, configuration: &str| reported_without_budget(contract, budget, configuration);
    assert_eq!(reported(mixed, ""), [of_driver]);
    assert_eq!(reported(mixed, &off(of_driver)), [of_sample]);
    assert_eq!(reported(mixed, top), [of_tier]);
    assert_eq!(reported(mixed, &format!("{top}{}", off(of_tier))), [of_driver]);
    assert_eq!(reported(mixed, &format!("{top}{}", off(of_driver))), [of_tier]);
    assert_eq!(reported("", ""), [of_sample], "a project without budgets judges nothing");
    let claims_less = contract.replace("  \"batch_read\",\n  \"batch_write\",\n", "");
    assert_ne!(claims_less, contract);
    assert_eq!(reported_without_budget(&claims_less, mixed, ""), [of_sample]);
    assert_eq!(reported_without_budget(&claims_less, mixed, top), [of_sample]);
}
