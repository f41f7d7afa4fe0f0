//! The `driverc` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    driverc::cli::run()
}
