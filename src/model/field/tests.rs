//! Checks the keys of fields.

use super::*;

#[test]
fn key_is_last_part_of_path() {
    assert_eq!(Field::ConnectMs.key(), "connect_ms");
    assert_eq!(Field::Class.key(), "class");
    for list in [Field::DOCUMENT, Field::TIMEOUT_POLICY, Field::BENCHMARK, Field::WAIVER] {
        for field in list {
            assert_eq!(Some(field.key()), field.path().rsplit('.').next());
        }
    }
}
