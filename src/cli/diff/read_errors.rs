//! Reports the read errors of both sides.

use super::base::Base;
use crate::{
    cli::{
        Failure, Outcome,
        arguments::Color,
        failure::{say, say_bytes},
        input, load_errors, show,
    },
    finding::Finding,
    project::{Loaded, Project},
    report::{self, FindingsReport, Style, counted},
    source::{Location, Source},
    toml::syntax::is_lfs_pointer,
    workspace::Workspace,
};

/// Shows the read errors of both sides on standard error. Errors in the base do not fail the run,
/// because the change may fix them.
pub(super) fn report(
    input: &Loaded,
    base: &Base,
    old: &Workspace,
    color: Color,
) -> Result<Outcome, Failure> {
    let mut outcome = load_errors::report(input);
    for error in &base.errors {
        say(format_args!("error: {error}"));
        outcome = Outcome::Incomplete;
    }
    for warning in &base.warnings {
        say(format_args!("warning: {warning}"));
    }
    refuse_pointers(&input.workspace)?;
    if let errors @ 1.. = say_findings(&input.workspace, color)? {
        let errors = counted(errors, "error");
        say(format_args!(
            "error: the documents have {errors}; only fields without errors are compared"
        ));
        outcome = Outcome::Incomplete;
    }
    if let errors @ 1.. = say_findings(old, color)? {
        let (label, errors) = (&base.label, counted(errors, "error"));
        say(format_args!(
            "warning: the base, {label}, has {errors}; only fields without errors are compared"
        ));
    }
    Ok(outcome)
}

/// Returns the project if its configuration has no errors. Otherwise, shows these errors on
/// standard error, because standard output contains the changes of other projects.
pub(super) fn valid(project: Project) -> Result<Project, Failure> {
    let Some((source, _)) = project.invalid_configuration() else { return Ok(project) };
    let failure = input::unusable(source);
    let workspace = Loaded::without_documents(project).workspace;
    say_all(&workspace, workspace.configuration_findings(), Color::Never)?;
    Err(failure)
}

/// Returns a failure if a document is a Git LFS pointer.
fn refuse_pointers(workspace: &Workspace) -> Result<(), Failure> {
    let is_pointer = |source: &&Source| source.text().is_ok_and(is_lfs_pointer);
    match workspace.sources().iter().map(|(_, source)| source).find(is_pointer) {
        None => Ok(()),
        Some(source) => Err(Failure::new(format!(
            "`{}` is a Git LFS pointer; get its content with `git lfs pull`",
            source.name()
        ))),
    }
}

/// Shows the findings in the documents of one side, and returns their number.
fn say_findings(workspace: &Workspace, color: Color) -> Result<usize, Failure> {
    let findings = workspace.findings();
    say_all(workspace, findings, color)?;
    Ok(findings.len())
}

/// Shows findings on standard error.
fn say_all(
    workspace: &Workspace,
    findings: &[Finding<Location>],
    color: Color,
) -> Result<(), Failure> {
    if !findings.is_empty() {
        let sources = workspace.sources();
        let run = FindingsReport::of(findings, sources);
        let style = Style { color: color == Color::Always, ..Style::default() };
        say_bytes(&show::render(&run, report::Format::Full, style)?.0);
    }
    Ok(())
}
