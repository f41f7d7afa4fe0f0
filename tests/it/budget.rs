//! Verdicts that take chance into account: reference tables and laws.

mod latencies;
mod laws;
mod needed;
mod runs;

use driverc::{
    Benchmark, Budget, Verdict,
    budget::{
        Basis, Confidence, Figure, FigureVerdict, Fold, JudgedBenchmark, SourcedBenchmark, judge,
    },
    builtin,
    finding::DeclarationId,
    model::{Date, Vocabulary},
    report::{
        FindingsReport, Style,
        budget::{BudgetFormat, BudgetResults, write},
    },
};
use serde_json::{Value, json};

/// Computed with Python; the file explains how.
const TABLE: &str = include_str!("../data/binomial_limits.txt");

fn confidence(percent: u64) -> Confidence {
    Confidence::new(u8::try_from(percent).unwrap()).unwrap()
}

/// Returns the rows of a table as numbers.
fn rows(name: &str) -> Vec<[i64; 4]> {
    let rows = TABLE.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let numbers = |row: &str| row.split(' ').map(|number| number.parse().unwrap()).collect();
    rows.map(|row| <Vec<i64>>::try_into(numbers(row)).unwrap()).collect()
}

fn natural(number: i64) -> u64 {
    u64::try_from(number).unwrap()
}

#[test]
fn maximum_events_within_limit_match_reference_table() {
    let rows = rows("most");
    assert_eq!(rows.len(), 115);
    for row @ [attempts, limit, percent, most] in rows {
        let [attempts, limit] = [attempts, limit].map(natural);
        let confidence = confidence(natural(percent));
        if most >= 0 {
            assert!(confidence.shows(natural(most), attempts, limit), "{row:?}");
        }
        assert!(!confidence.shows(natural(most + 1), attempts, limit), "{row:?}");
    }
}

#[test]
fn attempts_needed_match_reference_table() {
    let rows = rows("needed");
    assert_eq!(rows.len(), 45);
    for row @ [rate, limit, percent, needed] in rows {
        let [rate, limit, percent, needed] = [rate, limit, percent, needed].map(natural);
        let after = |attempts| confidence(percent).attempts_needed(rate, limit, attempts);
        assert_eq!(after(needed.max(2) - 1), Some(needed), "{row:?}");
        // If most attempts can be events, a few attempts can show more than slightly more attempts
        // do.
        assert!(after(1) == Some(needed) || limit > 5000, "{row:?}");
    }
}

/// Hoeffding's bound exp(−2 · 10^15 · 10^−8) is practically 0. At the limit itself, chance alone
/// does as well in half of all cases.
#[test]
fn huge_attempt_counts_are_judged_correctly() {
    let most = 1_000_000_000_000_000;
    for limit in [1, 10, 5000, 9999] {
        let events = |bps: u64| most / 10_000 * bps;
        for percent in [50, 95, 99] {
            assert!(confidence(percent).shows(events(limit - 1), most, limit));
            assert!(!confidence(percent).shows(events(limit), most, limit));
        }
    }
}

#[test]
fn zero_limit_is_never_proven_and_100_percent_limit_is_always_proven() {
    let usual = Confidence::USUAL;
    assert!(!usual.shows(0, 1_000_000, 0));
    assert_eq!(usual.attempts_needed(0, 0, 1), None);
    assert_eq!(usual.attempts_needed(10, 10, 1), None);
    assert_eq!(usual.attempts_needed(11, 10, 1), None);
    assert!(usual.shows(7, 7, 10_000));
    assert_eq!(usual.attempts_needed(10_000, 10_000, 1), Some(1));
}

#[test]
fn confidence_accepts_only_integers_from_50_to_99() {
    for text in ["50", "95", "99"] {
        assert_eq!(text.parse::<Confidence>().unwrap().to_string(), format!("{text}%"));
    }
    for text in ["49", "100", "99.9", "", "-95", "95%", "300"] {
        assert!(text.parse::<Confidence>().is_err(), "{text}");
    }
}

