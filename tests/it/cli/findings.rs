//! Which findings are printed, and which fail the run.

use super::sandbox::{Run, STUBBORN, Sandbox, budgets, driver, formats, misspelt, stubborn};

/// A project with one finding of this level, `warn` or `info`.
fn found(level: &str) -> Sandbox {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &stubborn("a"))]);
    sandbox.write("driverc.toml", format!("[rules]\n{STUBBORN} = \"{level}\"\n"));
    sandbox
}

/// Returns the exit code of a check.
fn code(sandbox: &Sandbox, arguments: &[&str]) -> i32 {
    sandbox.run(&[&["check"], arguments].concat()).code
}

#[test]
fn errors_fail_run() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    assert_eq!(sandbox.run(&["check"]).code, 1);
    for level in ["error", "warn", "info"] {
        assert_eq!(sandbox.run(&["check", "--fail-on", level]).code, 1, "{level}");
    }
}

#[test]
fn warnings_fail_run_if_fail_on_is_warn_or_info() {
    let sandbox = found("warn");
    assert_eq!(code(&sandbox, &[]), 0);
    assert_eq!(code(&sandbox, &["--fail-on", "error"]), 0);
    assert_eq!(code(&sandbox, &["--fail-on", "warn"]), 1);
    assert_eq!(code(&sandbox, &["--fail-on", "info"]), 1);
}

#[test]
fn informational_findings_fail_run_if_fail_on_is_info() {
    let sandbox = found("info");
    assert_eq!(code(&sandbox, &[]), 0);
    assert_eq!(code(&sandbox, &["--fail-on", "warn"]), 0);
    assert_eq!(code(&sandbox, &["--fail-on", "info"]), 1);
}

#[test]
fn informational_findings_are_printed_only_on_request() {
    let sandbox = found("info");
    sandbox.run(&["check"]).assert_clean();
    for option in [["--show", "info"], ["--fail-on", "info"]] {
        let run = sandbox.run(&[&["check"][..], &option].concat());
        assert!(run.stdout.starts_with(&format!("info[{STUBBORN}]: ")), "{option:?}");
        assert_eq!(run.stderr, "\nfound 1 info in 1 file\n", "{option:?}");
    }
}

#[test]
fn last_show_option_applies() {
    let sandbox = found("warn");
    let shown = sandbox.run(&["check", "--show", "error", "--show", "warn"]);
    assert!(shown.stdout.contains("warn["), "{shown:?}");
    sandbox.run(&["check", "--show", "warn", "--show", "error"]).assert_clean();
}

#[test]
fn show_error_hides_warnings_that_do_not_fail_check() {
    let sandbox = found("warn");
    assert!(sandbox.run(&["check"]).stdout.contains("warn["));
    sandbox.run(&["check", "--show", "error"]).assert_clean();
    let failing = sandbox.run(&["check", "--show", "error", "--fail-on", "warn"]);
    assert_eq!(failing.code, 1);
    assert!(failing.stdout.contains("warn["), "findings that fail the run are shown");
}

#[test]
fn exit_zero_ignores_findings_but_not_usage_errors() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    let run = sandbox.run(&["check", "--exit-zero"]);
    assert_eq!(run.code, 0);
    assert_eq!(run.stdout, sandbox.run(&["check"]).stdout);
    assert_eq!(
        sandbox.run(&["check", "--exit-zero", "nowhere"]).code,
        2,
        "a missing path is an error, not a finding"
    );
}

#[test]
fn output_format_does_not_change_exit_code() {
    let sandboxes = [
        Sandbox::project(&[("contracts/a.toml", &driver("a"))]),
        Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]),
    ];
    for format in formats() {
        let codes = sandboxes
            .each_ref()
            .map(|sandbox| sandbox.run(&["check", "--output-format", format]).code);
        assert_eq!(codes, [0, 1], "{format}");
        let run = sandboxes[1].run(&["check", "--output-format", format, "contracts", "nowhere"]);
        assert_eq!(run.code, 2, "{format}");
        assert!(run.stdout.contains("unknown-key"), "{format}");
    }
}

