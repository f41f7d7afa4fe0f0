//! The samples that a project asks for, by support tier.

use std::collections::BTreeMap;

use super::{Entry, entries, read_keys};
use crate::{
    configuration::{
        EvidenceTerms,
        keys::{TIER_KEYS, TIER_NAMES},
    },
    model::Name,
    toml::{
        findings::Findings,
        rules::{INVALID_TEXT, UNKNOWN_KEY},
        spelling::{brief, nearest_word},
        table::{Table, expect_table},
        tree::{NodeId, Tree},
        value::Read,
    },
};

/// Reads `[evidence]`. Where the project has named its tiers, there are no others.
pub(in crate::configuration) fn decode_evidence(
    entry: &mut Entry<'_, '_, '_, '_>,
    tiers: &[Name],
) -> BTreeMap<Name, EvidenceTerms> {
    let (tree, findings) = (entry.table.tree, &mut *entry.table.findings);
    let mut evidence = BTreeMap::new();
    for child in entries(tree, entry.id, findings) {
        let Some(tier) = tier_of_key(tree, child, tiers, findings) else { continue };
        if expect_table::<&str>(tree, child, || tree.path(child), findings) {
            let mut table = Table::open(tree, child, TIER_NAMES, findings);
            let mut terms = EvidenceTerms::default();
            read_keys(&mut table, &TIER_KEYS, entry.rules, &mut terms);
            evidence.insert(tier, terms);
        }
    }
    evidence
}

fn tier_of_key(
    tree: &Tree<'_>,
    id: NodeId,
    tiers: &[Name],
    findings: &mut Findings,
) -> Option<Name> {
    let node = tree.node(id);
    let Ok(tier) = Name::new(&node.key) else {
        let message = format!("`{}` is no support tier", brief(&node.key));
        let help = format!("write {}", Name::expected());
        findings.push(INVALID_TEXT.finding(node.key_span, message).help(help));
        return None;
    };
    if !tiers.is_empty() && !tiers.contains(&tier) {
        report_unknown_tier(tree, id, tiers, findings);
        return None;
    }
    Some(tier)
}

/// Says that the project has no such tier.
#[cold]
fn report_unknown_tier(tree: &Tree<'_>, id: NodeId, tiers: &[Name], findings: &mut Findings) {
    let node = tree.node(id);
    let names: Vec<_> = tiers.iter().map(Name::as_str).collect();
    let help = match nearest_word(&node.key, names.iter().copied()) {
        Some(intended) => format!("did you mean `{intended}`?"),
        None => format!("write one of `{}`, or add it to `support_tiers`", names.join("`, `")),
    };
    let message = format!("`support_tiers` does not name `{}`", brief(&node.key));
    findings.push(UNKNOWN_KEY.finding(node.key_span, message).help(help));
}
