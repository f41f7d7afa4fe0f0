//! Runs `driverc diff` in real repositories.
mod base;
mod baseline;
mod counted;
mod divided;
mod projects;
use std::process::{Command, Stdio};

use crate::cli::sandbox::{Run, Sandbox, budgets, driver, misspelt};

const FILE: &str = "contracts/a.toml";

/// A repository with one driver on `main` and the branch `change` checked out.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    sandbox.write("driverc.toml", "support_tiers = [\"tier1\", \"tier2\"]\n");
    sandbox.write(FILE, driver("a"));
    sandbox.write("contracts/budgets.toml", budgets());
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "-b", "change"]);
    sandbox
}

#[track_caller]
pub(crate) fn git(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.args(arguments).current_dir(sandbox.path("")).stdin(Stdio::null());
    git.env("GIT_CONFIG_GLOBAL", sandbox.path("no-config")).env("GIT_CONFIG_NOSYSTEM", "1");
    for role in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{role}_NAME"), "a").env(format!("GIT_{role}_EMAIL"), "a@example.org");
        git.env(format!("GIT_{role}_DATE"), "2026-11-01T00:00:00Z");
    }
    let output = git.output().expect("git");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

pub(crate) fn commit(sandbox: &Sandbox) {
    git(sandbox, &["add", "-A"]);
    git(sandbox, &["commit", "-q", "--no-verify", "-m", "change"]);
}

fn edit(sandbox: &Sandbox, from: &str, to: &str) {
    let text = sandbox.read(FILE);
    assert!(text.contains(from), "{from}");
    sandbox.write(FILE, text.replace(from, to));
}

/// Removes a capability, which is a breaking change.
fn break_it(sandbox: &Sandbox) {
    edit(sandbox, "  \"batch_read\",\n", "");
}

fn waiver(rule: &str) -> String {
    format!(
        "[[waiver]]\nrule = \"{rule}\"\nreason = \"agreed\"\nowner = \"us\"\nexpires = 2026-12-31\n"
    )
}

fn concise(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let fixed = ["diff", "--output-format", "concise", "--today", "2026-11-01"];
    sandbox.run(&[&fixed, arguments].concat())
}

/// The severity and path of each change of `concise` output.
fn paths(run: &Run) -> Vec<&str> {
    run.stdout
        .lines()
        .filter_map(|line| Some(line.split_once(": ")?.1.split_once("]: ")?.0))
        .collect()
}

#[test]
fn named_file_is_compared_if_its_drivers_take_values_from_another_file() {
    let sandbox = repository();
    let (template, own) =
        (driver("base").replace("[driver.", "[template."), "[driver.a]\nlike = \"base\"\n");
    sandbox.write("contracts/template.toml", &template);
    sandbox.write(FILE, own);
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    sandbox.write("contracts/template.toml", template.replace("  \"batch_read\",\n", ""));
    let change = ["breaking[a.capabilities.batch_read"];
    assert_eq!(paths(&concise(&sandbox, &[FILE])), change);
    assert_eq!(paths(&concise(&sandbox, &["contracts/template.toml"])), change);
    assert_eq!(paths(&concise(&sandbox, &["contracts/budgets.toml"])), [""; 0]);
}

#[test]
fn diff_treats_committed_and_uncommitted_changes_equally() {
    let sandbox = repository();
    break_it(&sandbox);
    let before = concise(&sandbox, &[]);
    assert_eq!((before.code, paths(&before)), (1, vec!["breaking[a.capabilities.batch_read"]));
    assert!(before.stdout.starts_with("contracts/a.toml:14:16: "), "{}", before.stdout);
    assert!(before.stdout.ends_with(" (was contracts/a.toml:14:16)\n"), "{}", before.stdout);
    commit(&sandbox);
    assert_eq!(concise(&sandbox, &[]), before);
    // In a subfolder, paths are relative to it.
    let run = sandbox.run_in("contracts", &["diff", "--output-format", "concise"]);
    assert!(run.stdout.starts_with("a.toml:14:16: "), "{}", run.stdout);
}

