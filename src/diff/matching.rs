//! Finds the items that are in only one of two unnamed lists.

use std::collections::BTreeMap;

/// Removes the items that both lists have. If an item occurs several times, each occurrence in one
/// list cancels one occurrence in the other list. Preserves the order.
pub(super) fn unmatched<T, K: Ord>(old: Vec<T>, new: Vec<T>, key: impl Fn(&T) -> K) -> [Vec<T>; 2] {
    let mut counts: BTreeMap<K, usize> = BTreeMap::new();
    for item in &new {
        *counts.entry(key(item)).or_default() += 1;
    }
    let (old, matched): (Vec<T>, Vec<T>) =
        old.into_iter().partition(|item| take(&mut counts, &key(item)).is_none());
    let mut counts: BTreeMap<K, usize> = BTreeMap::new();
    for item in &matched {
        *counts.entry(key(item)).or_default() += 1;
    }
    let new = new.into_iter().filter(|item| take(&mut counts, &key(item)).is_none());
    [old, new.collect()]
}

fn take<K: Ord>(counts: &mut BTreeMap<K, usize>, key: &K) -> Option<()> {
    let count = counts.get_mut(key).filter(|count| **count > 0)?;
    *count -= 1;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unmatched_removes_pairs_of_equal_items() {
        let [old, new] = unmatched(vec![1, 2, 2, 3], vec![2, 4, 1, 1], |item| *item);
        assert_eq!((old, new), (vec![2, 3], vec![4, 1]));
    }
}
