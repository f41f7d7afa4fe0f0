//! `driverc check --fix`: applies fixes to files or shows them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{
    Failure, Outcome,
    arguments::{Check, Color, Reporting},
    difference,
    failure::{say, say_bytes},
    input::today,
    load_errors,
    output::{self, Writer},
    outputs::Output,
    show,
};
use crate::{
    document::rules::{FILE_TOO_LARGE, PATH_OUTSIDE_PROJECT},
    finding::{Finding, Safety},
    fix::{self, Fixed},
    lint::Findings,
    project::{JoinedFindings, Loaded},
    report::{FindingsReport, Style, counted},
    source::{Location, Source, SourceId},
    toml::rules::{INVALID_UTF8, TOO_MANY_FINDINGS},
    workspace::Workspace,
};

/// A document before and after its fixes.
struct Change<'w> {
    source: SourceId,
    name: &'w str,
    before: &'w str,
    after: &'w str,
}

/// A project whose findings were fixed in memory.
struct FixedProject {
    input: Loaded,
    fixed: Fixed,
    /// The texts before the fixes.
    before: Vec<String>,
}

impl FixedProject {
    fn of(command: &Check, mut input: Loaded) -> Result<Self, Failure> {
        if input.is_detached() {
            return Err(Failure::new(
                "the built-in set cannot be changed; name a folder or a file",
            ));
        }
        let reporting = &command.reporting;
        let allowed = if command.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
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
        // Findings that are not shown are not fixed.
        let fixed = fix::fix(
            workspace,
            allowed,
            |workspace| show::visible(check(&input, workspace, reporting), reporting).open,
            |source| input.includes(source) && !unknown.contains_key(&source),
        );
        Ok(Self { input, fixed, before })
    }

    /// Returns the document on standard input.
    fn on_stdin(&self) -> Option<&Source> {
        let mut sources = self.fixed.workspace.sources().iter().map(|(_, source)| source);
        sources.find(|source| self.input.is_overlay(source.name()))
    }
}

/// Fixes each project alone, and shows the remaining findings of all.
pub(super) fn run(
    command: &Check,
    projects: Vec<Loaded>,
    color: Color,
) -> Result<Outcome, Failure> {
    let mut fixed = Vec::new();
    for input in projects {
        fixed.push(FixedProject::of(command, input)?);
    }
    let completed = fixed.iter().map(|project| load_errors::report(&project.input)).max();
    let completed = completed.unwrap_or(Outcome::Clean);
    if command.diff {
        let changes: Vec<_> = fixed.iter().flat_map(changes).collect();
        let outcome = show(&changes, command.output_file.as_deref())?.max(completed);
        say_left(&fixed, command);
        return Ok(outcome);
    }
    let on_stdin = fixed.iter().find_map(FixedProject::on_stdin);
    if let Some(document) = on_stdin {
        output::to_stdout(document.text().unwrap_or_default().as_bytes())?;
    }
    let mut remaining = Remaining::default();
    for project in &fixed {
        remaining.add(project, command);
    }
    let directory = fixed.first().map_or("", |it| it.input.project.directory_in_repository());
    remaining.show(command, directory, on_stdin.is_some(), color)?;
    match (remaining.fixed_findings, remaining.files) {
        (0, 0) if fixed.iter().all(has_no_fix) => {}
        (0, 0) => say(format_args!("nothing was fixed")),
        (findings, files) => say(format_args!(
            "fixed {} in {}",
            counted(findings, "finding"),
            counted(files, "file")
        )),
    }
    say_left(&fixed, command);
    Ok(remaining.outcome.max(completed))
}

fn has_no_fix(project: &FixedProject) -> bool {
    project.fixed.applied == 0 && project.fixed.findings.is_empty()
}

/// The findings that remain, and the number of fixes that were written.
#[derive(Default)]
struct Remaining {
    findings: JoinedFindings,
    outcome: Outcome,
    fixed_findings: usize,
    files: usize,
}

impl Remaining {
    /// Writes the changed files of a project, and adds the findings that remain in it.
    fn add(&mut self, project: &FixedProject, command: &Check) {
        let FixedProject { input, fixed, before } = project;
        let (changes, reporting) = (changes(project), &command.reporting);
        let written = Written::of(&changes, input);
        let left = written.workspace(fixed, before);
        let workspace = left.as_ref().unwrap_or(&fixed.workspace);
        let (outcome, visible) = show::judged(check(input, workspace, reporting), reporting);
        self.findings.add(workspace.sources(), input.requested(), visible);
        self.outcome = self.outcome.max(outcome).max(written.outcome);
        let whole = fixed.changed.iter().filter(|sources| sources.is_disjoint(&written.missed));
        self.fixed_findings += whole.count();
        self.files += changes.len() - written.missed.len();
    }

    fn show(
        &self,
        command: &Check,
        directory: &str,
        is_on_stdin: bool,
        color: Color,
    ) -> Result<(), Failure> {
        let shown = FindingsReport::of_projects(&self.findings, directory);
        let outputs = command.written.outputs(command.output_file.as_deref())?;
        let is_taken = |output: &Output<'_>| output.file.is_none() && is_on_stdin;
        let (stdout, files): (Vec<_>, Vec<_>) = outputs.iter().copied().partition(is_taken);
        for output in stdout {
            // Standard output is reserved for the document.
            say_bytes(&show::render(&shown, output.format, Style::default())?);
        }
        show::write(&shown, &files, color)?;
        show::summarize(&shown, &outputs);
        Ok(())
    }
}

