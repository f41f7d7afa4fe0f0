//! Settings of which a configuration has one set per instance, each with a name.

use std::collections::BTreeSet;

use super::{options::TargetOptions, syntax::spring::uniform};

/// Stands for the name of the instance in the name of a setting.
pub(super) const DRIVER: &str = "{driver}";

/// Returns a text in which the name of the instance replaces its place.
pub(super) fn named(text: &str, instance: &str) -> String {
    text.replace(DRIVER, instance)
}

/// Returns the instance with the name of a driver. Returns `None` if no instance has this name, or
/// if the settings have no instances.
pub(super) fn own<'s>(
    options: TargetOptions,
    scopes: &'s BTreeSet<String>,
    driver: &str,
) -> Option<&'s String> {
    let has_instances = options.settings().any(|setting| setting.name.contains(DRIVER));
    let is_own = |scope: &&String| uniform(scope) == uniform(driver);
    scopes.iter().find(is_own).filter(|_| has_instances)
}

/// Returns the name of the instances that a driver without its own instance is compared with.
pub(super) fn others(scopes: &BTreeSet<String>, driver: &str) -> String {
    let mut names = scopes.iter();
    match (names.next(), names.next()) {
        (None, _) => driver.to_owned(),
        (Some(name), None) => name.clone(),
        (Some(_), Some(_)) => "*".to_owned(),
    }
}
