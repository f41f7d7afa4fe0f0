//! Several projects in one repository: the project of each path, and runs over several projects.

mod boundary;
mod globs;
mod shared;

use serde_json::Value;

use super::{
    repository::git,
    sandbox::{Run, Sandbox, budgets, driver, misspelt, stubborn},
};

const OFF: &str = "[rules]\nretry-amplification = \"off\"\nretry-attempts-high = \"off\"\n";
const RAISED: &str = "[rules]\nretry-amplification = \"error\"\n";

/// A repository whose projects `services/a` and `services/b` judge the same fault differently.
pub(super) fn monorepo() -> Sandbox {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "--quiet", "."]);
    for (name, configuration) in [("a", OFF), ("b", RAISED)] {
        sandbox.write(&format!("services/{name}/driverc.toml"), configuration);
        sandbox.write(&format!("services/{name}/contracts/{name}.toml"), stubborn(name));
        sandbox.write(&format!("services/{name}/contracts/budgets.toml"), budgets());
    }
    git(&sandbox, &["add", "--all"]);
    sandbox
}

fn concise(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    sandbox.run(&[&["check", "--output-format", "concise"], arguments].concat())
}

const OF_B: &str = "services/b/contracts/b.toml:37:16: error[retry-amplification";

#[test]
fn nearest_configuration_judges_path() {
    let sandbox = monorepo();
    concise(&sandbox, &["services/a/contracts/a.toml"]).assert_clean();
    concise(&sandbox, &["--force-exclude", "services/a/contracts/a.toml"]).assert_clean();
    concise(&sandbox, &["services/a"]).assert_clean();
    concise(&sandbox, &["services/a/driverc.toml"]).assert_clean();
    for path in ["services/b/contracts/b.toml", "services/b", "services/b/driverc.toml"] {
        let run = concise(&sandbox, &[path]);
        assert_eq!((run.code, run.places()), (1, vec![OF_B]), "{path}");
    }
    // The working directory makes no difference.
    let run = sandbox.run_in("services/a", &["check", "../b/contracts/b.toml"]);
    assert!(run.stdout.contains("[../b/contracts/b.toml:37:16]"), "{run:?}");
}

#[test]
fn run_without_paths_checks_tracked_projects_below() {
    let sandbox = monorepo();
    for (folder, prefix) in [("", "services/"), ("services", "")] {
        let run = sandbox.run_in(folder, &["check", "--output-format", "concise"]);
        let expected = format!("{prefix}b/contracts/b.toml:37:16: error[retry-amplification");
        assert_eq!((run.code, run.places()), (1, vec![&*expected]), "{run:?}");
        assert_eq!(run.stderr, "found 1 error in 1 file\n");
    }
    // git does not track the first, and the second is hidden.
    sandbox.write("services/c/driverc.toml", RAISED);
    sandbox.write("services/c/contracts/c.toml", stubborn("c"));
    sandbox.write(".ci/d/driverc.toml", RAISED);
    sandbox.write(".ci/d/contracts/d.toml", stubborn("d"));
    git(&sandbox, &["add", ".ci"]);
    assert_eq!(concise(&sandbox, &[]).places(), [OF_B]);
    git(&sandbox, &["add", "services/c"]);
    assert_eq!(concise(&sandbox, &[]).places().len(), 2);
}

#[test]
fn check_includes_default_folder_of_working_directory() {
    let sandbox = monorepo();
    sandbox.write("contracts/own.toml", stubborn("own"));
    let run = concise(&sandbox, &[]);
    let own = "contracts/own.toml:37:16: warn[retry-amplification";
    assert!(run.places().contains(&own) && run.places().contains(&OF_B), "{run:?}");
    // Other commands use the project of the working directory.
    let run = sandbox.run(&["matrix"]);
    assert!(run.stdout.contains("own") && !run.stdout.contains(" b"), "{run:?}");
}

