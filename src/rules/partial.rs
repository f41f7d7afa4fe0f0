//! Fills fields that have read errors with test values, so that rules can check the other fields.
//!
//! A rule does not declare which fields it reads. It runs with several values for each field with a
//! read error. A finding that appears with all these values does not depend on the field. This
//! module contains no rules.

use std::collections::BTreeMap;

use crate::{
    configuration::Configuration,
    document::PartialContract,
    finding::{ContractPath, DeclarationId, Finding, Related},
    model::{
        Attempts, BackoffMs, Capabilities, ConnectMs, DeadlineMs, DriverCapability, DriverClass,
        DriverContract, DriverName, Field, IdleMs, LifetimeMs, MaxInFlight, MaxQueueDepth,
        MetricName, MultiplierPercent, Name, Percent, Prose, QueueMs, RequestMs, RetryBudgetMin,
        Vocabulary,
    },
};

/// One known client per class.
const CLIENTS: [&str; 4] = ["sqlx", "clickhouse", "kafka", "s3"];

/// A variant: one set of test values for the fields with read errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Variant(usize);

impl Variant {
    /// All variants. Each of the first four variants uses a different class. The first variant uses
    /// low values, the second high values, and the next two alternate between low and high values.
    /// A rule that compares two fields with read errors has a different result for at least one of
    /// these four variants.
    ///
    /// The last four variants use the same pattern, with three differences. Low capabilities are
    /// all capabilities except `idempotent_write`. Each metric has the name of another metric of
    /// the contract. The modules are known clients, one per class.
    pub(super) const ALL: [Self; 8] =
        [Self(0), Self(1), Self(2), Self(3), Self(4), Self(5), Self(6), Self(7)];

