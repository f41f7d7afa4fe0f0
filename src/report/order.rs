//! Orders findings for a terminal.

use std::cmp::Reverse;

use crate::finding::Level;

/// Returns the items with the most severe last, just above the prompt. If there are more than
/// `most`, leaves out the least severe. Items of one level keep their order.
pub fn most_severe_last<T>(mut items: Vec<T>, most: usize, level: impl Fn(&T) -> Level) -> Vec<T> {
    if items.len() > most {
        items.sort_by_key(|item| Reverse(level(item)));
        items.truncate(most);
    }
    items.sort_by_key(level);
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_severe_items_are_retained_and_come_last() {
        let levels = [Level::Error, Level::Info, Level::Warn, Level::Error];
        let order = |most| -> Vec<usize> {
            let items = levels.into_iter().enumerate().collect();
            most_severe_last(items, most, |(_, level)| *level).iter().map(|(it, _)| *it).collect()
        };
        assert_eq!(order(9), [1, 2, 0, 3]);
        assert_eq!(order(3), [2, 0, 3]);
        assert_eq!(order(1), [0]);
        assert!(order(0).is_empty());
    }
}
