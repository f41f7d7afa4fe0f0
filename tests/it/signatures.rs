//! Laws of signatures: each value has one line, and each line one value.

use std::{collections::BTreeMap, fmt::Debug};

use driverc::{
    model::{
        Benchmark, BudgetResult, Capabilities, DeclaredBudget, DriverCapability, DriverContract,
        DriverName,
    },
    signature::{
        SignatureError, benchmark_signature, budget_result_signature, budget_signature,
        capability_matrix_signature, driver_signature, parse_benchmark_signature,
        parse_budget_result_signature, parse_budget_signature, parse_capability_matrix_signature,
        parse_driver_signature, sealed_signature_document, signature_digest, signature_document,
    },
};
use proptest::{
    arbitrary::any,
    collection, prop_assert, prop_assert_eq, prop_assert_ne, prop_oneof, proptest,
    sample::{self, Index},
    strategy::{Just, Strategy},
    test_runner::TestCaseError,
};

use crate::common::strategies::{
    benchmark, budget_result, capabilities, declared_budget, driver, driver_name, vocabulary,
};

type Law = Result<(), TestCaseError>;

/// A kind of signature, with its writer and parser.
struct Kind<T> {
    write: fn(&T) -> String,
    read: fn(&str) -> Result<T, SignatureError>,
}

const DRIVER: Kind<DriverContract> = Kind { write: driver_signature, read: parse_driver_signature };
const BUDGET: Kind<DeclaredBudget> = Kind { write: budget_signature, read: parse_budget_signature };
const BENCHMARK: Kind<Benchmark> =
    Kind { write: benchmark_signature, read: parse_benchmark_signature };
const RESULT: Kind<BudgetResult> =
    Kind { write: budget_result_signature, read: parse_budget_result_signature };

/// Copies one field from the second value to the first.
type CopyField<T> = fn(&mut T, &T);

impl<T: Clone + Debug + PartialEq> Kind<T> {
    /// The line is visible ASCII and parses back to the value.
    fn survives_round_trip(&self, value: &T) -> Law {
        let line = (self.write)(value);
        prop_assert!(line.bytes().all(|byte| byte.is_ascii_graphic()), "{line}");
        prop_assert_eq!((self.read)(&line), Ok(value.clone()));
        Ok(())
    }

    /// Values that differ in one field have different lines. `copies` covers every field.
    fn every_field_changes_line(&self, left: &T, right: &T, copies: &[CopyField<T>]) -> Law {
        let mut all = left.clone();
        for copy in copies {
            let mut one = left.clone();
            copy(&mut one, right);
            prop_assert_eq!(one == *left, (self.write)(&one) == (self.write)(left));
            copy(&mut all, right);
        }
        prop_assert_eq!(&all, right);
        Ok(())
    }

    /// A line is refused, or its value is written as the same line.
    fn is_canonical(&self, line: &str) -> Law {
        match (self.read)(line) {
            Ok(value) => prop_assert_eq!((self.write)(&value), line),
            Err(error) => prop_assert!(line.is_char_boundary(error.offset), "{error}"),
        }
        Ok(())
    }

    /// The parser refuses the changed line.
    fn refuses(&self, value: &T, change: impl FnOnce(&str) -> Option<String>) -> Law {
        let line = (self.write)(value);
        if let Some(changed) = change(&line) {
            prop_assert_ne!(&changed, &line);
            prop_assert!((self.read)(&changed).is_err(), "{changed}");
        }
        Ok(())
    }
}

const DRIVER_FIELDS: &[CopyField<DriverContract>] = &[
    |to, from| to.name = from.name.clone(),
    |to, from| to.class = from.class,
    |to, from| to.provider_module = from.provider_module.clone(),
    |to, from| to.max_in_flight = from.max_in_flight,
    |to, from| to.max_queue_depth = from.max_queue_depth,
    |to, from| to.timeout_policy.connect_ms = from.timeout_policy.connect_ms,
    |to, from| to.timeout_policy.request_ms = from.timeout_policy.request_ms,
    |to, from| to.timeout_policy.idle_ms = from.timeout_policy.idle_ms,
    |to, from| to.timeout_policy.queue_ms = from.timeout_policy.queue_ms,
    |to, from| to.timeout_policy.deadline_ms = from.timeout_policy.deadline_ms,
    |to, from| to.timeout_policy.lifetime_ms = from.timeout_policy.lifetime_ms,
    |to, from| to.retry_policy.max_attempts = from.retry_policy.max_attempts,
    |to, from| to.retry_policy.base_backoff_ms = from.retry_policy.base_backoff_ms,
    |to, from| to.retry_policy.max_backoff_ms = from.retry_policy.max_backoff_ms,
    |to, from| to.retry_policy.jitter_percent = from.retry_policy.jitter_percent,
    |to, from| to.retry_policy.multiplier_percent = from.retry_policy.multiplier_percent,
    |to, from| {
        to.retry_policy.retry_budget_percent = from.retry_policy.retry_budget_percent;
        to.retry_policy.retry_budget_min = from.retry_policy.retry_budget_min;
    },
    |to, from| to.telemetry.timeout_metric = from.telemetry.timeout_metric.clone(),
    |to, from| to.telemetry.retry_metric = from.telemetry.retry_metric.clone(),
    |to, from| to.telemetry.latency_metric = from.telemetry.latency_metric.clone(),
    |to, from| to.telemetry.in_flight_metric = from.telemetry.in_flight_metric.clone(),
    |to, from| to.capabilities = from.capabilities.clone(),
    |to, from| to.support_tier = from.support_tier.clone(),
    |to, from| to.tuning_guide = from.tuning_guide.clone(),
];

