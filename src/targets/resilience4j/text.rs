//! Translates `application.properties` to the names of the table, with one scope per instance.

use std::collections::{BTreeMap, BTreeSet};

use super::{SEMAPHORE_SETTINGS, THREAD_POOL_SETTINGS};
use crate::targets::syntax::{Entry, Parsed, spring};

/// The modules that concern a contract, each with its uniform name.
const MODULES: [(&str, &str); 4] = [
    ("retry", "retry"),
    ("bulkhead", "bulkhead"),
    ("threadpoolbulkhead", "thread-pool-bulkhead"),
    ("timelimiter", "timelimiter"),
];

/// The configuration for all instances without another one.
const DEFAULT: &str = "default";
/// The setting with the configuration of an instance.
const BASE: &str = "base-config";

/// The settings that no version has any more.
pub(super) const IGNORED: &[(&str, &str)] = &[(
    "resilience4j.retry.instances.{driver}.max-retry-attempts",
    "since version 2, its name is `max-attempts`",
)];

/// The names of settings that concern no contract field, sorted.
pub(super) const THREAD_POOL_OTHERS: &[&str] = &[
    "resilience4j.bulkhead.instances.{driver}.",
    "resilience4j.retry.instances.{driver}.base-config",
    "resilience4j.retry.instances.{driver}.consume-result-before-retry-attempt",
    "resilience4j.retry.instances.{driver}.event-consumer-buffer-size",
    "resilience4j.retry.instances.{driver}.fail-after-max-attempts",
    "resilience4j.retry.instances.{driver}.ignore-exceptions",
    "resilience4j.retry.instances.{driver}.interval-bi-function",
    "resilience4j.retry.instances.{driver}.result-predicate",
    "resilience4j.retry.instances.{driver}.retry-exception-predicate",
    "resilience4j.retry.instances.{driver}.retry-exceptions",
    "resilience4j.thread-pool-bulkhead.instances.{driver}.base-config",
    "resilience4j.thread-pool-bulkhead.instances.{driver}.context-propagators",
    "resilience4j.thread-pool-bulkhead.instances.{driver}.event-consumer-buffer-size",
    "resilience4j.thread-pool-bulkhead.instances.{driver}.keep-alive-duration",
    "resilience4j.thread-pool-bulkhead.instances.{driver}.writable-stack-trace-enabled",
    "resilience4j.timelimiter.instances.{driver}.base-config",
    "resilience4j.timelimiter.instances.{driver}.cancel-running-future",
    "resilience4j.timelimiter.instances.{driver}.event-consumer-buffer-size",
];

/// The names of settings that concern no contract field, sorted.
pub(super) const SEMAPHORE_OTHERS: &[&str] = &[
    "resilience4j.bulkhead.instances.{driver}.base-config",
    "resilience4j.bulkhead.instances.{driver}.event-consumer-buffer-size",
    "resilience4j.bulkhead.instances.{driver}.writable-stack-trace-enabled",
    "resilience4j.retry.instances.{driver}.base-config",
    "resilience4j.retry.instances.{driver}.consume-result-before-retry-attempt",
    "resilience4j.retry.instances.{driver}.event-consumer-buffer-size",
    "resilience4j.retry.instances.{driver}.fail-after-max-attempts",
    "resilience4j.retry.instances.{driver}.ignore-exceptions",
    "resilience4j.retry.instances.{driver}.interval-bi-function",
    "resilience4j.retry.instances.{driver}.result-predicate",
    "resilience4j.retry.instances.{driver}.retry-exception-predicate",
    "resilience4j.retry.instances.{driver}.retry-exceptions",
    "resilience4j.thread-pool-bulkhead.instances.{driver}.",
    "resilience4j.timelimiter.instances.{driver}.base-config",
    "resilience4j.timelimiter.instances.{driver}.cancel-running-future",
    "resilience4j.timelimiter.instances.{driver}.event-consumer-buffer-size",
];

/// Names the settings of all instances as those of the table, and leaves out all other parts of the
/// application.
pub(super) fn translated(_: &str, parsed: Parsed) -> Parsed {
    let mut reader = Reader::default();
    for entry in parsed.entries {
        reader.entry(entry);
    }
    reader.parsed(Parsed { entries: Vec::new(), ..parsed })
}

/// A name of a configuration in a module.
type Name = (&'static str, String);

#[derive(Default)]
struct Reader {
    /// The settings of instances.
    instances: Vec<(Name, Entry)>,
    /// The settings of configurations that instances share.
    configs: Vec<(Name, Entry)>,
    /// The configuration of each instance that names one.
    bases: BTreeMap<Name, String>,
}

impl Reader {
    fn entry(&mut self, entry: Entry) {
        let key = entry.key.clone();
        let Some(parts) = spring::parts_after(&key, &["resilience4j"]) else { return };
        let [module, kind, name, setting, ..] = parts.as_slice() else { return };
        let (module, kind) = (spring::uniform(module), spring::uniform(kind));
        let known = MODULES.iter().find(|(uniform, _)| *uniform == module);
        let Some((_, module)) = known else { return };
        let entry = Entry { key: key_of(module, setting), ..entry };
        let name = (*module, (*name).to_owned());
        match kind.as_str() {
            "instances" | "backends" => {
                if spring::uniform(setting) == spring::uniform(BASE) {
                    self.bases.insert(name.clone(), entry.value.clone());
                }
                self.instances.push((name, entry));
            }
            "configs" => self.configs.push((name, entry)),
            _ => {}
        }
    }

    fn parsed(self, parsed: Parsed) -> Parsed {
        let names: BTreeSet<String> =
            self.instances.iter().map(|((_, name), _)| name.clone()).collect();
        let mut entries = Vec::new();
        for ((_, name), entry) in &self.configs {
            if name == DEFAULT {
                entries.push(entry.clone());
            }
        }
        for ((module, instance), base) in &self.bases {
            let shared = self.configs.iter().filter(|((of, name), _)| of == module && name == base);
            let is_own = |key: &str| {
                let own = |(name, entry): &(Name, Entry)| name.1 == *instance && entry.key == key;
                self.instances.iter().any(own)
            };
            let shared = shared.filter(|(_, entry)| base != DEFAULT && !is_own(&entry.key));
            let scoped =
                |(_, entry): &(Name, Entry)| Entry { scope: instance.clone(), ..entry.clone() };
            entries.extend(shared.map(scoped));
        }
        let own = self.instances.into_iter();
        entries.extend(own.map(|((_, scope), entry)| Entry { scope, ..entry }));
        Parsed { entries, scopes: names, ..parsed }
    }
}

/// Returns the name of a setting in the table, or the same name if the table does not have it.
fn key_of(module: &str, setting: &str) -> String {
    let prefix = format!("resilience4j.{module}.instances.{{driver}}.");
    let settings = THREAD_POOL_SETTINGS.iter().chain(SEMAPHORE_SETTINGS);
    let others = THREAD_POOL_OTHERS.iter().chain(SEMAPHORE_OTHERS).copied();
    let ignored = IGNORED.iter().map(|(name, _)| *name);
    let names = settings.map(|setting| setting.name).chain(others).chain(ignored);
    let mut own = names.filter_map(|name| name.strip_prefix(&prefix));
    let known = own.find(|own| spring::uniform(own) == spring::uniform(setting));
    prefix.clone() + known.unwrap_or(setting)
}
