//! The load on one driver, merged from the scopes that declare it.

use crate::model::{DeclaredWorkload, Effective, Field, Workload};

/// The effective workload of one driver and profile, which can lack values.
pub type EffectiveWorkload<'a> = Effective<'a, DeclaredWorkload>;

impl EffectiveWorkload<'_> {
    /// Returns the required keys that no scope sets, in canonical order.
    pub fn missing(&self) -> impl Iterator<Item = Field> {
        DeclaredWorkload::NEEDED.into_iter().filter(|field| self.origin(*field).is_none())
    }

    /// Returns the complete workload, with defaults, or `None` if a required key is missing.
    pub fn complete(&self) -> Option<Workload> {
        let defaults = DeclaredWorkload::defaults(self.profile);
        let all = Scopes { effective: *self, defaults: &defaults };
        Some(Workload {
            profile: self.profile,
            seeds: all.value(|load| load.seeds.as_ref())?.clone(),
            warmup_ms: *all.value(|load| load.warmup_ms.as_ref())?,
            duration_ms: *all.value(|load| load.duration_ms.as_ref())?,
            rate_ops_per_ksec: *all.value(|load| load.rate_ops_per_ksec.as_ref())?,
            arrival: *all.value(|load| load.arrival.as_ref())?,
            burst: all.value(|load| load.burst.as_ref()).copied(),
            error_bps: *all.value(|load| load.error_bps.as_ref())?,
            error_us: *all.value(|load| load.error_us.as_ref())?,
            stall_bps: *all.value(|load| load.stall_bps.as_ref())?,
            stall_us: *all.value(|load| load.stall_us.as_ref())?,
            slot_recovery_us: *all.value(|load| load.slot_recovery_us.as_ref())?,
            contention_ppm: *all.value(|load| load.contention_ppm.as_ref())?,
            coherence_ppm: *all.value(|load| load.coherence_ppm.as_ref())?,
            server_slots: all.value(|load| load.server_slots.as_ref()).copied(),
            abandoned_work: all.value(|load| load.abandoned_work.as_ref()).copied(),
            trigger: all.value(|load| load.trigger.as_ref()).copied(),
            operations: all.value(|load| load.operations.as_ref())?.clone(),
        })
    }
}

/// The declared scopes, with the defaults as the widest scope.
struct Scopes<'a> {
    effective: EffectiveWorkload<'a>,
    defaults: &'a DeclaredWorkload,
}

impl<'a> Scopes<'a> {
    fn value<T: 'a>(&self, value: impl Fn(&'a DeclaredWorkload) -> Option<&'a T>) -> Option<&'a T> {
        self.effective.iter().find_map(&value).or_else(|| value(self.defaults))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        BenchmarkProfile, Operation, Operations, OpsPerKsec, Scope, ServiceTime, ServiceUs, Weight,
        WindowMs,
    };

    const PROFILE: BenchmarkProfile = BenchmarkProfile::HeavyData;

    fn operations(us: u64) -> Operations {
        let service = ServiceTime::Constant(ServiceUs::new(us).unwrap());
        Operation { weight: Weight::new(1).unwrap(), service }.into()
    }

    #[test]
    fn narrower_scope_wins_and_replaces_all_operations() {
        let all = DeclaredWorkload {
            duration_ms: WindowMs::new(1000).ok(),
            rate_ops_per_ksec: OpsPerKsec::new(5).ok(),
            operations: Some(operations(7)),
            ..DeclaredWorkload::new(PROFILE, Scope::All)
        };
        let class = Scope::Class(crate::model::DriverClass::StreamAdapter);
        let class = DeclaredWorkload {
            rate_ops_per_ksec: OpsPerKsec::new(6).ok(),
            operations: Some(operations(8)),
            ..DeclaredWorkload::new(PROFILE, class)
        };
        let merged = EffectiveWorkload::merge(PROFILE, [&all, &class]).unwrap();
        assert_eq!(merged.narrowest, &class);
        assert_eq!(merged.origin(Field::DurationMs), Some(&all));
        assert_eq!(merged.origin(Field::Operation), Some(&class));
        let workload = merged.complete().unwrap();
        assert_eq!(workload.rate_ops_per_ksec.get(), 6);
        assert_eq!(workload.operations, operations(8));
        assert_eq!((workload.error_us.get(), workload.seeds.iter().count()), (1000, 5));
    }

    #[test]
    fn exactly_three_keys_have_no_default() {
        let bare = DeclaredWorkload::new(PROFILE, Scope::All);
        let merged = EffectiveWorkload::merge(PROFILE, [&bare]).unwrap();
        let needed = [Field::DurationMs, Field::RateOpsPerKsec, Field::Operation];
        assert!(merged.missing().eq(needed));
        assert_eq!(merged.complete(), None);
        assert_eq!(EffectiveWorkload::merge(BenchmarkProfile::MixedLatency, [&bare]), None);
    }
}
