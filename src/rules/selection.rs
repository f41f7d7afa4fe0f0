//! Selects the drivers that a rule about several drivers has to look at. Must never hold a rule.

use std::collections::BTreeSet;

use super::DriverView;
use crate::model::DriverContract;

/// The drivers that a rule about several drivers looks at.
#[derive(Clone, Copy, Debug)]
pub enum DriverSelection {
    /// The drivers for which the function returns true.
    Each(fn(&DriverView<'_>) -> bool),
    /// The drivers with a key whose hash occurs in another driver too.
    Sharing(&'static SharedKey),
}

/// What drivers may have in common.
///
/// Rules that look for the same share one; it is known by its address.
#[derive(Debug)]
pub struct SharedKey {
    /// How many keys a driver has.
    pub(super) keys: usize,
    /// Hands over the hashes of a driver's keys, always as many.
    pub(super) each_key: fn(&DriverContract, &mut dyn FnMut(u64)),
}

impl SharedKey {
    /// The places of the drivers of which a key occurs again, here or in another driver, each once
    /// and in order. Two keys with one hash count as the same.
    ///
    /// Given are the keys of all drivers, in parts, in their order.
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
    fn drivers_that_share_a_key_are_found_in_all_parts() {
        let pairs = SharedKey { keys: 2, each_key: |_, _| {} };
        let parts: [&[u64]; 3] = [&[1, 2, 3, 4], &[5, 2, 6, 7], &[8, 8]];
        assert_eq!(pairs.repeated(&parts), [0, 2, 4]);
        assert!(pairs.repeated(&[&[1, 2], &[3, 4]]).is_empty());
        assert!(pairs.repeated(&[]).is_empty());
    }
}
