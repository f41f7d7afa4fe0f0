//! Hostile text in files that `driverc import` reads.

use super::{ESCAPES, TEXTS, assert_seen, quoted};
use crate::cli::sandbox::Sandbox;

#[test]
fn import_preserves_hostile_text_and_refuses_control_characters() {
    let report = include_str!("../../../import/vegeta/report.json");
    let import = ["import", "vegeta", "-", "--driver", "a", "--profile", "heavy_data"];
    let figures = ["--timeouts", "0", "--retries", "0"];
    for text in TEXTS {
        let sandbox = Sandbox::project(&[]);
        let arguments = [&import[..], &figures, &["--source", text]].concat();
        let run = sandbox.pipe(report, &arguments);
        assert_eq!((run.code, &*run.stderr), (0, ""), "{text:?}");
        assert_seen(&run.stdout);
        let read: toml::Table = toml::from_str(&run.stdout).unwrap();
        let source = read["benchmark"][0]["source"].as_str().unwrap();
        assert!(source.contains(text), "{source}");
        let version = [&import[..], &figures, &["--tool-version", text]].concat();
        assert_seen(&sandbox.pipe(report, &version).stdout);
    }
    for (text, _) in &ESCAPES[..4] {
        let text: String = serde_json::from_str(&format!("\"{text}\"")).unwrap();
        let sandbox = Sandbox::project(&[]);
        let arguments = [&import[..], &figures, &["--source", &text]].concat();
        let run = sandbox.pipe(report, &arguments);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{text:?}");
        assert_seen(&run.stderr);
    }
}

/// Error messages quote the keys and words of a tool's file.
#[test]
fn import_errors_escape_hostile_text() {
    let sandbox = Sandbox::project(&[]);
    let escapes = ESCAPES.iter().map(|(text, _)| format!("\"{text}\""));
    for text in TEXTS.iter().map(|text| quoted(text)).chain(escapes) {
        for (tool, file) in [
            ("k6", format!("{{\"metrics\": {{{text}: {{\"values\": {text}}}}}}}")),
            ("k6", format!("{{\"metrics\": {{\"http_reqs\": {{\"count\": {text}}}}}}}")),
            ("ghz", format!("{{\"count\": 1, \"options\": {{{text}: 1}}, \"date\": {text}}}")),
            ("ghz", format!("{{\"errorDistribution\": {{{text}: {text}}}}}")),
            ("oha", format!("{{\"summary\": {{{text}: {text}}}}}")),
            ("warp", format!("{{\"by_op_type\": {{{text}: {text}}}, \"total\": {text}}}")),
            ("vegeta", format!("{{\"status_codes\": {{{text}: {text}}}}}")),
            ("hgrm", text.clone()),
            ("pgbench", format!("1 2 3 {text} 5 6\n")),
            ("kafka-producer-perf-test", text.clone()),
            ("clickhouse-benchmark", format!("{text}\n50.000% {text} sec.\n")),
        ] {
            let import = ["import", tool, "-", "--driver", "a", "--profile", "heavy_data"];
            let run = sandbox.pipe(&file, &import);
            assert_eq!((run.code, &*run.stdout), (2, ""), "{tool} {file}");
            let is_one = run.stderr.starts_with("error: ") && run.stderr.lines().count() == 1;
            assert!(is_one, "{tool} {file}: {}", run.stderr);
            assert_seen(&run.stderr);
        }
    }
}
