//! Which drivers a rule about several of them has to look at, out of very many. No rule stands
//! here.

use super::DriverView;
use crate::{fingerprint::Sieve, model::DriverContract};

/// Which drivers a rule about several of them has to look at.
#[derive(Clone, Copy, Debug)]
pub enum Pick {
    /// Those of which this is true, each looked at by itself.
    Each(fn(&DriverView<'_>) -> bool),
    /// Those that may have something in common with another driver.
    Common(&'static Common),
}

/// What drivers may have in common.
///
/// Rules that look for the same share one; it is known by its address.
#[derive(Debug)]
pub struct Common {
    /// How many keys a driver has.
    pub(super) keys: usize,
    /// Hands over the fingerprints of a driver's keys, always as many.
    pub(super) each_key: fn(&DriverContract, &mut dyn FnMut(u64)),
}

impl Common {
    /// The places of the drivers of which a key may occur again, here or in another driver. No
    /// driver is left out of which a key does occur again.
    ///
    /// Given are the keys of all drivers, in parts, in their order.
    pub(super) fn repeated(&self, parts: &[&[u64]]) -> Vec<usize> {
        let keys = || parts.iter().copied().flatten();
        let mut sieve = Sieve::new(keys().count());
        keys().for_each(|key| sieve.note(*key));
        let drivers = parts.iter().flat_map(|part| part.chunks(self.keys)).enumerate();
        let repeated = drivers.filter(|(_, keys)| keys.iter().any(|key| sieve.may_repeat(*key)));
        repeated.map(|(place, _)| place).collect()
    }
}
