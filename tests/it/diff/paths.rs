//! The paths that `--accept` takes. Each path names one change.

use driverc::diff::{Accept, Acceptance, Ambiguous, Change, Difference, Severity, Unused};

use super::between;
use crate::diff::edits::{BASE, EDITS};

fn accept(argument: &str) -> Accept {
    argument.parse().expect("an argument")
}

fn open(difference: &Difference) -> Vec<String> {
    difference.open().map(Change::path).collect()
}

/// The base without its two capabilities.
fn without_capabilities() -> Difference {
    let list = r#"capabilities = ["non_blocking_execute", "batch_read"]"#;
    between(BASE, &BASE.replace(list, "capabilities = []"))
}

#[test]
fn accept_argument_accepts_single_removed_capability() {
    let mut difference = without_capabilities();
    let paths = ["example.capabilities.batch_read", "example.capabilities.non_blocking_execute"];
    assert_eq!(open(&difference), paths);
    let arguments = [accept("breaking:example.capabilities.batch_read")];
    assert_eq!(difference.accept_by_arguments(&arguments), []);
    assert_eq!(open(&difference), paths[1..]);
    // The shared path now fits only one open change.
    let shared = [accept("breaking:example.capabilities")];
    assert_eq!(difference.accept_by_arguments(&shared), []);
    assert_eq!(difference.open().count(), 0);
}

#[test]
fn ambiguous_path_accepts_no_change() {
    let mut difference = without_capabilities();
    let arguments = [accept("breaking:example.capabilities")];
    let unused = difference.accept_by_arguments(&arguments);
    let instead = ["batch_read", "non_blocking_execute"]
        .map(|word| accept(&format!("breaking:example.capabilities.{word}")));
    let ambiguous = Ambiguous { argument: &arguments[0], instead: instead.to_vec() };
    assert_eq!(unused, [Unused::Ambiguous(ambiguous)]);
    assert_eq!(
        unused[0].to_string(),
        "`--accept breaking:example.capabilities` matches 2 changes and accepts none; name one of \
         `breaking:example.capabilities.batch_read`, \
         `breaking:example.capabilities.non_blocking_execute`"
    );
    assert_eq!(difference.open().count(), 2);
}

#[test]
fn path_with_wrong_severity_accepts_no_change() {
    let mut difference = without_capabilities();
    let arguments = [accept("risky:example.capabilities.batch_read"), accept("breaking:example")];
    let unused = difference.accept_by_arguments(&arguments);
    assert_eq!(unused, [Unused::Nothing(&arguments[0]), Unused::Nothing(&arguments[1])]);
    assert_eq!(unused[1].to_string(), "`--accept breaking:example` accepts nothing");
}

#[test]
fn paths_of_several_benchmarks_for_driver_are_numbered() {
    let another = EDITS.iter().find(|edit| edit.from == "# another sample").expect("an edit");
    let both = another.apply();
    let slower = both
        .replace("p95_latency_ms = 73", "p95_latency_ms = 83")
        .replace("p95_latency_ms = 74", "p95_latency_ms = 84");
    let mut difference = between(&both, &slower);
    let paths =
        [1, 2].map(|number| format!("benchmark.example.heavy_data.{number}.p95_latency_ms"));
    assert_eq!(open(&difference), paths);
    let second = [accept(&format!("risky:{}", paths[1]))];
    assert_eq!(difference.accept_by_arguments(&second), []);
    assert_eq!(difference.changes[1].accepted, Some(Acceptance::Argument));
    assert_eq!(difference.count(Severity::Risky), 1);
    // A single benchmark needs no number.
    let slower = BASE.replace("p95_latency_ms = 73", "p95_latency_ms = 83");
    assert_eq!(open(&between(BASE, &slower)), ["benchmark.example.heavy_data.p95_latency_ms"]);
}
