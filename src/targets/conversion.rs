//! The relations between contract fields and settings, in both directions.

use super::{algebra, notation::Notation, syntax::units, table::Setting, values::SettingValues};
use crate::model::{DriverCapability, DriverContract, Field, MultiplierPercent, RetryPolicy};

/// The relation between a contract and the value of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// The value is the field.
    Same,
    /// The value is the text of the field.
    Text,
    /// The setting counts retries, and the field counts attempts.
    Retries,
    /// The program waits for 80% to 120% of the value, and the field is the longest backoff.
    Symmetric20,
    /// The value is the field in microseconds.
    Micros,
    /// The value is `request_ms` in microseconds, at most `deadline_ms`.
    AttemptMicros,
    /// The value is the field in hundredths.
    Hundredths,
    /// The value is `retry_budget_min`, or its default, if there is a retry budget.
    RetryBudgetMin,
    /// The value is the field, unless there is a retry budget.
    WithoutRetryBudget,
    /// The program waits for 80% to 120% of the value in microseconds, and the field is the longest
    /// backoff.
    Symmetric20Micros,
    /// The value is the first backoff, which is at most the longest. The program does not limit it.
    FirstBackoff,
    /// The value is the first backoff in microseconds, which is at most the longest. The program does
    /// not limit it.
    FirstBackoffMicros,
    /// Another setting's value, which the longest backoff cannot be below. It is not written.
    AtLeastFirst,
    /// The same in microseconds.
    AtLeastFirstMicros,
    /// The value is the growth of backoffs in hundredths, which is 2 without `multiplier_percent`.
    Growth,
    /// The value is `deadline_ms` in microseconds. Without it, the worst case.
    DeadlineMicros,
    /// The value is `deadline_ms`. Without it, the worst case, plus the setting with this name.
    Deadline(Option<&'static str>),
    /// The value counts items: those of the requests in flight and in the queue, each a full batch.
    Batches {
        /// The setting with the number of items per batch.
        batch: &'static str,
        /// The setting with the number of requests in flight.
        in_flight: &'static str,
    },
    /// The value is the strictest word if the driver has the capability, otherwise the loosest.
    Capability(DriverCapability),
    /// The value is the strictest word if the driver has the capability, otherwise not written.
    WithCapability(DriverCapability),
    /// The value is always this one.
    Fixed(u64),
    /// The value lists what all other settings apply to: everything.
    Selector,
    /// The value is `queue_ms`. Without it, `request_ms`.
    Wait,
    /// The value is `request_ms` without `queue_ms`, which the setting with this name limits.
    Run(&'static str),
    /// The value is `idle_ms`, at least 1 s below the setting with this name.
    IdleBelow(&'static str),
    /// The value is `lifetime_ms`. Without it, the shortest that `idle_ms` needs, if this default is
    /// shorter.
    Lifetime(u64),
    /// The value is the nominal first backoff. The program varies it by a factor, which the setting with
    /// this name contains in millionths.
    RandomFirst(&'static str),
    /// The value is the random factor, in millionths, that gives the jitter.
    RandomFactor,
    /// The value is the field without the setting with this name, which the program adds.
    Without(&'static str),
    /// The value is the field, unless the setting with this name keeps connections open.
    Idle(&'static str),
    /// The number of connections in a pool.
    Pool(PoolNames),
    /// The number of clients that use a pool or wait for it.
    Clients(PoolNames),
    /// A factor of another setting, written with its default.
    Factor,
    /// A setting that changes the meaning of another setting, and is not written.
    Context,
}

/// The number of milliseconds in a second.
const SECOND: u64 = 1_000;

/// The names of the settings that limit a pool of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolNames {
    /// The setting with the size.
    pub size: &'static str,
    /// The setting with the number of connections that the pool can have in addition.
    pub reserve: &'static str,
    /// The setting with the number of connections of all pools together, or 0 for no limit.
    pub cap: &'static str,
}

impl Conversion {
    /// Returns the value that states the contract, before it is limited to the setting's range.
    /// `worst_case` is the time that the program can need at most. Returns `None` if the setting is
    /// not written.
    pub(super) fn written(
        self,
        field: Option<Field>,
        contract: &DriverContract,
        values: &SettingValues<'_>,
        worst_case: u64,
    ) -> Option<u64> {
        let has = |capability| contract.capabilities.contains(capability);
        let own = || field.and_then(|field| number(contract, field));
        match self {
            Self::Same | Self::Idle(_) => own(),
            Self::Retries => Some(algebra::retries(contract.retry_policy.max_attempts.get())),
            Self::Symmetric20 => {
                Some(algebra::symmetric_20(contract.retry_policy.base_backoff_ms.get()))
            }
            Self::Micros => own().map(algebra::micros),
            Self::AttemptMicros => {
                Some(algebra::micros(contract.timeout_policy.attempt_ms().get()))
            }
            Self::Hundredths => own().map(|value| value.saturating_mul(units::WHOLE)),
            Self::RetryBudgetMin => retry_budget_min(contract),
            Self::WithoutRetryBudget => own().filter(|_| retry_budget_min(contract).is_none()),
            Self::Symmetric20Micros => own().map(algebra::micros).map(algebra::symmetric_20),
            Self::FirstBackoff => Some(first_backoff(contract)),
            Self::FirstBackoffMicros => Some(algebra::micros(first_backoff(contract))),
            Self::Growth => {
                let own = contract.retry_policy.multiplier_percent;
                Some(own.map_or(RetryPolicy::DEFAULT_MULTIPLIER, MultiplierPercent::get))
            }
            Self::DeadlineMicros => {
                let deadline = contract.timeout_policy.deadline_ms.map(Into::into);
                Some(algebra::micros(deadline.unwrap_or(worst_case)))
            }
            Self::Deadline(plus) => Some(match contract.timeout_policy.deadline_ms {
                Some(deadline) => deadline.get(),
                None => worst_case.saturating_add(plus.map_or(0, |name| values.get(name))),
            }),
            Self::Batches { batch, .. } => Some(items(contract, values.get(batch))),
            Self::Capability(capability) => Some(u64::from(!has(capability))),
            Self::WithCapability(capability) => has(capability).then_some(0),
            Self::Fixed(value) => Some(value),
            Self::Selector => Some(1),
            Self::Wait => self.promised(field, contract).map(|(_, value)| value),
            Self::Run(_) => Some(run(contract)),
            Self::IdleBelow(name) => Some(idle_below(values.limit(name), contract)),
            Self::Lifetime(default) => lifetime(default, contract),
            Self::RandomFirst(_) => Some(random_nominal(contract)),
            Self::RandomFactor => {
                Some(algebra::random_factor(contract.retry_policy.jitter_percent.get()))
            }
            Self::Without(added) => own().map(|value| value.saturating_sub(values.get(added))),
            Self::Pool(_) => Some(contract.max_in_flight.get()),
            Self::Clients(_) => Some(items(contract, 1)),
            Self::Text
            | Self::Factor
            | Self::Context
            | Self::AtLeastFirst
            | Self::AtLeastFirstMicros => None,
        }
    }

    /// Returns true if the value limits all attempts of an operation together.
    pub(super) const fn is_deadline(self) -> bool {
        matches!(self, Self::Deadline(_) | Self::DeadlineMicros)
    }

    /// Returns the field that the value states, with its number in the contract. Returns `None` if
    /// the field is absent or not a number.
    pub(super) fn promised(
        self,
        field: Option<Field>,
        contract: &DriverContract,
    ) -> Option<(Field, u64)> {
        let is_request = self == Self::Wait && contract.timeout_policy.queue_ms.is_none();
        let field = if is_request { Field::RequestMs } else { field? };
        Some((field, number(contract, field)?))
    }

    /// Returns the names of other settings that take part in the field's value.
    pub(super) fn partners(self) -> Vec<&'static str> {
        if let Self::Run(name) | Self::Without(name) | Self::Idle(name) = self {
            vec![name]
        } else if let Self::RandomFirst(factor) = self {
            vec![factor]
        } else if let Self::Pool(PoolNames { reserve, cap, .. }) = self {
            vec![reserve, cap]
        } else {
            Vec::new()
        }
    }

    /// Returns the names of other settings without which the field's value is unknown. A pool without
    /// a known cap has the limit of its size.
    pub(super) fn needed(self) -> Vec<&'static str> {
        if let Self::Pool(PoolNames { reserve, .. }) = self {
            vec![reserve]
        } else {
            self.partners()
        }
    }

    /// Returns the value of the field that a value of the setting amounts to, whether or not a
    /// contract can contain it. Returns `None` if the setting does not state a number.
    pub(super) fn read(self, value: u64, values: &SettingValues<'_>) -> Option<u64> {
        match self {
            Self::Same
            | Self::Deadline(_)
            | Self::Growth
            | Self::FirstBackoff
            | Self::AtLeastFirst
            | Self::RetryBudgetMin
            | Self::WithoutRetryBudget
            | Self::IdleBelow(_)
            | Self::Lifetime(_)
            | Self::Wait => Some(value),
            Self::Hundredths if value == u64::MAX => Some(value),
            Self::Hundredths => Some(value.div_ceil(units::WHOLE)),
            Self::Micros
            | Self::AttemptMicros
            | Self::DeadlineMicros
            | Self::FirstBackoffMicros
            | Self::AtLeastFirstMicros => Some(algebra::millis(value)),
            Self::Symmetric20Micros => {
                Some(algebra::millis(algebra::longest_of_symmetric_20(value)))
            }
            Self::Idle(floor) => (values.get(floor) == 0).then_some(value),
            Self::Run(name) | Self::Without(name) => Some(value.saturating_add(values.limit(name))),
            Self::RandomFirst(factor) => {
                Some(algebra::longest_of_random(value, values.get(factor)))
            }
            Self::RandomFactor => Some(algebra::jitter_of_random(value)),
            Self::Pool(names) => Some(pool(value, names, values)),
            Self::Clients(names) => {
                value.checked_sub(pool(values.limit(names.size), names, values))
            }
            Self::Retries => Some(algebra::attempts(value)),
            Self::Symmetric20 => Some(algebra::longest_of_symmetric_20(value)),
            Self::Batches { batch, in_flight } => {
                algebra::queue_of_items(value, values.get(in_flight), values.get(batch))
            }
            Self::Text
            | Self::Fixed(_)
            | Self::Selector
            | Self::Capability(_)
            | Self::WithCapability(_)
            | Self::Factor
            | Self::Context => None,
        }
    }

    /// Returns the relation of a setting as a table cell.
    pub(super) fn description(setting: &Setting) -> String {
        let name = setting.field.map_or("", Field::path);
        match setting.conversion {
            Self::Same if setting.notation == Notation::WholeSeconds => {
                "the same value in seconds, rounded up".to_owned()
            }
            Self::Same
            | Self::Text
            | Self::Micros
            | Self::Hundredths
            | Self::Idle(_)
            | Self::Pool(_) => "the same value".to_owned(),
            Self::AttemptMicros => "`request_ms`, at most `deadline_ms`".to_owned(),
            Self::RetryBudgetMin => "`retry_budget_min`, with a retry budget".to_owned(),
            Self::WithoutRetryBudget => "the same value, without a retry budget".to_owned(),
            Self::Retries => "`max_attempts` − 1".to_owned(),
            Self::Symmetric20 | Self::Symmetric20Micros => {
                format!("`{name}` ÷ 1.2, rounded down")
            }
            Self::FirstBackoff | Self::FirstBackoffMicros => {
                "`base_backoff_ms`, at most `max_backoff_ms`".to_owned()
            }
            Self::AtLeastFirst | Self::AtLeastFirstMicros => "read as a lower bound".to_owned(),
            Self::Growth => "`multiplier_percent` ÷ 100, or 2".to_owned(),
            Self::Deadline(None) | Self::DeadlineMicros => {
                "`deadline_ms`, or the worst case".to_owned()
            }
            Self::Deadline(Some(plus)) => {
                format!("`deadline_ms`, or the worst case + `{plus}`")
            }
            Self::Batches { batch, .. } => {
                format!("(`max_queue_depth` + `max_in_flight`) × `{batch}`")
            }
            Self::Capability(capability) => {
                format!("`true` with the capability `{}`", capability.label())
            }
            Self::WithCapability(capability) => {
                format!("`all` with the capability `{}`", capability.label())
            }
            Self::Fixed(value) => format!("always `{}`", setting.spelled(value)),
            Self::Selector => format!("always `{}`", setting.spelled(1)),
            Self::Wait => "`queue_ms`, or `request_ms`".to_owned(),
            Self::Run(_) => "`request_ms` − `queue_ms`".to_owned(),
            Self::IdleBelow(lifetime) => format!("the same value, at most `{lifetime}` − 1000"),
            Self::Lifetime(_) => "the same value, or the shortest for `idle_ms`".to_owned(),
            Self::RandomFirst(_) => "`base_backoff_ms` × (1 − `jitter_percent` ÷ 200)".to_owned(),
            Self::RandomFactor => "`jitter_percent` ÷ (200 − `jitter_percent`)".to_owned(),
            Self::Without(added) => format!("`{name}` − `{added}`"),
            Self::Clients(_) => "`max_in_flight` + `max_queue_depth`".to_owned(),
            Self::Factor => "a factor of another setting".to_owned(),
            Self::Context => "not written".to_owned(),
        }
    }
}

/// Returns the number of connections that a pool of this size can have with all other settings.
fn pool(size: u64, names: PoolNames, values: &SettingValues<'_>) -> u64 {
    size.saturating_add(values.get(names.reserve)).min(values.limit(names.cap))
}

/// Returns the number of items of all requests in flight and in the queue.
fn items(contract: &DriverContract, batch: u64) -> u64 {
    let (slots, queue) = (contract.max_in_flight, contract.max_queue_depth);
    algebra::items(slots.get(), queue.get(), batch)
}

/// Returns the longest time of an attempt without its wait in the queue.
fn run(contract: &DriverContract) -> u64 {
    let timeouts = &contract.timeout_policy;
    let (request, queue) = (timeouts.request_ms.get(), timeouts.queue_ms);
    let run = queue.map_or(request, |queue| request.saturating_sub(queue.get()));
    if run == 0 { request } else { run }
}

/// Returns the number of requests that can always retry, if the contract has a retry budget.
fn retry_budget_min(contract: &DriverContract) -> Option<u64> {
    let policy = &contract.retry_policy;
    let min = policy.retry_budget_min.map(Into::into);
    policy.retry_budget_percent?;
    Some(min.unwrap_or(RetryPolicy::DEFAULT_RETRY_BUDGET_MIN))
}

/// Returns the idle time of a contract, at least 1 s below a lifetime.
fn idle_below(lifetime: u64, contract: &DriverContract) -> u64 {
    contract.timeout_policy.idle_ms.get().min(lifetime.saturating_sub(SECOND))
}

/// Returns the lifetime of a contract, or the shortest for its idle time if the default is shorter.
fn lifetime(default: u64, contract: &DriverContract) -> Option<u64> {
    let timeouts = &contract.timeout_policy;
    let least = timeouts.idle_ms.get() + SECOND;
    timeouts.lifetime_ms.map(Into::into).or_else(|| (least > default).then_some(least))
}

/// Returns the nominal first backoff of a contract, which a random factor varies.
fn random_nominal(contract: &DriverContract) -> u64 {
    let policy = &contract.retry_policy;
    algebra::random_nominal(policy.base_backoff_ms.get(), policy.jitter_percent.get())
}

/// Returns the longest first backoff of a contract.
fn first_backoff(contract: &DriverContract) -> u64 {
    let policy = &contract.retry_policy;
    policy.base_backoff_ms.get().min(policy.max_backoff_ms.get())
}

/// Returns a numeric field of a contract. Returns `None` if the field is absent or not a number.
pub(super) fn number(contract: &DriverContract, field: Field) -> Option<u64> {
    let (timeouts, retries) = (&contract.timeout_policy, &contract.retry_policy);
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other fields are not numbers")]
    match field {
        Field::MaxInFlight => Some(contract.max_in_flight.get()),
        Field::MaxQueueDepth => Some(contract.max_queue_depth.get()),
        Field::ConnectMs => Some(timeouts.connect_ms.get()),
        Field::RequestMs => Some(timeouts.request_ms.get()),
        Field::IdleMs => Some(timeouts.idle_ms.get()),
        Field::QueueMs => timeouts.queue_ms.map(Into::into),
        Field::DeadlineMs => timeouts.deadline_ms.map(Into::into),
        Field::LifetimeMs => timeouts.lifetime_ms.map(Into::into),
        Field::MaxAttempts => Some(retries.max_attempts.get()),
        Field::BaseBackoffMs => Some(retries.base_backoff_ms.get()),
        Field::MaxBackoffMs => Some(retries.max_backoff_ms.get()),
        Field::JitterPercent => Some(retries.jitter_percent.get()),
        Field::MultiplierPercent => retries.multiplier_percent.map(MultiplierPercent::get),
        Field::RetryBudgetPercent => retries.retry_budget_percent.map(Into::into),
        Field::RetryBudgetMin => retries.retry_budget_min.map(Into::into),
        _ => None,
    }
}
