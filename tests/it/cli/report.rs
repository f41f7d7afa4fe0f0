//! Tests `driverc report`: pages, messages and exit codes.

use super::sandbox::{Sandbox, budgets, driver, misspelt, stubborn};

/// A workload that takes no time to simulate.
pub(super) const WORKLOAD: &str = "
[workload.heavy_data]
seeds = [1, 2]
duration_ms = 1000
rate_ops_per_ksec = 500_000
operation = [{ weight = 1, service.exponential_us = 20_000 }]
";

fn project() -> Sandbox {
    Sandbox::project(&[("contracts/a.toml", &driver("a")), ("contracts/load.toml", WORKLOAD)])
}

#[test]
fn page_is_written_to_stdout_or_file() {
    let sandbox = project();
    let shown = sandbox.run(&["report"]);
    assert_eq!((shown.code, &*shown.stderr), (0, "no findings\n"));
    assert!(shown.stdout.starts_with("<!DOCTYPE html>\n<html lang=\"en\">\n"), "{}", shown.stdout);
    assert!(shown.stdout.ends_with("</html>\n"));
    let run = sandbox.run(&["report", "-o", "report.html"]);
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", "no findings\n"));
    assert_eq!(sandbox.read("report.html"), shown.stdout);
}

#[test]
fn page_does_not_depend_on_date() {
    let sandbox = project();
    let page = sandbox.run(&["report", "--today", "2026-11-01"]).stdout;
    let later = sandbox.run(&["report", "--today", "2031-01-01"]).stdout;
    assert_eq!(page, later);
    let mut command = sandbox.command(&["report"]);
    command.env("TZ", "Asia/Tokyo").env("LC_ALL", "de_DE.UTF-8").env("COLUMNS", "40");
    assert_eq!(page.as_bytes(), command.output().unwrap().stdout);
    // The same declarations in other files, in another order.
    let split = Sandbox::project(&[("contracts/z.toml", &driver("a"))]);
    split.write("contracts/budgets.toml", WORKLOAD.to_owned() + budgets());
    assert_eq!(split.run(&["report"]).stdout, page);
}

#[test]
fn findings_fail_run_and_appear_on_page() {
    let sandbox = project();
    sandbox.write("contracts/b.toml", misspelt("b"));
    let run = sandbox.run(&["report", "-o", "report.html"]);
    assert_eq!((run.code, &*run.stderr), (1, "found 1 error in 1 file\n"));
    let page = sandbox.read("report.html");
    for shown in [
        "unknown key `max_inflight` in `driver.b`",
        "contracts/b.toml:10:1",
        "Found 1 error in 1 file.",
    ] {
        assert!(page.contains(shown), "no {shown}");
    }
    // The page includes everything that could be read.
    assert!(page.contains("<a href=\"#contracts\"><strong>1</strong> <span>contract</span></a>"));
    assert!(page.contains("class=\"curve\" points="));
    assert_eq!(sandbox.run(&["report", "--exit-zero"]).code, 0);
}

#[test]
fn command_line_levels_apply() {
    let sandbox = project();
    sandbox.write("contracts/b.toml", stubborn("b"));
    let finding = "one operation can become 30 attempts";
    let run = sandbox.run(&["report"]);
    assert_eq!((run.code, run.stdout.contains(finding)), (0, true));
    let run = sandbox.run(&["report", "--fail-on", "warn"]);
    assert_eq!((run.code, run.stdout.contains(finding)), (1, true));
    let run = sandbox.run(&["report", "--show", "error"]);
    assert_eq!((run.code, run.stdout.contains(finding)), (0, false));
}

#[test]
fn broken_budget_appears_on_page_without_failing_run() {
    let sandbox = project();
    let budget = "[budget.heavy_data.driver.a]\nmin_throughput_ops_per_sec = 500\n";
    sandbox.write("contracts/own.toml", budget);
    let run = sandbox.run(&["report"]);
    // The limit equals the average number of arrivals. The worse of two short runs has fewer.
    assert!(run.stdout.contains("ops/s is below 500 ops/s"), "{}", run.stderr);
    assert!(run.stdout.contains("<strong>0/1</strong> <span>budgets met, simulated</span>"));
    assert_eq!(run.code, 0);
}

#[test]
fn unreadable_path_appears_on_page() {
    let sandbox = project();
    let run = sandbox.run(&["report", "contracts", "nowhere.toml", "-o", "report.html"]);
    assert_eq!(run.code, 2);
    let message = run.stderr.strip_prefix("no findings\nerror: ").unwrap().trim_end();
    assert!(message.starts_with("cannot read `nowhere.toml`: "), "{message}");
    assert!(sandbox.read("report.html").contains(&format!("<li>{message}</li>")));
}

#[test]
fn page_is_incomplete_if_simulation_fails() {
    let sandbox = project();
    // Every attempt takes longer than its time limit.
    sandbox.write(
        "contracts/load.toml",
        WORKLOAD.replace("exponential_us = 20_000", "constant_us = 9_000_000"),
    );
    let run = sandbox.run(&["report"]);
    assert_eq!(run.code, 2);
    let error = "no request succeeds with seed 1, so there are no percentiles";
    assert!(run.stderr.contains(&format!("error: no result of `a` for `heavy_data`: {error}\n")));
    assert!(run.stdout.contains(&format!("No result: {error}.")));
}

#[test]
fn simulation_can_be_turned_off() {
    let sandbox = project();
    let run = sandbox.run(&["report", "--no-simulate"]);
    assert_eq!((run.code, &*run.stderr), (0, "no findings\n"));
    assert!(run.stdout.contains("Nothing was simulated: simulation was turned off."));
    assert!(!run.stdout.contains("class=\"mark simulated\""));
}

#[test]
fn named_files_limit_page_contents() {
    let sandbox = project();
    sandbox.write("contracts/b.toml", driver("b"));
    let shows = |page: &str, name| page.contains(&format!("<dt>driver {name}</dt>"));
    let page = sandbox.run(&["report"]).stdout;
    assert!(shows(&page, "a") && shows(&page, "b"));
    let page = sandbox.run(&["report", "contracts/b.toml"]).stdout;
    assert!(!shows(&page, "a") && shows(&page, "b"));
    assert!(page.contains("Latency of b under heavy_data") && !page.contains("Latency of a under"));
}

#[test]
fn report_without_documents_writes_nothing() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["report", "-o", "report.html"]);
    run.assert_refused(
        "there is no `driverc.toml` and no folder `contracts` here; run at the root of the project, \
         name a folder or file, or start with `driverc init`",
    );
    assert!(!sandbox.exists("report.html"));
}
