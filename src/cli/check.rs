//! `driverc check`: reports every problem in every document.

use super::{
    Failure, Outcome,
    arguments::{Check, Color},
    diff,
    failure::say,
    feasibility, fix, input, load_errors,
    outputs::{self, Output},
    projects, review, show, statistics,
};
use crate::{
    configuration::Configuration,
    finding::Finding,
    project::{self, JoinedFindings, Loaded, Selection},
    report::{FindingsReport, Format, configuration},
    source::Location,
    toml::rules::DUPLICATE_DECLARATION,
    workspace::Texts,
};

pub(super) fn run(command: &Check, color: Color) -> Result<Outcome, Failure> {
    let (inputs, reporting) = (&command.inputs, &command.reporting);
    refuse_formats(command)?;
    review::refuse(command)?;
    let outputs = command.written.outputs(command.output_file.as_deref())?;
    if command.fix || command.diff {
        return run_fix(command, &outputs, color);
    }
    if !command.show_settings && !command.feasibility {
        let selected = projects::select(inputs)?;
        if selected.len() > 1 {
            return several(command, &selected, &outputs, color);
        }
    }
    let project = input::open_with_levels(inputs, reporting, &outputs, color)?;
    if command.show_settings {
        return show_settings(&project.configuration, &outputs);
    }
    if command.feasibility {
        let loaded = input::load(inputs, project, Texts::Kept)?;
        outputs::refuse_inputs(&outputs, &loaded)?;
        return feasibility::run(&loaded, &outputs, color);
    }
    let mut loaded = input::load(inputs, project, Texts::Dropped)?;
    outputs::refuse_inputs(&outputs, &loaded)?;
    diff::leave_out_known(command, std::slice::from_mut(&mut loaded))?;
    let (outcome, visible) = show::judged(input::findings(&loaded, reporting), reporting);
    let shown = FindingsReport::of_project(&loaded, &visible.open, &visible.accepted);
    show(command, &shown, &outputs, color, loaded.errors.is_empty())?;
    say_fixes_nothing(command);
    if !command.written.quiet && duplicates_unnamed_stdin(&loaded, &visible.open) {
        say(format_args!(
            "standard input is an additional document; to replace a document, name it with \
             `--stdin-filename`"
        ));
    }
    let outcome = outcome.max(load_errors::report(&loaded));
    // The process ends here. Dropping every string of every contract would take another 5% of the
    // run time, and there can be as many findings.
    std::mem::forget((loaded, visible));
    Ok(outcome)
}

