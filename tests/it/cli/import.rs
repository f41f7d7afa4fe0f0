//! Tests the input and output options of `driverc import`.

use driverc::{import::Tool, model::Vocabulary};

use super::sandbox::{EXAMPLE, Sandbox, driver};

const HISTOGRAM: &str = include_str!("../../import/hgrm/wrk2.txt");
const OF_EXAMPLE: &[&str] = &["--driver", "example", "--profile", "heavy_data", "--retries", "0"];
const BENCHMARK: &str = r#"[[benchmark]]
driver = "example"
profile = "heavy_data"
p50_latency_ms = 20
p95_latency_ms = 37
timeout_rate_bps = 0
retry_rate_bps = 0
throughput_ops_per_sec = 48
attempts = 1463
requests = 976
p95_upper_latency_ms = 37
failure_rate_bps = 0
duration_ms = 30010
loop = "open"
source = "wrk2, sha256:8f60c706c6374f99"
"#;

/// The arguments `import hgrm wrk2.txt …` for the example, followed by `more`.
fn arguments<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["import", "hgrm", "wrk2.txt"], OF_EXAMPLE, more].concat()
}

fn project() -> Sandbox {
    Sandbox::repository(&[
        ("driverc.toml", ""),
        ("wrk2.txt", HISTOGRAM),
        ("contracts/example.toml", EXAMPLE),
    ])
}

#[test]
fn import_reads_stdin_like_file() {
    let sandbox = project();
    let run = sandbox.run(&arguments(&[]));
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, BENCHMARK, ""));
    let piped = sandbox.pipe(HISTOGRAM, &[&["import", "hgrm", "-"], OF_EXAMPLE].concat());
    assert_eq!(piped, run);
    let run = sandbox.pipe("", &[&["import", "hgrm", "-"], OF_EXAMPLE].concat());
    run.assert_refused("`<stdin>`: there is no header with `1/(1-Percentile)`");
    let missing = sandbox.run(&[&["import", "hgrm", "wrk.txt"], OF_EXAMPLE].concat());
    missing.assert_refused("cannot read `wrk.txt`: No such file or directory (os error 2)");
}

#[test]
fn append_preserves_existing_bytes() {
    let sandbox = project();
    let crlf = BENCHMARK.replace('\n', "\r\n");
    for (before, separator, table) in [
        ("# none\n", "\n", BENCHMARK),
        ("# none", "\n\n", BENCHMARK),
        ("\n\n", "", BENCHMARK),
        ("\u{feff}# a mark\n[[benchmark]] # incomplete\n\n", "", BENCHMARK),
        ("# dos\r\n[budget.heavy_data]\r\n", "\r\n", &crlf),
        ("# dos\r\n#", "\r\n\r\n", &crlf),
    ] {
        sandbox.write("contracts/measured.toml", before);
        let run = sandbox.run(&arguments(&["--append", "contracts/measured.toml"]));
        let message = "added a benchmark of `example` to `contracts/measured.toml`\n";
        assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", message));
        assert_eq!(sandbox.read("contracts/measured.toml"), format!("{before}{separator}{table}"));
    }
    assert_eq!(sandbox.names("contracts"), ["example.toml", "measured.toml"]);
}

#[test]
fn append_creates_valid_document() {
    let sandbox = project();
    // The file records 48.76 requests per second.
    let modest =
        EXAMPLE.replace("min_throughput_ops_per_sec = 400", "min_throughput_ops_per_sec = 40");
    sandbox.write("contracts/example.toml", modest);
    let append = arguments(&["--append", "contracts/measured.toml", "--contract", "current"]);
    assert_eq!(sandbox.run(&append).code, 0);
    let text = sandbox.read("contracts/measured.toml");
    assert!(text.starts_with(BENCHMARK) && text.lines().count() == 16, "{text}");
    let workload = arguments(&["--as", "workload", "--append", "contracts/measured.toml"]);
    let workload: Vec<_> =
        workload.into_iter().filter(|word| !["--retries", "0"].contains(word)).collect();
    assert_eq!(sandbox.run(&workload).code, 0);
    sandbox.run(&["check"]).assert_clean();
    // A second table for the same scope is invalid TOML.
    let before = sandbox.read("contracts/measured.toml");
    let run = sandbox.run(&workload);
    // A blank line, four lines of notes, and the header.
    let line = before.lines().count() + 6;
    run.assert_refused(&format!(
        "the table does not fit into `contracts/measured.toml`: \
         line {line}: `workload.heavy_data.driver.example` is declared twice"
    ));
    assert_eq!(sandbox.read("contracts/measured.toml"), before);
}

