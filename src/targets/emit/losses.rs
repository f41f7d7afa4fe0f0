//! Reports what a target states less exactly than a contract.

use super::{Line, Stated};
use crate::{
    finding::{DeclarationId, Finding, Rule},
    model::{DriverContract, Field, RetryPolicy},
    rules::target::{EMIT_IMPOSSIBLE, EMIT_LOOSER, EMIT_UNSUPPORTED},
    targets::{
        conversion::number,
        notation::Notation,
        options::TargetOptions,
        table::{Behaviour, Fidelity, Gap, Looseness, ValueRange},
    },
};

/// Returns the findings, at most one per rule and field.
pub(in crate::targets) fn findings(
    contract: &DriverContract,
    options: TargetOptions,
    stated: &Stated<'_>,
) -> Vec<Finding> {
    let losses = Losses { contract, options, stated };
    let mut findings: Vec<Finding> = Vec::new();
    let lines = stated.lines.iter().flat_map(|line| losses.of_line(line));
    let all =
        losses.refusals().chain(lines).chain(options.gaps().filter_map(|gap| losses.of_gap(gap)));
    for finding in all {
        let is_same = |other: &Finding| other.rule == finding.rule && other.place == finding.place;
        if !findings.iter().any(is_same) {
            findings.push(finding);
        }
    }
    findings
}

struct Losses<'a> {
    contract: &'a DriverContract,
    options: TargetOptions,
    stated: &'a Stated<'a>,
}

