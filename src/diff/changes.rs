//! Defines the severity and meaning of each change, per field and direction.

mod cells;
mod requirement_cells;
mod server_cells;

use self::cells::{
    ATTEMPT_MS, BACKOFF, BENCHMARK, CALL, CALLER, CALLER_ATTEMPTS, CAPABILITIES, CEILING, CLASS,
    CONNECT_MS, CONTRACT, DEADLINE_MS, DURATION_MS, EVIDENCE, EXPIRES, FLOOR, HARDNESS, IDLE_MS,
    JITTER_PERCENT, LIFETIME_MS, LOAD, LOOP, MAX_ATTEMPTS, MAX_IN_FLIGHT, MAX_QUEUE_DEPTH,
    MEASURED, MEASURED_THROUGHPUT, MEASURED_TOO, METRIC, MULTIPLIER_PERCENT, NAME, ORIGIN,
    PARALLEL, PROVIDER_MODULE, QUEUE_MS, REQUEST_MS, RETRY_BUDGET, SERVER_SLOTS, SUPPORT_TIER,
    TIMES, TUNING_GUIDE, WAIVED_FIELD, WAIVER, WAIVER_TEXT, WARMUP_MS, cell,
};
use super::{
    Direction::{self, Change},
    Severity::{self, Risky},
};
use crate::model::Field;

/// The severity and meaning of a field's change in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// How the value changed.
    pub direction: Direction,
    /// The condition. A cell without a condition applies if no earlier cell for the same direction
    /// applies.
    pub when: Option<When>,
    /// The severity.
    pub severity: Severity,
    /// The meaning: lower case, no final stop.
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
    /// Every backoff stays the same.
    SameBackoffs,
    /// The backoff of every retry is 0.
    ZeroBackoffs,
    /// The new `connect_ms` is at least `request_ms`.
    ConnectReachesRequest,
    /// The change makes the verdict of a recorded benchmark worse.
    BenchmarkBreaks,
    /// The change makes a budget impossible to meet under its workload.
    BudgetImpossible,
    /// The change makes a call take longer than its caller waits.
    OutlastsCaller,
    /// The driver of the call is on a cycle of calls, or a cycle leads to it.
    BehindCycle,
    /// The new side has the driver, but no server of the new side names the driver.
    WithoutServer,
}

impl When {
    /// Returns the fields of a driver that decide whether the condition applies.
    pub(super) const fn fields(self) -> &'static [Field] {
        match self {
            Self::NoQueue | Self::HadNoQueue => &[Field::MaxQueueDepth],
            Self::NoRetry | Self::HadNoRetry => &[Field::MaxAttempts],
            Self::SameBackoffs | Self::ZeroBackoffs => &[
                Field::MaxAttempts,
                Field::BaseBackoffMs,
                Field::MaxBackoffMs,
                Field::MultiplierPercent,
            ],
            Self::ConnectReachesRequest => &[Field::ConnectMs, Field::RequestMs],
            Self::BenchmarkBreaks
            | Self::BudgetImpossible
            | Self::OutlastsCaller
            | Self::BehindCycle
            | Self::WithoutServer => &[],
        }
    }

    /// Returns the text of the condition, which follows "if" in the table of changes.
    pub const fn label(self) -> &'static str {
        match self {
            Self::NoQueue => "`max_queue_depth` is now 0",
            Self::HadNoQueue => "`max_queue_depth` was 0",
            Self::NoRetry => "`max_attempts` is now 1",
            Self::HadNoRetry => "`max_attempts` was 1",
            Self::SameBackoffs => "every backoff stays the same",
            Self::ZeroBackoffs => "every backoff is 0",
            Self::ConnectReachesRequest => "`connect_ms` is now at least `request_ms`",
            Self::BenchmarkBreaks => "a verdict gets worse",
            Self::BudgetImpossible => "a budget becomes impossible",
            Self::OutlastsCaller => "a call is now too long",
            Self::BehindCycle => "the driver is on a cycle of calls, or a cycle leads to it",
            Self::WithoutServer => "the driver still exists, and no server names it",
        }
    }
}

/// The way in which a comparison treats a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldChanges {
    /// The field is compared. There is at least one cell for each direction in which the field can
    /// change.
    Compared(&'static [Cell]),
    /// The field identifies its item: items with different values are different items.
    Identity,
    /// The field is a table, and its own fields are compared.
    Table,
    /// The field is not part of a contract.
    Outside,
}

/// The cell for a direction without its own cell. Such a change is always risky.
const UNFORESEEN: Cell = cell(Change, Risky, "driverc cannot tell what the change means");

/// Returns the first cell that is for this field and direction and whose condition applies.
pub fn meaning(field: Field, direction: Direction, applies: impl Fn(When) -> bool) -> Cell {
    meaning_in(row(field), direction, applies)
}

