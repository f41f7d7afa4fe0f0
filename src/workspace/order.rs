//! Sorts findings, and reports documents with too many findings.

use std::cmp::{Ordering, Reverse};

use crate::{
    finding::Finding,
    source::{Location, SourceId},
    toml::{findings::too_many, rules::TOO_MANY_FINDINGS},
};

/// Adds a `too-many-findings` finding to these documents, unless they have one.
pub(crate) fn report_too_many(
    sources: impl Iterator<Item = SourceId>,
    findings: &mut Vec<Finding<Location>>,
) {
    for source in sources {
        let said = |finding: &Finding<Location>| {
            finding.rule == &TOO_MANY_FINDINGS && finding.place.source == source
        };
        if !findings.iter().any(said) {
            findings.push(too_many().map_places(|span| Location { source, span }));
        }
    }
}

/// Sorts findings by location, most severe level first, then by rule.
pub(crate) fn sort(findings: &mut [Finding<Location>]) {
    findings.sort_by(order);
}

/// Returns the order of findings: by location, most severe level first, then by rule. A stable sort
/// leaves equal findings in their order, such as the order of a contract's fields.
pub(crate) fn order(left: &Finding<Location>, right: &Finding<Location>) -> Ordering {
    let key = |it: &Finding<Location>| (it.place, Reverse(it.level), it.rule.name);
    key(left).cmp(&key(right))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Sources};

    #[test]
    fn too_many_findings_are_reported_once_per_document() {
        let mut sources = Sources::default();
        let ids = ["a.toml", "b.toml"].map(|name| sources.add(Source::new(name, "")));
        let mut findings = Vec::new();
        report_too_many([ids[1]].into_iter(), &mut findings);
        report_too_many(ids.into_iter(), &mut findings);
        let reported: Vec<_> = findings.iter().map(|finding| finding.place.source).collect();
        assert_eq!(reported, [ids[1], ids[0]]);
    }
}