    /// Returns the contract with the values of this variant.
    pub(super) fn of(
        self,
        partial: &PartialContract,
        configuration: &Configuration,
    ) -> DriverContract {
        let mut contract = partial.contract.clone();
        for (number, field) in partial.unread.iter().enumerate() {
            let is_high = match self.0 % 4 {
                0 => false,
                1 => true,
                turn => (number + turn) % 2 == 1,
            };
            self.put(&mut contract, *field, is_high, configuration);
        }
        contract
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only fields of a driver are set")]
    #[expect(clippy::too_many_lines, reason = "one arm per field")]
    fn put(
        self,
        contract: &mut DriverContract,
        field: Field,
        is_high: bool,
        configuration: &Configuration,
    ) {
        let text = self.text(contract, field, is_high);
        let (timeouts, retries, telemetry) =
            (&mut contract.timeout_policy, &mut contract.retry_policy, &mut contract.telemetry);
        match field {
            Field::Class => contract.class = DriverClass::ALL[self.0 % DriverClass::ALL.len()],
            Field::ProviderModule => put(&mut contract.provider_module, Name::new(text)),
            Field::MaxInFlight => {
                contract.max_in_flight = pick(is_high, MaxInFlight::LEAST, MaxInFlight::MOST);
            }
            Field::MaxQueueDepth => {
                contract.max_queue_depth = pick(is_high, MaxQueueDepth::LEAST, MaxQueueDepth::MOST);
            }
            Field::ConnectMs => {
                timeouts.connect_ms = pick(is_high, ConnectMs::LEAST, ConnectMs::MOST);
            }
            Field::RequestMs => {
                timeouts.request_ms = pick(is_high, RequestMs::LEAST, RequestMs::MOST);
            }
            Field::IdleMs => timeouts.idle_ms = pick(is_high, IdleMs::LEAST, IdleMs::MOST),
            Field::MaxAttempts => {
                retries.max_attempts = pick(is_high, Attempts::LEAST, Attempts::MOST);
            }
            Field::BaseBackoffMs => {
                retries.base_backoff_ms = pick(is_high, BackoffMs::LEAST, BackoffMs::MOST);
            }
            Field::MaxBackoffMs => {
                retries.max_backoff_ms = pick(is_high, BackoffMs::LEAST, BackoffMs::MOST);
            }
            Field::JitterPercent => {
                retries.jitter_percent = pick(is_high, Percent::LEAST, Percent::MOST);
            }
            Field::QueueMs => timeouts.queue_ms = is_high.then_some(QueueMs::LEAST),
            Field::DeadlineMs => timeouts.deadline_ms = is_high.then_some(DeadlineMs::LEAST),
            Field::LifetimeMs => timeouts.lifetime_ms = is_high.then_some(LifetimeMs::LEAST),
            Field::MultiplierPercent => {
                let least = MultiplierPercent::LEAST;
                retries.multiplier_percent = Some(pick(is_high, least, MultiplierPercent::MOST));
            }
            Field::RetryBudgetPercent => {
                retries.retry_budget_percent = is_high.then_some(Percent::LEAST);
            }
            Field::RetryBudgetMin => {
                retries.retry_budget_min = is_high.then_some(RetryBudgetMin::LEAST);
            }
            Field::TimeoutMetric => put(&mut telemetry.timeout_metric, MetricName::new(text)),
            Field::RetryMetric => put(&mut telemetry.retry_metric, MetricName::new(text)),
            Field::LatencyMetric => put(&mut telemetry.latency_metric, MetricName::new(text)),
            Field::InFlightMetric => put(&mut telemetry.in_flight_metric, MetricName::new(text)),
            Field::Capabilities => {
                let all: Capabilities = DriverCapability::ALL.iter().copied().collect();
                let idempotent = Capabilities::from_iter([DriverCapability::IdempotentWrite]);
                let low =
                    if self.0 < 4 { Capabilities::default() } else { all.without(&idempotent) };
                contract.capabilities = if is_high { all } else { low };
            }
            Field::SupportTier if is_high => {
                put(&mut contract.support_tier, Name::new(configuration.top_tier()));
            }
            Field::SupportTier => put(&mut contract.support_tier, Name::new(text)),
            Field::TuningGuide => {
                let guide = if is_high { "https://example.com/unread" } else { "" };
                put(&mut contract.tuning_guide, Prose::new(guide));
            }
            _ => {}
        }
    }

    /// Returns a string that no other field contains, with or without dots, or the name of another
    /// metric or of a known client.
    fn text(self, contract: &DriverContract, field: Field, is_high: bool) -> String {
        if field == Field::ProviderModule {
            let client = if self.0 < 4 { "unread" } else { CLIENTS[self.0 % CLIENTS.len()] };
            return format!("{client}::{}{}", shifted(&contract.name), self.0);
        }
        let telemetry = &contract.telemetry;
        let other = self.0.checked_sub(4).filter(|_| Field::TELEMETRY.contains(&field));
        match other {
            Some(0) => telemetry.timeout_metric.to_string(),
            Some(1) => telemetry.retry_metric.to_string(),
            Some(2) => telemetry.latency_metric.to_string(),
            Some(_) => telemetry.in_flight_metric.to_string(),
            None => {
                let delimiter = if is_high { "." } else { "_" };
                ["unread", &contract.name, field.key(), &self.0.to_string()].join(delimiter)
            }
        }
    }
}

/// Replaces each letter and digit by the next letter or digit, so that the name matches no known
/// client.
fn shifted(name: &DriverName) -> String {
    let next = |letter: char| match letter {
        'z' => 'a',
        '9' => '0',
        '_' => '_',
        letter => char::from_u32(u32::from(letter) + 1).unwrap_or(letter),
    };
    name.as_str().chars().map(next).collect()
}

const fn pick<T: Copy>(is_high: bool, low: T, high: T) -> T {
    if is_high { high } else { low }
}

/// Sets a field if the value is valid. If the value is too long, the field keeps its old value,
/// which also serves as a test value.
fn put<T, E>(field: &mut T, value: Result<T, E>) {
    if let Ok(value) = value {
        *field = value;
    }
}

/// Returns the findings that are in both lists.
pub(super) fn in_both(left: Vec<Finding>, right: &[Finding]) -> Vec<Finding> {
    let mut by_place: BTreeMap<(&str, &ContractPath), Vec<&Finding>> = BTreeMap::new();
    for finding in right {
        by_place.entry((finding.rule.name, &finding.place)).or_default().push(finding);
    }
    let is_there = |finding: &Finding| {
        let same = by_place.get(&(finding.rule.name, &finding.place));
        same.is_some_and(|same| same.contains(&finding))
    };
    left.into_iter().filter(is_there).collect()
}

/// The fields with read errors, by driver.
pub(super) type FieldsWithErrors<'p> = BTreeMap<&'p DriverName, &'p [Field]>;

/// Returns true if a finding names a driver that has a field with a read error.
pub(super) fn names_one_of(finding: &Finding, unread: &FieldsWithErrors<'_>) -> bool {
    places(finding).any(|place| fields_of(place, unread).is_some())
}

/// Returns true if a finding points at a field with a read error.
pub(super) fn points_at_unread(finding: &Finding, unread: &FieldsWithErrors<'_>) -> bool {
    places(finding).any(|place| {
        let fields = fields_of(place, unread);
        fields.zip(place.field).is_some_and(|(fields, field)| fields.contains(&field))
    })
}

/// If the path belongs to a driver, returns the fields of that driver that have read errors.
fn fields_of<'p>(place: &ContractPath, unread: &FieldsWithErrors<'p>) -> Option<&'p [Field]> {
    let DeclarationId::Driver(name) = &place.subject else { return None };
    unread.get(name).copied()
}

fn places(finding: &Finding) -> impl Iterator<Item = &ContractPath> {
    let related = finding.related.iter().map(|Related { place, .. }| place);
    std::iter::once(&finding.place).chain(related)
}
