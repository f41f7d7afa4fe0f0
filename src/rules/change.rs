//! What a waiver names to accept a change.
//!
//! Both are raised only where two states of the contracts are compared. No configuration turns
//! them off: a change must not be able to accept itself.

use crate::finding::{Level, Rule, rule};

/// A change that breaks whoever relies on a contract.
pub(crate) static CONTRACT_BROKEN: Rule =
    rule!("contract-broken", Level::Error, "a change breaks whoever relies on a contract");

/// A change that promises or proves less.
pub(crate) static CONTRACT_WEAKENED: Rule =
    rule!("contract-weakened", Level::Warn, "a change makes a contract promise or prove less");
