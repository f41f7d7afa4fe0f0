//! Changes of the baseline.

use serde_json::Value;

use super::{commit, git, repository};
use crate::cli::sandbox::{Run, Sandbox};

const LINE: &str = "finding|v1|rule=queue-zero|driver=a|field=max_queue_depth|value=0";
const OTHER: &str = "finding|v1|rule=queue-zero|driver=a|field=max_in_flight|value=1";
const KEY: &str = "baseline = \"driverc-baseline.txt\"\n";

/// Writes the baseline and its key.
fn write(sandbox: &Sandbox, lines: &[&str]) {
    let configuration = sandbox.read("driverc.toml");
    if !configuration.contains(KEY) {
        sandbox.write("driverc.toml", format!("{KEY}{configuration}"));
    }
    sandbox.write("driverc-baseline.txt", lines.concat());
}

/// Commits a baseline with these lines to the base.
fn in_base(lines: &[&str]) -> Sandbox {
    let sandbox = repository();
    write(&sandbox, lines);
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    sandbox
}

fn diff(sandbox: &Sandbox, options: &[&str]) -> Run {
    let arguments = ["diff", "--output-format", "concise", "--fail-on", "risky"];
    sandbox.run(&[&arguments[..], options].concat())
}

#[test]
fn new_baseline_and_its_lines_are_risky() {
    let sandbox = repository();
    write(&sandbox, &[LINE, "\n"]);
    let run = diff(&sandbox, &[]);
    let expected = format!(
        "driverc-baseline.txt: risky[baseline.queue-zero.a]: `{LINE}` was added to \
         `driverc-baseline.txt`; a finding that was reported is now accepted\n\
         driverc.toml: risky[configuration.baseline]: `baseline` in `driverc.toml` changed from \
         `none` to `driverc-baseline.txt`; findings that the file lists are accepted\n"
    );
    assert_eq!((run.code, run.stdout), (1, expected));
}

#[test]
fn order_and_repeated_lines_are_no_change() {
    let sandbox = in_base(&[LINE, "\n", OTHER, "\n"]);
    write(&sandbox, &[OTHER, "\r\n", LINE, "\n", OTHER]);
    let run = diff(&sandbox, &[]);
    assert_eq!((run.code, &*run.stdout), (0, ""), "{run:?}");
}

#[test]
fn removed_line_is_compatible_and_added_line_is_risky() {
    let sandbox = in_base(&[LINE, "\n"]);
    write(&sandbox, &[OTHER, "\n"]);
    let run = diff(&sandbox, &[]);
    let lines: Vec<_> = run.stdout.lines().collect();
    assert_eq!((run.code, lines.len()), (1, 2), "{run:?}");
    assert!(lines[0].contains("risky[baseline.queue-zero.a.1]") && lines[0].contains(OTHER));
    assert!(lines[1].contains("compatible[baseline.queue-zero.a.2]") && lines[1].contains(LINE));
    let run = diff(&sandbox, &["--accept", "risky:baseline.queue-zero.a.1"]);
    assert_eq!(run.code, 0, "{run:?}");
    git(&sandbox, &["rm", "-q", "--cached", "driverc-baseline.txt"]);
    sandbox.write("driverc.toml", sandbox.read("driverc.toml").replace(KEY, ""));
    let run = diff(&sandbox, &[]);
    assert!(run.code == 0 && run.stdout.contains("compatible[baseline"), "{run:?}");
}

#[test]
fn waiver_does_not_accept_line() {
    let sandbox = in_base(&[]);
    let waiver = "[[waiver]]\nrule = \"contract-weakened\"\nreason = \"all\"\nowner = \"a\"\n\
                  expires = 2099-01-01\n";
    sandbox.write("contracts/waivers.toml", waiver);
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    write(&sandbox, &[LINE]);
    assert_eq!(diff(&sandbox, &["--today", "2026-11-30"]).code, 1);
}

#[test]
fn folder_has_its_own_baseline() {
    let sandbox = in_base(&[LINE, "\n"]);
    git(&sandbox, &["worktree", "add", "-q", "../base", "main"]);
    let base = sandbox.path("../base");
    write(&sandbox, &[LINE, "\n", OTHER, "\n"]);
    let run = diff(&sandbox, &["--against-path", "../base"]);
    assert!(run.code == 1 && run.stdout.lines().count() == 1, "{run:?}");
    std::fs::remove_dir_all(base).unwrap();
}

#[test]
fn every_format_names_line() {
    let sandbox = in_base(&[]);
    write(&sandbox, &[LINE]);
    for format in ["full", "concise", "github", "json"] {
        let run = sandbox.run(&["diff", "--output-format", format]);
        assert!(run.stdout.contains(LINE), "{format}: {run:?}");
    }
    let run = sandbox.run(&["diff", "--output-format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let change = &report["changes"][0];
    assert_eq!((&change["kind"], &change["direction"]), (&"baseline".into(), &"added".into()));
}

#[test]
fn baseline_of_base_that_is_no_file_is_error() {
    let sandbox = repository();
    sandbox.write("driverc-baseline.txt/x", "");
    sandbox.write("driverc.toml", KEY);
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    git(&sandbox, &["rm", "-q", "-r", "driverc-baseline.txt"]);
    sandbox.write("driverc-baseline.txt", "");
    let run = diff(&sandbox, &[]);
    assert!(run.code == 2 && run.stderr.contains("`driverc-baseline.txt` in the base"), "{run:?}");
}

#[test]
fn path_of_baseline_stands_for_whole_project() {
    let sandbox = in_base(&[LINE, "\n"]);
    write(&sandbox, &[OTHER, "\n"]);
    let file = super::FILE;
    sandbox.write(file, sandbox.read(file).replace("max_attempts = 3", "max_attempts = 4"));
    let whole = diff(&sandbox, &[]);
    assert!(whole.stdout.contains("max_attempts") && whole.stdout.contains(OTHER), "{whole:?}");
    assert_eq!(diff(&sandbox, &["driverc-baseline.txt"]), whole);
    assert_eq!(diff(&sandbox, &["driverc-baseline.txt", file]), whole);
    let new = |paths: &[&str]| {
        let check =
            ["check", "--new-from", "main", "--fail-on", "warn", "--output-format", "concise"];
        sandbox.run(&[&check[..], paths].concat())
    };
    let expected = new(&[]);
    assert!(expected.code == 1 && expected.stdout.lines().count() == 1, "{expected:?}");
    assert_eq!(new(&["driverc-baseline.txt"]), expected);
    // The change deletes the baseline.
    sandbox.write("driverc.toml", sandbox.read("driverc.toml").replace(KEY, ""));
    std::fs::remove_file(sandbox.path("driverc-baseline.txt")).unwrap();
    let run = diff(&sandbox, &["driverc-baseline.txt"]);
    assert!(!run.stderr.contains("error") && run.stdout.contains(LINE), "{run:?}");
}