#[test]
fn named_folder_is_split_into_its_projects() {
    let sandbox = monorepo();
    let run = concise(&sandbox, &["services"]);
    assert_eq!((run.code, run.places()), (1, vec![OF_B]), "{run:?}");
    sandbox.write("services/loose.toml", stubborn("loose"));
    let run = concise(&sandbox, &["services"]);
    let loose = "services/loose.toml:37:16: warn[retry-amplification";
    assert!(run.places().contains(&loose), "{run:?}");
    assert_eq!(run.places().iter().filter(|place| place.contains("/b.toml")).count(), 1, "{run:?}");
    // `services/b` contains another project.
    sandbox.write("services/b/deep/driverc.toml", OFF);
    sandbox.write("services/b/deep/contracts/deep.toml", stubborn("deep"));
    let run = concise(&sandbox, &["services/b"]);
    assert_eq!(run.places(), [OF_B], "{run:?}");
}

#[test]
fn files_of_several_projects_are_checked_together() {
    let sandbox = monorepo();
    sandbox.write("services/a/contracts/a.toml", misspelt("a"));
    let files = ["services/a/contracts/a.toml", "services/b/contracts/b.toml"];
    let run = concise(&sandbox, &files);
    let of_a = "services/a/contracts/a.toml:10:1: error[unknown-key";
    assert_eq!((run.code, run.places()[0]), (1, of_a), "{run:?}");
    assert!(run.places().contains(&OF_B), "{run:?}");
    // Each file is judged with the rest of its own project only.
    sandbox.write("services/b/contracts/b.toml", stubborn("a"));
    sandbox.write("services/a/contracts/a.toml", stubborn("a"));
    assert_eq!(concise(&sandbox, &files).places(), [OF_B]);
}

#[test]
fn exit_code_is_highest_of_all_projects() {
    let sandbox = monorepo();
    sandbox.write("services/b/driverc.toml", OFF);
    concise(&sandbox, &[]).assert_clean();
    sandbox.write("services/a/driverc.toml", "preset = 1\n");
    sandbox.write("services/b/driverc.toml", RAISED);
    let run = concise(&sandbox, &[]);
    let invalid = "services/a/driverc.toml:1:10: error[wrong-type";
    assert_eq!((run.code, run.places()), (2, vec![invalid, OF_B]), "{run:?}");
    assert!(run.stderr.contains("error: `services/a/driverc.toml` cannot be used\n"), "{run:?}");
    sandbox.write("services/a/driverc.toml", "include = [\"gone\"]\n");
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, run.places()), (2, vec![OF_B]), "{run:?}");
    assert!(run.stderr.contains("`services/a/driverc.toml` includes `gone`"), "{run:?}");
}

