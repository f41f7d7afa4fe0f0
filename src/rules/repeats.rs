//! The few contracts that may have something in common with another one, out of very many. No rule
//! stands here.

use crate::{fingerprint::Sieve, model::DriverContract, workspace::Workspace};

/// The drivers of which a key may occur again, here or in another driver, by name.
///
/// `each_key` hands over the fingerprints of a driver's keys, about `keys` of them. No driver is
/// left out of which a key does occur again.
pub(super) fn drivers_with_repeats(
    workspace: &Workspace,
    keys: usize,
    each_key: impl Fn(&DriverContract, &mut dyn FnMut(u64)),
) -> Vec<&DriverContract> {
    // In the order in which they were read, contracts stand side by side in memory.
    let all = || workspace.drivers_as_read();
    let mut sieve = Sieve::new(all().count() * keys);
    for contract in all() {
        each_key(contract, &mut |key| sieve.note(key));
    }
    let may_repeat = |contract: &&DriverContract| {
        let mut any = false;
        each_key(contract, &mut |key| any |= sieve.may_repeat(key));
        any
    };
    let mut left: Vec<_> = all().filter(may_repeat).collect();
    left.sort_unstable_by(|left, right| left.name.cmp(&right.name));
    left
}
