//! The requests in the system.

/// The place of a request in memory, used again after its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot(pub(super) u32);

/// One request between its arrival and its end. Times in microseconds.
#[derive(Clone, Copy)]
pub(super) struct Request {
    /// From 0 over the whole run.
    pub(super) number: u64,
    pub(super) arrived_us: u64,
    /// When the latest attempt was admitted.
    pub(super) admitted_us: u64,
    /// When the latest attempt took its place in flight.
    pub(super) started_us: u64,
    /// Its kind of operation.
    pub(super) kind: usize,
    /// The attempts so far, the latest included.
    pub(super) attempt: u16,
    /// Whether it arrived in the window.
    pub(super) counted: bool,
    /// Whether the latest attempt fails when it ends.
    pub(super) fails: bool,
}

/// The requests in the system, and no memory of others beyond the most that there were at once.
#[derive(Default)]
pub(super) struct Requests {
    slots: Vec<Request>,
    vacant: Vec<Slot>,
}

impl Requests {
    /// Keeps a request. No run has 2^32 arrivals.
    pub(super) fn insert(&mut self, request: Request) -> Slot {
        if let Some(slot) = self.vacant.pop() {
            *self.at(slot) = request;
            return slot;
        }
        let slot = Slot(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        self.slots.push(request);
        slot
    }

    pub(super) fn at(&mut self, slot: Slot) -> &mut Request {
        &mut self.slots[slot.0 as usize]
    }

    /// Forgets a request, as it was last.
    pub(super) fn remove(&mut self, slot: Slot) -> Request {
        self.vacant.push(slot);
        *self.at(slot)
    }

    /// How many are in the system.
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.vacant.len()
    }
}
