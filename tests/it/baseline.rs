//! The identity of findings, and the findings that a baseline accepts.

mod documents;
mod parts;
mod reported;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use driverc::{
    configuration::{Configuration, EvidenceTerms, RuleLevel, RuleSetting},
    document::read_bytes,
    finding::{Finding, Level},
    lint::{self, BaselineLines, CheckContext, Findings, finding_identities},
    model::{AgeDays, Name},
    parse_finding_signature,
    rules::{self, Evidence, KnownContracts, RequestedBy},
    source::{Location, Source},
    workspace::Workspace,
};
use proptest::prelude::*;

use self::documents::{Choices, declarations, documents, fixtures};

/// A contract without findings, with two budgets.
const BASE: &str = include_str!("../rules/base.toml");
const TODAY: &str = "2026-11-01";

static FIXTURES: LazyLock<Vec<String>> = LazyLock::new(fixtures);

/// The fixtures whose findings do not depend on their files.
static READABLE: LazyLock<Vec<String>> = LazyLock::new(|| {
    let is_readable = |text: &&String| {
        !depends_on_files(&workspace(&[("a.toml".to_owned(), (*text).clone())], None))
    };
    FIXTURES.iter().filter(is_readable).cloned().collect()
});

/// Read errors in values of drivers. With other read errors, such as duplicates and unknown names,
/// the findings can depend on the files.
const IN_VALUES: [&str; 4] = ["missing-key", "out-of-range", "unknown-key", "wrong-type"];

/// Returns true if the order and the files of the declarations can matter.
fn depends_on_files(workspace: &Workspace) -> bool {
    workspace.findings().iter().any(|finding| !IN_VALUES.contains(&finding.rule.name))
}

/// Returns a configuration in which every rule is on.
fn configuration() -> Configuration {
    let tiers = ["tier1", "tier2"].map(|tier| Name::new(tier).unwrap());
    let mut configuration =
        Configuration { support_tiers: tiers.to_vec(), ..Configuration::default() };
    for rule in rules::configurable() {
        let setting =
            RuleSetting { level: Some(RuleLevel::On(rule.level)), parameters: BTreeMap::new() };
        configuration.rules.insert(rule.name.to_owned(), setting);
    }
    for tier in ["tier1", "tier2", "fresh"] {
        let terms =
            EvidenceTerms { max_age_days: AgeDays::new(90).ok(), ..EvidenceTerms::default() };
        configuration.evidence.insert(Name::new(tier).unwrap(), terms);
    }
    configuration
}

fn workspace(documents: &[(String, String)], baseline: Option<&str>) -> Workspace {
    let read = |(name, text): &(String, String)| {
        let (text, document) = read_bytes(text.as_bytes().to_vec());
        (Source::new(name, text), document)
    };
    let mut workspace = Workspace::new(documents.iter().map(read).collect());
    if let Some(text) = baseline {
        workspace.set_baseline(Source::new("driverc-baseline.txt", text));
    }
    workspace
}

fn check(workspace: &Workspace, configuration: &Configuration) -> Findings {
    let context = CheckContext { configuration, guides: None, today: TODAY.parse().unwrap() };
    lint::check(workspace, &context, str::to_owned)
}

/// Returns the findings of a run that judges benchmarks.
fn judge(workspace: &Workspace, configuration: &Configuration) -> Findings {
    let (known, today) = (KnownContracts::new(), TODAY.parse().unwrap());
    let evidence = Evidence { configuration, today, known: &known, asked: RequestedBy::ToJudge };
    lint::check_samples(workspace, &evidence, str::to_owned)
}

fn all(findings: &Findings) -> impl Iterator<Item = &Finding<Location>> {
    let accepted = findings.accepted.iter().map(|accepted| &accepted.finding);
    findings.open.iter().chain(accepted)
}

/// Returns the identities of all findings, open or not.
fn identities(workspace: &Workspace, configuration: &Configuration) -> BTreeSet<String> {
    let both = [check(workspace, configuration), judge(workspace, configuration)];
    let lines = both.iter().flat_map(all);
    lines.flat_map(|finding| finding_identities(workspace, finding)).collect()
}

