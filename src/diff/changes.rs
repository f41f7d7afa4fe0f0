//! The one table of what a change of a field means, for each direction.
//!
//! The match is exhaustive: a new field cannot be forgotten.

use super::{
    Direction::{self, Add, Change, Decrease, Increase, Remove},
    Severity::{self, Breaking, Compatible, Risky},
};
use crate::model::Field;

/// How grave one direction of change of one field is, and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Where the value went.
    pub direction: Direction,
    /// How grave that is.
    pub severity: Severity,
    /// What it means: lower case, no final stop.
    pub meaning: &'static str,
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

/// What is said of a direction that no cell foresees: nothing is let through unseen.
const UNFORESEEN: Cell = cell(Change, Risky, "it changed in a way that nothing is known of");

const fn cell(direction: Direction, severity: Severity, meaning: &'static str) -> Cell {
    Cell { direction, severity, meaning }
}

/// What a change of a field means.
pub fn meaning(field: Field, direction: Direction) -> Cell {
    let Row::Compared(cells) = row(field) else { return UNFORESEEN };
    cells.iter().copied().find(|cell| cell.direction == direction).unwrap_or(UNFORESEEN)
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

const NAME: &[Cell] = &[
    cell(Change, Breaking, "code, dashboards and budgets that name the driver find it no more"),
    cell(Add, Compatible, "nobody relies on it yet"),
    cell(Remove, Breaking, "whoever uses the driver is left without it"),
];
const CLASS: &[Cell] = &[cell(
    Change,
    Breaking,
    "another kind of system: budgets, rules and callers follow the class",
)];
const PROVIDER_MODULE: &[Cell] =
    &[cell(Change, Breaking, "code that names the module finds another one, or none")];
const MAX_IN_FLIGHT: &[Cell] = &[
    cell(Increase, Risky, "more operations at once reach the server"),
    cell(Decrease, Risky, "fewer operations run at once, and more of them wait"),
];
const MAX_QUEUE_DEPTH: &[Cell] = &[
    cell(Increase, Risky, "a longer queue hides an overload and makes requests wait"),
    cell(Decrease, Compatible, "an overload is turned away sooner"),
];
const CONNECT_MS: &[Cell] = &[
    cell(Increase, Compatible, "a slow connection is waited for longer"),
    cell(Decrease, Risky, "connections that were slow to open now fail"),
];
const REQUEST_MS: &[Cell] = &[
    cell(Increase, Risky, "an attempt that hangs holds its place and its caller longer"),
    cell(Decrease, Risky, "attempts that were slow to answer now time out, and are tried again"),
];
const IDLE_MS: &[Cell] = &[
    cell(Increase, Compatible, "unused connections are kept longer"),
    cell(Decrease, Risky, "connections are opened more often"),
];
const MAX_ATTEMPTS: &[Cell] = &[
    cell(Increase, Risky, "more attempts multiply the load of an outage"),
    cell(Decrease, Compatible, "the load of an outage falls; an error is final sooner"),
];
const BACKOFF: &[Cell] = &[
    cell(Increase, Compatible, "retries come later"),
    cell(Decrease, Risky, "retries come sooner, before the server has recovered"),
];
const JITTER_PERCENT: &[Cell] = &[
    cell(Increase, Compatible, "retries of many callers spread wider"),
    cell(Decrease, Risky, "retries of many callers come closer together"),
];
const METRIC: &[Cell] =
    &[cell(Change, Breaking, "dashboards and alerts that read the metric see nothing more")];
const CAPABILITIES: &[Cell] = &[
    cell(Add, Compatible, "the driver promises more"),
    cell(Remove, Breaking, "whoever relies on it is left without it"),
];
const SUPPORT_TIER: &[Cell] = &[
    cell(Increase, Compatible, "the driver is better supported"),
    cell(Decrease, Breaking, "whoever relies on the support gets less of it"),
    cell(Change, Risky, "`support_tiers` does not say which of the two is better"),
];
const TUNING_GUIDE: &[Cell] = &[cell(Change, Compatible, "only the explanation moved")];
const CEILING: &[Cell] = &[
    cell(Increase, Risky, "the budget is loosened"),
    cell(Decrease, Compatible, "the budget is tightened"),
    cell(Add, Compatible, "there is a limit where there was none"),
    cell(Remove, Risky, "there is no limit any more"),
];
const FLOOR: &[Cell] = &[
    cell(Increase, Compatible, "the budget is tightened"),
    cell(Decrease, Risky, "the budget is loosened"),
    cell(Add, Compatible, "there is a limit where there was none"),
    cell(Remove, Risky, "there is no limit any more"),
];
const BENCHMARK: &[Cell] =
    &[cell(Add, Compatible, "there is more evidence"), cell(Remove, Risky, "evidence is lost")];
const MEASURED: &[Cell] = &[
    cell(Increase, Risky, "the driver was measured to do worse"),
    cell(Decrease, Compatible, "the driver was measured to do better"),
];
const MEASURED_THROUGHPUT: &[Cell] = &[
    cell(Increase, Compatible, "the driver was measured to do better"),
    cell(Decrease, Risky, "the driver was measured to do worse"),
];
const MEASURED_TOO: &[Cell] = &[
    cell(Increase, Risky, "the driver was measured to do worse"),
    cell(Decrease, Compatible, "the driver was measured to do better"),
    cell(Add, Compatible, "there is more evidence"),
    cell(Remove, Risky, "evidence is lost"),
];
const EVIDENCE: &[Cell] = &[
    cell(Increase, Compatible, "there is more evidence"),
    cell(Decrease, Risky, "there is less evidence"),
    cell(Add, Compatible, "there is more evidence"),
    cell(Remove, Risky, "evidence is lost"),
];
const DURATION_MS: &[Cell] = &[
    cell(Increase, Compatible, "more is measured"),
    cell(Decrease, Risky, "less is measured"),
    cell(Add, Compatible, "what is measured is known"),
    cell(Remove, Risky, "what is measured is known no more"),
];
const LOOP: &[Cell] = &[
    cell(Change, Risky, "the load was put on in another way; the figures do not compare"),
    cell(Add, Compatible, "there is more evidence"),
    cell(Remove, Risky, "evidence is lost"),
];
const ORIGIN: &[Cell] = &[
    cell(Change, Compatible, "the sample was taken again"),
    cell(Add, Compatible, "there is more evidence"),
    cell(Remove, Risky, "evidence is lost"),
];
const CONTRACT: &[Cell] = &[
    cell(Change, Compatible, "another state of the contract was measured"),
    cell(Add, Compatible, "there is more evidence"),
    cell(Remove, Risky, "evidence is lost"),
];
const WAIVER: &[Cell] = &[
    cell(Add, Risky, "findings are accepted that counted before"),
    cell(Remove, Compatible, "findings count again"),
];
const WAIVER_TEXT: &[Cell] = &[cell(Change, Compatible, "what is accepted stays the same")];
const EXPIRES: &[Cell] = &[
    cell(Increase, Risky, "findings are accepted for longer"),
    cell(Decrease, Compatible, "findings count again sooner"),
];
const LOAD: &[Cell] = &[
    cell(Change, Risky, "the driver is simulated under another load; the figures do not compare"),
    cell(Add, Compatible, "the driver is simulated for the first time"),
    cell(Remove, Risky, "the driver is simulated no more"),
];
const WARMUP_MS: &[Cell] = &[
    cell(Increase, Risky, "more of the start is left out of what is measured"),
    cell(Decrease, Compatible, "less of the start is left out of what is measured"),
    cell(Add, Compatible, "the driver is simulated for the first time"),
    cell(Remove, Risky, "the driver is simulated no more"),
];
const HARDNESS: &[Cell] = &[
    cell(Increase, Compatible, "the driver is simulated under a harder load"),
    cell(Decrease, Risky, "the driver is simulated under an easier load"),
    cell(Add, Compatible, "the driver is simulated for the first time"),
    cell(Remove, Risky, "the driver is simulated no more"),
];

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
