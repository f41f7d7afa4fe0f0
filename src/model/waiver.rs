//! An accepted finding.

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{ContractField, Date, DriverName, Name, Prose, record::record};

/// A finding that the team has accepted for a time, with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The name of the rule whose findings are accepted.
    #[cfg_attr(feature = "schema", schemars(example = &"retry-attempts-high"))]
    pub rule: Name,
    /// The driver whose findings are accepted; without it, every driver's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"kafka_async"))]
    pub driver: Option<DriverName>,
    /// The field whose findings are accepted, by its path inside the driver, budget, workload or
    /// benchmark; without it, those of every field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"retry_policy.max_attempts"))]
    pub field: Option<ContractField>,
    /// Why they are accepted.
    #[cfg_attr(feature = "schema", schemars(example = &"leader election takes up to 1.5 s"))]
    pub reason: Prose<1>,
    /// Who answers for that.
    #[cfg_attr(feature = "schema", schemars(example = &"streaming-team"))]
    pub owner: Name,
    /// The last day on which the waiver counts, in UTC.
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
