//! The rules about contract changes.
//!
//! Only `driverc diff` runs these rules. No configuration can turn them off, because otherwise a
//! change to the configuration could accept itself.

use crate::finding::{Level, Rule, rule};

/// Reports a contract change that breaks its consumers.
pub(crate) static CONTRACT_BROKEN: Rule =
    rule!("contract-broken", Level::Error, "a contract change breaks its consumers").fixed();

/// Reports a contract change that weakens what the contract promises or proves.
pub(crate) static CONTRACT_WEAKENED: Rule = rule!(
    "contract-weakened",
    Level::Warn,
    "a contract change weakens what the contract promises or proves"
)
.fixed();
