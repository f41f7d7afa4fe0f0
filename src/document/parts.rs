//! The fields of one driver, each as far as it was read. The reader's findings say why one was not.

use crate::{
    document::{PartialContract, Table},
    model::{
        Attempts, BackoffMs, Capabilities, ConnectMs, DriverClass, DriverContract, DriverName,
        Field, IdleMs, MaxInFlight, MaxQueueDepth, MetricName, Name, Percent, Prose, RequestMs,
        RetryPolicy, TelemetryProfile, TimeoutPolicy,
    },
};

/// The fields of a driver; none where one was not read.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) class: Option<DriverClass>,
    provider_module: Option<Name>,
    max_in_flight: Option<MaxInFlight>,
    max_queue_depth: Option<MaxQueueDepth>,
    capabilities: Option<Capabilities>,
    support_tier: Option<Name>,
    tuning_guide: Option<Prose<0>>,
    connect_ms: Option<ConnectMs>,
    request_ms: Option<RequestMs>,
    idle_ms: Option<IdleMs>,
    max_attempts: Option<Attempts>,
    base_backoff_ms: Option<BackoffMs>,
    max_backoff_ms: Option<BackoffMs>,
    jitter_percent: Option<Percent>,
    timeout_metric: Option<MetricName>,
    retry_metric: Option<MetricName>,
    latency_metric: Option<MetricName>,
    in_flight_metric: Option<MetricName>,
    /// The fields that were read from another key than their own.
    guessed: Vec<Field>,
}

impl Parts {
    /// Asks a driver's table for every field.
    pub(super) fn read(mut table: Table<'_, '_, '_>) -> Self {
        let mut parts = Self {
            class: table.required(Field::Class),
            provider_module: table.required(Field::ProviderModule),
            max_in_flight: table.required(Field::MaxInFlight),
            max_queue_depth: table.required(Field::MaxQueueDepth),
            capabilities: table.required(Field::Capabilities),
            support_tier: table.required(Field::SupportTier),
            tuning_guide: table.required(Field::TuningGuide),
            ..Self::default()
        };
        table.report_missing();
        if let Some(timeouts) = table.table(Field::TimeoutPolicy, Field::TIMEOUT_POLICY) {
            parts.read_timeouts(timeouts);
        }
        if let Some(retries) = table.table(Field::RetryPolicy, Field::RETRY_POLICY) {
            parts.read_retries(retries);
        }
        if let Some(telemetry) = table.table(Field::Telemetry, Field::TELEMETRY) {
            parts.read_telemetry(telemetry);
        }
        parts.guessed.extend_from_slice(table.guessed());
        parts
    }

    fn read_timeouts(&mut self, mut table: Table<'_, '_, '_>) {
        self.connect_ms = table.required(Field::ConnectMs);
        self.request_ms = table.required(Field::RequestMs);
        self.idle_ms = table.required(Field::IdleMs);
        table.report_missing();
        self.guessed.extend_from_slice(table.guessed());
    }

    fn read_retries(&mut self, mut table: Table<'_, '_, '_>) {
        self.max_attempts = table.required(Field::MaxAttempts);
        self.base_backoff_ms = table.required(Field::BaseBackoffMs);
        self.max_backoff_ms = table.required(Field::MaxBackoffMs);
        self.jitter_percent = table.required(Field::JitterPercent);
        table.report_missing();
        self.guessed.extend_from_slice(table.guessed());
    }

    fn read_telemetry(&mut self, mut table: Table<'_, '_, '_>) {
        self.timeout_metric = table.required(Field::TimeoutMetric);
        self.retry_metric = table.required(Field::RetryMetric);
        self.latency_metric = table.required(Field::LatencyMetric);
        self.in_flight_metric = table.required(Field::InFlightMetric);
        table.report_missing();
        self.guessed.extend_from_slice(table.guessed());
    }

    /// Whether every field was read from its own place.
    pub(super) const fn is_certain(&self) -> bool {
        self.guessed.is_empty()
    }

