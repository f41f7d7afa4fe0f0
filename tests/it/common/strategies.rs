//! Generates arbitrary values of the model, including the bounds of every range.

use driverc::model::{
    Benchmark, Bounded, BudgetResult, Capabilities, ContractDigest, Date, DeclaredBudget,
    DriverCapability, DriverClass, DriverContract, DriverName, Micros, Millis, ProjectClass,
    ProjectProfile, ProjectVocabulary, RetryPolicy, Scope, StatedLatency, TelemetryProfile, Text,
    TimeoutPolicy, Unit, Vocabulary, Word,
};
use proptest::{
    arbitrary::any,
    char, collection, option, prop_oneof, sample,
    strategy::{Just, Strategy},
    string::string_regex,
};

/// A number from a range.
pub(crate) fn bounded<U: Unit, const MIN: u64, const MAX: u64>()
-> impl Strategy<Value = Bounded<U, MIN, MAX>> {
    prop_oneof![1 => Just(MIN), 1 => Just(MAX), 4 => MIN..=MAX]
        .prop_map(|number| Bounded::new(number).expect("in range"))
}

/// The words of a project: one in each vocabulary.
pub(crate) fn vocabulary() -> ProjectVocabulary {
    let description = || Text::new("a word of the project").expect("a text");
    let word = |word| Word::new(word).expect("a word");
    let class = ProjectClass { description: description(), like: Some(DriverClass::StreamAdapter) };
    let capability = DriverCapability::Project(word("pub_sub"));
    let claimed_by = Capabilities::from_iter([capability]);
    let profile = ProjectProfile { description: description(), claimed_by };
    ProjectVocabulary {
        classes: [(word("key_value_adapter"), class)].into(),
        capabilities: [(word("pub_sub"), description())].into(),
        profiles: [(word("interactive"), profile)].into(),
    }
}

/// A word of any vocabulary, built in or of the project.
pub(crate) fn word<V: Vocabulary>() -> impl Strategy<Value = V> {
    sample::select(vocabulary().all::<V>())
}

/// Any character except control characters, often one that has a meaning in signatures.
pub(crate) fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => char::range(' ', '~'),
        2 => sample::select(&['|', '=', ',', '%', '/', ':', '~', ' '][..]),
        2 => any::<char>(),
    ]
    .prop_filter("a control character", |character| !character.is_control())
}

/// A text of any allowed length, usually a short one.
pub(crate) fn text<const MIN: usize, const MAX: usize>() -> impl Strategy<Value = Text<MIN, MAX>> {
    let short = collection::vec(character(), MIN..=MIN + 20);
    let long = character().prop_map(|character| vec![character; MAX]);
    prop_oneof![29 => short, 1 => long]
        .prop_map(|characters| Text::new(String::from_iter(characters)).expect("a text"))
}

/// A driver name.
pub(crate) fn driver_name() -> impl Strategy<Value = DriverName> {
    string_regex("[a-z][a-z0-9_]{0,62}")
        .expect("a pattern")
        .prop_map(|name| DriverName::new(name).expect("a name"))
}

/// Any set of capabilities.
pub(crate) fn capabilities() -> impl Strategy<Value = Capabilities> {
    let all = vocabulary().all::<DriverCapability>();
    let count = all.len();
    sample::subsequence(all, 0..=count).prop_map(Capabilities::from_iter)
}

/// A calendar day.
pub(crate) fn date() -> impl Strategy<Value = Date> {
    (0..=9999_u16, 1..=12_u8, 1..=31_u8)
        .prop_filter_map("no such day", |(year, month, day)| Date::new(year, month, day).ok())
}

/// The scope of a budget or workload.
pub(crate) fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        Just(Scope::All),
        word().prop_map(Scope::Class),
        driver_name().prop_map(Scope::Driver),
    ]
}

fn timeout_policy() -> impl Strategy<Value = TimeoutPolicy> {
    (
        bounded(),
        bounded(),
        bounded(),
        option::of(bounded()),
        option::of(bounded()),
        option::of(bounded()),
    )
        .prop_map(|(connect_ms, request_ms, idle_ms, queue_ms, deadline_ms, lifetime_ms)| {
            TimeoutPolicy { connect_ms, request_ms, idle_ms, queue_ms, deadline_ms, lifetime_ms }
        })
}

