//! The effect of comments, waivers and the configuration on findings.

mod comments;
mod evidence;
mod levels;
mod overlaps;
mod owners;
mod partial;
mod waivers;

use driverc::{
    configuration::read as read_configuration,
    document::read_bytes,
    finding::Finding,
    lint::{self, AcceptedBy, CheckContext},
    rules,
    source::{Location, Source},
    workspace::{Configuration, Workspace},
};

/// A contract without findings, with two budgets.
const BASE: &str = include_str!("../rules/base.toml");
/// The line of the contract in which most tests have a finding.
const ATTEMPTS: &str = "max_attempts = 3";
/// The rule that reports the line.
const RULE: &str = "retry-attempts-high";
const TODAY: &str = "2026-11-01";

/// Returns the contract with another line instead of `max_attempts`.
fn with_attempts(line: &str) -> String {
    BASE.replace(ATTEMPTS, line)
}

/// Returns the configuration of a valid text.
fn configured(text: &str) -> Configuration {
    let known: Vec<_> = rules::all().collect();
    let (_, configuration, findings) = read_configuration(text.into(), &known);
    assert_eq!(findings, [], "{text}");
    configuration
}

fn workspace(documents: &[(&str, &str)]) -> Workspace {
    let read = |(name, text): &(&str, &str)| {
        let (text, document) = read_bytes(text.as_bytes().to_vec());
        (Source::new(*name, text), document)
    };
    Workspace::new(documents.iter().map(read).collect())
}

fn check_on(workspace: &Workspace, configuration: &Configuration, today: &str) -> lint::Findings {
    let context = CheckContext { configuration, guides: None, today: today.parse().unwrap() };
    lint::check(workspace, &context, str::to_owned)
}

/// Returns the open findings of documents as `level rule: text of the span`, and the accepted ones
/// as `rule comment: reason` or `rule waiver: reason`.
fn reported(
    documents: &[(&str, &str)],
    configuration: &Configuration,
    today: &str,
) -> (Vec<String>, Vec<String>) {
    let workspace = workspace(documents);
    let findings = check_on(&workspace, configuration, today);
    let open = |finding: &Finding<Location>| {
        let Location { source, span } = finding.place;
        let place = workspace.sources().source(source).slice(span);
        format!("{} {}: {place}", finding.level, finding.rule.name)
    };
    let accepted = |accepted: &lint::Accepted| {
        let by = match accepted.by {
            AcceptedBy::Comment => "comment",
            AcceptedBy::Waiver => "waiver",
            AcceptedBy::Baseline => "baseline",
        };
        format!("{} {by}: {}", accepted.finding.rule.name, accepted.reason)
    };
    let open = findings.open.iter().map(open).collect();
    (open, findings.accepted.iter().map(accepted).collect())
}

/// Returns the findings of one document, with the default configuration.
fn reported_in(text: &str) -> (Vec<String>, Vec<String>) {
    reported(&[("a.toml", text)], &Configuration::default(), TODAY)
}

/// An empty list of findings.
const NONE: [&str; 0] = [];
