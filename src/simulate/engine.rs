//! The state of a run and its events.
//!
//! There are four sources of events: ends of the server's work and of recoveries, timeouts, ends of
//! backoffs, and the next arrival. Simultaneous events are handled in this order.

mod attempts;

use super::{
    arrivals::Arrivals,
    backoff::Backoff,
    checks::Ledger,
    error::SimulationError,
    latencies::Latencies,
    pending::{Leaving, Pending},
    requests::{Phase, RequestIndex, Requests, SimulatedRequest},
    retry_budget::RetryBudget,
    run::Counts,
    server::{MOST_WAITING, SimulatedServer},
    services::Services,
    timeline::{NEVER, Timeline},
    window::Window,
};
use crate::model::{DriverContract, Workload};

/// The next event.
#[derive(Clone, Copy)]
enum Event {
    End,
    Timeout,
    Retry,
    Arrival,
}

/// A run in progress. Times are in microseconds.
pub(super) struct Engine {
    arrivals: Arrivals,
    services: Services,
    backoff: Backoff,
    max_queue: u64,
    request_us: u64,
    /// The maximum wait for a slot, if there is a limit.
    queue_us: Option<u64>,
    /// The maximum time of a request, if there is a limit.
    deadline_us: Option<u64>,
    retry_budget: Option<RetryBudget>,
    recovery_us: u64,

    next_arrival_us: u64,
    free: u64,
    /// The number of admitted attempts so far.
    admissions: u64,
    requests: Requests,
    /// The attempts that wait for a slot, and the attempts in flight that can time out.
    pending: Pending,
    server: SimulatedServer,
    /// The ends of the server's work and of recoveries.
    ends: Timeline,
    retries: Timeline,

    window: Window,
    counts: Counts,
    latencies: Latencies,
}

/// The observations of a run.
pub(super) struct Observed {
    pub(super) counts: Counts,
    pub(super) latencies: Latencies,
    pub(super) busy_area_us: u64,
    pub(super) queue_area_us: u64,
    pub(super) server_area_us: u128,
    pub(super) server_queue_area_us: u128,
    pub(super) abandoned_area_us: u128,
    pub(super) ledger: Ledger,
}

impl Engine {
    pub(super) fn new(contract: &DriverContract, workload: &Workload, seed: u64) -> Self {
        let timeouts = contract.timeout_policy;
        let deadline_us = timeouts.deadline_ms.map(|deadline| deadline.get() * 1000);
        let mut engine = Self {
            next_arrival_us: NEVER,
            arrivals: Arrivals::new(workload, seed),
            services: Services::new(workload, seed),
            backoff: Backoff::new(contract.retry_policy, seed),
            max_queue: contract.max_queue_depth.get(),
            request_us: timeouts.request_ms.get() * 1000,
            queue_us: timeouts.queue_ms.map(|queue| queue.get() * 1000),
            deadline_us,
            retry_budget: RetryBudget::new(contract.retry_policy),
            recovery_us: workload.slot_recovery_us.get(),
            free: contract.max_in_flight.get(),
            admissions: 0,
            requests: Requests::default(),
            pending: Pending::new(deadline_us.is_some()),
            server: SimulatedServer::new(workload),
            ends: Timeline::default(),
            retries: Timeline::default(),
            window: Window::new(workload, contract.max_in_flight.get()),
            counts: Counts::default(),
            latencies: Latencies::default(),
        };
        engine.schedule_arrival(0);
        engine
    }

    /// Handles events until there are none left. Fails if too many attempts wait at the server.
    pub(super) fn run(mut self) -> Result<Observed, SimulationError> {
        while let Some((now, event)) = self.next() {
            self.window.advance(now, self.free, self.pending.waiting(), &self.server);
            self.counts.events += u64::from(self.handle(event, now));
            if self.server.waiting > MOST_WAITING {
                return Err(SimulationError::ServerQueue);
            }
        }
        Ok(self.observed())
    }

    /// Handles an event. Returns false if the event is a timeout of an attempt that has already
    /// ended.
    fn handle(&mut self, event: Event, now: u64) -> bool {
        match event {
            Event::End => self.end(now),
            Event::Timeout => return self.time_out(now),
            Event::Retry => self.retry(now),
            Event::Arrival => self.arrive(now),
        }
        true
    }

    fn next(&self) -> Option<(u64, Event)> {
        let mut next = (self.ends.first_us(), Event::End);
        for (time, event) in [
            (self.pending.first_us(), Event::Timeout),
            (self.retries.first_us(), Event::Retry),
            (self.next_arrival_us, Event::Arrival),
        ] {
            if time < next.0 {
                next = (time, event);
            }
        }
        (next.0 != NEVER).then_some(next)
    }

    /// Schedules the next arrival, if it is in the window.
    fn schedule_arrival(&mut self, now: u64) {
        let arrival = self.arrivals.schedule(now);
        self.next_arrival_us = if arrival < self.window.end_us { arrival } else { NEVER };
    }

