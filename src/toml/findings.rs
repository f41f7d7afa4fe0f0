//! Collects the findings of one document, up to a maximum number.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    finding::{Finding, Related},
    source::Span,
    toml::rules::TOO_MANY_FINDINGS,
};

/// The maximum number of stored findings per file. Each finding takes about a kilobyte, and a file
/// can have more findings than bytes.
pub(crate) const MOST: usize = 100_000;

/// The findings of one document, in report order.
#[derive(Debug, Default)]
pub(crate) struct DocumentFindings {
    stored: Vec<Finding<Span>>,
    /// The number of reported findings, including findings that were not stored.
    reported: usize,
    /// The messages of findings about problems that occur more than once.
    repeated: BTreeSet<String>,
}

impl DocumentFindings {
    /// Stores a finding unless the maximum is reached.
    pub(crate) fn push(&mut self, finding: Finding<Span>) {
        if self.stored.len() < MOST {
            self.stored.push(finding);
        }
        self.reported += 1;
    }

    /// Stores several findings, up to the maximum.
    pub(crate) fn extend(&mut self, findings: impl IntoIterator<Item = Finding<Span>>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }

    /// Records that the problem of the last finding occurs again in the document.
    #[cold]
    pub(crate) fn repeat_last(&mut self) {
        self.repeated.extend(self.stored.last().map(|finding| finding.message.clone()));
    }

    /// Merges the findings about each repeated problem into the first of these findings, which then
    /// lists the locations of the other findings.
    pub(crate) fn fold_repeated(&mut self, label: &str) {
        if self.repeated.is_empty() {
            return;
        }
        let mut first = BTreeMap::new();
        for finding in std::mem::take(&mut self.stored) {
            if self.repeated.contains(&finding.message) {
                if let Some(at) = first.get(&finding.message) {
                    let first: &mut Finding<Span> = &mut self.stored[*at];
                    let label = label.to_owned();
                    first.related.push(Related { place: finding.place, label });
                    continue;
                }
                first.insert(finding.message.clone(), self.stored.len());
            }
            self.stored.push(finding);
        }
    }

    /// Returns the number of reported findings, including findings that were not stored.
    pub(crate) const fn reported(&self) -> usize {
        self.reported
    }

    /// Returns true if findings were dropped, so that further findings are not needed.
    pub(crate) const fn is_too_many(&self) -> bool {
        self.reported > MOST
    }

    /// Returns the stored findings in source order. If some findings were dropped, adds a finding
    /// about this at the start of the text.
    pub(crate) fn in_order(mut self) -> Vec<Finding<Span>> {
        if self.is_too_many() {
            self.stored.push(too_many());
        }
        self.stored.sort_by_key(|finding| finding.place);
        self.stored
    }
}

/// Returns the finding for a file that has more findings than driverc stores.
pub(crate) fn too_many() -> Finding<Span> {
    let message = format!("the file has more than {MOST} findings; driverc drops the others");
    TOO_MANY_FINDINGS
        .finding(Span::default(), message)
        .help("fix the reported findings, then run driverc again")
}
