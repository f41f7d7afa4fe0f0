//! The attempts of a run: the client sends them, the server works on them, and they end or time
//! out.

use super::{Engine, Leaving, Phase, RequestIndex, SimulatedRequest};
use crate::simulate::{server::Waiting, services::ServiceSampler};

/// The index of an end of a recovery. No request has it.
const RECOVERY: RequestIndex = RequestIndex(u32::MAX);
/// The index of an end of work on an attempt that timed out. No request has it.
const ABANDONED: RequestIndex = RequestIndex(u32::MAX - 1);

impl Engine {
    /// Sends an attempt to the server, in a free slot of the driver.
    pub(super) fn send(&mut self, index: RequestIndex, now: u64) {
        self.free -= 1;
        let request = self.requests.at(index);
        request.sent_us = now;
        request.phase = Phase::Other;
        self.window.waited(request.admitted_us, now);
        if self.server.has_free_slot() {
            self.start(index, now);
        } else {
            request.phase = Phase::AtServer;
            self.server.wait(index, request);
            self.window.starts_wait_at_server(now);
            self.pending.can_time_out(index, request);
        }
    }

    /// Sends attempts from the head of the queue while there are free slots.
    fn pull(&mut self, now: u64) {
        while self.free > 0 {
            let Some(index) = self.pending.next(&mut self.requests) else { return };
            self.send(index, now);
        }
    }

    /// Starts attempts from the head of the server's queue while the server has free slots.
    fn server_pull(&mut self, now: u64) {
        while self.server.has_free_slot() {
            let Some(waiting) = self.server.next() else { return };
            let still_waits = self.requests.still_wait(waiting);
            if still_waits || self.server.continues {
                self.server.waiting -= 1;
                self.window.end_waits_at_server(1, now);
            }
            if still_waits {
                self.start(waiting.index, now);
            } else if self.server.continues {
                self.start_abandoned(waiting, now);
            }
        }
    }

    /// Starts the work of the server on an attempt for which a client waits.
    fn start(&mut self, index: RequestIndex, now: u64) {
        let SimulatedRequest { kind, number, attempt, .. } = *self.requests.at(index);
        let service = self.serve(kind, number, attempt, now);
        let ends = now + service.us;
        let request = self.requests.at(index);
        request.fails = service.fails;
        if ends <= request.bound_us {
            request.phase = Phase::Other;
            self.ends.push(ends, index);
            self.window.worked(now, ends);
            return;
        }
        // The timeout of an attempt that waited at the server is already scheduled.
        if request.phase != Phase::AtServer {
            self.pending.can_time_out(index, request);
        }
        request.phase = Phase::Late;
        if self.server.continues {
            self.ends.push(ends, ABANDONED);
            self.window.worked(now, ends);
        } else {
            self.window.worked(now, request.bound_us);
        }
    }

    /// Starts the work of the server on an attempt that has already timed out.
    fn start_abandoned(&mut self, waiting: Waiting, now: u64) {
        let number = waiting.request.into();
        let service = self.serve(self.services.kind(number), number, waiting.attempt, now);
        self.server.abandoned += 1;
        self.ends.push(now + service.us, ABANDONED);
        self.window.worked(now, now + service.us);
    }

    /// Takes a slot of the server, and returns the service time of the attempt.
    fn serve(&mut self, kind: usize, request: u64, attempt: u16, now: u64) -> ServiceSampler {
        self.server.running += 1;
        let slowed = |drawn| self.server.slowed_us(drawn, now);
        self.services.serve(kind, request, attempt.into(), slowed)
    }

    /// Handles the end of the server's work on an attempt, or of a slot's recovery.
    pub(super) fn end(&mut self, now: u64) {
        let Some(ended) = self.ends.pop() else { return };
        if ended == ABANDONED {
            self.end_abandoned(now);
            return;
        }
        if ended != RECOVERY {
            self.end_work(now);
        }
        self.free += 1;
        if ended != RECOVERY {
            self.end_attempt(ended, now);
        }
        self.pull(now);
    }

    /// Frees a slot of the server after its work.
    fn end_work(&mut self, now: u64) {
        self.counts.server_done += u64::from(self.window.contains(now));
        self.server.running -= 1;
        self.server_pull(now);
    }

    fn end_abandoned(&mut self, now: u64) {
        self.server.abandoned -= 1;
        self.counts.server_wasted += u64::from(self.window.contains(now));
        self.end_work(now);
        // Without requests and after the window, the rest of the abandoned work has no effect.
        if self.is_over(now) {
            self.ends.clear();
        }
    }

    fn end_attempt(&mut self, index: RequestIndex, now: u64) {
        let request = *self.requests.at(index);
        self.window.place_taken(request.sent_us, now);
        if request.fails {
            self.counts.errors += u64::from(request.counted);
            self.fail(index, now);
            return;
        }
        self.remove(index);
        self.counts.succeeded_in_window += u64::from(self.window.contains(now));
        self.counts.quarter_succeeded += u64::from(self.window.is_in_last_quarter(now));
        self.counts.before_succeeded += u64::from(self.window.is_before_trigger(now));
        if request.counted {
            self.counts.succeeded += 1;
            self.latencies.record(now - request.arrived_us);
        }
    }

    pub(super) fn time_out(&mut self, now: u64) -> bool {
        match self.pending.leave(&mut self.requests, now) {
            None => return false,
            Some((index, Leaving::InFlight)) => self.time_out_at_work(index, now),
            Some((index, Leaving::Server)) => self.time_out_at_server(index, now),
            Some((index, Leaving::Queue)) => self.time_out_in_queue(index, now),
            Some((index, Leaving::QueueLimit)) => self.reject_waiting(index, now),
        }
        self.pull(now);
        true
    }

    /// Handles a timeout while the server works on the attempt.
    fn time_out_at_work(&mut self, index: RequestIndex, now: u64) {
        if self.server.continues {
            self.server.abandoned += 1;
        } else {
            self.server.running -= 1;
            self.server_pull(now);
        }
        self.abandon(index, now);
    }

    /// Handles a timeout while the attempt waits at the server.
    fn time_out_at_server(&mut self, index: RequestIndex, now: u64) {
        let counted = self.requests.at(index).counted;
        self.counts.server_timeouts += u64::from(counted);
        if !self.server.continues {
            self.server.waiting -= 1;
            self.window.end_waits_at_server(1, now);
        }
        self.abandon(index, now);
    }

    /// Frees the slot of an attempt that timed out, immediately or after its recovery.
    fn abandon(&mut self, index: RequestIndex, now: u64) {
        let request = *self.requests.at(index);
        self.window.place_taken(request.sent_us, now + self.recovery_us);
        if self.recovery_us == 0 {
            self.free += 1;
        } else {
            self.ends.push(now + self.recovery_us, RECOVERY);
        }
        self.counts.timeouts += u64::from(request.counted);
        self.fail(index, now);
    }

    fn time_out_in_queue(&mut self, index: RequestIndex, now: u64) {
        let request = *self.requests.at(index);
        self.window.waited(request.admitted_us, now);
        self.counts.timeouts += u64::from(request.counted);
        self.counts.queue_timeouts += u64::from(request.counted);
        self.fail(index, now);
    }
}
