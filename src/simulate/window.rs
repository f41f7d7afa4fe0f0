//! The window in which a run is observed, with sums over it.

use crate::model::Workload;

/// Sums of time in the window, each computed in two independent ways. All times are in
/// microseconds.
pub(super) struct Window {
    pub(super) start_us: u64,
    pub(super) end_us: u64,
    seen_us: u64,
    slots: u64,
    /// The number of busy slots over time.
    pub(super) busy: Area,
    /// The number of attempts in the queue over time.
    pub(super) queue: Area,
}

/// A number of items over time. By Little's law, its integral equals the sum of the times for which
/// the items stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Area {
    /// The number of items, integrated over time.
    pub(super) over_time_us: u64,
    /// The sum of the times for which items stay.
    pub(super) over_stays_us: u64,
}

impl Window {
    pub(super) fn new(workload: &Workload, slots: u64) -> Self {
        let start_us = workload.warmup_ms.get() * 1000;
        Self {
            start_us,
            end_us: start_us + workload.duration_ms.get() * 1000,
            seen_us: 0,
            slots,
            busy: Area::default(),
            queue: Area::default(),
        }
    }

    pub(super) fn contains(&self, time_us: u64) -> bool {
        (self.start_us..self.end_us).contains(&time_us)
    }

    /// Advances the time. The numbers must not have changed since the last call.
    pub(super) fn advance(&mut self, now_us: u64, free: u64, queued: u64) {
        let elapsed = self.part(self.seen_us, now_us);
        self.busy.over_time_us += (self.slots - free) * elapsed;
        self.queue.over_time_us += queued * elapsed;
        self.seen_us = now_us;
    }

    /// Returns the part of a time range that is in the window.
    pub(super) fn part(&self, from_us: u64, to_us: u64) -> u64 {
        to_us.min(self.end_us).saturating_sub(from_us.max(self.start_us))
    }

    /// Adds the time for which a slot was busy.
    pub(super) fn place_taken(&mut self, from_us: u64, to_us: u64) {
        self.busy.over_stays_us += self.part(from_us, to_us);
    }

    /// Adds the time for which an attempt was in the queue.
    pub(super) fn waited(&mut self, from_us: u64, to_us: u64) {
        self.queue.over_stays_us += self.part(from_us, to_us);
    }
}
