//! Compares the page about calls with real output.

use super::sandbox::{Sandbox, driver};

const PAGE: &str = include_str!("../../../docs/calls.md");

/// A project with the first example of the page.
fn project() -> Sandbox {
    let example = PAGE.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    Sandbox::project(&[
        ("contracts/calls.toml", example),
        ("contracts/orders_db.toml", &driver("orders_db")),
    ])
}

#[test]
fn calls_page_shows_real_output() {
    let run = project().run(&["check", "--output-format", "concise"]);
    let shown = format!(
        "```console\n$ driverc check --output-format concise\n{}{}```\n",
        run.stdout, run.stderr
    );
    assert!(PAGE.contains(&shown), "{shown}");
}

#[test]
fn calls_page_shows_real_callers() {
    let run = project().run(&["explain", "orders_db"]);
    let (_, callers) = run.stdout.split_once("\n\ncalled by\n").unwrap();
    assert!(PAGE.contains(&format!("called by\n{callers}```\n")), "{callers}");
}

#[test]
fn signatures_contain_no_calls() {
    let sandbox = project();
    // Contracts with errors are not compiled.
    let calls = sandbox.read("contracts/calls.toml").replace("5000", "20000");
    sandbox.write("contracts/calls.toml", calls);
    let with_calls = sandbox.run(&["compile"]).stdout;
    assert!(with_calls.starts_with("driver|v1|name=orders_db|"), "{with_calls}");
    sandbox.write("contracts/calls.toml", "");
    assert_eq!(sandbox.run(&["compile"]).stdout, with_calls);
    assert!(!with_calls.contains("edge"), "{with_calls}");
}
