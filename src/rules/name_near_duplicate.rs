//! Reports drivers whose names differ by a single letter.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Check, DeclarationId, DriverSelection, DriversView, Level, Lint, Parameter, Rule, RuleFindings,
    SharedKey, rule,
};
use crate::{finding::Finding, model::DriverName, source::hash};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(DriverSelection::Sharing(&OTHERS), check) };

static RULE: Rule =
    rule!("name-near-duplicate", Level::Warn, "two driver names differ by a single letter")
        .parameters(&[&MIN_LENGTH, &MIN_WORD]);

static MIN_LENGTH: Parameter = Parameter {
    name: "min_length",
    default: 5,
    min: 1,
    max: 63,
    summary: "the minimum length of a compared name, in characters",
};

static MIN_WORD: Parameter = Parameter {
    name: "min_word",
    default: 3,
    min: 1,
    max: 63,
    summary: "the minimum length of a compared word, in letters",
};

fn check(view: &DriversView<'_>, findings: &mut RuleFindings) {
    let min_length = view.configuration.parameter(&RULE, &MIN_LENGTH);
    let min_word = view.configuration.parameter(&RULE, &MIN_WORD);
    let names = view.drivers.iter().map(|contract| &contract.name);
    let names: Vec<_> = names.filter(|name| name.len() as u64 >= min_length).collect();
    let texts: Vec<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
    for (name, like) in alike(&texts, min_word) {
        let like: Vec<_> = like.into_iter().map(|like| names[like]).collect();
        findings.extend(name_near_duplicate(names[name], &like));
    }
}

static OTHERS: SharedKey = SharedKey {
    keys: 1,
    for_each_key: |contract, found| found(hash_of_others(contract.name.as_bytes())),
};

/// Returns the hash of all characters of a name except lower-case letters. A misspelling does not
/// change these characters. Numbered names usually differ in this hash.
fn hash_of_others(name: &[u8]) -> u64 {
    let mut others = [0; DriverName::MAX];
    let mut length = 0;
    for byte in name.iter().filter(|byte| !byte.is_ascii_lowercase()) {
        others[length] = *byte;
        length += 1;
    }
    hash(&others[..length])
}

/// Reports a name with the first name that it is like. A baseline has a line for each of these
/// names, so that another one is reported.
fn name_near_duplicate(name: &DriverName, like: &[&DriverName]) -> Option<Finding> {
    let first = like.first()?;
    let driver = |name: &DriverName| DeclarationId::Driver(name.clone()).whole();
    let finding = RULE.finding(driver(name), format!("`{name}` is one letter away from `{first}`"));
    Some(
        finding
            .with_parts(like.iter().map(|like| driver(like)))
            .also(driver(first), "the other name")
            .help("rename the misspelt driver, or use names that differ in a word"),
    )
}

/// Returns the names that might be a misspelling of earlier names, each with these earlier names.
///
/// A name and its misspelling share a key, so only names with a common key are compared. The time
/// is nearly linear in the number of names.
fn alike(names: &[&[u8]], min_word: u64) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut alike: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let keys = sorted_keys(names, min_word);
    for group in keys.chunk_by(|left, right| left.0 == right.0) {
        for (place, (_, name)) in group.iter().enumerate() {
            let earlier = group[..place].iter().map(|(_, earlier)| *earlier);
            for like in earlier.filter(|like| is_slip(names[*like], names[*name], min_word)) {
                alike.entry(*name).or_default().insert(like);
            }
        }
    }
    alike
}

