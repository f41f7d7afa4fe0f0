//! The traps that real configurations of Resilience4j fall into.

use driverc::{
    builtin::postgres_async_driver,
    model::{Attempts, BackoffMs, DriverContract, Field, Percent, QueueMs},
    targets::{Drift, TargetOptions, emit, find, verify},
};

use super::adopted;

fn options(dialect: &str) -> TargetOptions {
    let target = find("resilience4j").unwrap();
    TargetOptions::with(target, target.dialect(dialect).unwrap())
}

fn pool() -> TargetOptions {
    options("thread-pool-bulkhead")
}

fn contract() -> DriverContract {
    let mut contract = postgres_async_driver();
    contract.retry_policy.jitter_percent = Percent::new(20).unwrap();
    contract
}

/// Returns an emitted file with one replacement.
fn file(from: &str, to: &str) -> String {
    let text = emit(&contract(), pool()).text;
    assert!(text.contains(from), "{text}");
    text.replace(from, to)
}

fn drifts(text: &str) -> Vec<Drift> {
    verify(&contract(), pool(), text).drifts
}

fn rules(text: &str) -> Vec<&'static str> {
    drifts(text).iter().map(|drift| drift.rule.name).collect()
}

fn messages(text: &str) -> Vec<String> {
    drifts(text).into_iter().map(|drift| drift.message).collect()
}

fn value(text: &str, field: Field) -> Option<u64> {
    let values = adopted(text, pool()).values;
    values.iter().find(|adopted| adopted.field == field).map(|adopted| adopted.value)
}

/// Returns the settings of a retry with these lines.
fn retry(lines: &[&str]) -> String {
    let lines = lines.iter().map(|line| format!("resilience4j.retry.instances.example.{line}\n"));
    lines.collect()
}

#[test]
fn file_has_each_limit_of_contract() {
    let text = emit(&contract(), pool()).text;
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let retry = "resilience4j.retry.instances.postgres_async";
    let pool = "resilience4j.thread-pool-bulkhead.instances.postgres_async";
    let expected = [
        format!("{retry}.max-attempts=3"),
        format!("{retry}.wait-duration=45ms"),
        format!("{retry}.enable-exponential-backoff=true"),
        format!("{retry}.exponential-backoff-multiplier=2"),
        format!("{retry}.exponential-max-wait-duration=1s"),
        format!("{retry}.enable-randomized-wait=true"),
        format!("{retry}.randomized-wait-factor=0.111111"),
        "resilience4j.timelimiter.instances.postgres_async.timeout-duration=5s".to_owned(),
        format!("{pool}.max-thread-pool-size=20"),
        format!("{pool}.core-thread-pool-size=20"),
        format!("{pool}.queue-capacity=200"),
    ];
    assert_eq!(lines, expected);
}

#[test]
fn attempts_include_the_first() {
    assert_eq!(value(&retry(&["max-attempts=3"]), Field::MaxAttempts), Some(3));
    assert_eq!(value("", Field::MaxAttempts), Some(3), "the default");
    assert_eq!(rules(&file("max-attempts=3", "max-attempts=4")), ["drift-looser"]);
    let old = file("max-attempts=3", "max-retry-attempts=3");
    assert_eq!(rules(&old), ["drift-dead-setting"], "the default is 3, too");
    let mut contract = contract();
    contract.retry_policy.max_attempts = Attempts::new(1).unwrap();
    let text = emit(&contract, pool()).text;
    assert!(text.contains("max-attempts=1\n") && !text.contains("wait-duration"), "{text}");
}

#[test]
fn multiplier_and_factor_are_dead_without_their_switches() {
    let exponential = messages(&file("backoff=true", "backoff=false"));
    let multiplier = "Resilience4j 2.4.0 uses 1 instead of \
                      `resilience4j.retry.instances.postgres_async.exponential-backoff-multiplier` = 2: \
                      `enable-exponential-backoff` must be `true`";
    assert!(exponential.contains(&multiplier.to_owned()), "{exponential:?}");
    assert!(exponential.iter().any(|it| it.contains("exponential-max-wait-duration` = 1s")));
    let random = messages(&file("wait=true", "wait=false"));
    let factor = "randomized-wait-factor` = 0.111111: `enable-randomized-wait` must be `true`";
    assert!(random.iter().any(|it| it.ends_with(factor)), "{random:?}");
    assert_eq!(value(&file("wait=true", "wait=false"), Field::JitterPercent), Some(0));
}