/// Returns the lines that `driverc baseline` would write.
fn lines(workspace: &Workspace, configuration: &Configuration) -> Vec<String> {
    let context = CheckContext { configuration, guides: None, today: TODAY.parse().unwrap() };
    let lines = lint::open_identities(workspace, &context, Level::Warn, str::to_owned);
    lines.into_iter().collect()
}

fn text(lines: &[String]) -> String {
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

/// Returns the rules of the errors and warnings that a baseline could list.
fn open(findings: &Findings) -> Vec<&'static str> {
    let open = findings.open.iter();
    let listed = open.filter(|finding| finding.path.is_some() && finding.level >= Level::Warn);
    listed.map(|finding| finding.rule.name).collect()
}

/// Returns the documents of the example with one line replaced.
fn example(from: &str, to: &str) -> Vec<(String, String)> {
    assert!(BASE.contains(from), "{from}");
    vec![("a.toml".to_owned(), BASE.replace(from, to))]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn identities_do_not_depend_on_files_and_order(
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..10),
        seed in any::<u64>(),
    ) {
        let declarations = declarations(picks.iter().map(|pick| pick.get(&READABLE)));
        let configuration = configuration();
        let of = |documents: &[_]| identities(&workspace(documents, None), &configuration);
        if depends_on_files(&workspace(&documents(&declarations, None), None)) {
            return Ok(());
        }
        let together = of(&documents(&declarations, None));
        let moved = documents(&declarations, Some(&mut Choices::new(seed)));
        prop_assert_eq!(&together, &of(&moved), "{:#?}", moved);
        for line in together {
            prop_assert_eq!(parse_finding_signature(&line).err(), None, "{}", line);
        }
    }

    #[test]
    fn written_baseline_accepts_all_its_findings_in_any_order(
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..6),
        seed in any::<u64>(),
    ) {
        let declarations = declarations(picks.iter().map(|pick| pick.get(&READABLE)));
        let (configuration, mut choices) = (configuration(), Choices::new(seed));
        let before = workspace(&documents(&declarations, None), None);
        if depends_on_files(&before) {
            return Ok(());
        }
        let mut lines = lines(&before, &configuration);
        let moved = documents(&declarations, Some(&mut choices));
        let written = check(&workspace(&moved, Some(&text(&lines))), &configuration);
        prop_assert_eq!(open(&written), [""; 0]);
        // Doubled lines in another order, as a union merge leaves them.
        lines.extend(lines.clone());
        choices.shuffle(&mut lines);
        let merged = check(&workspace(&moved, Some(&text(&lines))), &configuration);
        let places = |findings: &Findings| -> Vec<_> {
            all(findings).map(|it| (it.rule.name, it.message.clone(), it.place)).collect()
        };
        prop_assert_eq!(places(&merged), places(&written));
        let malformed = ["baseline-malformed", "baseline-unused"];
        let of_baseline = merged.open.iter().filter(|it| malformed.contains(&it.rule.name));
        prop_assert_eq!(of_baseline.count(), 0);
    }
}

proptest! {
    #[test]
    fn any_text_is_a_baseline_with_faults_in_its_lines(
        text in "(finding\\|v1\\||rule=|driver=|[a-c=|%,:\r\n é\u{0}-\u{7f}])*",
    ) {
        let parsed = BaselineLines::parse(&text);
        for fault in parsed.faults() {
            prop_assert!(text.get(fault.place.range()).is_some(), "{:?}", fault.place);
        }
        for line in parsed.lines() {
            prop_assert!(text.lines().any(|other| other == line));
            let alone = BaselineLines::parse(line);
            prop_assert_eq!(alone.lines().collect::<Vec<_>>(), [line]);
        }
    }
}

#[test]
fn every_rule_that_check_runs_has_identities() {
    let configuration = configuration();
    let mut without = BTreeSet::new();
    for text in FIXTURES.iter() {
        let workspace = workspace(&[("a.toml".to_owned(), text.clone())], None);
        for finding in all(&check(&workspace, &configuration)) {
            let is_listed = !finding_identities(&workspace, finding).is_empty();
            let lint = rules::ALL.iter().find(|lint| lint.rule == finding.rule).unwrap();
            let expected = !matches!(lint.check, rules::Check::Reader | rules::Check::Acceptance);
            if is_listed != expected {
                without.insert(finding.rule.name);
            }
        }
    }
    assert_eq!(without, BTreeSet::new());
}

