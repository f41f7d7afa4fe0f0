//! Generates valid documents from arbitrary values of the model.

use driverc::model::{
    Benchmark, Call, Caller, ContractField, DeclaredBudget, LatencyUnit, Requirement, Scope,
    StatedLatency, Vocabulary, Waiver,
};
use proptest::{arbitrary::any, collection, option, sample, strategy::Strategy};
use serde::Serialize;
use toml::{Table, Value};

use crate::common::{
    strategies::{
        benchmark, bounded, capabilities, date, declared_budget, driver, driver_name, text,
    },
    workloads::workload,
};

/// A document with any of the tables, often several.
pub(crate) fn valid() -> impl Strategy<Value = Table> {
    (templates(), without_templates()).prop_map(|(templates, mut document)| {
        for (path, fields) in templates {
            put(&mut document, &[path[0].as_str(), path[1].as_str()], fields);
        }
        document
    })
}

/// Templates, and drivers that name one, with their paths.
fn templates() -> impl Strategy<Value = Vec<([String; 2], Table)>> {
    let chosen = collection::vec(any::<bool>(), 31);
    let some = (driver(), chosen, any::<bool>()).prop_map(|(driver, chosen, is_template)| {
        let mut bits = chosen.into_iter().cycle();
        let mut fields = table(&driver, &["name"]);
        choose(&mut fields, &mut bits);
        if is_template {
            place_name(&mut fields, &mut bits);
            return (["template".to_owned(), driver.name.to_string()], fields);
        }
        fields.insert("like".to_owned(), "sqlx_pg".into());
        (["driver".to_owned(), driver.name.to_string()], fields)
    });
    collection::vec(some, 0..3)
}

/// Removes keys.
fn choose(table: &mut Table, bits: &mut impl Iterator<Item = bool>) {
    for (_, value) in table.iter_mut() {
        if let Value::Table(inner) = value {
            choose(inner, bits);
        }
    }
    table.retain(|_, _| bits.next().unwrap());
}

/// Puts the driver's name into texts. A class is a word, and stays.
fn place_name(table: &mut Table, bits: &mut impl Iterator<Item = bool>) {
    for (key, value) in table.iter_mut() {
        if let Value::Table(inner) = value {
            place_name(inner, bits);
        } else if let Value::String(text) = value
            && key != "class"
        {
            let name = if bits.next().unwrap() { "{driver}" } else { "" };
            *text = format!("{name}{}", text.replace(['{', '}'], "_"));
        }
    }
}

fn without_templates() -> impl Strategy<Value = Table> {
    let drivers = collection::vec(driver(), 0..3);
    let budgets = collection::vec(declared_budget(), 0..4);
    let workloads = collection::vec(workload(), 0..3);
    let benchmarks = collection::vec(benchmark(), 0..3);
    let waivers = collection::vec(waiver(), 0..3);
    let calls = (collection::vec(caller(), 0..3), collection::vec(call(), 0..3));
    let consumers = (calls, collection::vec(requirement().boxed(), 0..3).boxed());
    (drivers, budgets, workloads, benchmarks, waivers, consumers).prop_map(
        |(drivers, budgets, workloads, benchmarks, waivers, ((callers, calls), requirements))| {
            let mut document = Table::new();
            for driver in drivers {
                put(&mut document, &["driver", &driver.name], table(&driver, &["name"]));
            }
            for budget in budgets {
                let mut limits = table(&budget, &["profile", "scope"]);
                state(&mut limits, "max_p95_latency", budget.max_p95_latency);
                state(&mut limits, "max_p99_latency", budget.max_p99_latency);
                put_scope(&mut document, ("budget", budget.profile.label()), &budget.scope, limits);
            }
            for workload in workloads {
                let values = table(&workload, &["profile", "scope"]);
                let profile = workload.profile.label();
                put_scope(&mut document, ("workload", profile), &workload.scope, values);
            }
            put_all(&mut document, "benchmark", benchmarks.iter().map(stated));
            put_all(&mut document, "waiver", waivers.iter().map(|waiver| table(waiver, &[])));
            for caller in callers {
                put(&mut document, &["caller", &caller.name], table(&caller, &["name"]));
            }
            put_all(&mut document, "call", calls.iter().map(|call| table(call, &[])));
            put_all(&mut document, "requirement", requirements.iter().map(required));
            document
        },
    )
}

/// The table of a value, without the fields that its header has.
fn table(value: &impl Serialize, header: &[&str]) -> Table {
    let mut table = Table::try_from(value).unwrap();
    for key in header {
        table.remove(*key);
    }
    for key in ["measured_on", "expires"] {
        if let Some(Value::String(date)) = table.get(key) {
            let date = date.parse().unwrap();
            table.insert(key.to_owned(), Value::Datetime(date));
        }
    }
    table
}

