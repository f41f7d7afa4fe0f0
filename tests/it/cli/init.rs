//! Tests `driverc init`: a project without findings, and no file overwritten.

use super::sandbox::{EXAMPLE, Sandbox, budgets, driver};

#[test]
fn init_writes_project_without_findings() {
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
fn second_init_overwrites_nothing() {
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
fn init_writes_no_example_if_contracts_exist() {
    let sandbox = Sandbox::new();
    sandbox.write("contracts/fleet.toml", driver("mine") + budgets());
    let run = sandbox.run(&["init"]);
    assert_eq!(run.stderr, "wrote `driverc.toml`\nkept `contracts`, which has documents\n");
    assert_eq!(sandbox.names("contracts"), ["fleet.toml"]);
    sandbox.run(&["check"]).assert_clean();
}

#[test]
fn init_creates_named_folder() {
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
fn error_names_folder_that_init_cannot_create() {
    let sandbox = Sandbox::new();
    sandbox.write("file", "");
    let run = sandbox.run(&["init", "file"]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    assert!(run.stderr.starts_with("error: cannot write `file`: "), "{}", run.stderr);
}

#[test]
fn init_in_repository_offers_union_merge() {
    let sandbox = Sandbox::repository(&[]);
    let run = sandbox.run(&["init"]);
    assert!(run.stderr.contains("wrote `.gitattributes`\n"), "{}", run.stderr);
    assert_eq!(sandbox.read(".gitattributes"), "signatures.txt merge=union\n");
    // It says nothing twice.
    let run = sandbox.run(&["init"]);
    assert!(!run.stderr.contains(".gitattributes"), "{}", run.stderr);
    sandbox.write(".gitattributes", "*.png binary\n");
    let run = sandbox.run(&["init"]);
    let offer = "add `signatures.txt merge=union` to `.gitattributes`, so that branches that add \
                 drivers merge\n";
    assert!(run.stderr.ends_with(offer), "{}", run.stderr);
    assert_eq!(sandbox.read(".gitattributes"), "*.png binary\n");
    // Two seals must not be combined.
    sandbox.run(&["compile", "--seal", "-o", "signatures.txt"]);
    let run = sandbox.run(&["init"]);
    assert!(!run.stderr.contains(".gitattributes"), "{}", run.stderr);
}
