//! The limits that apply to one driver, merged from the scopes that declare them.

use crate::model::{
    BasisPoints, BenchmarkProfile, Budget, DeclaredBudget, DriverContract, Effective, LatencyLimit,
    LatencyUnit, Limit, OpsPerSec, ProjectVocabulary, Scope, ScopedValue,
};

/// The effective limits of one driver and profile. The narrowest scope wins, limit by limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EffectiveBudget<'a> {
    /// The profile.
    pub profile: BenchmarkProfile,
    /// The narrowest declared scope, even if it sets no limit.
    pub narrowest: &'a DeclaredBudget,
    /// The declared scopes.
    pub scopes: Effective<'a, DeclaredBudget>,
    /// The maximum p95 latency, if a scope sets it.
    pub max_p95_latency: Option<ScopedValue<'a, LatencyLimit>>,
    /// The maximum share of attempts that time out, if a scope sets it.
    pub max_timeout_rate_bps: Option<ScopedValue<'a, BasisPoints>>,
    /// The maximum share of attempts that are retries, if a scope sets it.
    pub max_retry_rate_bps: Option<ScopedValue<'a, BasisPoints>>,
    /// The minimum throughput, if a scope sets it.
    pub min_throughput_ops_per_sec: Option<ScopedValue<'a, OpsPerSec>>,
    /// The maximum p99 latency, if a scope sets it.
    pub max_p99_latency: Option<ScopedValue<'a, LatencyLimit>>,
}

impl<'a> EffectiveBudget<'a> {
    /// Returns true if the driver is judged against this budget: it claims the profile, or a scope
    /// names the driver.
    pub fn applies_to(&self, contract: &DriverContract, vocabulary: &ProjectVocabulary) -> bool {
        matches!(self.narrowest.scope, Scope::Driver(_))
            || vocabulary.claims(&contract.capabilities, self.profile)
    }

    /// Merges the declared scopes of one driver. See [`Effective::merge`].
    pub fn merge(
        profile: BenchmarkProfile,
        scopes: impl IntoIterator<Item = &'a DeclaredBudget>,
    ) -> Option<Self> {
        let scopes = Effective::merge(profile, scopes)?;
        Some(Self {
            profile,
            narrowest: scopes.narrowest,
            scopes,
            max_p95_latency: scopes.setting(|declared| declared.max_p95_latency),
            max_timeout_rate_bps: scopes.setting(|declared| declared.max_timeout_rate_bps),
            max_retry_rate_bps: scopes.setting(|declared| declared.max_retry_rate_bps),
            min_throughput_ops_per_sec: scopes
                .setting(|declared| declared.min_throughput_ops_per_sec),
            max_p99_latency: scopes.setting(|declared| declared.max_p99_latency),
        })
    }

