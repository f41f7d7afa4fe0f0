//! Tests `driverc budget --simulate`.

use driverc::parse_budget_result_signature;
use serde_json::Value;

use super::{json, judged, project, snapshot, xml};
use crate::cli::sandbox::{EXAMPLE, Sandbox};

#[test]
fn simulated_built_in_set_passes_its_budgets() {
    let run = Sandbox::new().run(&["budget", "builtin:", "--simulate", "--fail-on=info"]);
    assert_eq!((run.code, &*run.stderr), (0, "8 passed\n"));
    snapshot("built-in", &run.stdout);
    let lines: Vec<_> = run.stdout.lines().filter(|line| line.starts_with("pass: ")).collect();
    assert_eq!(lines.len(), 8);
    assert!(lines.iter().all(|line| line.contains(", simulated, ")), "{}", run.stdout);
    assert!(!run.stdout.contains("measured"), "{}", run.stdout);
}

#[test]
fn simulated_benchmark_is_never_too_old() {
    let sandbox = Sandbox::repository(&[("contracts/example.toml", EXAMPLE)]);
    sandbox.write("driverc.toml", "[evidence.tier2]\nmax_age_days = 1\n");
    let run = judged(&sandbox, &["--simulate", "--fail-on=info"]);
    assert_eq!((run.code, &*run.stderr), (0, "2 passed\n"), "{}", run.stdout);
}

/// The driver `a` with workloads for both profiles. Under the first, every request fails.
fn unserved(fault: &str) -> Sandbox {
    let load = |profile: &str, fault: &str| {
        format!(
            "[workload.{profile}]\nduration_ms = 60000\nrate_ops_per_ksec = 1000000\n{fault}\
             [[workload.{profile}.operation]]\nweight = 1\nservice = {{ constant_us = 1000 }}\n"
        )
    };
    project(&[load("heavy_data", fault), load("mixed_latency", "")].concat())
}

#[test]
fn workload_without_successful_request_fails() {
    let sandbox = unserved("error_bps = 10000\n");
    let reason = "no request succeeds with seed 1; a run without a success has no percentiles and \
                  fails every budget";
    for format in ["text", "json", "markdown", "junit", "signature"] {
        let run = judged(&sandbox, &["--simulate", "--output-format", format]);
        assert_eq!(run.code, 1, "{format}: {}", run.stderr);
        let text = if format == "signature" {
            parse_budget_result_signature(run.stdout.lines().next().unwrap()).unwrap().reason
        } else {
            run.stdout.clone()
        };
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(reason), "{format}: {}", run.stdout);
        if matches!(format, "text" | "signature") {
            assert_eq!(run.stderr, "1 passed, 1 failed\n");
        }
        snapshot(&format!("nothing-served-{format}"), &run.stdout);
    }
    assert_eq!(judged(&sandbox, &["--simulate", "--exit-zero"]).code, 0);
    let report = json(&judged(&sandbox, &["--simulate", "--output-format=json"]));
    assert_eq!((&report["summary"]["fail"], &report["summary"]["pass"]), (&1.into(), &1.into()));
    let benchmark = &report["pairs"][0]["samples"][0];
    assert_eq!(
        (&benchmark["simulated"], &benchmark["figures"]),
        (&true.into(), &Value::Array(vec![]))
    );
    let run = judged(&sandbox, &["--simulate", "--output-format=junit"]);
    let suites = xml::valid(&run.stdout).children;
    let counts = ["tests", "failures"].map(|count| suites[0].attribute(count));
    assert_eq!(counts, ["2", "1"]);
}

#[test]
fn failed_simulation_without_budget_leaves_run_incomplete() {
    let sandbox = unserved("error_bps = 10000\n");
    let budgets = sandbox.read("contracts/budgets.toml");
    let (_, mixed) = budgets.split_once("[budget.mixed_latency]").unwrap();
    sandbox.write("contracts/budgets.toml", format!("[budget.mixed_latency]{mixed}"));
    let run = judged(&sandbox, &["--simulate", "--exit-zero"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("error: no result of `a` for `heavy_data`: "), "{}", run.stderr);
    assert!(run.stderr.contains("1 passed"), "{}", run.stderr);
}

#[test]
fn simulated_init_example_passes() {
    let sandbox = Sandbox::repository(&[("contracts/example.toml", EXAMPLE)]);
    let run = judged(&sandbox, &["--simulate", "--fail-on=warn"]);
    assert_eq!((run.code, &*run.stderr), (0, "2 passed\n"));
}

/// The driver `a` with a queue, under a workload with rare stalls that time out.
fn stalling(seeds: &str) -> Sandbox {
    let load = format!(
        "[workload.heavy_data]\nseeds = [{seeds}]\nduration_ms = 10000\n\
         rate_ops_per_ksec = 1000000\nstall_bps = 1\nstall_us = 60000000\n\
         [[workload.heavy_data.operation]]\nweight = 1\nservice = {{ exponential_us = 1000 }}\n"
    );
    project(&load)
}

/// More seeds can only find more failures. The benchmark that `bench` records has the events of one
/// seed.
#[test]
fn more_seeds_never_turn_inconclusive_into_pass() {
    let verdict = |seeds: &str| {
        let run = judged(&stalling(seeds), &["--simulate", "--output-format=json", "--exit-zero"]);
        json(&run)["pairs"][0]["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict("1, 2, 3, 4"), "inconclusive");
    for seeds in ["1, 2, 3, 4, 5", "1, 2, 3, 4, 5, 6, 7, 8", "1, 2, 11, 12, 13, 14"] {
        let sandbox = stalling(seeds);
        let run = sandbox.run(&["bench", "--output-format=json"]);
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        let runs = report["results"][0]["result"]["runs"].as_array().unwrap();
        // The budget allows 20 bps. 2995 attempts per seed can show 10 bps.
        let most = runs.iter().map(|run| run["timeouts"].as_u64().unwrap()).max().unwrap();
        assert!(most > 0, "{seeds}");
        let recorded = &report["results"][0]["result"]["benchmark"];
        let events = recorded["timeout_rate_bps"].as_u64().unwrap()
            * recorded["attempts"].as_u64().unwrap()
            / 10_000;
        let of_seed = runs.iter().find(|run| run["attempts"] == recorded["attempts"]).unwrap();
        assert_eq!(Some(events), of_seed["timeouts"].as_u64(), "{seeds}");
    }
}

#[test]
fn fewer_than_five_seeds_report_required_number() {
    let run = judged(&stalling("1, 2"), &["--simulate"]);
    assert_eq!(run.code, 1, "`mixed_latency` has no workload");
    let message = "only 2 seeds were simulated; a pass at 95% confidence needs at least 5";
    assert!(run.stdout.contains(message), "{}", run.stdout);
    let run = judged(&stalling("1, 2, 3, 4, 5"), &["--simulate", "--confidence=99"]);
    assert!(run.stdout.contains("at 99% confidence needs at least 7"), "{}", run.stdout);
}