#[test]
fn moved_file_causes_no_change() {
    let sandbox = repository();
    let text = sandbox.read(FILE);
    git(&sandbox, &["rm", "-q", FILE]);
    sandbox.write("contracts/below/b.toml", format!("# moved\r\n\n{text}"));
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, &*run.stdout), (0, ""));
}

#[test]
fn renamed_driver_is_one_change() {
    let sandbox = repository();
    edit(&sandbox, "[driver.a", "[driver.b");
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, paths(&run)), (1, vec!["breaking[a.name"]));
    assert!(run.stdout.contains("driver `a` was renamed to `b`"), "{}", run.stdout);
}

#[test]
fn diff_ignores_hidden_files_on_both_sides() {
    let sandbox = repository();
    sandbox.write("contracts/.hidden.toml", driver("hidden"));
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    sandbox.write("contracts/.hidden.toml", "");
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, &*run.stdout), (0, ""));
}

#[cfg(unix)]
#[test]
fn symlinks_are_followed_in_base() {
    let sandbox = repository();
    sandbox.write("shared/b.toml", driver("b"));
    std::os::unix::fs::symlink("../shared/b.toml", sandbox.path("contracts/b.toml")).unwrap();
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, &*run.stdout), (0, ""));
    sandbox.write("shared/b.toml", driver("b").replace("\"tier2\"", "\"tier1\""));
    assert_eq!(paths(&concise(&sandbox, &[])), ["compatible[b.support_tier"]);
}

#[test]
fn named_files_limit_reported_changes() {
    let sandbox = repository();
    sandbox.write("contracts/b.toml", driver("b"));
    break_it(&sandbox);
    assert_eq!(paths(&concise(&sandbox, &[])).len(), 2);
    let run = concise(&sandbox, &["contracts/b.toml"]);
    assert_eq!((run.code, paths(&run)), (0, vec!["compatible[b"]));
    let run = concise(&sandbox, &["contracts"]);
    assert_eq!(paths(&run).len(), 2);
}

#[test]
fn waiver_applies_only_if_base_contains_waiver() {
    let sandbox = repository();
    break_it(&sandbox);
    sandbox.write("contracts/waivers.toml", waiver("contract-broken"));
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, paths(&run)[0]), (1, "breaking[a.capabilities.batch_read"));
    let pending = "; the waiver in this change does not apply yet: merge it first (was ";
    assert!(run.stdout.contains(pending), "{}", run.stdout);
    assert!(run.stderr.contains("\nto accept a change, merge the waiver in this change first, "));

    let sandbox = repository();
    sandbox.write("contracts/waivers.toml", waiver("contract-broken"));
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    break_it(&sandbox);
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, &*run.stdout), (0, ""));
    assert!(run.stderr.starts_with("no open changes, 1 accepted against "), "{}", run.stderr);
    let late = sandbox.run(&["diff", "--today", "2027-01-01"]);
    assert_eq!(late.code, 1);
    // The change stays accepted if it also removes the waiver.
    sandbox.write("contracts/waivers.toml", "");
    assert_eq!(concise(&sandbox, &[]).code, 0);
    // `check` sees only one state, so it cannot report the waiver as unused.
    sandbox.write("contracts/waivers.toml", waiver("contract-broken"));
    let check = sandbox.run(&["check", "--today", "2026-11-01"]);
    assert!(!check.stdout.contains("waiver"), "{}", check.stdout);
}

#[test]
fn turning_off_rule_contract_broken_is_error() {
    let sandbox = repository();
    sandbox.write("driverc.toml", "[rules]\ncontract-broken = \"off\"\n");
    break_it(&sandbox);
    assert_eq!(concise(&sandbox, &[]).code, 2);
}

