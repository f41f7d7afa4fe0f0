//! Findings on their way out: which are seen, where they go, whether they fail the run.

use std::{
    cmp::Reverse,
    env,
    io::{self, IsTerminal},
    path::Path,
};

use super::{
    Failure, Outcome,
    arguments::{Color, NO_LIMIT, Reporting, Shape},
    failure::say,
    input::Input,
    output,
};
use crate::{
    finding::Finding,
    lint::Findings,
    report::{self, Format, Run, Style, Summary, counted},
    source::{Location, Source, Sources, Span},
};

/// The variable of the environment that names the file of a step's summary, in Markdown.
pub(super) const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// The findings that are to be seen.
pub(super) fn visible(findings: Findings, reporting: &Reporting) -> Findings {
    findings.at_least(reporting.show.min(reporting.fail_on))
}

/// Writes findings, and how many there are.
pub(super) fn show(
    run: &Run<'_>,
    shape: impl Into<Shape>,
    color: Color,
    file: Option<&Path>,
) -> Result<(), Failure> {
    let shape = shape.into();
    write(run, shape, color, file)?;
    summarize(run, shape, file);
    Ok(())
}

/// Says on standard error how many findings there are, where people read it, and how many of them
/// are not written.
pub(super) fn summarize(run: &Run<'_>, shape: impl Into<Shape>, file: Option<&Path>) {
    let Shape { format, most, quiet } = shape.into();
    if quiet {
        return;
    }
    // Where nothing was read, "no findings" would sound as if all were well.
    if is_for_people(format) && !run.sources.is_empty() {
        if format == Format::Full && !run.findings.is_empty() && file.is_none() {
            say(format_args!(""));
        }
        say(format_args!("{}", Summary::of(run.findings)));
    }
    if let left @ 1.. = run.findings.len().saturating_sub(most) {
        let are = if left == 1 { "is" } else { "are" };
        let left = counted(left, "finding");
        say(format_args!("{left} {are} not shown; to see all, add `--max-diagnostics {NO_LIMIT}`"));
    }
}

/// Writes findings to a file or to standard output, and for GitHub to the summary of the step.
pub(super) fn write(
    run: &Run<'_>,
    shape: impl Into<Shape>,
    color: Color,
    file: Option<&Path>,
) -> Result<(), Failure> {
    let shape = shape.into();
    let style = output::style(color, file);
    if file.is_none() && io::stdout().is_terminal() && is_for_people(shape.format) {
        let findings = most_severe_last(run.findings, shape.most);
        output::write(file, &render(&Run { findings: &findings, ..*run }, shape, style)?)?;
    } else {
        output::write(file, &render(run, shape, style)?)?;
    }
    match env::var_os(STEP_SUMMARY).filter(|path| !path.is_empty()) {
        Some(path) if shape.format == Format::GitHub => append_summary(run, Path::new(&path)),
        Some(_) | None => Ok(()),
    }
}

const fn is_for_people(format: Format) -> bool {
    matches!(format, Format::Full | Format::Concise)
}

/// The findings in the order of a terminal: the most severe last, above the prompt. If there are
/// too many, the least severe are left out.
fn most_severe_last(findings: &[Finding<Location>], most: usize) -> Vec<Finding<Location>> {
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|finding| Reverse(finding.level));
    sorted.truncate(most);
    sorted.sort_by_key(|finding| finding.level);
    sorted.into_iter().cloned().collect()
}

/// Writes the findings of a text that is not a document of the workspace, under a name that is
/// relative to the working directory, whose place in the repository comes second.
pub(super) fn write_of_text(
    (name, directory): (&str, &str),
    text: String,
    findings: Vec<Finding<Span>>,
    format: Format,
    color: Color,
) -> Result<(), Failure> {
    let mut sources = Sources::default();
    let source = sources.add(Source::new(name, text));
    let located = findings.into_iter();
    let located: Vec<_> =
        located.map(|finding| finding.map_places(|span| Location { source, span })).collect();
    let run =
        Run { findings: &located, accepted: &[], checked: None, sources: &sources, directory };
    write(&run, format, color, None)
}

/// Adds the findings to the summary of a step, which earlier commands may have begun.
fn append_summary(run: &Run<'_>, path: &Path) -> Result<(), Failure> {
    let mut text = Vec::new();
    report::write_step_summary(run, &mut text).map_err(|error| cannot_render(&error))?;
    output::append(path, &text).map_err(|error| Failure::write(path, &error))
}

/// Findings as the bytes of a format.
pub(super) fn render(
    run: &Run<'_>,
    shape: impl Into<Shape>,
    style: Style,
) -> Result<Vec<u8>, Failure> {
    let Shape { format, most, .. } = shape.into();
    let mut text = Vec::new();
    report::write_first(format, run, most, &style, &mut text)
        .map_err(|error| cannot_render(&error))?;
    Ok(text)
}

fn cannot_render(error: &io::Error) -> Failure {
    Failure::io("cannot render the findings", error)
}

/// Whether the findings fail the run.
pub(super) fn outcome(findings: &[Finding<Location>], reporting: &Reporting) -> Outcome {
    let fails = findings.iter().any(|finding| finding.level >= reporting.fail_on);
    if fails && !reporting.exit_zero { Outcome::Findings } else { Outcome::Clean }
}

/// Shows what hinders reading, for commands that need every document but no rule.
pub(super) fn unread(input: &Input, color: Color) -> Result<Outcome, Failure> {
    unread_in(input, Format::Full, color)
}

/// The same in the format that the command line names.
pub(super) fn unread_in(
    input: &Input,
    shape: impl Into<Shape>,
    color: Color,
) -> Result<Outcome, Failure> {
    show_unread(input, &input.unread(), shape, color)
}

/// The same for commands that need every document of the workspace, asked about or not.
pub(super) fn all_unread(input: &Input, color: Color) -> Result<Outcome, Failure> {
    show_unread(input, input.workspace.findings(), Format::Full, color)
}

fn show_unread(
    input: &Input,
    unread: &[Finding<Location>],
    shape: impl Into<Shape>,
    color: Color,
) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Clean;
    if !unread.is_empty() {
        show(&input.run(unread, &[]), shape, color, None)?;
        outcome = Outcome::Findings;
    }
    Ok(outcome.max(input.report_errors()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{finding::Level, source::SourceId, toml::rules::SYNTAX};

    #[test]
    fn most_severe_findings_come_last_and_are_kept() {
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
