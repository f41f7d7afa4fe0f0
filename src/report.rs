//! Findings as text: for people, for `grep`, for machines.
//!
//! Decides nothing of what is shown: the caller filters and sorts, and knows the terminal.

pub mod bench;
pub mod budget;
pub mod compiled;
mod concise;
pub mod configuration;
pub mod declare;
mod details;
pub mod diff;
mod escape;
mod excerpt;
pub mod feasibility;
mod fingerprint;
mod full;
mod github;
mod gitlab;
#[cfg(feature = "html")]
pub mod html;
mod index;
mod json;
mod json_lines;
mod json_text;
mod junit;
mod markdown;
pub mod matrix;
mod page;
mod rdjson;
mod record;
mod repository;
pub mod rules;
#[cfg(test)]
mod samples;
mod sarif;
mod summary;

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use self::index::IndexedSources;
pub use self::{
    escape::escaped,
    summary::{Summary, counted},
};
use crate::{
    finding::Finding,
    lint::Accepted,
    model::Vocabulary,
    source::{Location, SourceId, Sources},
};

/// The maximum size of a [step summary](write_step_summary), in bytes. GitHub refuses a summary of
/// more than 1 MiB, and several commands can write to the same one.
const MOST_OF_SUMMARY: usize = 256 << 10;
/// The maximum size of [`Format::Markdown`], in bytes. A comment on GitHub has at most 65,536
/// characters.
const MOST_OF_COMMENT: usize = 65_000;

/// The shapes in which findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Framed excerpts of the sources, for people.
    #[default]
    Full,
    /// One line a finding, as compilers write it.
    Concise,
    /// One JSON document, of a documented shape.
    Json,
    /// One JSON object a line, of the same shape.
    JsonLines,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions.
    GitHub,
    /// A Code Quality report of GitLab.
    GitLab,
    /// `JUnit` XML, for viewers of test results.
    Junit,
    /// `RDFormat`, for reviewdog.
    Rdjson,
    /// A Markdown table, for comments and summaries.
    Markdown,
}

impl Format {
    /// The word as it is written on the command line.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::JsonLines => "json-lines",
            Self::Sarif => "sarif",
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
            Self::Junit => "junit",
            Self::Rdjson => "rdjson",
            Self::Markdown => "markdown",
        }
    }

    /// Returns true if a host of code reads it, which expects paths from the root of the
    /// repository.
    const fn is_for_hosts(self) -> bool {
        matches!(self, Self::Sarif | Self::GitHub | Self::GitLab | Self::Junit | Self::Rdjson)
    }
}

/// In the order in which they are documented.
impl Vocabulary for Format {
    const NOUN: &'static str = "format";
    const ALL: &'static [Self] = &[
        Self::Full,
        Self::Concise,
        Self::Json,
        Self::JsonLines,
        Self::Sarif,
        Self::GitHub,
        Self::GitLab,
        Self::Junit,
        Self::Rdjson,
        Self::Markdown,
    ];

    fn word(self) -> &'static str {
        self.label()
    }
}

/// What a run has to say, and of what.
#[derive(Clone, Copy, Debug)]
pub struct Run<'r> {
    /// What counts, in the order in which it is shown.
    pub findings: &'r [Finding<Location>],
    /// What comments and waivers accept; only some formats show it.
    pub accepted: &'r [Accepted],
    /// The files that were checked, with findings or without; none means all. Only
    /// [`Format::Junit`] asks.
    pub checked: Option<&'r BTreeSet<SourceId>>,
    /// The texts of all places.
    pub sources: &'r Sources,
    /// The working directory relative to the root of the repository, with `/`; empty at the root.
    /// Formats that hosts of code read show paths from that root.
    pub directory: &'r str,
    /// The number of findings that [`write()`] writes at most.
    pub most: usize,
}

impl<'r> Run<'r> {
    /// All of these findings, of all sources, at the root of a repository.
    pub const fn of(findings: &'r [Finding<Location>], sources: &'r Sources) -> Self {
        let most = usize::MAX;
        Self { findings, accepted: &[], checked: None, sources, directory: "", most }
    }

    /// Findings of the documents of a project.
    #[cfg(feature = "fs")]
    pub fn of_project(
        loaded: &'r crate::project::Loaded,
        findings: &'r [Finding<Location>],
        accepted: &'r [Accepted],
    ) -> Self {
        let directory = loaded.project.directory_in_repository();
        let run = Self::of(findings, loaded.workspace.sources());
        Self { accepted, checked: loaded.requested(), directory, ..run }
    }

    /// The findings that count, then the accepted ones.
    fn all(&self) -> impl Iterator<Item = &'r Finding<Location>> + use<'r> {
        let accepted = self.accepted.iter().map(|accepted| &accepted.finding);
        self.findings.iter().chain(accepted)
    }

    /// The same run with the findings that are written.
    fn first(self) -> Self {
        let shown = self.most.min(self.findings.len());
        Self { findings: &self.findings[..shown], ..self }
    }

    /// Its sources, named relative to the working directory.
    fn indexed(&self) -> IndexedSources<'r> {
        IndexedSources::of(self.all(), self.sources)
    }

    /// Its sources, named relative to the root of the repository.
    fn indexed_in_repository(&self) -> IndexedSources<'r> {
        self.indexed().in_repository(self.directory)
    }
}

