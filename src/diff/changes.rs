//! The one table of what a change of a field means, for each direction.
//!
//! The match is exhaustive: a new field cannot be forgotten. A cell can have a condition, so that
//! no meaning contradicts the contract that changed.

mod cells;

use self::cells::{
    BACKOFF, BENCHMARK, CAPABILITIES, CEILING, CLASS, CONNECT_MS, CONTRACT, DURATION_MS, EVIDENCE,
    EXPIRES, FLOOR, HARDNESS, IDLE_MS, JITTER_PERCENT, LOAD, LOOP, MAX_ATTEMPTS, MAX_IN_FLIGHT,
    MAX_QUEUE_DEPTH, MEASURED, MEASURED_THROUGHPUT, MEASURED_TOO, METRIC, NAME, ORIGIN,
    PROVIDER_MODULE, REQUEST_MS, SUPPORT_TIER, TUNING_GUIDE, WAIVED_FIELD, WAIVER, WAIVER_TEXT,
    WARMUP_MS, cell,
};
use super::{
    Direction::{self, Change},
    Severity::{self, Risky},
};
use crate::model::Field;

/// How severe one direction of change of one field is, and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// How the value changed.
    pub direction: Direction,
    /// The condition under which the cell applies; without one it applies if no other cell does.
    pub when: Option<When>,
    /// How severe that is.
    pub severity: Severity,
    /// What it means: lower case, no final stop.
    pub meaning: &'static str,
}

/// A condition on the contract that changed, or on its benchmarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// The driver has no queue: the new `max_queue_depth` is 0.
    NoQueue,
    /// The driver had no queue: the old `max_queue_depth` was 0.
    HadNoQueue,
    /// The driver does not retry: the new `max_attempts` is 1.
    NoRetry,
    /// The driver did not retry: the old `max_attempts` was 1.
    HadNoRetry,
    /// No backoff of any retry changes.
    SameBackoffs,
    /// Every backoff of every retry is 0.
    ZeroBackoffs,
    /// An attempt ends before it can wait that long for a connection.
    ConnectReachesRequest,
    /// The change makes the verdict of a recorded benchmark worse.
    BenchmarkBreaks,
    /// The change makes a budget impossible to keep under its workload.
    BudgetImpossible,
}

impl When {
    /// The fields of a driver that decide whether the condition applies.
    pub(super) const fn fields(self) -> &'static [Field] {
        match self {
            Self::NoQueue | Self::HadNoQueue => &[Field::MaxQueueDepth],
            Self::NoRetry | Self::HadNoRetry => &[Field::MaxAttempts],
            Self::SameBackoffs | Self::ZeroBackoffs => {
                &[Field::MaxAttempts, Field::BaseBackoffMs, Field::MaxBackoffMs]
            }
            Self::ConnectReachesRequest => &[Field::ConnectMs, Field::RequestMs],
            Self::BenchmarkBreaks | Self::BudgetImpossible => &[],
        }
    }

    /// The condition in the table, after "if".
    pub const fn label(self) -> &'static str {
        match self {
            Self::NoQueue => "`max_queue_depth` is now 0",
            Self::HadNoQueue => "`max_queue_depth` was 0",
            Self::NoRetry => "`max_attempts` is now 1",
            Self::HadNoRetry => "`max_attempts` was 1",
            Self::SameBackoffs => "every backoff stays the same",
            Self::ZeroBackoffs => "every backoff is 0",
            Self::ConnectReachesRequest => "`connect_ms` is now at least `request_ms`",
            Self::BenchmarkBreaks => "the verdict of a benchmark gets worse",
            Self::BudgetImpossible => "a budget becomes impossible to keep under its workload",
        }
    }
}

/// What the table says of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Its changes, one cell a direction that it can take.
    Compared(&'static [Cell]),
    /// It says which item is meant: items that differ in it are two items.
    Identity,
    /// A table: the fields in it are compared, one by one.
    Table,
    /// No part of a contract.
    Outside,
}

/// The cell for a direction that the table lacks: such a change is never compatible.
const UNFORESEEN: Cell = cell(Change, Risky, "driverc cannot tell what the change means");

/// What a change of a field means, with the conditions that apply.
pub fn meaning(field: Field, direction: Direction, applies: impl Fn(When) -> bool) -> Cell {
    let Row::Compared(cells) = row(field) else { return UNFORESEEN };
    let mut cells = cells.iter().filter(|cell| cell.direction == direction);
    cells.find(|cell| cell.when.is_none_or(&applies)).copied().unwrap_or(UNFORESEEN)
}

