//! Several outputs of one run: `--output-format FORMAT=FILE`.

use super::sandbox::{EXAMPLE, Sandbox, driver, misspelt};

const FORMAT: &str = "--output-format";

fn faulty() -> Sandbox {
    Sandbox::project(&[("contracts/a.toml", &misspelt("cache"))])
}

/// Runs a command with one output, and returns that output.
fn alone(sandbox: &Sandbox, command: &[&str], format: &str) -> String {
    sandbox.run(&[command, &[FORMAT, format]].concat()).stdout
}

#[test]
fn check_writes_files_and_standard_output_in_one_run() {
    let sandbox = faulty();
    let formats = ["sarif=a.sarif", "junit=out/b.xml", "github", "json=c=d.json"];
    std::fs::create_dir(sandbox.path("out")).unwrap();
    let options: Vec<_> = formats.iter().flat_map(|format| [FORMAT, *format]).collect();
    let run = sandbox.run(&[&["check"], &options[..]].concat());
    assert_eq!((run.code, &*run.stderr), (1, ""));
    assert_eq!(run.stdout, alone(&sandbox, &["check"], "github"));
    for (format, file) in [("sarif", "a.sarif"), ("junit", "out/b.xml"), ("json", "c=d.json")] {
        assert_eq!(sandbox.read(file), alone(&sandbox, &["check"], format), "{format}");
    }
}

#[test]
fn standard_output_is_empty_if_only_files_are_outputs() {
    let sandbox = faulty();
    let run = sandbox.run(&["check", FORMAT, "sarif=a.sarif"]);
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (1, "", ""));
    let run = sandbox.run(&["check", FORMAT, "full=a.txt"]);
    assert_eq!((run.code, &*run.stdout), (1, ""));
    assert_eq!(run.stderr, "found 1 error in 1 file\n");
    assert_eq!(sandbox.read("a.txt"), alone(&sandbox, &["check"], "full"));
}

#[test]
fn output_file_option_receives_format_that_names_no_file() {
    let sandbox = faulty();
    let run = sandbox.run(&["check", FORMAT, "json", FORMAT, "sarif=b", "-o", "a"]);
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (1, "", ""));
    assert_eq!(sandbox.read("a"), alone(&sandbox, &["check"], "json"));
    assert_eq!(sandbox.read("b"), alone(&sandbox, &["check"], "sarif"));
    sandbox.run(&["check", FORMAT, "json=b", "-o", "a"]).assert_refused(
        "no output is left for `--output-file a`; leave it out, or add an `--output-format` \
         without `=FILE`",
    );
}

#[test]
fn step_summary_and_summary_are_written_once() {
    let sandbox = faulty();
    let outputs = ["github", "github=a", "concise=b", "full=c"];
    let options: Vec<_> = outputs.iter().flat_map(|format| [FORMAT, *format]).collect();
    let mut command = sandbox.command(&[&["check"], &options[..]].concat());
    let run = command.env("GITHUB_STEP_SUMMARY", "summary.md").output().unwrap();
    assert_eq!(String::from_utf8(run.stderr).unwrap(), "found 1 error in 1 file\n");
    assert_eq!(sandbox.read("summary.md").matches("**driverc: found").count(), 1);
    assert_eq!(sandbox.read("a"), String::from_utf8(run.stdout).unwrap());
}

#[test]
fn same_file_and_second_standard_output_are_refused() {
    let sandbox = faulty();
    std::fs::create_dir(sandbox.path("out")).unwrap();
    for (one, other) in [("a", "a"), ("a", "./a"), ("out/a", "out/../out/a")] {
        let outputs = [format!("sarif={one}"), format!("json={other}")];
        let run = sandbox.run(&["check", FORMAT, &outputs[0], FORMAT, &outputs[1]]);
        let message = format!("two outputs go to `{other}`; name a different file for each");
        run.assert_refused(&message);
        assert!(!sandbox.path(one).exists());
    }
    let run = sandbox.run(&["check", FORMAT, "sarif=a", FORMAT, "json", "-o", "a"]);
    run.assert_refused("two outputs go to `a`; name a different file for each");
    for command in ["check", "compile", "diff", "budget", "bench", "matrix", "rule", "explain"] {
        let run = sandbox.run(&[command, FORMAT, "json", FORMAT, "json"]);
        run.assert_refused(
            "only one output can go to standard output; write `--output-format FORMAT=FILE` for \
             the others",
        );
    }
}

