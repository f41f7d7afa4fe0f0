//! Compares two workspaces, contract by contract and field by field.
//!
//! Files, layout and comments make no difference.

mod acceptance;
mod baseline;
mod calls;
pub mod changes;
mod configuration;
mod consequence;
mod consumers;
mod drivers;
mod impact;
mod item;
mod joined;
mod matching;
mod outlasting;
mod outlook;
mod pairs;
mod path;
mod renames;
mod requirements;
mod samples;
mod scoped;
mod servers;
mod templates;
mod tiers;
mod token;
mod value;
mod verdicts;
mod waivers;

use std::{cmp::Reverse, collections::BTreeMap, fmt};

pub use self::{
    acceptance::{Accept, Acceptance, Ambiguous, InvalidAccept, Unused},
    baseline::ListedFinding,
    configuration::{ConfigurationFile, DroppedFiles, KeyChange},
    consequence::{Consequence, DerivedFigure},
    consumers::AffectedConsumers,
    impact::{Headroom, Impact, VerdictChange},
    item::ChangedItem,
    joined::JoinedDifference,
    value::FieldValue,
};
use self::{changes::When, pairs::Pairs};
use crate::{
    configuration::Configuration,
    finding::{ContractPath, Rule},
    model::{DriverName, Field, TemplateName, Vocabulary},
    rules::change,
    workspace::Workspace,
};

/// The severity of a change for the consumers of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Consumers lose nothing that they rely on.
    Compatible,
    /// The driver can fail under load or in an outage, or benchmarks prove less.
    Risky,
    /// Consumers lose something that they rely on.
    Breaking,
}

impl Severity {
    /// Returns the word on the command line.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Compatible => "compatible",
            Self::Risky => "risky",
            Self::Breaking => "breaking",
        }
    }

    /// Returns the rule that a waiver must name to accept a change of this severity, or `None` if
    /// the change is compatible.
    pub const fn rule(self) -> Option<&'static Rule> {
        match self {
            Self::Compatible => None,
            Self::Risky => Some(&change::CONTRACT_WEAKENED),
            Self::Breaking => Some(&change::CONTRACT_BROKEN),
        }
    }
}

/// Most severe first.
impl Vocabulary for Severity {
    const NOUN: &'static str = "severity";
    const ALL: &'static [Self] = &[Self::Breaking, Self::Risky, Self::Compatible];

    fn word(&self) -> &str {
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
    /// A greater number, a later date or a better support tier.
    Increase,
    /// A smaller number, an earlier date or a worse support tier.
    Decrease,
    /// Another value that is neither greater nor smaller.
    Change,
    /// A value where there was none.
    Add,
    /// No value where there was one.
    Remove,
}

impl Direction {
    /// All directions.
    pub const ALL: &'static [Self] =
        &[Self::Increase, Self::Decrease, Self::Change, Self::Add, Self::Remove];

    /// Returns the word in machine formats.
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

/// The part of a field, or the item of a list, that a change affects.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The number of the benchmark, waiver or call within its contract, from 1; `None` if the
    /// contract has only one benchmark, waiver or call.
    pub item: Option<usize>,
    /// The capability, the driver of the instances, or a number that makes the path unique.
    pub detail: Option<String>,
    /// A number that makes the path unique over several projects, from 1.
    pub project: Option<usize>,
}

/// A value of a field on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideValue {
    /// The key that sets the value.
    pub place: ContractPath,
    /// The value; `None` for a whole item.
    pub value: Option<FieldValue>,
    /// The token in the signature, such as `max_in_flight=20`; `None` if there is no signature.
    pub token: Option<String>,
}

/// A change of one field of one contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The severity.
    pub severity: Severity,
    /// The item that changed.
    pub contract: ChangedItem,
    /// The field; [`Field::Name`], [`Field::Benchmark`], [`Field::Waiver`], [`Field::Baseline`],
    /// [`Field::Server`], [`Field::Caller`], [`Field::Call`] or [`Field::Requirement`] for a whole
    /// item.
    pub field: Field,
    /// The part of the field or item.
    pub part: Part,
    /// How the value changed.
    pub direction: Direction,
    /// The value in the base, if there is one.
    pub old: Option<SideValue>,
    /// The value now, if there is one.
    pub new: Option<SideValue>,
    /// The meaning of the change: lower case, no final stop.
    pub meaning: &'static str,
    /// The template that sets the field of the driver on both sides. If only one side sets the
    /// field, the template that sets the field there.
    pub template: Option<TemplateName>,
    /// The drivers whose effective value changes, for budgets, workloads, templates and servers.
    pub drivers: Vec<DriverName>,
    /// The figures that follow from the field and change with it.
    pub consequences: Vec<Consequence>,
    /// The declared consumers of the drivers, if the change is breaking.
    pub consumers: AffectedConsumers,
    /// Notes, each one line.
    pub notes: Vec<String>,
    /// Whether the only waiver that covers the change is part of the same change. Such a waiver
    /// does not apply yet.
    pub waiver_pending: bool,
    /// The way in which the change was accepted. `None` if the change is not accepted.
    pub accepted: Option<Acceptance>,
}

