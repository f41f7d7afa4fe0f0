//! The `driverc` command.

fn main() {}
