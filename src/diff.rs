//! What a change of contracts means: two workspaces, compared contract by contract and field by
//! field.
//!
//! In which file something stands, how it is laid out and what comments say never shows. Knows
//! nothing of files, revisions or rendering.

mod acceptance;
pub mod changes;
mod consequence;
mod drivers;
mod impact;
mod pairs;
mod samples;
mod scoped;
mod tiers;
mod token;
mod value;
mod waivers;

use std::{cmp::Reverse, fmt};

use self::pairs::Pairs;
pub use self::{
    acceptance::{Accept, Acceptance, InvalidAccept},
    consequence::{Consequence, Figure},
    impact::{Headroom, Impact},
    value::Value,
};
use crate::{
    finding::{Place, Rule},
    model::{BenchmarkProfile, DriverName, Field, Scope, Vocabulary},
    rules::change,
    settings::Settings,
    workspace::Workspace,
};

/// How grave a change is for those who rely on a contract.
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

/// The gravest first.
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

/// Where a value went.
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
            Self::Budget(..) | Self::Workload(..) => None,
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
        }
    }
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
    /// How grave it is.
    pub severity: Severity,
    /// What it is about.
    pub contract: Contract,
    /// The field; [`Field::Name`], [`Field::Benchmark`] or [`Field::Waiver`] for a whole item.
    pub field: Field,
    /// Where the value went.
    pub direction: Direction,
    /// The value in the base, if there is one.
    pub old: Option<Side>,
    /// The value now, if there is one.
    pub new: Option<Side>,
    /// What it means: lower case, no final stop.
    pub meaning: &'static str,
    /// The drivers for which another value holds, where a scope is shared.
    pub drivers: Vec<DriverName>,
    /// What becomes of the figures that follow from the field.
    pub consequences: Vec<Consequence>,
    /// What else is to be known, each one line.
    pub notes: Vec<String>,
    /// How the change was accepted, if it was.
    pub accepted: Option<Acceptance>,
}

impl Change {
    /// A change as the table has it.
    fn new(
        contract: Contract,
        field: Field,
        direction: Direction,
        [old, new]: [Option<Side>; 2],
    ) -> Self {
        let changes::Cell { severity, meaning, .. } = changes::meaning(field, direction);
        let (drivers, consequences, notes) = Default::default();
        Self {
            severity,
            contract,
            field,
            direction,
            old,
            new,
            meaning,
            drivers,
            consequences,
            notes,
            accepted: None,
        }
    }

    /// The path that `--accept` names: the contract, then the field unless all of it is meant.
    pub fn path(&self) -> String {
        if self.is_whole() {
            return self.contract.to_string();
        }
        format!("{}.{}", self.contract, self.field.path())
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
    /// What is not what it was: the gravest first, then by contract and field.
    pub changes: Vec<Change>,
    /// What the changes of budgets mean for the recorded samples.
    pub impacts: Vec<Impact>,
}

impl Difference {
    /// Compares what was with what is. What could not be read on one side is left out.
    ///
    /// Of the settings only the order of the support tiers counts.
    pub fn between(old: &Workspace, new: &Workspace, settings: &Settings) -> Self {
        let pairs = Pairs::new(old, new);
        let mut changes = drivers::changes(&pairs, settings);
        changes.extend(scoped::changes(&pairs));
        changes.extend(samples::changes(&pairs));
        changes.extend(waivers::changes(&pairs));
        let impacts = impact::impacts(&pairs, &mut changes);
        changes.sort_by(|left, right| {
            let key = |change: &Change| (Reverse(change.severity), change.contract.clone());
            key(left).cmp(&key(right)).then(left.field.cmp(&right.field))
        });
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
