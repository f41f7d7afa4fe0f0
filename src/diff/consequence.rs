//! Compares the figures that follow from a contract, before and after.

use super::pairs::{DriverChange, Pairs};
use crate::{
    model::{BenchmarkProfile, DriverContract, DriverName, Field},
    workspace::Workspace,
};

/// A figure that follows from a contract and its budgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DerivedFigure {
    /// The longest time that an operation can take, in milliseconds.
    WorstCase,
    /// The maximum number of attempts of an operation.
    Amplification,
    /// The time over which the first retries of many callers are spread, in milliseconds.
    RetrySpread,
    /// The time that a full queue takes to drain at the throughput that the budget requires, in
    /// milliseconds.
    QueueDrain(BenchmarkProfile),
}

impl DerivedFigure {
    /// Returns the name of the figure.
    pub const fn label(self) -> &'static str {
        match self {
            Self::WorstCase => "worst case",
            Self::Amplification => "amplification",
            Self::RetrySpread => "retry spread",
            Self::QueueDrain(_) => "queue drain",
        }
    }

    /// Returns the unit, with its leading space: `" ms"`.
    pub const fn unit(self, number: u64) -> &'static str {
        match self {
            Self::Amplification if number == 1 => " attempt",
            Self::Amplification => " attempts",
            Self::WorstCase | Self::RetrySpread | Self::QueueDrain(_) => " ms",
        }
    }

    /// Returns the profile, if the figure depends on a profile.
    pub const fn profile(self) -> Option<BenchmarkProfile> {
        match self {
            Self::QueueDrain(profile) => Some(profile),
            Self::WorstCase | Self::Amplification | Self::RetrySpread => None,
        }
    }

    /// Returns the figure of a contract. Returns `None` if the driver does not retry, if no budget
    /// requires a throughput, or if the driver does not claim the profile.
    fn of(self, driver: &DriverContract, workspace: &Workspace) -> Option<u64> {
        let policy = &driver.retry_policy;
        match self {
            Self::WorstCase => Some(driver.worst_case_ms()),
            Self::Amplification => Some(policy.max_attempts.get()),
            Self::RetrySpread if policy.max_attempts.get() == 1 => None,
            Self::RetrySpread => {
                let first = policy.nominal_backoffs_ms().next()?;
                Some(first * policy.jitter_percent.get() / 100)
            }
            Self::QueueDrain(profile) if !workspace.claims(driver, profile) => None,
            Self::QueueDrain(profile) => {
                let budget = workspace.effective_budget(driver, profile)?;
                let floor = budget.min_throughput_ops_per_sec?.value.get();
                let depth = driver.max_queue_depth.get();
                (floor > 0).then(|| (depth * 1_000).div_ceil(floor))
            }
        }
    }
}

/// A changed figure of one driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consequence {
    /// The driver, by its name in the base.
    pub driver: DriverName,
    /// The figure.
    pub figure: DerivedFigure,
    /// The value of the figure in the base, if there is one.
    pub before: Option<u64>,
    /// The value of the figure on the new side, if there is one.
    pub after: Option<u64>,
}

/// The figures that follow from each field of a driver, except the drain time of the queue, which
/// depends on the profile.
const FIGURES: &[(Field, &[DerivedFigure])] = &[
    (Field::RequestMs, &[DerivedFigure::WorstCase]),
    (Field::MaxAttempts, &[DerivedFigure::WorstCase, DerivedFigure::Amplification]),
    (Field::BaseBackoffMs, &[DerivedFigure::WorstCase, DerivedFigure::RetrySpread]),
    (Field::MaxBackoffMs, &[DerivedFigure::WorstCase]),
    (Field::DeadlineMs, &[DerivedFigure::WorstCase]),
    (Field::MultiplierPercent, &[DerivedFigure::WorstCase]),
    (Field::JitterPercent, &[DerivedFigure::RetrySpread]),
];

/// Returns the changed figures that follow from a field.
pub(super) fn of_field(
    pairs: &Pairs<'_>,
    pair: DriverChange<'_>,
    field: Field,
) -> Vec<Consequence> {
    let figures = FIGURES.iter().filter(|(of, _)| *of == field).flat_map(|(_, figures)| *figures);
    let depends_on_profile = field == Field::MaxQueueDepth;
    let profiles = if depends_on_profile { pairs.profiles() } else { Vec::new() };
    let drains = profiles.into_iter().map(DerivedFigure::QueueDrain);
    let figures = figures.copied().chain(drains);
    figures.filter_map(|figure| consequence(pairs, pair, figure)).collect()
}

/// Returns the change of one figure, or `None` if the figure is unchanged.
pub(super) fn consequence(
    pairs: &Pairs<'_>,
    pair: DriverChange<'_>,
    figure: DerivedFigure,
) -> Option<Consequence> {
    let before = figure.of(pair.old, pairs.old);
    let after = figure.of(pair.new, pairs.new);
    let driver = pair.old.name.clone();
    (before != after).then_some(Consequence { driver, figure, before, after })
}
