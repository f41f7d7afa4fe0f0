//! Kinds of repositories: work trees, links, submodules, partial clones.

use std::{fs, os::unix::fs::symlink};

use super::super::{break_it, commit, concise, git, repository};
use super::{TIERS, as_base, assert_broken};
use crate::cli::sandbox::{Run, Sandbox, driver, misspelt};

#[test]
fn folder_named_like_base_does_not_replace_base() {
    let sandbox = repository();
    let base = git(&sandbox, &["rev-parse", "main"]).trim().to_owned();
    break_it(&sandbox);
    for name in ["main", &base] {
        sandbox.write(&format!("{name}/a.toml"), sandbox.read("contracts/a.toml"));
        assert_broken(&concise(&sandbox, &["--against", name]));
    }
}

#[test]
fn files_resembling_bare_repository_do_not_change_base() {
    let sandbox = repository();
    break_it(&sandbox);
    commit(&sandbox);
    sandbox.write("driverc.toml", TIERS);
    // A subfolder that git itself would take for a bare repository.
    for (name, text) in [
        ("HEAD", "ref: refs/heads/main\n".to_owned()),
        ("config", "[core]\nrepositoryformatversion = 0\nbare = true\n".to_owned()),
        ("refs/heads/main", git(&sandbox, &["rev-parse", "HEAD"])),
        ("objects/x", String::new()),
    ] {
        sandbox.write(&format!("below/{name}"), text);
    }
    let arguments = ["diff", "--output-format", "concise"];
    assert_broken(&sandbox.run_in("below", &arguments));
    // Environment variables, as a hook sets them, name another repository.
    let mut command = sandbox.command(&arguments);
    command.env("GIT_DIR", sandbox.path("below")).env("GIT_WORK_TREE", sandbox.path("below"));
    command.env("GIT_INDEX_FILE", sandbox.path("nowhere"));
    assert_broken(&Run::of(command.output().unwrap()));
}

#[test]
fn linked_worktree_is_compared_from_hook() {
    let sandbox = repository();
    git(&sandbox, &["worktree", "add", "-q", "linked", "-b", "other"]);
    let text = sandbox.read("linked/contracts/a.toml").replace("  \"batch_read\",\n", "");
    sandbox.write("linked/contracts/a.toml", text);
    let mut command = sandbox.command(&["diff", "--output-format", "concise"]);
    command.current_dir(sandbox.path("linked/contracts"));
    command.env("GIT_DIR", sandbox.path(".git/worktrees/linked"));
    assert_broken(&Run::of(command.output().unwrap()));
}

#[test]
fn symlinked_folder_is_compared_or_refused_with_reason() {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "-q", "-b", "main"]);
    sandbox.write("teams/v1/contracts/a.toml", driver("a"));
    symlink("v1", sandbox.path("teams/current")).unwrap();
    sandbox.write("driverc.toml", "include = [\"teams/current/contracts\"]\n");
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "-b", "change"]);
    let text = driver("a").replace("  \"batch_read\",\n", "");
    sandbox.write("teams/v1/contracts/a.toml", text);
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    let message = "`teams/current/contracts` leads through a link to a folder; name the folder";
    assert!(run.stderr.contains(message), "{run:?}");
    assert_broken(&concise(&sandbox, &["--root", "teams"]));
    // If the change names the folder, it is compared with the target of the link.
    sandbox.write("driverc.toml", "include = [\"teams/v1/contracts\"]\n");
    assert_broken(&concise(&sandbox, &[]));
}

#[test]
fn diff_passes_and_reports_base_error_if_link_out_of_project_is_removed() {
    let sandbox = repository();
    symlink("/nowhere/b.toml", sandbox.path("contracts/b.toml")).unwrap();
    as_base(&sandbox);
    fs::remove_file(sandbox.path("contracts/b.toml")).unwrap();
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, &*run.stdout), (0, ""), "{run:?}");
    assert!(run.stderr.contains("error[path-outside-project]"), "{run:?}");
}

#[test]
fn submodule_sparse_checkout_and_lfs_pointer_are_errors_with_reason() {
    let sandbox = repository();
    let other = repository();
    let origin = other.path("").display().to_string();
    let add =
        ["-c", "protocol.file.allow=always", "submodule", "add", "-q", &origin, "contracts/sub"];
    git(&sandbox, &add);
    as_base(&sandbox);
    let run = concise(&sandbox, &[]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("`contracts/sub` is or contains a submodule"), "{run:?}");

    let sandbox = repository();
    sandbox.write("contracts/team/b.toml", driver("b"));
    as_base(&sandbox);
    git(&sandbox, &["sparse-checkout", "set", "--no-cone", "/*", "!/contracts/team/"]);
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    assert!(run.stderr.contains("add its folder with `git sparse-checkout add contracts/team`"));

    let sandbox = repository();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
    sandbox.write("contracts/b.toml", pointer);
    as_base(&sandbox);
    let run = concise(&sandbox, &[]);
    assert!((run.code, run.stderr.contains("Git LFS pointer")) == (2, true), "{run:?}");
    sandbox.write("contracts/b.toml", driver("b"));
    let run = concise(&sandbox, &[]);
    assert!(
        (run.code, run.stderr.contains("compare with `--against-path`")) == (2, true),
        "{run:?}"
    );
}

