//! Files and streams above the size limit.

use std::fs;

use super::sandbox::{Sandbox, driver, misspelt};

const TOO_LARGE: &str = "error[file-too-large";

/// A document of this many bytes without declarations.
fn of_size(bytes: usize) -> String {
    let text = "#".repeat(bytes);
    assert_eq!(text.len(), bytes);
    text
}

fn concise(sandbox: &Sandbox, arguments: &[&str]) -> (i32, Vec<String>) {
    let run = sandbox.run(&[&["check", "--output-format", "concise"], arguments].concat());
    (run.code, run.places().into_iter().map(str::to_owned).collect())
}

#[test]
fn file_above_size_limit_is_reported_and_other_files_are_checked() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &misspelt("a"))]);
    sandbox.write("contracts/b.toml", of_size(65_537));
    let run = sandbox.run(&["check", "--max-file-size", "64KiB", "contracts/b.toml"]);
    let expected = "\
error[file-too-large]: the file is larger than 64 KiB
   ╭─[contracts/b.toml:1:1]
 1 │
   · ▲
   ╰────
  help: split it, or allow more with `max_file_bytes` or `--max-file-size`
";
    assert_eq!((run.code, &*run.stdout), (1, expected));
    let (code, places) = concise(&sandbox, &["--max-file-size", "64KiB"]);
    let both =
        ["contracts/a.toml:10:1: error[unknown-key", "contracts/b.toml:1:1: error[file-too-large"];
    assert_eq!((code, places), (1, both.map(str::to_owned).to_vec()));
}

#[test]
fn file_at_size_limit_is_read() {
    let sandbox = Sandbox::project(&[]);
    fs::remove_file(sandbox.path("contracts/budgets.toml")).unwrap();
    sandbox.write("contracts/a.toml", of_size(1000));
    assert_eq!(concise(&sandbox, &["--max-file-size", "1000"]), (0, vec![]));
    let found = vec![format!("contracts/a.toml:1:1: {TOO_LARGE}")];
    assert_eq!(concise(&sandbox, &["--max-file-size", "999"]), (1, found.clone()));
    sandbox.write("driverc.toml", "max_file_bytes = 999\n");
    assert_eq!(concise(&sandbox, &[]), (1, found));
    assert_eq!(
        concise(&sandbox, &["--max-file-size", "1KiB"]),
        (0, vec![]),
        "the option takes precedence"
    );
    sandbox.write("driverc.toml", "max_file_bytes = 0\n");
    assert_eq!(
        concise(&sandbox, &[]),
        (2, vec!["driverc.toml:1:18: error[out-of-range".to_owned()])
    );
}

#[test]
fn default_limit_is_16_mib_and_larger_files_are_skipped() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    // The sparse file is larger than any memory.
    let file = fs::File::create(sandbox.path("contracts/b.toml")).unwrap();
    if file.set_len(1 << 42).is_err() {
        file.set_len(1 << 33).unwrap();
    }
    let found = vec![format!("contracts/b.toml:1:1: {TOO_LARGE}")];
    assert_eq!(concise(&sandbox, &[]), (1, found.clone()));
    file.set_len((16 << 20) + 1).unwrap();
    assert_eq!(concise(&sandbox, &[]), (1, found));
}

#[test]
fn skipped_large_file_causes_no_follow_up_findings() {
    let sandbox = Sandbox::project(&[("contracts/b.toml", &driver("b"))]);
    let waiver = "[[waiver]]\nrule = \"queue-zero\"\ndriver = \"b\"\nreason = \"x\"\nowner = \"y\"\n\
                  expires = 9999-12-31\n";
    sandbox.write("contracts/a.toml", waiver);
    let found = vec![format!("contracts/b.toml:1:1: {TOO_LARGE}")];
    assert_eq!(concise(&sandbox, &["--max-file-size", "800"]), (1, found));
}

