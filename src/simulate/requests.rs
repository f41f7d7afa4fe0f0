//! The requests in the system.

use super::server::Waiting;

/// The index of a request in memory. It is reused after the request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RequestIndex(pub(super) u32);

/// A request between its arrival and its end. Times are in microseconds.
#[derive(Clone, Copy)]
pub(super) struct SimulatedRequest {
    /// The index of the request in the whole run, from 0.
    pub(super) number: u64,
    pub(super) arrived_us: u64,
    /// The time at which the latest attempt was admitted.
    pub(super) admitted_us: u64,
    /// The time at which the latest attempt took its slot and was sent to the server.
    pub(super) sent_us: u64,
    /// The index of the request's kind of operation.
    pub(super) kind: usize,
    /// The index of the latest attempt in the whole run, in the order of admission.
    pub(super) admission: u64,
    /// The time at which the latest attempt times out.
    pub(super) bound_us: u64,
    /// The number of attempts so far, including the latest.
    pub(super) attempt: u16,
    /// Whether the request arrived in the window.
    pub(super) counted: bool,
    /// Whether the latest attempt fails when it ends.
    pub(super) fails: bool,
    /// Whether a retry was scheduled.
    pub(super) retrying: bool,
    /// The phase of the latest attempt.
    pub(super) phase: Phase,
}

/// The phase of an attempt, which determines how its timeout is handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The attempt waits for a slot.
    Waiting,
    /// The attempt is in flight and waits at the server.
    AtServer,
    /// The server works on the attempt, which will time out.
    Late,
    /// The server works on the attempt, which will end in time, or the attempt has ended.
    Other,
}

/// The requests in the system. The memory is enough for the maximum number of simultaneous
/// requests.
#[derive(Default)]
pub(super) struct Requests {
    requests: Vec<SimulatedRequest>,
    vacant: Vec<RequestIndex>,
}

impl Requests {
    /// Stores a request. No run has 2^32 arrivals, so there is always an index.
    pub(super) fn insert(&mut self, request: SimulatedRequest) -> RequestIndex {
        if let Some(index) = self.vacant.pop() {
            *self.at(index) = request;
            return index;
        }
        let index = RequestIndex(u32::try_from(self.requests.len()).unwrap_or(u32::MAX));
        self.requests.push(request);
        index
    }

    pub(super) fn at(&mut self, index: RequestIndex) -> &mut SimulatedRequest {
        &mut self.requests[index.0 as usize]
    }

    /// Returns true if an attempt still waits at the server for its request.
    pub(super) fn still_wait(&self, waiting: Waiting) -> bool {
        let request = &self.requests[waiting.index.0 as usize];
        request.phase == Phase::AtServer
            && request.number == u64::from(waiting.request)
            && request.attempt == waiting.attempt
    }

    /// Removes a request and returns its last state.
    pub(super) fn remove(&mut self, index: RequestIndex) -> SimulatedRequest {
        self.vacant.push(index);
        *self.at(index)
    }

    /// Returns the number of requests in the system.
    pub(super) fn len(&self) -> usize {
        self.requests.len() - self.vacant.len()
    }
}
