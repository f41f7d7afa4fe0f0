//! Future events in the order of time.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::requests::RequestIndex;

/// A time that is never reached.
pub(super) const NEVER: u64 = u64::MAX;
/// The slot value of an entry that has no slot.
const NO_SLOT: u32 = u32::MAX;

/// Requests by time. Requests with the same time are in insertion order.
#[derive(Default)]
pub(super) struct Timeline {
    /// The entries. From the most significant bit, each entry contains 56 bits for the time in
    /// microseconds, 40 bits for the insertion order, and 32 bits for the slot. No run lasts 2000
    /// years or has 10^12 attempts.
    entries: BinaryHeap<Reverse<u128>>,
    pushed: u64,
}

impl Timeline {
    pub(super) fn push(&mut self, time_us: u64, slot: Option<RequestIndex>) {
        self.push_in_order(time_us, self.pushed, slot.unwrap_or(RequestIndex(NO_SLOT)));
        self.pushed += 1;
    }

    /// Adds a slot with an explicit order among the entries with the same time.
    pub(super) fn push_in_order(
        &mut self,
        time_us: u64,
        order: u64,
        RequestIndex(slot): RequestIndex,
    ) {
        let order = u128::from(time_us) << 72 | u128::from(order) << 32;
        self.entries.push(Reverse(order | u128::from(slot)));
    }

    /// Removes the first entry. Returns its slot and its order.
    pub(super) fn pop_in_order(&mut self) -> Option<(RequestIndex, u64)> {
        let Reverse(entry) = self.entries.pop()?;
        Some((RequestIndex((entry & 0xFFFF_FFFF) as u32), (entry >> 32 & 0xFF_FFFF_FFFF) as u64))
    }

    /// Returns the time of the first entry, or [`NEVER`].
    pub(super) fn first_us(&self) -> u64 {
        self.entries.peek().map_or(NEVER, |Reverse(entry)| (entry >> 72) as u64)
    }

    /// Removes the first entry. Returns its slot, if it has one.
    pub(super) fn pop(&mut self) -> Option<RequestIndex> {
        self.pop_in_order().map(|(slot, _)| slot).filter(|RequestIndex(slot)| *slot != NO_SLOT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_leave_in_order_of_time_then_insertion() {
        let mut timeline = Timeline::default();
        let times = [7, 3, 7, 1 << 55, 3, 0];
        for (slot, time) in (0..).zip(times) {
            timeline.push(time, Some(RequestIndex(1000 - slot)));
        }
        let left = [0, 3, 3, 7, 7, 1 << 55].map(|time| {
            assert_eq!(timeline.first_us(), time);
            timeline.pop().map(|RequestIndex(slot)| 1000 - slot)
        });
        assert_eq!(left.map(Option::unwrap), [5, 1, 4, 0, 2, 3]);
        assert_eq!(timeline.first_us(), NEVER);
    }

    #[test]
    fn timeline_returns_entry_without_slot_at_its_time() {
        let mut timeline = Timeline::default();
        timeline.push(5, None);
        assert_eq!((timeline.first_us(), timeline.pop()), (5, None));
        assert_eq!(timeline.first_us(), NEVER);
    }
}
