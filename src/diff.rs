//! What a change of contracts means: two workspaces, compared contract by contract and field by
//! field.
//!
//! In which file something stands, how it is laid out and what comments say never shows. Knows
//! nothing of files, revisions or rendering.

mod acceptance;
pub mod changes;
mod configuration;
mod consequence;
mod drivers;
mod impact;
mod matching;
mod outlook;
mod pairs;
mod renames;
mod samples;
mod scoped;
mod tiers;
mod token;
mod value;
mod verdicts;
mod waivers;

use std::{cmp::Reverse, collections::BTreeMap, fmt};

pub use self::{
    acceptance::{Accept, Acceptance, Ambiguous, InvalidAccept, Unused},
    configuration::{LeftOut, Setting},
    consequence::{Consequence, Figure},
    impact::{Headroom, Impact, Turned},
    value::Value,
};
use self::{changes::When, pairs::Pairs};
use crate::{
    configuration::Configuration,
    finding::{Place, Rule},
    model::{BenchmarkProfile, DriverName, Field, Scope, Vocabulary},
    rules::change,
    workspace::Workspace,
};

/// How severe a change is for those who rely on a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// What was relied on still holds.
    Compatible,
    /// What was relied on may fail under load or in an outage, or is proven less.
    Risky,
    /// What was relied on does not hold any more.
    Breaking,
}

impl Severity {
    /// The word as it is written on the command line.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Compatible => "compatible",
            Self::Risky => "risky",
            Self::Breaking => "breaking",
        }
    }

    /// The rule that a waiver names to accept such a change; none where there is nothing to accept.
    pub const fn rule(self) -> Option<&'static Rule> {
        match self {
            Self::Compatible => None,
            Self::Risky => Some(&change::CONTRACT_WEAKENED),
            Self::Breaking => Some(&change::CONTRACT_BROKEN),
        }
    }
}

/// The most severe first.
impl Vocabulary for Severity {
    const NOUN: &'static str = "severity";
    const ALL: &'static [Self] = &[Self::Breaking, Self::Risky, Self::Compatible];

    fn word(self) -> &'static str {
        self.label()
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.label())
    }
}

/// How a value changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// A number grew, a day moved later, a tier rose.
    Increase,
    /// A number shrank, a day moved earlier, a tier fell.
    Decrease,
    /// Another value, neither more nor less.
    Change,
    /// There was no value.
    Add,
    /// There is no value any more.
    Remove,
}

impl Direction {
    /// All, in the order of the columns of the table.
    pub const ALL: &'static [Self] =
        &[Self::Increase, Self::Decrease, Self::Change, Self::Add, Self::Remove];

    /// The word in machine formats: what happened to the value.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Increase => "increased",
            Self::Decrease => "decreased",
            Self::Change => "changed",
            Self::Add => "added",
            Self::Remove => "removed",
        }
    }
}

/// What a change is about; by its name in the base, where the base has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contract {
    /// A driver.
    Driver(DriverName),
    /// A scope of a budget.
    Budget(BenchmarkProfile, Scope),
    /// A scope of a workload.
    Workload(BenchmarkProfile, Scope),
    /// The samples of one driver under one profile.
    Benchmark(DriverName, BenchmarkProfile),
    /// The waiver of a rule for one driver, or for all.
    Waiver(String, Option<DriverName>),
    /// A key of `driverc.toml`.
    Configuration(Setting),
}

impl Contract {
    /// The driver that it is about, if that is one alone.
    pub const fn driver(&self) -> Option<&DriverName> {
        match self {
            Self::Driver(name)
            | Self::Benchmark(name, _)
            | Self::Budget(_, Scope::Driver(name))
            | Self::Workload(_, Scope::Driver(name)) => Some(name),
            Self::Waiver(_, name) => name.as_ref(),
            Self::Budget(..) | Self::Workload(..) | Self::Configuration(_) => None,
        }
    }

    /// The kind of the contract, as its table is called.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Driver(_) => "driver",
            Self::Budget(..) => "budget",
            Self::Workload(..) => "workload",
            Self::Benchmark(..) => "benchmark",
            Self::Waiver(..) => "waiver",
            Self::Configuration(_) => "configuration",
        }
    }
}

/// The dotted path that `--accept` names it by: the name of a driver alone, else the table.
impl fmt::Display for Contract {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Driver(name) => formatter.write_str(name),
            Self::Budget(profile, scope) | Self::Workload(profile, scope) => {
                write!(formatter, "{}.{}", self.kind(), profile.label())?;
                match scope {
                    Scope::All => Ok(()),
                    Scope::Class(class) => write!(formatter, ".class.{}", class.label()),
                    Scope::Driver(name) => write!(formatter, ".driver.{name}"),
                }
            }
            Self::Benchmark(driver, profile) => {
                write!(formatter, "benchmark.{driver}.{}", profile.label())
            }
            Self::Waiver(rule, Some(driver)) => write!(formatter, "waiver.{rule}.{driver}"),
            Self::Waiver(rule, None) => write!(formatter, "waiver.{rule}"),
            Self::Configuration(setting) => write!(formatter, "configuration.{}", setting.key),
        }
    }
}

/// The part of a field, or the item of a list, that a change is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The number of the benchmark or waiver among those of its contract, from 1; none if it is
    /// the only one.
    pub item: Option<usize>,
    /// The capability; or a number that tells apart changes which would share a path.
    pub detail: Option<String>,
}