#[test]
fn partial_clone_error_names_fetch_commands() {
    let sandbox = repository();
    sandbox.write("svc/contracts/a.toml", sandbox.read("contracts/a.toml"));
    as_base(&sandbox);
    git(&sandbox, &["config", "uploadpack.allowFilter", "true"]);
    break_it(&sandbox);
    sandbox.write("svc/contracts/a.toml", sandbox.read("contracts/a.toml"));
    commit(&sandbox);
    let origin = format!("file://{}", sandbox.path("").display());
    for filter in ["blob:none", "tree:0"] {
        for folder in ["", "svc"] {
            let clone = format!("{}-{folder}", filter.replace(':', "-"));
            git(&sandbox, &["clone", "-q", "--filter", filter, &origin, &clone]);
            let folder = format!("{clone}/{folder}");
            let arguments = ["diff", "--output-format", "concise", "--against", "origin/main"];
            let mut run = sandbox.run_in(&folder, &arguments);
            assert_eq!((run.code, &*run.stdout), (2, ""), "{folder}: {run:?}");
            // One command fetches the configuration, and one the contracts.
            for _ in 0..2 {
                let Some((_, command)) = run.stderr.split_once("run `git ") else { break };
                let command = command.trim_end().trim_end_matches('`').split_whitespace();
                let command: Vec<_> = ["-C", &folder].into_iter().chain(command).collect();
                git(&sandbox, &command);
                run = sandbox.run_in(&folder, &arguments);
            }
            assert_broken(&run);
        }
    }
}

#[test]
fn origin_branch_is_found_without_remote_head() {
    let sandbox = repository();
    break_it(&sandbox);
    commit(&sandbox);
    let origin = sandbox.path("").display().to_string();
    git(&sandbox, &["init", "-q", "ci"]);
    git(&sandbox, &["-C", "ci", "fetch", "-q", &origin, "+refs/heads/*:refs/remotes/origin/*"]);
    git(&sandbox, &["-C", "ci", "checkout", "-q", "--detach", "refs/remotes/origin/change"]);
    // A branch of a fork can have the name `main`.
    git(&sandbox, &["-C", "ci", "branch", "main"]);
    let run = sandbox.run_in("ci", &["diff", "--output-format", "concise"]);
    assert_broken(&run);
}

#[test]
fn symlinked_document_in_partial_clone_is_not_reported_as_removed() {
    let sandbox = repository();
    sandbox.write("shared/b.toml", driver("b"));
    symlink("../shared/b.toml", sandbox.path("contracts/b.toml")).unwrap();
    as_base(&sandbox);
    git(&sandbox, &["config", "uploadpack.allowFilter", "true"]);
    sandbox.write("shared/b.toml", driver("b").replace("  \"batch_read\",\n", ""));
    commit(&sandbox);
    let origin = format!("file://{}", sandbox.path("").display());
    git(&sandbox, &["clone", "-q", "--filter=blob:none", &origin, "clone"]);
    let run = sandbox.run_in("clone", &["diff", "--against", "origin/main"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("the clone is partial"), "{run:?}");
}

#[test]
fn link_that_leaves_project_and_returns_is_refused() {
    let sandbox = repository();
    sandbox.write("shared/b.toml", misspelt("b"));
    symlink(sandbox.path("shared/b.toml"), sandbox.path("contracts/b.toml")).unwrap();
    commit(&sandbox);
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    assert_eq!(run.places(), ["contracts/b.toml:1:1: error[path-outside-project"]);
}

#[test]
fn non_utf8_file_names_stay_distinct() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let sandbox = repository();
    for (name, text) in [(&b"\xff.toml"[..], driver("b")), (b"\xfe.toml", driver("c"))] {
        let path = sandbox.path("contracts").join(OsStr::from_bytes(name));
        if fs::write(path, text).is_err() {
            return;
        }
    }
    as_base(&sandbox);
    let run = concise(&sandbox, &[]);
    assert_eq!((run.code, &*run.stdout), (0, ""), "{run:?}");
}

#[test]
fn ignored_file_is_error_if_git_fails() {
    let sandbox = repository();
    sandbox.write(".gitignore", "a.toml\n");
    assert_eq!(sandbox.run(&["check"]).code, 0);
    sandbox.write(".git/index", "junk");
    let run = sandbox.run(&["check"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("git cannot list the files that it tracks"), "{run:?}");
}
