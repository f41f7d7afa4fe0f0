//! The window in which a run is observed, with sums over it.

use super::server::SimulatedServer;
use crate::model::Workload;

/// Sums of time in the window, most of them computed in two independent ways. All times are in
/// microseconds.
pub(super) struct Window {
    pub(super) start_us: u64,
    pub(super) end_us: u64,
    /// The start of the last quarter.
    quarter_us: u64,
    /// The start of the trigger, or the start of the window if there is no trigger.
    trigger_us: u64,
    seen_us: u64,
    pub(super) slots: u64,
    /// The number of busy slots over time.
    pub(super) busy: Area<u64>,
    /// The number of attempts in the queue over time.
    pub(super) queue: Area<u64>,
    /// The number of attempts that the server works on over time.
    pub(super) server: Area<u128>,
    /// The number of attempts that wait at the server over time.
    pub(super) server_queue: Area<u128>,
    /// The number of attempts that the server works on although they timed out, over time.
    pub(super) abandoned_us: u128,
}

/// A number of items over time. By Little's law, its integral equals the sum of the times for which
/// the items stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Area<T> {
    /// The number of items, integrated over time.
    pub(super) over_time_us: T,
    /// The sum of the times for which items stay.
    pub(super) over_stays_us: T,
}

impl Window {
    pub(super) fn new(workload: &Workload, slots: u64) -> Self {
        let start_us = workload.warmup_ms.get() * 1000;
        let end_us = start_us + workload.duration_ms.get() * 1000;
        let trigger_us = workload.trigger.map_or(0, |trigger| trigger.start_ms.get() * 1000);
        Self {
            start_us,
            end_us,
            quarter_us: end_us - workload.duration_ms.get() * 250,
            trigger_us: trigger_us.max(start_us),
            seen_us: 0,
            slots,
            busy: Area::default(),
            queue: Area::default(),
            server: Area::default(),
            server_queue: Area::default(),
            abandoned_us: 0,
        }
    }

    pub(super) fn contains(&self, time_us: u64) -> bool {
        (self.start_us..self.end_us).contains(&time_us)
    }

    /// Returns true if a time is in the last quarter.
    pub(super) fn is_in_last_quarter(&self, time_us: u64) -> bool {
        (self.quarter_us..self.end_us).contains(&time_us)
    }

    /// Returns true if a time is in the window and before the trigger.
    pub(super) fn is_before_trigger(&self, time_us: u64) -> bool {
        (self.start_us..self.trigger_us).contains(&time_us)
    }

    /// Advances the time. The numbers must not have changed since the last call.
    pub(super) fn advance(
        &mut self,
        now_us: u64,
        free: u64,
        queued: u64,
        server: &SimulatedServer,
    ) {
        let elapsed = self.part(self.seen_us, now_us);
        self.seen_us = now_us;
        if elapsed == 0 {
            return;
        }
        let area = |items: u64| u128::from(items) * u128::from(elapsed);
        self.busy.over_time_us += (self.slots - free) * elapsed;
        self.queue.over_time_us += queued * elapsed;
        self.server.over_time_us += area(server.running);
        self.server_queue.over_time_us += area(server.waiting);
        self.abandoned_us += area(server.abandoned);
    }

    /// Returns the part of a time range that is in the window.
    fn part(&self, from_us: u64, to_us: u64) -> u64 {
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

    /// Adds the time for which the server works on an attempt.
    pub(super) fn worked(&mut self, from_us: u64, to_us: u64) {
        self.server.over_stays_us += u128::from(self.part(from_us, to_us));
    }

    /// Starts the wait of an attempt at the server. The sum of all stays is the sum of their ends
    /// without the sum of their starts.
    pub(super) fn starts_wait_at_server(&mut self, now_us: u64) {
        let stays = &mut self.server_queue.over_stays_us;
        *stays = stays.wrapping_sub(now_us.clamp(self.start_us, self.end_us).into());
    }

    /// Ends the wait of this many attempts at the server.
    pub(super) fn end_waits_at_server(&mut self, attempts: u64, now_us: u64) {
        let end = u128::from(now_us.clamp(self.start_us, self.end_us));
        let stays = &mut self.server_queue.over_stays_us;
        *stays = stays.wrapping_add(u128::from(attempts) * end);
    }
}
