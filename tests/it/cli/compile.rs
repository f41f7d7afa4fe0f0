//! Tests `driverc compile`: what it writes, compares and refuses to write.

use std::fs;

use serde_json::Value;

use super::{
    repository::git,
    sandbox::{STUBBORN, Sandbox, driver, misspelt, stubborn},
};

fn project() -> Sandbox {
    Sandbox::project(&[("contracts/a.toml", &driver("a")), ("contracts/b.toml", &driver("b"))])
}

#[test]
fn compile_prints_signature_document() {
    let run = project().run(&["compile"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    let kinds: Vec<_> = run.stdout.lines().map(|line| line.split('|').next().unwrap()).collect();
    assert_eq!(kinds, ["driver", "driver", "budget", "budget"]);
    assert!(run.stdout.ends_with('\n') && !run.stdout.ends_with("\n\n"));
}

#[test]
fn seal_is_appended_to_unchanged_document() {
    let sandbox = project();
    let document = sandbox.run(&["compile"]).stdout;
    let sealed = sandbox.run(&["compile", "--seal"]);
    assert_eq!((sealed.code, &*sealed.stderr), (0, ""));
    let seal = sealed.stdout.strip_prefix(&document).unwrap();
    let kinds: Vec<_> = seal.lines().map(|line| line.split('|').next().unwrap()).collect();
    assert_eq!(kinds, ["capability_matrix", "digest"]);
}

#[test]
fn output_over_sealed_document_keeps_seal() {
    let sandbox = project();
    let compile = |arguments: &[&str]| {
        let run = sandbox.run(&[&["compile"], arguments].concat());
        assert_eq!((run.code, &*run.stderr), (0, ""), "{arguments:?}");
        run.stdout
    };
    compile(&["--seal", "-o", "signatures.txt"]);
    sandbox.write("contracts/c.toml", driver("c"));
    compile(&["-o", "signatures.txt"]);
    let sealed = compile(&["--seal"]);
    assert_eq!(sandbox.read("signatures.txt"), sealed);
    // A seal survives an edit by hand, a merge conflict and other line ends.
    for damaged in [sealed.replace("digest", "<<<<<<< HEAD\ndigest"), sealed.replace('\n', "\r\n")]
    {
        sandbox.write("signatures.txt", damaged);
        compile(&["-o", "signatures.txt"]);
        assert_eq!(sandbox.read("signatures.txt"), sealed);
    }
    fs::remove_file(sandbox.path("signatures.txt")).unwrap();
    compile(&["-o", "signatures.txt"]);
    assert_eq!(sandbox.read("signatures.txt"), compile(&[]));
}

#[test]
fn sealed_document_must_match_byte_for_byte() {
    let sandbox = project();
    let sealed = sandbox.run(&["compile", "--seal"]).stdout;
    let check = |arguments: &[&str]| {
        sandbox.run(&[&["compile", "--check", "signatures.txt"], arguments].concat())
    };
    sandbox.write("signatures.txt", &sealed);
    for arguments in [&[][..], &["--seal"]] {
        let run = check(arguments);
        assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""), "{arguments:?}");
    }
    let (first, rest) = sealed.split_once('\n').unwrap();
    sandbox.write("signatures.txt", format!("{rest}{first}\n"));
    let run = check(&[]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "a sealed document must match byte for byte\n\
         `signatures.txt` is not up to date; write it with `driverc compile -o signatures.txt`\n"
    );
    let unsealed = sandbox.run(&["compile"]).stdout;
    sandbox.write("signatures.txt", unsealed);
    assert_eq!(check(&[]).code, 0);
    let run = check(&["--seal"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "the capability matrix is missing from `signatures.txt`\n\
         the digest is missing from `signatures.txt`\n\
         `signatures.txt` is not up to date; write it with `driverc compile --seal -o \
         signatures.txt`\n"
    );
}

#[test]
fn stale_seal_is_reported() {
    let sandbox = project();
    sandbox.run(&["compile", "--seal", "-o", "signatures.txt"]);
    sandbox.write("contracts/c.toml", driver("c"));
    let run = sandbox.run(&["compile", "--check", "signatures.txt"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("\n@@ digest|v1 @@\n-sha256="), "{}", run.stdout);
    assert_eq!(
        run.stderr,
        "line 5 of `signatures.txt` is an outdated capability matrix\n\
         line 6 of `signatures.txt` is an outdated digest\n\
         driver `c` is missing from `signatures.txt`\n\
         `signatures.txt` is not up to date; write it with `driverc compile -o signatures.txt`\n"
    );
}

#[test]
fn json_refuses_seal() {
    let run = project().run(&["compile", "--emit", "json", "--seal"]);
    run.assert_refused("`--emit json` always has a digest; leave out `--seal`");
}

#[test]
fn reordered_and_duplicate_lines_pass_check() {
    let sandbox = project();
    let document = sandbox.run(&["compile"]).stdout;
    let reversed = document.lines().rev().collect::<Vec<_>>().join("\n") + "\n";
    for content in [reversed, document.repeat(2), document.replace('\n', "\r\n").repeat(2)] {
        sandbox.write("signatures.txt", content);
        let run = sandbox.run(&["compile", "--check", "signatures.txt"]);
        assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""));
    }
}

