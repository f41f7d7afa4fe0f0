//! Puts the keys of tables in the order of documents.

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
