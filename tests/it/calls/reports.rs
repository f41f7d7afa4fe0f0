//! Findings about calls in the formats and commands.

use super::{BASE, IMPATIENT};
use crate::cli::sandbox::{Sandbox, budgets};

#[test]
fn fixing_other_call_does_not_change_fingerprint_of_call() {
    let calls = |attempt_ms: u64| {
        let caller =
            |name: &str, ms| format!("[caller.{name}]\nattempt_ms = {ms}\nmax_attempts = 1\n");
        let call = |from: &str| format!("\n[[call]]\nfrom = \"{from}\"\nto = \"example\"\n");
        let callers = caller("edge", attempt_ms) + &caller("cron", 6_000);
        format!("{BASE}\n{callers}{}{}", call("edge"), call("cron"))
    };
    let fingerprints = |attempt_ms| -> Vec<String> {
        let sandbox = Sandbox::project(&[("contracts/a.toml", &calls(attempt_ms))]);
        let run = sandbox.run(&["check", "--output-format", "gitlab"]);
        let issues: Vec<serde_json::Value> = serde_json::from_str(&run.stdout).unwrap();
        let short = issues.iter().filter(|it| it["check_name"] == "call-deadline-short");
        short.map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    let both = fingerprints(5_000);
    assert_eq!(both.len(), 2);
    assert_eq!(fingerprints(500_000), both[1..]);
}

#[test]
fn help_for_waiver_with_wrong_field_suggests_field_call() {
    let driver = BASE.split("[budget").next().unwrap();
    let text = format!(
        "{driver}\n{IMPATIENT}to = \"example\"\n\n[[waiver]]\nrule = \"call-deadline-short\"\n\
         field = \"times\"\nreason = \"agreed\"\nowner = \"us\"\nexpires = 2027-01-01\n"
    );
    let sandbox = Sandbox::project(&[("contracts/a.toml", &text)]);
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    let help = "remove the waiver, or write `field = \"call\"`";
    assert!(run.stdout.contains(help), "{}", run.stdout);
}

#[test]
fn explain_refuses_path_of_call_and_suggests_called_driver() {
    let text = format!("{BASE}\n{IMPATIENT}to = \"example\"\n");
    let sandbox = Sandbox::project(&[("contracts/a.toml", &text)]);
    for path in ["caller.edge", "call.edge.example"] {
        let run = sandbox.run(&["explain", path]);
        assert!(run.stderr.contains("name the driver that is called"), "{}", run.stderr);
    }
}

#[test]
fn changed_template_of_called_drivers_is_one_entry() {
    let text = |attempts: u64| {
        let call = |to: &str| format!("\n[[call]]\nfrom = \"edge\"\nto = \"{to}\"\n");
        let driver = |name: &str| {
            let driver = BASE.split("[budget").next().unwrap().replace("example", name);
            driver.replacen("max_attempts = 3\n", "", 1).replacen("]\n", "]\nlike = \"t\"\n", 1)
        };
        let template = format!("\n[template.t.retry_policy]\nmax_attempts = {attempts}\n");
        let caller = "\n[caller.edge]\nattempt_ms = 40000\nmax_attempts = 1\n".to_owned();
        [driver("a"), driver("b"), template, caller, call("a"), call("b")].concat()
    };
    let sandbox = Sandbox::project(&[("contracts/a.toml", &text(3))]);
    sandbox.write("base/a.toml", text(1));
    sandbox.write("base/budgets.toml", budgets());
    let run = sandbox.run(&["diff", "--against-path", "base"]);
    assert_eq!(run.stdout.matches("breaking[").count(), 1, "{}{}", run.stdout, run.stderr);
    for name in ["a", "b"] {
        let note = format!("`edge` waits 40000 ms, but `{name}` can take 90600 ms");
        assert!(run.stdout.contains(&note), "{}", run.stdout);
    }
}

#[test]
fn check_of_file_reports_calls_of_its_driver() {
    let driver = |name: &str| BASE.replace("example", name);
    let call = |to: &str| format!("\n[[call]]\nfrom = \"edge\"\nto = \"{to}\"\n");
    let calls: String = ["a", "b", "c", "d"].map(call).concat();
    let caller = "[caller.edge]\nattempt_ms = 100000\nmax_attempts = 1\n";
    let files =
        ["a", "b", "c", "d", "e"].map(|name| (format!("contracts/{name}.toml"), driver(name)));
    let mut all = vec![("contracts/calls.toml", format!("{caller}{calls}"))];
    all.extend(files.iter().map(|(file, text)| (file.as_str(), text.clone())));
    let texts: Vec<_> = all.iter().map(|(file, text)| (*file, text.as_str())).collect();
    let sandbox = Sandbox::project(&texts);
    for (file, _) in &all {
        let run = sandbox.run(&["check", "--show", "info", "--output-format", "concise", file]);
        let is_reported = run.stdout.contains("call-sequence-long");
        assert_eq!(is_reported, !file.ends_with("/e.toml"), "{file}\n{}", run.stdout);
    }
}