#[test]
fn empty_lines_and_conflict_markers_are_reported() {
    let sandbox = project();
    let document = sandbox.run(&["compile"]).stdout;
    let (first, rest) = document.split_once('\n').unwrap();
    for (content, problem) in [
        (format!("{document}\n"), "line 5 of `signatures.txt` is empty\n"),
        (
            format!("<<<<<<< HEAD\n{first}\n=======\n>>>>>>> other\n{rest}"),
            "lines 1, 3 and 4 of `signatures.txt` are conflict markers\n",
        ),
    ] {
        sandbox.write("signatures.txt", content);
        let run = sandbox.run(&["compile", "--check", "signatures.txt"]);
        assert_eq!((run.code, &*run.stdout), (1, ""));
        let message = "`signatures.txt` is not up to date; write it with `driverc compile -o \
                       signatures.txt`\n";
        assert_eq!(run.stderr, format!("{problem}{message}"));
    }
}

#[test]
fn suggested_compile_command_repeats_paths() {
    let sandbox = project();
    let renew = |arguments: &[&str]| {
        let run = sandbox.run(&[&["compile"], arguments].concat());
        let (_, command) = run.stderr.split_once("write it with ").unwrap();
        command.trim_end().to_owned()
    };
    assert_eq!(
        renew(&["--check", "s.txt", "contracts/a.toml", "contracts/b.toml"]),
        "`driverc compile contracts/a.toml contracts/b.toml -o s.txt`"
    );
    assert_eq!(
        renew(&["--emit", "json", "--check", "s.json"]),
        "`driverc compile --emit json -o s.json`"
    );
    for other in [&["--check", "my file"][..], &["--check", "s", "--ignore", "queue-zero"]] {
        assert!(renew(other).ends_with(&format!("instead of `--check {}`", other[1])));
    }
}

#[test]
fn moving_declaration_to_other_file_does_not_change_signatures() {
    let split = project().run(&["compile"]);
    let sandbox = project();
    let joined = ["b", "a"].map(driver).concat() + &sandbox.read("contracts/budgets.toml");
    for name in ["a", "b", "budgets"] {
        sandbox.write(&format!("contracts/{name}.toml"), "");
    }
    sandbox.write("contracts/other/all.toml", joined);
    assert_eq!(sandbox.run(&["compile"]), split);
}

