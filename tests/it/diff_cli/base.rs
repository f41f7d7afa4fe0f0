//! The base that `driverc diff` compares with, and the errors if there is none.

use super::{FILE, break_it, commit, concise, git, paths, repository};
use crate::cli::sandbox::{Sandbox, budgets, driver};

#[test]
fn default_base_is_merge_base_with_default_branch() {
    let sandbox = repository();
    git(&sandbox, &["checkout", "-q", "main"]);
    break_it(&sandbox);
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "change"]);
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, &*run.stdout), (0, ""));
    assert!(run.stderr.starts_with("no changes against "), "{}", run.stderr);
    assert!(run.stderr.ends_with(" (merge base with main)\n"), "{}", run.stderr);
    // The tip of `main` is a different base.
    let run = concise(&sandbox, &["--against", "main"]);
    assert_eq!((run.code, paths(&run)), (0, vec!["compatible[a.capabilities.batch_read"]));
}

#[test]
fn base_can_be_folder() {
    let sandbox = Sandbox::project(&[(FILE, &driver("a")), ("old/a.toml", &driver("a"))]);
    sandbox.write("old/budgets.toml", budgets());
    break_it(&sandbox);
    let run = concise(&sandbox, &["--against-path", "old"]);
    assert_eq!((run.code, paths(&run)), (1, vec!["breaking[a.capabilities.batch_read"]));
    assert!(run.stderr.starts_with("1 breaking change against old\n"), "{}", run.stderr);
    concise(&sandbox, &["--against-path", "old", "old"]);
    let same = concise(&sandbox, &["--against-path", "contracts", "contracts"]);
    assert_eq!((same.code, &*same.stderr), (0, "no changes against contracts\n"));
}

#[test]
fn diff_without_repository_requires_base_folder() {
    let sandbox = Sandbox::new();
    sandbox.write(FILE, driver("a"));
    let run = sandbox.run(&["diff"]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    let expected =
        "error: the project is not in a git repository; name a folder with `--against-path`\n";
    assert_eq!(run.stderr, expected);
}

#[test]
fn error_names_missing_base() {
    let sandbox = repository();
    for name in ["nowhere", "--all", "main:contracts", "HEAD^{tree}"] {
        let message = format!("`{name}` is not a commit of this repository");
        sandbox.run(&["diff", &format!("--against={name}")]).assert_refused(&message);
    }
    git(&sandbox, &["branch", "-q", "-D", "main"]);
    sandbox.run(&["diff"]).assert_refused(
        "no default branch (`main` or `master`, here or of `origin`); name a base with `--against`",
    );
    sandbox.run(&["diff", "-"]).assert_refused("standard input has no base; name a folder or file");
    sandbox
        .run(&["diff", "builtin:"])
        .assert_refused("`builtin:` has no revisions; name a folder with `--against-path`");
}

#[test]
fn repository_without_commits_has_no_base() {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "-q"]);
    sandbox.write(FILE, driver("a"));
    sandbox.run(&["diff"]).assert_refused("`HEAD` has no commit yet; name a base with `--against`");
}

#[test]
fn error_in_shallow_clone_suggests_fetching_history() {
    const SHALLOW: &str = "; the clone is shallow: fetch more of its history (`fetch-depth: 0` in \
                           a checkout of GitHub Actions)";
    let sandbox = repository();
    break_it(&sandbox);
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "main"]);
    let origin = format!("file://{}", sandbox.path("").display());
    let clone = ["clone", "-q", "--depth", "1", "--no-single-branch", &origin, "clone"];
    git(&sandbox, &clone);
    git(&sandbox, &["-C", "clone", "checkout", "-q", "change"]);
    // The clone has one commit per branch, so the branches have no common ancestor.
    sandbox
        .run_in("clone", &["diff"])
        .assert_refused(&format!("`HEAD` and `origin/HEAD` have no common ancestor here{SHALLOW}"));
    sandbox
        .run_in("clone", &["diff", "--against", "HEAD~1"])
        .assert_refused(&format!("`HEAD~1` is not a commit of this repository{SHALLOW}"));
    // The tip of the default branch is in the clone.
    let run = sandbox.run_in("clone", &["diff", "--against", "origin/main"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
}
