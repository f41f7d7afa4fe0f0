//! The output of `driverc diff` in every format.

use driverc::{
    diff::{Difference, Severity},
    model::Vocabulary,
    report::{
        Style,
        diff::{DiffFormat, DiffReport, how_to_accept, write, write_step_summary},
    },
    workspace::Workspace,
};

use super::{configured, waiver, workspace};
use crate::diff::edits::{BASE, EDITS};

/// Breaking, risky and compatible changes, figures, new benchmarks, and changes that affect
/// verdicts.
fn many_changes() -> String {
    let new = BASE
        .replace("\"batch_read\"", "\"batch_write\"")
        .replace("max_attempts = 3", "max_attempts = 5")
        .replace("max_queue_depth = 200", "max_queue_depth = 400")
        .replace("jitter_percent = 50", "jitter_percent = 100")
        .replace("max_p95_latency_ms = 120", "max_p95_latency_ms = 168")
        .replace("min_throughput_ops_per_sec = 400", "min_throughput_ops_per_sec = 440")
        .replace("docs/tuning/postgres.md", "");
    let sample = |p95: u64, throughput: u64| {
        EDITS
            .iter()
            .find(|edit| edit.from == "# another sample")
            .expect("an edit")
            .to
            .replace("p95_latency_ms = 74", &format!("p95_latency_ms = {p95}"))
            .replace("= 449", &format!("= {throughput}"))
    };
    new + &sample(150, 450) + &sample(80, 410)
}

const REQUIREMENT: &str = r#"
[[requirement]]
consumer = "search"
driver = "example"
owner = "search-team"
reason = "the page gives up after 20 s"
max_attempts = 4
worst_case_ms = 20000
"#;

#[test]
fn difference_matches_snapshot_in_every_format() {
    let old_text = BASE.to_owned() + &waiver("contract-broken", "", "2026-11-01") + REQUIREMENT;
    let old = workspace(&[("contracts/a.toml", &old_text)]);
    let relaxed = REQUIREMENT.replace("max_attempts = 4", "max_attempts = 5");
    let new_text = many_changes() + &waiver("contract-broken", "", "2026-11-01") + &relaxed;
    let new = workspace(&[("contracts/b.toml", &new_text)]);
    assert_eq!(new.findings(), []);
    let mut difference = Difference::between(&old, &new, &configured());
    let accept = ["risky:example.max_queue_depth".parse().unwrap()];
    assert_eq!(difference.accept_by_arguments(&accept).len(), 0);
    difference.accept_by_waivers(&old, &new, "2026-11-01".parse().unwrap());
    snapshots(&comparison(&difference, [&old, &new], "1a2b3c4d5e"), "changes");
}

#[test]
fn hostile_difference_matches_snapshot_in_every_format() {
    const HOSTILE: &str = "\u{202e}::error::%0A|`<b>[x](y)\\\\";
    let old = workspace(&[("contracts/\u{1b}[31m.toml", BASE)]);
    let new = BASE
        .replace("example_timeouts_total", HOSTILE)
        .replace("docs/tuning/postgres.md", HOSTILE)
        .replace("tier2", HOSTILE);
    let new = workspace(&[("contracts/a|b\n.toml", &new)]);
    assert_eq!(new.findings(), []);
    let difference = Difference::between(&old, &new, &configured());
    snapshots(&comparison(&difference, [&old, &new], "`\u{7}<i>"), "hostile");
}

fn comparison<'c>(
    difference: &'c Difference,
    [old, new]: [&'c Workspace; 2],
    against: &'c str,
) -> DiffReport<'c> {
    DiffReport { difference, old, new, against, directory: "", fail_on: Severity::Risky }
}

fn snapshots(comparison: &DiffReport<'_>, name: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/diff"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for format in DiffFormat::ALL {
            let mut out = Vec::new();
            write(*format, comparison, &Style::default(), &mut out).expect("memory");
            let text = String::from_utf8(out).expect("text");
            insta::assert_snapshot!(format!("{name}-{}", format.label()), text);
        }
    });
}

/// A fleet of drivers that differ only in their names and metrics.
fn fleet(count: usize, edit: impl Fn(String) -> String) -> Workspace {
    let driver = &BASE[BASE.find("[driver.example]").expect("a driver")
        ..BASE.find("# another driver").expect("its end")];
    let text = |number| edit(driver.replace("example", &format!("d{number:04}")));
    workspace(&[("a.toml", &(0..count).map(text).collect::<String>())])
}

