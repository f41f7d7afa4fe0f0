//! Serialises records as JSON objects, with fields in canonical order and without missing values.
//!
//! The keys come from `Field`, not from the serde attributes of the model.

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::model::{
    Field, LatencyUnit,
    record::{Literal, Record, RecordWriter},
};

/// A record that serialises as a JSON object.
pub(super) struct Object<'r, R>(pub(super) &'r R);

impl<R: Record> Serialize for Object<'_, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries = Entries { map: serializer.serialize_map(None)?, outcome: Ok(()) };
        self.0.write(&mut entries);
        entries.outcome?;
        entries.map.end()
    }
}

/// The entries of an object, up to the first error.
struct Entries<M: SerializeMap> {
    map: M,
    outcome: Result<(), M::Error>,
}

impl<M: SerializeMap> Entries<M> {
    fn add(&mut self, key: &'static str, value: &impl Serialize) {
        if self.outcome.is_ok() {
            self.outcome = self.map.serialize_entry(key, value);
        }
    }
}

impl<'r, M: SerializeMap> RecordWriter<'r> for Entries<M> {
    fn value(&mut self, field: Field, literal: Option<Literal<'r>>) {
        let Some(literal) = literal else { return };
        self.add(field.key(), &Value(literal));
        if let (Literal::Latency(us, _), Some(twin)) = (literal, field.twin()) {
            self.add(twin, &us);
        }
    }

    fn record(&mut self, field: Field, record: &'r impl Record) {
        self.add(field.key(), &Object(record));
    }
}

struct Value<'r>(Literal<'r>);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Literal::Number(number, _) => serializer.serialize_u64(*number),
            // The entry in microseconds follows.
            Literal::Latency(us, _) => {
                serializer.serialize_u64(LatencyUnit::Milliseconds.of_us(*us))
            }
            Literal::Flag(flag) => serializer.serialize_bool(*flag),
            Literal::Word(text) | Literal::Text(text) => serializer.serialize_str(text),
            Literal::Date(date) => serializer.collect_str(date),
            Literal::Digest(digest) => serializer.collect_str(digest),
            Literal::Scope(scope) => serializer.collect_str(scope),
            Literal::Capabilities(set) => set.serialize(serializer),
            Literal::Seeds(seeds) => seeds.serialize(serializer),
            Literal::Burst(burst) => burst.serialize(serializer),
            Literal::Trigger(trigger) => trigger.serialize(serializer),
            Literal::Operations(operations) => operations.serialize(serializer),
            Literal::Instances(instances) => instances.serialize(serializer),
        }
    }
}
