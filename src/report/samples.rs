//! Provides sources and rules for the tests of all formats.

use super::{FindingsReport, Format, Style};
use crate::{
    finding::{Finding, Level, Rule},
    source::{Location, Source, SourceId, Sources, Span},
};

pub(super) static DUPLICATE_DECLARATION: Rule = rule("duplicate-declaration", Level::Error);
pub(super) static UNKNOWN_KEY: Rule =
    Rule::new("unknown-key", Level::Error, "a table has an unknown key")
        .docs("# unknown-key\n\nA table has an unknown key.\n");
pub(super) static RETRY_ATTEMPTS_HIGH: Rule = rule("retry-attempts-high", Level::Warn);
pub(super) static SUPPORT_TIER_UNUSUAL: Rule = rule("support-tier-unusual", Level::Info);

const fn rule(name: &'static str, level: Level) -> Rule {
    Rule::new(name, level, "for tests")
}

/// A set of sources with findings.
#[derive(Default)]
pub(super) struct ExampleReport {
    pub(super) sources: Sources,
}

impl ExampleReport {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn file(&mut self, name: &str, text: impl Into<String>) -> SourceId {
        self.sources.add(Source::new(name, text))
    }

    /// Creates the location from byte `start` to byte `end`.
    pub(super) fn place(&self, source: SourceId, start: usize, end: usize) -> Location {
        assert!(end <= self.sources.source(source).text().unwrap().len());
        let offset = |offset| u32::try_from(offset).unwrap();
        Location { source, span: Span::new(offset(start), offset(end)) }
    }

    /// Returns the location of the first occurrence of a text.
    pub(super) fn find(&self, source: SourceId, text: &str) -> Location {
        let start = self.sources.source(source).text().unwrap().find(text).unwrap();
        self.place(source, start, start + text.len())
    }

    pub(super) fn written(&self, format: Format, findings: &[Finding<Location>]) -> String {
        self.styled(format, findings, Style::default())
    }

    pub(super) fn styled(
        &self,
        format: Format,
        findings: &[Finding<Location>],
        style: Style,
    ) -> String {
        let mut out = Vec::new();
        let run = FindingsReport::of(findings, &self.sources);
        super::write(format, &run, &style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }
}
