//! Workloads.

mod arrivals;
mod attempts;
mod burst;
mod server;
mod trigger;

pub use self::{
    burst::{Burst, InvalidBurst},
    server::AbandonedWork,
    trigger::{InvalidTrigger, Trigger, TriggerEffect},
};

use std::{borrow::Cow, collections::BTreeSet, fmt};

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::model::{
    BasisPoints, BenchmarkProfile, DelayUs, Field, Operation, Operations, OpsPerKsec,
    PartsPerMillion, Scope, Seed, ServerSlots, Vocabulary, WarmupMs, WindowMs, record::record,
};

/// The arrival process of a workload.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Arrival {
    /// At random (Poisson): the gaps between operations are exponential.
    #[default]
    Poisson,
    /// At equal intervals.
    Constant,
}

impl Arrival {
    /// Returns the label, in the form that workloads use.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Poisson => "poisson",
            Self::Constant => "constant",
        }
    }
}

impl Vocabulary for Arrival {
    const NOUN: &'static str = "kind of arrival";
    const ALL: &'static [Self] = &[Self::Poisson, Self::Constant];

    fn word(&self) -> &str {
        self.label()
    }
}

/// The seeds of a workload's runs, without duplicates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Seed>", into = "Vec<Seed>")]
pub struct Seeds(Vec<Seed>);

/// A list of seeds that is empty, is too long or has duplicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidSeeds;

impl fmt::Display for InvalidSeeds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "are not {} to {} distinct numbers", Seeds::FEWEST, Seeds::MOST)
    }
}

impl std::error::Error for InvalidSeeds {}

impl Seeds {
    /// The minimum number of seeds.
    pub const FEWEST: usize = 1;
    /// The maximum number of seeds.
    pub const MOST: usize = 100;

    /// Returns the seeds, or [`InvalidSeeds`] if the list is empty, too long or has duplicates.
    pub fn new(seeds: Vec<Seed>) -> Result<Self, InvalidSeeds> {
        let distinct = seeds.iter().collect::<BTreeSet<_>>().len() == seeds.len();
        if distinct && (Self::FEWEST..=Self::MOST).contains(&seeds.len()) {
            Ok(Self(seeds))
        } else {
            Err(InvalidSeeds)
        }
    }

    /// Returns the seeds, in the order of the document.
    pub fn iter(&self) -> impl Iterator<Item = Seed> {
        self.0.iter().copied()
    }
}

/// Seeds 1 to 5.
impl Default for Seeds {
    fn default() -> Self {
        Self((1..=5).filter_map(|seed| Seed::new(seed).ok()).collect())
    }
}

/// `seeds 1-5, 9`, in ascending order.
impl fmt::Display for Seeds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut seeds: Vec<u64> = self.iter().map(u64::from).collect();
        seeds.sort_unstable();
        formatter.write_str(if seeds.len() == 1 { "seed" } else { "seeds" })?;
        let ranges = seeds.chunk_by(|one, next| one + 1 == *next);
        ranges.enumerate().try_for_each(|(number, range)| {
            let comma = if number == 0 { " " } else { ", " };
            match range {
                [first, .., last] => write!(formatter, "{comma}{first}-{last}"),
                [..] => write!(formatter, "{comma}{}", range[0]),
            }
        })
    }
}

impl TryFrom<Vec<Seed>> for Seeds {
    type Error = InvalidSeeds;

    fn try_from(seeds: Vec<Seed>) -> Result<Self, InvalidSeeds> {
        Self::new(seeds)
    }
}

impl From<Seeds> for Vec<Seed> {
    fn from(seeds: Seeds) -> Self {
        seeds.0
    }
}

#[cfg(feature = "schema")]
impl JsonSchema for Seeds {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "seeds".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": generator.subschema_for::<Seed>(),
            "minItems": Self::FEWEST,
            "maxItems": Self::MOST,
            "uniqueItems": true,
        })
    }
}

/// The workload table of one scope, with any of the values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeclaredWorkload {
    /// The profile.
    pub profile: BenchmarkProfile,
    /// The drivers that the values apply to. The narrowest scope wins, value by value.
    pub scope: Scope,
    /// The seeds, with one run per seed. Default: 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seeds: Option<Seeds>,
    /// The time before the measurement starts. Default: 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 5000))]
    pub warmup_ms: Option<WarmupMs>,
    /// The duration of the measurement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 60_000))]
    pub duration_ms: Option<WindowMs>,
    /// The arrival rate, in operations per 1000 seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 900_000))]
    pub rate_ops_per_ksec: Option<OpsPerKsec>,
    /// The arrival process. Default: `poisson`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<Arrival>,
    /// A different arrival rate at the start of each period. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst: Option<Burst>,
    /// The share of attempts that fail fast. Default: 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 10))]
    pub error_bps: Option<BasisPoints>,
    /// The time to serve an attempt that fails fast. Default: 1000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 2000))]
    pub error_us: Option<DelayUs>,
    /// The share of attempts that stall. Default: 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 1))]
    pub stall_bps: Option<BasisPoints>,
    /// The extra time to serve an attempt that stalls. Default: 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 6_000_000))]
    pub stall_us: Option<DelayUs>,
    /// The time for which the slot of a timed-out attempt stays busy. Default: 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 20_000))]
    pub slot_recovery_us: Option<DelayUs>,
    /// The share of the service time that each further attempt at the server adds (σ of the
    /// universal scalability law). Default: 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 20_000))]
    pub contention_ppm: Option<PartsPerMillion>,
    /// The share of the service time that each ordered pair of attempts at the server adds (κ of
    /// that law). Default: 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 500))]
    pub coherence_ppm: Option<PartsPerMillion>,
    /// The number of attempts that the server works on at the same time; others wait there.
    /// Default: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 30))]
    pub server_slots: Option<ServerSlots>,
    /// The work of the server on an attempt that timed out. Default: `continues` with
    /// `server_slots`, otherwise `cancelled`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abandoned_work: Option<AbandonedWork>,
    /// A disturbance, to test whether the system recovers. A narrower scope replaces the whole
    /// table. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Trigger>,
    /// The kinds of operation, at least one. A narrower scope replaces the whole list.
    #[serde(default, rename = "operation", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<Operation>>", length(min = 1)))]
    pub operations: Option<Operations>,
}

