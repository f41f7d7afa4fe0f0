//! Shows findings: selects the visible findings, writes them, and decides whether findings fail the
//! run.

use std::{
    cmp::Reverse,
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
    report::{self, FindingsReport, Format, Style, Summary, counted},
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
    write(run, outputs, color)?;
    summarize(run, outputs);
    Ok(())
}

/// Reports on standard error how many findings are not written. If a format is for people, also
/// reports the number of all findings.
pub(super) fn summarize(run: &FindingsReport<'_>, outputs: &[Output<'_>]) {
    say_summary(run, outputs);
    say_limited(run, outputs);
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

/// Reports on standard error how many findings are not written.
fn say_limited(run: &FindingsReport<'_>, outputs: &[Output<'_>]) {
    if is_quiet(outputs) {
        return;
    }
    let limited = outputs.iter().filter(|output| output.format.most < run.findings.len());
    let left = limited.map(|Output { format: FormatOptions { format, most, .. }, .. }| {
        report::shown_in(*format, run.findings).len().saturating_sub(*most)
    });
    if let Some(left @ 1..) = left.max() {
        let are = if left == 1 { "is" } else { "are" };
        let left = counted(left, "finding");
        say(format_args!("{left} {are} not shown; to see all, add `--max-diagnostics {NO_LIMIT}`"));
    }
}

/// Writes findings to all outputs. On GitHub, also adds them to the step summary.
pub(super) fn write(
    run: &FindingsReport<'_>,
    outputs: &[Output<'_>],
    color: Color,
) -> Result<(), Failure> {
    outputs::write(outputs, |output| rendered_for(run, output, color))?;
    if outputs.iter().any(|output| output.format.format == Format::GitHub) {
        append_step_summary("the findings", |text| report::write_step_summary(run, text))?;
    }
    Ok(())
}

fn rendered_for(
    run: &FindingsReport<'_>,
    output: &Output<'_>,
    color: Color,
) -> Result<Vec<u8>, Failure> {
    let Output { format: shape, file } = *output;
    let style = output::style(color, file);
    if file.is_none() && io::stdout().is_terminal() && is_for_people(shape.format) {
        let shown = report::shown_in(shape.format, run.findings);
        let findings = most_severe_last(&shown, shape.most);
        return render(&FindingsReport { findings: &findings, ..*run }, shape, style);
    }
    render(run, shape, style)
}

const fn is_for_people(format: Format) -> bool {
    matches!(format, Format::Full | Format::Concise)
}

/// Returns the findings in terminal order: the most severe last, just above the prompt. If there
/// are too many, the least severe are left out.
fn most_severe_last(findings: &[Finding<Location>], most: usize) -> Vec<Finding<Location>> {
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|finding| Reverse(finding.level));
    sorted.truncate(most);
    sorted.sort_by_key(|finding| finding.level);
    sorted.into_iter().cloned().collect()
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
    write(&run, outputs, color)
}

/// Renders findings in a format.
pub(super) fn render(
    run: &FindingsReport<'_>,
    shape: impl Into<FormatOptions>,
    style: Style,
) -> Result<Vec<u8>, Failure> {
    let FormatOptions { format, most, .. } = shape.into();
    rendered("the findings", |text| {
        report::write(format, &FindingsReport { max_findings: most, ..*run }, &style, text)
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{finding::Level, source::SourceId, toml::rules::SYNTAX};

    #[test]
    fn most_severe_findings_are_shown_and_come_last() {
        let levels = [Level::Error, Level::Info, Level::Warn, Level::Error];
        let finding = |(number, level)| {
            let place = Location { source: SourceId::default(), span: Span::new(number, number) };
            Finding { level, ..SYNTAX.finding(place, "") }
        };
        let findings: Vec<_> = (0..).zip(levels).map(finding).collect();
        let order = |most| -> Vec<u32> {
            most_severe_last(&findings, most).iter().map(|it| it.place.span.start).collect()
        };
        assert_eq!(order(9), [1, 2, 0, 3]);
        assert_eq!(order(3), [2, 0, 3]);
    }
}
