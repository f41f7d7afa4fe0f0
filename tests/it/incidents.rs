//! Public incidents as contracts, before and after their fix, and the pages that describe them.
//!
//! `expected.toml` of an incident names the finding that driverc must have before the fix. It was
//! written before driverc read the contracts. An incident that driverc misses names the missing
//! concept instead.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use driverc::rules::ALL;
use serde::Deserialize;

use crate::{cli::sandbox::Run, common::files::root};

/// The pages that describe incidents.
const PAGE: &str = concat!(
    include_str!("../../docs/incidents-connections.md"),
    include_str!("../../docs/incidents-retries.md"),
    include_str!("../../docs/incidents.md"),
);

/// The content of `expected.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The repository and the number of the thread: `owner/repo#N`.
    source: String,
    /// The finding before the fix.
    finding: Option<Caught>,
    /// The concept that driverc lacks to tell the fault from its fix.
    missing: Option<String>,
    /// Where the contract or the finding differs from the thread or from the first expectation.
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Caught {
    file: String,
    path: String,
    rule: String,
}

struct Incident {
    name: String,
    folder: PathBuf,
    expected: Expected,
}

impl Incident {
    /// Reads all incidents, in order.
    fn all() -> Vec<Self> {
        let entries = fs::read_dir(root().join("tests/incidents")).unwrap();
        let mut folders: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        folders.into_iter().map(Self::read).collect()
    }

    fn read(folder: PathBuf) -> Self {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(folder.join("expected.toml")).unwrap();
        let expected = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        Self { name, folder, expected }
    }

    /// Returns the findings of all levels before or after the fix, one per line.
    fn findings(&self, side: &str) -> Vec<String> {
        let options = ["--show", "info", "--output-format", "concise"];
        let run = check(&self.folder.join(side), &options);
        assert!(run.code <= 1, "{} {side}: {}", self.name, run.stderr);
        run.stdout.lines().map(ToOwned::to_owned).collect()
    }

    /// Returns the rules of the findings before or after the fix.
    fn rules(&self, side: &str) -> BTreeSet<String> {
        self.findings(side).iter().map(|finding| rule_of(finding).to_owned()).collect()
    }

    /// Returns the findings before the fix that have the expected rule and place.
    fn caught(&self, Caught { file, path, rule }: &Caught) -> Vec<String> {
        let text = fs::read_to_string(self.folder.join("before").join(file)).unwrap();
        let line = line_of(&text, path).unwrap_or_else(|| panic!("{}: no {path}", self.name));
        let start = format!("{file}:{line}:");
        let mut findings = self.findings("before");
        findings.retain(|finding| finding.starts_with(&start) && rule_of(finding) == *rule);
        findings
    }

    /// Returns the incident's section of the page, or its row in the table of misses.
    fn described(&self) -> &'static str {
        let section = PAGE.split_once(&format!("\n### {}\n", self.name));
        let row = || PAGE.split_once(&format!("\n| {} | ", self.name));
        match section {
            Some((_, rest)) => rest.split("\n#").next().unwrap(),
            None => row().unwrap_or_else(|| panic!("no {}", self.name)).1.lines().next().unwrap(),
        }
    }
}

fn check(folder: &Path, options: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_driverc"));
    command.arg("check").args(options).current_dir(folder).env_remove("GITHUB_STEP_SUMMARY");
    Run::of(command.output().unwrap())
}

/// Returns the rule of a finding in `concise` output.
fn rule_of(finding: &str) -> &str {
    finding.split_once('[').unwrap().1.split_once("]: ").unwrap().0
}

