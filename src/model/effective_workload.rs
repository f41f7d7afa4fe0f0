//! The load on one driver, merged from the scopes that declare it.

use crate::model::{
    Arrival, BasisPoints, BenchmarkProfile, Burst, DeclaredWorkload, DelayUs, Field, Operation,
    OpsPerKsec, Seeds, Setting, WarmupMs, WindowMs, Workload,
};

type Set<'a, T> = Option<Setting<'a, T, DeclaredWorkload>>;

/// What results for one driver under one profile: the narrower scope wins, value by value, the
/// operations as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EffectiveWorkload<'a> {
    /// The kind of load.
    pub profile: BenchmarkProfile,
    /// The narrowest declared scope.
    pub narrowest: &'a DeclaredWorkload,
    /// Where the chance of each run starts from, if a scope says.
    pub seeds: Set<'a, &'a Seeds>,
    /// How long the load runs before anything is counted, if a scope says.
    pub warmup_ms: Set<'a, WarmupMs>,
    /// How long is counted, if a scope says.
    pub duration_ms: Set<'a, WindowMs>,
    /// How many operations arrive in 1000 seconds, if a scope says.
    pub rate_ops_per_ksec: Set<'a, OpsPerKsec>,
    /// When the operations arrive, if a scope says.
    pub arrival: Set<'a, Arrival>,
    /// Bursts, if a scope says.
    pub burst: Set<'a, Burst>,
    /// The share of attempts that fail fast, if a scope says.
    pub error_bps: Set<'a, BasisPoints>,
    /// How long such an attempt is served, if a scope says.
    pub error_us: Set<'a, DelayUs>,
    /// The share of attempts that the server holds up, if a scope says.
    pub stall_bps: Set<'a, BasisPoints>,
    /// How much longer such an attempt is served, if a scope says.
    pub stall_us: Set<'a, DelayUs>,
    /// How long the place of an attempt that timed out stays taken, if a scope says.
    pub slot_recovery_us: Set<'a, DelayUs>,
    /// What the load is made of, if a scope says.
    pub operations: Set<'a, &'a [Operation]>,
}

impl<'a> EffectiveWorkload<'a> {
    /// Merges the declared scopes of one driver, given from the widest to the narrowest as in
    /// [`Scope::chain`](crate::model::Scope::chain). Scopes of another profile do not count;
    /// none where no scope is left.
    pub fn merge(
        profile: BenchmarkProfile,
        scopes: impl IntoIterator<Item = &'a DeclaredWorkload>,
    ) -> Option<Self> {
        scopes
            .into_iter()
            .filter(|declared| declared.profile == profile)
            .map(Self::of)
            .reduce(|wider, narrower| narrower.or(wider))
    }

    fn of(set_by: &'a DeclaredWorkload) -> Self {
        Self {
            profile: set_by.profile,
            narrowest: set_by,
            seeds: setting(set_by.seeds.as_ref(), set_by),
            warmup_ms: setting(set_by.warmup_ms, set_by),
            duration_ms: setting(set_by.duration_ms, set_by),
            rate_ops_per_ksec: setting(set_by.rate_ops_per_ksec, set_by),
            arrival: setting(set_by.arrival, set_by),
            burst: setting(set_by.burst, set_by),
            error_bps: setting(set_by.error_bps, set_by),
            error_us: setting(set_by.error_us, set_by),
            stall_bps: setting(set_by.stall_bps, set_by),
            stall_us: setting(set_by.stall_us, set_by),
            slot_recovery_us: setting(set_by.slot_recovery_us, set_by),
            operations: setting(set_by.operations.as_deref(), set_by),
        }
    }

    fn or(self, wider: Self) -> Self {
        Self {
            profile: self.profile,
            narrowest: self.narrowest,
            seeds: self.seeds.or(wider.seeds),
            warmup_ms: self.warmup_ms.or(wider.warmup_ms),
            duration_ms: self.duration_ms.or(wider.duration_ms),
            rate_ops_per_ksec: self.rate_ops_per_ksec.or(wider.rate_ops_per_ksec),
            arrival: self.arrival.or(wider.arrival),
            burst: self.burst.or(wider.burst),
            error_bps: self.error_bps.or(wider.error_bps),
            error_us: self.error_us.or(wider.error_us),
            stall_bps: self.stall_bps.or(wider.stall_bps),
            stall_us: self.stall_us.or(wider.stall_us),
            slot_recovery_us: self.slot_recovery_us.or(wider.slot_recovery_us),
            operations: self.operations.or(wider.operations),
        }
    }

