//! Files of all kinds (empty, with a byte order mark, links, folders), and files that driverc
//! writes.

use super::sandbox::{EXAMPLE, Sandbox, driver, formats, misspelt, skipped, stubborn};

#[test]
fn empty_file_is_clean_and_adds_no_signatures() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    let compiled = sandbox.run(&["compile"]).stdout;
    sandbox.write("contracts/empty.toml", "");
    sandbox.run(&["check"]).assert_clean();
    sandbox.run(&["check", "contracts/empty.toml"]).assert_clean();
    assert_eq!(sandbox.run(&["compile"]).stdout, compiled);
}

#[test]
fn byte_order_mark_and_crlf_do_not_change_signatures() {
    let sandbox = Sandbox::repository(&[("contracts/a.toml", EXAMPLE)]);
    let compiled = sandbox.run(&["compile"]);
    assert_eq!(compiled.code, 0);
    for text in [format!("\u{feff}{EXAMPLE}"), EXAMPLE.replace('\n', "\r\n")] {
        sandbox.write("contracts/a.toml", text);
        sandbox.run(&["check"]).assert_clean();
        assert_eq!(sandbox.run(&["compile"]), compiled);
    }
}

#[test]
fn byte_order_mark_and_crlf_do_not_change_positions() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    let plain = sandbox.run(&["check"]);
    sandbox.write("contracts/a.toml", format!("\u{feff}{}", misspelt("a").replace('\n', "\r\n")));
    assert_eq!(sandbox.run(&["check"]), plain);
}

#[test]
fn file_with_invalid_utf8_is_reported() {
    let sandbox = Sandbox::project(&[]);
    sandbox.write("contracts/a.toml", b"# caf\xe9\n");
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    assert_eq!(run.places(), ["contracts/a.toml:1:6: error[invalid-utf8"]);
}

#[test]
fn folder_with_toml_suffix_is_walked() {
    let sandbox = Sandbox::project(&[("contracts/x.toml/a.toml", &misspelt("a"))]);
    let run = sandbox.run(&["check", "--output-format", "concise"]);
    assert_eq!(run.places(), ["contracts/x.toml/a.toml:10:1: error[unknown-key"]);
    assert_eq!(run.code, 1);
}

#[test]
fn output_option_writes_findings_to_file() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    for format in formats() {
        let shown = sandbox.run(&["check", "--output-format", format]);
        let run = sandbox.run(&["check", "--output-format", format, "-o", "findings.txt"]);
        assert_eq!((run.code, &*run.stdout), (1, ""));
        assert_eq!(run.stderr, shown.stderr.trim_start(), "{format}");
        assert_eq!(sandbox.read("findings.txt"), shown.stdout, "{format}");
    }
}

#[test]
fn output_file_is_replaced_completely() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    sandbox.write("out/signatures.txt", "a longer text than before\n".repeat(1000));
    let run = sandbox.run(&["compile", "-o", "out/signatures.txt"]);
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""));
    assert_eq!(sandbox.read("out/signatures.txt"), sandbox.run(&["compile"]).stdout);
    assert_eq!(sandbox.names("out"), ["signatures.txt"], "no temporary file is left");
}

#[test]
fn unwritable_output_file_is_reported() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    for path in ["no/such/folder.txt", "contracts"] {
        for command in ["check", "compile", "matrix"] {
            let run = sandbox.run(&[command, "-o", path]);
            assert_eq!((run.code, &*run.stdout), (2, ""), "{command} {path}");
            let start = format!("error: cannot write `{path}`: ");
            assert!(run.stderr.starts_with(&start), "{}", run.stderr);
            assert_eq!(run.stderr.lines().count(), 1);
            assert!(!run.stderr.contains(".driverc-"), "{}", run.stderr);
        }
    }
    assert_eq!(sandbox.names("contracts"), ["a.toml", "budgets.toml"]);
}

#[cfg(unix)]
mod unix {
    use std::{fs, os::unix::fs::PermissionsExt, os::unix::fs::symlink};

    use super::*;

