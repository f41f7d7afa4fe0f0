//! Compares the output of the binary for `contracts/` with snapshots. Every snapshot must have a
//! test.
use std::{fs, path::PathBuf, process::Command};

use crate::common::files::{files_in, root};

/// Runs a command and returns its standard output.
fn written(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_driverc"));
    let output = command.args(arguments).current_dir(root()).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), &*stderr), (Some(0), ""), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn artefacts_of_built_in_set_match_snapshots() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, arguments) in [
            ("signatures.txt", &["compile", "contracts"][..]),
            ("signatures-sealed.txt", &["compile", "contracts", "--seal"]),
            ("signatures.json", &["compile", "contracts", "--emit", "json"]),
            ("matrix.txt", &["matrix", "contracts"]),
            ("matrix.md", &["matrix", "contracts", "--output-format", "markdown"]),
        ] {
            insta::assert_snapshot!(name, written(arguments));
        }
    });
}

#[test]
fn built_in_set_gives_same_output_as_contracts_folder() {
    for arguments in [
        &["compile"][..],
        &["compile", "--seal"],
        &["compile", "--emit", "json"],
        &["matrix"],
        &["matrix", "--output-format", "markdown"],
        &["matrix", "--output-format", "json"],
    ] {
        let of = |input| written(&[arguments, &[input]].concat());
        assert_eq!(of("contracts"), of("builtin:"), "{arguments:?}");
    }
}

#[test]
fn library_and_binary_compile_same_signatures() {
    let workspace = driverc::builtin::workspace();
    let document = driverc::signature_document(workspace.drivers(), workspace.budgets());
    assert_eq!(document, written(&["compile", "builtin:"]));
    let sealed = driverc::sealed_signature_document(workspace.drivers(), workspace.budgets());
    assert_eq!(sealed, written(&["compile", "builtin:", "--seal"]));
    let drivers = driverc::supported_drivers();
    assert_eq!(document.lines().next(), Some(&*driverc::driver_signature(&drivers[0])));
}

/// A snapshot without a test would look like a guarantee.
#[test]
fn every_snapshot_is_named_in_tests() {
    let tests: String = files_in("tests", "rs").iter().map(read).collect();
    let entries = fs::read_dir(root().join("snapshots")).unwrap();
    for entry in entries.map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let reference = if entry.path().is_dir() {
            format!("snapshots/{name}\"")
        } else {
            format!("\"{}\"", name.strip_suffix(".snap").unwrap_or(&name))
        };
        assert!(tests.contains(&reference), "no test names `snapshots/{name}`: delete it");
    }
}

#[test]
fn no_snapshot_is_pending() {
    assert_eq!(files_in("snapshots", "new"), Vec::<PathBuf>::new());
}

fn read(path: &PathBuf) -> String {
    fs::read_to_string(path).unwrap()
}
