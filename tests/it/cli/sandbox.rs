//! A folder for one test, and the binary that runs in it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use driverc::{model::Vocabulary, report::Format};
use tempfile::TempDir;

/// Prints to standard error that a test cannot run here, and why.
#[expect(clippy::explicit_write, reason = "the harness hides what the macro writes")]
pub(crate) fn skipped(reason: &str) {
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    writeln!(std::io::stderr(), "skipped {name}: {reason}").unwrap();
}

/// The contract that `driverc init` writes: one clean driver, its budgets, then its workloads.
pub(crate) const EXAMPLE: &str = include_str!("../../../src/cli/init/example.toml");

/// A clean contract of this name, without budgets or workloads.
pub(crate) fn driver(name: &str) -> String {
    let (driver, _) = halves();
    driver.replace("example", name)
}

/// The budgets of the example, which apply to every driver.
pub(crate) fn budgets() -> &'static str {
    halves().1
}

/// A contract with an error in line 10: `max_in_flight` is misspelt.
pub(crate) fn misspelt(name: &str) -> String {
    driver(name).replace("max_in_flight", "max_inflight")
}

/// The rule that a [`stubborn`] contract breaks, with level `warn`.
pub(crate) const STUBBORN: &str = "retry-amplification";

/// A contract with a warning and no error: far too many attempts.
pub(crate) fn stubborn(name: &str) -> String {
    driver(name).replace("max_attempts = 3", "max_attempts = 30")
}

/// The driver and the budgets of the example, without its workloads.
fn halves() -> (&'static str, &'static str) {
    let (contract, _) = EXAMPLE.split_once("# The load that").unwrap();
    contract.split_at(contract.find("# The limits for every driver").unwrap())
}

/// Returns the labels of the formats that work outside a git repository.
pub(crate) fn formats() -> impl Iterator<Item = &'static str> {
    let formats = Format::ALL.iter().filter(|format| **format != Format::Review);
    formats.map(|format| format.label())
}

/// A temporary folder that is deleted after the test.
pub(crate) struct Sandbox {
    folder: TempDir,
}

/// The result of a run: its exit code and its output.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    /// Creates an empty folder outside any repository.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Creates the root of a git repository with these files.
    pub(crate) fn repository(files: &[(&str, &str)]) -> Self {
        let sandbox = Self::new();
        sandbox.folder(".git");
        for (path, text) in files {
            sandbox.write(path, text);
        }
        sandbox
    }

    /// Creates a repository with these files, a configuration and the budgets of the example.
    pub(crate) fn project(files: &[(&str, &str)]) -> Self {
        let sandbox = Self::repository(files);
        sandbox.write("driverc.toml", "");
        sandbox.write("contracts/budgets.toml", budgets());
        sandbox
    }

    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn folder(&self, path: &str) {
        fs::create_dir_all(self.path(path)).unwrap();
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// Returns the names in a folder, sorted.
    pub(crate) fn names(&self, path: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(path)).unwrap();
        let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<_> = entries.map(|entry| name(entry).into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Returns a command that runs the binary in this folder, without the environment of the tests.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_driverc"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env("HOME", self.folder.path()).env_remove("XDG_CONFIG_HOME");
        command.env_remove("GITHUB_STEP_SUMMARY");
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env_remove("TERM");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().unwrap())
    }

    /// Runs the binary in a subfolder.
    pub(crate) fn run_in(&self, folder: &str, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).current_dir(self.path(folder)).output().unwrap())
    }

    /// Runs the binary with this input on standard input.
    pub(crate) fn pipe(&self, input: impl AsRef<[u8]>, arguments: &[&str]) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A run that refuses its arguments does not read its input.
        _ = child.stdin.take().unwrap().write_all(input.as_ref());
        Run::of(child.wait_with_output().unwrap())
    }
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Returns the start of each line of `concise` output: `path:line:column: level[rule]`.
    pub(crate) fn places(&self) -> Vec<&str> {
        self.stdout.lines().filter_map(|line| Some(line.split_once("]: ")?.0)).collect()
    }

    /// Asserts that the run was completed without findings.
    #[track_caller]
    pub(crate) fn assert_clean(&self) {
        assert_eq!((self.code, &*self.stdout, &*self.stderr), (0, "", "no findings\n"));
    }

    /// Asserts that the run printed only this error.
    #[track_caller]
    pub(crate) fn assert_refused(&self, message: &str) {
        let expected = format!("error: {message}\n");
        assert_eq!((self.code, &*self.stdout, &*self.stderr), (2, "", &*expected));
    }
}
