//! Which documents are read: folders, defaults and the root of the project.

use super::sandbox::{Sandbox, budgets, driver, misspelt, skipped};

const NO_FOLDER: &str = "there is no `driverc.toml` and no folder `contracts` here; run at the root \
                         of the project, name a folder or file, or start with `driverc init`";
const NO_DOCUMENT: &str = "no document (`*.toml`) in `contracts`; name a folder or file, or start \
                           with `driverc init`";

/// Returns the exit code and the locations of the findings of a run.
fn found(sandbox: &Sandbox, arguments: &[&str]) -> (i32, Vec<String>) {
    let run = sandbox.run(&[&["check", "--output-format", "concise"], arguments].concat());
    (run.code, run.places().into_iter().map(str::to_owned).collect())
}

fn misspelt_in(path: &str) -> String {
    format!("{path}:10:1: error[unknown-key")
}

#[test]
fn contracts_folder_is_read_by_default() {
    let sandbox = Sandbox::repository(&[
        ("contracts/a.toml", &misspelt("a")),
        ("contracts/deep/er/b.toml", &misspelt("b")),
        ("contracts/c.txt", "not a document"),
        ("elsewhere/d.toml", &misspelt("d")),
    ]);
    let expected = ["contracts/a.toml", "contracts/deep/er/b.toml"].map(misspelt_in);
    assert_eq!(found(&sandbox, &[]), (1, expected.into()));
}

#[test]
fn configuration_file_marks_project_root() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    sandbox.folder("deep/er");
    let run = sandbox.run_in("deep/er", &["check", "--output-format", "concise"]);
    assert_eq!(run.places(), [misspelt_in("../../contracts/a.toml")]);
    let run = sandbox.run_in("contracts", &["check", "--output-format", "concise"]);
    assert_eq!(run.places(), [misspelt_in("a.toml")]);
}

#[test]
fn nearest_configuration_applies() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    sandbox.write("inner/driverc.toml", "");
    sandbox.write("inner/contracts/b.toml", misspelt("b"));
    let run = sandbox.run_in("inner", &["check", "--output-format", "concise"]);
    assert_eq!(run.places(), [misspelt_in("contracts/b.toml")]);
}

#[test]
fn search_for_configuration_stops_at_repository_root() {
    let sandbox = Sandbox::new();
    sandbox.write("driverc.toml", "");
    sandbox.write("contracts/a.toml", misspelt("a"));
    sandbox.folder("repository/.git");
    sandbox.run_in("repository", &["check"]).assert_refused(NO_FOLDER);
    sandbox.folder("repository/deep");
    sandbox.run_in("repository/deep", &["check"]).assert_refused(NO_FOLDER);
}

#[test]
fn worktree_is_treated_as_repository() {
    let sandbox = Sandbox::new();
    sandbox.write("driverc.toml", "");
    sandbox.write("contracts/a.toml", misspelt("a"));
    sandbox.write("tree/.git", "gitdir: elsewhere\n");
    sandbox.run_in("tree", &["check"]).assert_refused(NO_FOLDER);
}

#[test]
fn configuration_in_parent_folder_is_ignored_without_git() {
    let sandbox = Sandbox::new();
    sandbox.write("driverc.toml", "");
    sandbox.write("contracts/a.toml", misspelt("a"));
    assert_eq!(found(&sandbox, &[]), (1, vec![misspelt_in("contracts/a.toml")]));
    sandbox.folder("below");
    sandbox.run_in("below", &["check"]).assert_refused(NO_FOLDER);
}

#[test]
fn contracts_in_parent_folder_are_not_read_without_configuration() {
    let sandbox = Sandbox::repository(&[("contracts/a.toml", &misspelt("a"))]);
    sandbox.folder("below");
    sandbox
        .run_in("below", &["check"])
        .assert_refused("there is no folder `contracts` here; run in `..`, which has one");
}

#[test]
fn project_without_documents_is_refused() {
    let sandbox = Sandbox::repository(&[("contracts/notes.txt", "")]);
    sandbox.folder("empty");
    for command in ["check", "compile", "matrix"] {
        sandbox.run(&[command]).assert_refused(NO_DOCUMENT);
        let expected = NO_DOCUMENT.replace("`contracts`", "`empty`");
        sandbox.run(&[command, "./empty/"]).assert_refused(&expected);
    }
    sandbox.write("driverc.toml", "");
    sandbox.run_in("empty", &["check"]).assert_refused(&NO_DOCUMENT.replace("`c", "`../c"));
}

#[test]
fn named_folders_replace_default_folder() {
    let sandbox = Sandbox::project(&[
        ("contracts/a.toml", &misspelt("a")),
        ("left/b.toml", &misspelt("b")),
        ("right/c.toml", &misspelt("c")),
    ]);
    let expected = ["left/b.toml", "right/c.toml"].map(misspelt_in);
    assert_eq!(found(&sandbox, &["right", "./left/../left"]), (1, expected.into()));
}

#[test]
fn folder_named_twice_is_read_once() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    let whole = sandbox.path("contracts");
    sandbox.run(&["check", "contracts", "./contracts/.", whole.to_str().unwrap()]).assert_clean();
}

