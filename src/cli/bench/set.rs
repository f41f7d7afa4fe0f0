//! `--set PATH=VALUE`: overrides contract values for one run.
//!
//! The changed contract is written as a document and read again, so an invalid path or value is
//! reported in the same way as in a file.

mod written;

use std::collections::BTreeMap;

use self::written::OverrideText;
use super::super::{Failure, arguments::Color, outputs, show};
use crate::{
    document::{self, DriverDeclaration},
    finding::Finding,
    model::{DriverContract, DriverName, Field, record},
    project::Loaded,
    report::{bench::Override, declare::toml},
    source::{Source, Span},
    toml::{
        quantity::{self, Meant},
        quote::quoted,
        rules,
        spelling::nearest,
    },
};

/// The name of the changed document in messages.
const NAME: &str = "--set";

/// Contracts with values overridden for one run.
#[derive(Debug, Default)]
pub(super) struct Changed {
    contracts: BTreeMap<DriverName, DriverContract>,
    /// The overrides, in command-line order.
    pub(super) changes: Vec<Override>,
}

/// A parsed argument: a line of TOML, the driver, and the path of the value in its contract.
struct Assignment<'a> {
    argument: &'a str,
    line: String,
    driver: &'a DriverContract,
    path: &'a str,
}

impl Changed {
    /// Applies the arguments. If they are invalid, shows the findings and returns a failure.
    pub(super) fn new(arguments: &[String], input: &Loaded, color: Color) -> Result<Self, Failure> {
        let assignments = arguments.iter().map(|argument| Assignment::new(argument, input));
        let assignments = assignments.collect::<Result<Vec<_>, _>>()?;
        if assignments.is_empty() {
            return Ok(Self::default());
        }
        let text = document_of(&assignments);
        let read = document::read_with(&text, input.workspace.vocabulary());
        if !read.findings.is_empty() {
            return Err(refused(&assignments, text, read.findings, color)?);
        }
        let mut changed = Self::default();
        for driver in read.declarations.drivers {
            if let DriverDeclaration::Complete(contract) = driver {
                changed.contracts.insert(contract.name.clone(), contract);
            }
        }
        changed.changes = assignments.iter().map(|assignment| changed.change(assignment)).collect();
        Ok(changed)
    }

    /// Returns the contract to simulate: the changed contract if the arguments change it, or else
    /// the original.
    pub(super) fn of<'c>(&'c self, contract: &'c DriverContract) -> &'c DriverContract {
        self.contracts.get(&contract.name).unwrap_or(contract)
    }

    /// Returns true if the arguments change this contract.
    pub(super) fn contains(&self, contract: &DriverContract) -> bool {
        self.contracts.contains_key(&contract.name)
    }

    fn change(&self, assignment: &Assignment<'_>) -> Override {
        let Assignment { driver, path, .. } = assignment;
        let value = |contract| {
            let own = values(contract).into_iter().find(|(own, _)| own == path);
            own.map_or_else(|| "not set".to_owned(), |(_, value)| value)
        };
        Override {
            path: full_path(driver, path),
            before: value(driver),
            after: value(self.of(driver)),
        }
    }
}

