//! The meaning of contracts, as plain values that a Rust program can build.
//!
//! This module is independent of files, spans, TOML and rendering. The type of a field is the only
//! definition of its constraints: range, length, vocabulary, and whether it is required.

mod benchmark;
mod bounded;
mod budget;
mod call;
mod capabilities;
mod contract;
mod contract_field;
mod date;
pub(crate) mod effective;
mod effective_budget;
mod effective_workload;
mod field;
mod latency;
mod project_vocabulary;
mod quantiles;
pub(crate) mod record;
mod requirement;
mod server;
mod service;
mod template;
mod text;
mod vocabulary;
mod waiver;
mod word;
mod workload;

#[cfg(feature = "schema")]
pub(crate) use self::bounded::UNIT_KEYWORD;
pub(crate) use self::template::{ContractValue, ContractValues};
pub use self::{
    benchmark::{Benchmark, ContractDigest, InvalidDigest},
    bounded::{
        AgeDays, Attempts, BackoffMs, BasisPoints, Bounded, BurstOnMs, BurstPercent, BurstPeriodMs,
        CallTimes, ConnectMs, Count, DeadlineMs, DelayUs, DurationMs, IdleMs, InstanceCount,
        LifetimeMs, MaxConnections, MaxFileBytes, MaxInFlight, MaxQueueDepth, Micros, Millis,
        MultiplierPercent, OpsPerKsec, OpsPerSec, OutOfRange, PartsPerMillion, Percent, QueueMs,
        RequestMs, ReservedConnections, RetryBudgetMin, SampleCount, Seed, ServerSlots, ServiceUs,
        TriggerDurationMs, TriggerPercent, TriggerStartMs, Unit, WarmupMs, Weight, WindowMs,
        WorstCaseMs, unit,
    },
    budget::{Budget, BudgetResult, DeclaredBudget, Limit, Scope},
    call::{Call, Caller},
    capabilities::Capabilities,
    contract::{DriverContract, RetryPolicy, TelemetryProfile, TimeoutPolicy},
    contract_field::ContractField,
    date::{Date, InvalidDate},
    effective::{Effective, Scoped, ScopedValue},
    effective_budget::EffectiveBudget,
    effective_workload::EffectiveWorkload,
    field::Field,
    latency::{BenchmarkLatency, LatencyLimit, LatencyUnit, StatedLatency},
    project_vocabulary::{ProjectClass, ProjectProfile, ProjectVocabulary, WordDescription},
    quantiles::{InvalidQuantiles, QuantileFault, Quantiles},
    requirement::{Bound, BoundValue, Requirement, Slack},
    server::{Instances, NoInstances, Server, ServerName},
    service::{NoOperations, Operation, Operations, ServiceTime, WHOLE},
    template::{DRIVER_PLACEHOLDER, TemplateName},
    text::{DriverName, InvalidText, MetricName, Name, Prose, Text},
    vocabulary::{
        BenchmarkProfile, DriverCapability, DriverClass, LoadLoop, OpenVocabulary, UnknownLabel,
        Verdict, Vocabulary,
    },
    waiver::Waiver,
    word::Word,
    workload::{
        AbandonedWork, Arrival, Burst, DeclaredWorkload, InvalidBurst, InvalidSeeds,
        InvalidTrigger, Seeds, Trigger, TriggerEffect, Workload,
    },
};
