//! Laws about the effect of more events, more attempts and higher confidence on verdicts.

use driverc::{
    Verdict,
    budget::{Confidence, Figure},
};
use proptest::prelude::*;
use serde_json::json;

use super::{confidence, judged, verdict};

/// Ranks a verdict, worst first.
fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Fail => 0,
        Verdict::Inconclusive => 1,
        Verdict::Pass => 2,
    }
}

fn rate(rate: u64, attempts: u64, percent: u64) -> Verdict {
    let evidence = json!({ "timeout_rate_bps": rate, "attempts": attempts });
    judged(evidence, percent, Figure::TimeoutRate).verdict
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn more_events_never_improve_verdict(
        attempts in 1_u64..500_000, low in 0_u64..20, more in 0_u64..20, percent in 50_u64..=99,
    ) {
        let few = rank(rate(low, attempts, percent));
        prop_assert!(rank(rate(low + more, attempts, percent)) <= few);
    }

    #[test]
    fn limit_proven_with_more_events_is_proven_with_fewer_events(
        attempts in 1_u64..200_000, events in 0_u64..300, limit in 0_u64..=10_000,
    ) {
        let events = events.min(attempts - 1);
        let usual = Confidence::USUAL;
        prop_assert!(usual.shows(events, attempts, limit) || !usual.shows(events + 1, attempts, limit));
    }

    #[test]
    fn more_attempts_without_events_never_worsen_verdict(
        attempts in 1_u64..10_000, more in 0_u64..1_000_000_000_000, percent in 50_u64..=99,
    ) {
        let few = rank(rate(0, attempts, percent));
        prop_assert!(rank(rate(0, attempts + more, percent)) >= few);
    }

    #[test]
    fn higher_confidence_never_improves_verdict(
        bps in 0_u64..12, attempts in 1_u64..500_000, low in 50_u64..=99, high in 50_u64..=99,
        requests in prop::option::of(1_u64..200), upper in prop::option::of(73_u64..140),
    ) {
        let evidence = json!({
            "timeout_rate_bps": bps, "attempts": attempts, "requests": requests,
            "p95_upper_latency_ms": upper,
        });
        let (low, high) = (low.min(high), low.max(high));
        let verdicts = [low, high].map(|percent| rank(verdict(evidence.clone(), percent).0));
        prop_assert!(verdicts[1] <= verdicts[0]);
    }

    /// The needed number of attempts suffices, and so does any greater number. One fewer does not.
    #[test]
    fn needed_attempts_suffice_and_one_attempt_fewer_does_not(
        (limit, bps) in (1_u64..=60).prop_flat_map(|limit| (Just(limit), 0..limit)),
        more in 0_u64..100_000, percent in 50_u64..=99,
    ) {
        let confidence = confidence(percent);
        let needed = confidence.attempts_needed(bps, limit, 1).unwrap();
        let shows = |attempts: u64| confidence.shows(attempts * bps / 10_000, attempts, limit);
        prop_assert!(shows(needed) && shows(needed + more));
        prop_assert!(needed == 1 || !shows(needed - 1));
    }
}
