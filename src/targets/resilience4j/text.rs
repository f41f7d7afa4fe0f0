//! Translates `application.properties` to the names of the table, with one scope per instance.

use std::collections::{BTreeMap, BTreeSet};

use super::{SEMAPHORE_SETTINGS, THREAD_POOL_SETTINGS, rows};
use crate::targets::syntax::{Entry, Parsed, SyntaxFault, spring};

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

/// The module of retries.
const RETRY: &str = "retry";
/// The module that has no `backends`.
const TIME_LIMITER: &str = "timelimiter";
/// The settings that apply only at a place with `wait-duration`.
const BACKOFF: [&str; 5] =
    [rows::EXPONENTIAL, rows::MULTIPLIER, rows::LONGEST, rows::RANDOMIZED, rows::FACTOR];
const NO_WAIT: &str = "the setting has no effect: without its own `wait-duration`, an instance has \
                       the backoffs of its configuration";

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

/// Gives the settings of all instances the names of the table, and leaves out all other settings of
/// the application.
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
    /// The instances with a first backoff.
    instance_waits: BTreeSet<String>,
    /// The configurations with a first backoff.
    config_waits: BTreeSet<String>,
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
        let is_wait = entry.key == rows::WAIT;
        match kind.as_str() {
            "backends" if module == &TIME_LIMITER => {}
            "instances" | "backends" => {
                if spring::uniform(setting) == spring::uniform(BASE) {
                    self.bases.insert(name.clone(), entry.value.clone());
                }
                self.instance_waits.extend(is_wait.then(|| name.1.clone()));
                self.instances.push((name, entry));
            }
            "configs" => {
                self.config_waits.extend(is_wait.then(|| name.1.clone()));
                self.configs.push((name, entry));
            }
            _ => {}
        }
    }

    fn parsed(self, parsed: Parsed) -> Parsed {
        let names: BTreeSet<String> =
            self.instances.iter().map(|((_, name), _)| name.clone()).collect();
        let mut entries = self.general(&names);
        for (name, base) in &self.bases {
            entries.extend(self.shared(name, base));
        }
        let own = self.instances.iter();
        let (own, dead): (Vec<_>, Vec<_>) =
            own.partition(|(name, entry)| self.applies(name, entry));
        entries.extend(own.into_iter().map(|((_, name), entry)| scoped(entry, name)));
        let dead = dead.into_iter().map(|((_, name), entry)| {
            (name.clone(), SyntaxFault { message: NO_WAIT, span: entry.key_span })
        });
        Parsed { entries, scopes: names, dead: dead.collect(), ..parsed }
    }

    /// Returns the settings that all instances share. An instance with its own first backoff does not
    /// inherit the random factor.
    fn general(&self, names: &BTreeSet<String>) -> Vec<Entry> {
        let heirs: Vec<_> = names.iter().filter(|name| !self.has_own_wait(name)).collect();
        let shared = self.configs.iter().filter(|((_, name), _)| name == DEFAULT);
        let mut entries = Vec::new();
        for (_, entry) in shared {
            if entry.key == rows::FACTOR && heirs.len() < names.len() {
                entries.extend(heirs.iter().map(|name| scoped(entry, name)));
            } else {
                entries.push(entry.clone());
            }
        }
        entries
    }

    /// Returns the settings that an instance has from the configuration that it names.
    fn shared(&self, (module, instance): &Name, base: &str) -> Vec<Entry> {
        let is_own = |key: &str| {
            let own = |(name, entry): &(Name, Entry)| name.1 == *instance && entry.key == key;
            self.instances.iter().any(own)
        };
        let has_wait = self.instance_waits.contains(instance);
        let is_lost = |key: &str| is_own(key) || has_wait && key == rows::FACTOR;
        let shared = self.configs.iter().filter(|((of, name), entry)| {
            of == module && name == base && base != DEFAULT && !is_lost(&entry.key)
        });
        shared.map(|(_, entry)| scoped(entry, instance)).collect()
    }

    /// Returns true if a setting of an instance has an effect.
    fn applies(&self, (module, instance): &Name, entry: &Entry) -> bool {
        let base = self.bases.get(&(*module, instance.clone()));
        let mut configs = base.map(String::as_str).into_iter().chain([DEFAULT]);
        !BACKOFF.contains(&&*entry.key)
            || self.instance_waits.contains(instance)
            || !configs.any(|name| self.config_waits.contains(name))
    }

    /// Returns true if an instance, or the configuration that it names, has its own first backoff.
    fn has_own_wait(&self, instance: &str) -> bool {
        let base = self.bases.get(&(RETRY, instance.to_owned())).filter(|base| *base != DEFAULT);
        self.instance_waits.contains(instance)
            || base.is_some_and(|base| self.config_waits.contains(base))
    }
}

/// Returns a setting of an instance.
fn scoped(entry: &Entry, instance: &str) -> Entry {
    Entry { scope: instance.to_owned(), ..entry.clone() }
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