#[test]
fn json_contains_same_signatures_as_text() {
    let sandbox = project();
    let document = sandbox.run(&["compile", "--seal"]).stdout;
    let run = sandbox.run(&["compile", "--emit", "json"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    let compiled: Value = serde_json::from_str(&run.stdout).unwrap();
    let items = ["drivers", "budgets"].iter().flat_map(|key| compiled[key].as_array().unwrap());
    let items = items.chain([&compiled["capability_matrix"]]);
    let signatures: Vec<_> = items.map(|item| item["signature"].as_str().unwrap()).collect();
    let lines: Vec<_> = document.lines().collect();
    let (digest, rest) = lines.split_last().unwrap();
    assert_eq!(signatures, rest);
    let digits = compiled["digest"].as_str().unwrap().strip_prefix("sha256:").unwrap();
    assert_eq!(*digest, format!("digest|v1|sha256={digits}"));
}

#[test]
fn up_to_date_file_passes_check() {
    let sandbox = project();
    for emit in ["text", "json"] {
        let write = sandbox.run(&["compile", "--emit", emit, "-o", "compiled"]);
        assert_eq!(write.code, 0);
        let check = sandbox.run(&["compile", "--emit", emit, "--check", "compiled"]);
        assert_eq!((check.code, &*check.stdout, &*check.stderr), (0, "", ""));
    }
}

#[test]
fn stale_file_prints_diff() {
    let sandbox = project();
    sandbox.run(&["compile", "-o", "signatures.txt"]);
    let before = sandbox.read("signatures.txt");
    let changed = driver("b").replace("max_in_flight = 20", "max_in_flight = 21");
    sandbox.write("contracts/b.toml", changed);
    let run = sandbox.run(&["compile", "--check", "signatures.txt"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stdout,
        "--- signatures.txt\n+++ compiled\n\
         @@ driver|v1|name=b @@\n-max_in_flight=20\n+max_in_flight=21\n"
    );
    assert_eq!(
        run.stderr,
        "line 2 of `signatures.txt` is an outdated signature of driver `b`\n\
         `signatures.txt` is not up to date; write it with `driverc compile -o signatures.txt`\n"
    );
    assert_eq!(sandbox.read("signatures.txt"), before, "a check writes nothing");
}

#[test]
fn stale_json_file_prints_diff() {
    let sandbox = project();
    sandbox.run(&["compile", "--emit", "json", "-o", "compiled.json"]);
    sandbox
        .write("contracts/b.toml", driver("b").replace("max_in_flight = 20", "max_in_flight = 21"));
    let run = sandbox.run(&["compile", "--emit", "json", "--check", "compiled.json"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("\n@@ -"), "{}", run.stdout);
    let change = "\n-        \"max_in_flight\": 20,\n+        \"max_in_flight\": 21,\n";
    assert!(run.stdout.contains(change), "{}", run.stdout);
}

#[test]
fn checkout_with_crlf_is_up_to_date() {
    let sandbox = project();
    for emit in ["text", "json"] {
        let document = sandbox.run(&["compile", "--emit", emit]).stdout;
        let check = || sandbox.run(&["compile", "--emit", emit, "--check", "compiled"]);
        sandbox.write("compiled", document.replace('\n', "\r\n"));
        let run = check();
        assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""), "{emit}");
        // Git does not write mixed line endings.
        let mixed = document.replacen('\n', "\r\n", 1);
        let doubled = document.replace('\n', "\r\r\n");
        let old_mac = document.replace('\n', "\r");
        for content in [mixed, doubled, old_mac] {
            sandbox.write("compiled", content);
            assert_eq!(check().code, 1, "{emit}");
        }
    }
}

#[test]
fn stale_crlf_file_prints_same_diff_as_lf() {
    let sandbox = project();
    let document = sandbox.run(&["compile"]).stdout;
    let stale = document.replacen("max_in_flight=20", "max_in_flight=21", 1);
    sandbox.write("signatures.txt", &stale);
    let run = sandbox.run(&["compile", "--check", "signatures.txt"]);
    assert_eq!(run.code, 1);
    sandbox.write("signatures.txt", stale.replace('\n', "\r\n"));
    assert_eq!(sandbox.run(&["compile", "--check", "signatures.txt"]), run);
}

#[test]
fn files_converted_to_crlf_by_git_are_up_to_date() {
    let sandbox = project();
    fs::remove_dir(sandbox.path(".git")).unwrap();
    git(&sandbox, &["init", "--quiet", "."]);
    sandbox.run(&["compile", "-o", "signatures.txt"]);
    sandbox.run(&["schema", "-o", "schema"]);
    git(&sandbox, &["add", "--all"]);
    for file in ["signatures.txt", "schema/contracts.schema.json", "contracts/a.toml"] {
        fs::remove_file(sandbox.path(file)).unwrap();
    }
    git(&sandbox, &["-c", "core.autocrlf=true", "checkout", "--quiet", "."]);
    assert!(sandbox.read("signatures.txt").contains("\r\n"));
    for command in [&["compile", "--check", "signatures.txt"], &["schema", "--check", "schema"]] {
        let run = sandbox.run(command);
        assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""), "{command:?}");
    }
}

