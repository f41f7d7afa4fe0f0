//! Generates the schemas of budgets and workloads: profile tables that contain narrower scopes.

use serde_json::{Map, Value, json};

use super::{
    linked::{field, linked},
    tables::{Top, by_driver, table, titled},
    words::words,
};
use crate::model::{
    BenchmarkProfile, DeclaredWorkload, DriverClass, EffectiveWorkload, Field, Operation,
    OpsPerKsec, ProjectVocabulary, Scope, ServiceTime, ServiceUs, Weight, WindowMs,
};

/// A kind of table that is declared per scope, with its descriptions.
pub(super) struct ScopedSchema {
    pub(super) top: Top,
    /// The description of a profile table.
    pub(super) profile: &'static str,
    /// The description of the values that a scope sets.
    pub(super) sets: &'static str,
}

impl ScopedSchema {
    /// Returns the schema of all profile tables.
    pub(super) fn schema(
        &self,
        scope: &Value,
        defaults: &Map<String, Value>,
        vocabulary: &ProjectVocabulary,
    ) -> Value {
        let profiles = words::<BenchmarkProfile>(vocabulary).into_iter().map(|(word, meaning)| {
            let mut profile = scope.clone();
            profile["description"] = json!(format!("{meaning} {}", self.profile));
            for (key, default) in defaults {
                profile["properties"][key]["default"] = default.clone();
            }
            profile["properties"][Field::Class.key()] = self.classes(vocabulary);
            profile["properties"][Field::Driver.key()] = self.drivers();
            (word, linked(profile, &field(self.top.field.key())))
        });
        titled(table(self.top.description, profiles), &self.top)
    }

    fn classes(&self, vocabulary: &ProjectVocabulary) -> Value {
        let classes =
            words::<DriverClass>(vocabulary).into_iter().map(|(word, _)| (word, self.reference()));
        let description = format!("The {} for the drivers of one class.", self.sets);
        linked(table(&description, classes), &self.address(Field::Class))
    }

    fn drivers(&self) -> Value {
        let description = format!("The {} for one driver.", self.sets);
        linked(by_driver(&description, &self.reference()), &self.address(Field::Driver))
    }

    fn address(&self, narrower: Field) -> String {
        field(&format!("{}.{}", self.top.field.key(), narrower.key()))
    }

    fn reference(&self) -> Value {
        json!({ "$ref": format!("#/definitions/{}", self.top.field.key()) })
    }
}

/// Requires at least one key in a table.
pub(super) fn filled(mut schema: Value) -> Value {
    schema["minProperties"] = json!(1);
    schema
}

/// Returns the default values of a workload that sets only the required keys.
pub(super) fn defaults() -> Map<String, Value> {
    let service = ServiceTime::Constant(ServiceUs::LEAST);
    let declared = DeclaredWorkload {
        duration_ms: Some(WindowMs::LEAST),
        rate_ops_per_ksec: Some(OpsPerKsec::LEAST),
        operations: Some(Operation { weight: Weight::LEAST, service }.into()),
        ..DeclaredWorkload::new(BenchmarkProfile::HeavyData, Scope::All)
    };
    let effective = EffectiveWorkload::merge(declared.profile, [&declared]);
    let complete = serde_json::to_value(effective.and_then(|effective| effective.complete()));
    let set = serde_json::to_value(&declared);
    let (Ok(Value::Object(mut values)), Ok(Value::Object(set))) = (complete, set) else {
        return Map::new();
    };
    values.retain(|key, _| !set.contains_key(key));
    values
}
