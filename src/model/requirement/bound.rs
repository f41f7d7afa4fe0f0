//! Compares the bounds of a requirement with a contract and its budget.

use super::Requirement;
use crate::model::{
    Attempts, BasisPoints, Capabilities, DriverContract, EffectiveBudget, Field, LatencyLimit,
    LatencyUnit, OpsPerSec,
};

/// The longest worst case that a contract can have, in milliseconds: all attempts and backoffs at
/// their maximum.
const LONGEST_WORST_CASE_MS: u64 = 100 * 86_400_000 + 99 * 3_600_000;

/// One bound of a requirement, with the value that the contract or the budget promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound<'a> {
    /// The field of the requirement.
    pub field: Field,
    /// The value that the consumer requires.
    pub required: BoundValue<'a>,
    /// The value that the contract or the effective budget promises. `None` if there is no budget,
    /// or if the budget does not set the limit.
    pub promised: Option<BoundValue<'a>>,
}

/// The value of a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoundValue<'a> {
    /// Capabilities.
    Capabilities(&'a Capabilities),
    /// A number and its unit, which starts with a space or is empty.
    Number(u64, &'static str),
    /// A latency in microseconds, and the unit in which it is stated.
    Latency(u64, LatencyUnit),
}

/// The slack: the difference between a bound and the promised value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slack {
    /// The required capabilities that the driver does not have. Empty if it has all of them.
    Missing(Capabilities),
    /// The difference, in the unit of the bound. It is negative if the bound is not met.
    Number(i128),
    /// The difference in microseconds. It is negative if the bound is not met.
    Micros(i128),
    /// Nothing is promised.
    Unknown,
}

impl Requirement {
    /// Returns the bounds in canonical order, without promised values.
    pub fn stated_bounds(&self) -> Vec<Bound<'_>> {
        let values = [
            (Field::Capabilities, self.capabilities.as_ref().map(BoundValue::Capabilities)),
            (Field::RequirementAttempts, self.max_attempts.map(|it| number(it.get(), ""))),
            (Field::WorstCaseMs, self.worst_case_ms.map(|it| number(it.get(), " ms"))),
            (Field::MaxP95LatencyMs, self.max_p95_latency.map(latency)),
            (Field::MaxTimeoutRateBps, self.max_timeout_rate_bps.map(rate)),
            (Field::MaxRetryRateBps, self.max_retry_rate_bps.map(rate)),
            (Field::MinThroughputOpsPerSec, self.min_throughput_ops_per_sec.map(throughput)),
            (Field::MaxP99LatencyMs, self.max_p99_latency.map(latency)),
        ];
        let bound = |(field, required): (_, Option<_>)| {
            Some(Bound { field, required: required?, promised: None })
        };
        values.into_iter().filter_map(bound).collect()
    }

    /// Returns the bounds in canonical order, with the values that a contract and its effective
    /// budget for the profile promise.
    pub fn bounds<'a>(
        &'a self,
        contract: &'a DriverContract,
        budget: Option<&EffectiveBudget<'_>>,
    ) -> Vec<Bound<'a>> {
        let mut bounds = self.stated_bounds();
        for bound in &mut bounds {
            bound.promised = promised(bound.field, contract, budget);
        }
        bounds
    }
}

/// Returns the value that a contract or its budget promises for the field of a requirement.
#[expect(clippy::wildcard_enum_match_arm, reason = "few fields are bounds")]
fn promised<'a>(
    field: Field,
    contract: &'a DriverContract,
    budget: Option<&EffectiveBudget<'_>>,
) -> Option<BoundValue<'a>> {
    match field {
        Field::Capabilities => Some(BoundValue::Capabilities(&contract.capabilities)),
        Field::RequirementAttempts => Some(number(contract.retry_policy.max_attempts.get(), "")),
        Field::WorstCaseMs => Some(number(contract.worst_case_ms(), " ms")),
        Field::MaxP95LatencyMs => budget?.max_p95_latency.map(|limit| latency(limit.value)),
        Field::MaxTimeoutRateBps => budget?.max_timeout_rate_bps.map(|limit| rate(limit.value)),
        Field::MaxRetryRateBps => budget?.max_retry_rate_bps.map(|limit| rate(limit.value)),
        Field::MinThroughputOpsPerSec => {
            budget?.min_throughput_ops_per_sec.map(|limit| throughput(limit.value))
        }
        Field::MaxP99LatencyMs => budget?.max_p99_latency.map(|limit| latency(limit.value)),
        _ => None,
    }
}