/// What the table says of a field.
#[expect(clippy::too_many_lines, reason = "one line a field, and no field is left out")]
pub const fn row(field: Field) -> Row {
    match field {
        Field::Name => Row::Compared(NAME),
        Field::Class => Row::Compared(CLASS),
        Field::ProviderModule => Row::Compared(PROVIDER_MODULE),
        Field::MaxInFlight => Row::Compared(MAX_IN_FLIGHT),
        Field::MaxQueueDepth => Row::Compared(MAX_QUEUE_DEPTH),
        Field::ConnectMs => Row::Compared(CONNECT_MS),
        Field::RequestMs => Row::Compared(REQUEST_MS),
        Field::IdleMs => Row::Compared(IDLE_MS),
        Field::MaxAttempts => Row::Compared(MAX_ATTEMPTS),
        Field::BaseBackoffMs | Field::MaxBackoffMs => Row::Compared(BACKOFF),
        Field::JitterPercent => Row::Compared(JITTER_PERCENT),
        Field::TimeoutMetric
        | Field::RetryMetric
        | Field::LatencyMetric
        | Field::InFlightMetric => Row::Compared(METRIC),
        Field::Capabilities => Row::Compared(CAPABILITIES),
        Field::SupportTier => Row::Compared(SUPPORT_TIER),
        Field::TuningGuide => Row::Compared(TUNING_GUIDE),
        Field::MaxP95LatencyMs | Field::MaxTimeoutRateBps | Field::MaxRetryRateBps => {
            Row::Compared(CEILING)
        }
        Field::MinThroughputOpsPerSec => Row::Compared(FLOOR),
        Field::Benchmark => Row::Compared(BENCHMARK),
        Field::P50LatencyMs | Field::P95LatencyMs | Field::TimeoutRateBps | Field::RetryRateBps => {
            Row::Compared(MEASURED)
        }
        Field::ThroughputOpsPerSec => Row::Compared(MEASURED_THROUGHPUT),
        Field::P95UpperLatencyMs | Field::RejectRateBps | Field::FailureRateBps => {
            Row::Compared(MEASURED_TOO)
        }
        Field::Attempts | Field::Requests => Row::Compared(EVIDENCE),
        Field::DurationMs => Row::Compared(DURATION_MS),
        Field::Loop => Row::Compared(LOOP),
        Field::Source | Field::MeasuredOn => Row::Compared(ORIGIN),
        Field::Contract => Row::Compared(CONTRACT),
        Field::Waiver => Row::Compared(WAIVER),
        Field::Reason | Field::Owner => Row::Compared(WAIVER_TEXT),
        Field::WaivedField => Row::Compared(WAIVED_FIELD),
        Field::Expires => Row::Compared(EXPIRES),
        Field::Seeds | Field::Arrival | Field::Burst | Field::Operation => Row::Compared(LOAD),
        Field::WarmupMs => Row::Compared(WARMUP_MS),
        Field::RateOpsPerKsec
        | Field::ErrorBps
        | Field::ErrorUs
        | Field::StallBps
        | Field::StallUs
        | Field::SlotRecoveryUs => Row::Compared(HARDNESS),
        Field::Profile | Field::Scope | Field::Driver | Field::Rule => Row::Identity,
        Field::TimeoutPolicy
        | Field::RetryPolicy
        | Field::Telemetry
        | Field::Budget
        | Field::Workload
        | Field::BurstPeriodMs
        | Field::BurstOnMs
        | Field::BurstPercent
        | Field::Weight
        | Field::Service
        | Field::QuantilesUs
        | Field::ExponentialUs
        | Field::ConstantUs => Row::Table,
        Field::Verdict
        | Field::Include
        | Field::Exclude
        | Field::Preset
        | Field::SupportTiers
        | Field::MaxFileBytes
        | Field::RequiredCapabilities
        | Field::Rules
        | Field::PerFileRules
        | Field::Level
        | Field::Evidence
        | Field::Profiles
        | Field::MaxAgeDays => Row::Outside,
    }
}

/// The fields that are compared, by the table that they stand in, in the order of that table.
pub fn sections() -> Vec<(&'static str, Vec<Field>)> {
    let with = |first: &[Field], lists: &[&'static [Field]]| -> Vec<Field> {
        let all = first.iter().chain(lists.iter().copied().flatten()).copied();
        all.filter(|field| matches!(row(*field), Row::Compared(_))).collect()
    };
    let policies = [Field::DRIVER, Field::TIMEOUT_POLICY, Field::RETRY_POLICY, Field::TELEMETRY];
    vec![
        ("[driver.<name>]", with(&[Field::Name], &policies)),
        ("[budget.<profile>]", with(&[], &[Field::BUDGET_SCOPE])),
        ("[workload.<profile>]", with(&[], &[Field::WORKLOAD_SCOPE])),
        ("[[benchmark]]", with(&[Field::Benchmark], &[Field::BENCHMARK])),
        ("[[waiver]]", with(&[Field::Waiver], &[Field::WAIVER])),
    ]
}