fn benchmark(evidence: Value) -> Benchmark {
    let mut figures = json!({
        "driver": "postgres_async",
        "profile": "heavy_data",
        "p50_latency_ms": 19,
        "p95_latency_ms": 73,
        "timeout_rate_bps": 0,
        "retry_rate_bps": 0,
        "throughput_ops_per_sec": 448,
    });
    let Value::Object(evidence) = evidence else { unreachable!() };
    figures.as_object_mut().unwrap().extend(evidence);
    serde_json::from_value(figures).unwrap()
}

fn budget() -> Budget {
    serde_json::from_value(json!({
        "profile": "heavy_data",
        "max_p95_latency_ms": 120,
        "max_timeout_rate_bps": 10,
        "max_retry_rate_bps": 50,
        "min_throughput_ops_per_sec": 400,
    }))
    .unwrap()
}

fn judged(evidence: Value, percent: u64, figure: Figure) -> FigureVerdict {
    let judgement = judge(&benchmark(evidence), &budget(), None, confidence(percent));
    let mut figures = judgement.figures.into_iter();
    figures.find(|judged| judged.comparison.figure == figure).unwrap()
}

fn verdict(evidence: Value, percent: u64) -> (Verdict, String) {
    let judgement = judge(&benchmark(evidence), &budget(), None, confidence(percent));
    (judgement.verdict(), judgement.reason())
}

fn passed() -> (Verdict, String) {
    (Verdict::Pass, "within all limits".to_owned())
}

#[test]
fn too_few_attempts_without_timeout_are_inconclusive() {
    assert_eq!(
        verdict(json!({ "attempts": 2994 }), 95),
        (
            Verdict::Inconclusive,
            "cannot confirm at 95% confidence that the timeout rate is at most 10 bps: no event in \
             2994 attempts (0 bps); at this rate, 2995 attempts are needed"
                .to_owned()
        )
    );
    assert_eq!(verdict(json!({ "attempts": 2995 }), 95), passed());
    assert_eq!(verdict(json!({ "attempts": 2995 }), 96).0, Verdict::Inconclusive);
    assert_eq!(verdict(json!({ "attempts": 1609 }), 80), passed());
}

#[test]
fn rate_at_limit_is_inconclusive_and_rate_above_limit_fails() {
    let at = json!({ "timeout_rate_bps": 10, "attempts": 30000 });
    assert_eq!(
        verdict(at, 95),
        (
            Verdict::Inconclusive,
            "cannot confirm at 95% confidence that the timeout rate is at most 10 bps: 30 events \
             in 30000 attempts (10 bps); at this rate, no number of attempts is enough"
                .to_owned()
        )
    );
    // One event in 1000 attempts is 10 bps.
    let one = json!({ "timeout_rate_bps": 10, "attempts": 1000 });
    assert!(verdict(one, 95).1.contains(": 1 event in 1000 attempts (10 bps); "));
    let above = json!({ "timeout_rate_bps": 11, "attempts": 10 });
    let reason = "timeout rate of 11 bps exceeds 10 bps";
    assert_eq!(verdict(above, 95), (Verdict::Fail, reason.to_owned()));
    let without = json!({ "timeout_rate_bps": 10 });
    assert_eq!(verdict(without.clone(), 95), passed());
    let lacks = driverc::model::Field::Attempts;
    assert_eq!(judged(without, 95, Figure::TimeoutRate).basis, Basis::Unbounded { lacks });
}

/// By Wilks, the largest of 59 values is an upper bound of p95 at 95% confidence, and the largest
/// of 90 values at 99%.
#[test]
fn p95_with_few_requests_is_inconclusive() {
    let of = |requests: u64| json!({ "requests": requests });
    assert_eq!(
        verdict(of(58), 95),
        (
            Verdict::Inconclusive,
            "p95 latency of 73 ms has no upper bound: 58 requests are too few, at least 59 are \
             needed"
                .to_owned()
        )
    );
    assert_eq!(verdict(of(59), 95), passed());
    assert_eq!(verdict(of(59), 99).0, Verdict::Inconclusive);
    assert_eq!(verdict(of(90), 99), passed());
    let slow = json!({ "p95_latency_ms": 121, "requests": 5 });
    assert_eq!(verdict(slow, 95).0, Verdict::Fail);
}