/// Returns the keys with the index of each name, sorted by key and index.
fn sorted_keys(names: &[&[u8]], min_word: u64) -> Vec<(u64, usize)> {
    let mut keys = Vec::new();
    for (number, name) in names.iter().enumerate() {
        each_key(name, min_word, |key| keys.push((key, number)));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Passes the keys of a name to a function: the hash of the name and, for each letter, the hash of
/// the name without this letter. A hash collision only costs an additional comparison.
fn each_key(name: &[u8], min_word: u64, mut found: impl FnMut(u64)) {
    found(hash(name));
    let Some(last) = name.len().checked_sub(1) else { return };
    // The name without the current letter.
    let mut shorter = [0; DriverName::MAX];
    shorter[..last].copy_from_slice(&name[1..]);
    for at in 0..name.len() {
        if word_around(name, at) >= min_word {
            found(hash(&shorter[..last]));
        }
        if at < last {
            shorter[at] = name[at];
        }
    }
}

/// Returns true if two names differ in one letter, or in two swapped adjacent letters, inside a
/// word that is long enough.
fn is_slip(left: &[u8], right: &[u8], min_word: u64) -> bool {
    let same = |(left, right): &(&u8, &u8)| left == right;
    let start = left.iter().zip(right).take_while(same).count();
    let (left_rest, right_rest) = (&left[start..], &right[start..]);
    let end = left_rest.iter().rev().zip(right_rest.iter().rev()).take_while(same).count();
    let left_changed = &left_rest[..left_rest.len() - end];
    let right_changed = &right_rest[..right_rest.len() - end];
    let one_slip = match (left_changed, right_changed) {
        ([_], [_] | []) | ([], [_]) => true,
        ([first, second], [third, fourth]) => first == fourth && second == third,
        _ => false,
    };
    let longer = if left.len() > right.len() { left } else { right };
    one_slip
        && left_changed.iter().chain(right_changed).all(u8::is_ascii_lowercase)
        && word_around(longer, start) >= min_word
}

/// Returns the length of the run of letters that contains an index, or 0 if there is no letter at
/// the index.
fn word_around(name: &[u8], at: usize) -> u64 {
    let is_letter = |byte: &&u8| byte.is_ascii_lowercase();
    let after = name[at..].iter().take_while(is_letter).count();
    if after == 0 {
        return 0;
    }
    let before = name[..at].iter().rev().take_while(is_letter).count();
    (before + after) as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Compares every pair of names.
    fn brute_force(names: &[&[u8]], min_word: u64) -> BTreeMap<usize, BTreeSet<usize>> {
        let like = |name: usize| -> BTreeSet<usize> {
            (0..name).filter(|like| is_slip(names[*like], names[name], min_word)).collect()
        };
        let all = (0..names.len()).map(|name| (name, like(name)));
        all.filter(|(_, like)| !like.is_empty()).collect()
    }

    fn bytes(names: &[String]) -> Vec<&[u8]> {
        names.iter().map(String::as_bytes).collect()
    }

    proptest! {
        #[test]
        fn shared_keys_find_same_pairs_as_brute_force(
            names in prop::collection::btree_set("[ab]{0,3}[a-c1_]{1,4}[ab]{0,3}", 0..60),
            min_word in 1..5_u64,
        ) {
            let names: Vec<String> = names.into_iter().collect();
            let names = bytes(&names);
            prop_assert_eq!(alike(&names, min_word), brute_force(&names, min_word));
        }

        #[test]
        fn misspelling_is_one_edit_that_preserves_digits_and_underscores(
            left in "[a-c1_]{1,7}",
            right in "[a-c1_]{1,7}",
        ) {
            // If all letters are replaced by one, equal texts have their other characters in the
            // same positions.
            let places = |name: &str| name.replace(['a', 'b', 'c'], "x");
            let others = |name: &str| name.replace(['a', 'b', 'c'], "");
            let alone = if left.len() == right.len() {
                places(&left) == places(&right)
            } else {
                others(&left) == others(&right)
            };
            let expected = alone && strsim::osa_distance(&left, &right) == 1;
            let (left, right) = (left.as_bytes(), right.as_bytes());
            prop_assert_eq!(is_slip(left, right, 1), expected);
            prop_assert!(!expected || hash_of_others(left) == hash_of_others(right));
        }
    }

    #[test]
    fn misspelling_is_found_among_one_hundred_thousand_names() {
        let mut names: Vec<String> = (0..100_000).map(|n| format!("shard_{n:05}_async")).collect();
        names[70_000] = "shard_00007_asinc".to_owned();
        let found = alike(&bytes(&names), 3);
        assert_eq!(found, BTreeMap::from([(70_000, BTreeSet::from([7]))]));
    }

    #[test]
    fn codes_and_numbers_are_not_misspellings() {
        let is_slip = |left: &str, right: &str| is_slip(left.as_bytes(), right.as_bytes(), 3);
        assert!(is_slip("kafka_async", "kafka_asnyc"));
        assert!(is_slip("kafka", "kaffka"));
        assert!(!is_slip("orders_ro", "orders_rw"));
        assert!(!is_slip("us_east_1a", "us_east_1b"));
        assert!(!is_slip("shard_1", "shard_2"));
        assert!(!is_slip("kafka_async", "kafkaasync"));
        assert!(!is_slip("kafka", "kafka"));
    }
}
