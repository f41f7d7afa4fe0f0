//! The findings of every kind of invalid document.
//!
//! An entry of `fixtures/invalid` is a document or a folder of documents, named after its rule. Its
//! findings are the snapshot with the same name.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use driverc::{
    configuration::{Configuration, EvidenceTerms, RuleLevel, RuleSetting},
    document::read_bytes,
    finding::Finding,
    lint::{self, CheckContext},
    model::{AgeDays, Date, Name},
    report::{FindingsReport, Format, Style, write},
    rules::{ALL, Check, Evidence, KnownContracts, Lint, RequestedBy},
    source::{Location, Source},
    workspace::Workspace,
};

/// Fixtures with faults of several rules, and the other rules that they raise.
const RAISE_OTHERS: &[(&str, &[&str])] = &[
    ("duplicate-declaration--driver", &["unknown-key"]),
    ("invalid-utf8--hides-nothing", &["unknown-key"]),
    ("missing-key--two-misspelt", &["unknown-key"]),
    ("missing-key--no-name", &["wrong-type"]),
    ("unknown-driver--misspelt-profile", &["unknown-word"]),
    ("unknown-driver--misspelt-tables", &["unknown-key", "unknown-word"]),
    ("unknown-key--another-table", &["missing-key"]),
    ("unknown-key--other-statistic", &["unknown-driver"]),
    ("unknown-word--twice", &["unknown-key"]),
    ("waiver-unused--field", &["retry-attempts-high"]),
    ("wrong-type--capabilities", &["timeout-idle-beyond-server"]),
    ("wrong-type--tier-of-server", &["server-oversubscribed"]),
];

/// Rules that report nothing unless the project declares support tiers.
const NEED_TIERS: [&str; 2] = ["support-tier-unknown", "support-tier-without-budget"];

/// The support tier for which the project requires benchmarks of at most 90 days. A requirement
/// makes `check` examine benchmarks, too.
const FRESH: &str = "fresh";

const TEN_MISTAKES: &str = "ten-mistakes";

/// A fixture and all its findings.
struct Fixture {
    stem: String,
    workspace: Workspace,
    findings: Vec<Finding<Location>>,
}

impl Fixture {
    /// Reads and checks an entry of the fixture folder.
    fn check(folder: &Path, entry: &str) -> Self {
        let documents = files_of(folder, entry).into_iter().map(|name| {
            let (text, document) = read_bytes(fs::read(folder.join(&name)).expect("a file"));
            (Source::new(name, text), document)
        });
        let workspace = Workspace::new(documents.collect());
        let stem = entry.strip_suffix(".toml").unwrap_or(entry).to_owned();
        let configuration = configuration(rule_of(&stem));
        let guides = BTreeSet::from(["docs/tuning/example.md".to_owned()]);
        let today = "2026-10-31".parse().expect("a date");
        let context = CheckContext { configuration: &configuration, guides: Some(&guides), today };
        let mut findings = lint::check(&workspace, &context, str::to_owned).open;
        if rule_of(&stem).is_some_and(|lint| matches!(lint.check, Check::Evidence(_))) {
            findings.extend(judged(&workspace, &configuration, today, &findings));
        }
        Self { stem, workspace, findings }
    }

    /// Returns every entry of the fixture folder.
    fn all() -> impl Iterator<Item = Self> {
        names_in(&folder()).into_iter().map(|entry| Self::check(&folder(), &entry))
    }

    fn rendered(&self) -> String {
        let mut out = Vec::new();
        let sources = self.workspace.sources();
        let run = FindingsReport::of(&self.findings, sources);
        let written = write(Format::Full, &run, &Style::default(), &mut out);
        written.expect("memory to write to");
        String::from_utf8(out).expect("text")
    }

    /// Returns the rule and the position of every finding.
    fn places(&self) -> Vec<(&'static str, usize, usize)> {
        let place = |finding: &Finding<Location>| {
            let source = self.workspace.sources().source(finding.place.source);
            let start = source.lines().position(finding.place.span.start);
            (finding.rule.name, start.line, start.column)
        };
        self.findings.iter().map(place).collect()
    }
}

