//! Replacing every `like` by its values changes no signature, and no finding except its location.

use std::collections::BTreeMap;

use driverc::{DriverClass, model::Field, signature_document, workspace::Workspace};
use proptest::{collection, prelude::*};
use toml::{Table, Value};

use super::{check, workspace};
use crate::common::strategies::{driver, vocabulary};

/// More bits than a contract has fields.
const FIELDS: usize = 32;

/// Which fields a table sets, in the order of its keys.
type Chosen = Vec<bool>;

/// A driver that sets some fields of a contract itself.
#[derive(Clone, Debug)]
struct Own {
    name: String,
    fields: Table,
    like: bool,
}

fn chosen(share: f64) -> impl Strategy<Value = Chosen> {
    collection::vec(prop::bool::weighted(share), FIELDS)
}

/// Any contract as a table, without its name.
fn contract() -> impl Strategy<Value = (String, Table)> {
    driver().prop_map(|contract| {
        let mut table = Table::try_from(&contract).unwrap();
        table.remove("name");
        (contract.name.to_string(), table)
    })
}

/// Retains the chosen fields of a contract, and the tables of which any field is chosen.
fn some_of(mut table: Table, chosen: &Chosen) -> Table {
    let mut bits = chosen.iter().copied().cycle();
    for (_, value) in &mut table {
        if let Value::Table(inner) = value {
            inner.retain(|_, _| bits.next().unwrap());
        }
    }
    table.retain(|_, value| match value.as_table() {
        Some(inner) => !inner.is_empty(),
        None => bits.next().unwrap(),
    });
    table
}

/// Makes a text one of a template: without braces, and with the placeholder if it is chosen.
fn templated(value: &mut Value, bits: &mut impl Iterator<Item = bool>) {
    if let Value::String(text) = value {
        *text = text.replace(['{', '}'], "_");
        if bits.next().unwrap() && !is_class(text) {
            text.insert_str(0, "{driver}");
        }
    } else if let Value::Table(table) = value {
        table.iter_mut().for_each(|(_, value)| templated(value, bits));
    }
}

/// Returns true for the word of a class, in which there is no placeholder.
fn is_class(text: &str) -> bool {
    vocabulary().find::<DriverClass>(text).is_some()
}

fn template() -> impl Strategy<Value = Table> {
    (contract(), chosen(0.9), chosen(0.4)).prop_map(|((_, table), fields, placeholders)| {
        let mut template = some_of(table, &fields);
        let mut bits = placeholders.into_iter().cycle();
        template.iter_mut().for_each(|(_, value)| templated(value, &mut bits));
        template
    })
}

fn own() -> impl Strategy<Value = Own> {
    (contract(), chosen(0.3), prop::bool::weighted(0.8), prop::bool::weighted(0.1)).prop_map(
        |((name, table), fields, like, is_broken)| {
            let mut fields = if like { some_of(table, &fields) } else { table };
            if is_broken {
                fields.insert("max_in_flight".to_owned(), 0.into());
            }
            Own { name, fields, like }
        },
    )
}

/// The value of a template for one driver.
fn resolved(value: &Value, name: &str) -> Value {
    if let Value::Table(table) = value {
        let resolve = |(key, value): (&String, &Value)| (key.clone(), resolved(value, name));
        return Value::Table(table.iter().map(resolve).collect());
    }
    value.as_str().map_or_else(|| value.clone(), |text| text.replace("{driver}", name).into())
}

fn merged(own: &Table, template: &Table, name: &str) -> Table {
    let mut all = own.clone();
    for (key, value) in template {
        match (all.get_mut(key), value) {
            (Some(Value::Table(own)), Value::Table(value)) => *own = merged(own, value, name),
            (Some(_), _) => {}
            (None, _) => _ = all.insert(key.clone(), resolved(value, name)),
        }
    }
    all
}

