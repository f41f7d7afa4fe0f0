//! Compares the plain reader with the grammar. If the plain reader accepts a document, the trees
//! must be identical.

use proptest::prelude::*;

use super::build::{TreeBuffers, by_grammar, plain};

/// Returns true if the plain reader accepts a text. Asserts that its tree is then identical to the
/// grammar's tree.
fn accepts(text: &str) -> bool {
    let Some(tree) = plain(text, &mut TreeBuffers::default()) else { return false };
    assert_eq!(
        format!("{tree:#?}"),
        format!("{:#?}", by_grammar(text, &mut TreeBuffers::default())),
        "{text}"
    );
    true
}

/// Plain values, other valid values and invalid values.
const VALUES: &[&str] = &[
    "1",
    "0",
    "07",
    "20_000",
    "-1",
    "+1",
    "1.5",
    "0x1f",
    "999999999999999999",
    "9999999999999999999",
    "2026-10-31",
    "1979-05-27 07:32:00",
    "true",
    "false",
    "true1",
    "trues",
    "[true, false]",
    "inf",
    "\"\"",
    "\"text\"",
    "\"é # ] = \"",
    "\"\\n\"",
    "\"a\tb\"",
    "\"a\u{7f}\"",
    "\"a\u{85}\"",
    "\"\"\"a\"\"\"",
    "'a'",
    "[]",
    "[ 1, 2 ]",
    "[\"a\", \"b\",]",
    "[\n  \"a\", # one\n\n  \"b\"\n]",
    "[1 2]",
    "[,]",
    "[[1], []]",
    "[1, # driverc: ignore[x] y\n 2]",
    "{ a = 1 }",
    "[",
    "\"",
    "1 2",
    "[1,\r\n2]",
    "[1,\r2]",
];

/// Returns parts of documents, valid and invalid.
fn piece() -> impl Strategy<Value = String> {
    let word = prop::sample::select(&["a", "b", "driver", "x-1", "2", "class"][..]);
    let value = prop::sample::select(VALUES);
    let blank = prop::sample::select(&["", " ", "\t", "  ", "\r", "\u{a0}"][..]);
    let comment = prop::sample::select(
        &["", "# c", "#", "#driverc: ignore[r] why", "# a\u{1}", "# é\u{85}", "# a\rb", "x"][..],
    );
    let end = prop::sample::select(&["\n", "\n", "\n", "\r\n", "\r", "", "\n\n"][..]);
    let path = prop::collection::vec(word.clone(), 1..4).prop_map(|words| words.join("."));
    let header = (prop::sample::select(&["[", "[[", "[ ", "[[["][..]), path.clone()).prop_flat_map(
        |(open, path)| {
            let close = open.trim_end().replace('[', "]");
            prop::sample::select(vec![close, "]".to_owned(), String::new(), " ]".to_owned()])
                .prop_map(move |close| format!("{open}{path}{close}"))
        },
    );
    let entry = (path, blank.clone(), value, blank.clone())
        .prop_map(|(key, before, value, after)| format!("{key}{before}={after}{value}"));
    let odd = prop::sample::select(&["", "\u{feff}", "\"a\" = 1", "a", "= 1", "]", "é = 1"][..]);
    let statement = prop_oneof![5 => header, 8 => entry, 1 => odd.prop_map(str::to_owned), 1 => Just(String::new())];
    (blank.clone(), statement, blank, comment, end).prop_map(
        |(before, statement, after, comment, end)| {
            format!("{before}{statement}{after}{comment}{end}")
        },
    )
}

/// Returns a typical contract with a few changed bytes.
fn changed_contract() -> impl Strategy<Value = String> {
    let contract = include_str!("../../../contracts/postgres.toml");
    let change = (any::<prop::sample::Index>(), 0..4_usize, "[ -~\t\r\n]{0,3}|\u{0}|é");
    prop::collection::vec(change, 0..3).prop_map(move |changes| {
        let mut text = contract.to_owned();
        for (place, length, with) in changes {
            let start = text.floor_char_boundary(place.index(text.len()));
            let end = text.ceil_char_boundary(start + length);
            text.replace_range(start..end, &with);
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn both_readers_agree_on_random_pieces(pieces in prop::collection::vec(piece(), 0..5)) {
        accepts(&pieces.concat());
    }

    #[test]
    fn document_does_not_affect_next_document_of_reader(
        texts in prop::collection::vec(prop::collection::vec(piece(), 0..3), 1..6),
    ) {
        let mut reader = crate::document::Reader::default();
        for text in texts.iter().map(|pieces| pieces.concat()) {
            let alone = crate::document::read(&text);
            let after_others = reader.read(&text);
            prop_assert_eq!(format!("{after_others:?}"), format!("{alone:?}"), "{}", text);
        }
    }

    #[test]
    fn both_readers_agree_on_changed_contracts(text in changed_contract()) {
        accepts(&text);
    }
}

#[test]
fn plain_reader_accepts_typical_contracts() {
    // Workloads have nested arrays, which only the grammar reads.
    let documents = crate::builtin::DOCUMENTS.iter().filter(|(name, _)| !name.contains("workload"));
    for (name, text) in documents {
        assert!(accepts(text), "{name}");
        assert!(accepts(&text.replace('\n', "\r\n")), "{name}");
    }
    assert!(accepts(""));
    assert!(accepts("[[call]]\nparallel = true # at once\nb=[false,true]\nc = false"));
    assert!(accepts("a = [\n \"x\", # driverc: ignore[r] why\n]\n[[b.c]]\nd = 1"));
}

#[test]
fn plain_reader_leaves_other_syntax_to_grammar() {
    for text in [
        "\u{feff}a = 1",
        "\"a\" = 1",
        "a.b = 1",
        "a = 1.5",
        "a = 2026-10-31",
        "a = 1_000",
        "a = 'b'",
        "a = \"\\u0041\"",
        "a = \"\"\"b\"\"\"",
        "a = { b = 1 }",
        "a = [[1]]",
        "a = 07",
        "a = 9999999999999999999",
        "a = tru",
        "a = truely",
        "a = true.b",
        "a = False",
        "[ a ]",
        "[a",
        "a = ",
        "a",
        "a = 1\rb = 2",
        "a = \"\u{7f}\"",
        "# \u{1}",
        "a = [1 2]",
        "a = 1 b",
    ] {
        assert!(!accepts(text), "{text:?}");
    }
}
