//! Laws of fixes: they change only the fault, cause no errors, and need only one run.
use crate::common::laws;

use std::{collections::BTreeSet, fs, path::Path};

use driverc::{
    configuration::Configuration,
    document,
    finding::Safety,
    fix::{self, Fixed},
    lint::{self, CheckContext},
    model::Date,
    rules,
    source::{Location, Source},
    workspace::Workspace,
};
use proptest::prelude::*;

fn workspace(text: &str) -> Workspace {
    let (text, document) = document::read_bytes(text.as_bytes().to_vec());
    Workspace::new(vec![(Source::new("a.toml", text), document)])
}

fn findings(workspace: &Workspace) -> Vec<driverc::Finding<Location>> {
    let configuration = Configuration::default();
    let today = Date::new(2026, 11, 1).unwrap();
    let context = CheckContext { configuration: &configuration, guides: None, today };
    lint::check(workspace, &context, str::to_owned).open
}

fn fixed(text: &str, allowed: Safety) -> Fixed {
    fix::fix(workspace(text), allowed, findings, |_| true)
}

fn text_of(workspace: &Workspace) -> String {
    workspace.sources().iter().map(|(_, source)| source.text().unwrap()).collect()
}

fn fixtures() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut texts = Vec::new();
    for folder in ["invalid", "valid"] {
        let Ok(entries) = fs::read_dir(root.join(folder)) else { continue };
        let files = entries.map(|entry| entry.unwrap().path());
        let read = files.filter_map(|path| fs::read(path).ok());
        texts.extend(read.filter_map(|bytes| String::from_utf8(bytes).ok()));
    }
    texts.sort();
    texts
}

#[test]
fn fix_laws_apply_to_every_fixture() {
    let fixtures = fixtures();
    assert!(fixtures.len() > 40, "{}", fixtures.len());
    for text in &fixtures {
        laws::fixes(text);
    }
}

/// Drivers with the same fault, so that their findings differ only in the place.
fn without_jitter(names: &[&str]) -> String {
    let driver = crate::cli::sandbox::driver("example");
    let faulty = driver.replace("jitter_percent = 100", "jitter_percent = 0");
    assert_ne!(faulty, driver);
    names.iter().map(|name| faulty.replace("example", name)).collect()
}

/// Fixes drivers without jitter. A fixed driver `b` has the same error as the first document of all.
fn fixed_unless_b(text: &str) -> Fixed {
    let check = |workspace: &Workspace| {
        let mut found = findings(workspace);
        let rule = rules::find("retry-no-jitter").unwrap();
        let error = rule.finding(found[0].place, "another fault");
        let jitter = workspace.driver("b").map(|driver| driver.retry_policy.jitter_percent.get());
        let errors = if jitter == Some(0) { 1 } else { 2 };
        found.extend(vec![error; errors]);
        found
    };
    fix::fix(workspace(text), Safety::Unsafe, check, |_| true)
}

#[test]
fn fix_that_duplicates_error_is_refused_and_other_fixes_are_applied() {
    for names in [["a", "b", "c"], ["b", "c", "d"], ["a", "c", "b"]] {
        let fixed = fixed_unless_b(&without_jitter(&names));
        let jitter = |name| fixed.workspace.driver(name).unwrap().retry_policy.jitter_percent.get();
        let unfixed: Vec<_> = names.into_iter().filter(|name| jitter(name) == 0).collect();
        assert_eq!((unfixed, fixed.applied, fixed.refused), (vec!["b"], 2, 1));
    }
}

#[test]
fn suggested_value_resolves_finding() {
    for text in fixtures() {
        let before: Vec<_> = findings(&workspace(&text));
        if before.iter().any(|finding| rules::is_of_reader(finding.rule)) {
            continue;
        }
        let fixable = before.iter().filter(|finding| finding.fix.is_some());
        let fixable: BTreeSet<_> = fixable.map(|finding| finding.rule.name).collect();
        let left = fixed(&text, Safety::Unsafe).findings;
        for finding in left {
            assert!(!fixable.contains(finding.rule.name), "{}\n{text}", finding.message);
        }
    }
}

