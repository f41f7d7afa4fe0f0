//! Faults of the file system and the machine: files that cannot be read or written, special files,
//! and killed runs.
#![cfg(unix)]

use std::{
    ffi::OsStr,
    fs,
    io::ErrorKind,
    os::unix::{
        ffi::OsStrExt,
        fs::{PermissionsExt, symlink},
        process::CommandExt,
    },
    path::Path,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use super::sandbox::{Run, Sandbox, driver, misspelt, skipped};

/// A user without rights. Tests that run as root use it, because permissions do not restrict root.
const UNPRIVILEGED: u32 = 65_534;

const FIX: [&str; 3] = ["check", "--fix", "--unsafe-fixes"];

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

/// Runs the binary as a user whom permissions restrict. Returns `None` if there is no such user.
fn run_unprivileged(sandbox: &Sandbox, arguments: &[&str]) -> Option<Run> {
    let probe = sandbox.path("probe");
    fs::write(&probe, "").unwrap();
    mode(&probe, 0o000);
    let mut command = sandbox.command(arguments);
    if fs::read(&probe).is_ok() {
        // The other user might be unable to read the binary's folder.
        let binary = sandbox.path("driverc");
        fs::copy(env!("CARGO_BIN_EXE_driverc"), &binary).unwrap();
        mode(&sandbox.path(""), 0o755);
        command = Command::new(binary);
        command.args(arguments).current_dir(sandbox.path("")).stdin(Stdio::null());
        command.uid(UNPRIVILEGED).gid(UNPRIVILEGED);
    }
    // While another thread starts a process, that process can have the copy open for writing.
    let output = loop {
        match command.output() {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => {
                thread::sleep(Duration::from_millis(10));
            }
            output => break output,
        }
    };
    fs::remove_file(&probe).unwrap();
    match output {
        Ok(output) => Some(Run::of(output)),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => None,
        Err(error) => panic!("{error}"),
    }
}

fn sh(sandbox: &Sandbox, script: &str) -> Run {
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).current_dir(sandbox.path("")).stdin(Stdio::null());
    shell.env("DRIVERC", env!("CARGO_BIN_EXE_driverc")).env_remove("GITHUB_STEP_SUMMARY");
    Run::of(shell.output().unwrap())
}

#[test]
fn unreadable_files_and_folders_do_not_hide_other_findings() {
    let sandbox = Sandbox::project(&[
        ("contracts/a.toml", &misspelt("a")),
        ("contracts/closed/b.toml", &misspelt("b")),
        ("contracts/secret.toml", &misspelt("c")),
    ]);
    mode(&sandbox.path("contracts/closed"), 0o000);
    mode(&sandbox.path("contracts/secret.toml"), 0o000);
    let run = run_unprivileged(&sandbox, &["check", "--output-format", "concise"]);
    mode(&sandbox.path("contracts/closed"), 0o755);
    let Some(run) = run else { return skipped("no second user to run as") };
    assert_eq!((run.code, run.places()), (2, vec!["contracts/a.toml:10:1: error[unknown-key"]));
    for path in ["contracts/closed", "contracts/secret.toml"] {
        let message = format!("error: cannot read `{path}`: Permission denied (os error 13)\n");
        assert!(run.stderr.contains(&message), "{}", run.stderr);
    }
}

#[test]
fn files_in_read_only_folder_stay_unchanged() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    mode(&sandbox.path("contracts"), 0o555);
    let run = run_unprivileged(&sandbox, &FIX);
    mode(&sandbox.path("contracts"), 0o755);
    let Some(run) = run else { return skipped("no second user to run as") };
    assert_eq!(run.code, 2);
    let message = "error: cannot write `contracts/a.toml`: permission denied\n";
    assert!(run.stderr.contains(message), "{}", run.stderr);
    assert_eq!(sandbox.read("contracts/a.toml"), misspelt("a"));
}

