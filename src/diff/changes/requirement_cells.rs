//! Lists the cells of the fields of a requirement.

use super::{Cell, cells::cell};
use crate::diff::{
    Direction::{Add, Change, Decrease, Increase, Remove},
    Severity::{Compatible, Risky},
};

const TIGHTENED: &str = "the consumer now relies on more";
const RELAXED: &str = "the consumer now relies on less";
const BOUND_ADDED: &str = "the consumer now relies on a bound";
const BOUND_REMOVED: &str = "the consumer no longer relies on a bound";
pub(super) const REQUIREMENT: &[Cell] = &[
    cell(Add, Compatible, "driverc now judges what the consumer relies on"),
    cell(Remove, Risky, "driverc no longer judges what the consumer relies on"),
];
pub(super) const CEILING: &[Cell] = &[
    cell(Increase, Risky, RELAXED),
    cell(Decrease, Compatible, TIGHTENED),
    cell(Add, Compatible, BOUND_ADDED),
    cell(Remove, Risky, BOUND_REMOVED),
];
pub(super) const FLOOR: &[Cell] = &[
    cell(Increase, Compatible, TIGHTENED),
    cell(Decrease, Risky, RELAXED),
    cell(Add, Compatible, BOUND_ADDED),
    cell(Remove, Risky, BOUND_REMOVED),
];
pub(super) const CAPABILITIES: &[Cell] = &[
    cell(Add, Compatible, "the consumer now relies on the capability"),
    cell(Remove, Risky, "the consumer no longer relies on the capability"),
];
pub(super) const TEXT: &[Cell] = &[cell(Change, Compatible, "the bounds stay the same")];