/// Returns the first cell that is for this direction and whose condition applies.
pub fn meaning_in(row: FieldChanges, direction: Direction, applies: impl Fn(When) -> bool) -> Cell {
    let FieldChanges::Compared(cells) = row else { return UNFORESEEN };
    let mut cells = cells.iter().filter(|cell| cell.direction == direction);
    cells.find(|cell| cell.when.is_none_or(&applies)).copied().unwrap_or(UNFORESEEN)
}

/// Returns how a comparison treats a field.
#[expect(clippy::too_many_lines, reason = "one line per field")]
pub const fn row(field: Field) -> FieldChanges {
    match field {
        Field::Name => FieldChanges::Compared(NAME),
        Field::Class => FieldChanges::Compared(CLASS),
        Field::ProviderModule => FieldChanges::Compared(PROVIDER_MODULE),
        Field::MaxInFlight => FieldChanges::Compared(MAX_IN_FLIGHT),
        Field::MaxQueueDepth => FieldChanges::Compared(MAX_QUEUE_DEPTH),
        Field::ConnectMs => FieldChanges::Compared(CONNECT_MS),
        Field::RequestMs => FieldChanges::Compared(REQUEST_MS),
        Field::IdleMs => FieldChanges::Compared(IDLE_MS),
        Field::QueueMs => FieldChanges::Compared(QUEUE_MS),
        Field::DeadlineMs => FieldChanges::Compared(DEADLINE_MS),
        Field::LifetimeMs => FieldChanges::Compared(LIFETIME_MS),
        Field::MaxAttempts => FieldChanges::Compared(MAX_ATTEMPTS),
        Field::BaseBackoffMs | Field::MaxBackoffMs => FieldChanges::Compared(BACKOFF),
        Field::JitterPercent => FieldChanges::Compared(JITTER_PERCENT),
        Field::MultiplierPercent => FieldChanges::Compared(MULTIPLIER_PERCENT),
        Field::RetryBudgetPercent | Field::RetryBudgetMin => FieldChanges::Compared(RETRY_BUDGET),
        Field::TimeoutMetric
        | Field::RetryMetric
        | Field::LatencyMetric
        | Field::InFlightMetric => FieldChanges::Compared(METRIC),
        Field::Capabilities => FieldChanges::Compared(CAPABILITIES),
        Field::SupportTier => FieldChanges::Compared(SUPPORT_TIER),
        Field::TuningGuide => FieldChanges::Compared(TUNING_GUIDE),
        Field::MaxP95LatencyMs
        | Field::MaxTimeoutRateBps
        | Field::MaxRetryRateBps
        | Field::MaxP99LatencyMs => FieldChanges::Compared(CEILING),
        Field::MinThroughputOpsPerSec => FieldChanges::Compared(FLOOR),
        Field::Benchmark => FieldChanges::Compared(BENCHMARK),
        Field::P50LatencyMs | Field::P95LatencyMs | Field::TimeoutRateBps | Field::RetryRateBps => {
            FieldChanges::Compared(MEASURED)
        }
        Field::ThroughputOpsPerSec => FieldChanges::Compared(MEASURED_THROUGHPUT),
        Field::P95UpperLatencyMs
        | Field::P99LatencyMs
        | Field::P99UpperLatencyMs
        | Field::RejectRateBps
        | Field::FailureRateBps => FieldChanges::Compared(MEASURED_TOO),
        Field::Attempts | Field::Requests => FieldChanges::Compared(EVIDENCE),
        Field::DurationMs => FieldChanges::Compared(DURATION_MS),
        Field::Loop => FieldChanges::Compared(LOOP),
        Field::Source | Field::MeasuredOn => FieldChanges::Compared(ORIGIN),
        Field::Contract => FieldChanges::Compared(CONTRACT),
        Field::Waiver => FieldChanges::Compared(WAIVER),
        Field::Reason | Field::Owner => FieldChanges::Compared(WAIVER_TEXT),
        Field::WaivedField => FieldChanges::Compared(WAIVED_FIELD),
        Field::Expires => FieldChanges::Compared(EXPIRES),
        Field::Seeds
        | Field::Arrival
        | Field::Burst
        | Field::AbandonedWork
        | Field::Trigger
        | Field::Operation => FieldChanges::Compared(LOAD),
        Field::ServerSlots => FieldChanges::Compared(SERVER_SLOTS),
        Field::WarmupMs => FieldChanges::Compared(WARMUP_MS),
        Field::RateOpsPerKsec
        | Field::ErrorBps
        | Field::ErrorUs
        | Field::StallBps
        | Field::StallUs
        | Field::SlotRecoveryUs
        | Field::ContentionPpm
        | Field::CoherencePpm => FieldChanges::Compared(HARDNESS),
        Field::Server => FieldChanges::Compared(server_cells::SERVER),
        Field::MaxConnections => FieldChanges::Compared(server_cells::MAX_CONNECTIONS),
        Field::ReservedConnections => FieldChanges::Compared(server_cells::RESERVED_CONNECTIONS),
        Field::IdleCloseMs => FieldChanges::Compared(server_cells::IDLE_CLOSE_MS),
        Field::Instances => FieldChanges::Compared(server_cells::INSTANCES),
        Field::Profile
        | Field::Scope
        | Field::Driver
        | Field::Rule
        | Field::From
        | Field::To
        | Field::Consumer => FieldChanges::Identity,
        Field::Caller => FieldChanges::Compared(CALLER),
        Field::AttemptMs => FieldChanges::Compared(ATTEMPT_MS),
        Field::CallerAttempts => FieldChanges::Compared(CALLER_ATTEMPTS),
        Field::Call => FieldChanges::Compared(CALL),
        Field::Times => FieldChanges::Compared(TIMES),
        Field::Parallel => FieldChanges::Compared(PARALLEL),
        Field::Requirement => FieldChanges::Compared(requirement_cells::REQUIREMENT),
        Field::RequirementAttempts | Field::WorstCaseMs => {
            FieldChanges::Compared(requirement_cells::CEILING)
        }
        Field::TimeoutPolicy
        | Field::RetryPolicy
        | Field::Telemetry
        | Field::Template
        | Field::Budget
        | Field::Workload
        | Field::BurstPeriodMs
        | Field::BurstOnMs
        | Field::BurstPercent
        | Field::TriggerStartMs
        | Field::TriggerDurationMs
        | Field::ServicePercent
        | Field::RatePercent
        | Field::Weight
        | Field::Service
        | Field::QuantilesUs
        | Field::ExponentialUs
        | Field::ConstantUs => FieldChanges::Table,
        Field::Like
        | Field::Verdict
        | Field::Include
        | Field::Exclude
        | Field::Preset
        | Field::SupportTiers
        | Field::MaxFileBytes
        | Field::Baseline
        | Field::RequiredCapabilities
        | Field::Vocabulary
        | Field::Rules
        | Field::PerFileRules
        | Field::Level
        | Field::Evidence
        | Field::Profiles
        | Field::MaxAgeDays => FieldChanges::Outside,
    }
}