/// What the place of output can show; only [`Format::Full`] asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether colours are shown.
    pub color: bool,
    /// Whether rule names are hyperlinks to their pages (OSC 8).
    pub links: bool,
    /// How many columns there are before messages are wrapped.
    pub width: usize,
    /// Whether frames are drawn with Unicode characters, or else with ASCII.
    pub unicode: bool,
}

/// No colours, no links, 100 columns, Unicode frames.
impl Default for Style {
    fn default() -> Self {
        Self { color: false, links: false, width: 100, unicode: true }
    }
}

/// Writes the findings of a run in their order; fails only where `out` fails.
///
/// Every place is one of its sources. Without findings, formats for people write nothing. Where a
/// format counts findings, it counts all, also those beyond [`Run::most`].
pub fn write(format: Format, run: &Run<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let first = run.first();
    let for_hosts = format.is_for_hosts();
    let sources = if for_hosts { first.indexed_in_repository() } else { first.indexed() };
    let findings = first.findings;
    let all = Summary::of(run.findings);
    match format {
        Format::Full => full::write(findings, &sources, style, out),
        Format::Concise => concise::write(findings, &sources, out),
        Format::Json => json::write(findings, all, &sources, out),
        Format::JsonLines => json_lines::write(findings, &sources, out),
        Format::Sarif => sarif::write(&first, &sources, out),
        Format::GitHub => github::write(findings, &sources, out),
        Format::GitLab => gitlab::write(&first, &sources, out),
        Format::Junit => junit::write(&first, &sources, out),
        Format::Rdjson => rdjson::write(findings, &sources, out),
        Format::Markdown => markdown::write(&first, all, &sources, MOST_OF_COMMENT, out),
    }
}

/// Writes [`Format::Markdown`] for the summary of a step, which can be longer than a comment.
pub fn write_step_summary(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let sources = run.indexed_in_repository();
    markdown::write(run, Summary::of(run.findings), &sources, MOST_OF_SUMMARY, out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        finding::{Change, Edit, Safety},
        report::samples::{DUPLICATE_DECLARATION, RETRY_ATTEMPTS_HIGH, Sample, UNKNOWN_KEY},
    };

    const PAGE: &str = include_str!("../docs/output-formats.md");
    const VERSION: &str = concat!("ersion\": \"", env!("CARGO_PKG_VERSION"), "\",\n");
    const DOCUMENTED_VERSION: &str = "ersion\": \"0.1.0\",\n";

    fn documented() -> (Sample, Vec<Finding<Location>>) {
        let mut sample = Sample::new();
        let legacy = sample.file("contracts/legacy.toml", "[driver.postgres_async]\n");
        let postgres = sample.file(
            "contracts/postgres.toml",
            "[driver.postgres_async]\n\
             class = \"relational_adapter\"\n\
             max_inflight = 20\n\n\
             [driver.postgres_async.retry_policy]\n\
             max_attempts = 12\n",
        );
        let rename = Edit {
            place: sample.find(postgres, "max_inflight"),
            change: Change::RenameKey("max_in_flight".to_owned()),
        };
        let findings = vec![
            DUPLICATE_DECLARATION
                .finding(
                    sample.find(postgres, "[driver.postgres_async]"),
                    "driver `postgres_async` is declared twice",
                )
                .label("declared again")
                .also(sample.find(legacy, "[driver.postgres_async]"), "first declared here"),
            UNKNOWN_KEY
                .finding(sample.find(postgres, "max_inflight"), "unknown key `max_inflight`")
                .help("write `max_in_flight`")
                .fix(Safety::Safe, vec![rename]),
            RETRY_ATTEMPTS_HIGH
                .finding(sample.find(postgres, "12"), "12 attempts multiply the load of an outage")
                .help("set `max_attempts` to 5 or less"),
        ];
        (sample, findings)
    }

    #[test]
    fn the_documented_examples_are_what_is_written() {
        let (sample, findings) = documented();
        for format in Format::ALL {
            let shown = match format {
                Format::Json | Format::JsonLines => 0..1,
                Format::Sarif | Format::GitLab | Format::Rdjson => 1..2,
                Format::Full
                | Format::Concise
                | Format::GitHub
                | Format::Junit
                | Format::Markdown => 0..findings.len(),
            };
            let written = sample.written(*format, &findings[shown]);
            let written = written.replace(VERSION, DOCUMENTED_VERSION);
            assert!(PAGE.contains(&format!("\n{written}```\n")), "{format:?}:\n{written}");
            assert!(PAGE.contains(&format!("\n## `{}`\n", format.label())), "{format:?}");
        }
    }

    #[test]
    fn the_summary_is_documented() {
        let (_, findings) = documented();
        assert!(PAGE.contains(&format!("\n{}\n", Summary::of(&findings))));
    }

    #[test]
    fn labels_lead_back_to_their_formats() {
        for format in Format::ALL {
            assert_eq!(Format::from_word(format.label()), Some(*format));
        }
        assert_eq!(Format::from_word("yaml"), None);
    }

    #[test]
    fn people_read_nothing_where_nothing_was_found() {
        for format in [Format::Full, Format::Concise] {
            let mut out = Vec::new();
            let sources = Sources::default();
            write(format, &Run::of(&[], &sources), &Style::default(), &mut out).unwrap();
            assert_eq!(out, b"");
        }
    }
}
