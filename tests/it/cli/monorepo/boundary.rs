//! Configurations that driverc never finds, and files that a project cannot read.

use super::{OF_B, OFF, RAISED, concise, git, monorepo};
use crate::cli::sandbox::{Sandbox, budgets, misspelt, stubborn};

const A: &str = "contracts/a.toml:37:16: warn[retry-amplification";

#[test]
fn configuration_above_repository_is_not_found() {
    let home = Sandbox::new();
    home.write("driverc.toml", OFF);
    home.write("repository/contracts/a.toml", stubborn("a"));
    git(&home, &["init", "--quiet", "repository"]);
    for (folder, paths) in [
        ("repository", &[][..]),
        ("repository", &["contracts/a.toml"]),
        ("repository/contracts", &["a.toml"]),
    ] {
        let options = ["check", "--output-format", "concise"];
        let run = home.run_in(folder, &[&options, paths].concat());
        assert!(run.stdout.contains("warn[retry-amplification]"), "{folder}: {run:?}");
    }
    // From outside, a path belongs to its own repository.
    let run = concise(&home, &["repository/contracts/a.toml"]);
    assert!(run.stdout.contains("warn[retry-amplification]"), "{run:?}");
}

#[test]
fn submodule_and_worktree_are_separate_repositories() {
    let sandbox = monorepo();
    let commit = ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet"];
    git(&sandbox, &[&commit[..], &["--message", "base"]].concat());
    git(&sandbox, &["worktree", "add", "--quiet", "-b", "other", "trees/other"]);
    git(&sandbox, &["init", "--quiet", "module"]);
    sandbox.write("module/driverc.toml", RAISED);
    sandbox.write("module/contracts/m.toml", stubborn("m"));
    sandbox.write("driverc.toml", OFF);
    sandbox.write("bare/contracts/a.toml", stubborn("a"));
    git(&sandbox, &["init", "--quiet", "bare"]);
    // The configuration of the outer repository does not apply in the inner one.
    let options = ["check", "--output-format", "concise"];
    let run = sandbox.run_in("bare", &options);
    assert_eq!(run.places().first(), Some(&A), "{run:?}");
    std::fs::remove_file(sandbox.path("driverc.toml")).unwrap();
    // Without paths, only projects that this repository tracks are found.
    assert_eq!(concise(&sandbox, &[]).places(), [OF_B]);
    let run = sandbox.run_in("trees/other", &options);
    assert_eq!(run.places(), [OF_B], "{run:?}");
    // A path in them has its own project.
    let run = concise(&sandbox, &["module/contracts/m.toml"]);
    assert_eq!(run.places()[0], "module/contracts/m.toml:37:16: error[retry-amplification");
    let run = concise(&sandbox, &["trees/other/services/a/contracts/a.toml"]);
    run.assert_clean();
}

