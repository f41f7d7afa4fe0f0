//! The rules about the real configurations of clients and proxies.
//!
//! Only `driverc emit` and `driverc verify` raise these rules. `check` reads no configuration of a
//! target.

use crate::finding::{Level, Rule, rule};

/// Reports a setting that has no effect.
pub(crate) static DRIFT_DEAD_SETTING: Rule =
    rule!("drift-dead-setting", Level::Error, "a setting has no effect");

/// Reports a setting that a configuration leaves out, with a default that differs from the
/// contract.
pub(crate) static DRIFT_DEFAULT: Rule = rule!(
    "drift-default",
    Level::Warn,
    "a setting is absent and its default differs from the contract"
);

/// Reports a setting that is looser than the contract.
pub(crate) static DRIFT_LOOSER: Rule =
    rule!("drift-looser", Level::Error, "a setting is looser than the contract");

/// Reports a setting with which the program does not start.
pub(crate) static DRIFT_REJECTED: Rule =
    rule!("drift-rejected", Level::Error, "the program refuses to start with a setting");

/// Reports a setting that is stricter than the contract.
pub(crate) static DRIFT_STRICTER: Rule =
    rule!("drift-stricter", Level::Warn, "a setting is stricter than the contract");

/// Reports a setting that the target's table does not contain.
pub(crate) static DRIFT_UNKNOWN_SETTING: Rule =
    rule!("drift-unknown-setting", Level::Info, "a setting is unknown");

/// Reports a contract value with which the target does not start.
pub(crate) static EMIT_IMPOSSIBLE: Rule =
    rule!("emit-impossible", Level::Error, "a target cannot run with a value of the contract");

/// Reports a promise that the target can exceed.
pub(crate) static EMIT_LOOSER: Rule =
    rule!("emit-looser", Level::Warn, "a target can exceed a promise of the contract");

/// Reports a contract value that the target cannot state.
pub(crate) static EMIT_UNSUPPORTED: Rule =
    rule!("emit-unsupported", Level::Info, "a target cannot state a value of the contract");
