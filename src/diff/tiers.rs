//! Orders support tiers.

use super::Direction;
use crate::configuration::Configuration;

/// Returns the direction of a tier change, or [`Direction::Change`] if one of the tiers is not in
/// `support_tiers`.
pub(super) fn of_tiers(configuration: &Configuration, old: &str, new: &str) -> Direction {
    let rank =
        |tier: &str| configuration.support_tiers.iter().position(|known| known.as_str() == tier);
    match (rank(old), rank(new)) {
        // The first tier is the top tier.
        (Some(old), Some(new)) if new < old => Direction::Increase,
        (Some(old), Some(new)) if new > old => Direction::Decrease,
        _ => Direction::Change,
    }
}