/// Opening a pipe without a writer would block.
#[test]
fn pipes_and_devices_in_folder_are_skipped() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    let made = sh(&sandbox, "mkfifo contracts/pipe.toml contracts/driverc.toml");
    assert_eq!(made.code, 0, "{}", made.stderr);
    symlink("pipe.toml", sandbox.path("contracts/linked.toml")).unwrap();
    sandbox.run(&["check"]).assert_clean();
    let run = sandbox.run_in("contracts", &["check", ".."]);
    assert_eq!((run.code, &*run.stdout), (0, ""), "{run:?}");
}

#[test]
fn named_pipe_is_read() {
    let sandbox = Sandbox::project(&[("a", &misspelt("a"))]);
    let script = "mkfifo pipe && { cat a > pipe & } && \
                  \"$DRIVERC\" check --output-format concise pipe";
    let run = sh(&sandbox, script);
    assert_eq!((run.code, run.places()), (1, vec!["pipe:10:1: error[unknown-key"]));
}

/// Reading the existing content before replacing it would wait forever.
#[test]
fn fix_refuses_pipe() {
    let sandbox = Sandbox::project(&[("a", &misspelt("a"))]);
    let script = "mkfifo pipe && { cat a > pipe & } && \
                  \"$DRIVERC\" check --fix --unsafe-fixes pipe";
    let run = sh(&sandbox, script);
    assert_eq!(run.code, 2, "{run:?}");
    let message = "error: cannot write `pipe`: it is a pipe or a device\n";
    assert!(run.stderr.starts_with(message), "{}", run.stderr);
    assert_eq!(sandbox.names(""), [".git", "a", "contracts", "driverc.toml", "pipe"]);
}

#[test]
fn pipe_named_twice_is_read_once() {
    let sandbox = Sandbox::project(&[("a", &misspelt("a"))]);
    let script = "mkfifo pipe && { cat a > pipe & } && \
                  \"$DRIVERC\" check --output-format concise pipe ./pipe contracts";
    let run = sh(&sandbox, script);
    assert_eq!((run.code, run.places()), (1, vec!["pipe:10:1: error[unknown-key"]));
}

#[test]
fn endless_pipe_is_refused_at_size_limit() {
    let sandbox = Sandbox::project(&[]);
    let script = "mkfifo pipe && { yes > pipe 2> no & } && \"$DRIVERC\" import ghz pipe \
                  --max-file-size 1MiB --driver a --profile heavy_data";
    let run = sh(&sandbox, script);
    run.assert_refused("`pipe` is larger than 1 MiB; allow more with `--max-file-size`");
}

/// No process writes to the pipe, so a run that waits for it does not end.
#[test]
fn file_replaced_by_pipe_does_not_block_check() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    let made = sh(&sandbox, "mkfifo pipe");
    assert_eq!(made.code, 0, "{}", made.stderr);
    let ended = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let [file, pipe] = ["contracts/a.toml", "pipe"].map(|name| sandbox.path(name));
            let spare = sandbox.path("spare");
            while !ended.load(Ordering::Relaxed) {
                fs::rename(&file, &spare).unwrap();
                fs::rename(&pipe, &file).unwrap();
                fs::rename(&file, &pipe).unwrap();
                fs::rename(&spare, &file).unwrap();
            }
        });
        for _ in 0..50 {
            let run = sandbox.run(&["check", "--output-format", "concise"]);
            let message = run.stderr.strip_prefix("no findings\n").unwrap();
            let became = "error: cannot read `contracts/a.toml`: it is a pipe or a device\n";
            let missing = "error: cannot read `contracts/a.toml`: No such file or directory";
            let known = message.is_empty() || message == became || message.starts_with(missing);
            assert!(known, "{run:?}");
        }
        ended.store(true, Ordering::Relaxed);
    });
}

/// A pipe without a writer never ends. Like git, driverc does not read patterns through a link.
#[test]
fn gitignore_is_read_from_regular_files_only() {
    let sandbox = Sandbox::project(&[
        ("contracts/a.toml", &misspelt("a")),
        ("contracts/pipe/b.toml", &misspelt("b")),
        ("contracts/zero/c.toml", &misspelt("c")),
    ]);
    let made = sh(&sandbox, "mkfifo contracts/pipe/.gitignore");
    assert_eq!(made.code, 0, "{}", made.stderr);
    symlink("/dev/zero", sandbox.path("contracts/zero/.gitignore")).unwrap();
    symlink("/dev/zero", sandbox.path(".gitignore")).unwrap();
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    let read = ["contracts/a.toml:10:1", "contracts/zero/c.toml:10:1"];
    let expected = read.map(|place| format!("{place}: error[unknown-key"));
    assert_eq!(run.code, 2);
    assert_eq!(run.places(), expected);
    let message = "error: cannot read `contracts/pipe/.gitignore`: it is a pipe or a device\n";
    assert!(run.stderr.contains(message), "{}", run.stderr);
}

