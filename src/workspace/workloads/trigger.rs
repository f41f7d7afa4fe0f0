//! Checks the trigger of an effective workload against its rate and its measurement.

use super::{DeclarationId, Fault, Field, Merged, OUT_OF_RANGE};
use crate::model::{OpsPerKsec, ScopedValue, Trigger, Workload};

impl<'w> Merged<'w> {
    /// Checks that the arrival rate during the trigger is in the range of rates.
    pub(super) fn impossible_trigger_rate(&self) -> Fault<'w> {
        let ScopedValue { value: trigger, set_by } = self.effective.setting(|load| load.trigger)?;
        let workload = self.effective.complete()?;
        let (without, rate) = impossible_rate(&workload, trigger)?;
        let origin = self.effective.origin(Field::RateOpsPerKsec)?;
        let percent = trigger.rate_percent();
        let result = match rate {
            0 => "rounds down to 0".to_owned(),
            rate => format!("is {rate}, above {}", OpsPerKsec::MAX),
        };
        let message = format!("{percent}% of {without} operations per 1000 s {result}");
        let finding = OUT_OF_RANGE
            .finding(DeclarationId::workload(set_by).at(Field::RatePercent), message)
            .also(
                DeclarationId::workload(origin).at(Field::RateOpsPerKsec),
                "the rate without burst and trigger",
            )
            .help(possible_percent(without, rate));
        Some((vec![&set_by.scope, &origin.scope], finding))
    }

    /// Checks that the trigger ends before the last quarter of the measurement, from which the
    /// verdict about recovery comes.
    pub(super) fn late_trigger(&self) -> Fault<'w> {
        let ScopedValue { value: trigger, set_by } = self.effective.setting(|load| load.trigger)?;
        let workload = self.effective.complete()?;
        let latest = trigger.ends_after(workload.warmup_ms, workload.duration_ms)?;
        let origin = self.effective.origin(Field::DurationMs)?;
        let message = format!(
            "the trigger ends at {} ms, but must end by {latest} ms, before the last quarter of \
             the measurement",
            trigger.end_ms()
        );
        let finding = OUT_OF_RANGE
            .finding(DeclarationId::workload(set_by).at(Field::TriggerDurationMs), message)
            .also(
                DeclarationId::workload(origin).at(Field::DurationMs),
                "the duration of the measurement",
            )
            .help(earlier(trigger, latest));
        Some((vec![&set_by.scope, &origin.scope], finding))
    }
}

/// Returns the rate without the trigger and the rate during the trigger, if the latter is outside
/// the range of rates.
fn impossible_rate(workload: &Workload, trigger: Trigger) -> Option<(u128, u128)> {
    let rates = [false, true].map(|in_burst| workload.rate(in_burst, false));
    // A burst without arrivals has its own finding.
    let mut rates = rates.into_iter().filter(|rate| *rate > 0);
    rates.find_map(|without| Some((without, trigger.impossible_rate(without)?)))
}

fn possible_percent(without: u128, rate: u128) -> String {
    if rate == 0 {
        return format!("write at least {}", 100_u128.div_ceil(without.max(1)));
    }
    let most = (100 * (u128::from(OpsPerKsec::MAX) + 1) - 1) / without.max(1);
    format!("write at most {most}")
}

fn earlier(trigger: Trigger, latest_ms: u64) -> String {
    let other = "raise the workload's `duration_ms`";
    match latest_ms.saturating_sub(trigger.start_ms.get()) {
        0 if latest_ms == 0 => other.to_owned(),
        0 => format!("set `start_ms` below {latest_ms}, or {other}"),
        longest => format!("write at most {longest}, or {other}"),
    }
}