/// Returns how a comparison of requirements treats a field. Requirements share some fields with other
/// tables, but the changes mean something else.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other fields are not in a requirement")]
pub const fn requirement_row(field: Field) -> FieldChanges {
    match field {
        Field::Requirement => FieldChanges::Compared(requirement_cells::REQUIREMENT),
        Field::Owner | Field::Reason => FieldChanges::Compared(requirement_cells::TEXT),
        Field::Capabilities => FieldChanges::Compared(requirement_cells::CAPABILITIES),
        Field::MinThroughputOpsPerSec => FieldChanges::Compared(requirement_cells::FLOOR),
        Field::RequirementAttempts
        | Field::WorstCaseMs
        | Field::MaxP95LatencyMs
        | Field::MaxTimeoutRateBps
        | Field::MaxRetryRateBps
        | Field::MaxP99LatencyMs => FieldChanges::Compared(requirement_cells::CEILING),
        Field::Consumer | Field::Driver | Field::Profile => FieldChanges::Identity,
        _ => FieldChanges::Outside,
    }
}

/// Returns how a comparison treats a field in the section with this title.
pub fn row_in(title: &str, field: Field) -> FieldChanges {
    if title == REQUIREMENT_TITLE { requirement_row(field) } else { row(field) }
}

/// The title of the section of requirements.
const REQUIREMENT_TITLE: &str = "[[requirement]]";

/// Returns the compared fields of each table, in the order of the table.
pub fn sections() -> Vec<(&'static str, Vec<Field>)> {
    let with = |first: &[Field], lists: &[&'static [Field]]| -> Vec<Field> {
        let all = first.iter().chain(lists.iter().copied().flatten()).copied();
        all.filter(|field| matches!(row(*field), FieldChanges::Compared(_))).collect()
    };
    let of_requirement = [&[Field::Requirement], Field::REQUIREMENT].concat();
    let is_compared = |field: &Field| matches!(requirement_row(*field), FieldChanges::Compared(_));
    let of_requirement = of_requirement.into_iter().filter(is_compared).collect();
    let policies = [Field::TEMPLATE, Field::TIMEOUT_POLICY, Field::RETRY_POLICY, Field::TELEMETRY];
    vec![
        ("[driver.<name>]", with(&[Field::Name], &policies)),
        ("[budget.<profile>]", with(&[], &[Field::BUDGET_SCOPE])),
        ("[workload.<profile>]", with(&[], &[Field::WORKLOAD_SCOPE])),
        ("[server.<name>]", with(&[Field::Server], &[Field::SERVER])),
        ("[[benchmark]]", with(&[Field::Benchmark], &[Field::BENCHMARK])),
        ("[[waiver]]", with(&[Field::Waiver], &[Field::WAIVER])),
        ("[caller.<name>]", with(&[Field::Caller], &[Field::CALLER])),
        ("[[call]]", with(&[Field::Call], &[Field::CALL])),
        (REQUIREMENT_TITLE, of_requirement),
    ]
}