#[test]
fn dangling_and_circular_links_do_not_hide_other_findings() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    symlink("nowhere.toml", sandbox.path("contracts/dangling.toml")).unwrap();
    symlink("loop.toml", sandbox.path("contracts/loop.toml")).unwrap();
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    assert_eq!((run.code, run.places()), (2, vec!["contracts/a.toml:10:1: error[unknown-key"]));
    for name in ["dangling", "loop"] {
        let message = format!("error: cannot read `contracts/{name}.toml`: ");
        assert!(run.stderr.contains(&message), "{}", run.stderr);
    }
}

#[test]
fn file_system_decides_if_names_that_differ_in_case_are_one_file() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    sandbox.write("contracts/A.toml", misspelt("b"));
    let files = sandbox.names("contracts").len() - 1;
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    assert_eq!((run.code, run.places().len()), (1, files), "{}", run.stdout);
}

#[test]
fn file_with_non_utf8_name_is_fixed() {
    let sandbox = Sandbox::project(&[]);
    let path = sandbox.path("contracts").join(OsStr::from_bytes(b"\xff.toml"));
    if fs::write(&path, misspelt("a")).is_err() {
        return skipped("the system has no such names");
    }
    let run = sandbox.run(&FIX);
    assert_eq!((run.code, &*run.stderr), (0, "no findings\nfixed 1 finding in 1 file\n"));
    assert_eq!(fs::read_to_string(&path).unwrap(), driver("a"));
    assert_eq!(fs::read_dir(sandbox.path("contracts")).unwrap().count(), 2);
}

/// A file size limit simulates a full disk. It also applies to root.
#[test]
fn full_disk_leaves_file_unchanged() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    sandbox.write("out.txt", "as it was\n");
    let limited = |arguments: &str| {
        sh(&sandbox, &format!("trap '' XFSZ; ulimit -f 0; exec \"$DRIVERC\" {arguments}"))
    };
    let fixed = limited("check --fix --unsafe-fixes");
    assert_eq!(fixed.code, 2, "{fixed:?}");
    assert!(fixed.stderr.contains("error: cannot write `contracts/a.toml`: "), "{}", fixed.stderr);
    assert_eq!(sandbox.read("contracts/a.toml"), misspelt("a"));
    for command in ["check", "matrix"] {
        let run = limited(&format!("{command} -o out.txt"));
        assert_eq!(run.code, if command == "check" { 2 } else { 1 }, "{run:?}");
        assert_eq!(sandbox.read("out.txt"), "as it was\n");
    }
    assert_eq!(limited("init new/").code, 2);
    assert_eq!(sandbox.names("contracts"), ["a.toml", "budgets.toml"], "no partial file remains");
    assert_eq!(sandbox.names("new"), [""; 0]);
}

/// Two files are within the limit, and the third is not.
#[test]
fn unwritten_fix_is_not_counted() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    sandbox.write("contracts/b.toml", misspelt("b"));
    sandbox.write("contracts/large.toml", misspelt("large") + &"#".repeat(64 * 1024));
    let script = "trap '' XFSZ; ulimit -f 32; exec \"$DRIVERC\" check --fix --unsafe-fixes \
                  --output-format concise";
    let run = sh(&sandbox, script);
    assert_eq!(run.code, 2, "{run:?}");
    assert_eq!(run.places(), ["contracts/large.toml:10:1: error[unknown-key"]);
    assert!(run.stderr.ends_with("fixed 2 findings in 2 files\n"), "{run:?}");
    assert_eq!(sandbox.read("contracts/a.toml"), driver("a"));
}

