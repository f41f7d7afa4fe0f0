//! The signature of a driver contract.

use crate::{
    model::{ContractDigest, DriverContract, Field, RetryPolicy, TelemetryProfile, TimeoutPolicy},
    signature::{SignatureError, fields::Fields, line::Line, signature_digest},
};

const KIND: &str = "driver";

/// The signature of a driver contract: `driver|v1|name=…`.
pub fn driver_signature(driver: &DriverContract) -> String {
    let DriverContract {
        name,
        class,
        provider_module,
        max_in_flight,
        max_queue_depth,
        timeout_policy,
        retry_policy,
        telemetry,
        capabilities,
        support_tier,
        tuning_guide,
    } = driver;
    let line = Line::new(KIND)
        .field(Field::Name, name)
        .field(Field::Class, class)
        .field(Field::ProviderModule, provider_module)
        .field(Field::MaxInFlight, max_in_flight)
        .field(Field::MaxQueueDepth, max_queue_depth);
    let line = write_timeout_policy(line, timeout_policy);
    let line = write_retry_policy(line, retry_policy);
    write_telemetry(line, telemetry)
        .field(Field::Capabilities, capabilities)
        .field(Field::SupportTier, support_tier)
        .field(Field::TuningGuide, tuning_guide)
        .finish()
}

/// The contract with this signature, or what keeps the line from being one.
pub fn parse_driver_signature(signature: &str) -> Result<DriverContract, SignatureError> {
    let mut fields = Fields::open(signature, KIND)?;
    let driver = DriverContract {
        name: fields.required(Field::Name)?,
        class: fields.required(Field::Class)?,
        provider_module: fields.required(Field::ProviderModule)?,
        max_in_flight: fields.required(Field::MaxInFlight)?,
        max_queue_depth: fields.required(Field::MaxQueueDepth)?,
        timeout_policy: read_timeout_policy(&mut fields)?,
        retry_policy: read_retry_policy(&mut fields)?,
        telemetry: read_telemetry(&mut fields)?,
        capabilities: fields.required(Field::Capabilities)?,
        support_tier: fields.required(Field::SupportTier)?,
        tuning_guide: fields.required(Field::TuningGuide)?,
    };
    fields.finish()?;
    Ok(driver)
}

/// The digest of the contract's signature.
pub fn driver_digest(driver: &DriverContract) -> ContractDigest {
    signature_digest(&driver_signature(driver))
}

fn write_timeout_policy(line: Line, policy: &TimeoutPolicy) -> Line {
    let TimeoutPolicy { connect_ms, request_ms, idle_ms } = policy;
    line.field(Field::ConnectMs, connect_ms)
        .field(Field::RequestMs, request_ms)
        .field(Field::IdleMs, idle_ms)
}

fn read_timeout_policy(fields: &mut Fields<'_>) -> Result<TimeoutPolicy, SignatureError> {
    Ok(TimeoutPolicy {
        connect_ms: fields.required(Field::ConnectMs)?,
        request_ms: fields.required(Field::RequestMs)?,
        idle_ms: fields.required(Field::IdleMs)?,
    })
}

fn write_retry_policy(line: Line, policy: &RetryPolicy) -> Line {
    let RetryPolicy { max_attempts, base_backoff_ms, max_backoff_ms, jitter_percent } = policy;
    line.field(Field::MaxAttempts, max_attempts)
        .field(Field::BaseBackoffMs, base_backoff_ms)
        .field(Field::MaxBackoffMs, max_backoff_ms)
        .field(Field::JitterPercent, jitter_percent)
}

fn read_retry_policy(fields: &mut Fields<'_>) -> Result<RetryPolicy, SignatureError> {
    Ok(RetryPolicy {
        max_attempts: fields.required(Field::MaxAttempts)?,
        base_backoff_ms: fields.required(Field::BaseBackoffMs)?,
        max_backoff_ms: fields.required(Field::MaxBackoffMs)?,
        jitter_percent: fields.required(Field::JitterPercent)?,
    })
}

fn write_telemetry(line: Line, telemetry: &TelemetryProfile) -> Line {
    let TelemetryProfile { timeout_metric, retry_metric, latency_metric, in_flight_metric } =
        telemetry;
    line.field(Field::TimeoutMetric, timeout_metric)
        .field(Field::RetryMetric, retry_metric)
        .field(Field::LatencyMetric, latency_metric)
        .field(Field::InFlightMetric, in_flight_metric)
}

fn read_telemetry(fields: &mut Fields<'_>) -> Result<TelemetryProfile, SignatureError> {
    Ok(TelemetryProfile {
        timeout_metric: fields.required(Field::TimeoutMetric)?,
        retry_metric: fields.required(Field::RetryMetric)?,
        latency_metric: fields.required(Field::LatencyMetric)?,
        in_flight_metric: fields.required(Field::InFlightMetric)?,
    })
}
