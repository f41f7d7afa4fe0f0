//! The contract path to which a waiver can be limited.

use std::borrow::Cow;

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::{Field, UnknownLabel, Vocabulary};

/// A field of a driver, budget, workload, benchmark, caller or call, written as its path inside the declaration:
/// `retry_policy.max_attempts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContractField(Field);

impl ContractField {
    /// Returns the field.
    pub const fn field(self) -> Field {
        self.0
    }

    /// Returns the tables that contain the field, as a sentence.
    fn meaning(self) -> &'static str {
        const WHOLE: [(Field, &str); 5] = [
            (Field::Name, "The driver's name: a driver that was renamed or removed."),
            (Field::Benchmark, "A whole benchmark that was added or removed."),
            (Field::Caller, "A whole caller that was added or removed."),
            (Field::Call, "A whole call that was added or removed."),
            (Field::DurationMs, "Of a workload or benchmark."),
        ];
        const TABLES: [(&[Field], &str); 5] = [
            (Field::BUDGET_SCOPE, "Of a budget."),
            (Field::WORKLOAD_SCOPE, "Of a workload."),
            (Field::BENCHMARK, "Of a benchmark."),
            (Field::CALLER, "Of a caller."),
            (Field::CALL, "Of a call."),
        ];
        let whole = WHOLE.iter().find(|(field, _)| *field == self.0).map(|(_, meaning)| *meaning);
        let table = TABLES.iter().find(|(fields, _)| fields.contains(&self.0));
        whole.or(table.map(|(_, meaning)| *meaning)).unwrap_or("Of a driver.")
    }
}

impl Vocabulary for ContractField {
    const NOUN: &'static str = "field";
    const ALL: &'static [Self] = WAIVABLE.split_at(WAIVABLE_COUNT).0;

    fn word(&self) -> &str {
        self.0.path()
    }
}

const WAIVABLE: [ContractField; WAIVABLE_MOST] = waivable().0;
const WAIVABLE_COUNT: usize = waivable().1;
/// An upper bound on the number of waivable fields.
const WAIVABLE_MOST: usize = Field::MaxAgeDays as usize + 1;

/// Returns the fields of all declarations except waivers, without duplicates, and their number. Excludes tables of a driver and references to drivers.
const fn waivable() -> ([ContractField; WAIVABLE_MOST], usize) {
    let lists = [
        &[Field::Name],
        Field::TEMPLATE,
        Field::TIMEOUT_POLICY,
        Field::RETRY_POLICY,
        Field::TELEMETRY,
        Field::BUDGET_SCOPE,
        Field::WORKLOAD_SCOPE,
        &[Field::Benchmark],
        // Without `driver`.
        Field::BENCHMARK.split_at(1).1,
        &[Field::Caller],
        // Without `max_attempts`: the word usually stands for `retry_policy.max_attempts`.
        Field::CALLER.split_at(1).0,
        &[Field::Call],
        // Without `from` and `to`.
        Field::CALL.split_at(2).1,
    ];
    let mut fields = [ContractField(Field::Name); WAIVABLE_MOST];
    let mut is_listed = [false; WAIVABLE_MOST];
    let (mut count, mut list) = (0, 0);
    while list < lists.len() {
        let mut place = 0;
        while place < lists[list].len() {
            let field = lists[list][place];
            if !field.is_table_of_driver() && !is_listed[field as usize] {
                is_listed[field as usize] = true;
                fields[count] = ContractField(field);
                count += 1;
            }
            place += 1;
        }
        list += 1;
    }
    (fields, count)
}

impl Serialize for ContractField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for ContractField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let label = String::deserialize(deserializer)?;
        Self::from_word(&label)
            .ok_or_else(|| D::Error::custom(UnknownLabel { noun: Self::NOUN, label }))
    }
}

#[cfg(feature = "schema")]
impl JsonSchema for ContractField {
    fn schema_name() -> Cow<'static, str> {
        "ContractField".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        let words = Self::ALL
            .iter()
            .map(|field| json_schema!({ "const": field.word(), "description": field.meaning() }));
        json_schema!({ "oneOf": words.collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::diff::changes::sections;

    /// A waiver can name every field of a finding or a change except a caller's `max_attempts`, and
    /// no field twice.
    #[test]
    fn each_compared_field_can_be_waived() {
        let words: BTreeSet<_> = ContractField::ALL.iter().map(Vocabulary::word).collect();
        assert_eq!(words.len(), ContractField::ALL.len());
        let sections = sections().into_iter().filter(|(title, _)| *title != "[[waiver]]");
        let fields = sections.flat_map(|(_, fields)| fields);
        for field in fields.filter(|field| *field != Field::CallerAttempts) {
            assert!(words.contains(field.path()), "{field:?}");
        }
    }
}
