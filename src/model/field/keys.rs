//! Lists the keys of tables, in the order of documents.

use super::Field;
use crate::model::{DriverContract, record::Record};

/// The keys of a driver: `like`, then the fields except the name, with tables last.
pub(super) const DRIVER_KEYS: [Field; DriverContract::FIELDS.len()] = {
    let mut keys = [Field::Like; DriverContract::FIELDS.len()];
    let mut next = 1;
    let mut tables = false;
    loop {
        let mut place = 1;
        while place < DriverContract::FIELDS.len() {
            let field = DriverContract::FIELDS[place];
            if field.is_table_of_driver() == tables {
                keys[next] = field;
                next += 1;
            }
            place += 1;
        }
        if tables {
            break keys;
        }
        tables = true;
    }
};

/// Returns the keys of a scope, and the keys of its narrower scopes.
pub(super) const fn with_scopes<const N: usize>(keys: &[Field]) -> [Field; N] {
    let mut all = [Field::Driver; N];
    let mut place = 0;
    while place < keys.len() {
        all[place] = keys[place];
        place += 1;
    }
    all[place] = Field::Class;
    all
}

/// The keys of every table in files.
pub(super) const TABLES: [&[Field]; 21] = [
    Field::DOCUMENT,
    Field::DRIVER,
    Field::TIMEOUT_POLICY,
    Field::RETRY_POLICY,
    Field::TELEMETRY,
    Field::BUDGET_SCOPE,
    Field::BUDGET,
    Field::WORKLOAD_SCOPE,
    Field::WORKLOAD,
    Field::BURST,
    Field::TRIGGER,
    Field::OPERATION,
    Field::SERVICE,
    Field::SERVER,
    Field::BENCHMARK,
    Field::WAIVER,
    Field::CALLER,
    Field::CALL,
    Field::REQUIREMENT,
    Field::CONFIGURATION,
    Field::EVIDENCE,
];

/// The keys of the fields in files, indexed by field. Every key in a table is compared with some of
/// them.
pub(super) const KEYS: [&str; Field::MaxAgeDays as usize + 1] = {
    let mut keys = [""; Field::MaxAgeDays as usize + 1];
    let mut list = 0;
    while list < TABLES.len() {
        let mut place = 0;
        while place < TABLES[list].len() {
            let field = TABLES[list][place];
            keys[field as usize] = last_part(field.path());
            place += 1;
        }
        list += 1;
    }
    keys
};

/// Returns the part of a path after the last dot.
pub(super) const fn last_part(path: &'static str) -> &'static str {
    let bytes = path.as_bytes();
    let mut start = bytes.len();
    while start > 0 && bytes[start - 1] != b'.' {
        start -= 1;
    }
    path.split_at(start).1
}
