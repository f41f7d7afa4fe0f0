//! The server: the attempts that it works on, the attempts that wait for it, and how long its work
//! takes.

use std::collections::VecDeque;

use super::requests::{RequestIndex, SimulatedRequest};
use crate::model::{ServerSlots, Workload};

/// The maximum number of attempts that can wait at the server.
pub(super) const MOST_WAITING: u64 = 100_000_000;
/// Parts per million in a whole.
const MILLION: u64 = 1_000_000;
/// The number of running attempts above which the slowdown does not grow.
const MOST_SLOWING: u64 = 1_000_000;
/// The maximum drawn service time after the slowdown, in microseconds.
const LONGEST_US: u64 = 1_000_000_000_000_000;

pub(super) struct SimulatedServer {
    slots: u64,
    /// Whether the server continues to work on attempts that timed out.
    pub(super) continues: bool,
    contention_ppm: u64,
    coherence_ppm: u64,
    trigger: Option<Slowness>,
    /// The number of attempts that the server works on.
    pub(super) running: u64,
    /// The number of attempts that the server works on and that timed out.
    pub(super) abandoned: u64,
    /// The attempts that wait, starting at the head. If the server does not continue abandoned
    /// work, some of them have already left.
    queue: VecDeque<Waiting>,
    /// The number of attempts that wait.
    pub(super) waiting: u64,
    /// The maximum number of attempts that waited at the same time.
    pub(super) max_waiting: u64,
}

/// A change of service times for some time, in microseconds.
struct Slowness {
    start_us: u64,
    end_us: u64,
    percent: u64,
}

/// An attempt that waits at the server. Its request can have ended.
#[derive(Clone, Copy)]
pub(super) struct Waiting {
    pub(super) index: RequestIndex,
    pub(super) request: u32,
    pub(super) attempt: u16,
}

impl SimulatedServer {
    pub(super) fn new(workload: &Workload) -> Self {
        let trigger = workload.trigger.map(|trigger| Slowness {
            start_us: trigger.start_ms.get() * 1000,
            end_us: trigger.end_ms() * 1000,
            percent: trigger.service_percent(),
        });
        Self {
            slots: workload.server_slots.map_or(u64::MAX, ServerSlots::get),
            continues: workload.continues_abandoned_work(),
            contention_ppm: workload.contention_ppm.get(),
            coherence_ppm: workload.coherence_ppm.get(),
            trigger: trigger.filter(|trigger| trigger.percent != 100),
            running: 0,
            abandoned: 0,
            queue: VecDeque::new(),
            waiting: 0,
            max_waiting: 0,
        }
    }

    /// Returns true if the server can start an attempt.
    pub(super) const fn has_free_slot(&self) -> bool {
        self.running < self.slots
    }

    /// Adds an attempt at the end of the queue.
    pub(super) fn wait(&mut self, index: RequestIndex, request: &SimulatedRequest) {
        let number = u32::try_from(request.number).unwrap_or(u32::MAX);
        self.queue.push_back(Waiting { index, request: number, attempt: request.attempt });
        self.waiting += 1;
        self.max_waiting = self.max_waiting.max(self.waiting);
    }

    /// Removes the head of the queue and returns it, even if it has already left.
    pub(super) fn next(&mut self) -> Option<Waiting> {
        self.queue.pop_front()
    }

    /// Returns a drawn service time of an attempt that starts now, with the slowdown by the trigger
    /// and by all running attempts, which include this attempt.
    pub(super) fn slowed_us(&self, drawn_us: u64, now_us: u64) -> u64 {
        let percent = self.percent(now_us);
        if percent == 100 && self.contention_ppm == 0 && self.coherence_ppm == 0 {
            return drawn_us;
        }
        let others = self.running.min(MOST_SLOWING) - 1;
        let slowdown = MILLION + (self.contention_ppm + self.coherence_ppm * (others + 1)) * others;
        let divisor = 100 * MILLION;
        let narrow = percent.checked_mul(slowdown).and_then(|it| it.checked_mul(drawn_us));
        let slowed = narrow.map_or_else(
            || {
                let wide = u128::from(drawn_us) * u128::from(percent) * u128::from(slowdown);
                u64::try_from(wide / u128::from(divisor)).unwrap_or(LONGEST_US)
            },
            |narrow| narrow / divisor,
        );
        slowed.min(LONGEST_US)
    }

    /// Returns the percentage of service times of attempts that start now.
    fn percent(&self, now_us: u64) -> u64 {
        let trigger = self.trigger.as_ref();
        let trigger = trigger.filter(|it| (it.start_us..it.end_us).contains(&now_us));
        trigger.map_or(100, |trigger| trigger.percent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(
        running: u64,
        contention_ppm: u64,
        coherence_ppm: u64,
        percent: u64,
    ) -> SimulatedServer {
        SimulatedServer {
            slots: u64::MAX,
            continues: false,
            contention_ppm,
            coherence_ppm,
            trigger: Some(Slowness { start_us: 5, end_us: 7, percent }),
            running,
            abandoned: 0,
            queue: VecDeque::new(),
            waiting: 0,
            max_waiting: 0,
        }
    }

    #[test]
    fn slowdown_is_rounded_once_after_trigger() {
        // 333 · 1.33 · (1 + 0.077777 · 2 + 0.001234 · 6) = 515.06…
        let server = server(3, 77_777, 1_234, 133);
        assert_eq!([4, 5, 6, 7].map(|now| server.slowed_us(333, now)), [387, 515, 515, 387]);
    }

    #[test]
    fn largest_slowdown_is_capped_and_does_not_overflow() {
        let server = server(u64::MAX, MILLION, MILLION, 10_000);
        assert_eq!(server.slowed_us(1 << 45, 5), LONGEST_US);
        // The slowdown is about 10^12 for a million running attempts, and does not grow further.
        assert_eq!(server.slowed_us(1, 0), 1_000_000_000_000);
        assert_eq!(server.slowed_us(0, 5), 0);
    }
}