#[test]
fn equal_benchmark_is_appended_once() {
    let sandbox = project();
    let append = arguments(&["--append", "contracts/measured.toml"]);
    assert_eq!(sandbox.run(&append).code, 0);
    sandbox.run(&append).assert_refused(
        "`contracts/measured.toml` already has this benchmark of `example`, with the same figures \
         and the same source; nothing was added",
    );
    assert_eq!(sandbox.read("contracts/measured.toml"), BENCHMARK);
    // The same benchmark among other tables, with comments and CRLF line endings.
    let text = format!("# first\n{}\n[[benchmark]]\n", BENCHMARK.replace("= 48", "= 48 # low"));
    sandbox.write("contracts/measured.toml", text.replace('\n', "\r\n"));
    assert_eq!(sandbox.run(&append).code, 2);
    // Other figures, or another day for the same file, are added with a warning.
    let dated = [&append[..], &["--measured-on", "2026-10-31"]].concat();
    let run = sandbox.run(&dated);
    let warning = "warning: `contracts/measured.toml` has another benchmark from the same file; \
                   remove one of the two\n";
    assert!(run.code == 0 && run.stderr.ends_with(warning), "{run:?}");
    assert_eq!(sandbox.run(&dated).code, 2);
}

#[test]
fn undeclared_driver_gives_warning() {
    let sandbox = project();
    let of = |driver: &'static str, file: &'static str| {
        let mut words = arguments(&["--append", file]);
        let place = words.iter().position(|word| *word == "example").unwrap();
        words[place] = driver;
        let run = sandbox.run(&words);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stderr.lines().nth(1).unwrap_or_default().to_owned()
    };
    let warning = "warning: no document of the workspace declares the driver";
    let near = format!("{warning} `exampel`; did you mean `example`?");
    assert_eq!(of("exampel", "contracts/measured.toml"), near);
    let far = format!("{warning} `cache`; add `[driver.cache]`");
    assert_eq!(of("cache", "contracts/measured.toml"), far);
    assert_eq!(of("example", "contracts/measured.toml"), "");
    // A document outside the folders of the project still belongs to its workspace.
    assert_eq!(of("example", "measured.toml"), "");
    // A driver that cannot be read is still declared.
    sandbox.write("contracts/broken.toml", "[driver.broken]\nmax_in_flight = 1\n");
    assert_eq!(of("broken", "contracts/measured.toml"), "");
    assert_eq!(
        of("later", "contracts/measured.toml"),
        format!("{warning} `later`; add `[driver.later]`")
    );
}

#[test]
fn append_leaves_invalid_toml_unchanged() {
    let sandbox = project();
    for (before, message) in [
        ("[driver", "`m.toml` is not valid TOML: line 1: a header is not closed"),
        ("a = 1\n\n[[", "`m.toml` is not valid TOML: line 3: a key is missing"),
        ("benchmark = []\n", "fit into `m.toml`: line 3: `benchmark` is declared twice"),
    ] {
        sandbox.write("m.toml", before);
        let run = sandbox.run(&arguments(&["--append", "m.toml"]));
        assert!(run.code == 2 && run.stderr.contains(message), "{}", run.stderr);
        assert_eq!(sandbox.read("m.toml"), before);
    }
    sandbox.write("m.toml", [0xff, b'\n']);
    assert_eq!(sandbox.run(&arguments(&["--append", "m.toml"])).code, 2);
    let run = sandbox.run(&arguments(&["--append", "nowhere/m.toml"]));
    run.assert_refused("cannot write `nowhere/m.toml`: No such file or directory (os error 2)");
    assert!(!sandbox.exists("nowhere"));
    // If the import fails, no file remains.
    sandbox.write("wrk2.txt", "");
    assert_eq!(sandbox.run(&arguments(&["--append", "new.toml"])).code, 2);
    assert!(!sandbox.exists("new.toml"));
}

#[test]
fn append_refuses_path_that_is_not_document() {
    let sandbox = project();
    sandbox.folder("folder");
    for (path, message) in [
        ("-", "`--append -` names no document; leave it out to write to standard output"),
        ("folder", "cannot append to `folder`: it is a folder; name a document"),
    ] {
        let append = ["--append", path];
        let run = [&["import", "hgrm", "missing.txt"], OF_EXAMPLE, &append].concat();
        sandbox.run(&run).assert_refused(message);
    }
    assert!(!sandbox.exists("-"));
}