impl Losses<'_> {
    fn finding(&self, rule: &'static Rule, field: Field, message: String) -> Finding {
        rule.finding(DeclarationId::Driver(self.contract.name.clone()).at(field), message)
    }

    fn refusals(&self) -> impl Iterator<Item = Finding> {
        let refused = |refusal: &&crate::targets::table::RefusedSettings| {
            (refusal.is_refused)(&self.stated.values)
        };
        self.options.dialect.refusals.iter().filter(refused).map(|refusal| {
            let message = format!(
                "{} {}: {}",
                self.options.program(),
                self.options.dialect.failure,
                refusal.message
            );
            self.finding(&EMIT_IMPOSSIBLE, refusal.field, message)
        })
    }

    fn of_line(&self, line: &Line) -> Vec<Finding> {
        let Some(field) = line.setting.field else { return Vec::new() };
        if line.setting.is_optional() && !line.is_written {
            return Vec::new();
        }
        if let Some(impossible) = self.above_range(field, line) {
            return vec![impossible];
        }
        if is_of_backoff(field) && self.has_no_retry() {
            return Vec::new();
        }
        let looseness = match line.setting.fidelity {
            Fidelity::Looser(looseness) => self.looseness(field, line, looseness),
            Fidelity::Exact | Fidelity::Stricter => None,
        };
        if line.setting.fidelity == Fidelity::Looser(Looseness::WaitAdds) {
            return looseness.into_iter().collect();
        }
        self.rounding(field, line).into_iter().chain(looseness).collect()
    }

    fn above_range(&self, field: Field, line: &Line) -> Option<Finding> {
        let (_, max) = line.setting.range()?;
        if line.wanted <= max {
            return None;
        }
        // Times in the message have their own unit.
        let is_integer = matches!(line.setting.values, ValueRange::Integer { .. });
        let unit = if is_integer { line.setting.unit() } else { "" };
        let max = line.setting.spelled(max);
        let (name, program) = (line.setting.name, self.options.program());
        let key = field.key();
        let value = number(self.contract, field).map(|value| format!(" ({value})"));
        let value = value.unwrap_or_default();
        let wanted = line.setting.spelled(line.wanted);
        let message = format!(
            "`{key}`{value} needs `{name}` = {wanted}, above {max}{unit}, its maximum in {program}"
        );
        Some(self.finding(&EMIT_IMPOSSIBLE, field, message))
    }

    /// Reports a value that differs from the contract because it was rounded, or because it is
    /// below the range of the setting.
    fn rounding(&self, field: Field, line: &Line) -> Option<Finding> {
        let (field, contract) = line.setting.conversion.promised(Some(field), self.contract)?;
        let read = line.setting.conversion.read(line.value, &self.stated.values)?;
        let (key, name) = (field.key(), line.setting.name);
        line.setting.range()?;
        let unit = line.setting.unit();
        if read > contract {
            let (value, by) = (line.setting.spelled(line.value), read - contract);
            let is_rounded = line.value != line.wanted.max(line.setting.least_written)
                && line.setting.notation == Notation::WholeSeconds;
            let reason = if is_rounded {
                "counts whole seconds".to_owned()
            } else {
                format!("must be at least {value}")
            };
            let message = format!(
                "`{name}` {reason}, so {} exceeds `{key}` ({contract}) by {by}{unit}",
                self.options.program()
            );
            return Some(self.finding(&EMIT_LOOSER, field, message));
        }
        let message = format!("`{name}` can state {read}{unit}, but not `{key}` ({contract})");
        (read < contract).then(|| self.finding(&EMIT_UNSUPPORTED, field, message))
    }

    fn looseness(&self, field: Field, line: &Line, looseness: Looseness) -> Option<Finding> {
        let (key, name) = (field.key(), line.setting.name);
        let contract = number(self.contract, field)?;
        let values = &self.stated.values;
        let message = match looseness {
            Looseness::EndsAfterAttempt => {
                let policy = &self.contract.retry_policy;
                let attempt = self.contract.timeout_policy.request_ms.get();
                let late = attempt.saturating_add(policy.max_backoff_ms.get());
                let all = policy.worst_case_ms(self.contract.timeout_policy.request_ms);
                let by = late.min(all.checked_sub(contract).filter(|by| *by > 0)?);
                format!(
                    "`{name}` only prevents further attempts, so an operation can exceed `{key}` \
                     ({contract}) by up to {by} ms: a backoff and an attempt"
                )
            }
            Looseness::WaitNotIncluded(total) => {
                let total = self.options.setting(total)?;
                let limit = total.conversion.read(values.limit(total.name), values)?;
                let by = limit.checked_sub(contract).filter(|by| *by > 0)?;
                format!(
                    "`{name}` does not include the wait in the queue, so an attempt can exceed \
                     `{key}` ({contract}) by up to {by} ms"
                )
            }
            Looseness::WaitAdds => {
                let read = line.setting.conversion.read(line.value, values)?;
                let by = read.checked_sub(contract).filter(|by| *by > 0)?;
                let message = format!(
                    "{} limits the wait and the run of a request separately, so an attempt can \
                     exceed `{key}` ({contract}) by up to {by} ms",
                    self.options.program()
                );
                let finding = self.finding(&EMIT_LOOSER, field, message);
                return Some(finding.help("set `queue_ms` below `request_ms`".to_owned()));
            }
            Looseness::Periodic(by) => {
                format!(
                    "{} applies `{name}` only every {by} ms, so it can exceed `{key}` ({contract}) by \
                     up to {by} ms",
                    self.options.program()
                )
            }
            Looseness::CountsItems(item) => {
                let most = line.value.saturating_sub(self.contract.max_in_flight.get());
                format!(
                    "`{name}` counts {item}s, so {most} requests of one {item} can wait, and `{key}` \
                     ({contract}) allows fewer"
                )
            }
        };
        Some(self.finding(&EMIT_LOOSER, field, message))
    }

    fn of_gap(&self, gap: &Gap) -> Option<Finding> {
        if is_of_backoff(gap.field) && self.has_no_retry() {
            return None;
        }
        match gap.behaviour {
            Behaviour::OneAttempt if self.has_no_retry() => None,
            Behaviour::Nothing | Behaviour::OneAttempt => self.unsupported(gap),
            Behaviour::Multiplier(percent) => self.multiplier(gap, percent),
            Behaviour::Jitter(percent) => self.jitter(gap, percent),
            Behaviour::DecorrelatedJitter => self.decorrelated(gap),
            Behaviour::OnlyTotal(total) => self.only_total(gap, total),
            Behaviour::OnlyTotalOfOneAttempt(total) => {
                self.has_no_retry().then(|| self.only_total(gap, total))?
            }
            Behaviour::TimesFirst(times) => self.longest_backoff(gap, times),
        }
    }

    /// Reports an attempt that can take all the time of its operation.
    fn only_total(&self, gap: &Gap, total: &str) -> Option<Finding> {
        let contract = number(self.contract, gap.field)?;
        let setting = self.options.setting(total)?;
        let limit = setting.conversion.read(self.stated.values.get(total), &self.stated.values)?;
        let key = gap.field.key();
        if limit < contract && self.has_no_retry() {
            let message = format!("`{total}` can state {limit} ms, but not `{key}` ({contract})");
            return Some(self.finding(&EMIT_UNSUPPORTED, gap.field, message));
        }
        let by = limit.checked_sub(contract).filter(|by| *by > 0)?;
        let message = format!(
            "`{total}` limits all attempts together, so an attempt can exceed `{key}` ({contract}) \
             by up to {by} ms"
        );
        Some(self.finding(&EMIT_LOOSER, gap.field, message))
    }

    /// Compares the jitter with random backoffs between the first and their longest.
    fn decorrelated(&self, gap: &Gap) -> Option<Finding> {
        let draft = crate::targets::draft::Draft::of(self.options, &self.stated.values, |_| true);
        let percent = draft.decorrelated_jitter()?;
        let own = self.contract.retry_policy.jitter_percent.get();
        let (key, program) = (gap.field.key(), self.options.program());
        if own >= percent {
            return None;
        }
        let (shortest, real) = (100 - own, 100 - percent);
        let message = format!(
            "{program} can repeat the first backoff, so a backoff can be {real}% of its longest, \
             and `{key}` ({own}) allows at least {shortest}%"
        );
        Some(self.finding(&EMIT_LOOSER, gap.field, message))
    }

    fn unsupported(&self, gap: &Gap) -> Option<Finding> {
        let value = number(self.contract, gap.field)?;
        let (key, program) = (gap.field.key(), self.options.program());
        let message = format!("{program} has no setting for `{key}` ({value}): {}", gap.meaning);
        Some(self.finding(&EMIT_UNSUPPORTED, gap.field, message))
    }

    /// Compares all backoffs of an operation, if only their growth differs.
    fn multiplier(&self, gap: &Gap, percent: u64) -> Option<Finding> {
        let policy = &self.contract.retry_policy;
        let own = policy.multiplier_percent.map_or(RetryPolicy::DEFAULT_MULTIPLIER, Into::into);
        let backoffs = |multiplier| {
            let (base, max) = (policy.base_backoff_ms.get(), policy.max_backoff_ms.get());
            crate::targets::algebra::total_backoff(policy.max_attempts.get(), base, max, multiplier)
        };
        let (allowed, needed) = (backoffs(own)?, backoffs(percent)?);
        let (key, program) = (gap.field.key(), self.options.program());
        if needed > allowed {
            let by = needed - allowed;
            let message = format!(
                "{program} always grows backoffs by {percent}%, so all backoffs of an operation \
                 exceed those of `{key}` ({own}) by up to {by} ms"
            );
            return Some(self.finding(&EMIT_LOOSER, gap.field, message));
        }
        let message =
            format!("{program} always grows backoffs by {percent}%, and `{key}` is {own}");
        (needed < allowed).then(|| self.finding(&EMIT_UNSUPPORTED, gap.field, message))
    }

    /// Compares all backoffs of an operation, if only their maximum differs.
    fn longest_backoff(&self, gap: &Gap, times: u64) -> Option<Finding> {
        let policy = &self.contract.retry_policy;
        let max = policy.max_backoff_ms.get();
        let base = policy.base_backoff_ms.get().min(max);
        let growth = policy.multiplier_percent.map_or(RetryPolicy::DEFAULT_MULTIPLIER, Into::into);
        let total = |max| {
            crate::targets::algebra::total_backoff(policy.max_attempts.get(), base, max, growth)
        };
        let (allowed, needed) = (total(max)?, total(base.saturating_mul(times))?);
        let (key, program) = (gap.field.key(), self.options.program());
        let real = base.saturating_mul(times);
        if needed > allowed {
            let message = format!(
                "the longest backoff of {program} is always {times} times the first, {real} ms, \
                 longer than `{key}` ({max})"
            );
            return Some(self.finding(&EMIT_LOOSER, gap.field, message));
        }
        let message = format!(
            "the longest backoff of {program} is always {times} times the first, {real} ms, and \
             `{key}` is {max}"
        );
        (needed < allowed).then(|| self.finding(&EMIT_UNSUPPORTED, gap.field, message))
    }

    fn jitter(&self, gap: &Gap, percent: u64) -> Option<Finding> {
        let own = self.contract.retry_policy.jitter_percent.get();
        let (key, program) = (gap.field.key(), self.options.program());
        // A third, rounded down or up.
        if (percent.saturating_sub(1)..=percent).contains(&own) {
            return None;
        }
        if own > percent {
            let message =
                format!("{program} always has a jitter of {percent}%, and `{key}` is {own}");
            return Some(self.finding(&EMIT_UNSUPPORTED, gap.field, message));
        }
        let (shortest, real) = (100 - own, 100 - percent);
        let message = format!(
            "{program} always has a jitter of {percent}%, so a backoff can be {real}% of its \
             longest, and `{key}` ({own}) allows at least {shortest}%"
        );
        let finding = self.finding(&EMIT_LOOSER, gap.field, message);
        Some(finding.help(format!("write `jitter_percent = {percent}`")))
    }

    fn has_no_retry(&self) -> bool {
        self.contract.retry_policy.max_attempts.get() == 1
    }
}

fn is_of_backoff(field: Field) -> bool {
    matches!(
        field,
        Field::BaseBackoffMs
            | Field::MaxBackoffMs
            | Field::JitterPercent
            | Field::MultiplierPercent
            | Field::RetryBudgetPercent
            | Field::RetryBudgetMin
    )
}
