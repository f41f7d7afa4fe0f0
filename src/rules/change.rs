//! What a waiver names to accept a change.
//!
//! Both are raised only where two states of the contracts are compared. No configuration turns
//! them off: a change must not be able to accept itself.

use crate::finding::{Level, Rule};

/// A change that breaks whoever relies on a contract.
pub(crate) static CONTRACT_BROKEN: Rule = Rule {
    name: "contract-broken",
    level: Level::Error,
    summary: "a change breaks whoever relies on a contract",
    docs: include_str!("docs/contract_broken.md"),
    parameters: &[],
    on: true,
    fixes: None,
};

/// A change that promises or proves less.
pub(crate) static CONTRACT_WEAKENED: Rule = Rule {
    name: "contract-weakened",
    level: Level::Warn,
    summary: "a change makes a contract promise or prove less",
    docs: include_str!("docs/contract_weakened.md"),
    parameters: &[],
    on: true,
    fixes: None,
};