#[test]
fn backoff_is_constant_without_wait_duration() {
    let text = file("wait-duration=45ms", "event-consumer-buffer-size=9");
    let found = messages(&text);
    let dead = found.iter().filter(|it| it.ends_with("`wait-duration` must be set")).count();
    assert_eq!(dead, 3, "{found:?}");
    assert_eq!(value(&text, Field::BaseBackoffMs), Some(500));
    assert_eq!(value(&text, Field::MaxBackoffMs), Some(500));
    assert_eq!(value(&text, Field::MultiplierPercent), Some(100));
}

#[test]
fn longest_backoff_is_ignored_without_multiplier_or_factor() {
    for lost in ["exponential-backoff-multiplier=2", "randomized-wait-factor=0.111111"] {
        let found = messages(&file(lost, "event-consumer-buffer-size=9"));
        let (name, _) = lost.split_once('=').unwrap();
        let end = format!("exponential-max-wait-duration` = 1s: `{name}` must be set");
        assert!(found.iter().any(|it| it.ends_with(&end)), "{found:?}");
    }
    let text = retry(&["wait-duration=100", "enable-exponential-backoff=true"]);
    assert_eq!(value(&text, Field::MultiplierPercent), Some(150), "the default");
    assert_eq!(value(&text, Field::MaxBackoffMs), None, "no limit");
}

#[test]
fn backoffs_that_grow_or_are_random_need_a_length() {
    assert_eq!(rules(&file("wait-duration=45ms", "wait-duration=0")), ["drift-rejected"]);
    assert_eq!(rules(&file("max-wait-duration=1s", "max-wait-duration=0s")), ["drift-rejected"]);
    let constant = retry(&["wait-duration=0", "exponential-max-wait-duration=0"]);
    assert!(!rules(&constant).contains(&"drift-rejected"), "a constant backoff can be 0");
}

#[test]
fn longest_backoff_includes_random_factor() {
    let text = retry(&["wait-duration=900ms", "enable-randomized-wait=true"]);
    assert_eq!(value(&text, Field::BaseBackoffMs), Some(1_350), "the default factor is 0.5");
    assert_eq!(value(&text, Field::JitterPercent), Some(67));
    // Without random backoffs, the nominal backoff is the longest.
    let plain = file("wait-duration=45ms", "wait-duration=50ms").replace("0.111111", "0");
    assert_eq!(rules(&plain), ["drift-stricter"], "only the jitter differs");
}

#[test]
fn factor_below_one_states_each_jitter() {
    for percent in [0, 1, 20, 34, 50, 99, 100] {
        let mut contract = contract();
        contract.retry_policy.jitter_percent = Percent::new(percent).unwrap();
        let text = emit(&contract, pool()).text;
        assert_eq!(value(&text, Field::JitterPercent), Some(percent), "{text}");
        assert!(verify(&contract, pool(), &text).drifts.is_empty());
    }
    assert_eq!(rules(&file("0.111111", "1")), ["drift-rejected"]);
    assert_eq!(rules(&file("0.111111", "-0.1")), ["drift-rejected"]);
}

#[test]
fn times_have_units_of_spring() {
    for (time, rule) in [
        ("5000", None),
        ("5000ms", None),
        ("PT5S", None),
        ("6s", Some("drift-looser")),
        ("1m", Some("drift-looser")),
        ("1.5s", Some("drift-rejected")),
        ("5 s", Some("drift-rejected")),
        ("5 # five", Some("drift-rejected")),
    ] {
        let text = file("timeout-duration=5s", &format!("timeout-duration={time}"));
        assert_eq!(rules(&text), Vec::from_iter(rule), "{time}");
    }
}

#[test]
fn time_must_not_be_negative() {
    let found = messages(&file("timeout-duration=5s", "timeout-duration=-5s"));
    let message = "Resilience4j 2.4.0 does not start or fails at a retry: \
                   `resilience4j.timelimiter.instances.postgres_async.timeout-duration` must be at \
                   least 0s";
    assert_eq!(found, [message]);
}