#[cfg(unix)]
#[test]
fn append_refuses_devices_pipes_and_dangling_links() {
    let sandbox = project();
    let made = std::process::Command::new("mkfifo").arg(sandbox.path("pipe")).status().unwrap();
    assert!(made.success());
    std::os::unix::fs::symlink("new.toml", sandbox.path("link.toml")).unwrap();
    let no_file = "it is a pipe or a device; name a document";
    for (path, message) in [
        // Devices and pipes that would never end, or that no process writes to.
        ("/dev/full", no_file),
        ("pipe", no_file),
        ("link.toml", "it is a link to `new.toml`, which is not there; create that first"),
    ] {
        let run = sandbox.run(&arguments(&["--append", path]));
        run.assert_refused(&format!("cannot append to `{path}`: {message}"));
    }
    assert!(!sandbox.exists("new.toml"));
    sandbox.write("new.toml", "");
    assert_eq!(sandbox.run(&arguments(&["--append", "link.toml"])).code, 0);
    assert_eq!(
        (sandbox.read("new.toml"), sandbox.read("link.toml")),
        (String::new(), BENCHMARK.to_owned())
    );
    assert!(!sandbox.path("link.toml").is_symlink());
}

#[test]
fn stdin_named_twice_is_refused() {
    let message = "standard input can be read only once; name `-` only once";
    for tool in ["pgbench", "hgrm"] {
        let run = project().pipe(HISTOGRAM, &[&["import", tool, "-", "-"], OF_EXAMPLE].concat());
        run.assert_refused(message);
    }
}

#[test]
fn wrk2_output_is_imported() {
    let sandbox = project();
    let run = sandbox.run(&[&["import", "wrk2", "wrk2.txt"], OF_EXAMPLE].concat());
    assert_eq!((run.code, &*run.stdout), (0, BENCHMARK));
}

#[test]
fn invalid_number_is_refused() {
    let sandbox = project();
    for flag in ["--timeouts", "--attempts", "--concurrency", "--throughput", "--retries"] {
        for value in ["-1", "1.5", "many", "18446744073709551616"] {
            let mut words = arguments(&[flag, value]);
            if flag == "--retries" {
                let first = words.iter().position(|word| *word == flag).unwrap();
                words.drain(first..first + 2);
            }
            let run = sandbox.run(&words);
            let message = format!("invalid value '{value}' for '{flag} <N>': write a whole number");
            assert!(run.code == 2 && run.stderr.contains(&message), "{}", run.stderr);
        }
    }
    let run = sandbox.run(&arguments(&["--concurrency", "0"]));
    assert!(run.stderr.contains("write a whole number of at least 1"), "{}", run.stderr);
}

#[test]
fn contract_digest_comes_from_workspace_or_option() {
    let sandbox = project();
    let compiled = sandbox.run(&["compile", "--emit", "json"]).stdout;
    let compiled: serde_json::Value = serde_json::from_str(&compiled).unwrap();
    let digest = compiled["drivers"][0]["digest"].as_str().unwrap();
    let expected = format!("{BENCHMARK}contract = \"{digest}\"\n");
    for more in [
        &["--contract", "current"][..],
        &["--contract", digest],
        &["--contract", "current", "--workspace", "contracts"],
        &["--contract", "current", "--workspace", "contracts/example.toml"],
    ] {
        let run = sandbox.run(&arguments(more));
        assert_eq!((run.code, &*run.stdout), (0, &*expected), "{more:?}");
    }
    sandbox
        .run(&arguments(&["--contract", digest, "--workspace", "contracts"]))
        .assert_refused("`--workspace` is for `--contract current`; leave it out");
    sandbox.run(&arguments(&["--contract", "current", "--workspace", "builtin:"])).assert_refused(
        "the workspace has no contract of `example`; name its documents with `--workspace`",
    );
    sandbox.write("contracts/other.toml", driver("other").replace("max_in_flight", "max_inflight"));
    let run = sandbox.run(&arguments(&["--contract", "current"]));
    assert!(run.code == 1 && run.stdout.contains("max_inflight"), "{run:?}");
    let run = sandbox.run(&arguments(&["--contract", "sha256:12"]));
    assert!(run.code == 2 && run.stderr.contains("64 lower-case hexadecimal digits"), "{run:?}");
}

#[test]
fn documented_example_matches_output() {
    let page = include_str!("../../../docs/import.md");
    let (_, example) = page.split_once("```console\n$ driverc ").unwrap();
    let (command, output) = example.split_once("```").unwrap().0.split_once('\n').unwrap();
    let sandbox = Sandbox::new();
    sandbox.write("report.json", include_str!("../../import/vegeta/report.json"));
    let run = sandbox.run(&command.split(' ').collect::<Vec<_>>());
    assert_eq!((run.code, &*run.stdout), (0, output));
    for tool in Tool::ALL {
        assert!(page.contains(&format!("\n## {}\n", tool.label())), "{tool:?} has a section");
    }
}
