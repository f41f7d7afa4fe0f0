//! The contract path to which a waiver can be limited.

use std::borrow::Cow;

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::{Field, UnknownLabel, Vocabulary};

/// A field of a declaration, such as a driver or a budget, written as its path inside the
/// declaration: `retry_policy.max_attempts`. A table, such as `retry_policy`, covers the fields in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContractField(Field);

impl ContractField {
    /// Returns the field.
    pub const fn field(self) -> Field {
        self.0
    }

    /// Returns the fields that a waiver can name to cover this field: the field itself, then the
    /// tables around it, from the innermost. For `from` and `to` of a call, a waiver names the
    /// whole call instead.
    pub(crate) fn covering(field: Field) -> impl Iterator<Item = Field> {
        let tables = std::iter::successors(field.path().rsplit_once('.'), |(table, _)| {
            table.rsplit_once('.')
        });
        let tables = tables.filter_map(|(table, _)| Self::from_word(table));
        let of_call = matches!(field, Field::From | Field::To).then_some(Field::Call);
        std::iter::once(field).chain(of_call).chain(tables.map(Self::field))
    }

    /// Returns the paths of the field: for a latency, with both of its keys.
    #[cfg(feature = "schema")]
    fn paths(self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.0.path()).chain(self.0.twin())
    }

    /// Returns the tables that contain the field, as a sentence.
    fn meaning(self) -> &'static str {
        const WHOLE: [(Field, &str); 7] = [
            (Field::Name, "The driver's name: a driver that was renamed or removed."),
            (Field::Benchmark, "A whole benchmark that was added or removed."),
            (Field::Server, "A whole server that was added or removed."),
            (Field::Caller, "A whole caller that was added or removed."),
            (Field::Call, "A whole call that was added or removed."),
            (Field::Requirement, "A whole requirement that was added or removed."),
            (Field::DurationMs, "A field of a workload or benchmark."),
        ];
        const TABLES: [(&[Field], &str); 7] = [
            (Field::BUDGET_SCOPE, "A field of a budget."),
            (Field::WORKLOAD_SCOPE, "A field of a workload."),
            (Field::BENCHMARK, "A field of a benchmark."),
            (Field::SERVER, "A field of a server."),
            (Field::CALLER, "A field of a caller."),
            (Field::CALL, "A field of a call."),
            (Field::REQUIREMENT, "A field of a requirement."),
        ];
        if self.0.is_table_of_driver() {
            return "A table of a driver, with all its fields.";
        }
        let whole = WHOLE.iter().find(|(field, _)| *field == self.0).map(|(_, meaning)| *meaning);
        let table = TABLES.iter().find(|(fields, _)| fields.contains(&self.0));
        whole.or(table.map(|(_, meaning)| *meaning)).unwrap_or("A field of a driver.")
    }
}

impl Vocabulary for ContractField {
    const NOUN: &'static str = "field";
    const ALL: &'static [Self] = WAIVABLE.split_at(WAIVABLE_COUNT).0;

    fn word(&self) -> &str {
        self.0.path()
    }

    /// A latency has two keys, and each of them names the field.
    fn from_word(label: &str) -> Option<Self> {
        let is_named = |field: &Self| field.0.path() == label || field.0.twin() == Some(label);
        Self::ALL.iter().copied().find(is_named)
    }
}

const WAIVABLE: [ContractField; WAIVABLE_MOST] = waivable().0;
const WAIVABLE_COUNT: usize = waivable().1;
/// An upper bound on the number of waivable fields.
const WAIVABLE_MOST: usize = Field::MaxAgeDays as usize + 1;

/// Returns the fields of all declarations without duplicates, and their number. Excludes references
/// to drivers and callers.
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
        &[Field::Server],
        Field::SERVER,
        &[Field::Caller],
        // Without `max_attempts`: the word usually stands for `retry_policy.max_attempts`.
        Field::CALLER.split_at(1).0,
        &[Field::Call],
        // `from` and `to` identify the call, so a waiver cannot name them.
        Field::CALL.split_at(2).1,
        &[Field::Requirement],
        // `worst_case_ms`: all other bounds share a word with a contract or a budget.
        &[Field::WorstCaseMs],
    ];
    let mut fields = [ContractField(Field::Name); WAIVABLE_MOST];
    let mut is_listed = [false; WAIVABLE_MOST];
    let (mut count, mut list) = (0, 0);
    while list < lists.len() {
        let mut place = 0;
        while place < lists[list].len() {
            let field = lists[list][place];
            if !is_listed[field as usize] {
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
        let words = Self::ALL.iter().flat_map(|field| {
            let word = |path| json_schema!({ "const": path, "description": field.meaning() });
            field.paths().map(word)
        });
        json_schema!({ "oneOf": words.collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::diff::changes::sections;

    #[test]
    fn waiver_of_field_or_enclosing_table_covers_field() {
        let covering = |field| ContractField::covering(field).collect::<Vec<_>>();
        assert_eq!(covering(Field::Capabilities), [Field::Capabilities]);
        assert_eq!(covering(Field::MaxAttempts), [Field::MaxAttempts, Field::RetryPolicy]);
        assert_eq!(covering(Field::To), [Field::To, Field::Call]);
        assert_eq!(covering(Field::BurstOnMs), [Field::BurstOnMs, Field::Burst]);
        assert_eq!(covering(Field::ConstantUs), [Field::ConstantUs, Field::Operation]);
    }

    #[test]
    fn both_keys_of_latency_name_same_field() {
        let [ms, us] = ["max_p95_latency_ms", "max_p95_latency_us"].map(ContractField::from_word);
        assert_eq!(ms.map(ContractField::field), Some(Field::MaxP95LatencyMs));
        assert_eq!(us, ms);
    }

    /// A waiver can name every field of a finding or a change except the `max_attempts` of a caller or
    /// a requirement and the texts of a requirement, and no field twice.
    #[test]
    fn each_compared_field_can_be_waived() {
        let words: BTreeSet<_> = ContractField::ALL.iter().map(Vocabulary::word).collect();
        assert_eq!(words.len(), ContractField::ALL.len());
        let sections = sections().into_iter().filter(|(title, _)| *title != "[[waiver]]");
        let fields = sections.flat_map(|(_, fields)| fields);
        let other =
            [Field::CallerAttempts, Field::RequirementAttempts, Field::Owner, Field::Reason];
        for field in fields.filter(|field| !other.contains(field)) {
            assert!(words.contains(field.path()), "{field:?}");
        }
    }
}
