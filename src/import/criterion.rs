//! Refuses files of Criterion.rs, which have no 95th percentile of operations.

use rust_decimal::Decimal;
use serde::{Deserialize, de::IgnoredAny};

use super::{
    error::ImportRefusal,
    given::TimeUnit,
    json::{self, JsonNumber},
    number::latency,
    run::ToolRun,
    text::utf8,
};

#[derive(Deserialize)]
struct Probe {
    iters: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: JsonNumber,
}

pub(super) fn run(bytes: &[u8]) -> Result<ToolRun, ImportRefusal> {
    let why = "Criterion times batches of iterations, so its files have neither a 95th percentile \
               of operations nor a load";
    let help = "measure the driver under load with another tool";
    if utf8(bytes)?.starts_with("group,function,value,") {
        return Err(ImportRefusal::new(why).help(help).file(0));
    }
    let probe: Probe = json::read(bytes)?;
    if probe.iters.is_some() {
        return Err(ImportRefusal::new(why).help(help).file(0));
    }
    let estimates: Estimates = json::read(bytes)?;
    let ns = estimates.median.point_estimate.0;
    let ms = latency(ns, TimeUnit::Nanoseconds)?;
    let us = ns.checked_div(Decimal::from(1000)).unwrap_or(ns).normalize();
    let message = format!("the median is {us} µs (`p50_latency_ms = {}`), but {why}", ms.ms());
    Err(ImportRefusal::new(message).help(help).file(0))
}
