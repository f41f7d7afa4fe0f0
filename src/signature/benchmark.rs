//! The signature of a benchmark sample.

use crate::{
    model::{Benchmark, ContractDigest, Field},
    signature::{SignatureError, fields::Fields, line::Line, signature_digest},
};

const KIND: &str = "benchmark";

/// The signature of a benchmark sample: `benchmark|v1|driver=…`, evidence last.
pub fn benchmark_signature(benchmark: &Benchmark) -> String {
    let Benchmark {
        driver,
        profile,
        p50_latency_ms,
        p95_latency_ms,
        timeout_rate_bps,
        retry_rate_bps,
        throughput_ops_per_sec,
        attempts,
        requests,
        p95_upper_latency_ms,
        reject_rate_bps,
        failure_rate_bps,
        duration_ms,
        load_loop,
        source,
        measured_on,
        contract,
    } = benchmark;
    Line::new(KIND)
        .field(Field::Driver, driver)
        .field(Field::Profile, profile)
        .field(Field::P50LatencyMs, p50_latency_ms)
        .field(Field::P95LatencyMs, p95_latency_ms)
        .field(Field::TimeoutRateBps, timeout_rate_bps)
        .field(Field::RetryRateBps, retry_rate_bps)
        .field(Field::ThroughputOpsPerSec, throughput_ops_per_sec)
        .optional(Field::Attempts, attempts.as_ref())
        .optional(Field::Requests, requests.as_ref())
        .optional(Field::P95UpperLatencyMs, p95_upper_latency_ms.as_ref())
        .optional(Field::RejectRateBps, reject_rate_bps.as_ref())
        .optional(Field::FailureRateBps, failure_rate_bps.as_ref())
        .optional(Field::DurationMs, duration_ms.as_ref())
        .optional(Field::Loop, load_loop.as_ref())
        .optional(Field::Source, source.as_ref())
        .optional(Field::MeasuredOn, measured_on.as_ref())
        .optional(Field::Contract, contract.as_ref())
        .finish()
}

/// The benchmark sample with this signature, or what keeps the line from being one.
pub fn parse_benchmark_signature(signature: &str) -> Result<Benchmark, SignatureError> {
    let mut fields = Fields::open(signature, KIND)?;
    let benchmark = Benchmark {
        driver: fields.required(Field::Driver)?,
        profile: fields.required(Field::Profile)?,
        p50_latency_ms: fields.required(Field::P50LatencyMs)?,
        p95_latency_ms: fields.required(Field::P95LatencyMs)?,
        timeout_rate_bps: fields.required(Field::TimeoutRateBps)?,
        retry_rate_bps: fields.required(Field::RetryRateBps)?,
        throughput_ops_per_sec: fields.required(Field::ThroughputOpsPerSec)?,
        attempts: fields.optional(Field::Attempts)?,
        requests: fields.optional(Field::Requests)?,
        p95_upper_latency_ms: fields.optional(Field::P95UpperLatencyMs)?,
        reject_rate_bps: fields.optional(Field::RejectRateBps)?,
        failure_rate_bps: fields.optional(Field::FailureRateBps)?,
        duration_ms: fields.optional(Field::DurationMs)?,
        load_loop: fields.optional(Field::Loop)?,
        source: fields.optional(Field::Source)?,
        measured_on: fields.optional(Field::MeasuredOn)?,
        contract: fields.optional(Field::Contract)?,
    };
    fields.finish()?;
    Ok(benchmark)
}

/// The digest of the sample's signature.
pub fn benchmark_digest(benchmark: &Benchmark) -> ContractDigest {
    signature_digest(&benchmark_signature(benchmark))
}