#[test]
fn order_of_paths_does_not_change_output() {
    let sandbox =
        Sandbox::project(&[("left/b.toml", &driver("b")), ("right/b.toml", &driver("b"))]);
    let run = sandbox.run(&["check", "left", "right"]);
    assert!(run.stdout.starts_with("error[duplicate-declaration]"), "{}", run.stdout);
    assert_eq!(run, sandbox.run(&["check", "right", "left"]));
}

#[test]
fn files_ignored_by_git_are_skipped() {
    let sandbox = Sandbox::repository(&[
        (".gitignore", "generated/\n"),
        ("contracts/.gitignore", "draft-*.toml\n"),
        ("contracts/a.toml", &misspelt("a")),
        ("contracts/draft-b.toml", &misspelt("b")),
        ("contracts/generated/c.toml", &misspelt("c")),
    ]);
    assert_eq!(found(&sandbox, &[]), (1, vec![misspelt_in("contracts/a.toml")]));
    let named = found(&sandbox, &["contracts/draft-b.toml"]);
    assert_eq!(named, (1, vec![misspelt_in("contracts/draft-b.toml")]), "a named file is read");
}

#[test]
fn hidden_files_are_skipped() {
    let sandbox = Sandbox::repository(&[
        ("contracts/a.toml", &driver("a")),
        ("contracts/budgets.toml", budgets()),
        ("contracts/.b.toml", &misspelt("b")),
        ("contracts/.c/c.toml", &misspelt("c")),
    ]);
    sandbox.run(&["check"]).assert_clean();
}

#[test]
fn user_specific_ignore_files_have_no_effect() {
    let sandbox = Sandbox::repository(&[
        ("contracts/a.toml", &misspelt("a")),
        (".config/git/ignore", "*.toml\n"),
        (".git/info/exclude", "*.toml\n"),
        (".ignore", "*.toml\n"),
    ]);
    assert_eq!(found(&sandbox, &[]), (1, vec![misspelt_in("contracts/a.toml")]));
}

#[test]
fn built_in_set_cannot_be_combined_with_paths() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    sandbox.run(&["check", "builtin:", "--show", "info", "--fail-on", "info"]).assert_clean();
    let alone = "`builtin:` cannot be combined with other paths";
    for others in [&["contracts"][..], &["-"], &["nowhere"], &["builtin:"]] {
        sandbox.run(&[&["check", "builtin:"], others].concat()).assert_refused(alone);
        sandbox.run(&[&["compile"], others, &["builtin:"]].concat()).assert_refused(alone);
    }
}

#[test]
fn missing_path_does_not_hide_findings_of_other_files() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    let run = sandbox.run(&["check", "--output-format", "concise", "nowhere", "contracts"]);
    assert_eq!((run.code, run.places()), (2, vec![&*misspelt_in("contracts/a.toml")]));
    assert!(run.stderr.starts_with("found 1 error in 1 file\nerror: cannot read `nowhere`: "));
    assert_eq!(run.stderr.lines().count(), 2, "{}", run.stderr);

    let file =
        sandbox.run(&["check", "--output-format", "concise", "contracts/a.toml", "x/y.toml"]);
    assert_eq!((file.code, file.places()), (2, run.places()));
    assert!(file.stderr.contains("\nerror: cannot read `x/y.toml`: "), "{}", file.stderr);
}

#[test]
fn single_missing_path_prints_only_error() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    let run = sandbox.run(&["check", "nowhere"]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    assert!(run.stderr.starts_with("error: cannot read `nowhere`: "), "{}", run.stderr);
    assert_eq!(run.stderr.lines().count(), 1);
}

#[cfg(unix)]
#[test]
fn unreadable_file_does_not_hide_findings_of_other_files() {
    use std::{fs, os::unix::fs::PermissionsExt};

    let sandbox = Sandbox::project(&[
        ("contracts/a.toml", &misspelt("a")),
        ("contracts/secret.toml", &driver("secret")),
    ]);
    let secret = sandbox.path("contracts/secret.toml");
    fs::set_permissions(&secret, PermissionsExt::from_mode(0o000)).unwrap();
    if fs::read(&secret).is_ok() {
        return skipped("the administrator can read everything");
    }
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    assert_eq!((run.code, run.places()), (2, vec![&*misspelt_in("contracts/a.toml")]));
    assert!(
        run.stderr.contains("\nerror: cannot read `contracts/secret.toml`: "),
        "{}",
        run.stderr
    );
}

#[cfg(unix)]
#[test]
fn path_through_symlink_names_same_file() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    let elsewhere = Sandbox::new();
    std::os::unix::fs::symlink(sandbox.path(""), elsewhere.path("link")).unwrap();
    let over_link = elsewhere.path("link/contracts/a.toml");
    sandbox.run(&["check", over_link.to_str().unwrap()]).assert_clean();
    let stdin = ["check", "-", "--stdin-filename", over_link.to_str().unwrap()];
    sandbox.pipe(driver("a"), &stdin).assert_clean();
}
