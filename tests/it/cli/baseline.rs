//! `driverc baseline`, and the baseline in the other commands.

use std::{fs, process::Stdio, thread, time::Instant};

use serde_json::Value;

use super::sandbox::{Sandbox, budgets, driver, misspelt, stubborn};

const FILE: &str = "driverc-baseline.txt";
const CONFIGURATION: &str = "baseline = \"driverc-baseline.txt\"\n";
/// The lines of a stubborn driver `a`.
const LINES: &str = "\
finding|v1|rule=retry-amplification|driver=a|field=retry_policy.max_attempts|value=30
finding|v1|rule=retry-attempts-high|driver=a|field=retry_policy.max_attempts|value=30
";

/// A project with a stubborn driver, whose configuration names a baseline that does not exist.
fn project() -> Sandbox {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &stubborn("a"))]);
    sandbox.write("driverc.toml", CONFIGURATION);
    sandbox
}

/// The lines of the baseline.
fn lines(sandbox: &Sandbox) -> Vec<String> {
    sandbox.read(FILE).lines().map(ToOwned::to_owned).collect()
}

#[test]
fn created_baseline_makes_check_clean() {
    let sandbox = project();
    let run = sandbox.run(&["baseline"]);
    let count = lines(&sandbox).len();
    let wrote = format!("wrote `{FILE}` with {count} line{}\n", if count == 1 { "" } else { "s" });
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", &*wrote));
    assert!(lines(&sandbox).is_sorted());
    sandbox.run(&["check", "--fail-on", "warn"]).assert_clean();
    let run = sandbox.run(&["check", "--no-baseline", "--fail-on", "warn"]);
    assert_eq!(run.code, 1, "{run:?}");
}

#[test]
fn created_and_extended_baselines_list_superseded_findings() {
    let sandbox = project();
    sandbox.run(&["baseline"]);
    let of_rules: Vec<_> =
        lines(&sandbox).into_iter().filter(|line| LINES.contains(&**line)).collect();
    assert_eq!(of_rules.concat(), LINES.replace('\n', ""));
    let first = LINES.lines().next().unwrap();
    sandbox.write(FILE, format!("{first}\n"));
    assert_eq!(sandbox.run(&["check", "--fail-on", "warn"]).code, 1);
    assert_eq!(sandbox.run(&["baseline", "--add"]).code, 0);
    assert_eq!(lines(&sandbox), LINES.lines().collect::<Vec<_>>());
    sandbox.run(&["check", "--fail-on", "warn"]).assert_clean();
    assert_eq!(sandbox.run(&["baseline", "--check"]).code, 0);
}

#[test]
fn existing_baseline_is_not_replaced() {
    let sandbox = project();
    sandbox.write(FILE, "");
    sandbox.run(&["baseline"]).assert_refused(
        "`driverc-baseline.txt` exists; add lines with `--add`, or remove unused lines with \
         `--prune`",
    );
    assert_eq!(sandbox.read(FILE), "");
}

#[test]
fn missing_baseline_is_error() {
    let sandbox = project();
    let message = "`driverc.toml` names the baseline `driverc-baseline.txt`, which does not exist; \
                   create it with `driverc baseline`";
    for command in ["check", "compile", "budget", "matrix"] {
        sandbox.run(&[command]).assert_refused(message);
    }
    sandbox
        .run(&["baseline", "--add"])
        .assert_refused("`driverc-baseline.txt` does not exist; create it with `driverc baseline`");
}

#[test]
fn baseline_command_prints_key_that_configuration_lacks() {
    let sandbox = project();
    sandbox.write("driverc.toml", "");
    let run = sandbox.run(&["baseline"]);
    let next = "next: write `baseline = \"driverc-baseline.txt\"` in `driverc.toml`\n";
    assert!(run.code == 0 && run.stderr.ends_with(next), "{run:?}");
    assert_eq!(sandbox.run(&["check", "--fail-on", "warn"]).code, 1);
}

