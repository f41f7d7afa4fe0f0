//! File names with terminal escape sequences, and file names that are not UTF-8.
#![cfg(unix)]

use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt};

use super::sandbox::{Sandbox, driver, misspelt, skipped};

/// A line end, an escape sequence and a right-to-left override.
const NAME: &str = "a\nb\u{1b}[31m\u{202e}";
const SHOWN: &str = r"a\nb\u{1b}[31m\u{202e}";

/// Returns true if a terminal would not interpret any character of a text.
fn harmless(text: &str) -> bool {
    !text.contains(['\u{1b}', '\u{202e}', '\r']) && !text.contains("a\nb")
}

#[test]
fn hostile_file_name_is_escaped_in_findings() {
    let path = format!("contracts/{NAME}.toml");
    let sandbox = Sandbox::project(&[(&path, &misspelt("a"))]);
    for arguments in [&["check"][..], &["check", &path]] {
        let run = sandbox.run(arguments);
        assert!(run.stdout.contains(&format!("[contracts/{SHOWN}.toml:10:1]")), "{}", run.stdout);
        assert!(harmless(&run.stdout) && harmless(&run.stderr));
    }
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    assert_eq!(run.places(), [format!("contracts/{SHOWN}.toml:10:1: error[unknown-key")]);
    let json = sandbox.run(&["check", "--output-format", "json"]).stdout;
    assert!(harmless(&json));
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["findings"][0]["place"]["path"], path);
}

#[test]
fn hostile_file_name_is_escaped_in_errors() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    sandbox.folder(NAME);
    for arguments in [
        &["check", "nowhere\n\u{1b}[2J"][..],
        &["check", NAME],
        &["compile", "--check", &format!("{NAME}.txt")],
        &["compile", "--check", NAME],
        &["compile", "-o", &format!("{NAME}/no/such")],
        &["matrix", "-o", NAME],
        &["init", NAME],
        &["init", NAME],
    ] {
        let run = sandbox.run(arguments);
        let escaped = [SHOWN, r"nowhere\n\u{1b}[2J"].iter().any(|name| run.stderr.contains(name));
        assert!(escaped && harmless(&run.stderr), "{arguments:?}: {:?}", run.stderr);
        assert!(harmless(&run.stdout));
    }
    assert_eq!(sandbox.names(NAME), [".gitattributes", "contracts", "driverc.toml"]);
}

#[test]
fn compile_check_prints_no_text_of_unrelated_file() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    sandbox.write(NAME, "\u{1b}[2J\u{202e}\n");
    let run = sandbox.run(&["compile", "--check", NAME]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with(&format!("--- {SHOWN}\n+++ compiled\n")), "{}", run.stdout);
    assert!(!run.stdout.contains("[2J"), "{}", run.stdout);
    let message = format!("line 1 of `{SHOWN}` is not a signature\n");
    assert!(run.stderr.starts_with(&message), "{}", run.stderr);
    assert!(harmless(&run.stdout) && harmless(&run.stderr));
}

#[test]
fn compiled_json_escapes_and_preserves_hostile_text() {
    let guide = "https://example.org/\u{202e}\u{200b}";
    let contract =
        driver("a").replace("tuning_guide = \"\"", &format!("tuning_guide = \"{guide}\""));
    let sandbox = Sandbox::project(&[("contracts/a.toml", &contract)]);
    let run = sandbox.run(&["compile", "--emit", "json"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains(r"/\u202e\u200b"), "{}", run.stdout);
    assert!(harmless(&run.stdout));
    let compiled: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(compiled["drivers"][0]["contract"]["tuning_guide"], guide);
    assert!(sandbox.run(&["compile"]).stdout.is_ascii());
}

#[test]
fn file_with_non_utf8_name_is_read() {
    let sandbox = Sandbox::project(&[]);
    let name = OsStr::from_bytes(b"\xff\xfe.toml");
    let path = sandbox.path("contracts").join(name);
    if fs::write(&path, misspelt("a")).is_err() {
        return skipped("the system has no such names");
    }
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    assert_eq!(run.places(), ["contracts/\u{fffd}\u{fffd}.toml:10:1: error[unknown-key"]);
    let output = sandbox.command(&["check"]).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    fs::remove_file(&path).unwrap();
    let output = sandbox.command(&["check"]).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("contracts/\u{fffd}\u{fffd}.toml"));
}

#[test]
fn file_name_with_spaces_and_quotes_is_printed_unchanged() {
    let sandbox = Sandbox::project(&[("contracts/it's \"a\" file.toml", &misspelt("a"))]);
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    assert_eq!(run.places(), ["contracts/it's \"a\" file.toml:10:1: error[unknown-key"]);
}
