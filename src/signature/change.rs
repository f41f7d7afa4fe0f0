//! What two contracts do not have in common, field by field.

use super::line;
use crate::model::{
    DriverContract, Field,
    record::{Literal, Record, Writer},
};

/// A field in which two contracts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedField {
    /// Its path, as in a signature.
    pub path: String,
    /// The value before, as in a signature; empty if there was none.
    pub old: String,
    /// The value now, as in a signature; empty if there is none.
    pub new: String,
}

/// The fields in which two contracts differ, in the order of a signature.
pub fn changed_fields(old: &DriverContract, new: &DriverContract) -> Vec<ChangedField> {
    let fields = values(old).into_iter().zip(values(new)).filter(|(old, new)| old != new);
    fields
        .map(|((field, old), (_, new))| ChangedField { path: field.path().to_owned(), old, new })
        .collect()
}

fn values(contract: &DriverContract) -> Vec<(Field, String)> {
    struct Values(Vec<(Field, String)>);

    impl<'r> Writer<'r> for Values {
        fn value(&mut self, field: Field, literal: Option<Literal<'r>>) {
            let mut value = String::new();
            if let Some(literal) = literal {
                line::push(literal, &mut value);
            }
            self.0.push((field, value));
        }
    }

    let mut values = Values(Vec::new());
    contract.write(&mut values);
    values.0
}