/// Returns the findings in a changed version of the same documents.
fn check(input: &Loaded, workspace: &Workspace, reporting: &Reporting) -> Findings {
    input.check_other(workspace, reporting.today.unwrap_or_else(today))
}

/// Reports the fixes that were not applied, and how to apply them.
fn say_left(projects: &[FixedProject], command: &Check) {
    let sum = |count: fn(&Fixed) -> usize| -> usize {
        projects.iter().map(|project| count(&project.fixed)).sum()
    };
    if let refused @ 1.. = sum(|fixed| fixed.refused) {
        let left = counted_fixes(refused);
        say(format_args!("{left} not applied: the documents would have new errors"));
    }
    if let postponed @ 1.. = sum(|fixed| fixed.postponed) {
        let left = counted_fixes(postponed);
        say(format_args!("{left} left next to a renamed key; check it, then run again"));
    }
    let has_fix = |finding: &&Finding<Location>| finding.fix.is_some();
    let more: usize =
        projects.iter().map(|it| it.fixed.findings.iter().filter(has_fix).count()).sum();
    if more > 0 && !command.unsafe_fixes {
        let findings = counted(more, "more finding");
        say(format_args!(
            "`--fix --unsafe-fixes` fixes {findings}; `--diff --unsafe-fixes` shows how"
        ));
    }
}

fn counted_fixes(count: usize) -> String {
    let was = if count == 1 { "was" } else { "were" };
    let noun = if count == 1 { "fix" } else { "fixes" };
    format!("{count} {noun} {was}")
}

/// Returns the documents that were not read in full, with the reason. Writing one could lose bytes
/// or change text that was not checked.
fn unknown_texts(workspace: &Workspace) -> BTreeMap<SourceId, String> {
    let lost = [&FILE_TOO_LARGE, &INVALID_UTF8, &PATH_OUTSIDE_PROJECT, &TOO_MANY_FINDINGS];
    let findings = workspace.findings().iter().filter(|finding| lost.contains(&finding.rule));
    findings.map(|finding| (finding.place.source, finding.message.clone())).collect()
}

fn changes(FixedProject { fixed, before, .. }: &FixedProject) -> Vec<Change<'_>> {
    let sources = fixed.workspace.sources().iter().zip(before);
    let changes = sources.map(|((source, after), before)| {
        let (name, after) = (after.name(), after.text().unwrap_or_default());
        Change { source, name, before, after }
    });
    changes.filter(|change| change.after != change.before).collect()
}

fn show(changes: &[Change<'_>], file: Option<&Path>) -> Result<Outcome, Failure> {
    let difference = |change: &Change<'_>| {
        difference::of_texts((change.name, change.before), (change.name, change.after))
    };
    let text: String = changes.iter().map(difference).collect();
    output::write(file, text.as_bytes())?;
    Ok(if changes.is_empty() { Outcome::Clean } else { Outcome::Findings })
}

/// The results of writing the changed files.
struct Written {
    outcome: Outcome,
    /// The documents that this run did not write.
    missed: BTreeSet<SourceId>,
    /// The unwritten documents whose files still have their original content.
    unchanged: BTreeSet<SourceId>,
}

impl Written {
    /// Writes every changed file. If a file cannot be written, reports it and continues.
    fn of(changes: &[Change<'_>], input: &Loaded) -> Self {
        let (missed, unchanged) = Default::default();
        let mut written = Self { outcome: Outcome::Clean, missed, unchanged };
        let files = changes.iter().filter(|change| !input.is_overlay(change.name));
        let paths = files.map(|change| (change, input.path_of(change.name))).collect::<Vec<_>>();
        output::remove_left_over(paths.iter().map(|(_, path)| *path));
        for (change, path) in paths {
            written.add(change, path);
        }
        written
    }

    fn add(&mut self, change: &Change<'_>, path: &Path) {
        let is_link = path.symlink_metadata().is_ok_and(|existing| existing.is_symlink());
        match output::renew(path, change.before.as_bytes(), change.after.as_bytes()) {
            Ok(Writer::This) if is_link => {
                say(format_args!("`{}` was a link and is now a file", change.name));
            }
            Ok(Writer::This) => {}
            Ok(Writer::Other) => {
                self.missed.insert(change.source);
            }
            Err(failure) => {
                say(format_args!("error: {failure}"));
                self.missed.insert(change.source);
                self.unchanged.insert(change.source);
                self.outcome = Outcome::Incomplete;
            }
        }
    }

    /// Returns the documents with the current content of their files. Returns `None` if no
    /// unwritten file has its original content.
    fn workspace(&self, fixed: &Fixed, before: &[String]) -> Option<Workspace> {
        if self.unchanged.is_empty() {
            return None;
        }
        let sources = fixed.workspace.sources().iter().map(|(id, _)| id).zip(before);
        let texts: BTreeMap<_, _> = sources.filter(|(id, _)| self.unchanged.contains(id)).collect();
        Some(fix::with_texts(&fixed.workspace, |source| {
            texts.get(&source).map(|text| text.as_str())
        }))
    }
}
