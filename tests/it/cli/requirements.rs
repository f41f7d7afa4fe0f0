//! Compares the page about requirements with real output, and tests `driverc consumers`.

use serde_json::Value;

use super::sandbox::{Run, Sandbox, driver};
use crate::diff_cli::{commit, git};

const PAGE: &str = include_str!("../../../docs/requirements.md");

/// A repository with the example of the page.
fn project() -> Sandbox {
    let example = PAGE.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let sandbox = Sandbox::project(&[
        ("contracts/billing.toml", example),
        ("contracts/orders_db.toml", &driver("orders_db")),
        ("contracts/audit.toml", AUDIT),
    ]);
    std::fs::remove_dir(sandbox.path(".git")).unwrap();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    commit(&sandbox);
    sandbox
}

const AUDIT: &str = "[[requirement]]\nconsumer = \"audit\"\ndriver = \"orders_db\"\n\
                     owner = \"audit-team\"\nreason = \"only reads\"\nmax_attempts = 6\n";

fn raise_attempts(sandbox: &Sandbox) {
    let contract = driver("orders_db").replace("max_attempts = 3", "max_attempts = 5");
    sandbox.write("contracts/orders_db.toml", contract);
}

#[track_caller]
fn assert_shown(command: &str, run: &Run) {
    let shown = format!("```console\n$ driverc {command}\n{}{}```\n", run.stdout, run.stderr);
    assert!(PAGE.contains(&shown), "{shown}");
}

#[test]
fn requirements_page_shows_real_output() {
    let sandbox = project();
    assert_shown("consumers orders_db", &sandbox.run(&["consumers", "orders_db"]));
    raise_attempts(&sandbox);
    // The summary on standard error contains the revision of the base.
    let run = sandbox.run(&["diff"]);
    assert_eq!(run.code, 1);
    assert_shown(
        "diff",
        &Run { stdout: run.stdout.trim_end().to_owned() + "\n…\n", stderr: String::new(), ..run },
    );
}

#[test]
fn signatures_contain_no_requirements() {
    let sandbox = project();
    let with_requirements = sandbox.run(&["compile"]).stdout;
    assert!(!with_requirements.contains("billing"), "{with_requirements}");
    sandbox.write("contracts/billing.toml", "");
    sandbox.write("contracts/audit.toml", "");
    assert_eq!(sandbox.run(&["compile"]).stdout, with_requirements);
}

