//! Compares the tree with an independent TOML reader.

use proptest::prelude::*;
use toml::de::{DeTable, DeValue};

use super::{ArrayForm, Errors, NodeId, Repeat, Tree, ValueKind};

/// Returns a value with its keys in order, without the syntactic form.
fn ours(tree: &Tree<'_>, id: NodeId) -> String {
    let items = |open: char, close: char, item: &dyn Fn(NodeId) -> String| {
        let mut items: Vec<String> = tree.children(id).map(item).collect();
        if open == '{' {
            items.sort();
        }
        format!("{open}{}{close}", items.join(","))
    };
    match &tree.node(id).kind {
        ValueKind::String(text) => format!("{text:?}"),
        ValueKind::Integer(value) => format!("{value:?}"),
        ValueKind::Float(_) => "float".to_owned(),
        ValueKind::Boolean(_) => "boolean".to_owned(),
        ValueKind::DateTime(text) => text.to_string(),
        ValueKind::Array(..) => items('[', ']', &|item| ours(tree, item)),
        ValueKind::Table(..) => {
            items('{', '}', &|child| format!("{:?}:{}", tree.node(child).key, ours(tree, child)))
        }
    }
}

fn theirs(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("{text:?}"),
        DeValue::Integer(value) => {
            format!("{:?}", i64::from_str_radix(value.as_str(), value.radix()).ok())
        }
        DeValue::Float(_) => "float".to_owned(),
        DeValue::Boolean(_) => "boolean".to_owned(),
        DeValue::Datetime(value) => value.to_string(),
        DeValue::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| theirs(item.get_ref())).collect();
            format!("[{}]", items.join(","))
        }
        DeValue::Table(table) => their_table(table),
    }
}

fn their_table(table: &DeTable<'_>) -> String {
    let entry = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
        let key: &std::borrow::Cow<'_, str> = key.get_ref();
        format!("{key:?}:{}", theirs(value.get_ref()))
    };
    let mut entries: Vec<String> = table.iter().map(entry).collect();
    entries.sort();
    format!("{{{}}}", entries.join(","))
}

fn agree(text: &str) {
    let tree = Tree::parse(text);
    let through_array = |repeat: &Repeat| {
        matches!(tree.node(repeat.first).kind, ValueKind::Array(ArrayForm::OfTables, _))
    };
    let mut errors = Vec::new();
    Errors::new(text).each(|error| errors.push(error));
    assert_eq!(tree.is_broken, !errors.is_empty(), "{text}\n{errors:?}");
    let valid = errors.is_empty() && tree.repeats.is_empty();
    match DeTable::parse(text) {
        // A dotted key cannot lead through an array of tables. The other reader rejects this only
        // for the last part of the key.
        Ok(_) if errors.is_empty() && tree.repeats.iter().any(through_array) => {}
        Ok(table) => {
            assert!(valid, "refused:\n{text}\n{errors:?} {:?}", tree.repeats);
            assert_eq!(ours(&tree, tree.root()), their_table(table.get_ref()), "{text}");
        }
        Err(error) => assert!(!valid, "accepted:\n{text}\n{error}"),
    }
}

fn key() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec!["a", "b", "c", "\"a\"", "'b'"]);
    prop::collection::vec(part, 1..4).prop_map(|parts| parts.join("."))
}

fn value() -> impl Strategy<Value = String> {
    let scalar = prop::sample::select(vec![
        "1",
        "-0x1f",
        "0xff",
        "1_000",
        "9223372036854775808",
        "1.5",
        "inf",
        "true",
        "'x'",
        "\"\\u00e9\"",
        "2026-10-31",
        "2026-02-30",
        "'''\nx'''",
        "",
    ])
    .prop_map(str::to_owned);
    scalar.prop_recursive(3, 12, 3, |inner| {
        let array = prop::collection::vec(inner.clone(), 0..3)
            .prop_map(|items| format!("[{}]", items.join(", ")));
        let table = prop::collection::vec((key(), inner), 0..3).prop_map(|entries| {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            format!("{{ {} }}", entries.join(", "))
        });
        prop_oneof![array, table]
    })
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (key(), value()).prop_map(|(key, value)| format!("{key} = {value}")),
        2 => key().prop_map(|key| format!("[{key}]")),
        1 => key().prop_map(|key| format!("[[{key}]]")),
        1 => Just("# comment".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn tree_and_reference_parser_agree(
        lines in prop::collection::vec(line(), 0..8),
        end in prop::sample::select(vec!["\n", "\r\n"]),
    ) {
        agree(&lines.join(end));
    }

    #[test]
    fn parsing_arbitrary_text_never_panics(text in "\\PC*|[\\[\\]{}=.,\"'#ab1\\n\\r ]*") {
        agree(&text);
    }
}

#[test]
fn dotted_key_through_array_of_tables_is_refused() {
    assert_eq!(Tree::parse("[[a.b]]\n[a]\nb.c.d = 1").repeats.len(), 1);
    assert_eq!(Tree::parse("[[a.b]]\n[a.b.c]\nd = 1").repeats.len(), 0, "a header does");
}

#[test]
fn duplicate_keys_in_wide_table_are_found() {
    let lines: Vec<String> = (0..100).map(|n| format!("k{n} = {n}")).collect();
    for number in 0..100 {
        let text = format!("{}\nk{number} = 1\n", lines.join("\n"));
        let tree = Tree::parse(&text);
        assert_eq!(tree.repeats.len(), 1, "k{number}");
        assert_eq!(tree.path(tree.repeats[0].first), format!("k{number}"));
    }
}

#[test]
fn tables_in_wide_table_have_correct_parent() {
    let table = |n| format!("[t.k{n}]\na = 1\n[t.k{n}.b]\n");
    let text = (0..100).map(table).collect::<Vec<_>>().concat();
    let tree = Tree::parse(&text);
    assert!(tree.repeats.is_empty());
    let wide = tree.child(tree.root(), "t").unwrap();
    assert_eq!(tree.children(wide).count(), 100);
}

/// For a single closing bracket, the parser also reports an opening bracket. Between two adjacent
/// dots, the parser reports a key.
#[test]
fn parser_recovery_adds_no_tree_nodes() {
    let entries = |text: &str| Tree::parse(text).nodes().count();
    let many = |part: &str| part.repeat(1000);
    assert_eq!(entries(&format!("x = [{}]", many("}"))), 1);
    assert_eq!(entries(&format!("x = [{}]", many("},"))), 1);
    assert_eq!(entries(&format!("{}=1", many("."))), 1);
    assert_eq!(entries(&format!("[{}]", many("."))), 1);
    assert_eq!(entries(&format!("x = {{{}=1}}", many("."))), 2);
    // Written elements stay in the tree, and so do elements that the parser adds for a missing
    // value.
    assert_eq!(entries("a..b = 1"), 3);
    assert_eq!(entries("''.''.'' = 1"), 3);
    assert_eq!(entries("x = [{}, {}, []]"), 4);
    let tree = Tree::parse("a.b = }\nc = ]");
    let kinds = tree.nodes().map(|(_, node)| (node.key.as_ref(), node.kind.noun()));
    let expected = [("a", "a table"), ("b", "a table"), ("c", "an array")];
    assert_eq!(kinds.collect::<Vec<_>>(), expected);
}
