//! Checks every run against laws that always apply.

use std::fmt;

use super::run::Run;

/// A law that every run obeys, regardless of its contract and workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// Every request that arrives ends exactly once.
    Requests,
    /// Every attempt that is admitted ends exactly once.
    Attempts,
    /// Every attempt that fails is followed by a retry, or is the last attempt.
    Failures,
    /// Every request that succeeds has a latency.
    Latencies,
    /// No request is left in the system.
    Left,
    /// All slots are free at the end.
    Slots,
    /// Little's law of the slots: the number of busy slots, integrated over the window, is the sum
    /// of the times in the window for which each slot was busy.
    LittleInFlight,
    /// Little's law of the server: the number of attempts that it works on, integrated over the
    /// window, is the sum of the times in the window for which it worked on each attempt.
    LittleAtServer,
    /// Little's law of the server's queue: its length, integrated over the window, is the sum of the
    /// waits in the window.
    LittleInServerQueue,
    /// Little's law of the queue: its length, integrated over the window, is the sum of the waits
    /// in the window.
    LittleInQueue,
}

impl Law {
    /// Returns the names of the two sides of the law.
    const fn sides(self) -> [&'static str; 2] {
        match self {
            Self::Requests => ["requests arrived", "ended"],
            Self::Attempts => ["attempts were admitted", "ended"],
            Self::Failures => ["attempts failed", "were retried or final"],
            Self::Latencies => ["requests succeeded", "have a latency"],
            Self::Left => ["requests are left", "expected"],
            Self::Slots => ["slots are free at the end", "exist"],
            Self::LittleInFlight => ["slot-microseconds were used", "were spent by attempts"],
            Self::LittleAtServer => ["server-microseconds were used", "were spent on attempts"],
            Self::LittleInServerQueue => {
                ["attempt-microseconds were queued at the server", "were spent waiting"]
            }
            Self::LittleInQueue => ["attempt-microseconds were queued", "were spent waiting"],
        }
    }
}

/// A law that was violated. This is a bug in the simulator, never an error in a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfCheck {
    /// The law.
    pub law: Law,
    /// The two sides of the law, which should be equal.
    pub sides: [u128; 2],
}

impl fmt::Display for SelfCheck {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [left, right] = self.law.sides();
        write!(formatter, "{} {left}, {} {right}", self.sides[0], self.sides[1])
    }
}

impl std::error::Error for SelfCheck {}

/// The second sides of the laws, which are computed separately from the figures of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ledger {
    /// The number of recorded latencies.
    pub(super) latencies: u64,
    /// The number of requests in the system at the end.
    pub(super) left: u64,
    /// The number of free slots at the end.
    pub(super) free: u64,
    /// The sum of the times in the window for which slots were busy.
    pub(super) taken_us: u64,
    /// The sum of the waiting times of attempts in the window.
    pub(super) waited_us: u64,
    /// The sum of the times in the window for which the server worked on attempts.
    pub(super) worked_us: u128,
    /// The sum of the waiting times of attempts at the server in the window.
    pub(super) waited_at_server_us: u128,
}

/// Fails with the first law that a run violates.
pub(super) fn check(run: &Run, ledger: &Ledger) -> Result<(), SelfCheck> {
    let counts = &run.counts;
    let failures = counts.errors + counts.timeouts;
    let skipped = counts.deadline_failures + counts.budget_failures;
    let answered = counts.retries + counts.rejected_retries + counts.exhausted + skipped;
    let counted = [
        (Law::Requests, [counts.offered, counts.succeeded + counts.failed()]),
        (Law::Attempts, [counts.attempts, counts.succeeded + failures]),
        (Law::Failures, [failures, answered]),
        (Law::Latencies, [counts.succeeded, ledger.latencies]),
        (Law::Left, [ledger.left, 0]),
        (Law::Slots, [ledger.free, run.slots.get()]),
        (Law::LittleInFlight, [run.busy_area_us, ledger.taken_us]),
        (Law::LittleInQueue, [run.queue_area_us, ledger.waited_us]),
    ];
    let at_server = [
        (Law::LittleAtServer, [run.server_area_us, ledger.worked_us]),
        (Law::LittleInServerQueue, [run.server_queue_area_us, ledger.waited_at_server_us]),
    ];
    let wide = counted.map(|(law, sides)| (law, sides.map(u128::from)));
    wide.into_iter()
        .chain(at_server)
        .find(|(_, [left, right])| left != right)
        .map_or(Ok(()), |(law, sides)| Err(SelfCheck { law, sides }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{MaxInFlight, Seed, WindowMs},
        simulate::Counts,
    };

    fn lawful() -> (Run, Ledger) {
        let counts = Counts {
            offered: 9,
            attempts: 10,
            retries: 2,
            timeouts: 1,
            errors: 3,
            rejected: 2,
            rejected_retries: 1,
            exhausted: 1,
            succeeded: 6,
            ..Counts::default()
        };
        let run = Run {
            seed: Seed::LEAST,
            window_ms: WindowMs::LEAST,
            slots: MaxInFlight::LEAST,
            counts,
            latency: None,
            busy_area_us: 70,
            queue_area_us: 30,
            server_slots: None,
            has_trigger: false,
            server_area_us: 60,
            server_queue_area_us: 20,
            abandoned_area_us: 0,
        };
        let ledger = Ledger {
            latencies: 6,
            left: 0,
            free: 1,
            taken_us: 70,
            waited_us: 30,
            worked_us: 60,
            waited_at_server_us: 20,
        };
        (run, ledger)
    }

    fn broken(change: impl FnOnce(&mut Run, &mut Ledger)) -> Option<Law> {
        let (mut run, mut ledger) = lawful();
        change(&mut run, &mut ledger);
        check(&run, &ledger).err().map(|failure| failure.law)
    }

    #[test]
    fn each_violation_is_attributed_to_its_law() {
        assert_eq!(broken(|_, _| {}), None);
        assert_eq!(broken(|run, _| run.counts.offered += 1), Some(Law::Requests));
        assert_eq!(broken(|run, _| run.counts.attempts += 1), Some(Law::Attempts));
        assert_eq!(broken(|run, _| run.counts.retries += 1), Some(Law::Failures));
        assert_eq!(broken(|_, ledger| ledger.latencies += 1), Some(Law::Latencies));
        assert_eq!(broken(|_, ledger| ledger.left += 1), Some(Law::Left));
        assert_eq!(broken(|_, ledger| ledger.free += 1), Some(Law::Slots));
        assert_eq!(broken(|run, _| run.busy_area_us += 1), Some(Law::LittleInFlight));
        assert_eq!(broken(|run, _| run.queue_area_us += 1), Some(Law::LittleInQueue));
        assert_eq!(broken(|run, _| run.server_area_us += 1), Some(Law::LittleAtServer));
        assert_eq!(broken(|run, _| run.server_queue_area_us += 1), Some(Law::LittleInServerQueue));
    }

    #[test]
    fn message_shows_both_sides_of_law() {
        let failure = SelfCheck { law: Law::Requests, sides: [9, 8] };
        assert_eq!(failure.to_string(), "9 requests arrived, 8 ended");
    }
}
