//! Combines a latency distribution and the options into a workload.

use super::{
    ImportOptions, Imported, MeasuredDriver, Output, Tool, error::ImportRefusal, number::bounded,
    run::Distribution, sample::hash,
};
use crate::model::{
    DeclaredWorkload, Operation, PartsPerMillion, Quantiles, Scope, ServiceTime, Weight,
};

pub(super) fn of(
    tool: Tool,
    outputs: &[Output<'_>],
    subject: &MeasuredDriver,
    distribution: &Distribution,
    given: &ImportOptions,
) -> Result<Imported<DeclaredWorkload>, ImportRefusal> {
    let unused = given.measured_on.is_some() || given.contract.is_some();
    if unused || given.source.is_some() {
        let message = "a workload has no `measured_on`, `contract` or `source`";
        return Err(ImportRefusal::new(message).help("leave out these options"));
    }
    given.finish("a workload from this file")?;
    let Some(rate) = distribution.rate_ops_per_ksec else {
        return Err(ImportRefusal::new("the file does not record the arrival rate")
            .help("give `--duration`, or `--throughput`")
            .file(0));
    };
    let service = ServiceTime::Quantiles(quantiles(distribution)?);
    let scope = Scope::Driver(subject.driver.clone());
    let value = DeclaredWorkload {
        duration_ms: Some(bounded(distribution.duration_ms, "the duration of a workload")?),
        rate_ops_per_ksec: Some(bounded(Some(rate), "the rate of a workload")?),
        arrival: distribution.arrival,
        operations: Some(Operation { weight: Weight::LEAST, service }.into()),
        ..DeclaredWorkload::new(subject.profile, scope)
    };
    let mut notes = vec![format!("Imported from {}, {}.", tool.label(), hash(outputs))];
    notes.extend(distribution.notes.iter().cloned());
    Ok(Imported { value, notes })
}

fn quantiles(distribution: &Distribution) -> Result<Quantiles, ImportRefusal> {
    let points = distribution.points.iter();
    let points = points.map(|(share, us)| Ok((PartsPerMillion::new(*share)?, *us)));
    let points: Result<Vec<_>, crate::model::OutOfRange> = points.collect();
    let points = points.map_err(|error| ImportRefusal::new(error.to_string()).file(0))?;
    Quantiles::new(points).map_err(|error| {
        ImportRefusal::new(format!("the latencies do not form a distribution: {error}")).file(0)
    })
}
