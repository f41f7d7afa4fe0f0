//! Sets of capabilities.

use std::fmt;

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{DriverCapability, Vocabulary, Word};

/// A set of capabilities: the built-in capabilities in canonical order, then the project's
/// capabilities by name.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Capabilities {
    /// A bit for each built-in capability.
    built_in: u16,
    /// The project's capabilities, sorted.
    own: Box<[Word]>,
}

impl Capabilities {
    /// Returns true if the set contains this capability.
    pub fn contains(&self, capability: DriverCapability) -> bool {
        if let DriverCapability::Project(word) = capability {
            return self.own.binary_search(&word).is_ok();
        }
        self.built_in & bit(capability) != 0
    }

    /// Adds a capability. Returns false if the set already contains it.
    pub fn insert(&mut self, capability: DriverCapability) -> bool {
        let is_new = !self.contains(capability);
        self.built_in |= bit(capability);
        if let DriverCapability::Project(word) = capability
            && is_new
        {
            let mut own = std::mem::take(&mut self.own).into_vec();
            own.insert(own.partition_point(|other| *other < word), word);
            self.own = own.into();
        }
        is_new
    }

    /// Returns the capabilities, in order.
    pub fn iter(&self) -> impl Iterator<Item = DriverCapability> {
        let built_in = DriverCapability::ALL.iter().copied().zip(0..);
        let built_in = built_in.filter(|(_, position)| self.built_in & 1 << position != 0);
        let built_in = built_in.map(|(capability, _)| capability);
        built_in.chain(self.own.iter().copied().map(DriverCapability::Project))
    }

    /// Returns the capabilities that are in this set but not in the other set.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let own = self.own.iter().filter(|word| other.own.binary_search(word).is_err());
        Self { built_in: self.built_in & !other.built_in, own: own.copied().collect() }
    }

    /// Returns true if the set is empty.
    pub const fn is_empty(&self) -> bool {
        self.built_in == 0 && self.own.is_empty()
    }
}

/// Returns the bit of a built-in capability, or zero for a capability of the project.
fn bit(capability: DriverCapability) -> u16 {
    let position = DriverCapability::ALL.iter().position(|built_in| *built_in == capability);
    position.map_or(0, |position| 1 << position)
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