/// A value of a field on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Where it is set.
    pub place: Place,
    /// The value; none where the item as a whole is meant.
    pub value: Option<Value>,
    /// What stands for it in a signature: `max_in_flight=20`; none for what has no signature.
    pub token: Option<String>,
}

/// One field of one contract that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How severe it is.
    pub severity: Severity,
    /// What it is about.
    pub contract: Contract,
    /// The field; [`Field::Name`], [`Field::Benchmark`] or [`Field::Waiver`] for a whole item.
    pub field: Field,
    /// Which part of the field or of the contract it is about.
    pub part: Part,
    /// How the value changed.
    pub direction: Direction,
    /// The value in the base, if there is one.
    pub old: Option<Side>,
    /// The value now, if there is one.
    pub new: Option<Side>,
    /// What it means: lower case, no final stop.
    pub meaning: &'static str,
    /// The drivers whose effective value changes, if a scope can be shared.
    pub drivers: Vec<DriverName>,
    /// The figures that the field determines and the change moves.
    pub consequences: Vec<Consequence>,
    /// Notes, each one line.
    pub notes: Vec<String>,
    /// Whether only a waiver in the same change covers it, which does not count yet.
    pub waiver_pending: bool,
    /// How the change was accepted, if it was.
    pub accepted: Option<Acceptance>,
}

impl Change {
    /// A change as the table has it, without any condition.
    fn new(
        contract: Contract,
        field: Field,
        direction: Direction,
        [old, new]: [Option<Side>; 2],
    ) -> Self {
        let changes::Cell { severity, meaning, .. } = changes::meaning(field, direction, |_| false);
        let (part, drivers, consequences, notes) = Default::default();
        Self {
            severity,
            contract,
            field,
            part,
            direction,
            old,
            new,
            meaning,
            drivers,
            consequences,
            notes,
            waiver_pending: false,
            accepted: None,
        }
    }

    /// Takes severity and meaning from the cell of the table whose condition applies.
    fn judge(&mut self, applies: impl Fn(When) -> bool) {
        let changes::Cell { severity, meaning, .. } =
            changes::meaning(self.field, self.direction, applies);
        (self.severity, self.meaning) = (severity, meaning);
    }

    /// The path that `--accept` names, which no other change has: the contract, the number of the
    /// item, the field unless all of it is meant, and its part.
    pub fn path(&self) -> String {
        let Part { item, detail } = &self.part;
        let mut path = self.contract.to_string();
        let item = item.map(|item| item.to_string());
        for part in item.as_deref().into_iter().chain(self.own_field()).chain(detail.as_deref()) {
            path.push('.');
            path += part;
        }
        path
    }

    /// The path without numbers and parts, which several changes can share.
    pub fn shared_path(&self) -> String {
        match self.own_field() {
            Some(field) => format!("{}.{field}", self.contract),
            None => self.contract.to_string(),
        }
    }

    fn own_field(&self) -> Option<&'static str> {
        let is_key = matches!(self.contract, Contract::Configuration(_));
        (!is_key && !self.is_whole()).then(|| self.field.path())
    }

    /// Whether an item as a whole was added or removed.
    pub fn is_whole(&self) -> bool {
        matches!(self.field, Field::Name | Field::Benchmark | Field::Waiver)
            && self.direction != Direction::Change
    }
}

/// All that a change of contracts means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// The changes: the most severe first, then by contract, field and part.
    pub changes: Vec<Change>,
    /// What the changes of budgets mean for the recorded samples.
    pub impacts: Vec<Impact>,
}

impl Difference {
    /// Compares what was with what is. What could not be read on one side is left out.
    ///
    /// Of the settings only the order of the support tiers counts.
    pub fn between(old: &Workspace, new: &Workspace, configuration: &Configuration) -> Self {
        let pairs = Pairs::new(old, new);
        let mut changes = drivers::changes(&pairs, configuration);
        changes.extend(scoped::changes(&pairs));
        changes.extend(samples::changes(&pairs));
        changes.extend(waivers::changes(&pairs));
        let impacts = impact::impacts(&pairs, &mut changes);
        outlook::note(&pairs, &mut changes);
        changes.sort_by(|left, right| order(left).cmp(&order(right)));
        number_equal_paths(&mut changes);
        Self { changes, impacts }
    }

    /// The changes that nobody has accepted.
    pub fn open(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.accepted.is_none())
    }

    /// How many changes of a severity nobody has accepted.
    pub fn count(&self, severity: Severity) -> usize {
        self.open().filter(|change| change.severity == severity).count()
    }
}

/// The names of drivers in a sentence: at most three, and how many more there are.
pub(crate) fn names(drivers: &[DriverName]) -> String {
    const MOST: usize = 3;
    let shown = drivers.iter().take(MOST).map(|name| format!("`{name}`"));
    let shown = shown.collect::<Vec<_>>().join(", ");
    match drivers.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// The most severe first, then by contract, field and part.
const fn order(change: &Change) -> (Reverse<Severity>, &Contract, Field, &Part) {
    (Reverse(change.severity), &change.contract, change.field, &change.part)
}

/// Numbers changes that would share a path, in their order.
fn number_equal_paths(changes: &mut [Change]) {
    let mut by_path: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, change) in changes.iter().enumerate() {
        by_path.entry(change.path()).or_default().push(index);
    }
    for indices in by_path.into_values().filter(|indices| indices.len() > 1) {
        for (number, index) in indices.into_iter().enumerate() {
            changes[index].part.detail = Some((number + 1).to_string());
        }
    }
}