#[test]
fn baseline_outside_project_is_refused() {
    let sandbox = project();
    sandbox.write("driverc.toml", "baseline = \"../other.txt\"\n");
    let message = "`../other.txt` leads out of the project; move the file into the project, or add \
                   its folder with `--root`";
    for arguments in [&["check"][..], &["baseline"], &["baseline", "--add"]] {
        sandbox.run(arguments).assert_refused(message);
    }
}

#[cfg(unix)]
#[test]
fn linked_baseline_is_refused() {
    let sandbox = project();
    let commands = [&["check"][..], &["compile"], &["baseline"], &["baseline", "--add"]];
    let assert_refused = |target: &str, message: &str| {
        std::os::unix::fs::symlink(target, sandbox.path(FILE)).unwrap();
        for arguments in commands {
            sandbox.run(arguments).assert_refused(message);
        }
        fs::remove_file(sandbox.path(FILE)).unwrap();
    };
    assert_refused(
        "other.txt",
        "`driverc-baseline.txt` is a link to a file that does not exist; delete the link, then run \
         `driverc baseline`",
    );
    sandbox.write("other.txt", LINES);
    assert_refused(
        "other.txt",
        "`driverc-baseline.txt` is a link, which driverc does not follow; replace it with the \
         file, or name the file itself as `baseline` in `driverc.toml`",
    );
    assert_eq!(sandbox.read("other.txt"), LINES);
}

#[test]
fn byte_order_mark_is_only_fault_of_file() {
    let sandbox = project();
    sandbox.write(FILE, format!("\u{feff}{LINES}"));
    let run = sandbox.run(&["check", "--fail-on", "warn", "--output-format", "concise"]);
    let expected = "driverc-baseline.txt:1:1: error[baseline-malformed]: the file starts with a \
                    byte order mark (help: save the file as UTF-8 without a byte order mark)\n";
    assert_eq!((run.code, &*run.stdout), (1, expected), "{run:?}");
    assert_eq!(sandbox.run(&["baseline", "--add"]).code, 1);
}

#[test]
fn add_and_prune_change_only_their_lines() {
    let sandbox = project();
    assert_eq!(sandbox.run(&["baseline"]).code, 0);
    let before = lines(&sandbox);
    sandbox.write("contracts/b.toml", stubborn("b").replace("b::", "c::"));
    assert_eq!(sandbox.run(&["check", "--fail-on", "warn"]).code, 1);
    let run = sandbox.run(&["baseline", "--add"]);
    let added = lines(&sandbox).len() - before.len();
    assert!(added > 0, "{run:?}");
    let plural = if added == 1 { "" } else { "s" };
    assert_eq!(run.stderr, format!("added {added} line{plural} to `{FILE}`\n"));
    assert!(before.iter().all(|line| lines(&sandbox).contains(line)));
    sandbox.run(&["check", "--fail-on", "warn"]).assert_clean();

    sandbox.write("contracts/a.toml", driver("a"));
    let run = sandbox.run(&["baseline", "--check"]);
    assert!(run.code == 1 && run.stdout.contains("no finding matches this line"), "{run:?}");
    let kept: Vec<_> = lines(&sandbox).into_iter().filter(|line| !before.contains(line)).collect();
    let run = sandbox.run(&["baseline", "--prune"]);
    assert_eq!((run.code, lines(&sandbox)), (0, kept), "{run:?}");
    assert_eq!(sandbox.run(&["baseline", "--check"]).code, 0);
    let run = sandbox.run(&["baseline", "--add", "--prune"]);
    assert_eq!((run.code, &*run.stderr), (0, "`driverc-baseline.txt` is up to date\n"));
}

#[test]
fn prune_keeps_lines_if_documents_have_read_errors() {
    let sandbox = project();
    sandbox.write(FILE, LINES);
    sandbox.write("contracts/a.toml", misspelt("a"));
    for option in ["--prune", "--check"] {
        sandbox.run(&["baseline", option]).assert_refused(
            "the unused lines of `driverc-baseline.txt` are not known, because documents have read \
             errors; run `driverc check`",
        );
    }
    assert_eq!(sandbox.read(FILE), LINES);
}