#[test]
fn project_without_git_is_found_only_below_working_directory() {
    let sandbox = Sandbox::new();
    sandbox.write("driverc.toml", RAISED);
    sandbox.write("services/a/driverc.toml", OFF);
    sandbox.write("services/a/contracts/a.toml", stubborn("a"));
    sandbox.write("services/a/contracts/budgets.toml", budgets());
    concise(&sandbox, &["services/a/contracts/a.toml"]).assert_clean();
    sandbox.write("services/loose/a.toml", stubborn("a"));
    let run = sandbox.run_in("services/loose", &["check", "a.toml", "--output-format", "concise"]);
    assert_eq!(run.places()[0], "a.toml:37:16: warn[retry-amplification", "{run:?}");
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_to_projects_outside() {
    use std::os::unix::fs::symlink;
    let outside = Sandbox::new();
    outside.write("driverc.toml", "topsecretvalue = 1\n");
    outside.write("contracts/x.toml", "topsecretvalue = 1\n");
    let sandbox = monorepo();
    let is_silent = |arguments: &[&str]| {
        let run = concise(&sandbox, arguments);
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(!said.contains("topsecretvalue"), "{arguments:?}: {said}");
        run
    };
    symlink(outside.path(""), sandbox.path("services/link")).unwrap();
    git(&sandbox, &["add", "--all"]);
    assert_eq!(is_silent(&[]).places(), [OF_B]);
    assert_eq!(is_silent(&["services"]).places(), [OF_B]);
    for path in ["services/link", "services/link/contracts/x.toml", "services/link/driverc.toml"] {
        assert_eq!(is_silent(&[path]).code, 2, "{path}");
        assert_eq!(is_silent(&["--config", "services/link/driverc.toml"]).code, 2);
    }
    // The configuration is a link.
    symlink(outside.path("driverc.toml"), sandbox.path("services/c.toml")).unwrap();
    std::fs::create_dir(sandbox.path("services/c")).unwrap();
    symlink(outside.path("driverc.toml"), sandbox.path("services/c/driverc.toml")).unwrap();
    sandbox.write("services/c/contracts/c.toml", stubborn("c"));
    git(&sandbox, &["add", "--all"]);
    let run = is_silent(&[]);
    assert_eq!((run.code, run.places()), (2, vec![OF_B]), "{run:?}");
    assert_eq!(is_silent(&["services/c/contracts/c.toml"]).code, 2);
    assert_eq!(is_silent(&["--config", "services/c.toml"]).code, 2);
    // A link replaces the folder in the work tree.
    std::fs::rename(sandbox.path("services/a"), sandbox.path("services/moved")).unwrap();
    symlink(outside.path(""), sandbox.path("services/a")).unwrap();
    is_silent(&[]);
    is_silent(&["--fix"]);
    assert_eq!(outside.read("contracts/x.toml"), "topsecretvalue = 1\n");
}

#[cfg(unix)]
#[test]
fn path_through_link_to_repository_has_same_project() {
    let (sandbox, elsewhere) = (monorepo(), Sandbox::new());
    let link = elsewhere.path("link");
    std::os::unix::fs::symlink(sandbox.path(""), &link).unwrap();
    for path in ["services", "services/b", "services/b/contracts/b.toml"] {
        let run = concise(&sandbox, &[link.join(path).to_str().unwrap()]);
        assert_eq!((run.code, run.places()), (1, vec![OF_B]), "{path}: {run:?}");
    }
    let path = link.join("services/a/contracts/a.toml");
    concise(&sandbox, &[path.to_str().unwrap()]).assert_clean();
}

#[cfg(unix)]
#[test]
fn include_of_found_project_cannot_leave_repository() {
    let outside = Sandbox::new();
    outside.write("secret.toml", "topsecretvalue = 1\n");
    let sandbox = monorepo();
    let path = outside.path("secret.toml");
    for path in [path.to_str().unwrap(), "../../../../../../../../etc/hostname", "../../.git"] {
        sandbox.write("services/a/driverc.toml", format!("include = [\"{path}\"]\n"));
        let run = concise(&sandbox, &[]);
        assert_eq!((run.code, run.places()), (2, vec![OF_B]), "{run:?}");
        assert!(!run.stderr.contains("topsecretvalue"), "{run:?}");
    }
}

#[test]
fn config_option_chooses_project() {
    let sandbox = monorepo();
    let config = ["--config", "services/a/driverc.toml"];
    concise(&sandbox, &config).assert_clean();
    sandbox.write("loose.toml", stubborn("loose"));
    // Files outside the folder of the configuration are judged by it, too.
    let run = concise(&sandbox, &[&config[..], &["loose.toml"]].concat());
    assert_eq!((run.code, run.stdout.contains("retry-amplification")), (0, false), "{run:?}");
    let run = concise(&sandbox, &[&config[..], &["services/b/contracts/b.toml"]].concat());
    assert!(!run.stdout.contains("retry-amplification"), "{run:?}");
    let piped = [&["check", "-", "--output-format", "concise"], &config[..]].concat();
    let run = sandbox.pipe(stubborn("piped"), &piped);
    assert!(!run.stdout.contains("retry-amplification"), "{run:?}");
    // A configuration can have any name and any place.
    let elsewhere = Sandbox::new();
    elsewhere.write("strict.toml", RAISED);
    let strict = elsewhere.path("strict.toml");
    let strict = ["--config", strict.to_str().unwrap()];
    let run = concise(&sandbox, &[&strict[..], &["loose.toml"]].concat());
    assert!(run.stdout.starts_with("loose.toml:37:16: error[retry-amplification]"), "{run:?}");
}

#[test]
fn config_option_with_missing_or_invalid_file_stops_run() {
    let sandbox = monorepo();
    let run = concise(&sandbox, &["--config", "gone.toml"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: cannot read `gone.toml`: "), "{run:?}");
    assert_eq!(concise(&sandbox, &["--config", "services/a"]).code, 2);
    sandbox.write("services/a/driverc.toml", "preset = 1\n");
    let run = concise(&sandbox, &["--config", "services/a/driverc.toml"]);
    assert_eq!(
        (run.code, run.places()),
        (2, vec!["services/a/driverc.toml:1:10: error[wrong-type"])
    );
    sandbox.write("contracts/x.toml", misspelt("x"));
    let excluding = "exclude = [\"x.toml\"]\n";
    sandbox.write("contracts/other.toml", excluding);
    let options = ["--config", "contracts/other.toml", "--force-exclude", "contracts/x.toml"];
    let run = concise(&sandbox, &options);
    assert_eq!((run.code, &*run.stdout), (0, ""), "{run:?}");
}
