//! Waivers.

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{ContractField, Date, DriverName, Name, Prose, record::record};

/// A waiver: the team accepts the findings of a rule until a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The rule to waive.
    #[cfg_attr(feature = "schema", schemars(example = &"retry-attempts-high"))]
    pub rule: Name,
    /// The driver to waive the rule for. Default: all drivers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"kafka_async"))]
    pub driver: Option<DriverName>,
    /// The field to waive the rule for, by its path in the declaration. A table, such as
    /// `retry_policy`, covers all its fields. `name` stands for a renamed or removed driver, and
    /// `benchmark`, `server`, `caller`, `call` or `requirement` for a whole declaration. Default: all fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"retry_policy.max_attempts"))]
    pub field: Option<ContractField>,
    /// The reason.
    #[cfg_attr(feature = "schema", schemars(example = &"leader election takes up to 1.5 s"))]
    pub reason: Prose<1>,
    /// The person or team that is responsible.
    #[cfg_attr(feature = "schema", schemars(example = &"streaming-team"))]
    pub owner: Name,
    /// The last day on which the waiver applies, in UTC.
    #[cfg_attr(feature = "schema", schemars(example = &"2027-03-31"))]
    pub expires: Date,
}

record!(Waiver {
    required rule = Rule,
    optional driver = Driver,
    optional field = WaivedField,
    required reason = Reason,
    required owner = Owner,
    required expires = Expires,
});
