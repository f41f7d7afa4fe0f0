//! The state of a run and its events.
//!
//! Four sources of events: ends of attempts and of recoveries, timeouts, ends of backoffs, and
//! the next arrival. At the same time they come in this order.
//!
//! Only ends and backoffs need a heap. Attempts are admitted in the order of time and leave the
//! queue in the order of admission, so deadlines fall in that order too: first those of attempts
//! in flight that will miss theirs, then those of the queue from its head.

use std::collections::VecDeque;

use super::{
    arrivals::Arrivals,
    backoff::Backoff,
    checks::Ledger,
    latencies::Latencies,
    requests::{Request, Requests, Slot},
    run::Counts,
    services::Services,
    timeline::{NEVER, Timeline},
    window::Window,
};
use crate::model::{DriverContract, Workload};

/// What happens next.
#[derive(Clone, Copy)]
enum Event {
    End,
    Timeout,
    Retry,
    Arrival,
}

/// An attempt and when it times out.
struct Deadline {
    time_us: u64,
    slot: Slot,
}

/// A run under way. Times in microseconds.
pub(super) struct Engine {
    arrivals: Arrivals,
    services: Services,
    backoff: Backoff,
    max_queue: u64,
    request_us: u64,
    recovery_us: u64,

    next_arrival_us: u64,
    free: u64,
    requests: Requests,
    queue: VecDeque<Deadline>,
    /// Attempts in flight that will not end in time.
    doomed: VecDeque<Deadline>,
    /// Attempts in flight that will, and recoveries.
    ends: Timeline,
    retries: Timeline,

    window: Window,
    counts: Counts,
    latencies: Latencies,
}

/// What a run was.
pub(super) struct Observed {
    pub(super) counts: Counts,
    pub(super) latencies: Latencies,
    pub(super) busy_area_us: u64,
    pub(super) queue_area_us: u64,
    pub(super) ledger: Ledger,
}

impl Engine {
    pub(super) fn new(contract: &DriverContract, workload: &Workload, seed: u64) -> Self {
        let mut engine = Self {
            next_arrival_us: NEVER,
            arrivals: Arrivals::new(workload, seed),
            services: Services::new(workload, seed),
            backoff: Backoff::new(contract.retry_policy, seed),
            max_queue: contract.max_queue_depth.get(),
            request_us: contract.timeout_policy.request_ms.get() * 1000,
            recovery_us: workload.slot_recovery_us.get(),
            free: contract.max_in_flight.get(),
            requests: Requests::default(),
            queue: VecDeque::new(),
            doomed: VecDeque::new(),
            ends: Timeline::default(),
            retries: Timeline::default(),
            window: Window::new(workload, contract.max_in_flight.get()),
            counts: Counts::default(),
            latencies: Latencies::default(),
        };
        engine.schedule_arrival(0);
        engine
    }

    /// Runs until nothing more happens.
    pub(super) fn run(mut self) -> Observed {
        while let Some((now, event)) = self.next() {
            self.window.advance(now, self.free, self.queue.len() as u64);
            self.counts.events += 1;
            match event {
                Event::End => self.end(now),
                Event::Timeout => self.time_out(now),
                Event::Retry => self.retry(now),
                Event::Arrival => self.arrive(now),
            }
        }
        self.observed()
    }

    fn next(&self) -> Option<(u64, Event)> {
        let mut next = (self.ends.first_us(), Event::End);
        for (time, event) in [
            (self.first_deadline_us(), Event::Timeout),
            (self.retries.first_us(), Event::Retry),
            (self.next_arrival_us, Event::Arrival),
        ] {
            if time < next.0 {
                next = (time, event);
            }
        }
        (next.0 != NEVER).then_some(next)
    }

    fn first_deadline_us(&self) -> u64 {
        let first = self.doomed.front().or_else(|| self.queue.front());
        first.map_or(NEVER, |deadline| deadline.time_us)
    }

    /// No request arrives after the window.
    fn schedule_arrival(&mut self, now: u64) {
        let arrival = self.arrivals.schedule(now);
        self.next_arrival_us = if arrival < self.window.end_us { arrival } else { NEVER };
    }

    fn arrive(&mut self, now: u64) {
        let number = self.arrivals.latest();
        self.schedule_arrival(now);
        let counted = self.window.contains(now);
        self.counts.offered += u64::from(counted);
        let slot = self.requests.insert(Request {
            number,
            arrived_us: now,
            admitted_us: now,
            started_us: now,
            kind: self.services.kind(number),
            attempt: 0,
            counted,
            fails: false,
        });
        self.admit(slot, now);
    }

