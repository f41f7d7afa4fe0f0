//! The state of a run and its events.
//!
//! There are four sources of events: ends of attempts and of recoveries, timeouts, ends of
//! backoffs, and the next arrival. Simultaneous events are handled in this order.

use super::{
    arrivals::Arrivals,
    backoff::Backoff,
    checks::Ledger,
    latencies::Latencies,
    pending::{Leaving, Pending},
    requests::{Phase, RequestIndex, Requests, SimulatedRequest},
    run::Counts,
    services::Services,
    timeline::{NEVER, Timeline},
    window::Window,
};
use crate::model::{DriverContract, RetryBudgetMin, RetryPolicy, Workload};

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
    /// The attempts that wait for a slot, and the attempts in flight that will time out.
    pending: Pending,
    /// The attempts in flight that will not time out, and the slots that recover.
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
    pub(super) ledger: Ledger,
}

/// The maximum number of requests that can retry at the same time, and their current number.
struct RetryBudget {
    percent: u64,
    min: u64,
    retrying: u64,
}

impl RetryBudget {
    fn new(policy: RetryPolicy) -> Option<Self> {
        let percent = policy.retry_budget_percent?.get();
        let min = policy.retry_budget_min.map(RetryBudgetMin::get);
        let min = min.unwrap_or(RetryPolicy::DEFAULT_RETRY_BUDGET_MIN);
        Some(Self { percent, min, retrying: 0 })
    }

    /// Returns true if a request can retry, and then counts the request as retrying. `alive` is the
    /// number of requests that have not ended.
    fn allows(&mut self, already_retrying: bool, alive: u64) -> bool {
        let retrying = self.retrying + u64::from(!already_retrying);
        let allows = retrying <= self.min || 100 * retrying <= self.percent * alive;
        if allows {
            self.retrying = retrying;
        }
        allows
    }
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
            ends: Timeline::default(),
            retries: Timeline::default(),
            window: Window::new(workload, contract.max_in_flight.get()),
            counts: Counts::default(),
            latencies: Latencies::default(),
        };
        engine.schedule_arrival(0);
        engine
    }

    /// Handles events until there are none left.
    pub(super) fn run(mut self) -> Observed {
        while let Some((now, event)) = self.next() {
            self.window.advance(now, self.free, self.pending.waiting());
            self.counts.events += u64::from(self.handle(event, now));
        }
        self.observed()
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
        let index = self.requests.insert(SimulatedRequest {
            number,
            arrived_us: now,
            admitted_us: now,
            started_us: now,
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
            self.start(index, now);
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

    /// Starts an attempt in a free slot.
    fn start(&mut self, index: RequestIndex, now: u64) {
        self.free -= 1;
        let request = self.requests.at(index);
        let service = self.services.serve(request.kind, request.number, request.attempt.into());
        request.started_us = now;
        request.fails = service.fails;
        self.window.waited(request.admitted_us, now);
        if now + service.us > request.bound_us {
            self.pending.start_late(index, request);
        } else {
            request.phase = Phase::Other;
            self.ends.push(now + service.us, Some(index));
        }
    }

    /// Fills the free slots from the head of the queue.
    fn pull(&mut self, now: u64) {
        while self.free > 0 {
            let Some(index) = self.pending.next(&mut self.requests) else { return };
            self.start(index, now);
        }
    }

    /// Handles the end of an attempt or of a slot's recovery.
    fn end(&mut self, now: u64) {
        let ended = self.ends.pop();
        self.free += 1;
        if let Some(index) = ended {
            self.end_attempt(index, now);
        }
        self.pull(now);
    }

    fn end_attempt(&mut self, index: RequestIndex, now: u64) {
        let request = *self.requests.at(index);
        self.window.place_taken(request.started_us, now);
        if request.fails {
            self.counts.errors += u64::from(request.counted);
            self.fail(index, now);
            return;
        }
        self.remove(index);
        self.counts.succeeded_in_window += u64::from(self.window.contains(now));
        if request.counted {
            self.counts.succeeded += 1;
            self.latencies.record(now - request.arrived_us);
        }
    }

    fn time_out(&mut self, now: u64) -> bool {
        match self.pending.leave(&mut self.requests, now) {
            None => return false,
            Some((index, Leaving::InFlight)) => self.time_out_in_flight(index, now),
            Some((index, Leaving::Queue)) => self.time_out_in_queue(index, now),
            Some((index, Leaving::QueueLimit)) => self.reject_waiting(index, now),
        }
        self.pull(now);
        true
    }

    fn time_out_in_flight(&mut self, index: RequestIndex, now: u64) {
        let request = *self.requests.at(index);
        self.window.place_taken(request.started_us, now + self.recovery_us);
        if self.recovery_us == 0 {
            self.free += 1;
        } else {
            self.ends.push(now + self.recovery_us, None);
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
        self.retries.push(now + backoff, Some(index));
    }

    fn remove(&mut self, index: RequestIndex) -> SimulatedRequest {
        let request = self.requests.remove(index);
        if let Some(budget) = &mut self.retry_budget {
            budget.retrying -= u64::from(request.retrying);
        }
        request
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
