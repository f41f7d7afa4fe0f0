//! Single files and standard input: the whole workspace is read, and only the named files are
//! reported.

use super::sandbox::{STUBBORN, Sandbox, budgets, driver, misspelt, stubborn};

const CONCISE: [&str; 3] = ["check", "--output-format", "concise"];

#[test]
fn only_named_file_is_reported() {
    let sandbox = Sandbox::project(&[
        ("contracts/a.toml", &misspelt("a")),
        ("contracts/b.toml", &misspelt("b")),
    ]);
    let run = sandbox.run(&[&CONCISE[..], &["contracts/b.toml"]].concat());
    assert_eq!(run.places(), ["contracts/b.toml:10:1: error[unknown-key"]);
    assert_eq!(run.stderr, "found 1 error in 1 file\n");
    let both = sandbox.run(&[&CONCISE[..], &["contracts/b.toml", "contracts/a.toml"]].concat());
    assert_eq!(both.places().len(), 2);
}

#[test]
fn named_file_uses_budgets_of_workspace() {
    let extra = "[budget.heavy_data.driver.a]\nmax_p95_latency_ms = 90\n";
    let sandbox = Sandbox::project(&[("contracts/a.toml", &(driver("a") + extra))]);
    sandbox.run(&["check", "contracts/a.toml"]).assert_clean();
    sandbox.write("contracts/budgets.toml", "");
    let run = sandbox.run(&[&CONCISE[..], &["contracts/a.toml"]].concat());
    assert!(run.stdout.contains("error[budget-incomplete]"), "{}", run.stdout);
}

#[test]
fn duplicate_driver_is_reported_from_either_file() {
    let sandbox = Sandbox::project(&[
        ("contracts/a.toml", &driver("same")),
        ("contracts/b.toml", &driver("same")),
        ("contracts/c.toml", &misspelt("c")),
    ]);
    for changed in ["contracts/a.toml", "contracts/b.toml"] {
        let run = sandbox.run(&["check", changed]);
        assert_eq!((run.code, &*run.stderr), (1, "\nfound 1 error in 1 file\n"));
        assert!(run.stdout.starts_with("error[duplicate-declaration]"), "{}", run.stdout);
        let places = ["[contracts/a.toml:", "[contracts/b.toml:"];
        assert!(places.iter().all(|place| run.stdout.contains(place)), "{}", run.stdout);
    }
}

#[test]
fn named_file_outside_project_joins_workspace() {
    let sandbox =
        Sandbox::project(&[("contracts/a.toml", &driver("a")), ("new.toml", &driver("a"))]);
    let run = sandbox.run(&["check", "new.toml"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with("error[duplicate-declaration]"), "{}", run.stdout);
}

#[test]
fn only_named_files_are_checked_without_project() {
    let sandbox = Sandbox::new();
    sandbox.write("a.toml", driver("a") + budgets());
    sandbox.write("b.toml", misspelt("b"));
    sandbox.run(&["check", "a.toml"]).assert_clean();
    sandbox.pipe(driver("a") + budgets(), &["check", "-"]).assert_clean();
}

#[test]
fn named_file_and_folder_are_read_together() {
    let sandbox = Sandbox::project(&[
        ("contracts/a.toml", &misspelt("a")),
        ("other/b.toml", &misspelt("b")),
        ("c.toml", &misspelt("c")),
    ]);
    let run = sandbox.run(&[&CONCISE[..], &["other", "c.toml"]].concat());
    let expected = ["c.toml:10:1: error[unknown-key", "other/b.toml:10:1: error[unknown-key"];
    assert_eq!(run.places(), expected);
}

#[test]
fn stdin_replaces_file_given_by_stdin_filename() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    let arguments = [&CONCISE[..], &["-", "--stdin-filename", "./contracts/a.toml"]].concat();
    let clean = sandbox.pipe(driver("a"), &arguments);
    clean.assert_clean();
    let run = sandbox.pipe(stubborn("a"), &arguments);
    assert_eq!(run.code, 0);
    assert!(run.stdout.starts_with("contracts/a.toml:"), "{}", run.stdout);
    assert!(run.stdout.contains(&format!("warn[{STUBBORN}]")), "{}", run.stdout);
    assert_eq!(sandbox.read("contracts/a.toml"), misspelt("a"), "the file is unchanged");
}

#[test]
fn stdin_with_new_filename_joins_workspace() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    let arguments = ["check", "-", "--stdin-filename", "contracts/new.toml"];
    sandbox.pipe(driver("b"), &arguments).assert_clean();
    let run = sandbox.pipe(driver("a"), &arguments);
    assert!(run.stdout.contains("[contracts/new.toml:"), "{}", run.stdout);
    assert!(run.stdout.contains("[contracts/a.toml:"), "{}", run.stdout);
}

#[test]
fn stdin_without_filename_joins_workspace() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    sandbox.pipe(driver("b"), &["check", "-"]).assert_clean();
    let run = sandbox.pipe(misspelt("b"), &[&CONCISE[..], &["-"]].concat());
    assert_eq!(run.places(), ["<stdin>:10:1: error[unknown-key"]);
}

#[test]
fn missing_path_does_not_hide_findings_of_stdin() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    let run = sandbox.pipe(driver("a"), &[&CONCISE[..], &["nowhere", "-"]].concat());
    assert_eq!(run.code, 2);
    assert!(run.stdout.contains("error[duplicate-declaration]"), "{}", run.stdout);
}

#[test]
fn stdin_filename_without_stdin_is_refused() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    sandbox
        .run(&["check", "--stdin-filename", "contracts/a.toml"])
        .assert_refused("`--stdin-filename` names standard input; add `-` to read it");
}

#[test]
fn compile_ignores_errors_in_unnamed_files() {
    let sandbox = Sandbox::project(&[
        ("contracts/a.toml", &driver("a")),
        ("contracts/b.toml", &misspelt("b")),
    ]);
    let run = sandbox.run(&["compile", "contracts/a.toml"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    let kinds: Vec<_> = run.stdout.lines().map(|line| line.split('|').next().unwrap()).collect();
    assert_eq!(kinds, ["driver"]);

    let matrix = sandbox.run(&["matrix", "contracts/a.toml"]);
    assert_eq!((matrix.code, &*matrix.stderr), (0, ""));
    assert_eq!(matrix.stdout.lines().next().unwrap().trim(), "a");
    assert_eq!(sandbox.run(&["matrix"]).code, 1);
}
