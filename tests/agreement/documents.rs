//! Documents without a mistake, from arbitrary values of the model.

use driverc::model::{
    Burst, BurstOnMs, BurstPeriodMs, DeclaredWorkload, Operation, OpsPerKsec, PartsPerMillion,
    Quantiles, Scope, Seed, Seeds, ServiceTime, ServiceUs, Waiver,
};
use proptest::{collection, option, prop_oneof, strategy::Strategy};
use serde::Serialize;
use toml::{Table, Value};

use crate::common::strategies::{
    benchmark, bounded, date, declared_budget, driver, driver_name, scope, text, word,
};

/// Any of the tables of a document, often several.
pub(crate) fn valid() -> impl Strategy<Value = Table> {
    let drivers = collection::vec(driver(), 0..3);
    let budgets = collection::vec(declared_budget(), 0..4);
    let workloads = collection::vec(workload(), 0..3);
    let benchmarks = collection::vec(benchmark(), 0..3);
    let waivers = collection::vec(waiver(), 0..3);
    (drivers, budgets, workloads, benchmarks, waivers).prop_map(
        |(drivers, budgets, workloads, benchmarks, waivers)| {
            let mut document = Table::new();
            for driver in drivers {
                put(&mut document, &["driver", &driver.name], table(&driver, &["name"]));
            }
            for budget in budgets {
                let limits = table(&budget, &["profile", "scope"]);
                put_scope(&mut document, ("budget", budget.profile.label()), &budget.scope, limits);
            }
            for workload in workloads {
                let values = table(&workload, &["profile", "scope"]);
                let profile = workload.profile.label();
                put_scope(&mut document, ("workload", profile), &workload.scope, values);
            }
            put_all(&mut document, "benchmark", &benchmarks);
            put_all(&mut document, "waiver", &waivers);
            document
        },
    )
}

/// The table of a value, without what its header says.
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

/// Puts a table where its path says.
fn put(document: &mut Table, path: &[&str], table: Table) {
    let innermost = path.iter().fold(document, |outer, key| {
        let inner = outer.entry(*key).or_insert_with(|| Table::new().into());
        inner.as_table_mut().unwrap()
    });
    innermost.extend(table);
}

/// A scope that sets nothing is a mistake.
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

fn put_all(document: &mut Table, key: &str, items: &[impl Serialize]) {
    if !items.is_empty() {
        let items = items.iter().map(|item| table(item, &[]).into()).collect();
        document.insert(key.to_owned(), Value::Array(items));
    }
}

fn waiver() -> impl Strategy<Value = Waiver> {
    (text(), option::of(driver_name()), text(), text(), date()).prop_map(
        |(rule, driver, reason, owner, expires)| Waiver { rule, driver, reason, owner, expires },
    )
}

fn workload() -> impl Strategy<Value = DeclaredWorkload> {
    let times = (option::of(bounded()), option::of(bounded()), option::of(bounded()));
    let shares = (option::of(bounded()), option::of(bounded()));
    let delays = (option::of(bounded()), option::of(bounded()));
    let load = (
        option::of(seeds()),
        // Any burst of at least 100 operations in 1000 s comes to something.
        option::of((100..=OpsPerKsec::MAX).prop_map(|rate| OpsPerKsec::new(rate).unwrap())),
        option::of(word()),
        option::of(burst()),
        option::of(collection::vec(operation(), 1..4)),
    );
    (word(), scope(), times, shares, delays, load).prop_map(
        |(profile, scope, times, shares, delays, load)| {
            let (seeds, rate_ops_per_ksec, arrival, burst, operations) = load;
            DeclaredWorkload {
                seeds,
                warmup_ms: times.0,
                duration_ms: times.1,
                rate_ops_per_ksec,
                arrival,
                burst,
                error_bps: shares.0,
                error_us: delays.0,
                stall_bps: shares.1,
                stall_us: delays.1,
                slot_recovery_us: times.2,
                operations,
                ..DeclaredWorkload::new(profile, scope)
            }
        },
    )
}

fn seeds() -> impl Strategy<Value = Seeds> {
    let seed = bounded::<_, { Seed::MIN }, { Seed::MAX }>();
    collection::btree_set(seed, 1..=Seeds::MOST)
        .prop_map(|seeds| Seeds::new(seeds.into_iter().collect()).unwrap())
}

fn burst() -> impl Strategy<Value = Burst> {
    (1..=BurstPeriodMs::MAX)
        .prop_flat_map(|period| {
            (0..=period, bounded()).prop_map(move |(on, percent)| (period, on, percent))
        })
        .prop_map(|(period, on, percent)| Burst {
            period_ms: BurstPeriodMs::new(period).unwrap(),
            on_ms: BurstOnMs::new(on).unwrap(),
            percent,
        })
}

fn operation() -> impl Strategy<Value = Operation> {
    let service = prop_oneof![
        quantiles().prop_map(ServiceTime::Quantiles),
        bounded().prop_map(ServiceTime::Exponential),
        bounded().prop_map(ServiceTime::Constant),
    ];
    (bounded(), service).prop_map(|(weight, service)| Operation { weight, service })
}

fn quantiles() -> impl Strategy<Value = Quantiles> {
    let shares = collection::btree_set(1..PartsPerMillion::MAX, 0..6);
    let times = collection::vec(ServiceUs::MIN..=ServiceUs::MAX, 8);
    (shares, times).prop_map(|(shares, mut times)| {
        times.sort_unstable();
        let ends = [0].into_iter().chain(shares).chain([PartsPerMillion::MAX]);
        let point =
            |(share, time)| (PartsPerMillion::new(share).unwrap(), ServiceUs::new(time).unwrap());
        Quantiles::new(ends.zip(times).map(point).collect()).unwrap()
    })
}
