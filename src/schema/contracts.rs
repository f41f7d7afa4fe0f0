//! Generates the schema of documents, which combines tables with the schemas of the model's types.

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::{
    derived, linked, root,
    scopes::{ScopedSchema, defaults, filled},
    tables::{Top, by_driver, table, titled},
    templates, twins, words,
};
use crate::model::{
    Benchmark, Call, Caller, DeclaredBudget, DeclaredWorkload, DriverContract, Field,
    ProjectVocabulary, Requirement, Server, Waiver,
};

const DRIVERS: Top = Top {
    field: Field::Driver,
    title: "Driver contract",
    description: "The driver contracts, each under the driver's name.",
};
const TEMPLATES: Top = Top {
    field: Field::Template,
    title: "Template",
    description: "The values that drivers share, each set under the template's name.",
};
const SERVERS: Top = Top {
    field: Field::Server,
    title: "Server",
    description: "The servers to which drivers connect, each under the server's name.",
};
const BUDGETS: ScopedSchema = ScopedSchema {
    top: Top {
        field: Field::Budget,
        title: "Budget",
        description: "The limits that drivers must meet, by profile.",
    },
    profile: "The default limits for every driver.",
    sets: "limits",
};
const WORKLOADS: ScopedSchema = ScopedSchema {
    top: Top {
        field: Field::Workload,
        title: "Workload",
        description: "The simulated load on drivers, by profile.",
    },
    profile: "The default load on every driver.",
    sets: "values",
};
const BENCHMARKS: Top = Top {
    field: Field::Benchmark,
    title: "Benchmark",
    description: "The figures of drivers under load, measured or simulated.",
};
const WAIVERS: Top = Top {
    field: Field::Waiver,
    title: "Waiver",
    description: "The findings that the team accepts until a date.",
};

const CALLERS: Top = Top {
    field: Field::Caller,
    title: "Caller",
    description: "The callers that are not drivers, each under its name.",
};
const CALLS: Top = Top {
    field: Field::Call,
    title: "Call",
    description: "The calls of drivers: who waits for which driver.",
};

const REQUIREMENTS: Top = Top {
    field: Field::Requirement,
    title: "Requirement",
    description: "The bounds that consumers need from drivers.",
};

/// Returns the schema of documents for a project that declares these words.
pub fn contracts(vocabulary: &ProjectVocabulary) -> Value {
    let budget = filled(declared::<DeclaredBudget>(&BUDGETS.top, Field::BUDGET_SCOPE));
    let workload = filled(declared::<DeclaredWorkload>(&WORKLOADS.top, Field::WORKLOAD_SCOPE));
    let tables = [
        (DRIVERS.field, filled(by_name(&DRIVERS, &templates::driver(&driver())))),
        (TEMPLATES.field, filled(by_name(&TEMPLATES, &templates::template(&driver())))),
        (SERVERS.field, filled(by_name(&SERVERS, &declared::<Server>(&SERVERS, Field::SERVER)))),
        (BUDGETS.top.field, filled(BUDGETS.schema(&budget, &Map::new(), vocabulary))),
        (WORKLOADS.top.field, filled(WORKLOADS.schema(&workload, &defaults(), vocabulary))),
        (BENCHMARKS.field, array::<Benchmark>(&BENCHMARKS, Field::BENCHMARK)),
        (WAIVERS.field, array::<Waiver>(&WAIVERS, Field::WAIVER)),
        (CALLERS.field, filled(by_name(&CALLERS, &declared::<Caller>(&CALLERS, Field::CALLER)))),
        (CALLS.field, array::<Call>(&CALLS, Field::CALL)),
        (REQUIREMENTS.field, array::<Requirement>(&REQUIREMENTS, Field::REQUIREMENT)),
    ];
    let document = table(
        "A document with contracts, servers, budgets, workloads, benchmarks, waivers, calls and \
         requirements.",
        tables.map(|(field, schema)| (field.key(), schema)),
    );
    let document = linked::linked(document, &linked::reference());
    let mut schema = root("Driver contracts", document);
    schema["definitions"] =
        json!({ BUDGETS.top.field.key(): budget, WORKLOADS.top.field.key(): workload });
    words::add_words(&mut schema, vocabulary);
    schema
}

/// Returns the schema of a driver that names no template, including the key `like`.
pub(super) fn driver() -> Value {
    templates::with_like(declared::<DriverContract>(&DRIVERS, Field::TEMPLATE))
}

fn by_name(top: &Top, schema: &Value) -> Value {
    titled(by_driver(top.description, schema), top)
}

fn array<T: JsonSchema>(top: &Top, fields: &[Field]) -> Value {
    let items = declared::<T>(top, fields);
    let array = json!({ "description": top.description, "type": "array", "items": items });
    titled(array, top)
}

/// Returns the schema of one declaration, with its keys in the order of the specification.
fn declared<T: JsonSchema>(top: &Top, fields: &[Field]) -> Value {
    let mut schema = derived::of::<T>();
    schema["title"] = json!(top.title);
    keep(&mut schema, fields);
    twins::add(&mut schema, fields);
    order_keys(&mut schema);
    linked::link(&mut schema, top.field.key());
    schema
}

/// Retains only these keys, in this order. Excludes keys that the header of a table specifies.
fn keep(schema: &mut Value, fields: &[Field]) {
    let Value::Object(map) = schema else { return };
    let Some(Value::Object(mut properties)) = map.shift_remove("properties") else { return };
    let kept = fields.iter().filter_map(|field| properties.remove_entry(field.key()));
    let kept: Map<_, _> = kept.collect();
    if let Some(Value::Array(required)) = map.shift_remove("required") {
        let is_required = |key: &&String| required.iter().any(|required| required == *key);
        let required: Vec<_> = kept.keys().filter(is_required).collect();
        if !required.is_empty() {
            map.insert("required".to_owned(), json!(required));
        }
    }
    map.insert("properties".to_owned(), Value::Object(kept));
}

/// Tells formatters to sort the keys of every table in schema order.
fn order_keys(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    if let Some(items) = map.get_mut("items") {
        order_keys(items);
    }
    let Some(Value::Object(mut properties)) = map.shift_remove("properties") else { return };
    properties.values_mut().for_each(order_keys);
    map.insert("x-tombi-table-keys-order".to_owned(), json!("schema"));
    map.insert("properties".to_owned(), Value::Object(properties));
}
