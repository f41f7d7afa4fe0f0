//! Writes findings and other results in all output formats.

pub mod bench;
pub mod budget;
pub mod compiled;
mod concise;
pub mod configuration;
pub mod consumers;
pub mod declare;
mod details;
pub mod diff;
mod excerpt;
pub mod explain;
pub mod feasibility;
mod fingerprint;
mod fold;
mod full;
mod github;
mod gitlab;
mod group;
#[cfg(feature = "html")]
pub mod html;
mod index;
mod json;
mod json_lines;
mod json_text;
mod junit;
mod markdown;
pub mod matrix;
mod omitted;
mod order;
mod page;
mod rdjson;
mod record;
mod repository;
pub mod review;
pub mod rules;
#[cfg(test)]
mod samples;
mod sarif;
pub mod statistics;
mod summary;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

pub use self::{
    escape::escaped,
    fold::shown_in,
    omitted::OmittedFindings,
    order::most_severe_last,
    summary::{Summary, counted},
};
use self::{fold::folded_in, index::IndexedSources, repository::path_in_repository};
use crate::{
    finding::Finding,
    lint::Accepted,
    model::Vocabulary,
    source::{Location, SourceId, Sources, escape},
};

/// The maximum size of a [step summary](write_step_summary), in bytes. GitHub refuses a summary of
/// more than 1 MiB, and several commands can write to the same summary.
const MOST_OF_SUMMARY: usize = 256 << 10;
/// The maximum size of [`Format::Markdown`], in bytes. A comment on GitHub has at most 65,536
/// characters.
const MOST_OF_COMMENT: usize = 65_000;

/// An output format for findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Source excerpts in frames, for a terminal.
    #[default]
    Full,
    /// One line per finding, as compilers print it.
    Concise,
    /// One JSON document with a documented schema.
    Json,
    /// One JSON object per line. Each finding has the same schema as in [`Format::Json`].
    JsonLines,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub Actions workflow commands.
    GitHub,
    /// A GitLab Code Quality report.
    GitLab,
    /// `JUnit` XML, for test report viewers.
    Junit,
    /// `RDFormat`, for reviewdog.
    Rdjson,
    /// A Markdown table, for comments and summaries.
    Markdown,
    /// The comments to add to a pull request, to keep and to remove.
    Review,
}

impl Format {
    /// Returns the name on the command line.
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
            Self::Review => "review",
        }
    }

    /// Returns true if code hosts read the format. Code hosts expect paths from the repository
    /// root.
    const fn is_for_hosts(self) -> bool {
        matches!(
            self,
            Self::Sarif | Self::GitHub | Self::GitLab | Self::Junit | Self::Rdjson | Self::Review
        )
    }
}

/// The formats, in the order of the documentation.
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
        Self::Review,
    ];

    fn word(&self) -> &str {
        self.label()
    }
}

/// The findings of a run, with their sources.
#[derive(Clone, Copy, Debug)]
pub struct FindingsReport<'r> {
    /// The findings that are neither suppressed nor waived, in output order.
    pub findings: &'r [Finding<Location>],
    /// The suppressed and waived findings. Only some formats show them.
    pub accepted: &'r [Accepted],
    /// The files that were checked. `None` means that all files were checked. Only
    /// [`Format::Junit`] uses this field.
    pub checked: Option<&'r BTreeSet<SourceId>>,
    /// The sources that the findings refer to.
    pub sources: &'r Sources,
    /// The working directory relative to the repository root, with `/` as separator. Empty at the
    /// root. Formats for code hosts show paths from that root.
    pub directory: &'r str,
    /// The maximum number of findings that [`write()`] prints.
    pub max_findings: usize,
    /// The pull request. Only [`Format::Review`] uses it.
    pub review: Option<&'r review::Review>,
}

impl<'r> FindingsReport<'r> {
    /// Returns a report of all these findings, for a run at the repository root.
    pub const fn of(findings: &'r [Finding<Location>], sources: &'r Sources) -> Self {
        Self {
            findings,
            accepted: &[],
            checked: None,
            sources,
            directory: "",
            max_findings: usize::MAX,
            review: None,
        }
    }

    /// Returns a report of findings in a project's documents.
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

    /// Returns a report of findings in several projects. `directory` is the working directory
    /// relative to the repository root.
    #[cfg(feature = "fs")]
    pub fn of_projects(joined: &'r crate::project::JoinedFindings, directory: &'r str) -> Self {
        let run = Self::of(&joined.findings.open, &joined.sources);
        Self { accepted: &joined.findings.accepted, checked: joined.checked(), directory, ..run }
    }

    /// Returns the open findings, then the accepted findings.
    fn all(&self) -> impl Iterator<Item = &'r Finding<Location>> + use<'r> {
        let accepted = self.accepted.iter().map(|accepted| &accepted.finding);
        self.findings.iter().chain(accepted)
    }

    /// Returns the same report, with at most `max_findings` findings.
    fn first(self) -> Self {
        let shown = self.max_findings.min(self.findings.len());
        Self { findings: &self.findings[..shown], ..self }
    }

