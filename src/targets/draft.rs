//! Converts the effective values of settings to contract fields.

use std::collections::BTreeMap;

use super::{
    algebra, conversion::Conversion, options::TargetOptions, table::Behaviour,
    values::SettingValues,
};
use crate::model::{Field, RetryPolicy};

/// Numbers for contract fields, whether or not a contract can contain them.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    fields: BTreeMap<Field, u64>,
    multiplier: u64,
}

impl Draft {
    /// Reads the fields from the effective values. If several settings state a field, the loosest
    /// applies. `is_known` tells whether a setting has a known value.
    pub(super) fn of(
        options: TargetOptions,
        values: &SettingValues<'_>,
        is_known: impl Fn(&str) -> bool,
    ) -> Self {
        let mut draft = Self { multiplier: RetryPolicy::DEFAULT_MULTIPLIER, ..Self::default() };
        for setting in options.settings().filter(|setting| setting.is_adopted) {
            let value = setting.looseness(values.get(setting.name));
            let is_stated = is_known(setting.name) && values.is_there(setting);
            let Some(field) = setting.field.filter(|_| is_stated) else { continue };
            if let Some(number) = setting.conversion.read(value, values) {
                let held = draft.fields.entry(field).or_insert(number);
                *held = number.max(*held);
                if setting.conversion == Conversion::Growth {
                    draft.multiplier = number;
                }
            }
        }
        for gap in options.gaps() {
            if let Behaviour::Multiplier(percent) = gap.behaviour {
                draft.multiplier = percent;
            }
            if let Behaviour::TimesFirst(times) = gap.behaviour
                && let Some(base) = draft.get(Field::BaseBackoffMs)
            {
                draft.fields.insert(gap.field, base.saturating_mul(times));
            }
        }
        draft
    }

    pub(super) fn get(&self, field: Field) -> Option<u64> {
        self.fields.get(&field).copied()
    }

    /// Returns the growth of backoffs, in percent.
    pub(super) const fn multiplier(&self) -> u64 {
        self.multiplier
    }

    /// Returns the jitter of random backoffs between the first and their longest, in percent of the
    /// longest, rounded up.
    pub(super) fn decorrelated_jitter(&self) -> Option<u64> {
        let attempts = self.get(Field::MaxAttempts)?;
        let base = self.get(Field::BaseBackoffMs)?;
        let max = self.get(Field::MaxBackoffMs)?;
        let before = algebra::total_backoff(attempts.checked_sub(1)?, base, max, self.multiplier)?;
        let last = algebra::total_backoff(attempts, base, max, self.multiplier)? - before;
        let spread = last.saturating_sub(base).saturating_mul(100);
        Some(if last == 0 { 0 } else { spread.div_ceil(last) })
    }

    /// Returns the longest total of all backoffs, if it is known. Without a maximum, backoffs have
    /// no upper bound.
    pub(super) fn total_backoff(&self) -> Option<u64> {
        let attempts = self.get(Field::MaxAttempts)?;
        let base = self.get(Field::BaseBackoffMs)?;
        let max = self.get(Field::MaxBackoffMs).unwrap_or(u64::MAX);
        algebra::total_backoff(attempts, base, max, self.multiplier)
    }

    /// Returns the longest time of an operation, without a deadline.
    pub(super) fn worst_case(&self) -> Option<u64> {
        let attempts = self.get(Field::MaxAttempts)?;
        let request = self.get(Field::RequestMs)?;
        attempts.checked_mul(request)?.checked_add(self.total_backoff()?)
    }
}
