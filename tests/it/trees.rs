//! Arbitrary files and links around arbitrary configurations.
use crate::common::trees;

use proptest::prelude::*;

#[test]
fn known_attacks_read_no_files_outside_project() {
    for configuration in [
        "include = [\"../outside\"]",
        "include = [\"../outside/secret.toml\", \"link\"]",
        "include = [\"/proc/self/environ\", \".git\", \".GIT/config.toml\"]",
    ] {
        for kind in 0..12 {
            let mut bytes = configuration.as_bytes().to_vec();
            for name in 0..13 {
                bytes.extend([0, name + 13, if kind == 0 { 32 } else { kind }]);
            }
            trees::nothing_outside_is_read(&bytes);
        }
    }
}

#[test]
fn corpus_trees_read_no_files_outside_project() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/tree");
    for entry in std::fs::read_dir(corpus).expect("a corpus") {
        let path = entry.expect("an entry").path();
        trees::nothing_outside_is_read(&std::fs::read(path).expect("an input"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn random_trees_read_no_files_outside_project(
        parts in proptest::collection::vec((1..=255_u8, 1..=40_u8, "[a-z./]{0,20}"), 0..12),
        include in "[a-z./]{0,12}",
    ) {
        let mut bytes = format!("include = [\"{include}\"]").into_bytes();
        for (name, kind, rest) in parts {
            bytes.extend([0, name, kind]);
            bytes.extend(rest.into_bytes());
        }
        trees::nothing_outside_is_read(&bytes);
    }
}