    /// Returns the sources of the open findings, by path from the repository root.
    pub fn paths_in_repository(&self) -> BTreeMap<String, SourceId> {
        let places = self.findings.iter().flat_map(|finding| {
            let related = finding.related.iter().map(|related| related.place);
            std::iter::once(finding.place).chain(related)
        });
        let ids: BTreeSet<_> = places.map(|place| place.source).collect();
        let path = |id| path_in_repository(self.directory, self.sources.source(id).name());
        ids.into_iter().map(|id| (path(id).into_owned(), id)).collect()
    }

    /// Returns the sources, with paths relative to the working directory.
    fn indexed(&self) -> IndexedSources<'r> {
        IndexedSources::of(self.all(), self.sources)
    }

    /// Returns the sources, with paths relative to the repository root.
    fn indexed_in_repository(&self) -> IndexedSources<'r> {
        self.indexed().in_repository(self.directory)
    }
}

/// Terminal options. Among the finding formats, only [`Format::Full`] uses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to use colours.
    pub color: bool,
    /// Whether rule names link to their pages (OSC 8).
    pub links: bool,
    /// The number of columns at which messages wrap.
    pub width: usize,
    /// Whether to draw frames with Unicode characters instead of ASCII.
    pub unicode: bool,
}

impl Style {
    /// Returns the text that marks an omission.
    const fn ellipsis(&self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }
}

/// No colours, no links, 100 columns, Unicode frames.
impl Default for Style {
    fn default() -> Self {
        Self { color: false, links: false, width: 100, unicode: true }
    }
}

/// Writes the findings, and returns the number of findings that the format leaves out. Fails only if
/// `out` fails.
///
/// [`Format::Full`] writes the most severe findings last, and findings of five or more drivers that
/// differ only in the driver once. The other formats write all findings in their order.
///
/// Every location must be in one of the report's sources. Without findings, [`Format::Full`] and
/// [`Format::Concise`] write nothing. Formats that print a count include the findings beyond
/// `max_findings`.
pub fn write(
    format: Format,
    run: &FindingsReport<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<OmittedFindings> {
    let all = Summary::of(run.findings);
    let shown = folded_in(format, run.findings);
    let total = run.findings.len();
    let run = FindingsReport { findings: &shown.findings, ..*run };
    let first = run.first();
    let for_hosts = format.is_for_hosts();
    let sources = if for_hosts { first.indexed_in_repository() } else { first.indexed() };
    let findings = first.findings;
    match format {
        Format::Full => return full::write(&run, &shown, style, out),
        Format::Concise => concise::write(findings, &sources, out),
        Format::Json => json::write(findings, run.accepted, all, &sources, out),
        Format::JsonLines => json_lines::write(findings, &sources, out),
        Format::Sarif => sarif::write(&first, &sources, out),
        Format::GitHub => github::write(findings, &sources, out),
        Format::GitLab => gitlab::write(&first, &sources, out),
        Format::Junit => junit::write(&first, &sources, out),
        Format::Rdjson => rdjson::write(findings, &sources, out),
        Format::Markdown => markdown::write(&first, (all, &shown), &sources, MOST_OF_COMMENT, out),
        Format::Review => review::write(&first, &sources, out),
    }?;
    let counted = shown.count_before(findings.len());
    Ok(OmittedFindings { beyond_limit: total - counted, grouped: counted - findings.len() })
}

/// Writes [`Format::Markdown`] for a step summary, which can be longer than a comment.
pub fn write_step_summary(run: &FindingsReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let all = Summary::of(run.findings);
    let shown = folded_in(Format::Markdown, run.findings);
    let run = FindingsReport { findings: &shown.findings, ..*run };
    let sources = run.indexed_in_repository();
    markdown::write(&run, (all, &shown), &sources, MOST_OF_SUMMARY, out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        finding::{Edit, EditAction, Safety},
        report::samples::{DUPLICATE_DECLARATION, ExampleReport, RETRY_ATTEMPTS_HIGH, UNKNOWN_KEY},
    };

    const PAGE: &str = include_str!("../docs/output-formats.md");

    fn documented() -> (ExampleReport, Vec<Finding<Location>>) {
        let mut sample = ExampleReport::new();
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
            change: EditAction::RenameKey("max_in_flight".to_owned()),
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
    fn documented_examples_match_output() {
        let (sample, findings) = documented();
        for format in Format::ALL {
            assert!(PAGE.contains(&format!("\n## `{}`\n", format.label())), "{format:?}");
            // For the other formats, the page links to snapshots.
            if [Format::Full, Format::Concise].contains(format) {
                let written = sample.written(*format, &findings[1..2]);
                assert!(PAGE.contains(&format!("\n{written}```\n")), "{format:?}:\n{written}");
            }
        }
    }

    #[test]
    fn summary_line_is_documented() {
        let (_, findings) = documented();
        assert!(PAGE.contains(&format!("\n{}\n", Summary::of(&findings))));
    }

    #[test]
    fn format_labels_parse_back() {
        for format in Format::ALL {
            assert_eq!(Format::from_word(format.label()), Some(*format));
        }
        assert_eq!(Format::from_word("yaml"), None);
    }

    #[test]
    fn text_formats_write_nothing_without_findings() {
        for format in [Format::Full, Format::Concise] {
            let mut out = Vec::new();
            let sources = Sources::default();
            write(format, &FindingsReport::of(&[], &sources), &Style::default(), &mut out).unwrap();
            assert_eq!(out, b"");
        }
    }
}
