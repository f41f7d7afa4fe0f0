//! Future events in the order of time.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::requests::RequestIndex;

/// A time that is never reached.
pub(super) const NEVER: u64 = u64::MAX;

/// Requests by time. Requests with the same time are in insertion order.
#[derive(Default)]
pub(super) struct Timeline {
    /// The entries. From the most significant bit, each entry contains 56 bits for the time in
    /// microseconds, 40 bits for the insertion order, and 32 bits for the index. No run lasts 2000
    /// years or has 10^12 attempts.
    entries: BinaryHeap<Reverse<u128>>,
    pushed: u64,
}

impl Timeline {
    pub(super) fn push(&mut self, time_us: u64, index: RequestIndex) {
        self.push_in_order(time_us, self.pushed, index);
        self.pushed += 1;
    }

    /// Adds an index with an explicit order among the entries with the same time.
    pub(super) fn push_in_order(
        &mut self,
        time_us: u64,
        order: u64,
        RequestIndex(index): RequestIndex,
    ) {
        let order = u128::from(time_us) << 72 | u128::from(order) << 32;
        self.entries.push(Reverse(order | u128::from(index)));
    }

    /// Removes the first entry. Returns its index and its order.
    pub(super) fn pop_in_order(&mut self) -> Option<(RequestIndex, u64)> {
        let Reverse(entry) = self.entries.pop()?;
        Some((RequestIndex((entry & 0xFFFF_FFFF) as u32), (entry >> 32 & 0xFF_FFFF_FFFF) as u64))
    }

    /// Returns the time of the first entry, or [`NEVER`].
    pub(super) fn first_us(&self) -> u64 {
        self.entries.peek().map_or(NEVER, |Reverse(entry)| (entry >> 72) as u64)
    }

    /// Removes the first entry and returns its index.
    pub(super) fn pop(&mut self) -> Option<RequestIndex> {
        self.pop_in_order().map(|(index, _)| index)
    }

    /// Removes all entries.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
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
            timeline.push(time, RequestIndex(1000 - slot));
        }
        let left = [0, 3, 3, 7, 7, 1 << 55].map(|time| {
            assert_eq!(timeline.first_us(), time);
            timeline.pop().map(|RequestIndex(slot)| 1000 - slot)
        });
        assert_eq!(left.map(Option::unwrap), [5, 1, 4, 0, 2, 3]);
        assert_eq!(timeline.first_us(), NEVER);
    }

    #[test]
    fn cleared_timeline_has_no_entries() {
        let mut timeline = Timeline::default();
        timeline.push(5, RequestIndex(0));
        timeline.clear();
        assert_eq!((timeline.first_us(), timeline.pop()), (NEVER, None));
    }
}
