//! Checks the table of rules and their pages: names, sections and examples.

mod page;

use std::collections::{BTreeMap, BTreeSet};

use driverc::{
    finding::Level,
    lint::{self, CheckContext},
    model::{Date, Name},
    rules::{self, ALL, Check, Evidence, KnownContracts, Lint, RETIRED, RequestedBy, Retired},
    workspace::{Configuration, RuleLevel, RuleSetting},
};

use self::page::{Example, Page};

const PARTS: [&str; 6] =
    ["What it does", "Why it is a problem", "When it fires", "Bad", "Good", "How to silence it"];

/// Rules whose bad example is not a single text: bytes, two states of a contract, or the
/// configuration of a target.
const NOT_TEXT: [&str; 15] = [
    "contract-broken",
    "contract-weakened",
    "drift-dead-setting",
    "drift-default",
    "drift-looser",
    "drift-rejected",
    "drift-stricter",
    "drift-unknown-setting",
    "emit-impossible",
    "emit-looser",
    "emit-unsupported",
    "file-too-large",
    "invalid-utf8",
    "path-outside-project",
    "too-many-findings",
];

#[test]
fn rule_table_is_sorted_and_names_are_unique() {
    let names: Vec<&str> = ALL.iter().map(|lint| lint.rule.name).collect();
    assert!(names.is_sorted_by(|left, right| left < right), "{names:?}");
    for name in &names {
        let kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(name.bytes().all(kebab), "{name}");
        assert_eq!(rules::find(name).map(|rule| rule.name), Some(*name));
    }
}

#[test]
fn rules_of_reader_and_diff_have_fixed_levels() {
    for Lint { rule, check } in ALL {
        let is_fixed = matches!(check, Check::Reader | Check::Difference);
        assert_eq!(rule.is_fixed, is_fixed, "{}", rule.name);
    }
}

#[test]
fn retired_rules_reserve_their_names_and_name_replacement() {
    let names: Vec<&str> = RETIRED.iter().map(|retired| retired.rule.name).collect();
    assert!(names.is_sorted_by(|left, right| left < right), "{names:?}");
    for Retired { rule, instead } in RETIRED {
        assert_eq!(rules::find(rule.name), None, "{} is never used again", rule.name);
        assert_eq!(rules::find_retired(rule.name).map(|found| found.rule.name), Some(rule.name));
        assert!(!rule.on && rule.fixes.is_none() && rule.parameters.is_empty(), "{}", rule.name);
        assert!(rule.docs.starts_with(&format!("# {}\n\nRetired: ", rule.name)), "{}", rule.name);
        let replacements = instead.split('`').skip(1).step_by(2);
        assert!(replacements.filter(|name| rules::find(name).is_some()).count() > 0, "{instead}");
    }
}

#[test]
fn summaries_are_one_line_in_message_style() {
    for Lint { rule, .. } in ALL {
        let summary = rule.summary;
        assert!(!summary.is_empty() && !summary.contains('\n'), "{}", rule.name);
        assert!(!summary.ends_with('.'), "{}", rule.name);
        assert!(summary.starts_with(|first: char| !first.is_uppercase()), "{}", rule.name);
    }
}

#[test]
fn every_page_has_required_sections() {
    for Lint { rule, .. } in ALL {
        let page = Page::parse(rule.docs);
        assert_eq!(page.title, rule.name);
        assert_eq!(
            page.parts.iter().map(|part| part.0.as_str()).collect::<Vec<_>>(),
            PARTS,
            "{}",
            rule.name
        );
        assert!(page.parts.iter().all(|part| !part.1.trim().is_empty()), "{}", rule.name);
    }
}

#[test]
fn every_parameter_default_is_in_range_and_documented() {
    for Lint { rule, .. } in ALL {
        for parameter in rule.parameters {
            let range = parameter.min..=parameter.max;
            assert!(range.contains(&parameter.default), "{} {}", rule.name, parameter.name);
            let name = format!("`{}`", parameter.name);
            assert!(rule.docs.contains(&name), "{} does not explain {name}", rule.name);
        }
    }
}

/// Returns a configuration with two support tiers that turns this rule on, even if it is off by
/// default.
fn configuration(lint: &Lint) -> Configuration {
    let support_tiers = ["tier1", "tier2"].map(|tier| Name::new(tier).unwrap()).to_vec();
    let mut configuration = Configuration { support_tiers, ..Configuration::default() };
    if !lint.rule.on {
        let level = Some(RuleLevel::On(lint.rule.level));
        let setting = RuleSetting { level, parameters: BTreeMap::new() };
        configuration.rules.insert(lint.rule.name.to_owned(), setting);
    }
    configuration
}

/// Returns the open findings of an example.
fn raised(lint: &Lint, example: &Example) -> BTreeSet<(&'static str, Level)> {
    let is_read = example.configuration.is_some() && example.baseline.is_none();
    if matches!(lint.check, Check::Reader) && is_read {
        let (_, findings) = example.configured();
        return findings.iter().map(|finding| (finding.rule.name, finding.level)).collect();
    }
    let workspace = match lint.check {
        Check::Reader if example.baseline.is_some() => example.configured().0,
        Check::Reader => example.alone(),
        Check::Acceptance if example.configuration.is_some() => example.configured().0,
        Check::Acceptance => example.with_base(),
        Check::Driver(_)
        | Check::Budget(_)
        | Check::Benchmark(_)
        | Check::Template(_)
        | Check::Evidence(_)
        | Check::Calls(_)
        | Check::Requirement(_)
        | Check::Drivers(..)
        | Check::Difference
        | Check::Target => example.merged_into_base(),
    };
    let guides = BTreeSet::from(["docs/tuning/example.md".to_owned()]);
    let context = CheckContext {
        configuration: &configuration(lint),
        guides: Some(&guides),
        today: Date::new(2026, 11, 1).unwrap(),
    };
    let mut findings = lint::check(&workspace, &context, str::to_owned).open;
    if matches!(lint.check, Check::Evidence(_)) {
        let (configuration, today) = (context.configuration, context.today);
        let known = KnownContracts::new();
        let evidence =
            Evidence { configuration, today, known: &known, asked: RequestedBy::ToJudge };
        findings.extend(lint::check_samples(&workspace, &evidence, str::to_owned).open);
    }
    findings.iter().map(|finding| (finding.rule.name, finding.level)).collect()
}

#[test]
fn bad_example_triggers_only_its_rule_and_good_example_triggers_no_rule() {
    for lint in ALL.iter().filter(|lint| !NOT_TEXT.contains(&lint.rule.name)) {
        let page = Page::parse(lint.rule.docs);
        let name = lint.rule.name;
        let only = BTreeSet::from([(name, lint.rule.level)]);
        assert_eq!(raised(lint, &page.example("Bad")), only, "the bad example of {name}");
        assert_eq!(raised(lint, &page.example("Good")), BTreeSet::new(), "the good one of {name}");
    }
}

#[test]
fn waiver_of_change_rule_is_not_unused() {
    for lint in ALL.iter().filter(|lint| matches!(lint.check, Check::Difference)) {
        let page = Page::parse(lint.rule.docs);
        assert_eq!(raised(lint, &page.example("Good")), BTreeSet::new(), "{}", lint.rule.name);
    }
}

#[test]
fn base_of_examples_has_no_findings() {
    let workspace = Example::new("").merged_into_base();
    assert_eq!(workspace.findings(), []);
    assert_eq!(rules::check(&workspace, None, &Configuration::default()), []);
}
