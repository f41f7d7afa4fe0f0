//! Finds the token of a field in a signature.

use crate::model::Field;

/// Returns the token of a field in the signature: `max_in_flight=20`.
pub(super) fn token(signature: &str, field: Field) -> Option<String> {
    let is_of_field = |token: &&str| {
        let mut keys = [Some(field.path()), field.twin()].into_iter().flatten();
        keys.any(|key| token.strip_prefix(key).is_some_and(|rest| rest.starts_with('=')))
    };
    signature.split('|').skip(2).find(is_of_field).map(str::to_owned)
}
