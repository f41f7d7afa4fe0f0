//! Simulates a pull request from a stranger, with links, paths and names that lead out of the
//! project.
#![cfg(unix)]

mod outputs;
mod random;
mod targets;

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use super::sandbox::{Run, Sandbox, driver, misspelt};

/// The content of every file outside, and of the git configuration.
const SECRET: &str = "topsecretvalue";

/// A git repository in `project`, next to a folder that does not belong to it.
struct Stage(Sandbox);

impl Stage {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox.write("outside/key", format!("KEY={SECRET}\n"));
        sandbox.write("outside/credentials.toml", format!("[registry]\ntoken = \"{SECRET}\"\n"));
        sandbox.write("outside/contracts/b.toml", format!("{}# {SECRET}\n", misspelt("b")));
        sandbox.write("project/contracts/a.toml", driver("a"));
        let stage = Self(sandbox);
        stage.git(&["init", "-q", "-b", "main"]);
        stage.git(&["config", "http.x.extraheader", SECRET]);
        stage
    }

    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=a", "-c", "user.email=a@example.org"]);
        let status = git.args(arguments).current_dir(self.path("")).status().unwrap();
        assert!(status.success(), "{arguments:?}");
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "change"]);
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path("project").join(path)
    }

    fn write(&self, path: &str, text: &str) {
        self.0.write(&format!("project/{path}"), text);
    }

    fn link(&self, target: &str, path: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        symlink(target, self.path(path)).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut command = self.0.command(arguments);
        command.env("MY_SECRET", SECRET).current_dir(self.path(""));
        let run = Run::of(command.output().unwrap());
        assert!(!format!("{run:?}").contains(SECRET), "{arguments:?}: {run:?}");
        run
    }

    /// Asserts that no file outside, no git hook and no git configuration has changed.
    #[track_caller]
    fn assert_untouched(&self, before: &[(PathBuf, Vec<u8>, u32)]) {
        assert_eq!(self.outside(), before);
    }

    fn outside(&self) -> Vec<(PathBuf, Vec<u8>, u32)> {
        let mut files = Vec::new();
        gather(&self.0.path("outside"), &mut files);
        gather(&self.path(".git/hooks"), &mut files);
        let config = self.path(".git/config");
        files.push((config.clone(), fs::read(&config).unwrap(), mode(&config)));
        files
    }
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode()
}

fn gather(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>, u32)>) {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut entries: Vec<_> = entries.collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            gather(&path, files);
        } else {
            files.push((path.clone(), fs::read(&path).unwrap(), mode(&path)));
        }
    }
}

#[test]
fn include_outside_project_stops_run_and_names_path() {
    let stage = Stage::new();
    for (path, name) in [
        ("../outside/key", "../outside/key"),
        ("../outside", "../outside"),
        ("../outside/nowhere", "../outside/nowhere"),
        ("/proc/self/environ", "/proc/self/environ"),
        (".git/config", ".git/config"),
        (".GIT/config", ".GIT/config"),
        ("contracts/../.git", ".git"),
    ] {
        stage.write("driverc.toml", &format!("include = [\"contracts\", \"{path}\"]\n"));
        let run = stage.run(&["check"]);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{path}: {run:?}");
        let shown = run.stderr.replace("../../../", "/");
        assert!(shown.contains(" leads "), "{path}: {run:?}");
        assert!(run.stderr.contains(name.trim_start_matches('/')), "{path}: {run:?}");
    }
}