#[test]
fn read_errors_are_counted_and_not_listed() {
    let sandbox = project();
    sandbox.write("contracts/b.toml", misspelt("b"));
    let run = sandbox.run(&["baseline"]);
    let left =
        "a baseline cannot accept 1 finding, such as read errors; `driverc check` shows them\n";
    assert!(run.code == 0 && run.stderr.ends_with(left), "{run:?}");
    assert_eq!(sandbox.run(&["check"]).code, 1);
}

#[test]
fn malformed_line_is_error_in_every_format() {
    let sandbox = project();
    sandbox.write(FILE, format!("{LINES}<<<<<<< ours\n"));
    for format in [
        "full",
        "concise",
        "json",
        "json-lines",
        "sarif",
        "github",
        "gitlab",
        "junit",
        "rdjson",
        "markdown",
    ] {
        let run = sandbox.run(&["check", "contracts/budgets.toml", "--output-format", format]);
        assert_eq!(run.code, 1, "{format}: {run:?}");
        assert!(run.stdout.contains("driverc-baseline.txt"), "{format}: {run:?}");
        assert!(run.stdout.contains("merge conflict marker"), "{format}: {run:?}");
    }
    for arguments in [&["compile"][..], &["baseline", "--add"], &["baseline", "--prune"]] {
        let run = sandbox.run(arguments);
        assert!(run.code == 1 && run.stdout.contains("baseline-malformed"), "{run:?}");
    }
    sandbox.write(FILE, b"finding|v1|rule=a|driver=\xff\n");
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    assert!(run.stdout.contains("driverc-baseline.txt:1:26: error[baseline-malformed]"), "{run:?}");
}

#[test]
fn every_command_obeys_baseline() {
    let sandbox = project();
    sandbox.run(&["baseline"]);
    for command in [&["check"][..], &["compile", "-o", "s.txt"], &["report", "--no-simulate"]] {
        let with =
            |options: &[&str]| sandbox.run(&[command, &["--fail-on", "warn"], options].concat());
        assert_eq!(with(&[]).code, 0, "{command:?}");
        assert_eq!(with(&["--no-baseline"]).code, 1, "{command:?}");
    }
    let document = stubborn("a");
    let piped = ["check", "-", "--stdin-filename", "contracts/a.toml", "--fail-on", "warn"];
    sandbox.pipe(&document, &piped).assert_clean();
    let more = document.replace("max_attempts = 30", "max_attempts = 31");
    assert_eq!(sandbox.pipe(more, &piped).code, 1);
}

#[test]
fn open_buffer_replaces_baseline() {
    let sandbox = project();
    sandbox.write(FILE, LINES);
    let arguments =
        ["check", "-", "--stdin-filename", FILE, "--show", "info", "--output-format", "concise"];
    let run = sandbox.pipe("", &arguments);
    assert!(run.stdout.contains("warn[retry-amplification]"), "{run:?}");
    let run = sandbox.pipe("finding|v1|rule=x|driver=a\n", &arguments);
    assert!(run.stdout.contains("driverc-baseline.txt:1:1: info[baseline-unused]"), "{run:?}");
}

#[test]
fn unused_line_is_reported_only_by_run_over_whole_project() {
    let sandbox = project();
    sandbox.run(&["baseline"]);
    let old = sandbox.read(FILE);
    sandbox.write(
        FILE,
        format!("{old}finding|v1|rule=queue-zero|driver=a|field=max_queue_depth|value=0\n"),
    );
    let check = |paths: &[&str]| {
        let run = sandbox.run(&[&["check", "--show", "info"], paths].concat());
        run.stdout.contains("baseline-unused")
    };
    assert!(check(&[]) && check(&["driverc.toml"]) && check(&[FILE]));
    assert!(!check(&["contracts/a.toml"]) && !check(&["contracts"]));
}

#[test]
fn fix_ignores_accepted_findings() {
    let sandbox = project();
    let text = driver("a").replace("jitter_percent = 100", "jitter_percent = 0");
    sandbox.write("contracts/a.toml", &text);
    sandbox.run(&["baseline"]);
    let fix = ["check", "--fix", "--unsafe-fixes"];
    assert_eq!(sandbox.run(&fix).code, 0);
    assert_eq!(sandbox.read("contracts/a.toml"), text);
    assert_eq!(sandbox.run(&[&fix[..], &["--no-baseline"]].concat()).code, 0);
    assert_ne!(sandbox.read("contracts/a.toml"), text);
}

