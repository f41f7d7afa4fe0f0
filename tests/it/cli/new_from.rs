//! `driverc check --new-from`: only the findings that the merge base does not have.

use super::sandbox::{Run, STUBBORN, Sandbox, budgets, driver, misspelt, stubborn};
use crate::diff_cli::{commit, git};

const FILE: &str = "contracts/a.toml";

/// A repository with a stubborn driver on `main` and the branch `change` checked out.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    sandbox.write("driverc.toml", "");
    sandbox.write(FILE, stubborn("a"));
    sandbox.write("contracts/budgets.toml", budgets());
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "-b", "change"]);
    sandbox
}

/// Checks against `main`, for one rule and in one line per finding.
fn check(sandbox: &Sandbox, options: &[&str]) -> Run {
    let arguments = ["check", "--new-from", "main", "--select", STUBBORN, "--fail-on", "warn"];
    let format = ["--output-format", "concise"];
    sandbox.run(&[&arguments[..], &format, options].concat())
}

#[track_caller]
fn assert_new(run: &Run, files: &[&str]) {
    let found: Vec<_> = run.places().iter().map(|place| place.split(':').next().unwrap()).collect();
    assert_eq!((run.code, &*found), (i32::from(!files.is_empty()), files), "{run:?}");
}

#[test]
fn only_new_and_changed_findings_are_reported() {
    let sandbox = repository();
    assert_new(&check(&sandbox, &[]), &[]);
    sandbox.write("contracts/b.toml", stubborn("b"));
    assert_new(&check(&sandbox, &[]), &["contracts/b.toml"]);
    assert_new(&check(&sandbox, &[FILE]), &[]);
    sandbox.write(FILE, stubborn("a").replace("max_attempts = 30", "max_attempts = 31"));
    assert_new(&check(&sandbox, &[]), &[FILE, "contracts/b.toml"]);
    assert_new(&check(&sandbox, &[FILE]), &[FILE]);
}

#[test]
fn moved_and_split_files_have_no_new_findings() {
    let sandbox = repository();
    git(&sandbox, &["mv", FILE, "contracts/z.toml"]);
    assert_new(&check(&sandbox, &[]), &[]);
    sandbox.folder("services");
    git(&sandbox, &["mv", "contracts/z.toml", "services/z.toml"]);
    sandbox.write("driverc.toml", "include = [\"contracts\", \"services\"]\n");
    assert_new(&check(&sandbox, &[]), &[]);
    commit(&sandbox);
    assert_new(&check(&sandbox, &[]), &[]);
}

#[test]
fn base_is_merge_base_and_not_tip() {
    let sandbox = repository();
    sandbox.write("contracts/b.toml", stubborn("b"));
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "main"]);
    sandbox.write("contracts/b.toml", stubborn("b") + "# on main\n");
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "change"]);
    assert_new(&check(&sandbox, &[]), &["contracts/b.toml"]);
}

#[test]
fn configuration_of_change_checks_both_sides() {
    let sandbox = repository();
    // The rule reports another driver only with the new limit.
    sandbox.write("contracts/b.toml", driver("b"));
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    sandbox.write("driverc.toml", "[rules.retry-attempts-high]\nlimit = 2\n");
    let run = sandbox.run(&["check", "--new-from", "main", "--fail-on", "info"]);
    assert_eq!((run.code, &*run.stdout), (0, ""), "{run:?}");
}

#[test]
fn words_of_change_are_known_on_both_sides() {
    let sandbox = repository();
    let words = "[vocabulary.class.graph_adapter]\ndescription = \"graphs\"\nlike = \"relational_adapter\"\n";
    sandbox.write(FILE, stubborn("a").replace("relational_adapter", "graph_adapter"));
    sandbox.write("driverc.toml", words);
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    sandbox.write("driverc.toml", words.replace("graphs", "graph stores"));
    let run = check(&sandbox, &[]);
    assert_new(&run, &[]);
    assert!(!run.stderr.contains("warning"), "{run:?}");
}

#[test]
fn removed_comment_and_waiver_reopen_their_findings() {
    let sandbox = repository();
    let comment = format!("max_attempts = 30 # driverc: ignore[{STUBBORN}] agreed");
    sandbox.write(FILE, stubborn("a").replace("max_attempts = 30", &comment));
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    assert_new(&check(&sandbox, &[]), &[]);
    sandbox.write(FILE, stubborn("a"));
    assert_new(&check(&sandbox, &[]), &[FILE]);
}

