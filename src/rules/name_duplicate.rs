//! Reports drivers whose names differ only in underscores.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{
    Check, DeclarationId, DriverSelection, DriversView, Level, Lint, Rule, RuleFindings, SharedKey,
    rule,
};
use crate::{
    finding::Finding,
    model::{DriverContract, DriverName},
    source::hash,
};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(DriverSelection::Sharing(&LETTERS), check) };

static RULE: Rule =
    rule!("name-duplicate", Level::Error, "two driver names differ only in underscores");

fn check(view: &DriversView<'_>, findings: &mut RuleFindings) {
    let mut names = BTreeMap::new();
    for contract in view.drivers {
        let name = &contract.name;
        match names.entry(folded(name)) {
            Entry::Vacant(entry) => _ = entry.insert(name),
            Entry::Occupied(entry) => findings.push(name_duplicate(name, entry.get())),
        }
    }
}

/// Returns the name without underscores, except underscores between two digits.
fn folded(name: &str) -> String {
    let is_digit = |character: char| character.is_ascii_digit();
    let mut folded = String::with_capacity(name.len());
    for word in name.split('_') {
        if folded.ends_with(is_digit) && word.starts_with(is_digit) {
            folded.push('_');
        }
        folded.push_str(word);
    }
    folded
}

static LETTERS: SharedKey = SharedKey { keys: 1, for_each_key };

/// Passes the hash of the name without underscores to a function. Two names that differ only in
/// underscores have the same hash.
fn for_each_key(contract: &DriverContract, found: &mut dyn FnMut(u64)) {
    let mut words = [0; DriverName::MAX];
    let mut length = 0;
    for byte in contract.name.bytes().filter(|byte| *byte != b'_') {
        words[length] = byte;
        length += 1;
    }
    found(hash(&words[..length]));
}

fn name_duplicate(name: &DriverName, first: &DriverName) -> Finding {
    RULE.finding(
        DeclarationId::Driver(name.clone()).whole(),
        format!("`{name}` and `{first}` differ only in underscores"),
    )
    .about(DeclarationId::Driver(first.clone()))
    .also(DeclarationId::Driver(first.clone()).whole(), "the other name")
    .help("rename one driver, or delete it")
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn underscores_distinguish_names_only_between_digits() {
        assert_eq!(folded("kafka_async_"), "kafkaasync");
        assert_eq!(folded("kafka_2"), folded("kafka2"));
        assert_eq!(folded("shard_1__12"), "shard1_12");
        assert_ne!(folded("shard_1_12"), folded("shard_11_2"));
    }
}
