//! Formats for other programs: everything that a run adds to the findings.

use super::sandbox::{STUBBORN, Sandbox, driver, misspelt, stubborn};

const FORMAT: &str = "--output-format";

#[test]
fn github_format_appends_findings_to_step_summary() {
    let text = misspelt("cache");
    let sandbox = Sandbox::project(&[("contracts/a.toml", &text), ("summary.md", "before\n")]);
    let run = |format| {
        let mut command = sandbox.command(&["check", FORMAT, format]);
        command.env("GITHUB_STEP_SUMMARY", "summary.md").output().unwrap().status.code()
    };
    assert_eq!(run("concise"), Some(1));
    assert_eq!(sandbox.read("summary.md"), "before\n");
    assert_eq!(run("github"), Some(1));
    let summary = sandbox.read("summary.md");
    assert!(summary.starts_with("before\n**driverc: found 1 error in 1 file**\n"), "{summary}");
    let run = sandbox.run(&["check", FORMAT, "github"]);
    assert!(run.stdout.starts_with("::error file=contracts/a.toml,line=10,"), "{run:?}");
    assert_eq!((run.code, &*run.stderr), (1, ""));
    assert_eq!(sandbox.read("summary.md"), summary, "without the variable, the file is unchanged");
}

#[test]
fn unwritable_step_summary_is_error() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("cache"))]);
    let mut command = sandbox.command(&["check", FORMAT, "github"]);
    let output = command.env("GITHUB_STEP_SUMMARY", "no/summary.md").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("error: cannot write"));
}

#[test]
fn suppressed_finding_is_marked_in_sarif_and_junit() {
    let text = stubborn("cache").replace(
        "max_attempts = 30",
        &format!("max_attempts = 30 # driverc: ignore[{STUBBORN}] why"),
    );
    let sandbox = Sandbox::project(&[("contracts/a.toml", &text)]);
    let run = sandbox.run(&["check", FORMAT, "sarif"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    let log: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let results = &log["runs"][0]["results"];
    let suppressions = &results[0]["suppressions"];
    assert_eq!(results.as_array().unwrap().len(), 1, "{results:#}");
    assert_eq!(suppressions[0]["kind"], "inSource");
    assert_eq!(suppressions[0]["justification"], "why");
    let run = sandbox.run(&["check", FORMAT, "junit"]);
    assert!(run.stdout.contains("<skipped message=\"accepted by a comment: why\"/>"), "{run:?}");
}

#[test]
fn junit_has_one_suite_per_requested_file() {
    let sandbox = Sandbox::project(&[
        ("contracts/a.toml", &driver("cache")),
        ("contracts/b.toml", &driver("store")),
    ]);
    let suites = |arguments: &[&str]| {
        let run = sandbox.run(&[&["check", FORMAT, "junit"], arguments].concat());
        let names =
            run.stdout.lines().filter_map(|line| line.trim().strip_prefix("<testsuite name="));
        names.map(|rest| rest.split('"').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(suites(&[]), ["contracts/a.toml", "contracts/b.toml", "contracts/budgets.toml"]);
    assert_eq!(suites(&["contracts/b.toml"]), ["contracts/b.toml"]);
}

/// Unknown keys, with one finding each.
fn unknown_keys(count: usize) -> String {
    let key = |number| format!("unknown_{number:05} = 1\n");
    (0..count).map(key).collect()
}

#[test]
fn markdown_is_truncated_to_fit_comment_and_step_summary() {
    let count = 5_000;
    let sandbox = Sandbox::project(&[("contracts/a.toml", &unknown_keys(count))]);
    let comment = sandbox.run(&["check", FORMAT, "markdown"]).stdout;
    let mut command = sandbox.command(&["check", FORMAT, "github"]);
    command.env("GITHUB_STEP_SUMMARY", "summary.md").output().unwrap();
    let summary = sandbox.read("summary.md");
    for (text, most) in [(comment, 65_536), (summary, 256 << 10)] {
        assert!(text.len() < most && text.len() > most / 2, "{}", text.len());
        let rows = text.lines().filter(|line| line.starts_with("| error |")).count();
        let whole = text.lines().filter(|line| line.starts_with("| error |"));
        assert!(whole.clone().all(|row| row.ends_with(" |")));
        let left = format!(
            "\nNot shown: {} more findings; to see all, run the same command with \
             `--output-format full --max-diagnostics none`.\n",
            count - rows
        );
        assert!(text.contains(&left), "{left}");
    }
}
