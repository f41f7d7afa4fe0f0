//! The window in which a run is observed, and what fills it.

use crate::model::Workload;

/// Sums of time in the window, each kept in two independent ways. All times in microseconds.
pub(super) struct Window {
    pub(super) start_us: u64,
    pub(super) end_us: u64,
    seen_us: u64,
    places: u64,
    /// Places in flight that are taken, over time.
    pub(super) busy: Area,
    /// Attempts in the queue, over time.
    pub(super) queue: Area,
}

/// A number of things over time, which by Little's law is the time of all things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Area {
    /// How many there are at each time, integrated.
    pub(super) over_time_us: u64,
    /// How long each stays, added up.
    pub(super) over_stays_us: u64,
}

impl Window {
    pub(super) fn new(workload: &Workload, places: u64) -> Self {
        let start_us = workload.warmup_ms.get() * 1000;
        Self {
            start_us,
            end_us: start_us + workload.duration_ms.get() * 1000,
            seen_us: 0,
            places,
            busy: Area::default(),
            queue: Area::default(),
        }
    }

    pub(super) fn contains(&self, time_us: u64) -> bool {
        (self.start_us..self.end_us).contains(&time_us)
    }

    /// Nothing has changed since the last time that was seen.
    pub(super) fn advance(&mut self, now_us: u64, free: u64, queued: u64) {
        let elapsed = self.part(self.seen_us, now_us);
        self.busy.over_time_us += (self.places - free) * elapsed;
        self.queue.over_time_us += queued * elapsed;
        self.seen_us = now_us;
    }

    /// The part of a time that lies in the window.
    pub(super) fn part(&self, from_us: u64, to_us: u64) -> u64 {
        to_us.min(self.end_us).saturating_sub(from_us.max(self.start_us))
    }

    /// A slot was busy for this time.
    pub(super) fn place_taken(&mut self, from_us: u64, to_us: u64) {
        self.busy.over_stays_us += self.part(from_us, to_us);
    }

    /// An attempt was in the queue for this time.
    pub(super) fn waited(&mut self, from_us: u64, to_us: u64) {
        self.queue.over_stays_us += self.part(from_us, to_us);
    }
}