/// Returns findings that only a run that judges benchmarks reports.
fn judged(
    workspace: &Workspace,
    configuration: &Configuration,
    today: Date,
    reported: &[Finding<Location>],
) -> Vec<Finding<Location>> {
    let known = KnownContracts::new();
    let evidence = Evidence { configuration, today, known: &known, asked: RequestedBy::ToJudge };
    let mut findings = lint::check_samples(workspace, &evidence, str::to_owned).open;
    findings.retain(|finding| !reported.contains(finding));
    findings
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/invalid")
}

fn snapshots() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/invalid")
}

/// Returns the names in a folder, sorted.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let names = entries.map(|entry| entry.file_name().into_string());
    let mut names: Vec<_> = names.map(|name| name.expect("a name in Unicode")).collect();
    names.sort();
    names
}

/// Returns the files of a fixture, relative to the fixture folder.
fn files_of(folder: &Path, entry: &str) -> Vec<String> {
    let path = folder.join(entry);
    if path.is_file() {
        return vec![entry.to_owned()];
    }
    names_in(&path).into_iter().map(|name| format!("{entry}/{name}")).collect()
}

fn rule_name(stem: &str) -> &str {
    stem.split_once("--").map_or(stem, |(name, _)| name)
}

/// Returns the rule that a fixture is named after, or `None` if it shows many rules.
fn rule_of(stem: &str) -> Option<&'static Lint> {
    let name = rule_name(stem);
    let lint = ALL.iter().find(|lint| lint.rule.name == name);
    assert!(lint.is_some() || stem == TEN_MISTAKES, "{stem} is not named after a rule");
    lint
}

/// Turns the rule on, even if it is off by default, and declares support tiers if the rule needs
/// them.
fn configuration(lint: Option<&Lint>) -> Configuration {
    let mut configuration = Configuration::default();
    let Some(Lint { rule, .. }) = lint else { return configuration };
    let level = Some(RuleLevel::On(rule.level));
    configuration
        .rules
        .insert(rule.name.to_owned(), RuleSetting { level, parameters: BTreeMap::new() });
    if NEED_TIERS.contains(&rule.name) {
        let tiers = ["tier1", "tier2"].map(|tier| Name::new(tier).expect("a name"));
        configuration.support_tiers = tiers.to_vec();
    }
    let fresh = EvidenceTerms { max_age_days: AgeDays::new(90).ok(), ..EvidenceTerms::default() };
    configuration.evidence.insert(Name::new(FRESH).expect("a name"), fresh);
    configuration
}

#[test]
fn fixture_findings_match_snapshots() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(snapshots());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for fixture in Fixture::all() {
            insta::assert_snapshot!(fixture.stem.as_str(), fixture.rendered());
        }
    });
}

#[test]
fn every_snapshot_belongs_to_fixture() {
    let stems: BTreeSet<_> = Fixture::all().map(|fixture| fixture.stem).collect();
    let is_left_over =
        |name: &String| name.strip_suffix(".snap").is_some_and(|stem| !stems.contains(stem));
    let left_over: Vec<_> = names_in(&snapshots()).into_iter().filter(is_left_over).collect();
    assert_eq!(left_over, [""; 0]);
}

