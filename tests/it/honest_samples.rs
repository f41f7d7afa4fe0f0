//! No benchmark that a driver can produce is reported as impossible.
//!
//! The tests derive runs only from the definitions of the figures: how long an attempt and a
//! backoff can take, and how percentiles, rates and throughput are rounded.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap},
    fmt::Write,
};

use driverc::{
    configuration::Configuration, document, rules, source::Source, workspace::Workspace,
};
use proptest::{
    bool::weighted,
    collection::vec,
    prop_assert_eq, prop_oneof, proptest,
    strategy::{Just, Strategy},
};

/// The values of a driver that the rules use, with times in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Policy {
    slots: u64,
    attempts: u64,
    request: u64,
    base: u64,
    max: u64,
}

/// The figures of a benchmark, as written.
#[derive(Clone, Copy, Debug)]
struct Figures {
    p50: u64,
    p95: u64,
    retry_rate: u64,
    throughput: u64,
    duration: u64,
}

/// The attempts of a run, with times in microseconds.
#[derive(Clone, Debug, Default)]
struct Counts {
    latencies: Vec<u64>,
    attempts: u64,
    retries: u64,
    in_time: u64,
}

impl Policy {
    fn nominal(&self, retry: u64) -> u64 {
        (self.base << (retry - 1)).min(self.max)
    }

    fn document(&self, benchmarks: &[Figures]) -> String {
        let Self { slots, attempts, request, base, max } = self;
        let mut text = format!(
            "[driver.example]\nclass = \"relational_adapter\"\nprovider_module = \"example\"\n\
             max_in_flight = {slots}\nmax_queue_depth = 0\ncapabilities = []\n\
             support_tier = \"tier2\"\ntuning_guide = \"\"\n\
             timeout_policy = {{ connect_ms = 1, request_ms = {request}, idle_ms = 1000 }}\n\
             retry_policy = {{ max_attempts = {attempts}, base_backoff_ms = {base}, \
             max_backoff_ms = {max}, jitter_percent = 100 }}\n\
             telemetry = {{ timeout_metric = \"a_total\", retry_metric = \"b_total\", \
             latency_metric = \"c_seconds\", in_flight_metric = \"d\" }}\n"
        );
        for Figures { p50, p95, retry_rate, throughput, duration } in benchmarks {
            let written = write!(
                text,
                "[[benchmark]]\ndriver = \"example\"\nprofile = \"heavy_data\"\n\
                 p50_latency_ms = {p50}\np95_latency_ms = {p95}\ntimeout_rate_bps = 0\n\
                 retry_rate_bps = {retry_rate}\nthroughput_ops_per_sec = {throughput}\n\
                 duration_ms = {duration}\n"
            );
            written.expect("a string takes all");
        }
        text
    }

    /// Returns the rules about benchmarks that these benchmarks raise.
    fn raised(&self, benchmarks: &[Figures]) -> BTreeSet<&'static str> {
        let (text, document) = document::read_bytes(self.document(benchmarks).into_bytes());
        let workspace = Workspace::new(vec![(Source::new("example.toml", text), document)]);
        assert_eq!(workspace.findings(), [], "{self:?}");
        let findings = rules::check(&workspace, None, &Configuration::default());
        let names = findings.iter().map(|finding| finding.rule.name);
        names.filter(|name| name.starts_with("sample-")).collect()
    }
}

impl Counts {
    /// Returns the figures, or `None` if no operation succeeded.
    fn figures(mut self, duration: u64) -> Option<Figures> {
        self.latencies.sort_unstable();
        let count = self.latencies.len();
        let rank = |percent: usize| (percent * count).div_ceil(100).checked_sub(1);
        let percentile = |percent| Some(self.latencies.get(rank(percent)?)?.div_ceil(1_000));
        Some(Figures {
            p50: percentile(50)?,
            p95: percentile(95)?,
            retry_rate: (10_000 * self.retries).div_ceil(self.attempts),
            throughput: 1_000 * self.in_time / duration,
            duration,
        })
    }
}

/// Returns every way in which one operation can end: with each number of attempts, as fast or as
/// slow as the policy allows, successful or not. Each has a latency, if it succeeds, and a number
/// of attempts.
fn operations(policy: &Policy) -> Vec<(Option<u64>, u64)> {
    let mut operations = Vec::new();
    for attempts in 1..=policy.attempts {
        let backoffs: u64 = (1..attempts).map(|retry| policy.nominal(retry)).sum();
        let slowest = 1_000 * (attempts * policy.request + backoffs);
        operations.extend([(Some(attempts), attempts), (Some(slowest), attempts)]);
    }
    operations.push((None, policy.attempts));
    operations
}

