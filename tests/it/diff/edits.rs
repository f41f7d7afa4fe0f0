//! One edit of the base for each cell of the table of changes.

mod added;

use driverc::{
    diff::Direction::{self, Add, Change, Increase},
    model::Field,
};

use self::added::{
    ANOTHER_CALL, ANOTHER_CALLER, ANOTHER_DRIVER, ANOTHER_REQUIREMENT, ANOTHER_SAMPLE,
    ANOTHER_SERVER, ANOTHER_WAIVER, ANOTHER_WORKLOAD,
};

pub(crate) const BASE: &str = include_str!("../../fixtures/diff/base.toml");

/// A replacement in the base, and the changes that it causes. The reverse edit changes the same
/// fields in the opposite direction.
pub(crate) struct Edit {
    pub(crate) kind: &'static str,
    pub(crate) fields: &'static [Field],
    pub(crate) direction: Direction,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
}

impl Edit {
    /// Returns the edited base.
    #[track_caller]
    pub(crate) fn apply(&self) -> String {
        assert!(BASE.contains(self.from), "{}", self.from);
        BASE.replace(self.from, self.to)
    }

    /// Returns the direction of the reverse edit.
    pub(crate) fn reversed(&self) -> Direction {
        match self.direction {
            Direction::Increase => Direction::Decrease,
            Direction::Decrease => Direction::Increase,
            Direction::Change => Direction::Change,
            Direction::Add => Direction::Remove,
            Direction::Remove => Direction::Add,
        }
    }
}

const fn edit(
    kind: &'static str,
    fields: &'static [Field],
    direction: Direction,
    from: &'static str,
    to: &'static str,
) -> Edit {
    Edit { kind, fields, direction, from, to }
}

const fn driver(
    field: &'static [Field],
    direction: Direction,
    from: &'static str,
    to: &'static str,
) -> Edit {
    edit("driver", field, direction, from, to)
}

const fn budget(
    field: &'static [Field],
    direction: Direction,
    from: &'static str,
    to: &'static str,
) -> Edit {
    edit("budget", field, direction, from, to)
}

const fn sample(
    field: &'static [Field],
    direction: Direction,
    from: &'static str,
    to: &'static str,
) -> Edit {
    edit("benchmark", field, direction, from, to)
}

const fn needs(
    field: &'static [Field],
    direction: Direction,
    from: &'static str,
    to: &'static str,
) -> Edit {
    edit("requirement", field, direction, from, to)
}

const fn load(
    field: &'static [Field],
    direction: Direction,
    from: &'static str,
    to: &'static str,
) -> Edit {
    edit("workload", field, direction, from, to)
}

const fn server(
    field: &'static [Field],
    direction: Direction,
    from: &'static str,
    to: &'static str,
) -> Edit {
    edit("server", field, direction, from, to)
}

use Field as F;