/// Returns the identities of a fixture's findings of the rule that it is named after.
fn of_fixture(name: &str) -> Vec<String> {
    let path = format!("{}/tests/fixtures/invalid/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let workspace = workspace(&[("a.toml".to_owned(), text)], None);
    let rule = format!("rule={}|", name.split("--").next().unwrap());
    let lines = identities(&workspace, &configuration()).into_iter();
    lines.filter(|line| line.contains(&rule)).collect()
}

#[test]
fn identities_name_declarations_field_and_value() {
    for (fixture, expected) in [
        ("retry-attempts-high", "|driver=example|field=retry_policy.max_attempts|value=4"),
        ("name-near-duplicate", "driver=example|driver=examplo"),
        ("provider-module-shared", "|driver=second|field=provider_module|value=sqlx::postgres"),
        (
            "budget-impossible",
            "|budget=heavy_data|scope=all|driver=example|field=min_throughput_ops_per_sec|value=40",
        ),
        ("call-amplification", "|field=retry_policy.max_attempts|value="),
        ("server-oversubscribed", "|server=main_pg|field=max_connections|value=172"),
        ("template-unused", "|template=batch"),
        ("sample-littles-law", "benchmark=sha256:"),
        ("call-cycle", "call=sha256:"),
        ("budget-p99-below-p95--microseconds", "|field=max_p99_latency_us|value="),
    ] {
        let lines = of_fixture(fixture);
        assert!(lines.iter().any(|line| line.contains(expected)), "{fixture}: {lines:#?}");
    }
}

#[test]
fn changed_value_reopens_exactly_its_finding() {
    let configuration = Configuration::default();
    let two = |attempts: &str, depth: &str| {
        let text = BASE.replace("max_attempts = 3", attempts);
        vec![("a.toml".to_owned(), text.replace("jitter_percent = 100", depth))]
    };
    let old = two("max_attempts = 9", "jitter_percent = 0");
    let before = workspace(&old, None);
    let lines = lines(&before, &configuration);
    assert_eq!(lines.len(), 2, "{lines:#?}");
    let accepted = |documents: &[_]| {
        open(&check(&workspace(documents, Some(&text(&lines))), &configuration)).join(" ")
    };
    assert_eq!(accepted(&old), "");
    let changed = two("max_attempts = 10", "jitter_percent = 0");
    assert_eq!(accepted(&changed), "retry-attempts-high");
}

#[test]
fn value_of_template_is_value_of_driver() {
    let template =
        "[template.many.retry_policy]\nmax_attempts = 9\n\n[driver.example]\nlike = \"many\"\n";
    let own = BASE.replace("max_attempts = 3", "max_attempts = 9");
    let taken = BASE.replace("[driver.example]\n", template).replace("max_attempts = 3\n", "");
    let of = |text: String| {
        identities(&workspace(&[("a.toml".to_owned(), text)], None), &Configuration::default())
    };
    let lines = of(taken);
    let expected = "finding|v1|rule=retry-attempts-high|driver=example|field=retry_policy.max_attempts|value=9";
    assert!(lines.contains(expected), "{lines:#?}");
    assert_eq!(lines, of(own));
}

#[test]
fn long_value_is_replaced_by_its_digest() {
    let module = format!("sqlx::{}", "x".repeat(80));
    let text = BASE.replace("sqlx::postgres", &module);
    let other = text.replace("example", "other");
    let twice = text + other.split("[budget").next().unwrap();
    let lines = identities(&workspace(&[("a.toml".to_owned(), twice)], None), &configuration());
    let shared = lines.iter().find(|line| line.contains("provider-module-shared")).unwrap();
    let (_, value) = shared.split_once("|value=").unwrap();
    assert!(value.starts_with("sha256:") && value.len() == 71, "{shared}");
}
