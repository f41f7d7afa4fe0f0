//! `driverc check --fix`: applies fixes to files, or shows the changes.

mod shared;
mod written;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use self::{shared::Others, written::Written};
use super::{
    Failure, Outcome,
    arguments::{Check, Color, Reporting},
    difference,
    failure::{say, say_bytes},
    input::findings_everywhere,
    load_errors, output,
    outputs::Output,
    show,
};
use crate::{
    document::rules::{FILE_TOO_LARGE, PATH_OUTSIDE_PROJECT},
    finding::{Finding, Safety},
    fix::{self, Fixed},
    lint::Findings,
    project::{self, JoinedFindings, Loaded},
    report::{FindingsReport, OmittedFindings, Style, counted},
    source::{Location, Source, SourceId},
    toml::rules::{INVALID_UTF8, TOO_MANY_FINDINGS},
    workspace::Workspace,
};

/// A document before and after its fixes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Change<'p> {
    name: &'p str,
    before: &'p str,
    after: &'p str,
    is_overlay: bool,
    path: &'p Path,
}

/// A project whose findings are fixed in memory.
struct FixedProject {
    input: Loaded,
    /// The documents with the fixes so far.
    workspace: Workspace,
    /// The open findings in the fixed documents, including findings in documents that were not
    /// requested.
    found: Vec<Finding<Location>>,
    /// The texts before the fixes.
    before: Vec<String>,
    /// The documents that must not be changed.
    unknown: BTreeMap<SourceId, String>,
    /// The names of the documents that each fix changed.
    changed: Vec<BTreeSet<String>>,
    refused: usize,
    postponed: usize,
}

impl FixedProject {
    /// Creates a project without findings. [`FixedProject::check`] finds them.
    fn of(mut input: Loaded) -> Result<Self, Failure> {
        if input.is_detached() {
            return Err(Failure::new(
                "the built-in set cannot be changed; name a folder or a file",
            ));
        }
        let workspace = std::mem::take(&mut input.workspace);
        let unknown = unknown_texts(&workspace);
        for (source, reason) in &unknown {
            let name = workspace.sources().source(*source).name();
            if input.is_overlay(name) {
                return Err(Failure::new(format!("cannot fix `{name}`: {reason}")));
            }
        }
        let sources = workspace.sources().iter();
        let before: Vec<String> =
            sources.map(|(_, source)| source.text().unwrap_or_default().to_owned()).collect();
        let (found, changed) = Default::default();
        Ok(Self { input, workspace, found, before, unknown, changed, refused: 0, postponed: 0 })
    }

    fn check(&mut self, reporting: &Reporting) {
        self.found = findings_everywhere(&self.input, &self.workspace, reporting).open;
    }

    /// Returns the document on standard input.
    fn on_stdin(&self) -> Option<&Source> {
        let mut sources = self.workspace.sources().iter().map(|(_, source)| source);
        sources.find(|source| self.input.is_overlay(source.name()))
    }