#[test]
fn consumers_prints_json_with_slack() {
    let sandbox = project();
    raise_attempts(&sandbox);
    let run = sandbox.run(&["consumers", "orders_db", "--output-format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["driver"], "orders_db");
    let consumers = report["consumers"].as_array().unwrap();
    let names: Vec<_> = consumers.iter().map(|consumer| &consumer["consumer"]).collect();
    assert_eq!(names, ["audit", "billing"]);
    let attempts = &consumers[1]["bounds"][1];
    let shown = ["key", "relation", "required", "promised", "slack", "met"];
    let shown = shown.map(|key| attempts[key].to_string());
    assert_eq!(shown, ["\"max_attempts\"", "\"at_most\"", "3", "5", "-2", "false"]);
    assert_eq!(consumers[1]["place"]["path"], "contracts/billing.toml");
    let markdown = sandbox.run(&["consumers", "orders_db", "--output-format", "markdown"]).stdout;
    assert!(markdown.contains("\n| `billing` | max_attempts at most 3 | 5 | -2, unmet |\n"));
}

#[test]
fn consumers_lists_missing_capabilities_and_limits() {
    let sandbox = Sandbox::new();
    let contract = driver("db").replace("  \"mixed_latency_tolerance\",\n", "");
    let requirement = "\n[[requirement]]\nconsumer = \"a\\u001b[31mb\"\ndriver = \"db\"\nowner = \"o\"\n\
                       reason = \"r\"\ncapabilities = [\"batch_read\", \"mixed_latency_tolerance\"]\n\
                       profile = \"mixed_latency\"\nmax_p99_latency_us = 500\n";
    let requirement = requirement.replace("\\u001b[31m", "|");
    sandbox.write("contracts/a.toml", contract + &requirement);
    let run = sandbox.run(&["consumers", "db", "--contracts", "contracts"]);
    let expected = "consumer  bound                                            contract                       slack\n\
                    a|b       capabilities batch_read, mixed_latency_tolerance  lacks mixed_latency_tolerance  unmet\n\
                    a|b       mixed_latency max_p99_latency_us at most 500      no limit                       unmet\n";
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(squeezed(&run.stdout), squeezed(expected), "{run:?}");
    let markdown = sandbox.run(&[
        "consumers",
        "db",
        "--contracts",
        "contracts",
        "--output-format",
        "markdown",
    ]);
    assert!(markdown.stdout.contains("| <code>a&#124;b</code> |"), "{markdown:?}");
}

#[test]
fn consumers_suggests_driver_and_says_if_there_are_none() {
    let sandbox = project();
    let run = sandbox.run(&["consumers", "order_db"]);
    run.assert_refused("no driver `order_db` is declared; did you mean `orders_db`?");
    sandbox.write("contracts/other.toml", driver("other"));
    let run = sandbox.run(&["consumers", "other"]);
    assert_eq!((run.code, &*run.stdout), (0, "no `[[requirement]]` names `other`\n"));
}

#[test]
fn report_shows_consumers_of_each_driver() {
    let sandbox = project();
    let page = sandbox.run(&["report", "--no-simulate"]).stdout;
    assert!(page.contains("<a href=\"#consumers\">Consumers</a>"), "{page}");
    let row = "<th scope=\"row\">orders_<wbr>db</th>\n<td class=\"words\">audit</td>";
    let compact = page.replace('\n', "");
    assert!(compact.contains(&row.replace('\n', "")), "{page}");
    for file in ["billing", "audit"] {
        sandbox.write(&format!("contracts/{file}.toml"), "");
    }
    assert!(!sandbox.run(&["report", "--no-simulate"]).stdout.contains("consumers"));
}

#[test]
fn requirement_is_waived_at_field_of_driver_and_suppressed_by_comment() {
    let sandbox = project();
    raise_attempts(&sandbox);
    let found = sandbox.run(&["check", "--select", "requirement-unmet"]);
    assert_eq!(found.code, 1, "{found:?}");
    let waiver = |driver: &str| {
        format!(
            "[[waiver]]\nrule = \"requirement-unmet\"\ndriver = \"{driver}\"\nreason = \"agreed\"\n\
             owner = \"us\"\nexpires = 2999-01-01\n"
        )
    };
    let with_field = |field: &str| waiver("orders_db") + &format!("field = \"{field}\"\n");
    sandbox.write("contracts/waivers.toml", waiver("orders_db"));
    sandbox.run(&["check", "--select", "requirement-unmet"]).assert_clean();
    sandbox.write("contracts/waivers.toml", with_field("retry_policy.jitter_percent"));
    assert_eq!(sandbox.run(&["check", "--select", "requirement-unmet"]).code, 1);

    // The limit is in a budget that all drivers share, but the requirement names the driver.
    sandbox.write("contracts/orders_db.toml", driver("orders_db"));
    let billing = sandbox.read("contracts/billing.toml").replace("= 200", "= 1");
    sandbox.write("contracts/billing.toml", &billing);
    sandbox.write("contracts/waivers.toml", with_field("max_p95_latency_ms"));
    sandbox.run(&["check", "--select", "requirement-unmet"]).assert_clean();
    sandbox.write("contracts/waivers.toml", "");
    let comment = "max_p95_latency_ms = 120 # driverc: ignore[requirement-unmet] agreed";
    let budgets = sandbox.read("contracts/budgets.toml");
    assert!(budgets.contains("max_p95_latency_ms = 120"), "{budgets}");
    sandbox.write("contracts/budgets.toml", budgets.replace("max_p95_latency_ms = 120", comment));
    sandbox.run(&["check", "--select", "requirement-unmet"]).assert_clean();
}

#[test]
fn requirement_for_value_with_read_error_is_not_judged() {
    let sandbox = project();
    let contract = driver("orders_db").replace("max_attempts = 3", "max_attempts = 300");
    sandbox.write("contracts/orders_db.toml", contract);
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    assert!(run.stdout.contains("error[out-of-range]"), "{run:?}");
    assert!(!run.stdout.contains("requirement-"), "{run:?}");
    let budgets = sandbox.read("contracts/budgets.toml");
    let budgets = budgets.replacen("max_p95_latency_ms = 120", "max_p95_latency_ms = \"x\"", 1);
    sandbox.write("contracts/budgets.toml", budgets);
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    assert!(!run.stdout.contains("requirement-"), "{run:?}");
}