#[test]
fn accept_option_accepts_change_by_path() {
    let sandbox = repository();
    break_it(&sandbox);
    edit(&sandbox, "max_attempts = 3", "max_attempts = 4");
    let run = concise(&sandbox, &["--accept", "breaking:a.capabilities"]);
    assert_eq!((run.code, paths(&run)), (0, vec!["risky[a.retry_policy.max_attempts"]));
    let run = concise(&sandbox, &["--accept", "breaking:a.class"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.starts_with("warning: `--accept breaking:a.class` accepts nothing\n"));
    assert_eq!(concise(&sandbox, &["--accept", "a.class"]).code, 2);
}

#[test]
fn failing_diff_explains_how_to_accept_change() {
    let sandbox = repository();
    edit(&sandbox, "  \"batch_read\",\n  \"mixed_latency_tolerance\",\n", "");
    for format in ["full", "concise", "github"] {
        let run = sandbox.run(&["diff", "--output-format", format]);
        let last = run.stderr.lines().last();
        let line = "to accept a change, merge a `[[waiver]]` for `contract-broken` first, or add \
                    `--accept breaking:a.capabilities.batch_read`";
        assert_eq!((run.code, last), (1, Some(line)), "{format}");
    }
    let run = concise(&sandbox, &["--accept", "breaking:a.capabilities"]);
    assert_eq!(run.code, 1);
    let warning = "warning: `--accept breaking:a.capabilities` matches 2 changes and accepts none; \
                   name one of `breaking:a.capabilities.batch_read`, \
                   `breaking:a.capabilities.mixed_latency_tolerance`\n";
    assert!(run.stderr.starts_with(warning), "{}", run.stderr);
    let both = "breaking:a.capabilities.batch_read,breaking:a.capabilities.mixed_latency_tolerance";
    let run = concise(&sandbox, &["--accept", both]);
    assert_eq!((run.code, run.stderr.contains("to accept")), (0, false), "{}", run.stderr);
}

#[test]
fn fail_on_option_determines_exit_code() {
    let sandbox = repository();
    edit(&sandbox, "max_attempts = 3", "max_attempts = 4");
    for (level, code) in [("breaking", 0), ("risky", 1), ("compatible", 1)] {
        assert_eq!(concise(&sandbox, &["--fail-on", level]).code, code, "{level}");
    }
    let accepted = ["--fail-on", "risky", "--accept", "risky:a.retry_policy.max_attempts"];
    assert_eq!(concise(&sandbox, &accepted).code, 0);
    edit(&sandbox, "\"tier2\"", "\"tier3\"");
    assert_eq!(concise(&sandbox, &["--fail-on", "risky", "--exit-zero"]).code, 0);
}

#[test]
fn output_format_does_not_change_exit_code() {
    let sandbox = repository();
    break_it(&sandbox);
    for (format, start) in [
        ("full", "driver `a`:\n  breaking[a.capabilities.batch_read]: capability `batch_read` of "),
        ("concise", "contracts/a.toml:14:16: breaking[a.capabilities.batch_read]: "),
        ("json", "{\n  \"schema_version\": 2,\n"),
        ("markdown", "**driverc: 1 breaking change** against "),
        ("github", "::error file=contracts/a.toml,line=14,title=contract-broken::"),
    ] {
        let run = sandbox.run(&["diff", "--output-format", format]);
        assert_eq!(run.code, 1, "{format}");
        assert!(run.stdout.starts_with(start), "{format}: {}", run.stdout);
    }
    let json = sandbox.run(&["diff", "--output-format", "json", "-o", "changes.json"]);
    assert_eq!((json.code, &*json.stdout, &*json.stderr), (1, "", ""));
    let report: serde_json::Value = serde_json::from_str(&sandbox.read("changes.json")).unwrap();
    assert_eq!(report["changes"][0]["old"]["place"]["start"]["line"], 14);
    assert_eq!(report["summary"]["breaking"], 1);
}

#[test]
fn github_step_summary_contains_table_of_changes() {
    let sandbox = repository();
    break_it(&sandbox);
    let mut command = sandbox.command(&["diff", "--output-format", "github"]);
    command.env("GITHUB_STEP_SUMMARY", sandbox.path("summary.md"));
    assert_eq!(Run::of(command.output().unwrap()).code, 1);
    assert!(sandbox.read("summary.md").contains("| **breaking** | `a.capabilities.batch_read` |"));
}

#[test]
fn errors_in_change_fail_and_errors_in_base_warn() {
    let sandbox = repository();
    sandbox.write("contracts/b.toml", misspelt("b"));
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    assert!(run.stderr.starts_with("error[unknown-key]: "), "{}", run.stderr);
    assert!(run.stderr.contains("error: the documents have 1 error; only fields without errors"));

    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    sandbox.write("contracts/b.toml", driver("b"));
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, paths(&run)), (0, vec![]), "the fix passes");
    assert!(run.stderr.contains("warning: the base, "), "{}", run.stderr);
    break_it(&sandbox);
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, paths(&run)), (1, vec!["breaking[a.capabilities.batch_read"]));
}

