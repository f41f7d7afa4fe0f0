//! Attempts that wait for a slot, and attempts in flight that can time out.
//!
//! Attempts are admitted in the order of time and leave the queue in the order of admission.
//! Without a deadline, their timeouts have the same order, so each queue is sorted. With a
//! deadline, a later attempt can have an earlier timeout, so a heap sorts the attempts.

use std::collections::VecDeque;

use super::{
    requests::{Phase, RequestIndex, Requests, SimulatedRequest},
    timeline::{NEVER, Timeline},
};

/// An attempt, and the time at which it leaves the queue or its slot.
struct Entry {
    time_us: u64,
    admission: u64,
    index: RequestIndex,
}

/// The reason why an attempt leaves the queue or its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    /// The attempt times out while the server works on it.
    InFlight,
    /// The attempt times out while it waits at the server.
    Server,
    /// The attempt times out in the queue.
    Queue,
    /// The wait of the attempt has reached `queue_ms`.
    QueueLimit,
}

pub(super) struct Pending {
    /// The waiting attempts, starting at the head. If `by_time` is set, some of them have already
    /// left.
    queue: VecDeque<Entry>,
    /// The attempts in flight that can time out, if there is no deadline. Some of them can have
    /// ended.
    late: VecDeque<Entry>,
    /// The timeouts of all waiting attempts and of all attempts in flight that can time out. Also
    /// contains timeouts of some attempts that have ended. `None` if there is no deadline.
    by_time: Option<Timeline>,
    waiting: u64,
}

impl Pending {
    pub(super) fn new(has_deadline: bool) -> Self {
        Self {
            queue: VecDeque::new(),
            late: VecDeque::new(),
            by_time: has_deadline.then(Timeline::default),
            waiting: 0,
        }
    }

    /// Returns the number of attempts that wait.
    pub(super) const fn waiting(&self) -> u64 {
        self.waiting
    }

    /// Returns the time of the first timeout, or [`NEVER`].
    pub(super) fn first_us(&self) -> u64 {
        if let Some(by_time) = &self.by_time {
            return by_time.first_us();
        }
        let first = |entries: &VecDeque<Entry>| entries.front().map_or(NEVER, |it| it.time_us);
        first(&self.late).min(first(&self.queue))
    }

    /// Adds an attempt that waits until `time_us` at the latest.
    pub(super) fn wait(
        &mut self,
        index: RequestIndex,
        time_us: u64,
        request: &mut SimulatedRequest,
    ) {
        request.phase = Phase::Waiting;
        self.waiting += 1;
        self.queue.push_back(Entry { time_us, admission: request.admission, index });
        if let Some(by_time) = &mut self.by_time {
            by_time.push_in_order(time_us, request.admission, index);
        }
    }

    /// Removes the head of the queue and returns it.
    pub(super) fn next(&mut self, requests: &mut Requests) -> Option<RequestIndex> {
        while let Some(Entry { admission, index, .. }) = self.queue.pop_front() {
            let request = requests.at(index);
            if self.by_time.is_none()
                || request.admission == admission && request.phase == Phase::Waiting
            {
                self.waiting -= 1;
                return Some(index);
            }
        }
        None
    }

    /// Adds an attempt in flight that can time out.
    pub(super) fn can_time_out(&mut self, index: RequestIndex, request: &SimulatedRequest) {
        let (time_us, admission) = (request.bound_us, request.admission);
        match &mut self.by_time {
            Some(by_time) => by_time.push_in_order(time_us, admission, index),
            None => self.late.push_back(Entry { time_us, admission, index }),
        }
    }

    /// Removes the attempt with the first timeout and returns it. Returns `None` if the attempt has
    /// already left.
    pub(super) fn leave(
        &mut self,
        requests: &mut Requests,
        now: u64,
    ) -> Option<(RequestIndex, Leaving)> {
        let (index, admission) = if let Some(by_time) = &mut self.by_time {
            by_time.pop_in_order()?
        } else {
            let is_late = self.late.front().is_some_and(|entry| entry.time_us == now);
            let entries = if is_late { &mut self.late } else { &mut self.queue };
            let entry = entries.pop_front()?;
            (entry.index, entry.admission)
        };
        let request = requests.at(index);
        let phase = request.phase;
        if request.admission != admission {
            return None;
        }
        let leaving = match phase {
            Phase::Late if now == request.bound_us => Leaving::InFlight,
            Phase::AtServer if now == request.bound_us => Leaving::Server,
            Phase::Waiting if now == request.bound_us => Leaving::Queue,
            Phase::Waiting => Leaving::QueueLimit,
            Phase::AtServer | Phase::Late | Phase::Other => return None,
        };
        self.waiting -= u64::from(phase == Phase::Waiting);
        request.phase = Phase::Other;
        Some((index, leaving))
    }
}
