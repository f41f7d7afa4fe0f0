//! Laws of `emit`, `adopt` and `verify` for every contract, target, dialect, role and version.

use std::collections::BTreeSet;

use driverc::{
    finding::Level,
    model::{
        Attempts, BackoffMs, ConnectMs, DeadlineMs, DriverContract, Field, IdleMs, MaxInFlight,
        MaxQueueDepth, MultiplierPercent, Percent, RequestMs,
    },
    targets::{
        Adopted, Conversion, Emission, Fidelity, Looseness, Setting, TargetOptions, ValueRange,
        emit,
        syntax::{Syntax, decoded},
        verify,
    },
};
use proptest::prelude::*;

use super::{adopted, all_options};
use crate::common::{laws, strategies::driver};

/// Returns arbitrary contracts, and contracts that most clients can run.
fn contract() -> BoxedStrategy<DriverContract> {
    let arbitrary = driver().boxed();
    let realistic = (arbitrary.clone(), realistic()).prop_map(|(contract, it)| with(contract, it));
    prop_oneof![1 => arbitrary, 4 => realistic.boxed()].boxed()
}

type Numbers = ([u64; 8], Option<u64>, bool);

fn realistic() -> BoxedStrategy<Numbers> {
    let numbers = (
        1..=6_u64,
        0..=100_000_u64,
        1..=60_000_u64,
        1..=300_000_u64,
        1..=600_000_u64,
        1..=8_u64,
        0..=2_000_u64,
        0..=5_000_u64,
    );
    let numbers = numbers.prop_map(|(a, b, c, d, e, f, g, h)| [a, b, c, d, e, f, g, h]);
    (numbers, proptest::option::of(1_000..=2_000_000_u64), any::<bool>()).boxed()
}

fn with(
    mut contract: DriverContract,
    (numbers, deadline, has_multiplier): Numbers,
) -> DriverContract {
    let [slots, queue, connect, request, idle, attempts, base, max] = numbers;
    contract.max_in_flight = MaxInFlight::new(slots).unwrap();
    contract.max_queue_depth = MaxQueueDepth::new(queue).unwrap();
    contract.timeout_policy.connect_ms = ConnectMs::new(connect).unwrap();
    contract.timeout_policy.request_ms = RequestMs::new(request).unwrap();
    contract.timeout_policy.idle_ms = IdleMs::new(idle).unwrap();
    contract.timeout_policy.deadline_ms = deadline.map(|it| DeadlineMs::new(it).unwrap());
    contract.retry_policy.max_attempts = Attempts::new(attempts).unwrap();
    contract.retry_policy.base_backoff_ms = BackoffMs::new(base).unwrap();
    contract.retry_policy.max_backoff_ms = BackoffMs::new(max).unwrap();
    contract.retry_policy.jitter_percent = Percent::new(34).unwrap();
    if !has_multiplier {
        contract.retry_policy.multiplier_percent = None;
    }
    contract
}

fn is_possible(emission: &Emission) -> bool {
    emission.findings.iter().all(|finding| finding.level < Level::Error)
}

/// Returns the fields that a finding reports as different, not only as looser by their meaning.
fn inexact(emission: &Emission) -> BTreeSet<Field> {
    let is_of_meaning = |message: &str| {
        let of_meaning = ["does not include the wait", "of one", " counts ", " only every "];
        of_meaning.iter().any(|it| message.contains(it)) && !message.contains("whole seconds")
    };
    let findings = emission.findings.iter();
    let findings = findings.filter(|finding| !is_of_meaning(&finding.message));
    findings.filter_map(|finding| finding.place.field).collect()
}

fn value(values: &[Adopted], field: Field) -> Option<u64> {
    values.iter().find(|adopted| adopted.field == field).map(|adopted| adopted.value)
}

/// Returns true if `adopt` reads a field from a setting.
fn is_stated(options: TargetOptions, field: Field) -> bool {
    options.settings().any(|setting| setting.is_adopted && setting.field == Some(field))
}

/// Returns true if a target states a field only if the contract has it.
fn is_optional(options: TargetOptions, field: Field) -> bool {
    options.settings().any(|setting| setting.is_optional() && setting.field == Some(field))
}