#[test]
fn defaults_of_absent_modules_apply() {
    let found = messages(&retry(&["max-attempts=3"]).replace("example", "postgres_async"));
    let timeout = "`resilience4j.timelimiter.instances.postgres_async.timeout-duration` is not set, and \
                   its default in Resilience4j 2.4.0 is 1s, but `request_ms` (5000) allows 5s";
    assert!(
        found.iter().any(|it| it.starts_with(timeout.trim_end_matches(" allows 5s"))),
        "{found:?}"
    );
    let threads = "max-thread-pool-size` is not set, and its default in Resilience4j 2.4.0 is the \
                   number of processors, but `max_in_flight` (20) allows at most 20";
    assert!(found.iter().any(|it| it.ends_with(threads)), "{found:?}");
    let adoption = adopted("", pool());
    assert!(adoption.left_out.contains(&"max_in_flight".to_owned()));
    assert!(adoption.text.contains("its default is the number of processors"), "{}", adoption.text);
}

#[test]
fn pool_needs_fewer_core_threads_than_threads() {
    assert_eq!(
        rules(&file("core-thread-pool-size=20", "core-thread-pool-size=21")),
        ["drift-rejected"]
    );
    let zero = file("max-thread-pool-size=20", "max-thread-pool-size=0");
    assert_eq!(rules(&zero), ["drift-dead-setting"], "the number of processors applies");
    assert_eq!(value(&zero, Field::MaxInFlight), None);
}

#[test]
fn wait_for_permission_is_not_a_part_of_the_timeout() {
    let mut contract = contract();
    contract.timeout_policy.queue_ms = Some(QueueMs::new(1_500).unwrap());
    let text = emit(&contract, options("bulkhead")).text;
    assert!(
        text.contains("timelimiter.instances.postgres_async.timeout-duration=3500ms\n"),
        "{text}"
    );
    assert!(
        text.contains("bulkhead.instances.postgres_async.max-wait-duration=1500ms\n"),
        "{text}"
    );
    assert!(text.contains("bulkhead.instances.postgres_async.max-concurrent-calls=20\n"), "{text}");
    let values = adopted(&text, options("bulkhead")).values;
    let read = |field| values.iter().find(|it| it.field == field).map(|it| it.value);
    assert_eq!((read(Field::RequestMs), read(Field::QueueMs)), (Some(5_000), Some(1_500)));
}

const SHARED: &str = "\
resilience4j.retry.configs.default.max-attempts=5
resilience4j.retry.configs.slow.maxAttempts=7
resilience4j.retry.configs.slow.wait-duration=2s
resilience4j.retry.instances.own.maxAttempts=2
resilience4j.retry.instances.slow.baseConfig=slow
resilience4j.retry.instances.slow.wait-duration=3s
resilience4j.timelimiter.instances.other.timeout-duration=9s
";

/// Returns a value of the instance with the name of a driver.
fn of_driver(driver: &str, text: &str, field: Field) -> Option<u64> {
    let name = driverc::model::DriverName::new(driver).unwrap();
    let values = driverc::targets::adopt(text, pool(), &name, None, "a.properties").values;
    values.iter().find(|adopted| adopted.field == field).map(|adopted| adopted.value)
}

#[test]
fn instance_has_own_settings_those_of_its_configuration_or_the_default() {
    for (driver, attempts, base, request) in
        [("own", 2, 500, 1_000), ("slow", 7, 3_000, 1_000), ("other", 5, 500, 9_000)]
    {
        let read = |field| of_driver(driver, SHARED, field);
        assert_eq!(read(Field::MaxAttempts), Some(attempts), "{driver}");
        assert_eq!(read(Field::BaseBackoffMs), Some(base), "{driver}");
        assert_eq!(read(Field::RequestMs), Some(request), "{driver}");
    }
    // No instance has this name, so the loosest of all counts.
    assert_eq!(of_driver("absent", SHARED, Field::MaxAttempts), Some(7));
    assert_eq!(of_driver("absent", SHARED, Field::RequestMs), Some(9_000));
}

#[test]
fn instance_can_have_each_spelling_of_its_name() {
    for name in ["postgres_async", "postgres-async", "postgresAsync", "[postgres_async]"] {
        let text = format!("resilience4j.retry.instances.{name}.MAX_ATTEMPTS=9\n");
        let found = messages(&text);
        assert!(found.iter().any(|it| it.contains(".max-attempts` is 9, but")), "{found:?}");
    }
}