    fn retry(&mut self, now: u64) {
        if let Some(slot) = self.retries.pop() {
            self.admit(slot, now);
        }
    }

    fn admit(&mut self, slot: Slot, now: u64) {
        let queued = self.queue.len() as u64;
        if self.free == 0 && queued >= self.max_queue {
            self.reject(slot);
            return;
        }
        let request = self.requests.at(slot);
        request.attempt += 1;
        request.admitted_us = now;
        self.counts.attempts += u64::from(request.counted);
        self.counts.retries += u64::from(request.counted && request.attempt > 1);
        if self.free > 0 {
            self.start(slot, now);
        } else {
            self.queue.push_back(Deadline { time_us: now + self.request_us, slot });
            self.counts.max_queue = self.counts.max_queue.max(queued + 1);
        }
    }

    fn reject(&mut self, slot: Slot) {
        let request = self.requests.remove(slot);
        self.counts.rejected += u64::from(request.counted);
        self.counts.rejected_retries += u64::from(request.counted && request.attempt > 0);
    }

    /// Takes a place in flight.
    fn start(&mut self, slot: Slot, now: u64) {
        self.free -= 1;
        let request = self.requests.at(slot);
        let service = self.services.serve(request.kind, request.number, request.attempt.into());
        request.started_us = now;
        request.fails = service.fails;
        self.window.waited(request.admitted_us, now);
        let deadline = request.admitted_us + self.request_us;
        if now + service.us > deadline {
            self.doomed.push_back(Deadline { time_us: deadline, slot });
        } else {
            self.ends.push(now + service.us, Some(slot));
        }
    }

    /// Fills the free places from the head of the queue.
    fn pull(&mut self, now: u64) {
        while self.free > 0 {
            let Some(Deadline { slot, .. }) = self.queue.pop_front() else { return };
            self.start(slot, now);
        }
    }

    /// An attempt ends in time, or a place has recovered.
    fn end(&mut self, now: u64) {
        let ended = self.ends.pop();
        self.free += 1;
        if let Some(slot) = ended {
            self.end_attempt(slot, now);
        }
        self.pull(now);
    }

    fn end_attempt(&mut self, slot: Slot, now: u64) {
        let request = *self.requests.at(slot);
        self.window.place_taken(request.started_us, now);
        if request.fails {
            self.counts.errors += u64::from(request.counted);
            self.fail(slot, now);
            return;
        }
        self.requests.remove(slot);
        self.counts.succeeded_in_window += u64::from(self.window.contains(now));
        if request.counted {
            self.counts.succeeded += 1;
            self.latencies.record(now - request.arrived_us);
        }
    }

    fn time_out(&mut self, now: u64) {
        if let Some(Deadline { slot, .. }) = self.doomed.pop_front() {
            self.time_out_in_flight(slot, now);
        } else if let Some(Deadline { slot, .. }) = self.queue.pop_front() {
            self.time_out_in_queue(slot, now);
        }
        self.pull(now);
    }

    fn time_out_in_flight(&mut self, slot: Slot, now: u64) {
        let request = *self.requests.at(slot);
        self.window.place_taken(request.started_us, now + self.recovery_us);
        if self.recovery_us == 0 {
            self.free += 1;
        } else {
            self.ends.push(now + self.recovery_us, None);
        }
        self.counts.timeouts += u64::from(request.counted);
        self.fail(slot, now);
    }

    fn time_out_in_queue(&mut self, slot: Slot, now: u64) {
        let request = *self.requests.at(slot);
        self.window.waited(request.admitted_us, now);
        self.counts.timeouts += u64::from(request.counted);
        self.counts.queue_timeouts += u64::from(request.counted);
        self.fail(slot, now);
    }

    /// An attempt has failed: the request sleeps before the next one, or ends.
    fn fail(&mut self, slot: Slot, now: u64) {
        let request = *self.requests.at(slot);
        if let Some(sleep) = self.backoff.sleep_us(request.number, request.attempt.into()) {
            self.retries.push(now + sleep, Some(slot));
            return;
        }
        self.requests.remove(slot);
        self.counts.exhausted += u64::from(request.counted);
    }

    fn observed(self) -> Observed {
        Observed {
            counts: self.counts,
            busy_area_us: self.window.busy.over_time_us,
            queue_area_us: self.window.queue.over_time_us,
            ledger: Ledger {
                latencies: self.latencies.len(),
                left: self.requests.len() as u64,
                free: self.free,
                taken_us: self.window.busy.over_stays_us,
                waited_us: self.window.queue.over_stays_us,
            },
            latencies: self.latencies,
        }
    }
}