/// Returns the numeric fields of a contract that a target can state.
fn numbers(contract: &DriverContract) -> [(Field, u64); 8] {
    let (timeouts, retries) = (&contract.timeout_policy, &contract.retry_policy);
    [
        (Field::MaxInFlight, contract.max_in_flight.get()),
        (Field::MaxQueueDepth, contract.max_queue_depth.get()),
        (Field::ConnectMs, timeouts.connect_ms.get()),
        (Field::RequestMs, timeouts.request_ms.get()),
        (Field::IdleMs, timeouts.idle_ms.get()),
        (Field::MaxAttempts, retries.max_attempts.get()),
        (Field::BaseBackoffMs, retries.base_backoff_ms.get()),
        (Field::MaxBackoffMs, retries.max_backoff_ms.get()),
    ]
}

/// Returns true if the deadline of a target only prevents further attempts.
fn ends_after_attempt(options: TargetOptions) -> bool {
    let fidelity = Fidelity::Looser(Looseness::EndsAfterAttempt);
    options.settings().any(|setting| setting.fidelity == fidelity)
}

fn check_round_trip(contract: &DriverContract, options: TargetOptions) {
    let emission = emit(contract, options);
    if !is_possible(&emission) {
        return;
    }
    let adoption = adopted(&emission.text, options);
    let (inexact, has_retry) = (inexact(&emission), contract.retry_policy.max_attempts.get() > 1);
    for (field, number) in numbers(contract) {
        let is_moot = !has_retry && matches!(field, Field::BaseBackoffMs | Field::MaxBackoffMs);
        if !inexact.contains(&field) && !is_moot && is_stated(options, field) {
            let text = &emission.text;
            assert_eq!(value(&adoption.values, field), Some(number), "{field:?}\n{text}");
        }
    }
    let states_growth = is_stated(options, Field::MultiplierPercent);
    if has_retry && states_growth && !inexact.contains(&Field::MultiplierPercent) {
        let own = contract.retry_policy.multiplier_percent.map(MultiplierPercent::get);
        let read = value(&adoption.values, Field::MultiplierPercent);
        // A target that always states the growth cannot tell whether the contract does.
        let is_kept = |own: &u64| *own != 200 || is_optional(options, Field::MultiplierPercent);
        assert_eq!(read, own.filter(is_kept), "{}", emission.text);
    }
    let retries = [Field::BaseBackoffMs, Field::MaxBackoffMs, Field::MultiplierPercent];
    let has_exact_worst_case = !retries.iter().any(|field| inexact.contains(field))
        && !inexact.contains(&Field::RequestMs)
        && !inexact.contains(&Field::DeadlineMs);
    if has_exact_worst_case && has_retry {
        let deadline = value(&adoption.values, Field::DeadlineMs);
        match contract.timeout_policy.deadline_ms {
            None => assert_eq!(deadline, None, "{}", emission.text),
            Some(own) if deadline.is_some() => assert_eq!(deadline, Some(own.get())),
            // The deadline is the worst case, which a contract need not state.
            Some(own) => {
                let request = contract.timeout_policy.request_ms;
                let worst = contract.retry_policy.worst_case_ms(request);
                // A time after which no attempt starts says nothing if all attempts are over before.
                let is_moot = own.get() >= worst && ends_after_attempt(options);
                assert!(is_moot || own.get().abs_diff(worst) <= 5, "{own} {worst}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn adopting_an_emitted_file_gives_contract_back(contract in contract()) {
        for options in all_options() {
            check_round_trip(&contract, options);
        }
    }

    #[test]
    fn emitted_file_has_no_drift(contract in contract()) {
        for options in all_options() {
            let emission = emit(&contract, options);
            if is_possible(&emission) {
                let drifts = verify(&contract, options, &emission.text).drifts;
                prop_assert!(drifts.is_empty(), "{drifts:?}\n{}", emission.text);
            }
        }
    }

    #[test]
    fn output_is_function_of_contract(contract in contract()) {
        for options in all_options() {
            prop_assert_eq!(emit(&contract, options).text, emit(&contract.clone(), options).text);
        }
    }

    #[test]
    fn each_changed_value_is_reported_in_its_direction(
        contract in contract(),
        line in any::<proptest::sample::Index>(),
        change in 1..1_000_u64,
        up in any::<bool>(),
    ) {
        for options in all_options() {
            check_change(&contract, options, (line, change, up));
        }
    }

    #[test]
    fn reader_survives_arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        laws::targets(&bytes.iter().copied().map(char::from).collect::<String>());
        if let Some(text) = decoded(bytes) {
            laws::targets(&text);
        }
    }

    #[test]
    fn reader_survives_arbitrary_objects(
        parts in proptest::collection::vec(
            "[\\[\\]{},:]|\"[a-zé.\\\\]{0,4}\"|\"methodConfig\":|\"timeout\":|[0-9.e]{1,4}|\"[0-9.]{1,12}s\"| |\n|true",
            0..20,
        )
    ) {
        laws::targets(&parts.concat());
        laws::targets(&format!("{{\"methodConfig\":[{{\"timeout\":{}}}]}}", parts.concat()));
    }

    #[test]
    fn reader_survives_arbitrary_yaml(
        lines in proptest::collection::vec(
            ("(  ){0,4}", "(- )?", "clusters|routes|route|cluster|name|timeout|retry_policy|retry_on|circuit_breakers|thresholds|max_requests|virtual_hosts|kind|spec|host|http|items|trafficPolicy|connectionPool|<<|[a-zé]{1,3}", "|: ", "|[*&]a|&b \\[|\\*b|[{}\\[\\]]|c|VirtualService|DestinationRule|[0-9.]{1,6}s?|'[^\n]{0,4}'|\"[^\n]{0,4}|---|!x 5|\\|"),
            0..16,
        )
    ) {
        let lines = lines.iter().map(|(indent, dash, key, colon, value)| format!("{indent}{dash}{key}{colon}{value}\n"));
        laws::targets(&lines.collect::<String>());
    }

    #[test]
    fn reader_survives_arbitrary_constants(
        parts in proptest::collection::vec(
            "[(){}\\[\\];:=#!'\"\\\\,&]|pub |const |fn |[A-Z]{1,2}|REQUEST_MS|CLASS|: u64 = |[0-9_]{1,4}|/[/*]|\\*/|\n|é|\"[a-z]\"|#\\[cfg\\(a\\)\\]",
            0..24,
        )
    ) {
        laws::targets(&parts.concat());
        laws::targets(&format!("pub const REQUEST_MS: u64 = {};", parts.concat()));
    }

    #[test]
    fn reader_survives_arbitrary_settings(
        lines in proptest::collection::vec(("[a-z.#!\\\\ ]{0,12}|retries|acks|linger.ms|max.in.flight|\\[databases\\]\n[a-z]|%include|pool_size|query_timeout|jdbcUrl=jdbc:postgresql:[?&=a-z]{0,4}|jdbcUrl=.\\{[a-z]\\}|loginTimeout|maxLifetime|dataSource.options=-c statement_timeout|spring.datasource.(url|hikari.[a-z-]{0,9})|resilience4j.(retry|bulkhead).(configs|instances).(a|.b.|default).(max-attempts|baseConfig|wait-duration)", "[=: ]?", ".{0,12}"), 0..12)
    ) {
        let lines = lines.iter().map(|(name, equals, value)| format!("{name}{equals}{value}\n"));
        laws::targets(&lines.collect::<String>());
    }
}

/// Returns the setting of a line, and its value without quotes.
fn set_in<'t>(
    lines: &[&'t str],
    at: usize,
    driver: &str,
    options: TargetOptions,
) -> Option<(&'static Setting, &'t str)> {
    let line = lines[at].trim_end_matches([',', ';']);
    let value = |value: &'t str| value.trim().trim_matches('"');
    if matches!(options.dialect.syntax, Syntax::Yaml { .. }) {
        let (name, text) = line.split_once(": ").filter(|_| !line.starts_with('#'))?;
        let name = name.trim().trim_start_matches("- ").trim_start_matches('"');
        let is_it = |setting: &&Setting| setting.name.rsplit('.').next() == Some(name);
        return Some((options.settings().find(is_it)?, value(text)));
    }
    if let Some(constant) = line.strip_prefix("pub const ") {
        let (name, rest) = constant.split_once(": ")?;
        let (_, text) = rest.split_once(" = ")?;
        return Some((options.settings().find(|setting| setting.name == name)?, value(text)));
    }
    let Some((_, text)) = line.split_once("\": ") else {
        let of = |setting: &Setting| {
            let rest = line.strip_prefix(&setting.name.replace("{driver}", driver))?;
            rest.trim_start().strip_prefix('=').map(str::trim)
        };
        return options.settings().find_map(|setting| Some((setting, of(setting)?)));
    };
    let path = path(lines, at);
    let is_it = |setting: &&Setting| {
        path.strip_suffix(setting.name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    Some((options.settings().find(is_it)?, value(text)))
}

/// Returns the name of a line's value, after the names of the objects that contain it.
fn path(lines: &[&str], at: usize) -> String {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut path = name(lines[at]).to_owned();
    let mut own = depth(lines[at]);
    for line in lines[..at].iter().rev().filter(|line| line.ends_with('{')) {
        if depth(line) < own {
            own = depth(line);
            path = format!("{}.{path}", name(line));
        }
    }
    path
}

/// Returns the name in a line.
fn name(line: &str) -> &str {
    let line = line.trim().trim_start_matches('"');
    line.split_once("\":").or_else(|| line.split_once('=')).map_or("", |(name, _)| name.trim())
}

/// Changes one value of an emitted file, and checks what `verify` says about it.
fn check_change(
    contract: &DriverContract,
    options: TargetOptions,
    (index, change, up): (proptest::sample::Index, u64, bool),
) {
    let emission = emit(contract, options);
    if !is_possible(&emission) {
        return;
    }
    let driver = contract.name.as_str();
    let lines: Vec<_> = emission.text.lines().collect();
    let settings: Vec<_> =
        (0..lines.len()).filter(|at| set_in(&lines, *at, driver, options).is_some()).collect();
    if settings.is_empty() {
        return;
    }
    let at = settings[index.index(settings.len())];
    let (setting, spelled) = set_in(&lines, at, driver, options).unwrap();
    let Some((min, max)) = setting.range() else { return };
    let old = setting.parse(spelled).unwrap();
    let new = if up { old.saturating_add(change) } else { old.saturating_sub(change) };
    let new = new.clamp(min, max);
    let is_free = matches!(setting.conversion, Conversion::Lifetime(_))
        && contract.timeout_policy.lifetime_ms.is_none();
    if setting.spelled(new) == spelled || setting.is_unlimited(new) || is_free {
        return;
    }
    let (before, after) = lines[at].rsplit_once(spelled).unwrap();
    let changed = format!("{before}{}{after}", setting.spelled(new));
    let text: Vec<_> =
        (0..lines.len()).map(|it| if it == at { &changed } else { lines[it] }).collect();
    let drifts = verify(contract, options, &text.join("\n")).drifts;
    let rules: Vec<_> = drifts.iter().map(|drift| drift.rule.name).collect();
    if setting.fidelity == Fidelity::Looser(Looseness::EndsAfterAttempt) {
        let expected = of_last_attempt(contract, setting, (old, new));
        assert_eq!(rules, expected, "{changed}: {drifts:?}\n{}", emission.text);
        return;
    }
    let is_factor = setting.conversion == Conversion::Factor;
    // A larger batch makes the same number of items fewer requests.
    let expected = if (new > old) == is_factor { "drift-stricter" } else { "drift-looser" };
    // The change can make the program refuse the file, or replace or ignore a value.
    let is_broken = rules.iter().any(|it| matches!(*it, "drift-rejected" | "drift-dead-setting"));
    let is_reported = !rules.is_empty() && rules.iter().all(|rule| *rule == expected);
    assert!(is_broken || is_reported, "{changed}: {drifts:?}\n{}", emission.text);
}

/// Returns what `verify` says about a change of the time after which no attempt starts.
fn of_last_attempt(
    contract: &DriverContract,
    setting: &Setting,
    (old, new): (u64, u64),
) -> Vec<&'static str> {
    let (timeouts, retries) = (&contract.timeout_policy, &contract.retry_policy);
    let is_duration = matches!(setting.values, ValueRange::Duration { .. });
    let millis = |time: u64| if is_duration { time.div_ceil(1_000) } else { time };
    let last = timeouts.request_ms.get() + retries.max_backoff_ms.get();
    if new > old {
        // Without a deadline, the attempts end by themselves.
        return timeouts.deadline_ms.map(|_| "drift-looser").into_iter().collect();
    }
    let is_kept = millis(new) + last >= millis(old);
    if is_kept { Vec::new() } else { vec!["drift-stricter"] }
}