    #[test]
    fn file_links_are_read_and_folder_links_are_skipped() {
        let sandbox = Sandbox::project(&[("real/a.toml", &misspelt("a"))]);
        symlink("../real/a.toml", sandbox.path("contracts/linked.toml")).unwrap();
        symlink("../real", sandbox.path("contracts/folder")).unwrap();
        symlink("../real", sandbox.path("contracts/folder.toml")).unwrap();
        let run = sandbox.run(&["check", "--output-format", "concise"]);
        assert_eq!(run.places(), ["contracts/linked.toml:10:1: error[unknown-key"]);
        assert_eq!((run.code, &*run.stderr), (1, "found 1 error in 1 file\n"));
    }

    #[test]
    fn circular_links_do_not_loop_forever() {
        let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
        symlink(".", sandbox.path("contracts/self")).unwrap();
        symlink("../..", sandbox.path("contracts/up")).unwrap();
        sandbox.run(&["check"]).assert_clean();
        symlink("loop.toml", sandbox.path("contracts/loop.toml")).unwrap();
        let run = sandbox.run(&["check"]);
        assert_eq!((run.code, &*run.stdout), (2, ""));
        assert!(
            run.stderr.contains("error: cannot read `contracts/loop.toml`: "),
            "{}",
            run.stderr
        );
    }

    #[test]
    fn dangling_link_is_read_error() {
        let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
        symlink("nowhere", sandbox.path("contracts/gone.toml")).unwrap();
        let run = sandbox.run(&["check", "--output-format", "concise"]);
        assert_eq!(run.code, 2);
        assert_eq!(run.places(), ["contracts/a.toml:10:1: error[unknown-key"]);
        assert!(
            run.stderr.contains("error: cannot read `contracts/gone.toml`: "),
            "{}",
            run.stderr
        );
        let compiled = sandbox.run(&["compile", "contracts/a.toml"]);
        assert_eq!(compiled.code, 2);
    }

    #[test]
    fn fifo_in_folder_is_skipped() {
        let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
        let pipe = sandbox.path("contracts/pipe.toml");
        let made = std::process::Command::new("mkfifo").arg(pipe).status();
        if made.is_ok_and(|status| status.success()) {
            sandbox.run(&["check"]).assert_clean();
        }
    }

    #[test]
    fn output_to_device_does_not_replace_device() {
        let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
        let run = sandbox.run(&["compile", "-o", "/dev/stdout"]);
        assert_eq!((run.code, &*run.stderr), (0, ""));
        assert_eq!(run.stdout, sandbox.run(&["compile"]).stdout);
    }

    #[test]
    fn output_replaces_link_and_preserves_file_permissions() {
        let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
        sandbox.write("out/signatures.txt", "before");
        let target = sandbox.path("out/signatures.txt");
        let mode = |path: &str| {
            let metadata = fs::symlink_metadata(sandbox.path(path)).unwrap();
            metadata.permissions().mode() & 0o7777
        };
        fs::set_permissions(&target, PermissionsExt::from_mode(0o4755)).unwrap();
        symlink("out/signatures.txt", sandbox.path("link.txt")).unwrap();
        assert_eq!(sandbox.run(&["compile", "-o", "link.txt"]).code, 0);
        assert!(!sandbox.path("link.txt").is_symlink());
        assert!(sandbox.read("link.txt").starts_with("driver|v1|name=a|"));
        assert_eq!(mode("link.txt") & 0o111, 0, "the report is not executable");
        assert_eq!(
            (sandbox.read("out/signatures.txt"), mode("out/signatures.txt")),
            ("before".into(), 0o4755)
        );
        assert_eq!(sandbox.run(&["compile", "-o", "out/signatures.txt"]).code, 0);
        assert_eq!(mode("out/signatures.txt"), 0o755);
    }

    #[test]
    fn full_disk_is_reported() {
        let sandbox = Sandbox::project(&[("contracts/a.toml", &stubborn("a"))]);
        let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else {
            return skipped("no /dev/full");
        };
        let output = sandbox.command(&["compile"]).stdout(full).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr.starts_with("error: cannot write to standard output: "), "{stderr}");
    }
}