const BUDGET_FIELDS: &[CopyField<DeclaredBudget>] = &[
    |to, from| to.profile = from.profile,
    |to, from| to.scope = from.scope.clone(),
    |to, from| to.max_p95_latency = from.max_p95_latency,
    |to, from| to.max_timeout_rate_bps = from.max_timeout_rate_bps,
    |to, from| to.max_retry_rate_bps = from.max_retry_rate_bps,
    |to, from| to.min_throughput_ops_per_sec = from.min_throughput_ops_per_sec,
    |to, from| to.max_p99_latency = from.max_p99_latency,
];

const BENCHMARK_FIELDS: &[CopyField<Benchmark>] = &[
    |to, from| to.driver = from.driver.clone(),
    |to, from| to.profile = from.profile,
    |to, from| to.p50_latency = from.p50_latency,
    |to, from| to.p95_latency = from.p95_latency,
    |to, from| to.timeout_rate_bps = from.timeout_rate_bps,
    |to, from| to.retry_rate_bps = from.retry_rate_bps,
    |to, from| to.throughput_ops_per_sec = from.throughput_ops_per_sec,
    |to, from| to.attempts = from.attempts,
    |to, from| to.requests = from.requests,
    |to, from| to.p95_upper_latency = from.p95_upper_latency,
    |to, from| to.p99_latency = from.p99_latency,
    |to, from| to.p99_upper_latency = from.p99_upper_latency,
    |to, from| to.reject_rate_bps = from.reject_rate_bps,
    |to, from| to.failure_rate_bps = from.failure_rate_bps,
    |to, from| to.duration_ms = from.duration_ms,
    |to, from| to.load_loop = from.load_loop,
    |to, from| to.source.clone_from(&from.source),
    |to, from| to.measured_on = from.measured_on,
    |to, from| to.contract = from.contract,
];

const RESULT_FIELDS: &[CopyField<BudgetResult>] = &[
    |to, from| to.driver = from.driver.clone(),
    |to, from| to.profile = from.profile,
    |to, from| to.verdict = from.verdict,
    |to, from| to.reason.clone_from(&from.reason),
];

/// A position in a line, and the text that replaces it.
#[derive(Clone, Debug)]
struct Edit {
    at: Index,
    removed: usize,
    inserted: String,
}

impl Edit {
    fn apply(&self, line: &str) -> String {
        let start = self.at.index(line.len());
        let end = line.len().min(start + self.removed);
        format!("{}{}{}", &line[..start], self.inserted, &line[end..])
    }
}

fn edit() -> impl Strategy<Value = Edit> {
    (any::<Index>(), 0..3_usize, "[a-c0-3A-C%|=,:. \né]{0,3}")
        .prop_map(|(at, removed, inserted)| Edit { at, removed, inserted })
}

/// Texts that resemble signatures.
fn near_signature() -> impl Strategy<Value = String> {
    let kind = sample::select(
        &["driver", "budget", "benchmark", "budget_result", "capability_matrix", "digest"][..],
    );
    let value = "[a-z0-9%,:]{0,12}|%[0-9A-Fa-f]{2}|\\PC{0,4}";
    let key = "name|class|profile|scope|driver|[a-z]{1,8}";
    let field = (key, value).prop_map(|(key, value)| format!("|{key}={value}"));
    let fields = collection::vec(field, 0..6).prop_map(|fields| fields.concat());
    prop_oneof![
        (kind, fields).prop_map(|(kind, fields)| format!("{kind}|v1{fields}")),
        ".{0,40}".prop_map(|text| text),
    ]
}

