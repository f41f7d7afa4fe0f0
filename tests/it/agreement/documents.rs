//! Generates valid documents from arbitrary values of the model.

use driverc::model::{ContractField, Scope, Vocabulary, Waiver};
use proptest::{arbitrary::any, collection, option, sample, strategy::Strategy};
use serde::Serialize;
use toml::{Table, Value};

use crate::common::{
    strategies::{benchmark, date, declared_budget, driver, driver_name, text},
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
    innermost.extend(table);
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

fn put_all(document: &mut Table, key: &str, items: &[impl Serialize]) {
    if !items.is_empty() {
        let items = items.iter().map(|item| table(item, &[]).into()).collect();
        document.insert(key.to_owned(), Value::Array(items));
    }
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
