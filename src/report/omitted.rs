//! Counts the findings that a format does not print one by one.

/// The number of findings that an output leaves out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OmittedFindings {
    /// The number of findings beyond `max_findings`.
    pub beyond_limit: usize,
    /// The number of findings that share the excerpt of another driver's finding.
    pub grouped: usize,
}

impl OmittedFindings {
    /// Returns the larger of each number.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            beyond_limit: self.beyond_limit.max(other.beyond_limit),
            grouped: self.grouped.max(other.grouped),
        }
    }
}
