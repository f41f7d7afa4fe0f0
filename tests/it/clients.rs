//! The findings of each rule on the real defaults of widely used clients.
//!
//! Each document in `clients/` is the contract of one client without any configuration, with a
//! source for each value. The comment at its start declares its findings, and whether the client's
//! default or the rule is at fault; see `clients/expectation.rs`.
//! `UPDATE=1 cargo test --test it clients::` writes `docs/rules/accuracy.md`, and removes stale
//! expectations of wrong findings.

mod accuracy;
mod expectation;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use driverc::{
    configuration::Configuration,
    document::read_bytes,
    finding::{Finding, Level},
    lint::{self, CheckContext},
    model::{DriverClass, Vocabulary},
    source::{Location, Source},
    workspace::Workspace,
};

use self::expectation::{Expectation, Verdict, expectations, without_stale};

/// The day of every check.
const TODAY: &str = "2026-11-01";
/// The minimum number of clients for a meaningful table.
const MIN_CLIENTS: usize = 40;

/// A finding in the contract of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Raised {
    rule: &'static str,
    level: Level,
    /// The key of the line at which the finding points.
    key: String,
    message: String,
}

/// The contract of one client, its findings and the expected ones.
#[derive(Debug)]
struct Client {
    path: PathBuf,
    text: String,
    name: String,
    class: DriverClass,
    raised: Vec<Raised>,
    expected: Vec<Expectation>,
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The clients of the folder, by file name.
fn clients() -> Vec<Client> {
    let entries = fs::read_dir(root("tests/clients")).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    paths.into_iter().map(client).collect()
}

fn client(path: PathBuf) -> Client {
    let file = fs::read_to_string(&path).unwrap();
    let (text, document) = read_bytes(file.clone().into_bytes());
    let workspace = Workspace::new(vec![(Source::new("client.toml", text), document)]);
    let configuration = Configuration::default();
    let context =
        CheckContext { configuration: &configuration, guides: None, today: TODAY.parse().unwrap() };
    let findings = lint::check(&workspace, &context, str::to_owned);
    let raised = findings.open.iter().map(|finding| raised(finding, &file)).collect();
    let contract = workspace.drivers().next().unwrap_or_else(|| panic!("{}", path.display()));
    let (name, class) = (contract.name.to_string(), contract.class);
    assert_eq!(path.file_stem().unwrap().to_str().unwrap(), name);
    Client { path, expected: expectations(&file), text: file, name, class, raised }
}

fn raised(finding: &Finding<Location>, text: &str) -> Raised {
    let start = finding.place.span.range().start;
    let line = text[..start].rsplit('\n').next().unwrap_or("").len();
    let line = text[start - line..].lines().next().unwrap_or("");
    let key = line.split(" = ").next().unwrap_or(line).trim().to_owned();
    let message = finding.message.clone();
    Raised { rule: finding.rule.name, level: finding.level, key, message }
}

impl Client {
    /// Findings that nothing expects, and expectations that nothing raises, as lines.
    fn differences(&self) -> Vec<String> {
        let is_expected = |raised: &&Raised| self.expected.iter().any(|one| one.matches(raised));
        let is_raised = |one: &&Expectation| self.raised.iter().any(|raised| one.matches(raised));
        let unexpected = self.raised.iter().filter(|raised| !is_expected(raised)).map(|raised| {
            let Raised { rule, level, key, message } = raised;
            format!("{}: unexpected {level} {rule} at {key}: {message}", self.name)
        });
        let stale = self.expected.iter().filter(|one| !is_raised(one));
        let stale = stale.map(|one| format!("{}: not raised: {}", self.name, one.line()));
        unexpected.chain(stale).collect()
    }
}

#[test]
fn findings_of_each_client_match_its_comment() {
    if std::env::var_os("UPDATE").is_some() {
        for client in clients() {
            let text = without_stale(&client.text, &client.raised);
            if text != client.text {
                fs::write(&client.path, text).unwrap();
            }
        }
    }
    let differences: Vec<_> = clients().iter().flat_map(Client::differences).collect();
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}

#[test]
fn no_rule_reports_client_default_wrongly() {
    let wrong: Vec<_> = clients()
        .iter()
        .flat_map(|client| client.expected.iter().map(|one| (client.name.clone(), one.clone())))
        .filter(|(_, one)| one.verdict == Verdict::Wrong)
        .map(|(name, one)| format!("{name}: {}: {}", one.line(), one.reason))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn clients_cover_all_classes() {
    let clients = clients();
    assert!(clients.len() >= MIN_CLIENTS, "{} clients", clients.len());
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    for client in &clients {
        *classes.entry(client.class.label()).or_default() += 1;
    }
    for class in DriverClass::ALL {
        let count = classes.get(class.label()).copied().unwrap_or(0);
        assert!(count >= 6, "{} has {count} clients", class.label());
    }
}

#[test]
fn each_number_of_client_has_comment_with_source() {
    for client in clients() {
        let mut before = "";
        for line in client.text.lines() {
            let value = line.split_once(" = ").map_or("", |(_, value)| value);
            let is_number = value.starts_with(|first: char| first.is_ascii_digit());
            let commented = before.starts_with('#') || value.contains(" # ");
            assert!(!is_number || commented, "{}: no source for `{line}`", client.name);
            before = line;
        }
    }
}

#[test]
fn update_removes_only_outdated_expectations_of_wrong_findings() {
    let raised = |rule, key: &str| {
        let (key, message) = (key.to_owned(), "must have `batch_read`".to_owned());
        Raised { rule, level: Level::Warn, key, message }
    };
    let fresh = "# A client.\n\
                # expect warn queue-too-deep at max_queue_depth, defended: a long reason that\n\
                #   needs two lines.\n\
                # expect warn queue-zero at max_queue_depth for `batch_read`, wrong: a reason.\n\
                \n\
                [driver.a]\n";
    let stale = "# expect warn queue-zero at max_queue_depth for `batch_write`, wrong: a reason\n\
                 #   of two lines.\n";
    let text = fresh.replacen("\n\n", &format!("\n{stale}\n"), 1);
    let all = [raised("queue-zero", "max_queue_depth"), raised("queue-zero", "idle_ms")];
    assert_eq!(without_stale(&text, &all), fresh);
    let reasons: Vec<_> = expectations(fresh).into_iter().map(|one| one.reason).collect();
    assert_eq!(reasons, ["a long reason that needs two lines", "a reason"]);
}

#[test]
fn accuracy_page_is_up_to_date() {
    let page = accuracy::page(&clients());
    let path = root("docs/rules/accuracy.md");
    if fs::read_to_string(&path).unwrap_or_default() == page {
        return;
    }
    let update = std::env::var_os("UPDATE").is_some();
    assert!(update, "not up to date; run `UPDATE=1 cargo test --test it clients::`");
    fs::write(path, page).unwrap();
}
