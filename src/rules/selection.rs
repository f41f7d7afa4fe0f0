//! Selects the drivers for rules that check several drivers together.
//!
//! This module contains no rules.

use std::collections::BTreeSet;

use super::DriverView;
use crate::model::DriverContract;

/// The drivers that a rule about several drivers checks.
#[derive(Clone, Copy, Debug)]
pub enum DriverSelection {
    /// The drivers for which the function returns true.
    Each(fn(&DriverView<'_>) -> bool),
    /// The drivers with a key whose hash occurs more than once, in the same driver or in another
    /// driver.
    Sharing(&'static SharedKey),
}

/// Keys that drivers can have in common.
///
/// Rules that compare the same keys share one instance. Instances are compared by address.
#[derive(Debug)]
pub struct SharedKey {
    /// The number of keys per driver.
    pub(super) keys: usize,
    /// Calls the function with the hash of each key of a driver, always `keys` times.
    pub(super) for_each_key: fn(&DriverContract, &mut dyn FnMut(u64)),
}

impl SharedKey {
    /// Returns the indices of the drivers with a key that occurs more than once, in the same driver
    /// or in another driver. The indices are sorted and unique. Keys with the same hash are treated
    /// as equal.
    ///
    /// `parts` contains the keys of all drivers, in the order of the drivers.
    pub(super) fn repeated(&self, parts: &[&[u64]]) -> Vec<usize> {
        let drivers = parts.iter().flat_map(|part| part.chunks(self.keys)).enumerate();
        let keys = drivers.flat_map(|(place, keys)| keys.iter().map(move |key| (*key, place)));
        let mut keys: Vec<_> = keys.collect();
        keys.sort_unstable();
        let same = keys.chunk_by(|(key, _), (next, _)| key == next);
        let repeated = same.filter(|same| same.len() > 1).flatten();
        let repeated: BTreeSet<_> = repeated.map(|(_, place)| *place).collect();
        repeated.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_finds_shared_keys_across_parts() {
        let pairs = SharedKey { keys: 2, for_each_key: |_, _| {} };
        let parts: [&[u64]; 3] = [&[1, 2, 3, 4], &[5, 2, 6, 7], &[8, 8]];
        assert_eq!(pairs.repeated(&parts), [0, 2, 4]);
        assert!(pairs.repeated(&[&[1, 2], &[3, 4]]).is_empty());
        assert!(pairs.repeated(&[]).is_empty());
    }
}
