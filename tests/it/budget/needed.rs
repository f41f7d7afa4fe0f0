//! Compares the number of attempts that a rate needs with an exhaustive search.

use super::confidence;

/// Returns the smallest number from which on every number of attempts up to `most` shows the limit.
fn counted(rate: u64, limit: u64, percent: u64, most: u64) -> u64 {
    let confidence = confidence(percent);
    let shows = |attempts: u64| confidence.shows(attempts * rate / 10_000, attempts, limit);
    (1..=most).rev().find(|attempts| !shows(*attempts)).map_or(1, |last| last + 1)
}

#[test]
fn needed_attempts_match_exhaustive_search() {
    for (rate, limit) in [
        (0, 5),
        (1, 10),
        (3, 10),
        (5, 10),
        (6, 10),
        (40, 70),
        (50, 60),
        (100, 130),
        (300, 400),
        (1_000, 1_300),
        (2_000, 2_500),
        (5_000, 5_500),
        (8_000, 8_600),
        (9_000, 9_800),
    ] {
        for percent in [50, 80, 95, 99] {
            let found = confidence(percent).attempts_needed(rate, limit, 1).unwrap();
            let expected = counted(rate, limit, percent, 2 * found + 2_000);
            assert_eq!(found, expected, "{rate} bps within {limit} bps at {percent} %");
            for attempts in [2, found / 2 + 1, found] {
                let again = confidence(percent).attempts_needed(rate, limit, attempts);
                assert_eq!(again, Some(found), "{rate} bps within {limit} bps from {attempts}");
            }
        }
    }
}

/// Trying every number gave the last one that does not show the limit: 973 871 and 675 795.
#[test]
fn needed_attempts_near_limit_exceed_minimum_by_at_most_one_percent() {
    for (rate, limit, last) in [(995, 1_000, 973_871), (4_990, 5_000, 675_795)] {
        for attempts in [1, 100, last] {
            let needed = confidence(95).attempts_needed(rate, limit, attempts).unwrap();
            assert!(needed > last && needed <= last + last / 100, "{needed} of {rate} bps");
        }
    }
}

/// A rate just below a high limit needs many attempts. The stated number must suffice.
#[test]
fn needed_attempts_near_high_limit_suffice() {
    for (rate, limit) in [(999, 1_000), (4_999, 5_000), (9_998, 9_999)] {
        let needed = confidence(95).attempts_needed(rate, limit, 1).unwrap();
        for attempts in [needed, needed + 1, needed + needed / 100, 2 * needed] {
            let events = attempts * rate / 10_000;
            assert!(confidence(95).shows(events, attempts, limit), "{attempts} of {rate} bps");
        }
    }
}

/// At a limit of 5000 bps, P(X ≤ 0) is one half for one attempt and a quarter for two.
#[test]
fn probability_equal_to_one_minus_confidence_does_not_prove_limit() {
    assert!(!confidence(50).shows(0, 1, 5_000));
    assert!(!confidence(75).shows(0, 2, 5_000));
    assert!(!confidence(95).shows(0, 1, 9_500));
    assert!(confidence(74).shows(0, 2, 5_000));
    assert_eq!(confidence(50).attempts_needed(0, 5_000, 1), Some(2));
}