#[test]
fn p95_is_judged_by_upper_bound() {
    let of = |upper: u64| json!({ "p95_upper_latency_ms": upper });
    assert_eq!(verdict(of(120), 95), passed());
    assert_eq!(verdict(of(120), 50), passed());
    assert_eq!(
        verdict(of(121), 95),
        (
            Verdict::Inconclusive,
            "p95 latency of 73 ms is within 120 ms, but its upper bound of 121 ms is not"
                .to_owned()
        )
    );
    assert_eq!(
        verdict(of(120), 96),
        (
            Verdict::Inconclusive,
            "p95 latency is shown to be within 120 ms at 95% confidence, but not at 96%".to_owned()
        )
    );
    // An upper bound equal to the figure is valid, with the confidence of its rank.
    assert_eq!(
        verdict(of(73), 99).1,
        "p95 latency is shown to be within 120 ms at 95% confidence, but not at 99%"
    );
    let below = json!({ "p95_upper_latency_ms": 72 });
    let reason =
        "p95 latency of 73 ms is above its own upper bound of 72 ms, so the bound shows nothing";
    assert_eq!(verdict(below.clone(), 95), (Verdict::Inconclusive, reason.to_owned()));
    assert_eq!(verdict(below, 50).0, Verdict::Inconclusive);
    assert_eq!(verdict(json!({ "p95_upper_latency_ms": 73 }), 95), passed());
    let impossible = json!({ "p95_upper_latency_ms": 80, "requests": 58 });
    let few = Basis::Requests { requests: 58, needed: 59 };
    assert_eq!(judged(impossible.clone(), 95, Figure::P95Latency).basis, few);
    assert_eq!(verdict(impossible, 50).0, Verdict::Inconclusive);
}

#[test]
fn rejections_and_throughput_are_compared_at_face_value() {
    let of = |rejected: u64| json!({ "reject_rate_bps": rejected, "attempts": 100_000 });
    assert_eq!(verdict(of(10), 99).0, Verdict::Pass);
    assert_eq!(verdict(of(11), 50).0, Verdict::Fail);
    assert_eq!(judged(of(10), 95, Figure::RejectRate).basis, Basis::Figure);
    let slow = json!({ "throughput_ops_per_sec": 399 });
    assert_eq!(verdict(slow, 95).0, Verdict::Fail);
}

#[test]
fn driver_with_one_attempt_passes_zero_retry_limit() {
    let never = Budget { max_retry_rate_bps: 0.try_into().unwrap(), ..budget() };
    let sample = benchmark(json!({ "attempts": 2995 }));
    let mut contract = builtin::postgres_async_driver();
    let of = |contract: &driverc::DriverContract| {
        judge(&sample, &never, Some(contract), Confidence::USUAL).verdict()
    };
    assert_eq!(of(&contract), Verdict::Inconclusive);
    contract.retry_policy.max_attempts = 1.try_into().unwrap();
    assert_eq!(of(&contract), Verdict::Pass);
}

#[test]
fn failure_takes_precedence_over_inconclusive_and_gives_reason() {
    let both = json!({ "attempts": 10, "p95_latency_ms": 121 });
    let reason = "p95 latency of 121 ms exceeds 120 ms";
    assert_eq!(verdict(both, 95), (Verdict::Fail, reason.to_owned()));
}

fn today() -> Date {
    Date::new(2026, 11, 1).unwrap()
}

fn assessed(evidence: Value) -> JudgedBenchmark {
    let benchmark = benchmark(evidence);
    let judgement = judge(&benchmark, &budget(), None, Confidence::USUAL);
    JudgedBenchmark {
        sample: SourcedBenchmark {
            benchmark: Ok(benchmark),
            subject: DeclarationId::Benchmark(0),
            runs: Vec::new(),
        },
        judgement,
    }
}

