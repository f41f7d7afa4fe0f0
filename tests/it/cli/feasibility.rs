//! Tests `driverc check --feasibility`: which budgets are certain, impossible or open.

use serde_json::{Value, json};

use super::sandbox::{Sandbox, driver, misspelt};

const LOAD: &str = "[workload.heavy_data]\nduration_ms = 60000\nrate_ops_per_ksec = 1000\n\
                    [[workload.heavy_data.operation]]\nweight = 1\n\
                    service = { constant_us = 1000 }\n";

fn project(load: &str) -> Sandbox {
    let with_load = format!("{}\n{load}", driver("a"));
    Sandbox::project(&[("contracts/a.toml", &with_load)])
}

#[test]
fn table_has_row_for_each_driver_and_profile() {
    let run = project("").run(&["check", "--feasibility"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    let rows: Vec<_> = run.stdout.lines().collect();
    assert!(rows[0].starts_with("driver  profile"), "{}", run.stdout);
    assert!(rows[1].starts_with("a       heavy_data"), "{}", run.stdout);
    assert!(rows[2].starts_with("a       mixed_latency"), "{}", run.stdout);
    assert!(rows[1].contains("open: "), "{}", run.stdout);
}

#[test]
fn impossible_budget_is_explained_below_its_row() {
    let sandbox = project(LOAD);
    let run = sandbox.run(&["check", "--feasibility", "-o", "table.txt"]);
    assert_eq!((run.code, &*run.stdout), (0, ""));
    let table = sandbox.read("table.txt");
    assert!(table.contains("  impossible\n    "), "{table}");
    assert!(table.contains("ops/s are required, but only 1 ops/s arrive\n"), "{table}");
    let run = sandbox.run(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("error[budget-impossible]"), "{}", run.stdout);
}

#[test]
fn json_contains_same_results_as_table() {
    let sandbox = project(LOAD);
    let run = sandbox.run(&["check", "--feasibility", "--output-format", "json"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["schema_version"], 1);
    let results = report["results"].as_array().unwrap();
    let pair = |result: &Value| (result["driver"].clone(), result["profile"].clone());
    let pairs: Vec<_> = results.iter().map(pair).collect();
    assert_eq!(pairs, [("a".into(), "heavy_data".into()), ("a".into(), "mixed_latency".into())]);
    let [heavy, mixed] = &results[..] else { panic!("{report:#}") };
    assert_eq!((&heavy["verdict"], &mixed["verdict"]), (&"impossible".into(), &"open".into()));
    assert_eq!(heavy["conflicts"][0]["limit"], "min_throughput_ops_per_sec");
    assert_eq!(mixed["conflicts"], json!([]));
    // The limit of the budget and the slots of the contract.
    assert_eq!((&heavy["required_ops_per_sec"], &heavy["slots"]), (&400.into(), &20.into()));

    let table = sandbox.run(&["check", "--feasibility"]).stdout;
    let message = heavy["conflicts"][0]["message"].as_str().unwrap();
    assert!(table.contains(&format!("\n    {message}\n")), "{table}\n{message}");
    let file = sandbox.run(&["check", "--feasibility", "--output-format", "json", "-o", "f.json"]);
    assert_eq!((file.code, &*file.stdout), (0, ""));
    assert_eq!(sandbox.read("f.json"), run.stdout);
}

#[test]
fn read_errors_use_requested_format() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    let run = sandbox.run(&["check", "--feasibility", "--output-format", "json"]);
    assert_eq!((run.code, &*run.stderr), (1, ""));
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["findings"][0]["rule"], "unknown-key");
}

#[test]
fn read_errors_replace_table() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    let run = sandbox.run(&["check", "--feasibility"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with("error[unknown-key]"), "{}", run.stdout);
}
