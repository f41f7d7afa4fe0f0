//! Defines the rules about unknown names and about incomplete or too large declarations. driverc
//! finds these errors only when it joins documents.

use crate::finding::{Level, Rule, rule};

/// A driver that no document declares.
pub(crate) static UNKNOWN_DRIVER: Rule =
    rule!("unknown-driver", Level::Error, "a declaration names a driver that is not declared")
        .fixed();

/// A template that no document declares.
pub(crate) static UNKNOWN_TEMPLATE: Rule =
    rule!("unknown-template", Level::Error, "a driver names a template that is not declared")
        .fixed();

/// An effective budget with a missing limit.
pub(crate) static BUDGET_INCOMPLETE: Rule =
    rule!("budget-incomplete", Level::Error, "an effective budget lacks a limit").fixed();

/// An effective workload with a missing required key.
pub(crate) static WORKLOAD_INCOMPLETE: Rule =
    rule!("workload-incomplete", Level::Error, "an effective workload lacks a required key")
        .fixed();

/// An effective workload with too many arrivals to simulate.
pub(crate) static WORKLOAD_TOO_LARGE: Rule = rule!(
    "workload-too-large",
    Level::Error,
    "a workload has more arrivals than the simulator accepts"
)
.fixed();
