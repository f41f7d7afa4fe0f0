//! Sets of capabilities.

use std::fmt;

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{BenchmarkProfile, DriverCapability, Vocabulary};

/// A set of capabilities, always in the order of the vocabulary.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Capabilities(u16);

impl Capabilities {
    /// Returns true if the set has this capability.
    pub const fn contains(self, capability: DriverCapability) -> bool {
        self.0 & Self::bit(capability) != 0
    }

    /// Adds a capability. Returns false if the set already had it.
    pub const fn insert(&mut self, capability: DriverCapability) -> bool {
        let new = !self.contains(capability);
        self.0 |= Self::bit(capability);
        new
    }

    /// Returns the capabilities, in the order of the vocabulary.
    pub fn iter(self) -> impl Iterator<Item = DriverCapability> {
        DriverCapability::ALL.iter().copied().filter(move |capability| self.contains(*capability))
    }

    /// Returns true if a driver with these capabilities claims this profile.
    pub fn claims(self, profile: BenchmarkProfile) -> bool {
        profile.claimed_by().iter().any(|capability| self.contains(*capability))
    }

    /// Returns the profiles that a driver with these capabilities claims.
    pub fn claimed_profiles(self) -> impl Iterator<Item = BenchmarkProfile> {
        BenchmarkProfile::ALL.iter().copied().filter(move |profile| self.claims(*profile))
    }

    /// Returns the capabilities that this set has and the other lacks.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Returns true if the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    const fn bit(capability: DriverCapability) -> u16 {
        1 << capability as u16
    }
}

impl fmt::Debug for Capabilities {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.iter()).finish()
    }
}

impl FromIterator<DriverCapability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = DriverCapability>>(capabilities: I) -> Self {
        let mut set = Self::default();
        for capability in capabilities {
            set.insert(capability);
        }
        set
    }
}

impl Serialize for Capabilities {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Capabilities {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<DriverCapability>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(feature = "schema")]
impl JsonSchema for Capabilities {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "capabilities".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        std::collections::BTreeSet::<DriverCapability>::json_schema(generator)
    }
}
