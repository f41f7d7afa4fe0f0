//! Tests standard output: pipes that close, and colours.

use std::{
    io::Read,
    process::{Command, Stdio},
};

use driverc::report::Format;

use super::sandbox::{Sandbox, driver, formats, misspelt};

/// Runs a command whose standard output is closed before anything reads from it. Returns the exit
/// code and standard error.
fn into_closed_pipe(mut command: Command) -> (Option<i32>, String) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    (child.wait().unwrap().code(), stderr)
}

#[test]
fn closed_pipe_causes_no_error_message() {
    let sandbox = Sandbox::project(&[]);
    for number in 0..300 {
        sandbox.write(&format!("contracts/d{number}.toml"), misspelt(&format!("d{number}")));
    }
    for format in formats() {
        let command = sandbox.command(&["check", "--output-format", format]);
        let (code, stderr) = into_closed_pipe(command);
        assert_eq!(code, Some(1), "{format}: {stderr}");
        let summary = stderr.lines().find(|line| !line.is_empty()).unwrap_or("");
        assert!(["", "found 300 errors in 300 files"].contains(&summary), "{stderr}");
    }
}

#[test]
fn every_command_exits_without_error_message_if_pipe_closes() {
    let sandbox = Sandbox::project(&[]);
    for number in 0..300 {
        sandbox.write(&format!("contracts/d{number}.toml"), driver(&format!("d{number}")));
    }
    let warnings = ["--show", "error"];
    for arguments in [
        &[&["compile"][..], &warnings].concat()[..],
        &[&["compile", "--emit", "json"][..], &warnings].concat(),
        &["matrix"],
        &["completions", "zsh"],
        &["man"],
        &["--help"],
        &["--version"],
    ] {
        let outcome = into_closed_pipe(sandbox.command(arguments));
        assert_eq!(outcome, (Some(0), String::new()), "{arguments:?}");
    }
}

/// Returns true if a check uses colours with these arguments and variables.
fn colored(arguments: &[&str], variables: &[(&str, &str)]) -> bool {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    let mut command = sandbox.command(&[&["check"], arguments].concat());
    let output = command.envs(variables.iter().copied()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let written = if arguments.contains(&"-o") {
        sandbox.read("findings.txt")
    } else {
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(written.contains("unknown-key"), "{written}");
    written.contains('\u{1b}')
}

#[test]
fn output_to_pipe_has_colour_only_on_request() {
    assert!(!colored(&[], &[]));
    assert!(!colored(&["--color", "auto"], &[]));
    assert!(!colored(&["--color", "never"], &[]));
    assert!(colored(&["--color", "always"], &[]));
}

#[test]
fn environment_variables_control_colour() {
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "0")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]));
}

#[test]
fn color_option_overrides_environment() {
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn output_file_has_colour_only_with_color_option() {
    assert!(!colored(&["-o", "findings.txt"], &[("CLICOLOR_FORCE", "1")]));
    assert!(colored(&["-o", "findings.txt", "--color", "always"], &[]));
}

#[test]
fn machine_formats_have_no_colour() {
    for format in formats().filter(|format| *format != Format::Full.label()) {
        assert!(!colored(&["--color", "always", "--output-format", format], &[]), "{format}");
    }
}