/// Returns the number of the line with a contract path, such as `driver.orders.timeout_policy.idle_ms`,
/// `call[0].to` or, for a header, `driver.orders`.
fn line_of(text: &str, path: &str) -> Option<usize> {
    let line = |wanted: &str, from: usize| {
        let mut lines = text.lines().enumerate().skip(from);
        lines.find(|(_, line)| *line == wanted || line.starts_with(&format!("{wanted} = ")))
    };
    if let Some((header, _)) = line(&format!("[{path}]"), 0) {
        return Some(header + 1);
    }
    let (table, key) = path.rsplit_once('.')?;
    let header = match table.strip_suffix(']').and_then(|array| array.split_once('[')) {
        Some((array, index)) => {
            let header = format!("[[{array}]]");
            let mut headers = text.lines().enumerate().filter(|(_, line)| *line == header);
            headers.nth(index.parse().unwrap())?.0
        }
        None => line(&format!("[{table}]"), 0)?.0,
    };
    line(key, header).map(|(line, _)| line + 1)
}

#[test]
fn caught_incident_has_expected_finding_only_before_fix() {
    for incident in Incident::all() {
        let Some(expected) = &incident.expected.finding else { continue };
        let Caught { path, rule, .. } = expected;
        let (name, before) = (&incident.name, incident.findings("before"));
        assert!(!incident.caught(expected).is_empty(), "{name}: no {rule} at {path}: {before:#?}");
        assert!(
            !incident.rules("after").contains(rule),
            "{name}: {:#?}",
            incident.findings("after")
        );
    }
}

#[test]
fn missed_incident_has_same_findings_before_and_after_fix() {
    for incident in Incident::all() {
        let Expected { finding, missing, .. } = &incident.expected;
        assert!(finding.is_some() != missing.is_some(), "{}", incident.name);
        if finding.is_none() {
            assert_eq!(incident.rules("before"), incident.rules("after"), "{}", incident.name);
        }
    }
}

#[test]
fn contracts_of_incidents_have_no_read_errors() {
    let rules: BTreeSet<_> = ALL.iter().map(|lint| lint.rule.name).collect();
    for incident in Incident::all() {
        for finding in [incident.findings("before"), incident.findings("after")].concat() {
            assert!(rules.contains(rule_of(&finding)), "{}: {finding}", incident.name);
        }
    }
}

#[test]
fn at_least_16_incidents_are_collected_and_13_caught() {
    let incidents = Incident::all();
    let caught = incidents.iter().filter(|incident| incident.expected.finding.is_some()).count();
    assert!(incidents.len() >= 16 && caught >= 13, "{caught} of {}", incidents.len());
    let counts = format!("driverc reports {caught} of {} incidents", incidents.len());
    assert!(PAGE.contains(&counts), "{counts}");
}

#[test]
fn incidents_page_shows_finding_of_each_incident() {
    for incident in Incident::all() {
        let described = incident.described();
        let (repository, number) = incident.expected.source.split_once('#').unwrap();
        let link = format!("[{repository}#{number}](https://github.com/{repository}/");
        assert!(described.contains(&link), "{}: {link}", incident.name);
        if let Some(expected) = &incident.expected.finding {
            let found = incident.caught(expected);
            let message = found[0].split(" (help: ").next().unwrap();
            let block = format!("\n```text\n{message}\n```\n");
            assert!(described.contains(&block), "{}: {block}", incident.name);
        }
    }
}

#[test]
fn incidents_page_describes_only_collected_incidents() {
    let names: BTreeSet<_> = Incident::all().into_iter().map(|incident| incident.name).collect();
    let sections = PAGE.lines().filter_map(|line| line.strip_prefix("### "));
    let (_, table) = PAGE.split_once("| --- | --- | --- |\n").unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(' ').next());
    let described: Vec<_> = sections.chain(rows).map(ToOwned::to_owned).collect();
    assert_eq!(described.len(), names.len());
    assert_eq!(described.into_iter().collect::<BTreeSet<_>>(), names);
}

#[test]
fn incidents_page_shows_real_output_of_example() {
    let (_, rest) = PAGE.split_once("```console\n$ cd ").unwrap();
    let (folder, rest) = rest.split_once("\n$ driverc check\n").unwrap();
    let (output, _) = rest.split_once("```").unwrap();
    assert_eq!(check(&root().join(folder), &[]).stdout, output);
}