/// A line of the Kafka contract or its budget, its replacement, and the fixed line.
const OTHER_QUANTITIES: [(&str, &str, &str); 28] = [
    ("request_ms", "request_s = 5", "request_ms = 5000"),
    ("request_ms", "request_sec = 5 # s", "request_ms = 5000 # s"),
    ("request_ms", "requestTimeoutSeconds = 5.0", "request_ms = 5000"),
    ("request_ms", "\"request-secs\" = '5'", "request_ms = 5000"),
    ("request_ms", "request_timeout = \"5s\"", "request_ms = 5000"),
    ("request_ms", "request_ms = 2.5e3", "request_ms = 2500"),
    ("request_ms", "request_ms = \"1m30s\"", "request_ms = 90000"),
    ("request_ms", "request_timeout = 5", "request_timeout = 5"),
    ("request_ms", "request_us = 1", "request_us = 1"),
    ("request_ms", "request_ms = \"500us\"", "request_ms = \"500us\""),
    ("idle_ms", "idle_min = 10", "idle_ms = 600000"),
    ("idle_ms", "idle_h = 200", "idle_h = 200"),
    ("base_backoff_ms", "base_backoff_us = 50000", "base_backoff_ms = 50"),
    ("base_backoff_ms", "min_backoff_ms = 50", "min_backoff_ms = 50"),
    ("max_attempts", "max_retries = 3", "max_attempts = 4"),
    ("max_attempts", "max_retries = 100", "max_retries = 100"),
    ("max_p95_latency_ms", "max_p90_latency_ms = 120", "max_p90_latency_ms = 120"),
    ("max_p95_latency_ms", "max_mean_latency_ms = 120", "max_mean_latency_ms = 120"),
    ("max_timeout_rate_bps", "max_timeout_rate_percent = 0.1", "max_timeout_rate_bps = 10"),
    ("max_timeout_rate_bps", "max_timeout_rate = 0.1", "max_timeout_rate = 0.1"),
    (
        "min_throughput_ops_per_sec",
        "min_throughput_ops_per_min = 24000",
        "min_throughput_ops_per_sec = 400",
    ),
    (
        "min_throughput_ops_per_sec",
        "min_throughput_kops_per_sec = 1 # k",
        "min_throughput_ops_per_sec = 1000 # k",
    ),
    (
        "min_throughput_ops_per_sec",
        "min_throughput_mb_per_sec = 1",
        "min_throughput_mb_per_sec = 1",
    ),
    ("max_queue_depth", "max_queue_depth_k = 2", "max_queue_depth = 2000"),
    ("max_p95_latency_ms", "max_p95_upper_latency_ms = 2", "max_p95_upper_latency_ms = 2"),
    ("request_ms", "request_bps = 5000", "request_bps = 5000"),
    ("idle_ms", "iddle_sec = 600", "idle_ms = 600000"),
    (
        "min_throughput_ops_per_sec",
        "max_throughput_ops_per_sec = 4",
        "max_throughput_ops_per_sec = 4",
    ),
];

/// Applies only the fixes of the reader, because other rules can change the number.
#[test]
fn keys_in_other_units_are_fixed_exactly_or_not_fixed() {
    let budget = "[budget.heavy_data.driver.kafka_async]\nmax_p95_latency_ms = 70\n\
                  max_timeout_rate_bps = 5\nmax_retry_rate_bps = 50\n\
                  min_throughput_ops_per_sec = 200\n";
    let contract = format!("{CONTRACT}\n{budget}");
    for (key, written, becomes) in OTHER_QUANTITIES {
        let with = |entry: &str| {
            let start = format!("{key} = ");
            let lines =
                contract.lines().map(|line| if line.starts_with(&start) { entry } else { line });
            lines.collect::<Vec<_>>().join("\n")
        };
        let text = with(written);
        let read_findings = |workspace: &Workspace| workspace.findings().to_vec();
        let found = read_findings(&workspace(&text));
        let about_key = found.iter().filter(|finding| finding.rule.name != "budget-incomplete");
        assert_eq!(about_key.count(), 1, "{written}: {found:?}");
        let fixed = fix::fix(workspace(&text), Safety::Unsafe, read_findings, |_| true);
        assert_eq!(text_of(&fixed.workspace), with(becomes), "{written}");
    }
}

/// The number of operations that retry together depends on the misspelt key.
#[test]
fn fix_that_depends_on_renamed_key_needs_second_run() {
    let line = CONTRACT.lines().find(|line| line.starts_with("jitter_percent")).unwrap();
    let text = CONTRACT.replace(line, "jitter_percent = 0");
    let misspelt = text.replace("max_in_flight", "max_in_flght");
    let first = fixed(&misspelt, Safety::Unsafe);
    assert_eq!(text_of(&first.workspace), text);
    assert_eq!((first.applied, first.postponed), (1, 1));
    let second = fixed(&text, Safety::Unsafe);
    assert_eq!(
        text_of(&second.workspace),
        text.replace("jitter_percent = 0", "jitter_percent = 34")
    );
    assert_eq!(second.postponed, 0);
}