#[test]
fn unknown_format_is_usage_error() {
    let run = Sandbox::new().run(&["check", "--output-format", "yaml"]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    assert!(run.stderr.contains("full, concise, json"), "{}", run.stderr);
}

#[test]
fn findings_go_to_stdout_and_summary_to_stderr() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    let full = sandbox.run(&["check"]);
    assert!(full.stdout.starts_with("error[unknown-key]: "), "{}", full.stdout);
    assert_eq!(full.stderr, "\nfound 1 error in 1 file\n");
    let concise = sandbox.run(&["check", "--output-format", "concise"]);
    assert_eq!(
        (concise.stdout.lines().count(), &*concise.stderr),
        (1, "found 1 error in 1 file\n")
    );
    let json = sandbox.run(&["check", "--output-format", "json"]);
    assert_eq!((json.stdout.get(..2), &*json.stderr), (Some("{\n"), ""));
}

#[test]
fn json_without_findings_is_one_document() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    let run = sandbox.run(&["check", "--output-format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["schema_version"], 1);
    assert_eq!(report["findings"], serde_json::json!([]));
}

#[test]
fn findings_of_every_file_are_printed() {
    let two = misspelt("a").replace("\"tier2\"", "7");
    let sandbox = Sandbox::project(&[
        ("contracts/a.toml", &two),
        ("contracts/b.toml", "[driver.b\n"),
        ("contracts/c.toml", &stubborn("c")),
    ]);
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    for rule in ["unknown-key", "wrong-type", "syntax", STUBBORN] {
        assert!(run.stdout.contains(&format!("[{rule}]")), "{rule}: {}", run.stdout);
    }
}

#[test]
fn same_input_gives_same_output() {
    let mut files = vec![("contracts/budgets.toml".to_owned(), budgets().to_owned())];
    files.extend((0..100).map(|number| {
        (format!("contracts/d{number}.toml"), misspelt(&format!("d{}", number / 2)))
    }));
    let sandbox = Sandbox::repository(&[]);
    for (path, text) in &files {
        sandbox.write(path, text);
    }
    let first = sandbox.run(&["check"]);
    assert!(first.stderr.starts_with("\nfound 150 errors in 100 files\n"), "{}", first.stderr);
    for _ in 0..3 {
        assert_eq!(sandbox.run(&["check"]), first);
    }
}

#[test]
fn quiet_prints_findings_only() {
    let sandbox = found("warn");
    for format in ["full", "concise", "json"] {
        let loud = sandbox.run(&["check", "--output-format", format]);
        let quiet = sandbox.run(&["check", "-q", "--output-format", format]);
        assert_eq!((quiet.code, &quiet.stdout), (loud.code, &loud.stdout), "{format}");
        assert_eq!(quiet.stderr, "", "{format}");
    }
    let clean = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    let run = clean.run(&["check", "--quiet"]);
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""));
}

#[test]
fn tuning_guide_of_driver_with_other_error_is_found() {
    let contract = driver("a").replace("tuning_guide = \"\"", "tuning_guide = \"docs/a.md\"");
    let broken = contract.replace("max_in_flight =", "max_inflight =").replace("tier2", "tier1");
    let sandbox = Sandbox::project(&[("contracts/a.toml", &broken)]);
    let rules = |run: &Run| {
        let rule = |line: &str| line.split(['[', ']']).nth(1).map(str::to_owned);
        run.stdout.lines().filter_map(rule).collect::<Vec<_>>()
    };
    let check = ["check", "--output-format", "concise"];
    let missing = rules(&sandbox.run(&check));
    assert_eq!(missing, ["unknown-key", "tuning-guide-missing"]);
    sandbox.write("docs/a.md", "");
    assert_eq!(rules(&sandbox.run(&check)), ["unknown-key"]);
}
