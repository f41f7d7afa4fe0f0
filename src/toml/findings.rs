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

/// The findings of one document, in the order in which they were reported.
#[derive(Debug, Default)]
pub(crate) struct DocumentFindings {
    kept: Vec<Finding<Span>>,
    /// How many there were, kept or not.
    reported: usize,
    /// The messages of findings whose fault occurs again in the document.
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

    /// Records that the fault of the last finding occurs again.
    #[cold]
    pub(crate) fn repeat_last(&mut self) {
        self.repeated.extend(self.kept.last().map(|finding| finding.message.clone()));
    }

    /// Folds findings of a repeated fault into the first, with the locations of the others.
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

    /// Returns the number of reported findings, stored or not.
    pub(crate) const fn said(&self) -> usize {
        self.reported
    }

    /// Whether some were not kept, so that there is no use in more.
    pub(crate) const fn is_too_many(&self) -> bool {
        self.reported > MOST
    }

    /// Returns the stored findings in the order of the text, and one at its start if some were
    /// dropped.
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