    /// Returns the declared scope that sets this limit.
    pub fn source(&self, limit: Limit) -> Option<&'a DeclaredBudget> {
        self.scopes.origin(limit.field())
    }

    /// Returns the required limits that no scope sets, in canonical order.
    pub fn missing(&self) -> impl Iterator<Item = Limit> {
        Limit::ALL.into_iter().filter(|limit| limit.is_required() && self.source(*limit).is_none())
    }

    /// Returns the unit in which latencies are judged and shown. It is microseconds if any limit is
    /// stated in microseconds.
    pub fn latency_unit(&self) -> LatencyUnit {
        let limits = [self.max_p95_latency, self.max_p99_latency];
        let units = limits.into_iter().flatten().map(|limit| limit.value.unit());
        units.max().unwrap_or_default()
    }

    /// Returns all limits, or `None` if a required limit is missing.
    pub fn complete(&self) -> Option<Budget> {
        Some(Budget {
            profile: self.profile,
            max_p95_latency: self.max_p95_latency?.value,
            max_timeout_rate_bps: self.max_timeout_rate_bps?.value,
            max_retry_rate_bps: self.max_retry_rate_bps?.value,
            min_throughput_ops_per_sec: self.min_throughput_ops_per_sec?.value,
            max_p99_latency: self.max_p99_latency.map(|limit| limit.value),
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{DriverClass, DriverName, Scope};

    use super::*;

    const PROFILE: BenchmarkProfile = BenchmarkProfile::HeavyData;

    fn chain() -> [DeclaredBudget; 3] {
        let name = DriverName::new("postgres_async").unwrap();
        let [all, class, driver] = Scope::chain(DriverClass::RelationalAdapter, &name)
            .map(|scope| DeclaredBudget::new(PROFILE, scope));
        [
            DeclaredBudget {
                max_p95_latency: LatencyLimit::from_ms(3000).ok(),
                max_timeout_rate_bps: BasisPoints::new(20).ok(),
                ..all
            },
            DeclaredBudget { max_timeout_rate_bps: BasisPoints::new(30).ok(), ..class },
            DeclaredBudget { max_p95_latency: LatencyLimit::from_ms(120).ok(), ..driver },
        ]
    }

    #[test]
    fn narrower_scope_wins_for_each_limit() {
        let [all, class, driver] = &chain();
        let budget = EffectiveBudget::merge(PROFILE, [all, class, driver]).unwrap();
        assert_eq!(budget.max_p95_latency.unwrap().value.ms(), 120);
        assert_eq!(budget.source(Limit::P95Latency), Some(driver));
        assert_eq!(budget.max_timeout_rate_bps.unwrap().value.get(), 30);
        assert_eq!(budget.source(Limit::TimeoutRate), Some(class));
        assert_eq!(budget.source(Limit::RetryRate), None);
        assert_eq!(budget.narrowest, driver);
        assert!(budget.missing().eq([Limit::RetryRate, Limit::Throughput]));
        assert_eq!(budget.complete(), None);
    }

    #[test]
    fn scope_without_limits_can_be_narrowest() {
        let [all, ..] = &chain();
        let empty = DeclaredBudget::new(PROFILE, Scope::Class(DriverClass::StreamAdapter));
        let budget = EffectiveBudget::merge(PROFILE, [all, &empty]).unwrap();
        assert_eq!(budget.narrowest, &empty);
        assert_eq!(budget.source(Limit::P95Latency), Some(all));
        assert_eq!(EffectiveBudget::merge(PROFILE, []), None);
        assert_eq!(EffectiveBudget::merge(BenchmarkProfile::MixedLatency, [all]), None);
    }

    #[test]
    fn budget_with_required_limits_is_complete() {
        let [all, class, driver] = chain();
        let all = DeclaredBudget {
            max_retry_rate_bps: BasisPoints::new(100).ok(),
            min_throughput_ops_per_sec: OpsPerSec::new(8).ok(),
            ..all
        };
        let budget = EffectiveBudget::merge(PROFILE, [&all, &class, &driver]).unwrap();
        assert_eq!(budget.missing().count(), 0);
        let limits = Budget {
            profile: PROFILE,
            max_p95_latency: LatencyLimit::from_ms(120).unwrap(),
            max_timeout_rate_bps: BasisPoints::new(30).unwrap(),
            max_retry_rate_bps: BasisPoints::new(100).unwrap(),
            min_throughput_ops_per_sec: OpsPerSec::new(8).unwrap(),
            max_p99_latency: None,
        };
        assert_eq!(budget.complete(), Some(limits));
    }

    #[test]
    fn p99_limit_is_merged_and_optional() {
        let [all, class, driver] = chain();
        let all = DeclaredBudget { max_p99_latency: LatencyLimit::from_ms(5000).ok(), ..all };
        let class = DeclaredBudget { max_p99_latency: LatencyLimit::from_ms(400).ok(), ..class };
        let budget = EffectiveBudget::merge(PROFILE, [&all, &class, &driver]).unwrap();
        assert_eq!(budget.max_p99_latency.unwrap().value.ms(), 400);
        assert_eq!(budget.source(Limit::P99Latency), Some(&class));
        assert!(
            !EffectiveBudget::merge(PROFILE, [&driver])
                .unwrap()
                .missing()
                .any(|limit| limit == Limit::P99Latency)
        );
    }
}