#[test]
fn output_never_replaces_input() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("cache"))]);
    sandbox.write("driverc.toml", "");
    let documents = ["contracts/a.toml", "driverc.toml", "contracts/../contracts/a.toml"];
    let run = |command: &[&str], file: &str| {
        let before = ["contracts/a.toml", "driverc.toml"].map(|file| sandbox.read(file));
        sandbox.run(command).assert_refused(&format!(
            "the output would replace `{file}`, which this command reads; name another file"
        ));
        let after = ["contracts/a.toml", "driverc.toml"].map(|file| sandbox.read(file));
        assert_eq!(before, after, "{command:?}");
    };
    for command in [
        &["check"][..],
        &["check", "contracts/budgets.toml"],
        &["check", "--fix"],
        &["check", "--diff"],
        &["check", "--feasibility"],
        &["check", "--statistics"],
        &["compile"],
        &["budget", "--simulate"],
        &["matrix"],
        &["bench", "--seeds=1"],
        &["report"],
    ] {
        for file in documents {
            run(&[command, &["-o", file]].concat(), file);
        }
    }
    for command in ["check", "compile", "matrix", "explain"] {
        for file in documents {
            let output = format!("json={file}");
            let path = if command == "explain" { &["cache.max_in_flight"][..] } else { &[] };
            run(&[&[command][..], path, &[FORMAT, &output]].concat(), file);
        }
    }
    // Nor a configuration with errors.
    sandbox.write("driverc.toml", "excluded = 1\n");
    run(&["check", FORMAT, "json=driverc.toml"], "driverc.toml");
    // A new file among the documents loses nothing.
    sandbox.write("driverc.toml", "");
    assert_eq!(sandbox.run(&["compile", "-o", "contracts/new.txt"]).code, 0);
}

#[test]
fn output_never_replaces_input_of_several_projects() {
    let sandbox = Sandbox::repository(&[("a/driverc.toml", ""), ("b/driverc.toml", "")]);
    sandbox.write("a/contracts/a.toml", driver("a"));
    sandbox.write("b/contracts/b.toml", driver("b"));
    for file in ["a/contracts/a.toml", "b/contracts/b.toml", "b/driverc.toml"] {
        let before = sandbox.read(file);
        for command in [&["check"][..], &["check", "--fix"], &["check", "--diff"]] {
            let command = [command, &["a", "b", "-o", file]].concat();
            sandbox.run(&command).assert_refused(&format!(
                "the output would replace `{file}`, which this command reads; name another file"
            ));
        }
        assert_eq!(sandbox.read(file), before);
    }
}

#[test]
fn findings_never_replace_signatures() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("cache"))]);
    sandbox.run(&["compile", "-o", "s.txt"]);
    let before = sandbox.read("s.txt");
    sandbox
        .run(&["compile", FORMAT, "json=./s.txt", "-o", "s.txt"])
        .assert_refused("two outputs go to `s.txt`; name a different file for each");
    sandbox.run(&["compile", FORMAT, "json=./s.txt", "--check", "s.txt"]).assert_refused(
        "the findings would replace `./s.txt`, the file of `--check`; name another file",
    );
    assert_eq!(sandbox.read("s.txt"), before);
}

#[test]
fn invalid_outputs_are_usage_errors() {
    let sandbox = faulty();
    for (output, message) in [
        ("sariff=a", "invalid value 'sariff' for '--output-format <FORMAT[=FILE]>'"),
        ("sariff=a", "tip: a similar value exists: 'sarif'"),
        ("yaml", "[possible values: full, concise, json, json-lines, sarif,"),
        ("sarif=", "write the name of a file after `=`"),
        ("sarif=-", "leave out `=-` to write to standard output"),
        ("=a", "a value is required for '--output-format <FORMAT[=FILE]>'"),
    ] {
        let run = sandbox.run(&["check", FORMAT, output]);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{output}");
        assert!(run.stderr.contains(message), "{output}: {}", run.stderr);
    }
    let run = sandbox.run(&["check", "--diff", FORMAT, "sarif=a"]);
    run.assert_refused("`--diff` writes no findings; leave out `--output-format sarif=FILE`");
}