#[cfg(target_os = "linux")]
#[test]
fn full_device_reports_write_error() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    let run = sh(&sandbox, "exec \"$DRIVERC\" check > /dev/full");
    assert_eq!(run.code, 2);
    let message = "error: cannot write to standard output: No space left on device (os error 28)\n";
    assert_eq!(run.stderr, message);
    let run = sandbox.run(&["check", "-o", "/dev/full"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: cannot write `/dev/full`: No space left"), "{run:?}");
}

/// A document with an error in each of its many drivers, and the same document after the fix.
fn many() -> (String, String) {
    let all = |of: fn(&str) -> String| (0..50).map(|number| of(&format!("d{number}x"))).collect();
    (all(misspelt), all(driver))
}

/// Kills runs after increasing times, from before they read to after they have written.
#[test]
fn killed_run_leaves_complete_old_or_new_file() {
    let sandbox = Sandbox::project(&[]);
    let (old, new) = many();
    let path = sandbox.path("contracts/many.toml");
    fs::write(&path, &old).unwrap();
    let started = Instant::now();
    assert_eq!(sandbox.run(&FIX).code, 0);
    let whole = started.elapsed();
    assert_eq!(fs::read_to_string(&path).unwrap(), new);
    let most = 40;
    for number in 0..most {
        fs::write(&path, &old).unwrap();
        let mut command = sandbox.command(&FIX);
        command.arg("-o").arg("findings.txt").stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        // Files are written in the last quarter of a run.
        let share = whole * (most / 2 + number) / most;
        thread::sleep(share);
        child.kill().unwrap();
        child.wait().unwrap();
        let now = fs::read_to_string(&path).unwrap();
        assert!(now == old || now == new, "after {share:?}: {} bytes", now.len());
        let findings = fs::read_to_string(sandbox.path("findings.txt"));
        assert!(findings.is_err() || findings.unwrap().is_empty(), "a finding remains");
        _ = fs::remove_file(sandbox.path("findings.txt"));
    }
}

/// While runs change a file, every reader sees either the old or the new content.
#[test]
fn concurrent_fixes_never_leave_partial_file() {
    let sandbox = Sandbox::project(&[]);
    let (old, new) = many();
    let path = sandbox.path("contracts/many.toml");
    for _ in 0..5 {
        fs::write(&path, &old).unwrap();
        let spawn = |_| {
            let mut command = sandbox.command(&FIX);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let mut children: Vec<_> = (0..4).map(spawn).collect();
        while children.iter_mut().any(|child| child.try_wait().unwrap().is_none()) {
            let now = fs::read_to_string(&path).unwrap();
            assert!(now == old || now == new, "{} bytes", now.len());
            thread::sleep(Duration::from_millis(1));
        }
        for child in children {
            let run = Run::of(child.wait_with_output().unwrap());
            let late = "error: `contracts/many.toml` has changed since it was read; run again\n";
            assert!(run.code == 0 || (run.code == 2 && run.stderr.contains(late)), "{run:?}");
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), new);
        assert_eq!(sandbox.names("contracts"), ["budgets.toml", "many.toml"]);
    }
}

/// Files appear and disappear while a folder is read. Each is read completely, reported, or
/// missing.
#[test]
fn removing_or_changing_files_during_check_causes_no_crash() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    for number in 0..200 {
        sandbox.write(&format!("contracts/v/{number}.toml"), "# nothing\n");
    }
    let mut command = sandbox.command(&["check", "--output-format", "concise"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    for number in 0..200 {
        let path = sandbox.path(format!("contracts/v/{number}.toml"));
        match number % 3 {
            0 => fs::remove_file(path).unwrap(),
            1 => fs::write(path, "# longer than before, and still nothing\n").unwrap(),
            _ => fs::write(path, "").unwrap(),
        }
    }
    let run = Run::of(child.wait_with_output().unwrap());
    let missing = |line: &str| line.starts_with("error: cannot read `contracts/v/");
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(lines.first(), Some(&"no findings"), "{run:?}");
    assert!(lines[1..].iter().all(|line| missing(line)), "{run:?}");
    assert_eq!((run.code, &*run.stdout), (if lines.len() == 1 { 0 } else { 2 }, ""));
}
