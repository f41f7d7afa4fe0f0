//! Reads the burst of a workload, and checks it against the rate.

use crate::{
    document::Table,
    model::{Burst, DeclaredWorkload, Field, InvalidBurst, OpsPerKsec},
    toml::rules::OUT_OF_RANGE,
};

/// Reads the burst of a scope. Returns `Some(None)` if the key is absent and `None` if the value is
/// invalid.
#[expect(clippy::option_option, reason = "absent and wrong are two different things")]
pub(in crate::document) fn read_burst(scope: &mut Table<'_, '_, '_>) -> Option<Option<Burst>> {
    if scope.entry(Field::Burst).is_none() {
        return Some(None);
    }
    let mut table = scope.table(Field::Burst, Field::BURST)?;
    let period_ms = table.required(Field::BurstPeriodMs);
    let on_ms = table.required(Field::BurstOnMs);
    let percent = table.required(Field::BurstPercent);
    table.report_missing();
    let report = |invalid: &InvalidBurst| report_long_burst(&mut table, *invalid);
    Burst::new(period_ms?, on_ms?, percent?).inspect_err(report).ok().map(Some)
}

#[cold]
fn report_long_burst(table: &mut Table<'_, '_, '_>, invalid: InvalidBurst) {
    let InvalidBurst { on_ms, period_ms } = invalid;
    let message = format!("`on_ms` is {on_ms}, longer than `period_ms`");
    let finding = OUT_OF_RANGE
        .finding(table.place(Field::BurstOnMs), message)
        .also(table.place(Field::BurstPeriodMs), format!("the period is {period_ms}"))
        .help(format!("write at most {}", period_ms.get()));
    table.findings.push(finding);
}

/// Returns the message and help for a burst whose rate rounds down to 0 operations.
pub(crate) fn vanishing(burst: Burst, rate: OpsPerKsec) -> Option<(String, String)> {
    let least = burst.vanishes_below(rate)?;
    let (percent, rate) = (burst.percent().get(), rate.get());
    let message = format!("{percent}% of {rate} operations per 1000 s rounds down to 0");
    Some((message, format!("write at least {least}")))
}

/// Reports a burst whose rate rounds down to 0 operations, because such a burst would have no
/// arrivals.
pub(super) fn check_burst_rate(table: &mut Table<'_, '_, '_>, workload: &DeclaredWorkload) {
    let Some((burst, rate)) = workload.burst.zip(workload.rate_ops_per_ksec) else { return };
    let Some((message, help)) = vanishing(burst, rate) else { return };
    let percent = table.entry(Field::Burst).and_then(|id| table.tree.child(id, "percent"));
    let place = percent.map_or_else(|| table.place(Field::Burst), |id| table.tree.node(id).span);
    let finding = OUT_OF_RANGE
        .finding(place, message)
        .also(table.place(Field::RateOpsPerKsec), "the rate without a burst")
        .help(help);
    table.findings.push(finding);
}
