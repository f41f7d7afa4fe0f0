//! Named folders that the change removes, and folders as the base.

use std::{fs, os::unix::fs::symlink};

use super::super::{commit, concise, git, paths, repository};
use super::{as_base, assert_broken, configure};
use crate::cli::sandbox::{Run, Sandbox, driver};

/// A repository with driver `a` in `contracts` and driver `ledger` in `drv`, both included.
fn two_folders() -> Sandbox {
    let sandbox = repository();
    configure(&sandbox, "include = [\"contracts\", \"drv\"]");
    sandbox.write("drv/ledger.toml", driver("ledger"));
    as_base(&sandbox);
    sandbox
}

#[test]
fn named_removed_folder_is_compared() {
    let sandbox = two_folders();
    git(&sandbox, &["rm", "-rq", "drv"]);
    configure(&sandbox, "include = [\"contracts\"]");
    let other = driver("c").replace("max_in_flight = 20", "max_in_flight = 21");
    sandbox.write("contracts/c.toml", other);
    for named in [&["drv"][..], &["drv/"]] {
        let run = concise(&sandbox, named);
        assert_eq!((run.code, paths(&run)[0]), (1, "breaking[ledger"), "{named:?}: {run:?}");
        assert!(!paths(&run).contains(&"compatible[c"), "{named:?}: {run:?}");
    }
    let run = concise(&sandbox, &["contracts", "drv"]);
    assert_eq!((run.code, paths(&run)[0]), (1, "breaking[ledger"), "{run:?}");
    assert!(paths(&run).contains(&"compatible[c"), "{run:?}");

    let sandbox = two_folders();
    git(&sandbox, &["rm", "-rq", "contracts"]);
    let run = concise(&sandbox, &["drv", "contracts"]);
    assert_eq!((run.code, paths(&run).contains(&"breaking[a")), (1, true), "{run:?}");

    let sandbox = repository();
    sandbox.write("contracts/below/b.toml", driver("b"));
    as_base(&sandbox);
    git(&sandbox, &["rm", "-rq", "contracts/below"]);
    let run = concise(&sandbox, &["contracts/below"]);
    assert_eq!((run.code, paths(&run)), (1, vec!["breaking[b"]), "{run:?}");
}

#[test]
fn file_that_replaces_named_folder_hides_no_changes() {
    let sandbox = two_folders();
    git(&sandbox, &["rm", "-rq", "drv"]);
    sandbox.write("drv", "");
    let run = concise(&sandbox, &["drv"]);
    assert_eq!((run.code, paths(&run)), (1, vec!["breaking[ledger"]), "{run:?}");
}

/// The projects `old` and `new`. The new one lacks a capability.
fn old_and_new(old: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("old/contracts/a.toml", driver("a"));
    sandbox.write("old/driverc.toml", old);
    sandbox.write("new/contracts/a.toml", driver("a").replace("  \"batch_read\",\n", ""));
    sandbox.write("new/driverc.toml", "");
    sandbox
}

fn against_old(sandbox: &Sandbox) -> Run {
    sandbox.run_in("new", &["diff", "--output-format", "concise", "--against-path", "../old"])
}

#[test]
fn drivers_that_base_folder_excludes_are_not_new() {
    for glob in ["contracts", "contracts/", "contracts/**", "contracts/a.toml", "**/a.toml"] {
        let sandbox = old_and_new(&format!("exclude = [\"{glob}\"]\n"));
        assert_broken(&against_old(&sandbox));
    }
    let sandbox = old_and_new("include = [\"elsewhere\"]\n");
    sandbox.write("old/elsewhere/b.toml", driver("b"));
    let run = against_old(&sandbox);
    assert_broken(&run);
    assert!(paths(&run).contains(&"breaking[b"), "{run:?}");
}

#[test]
fn drivers_that_base_folder_ignores_are_not_new() {
    for old in ["", "include = [\"contracts\"]\n"] {
        let sandbox = old_and_new(old);
        sandbox.write("old/.gitignore", "*.toml\n!driverc.toml\n");
        git(&sandbox, &["init", "-q", "-b", "main"]);
        commit(&sandbox);
        assert_broken(&against_old(&sandbox));
    }
    let sandbox = old_and_new("");
    fs::remove_file(sandbox.path("old/driverc.toml")).unwrap();
    sandbox.write("old/.gitignore", "*.toml\n");
    git(&sandbox, &["init", "-q", "-b", "main"]);
    assert_broken(&against_old(&sandbox));
}

#[test]
fn linked_folder_in_base_folder_is_compared_or_refused_with_reason() {
    let with_link = |name: &str, target: &str| {
        let sandbox = old_and_new("");
        fs::remove_file(sandbox.path("old/driverc.toml")).unwrap();
        fs::rename(sandbox.path("old/contracts"), sandbox.path("shared")).unwrap();
        symlink(target, sandbox.path(format!("old/{name}"))).unwrap();
        sandbox
    };
    for name in ["contracts", "current"] {
        // Without a repository, the folder is its own project.
        let sandbox = with_link(name, "../shared");
        let run = against_old(&sandbox);
        assert_eq!((run.code, run.stdout.contains("was added")), (2, false), "{run:?}");
        assert!(run.stderr.contains("it leads out of the project"), "{run:?}");
        git(&sandbox, &["init", "-q", "-b", "main"]);
        assert_broken(&against_old(&sandbox));
        sandbox.write("old/plain/b.toml", driver("b"));
        let run = against_old(&sandbox);
        assert_broken(&run);
        assert!(paths(&run).contains(&"breaking[b"), "{run:?}");
        sandbox.write("old/driverc.toml", format!("include = [\"{name}\"]\n"));
        assert_broken(&against_old(&sandbox));
    }
    let sandbox = with_link("contracts", ".store");
    fs::rename(sandbox.path("shared"), sandbox.path("old/.store")).unwrap();
    assert_broken(&against_old(&sandbox));
}

#[test]
fn base_folder_without_documents_is_error() {
    let sandbox = repository();
    fs::create_dir(sandbox.path("old")).unwrap();
    sandbox.write("old/readme.txt", "");
    sandbox
        .run(&["diff", "--against-path", "old"])
        .assert_refused("no document (`*.toml`) in the base, `old`");
}

#[test]
fn link_to_included_folder_causes_no_change() {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    sandbox.write("shared/contracts/a.toml", driver("a"));
    symlink("shared/contracts", sandbox.path("contracts")).unwrap();
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "-b", "change"]);
    let root = ["--root", "shared/contracts"];
    let run = concise(&sandbox, &root);
    assert_eq!((run.code, &*run.stdout), (0, ""), "{run:?}");
    let text = sandbox.read("shared/contracts/a.toml").replace("  \"batch_read\",\n", "");
    sandbox.write("shared/contracts/a.toml", text);
    let run = concise(&sandbox, &root);
    assert_broken(&run);
    assert_eq!(paths(&run).len(), 1, "{run:?}");
}

#[test]
fn message_names_exclude_option_that_leaves_out_file() {
    let sandbox = repository();
    configure(&sandbox, "exclude = [\"contracts/a.toml\"]");
    let run = concise(&sandbox, &[]);
    let message = "`exclude` in `driverc.toml` now leaves out `contracts/a.toml`; ";
    assert!(run.stdout.contains(message), "{run:?}");
}
