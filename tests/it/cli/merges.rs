//! Tests how real git merges signature documents, and what `compile --check` says afterwards.

use std::{fs, path::Path, process::Command};

use super::{
    repository::git,
    sandbox::{Sandbox, budgets, driver},
};

const FILE: &str = "signatures.txt";
const UNION: &str = "signatures.txt merge=union\n";

/// A repository with a compiled document of these drivers, each in a file of its own.
fn repository(attributes: &str, names: &[&str], options: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "--quiet", "--initial-branch", "main", "."]);
    git(&sandbox, &["config", "core.safecrlf", "false"]);
    git(&sandbox, &["config", "user.name", "test"]);
    git(&sandbox, &["config", "user.email", "test@example.org"]);
    sandbox.write("driverc.toml", "");
    sandbox.write(".gitattributes", attributes);
    sandbox.write("contracts/budgets.toml", budgets());
    for name in names {
        write(&sandbox, name);
    }
    compile(&sandbox, options);
    commit(&sandbox, "base");
    sandbox
}

fn write(sandbox: &Sandbox, name: &str) {
    sandbox.write(&format!("contracts/{name}.toml"), driver(name));
}

fn remove(sandbox: &Sandbox, name: &str) {
    fs::remove_file(sandbox.path(format!("contracts/{name}.toml"))).unwrap();
}

/// Replaces a line of a contract.
fn edit(sandbox: &Sandbox, name: &str, (from, to): (&str, &str)) {
    let path = format!("contracts/{name}.toml");
    let text = sandbox.read(&path);
    assert!(text.contains(from), "{text}");
    sandbox.write(&path, text.replace(from, to));
}

fn compile(sandbox: &Sandbox, options: &[&str]) {
    let run = sandbox.run(&[&["compile", "-o", FILE], options].concat());
    assert_eq!((run.code, &*run.stderr), (0, ""));
}

fn commit(sandbox: &Sandbox, message: &str) {
    git(sandbox, &["add", "--all"]);
    git(sandbox, &["commit", "--quiet", "--no-gpg-sign", "--message", message]);
}

/// Makes a change on a branch of its own, compiles and commits it, and returns to `main`.
fn branch(sandbox: &Sandbox, name: &str, change: impl Fn(&Sandbox)) {
    git(sandbox, &["checkout", "--quiet", "-b", name, "main"]);
    change(sandbox);
    compile(sandbox, &[]);
    commit(sandbox, name);
    git(sandbox, &["checkout", "--quiet", "main"]);
}

/// Merges two branches. Returns true if git found no conflict.
fn merge(sandbox: &Sandbox) -> bool {
    git(sandbox, &["checkout", "--quiet", "one"]);
    let mut merge = Command::new("git");
    merge.args(["merge", "--quiet", "--no-edit", "--no-gpg-sign", "two"]);
    merge.current_dir(sandbox.path("")).env("GIT_CONFIG_GLOBAL", "/dev/null");
    merge.env("GIT_CONFIG_NOSYSTEM", "1").env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE");
    merge.output().unwrap().status.success()
}

/// The exit code of `compile --check`, and its messages.
fn check(sandbox: &Sandbox) -> (i32, String) {
    let run = sandbox.run(&["compile", "--check", FILE]);
    (run.code, run.stderr)
}

const COMMAND: &str =
    "`signatures.txt` is not up to date; write it with `driverc compile -o signatures.txt`\n";

#[test]
fn branches_that_add_drivers_merge_and_pass_check() {
    for (base, one, two) in [
        // Neighbouring lines.
        (&["m"][..], "a", "b"),
        (&["m"], "y", "z"),
        // Lines apart.
        (&["m", "n", "o"], "a", "z"),
        // In an empty document.
        (&[], "a", "b"),
    ] {
        let sandbox = repository(UNION, base, &[]);
        branch(&sandbox, "one", |sandbox| write(sandbox, one));
        branch(&sandbox, "two", |sandbox| write(sandbox, two));
        assert!(merge(&sandbox), "{base:?} {one} {two}");
        assert_eq!(check(&sandbox), (0, String::new()), "{base:?} {one} {two}");
    }
}

#[test]
fn drivers_added_at_distant_lines_merge_without_attribute() {
    let sandbox = repository("", &["m", "n", "o"], &[]);
    branch(&sandbox, "one", |sandbox| write(sandbox, "a"));
    branch(&sandbox, "two", |sandbox| write(sandbox, "nn"));
    assert!(merge(&sandbox));
    assert_eq!(check(&sandbox), (0, String::new()));
}

#[test]
fn drivers_added_at_neighbouring_lines_conflict_without_attribute() {
    let sandbox = repository("", &["m"], &[]);
    branch(&sandbox, "one", |sandbox| write(sandbox, "a"));
    branch(&sandbox, "two", |sandbox| write(sandbox, "b"));
    assert!(!merge(&sandbox));
    let message = format!("lines 1, 3 and 5 of `signatures.txt` are conflict markers\n{COMMAND}");
    assert_eq!(check(&sandbox), (1, message));
    compile(&sandbox, &[]);
    assert_eq!(check(&sandbox), (0, String::new()));
}

#[test]
fn check_names_driver_that_both_branches_edited() {
    let sandbox = repository(UNION, &["a", "b"], &[]);
    let (slots, jitter) = (
        ("max_in_flight = 20", "max_in_flight = 21"),
        ("jitter_percent = 100", "jitter_percent = 90"),
    );
    branch(&sandbox, "one", |sandbox| edit(sandbox, "a", slots));
    branch(&sandbox, "two", |sandbox| edit(sandbox, "a", jitter));
    assert!(merge(&sandbox));
    // Neither side compiled the contract that the merge made.
    let message = format!(
        "line 1 of `signatures.txt` is an outdated signature of driver `a`\n\
         line 2 of `signatures.txt` is an outdated signature of driver `a`\n{COMMAND}"
    );
    assert_eq!(check(&sandbox), (1, message));
    compile(&sandbox, &[]);
    assert_eq!(check(&sandbox), (0, String::new()));
}