#[test]
fn every_format_contains_findings_of_all_projects() {
    let sandbox = monorepo();
    sandbox.write("services/a/driverc.toml", RAISED);
    for format in ["full", "concise", "json", "json-lines", "markdown"] {
        for (folder, path) in
            [("", "services/a/contracts/a.toml"), ("services", "a/contracts/a.toml")]
        {
            let run = sandbox.run_in(folder, &["check", "--output-format", format]);
            assert_eq!(run.code, 1, "{format}");
            let other = path.replace("a/contracts/a", "b/contracts/b");
            assert!(run.stdout.contains(path) && run.stdout.contains(&other), "{format}: {run:?}");
        }
    }
    for format in ["sarif", "github", "gitlab", "junit", "rdjson"] {
        let run = sandbox.run_in("services", &["check", "--output-format", format]);
        assert_eq!(run.code, 1, "{format}");
        for path in ["services/a/contracts/a.toml", "services/b/contracts/b.toml"] {
            assert!(run.stdout.contains(path), "{format}: {run:?}");
        }
        assert!(!run.stdout.contains("services/services"), "{format}: {run:?}");
    }
    let run = sandbox.run(&["check", "--output-format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["summary"]["errors"], 2, "{report}");
    let mut command = sandbox.command(&["check", "--output-format", "github"]);
    command.env("GITHUB_STEP_SUMMARY", sandbox.path("summary.md"));
    assert_eq!(command.output().unwrap().status.code(), Some(1));
    let summary = sandbox.read("summary.md");
    assert_eq!(summary.matches("| error | `services/").count(), 2, "{summary}");
}

#[test]
fn junit_lists_only_requested_files_of_several_projects() {
    let sandbox = monorepo();
    let files = ["services/a/contracts/a.toml", "services/b/contracts/b.toml"];
    let run = sandbox.run(&[&["check", "--output-format", "junit"], &files[..]].concat());
    assert_eq!(run.stdout.matches("<testsuite name=").count(), 2, "{}", run.stdout);
    let run = sandbox.run(&["check", "--output-format", "junit"]);
    assert_eq!(run.stdout.matches("<testsuite name=").count(), 4, "{}", run.stdout);
}

#[test]
fn document_of_two_projects_is_reported_once() {
    let sandbox = monorepo();
    sandbox.write("shared/shared.toml", misspelt("shared"));
    for name in ["a", "b"] {
        let configuration = "include = [\"contracts\", \"../../shared\"]\n";
        sandbox.write(&format!("services/{name}/driverc.toml"), configuration);
    }
    let run = concise(&sandbox, &[]);
    let unknown = "shared/shared.toml:10:1: error[unknown-key";
    let count = run.places().into_iter().filter(|place| *place == unknown).count();
    assert_eq!(count, 1, "{run:?}");
}

#[test]
fn commands_except_check_refuse_several_projects_and_name_projects() {
    let sandbox = monorepo();
    let message = "this command works on one project, but finds 2: \
                   `services/a/driverc.toml`, `services/b/driverc.toml`; choose one with `--config`";
    for command in [
        &["compile"][..],
        &["matrix"],
        &["bench"],
        &["budget"],
        &["report"],
        &["schema"],
        &["explain"],
        &["check", "--show-settings"],
        &["check", "--feasibility"],
        &["compile", "services/a", "services/b/contracts/b.toml"],
    ] {
        sandbox.run(command).assert_refused(message);
    }
    let run = sandbox.run(&["matrix", "--config", "services/b/driverc.toml"]);
    assert!(run.code == 0 && run.stdout.contains(" b\n"), "{run:?}");
    let run = sandbox.run(&["matrix", "services/b"]);
    assert!(run.code == 0 && run.stdout.contains(" b\n"), "{run:?}");
    assert_eq!(sandbox.run(&["schema", "--isolated"]).code, 0);
}

#[test]
fn suggested_compile_command_repeats_config_option() {
    let sandbox = monorepo();
    let configuration = "services/a/driverc.toml";
    sandbox.write("signatures.txt", "");
    for (command, file) in [("compile", "signatures.txt"), ("schema", "schemas")] {
        let run = sandbox.run(&[command, "--config", configuration, "--check", file]);
        let (_, line) = run.stderr.split_once("write it with `driverc ").unwrap();
        let (line, _) = line.split_once('`').unwrap();
        assert_eq!(line, format!("{command} --config {configuration} -o {file}"));
        let arguments: Vec<_> = line.split(' ').collect();
        assert_eq!(sandbox.run(&arguments).code, 0);
        let run = sandbox.run(&[command, "--config", configuration, "--check", file]);
        assert_eq!((run.code, &*run.stderr), (0, ""), "{run:?}");
    }
}

#[test]
fn configuration_chooses_project_of_new_driver() {
    let sandbox = monorepo();
    let arguments = ["init", "orders_db", "--class", "relational_adapter"];
    let message = "this command works on one project, but finds 2: \
                   `services/a/driverc.toml`, `services/b/driverc.toml`; choose one with `--config`";
    sandbox.run(&arguments).assert_refused(message);
    let configured = ["--config", "services/b/driverc.toml"];
    let run = sandbox.run(&[&arguments[..], &configured].concat());
    let file = "services/b/contracts/orders_db.toml";
    assert!(run.code == 0 && run.stderr.starts_with(&format!("wrote `{file}`\n")), "{run:?}");
    let run = concise(&sandbox, &[file]);
    assert_eq!((run.code, &*run.stdout), (0, ""), "{run:?}");
}

#[test]
fn include_of_outer_project_cannot_read_inner_project() {
    let sandbox = monorepo();
    sandbox.write("driverc.toml", "include = [\"services\"]\n");
    let message = "`driverc.toml` includes `services/a/contracts/a.toml`, which belongs to \
                   `services/a/driverc.toml`; add `services/a` to `exclude` in `driverc.toml`, or \
                   delete `services/a/driverc.toml`";
    for command in ["check", "compile", "matrix"] {
        sandbox.run(&[command]).assert_refused(message);
    }
    // Its own project can read it.
    assert_eq!(concise(&sandbox, &["services/b/contracts/b.toml"]).places(), [OF_B]);
    sandbox.write("services/loose.toml", stubborn("loose"));
    let exclude = "include = [\"services\"]\nexclude = [\"services/a\", \"services/b\"]\n";
    sandbox.write("driverc.toml", exclude);
    let run = concise(&sandbox, &[]);
    let loose = "services/loose.toml:37:16: warn[retry-amplification";
    assert!(run.code == 0 && run.places().contains(&loose), "{run:?}");
    assert!(run.places().iter().all(|place| place.contains("loose")), "{run:?}");
}

#[test]
fn fixes_of_several_projects_are_written_and_counted_together() {
    let sandbox = monorepo();
    for name in ["a", "b"] {
        sandbox.write(&format!("services/{name}/contracts/{name}.toml"), misspelt(name));
    }
    let run = concise(&sandbox, &["--diff", "--unsafe-fixes"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.stdout.matches("+max_in_flight = 20").count(), 2, "{}", run.stdout);
    let run = concise(&sandbox, &["--fix", "--unsafe-fixes"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("fixed 2 findings in 2 files\n"), "{}", run.stderr);
    for name in ["a", "b"] {
        assert_eq!(sandbox.read(&format!("services/{name}/contracts/{name}.toml")), driver(name));
    }
}

#[test]
fn stdin_belongs_to_project_of_stdin_filename() {
    let sandbox = monorepo();
    for (name, code) in [("a", 0), ("b", 1)] {
        let file = format!("services/{name}/contracts/{name}.toml");
        let options = ["check", "-", "--stdin-filename", &file, "--output-format", "concise"];
        let run = sandbox.pipe(stubborn(name), &options);
        assert_eq!(run.code, code, "{run:?}");
        assert!(run.places().iter().all(|place| *place == OF_B), "{run:?}");
    }
    // The command line also names another project.
    let file = "services/b/contracts/new.toml";
    let options = ["check", "-", "services/a", "--stdin-filename", file];
    let run =
        sandbox.pipe(misspelt("new"), &[&options[..], &["--output-format", "concise"]].concat());
    assert_eq!(
        (run.code, run.places()),
        (1, vec!["services/b/contracts/new.toml:10:1: error[unknown-key"])
    );
    let message = "`--stdin-filename` names standard input; add `-` to read it";
    sandbox.run(&["check", "services", "--stdin-filename", "x.toml"]).assert_refused(message);
}

#[test]
fn fix_of_stdin_with_files_of_another_project_prints_document() {
    let sandbox = monorepo();
    let file = "services/b/contracts/new.toml";
    let options = ["check", "--fix", "--unsafe-fixes", "-", "services/a", "--stdin-filename", file];
    let run = sandbox.pipe(misspelt("new"), &options);
    assert_eq!((run.code, run.stdout), (0, driver("new")), "{}", run.stderr);
}
