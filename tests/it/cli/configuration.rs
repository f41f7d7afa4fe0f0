//! Tests `driverc.toml`, the options that override it, and `driverc rule`.

use super::sandbox::{STUBBORN, Sandbox, driver, misspelt, stubborn};

fn project(configuration: &str) -> Sandbox {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &stubborn("a"))]);
    sandbox.write("driverc.toml", configuration);
    sandbox
}

#[test]
fn configuration_error_is_printed_and_stops_run() {
    let sandbox = project("include = [\"contracts\"]\n[rules]\nretry-no-jiter = \"off\"\n");
    for command in ["check", "compile", "matrix"] {
        let run = sandbox.run(&[command]);
        assert_eq!(run.code, 2, "{command}");
        assert!(run.stdout.starts_with("error["), "{command}: {}", run.stdout);
        assert!(run.stdout.contains("[driverc.toml:3:1]"), "{command}: {}", run.stdout);
        assert!(run.stdout.contains("did you mean `retry-no-jitter`?"), "{}", run.stdout);
        assert_eq!(run.stderr, "error: `driverc.toml` cannot be used\n", "{command}");
    }
    let run = sandbox.run_in("contracts", &["check", "--output-format", "concise"]);
    assert!(run.stdout.starts_with("../driverc.toml:3:1: error["), "{}", run.stdout);
    assert_eq!(run.code, 2);
}

#[test]
fn include_replaces_default_folder() {
    let sandbox = project("include = [\"one\", \"two/only.toml\"]\nexclude = [\"one/old/**\"]\n");
    sandbox.write("one/a.toml", misspelt("a"));
    sandbox.write("one/old/b.toml", misspelt("b"));
    sandbox.write("two/c.toml", misspelt("c"));
    sandbox.write("two/only.toml", misspelt("d"));
    let run = sandbox.run_in("two", &["check", "--output-format", "concise"]);
    let expected = ["../one/a.toml:10:1: error[unknown-key", "only.toml:10:1: error[unknown-key"];
    assert_eq!(run.places(), expected);
}

#[test]
fn force_exclude_skips_named_excluded_file() {
    let sandbox = project("exclude = [\"contracts/old\"]\n");
    sandbox.write("contracts/b.toml", misspelt("b"));
    sandbox.write("contracts/old/c.toml", misspelt("c"));
    let places = |arguments: &[&str]| {
        let run = sandbox.run(&[&["check", "--output-format", "concise"], arguments].concat());
        let files = run.places().into_iter().map(|place| place.split(':').next().unwrap());
        (run.code, files.map(str::to_owned).collect::<Vec<_>>())
    };
    let old = "contracts/old/c.toml";
    let found = |file: &str| (1, vec![file.to_owned()]);
    assert_eq!(places(&[old]), found(old));
    assert_eq!(places(&["--force-exclude", old, "contracts/b.toml"]), found("contracts/b.toml"));
    assert_eq!(places(&["--force-exclude", "contracts/old/../old/c.toml"]), (0, vec![]));
    sandbox.run(&["check", "--force-exclude", old]).assert_clean();
}

#[test]
fn check_is_clean_if_force_exclude_skips_every_named_file() {
    let sandbox = Sandbox::project(&[("old.toml", &misspelt("a"))]);
    sandbox.write("driverc.toml", "exclude = [\"old.toml\"]\n");
    sandbox.run(&["check", "--force-exclude", "old.toml"]).assert_clean();
}

#[test]
fn missing_included_path_is_refused() {
    let sandbox = project("include = [\"contracts\", \"gone\"]\n");
    sandbox.run(&["check"]).assert_refused("`driverc.toml` includes `gone`, which does not exist");
}

#[test]
fn configuration_and_command_line_choose_rules() {
    let warned = format!("warn[{STUBBORN}]");
    let set = |level| format!("[rules]\n{STUBBORN} = \"{level}\"\n");
    let (off, error) = (project(&set("off")), project(&set("error")));
    assert_eq!(off.run(&["check"]).stdout.matches(&warned).count(), 0);
    assert_eq!(error.run(&["check"]).code, 1);
    let ignored = error.run(&["check", "--ignore", STUBBORN]);
    assert_eq!((ignored.code, ignored.stdout.contains(STUBBORN)), (0, false));
    let lowered = error.run(&["check", "--level", &format!("{STUBBORN}=warn")]);
    assert_eq!((lowered.code, lowered.stdout.contains(&warned)), (0, true));
    let selected = off.run(&["check", "--select", "retry-no-jitter"]);
    selected.assert_clean();
}

#[test]
fn read_errors_cannot_be_turned_off() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    assert_eq!(sandbox.run(&["check", "--select", "retry-no-jitter"]).code, 1);
    let run = sandbox.run(&["check", "--ignore", "unknown-key"]);
    assert_ne!(run.code, 0, "{}", run.stderr);
}

#[test]
fn unknown_rule_is_usage_error() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    for arguments in [
        &["check", "--select", "retry-no-jiter"][..],
        &["check", "--ignore", "retry-no-jiter"],
        &["check", "--level", "retry-no-jiter=off"],
        &["rule", "retry-no-jiter"],
    ] {
        let run = sandbox.run(arguments);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{arguments:?}");
        assert!(run.stderr.contains("did you mean `retry-no-jitter`?"), "{}", run.stderr);
    }
}

#[test]
fn show_settings_output_works_as_configuration() {
    let sandbox = project("[rules]\nretry-no-jitter = \"off\"\n");
    let shown = sandbox.run(&["check", "--show-settings"]);
    assert_eq!((shown.code, &*shown.stderr), (0, ""));
    assert!(shown.stdout.contains("\nretry-no-jitter = \"off\"\n"), "{}", shown.stdout);
    let before = sandbox.run(&["check"]);
    sandbox.write("driverc.toml", &shown.stdout);
    assert_eq!(sandbox.run(&["check", "--show-settings"]), shown);
    assert_eq!(sandbox.run(&["check"]), before);
}

#[test]
fn rule_command_prints_page_of_reported_rule() {
    let sandbox = Sandbox::new();
    let list = sandbox.run(&["rule"]);
    assert_eq!((list.code, &*list.stderr), (0, ""));
    assert!(list.stdout.lines().any(|line| line.starts_with("unknown-key ")), "{}", list.stdout);
    let page = sandbox.run(&["rule", STUBBORN]);
    assert_eq!((page.code, &*page.stderr), (0, ""));
    assert!(page.stdout.starts_with(STUBBORN), "{}", page.stdout);
    let markdown = sandbox.run(&["rule", STUBBORN, "--output-format", "markdown"]);
    assert!(markdown.stdout.starts_with(&format!("# {STUBBORN}\n")), "{}", markdown.stdout);
}
