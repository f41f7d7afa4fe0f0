//! The order of the support tiers.

use super::Direction;
use crate::configuration::Configuration;

/// Where a support tier went; [`Direction::Change`] where the project does not order the two.
pub(super) fn of_tiers(configuration: &Configuration, old: &str, new: &str) -> Direction {
    let rank =
        |tier: &str| configuration.support_tiers.iter().position(|known| known.as_str() == tier);
    match (rank(old), rank(new)) {
        // The best supported tier is the first.
        (Some(old), Some(new)) if new < old => Direction::Increase,
        (Some(old), Some(new)) if new > old => Direction::Decrease,
        _ => Direction::Change,
    }
}