#[test]
fn size_limit_applies_to_stdin() {
    let sandbox = Sandbox::project(&[]);
    let check = ["check", "--output-format", "concise", "--max-file-size", "64KiB", "-"];
    let run = sandbox.pipe(of_size(65_537), &check);
    assert_eq!((run.code, run.places()), (1, vec![&*format!("<stdin>:1:1: {TOO_LARGE}")]));
    let run = sandbox.pipe(of_size(65_536), &check);
    assert_eq!((run.code, &*run.stdout), (0, ""));
}

#[test]
fn fix_of_stdin_refuses_truncated_or_invalid_text() {
    let sandbox = Sandbox::project(&[]);
    let fix = ["check", "--fix", "--max-file-size", "1KiB", "-"];
    let refused = "error: cannot fix `<stdin>`: the file is larger than 1 KiB\n";
    let run = sandbox.pipe(of_size(1025), &fix);
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (2, "", refused));
    let run = sandbox.pipe(b"# caf\xe9\n", &fix);
    let refused = "error: cannot fix `<stdin>`: byte 0xE9 is not UTF-8\n";
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (2, "", refused));
}

#[test]
fn file_with_invalid_utf8_is_not_fixed() {
    let sandbox = Sandbox::project(&[]);
    let text = [b"# caf\xe9\n", misspelt("a").as_bytes()].concat();
    sandbox.write("contracts/a.toml", &text);
    let run = sandbox.run(&["check", "--fix", "--unsafe-fixes", "--output-format", "concise"]);
    assert_eq!((run.code, run.places().len()), (1, 2), "{run:?}");
    assert!(run.stderr.ends_with("nothing was fixed\n"), "{}", run.stderr);
    assert_eq!(fs::read(sandbox.path("contracts/a.toml")).unwrap(), text);
}

#[test]
fn size_limit_applies_to_configuration() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    sandbox.write("driverc.toml", of_size(2000));
    let run = sandbox.run(&["check", "--max-file-size", "1KiB"]);
    assert_eq!(run.code, 2);
    assert!(run.stdout.starts_with("error[file-too-large]: "), "{}", run.stdout);
    assert_eq!(run.stderr, "error: `driverc.toml` cannot be used\n");
}

#[cfg(target_os = "linux")]
#[test]
fn endless_stream_is_reported_as_too_large() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    let run = sandbox.run(&["check", "--output-format", "concise", "/dev/zero"]);
    assert_eq!((run.code, run.places().len()), (1, 1));
    assert!(run.stdout.contains(TOO_LARGE), "{}", run.stdout);
}

#[test]
fn invalid_size_is_refused() {
    let sandbox = Sandbox::project(&[]);
    for size in ["0", "4GiB", "10MB", "-1", ""] {
        let run = sandbox.run(&["check", &format!("--max-file-size={size}")]);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{size}");
        assert!(run.stderr.contains("--max-file-size"), "{}", run.stderr);
    }
}

#[test]
fn import_has_separate_size_limit() {
    let sandbox = Sandbox::project(&[]);
    let import = ["import", "vegeta", "--driver", "a", "--profile", "heavy_data"];
    let file = fs::File::create(sandbox.path("log.json")).unwrap();
    file.set_len((1 << 30) + 1).unwrap();
    sandbox
        .run(&[&import[..], &["log.json"]].concat())
        .assert_refused("`log.json` is larger than 1 GiB; allow more with `--max-file-size`");
    let small = [&import[..], &["--max-file-size", "64KiB"]].concat();
    let refused = "is larger than 64 KiB; allow more with `--max-file-size`";
    sandbox
        .pipe(of_size(65_537), &[&small[..], &["-"]].concat())
        .assert_refused(&format!("`<stdin>` {refused}"));
    let read = sandbox.pipe(of_size(65_536), &[&small[..], &["-"]].concat());
    assert!(read.stderr.starts_with("error: `<stdin>:1:1`: invalid JSON"), "{}", read.stderr);
    let folder = sandbox.run(&[&small[..], &["contracts"]].concat());
    assert!(folder.stderr.starts_with("error: cannot read `contracts`: "), "{}", folder.stderr);
}