#[test]
fn removed_tuning_guide_is_new() {
    let sandbox = repository();
    let guide = driver("a").replace("tuning_guide = \"\"", "tuning_guide = \"guide.md\"");
    sandbox.write(FILE, guide.replace("tier2", "tier1"));
    sandbox.write("guide.md", "");
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    let run = || {
        let run = sandbox.run(&["check", "--new-from", "main", "--select", "tuning-guide-missing"]);
        run.stdout.contains("tuning-guide-missing")
    };
    assert!(!run());
    std::fs::remove_file(sandbox.path("guide.md")).unwrap();
    assert!(run());
}

#[test]
fn baseline_applies_to_new_findings_too() {
    let sandbox = repository();
    sandbox.write("contracts/b.toml", stubborn("b"));
    sandbox.write("driverc.toml", "baseline = \"driverc-baseline.txt\"\n");
    assert_eq!(sandbox.run(&["baseline"]).code, 0);
    assert_new(&check(&sandbox, &[]), &[]);
    assert_new(&check(&sandbox, &["--no-baseline"]), &["contracts/b.toml"]);
}

#[test]
fn fix_changes_only_new_findings() {
    let sandbox = repository();
    let without_jitter = |name| driver(name).replace("jitter_percent = 100", "jitter_percent = 0");
    sandbox.write(FILE, without_jitter("a"));
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    sandbox.write("contracts/b.toml", without_jitter("b"));
    let run = sandbox.run(&["check", "--new-from", "main", "--fix", "--unsafe-fixes"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(sandbox.read(FILE), without_jitter("a"));
    assert_eq!(sandbox.read("contracts/b.toml"), driver("b"));
}

#[test]
fn read_errors_of_base_are_warned_about_and_count_as_new() {
    let sandbox = repository();
    sandbox.write(FILE, misspelt("a").replace("max_attempts = 3", "max_attempts = 30"));
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    let run = check(&sandbox, &[]);
    assert!(run.code == 1 && run.stdout.contains("error[unknown-key]"), "{run:?}");
    let warning = "has 1 read error; findings that depend on them count as new";
    assert!(run.stderr.contains(warning), "{run:?}");
}

#[test]
fn each_project_is_compared_with_its_own_base() {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    for project in ["one", "two"] {
        sandbox.write(&format!("{project}/driverc.toml"), "");
        sandbox.write(&format!("{project}/contracts/budgets.toml"), budgets());
        sandbox.write(&format!("{project}/contracts/a.toml"), driver("a"));
    }
    sandbox.write("one/contracts/a.toml", stubborn("a"));
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "-b", "change"]);
    assert_new(&check(&sandbox, &[]), &[]);
    sandbox.write("two/contracts/a.toml", stubborn("a"));
    assert_new(&check(&sandbox, &[]), &["two/contracts/a.toml"]);
    assert_new(&check(&sandbox, &["one"]), &[]);
    sandbox.write("three/driverc.toml", "");
    sandbox.write("three/contracts/budgets.toml", budgets());
    sandbox.write("three/contracts/a.toml", stubborn("a"));
    git(&sandbox, &["add", "-A"]);
    assert_new(&check(&sandbox, &[]), &["three/contracts/a.toml", "two/contracts/a.toml"]);
    let arguments = ["check", "--new-from", "main", "--select", STUBBORN, "--show", "warn"];
    assert_eq!(sandbox.run_in("one", &arguments).stdout, "");
}

#[test]
fn revision_that_does_not_exist_is_error_with_reason() {
    let sandbox = repository();
    sandbox
        .run(&["check", "--new-from", "nowhere"])
        .assert_refused("`nowhere` is not a commit of this repository");
    sandbox
        .run(&["check", "--new-from=--upload-pack=x"])
        .assert_refused("`--upload-pack=x` is not a commit of this repository");
    sandbox
        .run(&["check", "builtin:", "--new-from", "main"])
        .assert_refused("`builtin:` has no revisions");
    let source = format!("file://{}", sandbox.path("").display());
    sandbox.write("contracts/b.toml", driver("b"));
    commit(&sandbox);
    git(&sandbox, &["clone", "-q", "--depth", "1", &source, "shallow"]);
    let run = sandbox.run_in("shallow", &["check", "--new-from", "origin/main"]);
    assert!(run.code == 2 && run.stderr.contains("the clone is shallow"), "{run:?}");
    let outside = Sandbox::project(&[(FILE, &driver("a"))]);
    std::fs::remove_dir_all(outside.path(".git")).unwrap();
    outside
        .run(&["check", "--new-from", "main"])
        .assert_refused("the project is not in a git repository");
}

