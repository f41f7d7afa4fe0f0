//! The requests in the system.

/// The index of a request in memory, which is reused after its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot(pub(super) u32);

/// A request between its arrival and its end. Times in microseconds.
#[derive(Clone, Copy)]
pub(super) struct SimulatedRequest {
    /// The number of the request, from 0, over the whole run.
    pub(super) number: u64,
    pub(super) arrived_us: u64,
    /// The time at which the latest attempt was admitted.
    pub(super) admitted_us: u64,
    /// The time at which the latest attempt took its slot.
    pub(super) started_us: u64,
    /// Its kind of operation.
    pub(super) kind: usize,
    /// The latest attempt's number over the whole run, in the order of admission.
    pub(super) admission: u64,
    /// The time at which the latest attempt times out.
    pub(super) bound_us: u64,
    /// The number of attempts so far, including the latest.
    pub(super) attempt: u16,
    /// Whether it arrived in the window.
    pub(super) counted: bool,
    /// Whether the latest attempt fails when it ends.
    pub(super) fails: bool,
    /// Whether a retry was scheduled.
    pub(super) retrying: bool,
    /// The phase of the latest attempt.
    pub(super) phase: Phase,
}

/// The phase of an attempt, for timeouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It waits for a slot.
    Waiting,
    /// It is in flight and will time out.
    Late,
    /// It is in flight and will end in time, or it has ended.
    Other,
}

/// The requests in the system. Uses memory for the maximum number of simultaneous requests.
#[derive(Default)]
pub(super) struct Requests {
    slots: Vec<SimulatedRequest>,
    vacant: Vec<Slot>,
}

impl Requests {
    /// Stores a request. No run has 2^32 arrivals.
    pub(super) fn insert(&mut self, request: SimulatedRequest) -> Slot {
        if let Some(slot) = self.vacant.pop() {
            *self.at(slot) = request;
            return slot;
        }
        let slot = Slot(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        self.slots.push(request);
        slot
    }

    pub(super) fn at(&mut self, slot: Slot) -> &mut SimulatedRequest {
        &mut self.slots[slot.0 as usize]
    }

    /// Removes a request, and returns its last state.
    pub(super) fn remove(&mut self, slot: Slot) -> SimulatedRequest {
        self.vacant.push(slot);
        *self.at(slot)
    }

    /// Returns the number of requests in the system.
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.vacant.len()
    }
}
