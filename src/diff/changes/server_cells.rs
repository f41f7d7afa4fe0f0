//! Lists the cells (severity and meaning of a change) of each field of a server.

use super::{
    Cell,
    When::WithoutServer,
    cells::{cell, when},
};
use crate::diff::{
    Direction::{Add, Decrease, Increase, Remove},
    Severity::{Compatible, Risky},
};

pub(super) const SERVER: &[Cell] = &[
    cell(Add, Compatible, "the server's limits are now known"),
    cell(Remove, Risky, "the server's limits are no longer known"),
];
pub(super) const MAX_CONNECTIONS: &[Cell] = &[
    cell(Increase, Compatible, "the server accepts more connections"),
    cell(Decrease, Risky, "the server accepts fewer connections"),
    cell(Add, Compatible, "the server's connection limit is now known"),
    cell(Remove, Risky, "the server's connection limit is no longer known"),
];
pub(super) const RESERVED_CONNECTIONS: &[Cell] = &[
    cell(Increase, Risky, LEFT_FEWER),
    cell(Decrease, Compatible, LEFT_MORE),
    cell(Add, Risky, LEFT_FEWER),
    cell(Remove, Compatible, LEFT_MORE),
];
const LEFT_FEWER: &str = "the server leaves fewer connections to drivers";
const LEFT_MORE: &str = "the server leaves more connections to drivers";
pub(super) const IDLE_CLOSE_MS: &[Cell] = &[
    cell(Increase, Compatible, "the server keeps idle connections open longer"),
    cell(Decrease, Risky, "the server can close an idle connection before the driver does"),
    cell(Add, Compatible, "the server's idle timeout is now known"),
    cell(Remove, Risky, "the server's idle timeout is no longer known"),
];
pub(super) const INSTANCES: &[Cell] = &[
    cell(Increase, Risky, "more processes open connections to the server"),
    cell(Decrease, Compatible, "fewer processes open connections to the server"),
    cell(Add, Risky, "the driver's processes open connections to the server"),
    when(WithoutServer, Remove, Risky, "driverc no longer judges the driver's connections"),
    cell(Remove, Compatible, "the driver's processes open no connections to the server"),
];
