//! Findings and changes of several drivers that one template causes.

use std::collections::BTreeSet;

use driverc::{
    Finding,
    configuration::Configuration,
    diff::{Acceptance, Difference},
    lint::Accepted,
    report::{
        FindingsReport, Format, Style,
        diff::{DiffFormat, DiffReport, write as write_difference},
        write,
    },
    source::Location,
    workspace::Workspace,
};
use serde_json::Value;

use super::{DRIVERS, TEMPLATE, check, fleet};

const USERS: &str =
    "\n[driver.users_db]\nlike = \"sqlx_pg\"\n\n[driver.views_db]\nlike = \"sqlx_pg\"\n";
const RULE: &str = "timeout-connect-below-syn-retry";

fn drivers() -> String {
    format!("{DRIVERS}{USERS}")
}

fn of_rule(workspace: &Workspace) -> Vec<Finding<Location>> {
    check(workspace).open.into_iter().filter(|finding| finding.rule.name == RULE).collect()
}

fn written(workspace: &Workspace, format: Format, max_findings: usize) -> String {
    let findings = of_rule(workspace);
    let run = FindingsReport { max_findings, ..FindingsReport::of(&findings, workspace.sources()) };
    let mut out = Vec::new();
    write(format, &run, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn full_and_markdown_formats_fold_findings_that_differ_only_in_driver() {
    let workspace = fleet(TEMPLATE, &drivers());
    assert_eq!(of_rule(&workspace).len(), 4);
    for format in [Format::Full, Format::Markdown] {
        let text = written(&workspace, format, usize::MAX);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace("│ ", "");
        let names = "(4 drivers: `flags_db`, `orders_db`, `users_db` and 1 more)";
        assert_eq!(text.matches(names).count(), 1, "{text}");
        assert!(!text.contains("Not shown"), "{text}");
    }
    let concise = written(&workspace, Format::Concise, usize::MAX);
    let lines: BTreeSet<_> = concise.lines().collect();
    assert_eq!(lines.len(), 4, "{concise}");
    assert!(concise.contains(" (driver `orders_db`)"), "{concise}");
    let json: Value = serde_json::from_str(&written(&workspace, Format::Json, usize::MAX)).unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), 4);
}

#[test]
fn folded_finding_counts_once_towards_limit() {
    let template = TEMPLATE.replace("idle_ms = 600000", "idle_ms = 600000 # long");
    let workspace = fleet(&template, &drivers());
    assert_eq!(written(&workspace, Format::Full, 1), written(&workspace, Format::Full, 9));
    assert_eq!(written(&workspace, Format::Concise, 1).lines().count(), 1);
}

#[test]
fn findings_with_different_values_are_not_folded() {
    let own = "\n[driver.users_db]\nlike = \"sqlx_pg\"\ntimeout_policy.connect_ms = 800\n";
    let workspace = fleet(TEMPLATE, &format!("{DRIVERS}{own}"));
    let text = written(&workspace, Format::Full, usize::MAX);
    assert_eq!(text.matches(RULE).count(), 2, "{text}");
    assert!(text.contains("(2 drivers: `flags_db`, `orders_db`)"), "{text}");
}

