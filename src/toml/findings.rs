//! The findings of one document, of which no more are kept than anybody can use.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    finding::{Finding, Related},
    source::Span,
    toml::rules::TOO_MANY_FINDINGS,
};

/// The most findings of one file that are kept: each takes a kilobyte, and a file may bring forth
/// more of them than it has bytes.
pub(crate) const MOST: usize = 100_000;

/// The findings of one document, in the order in which they are said.
#[derive(Debug, Default)]
pub(crate) struct DocumentFindings {
    kept: Vec<Finding<Span>>,
    /// How many there were, kept or not.
    reported: usize,
    /// The messages of findings whose fault other places of the document repeat.
    repeated: BTreeSet<String>,
}

impl DocumentFindings {
    /// Keeps a finding, if there is room for it.
    pub(crate) fn push(&mut self, finding: Finding<Span>) {
        if self.kept.len() < MOST {
            self.kept.push(finding);
        }
        self.reported += 1;
    }

    /// The same for several.
    pub(crate) fn extend(&mut self, findings: impl IntoIterator<Item = Finding<Span>>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }

    /// Notes that other places repeat the fault of the finding that was pushed last.
    #[cold]
    pub(crate) fn repeat_last(&mut self) {
        self.repeated.extend(self.kept.last().map(|finding| finding.message.clone()));
    }

    /// Makes one finding of those that repeat a fault: the first, with the places of the others.
    pub(crate) fn fold_repeated(&mut self, label: &str) {
        if self.repeated.is_empty() {
            return;
        }
        let mut first = BTreeMap::new();
        for finding in std::mem::take(&mut self.kept) {
            if self.repeated.contains(&finding.message) {
                if let Some(at) = first.get(&finding.message) {
                    let first: &mut Finding<Span> = &mut self.kept[*at];
                    let label = label.to_owned();
                    first.related.push(Related { place: finding.place, label });
                    continue;
                }
                first.insert(finding.message.clone(), self.kept.len());
            }
            self.kept.push(finding);
        }
    }

    /// How many were said, kept or not: more than before, where something was wrong since.
    pub(crate) const fn said(&self) -> usize {
        self.reported
    }

    /// Whether some were not kept, so that there is no use in more.
    pub(crate) const fn is_too_many(&self) -> bool {
        self.reported > MOST
    }

    /// Those that were kept, in the order of the text; that some were not is said of its start.
    pub(crate) fn in_order(mut self) -> Vec<Finding<Span>> {
        if self.is_too_many() {
            self.kept.push(too_many());
        }
        self.kept.sort_by_key(|finding| finding.place);
        self.kept
    }
}

/// Says that a file has more findings than are kept.
pub(crate) fn too_many() -> Finding<Span> {
    let message = format!("the file has more than {MOST} findings, and no more of them are kept");
    TOO_MANY_FINDINGS
        .finding(Span::default(), message)
        .help("correct what is shown, then run again")
}