#[test]
fn json_and_sarif_mark_accepted_findings() {
    let sandbox = project();
    sandbox.run(&["baseline"]);
    let count = lines(&sandbox).len();
    let run = sandbox.run(&["check", "--output-format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let accepted = report["accepted"].as_array().unwrap();
    assert_eq!((accepted.len(), report["findings"].as_array().unwrap().len()), (count, 0));
    assert!(accepted.iter().all(|it| it["accepted_by"] == "baseline" && it["reason"].is_null()));
    let run = sandbox.run(&["check", "--output-format", "sarif"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let results = report["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), count);
    for result in results {
        let suppression = &result["suppressions"][0];
        assert_eq!(suppression["kind"], "external");
        assert_eq!(suppression["justification"], "accepted by the baseline");
    }
}

#[test]
fn output_does_not_replace_baseline() {
    let sandbox = project();
    sandbox.write(FILE, LINES);
    let run = sandbox.run(&["check", "-o", FILE]);
    assert!(run.code == 2 && run.stderr.contains("which this command reads"), "{run:?}");
    assert_eq!(sandbox.read(FILE), LINES);
}

#[test]
fn baseline_of_each_project_applies_to_this_project() {
    let document = stubborn("a");
    let sandbox = Sandbox::repository(&[
        ("one/contracts/a.toml", &document),
        ("one/contracts/budgets.toml", budgets()),
        ("one/driverc.toml", CONFIGURATION),
        ("two/contracts/a.toml", &document),
        ("two/contracts/budgets.toml", budgets()),
        ("two/driverc.toml", ""),
    ]);
    assert_eq!(sandbox.run_in("one", &["baseline"]).code, 0);
    let run = sandbox.run(&["check", "one", "two", "--output-format", "concise"]);
    assert!(run.stdout.lines().all(|line| line.starts_with("two/contracts/a.toml")), "{run:?}");
    assert!(!run.stdout.is_empty());
}

#[test]
fn line_that_one_of_two_projects_uses_is_not_unused() {
    let configuration = "include = [\"contracts\"]\nbaseline = \"../shared.txt\"\n";
    let sandbox = Sandbox::repository(&[
        ("one/contracts/a.toml", &stubborn("a")),
        ("one/contracts/budgets.toml", budgets()),
        ("one/driverc.toml", configuration),
        ("two/contracts/b.toml", &driver("b")),
        ("two/contracts/budgets.toml", budgets()),
        ("two/driverc.toml", configuration),
    ]);
    assert_eq!(sandbox.run_in("one", &["baseline"]).code, 0);
    let run = sandbox.run(&["check", "one", "two", "--show", "info"]);
    assert!(!run.stdout.contains("baseline-unused"), "{run:?}");
    let run = sandbox.run_in("two", &["check", "--show", "info"]);
    assert!(run.stdout.contains("baseline-unused"), "{run:?}");
}

/// Kills runs after increasing times, from before they read to after they have written.
#[test]
fn killed_run_leaves_complete_old_or_new_baseline() {
    let sandbox = project();
    let many: String = (0..50).map(|number| stubborn(&format!("d{number}x"))).collect();
    sandbox.write("contracts/many.toml", many);
    sandbox.write(FILE, LINES);
    let started = Instant::now();
    assert_eq!(sandbox.run(&["baseline", "--add"]).code, 0);
    let whole = started.elapsed();
    let new = sandbox.read(FILE);
    assert!(new.len() > LINES.len());
    let most = 30;
    for number in 0..most {
        sandbox.write(FILE, LINES);
        let mut command = sandbox.command(&["baseline", "--add"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(whole * (most / 2 + number) / most);
        child.kill().unwrap();
        child.wait().unwrap();
        let now = fs::read_to_string(sandbox.path(FILE)).unwrap();
        assert!(now == LINES || now == new, "{} bytes", now.len());
    }
}
