//! Files with secrets, hostile names and no text, as configurations of targets.

use crate::cli::sandbox::{Run, Sandbox, driver, formats};

const SECRET: &str = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";

fn project() -> Sandbox {
    Sandbox::project(&[("contracts/a.toml", &driver("a"))])
}

fn adopt(sandbox: &Sandbox, target: &str, text: &[u8], options: &[&str]) -> Run {
    sandbox.write("file", text);
    sandbox.run(&[&["adopt", target, "file", "--driver", "b"], options].concat())
}

/// Verifies a text in every format, and returns all output.
fn verify(target: &[&str], text: &str) -> String {
    let sandbox = project();
    sandbox.write("file", text);
    let run = |format| {
        let verify = ["file", "--driver", "a", "--fail-on", "info", "--output-format", format];
        let run = sandbox.run(&[&["verify"], target, &verify].concat());
        assert_eq!(run.code, 1, "{}", run.stderr);
        run.stdout + &run.stderr
    };
    formats().map(run).collect()
}

/// Attack: the name of an instance ends the comment with the origin of a value.
#[test]
fn adopted_text_contains_no_line_breaks_or_escapes_of_file() {
    for name in ["a\\nlifetime_ms\\=7\\#", "a\\u001b[31m\\n\\:\\:error\\:\\:pwn", "a\\u202e"] {
        let text = format!("resilience4j.retry.instances[{name}].max-attempts=99\n");
        let sandbox = project();
        let run = adopt(&sandbox, "resilience4j", text.as_bytes(), &[]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let lines = ["lifetime_ms", "::error::", "\u{1b}", "\u{202e}"];
        for line in run.stdout.lines() {
            assert!(!lines.iter().any(|it| line.starts_with(it)), "{}", run.stdout);
        }
        assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']), "{}", run.stdout);
        assert!(run.stdout.contains("max_attempts = 99  # line 1: "), "{}", run.stdout);
        let run = adopt(&sandbox, "resilience4j", text.as_bytes(), &["--append", "new.toml"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(!sandbox.read("new.toml").contains("\nlifetime_ms = 7"));
    }
}

#[test]
fn adopt_refuses_file_that_program_cannot_read() {
    for (target, text, place) in [
        ("grpc", "not json", "line 1, column 2: it is not valid JSON"),
        ("grpc", "{\n  \"a\": x\n}", "line 2, column 8: it is not valid JSON"),
        ("grpc", "", "line 1, column 1: it is not valid JSON"),
        ("grpc", "[1]", "line 1, column 1: an object must be at the top"),
        ("envoy", "a: [1\nb: 2", "line 2, column 2: it is not valid YAML"),
        ("pgbouncer", "[pgbouncer]\nx\n", "line 2, column 1: a line must be `name = value`"),
    ] {
        let sandbox = project();
        let run = adopt(&sandbox, target, text.as_bytes(), &["--append", "new.toml"]);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{text}");
        assert_eq!(run.stderr, format!("error: cannot read `file`: {place}\n"), "{text}");
        assert!(!sandbox.exists("new.toml"), "{text}");
    }
}

#[test]
fn file_that_is_not_text_is_refused() {
    let utf16: Vec<_> = "retries=4\n".bytes().flat_map(|byte| [byte, 0]).collect();
    let marked = [&[0xff, 0xfe], &*utf16].concat();
    for bytes in [&*utf16, &marked, b"retries=4\0\n", b"\xd8\x01\x92\xff"] {
        let sandbox = project();
        let run = adopt(&sandbox, "kafka", bytes, &["--append", "new.toml"]);
        let message = "error: cannot read `file`: it is not UTF-8 text; save it as UTF-8\n";
        assert_eq!((run.code, &*run.stdout, &*run.stderr), (2, "", message));
        assert!(!sandbox.exists("new.toml"));
        let run = sandbox.run(&["verify", "kafka", "file", "--driver", "a"]);
        assert_eq!((run.code, &*run.stdout, &*run.stderr), (2, "", message));
    }
    let run = adopt(&project(), "kafka", b"# \xe9t\xe9\nretries=4\n", &[]);
    assert_eq!(run.code, 0, "Java also reads Latin-1: {}", run.stderr);
}

#[test]
fn line_that_is_no_known_setting_is_hidden() {
    let key = "ssl.key.pem=-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\nq83vEjRWeJA=\n\
               -----END PRIVATE KEY-----\n";
    let shown = verify(&["kafka"], &format!("{key}{SECRET}\n{SECRET}=x\nretrys=4\n"));
    for secret in [SECRET, "MIIEvQIBADAN", "q83vEjRWeJA", "PRIVATE KEY"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    assert!(shown.contains("line 5 is not a known setting of librdkafka 2.16.0"), "{shown}");
    assert!(
        shown.contains("librdkafka 2.16.0 does not start: `retrys` is not one of its settings"),
        "{shown}"
    );
    assert!(shown.contains("did you mean `retries`?"), "{shown}");
}

#[test]
fn names_of_json_are_hidden_unless_target_knows_them() {
    let policy = "\"retryPolicy\": {\"maxAttempts\": 9}";
    let (outer, inner) = (format!("\"{SECRET}\": {{\"a\": {{\"b\": 1}}}}"), "\"x\\\"hunter2\": 3");
    let shown =
        verify(&["grpc"], &format!("{{\"methodConfig\": [{{{policy}, {inner}}}],\n{outer}}}\n"));
    assert!(!shown.contains(SECRET) && !shown.contains("hunter2"), "{shown}");
    assert!(shown.contains(&format!("{{\"methodConfig\": [{{{policy}, ")), "{shown}");
}

#[test]
fn value_that_program_refuses_is_hidden() {
    for text in [
        "maximumPoolSize=hunter2\n",
        "maximumPoolSize=5 # password hunter2\n",
        "maximumPoolSize=hunter2\nmaximumPoolSize=5\n",
        "maximumPoolSize=${POOL:-hunter2}\nidleTimeout=9\n",
    ] {
        let shown = verify(&["hikari"], text);
        assert!(!shown.contains("hunter2"), "{text}: {shown}");
        assert!(shown.contains("maximumPoolSize=*"), "{text}: {shown}");
    }
    let shown = verify(&["kafka"], "retries=9 hunter2\n");
    assert!(!shown.contains("hunter2") && shown.contains("retries=* *"), "{shown}");
    let shown = verify(&["hikari"], "maximumPoolSize=51\n");
    assert!(shown.contains("maximumPoolSize=51\n"), "{shown}");
}

/// Attack: a pull request lets the gate print a file with a secret as the file to emit.
#[test]
fn check_prints_no_lines_of_file_without_header() {
    let sandbox = project();
    for (target, text) in [("pgbouncer", SECRET), ("grpc", SECRET), ("grpc", "[1, \"hunter2\"]")] {
        sandbox.write("token.txt", text);
        let table = format!("[[emit]]\ntarget = \"{target}\"\ndriver = \"a\"\nout = \"token.txt\"");
        sandbox.write("driverc.toml", table);
        let run = sandbox.run(&["emit", "--check", "--show", "error"]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        let shown = run.stdout + &run.stderr;
        assert!(!shown.contains("ghp_") && !shown.contains("hunter2"), "{shown}");
        let message = "`emit` did not write `token.txt`, so `--check` does not print its lines; to \
                       replace the file, run `emit` without `--check`";
        assert_eq!(shown.contains(message), target == "pgbouncer", "{shown}");
    }
}