/// The documents with templates, and the same drivers without.
fn both(template: &Table, drivers: &[Own]) -> [Workspace; 2] {
    let (mut like, mut full) = (Table::new(), Table::new());
    for Own { name, fields, like: is_like } in drivers {
        let mut own = fields.clone();
        if *is_like {
            own.insert("like".to_owned(), "t".into());
        }
        like.insert(name.clone(), own.into());
        let fields = if *is_like { merged(fields, template, name) } else { fields.clone() };
        full.insert(name.clone(), fields.into());
    }
    let document = |key: &str, table: Table| {
        Table::from_iter([(key.to_owned(), Value::Table(table))]).to_string()
    };
    let templates = Table::from_iter([("t".to_owned(), Value::Table(template.clone()))]);
    let texts = [document("template", templates), document("driver", like)];
    [
        workspace(&[("t.toml", &texts[0]), ("d.toml", &texts[1])]),
        workspace(&[("d.toml", &document("driver", full))]),
    ]
}

/// The value at a path of a table.
fn value_at<'t>(table: &'t Table, path: &str) -> Option<&'t Value> {
    match path.split_once('.') {
        Some((key, path)) => value_at(table.get(key)?.as_table()?, path),
        None => table.get(path),
    }
}

/// The value that is written at the origin of a field.
fn written(workspace: &Workspace, driver: &str, field: Field) -> Option<Value> {
    let place = workspace.origin(driver, field)?.set_by;
    let location = workspace.locate_places([place])[0];
    let text = workspace.sources().source(location.source).text().unwrap();
    let line = format!("x = {}", &text[location.span.range()]);
    let value = line.parse::<Table>().unwrap_or_else(|error| panic!("{error}: {line}"));
    Some(value["x"].clone())
}

/// Everything that a finding says, without its locations.
fn said(workspace: &Workspace) -> Vec<String> {
    let findings = check(workspace).open.into_iter();
    let mut said: Vec<_> = findings
        .filter(|finding| finding.rule.name != "template-unused")
        .map(|it| {
            let labels = it.related.into_iter().map(|related| related.label);
            let own = |label: &String| {
                !["taken from", "with the name", "does not set"]
                    .iter()
                    .any(|start| label.starts_with(start))
            };
            let labels: Vec<_> = labels.filter(own).collect();
            format!(
                "{}[{}] {} {:?} {:?} {labels:?}",
                it.level, it.rule.name, it.message, it.label, it.help
            )
        })
        .collect();
    said.sort();
    said
}

fn signatures(workspace: &Workspace) -> String {
    signature_document(workspace.drivers(), workspace.budgets())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn template_has_same_effect_as_its_values_in_drivers(
        template in template(),
        drivers in collection::vec(own(), 1..5),
    ) {
        let [like, full] = both(&template, &drivers);
        prop_assert_eq!(signatures(&like), signatures(&full));
        prop_assert_eq!(said(&like), said(&full));
    }

    #[test]
    fn origin_is_declaration_that_contains_value(
        template in template(),
        drivers in collection::vec(own(), 1..3),
    ) {
        let [like, _] = both(&template, &drivers);
        let lists = [Field::TEMPLATE, Field::TIMEOUT_POLICY, Field::RETRY_POLICY, Field::TELEMETRY];
        let tables = [Field::TimeoutPolicy, Field::RetryPolicy, Field::Telemetry];
        // A later driver of the same name replaces the earlier one.
        let drivers: BTreeMap<_, _> = drivers.iter().map(|own| (&own.name, own)).collect();
        for (name, own) in drivers.into_iter().filter(|(_, own)| own.like) {
            let table = merged(&own.fields, &template, name);
            for field in lists.concat().into_iter().filter(|field| !tables.contains(field)) {
                let written = written(&like, name, field).map(|value| resolved(&value, name));
                prop_assert_eq!(written.as_ref(), value_at(&table, field.path()), "{:?}", field);
            }
        }
    }
}
