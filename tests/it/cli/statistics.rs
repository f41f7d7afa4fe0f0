//! Tests `driverc check --statistics`: the number of findings of each rule.

use serde_json::{Value, json};

use super::sandbox::{STUBBORN, Sandbox, driver, misspelt, stubborn};

/// The rule that copies of the same contract break.
const SHARED: &str = "provider-module-shared";

const FINDINGS: &str = "\
findings  level  rule                 safe fixes  unsafe fixes
       3  warn   retry-amplification           0             0
       1  error  duplicate-item                1             0
       1  info   retry-amplification           0             0
       1  error  syntax                        0             0
       1  error  unknown-key                   0             1
";

/// A project with findings at three levels. One rule has two levels, and one fix is safe.
fn project() -> Sandbox {
    let repeated = driver("f").replace("\"batch_read\"", "\"batch_read\", \"batch_read\"");
    let documents = [
        ("contracts/a.toml", &*stubborn("a")),
        ("contracts/b.toml", &stubborn("b")),
        ("contracts/c.toml", &stubborn("c")),
        ("contracts/d.toml", &stubborn("d")),
        ("contracts/e.toml", &misspelt("e")),
        ("contracts/f.toml", &repeated),
        ("contracts/g.toml", "[driver.g\n"),
    ];
    let sandbox = Sandbox::project(&documents);
    let levels = format!("[per-file-rules.\"contracts/d.toml\"]\n{STUBBORN} = \"info\"\n");
    sandbox.write("driverc.toml", levels);
    sandbox
}

#[test]
fn statistics_count_findings_per_rule_and_level() {
    let sandbox = project();
    let run = sandbox.run(&["check", "--statistics", "--show", "info", "--ignore", SHARED]);
    assert_eq!((run.code, &*run.stdout), (1, FINDINGS), "{run:?}");
    assert_eq!(run.stderr, "\nfound 3 errors, 3 warnings and 1 info in 7 files\n");
}

#[test]
fn statistics_as_json_have_schema_version_and_summary() {
    let sandbox = project();
    let run = sandbox.run(&["check", "--statistics", "--output-format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let item = |rule: &str, level: &str, counts: [u64; 3]| {
        let [findings, safe, not_safe] = counts;
        json!({
            "rule": rule, "level": level, "findings": findings, "safe_fixes": safe,
            "unsafe_fixes": not_safe,
        })
    };
    let expected = json!({
        "schema_version": 1,
        "statistics": [
            item("retry-amplification", "warn", [3, 0, 0]),
            item("duplicate-item", "error", [1, 1, 0]),
            item("syntax", "error", [1, 0, 0]),
            item("unknown-key", "error", [1, 0, 1]),
        ],
        "summary": { "errors": 3, "warnings": 3, "infos": 0 },
    });
    assert_eq!((run.code, report, &*run.stderr), (1, expected, ""));
}

#[test]
fn statistics_include_all_projects() {
    let document = stubborn("a");
    let sandbox = Sandbox::repository(&[
        ("a/contracts/a.toml", &document),
        ("a/driverc.toml", ""),
        ("b/contracts/b.toml", &document),
        ("b/driverc.toml", ""),
    ]);
    let run = sandbox.run(&["check", "a", "b", "--statistics", "--fail-on", "warn"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.ends_with("       2  warn   retry-amplification           0             0\n")
    );
    assert_eq!(run.stderr, "\nfound 2 warnings in 2 files\n");
}

#[test]
fn statistics_without_findings_are_empty() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    let run = sandbox.run(&["check", "--statistics"]);
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", "no findings\n"));
    let run = sandbox.run(&["check", "--statistics", "--quiet"]);
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""));
}
