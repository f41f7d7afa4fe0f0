//! Paths in formats for code hosts: relative to the root of the git repository.

use std::process::Command;

use serde_json::Value;

use super::sandbox::{Run, Sandbox, budgets, driver, misspelt};

const PATH: &str = "services/a/contracts/orders.toml";

/// Runs git in the folder of a test, without the user's settings.
pub(super) fn git(sandbox: &Sandbox, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.args(arguments).current_dir(sandbox.path(""));
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        git.env_remove(variable);
    }
    assert!(git.status().unwrap().success());
}

/// A git repository with a project in a subfolder.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "--quiet", "."]);
    sandbox.write("services/a/driverc.toml", "");
    sandbox.write("services/a/contracts/budgets.toml", budgets());
    sandbox.write(PATH, misspelt("orders"));
    sandbox
}

fn check(sandbox: &Sandbox, folder: &str, format: &str, arguments: &[&str]) -> Run {
    let options = ["check", "--output-format", format];
    let run = sandbox.run_in(folder, &[&options, arguments].concat());
    assert_eq!(run.code, 1, "{run:?}");
    run
}

/// Returns the paths of the findings, and of the suites, in a format.
fn paths(format: &str, text: &str) -> Vec<String> {
    let between = |start: &str, end: char| {
        let rest = text.split(start).skip(1);
        rest.map(|rest| rest.split(end).next().unwrap().to_owned()).collect()
    };
    let json = |pointer: &str| {
        let value: Value = serde_json::from_str(text).unwrap();
        vec![value.pointer(pointer).unwrap().as_str().unwrap().to_owned()]
    };
    match format {
        "github" => between(" file=", ','),
        "gitlab" => json("/0/location/path"),
        "sarif" => json("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri"),
        "rdjson" => json("/diagnostics/0/location/path"),
        "junit" => between("<testsuite name=\"", '"'),
        "json" => json("/findings/0/place/path"),
        "full" => between("─[", ':'),
        _ => vec![text.split(':').next().unwrap().to_owned()],
    }
}

#[test]
fn host_formats_use_paths_from_repository_root() {
    let sandbox = repository();
    for (folder, arguments) in [
        ("services/a", &[][..]),
        ("services/a", &["contracts/orders.toml"]),
        ("services/a/contracts", &[]),
        ("services", &["a/contracts/orders.toml"]),
        ("services/a/contracts", &["../contracts"]),
        ("", &["services/a/contracts/orders.toml"]),
    ] {
        for format in ["github", "gitlab", "sarif", "rdjson", "junit"] {
            let run = check(&sandbox, folder, format, arguments);
            let found = paths(format, &run.stdout);
            assert!(found.contains(&PATH.to_owned()), "{folder} {format} {found:?}");
            assert!(found.iter().all(|path| path.starts_with("services/a/")), "{found:?}");
        }
    }
}

#[test]
fn text_and_json_use_paths_from_working_directory() {
    let sandbox = repository();
    for (folder, path) in
        [("services/a", "contracts/orders.toml"), ("services/a/contracts", "orders.toml")]
    {
        for format in ["full", "concise", "json"] {
            let run = check(&sandbox, folder, format, &[]);
            assert_eq!(paths(format, &run.stdout)[0], path, "{format}");
        }
    }
}

#[test]
fn related_locations_use_paths_from_repository_root() {
    let sandbox = repository();
    sandbox.write(PATH, driver("orders"));
    sandbox.write("services/b/orders.toml", driver("orders"));
    let arguments = ["contracts", "../b/orders.toml"];
    let run = check(&sandbox, "services/a", "github", &arguments);
    assert!(run.stdout.contains(" file=services/a/contracts/orders.toml,"), "{}", run.stdout);
    assert!(run.stdout.contains("%0Aservices/b/orders.toml:"), "{}", run.stdout);
    let run = check(&sandbox, "services/a", "junit", &arguments);
    assert!(run.stdout.contains("\nservices/b/orders.toml:"), "{}", run.stdout);
}

#[test]
fn configuration_error_uses_path_from_repository_root() {
    let sandbox = repository();
    sandbox.write("services/a/driverc.toml", "presets = 1\n");
    let run = sandbox.run_in("services/a/contracts", &["check", "--output-format", "github"]);
    assert_eq!(run.code, 2);
    assert!(run.stdout.starts_with("::error file=services/a/driverc.toml,line=1,"), "{run:?}");
}

