//! The schema of a document: the tables of the specification around the types of the model.

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::{
    derived::{self, words},
    linked::{field, link, link_one},
    root,
};
use crate::model::{
    Benchmark, BenchmarkProfile, DeclaredBudget, DeclaredWorkload, DriverClass, DriverContract,
    DriverName, EffectiveWorkload, Field, Operation, OpsPerKsec, Scope, ServiceTime, ServiceUs,
    Vocabulary, Waiver, Weight, WindowMs,
};

/// What is declared by scope, and how that is explained.
struct Scoped {
    field: Field,
    title: &'static str,
    description: &'static str,
    profile: &'static str,
    scope: &'static str,
}

const BUDGETS: Scoped = Scoped {
    field: Field::Budget,
    title: "Budgets",
    description: "What the drivers must achieve, by the kind of load.",
    profile: "The limits for every driver; those of a narrower scope win, limit by limit.",
    scope: "limits",
};

const WORKLOADS: Scoped = Scoped {
    field: Field::Workload,
    title: "Workloads",
    description: "The load that drivers are simulated under, by its kind.",
    profile: "The load on every driver; values of a narrower scope win, value by value, \
              the operations as a whole.",
    scope: "values",
};

/// The schema of a document with contracts.
pub fn contracts() -> Value {
    let budget = described::<DeclaredBudget>(Field::BUDGET_SCOPE, "Budget", "budget");
    let workload = described::<DeclaredWorkload>(Field::WORKLOAD_SCOPE, "Workload", "workload");
    let documents = table(
        "Driver contracts: what asynchronous data drivers promise, and what they must achieve.",
        [
            (Field::Driver.key(), drivers()),
            (Field::Budget.key(), scopes(&BUDGETS, &budget, &Map::new())),
            (Field::Workload.key(), scopes(&WORKLOADS, &workload, &defaults())),
            (
                Field::Benchmark.key(),
                array::<Benchmark>(
                    Field::Benchmark,
                    Field::BENCHMARK,
                    "Samples of what drivers did under load.",
                ),
            ),
            (
                Field::Waiver.key(),
                array::<Waiver>(Field::Waiver, Field::WAIVER, "Findings that the team accepts."),
            ),
        ],
    );
    let mut schema = root("Driver contracts", documents);
    schema["definitions"] = json!({
        Field::Budget.key(): not_empty(budget),
        Field::Workload.key(): not_empty(workload),
    });
    schema
}

/// A closed table with these keys, in this order.
fn table<'k>(description: &str, keys: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    let properties: Map<_, _> = keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    json!({
        "description": description,
        "type": "object",
        "additionalProperties": false,
        "x-tombi-table-keys-order": "schema",
        "properties": properties,
    })
}

/// A table whose keys are the names of drivers.
fn by_driver(description: &str, value: &Value) -> Value {
    json!({
        "description": description,
        "type": "object",
        "additionalProperties": false,
        "patternProperties": { DriverName::PATTERN: value },
    })
}

/// The table of a type: the keys that it has in a document, in the order of the specification.
fn described<T: JsonSchema>(fields: &[Field], title: &str, path: &str) -> Value {
    let mut schema = derived::of::<T>();
    schema["title"] = json!(title);
    let Value::Object(map) = &mut schema else { return schema };
    if let Some(Value::Object(mut properties)) = map.shift_remove("properties") {
        let keys = fields.iter().map(|field| field.key());
        let kept: Map<_, _> = keys.filter_map(|key| properties.remove_entry(key)).collect();
        keep_required(map, &kept);
        map.insert("properties".to_owned(), Value::Object(kept));
    }
    order_keys(&mut schema);
    link(&mut schema, path);
    schema
}

/// What names the table is no key of it.
fn keep_required(map: &mut Map<String, Value>, kept: &Map<String, Value>) {
    let Some(Value::Array(required)) = map.shift_remove("required") else { return };
    let is_required = |key: &&String| required.contains(&Value::String((*key).clone()));
    let required: Vec<_> = kept.keys().filter(is_required).collect();
    if !required.is_empty() {
        map.insert("required".to_owned(), json!(required));
    }
}