fn shorter(text: &str) -> String {
    text.replace("max_queue_depth = 200", "max_queue_depth = 100")
}

#[test]
fn markdown_joins_changes_that_differ_only_by_driver() {
    let (old, new) = (fleet(500, |text| text), fleet(500, |text| shorter(&text)));
    let difference = Difference::between(&old, &new, &configured());
    assert_eq!(difference.count(Severity::Risky), 500);
    let mut out = Vec::new();
    let comparison = comparison(&difference, [&old, &new], "main");
    write(DiffFormat::Markdown, &comparison, &Style::default(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| risky")).collect();
    assert_eq!(rows.len(), 1);
    let paths = "| risky | `d0000.max_queue_depth`<br>`d0001.max_queue_depth`<br>\
                 `d0002.max_queue_depth`<br>and 497 more | 200 | 100 |";
    assert!(rows[0].starts_with(paths), "{}", rows[0]);
    assert!(text.contains("\nDetails not shown for "), "{text}");
}

#[test]
fn markdown_is_truncated_to_fit_comment_and_step_summary() {
    // Each change has its own row.
    let (old, new) = (fleet(6_000, |text| text), fleet(0, |text| text));
    let difference = Difference::between(&old, &new, &configured());
    let comparison = comparison(&difference, [&old, &new], "main");
    let (mut comment, mut summary) = (Vec::new(), Vec::new());
    write(DiffFormat::Markdown, &comparison, &Style::default(), &mut comment).unwrap();
    write_step_summary(&comparison, &mut summary).unwrap();
    for (text, most) in [(comment, 65_536), (summary, 256 << 10)] {
        let text = String::from_utf8(text).unwrap();
        assert!(text.len() < most, "{}", text.len());
        assert!(text.len() > most / 2, "{}", text.len());
        let shown = text.lines().filter(|line| line.starts_with("| **breaking**")).count();
        let left = format!(
            "\nNot shown: {} more changes; `driverc diff --output-format full` shows all.\n",
            6_000 - shown
        );
        assert!(text.contains(&left), "{left}");
        assert!(text.contains("\nTo accept a change, merge a `[[waiver]]` for "), "{text}");
    }
}

#[test]
fn last_line_explains_how_to_accept_failing_change() {
    let new = BASE.replace("max_attempts = 3", "max_attempts = 4");
    let waived = new.clone() + &waiver("contract-weakened", "", "2026-12-31");
    let line = |new: &str, fail_on| {
        let (old, new) = (workspace(&[("a.toml", BASE)]), workspace(&[("a.toml", new)]));
        let mut difference = Difference::between(&old, &new, &configured());
        difference.accept_by_waivers(&old, &new, "2026-11-01".parse().unwrap());
        let comparison = DiffReport { fail_on, ..comparison(&difference, [&old, &new], "main") };
        how_to_accept(&comparison)
    };
    assert_eq!(line(&new, Severity::Breaking), None);
    assert_eq!(
        line(&new, Severity::Risky).unwrap(),
        "to accept a change, merge a `[[waiver]]` for `contract-weakened` first, or add \
         `--accept risky:example.retry_policy.max_attempts`"
    );
    assert_eq!(
        line(&waived, Severity::Risky).unwrap(),
        "to accept a change, merge the waiver in this change first, or add \
         `--accept risky:example.retry_policy.max_attempts`"
    );
}

#[test]
fn markdown_joins_equal_benchmark_changes_of_fleet() {
    let benchmark = |driver: &str, p50: u32| {
        let [start, end] = ["[[benchmark]]", "# another sample"].map(|text| BASE.find(text));
        let text = &BASE[start.expect("a benchmark")..end.expect("its end")];
        text.replace("example", driver)
            .replace("p50_latency_ms = 19", &format!("p50_latency_ms = {p50}"))
    };
    let drivers = ["a", "b", "c", "d"];
    let side = |p50| workspace(&[("a.toml", &drivers.map(|name| benchmark(name, p50)).concat())]);
    let (old, new) = (side(19), side(20));
    let difference = Difference::between(&old, &new, &configured());
    let mut out = Vec::new();
    let comparison = comparison(&difference, [&old, &new], "main");
    write(DiffFormat::Markdown, &comparison, &Style::default(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(
        text.contains("`benchmark.c.heavy_data.p50_latency_ms`<br>and 1 more | 19 ms | 20 ms |")
    );
}
