//! Drivers of a template whose names are also words of messages and metrics.

use driverc::{
    report::{FindingsReport, Format, Style, shown_in, write},
    workspace::Workspace,
};
use serde_json::Value;

use super::{TEMPLATE, check, fleet, named};

/// The open findings of a rule in a format.
fn written(workspace: &Workspace, rule: &str, format: Format) -> String {
    let mut findings = check(workspace).open;
    findings.retain(|finding| finding.rule.name == rule);
    let mut out = Vec::new();
    let report = FindingsReport::of(&findings, workspace.sources());
    write(format, &report, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn message_ends_with_driver_name_even_if_message_contains_that_name() {
    let workspace = fleet(TEMPLATE, &named(&["connect_ms", "a"]));
    let json: Value = serde_json::from_str(&written(&workspace, RULE, Format::Json)).unwrap();
    let messages: Vec<_> = json["findings"].as_array().unwrap().iter().collect();
    let [a, connect] = &messages[..] else { panic!("{messages:?}") };
    let message = |finding: &Value| finding["message"].as_str().unwrap().to_owned();
    let text = message(a).strip_suffix(" (driver `a`)").unwrap().to_owned();
    assert!(text.contains("`connect_ms`"), "{text}");
    assert_eq!(message(connect), format!("{text} (driver `connect_ms`)"));
}

#[test]
fn message_names_driver_once_if_findings_are_shown_again() {
    let open = check(&fleet(TEMPLATE, &named(&["a", "driver"]))).open;
    for format in [Format::Concise, Format::Json, Format::Full, Format::Markdown] {
        let shown = shown_in(format, &open);
        assert_ne!(shown, open);
        assert_eq!(shown_in(format, &shown), shown);
    }
}

const RULE: &str = "timeout-connect-below-syn-retry";
const NAMES: [&str; 6] = ["client", "ms", "retry", "up", "total", "b"];

#[test]
fn findings_fold_even_if_message_contains_driver_names() {
    let template = TEMPLATE.replace("s_total\"", "s\"");
    let workspace = fleet(&template, &named(&NAMES));
    let rules = [RULE, "retry-attempts-high", "metric-counter-suffix"];
    let open = check(&workspace).open;
    for (rule, keys) in rules.iter().zip([1, 1, 2]) {
        let found = open.iter().filter(|finding| finding.rule.name == *rule).count();
        assert_eq!(found, keys * NAMES.len(), "{rule}");
        let text = written(&workspace, rule, Format::Markdown);
        let rows = text.lines().filter(|line| line.contains("(6 drivers: "));
        assert_eq!(rows.count(), keys, "{text}");
        assert!(!text.contains("(driver "), "{text}");
    }
}
