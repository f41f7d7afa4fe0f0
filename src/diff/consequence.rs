//! The figures that follow from a contract, before and after.

use super::pairs::{Pair, Pairs};
use crate::{
    model::{BenchmarkProfile, DriverContract, DriverName, Field},
    workspace::Workspace,
};

/// A figure that follows from a contract and its budgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// The longest that one operation can take, in milliseconds.
    WorstCase,
    /// How many attempts an outage can make of one operation.
    Amplification,
    /// The time over which the first retries of many callers spread, in milliseconds.
    RetrySpread,
    /// How long a full queue takes at the throughput that the budget asks for, in milliseconds.
    QueueDrain(BenchmarkProfile),
}

impl Figure {
    /// The name of the figure: one or two words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::WorstCase => "worst case",
            Self::Amplification => "amplification",
            Self::RetrySpread => "retry spread",
            Self::QueueDrain(_) => "queue drain",
        }
    }

    /// The unit of so many, with its leading space.
    pub const fn unit(self, number: u64) -> &'static str {
        match self {
            Self::Amplification if number == 1 => " attempt",
            Self::Amplification => " attempts",
            Self::WorstCase | Self::RetrySpread | Self::QueueDrain(_) => " ms",
        }
    }

    /// The kind of load that the figure is for, if it is for one.
    pub const fn profile(self) -> Option<BenchmarkProfile> {
        match self {
            Self::QueueDrain(profile) => Some(profile),
            Self::WorstCase | Self::Amplification | Self::RetrySpread => None,
        }
    }

    /// The figure of a contract; none if the driver does not retry, if no budget asks for a
    /// throughput, or if the driver does not claim the profile.
    fn of(self, driver: &DriverContract, workspace: &Workspace) -> Option<u64> {
        let policy = &driver.retry_policy;
        match self {
            Self::WorstCase => Some(driver.worst_case_ms()),
            Self::Amplification => Some(policy.max_attempts.get()),
            Self::RetrySpread if policy.max_attempts.get() == 1 => None,
            Self::RetrySpread => {
                Some(policy.nominal_backoff_ms(1) * policy.jitter_percent.get() / 100)
            }
            Self::QueueDrain(profile) if !driver.capabilities.claims(profile) => None,
            Self::QueueDrain(profile) => {
                let budget = workspace.effective_budget(driver, profile)?;
                let floor = budget.min_throughput_ops_per_sec?.value.get();
                let depth = driver.max_queue_depth.get();
                (floor > 0).then(|| (depth * 1_000).div_ceil(floor))
            }
        }
    }
}

/// What became of a figure of one driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consequence {
    /// The driver, by its name in the base.
    pub driver: DriverName,
    /// The figure.
    pub figure: Figure,
    /// Its value in the base, if there is one.
    pub before: Option<u64>,
    /// Its value now, if there is one.
    pub after: Option<u64>,
}

/// The figures that follow from a field of a driver.
const FIGURES: &[(Field, &[Figure])] = &[
    (Field::RequestMs, &[Figure::WorstCase]),
    (Field::MaxAttempts, &[Figure::WorstCase, Figure::Amplification]),
    (Field::BaseBackoffMs, &[Figure::WorstCase, Figure::RetrySpread]),
    (Field::MaxBackoffMs, &[Figure::WorstCase]),
    (Field::JitterPercent, &[Figure::RetrySpread]),
    (
        Field::MaxQueueDepth,
        &[
            Figure::QueueDrain(BenchmarkProfile::HeavyData),
            Figure::QueueDrain(BenchmarkProfile::MixedLatency),
        ],
    ),
];

/// What becomes of the figures that follow from a field; those that stay are left out.
pub(super) fn of_field(pairs: &Pairs<'_>, pair: Pair<'_>, field: Field) -> Vec<Consequence> {
    let figures = FIGURES.iter().filter(|(of, _)| *of == field).flat_map(|(_, figures)| *figures);
    figures.filter_map(|figure| consequence(pairs, pair, *figure)).collect()
}

/// What becomes of one figure; none if it stays.
pub(super) fn consequence(
    pairs: &Pairs<'_>,
    pair: Pair<'_>,
    figure: Figure,
) -> Option<Consequence> {
    let before = figure.of(pair.old, pairs.old);
    let after = figure.of(pair.new, pairs.new);
    let driver = pair.old.name.clone();
    (before != after).then_some(Consequence { driver, figure, before, after })
}