#[test]
fn append_refuses_document_above_size_limit() {
    let sandbox = Sandbox::project(&[("contracts/measured.toml", &of_size(2000))]);
    let report = include_str!("../../import/vegeta/report.json");
    let append = |size| {
        let figures = ["--timeouts", "0", "--retries", "0", "--max-file-size", size];
        let import = ["import", "vegeta", "-", "--driver", "a", "--profile", "heavy_data"];
        let append = ["--append", "contracts/measured.toml"];
        sandbox.pipe(report, &[&import[..], &figures, &append].concat())
    };
    append("1999").assert_refused(
        "`contracts/measured.toml` is larger than 1999 bytes; allow more with `--max-file-size`",
    );
    assert_eq!(sandbox.read("contracts/measured.toml"), of_size(2000));
    assert_eq!(append("2000").code, 0);
}

#[test]
fn size_limit_applies_to_compared_file() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    let artefact = sandbox.run(&["compile", "-o", "same.txt"]);
    assert_eq!(artefact.code, 0);
    // There is room for a seal.
    let length = 2 * sandbox.read("same.txt").len() + 128;
    let check = |file| sandbox.run(&["compile", "--max-file-size", "2000", "--check", file]);
    assert_eq!(check("same.txt").code, 0);
    sandbox.write("long.txt", of_size(length + 2000));
    assert_eq!(check("long.txt").code, 1);
    sandbox.write("long.txt", of_size(length + 2001));
    let most = length + 2000;
    check("long.txt").assert_refused(&format!(
        "`long.txt` is larger than {most} bytes; allow more with `--max-file-size`"
    ));
    assert_eq!(sandbox.run(&["schema", "-o", "schema"]).code, 0);
    let file = fs::File::create(sandbox.path("schema/contracts.schema.json")).unwrap();
    file.set_len(1 << 33).unwrap();
    let run = sandbox.run(&["schema", "--check", "schema"]);
    let message = "`schema/contracts.schema.json` is not up to date; write it with \
                   `driverc schema -o schema`\n";
    assert_eq!((run.code, &*run.stderr), (1, message));
}

#[cfg(target_os = "linux")]
#[test]
fn every_command_stops_at_size_limit_of_endless_stream() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("a"))]);
    let size = ["--max-file-size", "1MiB"];
    for (arguments, most) in [
        (&["import", "k6", "/dev/zero", "--driver", "a", "--profile", "heavy_data"][..], "1 MiB"),
        (&["budget", "--signatures", "/dev/zero"], "1 MiB"),
        (&["compile", "--check", "/dev/zero"], "bytes"),
    ] {
        let run = sandbox.run(&[arguments, &size].concat());
        assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
        assert!(run.stderr.starts_with("error: `/dev/zero` is larger than "), "{}", run.stderr);
        assert!(run.stderr.contains(most), "{}", run.stderr);
    }
}

#[test]
fn file_with_too_many_findings_is_not_fixed() {
    let sandbox = Sandbox::project(&[("contracts/b.toml", &misspelt("b"))]);
    let numbers = "1,".repeat(100_001);
    let text = misspelt("a").replace("capabilities = [", &format!("capabilities = [{numbers}"));
    sandbox.write("contracts/a.toml", &text);
    let fix = ["check", "--fix", "--unsafe-fixes", "--output-format", "concise"];
    let run = sandbox.run(&[&fix[..], &["--max-diagnostics", "1"]].concat());
    assert_eq!(run.code, 1);
    let first = "contracts/a.toml:1:1: error[too-many-findings]: the file has more than 100000 \
                 findings; driverc drops the others (";
    assert!(run.stdout.starts_with(first), "{}", run.stdout.lines().next().unwrap());
    let message = "found 100001 errors in 1 file\n100000 findings are not shown; to see all, add \
                   `--max-diagnostics none`\nfixed 1 finding in 1 file\n";
    assert_eq!(run.stderr, message);
    assert_eq!(sandbox.read("contracts/a.toml"), text);
    assert_eq!(sandbox.read("contracts/b.toml"), driver("b"));
    sandbox.pipe(&text, &["check", "--fix", "-"]).assert_refused(
        "cannot fix `<stdin>`: the file has more than 100000 findings; driverc drops the others",
    );
}
