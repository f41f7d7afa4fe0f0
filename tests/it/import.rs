//! Imports real and handwritten output of benchmark tools. The expected figures were computed by
//! hand or by another program.
mod benchmarks;
mod cuts;
mod figures;
mod laws;
mod printed;
mod tails;
mod traps;

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

/// The folder with one subfolder per tool.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/import")
}

/// Returns the exit code, standard output and standard error of `driverc import`.
fn import(arguments: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_driverc"));
    command.arg("import").args(arguments.split(' ')).current_dir(folder()).stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}