#[test]
fn unwritable_file_leaves_other_files_unchanged() {
    let sandbox = faulty();
    sandbox.write("a.sarif", "before");
    let outputs = [FORMAT, "sarif=a.sarif", FORMAT, "json=no/b.json", FORMAT, "concise"];
    let run = sandbox.run(&[&["check"], &outputs[..]].concat());
    assert_eq!((run.code, &*run.stdout), (2, ""));
    assert!(run.stderr.starts_with("error: cannot write `no/b.json`: "), "{}", run.stderr);
    assert_eq!(sandbox.read("a.sarif"), "before");
    let left = std::fs::read_dir(sandbox.path(".")).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains(".tmp")), "{left:?}");
}

#[test]
fn configuration_errors_reach_every_output() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("cache"))]);
    sandbox.write("driverc.toml", "excluded = 1\n");
    let run = sandbox.run(&["check", FORMAT, "json=a.json", FORMAT, "concise"]);
    assert_eq!((run.code, &*run.stderr), (2, "error: `driverc.toml` cannot be used\n"));
    assert!(run.stdout.starts_with("driverc.toml:1:1: error[unknown-key]"), "{}", run.stdout);
    assert!(sandbox.read("a.json").contains("\"unknown-key\""));
}

#[test]
fn fix_of_stdin_writes_findings_to_files_and_stderr() {
    let sandbox = faulty();
    let arguments = ["check", "-", "--fix", "--stdin-filename", "contracts/a.toml"];
    let outputs = [FORMAT, "json=a.json", FORMAT, "concise"];
    let run = sandbox.pipe(misspelt("cache"), &[&arguments[..], &outputs].concat());
    assert_eq!(run.stdout, sandbox.pipe(misspelt("cache"), &arguments).stdout);
    assert!(sandbox.read("a.json").starts_with('{'), "{run:?}");
    assert!(run.stderr.starts_with("contracts/a.toml:"), "{}", run.stderr);
}

#[test]
fn successful_compile_writes_findings_to_files() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("cache"))]);
    let run = sandbox.run(&["compile", FORMAT, "json=a.json"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    assert_eq!(run.stdout, sandbox.run(&["compile"]).stdout);
    assert!(sandbox.read("a.json").contains("\"findings\""));
    let sandbox = faulty();
    let run = sandbox.run(&["compile", FORMAT, "json=a.json", "-o", "signatures.txt"]);
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (1, "", ""));
    assert!(sandbox.read("a.json").contains("\"unknown-key\""));
    assert!(!sandbox.path("signatures.txt").exists());
}

#[test]
fn every_command_with_formats_writes_several_outputs() {
    let sandbox = Sandbox::repository(&[("contracts/example.toml", EXAMPLE)]);
    sandbox.write("base/example.toml", EXAMPLE);
    for (command, formats) in [
        (&["check", "--feasibility"][..], ["full", "json"]),
        (&["check", "--show-settings"], ["full", "json"]),
        (&["check", "--statistics", "--show=info"], ["full", "json"]),
        (&["diff", "--against-path=base"], ["concise", "json"]),
        (&["bench", "--seeds=1"], ["text", "json"]),
        (&["budget", "--simulate"], ["text", "json"]),
        (&["matrix"], ["markdown", "json"]),
        (&["rule"], ["markdown", "json"]),
        (&["explain"], ["text", "json"]),
        (&["explain", "example.max_in_flight"], ["text", "json"]),
        (&["explain", "queue-zero"], ["text", "json"]),
    ] {
        let [stdout, file] = formats;
        let in_file = format!("{file}=out.json");
        let run = sandbox.run(&[command, &[FORMAT, &in_file, FORMAT, stdout]].concat());
        let [expected, in_file] = formats.map(|format| alone(&sandbox, command, format));
        assert!(!in_file.is_empty(), "{command:?} {run:?}");
        assert_eq!((run.stdout, sandbox.read("out.json")), (expected, in_file), "{command:?}");
    }
}
