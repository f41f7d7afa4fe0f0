//! Counts findings by level.

use std::{collections::BTreeSet, fmt};

use crate::{
    finding::{Finding, Level},
    source::Location,
};

/// The number of findings per level, and the number of files that have findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The number of errors.
    pub errors: usize,
    /// The number of warnings.
    pub warnings: usize,
    /// The number of informational findings.
    pub infos: usize,
    /// The number of files that contain the primary location of a finding.
    pub files: usize,
}

impl Summary {
    /// Counts the findings.
    pub fn of(findings: &[Finding<Location>]) -> Self {
        let count = |level| findings.iter().filter(|finding| finding.level == level).count();
        let files: BTreeSet<_> = findings.iter().map(|finding| finding.place.source).collect();
        Self {
            errors: count(Level::Error),
            warnings: count(Level::Warn),
            infos: count(Level::Info),
            files: files.len(),
        }
    }

    /// Returns the number of findings of all levels.
    pub const fn total(&self) -> usize {
        self.errors + self.warnings + self.infos
    }
}

/// `found 3 errors and 1 warning in 2 files`, or `no findings`.
impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [(self.errors, "error"), (self.warnings, "warning"), (self.infos, "info")];
        let parts: Vec<_> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| counted(count, noun))
            .collect();
        let Some((last, others)) = parts.split_last() else {
            return formatter.write_str("no findings");
        };
        formatter.write_str("found ")?;
        if !others.is_empty() {
            write!(formatter, "{} and ", others.join(", "))?;
        }
        write!(formatter, "{last} in {}", counted(self.files, "file"))
    }
}

/// Returns a number with its noun: `1 file`, `2 files`.
pub fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::{ExampleReport, UNKNOWN_KEY};

    fn counts_text(errors: usize, warnings: usize, infos: usize, files: usize) -> String {
        Summary { errors, warnings, infos, files }.to_string()
    }

    #[test]
    fn summary_text_lists_levels_and_files() {
        assert_eq!(counts_text(0, 0, 0, 0), "no findings");
        assert_eq!(counts_text(1, 0, 0, 1), "found 1 error in 1 file");
        assert_eq!(counts_text(3, 1, 0, 2), "found 3 errors and 1 warning in 2 files");
        assert_eq!(counts_text(0, 2, 1, 1), "found 2 warnings and 1 info in 1 file");
        assert_eq!(counts_text(1, 2, 3, 4), "found 1 error, 2 warnings and 3 infos in 4 files");
    }

    #[test]
    fn summary_counts_levels_and_files() {
        let mut sample = ExampleReport::new();
        let (first, second) = (sample.file("a.toml", "a"), sample.file("b.toml", "b"));
        let mut findings: Vec<_> = [first, first, second]
            .map(|id| UNKNOWN_KEY.finding(sample.place(id, 0, 1), "unknown key"))
            .into();
        findings[1].level = Level::Info;
        let summary = Summary::of(&findings);
        assert_eq!(summary, Summary { errors: 2, warnings: 0, infos: 1, files: 2 });
        assert_eq!(summary.total(), 3);
    }
}