#[test]
fn fix_never_changes_figures_or_budgets() {
    let sample = "[[benchmark]]\ndriver = \"kafka_async\"\nprofile = \"heavy_data\"\n\
                  p50_latency_ms = 100000\np95_latency_ms = 200000\ntimeout_rate_bps = 1\n\
                  retry_rate_bps = 2000\nthroughput_ops_per_sec = 50\n";
    let budget = "[budget.heavy_data]\nmax_p95_latency_ms = 70\nmax_timeout_rate_bps = 5\n\
                  max_retry_rate_bps = 5000\nmin_throughput_ops_per_sec = 20\n";
    let text = format!("{CONTRACT}\n{sample}\n{budget}");
    let fixed = fixed(&text, Safety::Unsafe);
    let left: BTreeSet<_> = fixed.findings.iter().map(|finding| finding.rule.name).collect();
    assert!(left.contains("sample-latency-exceeds-policy"), "{left:?}");
    assert!(left.contains("budget-retry-loose"), "{left:?}");
    assert_eq!(text_of(&fixed.workspace), text);
}

#[test]
fn comments_of_other_tools_survive_removal_of_suppression() {
    let with = |line: &str| {
        let lines =
            CONTRACT.lines().map(|own| if own.starts_with("max_attempts") { line } else { own });
        format!("#:schema ../contracts.schema.json\n{}\n", lines.collect::<Vec<_>>().join("\n"))
    };
    for other in
        ["# noqa", "# nosec", "#nosec", "# eslint-disable", "# TODO fix", "# see JIRA-1 # max 5"]
    {
        let start = "max_attempts = 2 # tombi: format.rules";
        let line = format!("{start} # driverc: ignore[queue-zero] why {other}");
        let left = text_of(&fixed(&with(&line), Safety::Safe).workspace);
        assert_eq!(left, with(&format!("{start} {other}")));
    }
}

const CONTRACT: &str = include_str!("../../contracts/kafka.toml");
const BUDGETS: &str = "
[budget.heavy_data]
max_p95_latency_ms = 70
max_timeout_rate_bps = 5
max_retry_rate_bps = 50
min_throughput_ops_per_sec = 200

[budget.mixed_latency]
max_p95_latency_ms = 100
max_timeout_rate_bps = 5
max_retry_rate_bps = 50
min_throughput_ops_per_sec = 330
";

/// The Kafka contract with some of its numbers changed.
fn mutated() -> impl Strategy<Value = String> {
    let number = prop_oneof![0..20_u64, 0..2_000_u64, 0..2_000_000_u64];
    let changes = prop::collection::vec((any::<prop::sample::Index>(), number), 1..6);
    let capability = any::<prop::sample::Index>();
    (changes, capability, any::<bool>(), any::<bool>()).prop_map(
        |(changes, capability, drop, crlf)| {
            let mut lines: Vec<String> = CONTRACT.lines().map(str::to_owned).collect();
            let numeric = |line: &String| {
                line.split_once(" = ").is_some_and(|(_, value)| {
                    value.trim_start().starts_with(|first: char| first.is_ascii_digit())
                })
            };
            let places: Vec<usize> =
                (0..lines.len()).filter(|index| numeric(&lines[*index])).collect();
            for (index, number) in changes {
                let line = &mut lines[places[index.index(places.len())]];
                let key = line.split_once(" = ").unwrap().0;
                *line = format!("{key} = {number} # changed");
            }
            if drop {
                let words = |line: &String| line.trim_start().starts_with('"');
                let words: Vec<usize> =
                    (0..lines.len()).filter(|index| words(&lines[*index])).collect();
                lines.remove(words[capability.index(words.len())]);
            }
            lines.extend(BUDGETS.lines().map(str::to_owned));
            lines.join(if crlf { "\r\n" } else { "\n" })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn fix_laws_apply_to_mutated_contracts(text in mutated()) {
        laws::fixes(&text);
    }
}

#[test]
fn fix_changes_only_faulty_key() {
    let text = "\u{feff}# first\r\n[[waiver]] # odd  spacing\r\n  rule   =  'retry-attempts-high'\r\n\
                reasn = \"x\"\r\nowner=\"team\"\r\nexpires = 2030-01-01 # last\r\n";
    let expected = text.replace("reasn", "reason");
    assert_eq!(text_of(&fixed(text, Safety::Unsafe).workspace), expected);
    assert_eq!(text_of(&fixed(text, Safety::Safe).workspace), text, "a rename changes a promise");
}
