//! The limits that apply to one driver, merged from the scopes that declare them.

use crate::model::{
    BasisPoints, BenchmarkProfile, Budget, DeclaredBudget, DriverContract, Effective, Limit,
    MaxP95LatencyMs, OpsPerSec, ProjectVocabulary, Scope, ScopedValue,
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
    pub max_p95_latency_ms: Option<ScopedValue<'a, MaxP95LatencyMs>>,
    /// The maximum share of attempts that time out, if a scope sets it.
    pub max_timeout_rate_bps: Option<ScopedValue<'a, BasisPoints>>,
    /// The maximum share of attempts that are retries, if a scope sets it.
    pub max_retry_rate_bps: Option<ScopedValue<'a, BasisPoints>>,
    /// The minimum throughput, if a scope sets it.
    pub min_throughput_ops_per_sec: Option<ScopedValue<'a, OpsPerSec>>,
}

impl<'a> EffectiveBudget<'a> {
    /// Returns true if the driver is judged by this budget: it claims the profile, or a scope names
    /// it.
    pub fn applies_to(&self, contract: &DriverContract, vocabulary: &ProjectVocabulary) -> bool {
        matches!(self.narrowest.scope, Scope::Driver(_))
            || vocabulary.claims(&contract.capabilities, self.profile)
    }

    /// Merges the declared scopes of one driver, as [`Effective::merge`] does.
    pub fn merge(
        profile: BenchmarkProfile,
        scopes: impl IntoIterator<Item = &'a DeclaredBudget>,
    ) -> Option<Self> {
        let scopes = Effective::merge(profile, scopes)?;
        Some(Self {
            profile,
            narrowest: scopes.narrowest,
            scopes,
            max_p95_latency_ms: scopes.setting(|declared| declared.max_p95_latency_ms),
            max_timeout_rate_bps: scopes.setting(|declared| declared.max_timeout_rate_bps),
            max_retry_rate_bps: scopes.setting(|declared| declared.max_retry_rate_bps),
            min_throughput_ops_per_sec: scopes
                .setting(|declared| declared.min_throughput_ops_per_sec),
        })
    }

    /// Returns the declared scope that sets this limit.
    pub fn source(&self, limit: Limit) -> Option<&'a DeclaredBudget> {
        self.scopes.origin(limit.field())
    }

    /// Returns the limits that no scope sets, in canonical order.
    pub fn missing(&self) -> impl Iterator<Item = Limit> {
        Limit::ALL.into_iter().filter(|limit| self.source(*limit).is_none())
    }

    /// Returns all four limits, or `None` if one is missing.
    pub fn complete(&self) -> Option<Budget> {
        Some(Budget {
            profile: self.profile,
            max_p95_latency_ms: self.max_p95_latency_ms?.value,
            max_timeout_rate_bps: self.max_timeout_rate_bps?.value,
            max_retry_rate_bps: self.max_retry_rate_bps?.value,
            min_throughput_ops_per_sec: self.min_throughput_ops_per_sec?.value,
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
                max_p95_latency_ms: MaxP95LatencyMs::new(3000).ok(),
                max_timeout_rate_bps: BasisPoints::new(20).ok(),
                ..all
            },
            DeclaredBudget { max_timeout_rate_bps: BasisPoints::new(30).ok(), ..class },
            DeclaredBudget { max_p95_latency_ms: MaxP95LatencyMs::new(120).ok(), ..driver },
        ]
    }

    #[test]
    fn narrower_scope_wins_for_each_limit() {
        let [all, class, driver] = &chain();
        let budget = EffectiveBudget::merge(PROFILE, [all, class, driver]).unwrap();
        assert_eq!(budget.max_p95_latency_ms.unwrap().value.get(), 120);
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
    fn budget_with_all_four_limits_is_complete() {
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
            max_p95_latency_ms: MaxP95LatencyMs::new(120).unwrap(),
            max_timeout_rate_bps: BasisPoints::new(30).unwrap(),
            max_retry_rate_bps: BasisPoints::new(100).unwrap(),
            min_throughput_ops_per_sec: OpsPerSec::new(8).unwrap(),
        };
        assert_eq!(budget.complete(), Some(limits));
    }
}
