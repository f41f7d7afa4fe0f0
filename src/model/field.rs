//! The only list of contract paths and configuration keys.

mod keys;
mod twin;

use self::keys::{DRIVER_KEYS, KEYS, TABLES, last_part, with_scopes};
use crate::model::{
    Benchmark, Call, Caller, DeclaredBudget, DeclaredWorkload, Requirement, RetryPolicy, Server,
    TelemetryProfile, TimeoutPolicy, Waiver, record::Record,
};

/// A field of a declaration, named by its path inside the declaration's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant is the field of that name, and documented there")]
pub enum Field {
    Name,
    Like,
    Class,
    ProviderModule,
    MaxInFlight,
    MaxQueueDepth,
    TimeoutPolicy,
    ConnectMs,
    RequestMs,
    IdleMs,
    QueueMs,
    DeadlineMs,
    LifetimeMs,
    RetryPolicy,
    MaxAttempts,
    BaseBackoffMs,
    MaxBackoffMs,
    JitterPercent,
    MultiplierPercent,
    RetryBudgetPercent,
    RetryBudgetMin,
    Telemetry,
    TimeoutMetric,
    RetryMetric,
    LatencyMetric,
    InFlightMetric,
    Capabilities,
    SupportTier,
    TuningGuide,
    Profile,
    Scope,
    MaxP95LatencyMs,
    MaxTimeoutRateBps,
    MaxRetryRateBps,
    MinThroughputOpsPerSec,
    MaxP99LatencyMs,
    Driver,
    P50LatencyMs,
    P95LatencyMs,
    TimeoutRateBps,
    RetryRateBps,
    ThroughputOpsPerSec,
    Attempts,
    Requests,
    P95UpperLatencyMs,
    P99LatencyMs,
    P99UpperLatencyMs,
    RejectRateBps,
    FailureRateBps,
    DurationMs,
    Loop,
    Source,
    MeasuredOn,
    Contract,
    Rule,
    WaivedField,
    Reason,
    Owner,
    Expires,
    Verdict,
    Seeds,
    WarmupMs,
    RateOpsPerKsec,
    Arrival,
    Burst,
    BurstPeriodMs,
    BurstOnMs,
    BurstPercent,
    ErrorBps,
    ErrorUs,
    StallBps,
    StallUs,
    SlotRecoveryUs,
    ContentionPpm,
    CoherencePpm,
    ServerSlots,
    AbandonedWork,
    Trigger,
    TriggerStartMs,
    TriggerDurationMs,
    ServicePercent,
    RatePercent,
    Operation,
    Weight,
    Service,
    QuantilesUs,
    ExponentialUs,
    ConstantUs,
    MaxConnections,
    ReservedConnections,
    IdleCloseMs,
    Instances,
    AttemptMs,
    CallerAttempts,
    From,
    To,
    Times,
    Parallel,
    Consumer,
    RequirementAttempts,
    WorstCaseMs,
    Template,
    Server,
    Budget,
    Workload,
    Benchmark,
    Waiver,
    Caller,
    Call,
    Requirement,
    Include,
    Exclude,
    Preset,
    SupportTiers,
    MaxFileBytes,
    Baseline,
    RequiredCapabilities,
    Vocabulary,
    Rules,
    PerFileRules,
    Level,
    Evidence,
    Profiles,
    MaxAgeDays,
}