/// The matrix with these rows; all other fields are from one contract.
fn matrix(rows: &[(DriverName, Capabilities)], other: &DriverContract) -> String {
    let driver = |(name, capabilities): &(DriverName, Capabilities)| DriverContract {
        name: name.clone(),
        capabilities: capabilities.clone(),
        ..other.clone()
    };
    capability_matrix_signature(&rows.iter().map(driver).collect::<Vec<_>>())
}

fn matrix_is_canonical(line: &str, other: &DriverContract) -> Law {
    if let Ok(rows) = parse_capability_matrix_signature(line) {
        prop_assert_eq!(matrix(&rows, other), line);
    }
    Ok(())
}

/// Swaps two neighbouring fields.
fn swapped(line: &str, at: Index) -> Option<String> {
    let mut parts: Vec<_> = line.split('|').collect();
    let fields = parts.len().checked_sub(3).filter(|pairs| *pairs > 0)?;
    let first = 2 + at.index(fields);
    parts.swap(first, first + 1);
    Some(parts.join("|"))
}

/// Changes the letters of an escape to lower case.
fn lower_case_escape(line: &str) -> Option<String> {
    let escapes = line.match_indices('%').map(|(start, _)| start..start + 3);
    let mut letters = escapes.filter(|escape| line[escape.clone()].contains(char::is_alphabetic));
    let escape = letters.next()?;
    let lower = line[escape.clone()].to_ascii_lowercase();
    Some(format!("{}{lower}{}", &line[..escape.start], &line[escape.end..]))
}

/// Escapes a character of a value that needs no escape.
fn needless_escape(line: &str, at: Index) -> String {
    let mut values = Vec::new();
    let mut in_value = false;
    for (start, character) in line.char_indices() {
        in_value = character != '|' && (in_value || character == '=');
        if in_value && !matches!(character, '=' | ',' | '%') {
            values.push(start);
        }
    }
    let start = *at.get(&values);
    let byte = line.as_bytes()[start];
    format!("{}%{byte:02X}{}", &line[..start], &line[start + 1..])
}

/// Adds a leading zero to a number.
fn leading_zero(line: &str, at: Index) -> String {
    const KEYS: [&str; 4] =
        ["|max_in_flight=", "|timeout_policy.idle_ms=", "_attempts=", "jitter_percent="];
    let key = at.get(&KEYS);
    line.replacen(key, &format!("{key}0"), 1)
}

/// Changes the list of capabilities.
fn relisted(line: &str, relist: impl FnOnce(&mut Vec<&str>)) -> Option<String> {
    let (before, rest) = line.split_once("|capabilities=")?;
    let (list, after) = rest.split_once('|')?;
    let mut words: Vec<_> = list.split(',').filter(|_| !list.is_empty()).collect();
    relist(&mut words);
    let list = words.join(",");
    Some(format!("{before}|capabilities={list}|{after}")).filter(|changed| changed != line)
}

