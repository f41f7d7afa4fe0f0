//! What contracts mean, as plain values that a Rust program can build by hand.
//!
//! Knows nothing of files, spans, TOML or rendering. A constraint (range, length, vocabulary,
//! required or not) stands in the type of its field and nowhere else.

mod benchmark;
mod bounded;
mod budget;
mod contract;
mod date;
mod effective_budget;
mod field;
mod text;
mod vocabulary;
mod waiver;

pub use self::{
    benchmark::{Benchmark, ContractDigest, InvalidDigest},
    bounded::{
        Attempts, BackoffMs, BasisPoints, Bounded, ConnectMs, Count, DurationMs, IdleMs, LatencyMs,
        MaxInFlight, MaxP95LatencyMs, MaxQueueDepth, Millis, OpsPerSec, OutOfRange, Percent,
        RequestMs, SampleCount, Unit, unit,
    },
    budget::{Budget, BudgetResult, DeclaredBudget, Limit, Scope},
    contract::{DriverContract, RetryPolicy, TelemetryProfile, TimeoutPolicy},
    date::{Date, InvalidDate},
    effective_budget::{EffectiveBudget, Setting},
    field::Field,
    text::{DriverName, InvalidText, MetricName, Name, Prose, Text},
    vocabulary::{
        BenchmarkProfile, Capabilities, DriverCapability, DriverClass, LoadLoop, UnknownLabel,
        Verdict, Vocabulary,
    },
    waiver::Waiver,
};