fn retry_policy() -> impl Strategy<Value = RetryPolicy> {
    let backoff = (bounded(), bounded(), bounded(), option::of(bounded()));
    let retry_budget = option::of((bounded(), option::of(bounded())));
    (bounded(), backoff, retry_budget).prop_map(|(max_attempts, backoff, retry_budget)| {
        let (base_backoff_ms, max_backoff_ms, jitter_percent, multiplier_percent) = backoff;
        let (retry_budget_percent, retry_budget_min) = retry_budget.unzip();
        RetryPolicy {
            max_attempts,
            base_backoff_ms,
            max_backoff_ms,
            jitter_percent,
            multiplier_percent,
            retry_budget_percent,
            retry_budget_min: retry_budget_min.flatten(),
        }
    })
}

fn telemetry() -> impl Strategy<Value = TelemetryProfile> {
    (text(), text(), text(), text()).prop_map(
        |(timeout_metric, retry_metric, latency_metric, in_flight_metric)| TelemetryProfile {
            timeout_metric,
            retry_metric,
            latency_metric,
            in_flight_metric,
        },
    )
}

/// A driver contract, which can break rules.
pub(crate) fn driver() -> impl Strategy<Value = DriverContract> {
    let identity = (driver_name(), word(), text(), bounded(), bounded());
    let policies = (timeout_policy(), retry_policy(), telemetry());
    let support = (capabilities(), text(), text());
    (identity, policies, support).prop_map(|(identity, policies, support)| {
        let (name, class, provider_module, max_in_flight, max_queue_depth) = identity;
        let (timeout_policy, retry_policy, telemetry) = policies;
        let (capabilities, support_tier, tuning_guide) = support;
        DriverContract {
            name,
            class,
            provider_module,
            max_in_flight,
            max_queue_depth,
            timeout_policy,
            retry_policy,
            telemetry,
            capabilities,
            support_tier,
            tuning_guide,
        }
    })
}

/// A latency that is stated in either unit.
pub(crate) fn latency<const MIN: u64>() -> impl Strategy<Value = StatedLatency<MIN>> {
    let ms = bounded().prop_map(|ms: Millis<MIN, 604_800_000>| StatedLatency::from_ms(ms.get()));
    let us =
        bounded().prop_map(|us: Micros<MIN, 604_800_000_000>| StatedLatency::from_us(us.get()));
    prop_oneof![ms, us].prop_map(Result::unwrap)
}

/// A budget for one scope, with any of the limits.
pub(crate) fn declared_budget() -> impl Strategy<Value = DeclaredBudget> {
    let limits = (
        option::of(latency()),
        option::of(bounded()),
        option::of(bounded()),
        option::of(bounded()),
        option::of(latency()),
    );
    (word(), scope(), limits).prop_map(|(profile, scope, limits)| {
        let (p95, timeouts, retries, throughput, p99) = limits;
        DeclaredBudget {
            profile,
            scope,
            max_p95_latency: p95,
            max_timeout_rate_bps: timeouts,
            max_retry_rate_bps: retries,
            min_throughput_ops_per_sec: throughput,
            max_p99_latency: p99,
        }
    })
}

/// A benchmark, with any of the optional fields.
pub(crate) fn benchmark() -> impl Strategy<Value = Benchmark> {
    let figures = (driver_name(), word(), latency(), latency(), bounded(), bounded(), bounded());
    let counts = (
        option::of(bounded()),
        option::of(bounded()),
        option::of(latency()),
        option::of(latency()),
        option::of(latency()),
        option::of(bounded()),
        option::of(bounded()),
        option::of(bounded()),
    );
    let digest = any::<[u8; 32]>().prop_map(ContractDigest);
    let origin = (option::of(word()), option::of(text()), option::of(date()), option::of(digest));
    (figures, counts, origin).prop_map(|(figures, counts, origin)| {
        let (driver, profile, p50, p95, timeouts, retries, throughput) = figures;
        let (attempts, requests, p95_upper, p99, p99_upper, rejects, failures, duration_ms) =
            counts;
        let (load_loop, source, measured_on, contract) = origin;
        Benchmark {
            driver,
            profile,
            p50_latency: p50,
            p95_latency: p95,
            timeout_rate_bps: timeouts,
            retry_rate_bps: retries,
            throughput_ops_per_sec: throughput,
            attempts,
            requests,
            p95_upper_latency: p95_upper,
            p99_latency: p99,
            p99_upper_latency: p99_upper,
            reject_rate_bps: rejects,
            failure_rate_bps: failures,
            duration_ms,
            load_loop,
            source,
            measured_on,
            contract,
        }
    })
}

/// A budget result, with any text as its reason.
pub(crate) fn budget_result() -> impl Strategy<Value = BudgetResult> {
    let reason = collection::vec(prop_oneof![character(), any::<char>()], 0..30);
    (driver_name(), word(), word(), reason).prop_map(|(driver, profile, verdict, reason)| {
        BudgetResult { driver, profile, verdict, reason: String::from_iter(reason) }
    })
}
