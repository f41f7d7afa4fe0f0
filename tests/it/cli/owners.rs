//! `[owners]` on the command line: in the findings of each command, and in `explain`.

use serde_json::Value;

use super::sandbox::{STUBBORN, Sandbox, stubborn};

const OWNERS: &str =
    "[owners]\ntier2 = \"data <b>team</b>\"\n\"contracts/pay/**\" = \"payments\"\n";

fn project() -> Sandbox {
    let [data, pay] = ["data", "pay"].map(stubborn);
    let documents = [("contracts/data.toml", &*data), ("contracts/pay/pay.toml", &pay)];
    let sandbox = Sandbox::project(&documents);
    sandbox.write("driverc.toml", OWNERS);
    sandbox
}

/// The owners of the findings in JSON, in order.
fn owners(report: &str) -> Vec<Value> {
    let report: Value = serde_json::from_str(report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["owner"].clone()).collect()
}

#[test]
fn findings_of_check_have_owner_of_tier_or_file() {
    let sandbox = project();
    let run = sandbox.run(&["check", "--select", STUBBORN, "--output-format", "json"]);
    assert_eq!(owners(&run.stdout), ["data <b>team</b>", "payments"], "{run:?}");
    let run = sandbox.run_in("contracts/pay", &["check", "pay.toml"]);
    assert!(run.stdout.contains("\n  owner: payments\n"), "{}", run.stdout);
    let concise = sandbox.run(&["check", "--output-format", "concise"]);
    assert!(!concise.stdout.contains("payments\n"), "{}", concise.stdout);
}

#[test]
fn each_project_names_its_own_owners() {
    let document = stubborn("data");
    let sandbox = Sandbox::repository(&[
        ("a/contracts/a.toml", &document),
        ("a/driverc.toml", "[owners]\ntier2 = \"team a\"\n"),
        ("b/contracts/b.toml", &document),
        ("b/driverc.toml", "[owners]\n\"contracts/*\" = \"team b\"\n"),
    ]);
    let arguments = ["check", "a", "b", "--select", STUBBORN, "--output-format"];
    let run = sandbox.run(&[&arguments[..], &["json=out.json"]].concat());
    assert_eq!((&*run.stdout, &*run.stderr), ("", ""));
    assert_eq!(owners(&sandbox.read("out.json")), ["team a", "team b"]);
}

#[test]
fn budget_and_report_show_owners() {
    let sandbox = project();
    let run = sandbox.run(&["budget", "--output-format", "json"]);
    assert!(run.stdout.contains("\"owner\": \"data <b>team</b>\""), "{}", run.stdout);
    let page = sandbox.run(&["report", "--no-simulate"]).stdout;
    let owner = "owner <span class=\"owner\">data &lt;b&gt;team&lt;/b&gt;</span>";
    assert!(page.contains(owner), "{run:?}");
}

#[test]
fn explain_prints_location_of_owner() {
    let sandbox = project();
    let run = sandbox.run(&["explain", "owners.tier2"]);
    let expected = "owners.tier2 = \"data <b>team</b>\"\n  set in  driverc.toml:2:9\n";
    assert_eq!((run.code, &*run.stdout), (0, expected));
    let run = sandbox.run(&["explain", "owners.\"contracts/pay/**\""]);
    assert!(run.stdout.contains("driverc.toml:3:22"), "{}", run.stdout);
}

#[test]
fn glob_of_absolute_path_is_reported() {
    let sandbox = project();
    sandbox.write("driverc.toml", "[owners]\n\"/contracts/pay/**\" = \"payments\"\n");
    let run = sandbox.run(&["check"]);
    let message = "error[invalid-text]: `/contracts/pay/**` starts with `/` and matches no file";
    assert!(run.code == 2 && run.stdout.starts_with(message), "{run:?}");
    let help = "help: write a path relative to the folder of `driverc.toml`, such as \
                `contracts/pay/**`";
    assert!(run.stdout.contains(help), "{run:?}");
}