proptest! {
    #[test]
    fn every_value_survives_round_trip(
        driver in driver(), budget in declared_budget(), benchmark in benchmark(),
        result in budget_result(),
    ) {
        DRIVER.survives_round_trip(&driver)?;
        BUDGET.survives_round_trip(&budget)?;
        BENCHMARK.survives_round_trip(&benchmark)?;
        RESULT.survives_round_trip(&result)?;
    }

    #[test]
    fn every_driver_field_changes_signature(left in driver(), right in driver()) {
        DRIVER.every_field_changes_line(&left, &right, DRIVER_FIELDS)?;
    }

    #[test]
    fn every_budget_field_changes_signature(left in declared_budget(), right in declared_budget()) {
        BUDGET.every_field_changes_line(&left, &right, BUDGET_FIELDS)?;
    }

    #[test]
    fn every_benchmark_field_changes_signature(left in benchmark(), right in benchmark()) {
        BENCHMARK.every_field_changes_line(&left, &right, BENCHMARK_FIELDS)?;
    }

    #[test]
    fn every_budget_result_field_changes_signature(
        left in budget_result(), right in budget_result(),
    ) {
        RESULT.every_field_changes_line(&left, &right, RESULT_FIELDS)?;
    }

    #[test]
    fn order_of_capabilities_does_not_change_signature(
        driver in driver(), order in Just(vocabulary().all::<DriverCapability>()).prop_shuffle(),
    ) {
        let listed = order.into_iter().filter(|word| driver.capabilities.contains(*word));
        let same = DriverContract { capabilities: listed.collect(), ..driver.clone() };
        prop_assert_eq!(driver_signature(&same), driver_signature(&driver));
    }

    #[test]
    fn parsed_line_is_written_back_unchanged(
        driver in driver(), budget in declared_budget(), benchmark in benchmark(),
        result in budget_result(), edit in edit(),
    ) {
        DRIVER.is_canonical(&edit.apply(&driver_signature(&driver)))?;
        BUDGET.is_canonical(&edit.apply(&budget_signature(&budget)))?;
        BENCHMARK.is_canonical(&edit.apply(&benchmark_signature(&benchmark)))?;
        RESULT.is_canonical(&edit.apply(&budget_result_signature(&result)))?;
        matrix_is_canonical(&edit.apply(&capability_matrix_signature([&driver])), &driver)?;
    }

    #[test]
    fn arbitrary_text_is_parsed_or_refused(line in near_signature(), driver in driver()) {
        DRIVER.is_canonical(&line)?;
        BUDGET.is_canonical(&line)?;
        BENCHMARK.is_canonical(&line)?;
        RESULT.is_canonical(&line)?;
        matrix_is_canonical(&line, &driver)?;
    }

    #[test]
    fn reordered_or_extra_fields_are_refused(
        driver in driver(), benchmark in benchmark(), at in any::<Index>(),
        extra in sample::select(&["|", "|owner=x", "|tuning_guide=", "\n", " "][..]),
    ) {
        DRIVER.refuses(&driver, |line| swapped(line, at))?;
        DRIVER.refuses(&driver, |line| Some(format!("{line}{extra}")))?;
        BENCHMARK.refuses(&benchmark, |line| swapped(line, at))?;
        BENCHMARK.refuses(&benchmark, |line| Some(format!("{line}{extra}")))?;
    }

    #[test]
    fn noncanonical_values_are_refused(
        driver in driver(), result in budget_result(), at in any::<Index>(),
    ) {
        DRIVER.refuses(&driver, lower_case_escape)?;
        DRIVER.refuses(&driver, |line| Some(needless_escape(line, at)))?;
        DRIVER.refuses(&driver, |line| Some(leading_zero(line, at)))?;
        RESULT.refuses(&result, lower_case_escape)?;
        RESULT.refuses(&result, |line| Some(needless_escape(line, at)))?;
    }

    #[test]
    fn noncanonical_capability_lists_are_refused(driver in driver()) {
        DRIVER.refuses(&driver, |line| relisted(line, |words| words.reverse()))?;
        DRIVER.refuses(&driver, |line| relisted(line, |words| words.extend(words.clone())))?;
        DRIVER.refuses(&driver, |line| relisted(line, |words| words.push("")))?;
    }

    #[test]
    fn matrix_lists_capabilities_of_each_driver(
        rows in collection::btree_map(driver_name(), capabilities(), 0..5),
        other in driver(), another in driver(),
    ) {
        let rows: Vec<_> = rows.into_iter().collect();
        let line = matrix(&rows, &other);
        prop_assert_eq!(matrix(&rows, &another), line.as_str());
        prop_assert_eq!(parse_capability_matrix_signature(&line), Ok(rows));
    }

    #[test]
    fn document_is_sorted_for_any_input_order(
        drivers in collection::vec(driver(), 0..4),
        budgets in collection::vec(declared_budget(), 0..6),
    ) {
        let drivers = drivers.iter().map(|driver| (driver.name.as_str(), driver));
        let drivers: Vec<_> = drivers.collect::<BTreeMap<_, _>>().into_values().collect();
        let place = |budget: &DeclaredBudget| {
            (budget.profile.label().to_owned(), budget.scope.to_string())
        };
        let budgets = budgets.iter().map(|budget| (place(budget), budget));
        let budgets: Vec<_> = budgets.collect::<BTreeMap<_, _>>().into_values().collect();

        let mut signed = String::new();
        signed.extend(drivers.iter().map(|driver| driver_signature(driver) + "\n"));
        signed.extend(budgets.iter().map(|budget| budget_signature(budget) + "\n"));
        let (backwards, budgets_backwards) = (drivers.iter().rev(), budgets.iter().rev());
        let reversed = signature_document(backwards.copied(), budgets_backwards.copied());
        prop_assert_eq!(&reversed, &signed);
        prop_assert_eq!(signature_document(drivers.clone(), budgets.clone()), &*signed);

        signed += &(capability_matrix_signature(drivers.iter().copied()) + "\n");
        let digest = signature_digest(&signed).to_string().replace(':', "=");
        let sealed = format!("{signed}digest|v1|{digest}\n");
        prop_assert_eq!(sealed_signature_document(drivers, budgets), sealed);
    }
}