#[test]
fn fold_chooses_deciding_benchmark() {
    let samples = [
        // Pass with headrooms of 1.64x, 1.12x and 1.00x, then inconclusive and failed.
        json!({ "measured_on": "2026-10-01" }),
        json!({ "p95_latency_ms": 120, "measured_on": "2026-10-03" }),
        json!({ "attempts": 10, "measured_on": "2026-10-03" }),
        json!({ "p95_latency_ms": 121 }),
        json!({ "measured_on": "2026-11-02" }),
    ]
    .map(assessed);
    let decisive = |fold: Fold, of: &[usize]| {
        let chosen: Vec<_> = of.iter().map(|number| samples[*number].clone()).collect();
        of[fold.decisive(&chosen, today())]
    };
    assert_eq!(decisive(Fold::Worst, &[0, 1, 2, 3]), 3);
    assert_eq!(decisive(Fold::Worst, &[0, 1, 2]), 2);
    assert_eq!(decisive(Fold::Worst, &[0, 1]), 1);
    // From worst to best: 3, 2, 1, 0. The median of four is the worse of the two in the middle.
    assert_eq!(decisive(Fold::Median, &[0, 1, 2, 3]), 2);
    assert_eq!(decisive(Fold::Median, &[0, 1, 2]), 1);
    assert_eq!(decisive(Fold::Median, &[0]), 0);
    // Two benchmarks have the latest day, and the inconclusive one is worse. A benchmark without a
    // day is older.
    assert_eq!(decisive(Fold::Latest, &[0, 1, 2, 3]), 2);
    assert_eq!(decisive(Fold::Latest, &[3, 0]), 0);
    assert_eq!(decisive(Fold::Latest, &[3]), 3);
    // A benchmark with a future date is ignored.
    assert_eq!(decisive(Fold::Latest, &[4, 0]), 0);
    assert_eq!(decisive(Fold::Latest, &[3, 4]), 3);
}

/// Formats the built-in set with one benchmark, whose source contains an escape sequence.
fn shown(format: BudgetFormat, style: Style) -> String {
    let workspace = builtin::workspace();
    let source = json!({ "source": "driverc, simulated \u{202e}<b>|", "timeout_rate_bps": 9 });
    let sample = SourcedBenchmark {
        benchmark: Ok(benchmark(source)),
        subject: DeclarationId::Benchmark(0),
        runs: Vec::new(),
    };
    let (confidence, fold) = (Confidence::USUAL, Fold::Worst);
    let pairs = workspace.judge(vec![sample], confidence, fold, today());
    let sources = workspace.sources();
    let run = FindingsReport::of(&[], sources);
    let results = BudgetResults { pairs: &pairs, confidence, fold, workspace, run };
    let mut text = Vec::new();
    write(format, &results, &style, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn text_table_respects_width_and_character_set() {
    for width in [40, 60, 80, 200] {
        for unicode in [true, false] {
            let text = shown(BudgetFormat::Text, Style { width, unicode, ..Style::default() });
            let longest = text.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(longest <= width, "{width}:\n{text}");
            assert!(unicode || text.is_ascii(), "{text}");
        }
    }
}

/// 9 of 10 bps fill 9/10 of the bar of 24 columns, and 73 of 120 ms fill 73/120.
#[test]
fn bar_length_shows_used_share_of_limit() {
    let ascii = shown(BudgetFormat::Text, Style { unicode: false, ..Style::default() });
    let bar = |name: &str| {
        let line = ascii.lines().find(|line| line.contains(name)).unwrap();
        line.matches('#').count()
    };
    assert_eq!(bar("p95 latency"), 24 * 73 / 120);
    assert_eq!(bar("timeout rate"), 24 * 9 / 10);
    assert_eq!(bar("retry rate"), 0);
    // Throughput cannot exceed the arrival rate, so a throughput within its limit has no bar.
    assert_eq!(bar("throughput"), 0);
    let colored = shown(BudgetFormat::Text, Style { color: true, ..Style::default() });
    assert!(colored.contains("\u{1b}[32mpass\u{1b}[0m: "), "{colored:?}");
}

#[test]
fn simulated_benchmark_is_marked_and_source_is_escaped() {
    for format in BudgetFormat::ALL {
        let text = shown(*format, Style::default());
        assert!(!text.contains('\u{202e}'), "{format:?}: {text}");
        assert!(
            *format == BudgetFormat::Signature || text.contains("simulated"),
            "{format:?}: {text}"
        );
        assert!(!text.contains("measured on") && !text.contains("recorded"), "{format:?}: {text}");
    }
    assert!(!shown(BudgetFormat::Markdown, Style::default()).contains("<b>"));
    for format in BudgetFormat::ALL {
        assert_eq!(BudgetFormat::from_word(format.word()), Some(*format));
    }
}
