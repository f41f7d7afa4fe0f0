//! Tests `driverc matrix`: which driver has which capability.

use serde_json::{Value, json};

use super::sandbox::{Sandbox, driver, misspelt, stubborn};

fn project() -> Sandbox {
    let batch =
        driver("b").replace("  \"batch_read\",\n", "  \"batch_read\",\n  \"batch_write\",\n");
    Sandbox::project(&[("contracts/a.toml", &driver("a")), ("contracts/b.toml", &batch)])
}

#[test]
fn matrix_prints_text_table() {
    let run = project().run(&["matrix"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    assert_eq!(
        run.stdout,
        "                         a  b\n\
         non_blocking_execute     yes  yes\n\
         bounded_concurrency      yes  yes\n\
         timeout_telemetry        yes  yes\n\
         retry_telemetry          yes  yes\n\
         batch_read               yes  yes\n\
         batch_write              -  yes\n\
         checkpoint_resume        -  -\n\
         idempotent_write         -  -\n\
         mixed_latency_tolerance  yes  yes\n"
    );
}

#[test]
fn matrix_prints_markdown_table() {
    let run = project().run(&["matrix", "--output-format", "markdown"]);
    let expected = "| capability | `a` | `b` |\n| --- | :-: | :-: |\n";
    assert!(run.stdout.starts_with(expected), "{}", run.stdout);
    assert!(run.stdout.contains("\n| `batch_write` |  | yes |\n"), "{}", run.stdout);
}

#[test]
fn matrix_prints_json() {
    let run = project().run(&["matrix", "--output-format", "json"]);
    let table: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(table["schema_version"], 1);
    assert_eq!(table["drivers"][1]["driver"], "b");
    let capabilities = table["drivers"][1]["capabilities"].as_array().unwrap();
    assert_eq!(capabilities.len(), 7);
    assert!(capabilities.contains(&json!("batch_write")));
}

#[test]
fn output_option_writes_matrix_to_file() {
    let sandbox = project();
    for format in ["text", "markdown", "json"] {
        let shown = sandbox.run(&["matrix", "--output-format", format]).stdout;
        let run = sandbox.run(&["matrix", "--output-format", format, "-o", "matrix"]);
        assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""));
        assert_eq!(sandbox.read("matrix"), shown);
    }
}

#[test]
fn matrix_accepts_hidden_format_option() {
    let project = project();
    let run = project.run(&["matrix", "--format", "markdown"]);
    assert_eq!(run, project.run(&["matrix", "--output-format", "markdown"]));
    assert!(!project.run(&["matrix", "--help"]).stdout.contains("--format"));
}

#[test]
fn read_errors_stop_matrix_and_lints_do_not() {
    let sandbox = project();
    sandbox.write("contracts/b.toml", stubborn("b"));
    assert_eq!(sandbox.run(&["matrix"]).code, 0);
    sandbox.write("contracts/b.toml", misspelt("b"));
    let run = sandbox.run(&["matrix", "-o", "matrix.txt"]);
    assert_eq!(run, sandbox.run(&["check"]));
    assert!(!sandbox.exists("matrix.txt"));
}
