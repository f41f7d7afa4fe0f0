//! `driverc init`: a clean start that overwrites nothing.

use super::sandbox::{EXAMPLE, Sandbox, budgets, driver};

#[test]
fn what_is_written_is_clean_at_every_level() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["init"]);
    assert_eq!((run.code, &*run.stdout), (0, ""));
    assert_eq!(
        run.stderr,
        "wrote `driverc.toml`\nwrote `contracts/example.toml`\n\
         next: edit `contracts/example.toml`, then run `driverc check`\n"
    );
    assert_eq!(sandbox.names("."), ["contracts", "driverc.toml"]);
    assert_eq!(sandbox.read("contracts/example.toml"), EXAMPLE);
    sandbox.run(&["check", "--show", "info", "--fail-on", "info"]).assert_clean();
    assert_eq!(sandbox.run(&["compile"]).code, 0);
}

#[test]
fn a_second_run_keeps_every_byte() {
    let sandbox = Sandbox::new();
    sandbox.run(&["init"]);
    sandbox.write("driverc.toml", "# mine\r\n");
    sandbox.write("contracts/example.toml", driver("mine") + budgets());
    let run = sandbox.run(&["init"]);
    assert_eq!((run.code, &*run.stdout), (0, ""));
    assert_eq!(
        run.stderr,
        "kept `driverc.toml`, which exists\nkept `contracts`, which has documents\n"
    );
    assert_eq!(sandbox.read("driverc.toml"), "# mine\r\n");
    assert_eq!(sandbox.read("contracts/example.toml"), driver("mine") + budgets());
    assert_eq!(sandbox.names("contracts"), ["example.toml"]);
}

#[test]
fn beside_contracts_no_example_is_written() {
    let sandbox = Sandbox::new();
    sandbox.write("contracts/fleet.toml", driver("mine") + budgets());
    let run = sandbox.run(&["init"]);
    assert_eq!(run.stderr, "wrote `driverc.toml`\nkept `contracts`, which has documents\n");
    assert_eq!(sandbox.names("contracts"), ["fleet.toml"]);
    sandbox.run(&["check"]).assert_clean();
}

#[test]
fn a_named_folder_is_made() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["init", "./new/fleet/"]);
    assert_eq!(
        run.stderr,
        "wrote `new/fleet/driverc.toml`\nwrote `new/fleet/contracts/example.toml`\n\
         next: edit `new/fleet/contracts/example.toml`, then run `driverc check` in `new/fleet`\n"
    );
    sandbox.run_in("new/fleet", &["check"]).assert_clean();
    assert_eq!(sandbox.names("new/fleet"), ["contracts", "driverc.toml"]);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("file", "");
    let run = sandbox.run(&["init", "file"]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    assert!(run.stderr.starts_with("error: cannot write `file`: "), "{}", run.stderr);
}