#[test]
fn other_parts_of_application_are_neither_read_nor_shown() {
    let text = "app.token=hunter2\nresilience4j.circuitbreaker.instances.a.x=hunter3\n\
                resilience4j.retry.instances.a.bogus=hunter4\n";
    let verification = verify(&contract(), pool(), text);
    let unknown: Vec<_> =
        verification.drifts.iter().filter(|it| it.rule.name == "drift-unknown-setting").collect();
    assert_eq!(unknown.len(), 1, "{unknown:?}");
    assert!(unknown[0].message.contains("`resilience4j.retry.instances.a.bogus`"), "{unknown:?}");
    let shown = verification.public_text + &adopted(text, pool()).text;
    assert!(!shown.contains("hunter"), "{shown}");
}

/// Returns the settings of a configuration that instances share.
fn config(name: &str, lines: &[&str]) -> String {
    let lines = lines.iter().map(|line| format!("resilience4j.retry.configs.{name}.{line}\n"));
    lines.collect()
}

#[test]
fn instance_without_first_backoff_has_backoffs_of_its_configuration() {
    let growing = ["enable-exponential-backoff=true", "exponential-backoff-multiplier=3"];
    for base in ["default", "shared"] {
        let shared = config(base, &["wait-duration=200ms"]);
        let text = shared + &retry(&[&[&*format!("base-config={base}")], &growing[..]].concat());
        assert_eq!(value(&text, Field::MaxBackoffMs), Some(200), "{text}");
        assert_eq!(value(&text, Field::MultiplierPercent), Some(100), "{text}");
        let own = text.replace("example", "postgres_async");
        let messages = messages(&(own + &retry(&growing)));
        let dead = messages.iter().filter(|it| it.contains("without its own `wait-duration`"));
        assert_eq!(dead.count(), 2, "{messages:#?}");
    }
    // Without any first backoff, the reason is another one.
    let messages = messages(&retry(&growing));
    assert!(!messages.iter().any(|it| it.contains("its own")), "{messages:#?}");
}

#[test]
fn instance_with_first_backoff_inherits_all_but_the_random_factor() {
    for base in ["default", "shared"] {
        let shared = ["enable-randomized-wait=true", "randomized-wait-factor=0.2"];
        let growing = ["enable-exponential-backoff=true", "exponential-backoff-multiplier=3"];
        let shared = [&["wait-duration=200ms"], &shared[..], &growing[..]].concat();
        let heir = config(base, &shared) + &retry(&[&format!("base-config={base}")]);
        let own = heir.clone() + &retry(&["wait-duration=400ms"]);
        for (text, first, jitter) in [(&heir, 240, 34), (&own, 600, 67)] {
            assert_eq!(value(text, Field::BaseBackoffMs), Some(first), "{text}");
            assert_eq!(value(text, Field::JitterPercent), Some(jitter), "{text}");
            assert_eq!(value(text, Field::MultiplierPercent), Some(300), "{text}");
        }
    }
}

#[test]
fn time_limit_has_no_backends() {
    let text = "resilience4j.timelimiter.backends.example.timeout-duration=9s\n";
    assert_eq!(value(text, Field::RequestMs), Some(1_000));
    let text = text.replace("backends", "instances");
    assert_eq!(value(&text, Field::RequestMs), Some(9_000));
}

#[test]
fn unknown_bulkhead_setting_is_not_of_another_product() {
    let text = "resilience4j.bulkhead.instances.example.maxConcurrentCall=2\n";
    let drifts = verify(&contract(), options("bulkhead"), text).drifts;
    let unknown = drifts.iter().find(|drift| drift.rule.name == "drift-unknown-setting").unwrap();
    let help = unknown.help.as_deref().unwrap_or_default();
    assert!(help.contains("max-concurrent-calls"), "{unknown:#?}");
}

#[test]
fn first_backoff_with_another_factor_is_compared_by_its_longest() {
    // Of 750 ms, 67% are random: 250 ms to 750 ms, as with a factor of a half.
    let mut contract = contract();
    contract.retry_policy.base_backoff_ms = BackoffMs::new(750).unwrap();
    contract.retry_policy.jitter_percent = Percent::new(67).unwrap();
    for (wait, is_reported) in [(500, false), (501, true), (498, true)] {
        let wait = format!("wait-duration={wait}");
        let random = ["enable-randomized-wait=true", "randomized-wait-factor=0.5"];
        let text = retry(&[&[&*wait], &random[..]].concat());
        let drifts = verify(&contract, pool(), &text).drifts;
        let has = drifts.iter().any(|drift| drift.message.contains(".wait-duration`"));
        assert_eq!(has, is_reported, "{drifts:#?}");
    }
}
