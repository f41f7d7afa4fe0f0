//! The findings of one document, of which no more are kept than anybody can use.

use crate::{document::rules::TOO_MANY_FINDINGS, finding::Finding, source::Span};

/// The most findings of one file that are kept: each takes a kilobyte, and a file may bring forth
/// more of them than it has bytes.
pub(crate) const MOST: usize = 100_000;

/// The findings of one document, in the order in which they are said.
#[derive(Debug, Default)]
pub(super) struct Findings {
    kept: Vec<Finding<Span>>,
    /// How many there were, kept or not.
    said: usize,
}

impl Findings {
    /// Keeps a finding, if there is room for it.
    pub(super) fn push(&mut self, finding: Finding<Span>) {
        if self.kept.len() < MOST {
            self.kept.push(finding);
        }
        self.said += 1;
    }

    /// The same for several.
    pub(super) fn extend(&mut self, findings: impl IntoIterator<Item = Finding<Span>>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }

    /// How many were said, kept or not: more than before, where something was wrong since.
    pub(super) const fn said(&self) -> usize {
        self.said
    }

    /// Whether some were not kept, so that there is no use in more.
    pub(super) const fn is_too_many(&self) -> bool {
        self.said > MOST
    }

    /// Those that were kept, in the order of the text; that some were not is said of its start.
    pub(super) fn in_order(mut self) -> Vec<Finding<Span>> {
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
