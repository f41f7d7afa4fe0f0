//! Tests `driverc schema`.

use std::fs;

use super::sandbox::Sandbox;

const FILES: [&str; 2] = ["contracts.schema.json", "driverc.schema.json"];

#[test]
fn printed_schemas_match_written_files() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["schema", "-o", "schemas"]);
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""));
    let commands = [&["schema"][..], &["schema", "configuration"]];
    for (command, file) in commands.into_iter().zip(FILES) {
        let printed = sandbox.run(command);
        assert_eq!((printed.code, &*printed.stderr), (0, ""));
        assert_eq!(printed.stdout, sandbox.read(&format!("schemas/{file}")));
    }
    assert_eq!(sandbox.run(&["schema", "contracts"]), sandbox.run(&["schema"]));
}

#[test]
fn check_names_stale_and_missing_schemas() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run(&["schema", "-o", "."]).code, 0);
    let check = || sandbox.run(&["schema", "--check", "."]);
    assert_eq!((check().code, check().stdout, check().stderr), (0, String::new(), String::new()));
    sandbox.write(FILES[0], "{}\n");
    fs::remove_file(sandbox.path(FILES[1])).unwrap();
    let run = check();
    assert_eq!((run.code, &*run.stdout), (1, ""));
    assert_eq!(
        run.stderr,
        "`./contracts.schema.json` is not up to date; write it with `driverc schema -o .`\n\
         `./driverc.schema.json` does not exist; write it with `driverc schema -o .`\n"
    );
}

#[test]
fn checkout_with_crlf_is_up_to_date() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run(&["schema", "-o", "."]).code, 0);
    let check = || sandbox.run(&["schema", "--check", "."]).code;
    for file in FILES {
        let schema = sandbox.read(file);
        sandbox.write(file, schema.replace('\n', "\r\n"));
        assert_eq!(check(), 0, "{file}");
        sandbox.write(file, schema.replacen('\n', "\r\n", 1));
        assert_eq!(check(), 1, "{file} with mixed line ends");
        sandbox.write(file, schema.replace('\n', "\r"));
        assert_eq!(check(), 1, "{file} without LF");
        sandbox.write(file, schema);
    }
}

#[test]
fn conflicting_arguments_are_refused() {
    for arguments in [
        &["schema", "configuration", "-o", "."][..],
        &["schema", "configuration", "--check", "."],
        &["schema", "-o", ".", "--check", "."],
        &["schema", "rules"],
    ] {
        let run = Sandbox::new().run(arguments);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{arguments:?}");
    }
}