#[test]
fn findings_about_metrics_with_placeholder_are_folded() {
    let template = TEMPLATE.replace("{driver}_client_retries_total", "app_{driver}_retries");
    let workspace = fleet(&template, &drivers());
    let findings = check(&workspace).open.into_iter();
    let suffix: Vec<_> =
        findings.filter(|finding| finding.rule.name == "metric-counter-suffix").collect();
    assert_eq!(suffix.len(), 4);
    let mut out = Vec::new();
    let run = FindingsReport::of(&suffix, workspace.sources());
    write(Format::Markdown, &run, &Style::default(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.lines().filter(|line| line.starts_with("| warn")).count(), 1, "{text}");
}

/// The fingerprints of a GitLab report.
fn fingerprints(workspace: &Workspace) -> Vec<String> {
    let issues: Vec<Value> =
        serde_json::from_str(&written(workspace, Format::GitLab, usize::MAX)).unwrap();
    issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn additional_driver_does_not_change_fingerprints_of_other_drivers() {
    let before = fingerprints(&fleet(TEMPLATE, DRIVERS));
    let another = format!("[driver.a]\nlike = \"sqlx_pg\"\n\n{DRIVERS}");
    let after: BTreeSet<_> = fingerprints(&fleet(TEMPLATE, &another)).into_iter().collect();
    assert_eq!((before.len(), after.len()), (2, 3));
    assert!(before.iter().all(|fingerprint| after.contains(fingerprint)));
}

#[test]
fn markdown_folds_accepted_findings() {
    let workspace = fleet(TEMPLATE, &drivers());
    let accept = |finding| Accepted {
        finding,
        by: driverc::lint::AcceptedBy::Comment,
        reason: "known".to_owned(),
    };
    let accepted: Vec<_> = of_rule(&workspace).into_iter().map(accept).collect();
    let run =
        FindingsReport { accepted: &accepted, ..FindingsReport::of(&[], workspace.sources()) };
    let mut out = Vec::new();
    write(Format::Markdown, &run, &Style::default(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.matches("a comment: known").count(), 1, "{text}");
}

/// The template with more attempts and another metric, and a driver's own change.
fn changed() -> Workspace {
    let template = TEMPLATE
        .replace("max_attempts = 12", "max_attempts = 13")
        .replace("{driver}_client_retries_total", "{driver}_retries_total");
    fleet(&template, &drivers().replace("max_in_flight = 30", "max_in_flight = 31"))
}

fn between(old: &Workspace, new: &Workspace) -> Difference {
    Difference::between(old, new, &Configuration::default())
}

#[test]
fn changed_template_is_one_entry_in_formats_for_people() {
    let (old, new) = (fleet(TEMPLATE, &drivers()), changed());
    let difference = between(&old, &new);
    let (against, fail_on) = ("main", driverc::diff::Severity::Risky);
    let report = DiffReport {
        difference: &difference,
        old: &old,
        new: &new,
        against,
        directory: "",
        fail_on,
    };
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/diff"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for format in [DiffFormat::Full, DiffFormat::Markdown, DiffFormat::Concise] {
            let mut out = Vec::new();
            write_difference(format, &report, &Style::default(), &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            insta::assert_snapshot!(format!("template-{}", format.label()), text);
        }
    });
}

#[test]
fn path_of_template_accepts_changes_of_all_its_drivers() {
    let mut difference = between(&fleet(TEMPLATE, &drivers()), &changed());
    let path = "risky:template.sqlx_pg.retry_policy.max_attempts";
    let arguments = [path.parse().unwrap()];
    assert_eq!(difference.accept_by_arguments(&arguments), []);
    let accepted = difference.changes.iter().filter(|it| it.accepted == Some(Acceptance::Argument));
    let paths: Vec<_> = accepted.map(driverc::diff::Change::path).collect();
    let path = |name: &str| format!("{name}.retry_policy.max_attempts");
    assert_eq!(paths, ["flags_db", "users_db", "views_db"].map(path));
}

#[test]
fn moving_value_into_template_causes_no_change() {
    let template = TEMPLATE.replace("max_in_flight = 20", "max_in_flight = 30");
    let moved = DRIVERS.replace("max_in_flight = 30\n", "").replacen(
        "like = \"sqlx_pg\"\n",
        "like = \"sqlx_pg\"\nmax_in_flight = 20\n",
        1,
    );
    let difference = between(&fleet(TEMPLATE, DRIVERS), &fleet(&template, &moved));
    assert_eq!(difference, Difference::default());
}

#[test]
fn driver_that_names_other_template_is_reported_as_changed() {
    let other =
        TEMPLATE.replace("sqlx_pg", "other").replace("max_attempts = 12", "max_attempts = 3");
    let template = format!("{TEMPLATE}{other}");
    let renamed = DRIVERS.replacen("\"sqlx_pg\"", "\"other\"", 1);
    let difference = between(&fleet(&template, DRIVERS), &fleet(&template, &renamed));
    let paths: Vec<_> = difference.changes.iter().map(driverc::diff::Change::path).collect();
    assert_eq!(paths, ["flags_db.retry_policy.max_attempts"]);
    assert_eq!(difference.changes[0].template, None);
}