    /// The contract, if every field was read.
    pub(super) fn contract(self, name: DriverName) -> Option<DriverContract> {
        Some(DriverContract {
            name,
            class: self.class?,
            provider_module: self.provider_module?,
            max_in_flight: self.max_in_flight?,
            max_queue_depth: self.max_queue_depth?,
            timeout_policy: TimeoutPolicy {
                connect_ms: self.connect_ms?,
                request_ms: self.request_ms?,
                idle_ms: self.idle_ms?,
            },
            retry_policy: RetryPolicy {
                max_attempts: self.max_attempts?,
                base_backoff_ms: self.base_backoff_ms?,
                max_backoff_ms: self.max_backoff_ms?,
                jitter_percent: self.jitter_percent?,
            },
            telemetry: TelemetryProfile {
                timeout_metric: self.timeout_metric?,
                retry_metric: self.retry_metric?,
                latency_metric: self.latency_metric?,
                in_flight_metric: self.in_flight_metric?,
            },
            capabilities: self.capabilities?,
            support_tier: self.support_tier?,
            tuning_guide: self.tuning_guide?,
        })
    }

    /// The contract with any value in the place of a field that was not read.
    #[cold]
    pub(super) fn partial(self, name: DriverName) -> PartialContract {
        let unread = self.unread();
        let contract = DriverContract {
            name,
            class: self.class.unwrap_or(DriverClass::RelationalAdapter),
            provider_module: self.provider_module.unwrap_or_else(Name::unread),
            max_in_flight: self.max_in_flight.unwrap_or(MaxInFlight::LEAST),
            max_queue_depth: self.max_queue_depth.unwrap_or(MaxQueueDepth::LEAST),
            timeout_policy: TimeoutPolicy {
                connect_ms: self.connect_ms.unwrap_or(ConnectMs::LEAST),
                request_ms: self.request_ms.unwrap_or(RequestMs::LEAST),
                idle_ms: self.idle_ms.unwrap_or(IdleMs::LEAST),
            },
            retry_policy: RetryPolicy {
                max_attempts: self.max_attempts.unwrap_or(Attempts::LEAST),
                base_backoff_ms: self.base_backoff_ms.unwrap_or(BackoffMs::LEAST),
                max_backoff_ms: self.max_backoff_ms.unwrap_or(BackoffMs::LEAST),
                jitter_percent: self.jitter_percent.unwrap_or(Percent::LEAST),
            },
            telemetry: TelemetryProfile {
                timeout_metric: self.timeout_metric.unwrap_or_else(MetricName::unread),
                retry_metric: self.retry_metric.unwrap_or_else(MetricName::unread),
                latency_metric: self.latency_metric.unwrap_or_else(MetricName::unread),
                in_flight_metric: self.in_flight_metric.unwrap_or_else(MetricName::unread),
            },
            capabilities: self.capabilities.unwrap_or_default(),
            support_tier: self.support_tier.unwrap_or_else(Name::unread),
            tuning_guide: self.tuning_guide.unwrap_or_else(Prose::unread),
        };
        PartialContract { contract, unread }
    }

    fn unread(&self) -> Vec<Field> {
        let missing = [
            (self.class.is_none(), Field::Class),
            (self.provider_module.is_none(), Field::ProviderModule),
            (self.max_in_flight.is_none(), Field::MaxInFlight),
            (self.max_queue_depth.is_none(), Field::MaxQueueDepth),
            (self.capabilities.is_none(), Field::Capabilities),
            (self.support_tier.is_none(), Field::SupportTier),
            (self.tuning_guide.is_none(), Field::TuningGuide),
            (self.connect_ms.is_none(), Field::ConnectMs),
            (self.request_ms.is_none(), Field::RequestMs),
            (self.idle_ms.is_none(), Field::IdleMs),
            (self.max_attempts.is_none(), Field::MaxAttempts),
            (self.base_backoff_ms.is_none(), Field::BaseBackoffMs),
            (self.max_backoff_ms.is_none(), Field::MaxBackoffMs),
            (self.jitter_percent.is_none(), Field::JitterPercent),
            (self.timeout_metric.is_none(), Field::TimeoutMetric),
            (self.retry_metric.is_none(), Field::RetryMetric),
            (self.latency_metric.is_none(), Field::LatencyMetric),
            (self.in_flight_metric.is_none(), Field::InFlightMetric),
        ];
        let missing = missing.into_iter().filter(|(missing, _)| *missing).map(|(_, field)| field);
        missing.chain(self.guessed.iter().copied()).flat_map(parts_of).collect()
    }
}

/// The field itself, or the fields of the table that it is.
#[expect(clippy::wildcard_enum_match_arm, reason = "three of many fields are tables of a driver")]
fn parts_of(field: Field) -> Vec<Field> {
    match field {
        Field::TimeoutPolicy => Field::TIMEOUT_POLICY.to_vec(),
        Field::RetryPolicy => Field::RETRY_POLICY.to_vec(),
        Field::Telemetry => Field::TELEMETRY.to_vec(),
        _ => vec![field],
    }
}