    /// The keys that a workload needs and no scope sets, in the order of a table.
    pub fn missing(&self) -> impl Iterator<Item = Field> + use<> {
        let needed = [
            (self.duration_ms.is_none(), Field::DurationMs),
            (self.rate_ops_per_ksec.is_none(), Field::RateOpsPerKsec),
            (self.operations.is_none(), Field::Operation),
        ];
        needed.into_iter().filter(|(missing, _)| *missing).map(|(_, field)| field)
    }

    /// The scope that sets a key, if one does.
    pub fn source(&self, field: Field) -> Option<&'a DeclaredWorkload> {
        let set = [
            (Field::Seeds, self.seeds.map(|set| set.set_by)),
            (Field::WarmupMs, self.warmup_ms.map(|set| set.set_by)),
            (Field::DurationMs, self.duration_ms.map(|set| set.set_by)),
            (Field::RateOpsPerKsec, self.rate_ops_per_ksec.map(|set| set.set_by)),
            (Field::Arrival, self.arrival.map(|set| set.set_by)),
            (Field::Burst, self.burst.map(|set| set.set_by)),
            (Field::ErrorBps, self.error_bps.map(|set| set.set_by)),
            (Field::ErrorUs, self.error_us.map(|set| set.set_by)),
            (Field::StallBps, self.stall_bps.map(|set| set.set_by)),
            (Field::StallUs, self.stall_us.map(|set| set.set_by)),
            (Field::SlotRecoveryUs, self.slot_recovery_us.map(|set| set.set_by)),
            (Field::Operation, self.operations.map(|set| set.set_by)),
        ];
        set.into_iter().find(|(key, _)| *key == field).and_then(|(_, set_by)| set_by)
    }

    /// The whole load, defaults applied; none where a key is missing that has no default.
    pub fn complete(&self) -> Option<Workload> {
        Some(Workload {
            profile: self.profile,
            seeds: self.seeds.map(|set| set.value.clone()).unwrap_or_default(),
            warmup_ms: value_or(self.warmup_ms, WarmupMs::LEAST),
            duration_ms: self.duration_ms?.value,
            rate_ops_per_ksec: self.rate_ops_per_ksec?.value,
            arrival: value_or(self.arrival, Arrival::default()),
            burst: self.burst.map(|set| set.value),
            error_bps: value_or(self.error_bps, BasisPoints::LEAST),
            error_us: value_or(self.error_us, Workload::ERROR_US),
            stall_bps: value_or(self.stall_bps, BasisPoints::LEAST),
            stall_us: value_or(self.stall_us, DelayUs::LEAST),
            slot_recovery_us: value_or(self.slot_recovery_us, DelayUs::LEAST),
            operations: self.operations?.value.to_vec(),
        })
    }
}

fn setting<T>(value: Option<T>, set_by: &DeclaredWorkload) -> Set<'_, T> {
    value.map(|value| Setting { value, set_by })
}

fn value_or<T: Copy>(set: Set<'_, T>, default: T) -> T {
    set.map_or(default, |set| set.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Scope, ServiceTime, ServiceUs, Weight};

    const PROFILE: BenchmarkProfile = BenchmarkProfile::HeavyData;

    fn operations(us: u64) -> Vec<Operation> {
        let service = ServiceTime::Constant(ServiceUs::new(us).unwrap());
        vec![Operation { weight: Weight::new(1).unwrap(), service }]
    }

    #[test]
    fn the_narrower_scope_wins_and_replaces_the_operations() {
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
        assert_eq!(merged.source(Field::DurationMs), Some(&all));
        assert_eq!(merged.source(Field::Operation), Some(&class));
        let workload = merged.complete().unwrap();
        assert_eq!(workload.rate_ops_per_ksec.get(), 6);
        assert_eq!(workload.operations, operations(8));
        assert_eq!((workload.error_us.get(), workload.seeds.iter().count()), (1000, 5));
    }

    #[test]
    fn three_keys_have_no_default() {
        let bare = DeclaredWorkload::new(PROFILE, Scope::All);
        let merged = EffectiveWorkload::merge(PROFILE, [&bare]).unwrap();
        let needed = [Field::DurationMs, Field::RateOpsPerKsec, Field::Operation];
        assert!(merged.missing().eq(needed));
        assert_eq!(merged.complete(), None);
        assert_eq!(EffectiveWorkload::merge(BenchmarkProfile::MixedLatency, [&bare]), None);
    }
}