#[test]
fn each_invalid_fixture_triggers_only_its_rule() {
    let mut surprises = Vec::new();
    for fixture in Fixture::all() {
        let Some(lint) = rule_of(&fixture.stem) else { continue };
        let besides = RAISE_OTHERS.iter().find(|(stem, _)| *stem == fixture.stem);
        let mut expected = BTreeSet::from([lint.rule.name]);
        expected.extend(besides.into_iter().flat_map(|(_, rules)| *rules));
        let raised: BTreeSet<_> =
            fixture.findings.iter().map(|finding| finding.rule.name).collect();
        if raised != expected {
            surprises.push(format!("{}: {raised:?}", fixture.stem));
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

/// A baseline is not a document. The broken configurations show a built-in word that is declared
/// again. Command line tests cover a
/// file that is too large and a path that leaves the project. The tests of limits cover a file with
/// too many findings.
const WITHOUT_FIXTURE: [&str; 5] = [
    "baseline-malformed",
    "file-too-large",
    "path-outside-project",
    "too-many-findings",
    "vocabulary-shadowed",
];

#[test]
fn every_reading_rule_has_fixture() {
    let entries = names_in(&folder());
    let shown: BTreeSet<_> =
        entries.iter().map(|entry| rule_name(entry.trim_end_matches(".toml"))).collect();
    let reader = ALL.iter().filter(|lint| matches!(lint.check, Check::Reader));
    let missing = reader.map(|lint| lint.rule.name).filter(|name| !shown.contains(name));
    assert_eq!(missing.collect::<Vec<_>>(), WITHOUT_FIXTURE);
}

/// The other side of the threshold: the last value without a finding.
#[test]
fn valid_fixtures_have_no_findings() {
    let valid = folder().with_file_name("valid");
    let entries = names_in(&valid);
    assert!(!entries.is_empty());
    for entry in entries {
        let Fixture { stem, findings, .. } = Fixture::check(&valid, &entry);
        assert_eq!(findings, [], "{stem}");
    }
}

/// Rules without an allowed value, and rules whose limit another rule forbids.
const WITHOUT_VALID: [&str; 1] = ["retry-amplification"];

#[test]
fn every_contract_rule_has_valid_and_invalid_fixtures() {
    let shown = |folder: PathBuf| -> BTreeSet<String> {
        let stem = |name: &String| rule_name(name.trim_end_matches(".toml")).to_owned();
        names_in(&folder).iter().map(stem).collect()
    };
    let (invalid, valid) = (shown(folder()), shown(folder().with_file_name("valid")));
    for Lint { rule, check } in ALL {
        if matches!(check, Check::Reader | Check::Acceptance | Check::Difference | Check::Target) {
            continue;
        }
        assert!(invalid.contains(rule.name), "{} has no invalid fixture", rule.name);
        let has_valid = valid.contains(rule.name) || WITHOUT_VALID.contains(&rule.name);
        assert!(has_valid, "{} has no valid fixture", rule.name);
    }
}

#[test]
fn rules_provide_declared_fixes() {
    let mut brought = BTreeMap::new();
    for Fixture { findings, .. } in Fixture::all() {
        for finding in findings {
            let Some(fix) = finding.fix else { continue };
            assert_eq!(finding.rule.fixes, Some(fix.safety), "{}", finding.message);
            brought.insert(finding.rule.name, fix.safety);
        }
    }
    let announced = ALL.iter().filter(|lint| !matches!(lint.check, Check::Acceptance));
    let announced = announced.filter_map(|lint| Some((lint.rule.name, lint.rule.fixes?)));
    assert_eq!(brought, announced.collect());
}

#[test]
fn messages_and_helps_follow_style() {
    let is_hostile = |fixture: &Fixture| fixture.stem.ends_with("--hostile");
    for Fixture { stem, findings, .. } in Fixture::all().filter(|fixture| !is_hostile(fixture)) {
        for line in findings
            .iter()
            .flat_map(|finding| std::iter::once(&finding.message).chain(&finding.help))
        {
            // Lines to paste can follow.
            let line = line.split_once(", such as\n\n").map_or(line.as_str(), |(line, _)| line);
            assert!(!line.contains('\n') && !line.ends_with('.'), "{stem}: {line}");
            assert!(line.starts_with(|first: char| !first.is_uppercase()), "{stem}: {line}");
            assert_eq!(line.matches('`').count() % 2, 0, "{stem}: {line}");
        }
    }
}

#[test]
fn ten_mistakes_give_ten_findings_at_correct_locations() {
    let fixture = Fixture::check(&folder(), "ten-mistakes.toml");
    assert_eq!(
        fixture.places(),
        [
            ("unknown-word", 2, 9),
            ("invalid-text", 3, 19),
            ("unknown-key", 4, 1),
            ("wrong-type", 5, 19),
            ("duplicate-item", 6, 46),
            ("out-of-range", 9, 33),
            ("missing-key", 10, 1),
            ("budget-incomplete", 25, 1),
            ("duplicate-declaration", 28, 1),
            ("unknown-driver", 31, 10),
        ]
    );
}

#[test]
fn missing_and_misspelt_keys_give_at_most_four_findings() {
    let fixture = Fixture::check(&folder(), "missing-key--two-misspelt.toml");
    assert!((2..=4).contains(&fixture.findings.len()), "{}", fixture.rendered());
}
