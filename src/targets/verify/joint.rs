//! Differences of a single setting with which several settings together keep a promise.

use std::cmp::Ordering;

use crate::{
    model::DriverContract,
    targets::{
        conversion::Conversion,
        emit::Line,
        options::TargetOptions,
        table::{Fidelity, Looseness},
        values::SettingValues,
    },
};

/// The effective values of a configuration, and the contract that they are compared with.
pub(super) struct Context<'a> {
    pub(super) contract: &'a DriverContract,
    pub(super) options: TargetOptions,
    pub(super) values: &'a SettingValues<'a>,
}

impl Context<'_> {
    /// Returns true if a setting that is looser or stricter than expected is neither together with
    /// other settings.
    pub(super) fn keeps_promise(&self, line: &Line, is_looser: bool) -> bool {
        let fidelity = Fidelity::Looser(Looseness::EndsAfterAttempt);
        if line.setting.fidelity == fidelity {
            return self.is_deadline_kept(line, is_looser);
        }
        self.is_pool_kept(line, is_looser)
    }

    /// A time after which no attempt starts: the last attempt can follow it. Without a deadline, the
    /// attempts end by themselves.
    fn is_deadline_kept(&self, line: &Line, is_looser: bool) -> bool {
        if is_looser {
            return self.contract.timeout_policy.deadline_ms.is_none();
        }
        let millis = |value| line.setting.conversion.read(value, self.values);
        let attempt = self.contract.timeout_policy.request_ms.get();
        let last = attempt.saturating_add(self.contract.retry_policy.max_backoff_ms.get());
        let real = millis(self.values.get(line.setting.name));
        let latest = real.map(|real| real.saturating_add(last));
        latest.zip(millis(line.value)).is_some_and(|(latest, expected)| latest >= expected)
    }

    /// The size of a pool and its reserve, which count together.
    fn is_pool_kept(&self, line: &Line, is_looser: bool) -> bool {
        let names = self.options.settings().find_map(|setting| {
            if let Conversion::Pool(names) = setting.conversion { Some(names) } else { None }
        });
        let names = names.filter(|names| [names.size, names.reserve].contains(&line.setting.name));
        names.is_some_and(|names| {
            let size = self.values.limit(names.size);
            let all = size.saturating_add(self.values.get(names.reserve));
            match all.cmp(&self.contract.max_in_flight.get()) {
                Ordering::Less => is_looser,
                Ordering::Equal => true,
                Ordering::Greater => !is_looser,
            }
        })
    }
}
