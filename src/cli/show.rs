//! Shows findings: selects the visible findings, writes them, and decides whether findings fail the
//! run.

use std::{
    env,
    io::{self, IsTerminal},
    path::Path,
};

use super::{
    Failure, Outcome,
    arguments::{Color, FormatOptions, NO_LIMIT, Reporting},
    failure::say,
    load_errors, output,
    outputs::{self, Output},
};
use crate::{
    finding::Finding,
    lint::Findings,
    project::Loaded,
    report::{self, FindingsReport, Format, OmittedFindings, Style, Summary, counted},
    source::{Location, Source, Sources, Span},
};

/// The environment variable that names the Markdown file for the step summary.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Returns the findings at the levels to show.
pub(super) fn visible(findings: Findings, reporting: &Reporting) -> Findings {
    findings.at_least(reporting.show.min(reporting.fail_on))
}

/// Writes the findings to all outputs, and their number to standard error.
pub(super) fn show(
    run: &FindingsReport<'_>,
    outputs: &[Output<'_>],
    color: Color,
) -> Result<(), Failure> {
    let omitted = write(run, outputs, color)?;
    summarize(run, outputs, omitted);
    Ok(())
}

/// Reports on standard error how many findings there are, and how many the outputs leave out.
pub(super) fn summarize(
    run: &FindingsReport<'_>,
    outputs: &[Output<'_>],
    omitted: OmittedFindings,
) {
    say_summary(run, outputs);
    if !is_quiet(outputs) {
        say_omitted(omitted);
    }
}

/// Returns true if an option turns off everything except findings.
fn is_quiet(outputs: &[Output<'_>]) -> bool {
    outputs.iter().any(|output| output.format.quiet)
}

/// Reports on standard error how many findings there are, if a format is for people.
pub(super) fn say_summary(run: &FindingsReport<'_>, outputs: &[Output<'_>]) {
    if is_quiet(outputs) {
        return;
    }
    // If nothing was read, "no findings" would sound as if all were well.
    if outputs.iter().any(|it| is_for_people(it.format.format)) && !run.sources.is_empty() {
        let is_full = |it: &Output<'_>| it.format.format == Format::Full && it.file.is_none();
        if !run.findings.is_empty() && outputs.iter().any(is_full) {
            say(format_args!(""));
        }
        say(format_args!("{}", Summary::of(run.findings)));
    }
}

/// Reports on standard error how many findings are not printed one by one.
fn say_omitted(OmittedFindings { beyond_limit, grouped, .. }: OmittedFindings) {
    if grouped > 0 {
        let (findings, are) = counted_are(grouped);
        say(format_args!(
            "{findings} {are} grouped with those of other drivers; to see each, add \
             `--output-format concise`"
        ));
    }
    if beyond_limit > 0 {
        let (left, are) = counted_are(beyond_limit);
        say(format_args!("{left} {are} not shown; to see all, add `--max-diagnostics {NO_LIMIT}`"));
    }
}

fn counted_are(findings: usize) -> (String, &'static str) {
    (counted(findings, "finding"), if findings == 1 { "is" } else { "are" })
}

/// Writes findings to all outputs, and returns the number that they leave out. On GitHub, also adds
/// the findings to the step summary.
pub(super) fn write(
    run: &FindingsReport<'_>,
    outputs: &[Output<'_>],
    color: Color,
) -> Result<OmittedFindings, Failure> {
    let mut omitted = OmittedFindings::default();
    outputs::write(outputs, |output| {
        let (text, left_out) = rendered_for(run, output, color)?;
        omitted = omitted.max(left_out);
        Ok(text)
    })?;
    if outputs.iter().any(|output| output.format.format == Format::GitHub) {
        append_step_summary("the findings", |text| report::write_step_summary(run, text))?;
    }
    Ok(omitted)
}

fn rendered_for(
    run: &FindingsReport<'_>,
    output: &Output<'_>,
    color: Color,
) -> Result<(Vec<u8>, OmittedFindings), Failure> {
    let Output { format: shape, file } = *output;
    let style = output::style(color, file);
    if file.is_none() && io::stdout().is_terminal() && shape.format == Format::Concise {
        let level = |finding: &Finding<Location>| finding.level;
        let findings = report::most_severe_last(run.findings.to_vec(), shape.most, level);
        let (text, omitted) =
            render(&FindingsReport { findings: &findings, ..*run }, shape, style)?;
        let beyond_limit = run.findings.len() - findings.len();
        return Ok((text, OmittedFindings { beyond_limit, ..omitted }));
    }
    render(run, shape, style)
}

const fn is_for_people(format: Format) -> bool {
    matches!(format, Format::Full | Format::Concise)
}

/// Writes the findings of a text that is not a document. The name of `source` is relative to the
/// working directory. `directory` is the path of the working directory in the repository.
pub(super) fn write_of_text(
    source: &Source,
    findings: &[Finding<Span>],
    directory: &str,
    outputs: &[Output<'_>],
    color: Color,
) -> Result<(), Failure> {
    let mut sources = Sources::default();
    let source = sources.add(source.clone());
    let located = findings.iter().cloned();
    let located: Vec<_> =
        located.map(|finding| finding.map_places(|span| Location { source, span })).collect();
    let run = FindingsReport { directory, ..FindingsReport::of(&located, &sources) };
    write(&run, outputs, color).map(drop)
}

/// Renders findings in a format. Returns the text, and the number of findings that it leaves out.
pub(super) fn render(
    run: &FindingsReport<'_>,
    shape: impl Into<FormatOptions>,
    style: Style,
) -> Result<(Vec<u8>, OmittedFindings), Failure> {
    let FormatOptions { format, most, .. } = shape.into();
    let mut omitted = OmittedFindings::default();
    let text = rendered("the findings", |text| {
        let run = FindingsReport { max_findings: most, ..*run };
        omitted = report::write(format, &run, &style, text)?;
        Ok(())
    })?;
    Ok((text, omitted))
}

/// Returns the bytes that a function writes. `what` names the output in the message about a
/// failure.
pub(super) fn rendered(
    what: &str,
    write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    write(&mut text).map_err(|error| Failure::io(&format!("cannot render {what}"), &error))?;
    Ok(text)
}

/// Appends to the step summary of GitHub Actions, which earlier commands may have started. Outside
/// GitHub it does nothing.
pub(super) fn append_step_summary(
    what: &str,
    write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
) -> Result<(), Failure> {
    let Some(path) = env::var_os(STEP_SUMMARY).filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let (path, text) = (Path::new(&path), rendered(what, write)?);
    output::append(path, &text).map_err(|error| Failure::write(path, &error))
}

/// Returns the outcome of a run whose results have these levels.
pub(super) fn outcome<L: Copy + PartialOrd>(
    mut levels: impl Iterator<Item = L>,
    fail_on: L,
    exit_zero: bool,
) -> Outcome {
    let fails = levels.any(|level| level >= fail_on);
    if fails && !exit_zero { Outcome::Findings } else { Outcome::Clean }
}

/// Returns the outcome of a run with these findings, and the findings to show.
pub(super) fn judged(findings: Findings, reporting: &Reporting) -> (Outcome, Findings) {
    let levels = findings.open.iter().map(|finding| finding.level);
    let outcome = outcome(levels, reporting.fail_on, reporting.exit_zero);
    (outcome, visible(findings, reporting))
}

/// Shows read errors and reports unreadable files, for commands that need every document without
/// errors.
pub(super) fn read_errors(
    loaded: &Loaded,
    errors: &[Finding<Location>],
    outputs: &[Output<'_>],
    color: Color,
) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Clean;
    if !errors.is_empty() {
        show(&FindingsReport::of_project(loaded, errors, &[]), outputs, color)?;
        outcome = Outcome::Findings;
    }
    Ok(outcome.max(load_errors::report(loaded)))
}
