//! Reads `[evidence]`: the benchmarks that a project requires, by support tier.

use std::collections::BTreeMap;

use super::{DecodedEntry, entries, read_keys};
use crate::{
    configuration::{
        EvidenceTerms,
        keys::{TIER_KEYS, TIER_NAMES},
    },
    model::Name,
    toml::{
        findings::DocumentFindings,
        rules::{INVALID_TEXT, UNKNOWN_KEY},
        spelling::{nearest_word, truncated},
        table::{Table, expect_table},
        tree::{NodeId, Tree},
        value::Read,
    },
};

/// Reads `[evidence]`. Reports tiers that are not in `support_tiers`, unless that list is empty.
pub(in crate::configuration) fn decode_evidence(
    entry: &mut DecodedEntry<'_, '_, '_, '_>,
    tiers: &[Name],
) -> BTreeMap<Name, EvidenceTerms> {
    let (tree, findings) = (entry.table.tree, &mut *entry.table.findings);
    let mut evidence = BTreeMap::new();
    for child in entries(tree, entry.id, findings) {
        let Some(tier) = tier_of_key(tree, child, (tiers, ""), findings) else { continue };
        if expect_table::<&str>(tree, child, || tree.path(child), findings) {
            let mut table = Table::open(tree, child, TIER_NAMES, findings);
            let profiles = tree.vocabulary.all();
            let mut terms = EvidenceTerms { profiles, ..EvidenceTerms::default() };
            read_keys(&mut table, &TIER_KEYS, entry.rules, &mut terms);
            evidence.insert(tier, terms);
        }
    }
    evidence
}

/// Reads a key that is a support tier. `more` is the end of the help about an unknown tier.
pub(super) fn tier_of_key(
    tree: &Tree<'_>,
    id: NodeId,
    (tiers, more): (&[Name], &str),
    findings: &mut DocumentFindings,
) -> Option<Name> {
    let node = tree.node(id);
    let Ok(tier) = Name::new(&node.key) else {
        let message = format!("`{}` is not a valid support tier", truncated(&node.key));
        let help = format!("write {}", Name::expected());
        findings.push(INVALID_TEXT.finding(node.key_span, message).help(help));
        return None;
    };
    if !tiers.is_empty() && !tiers.contains(&tier) {
        report_unknown_tier(tree, id, (tiers, more), findings);
        return None;
    }
    Some(tier)
}

/// Reports a tier that is not in `support_tiers`.
#[cold]
fn report_unknown_tier(
    tree: &Tree<'_>,
    id: NodeId,
    (tiers, more): (&[Name], &str),
    findings: &mut DocumentFindings,
) {
    let node = tree.node(id);
    let names: Vec<_> = tiers.iter().map(Name::as_str).collect();
    let help = if let Some(intended) = nearest_word(&node.key, names.iter().copied()) {
        format!("did you mean `{intended}`?")
    } else {
        let names = names.join("`, `");
        format!("write one of `{names}`, or add the tier to `support_tiers`{more}")
    };
    let message = format!("tier `{}` is not in `support_tiers`", truncated(&node.key));
    findings.push(UNKNOWN_KEY.finding(node.key_span, message).help(help));
}
