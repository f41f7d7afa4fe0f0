//! Reads `[[emit]]` and `[[verify]]`.

use super::{DecodedEntry, read_keys};
use crate::{
    configuration::{
        TargetFiles,
        keys::{ConfigurationKey, EMIT_KEYS, EMIT_NAMES, VERIFY_KEYS, VERIFY_NAMES},
    },
    toml::{
        rules::{MISSING_KEY, WRONG_TYPE},
        table::{Table, expect_table},
        tree::ValueKind,
    },
};

/// Reads `[[emit]]`.
pub(in crate::configuration) fn decode_emit(
    entry: &mut DecodedEntry<'_, '_, '_, '_>,
) -> Vec<TargetFiles> {
    decode(entry, &EMIT_KEYS, EMIT_NAMES)
}

/// Reads `[[verify]]`.
pub(in crate::configuration) fn decode_verify(
    entry: &mut DecodedEntry<'_, '_, '_, '_>,
) -> Vec<TargetFiles> {
    decode(entry, &VERIFY_KEYS, VERIFY_NAMES)
}

/// Reads an array of tables. Leaves out tables without a required key, which is reported.
fn decode(
    entry: &mut DecodedEntry<'_, '_, '_, '_>,
    keys: &'static [ConfigurationKey<TargetFiles>],
    names: &'static [&'static str],
) -> Vec<TargetFiles> {
    let (tree, name) = (entry.table.tree, entry.name);
    let node = tree.node(entry.id);
    if !matches!(node.kind, ValueKind::Array(..)) {
        let message = format!("`{name}` must be an array of tables, not {}", node.kind.noun());
        let finding = WRONG_TYPE.finding(node.span, message).help(format!("write `[[{name}]]`"));
        entry.table.findings.push(finding);
        return Vec::new();
    }
    let mut all = Vec::new();
    for child in tree.children(entry.id) {
        let findings = &mut *entry.table.findings;
        if !expect_table::<&str>(tree, child, || format!("[{name}]"), findings) {
            continue;
        }
        let mut files = TargetFiles::default();
        let mut table = Table::open(tree, child, names, findings);
        read_keys(&mut table, keys, entry.rules, &mut files);
        let required =
            names.iter().filter(|name| ["target", "driver", "out", "files"].contains(name));
        let missing: Vec<_> = required.filter(|name| table.entry(name).is_none()).collect();
        let header = table.header();
        for key in missing {
            let message = format!("`{key}` is missing in `[[{name}]]`");
            findings.push(MISSING_KEY.finding(header, message).help(format!("add `{key} = …`")));
        }
        if files.target.is_some() && files.driver.is_some() && !files.files.is_empty() {
            all.push(files);
        }
    }
    all
}
