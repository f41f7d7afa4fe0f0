//! Sources and rules for the tests of the reporters.

use super::{Format, Run, Style};
use crate::{
    finding::{Finding, Level, Rule},
    source::{Location, Source, SourceId, Sources, Span},
};

pub(super) static DUPLICATE_DECLARATION: Rule = rule("duplicate-declaration", Level::Error);
pub(super) static UNKNOWN_KEY: Rule =
    Rule::new("unknown-key", Level::Error, "a key is none of those that are read")
        .docs("# unknown-key\n\nA key is none of those that are read.\n");
pub(super) static RETRY_ATTEMPTS_HIGH: Rule = rule("retry-attempts-high", Level::Warn);
pub(super) static SUPPORT_TIER_UNUSUAL: Rule = rule("support-tier-unusual", Level::Info);

const fn rule(name: &'static str, level: Level) -> Rule {
    Rule::new(name, level, "for tests")
}

/// Some sources, and places in them.
#[derive(Default)]
pub(super) struct Sample {
    pub(super) sources: Sources,
}

impl Sample {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn file(&mut self, name: &str, text: impl Into<String>) -> SourceId {
        self.sources.add(Source::new(name, text))
    }

    /// The bytes from `start` to `end`.
    pub(super) fn place(&self, source: SourceId, start: usize, end: usize) -> Location {
        assert!(end <= self.sources.source(source).text().unwrap().len());
        let offset = |offset| u32::try_from(offset).unwrap();
        Location { source, span: Span::new(offset(start), offset(end)) }
    }

    /// The first place of a text.
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
        let run = Run::of(findings, &self.sources);
        super::write(format, &run, &style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }
}
