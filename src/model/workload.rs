//! The load that a driver is simulated under.

mod arrivals;
mod attempts;
mod burst;

pub use self::burst::{Burst, InvalidBurst};

use std::{borrow::Cow, collections::BTreeSet, fmt};

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::model::{
    BasisPoints, BenchmarkProfile, DelayUs, Field, Operation, Operations, OpsPerKsec, Scope, Seed,
    Vocabulary, WarmupMs, WindowMs, record::record,
};

/// When the operations of a simulated load arrive.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Arrival {
    /// At random, at any time as likely as at any other: the gaps are exponential.
    #[default]
    Poisson,
    /// At equal gaps.
    Constant,
}

impl Arrival {
    /// The word as it is written in a workload.
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

    fn word(self) -> &'static str {
        self.label()
    }
}

/// Where the chance of each run of a workload starts from, each number once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Seed>", into = "Vec<Seed>")]
pub struct Seeds(Vec<Seed>);

/// Seeds that are none, too many, or not distinct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidSeeds;

impl fmt::Display for InvalidSeeds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "are not {} to {} distinct numbers", Seeds::FEWEST, Seeds::MOST)
    }
}

impl std::error::Error for InvalidSeeds {}

impl Seeds {
    /// The fewest seeds.
    pub const FEWEST: usize = 1;
    /// The most seeds.
    pub const MOST: usize = 100;

    /// The seeds, or [`InvalidSeeds`] where there is none, one too many or one twice.
    pub fn new(seeds: Vec<Seed>) -> Result<Self, InvalidSeeds> {
        let distinct = seeds.iter().collect::<BTreeSet<_>>().len() == seeds.len();
        if distinct && (Self::FEWEST..=Self::MOST).contains(&seeds.len()) {
            Ok(Self(seeds))
        } else {
            Err(InvalidSeeds)
        }
    }

    /// The seeds, in the order in which they are written.
    pub fn iter(&self) -> impl Iterator<Item = Seed> {
        self.0.iter().copied()
    }
}

/// One to five.
impl Default for Seeds {
    fn default() -> Self {
        Self((1..=5).filter_map(|seed| Seed::new(seed).ok()).collect())
    }
}

/// `seeds 1-5, 9`: in rising order, so that the order in which they are written does not matter.
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

/// A workload as it is written: one scope, any of the values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeclaredWorkload {
    /// The kind of load.
    pub profile: BenchmarkProfile,
    /// The drivers that the values are for; a narrower scope wins, value by value.
    pub scope: Scope,
    /// Where the chance of each run starts from, each number once; one to five where no scope
    /// says. Every run counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seeds: Option<Seeds>,
    /// How long the load runs before anything is counted; 0 where no scope says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 5000))]
    pub warmup_ms: Option<WarmupMs>,
    /// How long is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 60_000))]
    pub duration_ms: Option<WindowMs>,
    /// How many operations arrive in 1000 seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 900_000))]
    pub rate_ops_per_ksec: Option<OpsPerKsec>,
    /// When the operations arrive; `poisson` where no scope says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<Arrival>,
    /// A rate that is another one for the first part of each period; none where no scope says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst: Option<Burst>,
    /// The share of attempts that fail fast; 0 where no scope says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 10))]
    pub error_bps: Option<BasisPoints>,
    /// How long such an attempt is served; 1000 where no scope says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 2000))]
    pub error_us: Option<DelayUs>,
    /// The share of attempts that the server holds up; 0 where no scope says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 1))]
    pub stall_bps: Option<BasisPoints>,
    /// How much longer such an attempt is served; 0 where no scope says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 6_000_000))]
    pub stall_us: Option<DelayUs>,
    /// How long the place of an attempt that timed out stays taken; 0 where no scope says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 20_000))]
    pub slot_recovery_us: Option<DelayUs>,
    /// What the load is made of, at least one kind of operation; a narrower scope replaces all.
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
    optional operations = Operation,
});

impl DeclaredWorkload {
    /// The keys without a default, in the order of a table.
    pub(super) const NEEDED: [Field; 3] =
        [Field::DurationMs, Field::RateOpsPerKsec, Field::Operation];

    /// The values that apply where no scope says.
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
            ..Self::new(profile, Scope::All)
        }
    }

    /// A workload of this profile and scope that says nothing yet.
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
            operations: None,
        }
    }
}

/// The load on one driver under one profile: everything is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// The kind of load.
    pub profile: BenchmarkProfile,
    /// Where the chance of each run starts from.
    pub seeds: Seeds,
    /// How long the load runs before anything is counted.
    pub warmup_ms: WarmupMs,
    /// How long is counted.
    pub duration_ms: WindowMs,
    /// How many operations arrive in 1000 seconds.
    pub rate_ops_per_ksec: OpsPerKsec,
    /// When the operations arrive.
    pub arrival: Arrival,
    /// A rate that is another one for the first part of each period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst: Option<Burst>,
    /// The share of attempts that fail fast.
    pub error_bps: BasisPoints,
    /// How long such an attempt is served.
    pub error_us: DelayUs,
    /// The share of attempts that the server holds up.
    pub stall_bps: BasisPoints,
    /// How much longer such an attempt is served.
    pub stall_us: DelayUs,
    /// How long the place of an attempt that timed out stays taken.
    pub slot_recovery_us: DelayUs,
    /// What the load is made of, at least one kind of operation.
    #[serde(rename = "operation")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Operation>", length(min = 1)))]
    pub operations: Operations,
}

impl Workload {
    /// The most arrivals that a run may be expected to have.
    pub const MOST_ARRIVALS: u128 = 100_000_000;
    /// How long an attempt that fails fast is served where no scope says: 1000 µs.
    const ERROR_US: DelayUs = match DelayUs::new(1000) {
        Ok(time) => time,
        Err(_) => DelayUs::LEAST,
    };
}
