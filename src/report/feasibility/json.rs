//! Writes the feasibility table as JSON.
//!
//! The types mirror the documented schema. Change them only together with [`SCHEMA_VERSION`].

use std::io;

use serde::Serialize;

use super::FeasibilityRow;
use crate::{
    feasibility::Conflict,
    model::{BenchmarkProfile, DriverName},
    report::json_text::pretty,
};

const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    schema_version: u32,
    results: Vec<DriverResult<'a>>,
}

#[derive(Serialize)]
struct DriverResult<'a> {
    driver: &'a DriverName,
    profile: BenchmarkProfile,
    verdict: &'static str,
    required_ops_per_sec: u64,
    certain_ops_per_sec: u64,
    slots: u64,
    slot_hold_us: u128,
    conflicts: Vec<LimitConflict>,
}

#[derive(Serialize)]
struct LimitConflict {
    limit: &'static str,
    message: String,
}

/// Returns the rows as JSON, with a final newline.
pub fn json(rows: &[FeasibilityRow<'_>]) -> io::Result<String> {
    let results = rows.iter().map(result).collect();
    Ok(pretty(&Report { schema_version: SCHEMA_VERSION, results })? + "\n")
}

fn result<'a>(row: &FeasibilityRow<'a>) -> DriverResult<'a> {
    let feasibility = &row.feasibility;
    DriverResult {
        driver: row.driver,
        profile: row.profile,
        verdict: feasibility.outlook().label(),
        required_ops_per_sec: feasibility.required.get(),
        certain_ops_per_sec: feasibility.certain.ops_per_sec,
        slots: feasibility.certain.slots.get(),
        slot_hold_us: feasibility.certain.hold_us,
        conflicts: feasibility.conflicts.iter().map(conflict).collect(),
    }
}

fn conflict(conflict: &Conflict) -> LimitConflict {
    LimitConflict { limit: conflict.limit().field().key(), message: conflict.to_string() }
}
