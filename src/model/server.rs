//! Servers: the systems to which drivers connect. Contracts and signatures do not contain servers.

use std::{borrow::Borrow, collections::BTreeMap, fmt, ops::Deref};

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::{
    DriverName, IdleMs, InstanceCount, InvalidText, MaxConnections, ReservedConnections,
    record::record,
};

/// The name of a server: `^[a-z][a-z0-9_]{0,62}$`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct ServerName(DriverName);

impl ServerName {
    /// Returns the name, or an error if it does not match the pattern of a [`DriverName`].
    pub fn new(name: impl AsRef<str>) -> Result<Self, InvalidText> {
        DriverName::new(name).map(Self)
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<DriverName> for ServerName {
    fn from(name: DriverName) -> Self {
        Self(name)
    }
}

impl From<ServerName> for DriverName {
    fn from(name: ServerName) -> Self {
        name.0
    }
}

impl Deref for ServerName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for ServerName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServerName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A server to which drivers connect: a database, or a proxy in front of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend(
        "anyOf" = [{ "required": ["max_connections"] }, { "required": ["idle_close_ms"] }],
        "dependencies" = { "reserved_connections": ["max_connections"] }
    ))
)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// The server's name.
    pub name: ServerName,
    /// The maximum number of connections that the server accepts. If the key is not set, driverc
    /// does not count connections.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 100))]
    pub max_connections: Option<MaxConnections>,
    /// The number of connections that the server keeps for others, such as administrators. It must
    /// be below `max_connections`. Default: 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 3))]
    pub reserved_connections: Option<ReservedConnections>,
    /// The time after which the server, or a load balancer on the way, closes an idle connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 350_000))]
    pub idle_close_ms: Option<IdleMs>,
    /// The number of processes that run each driver, by the driver's name.
    pub instances: Instances,
}

record!(Server {
    server_name name = Name,
    optional max_connections = MaxConnections,
    optional reserved_connections = ReservedConnections,
    optional idle_close_ms = IdleCloseMs,
    required instances = Instances,
});

impl Server {
    /// Returns the number of connections that drivers can open: `max_connections` without
    /// `reserved_connections`. Returns `None` if the server does not limit its connections.
    pub fn available_connections(&self) -> Option<u64> {
        let reserved = self.reserved_connections.map_or(0, ReservedConnections::get);
        self.max_connections.map(|all| all.get().saturating_sub(reserved))
    }
}

/// The number of processes that run each driver, for at least one driver, sorted by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "BTreeMap<DriverName, InstanceCount>",
    into = "BTreeMap<DriverName, InstanceCount>"
)]
pub struct Instances(Box<[(DriverName, InstanceCount)]>);

impl Instances {
    /// Creates the instances from pairs of driver and number. Each driver must occur only once, in
    /// any order. Returns `None` if there is no driver.
    pub(crate) fn of_distinct(mut instances: Vec<(DriverName, InstanceCount)>) -> Option<Self> {
        instances.sort_unstable();
        (!instances.is_empty()).then(|| Self(instances.into()))
    }

    /// Creates instances with one process of one driver.
    pub(crate) fn one_of(driver: DriverName) -> Self {
        Self([(driver, InstanceCount::LEAST)].into())
    }

    /// Returns the number of processes that run a driver.
    pub fn of(&self, driver: &str) -> Option<InstanceCount> {
        let found = self.0.binary_search_by(|(name, _)| name.as_str().cmp(driver)).ok()?;
        Some(self.0[found].1)
    }
}

/// The error for [`Instances`] that contain no driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoInstances;

impl fmt::Display for NoInstances {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the server has no driver")
    }
}

impl std::error::Error for NoInstances {}

impl TryFrom<BTreeMap<DriverName, InstanceCount>> for Instances {
    type Error = NoInstances;

    fn try_from(instances: BTreeMap<DriverName, InstanceCount>) -> Result<Self, NoInstances> {
        if instances.is_empty() {
            Err(NoInstances)
        } else {
            Ok(Self(instances.into_iter().collect()))
        }
    }
}

impl From<Instances> for BTreeMap<DriverName, InstanceCount> {
    fn from(instances: Instances) -> Self {
        instances.0.into_iter().collect()
    }
}

impl Deref for Instances {
    type Target = [(DriverName, InstanceCount)];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[cfg(feature = "schema")]
impl JsonSchema for Instances {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "instances".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut count = InstanceCount::json_schema(generator);
        count.insert(
            "description".to_owned(),
            "The number of processes that run the driver.".into(),
        );
        json_schema!({
            "type": "object",
            "additionalProperties": false,
            "minProperties": 1,
            "patternProperties": { DriverName::PATTERN: count },
        })
    }
}
