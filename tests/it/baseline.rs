//! The identity of findings, and the findings that a baseline accepts.

mod documents;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use driverc::{
    configuration::{Configuration, EvidenceTerms, RuleLevel, RuleSetting},
    document::read_bytes,
    finding::{Finding, Level},
    lint::{self, AcceptedBy, BaselineLines, CheckContext, Findings, finding_identities},
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
fn lines(workspace: &Workspace, findings: &Findings) -> Vec<String> {
    let open = findings.open.iter().filter(|finding| finding.level >= Level::Warn);
    open.flat_map(|finding| finding_identities(workspace, finding)).collect()
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
        let found = check(&before, &configuration);
        let mut lines = lines(&before, &found);
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
    let lines = lines(&before, &check(&before, &configuration));
    assert_eq!(lines.len(), 2, "{lines:#?}");
    let accepted = |documents: &[_]| {
        open(&check(&workspace(documents, Some(&text(&lines))), &configuration)).join(" ")
    };
    assert_eq!(accepted(&old), "");
    let changed = two("max_attempts = 10", "jitter_percent = 0");
    assert_eq!(accepted(&changed), "retry-attempts-high");
}

#[test]
fn second_missing_budget_reopens_finding_about_first() {
    let support_tiers = ["tier1", "tier2"].map(|tier| Name::new(tier).unwrap()).to_vec();
    let configuration = Configuration { support_tiers, ..Configuration::default() };
    let (base, budgets) = BASE.split_once("[budget.heavy_data]").unwrap();
    let mixed = budgets.split_once("[budget.mixed_latency]").unwrap().1;
    let other = "[budget.mixed_latency.class.stream_adapter]\nmax_p95_latency_ms = 2000\n";
    for (tier, rule) in
        [("tier1", "support-tier-without-budget"), ("tier2", "budget-missing-profile")]
    {
        let base = base.replace("tier1", tier);
        let of = |budgets: &str| vec![("a.toml".to_owned(), format!("{base}{other}{budgets}"))];
        let one = of(&format!("[budget.mixed_latency]{mixed}"));
        let before = workspace(&one, None);
        let lines = text(&lines(&before, &check(&before, &configuration)));
        let accepted = |documents: &[_]| {
            open(&check(&workspace(documents, Some(&lines)), &configuration)).join(" ")
        };
        assert!(lines.contains(rule), "{lines}");
        assert_eq!(accepted(&one), "");
        assert_eq!(accepted(&of("")), rule);
    }
}

/// Returns three drivers like the example, named `a`, `b` and `c`, without budgets.
fn three_drivers() -> [String; 3] {
    let (driver, _) = BASE.split_once("[budget.heavy_data]").unwrap();
    ["a", "b", "c"].map(|name| driver.replace("example", name))
}

/// Checks that the baseline of the middle text accepts the first text, and that the last text has
/// exactly one finding that the baseline does not accept, of this rule.
fn improves_and_worsens(rule: &str, [better, accepted, worse]: [&str; 3]) {
    let level =
        RuleSetting { level: Some(RuleLevel::On(Level::Warn)), parameters: BTreeMap::new() };
    let rules = BTreeMap::from([(rule.to_owned(), level)]);
    let configuration = Configuration { rules, ..Configuration::default() };
    let of = |text: &str| vec![("a.toml".to_owned(), text.to_owned())];
    let before = workspace(&of(accepted), None);
    let lines = text(&lines(&before, &check(&before, &configuration)));
    assert!(lines.contains(rule), "{lines}");
    let open_in =
        |text: &str| open(&check(&workspace(&of(text), Some(&lines)), &configuration)).join(" ");
    assert_eq!([open_in(better), open_in(accepted), open_in(worse)], ["", "", rule]);
}

#[test]
fn another_driver_of_oversubscribed_server_reopens_finding() {
    let [a, b, c] = three_drivers();
    let server = "[server.main]\nmax_connections = 9\n[server.main.instances]\na = 2\nb = 2\n";
    let of = |drivers: &[&String], more: &str| {
        let drivers: String = drivers.iter().map(|driver| driver.as_str()).collect();
        format!("{drivers}{server}{more}")
    };
    let one = of(&[&a, &b], "").replace("b = 2\n", "");
    let texts = [one, of(&[&a, &b], ""), of(&[&a, &b, &c], "c = 1\n")];
    improves_and_worsens("server-oversubscribed", texts.each_ref().map(String::as_str));
}

#[test]
fn another_call_of_cycle_reopens_finding() {
    let drivers = three_drivers().concat();
    let call = |from: &str, to: &str| format!("[[call]]\nfrom = \"{from}\"\nto = \"{to}\"\n");
    let two = call("a", "b") + &call("b", "a");
    let three = call("a", "b") + &call("b", "c") + &call("c", "a");
    let texts = [drivers.clone(), drivers.clone() + &two, drivers.clone() + &three];
    improves_and_worsens("call-cycle", texts.each_ref().map(String::as_str));
    let other = call("a", "c") + &call("c", "a");
    let worse = drivers.clone() + &two + &other + &call("b", "c") + &call("c", "b");
    let texts = [drivers.clone() + &other, drivers + &two + &other, worse];
    improves_and_worsens("call-cycle", texts.each_ref().map(String::as_str));
}

#[test]
fn another_driver_with_shared_metric_reopens_finding() {
    let shared = three_drivers().map(|driver| {
        let (before, rest) = driver.split_once("latency_metric = ").unwrap();
        let (_, after) = rest.split_once('\n').unwrap();
        format!("{before}latency_metric = \"client_duration_seconds\"\n{after}")
    });
    let [a, b, c] = &shared;
    let d = c.replace("driver.c", "driver.d").replace("c_client", "d_client");
    let texts = [b.clone() + c, shared.concat(), a.clone() + b + c + &d];
    improves_and_worsens("metric-shared-across-drivers", texts.each_ref().map(String::as_str));
}

#[test]
fn another_unmet_bound_reopens_only_its_finding() {
    let driver = three_drivers()[0].clone();
    let requirement = |bounds: &str| {
        let names = "consumer = \"billing\"\ndriver = \"a\"\nowner = \"payments\"\n";
        format!("{driver}[[requirement]]\n{names}reason = \"nightly\"\n{bounds}")
    };
    let (both, tighter) = ("max_attempts = 2\n", "max_attempts = 1\n");
    let texts = [requirement("max_attempts = 3\n"), requirement(both), requirement(tighter)];
    improves_and_worsens("requirement-unmet", texts.each_ref().map(String::as_str));
    let more = requirement(&format!("{both}worst_case_ms = 1\n"));
    let texts = [requirement(both), requirement(both), more];
    improves_and_worsens("requirement-unmet", texts.each_ref().map(String::as_str));
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

/// Returns the findings about the baseline, with the text of their span.
fn of_baseline(
    documents: &[(String, String)],
    configuration: &Configuration,
    text: &str,
) -> String {
    let workspace = workspace(documents, Some(text));
    let findings = check(&workspace, configuration);
    let found = findings.open.iter().filter(|it| it.rule.name.starts_with("baseline-"));
    let shown = found.map(|finding| {
        let source = workspace.sources().source(finding.place.source);
        let place = source.lines().position(finding.place.span.start);
        format!(
            "{}:{}:{} {} {}: {}\n",
            source.name(),
            place.line,
            place.column,
            finding.level,
            finding.rule.name,
            finding.message
        )
    });
    shown.collect()
}

const LINE: &str =
    "finding|v1|rule=retry-attempts-high|driver=example|field=retry_policy.max_attempts|value=9";

#[test]
fn line_without_finding_is_reported_unless_its_rule_is_off() {
    let documents = example("max_attempts = 3", "max_attempts = 4");
    let unused = "driverc-baseline.txt:1:1 info baseline-unused: no finding matches this line\n";
    assert_eq!(of_baseline(&documents, &Configuration::default(), LINE), unused);
    let known: Vec<_> = rules::all().collect();
    let configured = |text: &str| {
        let (_, configuration, findings) = driverc::configuration::read(text.into(), &known);
        assert_eq!(findings, []);
        configuration
    };
    for off in [
        "[rules]\nretry-attempts-high = \"off\"\n",
        "[per-file-rules.\"a.toml\"]\nretry-attempts-high = \"off\"\n",
        "[rules]\nbaseline-unused = \"off\"\n",
    ] {
        assert_eq!(of_baseline(&documents, &configured(off), LINE), "", "{off}");
    }
    let error = configured("[rules]\nbaseline-unused = \"error\"\n");
    assert_eq!(of_baseline(&documents, &error, LINE), unused.replace("info", "error"));
    let unknown = "driverc-baseline.txt:1:1 info baseline-unused: no finding matches this line: \
                   there is no rule `no-such-rule`\n";
    let line = "finding|v1|rule=no-such-rule|driver=example";
    assert_eq!(of_baseline(&documents, &Configuration::default(), line), unknown);
}

#[test]
fn unused_lines_are_not_reported_if_documents_have_read_errors() {
    let documents = example("max_attempts = 3", "max_attempts = \"4\"");
    assert_eq!(of_baseline(&documents, &Configuration::default(), LINE), "");
}

#[test]
fn line_of_finding_that_comment_or_waiver_accepts_is_used() {
    let waiver = "\n[[waiver]]\nrule = \"retry-attempts-high\"\nreason = \"agreed\"\nowner = \"a\"\n\
                  expires = 2027-01-01\n";
    let comment = "max_attempts = 9 # driverc: ignore[retry-attempts-high] agreed";
    for (documents, by) in [
        (example("max_attempts = 3", comment), AcceptedBy::Comment),
        (
            vec![(
                "a.toml".to_owned(),
                BASE.replace("max_attempts = 3", "max_attempts = 9") + waiver,
            )],
            AcceptedBy::Waiver,
        ),
    ] {
        let workspace = workspace(&documents, Some(LINE));
        let findings = check(&workspace, &Configuration::default());
        assert_eq!(findings.open, [], "{by:?}");
        let accepted: Vec<_> = findings.accepted.iter().map(|accepted| accepted.by).collect();
        assert_eq!(accepted, [by]);
    }
}

#[test]
fn malformed_lines_are_errors_with_their_place() {
    let documents = example("max_attempts = 3", "max_attempts = 9");
    let text = format!(
        "<<<<<<< ours\n{LINE}\r\n\n=======\n# a comment\nfinding|v1|rule=a|driver=b|value=%2c\n>>>>>>> theirs"
    );
    let expected = "\
driverc-baseline.txt:1:1 error baseline-malformed: a merge conflict marker is not a line of a baseline
driverc-baseline.txt:4:1 error baseline-malformed: a merge conflict marker is not a line of a baseline
driverc-baseline.txt:5:2 error baseline-malformed: a signature must be visible ASCII, but contains U+0020
driverc-baseline.txt:6:28 error baseline-malformed: expected the end of the line, found `value`
driverc-baseline.txt:7:1 error baseline-malformed: a merge conflict marker is not a line of a baseline
";
    assert_eq!(of_baseline(&documents, &Configuration::default(), &text), expected);
    let workspace = workspace(&documents, Some(&text));
    let findings = check(&workspace, &Configuration::default());
    assert_eq!(open(&findings), [""; 0], "the valid line still applies");
}

#[test]
fn read_errors_are_never_accepted() {
    let documents = example("max_attempts = 3", "max_attempts = 0");
    let workspace = workspace(&documents, Some(""));
    let findings = check(&workspace, &Configuration::default());
    let error = &findings.open[0];
    assert_eq!(
        (error.rule.name, finding_identities(&workspace, error)),
        ("out-of-range", Vec::new())
    );
}
