//! Several projects in one comparison, and configurations that a change adds or removes.

use std::fs;

use serde_json::Value;

use super::{commit, concise, git, paths};
use crate::cli::sandbox::{Sandbox, budgets, driver};

const BROKEN: [&str; 2] = ["  \"batch_read\",\n", ""];

/// A repository with two projects on `main`, on the branch `change`.
fn monorepo() -> Sandbox {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    for name in ["a", "b"] {
        sandbox.write(&format!("services/{name}/driverc.toml"), "");
        sandbox.write(&file(name), driver(name));
        sandbox.write(&format!("services/{name}/contracts/budgets.toml"), budgets());
    }
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "-b", "change"]);
    sandbox
}

fn file(name: &str) -> String {
    format!("services/{name}/contracts/{name}.toml")
}

/// Moves `main` and the branch to a new commit with everything that the test has changed.
fn rebase(sandbox: &Sandbox) {
    git(sandbox, &["checkout", "-q", "main"]);
    commit(sandbox);
    git(sandbox, &["checkout", "-q", "-B", "change"]);
}

fn break_driver(sandbox: &Sandbox, name: &str) {
    let text = sandbox.read(&file(name)).replace(BROKEN[0], BROKEN[1]);
    sandbox.write(&file(name), text);
}

#[test]
fn changes_of_all_projects_are_compared_together() {
    let sandbox = monorepo();
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, &*run.stdout), (0, ""), "{run:?}");
    break_driver(&sandbox, "a");
    let text = sandbox.read(&file("b")).replace("max_attempts = 3", "max_attempts = 4");
    sandbox.write(&file("b"), text);
    let run = concise(&sandbox, &[]);
    let expected = ["breaking[a.capabilities.batch_read", "risky[b.retry_policy.max_attempts"];
    assert_eq!((run.code, paths(&run)), (1, expected.to_vec()), "{run:?}");
    assert!(run.stdout.starts_with("services/a/contracts/a.toml:14:16: breaking"), "{run:?}");
    assert!(run.stderr.starts_with("1 breaking and 1 risky changes against "), "{run:?}");
    let options = ["--accept", "breaking:a.capabilities.batch_read"];
    assert_eq!(concise(&sandbox, &options).code, 0);
    let run = concise(&sandbox, &[&file("b")]);
    assert_eq!(paths(&run), [expected[1]], "{run:?}");
    let run = concise(&sandbox, &[&file("a"), &file("b")]);
    assert_eq!((run.code, paths(&run)), (1, expected.to_vec()), "{run:?}");
    for folder in ["services/a", "services/a/driverc.toml"] {
        let run = concise(&sandbox, &[folder]);
        assert_eq!((run.code, paths(&run)), (1, vec![expected[0]]), "{run:?}");
    }
    let run = concise(&sandbox, &["services"]);
    assert_eq!((run.code, paths(&run)), (1, expected.to_vec()), "{run:?}");
    let run = concise(&sandbox, &["--config", "services/b/driverc.toml"]);
    assert_eq!((run.code, paths(&run)), (0, vec![expected[1]]), "{run:?}");
}