/// Returns the counts of every run with `length` of these operations, in any order.
fn runs(operations: &[(Option<u64>, u64)], length: usize) -> Vec<Counts> {
    if length == 0 {
        return vec![Counts::default()];
    }
    let with = |(index, (latency, attempts)): (usize, &(Option<u64>, u64))| {
        let rest = runs(&operations[index..], length - 1);
        let longer = rest.into_iter().map(|mut counts| {
            counts.latencies.extend(latency);
            counts.attempts += attempts;
            counts.retries += attempts - 1;
            counts
        });
        longer.collect::<Vec<_>>()
    };
    operations.iter().enumerate().flat_map(with).collect()
}

#[test]
fn small_run_is_never_reported_as_impossible() {
    for (attempts, request, base, max) in
        [(1, 1, 0, 0), (1, 7, 3, 9), (2, 5, 0, 0), (2, 5, 3, 9), (3, 1, 4, 6), (4, 10, 1, 100)]
    {
        let policy = Policy { slots: 1, attempts, request, base, max };
        let operations = operations(&policy);
        let counts = (1..=4).flat_map(|length| runs(&operations, length));
        let figures: Vec<_> = counts.filter_map(|counts| counts.figures(1)).collect();
        assert!(figures.len() > 10);
        assert_eq!(policy.raised(&figures), BTreeSet::new(), "{policy:?}");
    }
}

#[test]
fn figures_at_bounds_pass_and_figures_above_bounds_are_reported() {
    let policy = Policy { slots: 1, attempts: 3, request: 1, base: 4, max: 6 };
    let figures = Figures { p50: 13, p95: 14, retry_rate: 6_667, throughput: 0, duration: 1 };
    assert_eq!(policy.raised(&[figures]), BTreeSet::new());
    for (broken, rule) in [
        (Figures { p50: 15, ..figures }, "sample-percentile-inverted"),
        (Figures { p95: 15, ..figures }, "sample-latency-exceeds-policy"),
    ] {
        assert_eq!(policy.raised(&[broken]), BTreeSet::from([rule]));
    }
}

/// A window after an outage can have more retries than first attempts. A driver that never retries
/// has none in any window.
#[test]
fn retry_rate_is_impossible_only_for_driver_without_retries() {
    let of = |attempts| Policy { slots: 1, attempts, request: 9, base: 4, max: 6 };
    let figures = Figures { p50: 1, p95: 2, retry_rate: 9_999, throughput: 0, duration: 1_000 };
    assert_eq!(of(2).raised(&[figures]), BTreeSet::new());
    let one = Figures { retry_rate: 1, ..figures };
    assert_eq!(of(1).raised(&[one]), BTreeSet::from(["sample-retry-impossible"]));
}

/// The highest throughputs that the formula on the rule page allows, computed with fractions.
#[test]
fn throughput_above_littles_law_by_one_operation_is_reported() {
    let tries = |slots, attempts, base, max| Policy { slots, attempts, request: 9_000, base, max };
    let (p50, p95, retry_rate, throughput) = (1_000, 2_000, 0, 0);
    let minute = Figures { p50, p95, retry_rate, throughput, duration: 60_000 };
    for (policy, figures, most) in [
        (tries(40, 1, 0, 0), minute, 75),
        (tries(100, 1, 0, 0), Figures { p50: 0, p95: 500, ..minute }, 4_041),
        // A run of 20 times p95 is long enough.
        (tries(55, 3, 200, 1_000), Figures { retry_rate: 10, duration: 40_000, ..minute }, 105),
        // The backoffs of an operation are at most 400 · 3333 / 6667 ms, not the 600 ms of two
        // backoffs.
        (tries(400, 3, 200, 400), Figures { retry_rate: 3_333, ..minute }, 1_182),
        // The backoffs of an operation are at most the 30 ms of two, not 1000 · 5000 / 5000 ms.
        (tries(400, 3, 10, 1_000), Figures { retry_rate: 5_000, ..minute }, 795),
    ] {
        let raised = |throughput| policy.raised(&[Figures { throughput, ..figures }]);
        assert_eq!(raised(most), BTreeSet::new(), "{figures:?}");
        assert_eq!(raised(most + 1), BTreeSet::from(["sample-littles-law"]), "{figures:?}");
    }
}

#[test]
fn littles_law_applies_only_to_long_runs_with_few_retries() {
    let policy = Policy { slots: 1, attempts: 2, request: 9_000, base: 9_000, max: 9_000 };
    let (throughput, duration) = (1_000_000_000, 40_000);
    let long = Figures { p50: 1_000, p95: 2_000, retry_rate: 0, throughput, duration };
    let short = Figures { duration: 39_999, ..long };
    let asleep = Figures { retry_rate: 5_000, ..long };
    assert_eq!(policy.raised(&[long]), BTreeSet::from(["sample-littles-law"]));
    assert_eq!(policy.raised(&[short]), BTreeSet::new());
    assert_eq!(policy.raised(&[asleep]), BTreeSet::new());
}

