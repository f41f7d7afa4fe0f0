//! Writes compiled contracts as JSON, with signatures and digests.
//!
//! The schema is frozen: it changes only together with `schema_version`.

use std::io;

use serde::Serialize;
use serde_json::Value;

use super::{json_text, record::Object};
use crate::{
    model::{
        BenchmarkProfile, Capabilities, DeclaredBudget, DriverContract, DriverName, LatencyLimit,
        LatencyUnit,
    },
    signature::{
        budget_signature, capability_matrix_signature, document_digest, driver_signature,
        parse_budget_signature, parse_driver_signature, sealed_signature_document,
        signature_digest,
    },
};

const SCHEMA_VERSION: u32 = 1;

/// Returns true if [`json`] can produce this text from some contracts and budgets.
pub fn is_compiled(text: &str) -> bool {
    let signatures = |value: &Value, key: &str| -> Option<Vec<String>> {
        let items = value.get(key)?.as_array()?.iter();
        items.map(|item| Some(item.get("signature")?.as_str()?.to_owned())).collect()
    };
    let written = || {
        let value: Value = serde_json::from_str(text).ok()?;
        let drivers = signatures(&value, "drivers")?.into_iter();
        let drivers: Result<Vec<_>, _> =
            drivers.map(|line| parse_driver_signature(&line)).collect();
        let budgets = signatures(&value, "budgets")?.into_iter();
        let budgets: Result<Vec<_>, _> =
            budgets.map(|line| parse_budget_signature(&line)).collect();
        let (drivers, budgets) = (drivers.ok()?, budgets.ok()?);
        json(&drivers.iter().collect::<Vec<_>>(), &budgets.iter().collect::<Vec<_>>()).ok()
    };
    written().is_some_and(|written| written.lines().eq(text.lines()))
}

#[derive(Serialize)]
struct Compiled<'a> {
    schema_version: u32,
    drivers: Vec<Driver<'a>>,
    budgets: Vec<Budget<'a>>,
    capability_matrix: Matrix<'a>,
    digest: String,
}

#[derive(Serialize)]
struct Driver<'a> {
    contract: Object<'a, DriverContract>,
    signature: String,
    digest: String,
}

#[derive(Serialize)]
struct Budget<'a> {
    profile: BenchmarkProfile,
    scope: String,
    limits: Limits,
    signature: String,
    digest: String,
    #[serde(skip)]
    declared: &'a DeclaredBudget,
}

#[derive(Serialize)]
struct Limits {
    max_p95_latency_ms: Option<u64>,
    /// The limit in microseconds, if it is not a whole number of milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_p95_latency_us: Option<u64>,
    max_timeout_rate_bps: Option<u64>,
    max_retry_rate_bps: Option<u64>,
    min_throughput_ops_per_sec: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_p99_latency_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_p99_latency_us: Option<u64>,
}

#[derive(Serialize)]
struct Matrix<'a> {
    drivers: Vec<Row<'a>>,
    signature: String,
    digest: String,
}

#[derive(Serialize)]
struct Row<'a> {
    driver: &'a DriverName,
    capabilities: &'a Capabilities,
}

/// Returns the contracts, sorted by name, and the budgets, sorted by profile and scope, with a
/// final newline.
///
/// The overall digest is the digest in the last line of the sealed signature document.
pub fn json(drivers: &[&DriverContract], budgets: &[&DeclaredBudget]) -> io::Result<String> {
    let document = sealed_signature_document(drivers.iter().copied(), budgets.iter().copied());
    let mut drivers: Vec<_> = drivers.iter().map(|contract| driver(contract)).collect();
    drivers.sort_by_key(|driver| &driver.contract.0.name);
    let mut budgets: Vec<_> = budgets.iter().map(|declared| budget(declared)).collect();
    budgets.sort_by_key(|budget| (budget.profile, &budget.declared.scope));
    let compiled = Compiled {
        schema_version: SCHEMA_VERSION,
        capability_matrix: matrix(&drivers),
        drivers,
        budgets,
        digest: document_digest(&document),
    };
    Ok(json_text::pretty(&compiled)? + "\n")
}

fn driver(contract: &DriverContract) -> Driver<'_> {
    let signature = driver_signature(contract);
    let digest = signature_digest(&signature).to_string();
    Driver { contract: Object(contract), signature, digest }
}

fn budget(declared: &DeclaredBudget) -> Budget<'_> {
    let signature = budget_signature(declared);
    Budget {
        profile: declared.profile,
        scope: declared.scope.to_string(),
        limits: Limits {
            max_p95_latency_ms: declared.max_p95_latency.map(LatencyLimit::ms),
            max_p95_latency_us: declared.max_p95_latency.and_then(part_of_ms),
            max_timeout_rate_bps: declared.max_timeout_rate_bps.map(u64::from),
            max_retry_rate_bps: declared.max_retry_rate_bps.map(u64::from),
            min_throughput_ops_per_sec: declared.min_throughput_ops_per_sec.map(u64::from),
            max_p99_latency_ms: declared.max_p99_latency.map(LatencyLimit::ms),
            max_p99_latency_us: declared.max_p99_latency.and_then(part_of_ms),
        },
        digest: signature_digest(&signature).to_string(),
        signature,
        declared,
    }
}

/// Returns the limit in microseconds, if it is not a whole number of milliseconds.
fn part_of_ms(limit: LatencyLimit) -> Option<u64> {
    (limit.canonical().unit() == LatencyUnit::Microseconds).then_some(limit.us())
}

fn matrix<'a>(drivers: &[Driver<'a>]) -> Matrix<'a> {
    let signature = capability_matrix_signature(drivers.iter().map(|driver| driver.contract.0));
    let row = |driver: &Driver<'a>| Row {
        driver: &driver.contract.0.name,
        capabilities: &driver.contract.0.capabilities,
    };
    Matrix {
        drivers: drivers.iter().map(row).collect(),
        digest: signature_digest(&signature).to_string(),
        signature,
    }
}