#[test]
fn file_with_invalid_utf8_is_stale() {
    let sandbox = project();
    sandbox.write("signatures.txt", b"\xff\n");
    assert_eq!(sandbox.run(&["compile", "--check", "signatures.txt"]).code, 1);
}

#[test]
fn missing_file_fails_check() {
    let sandbox = project();
    let run = sandbox.run(&["compile", "--check", "signatures.txt"]);
    assert_eq!((run.code, &*run.stdout), (1, ""));
    assert_eq!(
        run.stderr,
        "`signatures.txt` does not exist; write it with `driverc compile -o signatures.txt`\n"
    );
    assert!(!sandbox.exists("signatures.txt"));
}

#[test]
fn unreadable_file_is_error() {
    let run = project().run(&["compile", "--check", "contracts"]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
    assert!(run.stderr.starts_with("error: cannot read `contracts`: "), "{}", run.stderr);
}

#[test]
fn output_and_check_options_cannot_be_combined() {
    let run = project().run(&["compile", "-o", "a", "--check", "b"]);
    assert_eq!((run.code, &*run.stdout), (2, ""));
}

#[test]
fn compile_writes_nothing_if_documents_have_errors() {
    let sandbox = project();
    sandbox.write("contracts/b.toml", misspelt("b"));
    sandbox.write("signatures.txt", "what was there before\n");
    let shown = sandbox.run(&["check"]);
    for arguments in [
        &["compile"][..],
        &["compile", "--emit", "json"],
        &["compile", "-o", "signatures.txt"],
        &["compile", "-o", "new.txt"],
        &["compile", "--check", "signatures.txt"],
    ] {
        assert_eq!(sandbox.run(arguments), shown, "{arguments:?}");
    }
    assert_eq!(sandbox.read("signatures.txt"), "what was there before\n");
    assert!(!sandbox.exists("new.txt"));
    let concise = sandbox.run(&["compile", "--output-format", "concise"]);
    assert_eq!(concise.places(), ["contracts/b.toml:10:1: error[unknown-key"]);
}

#[test]
fn warnings_that_fail_run_prevent_output() {
    let sandbox = project();
    sandbox.write("contracts/b.toml", stubborn("b"));
    assert_eq!(sandbox.run(&["compile", "-o", "signatures.txt"]).code, 0);
    assert!(sandbox.exists("signatures.txt"));
    let run = sandbox.run(&["compile", "--fail-on", "warn", "-o", "other.txt"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains(&format!("warn[{STUBBORN}]")), "{}", run.stdout);
    assert!(!sandbox.exists("other.txt"));
}

#[test]
fn compile_writes_nothing_if_path_is_missing() {
    let sandbox = project();
    for arguments in [&["compile"][..], &["compile", "-o", "signatures.txt"], &["matrix"]] {
        let run = sandbox.run(&[arguments, &["contracts", "nowhere"]].concat());
        assert_eq!((run.code, &*run.stdout), (2, ""), "{arguments:?}");
        assert!(run.stderr.starts_with("error: cannot read `nowhere`: "), "{}", run.stderr);
    }
    assert!(!sandbox.exists("signatures.txt"));
}

#[test]
fn compile_page_shows_real_output() {
    let sandbox = Sandbox::project(&[("contracts/a.toml", &driver("orders_db"))]);
    sandbox.run(&["compile", "-o", "signatures.txt"]);
    let changed = driver("orders_db").replace("max_in_flight = 20", "max_in_flight = 30");
    sandbox.write("contracts/a.toml", changed);
    let run = sandbox.run(&["compile", "--check", "signatures.txt"]);
    let shown = format!(
        "```console\n$ driverc compile --check signatures.txt\n{}{}```\n",
        run.stdout, run.stderr
    );
    assert!(include_str!("../../../docs/compile.md").contains(&shown), "{shown}");
}
