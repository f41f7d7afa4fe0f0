//! Tests `driverc check --fix` and `--diff`.

use super::sandbox::{Sandbox, driver, misspelt};

/// A contract that lists a capability twice. The fix changes no signature.
fn with_duplicate(name: &str) -> String {
    driver(name).replace("  \"batch_read\",\n", "  \"batch_read\", \"batch_read\",\n")
}

fn project() -> Sandbox {
    Sandbox::project(&[
        ("contracts/a.toml", &with_duplicate("a")),
        ("contracts/b.toml", &driver("b")),
    ])
}

#[test]
fn safe_fix_is_applied() {
    let sandbox = project();
    let run = sandbox.run(&["check", "--fix"]);
    assert_eq!((run.code, &*run.stdout), (0, ""));
    assert_eq!(run.stderr, "no findings\nfixed 1 finding in 1 file\n");
    assert_eq!(sandbox.read("contracts/a.toml"), driver("a"));
    assert_eq!(sandbox.names("contracts"), ["a.toml", "b.toml", "budgets.toml"]);
}

#[test]
fn unsafe_fix_is_applied_only_on_request() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    let run = sandbox.run(&["check", "--fix"]);
    assert_eq!(run.code, 1);
    let more = "`--fix --unsafe-fixes` fixes 1 more finding; `--diff --unsafe-fixes` shows how\n";
    let fixed = "\nfound 1 error in 1 file\nnothing was fixed\n";
    assert_eq!(run.stderr, format!("{fixed}{more}"));
    let run = sandbox.run(&["check", "--unsafe-fixes"]);
    assert_eq!(run.code, 1);
    let nothing = "`--unsafe-fixes` alone changes nothing; add `--fix` to apply the fixes, or `--diff` to print them\n";
    assert!(run.stderr.ends_with(nothing), "{}", run.stderr);
    assert_eq!(sandbox.read("contracts/a.toml"), misspelt("a"));
    assert_eq!(sandbox.run(&["check", "--fix", "--unsafe-fixes"]).code, 0);
    assert_eq!(sandbox.read("contracts/a.toml"), driver("a"));
}

#[test]
fn findings_without_fix_are_not_counted_as_fixed() {
    let contract = driver("a").replace("max_attempts = 3", "max_attempts = 50");
    let sandbox = Sandbox::project(&[("contracts/a.toml", &contract)]);
    for arguments in [&["check", "--fix"][..], &["check", "--fix", "--unsafe-fixes"]] {
        let run = sandbox.run(arguments);
        assert!(run.stderr.ends_with(" in 1 file\nnothing was fixed\n"), "{}", run.stderr);
        assert_eq!(sandbox.read("contracts/a.toml"), contract);
    }
}

#[test]
fn diff_option_prints_fix() {
    let sandbox = project();
    let run = sandbox.run(&["check", "--diff"]);
    assert_eq!(run.code, 1);
    let start = "--- contracts/a.toml\n+++ contracts/a.toml\n@@ -";
    assert!(run.stdout.starts_with(start), "{}", run.stdout);
    let change = "\n-  \"batch_read\", \"batch_read\",\n+  \"batch_read\",\n";
    assert!(run.stdout.contains(change), "{}", run.stdout);
    assert_eq!(sandbox.read("contracts/a.toml"), with_duplicate("a"), "nothing is written");
    sandbox.write("contracts/a.toml", driver("a"));
    assert_eq!(sandbox.run(&["check", "--diff"]).code, 0);
}

#[test]
fn diff_option_writes_fix_to_file() {
    let sandbox = project();
    for arguments in [&["check", "--diff"][..], &["check", "--fix", "--diff"]] {
        let shown = sandbox.run(arguments);
        assert_eq!((shown.code, shown.stdout.is_empty()), (1, false), "{shown:?}");
        let run = sandbox.run(&[arguments, &["-o", "fixes.diff"]].concat());
        assert_eq!((run.code, &*run.stdout, run.stderr), (1, "", shown.stderr));
        assert_eq!(sandbox.read("fixes.diff"), shown.stdout);
    }
}

#[test]
fn only_named_file_is_fixed() {
    let sandbox = project();
    sandbox.write("contracts/b.toml", with_duplicate("b"));
    assert_eq!(sandbox.run(&["check", "--fix", "contracts/b.toml"]).code, 0);
    assert_eq!(sandbox.read("contracts/a.toml"), with_duplicate("a"));
    assert_eq!(sandbox.read("contracts/b.toml"), driver("b"));
}

#[test]
fn fix_of_stdin_prints_fixed_text() {
    let sandbox = project();
    let arguments = ["check", "--fix", "-", "--stdin-filename", "contracts/b.toml"];
    let run = sandbox.pipe(with_duplicate("b"), &arguments);
    assert_eq!((run.code, run.stdout), (0, driver("b")));
    assert_eq!(run.stderr, "no findings\nfixed 1 finding in 1 file\n");
    assert_eq!(sandbox.read("contracts/b.toml"), driver("b"), "the file is unchanged");
    assert_eq!(sandbox.read("contracts/a.toml"), with_duplicate("a"));
}

#[test]
fn fix_preserves_byte_order_mark_and_line_ends() {
    let sandbox = project();
    let windows = |text: String| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    sandbox.write("contracts/a.toml", windows(with_duplicate("a")));
    assert_eq!(sandbox.run(&["check", "--fix"]).code, 0);
    assert_eq!(sandbox.read("contracts/a.toml"), windows(driver("a")));
}

#[test]
fn fix_of_built_in_set_is_refused() {
    project()
        .run(&["check", "--fix", "builtin:"])
        .assert_refused("the built-in set cannot be changed; name a folder or a file");
}