record!(DeclaredWorkload {
    profile profile = Profile,
    scope scope = Scope,
    optional seeds = Seeds,
    optional warmup_ms = WarmupMs,
    optional duration_ms = DurationMs,
    optional rate_ops_per_ksec = RateOpsPerKsec,
    optional arrival = Arrival,
    optional burst = Burst,
    optional error_bps = ErrorBps,
    optional error_us = ErrorUs,
    optional stall_bps = StallBps,
    optional stall_us = StallUs,
    optional slot_recovery_us = SlotRecoveryUs,
    optional contention_ppm = ContentionPpm,
    optional coherence_ppm = CoherencePpm,
    optional server_slots = ServerSlots,
    optional abandoned_work = AbandonedWork,
    optional trigger = Trigger,
    optional operations = Operation,
});

impl DeclaredWorkload {
    /// The keys without a default, in canonical order.
    pub(super) const NEEDED: [Field; 3] =
        [Field::DurationMs, Field::RateOpsPerKsec, Field::Operation];

    /// Returns the default values.
    pub(crate) fn defaults(profile: BenchmarkProfile) -> Self {
        Self {
            seeds: Some(Seeds::default()),
            warmup_ms: Some(WarmupMs::LEAST),
            arrival: Some(Arrival::default()),
            error_bps: Some(BasisPoints::LEAST),
            error_us: Some(Workload::ERROR_US),
            stall_bps: Some(BasisPoints::LEAST),
            stall_us: Some(DelayUs::LEAST),
            slot_recovery_us: Some(DelayUs::LEAST),
            contention_ppm: Some(PartsPerMillion::LEAST),
            coherence_ppm: Some(PartsPerMillion::LEAST),
            ..Self::new(profile, Scope::All)
        }
    }

    /// Creates a workload without values.
    pub const fn new(profile: BenchmarkProfile, scope: Scope) -> Self {
        Self {
            profile,
            scope,
            seeds: None,
            warmup_ms: None,
            duration_ms: None,
            rate_ops_per_ksec: None,
            arrival: None,
            burst: None,
            error_bps: None,
            error_us: None,
            stall_bps: None,
            stall_us: None,
            slot_recovery_us: None,
            contention_ppm: None,
            coherence_ppm: None,
            server_slots: None,
            abandoned_work: None,
            trigger: None,
            operations: None,
        }
    }
}

/// The effective workload of one driver and profile, with all values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// The profile.
    pub profile: BenchmarkProfile,
    /// The seeds: one run per seed.
    pub seeds: Seeds,
    /// The time before the measurement starts.
    pub warmup_ms: WarmupMs,
    /// The duration of the measurement.
    pub duration_ms: WindowMs,
    /// The arrival rate, in operations per 1000 seconds.
    pub rate_ops_per_ksec: OpsPerKsec,
    /// The arrival process.
    pub arrival: Arrival,
    /// A different arrival rate at the start of each period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst: Option<Burst>,
    /// The share of attempts that fail fast.
    pub error_bps: BasisPoints,
    /// The time to serve an attempt that fails fast.
    pub error_us: DelayUs,
    /// The share of attempts that stall.
    pub stall_bps: BasisPoints,
    /// The extra time to serve an attempt that stalls.
    pub stall_us: DelayUs,
    /// The time for which the slot of a timed-out attempt stays busy.
    pub slot_recovery_us: DelayUs,
    /// The share of the service time that each further attempt at the server adds.
    #[serde(default = "Workload::no_slowdown")]
    pub contention_ppm: PartsPerMillion,
    /// The share of the service time that each ordered pair of attempts at the server adds.
    #[serde(default = "Workload::no_slowdown")]
    pub coherence_ppm: PartsPerMillion,
    /// The number of attempts that the server works on at the same time. `None` means no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_slots: Option<ServerSlots>,
    /// The work of the server on an attempt that timed out, if the workload states it. See
    /// [`Workload::continues_abandoned_work`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abandoned_work: Option<AbandonedWork>,
    /// A disturbance that starts and ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Trigger>,
    /// The kinds of operation, at least one.
    #[serde(rename = "operation")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Operation>", length(min = 1)))]
    pub operations: Operations,
}

impl Workload {
    /// The maximum expected number of arrivals in a run.
    pub const MOST_ARRIVALS: u128 = 100_000_000;
    /// The default time to serve an attempt that fails fast: 1000 µs.
    const ERROR_US: DelayUs = match DelayUs::new(1000) {
        Ok(time) => time,
        Err(_) => DelayUs::LEAST,
    };
}