/// Formatters sort the keys of every table as the schema does.
fn order_keys(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        properties.values_mut().for_each(order_keys);
        map.insert("x-tombi-table-keys-order".to_owned(), json!("schema"));
    }
    if let Some(items) = map.get_mut("items") {
        order_keys(items);
    }
}

fn drivers() -> Value {
    let path = Field::Driver.key();
    let driver = described::<DriverContract>(Field::DRIVER, "Driver contract", path);
    let mut drivers = by_driver("The driver contracts, each under the driver's name.", &driver);
    drivers["title"] = json!("Driver contracts");
    linked(drivers, path)
}

fn array<T: JsonSchema>(field: Field, fields: &[Field], description: &str) -> Value {
    let items = described::<T>(fields, &title(field), field.key());
    linked(json!({ "description": description, "type": "array", "items": items }), field.key())
}

fn title(field: Field) -> String {
    let key = field.key();
    let (first, rest) = key.split_at(1);
    first.to_uppercase() + rest
}

/// The tables of each profile: the values for every driver, and narrower scopes in them.
fn scopes(scoped: &Scoped, scope: &Value, defaults: &Map<String, Value>) -> Value {
    let path = scoped.field.key();
    let profiles = words::<BenchmarkProfile>();
    let profiles = profiles.iter().map(|(word, meaning)| {
        let description = format!("{meaning} {}", scoped.profile);
        let mut profile = scope.clone();
        profile["description"] = json!(description);
        for (key, default) in defaults {
            profile["properties"][key]["default"] = default.clone();
        }
        profile["properties"][Field::Class.key()] = classes(scoped);
        profile["properties"][Field::Driver.key()] = drivers_of(scoped);
        (*word, not_empty(linked(profile, path)))
    });
    let mut schema = table(scoped.description, profiles);
    schema["title"] = json!(scoped.title);
    linked(schema, path)
}

fn classes(scoped: &Scoped) -> Value {
    let classes = DriverClass::ALL.iter().map(|class| (class.label(), reference(scoped)));
    let description = format!("The {} for the drivers of one class.", scoped.scope);
    linked(table(&description, classes), &format!("{}.class", scoped.field.key()))
}

fn drivers_of(scoped: &Scoped) -> Value {
    let description = format!("The {} for one driver.", scoped.scope);
    let drivers = by_driver(&description, &reference(scoped));
    linked(drivers, &format!("{}.driver", scoped.field.key()))
}

fn reference(scoped: &Scoped) -> Value {
    json!({ "$ref": format!("#/definitions/{}", scoped.field.key()) })
}

/// A scope without any key is a mistake.
fn not_empty(mut table: Value) -> Value {
    table["minProperties"] = json!(1);
    table
}

fn linked(mut schema: Value, path: &str) -> Value {
    if let Value::Object(map) = &mut schema {
        link_one(map, &field(path));
    }
    schema
}

/// The values of a workload that sets only what it needs.
fn defaults() -> Map<String, Value> {
    let operation =
        Operation { weight: Weight::LEAST, service: ServiceTime::Constant(ServiceUs::LEAST) };
    let declared = DeclaredWorkload {
        duration_ms: Some(WindowMs::LEAST),
        rate_ops_per_ksec: Some(OpsPerKsec::LEAST),
        operations: Some(vec![operation]),
        ..DeclaredWorkload::new(BenchmarkProfile::HeavyData, Scope::All)
    };
    let effective = EffectiveWorkload::merge(declared.profile, [&declared]);
    let complete = serde_json::to_value(effective.and_then(|effective| effective.complete()));
    let declared = serde_json::to_value(&declared);
    let (Ok(Value::Object(mut values)), Ok(Value::Object(set))) = (complete, declared) else {
        return Map::new();
    };
    values.retain(|key, _| !set.contains_key(key));
    values
}