#[test]
fn same_edit_on_both_branches_passes_check() {
    let sandbox = repository(UNION, &["a", "b"], &[]);
    let change = |sandbox: &Sandbox| {
        edit(sandbox, "a", ("max_in_flight = 20", "max_in_flight = 21"));
    };
    branch(&sandbox, "one", change);
    branch(&sandbox, "two", change);
    assert!(merge(&sandbox));
    assert_eq!(check(&sandbox), (0, String::new()));
}

#[test]
fn check_names_outdated_lines_after_merge_of_edit_and_removal() {
    let sandbox = repository(UNION, &["a", "b", "c"], &[]);
    branch(&sandbox, "one", |sandbox| {
        edit(sandbox, "a", ("max_in_flight = 20", "max_in_flight = 21"));
    });
    branch(&sandbox, "two", |sandbox| remove(sandbox, "b"));
    assert!(merge(&sandbox));
    let (code, message) = check(&sandbox);
    // The union has the old line of `a` from one side and the removed `b` from the other.
    assert_eq!(code, 1, "{}", sandbox.read(FILE));
    assert_eq!(
        message,
        format!(
            "line 2 of `signatures.txt` has driver `b`, which is not declared\n\
             line 3 of `signatures.txt` is an outdated signature of driver `a`\n{COMMAND}"
        )
    );
    compile(&sandbox, &[]);
    assert_eq!(check(&sandbox), (0, String::new()));
}

#[test]
fn sealed_documents_conflict_and_keep_their_seal() {
    let sandbox = repository("", &["m", "n", "o"], &["--seal"]);
    branch(&sandbox, "one", |sandbox| write(sandbox, "a"));
    branch(&sandbox, "two", |sandbox| write(sandbox, "nn"));
    assert!(!merge(&sandbox), "two digests conflict");
    let (code, message) = check(&sandbox);
    assert_eq!(code, 1);
    assert!(message.contains("are conflict markers\n"), "{message}");
    compile(&sandbox, &[]);
    assert!(sandbox.read(FILE).contains("\ndigest|v1|"));
    assert_eq!(check(&sandbox), (0, String::new()));
}

#[test]
fn sealed_document_with_union_fails_check() {
    let sandbox = repository("", &["m"], &["--seal"]);
    assert_eq!(check(&sandbox), (0, String::new()));
    let fault = "`signatures.txt` is sealed, but `.gitattributes` sets `merge=union`, which would \
                 combine two seals; remove `merge=union`, or delete `signatures.txt` and compile \
                 it without `--seal`\n";
    sandbox.write(".gitattributes", UNION);
    assert_eq!(check(&sandbox), (1, fault.to_owned()));
    let run = sandbox.run(&["compile", "-o", FILE]);
    assert_eq!((run.code, run.stderr), (0, format!("warning: {fault}")));
    sandbox.write(".gitattributes", "*.txt merge=union\nsignatures.txt merge=text\n");
    assert_eq!(check(&sandbox), (0, String::new()));
    // The attribute of a file without a seal does not matter.
    sandbox.write(".gitattributes", UNION);
    fs::remove_file(sandbox.path(FILE)).unwrap();
    compile(&sandbox, &[]);
    assert_eq!(check(&sandbox), (0, String::new()));
}

#[test]
fn gitattributes_of_subfolder_apply_to_its_files() {
    let sandbox = repository("", &["m"], &[]);
    sandbox.folder("out");
    sandbox.write("out/.gitattributes", UNION);
    let run = sandbox.run(&["compile", "--seal", "-o", "out/signatures.txt"]);
    assert!(run.stderr.starts_with("warning: `out/signatures.txt` is sealed, but "), "{run:?}");
    let run = sandbox.run_in("out", &["compile", "--check", FILE]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.starts_with("`signatures.txt` is sealed, but "), "{run:?}");
}

/// Checks out files as on Windows, where each line ends in CRLF.
#[test]
fn crlf_checkouts_merge_and_pass_check() {
    let sandbox = repository(&format!("* text=auto eol=crlf\n{UNION}"), &["m"], &[]);
    branch(&sandbox, "one", |sandbox| write(sandbox, "a"));
    branch(&sandbox, "two", |sandbox| write(sandbox, "b"));
    assert!(merge(&sandbox));
    for file in [FILE, "contracts/a.toml"] {
        fs::remove_file(sandbox.path(file)).unwrap();
        git(&sandbox, &["checkout", "--quiet", "--", file]);
        assert!(sandbox.read(file).contains("\r\n"));
    }
    assert_eq!(check(&sandbox), (0, String::new()));
    let appended = sandbox.read(FILE) + &driver_line(&sandbox, "m");
    sandbox.write(FILE, appended);
    let message =
        format!("lines 1, 2, 3, 4 and 5 of `signatures.txt` end in CRLF, others do not\n{COMMAND}");
    assert_eq!(check(&sandbox), (1, message));
}

/// The line of a driver, with the line end of Unix.
fn driver_line(sandbox: &Sandbox, name: &str) -> String {
    let document = fs::read_to_string(sandbox.path(Path::new(FILE))).unwrap();
    let start = format!("driver|v1|name={name}|");
    let line = document.lines().find(|line| line.starts_with(&start)).unwrap();
    format!("{line}\n")
}