/// Checks several projects, each alone, and shows all their findings together.
fn several(
    command: &Check,
    selected: &[Selection],
    outputs: &[Output<'_>],
    color: Color,
) -> Result<Outcome, Failure> {
    let (inputs, reporting) = (&command.inputs, &command.reporting);
    let (mut projects, mut outcome) =
        projects::load_all(selected, inputs, reporting, Texts::Dropped);
    let mut joined = JoinedFindings::default();
    projects.iter().try_for_each(|loaded| outputs::refuse_inputs(outputs, loaded))?;
    diff::leave_out_known(command, &mut projects)?;
    let workspaces: Vec<_> = projects.iter().map(|loaded| &loaded.workspace).collect();
    let mut found: Vec<_> = projects
        .iter()
        .map(|loaded| input::findings_everywhere(loaded, &loaded.workspace, reporting))
        .collect();
    project::retain_agreed(&workspaces, &mut found);
    for (loaded, findings) in projects.iter().zip(found) {
        let (failed, visible) = show::judged(loaded.concerned(findings), reporting);
        joined.add(loaded.workspace.sources(), loaded.requested(), visible);
        outcome = outcome.max(failed).max(load_errors::report(loaded));
    }
    let directory = projects.first().map_or("", |it| it.project.directory_in_repository());
    let shown = FindingsReport::of_projects(&joined, directory);
    let is_complete =
        outcome < Outcome::Incomplete && projects.iter().all(|it| it.errors.is_empty());
    show(command, &shown, outputs, color, is_complete)?;
    say_fixes_nothing(command);
    Ok(outcome.max(load_errors::report_texts(&joined.sources)))
}

/// Shows the findings or, with `--statistics`, their number per rule. `is_complete` is true if every
/// document could be read.
fn show(
    command: &Check,
    shown: &FindingsReport<'_>,
    outputs: &[Output<'_>],
    color: Color,
    is_complete: bool,
) -> Result<(), Failure> {
    if command.statistics {
        return statistics::show(shown, outputs);
    }
    review::show(shown, outputs, command, color, is_complete)
}

/// Fixes the documents of one or several projects.
fn run_fix(command: &Check, outputs: &[Output<'_>], color: Color) -> Result<Outcome, Failure> {
    let (inputs, reporting) = (&command.inputs, &command.reporting);
    let selected = projects::select(inputs)?;
    let (mut projects, outcome) = match &selected[..] {
        [_] => {
            let project = input::open_with_levels(inputs, reporting, outputs, color)?;
            (vec![input::load(inputs, project, Texts::Kept)?], Outcome::Clean)
        }
        several => projects::load_all(several, inputs, reporting, Texts::Kept),
    };
    projects.iter().try_for_each(|loaded| outputs::refuse_inputs(outputs, loaded))?;
    diff::leave_out_known(command, &mut projects)?;
    Ok(fix::run(command, projects, (outputs, outcome), color)?.max(outcome))
}

fn say_fixes_nothing(command: &Check) {
    if command.unsafe_fixes && !command.written.quiet {
        say(format_args!(
            "`--unsafe-fixes` alone changes nothing; add `--fix` to apply the fixes, or `--diff` to print them"
        ));
    }
}

/// Returns true if standard input has no file name and one of its declarations is a duplicate.
fn duplicates_unnamed_stdin(loaded: &Loaded, findings: &[Finding<Location>]) -> bool {
    let sources = loaded.workspace.sources();
    let is_stdin =
        |location: &Location| sources.source(location.source).name() == input::STDIN_NAME;
    let mut duplicates = findings.iter().filter(|finding| finding.rule == &DUPLICATE_DECLARATION);
    loaded.is_overlay(input::STDIN_NAME) && duplicates.any(|finding| finding.places().any(is_stdin))
}

/// Returns a failure if the output format does not fit the mode. `--feasibility` and
/// `--show-settings` have only the formats `full` and `json`, and `--diff` writes no file of
/// findings.
fn refuse_formats(command: &Check) -> Result<(), Failure> {
    let formats = &command.written.output_format;
    let modes = [
        (command.feasibility, "--feasibility"),
        (command.show_settings, "--show-settings"),
        (command.statistics, "--statistics"),
    ];
    let Some((_, mode)) = modes.iter().find(|(is_given, _)| *is_given) else {
        return refuse_file_of_diff(command);
    };
    match formats.iter().find(|it| !matches!(it.format, Format::Full | Format::Json)) {
        None => Ok(()),
        Some(other) => Err(Failure::new(format!(
            "`{mode}` has no format `{}`; write `--output-format full` or `--output-format json`",
            other.format.label()
        ))),
    }
}

/// Returns a failure if `--output-format` names a file together with `--diff`, because `--diff`
/// writes no findings.
fn refuse_file_of_diff(command: &Check) -> Result<(), Failure> {
    let mut formats = command.written.output_format.iter();
    match formats.find(|it| command.diff && it.file.is_some()) {
        None => Ok(()),
        Some(with_file) => Err(Failure::new(format!(
            "`--diff` writes no findings; leave out `--output-format {}=FILE`",
            with_file.format.label()
        ))),
    }
}

fn show_settings(
    configuration: &Configuration,
    outputs: &[Output<'_>],
) -> Result<Outcome, Failure> {
    outputs::write(outputs, |output| {
        let text = if output.format.format == Format::Json {
            configuration::json(configuration).map_err(|error| Failure::json(&error))?
        } else {
            configuration::toml(configuration)
        };
        Ok(text.into_bytes())
    })?;
    Ok(Outcome::Clean)
}
