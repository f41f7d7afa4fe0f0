//! What contracts mean, as plain values that a Rust program can build by hand.
//!
//! Knows nothing of files, spans, TOML or rendering. A constraint (range, length, vocabulary,
//! required or not) stands in the type of its field and nowhere else.

mod benchmark;
mod bounded;
mod budget;
mod capabilities;
mod contract;
mod contract_field;
mod date;
mod effective;
mod effective_budget;
mod effective_workload;
mod field;
mod latency;
mod quantiles;
pub(crate) mod record;
mod service;
mod text;
mod vocabulary;
mod waiver;
mod workload;

#[cfg(feature = "schema")]
pub(crate) use self::bounded::UNIT_KEYWORD;
pub use self::{
    benchmark::{Benchmark, ContractDigest, InvalidDigest},
    bounded::{
        AgeDays, Attempts, BackoffMs, BasisPoints, Bounded, BurstOnMs, BurstPercent, BurstPeriodMs,
        ConnectMs, Count, DeadlineMs, DelayUs, DurationMs, IdleMs, LifetimeMs, MaxFileBytes,
        MaxInFlight, MaxQueueDepth, Micros, Millis, MultiplierPercent, OpsPerKsec, OpsPerSec,
        OutOfRange, PartsPerMillion, Percent, QueueMs, RequestMs, RetryBudgetMin, SampleCount,
        Seed, ServiceUs, Unit, WarmupMs, Weight, WindowMs, unit,
    },
    budget::{Budget, BudgetResult, DeclaredBudget, Limit, Scope},
    capabilities::Capabilities,
    contract::{DriverContract, RetryPolicy, TelemetryProfile, TimeoutPolicy},
    contract_field::ContractField,
    date::{Date, InvalidDate},
    effective::{Effective, Scoped, ScopedValue},
    effective_budget::EffectiveBudget,
    effective_workload::EffectiveWorkload,
    field::Field,
    latency::{BenchmarkLatency, LatencyLimit, LatencyUnit, StatedLatency},
    quantiles::{InvalidQuantiles, QuantileFault, Quantiles},
    service::{NoOperations, Operation, Operations, ServiceTime, WHOLE},
    text::{DriverName, InvalidText, MetricName, Name, Prose, Text},
    vocabulary::{
        BenchmarkProfile, DriverCapability, DriverClass, LoadLoop, UnknownLabel, Verdict,
        Vocabulary,
    },
    waiver::Waiver,
    workload::{Arrival, Burst, DeclaredWorkload, InvalidBurst, InvalidSeeds, Seeds, Workload},
};