#[test]
fn every_format_contains_changes_of_all_projects() {
    let sandbox = monorepo();
    break_driver(&sandbox, "a");
    break_driver(&sandbox, "b");
    for format in ["full", "concise", "json", "markdown", "github"] {
        let run = sandbox.run(&["diff", "--output-format", format]);
        assert_eq!(run.code, 1, "{format}");
        assert!(run.stdout.contains(&file("a")) && run.stdout.contains(&file("b")), "{format}");
    }
    let run = sandbox.run(&["diff", "--output-format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["summary"]["breaking"], 2);
    assert_eq!(report["changes"].as_array().unwrap().len(), 2);
    let run = sandbox.run_in("services", &["diff", "--output-format", "github"]);
    assert!(run.stdout.contains(&format!("file={},", file("a"))), "{run:?}");
}

#[test]
fn accept_argument_that_matches_two_projects_accepts_no_change() {
    let sandbox = monorepo();
    sandbox.write(&file("b"), driver("a"));
    rebase(&sandbox);
    break_driver(&sandbox, "a");
    break_driver(&sandbox, "b");
    let argument = "breaking:a.capabilities.batch_read";
    let run = concise(&sandbox, &["--accept", argument]);
    assert_eq!((run.code, paths(&run).len()), (1, 2), "{run:?}");
    assert!(run.stderr.contains("matches 2 changes and accepts none"), "{run:?}");
    let run = concise(&sandbox, &["--accept", argument, "--config", "services/a/driverc.toml"]);
    assert_eq!(run.code, 0, "{run:?}");
    let each = format!("{argument}.1,{argument}.2");
    assert_eq!(concise(&sandbox, &["--accept", &each]).code, 0);
}

#[test]
fn numbered_paths_of_calls_are_unique_across_projects() {
    let sandbox = monorepo();
    let caller = "[caller.edge]\nattempt_ms = 60000\nmax_attempts = 1\n";
    let call = |extra: &str| format!("[[call]]\nfrom = \"edge\"\nto = \"db\"\n{extra}\n");
    sandbox.write("services/c/driverc.toml", "");
    for name in ["a", "b", "c"] {
        let own = if name == "a" { call("parallel = true") } else { String::new() };
        let contract = driver("db").replace("max_attempts = 3", "max_attempts = 1");
        sandbox.write(&file(name), format!("{contract}\n{caller}{own}"));
    }
    rebase(&sandbox);
    for name in ["a", "b", "c"] {
        sandbox.write(&file(name), sandbox.read(&file(name)) + &call("times = 100"));
    }
    let run = concise(&sandbox, &[]);
    let expected = ["1", "2", "3"].map(|number| format!("breaking[call.edge.db.{number}"));
    let mut found = paths(&run);
    found.sort_unstable();
    assert_eq!((run.code, found), (1, expected.iter().map(String::as_str).collect()), "{run:?}");
    let all = expected.map(|path| path.replace('[', ":")).join(",");
    assert_eq!(concise(&sandbox, &["--accept", &all]).code, 0);
}

#[test]
fn added_configuration_is_risky_and_lists_drivers() {
    let sandbox = monorepo();
    sandbox.write("services/c/driverc.toml", "[rules]\nretry-no-jitter = \"off\"\n");
    sandbox.write(&file("c"), driver("c"));
    git(&sandbox, &["add", "--all"]);
    let run = concise(&sandbox, &["--fail-on", "risky"]);
    let path = "risky[configuration.services/c/driverc.toml";
    assert!(paths(&run).contains(&path) && paths(&run).contains(&"compatible[c"), "{run:?}");
    let line = "services/c/driverc.toml: risky[configuration.services/c/driverc.toml]: \
                `services/c/driverc.toml` was added; ";
    assert!(run.stdout.contains(line), "{run:?}");
    assert!(run.stdout.contains("services/c/driverc.toml: risky[configuration.rules."), "{run:?}");
    assert_eq!(run.code, 1);
    let run = sandbox.run(&["diff", "--output-format", "full"]);
    let details = "    affects 1 driver\n";
    assert!(run.stdout.contains("applies to `c`\n") && run.stdout.contains(details), "{run:?}");
    let run = sandbox.run(&["diff", "--output-format", "json", "services/c"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let changes = report["changes"].as_array().unwrap();
    let added = changes.iter().find(|it| it["contract"] == "configuration.services/c/driverc.toml");
    let added = added.unwrap();
    assert_eq!((&added["direction"], &added["drivers"][0]), (&"added".into(), &"c".into()));
    assert_eq!(added["kind"], "configuration");
}

#[test]
fn configuration_added_in_subfolder_is_judged_by_outer_project() {
    let sandbox = monorepo();
    fs::remove_file(sandbox.path("services/a/driverc.toml")).unwrap();
    let exclude = "exclude = [\"services/b\"]\nsupport_tiers = [\"tier1\", \"tier2\"]\n";
    sandbox.write("driverc.toml", format!("include = [\"services\"]\n{exclude}"));
    rebase(&sandbox);
    // The change gives `a` its own configuration, which reverses the tiers, and weakens the driver.
    sandbox.write("services/a/driverc.toml", "support_tiers = [\"tier2\", \"tier1\"]\n");
    sandbox.write("driverc.toml", format!("include = [\"services/x*\"]\n{exclude}"));
    sandbox.write("services/x.toml", driver("x"));
    break_driver(&sandbox, "a");
    let added = "risky[configuration.services/a/driverc.toml";
    for arguments in [&[][..], &[&*file("a")], &["services/a"], &["services/a/driverc.toml"]] {
        let run = concise(&sandbox, arguments);
        let found = paths(&run);
        assert!(found.contains(&added), "{arguments:?}: {run:?}");
        assert!(found.contains(&"breaking[a.capabilities.batch_read"), "{arguments:?}: {run:?}");
        assert!(!found.contains(&"breaking[a") && !found.contains(&"compatible[a"), "{run:?}");
        assert_eq!(run.code, 1);
    }
    let run = concise(&sandbox, &["services/a"]);
    assert!(paths(&run).contains(&"risky[configuration.support_tiers"), "{run:?}");
}

#[test]
fn removed_configuration_is_risky_and_its_drivers_are_compared() {
    let sandbox = monorepo();
    fs::remove_file(sandbox.path("services/a/driverc.toml")).unwrap();
    break_driver(&sandbox, "a");
    let removed = "risky[configuration.services/a/driverc.toml";
    for arguments in [&[][..], &["services/a"], &["services"], &["services/a/driverc.toml"]] {
        let run = concise(&sandbox, arguments);
        let found = paths(&run);
        assert_eq!(found, ["breaking[a.capabilities.batch_read", removed], "{arguments:?} {run:?}");
        assert!(run.stdout.contains("`services/a/driverc.toml` was removed"), "{run:?}");
    }
    let run = sandbox.run(&["diff"]);
    assert!(run.stdout.contains("applies to `a`\n"), "{run:?}");
}

#[test]
fn removed_project_is_breaking() {
    let sandbox = monorepo();
    fs::remove_dir_all(sandbox.path("services/a")).unwrap();
    for arguments in [&[][..], &["services/a"], &["services"], &[&*file("a")]] {
        let run = concise(&sandbox, arguments);
        assert_eq!(run.code, 1, "{arguments:?} {run:?}");
        assert!(paths(&run).contains(&"breaking[a"), "{arguments:?} {run:?}");
    }
    let run = concise(&sandbox, &[]);
    assert!(paths(&run).contains(&"risky[configuration.services/a/driverc.toml"), "{run:?}");
    fs::remove_dir_all(sandbox.path("services/b")).unwrap();
    let run = concise(&sandbox, &[]);
    assert!(paths(&run).contains(&"breaking[a") && paths(&run).contains(&"breaking[b"), "{run:?}");
}

#[test]
fn configuration_that_moves_to_root_is_compared() {
    let sandbox = monorepo();
    for name in ["a", "b"] {
        fs::remove_file(sandbox.path(format!("services/{name}/driverc.toml"))).unwrap();
    }
    fs::remove_file(sandbox.path("services/b/contracts/budgets.toml")).unwrap();
    sandbox.write("driverc.toml", "include = [\"services/*/contracts\"]\n");
    break_driver(&sandbox, "a");
    let run = concise(&sandbox, &[]);
    let found = paths(&run);
    assert!(found.contains(&"breaking[a.capabilities.batch_read"), "{run:?}");
    for path in ["driverc.toml", "services/a/driverc.toml", "services/b/driverc.toml"] {
        assert!(found.contains(&&*format!("risky[configuration.{path}")), "{path}: {run:?}");
    }
}

#[test]
fn configuration_of_each_project_is_named() {
    let sandbox = monorepo();
    for name in ["a", "b"] {
        let rules = "[rules]\nretry-no-jitter = \"off\"\n";
        sandbox.write(&format!("services/{name}/driverc.toml"), rules);
    }
    let run = concise(&sandbox, &[]);
    for (number, name) in [(1, "a"), (2, "b")] {
        let line = format!(
            "services/{name}/driverc.toml: risky[configuration.rules.retry-no-jitter.{number}]: \
             `rules.retry-no-jitter` in `services/{name}/driverc.toml` changed"
        );
        assert!(run.stdout.contains(&line), "{run:?}");
    }
}

#[test]
fn globs_of_both_sides_are_compared() {
    let sandbox = monorepo();
    for name in ["a", "b"] {
        fs::remove_file(sandbox.path(format!("services/{name}/driverc.toml"))).unwrap();
    }
    fs::remove_file(sandbox.path("services/b/contracts/budgets.toml")).unwrap();
    sandbox.write("driverc.toml", "include = [\"services/*/contracts\"]\n");
    rebase(&sandbox);
    assert_eq!(concise(&sandbox, &[]).stdout, "");
    sandbox.write("driverc.toml", "include = [\"services/a/**\"]\n");
    break_driver(&sandbox, "b");
    let run = concise(&sandbox, &[]);
    let expected = ["breaking[b.capabilities.batch_read", "risky[configuration.include"];
    assert_eq!(paths(&run), expected, "{run:?}");
    let run = concise(&sandbox, &["--against-path", "."]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn base_folder_compares_one_project() {
    let sandbox = monorepo();
    let message = "`--against-path` compares one project, and these are 2: \
                   `services/a/driverc.toml`, `services/b/driverc.toml`; choose one with `--config`";
    sandbox.run(&["diff", "--against-path", "services/a"]).assert_refused(message);
    sandbox.write("old/a.toml", driver("a"));
    break_driver(&sandbox, "a");
    let options = ["--against-path", "old", "--config", "services/a/driverc.toml"];
    let run = concise(&sandbox, &options);
    assert!(paths(&run).contains(&"breaking[a.capabilities.batch_read"), "{run:?}");
}

#[test]
fn invalid_configuration_of_one_project_keeps_output_valid() {
    let sandbox = monorepo();
    sandbox.write("services/a/driverc.toml", "preset = 1\n");
    break_driver(&sandbox, "b");
    let run = sandbox.run(&["diff", "--output-format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((run.code, &report["summary"]["breaking"]), (2, &1.into()), "{run:?}");
    assert!(run.stderr.contains("[services/a/driverc.toml:1:10]"), "{run:?}");
    assert!(run.stderr.contains("error: `services/a/driverc.toml` cannot be used\n"), "{run:?}");
}