/// Inserts a table at its path.
fn put(document: &mut Table, path: &[&str], table: Table) {
    let innermost = path.iter().fold(document, |outer, key| {
        let inner = outer.entry(*key).or_insert_with(|| Table::new().into());
        inner.as_table_mut().unwrap()
    });
    // A scope can be drawn twice, with a latency in two units.
    for (key, value) in table {
        if let Some(key) = key.strip_suffix("_us") {
            innermost.remove(&format!("{key}_ms"));
        } else if let Some(key) = key.strip_suffix("_ms") {
            innermost.remove(&format!("{key}_us"));
        }
        innermost.insert(key, value);
    }
}

/// Inserts a scope, unless it sets nothing, which is an error.
fn put_scope(document: &mut Table, (kind, profile): (&str, &str), scope: &Scope, table: Table) {
    if table.is_empty() {
        return;
    }
    match scope {
        Scope::All => put(document, &[kind, profile], table),
        Scope::Class(class) => put(document, &[kind, profile, "class", class.label()], table),
        Scope::Driver(name) => put(document, &[kind, profile, "driver", name], table),
    }
}

fn put_all(document: &mut Table, key: &str, items: impl Iterator<Item = Table>) {
    let items: Vec<Value> = items.map(Value::from).collect();
    if !items.is_empty() {
        document.insert(key.to_owned(), Value::Array(items));
    }
}

/// The table of a benchmark, with each latency in its own unit.
fn stated(benchmark: &Benchmark) -> Table {
    let mut table = table(benchmark, &[]);
    for (key, latency) in [
        ("p50_latency", Some(benchmark.p50_latency)),
        ("p95_latency", Some(benchmark.p95_latency)),
        ("p95_upper_latency", benchmark.p95_upper_latency),
        ("p99_latency", benchmark.p99_latency),
        ("p99_upper_latency", benchmark.p99_upper_latency),
    ] {
        state(&mut table, key, latency);
    }
    table
}

/// States a latency in its own unit: as a value it is in milliseconds.
fn state<const MIN: u64>(table: &mut Table, key: &str, latency: Option<StatedLatency<MIN>>) {
    let Some(latency) = latency else { return };
    table.remove(&format!("{key}_ms")).expect("milliseconds");
    let suffix = match latency.unit() {
        LatencyUnit::Milliseconds => "ms",
        LatencyUnit::Microseconds => "us",
    };
    let number = i64::try_from(latency.number()).unwrap();
    table.insert(format!("{key}_{suffix}"), Value::Integer(number));
}

/// The table of a requirement, with each latency in its own unit.
fn required(requirement: &Requirement) -> Table {
    let mut table = table(requirement, &[]);
    state(&mut table, "max_p95_latency", requirement.max_p95_latency);
    state(&mut table, "max_p99_latency", requirement.max_p99_latency);
    table
}

/// A requirement with the limits of a budget, if the budget has any.
fn requirement() -> impl Strategy<Value = Requirement> {
    let texts = (text(), text(), text());
    let bounds = (option::of(capabilities()), option::of(bounded()), option::of(bounded()));
    (texts, driver_name(), bounds, declared_budget()).prop_map(
        |(
            (consumer, owner, reason),
            driver,
            (capabilities, max_attempts, worst_case_ms),
            budget,
        )| {
            let empty = DeclaredBudget::new(budget.profile, budget.scope.clone());
            let profile = (budget != empty).then_some(budget.profile);
            let DeclaredBudget {
                max_p95_latency,
                max_timeout_rate_bps,
                max_retry_rate_bps,
                min_throughput_ops_per_sec,
                max_p99_latency,
                ..
            } = budget;
            Requirement {
                consumer,
                driver,
                owner,
                reason,
                capabilities,
                max_attempts,
                worst_case_ms,
                profile,
                max_p95_latency,
                max_timeout_rate_bps,
                max_retry_rate_bps,
                min_throughput_ops_per_sec,
                max_p99_latency,
            }
        },
    )
}

fn waiver() -> impl Strategy<Value = Waiver> {
    let field = option::of(sample::select(ContractField::ALL));
    (text(), option::of(driver_name()), field, text(), text(), date()).prop_map(
        |(rule, driver, field, reason, owner, expires)| Waiver {
            rule,
            driver,
            field,
            reason,
            owner,
            expires,
        },
    )
}

fn caller() -> impl Strategy<Value = Caller> {
    (driver_name(), bounded(), bounded()).prop_map(|(name, attempt_ms, max_attempts)| Caller {
        name,
        attempt_ms,
        max_attempts,
    })
}

fn call() -> impl Strategy<Value = Call> {
    let times = option::of(bounded());
    (driver_name(), driver_name(), times, option::of(any::<bool>()))
        .prop_map(|(from, to, times, parallel)| Call { from, to, times, parallel })
}
