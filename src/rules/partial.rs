//! Values in the place of fields that were not read, so that rules about the others run.
//!
//! A rule does not say which fields it reads. It is run with several values for those that were not
//! read, and only what it finds with all of them does not depend on them. No rule stands here.

use std::collections::BTreeMap;

use crate::{
    configuration::Configuration,
    document::PartialContract,
    finding::{Finding, Place, Related, Subject},
    model::{
        Attempts, BackoffMs, Capabilities, ConnectMs, DriverCapability, DriverClass,
        DriverContract, DriverName, Field, IdleMs, MaxInFlight, MaxQueueDepth, MetricName, Name,
        Percent, Prose, RequestMs, Vocabulary,
    },
};

/// A client of each class that rules know.
const CLIENTS: [&str; 4] = ["sqlx", "clickhouse", "kafka", "s3"];

/// One choice of values for the fields that were not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Variant(usize);

impl Variant {
    /// All low, all high, and low and high in turn: a rule that compares two fields that were not
    /// read finds something else in at least one of them. Each of these has another class. Then
    /// the same with every capability (low: all but idempotent writes), metric names that are those
    /// of each other role, and modules that are known clients of each class.
    pub(super) const ALL: [Self; 8] =
        [Self(0), Self(1), Self(2), Self(3), Self(4), Self(5), Self(6), Self(7)];

    /// The contract with the values of this variant.
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

    #[expect(clippy::wildcard_enum_match_arm, reason = "only fields of a driver are put")]
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
            Field::TimeoutMetric => put(&mut telemetry.timeout_metric, MetricName::new(text)),
            Field::RetryMetric => put(&mut telemetry.retry_metric, MetricName::new(text)),
            Field::LatencyMetric => put(&mut telemetry.latency_metric, MetricName::new(text)),
            Field::InFlightMetric => put(&mut telemetry.in_flight_metric, MetricName::new(text)),
            Field::Capabilities => {
                let all: Capabilities = DriverCapability::ALL.iter().copied().collect();
                let idempotent = Capabilities::from_iter([DriverCapability::IdempotentWrite]);
                let low =
                    if self.0 < 4 { Capabilities::default() } else { all.without(idempotent) };
                contract.capabilities = pick(is_high, low, all);
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

    /// A text that no other field has, with dots or without; or that of another metric, or of a
    /// known client.
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

/// The name with every letter and digit replaced by the next one, so that it names no client.
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

/// A text that is too long stays away: the one that is there is as good as any.
fn put<T, E>(field: &mut T, value: Result<T, E>) {
    if let Ok(value) = value {
        *field = value;
    }
}

/// The findings that are in both lists.
pub(super) fn in_both(left: Vec<Finding>, right: &[Finding]) -> Vec<Finding> {
    let mut by_place: BTreeMap<(&str, &Place), Vec<&Finding>> = BTreeMap::new();
    for finding in right {
        by_place.entry((finding.rule.name, &finding.place)).or_default().push(finding);
    }
    let is_there = |finding: &Finding| {
        let same = by_place.get(&(finding.rule.name, &finding.place));
        same.is_some_and(|same| same.contains(&finding))
    };
    left.into_iter().filter(is_there).collect()
}

/// The fields that were not read, by driver.
pub(super) type Unread<'p> = BTreeMap<&'p DriverName, &'p [Field]>;

/// Returns true if a finding is about a driver of which some fields were not read.
pub(super) fn names_one_of(finding: &Finding, unread: &Unread<'_>) -> bool {
    places(finding).any(|place| fields_of(place, unread).is_some())
}

/// Returns true if a finding points at a field that was not read.
pub(super) fn points_at_unread(finding: &Finding, unread: &Unread<'_>) -> bool {
    places(finding).any(|place| {
        let fields = fields_of(place, unread);
        fields.zip(place.field).is_some_and(|(fields, field)| fields.contains(&field))
    })
}

/// The fields that were not read of the driver of a place.
fn fields_of<'p>(place: &Place, unread: &Unread<'p>) -> Option<&'p [Field]> {
    let Subject::Driver(name) = &place.subject else { return None };
    unread.get(name).copied()
}

fn places(finding: &Finding) -> impl Iterator<Item = &Place> {
    let related = finding.related.iter().map(|Related { place, .. }| place);
    std::iter::once(&finding.place).chain(related)
}
