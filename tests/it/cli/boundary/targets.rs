//! Files of `[[emit]]` and `[[verify]]`, which a stranger can name.

use std::fs;

use super::Stage;
use crate::cli::sandbox::driver;

/// Attack: a pull request lets the gate write or quote a file outside the project.
#[test]
fn declared_files_stay_in_project() {
    for path in ["../outside/key", "/etc/hostname", ".git/config", ".git/hooks/pre-commit"] {
        let stage = stage(path);
        let before = stage.outside();
        for arguments in [&["emit"][..], &["emit", "--check"], &["verify"]] {
            let run = stage.run(&[arguments, &["--show", "error"]].concat());
            assert_eq!(run.code, 2, "{arguments:?} {path}: {}", run.stdout);
            assert_eq!(run.stdout, "", "{arguments:?} {path}");
            assert!(run.stderr.contains(path), "{arguments:?} {path}: {}", run.stderr);
        }
        stage.assert_untouched(&before);
    }
}

#[test]
fn declared_files_are_not_reached_through_links() {
    let stage = stage("out/key.ini");
    stage.link("../outside", "out");
    let before = stage.outside();
    for arguments in [&["emit"][..], &["emit", "--check"], &["verify"]] {
        let run = stage.run(&[arguments, &["--show", "error"]].concat());
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stdout);
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
    stage.assert_untouched(&before);

    let stage = self::stage("deploy/key.ini");
    fs::create_dir(stage.path("deploy")).unwrap();
    stage.link("../../outside/key", "deploy/key.ini");
    let before = stage.outside();
    for arguments in [&["emit", "--check"][..], &["verify"]] {
        let run = stage.run(&[arguments, &["--show", "error"]].concat());
        assert_eq!((run.code, &*run.stdout), (2, ""), "{arguments:?}: {}", run.stderr);
    }
    assert_eq!(stage.run(&["emit", "--show", "error"]).code, 0);
    assert!(!stage.path("deploy/key.ini").is_symlink(), "the link is replaced");
    stage.assert_untouched(&before);
}

/// No folder is created outside the project, even if the file is refused later.
#[test]
fn folders_are_not_created_through_links() {
    let stage = stage("out/new/folder/a.ini");
    stage.link("../outside", "out");
    let before = stage.outside();
    assert_eq!(stage.run(&["emit", "--show", "error"]).code, 2);
    stage.assert_untouched(&before);
    assert!(!stage.path("../outside/new").exists());
}

#[test]
fn every_missing_file_is_reported() {
    let stage = stage("one.ini");
    let files = "files = [\"one.ini\", \"two.ini\"]";
    let configuration = configuration("one.ini").replace("files = [\"one.ini\"]", files);
    stage.write("driverc.toml", &configuration);
    let run = stage.run(&["verify"]);
    assert_eq!(run.code, 2);
    for file in ["`one.ini`", "`two.ini`"] {
        assert!(run.stderr.contains(file), "{}", run.stderr);
    }
}

#[test]
fn run_without_all_files_does_not_say_that_there_are_no_findings() {
    let stage = stage("missing.ini");
    let missing = stage.run(&["verify"]);
    stage.write("a.ini", &stage.run(&["emit", "pgbouncer", "-q", "--driver", "a"]).stdout);
    let unknown = stage.run(&["verify", "pgbouncer", "a.ini", "--driver", "b"]);
    for (run, message) in [(missing, "cannot read `missing.ini`"), (unknown, "no driver `b`")] {
        assert_eq!((run.code, &*run.stdout), (2, ""), "{}", run.stderr);
        assert!(run.stderr.starts_with(&format!("error: {message}")), "{}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    }
    let all = stage.run(&["verify", "pgbouncer", "a.ini", "--driver", "a"]);
    assert_eq!((all.code, &*all.stderr), (0, "no findings\n"));
}

#[test]
fn path_that_names_no_single_file_is_refused() {
    let stage = stage("deploy");
    fs::create_dir(stage.path("deploy")).unwrap();
    let run = stage.run(&["verify"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.stderr, "error: cannot read `deploy`: it is a folder\n");

    stage.write("driverc.toml", &configuration("deploy/"));
    for command in ["check", "emit"] {
        let run = stage.run(&[command, "--output-format", "concise"]);
        let message = "driverc.toml:4:7: error[invalid-text]: `out` must name a file, but `deploy/` \
                       is a folder (help: write `out = \"deploy/a.ini\"`)";
        assert!(run.code == 2 && run.stdout.contains(message), "{}", run.stdout);
    }
    stage.write("driverc.toml", &configuration("deploy/*.ini"));
    let run = stage.run(&["verify", "--output-format", "concise"]);
    let message = "driverc.toml:9:10: error[invalid-text]: `deploy/*.ini` is a glob, which `files` \
                   does not allow (help: name each file)";
    assert!(run.code == 2 && run.stdout.contains(message), "{}", run.stdout);
}

fn stage(path: &str) -> Stage {
    let stage = Stage::new();
    stage.write("contracts/a.toml", &driver("a"));
    stage.write("driverc.toml", &configuration(path));
    stage
}

fn configuration(path: &str) -> String {
    let table =
        |key, file| format!("[[{key}]]\ntarget = \"pgbouncer\"\ndriver = \"a\"\n{file}\n\n");
    table("emit", format!("out = \"{path}\"")) + &table("verify", format!("files = [\"{path}\"]"))
}
