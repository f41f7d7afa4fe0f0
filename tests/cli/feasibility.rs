//! `driverc check --feasibility`: which budgets are certain, impossible or open.

use super::sandbox::{Sandbox, driver, misspelt};

const LOAD: &str = "[workload.heavy_data]\nduration_ms = 60000\nrate_ops_per_ksec = 1000\n\
                    [[workload.heavy_data.operation]]\nweight = 1\n\
                    service = { constant_us = 1000 }\n";

fn project(load: &str) -> Sandbox {
    let with_load = format!("{}\n{load}", driver("a"));
    Sandbox::project(&[("contracts/a.toml", &with_load)])
}

#[test]
fn a_table_of_all_pairs() {
    let run = project("").run(&["check", "--feasibility"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    let rows: Vec<_> = run.stdout.lines().collect();
    assert!(rows[0].starts_with("driver  profile"), "{}", run.stdout);
    assert!(rows[1].starts_with("a       heavy_data"), "{}", run.stdout);
    assert!(rows[2].starts_with("a       mixed_latency"), "{}", run.stdout);
    assert!(rows[1].contains("open: "), "{}", run.stdout);
}

#[test]
fn what_is_impossible_is_below_its_row_and_no_finding() {
    let sandbox = project(LOAD);
    let run = sandbox.run(&["check", "--feasibility", "-o", "table.txt"]);
    assert_eq!((run.code, &*run.stdout), (0, ""));
    let table = sandbox.read("table.txt");
    assert!(table.contains("  impossible\n    "), "{table}");
    assert!(table.contains("ops/s are required, and 1 ops/s arrive at most\n"), "{table}");
    let run = sandbox.run(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("error[budget-impossible]"), "{}", run.stdout);
}

#[test]
fn a_document_that_cannot_be_read_is_shown_instead() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    let run = sandbox.run(&["check", "--feasibility"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with("error[unknown-key]"), "{}", run.stdout);
}