    /// Copies the new texts of the documents that another project changed. Skips a document if this
    /// project read a different text, or reads the document from standard input.
    fn follow(&mut self, changes: &[Change<'_>], reporting: &Reporting) {
        let files = changes.iter().filter(|change| !change.is_overlay);
        let files: BTreeMap<_, _> = files.map(|change| (change.name, change)).collect();
        let new = |((id, source), before): ((SourceId, &Source), &String)| {
            let change = files.get(source.name())?;
            let is_same = *before == change.before && !self.input.is_overlay(source.name());
            is_same.then_some((id, change.after))
        };
        let sources = self.workspace.sources().iter().zip(&self.before);
        let texts: BTreeMap<_, _> = sources.filter_map(new).collect();
        if !texts.is_empty() {
            self.workspace = fix::with_texts(&self.workspace, |id| texts.get(&id).copied());
            self.check(reporting);
        }
    }
}

/// Fixes the project at this index. If other projects also read a document, changes the document
/// only if those projects have the same finding.
fn fix_one(projects: &mut [FixedProject], index: usize, is_complete: bool, command: &Check) {
    let allowed = if command.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
    let reporting = &command.reporting;
    let workspace = std::mem::take(&mut projects[index].workspace);
    let FixedProject { input, unknown, .. } = &projects[index];
    let others = Others::of((projects, index), &workspace, is_complete, reporting);
    let fixed = fix::fix(
        workspace,
        allowed,
        |workspace| {
            let findings = findings_everywhere(input, workspace, reporting);
            // Findings that are not shown are not fixed.
            let visible = show::visible(input.concerned(findings), reporting).open;
            others.with_errors(workspace, visible)
        },
        |source| input.includes(source) && !unknown.contains_key(&source),
    );
    let Fixed { workspace, applied, changed, refused, postponed, .. } = fixed;
    let name = |source: &SourceId| workspace.sources().source(*source).name().to_owned();
    let changed = changed.iter().map(|sources| sources.iter().map(name).collect()).collect();
    let is_alone = projects.len() == 1;
    let project = &mut projects[index];
    (project.refused, project.postponed) = (refused, postponed);
    (project.workspace, project.changed) = (workspace, changed);
    if applied > 0 || is_alone {
        project.check(reporting);
        let (before, rest) = projects.split_at_mut(index);
        let Some((project, after)) = rest.split_first_mut() else { return };
        let followed: Vec<_> = changes(project).collect();
        for other in before.iter_mut().chain(after) {
            other.follow(&followed, reporting);
        }
    }
}

/// Fixes each project with its own configuration, and shows the remaining findings of all projects.
/// `loading` is the outcome of reading the projects.
pub(super) fn run(
    command: &Check,
    projects: Vec<Loaded>,
    (outputs, loading): (&[Output<'_>], Outcome),
    color: Color,
) -> Result<Outcome, Failure> {
    let mut fixed = Vec::new();
    for input in projects {
        fixed.push(FixedProject::of(input)?);
    }
    if fixed.len() > 1 {
        // Each project is compared with the findings of the others.
        for project in &mut fixed {
            project.check(&command.reporting);
        }
    }
    let completed = fixed.iter().map(|project| load_errors::report(&project.input)).max();
    let completed = completed.unwrap_or(Outcome::Clean);
    let is_complete = loading.max(completed) == Outcome::Clean;
    for index in 0..fixed.len() {
        fix_one(&mut fixed, index, is_complete, command);
    }
    let mut known = BTreeSet::new();
    let mut changes_of_all = Vec::new();
    for change in fixed.iter().flat_map(changes) {
        if known.insert(change) {
            changes_of_all.push(change);
        }
    }
    if command.diff {
        let outcome = show(&changes_of_all, command.output_file.as_deref())?.max(completed);
        say_left(&fixed, is_complete, command);
        return Ok(outcome);
    }
    let on_stdin = fixed.iter().find_map(FixedProject::on_stdin);
    if let Some(document) = on_stdin {
        output::to_stdout(document.text().unwrap_or_default().as_bytes())?;
    }
    let written = Written::of(&changes_of_all);
    let remaining = Remaining::of(&fixed, &written, command);
    let directory = fixed.first().map_or("", |it| it.input.project.directory_in_repository());
    remaining.show(outputs, directory, on_stdin.is_some(), color)?;
    let files = changes_of_all.len() - written.missed.len();
    match (written.number_of_whole(&fixed), files) {
        _ if command.written.quiet => {}
        (0, 0) if remaining.findings.findings.open.is_empty() && changes_of_all.is_empty() => {}
        (0, 0) => say(format_args!("nothing was fixed")),
        (findings, files) => say(format_args!(
            "fixed {} in {}",
            counted(findings, "finding"),
            counted(files, "file")
        )),
    }
    say_left(&fixed, is_complete, command);
    Ok(remaining.outcome.max(completed).max(written.outcome))
}

/// The findings that remain.
#[derive(Default)]
struct Remaining {
    findings: JoinedFindings,
    outcome: Outcome,
}

impl Remaining {
    /// Checks all projects again, with the current content of their files.
    fn of(projects: &[FixedProject], written: &Written<'_>, command: &Check) -> Self {
        let reporting = &command.reporting;
        let left: Vec<_> = projects.iter().map(|project| written.workspace(project)).collect();
        let current = projects.iter().zip(&left);
        let current = current.map(|(project, left)| left.as_ref().unwrap_or(&project.workspace));
        let current: Vec<_> = current.collect();
        let all = projects.iter().zip(&current);
        let found = all.map(|(it, workspace)| findings_everywhere(&it.input, workspace, reporting));
        let mut found: Vec<_> = found.collect();
        project::retain_agreed(&current, &mut found);
        let mut remaining = Self::default();
        for ((project, workspace), findings) in projects.iter().zip(current).zip(found) {
            let input = &project.input;
            let (outcome, visible) = show::judged(input.concerned(findings), reporting);
            remaining.findings.add(workspace.sources(), input.requested(), visible);
            remaining.outcome = remaining.outcome.max(outcome);
        }
        remaining
    }

    fn show(
        &self,
        outputs: &[Output<'_>],
        directory: &str,
        is_on_stdin: bool,
        color: Color,
    ) -> Result<(), Failure> {
        let shown = FindingsReport::of_projects(&self.findings, directory);
        let is_taken = |output: &Output<'_>| output.file.is_none() && is_on_stdin;
        let (stdout, files): (Vec<_>, Vec<_>) = outputs.iter().copied().partition(is_taken);
        let mut omitted = OmittedFindings::default();
        for output in stdout {
            // Standard output is reserved for the document.
            let (text, left_out) = show::render(&shown, output.format, Style::default())?;
            say_bytes(&text);
            omitted = omitted.max(left_out);
        }
        omitted = omitted.max(show::write(&shown, &files, color)?);
        show::summarize(&shown, outputs, omitted);
        Ok(())
    }
}

/// Reports the fixes that were not applied, and how to apply them.
fn say_left(projects: &[FixedProject], is_complete: bool, command: &Check) {
    if command.written.quiet {
        return;
    }
    if let refused @ 1.. = projects.iter().map(|project| project.refused).sum() {
        let left = counted_fixes(refused);
        say(format_args!("{left} not applied: the documents would have new errors"));
    }
    if let postponed @ 1.. = projects.iter().map(|project| project.postponed).sum() {
        let left = counted_fixes(postponed);
        say(format_args!("{left} left next to a renamed key; check it, then run again"));
    }
    if command.unsafe_fixes {
        return;
    }
    if let more @ 1.. = number_of_fixes(projects, is_complete, &command.reporting) {
        let findings = counted(more, "more finding");
        say(format_args!(
            "`--fix --unsafe-fixes` fixes {findings}; `--diff --unsafe-fixes` shows how"
        ));
    }
}

/// Returns the number of visible findings that have a fix. Leaves out a fix if another project
/// reads the same document and does not suggest the fix.
fn number_of_fixes(projects: &[FixedProject], is_complete: bool, reporting: &Reporting) -> usize {
    let mut shared = BTreeSet::new();
    let mut number = 0;
    for (index, FixedProject { input, workspace, found, .. }) in projects.iter().enumerate() {
        let open = found.clone();
        let findings = Findings { open, ..Findings::default() };
        let mut visible = show::visible(input.concerned(findings), reporting).open;
        let others = Others::of((projects, index), workspace, is_complete, reporting);
        others.retain_agreed(workspace, &mut visible);
        let has_fix = visible.iter().filter(|finding| finding.fix.is_some());
        if projects.len() == 1 {
            return has_fix.count();
        }
        number += has_fix.filter(|finding| shared.insert(shared::key(workspace, finding))).count();
    }
    number
}

fn counted_fixes(count: usize) -> String {
    let was = if count == 1 { "was" } else { "were" };
    let noun = if count == 1 { "fix" } else { "fixes" };
    format!("{count} {noun} {was}")
}

/// Returns the documents that were not read in full, with the reason. Writing such a document could
/// lose bytes or change text that was not checked.
fn unknown_texts(workspace: &Workspace) -> BTreeMap<SourceId, String> {
    let lost = [&FILE_TOO_LARGE, &INVALID_UTF8, &PATH_OUTSIDE_PROJECT, &TOO_MANY_FINDINGS];
    let findings = workspace.findings().iter().filter(|finding| lost.contains(&finding.rule));
    findings.map(|finding| (finding.place.source, finding.message.clone())).collect()
}

fn changes(project: &FixedProject) -> impl Iterator<Item = Change<'_>> {
    let FixedProject { input, workspace, before, .. } = project;
    let sources = workspace.sources().iter().zip(before);
    let changes = sources.map(|((_, source), before)| {
        let (name, after) = (source.name(), source.text().unwrap_or_default());
        let (is_overlay, path) = (input.is_overlay(name), input.path_of(name));
        Change { name, before, after, is_overlay, path }
    });
    changes.filter(|change| change.after != change.before)
}

fn show(changes: &[Change<'_>], file: Option<&Path>) -> Result<Outcome, Failure> {
    let difference = |change: &Change<'_>| {
        difference::of_texts((change.name, change.before), (change.name, change.after))
    };
    let text: String = changes.iter().map(difference).collect();
    output::write(file, text.as_bytes())?;
    Ok(if changes.is_empty() { Outcome::Clean } else { Outcome::Findings })
}