const fn number(number: u64, unit: &'static str) -> BoundValue<'static> {
    BoundValue::Number(number, unit)
}

const fn latency(limit: LatencyLimit) -> BoundValue<'static> {
    BoundValue::Latency(limit.us(), limit.unit())
}

const fn rate(limit: BasisPoints) -> BoundValue<'static> {
    number(limit.get(), " bps")
}

const fn throughput(limit: OpsPerSec) -> BoundValue<'static> {
    number(limit.get(), " ops/s")
}

impl Bound<'_> {
    /// Returns true if the promised value must be at least the required value. For all other
    /// bounds, it must be at most the required value.
    pub const fn is_floor(&self) -> bool {
        matches!(self.field, Field::Capabilities | Field::MinThroughputOpsPerSec)
    }

    /// Returns true if the bound is a limit of a budget.
    pub fn is_limit(&self) -> bool {
        Field::BUDGET_SCOPE.contains(&self.field)
    }

    /// Returns true if the contract or the budget promises what the consumer requires.
    pub fn is_met(&self) -> bool {
        match self.slack() {
            Slack::Missing(missing) => missing.is_empty(),
            Slack::Number(slack) | Slack::Micros(slack) => slack >= 0,
            Slack::Unknown => false,
        }
    }

    /// Returns the slack of the bound.
    pub fn slack(&self) -> Slack {
        let room = |required: u64, promised: u64| {
            let room = i128::from(required) - i128::from(promised);
            if self.is_floor() { -room } else { room }
        };
        match (self.required, self.promised) {
            (BoundValue::Capabilities(required), Some(BoundValue::Capabilities(promised))) => {
                Slack::Missing(required.without(promised))
            }
            (BoundValue::Number(required, _), Some(BoundValue::Number(promised, _))) => {
                Slack::Number(room(required, promised))
            }
            (BoundValue::Latency(required, _), Some(BoundValue::Latency(promised, _))) => {
                Slack::Micros(room(required, promised))
            }
            _ => Slack::Unknown,
        }
    }

    /// Returns the unit of a latency: the finer of the two units in which the values are stated.
    pub fn latency_unit(&self) -> LatencyUnit {
        let unit = |value: BoundValue<'_>| match value {
            BoundValue::Latency(_, unit) => unit,
            BoundValue::Number(..) | BoundValue::Capabilities(_) => LatencyUnit::Milliseconds,
        };
        self.promised.map_or_else(LatencyUnit::default, unit).max(unit(self.required))
    }

    /// Returns the key of the bound, in [`Self::latency_unit`].
    pub fn key(&self) -> &'static str {
        self.field.key_in(self.latency_unit())
    }

    /// Formats one of the two values without its unit. A latency is in [`Self::latency_unit`].
    pub fn shown(&self, value: BoundValue<'_>) -> String {
        match value {
            BoundValue::Capabilities(capabilities) => {
                capabilities.iter().map(|it| it.label().to_owned()).collect::<Vec<_>>().join(", ")
            }
            BoundValue::Number(number, _) => number.to_string(),
            BoundValue::Latency(us, _) => self.latency_unit().of_us(us).to_string(),
        }
    }

    /// Returns true if the range of the type implies the bound: every contract or every budget with
    /// this limit meets it.
    pub fn is_vacuous(&self) -> bool {
        match self.required {
            BoundValue::Capabilities(required) => required.is_empty(),
            BoundValue::Latency(us, _) => us >= LatencyLimit::MOST.us(),
            BoundValue::Number(number, _) if self.is_floor() => number == OpsPerSec::MIN,
            BoundValue::Number(number, _) => number >= greatest(self.field),
        }
    }
}

/// Returns the greatest value that a contract or a budget can promise for a maximum.
#[expect(clippy::wildcard_enum_match_arm, reason = "all other maximums are rates")]
const fn greatest(field: Field) -> u64 {
    match field {
        Field::RequirementAttempts => Attempts::MAX,
        Field::WorstCaseMs => LONGEST_WORST_CASE_MS,
        _ => BasisPoints::MAX,
    }
}