/// Shows the findings, with spans in the original arguments.
fn refused(
    assignments: &[Assignment<'_>],
    text: String,
    findings: Vec<Finding<Span>>,
    color: Color,
) -> Result<Failure, Failure> {
    let written = OverrideText::new(assignments.iter().map(|set| (set.argument, &*set.line)));
    let empty = assignments.iter().zip(&written.lines).find(|(_, line)| {
        let is_in = |finding: &Finding<Span>| line.read.contains(&finding.place.range().start);
        line.has_no_value() && findings.iter().any(is_in)
    });
    if let Some((Assignment { argument, .. }, _)) = empty {
        return Ok(without_value(argument));
    }
    // The user did not write the rest of the document.
    let is_written = findings.iter().all(|finding| finding.place.range().end < written.read);
    let (text, findings) = if is_written {
        let place = |finding: Finding<Span>| finding.map_places(|span| written.place(span));
        (written.text.clone(), findings.into_iter().map(place).collect())
    } else {
        (text, findings)
    };
    show::write_of_text(&Source::new(NAME, text), &findings, "", &outputs::full(false), color)?;
    Ok(Failure::new("`--set` cannot be applied"))
}

fn without_value(argument: &str) -> Failure {
    Failure::new(format!("`--set {argument}` has no value; write PATH=VALUE"))
}

impl<'a> Assignment<'a> {
    fn new(argument: &'a str, input: &'a Loaded) -> Result<Self, Failure> {
        let Some((path, value)) = argument.split_once('=') else {
            return Err(without_value(argument));
        };
        let (path, value) = (path.trim(), value.trim());
        let within = path.strip_prefix(Field::Driver.key()).and_then(|path| path.strip_prefix('.'));
        let Some((name, within)) = within.and_then(|path| path.split_once('.')) else {
            return Err(Failure::new(format!(
                "`--set {path}` is not a path of a contract, such as `driver.postgres_async.max_in_flight`"
            )));
        };
        let drivers = input.drivers();
        let Some(driver) = input.workspace.driver(name) else {
            return Err(Failure::unknown_driver(
                name,
                drivers.iter().map(|driver| driver.name.as_str()),
            ));
        };
        let known = all_values(driver);
        if !known.iter().any(|(known, _)| *known == within) {
            let help = intended(within, value, &known)
                .map_or_else(String::new, |(within, meant)| help(driver, &within, &meant));
            return Err(Failure::new(format!("a contract has no value `{path}`{help}")));
        }
        Ok(Self { argument, line: line(path, value), driver, path: within })
    }
}

/// Returns the path that the user probably meant: a path in the same table for the same quantity,
/// or a path with a similar spelling.
fn intended<'k>(
    within: &str,
    value: &str,
    known: &'k [(&'static str, String)],
) -> Option<(String, Meant<'k>)> {
    let (table, key) = within.rsplit_once('.').unwrap_or(("", within));
    let parts = known.iter().map(|(path, _)| path.rsplit_once('.').unwrap_or(("", *path)));
    let keys: Vec<_> = parts.filter(|(own, _)| *own == table).map(|(_, key)| key).collect();
    if let Some(meant) = quantity::meant(key, value, &keys) {
        let dot = if table.is_empty() { "" } else { "." };
        return Some((format!("{table}{dot}{}", meant.key), meant));
    }
    let key = nearest(within, known.iter().map(|(path, _)| *path))?;
    Some((key.to_owned(), Meant { key, difference: None, number: None }))
}

/// Returns a help text that shows how the path differs from the probably intended path, and what to
/// write.
fn help(driver: &DriverContract, within: &str, meant: &Meant<'_>) -> String {
    let path = full_path(driver, within);
    match meant {
        Meant { difference: Some(difference), number: Some(number), .. } => {
            format!(": {difference}; write `{path}={number}`")
        }
        Meant { difference: Some(difference), number: None, .. } => {
            format!(": {difference}; did you mean `{path}`?")
        }
        Meant { difference: None, .. } => format!("; did you mean `{path}`?"),
    }
}

/// Returns an assignment as a line of TOML. A value that is not valid TOML becomes a string,
/// because shells remove quotes.
fn line(path: &str, value: &str) -> String {
    let line = format!("{path} = {value}");
    let is_value = |line: &str| {
        let findings = document::read(line).findings;
        !findings.iter().any(|finding| finding.rule == &rules::SYNTAX)
    };
    if !value.contains('\n') && is_value(&line) {
        return line;
    }
    format!("{path} = {}", quoted(value))
}

/// Returns a document that declares the changed drivers. The document starts with the assignments,
/// one per line.
fn document_of(assignments: &[Assignment<'_>]) -> String {
    let mut text: String =
        assignments.iter().map(|assignment| assignment.line.clone() + "\n").collect();
    let mut done: Vec<&DriverName> = Vec::new();
    for Assignment { driver, .. } in assignments {
        if done.contains(&&driver.name) {
            continue;
        }
        done.push(&driver.name);
        for (path, value) in values(driver) {
            let is_set = |set: &Assignment<'_>| set.driver.name == driver.name && set.path == path;
            if !assignments.iter().any(is_set) {
                text.extend([&*full_path(driver, path), " = ", &value, "\n"]);
            }
        }
    }
    text
}

fn full_path(driver: &DriverContract, path: &str) -> String {
    format!("{}.{}.{path}", Field::Driver.key(), driver.name)
}

/// Returns the values of a contract as TOML, with their paths. A key that is not set has an empty
/// value.
fn all_values(contract: &DriverContract) -> Vec<(&'static str, String)> {
    let fields = record::fields(contract).into_iter().filter(|(field, _)| *field != Field::Name);
    fields.map(|(field, literal)| (field.path(), literal.map(toml).unwrap_or_default())).collect()
}

/// Returns the values of a contract as TOML, with their paths.
fn values(contract: &DriverContract) -> Vec<(&'static str, String)> {
    let fields = record::fields(contract).into_iter().filter(|(field, _)| *field != Field::Name);
    fields.filter_map(|(field, literal)| Some((field.path(), toml(literal?)))).collect()
}