#[cfg(unix)]
#[test]
fn diff_runs_no_hooks_and_writes_nothing() {
    use std::os::unix::fs::PermissionsExt;

    let sandbox = repository();
    let trap = sandbox.path("trap.sh");
    sandbox.write(
        "trap.sh",
        format!("#!/bin/sh\necho \"$0\" >> '{}'\ncat\n", sandbox.path("sprung").display()),
    );
    std::fs::set_permissions(&trap, std::fs::Permissions::from_mode(0o755)).unwrap();
    let trap = trap.to_str().unwrap();
    sandbox.write(".gitattributes", "*.toml filter=trap diff=trap\n");
    for hook in ["post-checkout", "post-index-change", "reference-transaction"] {
        std::fs::copy(trap, sandbox.path(format!(".git/hooks/{hook}"))).unwrap();
    }
    for key in [
        "core.fsmonitor",
        "filter.trap.smudge",
        "filter.trap.clean",
        "diff.trap.textconv",
        "core.pager",
    ] {
        git(&sandbox, &["config", key, trap]);
    }
    break_it(&sandbox);
    _ = std::fs::remove_file(sandbox.path("sprung"));
    let index = std::fs::read(sandbox.path(".git/index")).unwrap();
    let names = sandbox.names(".git");
    assert_eq!(concise(&sandbox, &[]).code, 1);
    assert!(!sandbox.exists("sprung"), "{}", sandbox.read("sprung"));
    assert_eq!(std::fs::read(sandbox.path(".git/index")).unwrap(), index);
    assert_eq!(sandbox.names(".git"), names);
}

#[test]
fn control_characters_and_workflow_commands_are_escaped() {
    let sandbox = repository();
    edit(&sandbox, "\"a_client_timeouts_total\"", "\"\u{202e}::error::x\"");
    for format in ["full", "concise", "json", "markdown", "github"] {
        let run = sandbox.run(&["diff", "--output-format", format, "--color", "never"]);
        assert_eq!(run.code, 1, "{format}");
        assert!(!run.stdout.contains('\u{202e}'), "{format}: {}", run.stdout);
        let commands = run.stdout.lines().filter(|line| line.starts_with("::error"));
        assert_eq!(commands.count(), usize::from(format == "github"), "{format}");
    }
}

#[test]
fn size_limit_applies_to_files_in_base() {
    let sandbox = repository();
    git(&sandbox, &["checkout", "-q", "main"]);
    let large = "#".repeat(5_000);
    sandbox.write("contracts/b.toml", &large);
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "-b", "large"]);
    sandbox.write("contracts/b.toml", "");
    let run = concise(&sandbox, &["--max-file-size", "4KiB"]);
    assert_eq!((run.code, &*run.stdout), (0, ""));
    assert!(run.stderr.contains("error[file-too-large]: the file is larger than 4 KiB"), "{run:?}");
    assert!(run.stderr.contains("\nwarning: the base, "), "{}", run.stderr);
    assert_eq!(concise(&sandbox, &["--max-file-size", "8KiB"]).code, 0);
}
