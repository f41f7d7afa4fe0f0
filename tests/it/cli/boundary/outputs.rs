//! Outputs whose path a stranger redirects.

use std::{fs, os::unix::fs::PermissionsExt};

use super::{Stage, mode};
use crate::cli::sandbox::{driver, misspelt};

#[test]
fn outputs_replace_links_and_stay_in_named_folder() {
    let stage = Stage::new();
    let before = stage.outside();
    stage.link("../outside/key", "report.json");
    let format =
        ["check", "--exit-zero", "--output-format", "gitlab", "--output-file", "report.json"];
    assert_eq!(stage.run(&format).code, 0);
    assert!(!stage.path("report.json").is_symlink());
    stage.link("../outside", "out");
    for arguments in [
        &["compile", "-o", "out/signatures.txt"][..],
        &["schema", "-o", "out"],
        &["matrix", "-o", "out/../out/matrix.txt"],
        &["check", "--output-file", ".git/hooks/pre-commit"],
        &[
            "import",
            "ghz",
            "contracts/a.toml",
            "--driver",
            "a",
            "--profile",
            "heavy_data",
            "--append",
            "out/key",
        ],
    ] {
        assert_eq!(stage.run(arguments).code, 2, "{arguments:?}");
    }
    stage.assert_untouched(&before);
}

/// Attack on a cached binary: a report overwrites the binary, and a shell then runs the report.
#[test]
fn report_does_not_overwrite_linked_program() {
    let stage = Stage::new();
    stage.write("bin/driverc", "#!/bin/sh\n");
    fs::set_permissions(stage.path("bin/driverc"), PermissionsExt::from_mode(0o755)).unwrap();
    stage.write("contracts/evil.toml", "\"echo $(id)\" = 1\n");
    stage.link("bin/driverc", "gl-code-quality-report.json");
    let arguments = ["check", "--exit-zero", "--output-format", "gitlab", "--output-file"];
    stage.run(&[&arguments[..], &["gl-code-quality-report.json"]].concat());
    assert_eq!(fs::read(stage.path("bin/driverc")).unwrap(), b"#!/bin/sh\n");
    assert_eq!(mode(&stage.path("gl-code-quality-report.json")) & 0o111, 0);
}

#[test]
fn contents_of_file_without_signatures_are_not_shown() {
    let stage = Stage::new();
    for target in
        ["../outside/key", "/proc/self/environ", ".git/config", "../outside/contracts/b.toml"]
    {
        stage.link(target, "signatures.txt");
        for emit in ["text", "json"] {
            let run = stage.run(&["compile", "--emit", emit, "--check", "signatures.txt"]);
            assert_eq!(run.code, 1, "{target} {run:?}");
        }
        fs::remove_file(stage.path("signatures.txt")).unwrap();
    }
}

#[test]
fn fix_of_linked_document_leaves_link_target_unchanged() {
    let stage = Stage::new();
    stage.write("shared/b.toml", &misspelt("b"));
    stage.link("../shared/b.toml", "contracts/b.toml");
    stage.commit();
    let run = stage.run(&["check", "--fix", "--unsafe-fixes"]);
    assert!(run.stderr.contains("`contracts/b.toml` was a link and is now a file\n"), "{run:?}");
    assert_eq!(fs::read_to_string(stage.path("shared/b.toml")).unwrap(), misspelt("b"));
    assert_eq!(fs::read_to_string(stage.path("contracts/b.toml")).unwrap(), driver("b"));
}

#[test]
fn outputs_are_never_written_to_other_work_tree_or_separate_git_folder() {
    let stage = Stage::new();
    stage.0.folder("outside/.git");
    let before = stage.outside();
    stage.link("../outside", "reports");
    for output in ["reports/key", "reports/new"] {
        assert_eq!(stage.run(&["check", "--exit-zero", "-o", output]).code, 2, "{output}");
    }
    stage.assert_untouched(&before);
    let stage = Stage::new();
    fs::rename(stage.path(".git"), stage.path("kept")).unwrap();
    fs::write(stage.path(".git"), "gitdir: kept\n").unwrap();
    let run = stage.run(&["check", "--exit-zero", "-o", "kept/hooks/post-checkout"]);
    assert!(run.stderr.contains("it is in the git directory"), "{run:?}");
}