#[test]
fn check_writes_no_files() {
    let sandbox = repository();
    let before = git(&sandbox, &["status", "--porcelain", "--ignored"]);
    check(&sandbox, &[]);
    assert_eq!(git(&sandbox, &["status", "--porcelain", "--ignored"]), before);
    assert_eq!(sandbox.names(""), [".git", "contracts", "driverc.toml"]);
}

#[test]
fn finding_of_base_hides_no_new_finding() {
    let sandbox = repository();
    let lacking = driver("a").replace("  \"bounded_concurrency\",\n", "");
    assert_ne!(lacking, driver("a"));
    let unbounded = lacking.replace("max_in_flight = 20", "max_in_flight = 1000000");
    assert_ne!(lacking, unbounded);
    sandbox.write(FILE, &lacking);
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    let run = || sandbox.run(&["check", "--new-from", "main", "--output-format", "concise"]);
    assert_eq!((run().code, &*run().stdout), (0, ""));
    sandbox.write(FILE, &unbounded);
    let new = run();
    assert!(new.code == 1 && new.stdout.contains("error[concurrency-unbounded]"), "{new:?}");
    assert!(!new.stdout.contains("capability-required-missing"), "{new:?}");
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    assert_eq!((run().code, &*run().stdout), (0, ""));
}

#[test]
fn only_more_connections_than_in_base_are_new() {
    let sandbox = repository();
    let server = |instances: u32| {
        format!("[server.main]\nmax_connections = 30\n[server.main.instances]\na = {instances}\n")
    };
    sandbox.write("contracts/servers.toml", server(10));
    commit(&sandbox);
    git(&sandbox, &["branch", "-f", "main"]);
    for (instances, code) in [(2, 0), (9, 0), (10, 0), (11, 1), (100, 1)] {
        sandbox.write("contracts/servers.toml", server(instances));
        let run = sandbox.run(&["check", "--new-from", "main", "--fail-on", "warn"]);
        assert_eq!(run.code, code, "{instances}: {run:?}");
    }
}

#[test]
fn moved_project_has_no_new_findings() {
    let guide = driver("b").replace("tuning_guide = \"\"", "tuning_guide = \"guide.md\"");
    let configuration = "[per-file-rules.\"contracts/a.toml\"]\nretry-attempts-high = \"off\"\n";
    let sandbox = Sandbox::repository(&[
        ("one/driverc.toml", configuration),
        ("one/contracts/a.toml", &stubborn("a")),
        ("one/contracts/b.toml", &guide.replace("tier2", "tier1")),
        ("one/contracts/budgets.toml", budgets()),
        ("one/guide.md", ""),
        ("two/driverc.toml", configuration),
        ("two/contracts/c.toml", &stubborn("c")),
        ("two/contracts/budgets.toml", budgets()),
    ]);
    std::fs::remove_dir(sandbox.path(".git")).unwrap();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "-b", "change"]);
    let check = |folder: &str, paths: &[&str]| {
        let arguments = ["check", "--new-from", "main", "--show", "info"];
        let format = ["--output-format", "concise"];
        sandbox.run_in(folder, &[&arguments[..], &format, paths].concat())
    };
    let nothing = |run: Run| assert_eq!((run.code, &*run.stdout), (0, ""), "{run:?}");
    git(&sandbox, &["mv", "one", "three"]);
    git(&sandbox, &["mv", "two", "four"]);
    for _ in 0..2 {
        nothing(check("", &[]));
        nothing(check("three", &[]));
        nothing(check("", &["three", "four/contracts/c.toml"]));
        sandbox.write("three/contracts/a.toml", stubborn("a").replace("= 30\n", "= 31\n"));
        let run = check("three", &[]);
        let found = run.stdout.lines().collect::<Vec<_>>();
        assert!(found.len() == 1 && found[0].contains("max_attempts"), "{run:?}");
        std::fs::remove_file(sandbox.path("three/guide.md")).unwrap();
        assert!(check("", &["three"]).stdout.contains("tuning-guide-missing"));
        sandbox.write("three/contracts/a.toml", stubborn("a"));
        sandbox.write("three/guide.md", "");
        git(&sandbox, &["add", "--all"]);
        git(&sandbox, &["commit", "-q", "--allow-empty", "-m", "Move the projects"]);
    }
}