impl Change {
    /// Creates a change with the severity and meaning of the unconditional cell.
    fn new(
        contract: ChangedItem,
        field: Field,
        direction: Direction,
        [old, new]: [Option<SideValue>; 2],
    ) -> Self {
        let is_of_requirement = matches!(contract, ChangedItem::Requirement(..));
        let row =
            if is_of_requirement { changes::requirement_row(field) } else { changes::row(field) };
        let changes::Cell { severity, meaning, .. } =
            changes::meaning_in(row, direction, |_| false);
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
            template: None,
            drivers,
            consequences,
            consumers: AffectedConsumers::default(),
            notes,
            waiver_pending: false,
            accepted: None,
        }
    }

    /// Returns the drivers whose contract, budget or workload the change affects.
    fn affected_drivers(&self) -> &[DriverName] {
        match &self.contract {
            ChangedItem::Driver(driver) => std::slice::from_ref(driver),
            ChangedItem::Budget(..) | ChangedItem::Workload(..) => &self.drivers,
            ChangedItem::Benchmark(..)
            | ChangedItem::Waiver(..)
            | ChangedItem::Baseline(_)
            | ChangedItem::Template(_)
            | ChangedItem::Server(_)
            | ChangedItem::Caller(_)
            | ChangedItem::Call(..)
            | ChangedItem::Requirement(..)
            | ChangedItem::Configuration(_) => &[],
        }
    }

    /// Takes the severity and the meaning from the first cell whose condition applies.
    fn judge(&mut self, applies: impl Fn(When) -> bool) {
        let changes::Cell { severity, meaning, .. } =
            changes::meaning(self.field, self.direction, applies);
        (self.severity, self.meaning) = (severity, meaning);
    }
}

/// The difference between two workspaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// The changes, most severe first, then by contract, field and part.
    pub changes: Vec<Change>,
    /// The effects of changed budgets and contracts on the benchmarks.
    pub impacts: Vec<Impact>,
}

impl Difference {
    /// Compares the base with the new side. Leaves out anything that one side could not read.
    ///
    /// From `configuration`, uses only the support tiers and the level of the rule
    /// `call-deadline-short`.
    pub fn between(old: &Workspace, new: &Workspace, configuration: &Configuration) -> Self {
        let pairs = Pairs::new(old, new);
        let mut changes = drivers::changes(&pairs, configuration);
        changes.extend(scoped::changes(&pairs));
        changes.extend(samples::changes(&pairs));
        changes.extend(waivers::changes(&pairs));
        changes.extend(servers::changes(&pairs));
        changes.extend(calls::changes(&pairs));
        changes.extend(requirements::changes(&pairs));
        let impacts = impact::impacts(&pairs, &mut changes);
        outlook::note(&pairs, &mut changes);
        outlasting::note(&pairs, configuration, &mut changes);
        consumers::note(&pairs, configuration, &mut changes);
        templates::note(&pairs, &mut changes);
        changes.sort_by(|left, right| order(left).cmp(&order(right)));
        number_equal_paths(&mut changes);
        Self { changes, impacts }
    }

    /// Returns the changes that are not accepted.
    pub fn open(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.accepted.is_none())
    }

    /// Returns the number of changes of this severity that are not accepted.
    pub fn count(&self, severity: Severity) -> usize {
        self.open().filter(|change| change.severity == severity).count()
    }
}

/// Returns the first three names, and the number of remaining names: `` `a`, `b`, `c` and 2 more
/// ``.
pub(crate) fn names(drivers: &[DriverName]) -> String {
    const MOST: usize = 3;
    let shown = drivers.iter().take(MOST).map(|name| format!("`{name}`"));
    let shown = shown.collect::<Vec<_>>().join(", ");
    match drivers.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Returns the indices of the changes of contracts, budgets and workloads, by the driver that they
/// affect.
fn changes_by_driver(changes: &[Change]) -> BTreeMap<&DriverName, Vec<usize>> {
    let mut by_driver: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, change) in changes.iter().enumerate() {
        for driver in change.affected_drivers() {
            by_driver.entry(driver).or_default().push(index);
        }
    }
    by_driver
}

/// Returns the sort key: most severe first, then by contract, field and part.
const fn order(change: &Change) -> (Reverse<Severity>, &ChangedItem, Field, &Part) {
    (Reverse(change.severity), &change.contract, change.field, &change.part)
}

/// Numbers the changes that would otherwise share a path.
fn number_equal_paths(changes: &mut [Change]) {
    path::number_equal(&mut changes.iter_mut().collect::<Vec<_>>(), |part, number| {
        part.detail = Some(number.to_string());
    });
}