#[test]
fn littles_law_is_not_applied_to_impossible_figures() {
    let policy = Policy { slots: 1, attempts: 3, request: 1_000, base: 4, max: 6 };
    let (throughput, duration) = (1_000_000_000, 100_000);
    let figures = Figures { p50: 1_000, p95: 2_000, retry_rate: 10, throughput, duration };
    assert_eq!(policy.raised(&[figures]), BTreeSet::from(["sample-littles-law"]));
    let all_retries = Figures { retry_rate: 10_000, ..figures };
    for (impossible, rule) in [
        (Figures { p50: 2_001, ..figures }, "sample-percentile-inverted"),
        (Figures { p95: 3_012, ..figures }, "sample-latency-exceeds-policy"),
    ] {
        assert_eq!(policy.raised(&[impossible]), BTreeSet::from([rule]));
    }
    assert_eq!(policy.raised(&[all_retries]), BTreeSet::new());
}

/// An operation: when it arrives, how long each attempt takes in microseconds, which attempts fail,
/// and the jitter of its backoffs.
#[derive(Clone, Debug)]
struct Arrival {
    at: u64,
    takes: Vec<u64>,
    fails: Vec<bool>,
    jitter: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    End,
    Start,
}

/// Every attempt occupies a slot from its start to its end. If no slot is free, it is dropped.
fn simulate(policy: &Policy, arrivals: &[Arrival], duration: u64) -> Counts {
    let mut counts = Counts::default();
    let (mut busy, mut begun) = (0, vec![0; arrivals.len()]);
    let starts = arrivals.iter().enumerate();
    let mut events: BinaryHeap<_> =
        starts.map(|(number, arrival)| Reverse((arrival.at, Event::Start, number))).collect();
    while let Some(Reverse((now, event, number))) = events.pop() {
        let (arrival, tried) = (&arrivals[number], &mut begun[number]);
        let limit = 1_000 * policy.request;
        if event == Event::Start && busy < policy.slots {
            busy += 1;
            counts.attempts += 1;
            counts.retries += u64::from(*tried > 0);
            events.push(Reverse((now + arrival.takes[*tried].min(limit), Event::End, number)));
            *tried += 1;
        } else if event == Event::End {
            busy -= 1;
            let last = *tried - 1;
            if arrival.takes[last] <= limit && !arrival.fails[last] {
                counts.latencies.push(now - arrival.at);
                counts.in_time += u64::from(now < 1_000 * duration);
            } else if *tried < arrival.takes.len() {
                let nominal = 1_000 * policy.nominal(*tried as u64);
                let backoff = nominal - nominal * arrival.jitter / 100;
                events.push(Reverse((now + backoff, Event::Start, number)));
            }
        }
    }
    counts
}

fn policy() -> impl Strategy<Value = Policy> {
    (1..=4_u64, 1..=4_u64, 1..=30_u64, 0..=20_u64, 0..=40_u64).prop_map(
        |(slots, attempts, request, base, max)| Policy { slots, attempts, request, base, max },
    )
}

/// Most attempts are very short, are about as long as each other, or time out.
fn arrival(attempts: u64, duration: u64) -> impl Strategy<Value = Arrival> {
    let attempts = usize::try_from(attempts).expect("a few");
    let takes = prop_oneof![3 => 1..50_u64, 3 => 9_000..10_000_u64, 1 => 1..40_000_u64];
    let fails = weighted(0.2);
    (0..1_000 * duration, vec(takes, attempts), vec(fails, attempts), 0..=100_u64)
        .prop_map(|(at, takes, fails, jitter)| Arrival { at, takes, fails, jitter })
}

fn run() -> impl Strategy<Value = (Policy, Vec<Arrival>, u64)> {
    (policy(), 1..=3_000_u64).prop_flat_map(|(policy, duration)| {
        let arrivals = vec(arrival(policy.attempts, duration), 1..600);
        (Just(policy), arrivals, Just(duration))
    })
}

proptest! {
    #[test]
    fn run_that_fits_slots_is_never_reported_as_impossible((policy, arrivals, duration) in run()) {
        let counts = simulate(&policy, &arrivals, duration);
        if let Some(figures) = counts.figures(duration) {
            prop_assert_eq!(policy.raised(&[figures]), BTreeSet::new(), "{:?}", figures);
        }
    }
}
