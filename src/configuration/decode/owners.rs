//! Reads `[owners]`: the owners of findings, by support tier or glob.

use std::path::Path;

use super::{DecodedEntry, entries, evidence::tier_of_key, glob_of_key};
use crate::{
    configuration::{Glob, Owners},
    model::Name,
    toml::{
        findings::DocumentFindings,
        rules::INVALID_TEXT,
        spelling::truncated,
        tree::{NodeId, Tree},
        value::{Read, TomlValue},
    },
};

/// The start of an absolute path.
const ROOT: char = '/';

/// The end of the help about an unknown tier.
const OR_GLOB: &str = "; a glob contains `/` or `*`";

/// Reads `[owners]`. A key that `support_tiers` lists is a tier. A key with the characters of a
/// path or a glob is a glob. Reports all other keys, unless `support_tiers` is empty.
pub(in crate::configuration) fn decode_owners(
    entry: &mut DecodedEntry<'_, '_, '_, '_>,
    tiers: &[Name],
) -> Owners {
    let (tree, findings) = (entry.table.tree, &mut *entry.table.findings);
    let mut owners = Owners::default();
    for child in entries(tree, entry.id, findings) {
        let key = &*tree.node(child).key;
        let owner = Name::read(TomlValue { tree, id: child, name: key }, findings);
        if is_path(key) && !tiers.iter().any(|tier| tier.as_str() == key) {
            let files = glob_of_key(tree, child, findings);
            if files.is_some() && key.starts_with(ROOT) {
                report_rooted(tree, child, findings);
                continue;
            }
            owners.files.extend(files.zip(owner));
        } else {
            let tier = tier_of_key(tree, child, (tiers, OR_GLOB), findings);
            owners.tiers.extend(tier.zip(owner));
        }
    }
    owners
}

/// Reports a glob that no path can match, because paths are relative.
fn report_rooted(tree: &Tree<'_>, id: NodeId, findings: &mut DocumentFindings) {
    let node = tree.node(id);
    let glob = truncated(&node.key);
    let message = format!("`{glob}` starts with `{ROOT}` and matches no file");
    let finding = INVALID_TEXT.finding(node.key_span, message);
    findings.push(finding.help(format!(
        "write a path relative to the folder of `driverc.toml`, such as `{}`",
        glob.trim_start_matches(ROOT)
    )));
}

fn is_path(key: &str) -> bool {
    let is_document = || Path::new(key).extension().is_some_and(|extension| extension == "toml");
    Glob::is_special(key) || key.contains('/') || is_document()
}
