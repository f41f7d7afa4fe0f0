//! Small changes of a document. Most of them make it invalid.

use proptest::{arbitrary::any, collection, sample::Index, strategy::Strategy};
use toml::{Table, Value};

/// The bounds of all ranges, and their neighbours.
const EDGES: [i64; 18] = [
    0,
    1,
    100,
    10_000,
    1_000_000,
    3_600_000,
    10_000_000,
    86_400_000,
    604_800_000,
    604_800_000_000,
    1_000_000_000,
    31_536_000_000,
    1_000_000_000_000,
    1_000_000_000_000_000,
    i64::MAX,
    i64::MIN,
    64,
    -100,
];

/// Keys, words and texts that are valid in some positions.
const WORDS: [&str; 44] = [
    "like",
    "template",
    "{driver}",
    "a_{driver}_b{driver}",
    "{name}",
    "",
    "a",
    "A",
    "_a",
    "a b",
    "a\n",
    "a\u{7f}",
    "a\u{85}",
    "a\u{a0}",
    "é",
    "driver",
    "drivr",
    "budget",
    "class",
    "name",
    "profile",
    "scope",
    "weight",
    "call",
    "caller",
    "from",
    "parallel",
    "burst",
    "period_ms",
    "max_p95_latency_ms",
    "max_p95_latency_us",
    "max_inflight",
    "constant_us",
    "exponential_us",
    "heavy_data",
    "heavy-data",
    "relational_adapter",
    "Relational_Adapter",
    "batch_read",
    "poisson",
    "open",
    "pass",
    "sha256:0000000000000000000000000000000000000000000000000000000000000000",
    "sha256:000000000000000000000000000000000000000000000000000000000000000F",
];

/// Lengths at the bounds of texts and names.
const LENGTHS: [usize; 7] = [62, 63, 64, 255, 256, 2048, 2049];

/// A change of one value.
#[derive(Clone, Debug)]
pub(crate) struct Mutation {
    place: Index,
    kind: Index,
    choice: Index,
}

/// One to three mutations.
pub(crate) fn some() -> impl Strategy<Value = Vec<Mutation>> {
    let mutation = (any::<Index>(), any::<Index>(), any::<Index>())
        .prop_map(|(place, kind, choice)| Mutation { place, kind, choice });
    collection::vec(mutation, 1..4)
}

impl Mutation {
    /// Applies the mutation to a document.
    pub(crate) fn apply(&self, document: &mut Table) {
        let mut places = 0;
        document.iter().for_each(|(_, value)| count(value, &mut places));
        let place = self.place.index(places + 1);
        if place == 0 {
            return self.change_table(document);
        }
        let mut left = place;
        for (_, value) in document.iter_mut() {
            if let Some(value) = find(value, &mut left) {
                return self.change(value);
            }
        }
    }

    fn change(&self, value: &mut Value) {
        if self.kind.index(4) == 0 {
            *value = self.other_type();
            return;
        }
        match value {
            Value::Integer(number) => *number = self.edge(),
            Value::String(text) => *text = self.word(),
            Value::Table(table) => self.change_table(table),
            Value::Array(items) => self.change_array(items),
            Value::Datetime(_) | Value::Float(_) | Value::Boolean(_) => *value = self.other_type(),
        }
    }

    fn change_table(&self, table: &mut Table) {
        let keys: Vec<_> = table.keys().cloned().collect();
        let key = (!keys.is_empty()).then(|| keys[self.choice.index(keys.len())].clone());
        match (self.kind.index(5), key) {
            (0, _) | (_, None) => {
                table.insert(self.word(), self.other_type());
            }
            (1, _) => table.clear(),
            (2, Some(key)) => {
                let value = table.remove(&key);
                table.extend(value.map(|value| (self.word(), value)));
            }
            (3, Some(key)) => {
                let value = table[&key].clone();
                let twin =
                    key.strip_suffix("_latency_ms").map(|key| key.to_owned() + "_latency_us");
                table.insert(twin.unwrap_or_else(|| self.word()), value);
            }
            (_, Some(key)) => {
                table.remove(&key);
            }
        }
    }

    fn change_array(&self, items: &mut Vec<Value>) {
        let item = (!items.is_empty()).then(|| items[self.choice.index(items.len())].clone());
        match (self.kind.index(4), item) {
            (0, Some(item)) => items.push(item),
            (1, _) => items.clear(),
            (2, Some(_)) => {
                items.remove(self.choice.index(items.len()));
            }
            _ => items.push(self.other_type()),
        }
    }

    fn edge(&self) -> i64 {
        let edge = self.choice.index(3 * EDGES.len());
        EDGES[edge / 3].saturating_add([-1, 0, 1][edge % 3])
    }

    fn word(&self) -> String {
        let choice = self.choice.index(WORDS.len() + 2 * LENGTHS.len());
        let Some(length) = choice.checked_sub(WORDS.len()) else {
            return WORDS[choice].to_owned();
        };
        ["a", "é"][length % 2].repeat(LENGTHS[length / 2])
    }

    fn other_type(&self) -> Value {
        let choices = [
            Value::Boolean(true),
            Value::Float(0.5),
            Value::Integer(1),
            Value::String("1".to_owned()),
            Value::String("batch_read".to_owned()),
            Value::Datetime("2026-10-31T00:00:00Z".parse().unwrap()),
            Value::Datetime("07:30:00".parse().unwrap()),
            Value::Array(Vec::new()),
            Value::Array(vec![Value::Integer(1)]),
            Value::Array(vec![Value::Table(Table::new())]),
            Value::Table(Table::new()),
            Value::Table(Table::from_iter([("a".to_owned(), Value::Table(Table::new()))])),
        ];
        choices[self.choice.index(choices.len())].clone()
    }
}

/// Counts a value and all values inside it.
fn count(value: &Value, places: &mut usize) {
    *places += 1;
    if let Value::Array(items) = value {
        for item in items {
            count(item, places);
        }
    } else if let Value::Table(table) = value {
        table.values().for_each(|item| count(item, places));
    }
}

/// Returns the value with this number, counted from 1.
fn find<'v>(value: &'v mut Value, place: &mut usize) -> Option<&'v mut Value> {
    *place -= 1;
    if *place == 0 {
        return Some(value);
    }
    if let Value::Array(items) = value {
        return items.iter_mut().find_map(|item| find(item, place));
    }
    value.as_table_mut()?.iter_mut().find_map(|(_, item)| find(item, place))
}