#[test]
fn linked_configuration_or_contracts_folder_is_refused() {
    let stage = Stage::new();
    stage.link("../outside/key", "driverc.toml");
    let run = stage.run(&["check"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: `driverc.toml` leads out of the project"), "{run:?}");
    fs::remove_file(stage.path("driverc.toml")).unwrap();

    fs::rename(stage.path("contracts"), stage.path("real")).unwrap();
    for (target, message) in [
        ("../outside", "`contracts` leads out of the project"),
        (".git", "`contracts` leads into the git directory"),
        ("real", "`contracts` leads through a link to a folder"),
    ] {
        stage.link(target, "contracts");
        let run = stage.run(&["check"]);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{target}");
        assert!(run.stderr.starts_with(&format!("error: {message}")), "{target}: {run:?}");
        fs::remove_file(stage.path("contracts")).unwrap();
    }
    stage.link("real", "contracts");
    assert_eq!(stage.run(&["check", "--root", "real", "--select", "missing-key"]).code, 0);
}

#[test]
fn link_is_followed_only_to_tracked_document() {
    let stage = Stage::new();
    stage.write("shared/tracked.toml", &misspelt("tracked"));
    stage.write("shared/notes.txt", &misspelt("notes"));
    stage.link("../shared/tracked.toml", "contracts/tracked.toml");
    stage.commit();
    stage.write("shared/untracked.toml", &misspelt("untracked"));
    for (name, target) in [
        ("untracked", "../shared/untracked.toml"),
        ("notes", "../shared/notes.txt"),
        ("outside", "../../outside/credentials.toml"),
        ("nowhere", "../../outside/nowhere.toml"),
        ("environ", "/proc/self/environ"),
        ("config", "../.git/config"),
        ("zero", "/dev/zero"),
    ] {
        stage.link(target, &format!("contracts/{name}.toml"));
    }
    stage.link("../../outside", "contracts/folder");
    let run =
        stage.run(&["check", "--output-format", "concise", "--ignore", "budget-missing-profile"]);
    let expected = [
        "contracts/config.toml:1:1: error[path-outside-project",
        "contracts/environ.toml:1:1: error[path-outside-project",
        "contracts/notes.toml:1:1: error[path-outside-project",
        "contracts/nowhere.toml:1:1: error[path-outside-project",
        "contracts/outside.toml:1:1: error[path-outside-project",
        "contracts/tracked.toml:10:1: error[unknown-key",
        "contracts/untracked.toml:1:1: error[path-outside-project",
        "contracts/zero.toml:1:1: error[path-outside-project",
    ];
    assert_eq!((run.code, run.places()), (1, expected.to_vec()), "{run:?}");
    // The command line can name the folder outside as root. The same file is then read.
    let outside = stage.0.path("outside");
    let run = Run::of(
        stage
            .0
            .command(&["check", "--root", outside.to_str().unwrap(), "--output-format", "concise"])
            .current_dir(stage.path(""))
            .output()
            .unwrap(),
    );
    assert!(run.stdout.contains("contracts/outside.toml:1:2: error[unknown-key]"), "{run:?}");
}

#[test]
fn command_line_path_outside_project_is_read() {
    let stage = Stage::new();
    for path in ["../outside/contracts", "../outside/contracts/b.toml"] {
        let run = Run::of(
            stage
                .0
                .command(&["check", "--output-format", "concise", path])
                .current_dir(stage.path(""))
                .output()
                .unwrap(),
        );
        assert_eq!(run.places()[0], "../outside/contracts/b.toml:10:1: error[unknown-key");
    }
    // A stranger controls the content of the work tree.
    stage.link("../outside/contracts", "linked");
    let run = stage.run(&["check", "linked"]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    assert_eq!(run.stderr, "error: cannot read `linked`: it leads out of the project\n");
}

#[test]
fn tuning_guide_outside_project_is_reported() {
    let stage = Stage::new();
    stage.link("../outside", "docs");
    let guides =
        ["/etc/passwd", "/srv/nowhere", "../outside/key", "docs/key", "../../x", ".git/config"];
    for guide in guides {
        let contract = driver("a").replace("tier1", "tier9");
        let line = contract.lines().find(|line| line.starts_with("tuning_guide")).unwrap();
        let contract = contract.replace(line, &format!("tuning_guide = \"{guide}\""));
        let waiver = "[[waiver]]\nrule = \"path-outside-project\"\nreason = \"a\"\nowner = \"a\"\n\
                      expires = 2099-01-01\n";
        stage.write("contracts/a.toml", &format!("{contract}\n{waiver}"));
        let run = stage.run(&["check", "--output-format", "concise"]);
        assert_eq!(run.code, 1, "{guide}");
        assert!(run.stdout.contains("error[path-outside-project]"), "{guide}: {run:?}");
        assert!(!run.stdout.contains("tuning-guide-missing"), "{guide}: {run:?}");
    }
}

#[test]
fn contents_of_linked_files_outside_project_are_not_quoted() {
    let stage = Stage::new();
    stage.0.write("outside/result.json", format!("\"{SECRET}\""));
    stage.link("../outside/result.json", "result.json");
    let run =
        stage.run(&["import", "k6", "result.json", "--driver", "a", "--profile", "heavy_data"]);
    assert_eq!(run.stderr, "error: cannot read `result.json`: it leads out of the project\n");
    let run = stage.run(&["budget", "--signatures", "result.json"]);
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn path_through_link_to_project_obeys_boundary_of_project() {
    let stage = Stage::new();
    stage.link("../../outside/credentials.toml", "contracts/x.toml");
    symlink("project", stage.0.path("alias")).unwrap();
    let run = stage.run(&["check", "--output-format", "concise", "../alias/contracts/x.toml"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("it leads out of the project"), "{run:?}");
}

#[test]
fn fix_still_reports_unreadable_documents() {
    let stage = Stage::new();
    stage.write("contracts/b.toml", &misspelt("b"));
    stage.link("../../outside/key", "contracts/key.toml");
    fs::write(stage.path("contracts/bytes.toml"), b"# \xff\n").unwrap();
    let run = stage.run(&["check", "--fix", "--unsafe-fixes", "--output-format", "concise"]);
    let expected = [
        "contracts/bytes.toml:1:3: error[invalid-utf8",
        "contracts/key.toml:1:1: error[path-outside-project",
    ];
    assert_eq!((run.code, run.places()), (1, expected.to_vec()), "{run:?}");
    assert!(run.stderr.ends_with("fixed 1 finding in 1 file\n"), "{run:?}");
}
