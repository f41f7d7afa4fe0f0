//! Benchmarks that the project requires.

use super::{BASE, NONE, TODAY, configured, said};

/// A benchmark of a driver without the fields that bound its figures. `driver` is a TOML value.
fn sample(driver: &str) -> String {
    format!(
        "[[benchmark]]\ndriver = {driver}\nprofile = \"heavy_data\"\np50_latency_ms = 100\n\
         p95_latency_ms = 500\ntimeout_rate_bps = 1\nretry_rate_bps = 10\n\
         throughput_ops_per_sec = 45\n"
    )
}

/// Returns the findings of two drivers with one budget each, and of their benchmarks.
fn said_beside(samples: &str) -> Vec<String> {
    let contract = BASE.split("[budget.heavy_data]").next().unwrap();
    let other = contract.replace("example", "other").replace("sqlx::postgres", "sqlx::other");
    let documents = [("a.toml", BASE), ("b.toml", &other[..]), ("c.toml", samples)];
    let asked = configured("[evidence.tier1]\nprofiles = [\"heavy_data\"]\n");
    said(&documents, &asked, TODAY).0
}

#[test]
fn unreadable_benchmark_is_not_reported_missing() {
    let missing = ["example", "other"].map(|name| format!("error sample-missing: [driver.{name}]"));
    assert_eq!(said_beside(""), missing);
    let broken = sample("\"other\"").replace("= 45", "= -45");
    assert_eq!(said_beside(&broken), [missing[0].as_str(), "error out-of-range: -45"]);
    assert_eq!(said_beside(&sample("7")), ["error wrong-type: 7"]);
}

/// Only the command that judges a benchmark needs bounds on its figures.
#[test]
fn required_benchmark_can_omit_counts_and_upper_bound() {
    let both = [sample("\"example\""), sample("\"other\"")].concat();
    let rules = said_beside(&both).into_iter().filter(|said| !said.contains("sample-stale"));
    assert_eq!(rules.collect::<Vec<_>>(), NONE);
}

/// Returns the rules about budgets that a driver with a benchmark for `heavy_data` raises.
fn said_without_budget(contract: &str, budget: &str, configuration: &str) -> Vec<String> {
    let documents = [("a.toml", contract), ("b.toml", budget), ("c.toml", &sample("\"example\""))];
    let asked = format!("{configuration}\n[evidence.tier1]\nprofiles = [\"heavy_data\"]\n");
    let said = said(&documents, &configured(&asked), TODAY).0;
    let rules = said.iter().filter_map(|said| said.split([' ', ':']).nth(1));
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
    let said = |budget, configuration: &str| said_without_budget(contract, budget, configuration);
    assert_eq!(said(mixed, ""), [of_driver]);
    assert_eq!(said(mixed, &off(of_driver)), [of_sample]);
    assert_eq!(said(mixed, top), [of_tier]);
    assert_eq!(said(mixed, &format!("{top}{}", off(of_tier))), [of_driver]);
    assert_eq!(said(mixed, &format!("{top}{}", off(of_driver))), [of_tier]);
    assert_eq!(said("", ""), [of_sample], "a project without budgets judges nothing");
    let claims_less = contract.replace("  \"batch_read\",\n  \"batch_write\",\n", "");
    assert_ne!(claims_less, contract);
    assert_eq!(said_without_budget(&claims_less, mixed, ""), [of_sample]);
    assert_eq!(said_without_budget(&claims_less, mixed, top), [of_sample]);
}