pub(crate) const EDITS: &[Edit] = &[
    driver(
        &[F::Name, F::TimeoutMetric, F::RetryMetric, F::LatencyMetric, F::InFlightMetric],
        Change,
        "example",
        "renamed",
    ),
    driver(&[F::Name], Add, "# another driver", ANOTHER_DRIVER),
    driver(&[F::Class], Change, "relational_adapter", "columnar_adapter"),
    driver(&[F::ProviderModule], Change, "sqlx::postgres", "tokio_postgres"),
    driver(&[F::MaxInFlight], Increase, "max_in_flight = 20", "max_in_flight = 21"),
    driver(&[F::MaxQueueDepth], Increase, "max_queue_depth = 200", "max_queue_depth = 201"),
    driver(&[F::ConnectMs], Increase, "connect_ms = 3100", "connect_ms = 3101"),
    driver(&[F::RequestMs], Increase, "request_ms = 5000", "request_ms = 5001"),
    driver(&[F::IdleMs], Increase, "idle_ms = 600000", "idle_ms = 600001"),
    driver(&[F::QueueMs], Increase, "queue_ms = 1000", "queue_ms = 1001"),
    driver(&[F::QueueMs], Direction::Remove, "queue_ms = 1000\n", ""),
    driver(&[F::DeadlineMs], Increase, "deadline_ms = 20000", "deadline_ms = 20001"),
    driver(&[F::DeadlineMs], Direction::Remove, "deadline_ms = 20000\n", ""),
    driver(&[F::LifetimeMs], Increase, "lifetime_ms = 1800000", "lifetime_ms = 1800001"),
    driver(&[F::LifetimeMs], Direction::Remove, "lifetime_ms = 1800000\n", ""),
    driver(&[F::MaxAttempts], Increase, "max_attempts = 3", "max_attempts = 4"),
    driver(&[F::BaseBackoffMs], Increase, "base_backoff_ms = 50", "base_backoff_ms = 51"),
    driver(&[F::MaxBackoffMs], Increase, "max_backoff_ms = 80", "max_backoff_ms = 81"),
    driver(&[F::JitterPercent], Increase, "jitter_percent = 50", "jitter_percent = 51"),
    driver(
        &[F::MultiplierPercent],
        Increase,
        "multiplier_percent = 150",
        "multiplier_percent = 151",
    ),
    driver(&[F::MultiplierPercent], Direction::Remove, "multiplier_percent = 150\n", ""),
    driver(
        &[F::RetryBudgetPercent],
        Increase,
        "retry_budget_percent = 20",
        "retry_budget_percent = 21",
    ),
    driver(
        &[F::RetryBudgetPercent, F::RetryBudgetMin],
        Direction::Remove,
        "retry_budget_percent = 20\nretry_budget_min = 5\n",
        "",
    ),
    driver(&[F::RetryBudgetMin], Increase, "retry_budget_min = 5", "retry_budget_min = 6"),
    driver(&[F::RetryBudgetMin], Direction::Remove, "retry_budget_min = 5\n", ""),
    driver(&[F::TimeoutMetric], Change, "example_timeouts_total", "timeouts_total"),
    driver(&[F::RetryMetric], Change, "example_retries_total", "retries_total"),
    driver(&[F::LatencyMetric], Change, "example_operation_duration_seconds", "seconds"),
    driver(&[F::InFlightMetric], Change, "example_in_flight_requests", "requests"),
    driver(&[F::Capabilities], Add, r#""batch_read"]"#, r#""batch_read", "batch_write"]"#),
    driver(&[F::SupportTier], Increase, "tier2", "tier1"),
    driver(&[F::SupportTier], Change, "tier2", "gold"),
    driver(&[F::TuningGuide], Change, "docs/tuning/postgres.md", ""),
    budget(&[F::MaxP95LatencyMs], Increase, "max_p95_latency_ms = 120", "max_p95_latency_ms = 121"),
    budget(
        &[F::MaxTimeoutRateBps],
        Increase,
        "max_timeout_rate_bps = 10",
        "max_timeout_rate_bps = 11",
    ),
    budget(&[F::MaxRetryRateBps], Increase, "max_retry_rate_bps = 50", "max_retry_rate_bps = 51"),
    budget(
        &[F::MinThroughputOpsPerSec],
        Increase,
        "min_throughput_ops_per_sec = 400",
        "min_throughput_ops_per_sec = 401",
    ),
    budget(&[F::MaxP95LatencyMs], Direction::Remove, "max_p95_latency_ms = 120\n", ""),
    budget(&[F::MaxP99LatencyMs], Increase, "max_p99_latency_ms = 300", "max_p99_latency_ms = 301"),
    budget(&[F::MaxP99LatencyMs], Direction::Remove, "max_p99_latency_ms = 300\n", ""),
    budget(&[F::MaxTimeoutRateBps], Direction::Remove, "max_timeout_rate_bps = 10\n", ""),
    budget(&[F::MaxRetryRateBps], Direction::Remove, "max_retry_rate_bps = 50\n", ""),
    budget(
        &[F::MinThroughputOpsPerSec],
        Direction::Remove,
        "min_throughput_ops_per_sec = 400\n",
        "",
    ),
    load(&[F::Seeds], Change, "seeds = [1, 2]", "seeds = [1, 3]"),
    load(&[F::WarmupMs], Increase, "warmup_ms = 1000", "warmup_ms = 1001"),
    load(&[F::DurationMs], Increase, "duration_ms = 60000", "duration_ms = 60001"),
    load(
        &[F::RateOpsPerKsec],
        Increase,
        "rate_ops_per_ksec = 450000",
        "rate_ops_per_ksec = 450001",
    ),
    load(&[F::Arrival], Change, "poisson", "constant"),
    load(&[F::Burst], Change, "percent = 160", "percent = 161"),
    load(&[F::ErrorBps], Increase, "error_bps = 10", "error_bps = 11"),
    load(&[F::ErrorUs], Increase, "error_us = 2000", "error_us = 2001"),
    load(&[F::StallBps], Increase, "stall_bps = 5", "stall_bps = 6"),
    load(&[F::StallUs], Increase, "stall_us = 40000", "stall_us = 40001"),
    load(&[F::SlotRecoveryUs], Increase, "slot_recovery_us = 100", "slot_recovery_us = 101"),
    load(
        &[F::ContentionPpm],
        Increase,
        "server_slots = 30",
        "server_slots = 30\ncontention_ppm = 1",
    ),
    load(&[F::CoherencePpm], Increase, "server_slots = 30", "server_slots = 30\ncoherence_ppm = 1"),
    load(&[F::ServerSlots], Increase, "server_slots = 30", "server_slots = 31"),
    // Without server slots, abandoned work is cancelled by default.
    load(&[F::ServerSlots, F::AbandonedWork], Change, "server_slots = 30\n", ""),
    load(
        &[F::AbandonedWork],
        Change,
        "server_slots = 30",
        "server_slots = 30\nabandoned_work = \"cancelled\"",
    ),
    load(
        &[F::Trigger],
        Change,
        "server_slots = 30",
        "server_slots = 30\ntrigger = { start_ms = 0, duration_ms = 1, service_percent = 2 }",
    ),
    load(&[F::Operation], Change, "constant_us = 700", "exponential_us = 700"),
    load(F::WORKLOAD_SCOPE, Add, "# another workload", ANOTHER_WORKLOAD),
    sample(&[F::Benchmark], Add, "# another sample", ANOTHER_SAMPLE),
    sample(&[F::P50LatencyMs], Increase, "p50_latency_ms = 19", "p50_latency_ms = 20"),
    sample(&[F::P95LatencyMs], Increase, "p95_latency_ms = 73", "p95_latency_ms = 74"),
    sample(&[F::TimeoutRateBps], Increase, "timeout_rate_bps = 1\n", "timeout_rate_bps = 2\n"),
    sample(&[F::RetryRateBps], Increase, "retry_rate_bps = 11", "retry_rate_bps = 12"),
    sample(
        &[F::ThroughputOpsPerSec],
        Increase,
        "throughput_ops_per_sec = 448",
        "throughput_ops_per_sec = 449",
    ),
    sample(&[F::Attempts], Increase, "attempts = 30030", "attempts = 30031"),
    sample(&[F::Attempts], Direction::Remove, "attempts = 30030\n", ""),
    sample(&[F::Requests], Increase, "requests = 30000", "requests = 30001"),
    sample(&[F::Requests], Direction::Remove, "requests = 30000\n", ""),
    sample(
        &[F::P95UpperLatencyMs],
        Increase,
        "p95_upper_latency_ms = 76",
        "p95_upper_latency_ms = 77",
    ),
    sample(&[F::P95UpperLatencyMs], Direction::Remove, "p95_upper_latency_ms = 76\n", ""),
    sample(&[F::P99LatencyMs], Increase, "p99_latency_ms = 90\n", "p99_latency_ms = 91\n"),
    sample(&[F::P99LatencyMs], Direction::Remove, "\np99_latency_ms = 90\n", "\n"),
    sample(
        &[F::P99UpperLatencyMs],
        Increase,
        "p99_upper_latency_ms = 95",
        "p99_upper_latency_ms = 96",
    ),
    sample(&[F::P99UpperLatencyMs], Direction::Remove, "p99_upper_latency_ms = 95\n", ""),
    sample(&[F::RejectRateBps], Increase, "reject_rate_bps = 2", "reject_rate_bps = 3"),
    sample(&[F::RejectRateBps], Direction::Remove, "reject_rate_bps = 2\n", ""),
    sample(&[F::FailureRateBps], Increase, "failure_rate_bps = 3", "failure_rate_bps = 4"),
    sample(&[F::FailureRateBps], Direction::Remove, "failure_rate_bps = 3\n", ""),
    sample(&[F::DurationMs], Increase, "duration_ms = 67000", "duration_ms = 67001"),
    sample(&[F::DurationMs], Direction::Remove, "duration_ms = 67000\n", ""),
    sample(&[F::Loop], Change, "loop = \"open\"", "loop = \"closed\""),
    sample(&[F::Loop], Direction::Remove, "loop = \"open\"\n", ""),
    sample(&[F::Source], Change, "-R 450", "-R 460"),
    sample(&[F::Source], Direction::Remove, "source = \"pgbench 16.2, -R 450\"\n", ""),
    sample(&[F::MeasuredOn], Change, "2026-10-31", "2026-11-01"),
    sample(&[F::MeasuredOn], Direction::Remove, "measured_on = 2026-10-31\n", ""),
    sample(&[F::Contract], Change, "sha256:0000", "sha256:1111"),
    sample(
        &[F::Contract],
        Direction::Remove,
        "contract = \"sha256:0000000000000000000000000000000000000000000000000000000000000000\"\n",
        "",
    ),
    edit("waiver", &[F::Waiver], Add, "# another waiver", ANOTHER_WAIVER),
    edit(
        "waiver",
        &[F::WaivedField],
        Add,
        "reason = \"one caller alone\"",
        "field = \"retry_policy.jitter_percent\"\nreason = \"one caller alone\"",
    ),
    edit("waiver", &[F::WaivedField], Change, "field = \"max_in_flight\"", "field = \"class\""),
    edit("waiver", &[F::Reason], Change, "one caller alone", "one caller"),
    edit("waiver", &[F::Owner], Change, "data-team", "stream-team"),
    edit("waiver", &[F::Expires], Increase, "2027-03-31", "2027-04-01"),
    server(&[F::Server], Add, "# another server", ANOTHER_SERVER),
    server(&[F::MaxConnections], Increase, "max_connections = 500", "max_connections = 501"),
    server(
        &[F::MaxConnections, F::ReservedConnections],
        Direction::Remove,
        "max_connections = 500\nreserved_connections = 3\n",
        "",
    ),
    server(
        &[F::ReservedConnections],
        Increase,
        "reserved_connections = 3",
        "reserved_connections = 4",
    ),
    server(&[F::IdleCloseMs], Increase, "idle_close_ms = 700000", "idle_close_ms = 700001"),
    server(&[F::IdleCloseMs], Direction::Remove, "idle_close_ms = 700000\n", ""),
    server(&[F::Instances], Increase, "example = 8", "example = 9"),
    server(&[F::Instances], Add, "example = 8", "example = 8, another = 1"),
    edit("caller", &[F::Caller], Add, "# another caller", ANOTHER_CALLER),
    edit("caller", &[F::AttemptMs], Increase, "attempt_ms = 100000", "attempt_ms = 100001"),
    edit("caller", &[F::CallerAttempts], Increase, "max_attempts = 7", "max_attempts = 8"),
    edit("call", &[F::Call], Add, "# another call\n", ANOTHER_CALL),
    edit("call", &[F::Times], Increase, "times = 2", "times = 3"),
    edit("call", &[F::Parallel], Change, "times = 2", "times = 2\nparallel = true"),
    needs(&[F::Requirement], Add, "# another requirement", ANOTHER_REQUIREMENT),
    needs(&[F::Owner], Change, "payments-team", "billing-team"),
    needs(&[F::Reason], Change, "the nightly run", "the daily run"),
    needs(
        &[F::Capabilities],
        Add,
        "capabilities = [\"non_blocking_execute\"]",
        "capabilities = [\"non_blocking_execute\", \"batch_read\"]",
    ),
    needs(&[F::RequirementAttempts], Increase, "max_attempts = 50", "max_attempts = 51"),
    needs(&[F::RequirementAttempts], Direction::Remove, "max_attempts = 50\n", ""),
    needs(&[F::WorstCaseMs], Increase, "= 90000000", "= 90000001"),
    needs(&[F::WorstCaseMs], Direction::Remove, "worst_case_ms = 90000000\n", ""),
    needs(&[F::MaxP95LatencyMs], Increase, "= 9000\n", "= 9001\n"),
    needs(&[F::MaxP95LatencyMs], Direction::Remove, "max_p95_latency_ms = 9000\n", ""),
    needs(&[F::MaxTimeoutRateBps], Increase, "= 900\n", "= 901\n"),
    needs(&[F::MaxTimeoutRateBps], Direction::Remove, "max_timeout_rate_bps = 900\n", ""),
    needs(&[F::MaxRetryRateBps], Increase, "= 800\n", "= 801\n"),
    needs(&[F::MaxRetryRateBps], Direction::Remove, "max_retry_rate_bps = 800\n", ""),
    needs(&[F::MinThroughputOpsPerSec], Increase, "per_sec = 3\n", "per_sec = 4\n"),
    needs(&[F::MinThroughputOpsPerSec], Direction::Remove, "min_throughput_ops_per_sec = 3\n", ""),
    needs(&[F::MaxP99LatencyMs], Increase, "= 9500\n", "= 9501\n"),
    needs(&[F::MaxP99LatencyMs], Direction::Remove, "max_p99_latency_ms = 9500\n", ""),
];