impl Field {
    /// The tables of a document.
    pub const DOCUMENT: &'static [Self] = &[
        Self::Driver,
        Self::Template,
        Self::Server,
        Self::Budget,
        Self::Workload,
        Self::Benchmark,
        Self::Waiver,
        Self::Caller,
        Self::Call,
        Self::Requirement,
    ];
    /// The keys of `[driver.<name>]`, with tables after all other keys.
    pub const DRIVER: &'static [Self] = &DRIVER_KEYS;
    /// The keys of `[template.<name>]`: all keys of a driver except `like`.
    pub const TEMPLATE: &'static [Self] = Self::DRIVER.split_at(1).1;
    /// The keys of a driver's `timeout_policy`.
    pub const TIMEOUT_POLICY: &'static [Self] = TimeoutPolicy::FIELDS;
    /// The keys of a driver's `retry_policy`.
    pub const RETRY_POLICY: &'static [Self] = RetryPolicy::FIELDS;
    /// The keys of a driver's `telemetry`.
    pub const TELEMETRY: &'static [Self] = TelemetryProfile::FIELDS;
    /// The keys of a narrower scope of a budget.
    pub const BUDGET_SCOPE: &'static [Self] = DeclaredBudget::FIELDS.split_at(HEADER).1;
    /// The keys of `[budget.<profile>]`.
    pub const BUDGET: &'static [Self] =
        &with_scopes::<{ Self::BUDGET_SCOPE.len() + 2 }>(Self::BUDGET_SCOPE);
    /// The keys of a narrower scope of a workload.
    pub const WORKLOAD_SCOPE: &'static [Self] = DeclaredWorkload::FIELDS.split_at(HEADER).1;
    /// The keys of `[workload.<profile>]`.
    pub const WORKLOAD: &'static [Self] =
        &with_scopes::<{ Self::WORKLOAD_SCOPE.len() + 2 }>(Self::WORKLOAD_SCOPE);
    /// The keys of a workload's `burst`.
    pub const BURST: &'static [Self] = &[Self::BurstPeriodMs, Self::BurstOnMs, Self::BurstPercent];
    /// The keys of a workload's `trigger`, with exactly one of the last two.
    pub const TRIGGER: &'static [Self] =
        &[Self::TriggerStartMs, Self::TriggerDurationMs, Self::ServicePercent, Self::RatePercent];
    /// The keys of a workload's `[[operation]]`.
    pub const OPERATION: &'static [Self] = &[Self::Weight, Self::Service];
    /// The keys of an operation's `service`, of which exactly one is set.
    pub const SERVICE: &'static [Self] =
        &[Self::QuantilesUs, Self::ExponentialUs, Self::ConstantUs];
    /// The keys of `[server.<name>]`.
    pub const SERVER: &'static [Self] = Server::FIELDS.split_at(1).1;
    /// The keys of `[[benchmark]]`.
    pub const BENCHMARK: &'static [Self] = Benchmark::FIELDS;
    /// The keys of `[[waiver]]`.
    pub const WAIVER: &'static [Self] = Waiver::FIELDS;
    /// The keys of `[caller.<name>]`.
    pub const CALLER: &'static [Self] = Caller::FIELDS.split_at(1).1;
    /// The keys of `[[call]]`.
    pub const CALL: &'static [Self] = Call::FIELDS;
    /// The keys of `[[requirement]]`.
    pub const REQUIREMENT: &'static [Self] = Requirement::FIELDS;

    /// The keys of `driverc.toml`.
    pub const CONFIGURATION: &'static [Self] = &[
        Self::Include,
        Self::Exclude,
        Self::Preset,
        Self::SupportTiers,
        Self::MaxFileBytes,
        Self::Baseline,
        Self::RequiredCapabilities,
        Self::Vocabulary,
        Self::Rules,
        Self::PerFileRules,
        Self::Evidence,
    ];
    /// The keys of `[evidence.<tier>]`.
    pub const EVIDENCE: &'static [Self] = &[Self::Profiles, Self::MaxAgeDays];

    /// Returns the number of keys in the largest table.
    pub(crate) const fn most_keys() -> usize {
        let (mut most, mut list) = (0, 0);
        while list < TABLES.len() {
            if TABLES[list].len() > most {
                most = TABLES[list].len();
            }
            list += 1;
        }
        most
    }

    /// Returns true if the field is a table of a driver.
    pub(crate) const fn is_table_of_driver(self) -> bool {
        matches!(self, Self::TimeoutPolicy | Self::RetryPolicy | Self::Telemetry)
    }

    /// Returns the path inside the declaration's table, with dots: `timeout_policy.connect_ms`.
    #[expect(clippy::too_many_lines, reason = "one line a field")]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Like => "like",
            Self::Class => "class",
            Self::ProviderModule => "provider_module",
            Self::MaxInFlight => "max_in_flight",
            Self::MaxQueueDepth => "max_queue_depth",
            Self::TimeoutPolicy => "timeout_policy",
            Self::ConnectMs => "timeout_policy.connect_ms",
            Self::RequestMs => "timeout_policy.request_ms",
            Self::IdleMs => "timeout_policy.idle_ms",
            Self::QueueMs => "timeout_policy.queue_ms",
            Self::DeadlineMs => "timeout_policy.deadline_ms",
            Self::LifetimeMs => "timeout_policy.lifetime_ms",
            Self::RetryPolicy => "retry_policy",
            Self::MaxAttempts => "retry_policy.max_attempts",
            Self::BaseBackoffMs => "retry_policy.base_backoff_ms",
            Self::MaxBackoffMs => "retry_policy.max_backoff_ms",
            Self::JitterPercent => "retry_policy.jitter_percent",
            Self::MultiplierPercent => "retry_policy.multiplier_percent",
            Self::RetryBudgetPercent => "retry_policy.retry_budget_percent",
            Self::RetryBudgetMin => "retry_policy.retry_budget_min",
            Self::Telemetry => "telemetry",
            Self::TimeoutMetric => "telemetry.timeout_metric",
            Self::RetryMetric => "telemetry.retry_metric",
            Self::LatencyMetric => "telemetry.latency_metric",
            Self::InFlightMetric => "telemetry.in_flight_metric",
            Self::Capabilities => "capabilities",
            Self::SupportTier => "support_tier",
            Self::TuningGuide => "tuning_guide",
            Self::Profile => "profile",
            Self::Scope => "scope",
            Self::MaxP95LatencyMs => "max_p95_latency_ms",
            Self::MaxTimeoutRateBps => "max_timeout_rate_bps",
            Self::MaxRetryRateBps => "max_retry_rate_bps",
            Self::MinThroughputOpsPerSec => "min_throughput_ops_per_sec",
            Self::MaxP99LatencyMs => "max_p99_latency_ms",
            Self::Driver => "driver",
            Self::P50LatencyMs => "p50_latency_ms",
            Self::P95LatencyMs => "p95_latency_ms",
            Self::TimeoutRateBps => "timeout_rate_bps",
            Self::RetryRateBps => "retry_rate_bps",
            Self::ThroughputOpsPerSec => "throughput_ops_per_sec",
            Self::Attempts => "attempts",
            Self::Requests => "requests",
            Self::P95UpperLatencyMs => "p95_upper_latency_ms",
            Self::P99LatencyMs => "p99_latency_ms",
            Self::P99UpperLatencyMs => "p99_upper_latency_ms",
            Self::RejectRateBps => "reject_rate_bps",
            Self::FailureRateBps => "failure_rate_bps",
            Self::DurationMs => "duration_ms",
            Self::Loop => "loop",
            Self::Source => "source",
            Self::MeasuredOn => "measured_on",
            Self::Contract => "contract",
            Self::Rule => "rule",
            Self::WaivedField => "field",
            Self::Reason => "reason",
            Self::Owner => "owner",
            Self::Expires => "expires",
            Self::Verdict => "verdict",
            Self::Seeds => "seeds",
            Self::WarmupMs => "warmup_ms",
            Self::RateOpsPerKsec => "rate_ops_per_ksec",
            Self::Arrival => "arrival",
            Self::Burst => "burst",
            Self::BurstPeriodMs => "burst.period_ms",
            Self::BurstOnMs => "burst.on_ms",
            Self::BurstPercent => "burst.percent",
            Self::ErrorBps => "error_bps",
            Self::ErrorUs => "error_us",
            Self::StallBps => "stall_bps",
            Self::StallUs => "stall_us",
            Self::SlotRecoveryUs => "slot_recovery_us",
            Self::ContentionPpm => "contention_ppm",
            Self::CoherencePpm => "coherence_ppm",
            Self::ServerSlots => "server_slots",
            Self::AbandonedWork => "abandoned_work",
            Self::Trigger => "trigger",
            Self::TriggerStartMs => "trigger.start_ms",
            Self::TriggerDurationMs => "trigger.duration_ms",
            Self::ServicePercent => "trigger.service_percent",
            Self::RatePercent => "trigger.rate_percent",
            Self::Operation => "operation",
            Self::Weight => "operation.weight",
            Self::Service => "operation.service",
            Self::QuantilesUs => "operation.service.quantiles_us",
            Self::ExponentialUs => "operation.service.exponential_us",
            Self::ConstantUs => "operation.service.constant_us",
            Self::MaxConnections => "max_connections",
            Self::ReservedConnections => "reserved_connections",
            Self::IdleCloseMs => "idle_close_ms",
            Self::Instances => "instances",
            Self::AttemptMs => "attempt_ms",
            Self::CallerAttempts | Self::RequirementAttempts => "max_attempts",
            Self::From => "from",
            Self::To => "to",
            Self::Times => "times",
            Self::Parallel => "parallel",
            Self::Consumer => "consumer",
            Self::WorstCaseMs => "worst_case_ms",
            Self::Template => "template",
            Self::Server => "server",
            Self::Budget => "budget",
            Self::Workload => "workload",
            Self::Benchmark => "benchmark",
            Self::Waiver => "waiver",
            Self::Caller => "caller",
            Self::Call => "call",
            Self::Requirement => "requirement",
            Self::Include => "include",
            Self::Exclude => "exclude",
            Self::Preset => "preset",
            Self::SupportTiers => "support_tiers",
            Self::MaxFileBytes => "max_file_bytes",
            Self::Baseline => "baseline",
            Self::RequiredCapabilities => "required_capabilities",
            Self::Vocabulary => "vocabulary",
            Self::Rules => "rules",
            Self::PerFileRules => "per-file-rules",
            Self::Level => "level",
            Self::Evidence => "evidence",
            Self::Profiles => "evidence.profiles",
            Self::MaxAgeDays => "evidence.max_age_days",
        }
    }

    /// Returns the last part of the path: the key in the innermost table.
    pub const fn key(self) -> &'static str {
        let place = self as usize;
        if place < KEYS.len() && !KEYS[place].is_empty() {
            return KEYS[place];
        }
        last_part(self.path())
    }
}

/// The number of fields in a scope's header: the profile and the scope.
const HEADER: usize = 2;

#[cfg(test)]
mod tests;