    fn arrive(&mut self, now: u64) {
        let number = self.arrivals.latest();
        self.schedule_arrival(now);
        let counted = self.window.contains(now);
        self.counts.offered += u64::from(counted);
        self.counts.quarter_offered += u64::from(self.window.is_in_last_quarter(now));
        self.counts.before_offered += u64::from(self.window.is_before_trigger(now));
        let index = self.requests.insert(SimulatedRequest {
            number,
            arrived_us: now,
            admitted_us: now,
            sent_us: now,
            kind: self.services.kind(number),
            attempt: 0,
            admission: 0,
            bound_us: 0,
            phase: Phase::Other,
            counted,
            fails: false,
            retrying: false,
        });
        self.admit(index, now);
    }

    fn retry(&mut self, now: u64) {
        if let Some(index) = self.retries.pop() {
            self.admit(index, now);
        }
    }

    fn admit(&mut self, index: RequestIndex, now: u64) {
        let waiting = self.pending.waiting();
        if self.free == 0 && waiting >= self.max_queue {
            self.reject(index);
            return;
        }
        let request = self.requests.at(index);
        let bound = now + self.request_us;
        request.bound_us =
            self.deadline_us.map_or(bound, |deadline| bound.min(request.arrived_us + deadline));
        request.attempt += 1;
        request.admitted_us = now;
        request.admission = self.admissions;
        self.admissions += 1;
        self.counts.attempts += u64::from(request.counted);
        self.counts.retries += u64::from(request.counted && request.attempt > 1);
        if self.free > 0 {
            self.send(index, now);
        } else {
            let leaves =
                self.queue_us.map_or(request.bound_us, |wait| request.bound_us.min(now + wait));
            self.pending.wait(index, leaves, request);
            self.counts.max_queue = self.counts.max_queue.max(waiting + 1);
        }
    }

    /// Rejects a request because the queue is full.
    fn reject(&mut self, index: RequestIndex) {
        let request = self.remove(index);
        self.counts.rejected += u64::from(request.counted);
        self.counts.rejected_retries += u64::from(request.counted && request.attempt > 0);
    }

    /// Rejects a request that has waited for `queue_ms`. The wait does not count as an attempt.
    fn reject_waiting(&mut self, index: RequestIndex, now: u64) {
        let request = self.remove(index);
        self.window.waited(request.admitted_us, now);
        let is_retry = request.attempt > 1;
        self.counts.attempts -= u64::from(request.counted);
        self.counts.retries -= u64::from(request.counted && is_retry);
        self.counts.rejected += u64::from(request.counted);
        self.counts.rejected_waits += u64::from(request.counted);
        self.counts.rejected_retries += u64::from(request.counted && is_retry);
    }

    /// Handles a failed attempt: the request backs off before the next attempt, or ends.
    fn fail(&mut self, index: RequestIndex, now: u64) {
        let request = *self.requests.at(index);
        let counted = u64::from(request.counted);
        let Some(backoff) = self.backoff.backoff_us(request.number, request.attempt) else {
            self.counts.exhausted += counted;
            self.remove(index);
            return;
        };
        let ends = self.deadline_us.map_or(NEVER, |deadline| request.arrived_us + deadline);
        if now + backoff >= ends {
            self.counts.deadline_failures += counted;
            self.remove(index);
            return;
        }
        if let Some(budget) = &mut self.retry_budget
            && !budget.allows(request.retrying, self.requests.len() as u64)
        {
            self.counts.budget_failures += counted;
            self.remove(index);
            return;
        }
        self.requests.at(index).retrying = true;
        self.retries.push(now + backoff, index);
    }

    /// Returns true if no request is left and the window has ended.
    fn is_over(&self, now: u64) -> bool {
        self.requests.len() == 0
            && self.next_arrival_us == NEVER
            && self.free == self.window.slots
            && now >= self.window.end_us
    }

    fn remove(&mut self, index: RequestIndex) -> SimulatedRequest {
        let request = self.requests.remove(index);
        if let Some(budget) = &mut self.retry_budget {
            budget.end(request.retrying);
        }
        request
    }

    fn observed(mut self) -> Observed {
        self.window.end_waits_at_server(self.server.waiting, NEVER);
        self.counts.max_server_queue = self.server.max_waiting;
        let Window { busy, queue, server, server_queue, abandoned_us, .. } = self.window;
        Observed {
            counts: self.counts,
            busy_area_us: busy.over_time_us,
            queue_area_us: queue.over_time_us,
            server_area_us: server.over_time_us,
            server_queue_area_us: server_queue.over_time_us,
            abandoned_area_us: abandoned_us,
            ledger: Ledger {
                latencies: self.latencies.len(),
                left: self.requests.len() as u64,
                free: self.free,
                taken_us: busy.over_stays_us,
                waited_us: queue.over_stays_us,
                worked_us: server.over_stays_us,
                waited_at_server_us: server_queue.over_stays_us,
            },
            latencies: self.latencies,
        }
    }
}