#[test]
fn configuration_is_found_in_worktree_without_its_repository() {
    let sandbox = Sandbox::new();
    // As in a container that has only the work tree.
    sandbox.write(".git", "gitdir: /nowhere/worktrees/a\n");
    sandbox.write("driverc.toml", "presets = 1\n");
    sandbox.write("services/a/README.md", "");
    let run = sandbox.run_in("services/a", &["check", "--output-format", "github"]);
    assert_eq!(run.code, 2);
    assert!(run.stdout.starts_with("::error file=driverc.toml,line=1,"), "{run:?}");
}

#[test]
fn compile_and_budget_print_same_paths_as_check() {
    let sandbox = repository();
    let run = sandbox.run_in("services/a", &["compile", "--output-format", "github"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with(&format!("::error file={PATH},line=10,")), "{}", run.stdout);
    // A benchmark without a budget.
    let figures = "p50_latency_ms = 1\np95_latency_ms = 2\ntimeout_rate_bps = 0\n\
                   retry_rate_bps = 0\nthroughput_ops_per_sec = 500\n";
    let benchmark = "[[benchmark]]\ndriver = \"orders\"\nprofile = \"heavy_data\"\n";
    sandbox.write(PATH, driver("orders") + benchmark + figures);
    sandbox.write("services/a/contracts/budgets.toml", "");
    let options = ["budget", "--output-format", "junit", "--show", "info"];
    let run = sandbox.run_in("services/a", &options);
    let suite = format!("<testsuite name=\"{PATH}\"");
    assert!(run.stdout.contains(&suite), "{run:?}");
}

#[test]
fn fingerprints_do_not_depend_on_working_directory() {
    let sandbox = repository();
    let fingerprint = |folder, arguments: &[&str]| {
        let run = check(&sandbox, folder, "gitlab", arguments);
        let issues: Value = serde_json::from_str(&run.stdout).unwrap();
        issues[0]["fingerprint"].as_str().unwrap().to_owned()
    };
    assert_eq!(fingerprint("services/a", &[]), fingerprint("", &["services/a/contracts"]));
}

#[test]
fn step_summary_uses_same_paths_as_annotations() {
    let sandbox = repository();
    let mut command = sandbox.command(&["check", "--output-format", "github"]);
    command.current_dir(sandbox.path("services/a"));
    command.env("GITHUB_STEP_SUMMARY", sandbox.path("summary.md"));
    assert_eq!(command.output().unwrap().status.code(), Some(1));
    let summary = sandbox.read("summary.md");
    assert!(summary.contains("| error | `services/a/contracts/orders.toml:"), "{summary}");
}

#[test]
fn diff_annotations_use_paths_from_repository_root() {
    let sandbox = repository();
    sandbox.write(PATH, driver("orders"));
    git(&sandbox, &["add", "--all"]);
    let commit = ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet"];
    git(&sandbox, &[&commit[..], &["--message", "base"]].concat());
    sandbox.write(PATH, driver("orders").replace("\"batch_read\",", ""));
    let diff = ["diff", "--against", "HEAD", "--output-format", "github"];
    for folder in ["services/a", "services/a/contracts"] {
        let run = sandbox.run_in(folder, &diff);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stdout.starts_with(&format!("::error file={PATH},line=")), "{}", run.stdout);
        assert!(run.stdout.contains(&format!("%0Ain the base: {PATH}:")), "{}", run.stdout);
    }
    let run =
        sandbox.run_in("services/a", &["diff", "--against", "HEAD", "--output-format", "concise"]);
    assert!(run.stdout.starts_with("contracts/orders.toml:"), "{}", run.stdout);
}

#[test]
fn names_of_built_in_set_and_stdin_stay_unchanged() {
    let sandbox = repository();
    let show = ["check", "builtin:", "--show", "info", "--output-format", "junit"];
    let run = sandbox.run_in("services/a", &show);
    assert!(run.stdout.contains("<testsuite name=\"builtin:"), "{}", run.stdout);
    let text = misspelt("other");
    let run = sandbox.pipe(&text, &["check", "-", "--output-format", "github"]);
    assert!(run.stdout.starts_with("::error file=<stdin>,line=10,"), "{}", run.stdout);
}
