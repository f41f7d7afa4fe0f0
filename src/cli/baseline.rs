//! `driverc baseline`: writes and maintains the list of findings that a project accepts.

use std::{
    collections::BTreeSet,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use super::{
    Failure, Outcome,
    arguments::{Baseline, Color, Inputs},
    failure::note,
    input, load_errors, output, outputs, show,
};
use crate::{
    boundary::Refusal,
    finding::{Finding, Level},
    lint::{BaselineLines, Findings},
    model::{Date, Prose},
    project::{Loaded, Project, ProjectError},
    report::{FindingsReport, counted},
    rules::suppression::BASELINE_MALFORMED,
    source::{Location, Source},
    workspace::Texts,
};

/// The name of the file if the configuration does not name one.
const DEFAULT_FILE: &str = "driverc-baseline.txt";

pub(super) fn run(command: &Baseline, color: Color) -> Result<Outcome, Failure> {
    let max_file_size = command.max_file_size;
    let quiet = command.quiet;
    let inputs = Inputs { max_file_size, quiet, ..Inputs::of(Vec::new(), command.roots.clone()) };
    let mut project = input::open(&inputs, color)?;
    let is_named = project.configuration.baseline.is_some();
    if !is_named {
        project.configuration.baseline = Prose::new(DEFAULT_FILE).ok();
    }
    let file = BaselineFile::of(&project)?;
    let is_new = !(command.add || command.prune || command.check);
    if is_new {
        if file.path.is_symlink() {
            project.read_baseline().map_err(|error| Failure::project(&error))?;
        }
        file.refuse_existing()?;
        project.ignore_baseline();
    } else {
        file.refuse_missing()?;
    }
    let loaded = input::load(&inputs, project, Texts::Dropped)?;
    let today = command.today.unwrap_or_else(input::today);
    let findings = loaded.check(today);
    let malformed = findings.open.iter().filter(|finding| finding.rule == &BASELINE_MALFORMED);
    let malformed: Vec<_> = malformed.cloned().collect();
    if !malformed.is_empty() {
        show(&loaded, &malformed, (quiet, color))?;
        return Ok(Outcome::Findings.max(load_errors::report(&loaded)));
    }
    let completed = load_errors::report(&loaded);
    if completed != Outcome::Clean {
        return Ok(completed);
    }
    let outcome = if command.check {
        check(&file, &loaded, &findings, (quiet, color))?
    } else {
        write(&file, command, &loaded, &findings, today)?
    };
    if outcome == Outcome::Clean && !is_named {
        note(quiet, format_args!("next: write `baseline = \"{DEFAULT_FILE}\"` in `driverc.toml`"));
    }
    Ok(outcome)
}

/// The file of a baseline.
struct BaselineFile {
    /// The path relative to the working directory.
    path: PathBuf,
    name: String,
}

impl BaselineFile {
    /// Returns the file that the configuration names. Fails if it is outside the project.
    fn of(project: &Project) -> Result<Self, Failure> {
        let path = project.baseline_path().unwrap_or_default();
        let name = project.display(&path);
        if let Err(Refusal::Violation(violation)) = project.boundary.resolve(&path) {
            let refusal = Refusal::Violation(violation);
            return Err(Failure::project(&ProjectError::Refused { name, refusal }));
        }
        Ok(Self { path, name })
    }

    fn refuse_existing(&self) -> Result<(), Failure> {
        if self.path.symlink_metadata().is_err() { Ok(()) } else { Err(self.exists()) }
    }

    fn refuse_missing(&self) -> Result<(), Failure> {
        if self.path.symlink_metadata().is_ok() {
            return Ok(());
        }
        Err(Failure::new(format!(
            "`{}` does not exist; create it with `driverc baseline`",
            self.name
        )))
    }

    fn exists(&self) -> Failure {
        Failure::new(format!(
            "`{}` exists; add lines with `--add`, or remove unused lines with `--prune`",
            self.name
        ))
    }
}

/// Creates or changes the file.
fn write(
    file: &BaselineFile,
    command: &Baseline,
    loaded: &Loaded,
    findings: &Findings,
    today: Date,
) -> Result<Outcome, Failure> {
    let existing = loaded.project.baseline().map(Source::text).transpose();
    let existing = existing.ok().flatten();
    let parsed = BaselineLines::parse(existing.unwrap_or_default());
    let before: BTreeSet<String> = parsed.lines().map(ToOwned::to_owned).collect();
    let mut lines = before.clone();
    if command.prune {
        for line in unused(file, loaded, findings)? {
            let text = loaded.workspace.sources().source(line.place.source);
            lines.remove(text.slice(line.place.span));
        }
    }
    if command.add || !command.prune {
        lines.extend(loaded.open_identities(Level::Warn, today));
    }
    let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
    match existing {
        Some(existing) => {
            if existing != text {
                output::renew(&file.path, existing.as_bytes(), text.as_bytes())?;
            }
        }
        None => match output::create(&file.path, text.as_bytes()) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(file.exists()),
            Err(error) => return Err(Failure::write(Path::new(&file.name), &error)),
        },
    }
    let quiet = command.quiet;
    report(file, existing.map(|_| &before), &lines, quiet);
    say_unlisted(findings, quiet);
    Ok(Outcome::Clean)
}

/// Returns the findings about unused lines. Fails if a document with read errors can have more
/// findings.
fn unused(
    file: &BaselineFile,
    loaded: &Loaded,
    findings: &Findings,
) -> Result<Vec<Finding<Location>>, Failure> {
    loaded.unused_baseline_lines(findings).ok_or_else(|| {
        Failure::new(format!(
            "the unused lines of `{}` are not known, because documents have read errors; run \
             `driverc check`",
            file.name
        ))
    })
}

/// Shows the lines that `--prune` would remove.
fn check(
    file: &BaselineFile,
    loaded: &Loaded,
    findings: &Findings,
    style: (bool, Color),
) -> Result<Outcome, Failure> {
    let unused = unused(file, loaded, findings)?;
    if unused.is_empty() {
        return Ok(Outcome::Clean);
    }
    show(loaded, &unused, style)?;
    Ok(Outcome::Findings)
}

fn show(
    loaded: &Loaded,
    findings: &[Finding<Location>],
    (quiet, color): (bool, Color),
) -> Result<(), Failure> {
    let run = FindingsReport::of_project(loaded, findings, &[]);
    show::show(&run, &outputs::full(quiet), color)
}

/// Reports what was written.
fn report(
    file: &BaselineFile,
    before: Option<&BTreeSet<String>>,
    lines: &BTreeSet<String>,
    quiet: bool,
) {
    let name = &file.name;
    let Some(before) = before else {
        note(quiet, format_args!("wrote `{name}` with {}", counted(lines.len(), "line")));
        return;
    };
    let added = lines.difference(before).count();
    let removed = before.difference(lines).count();
    match (added, removed) {
        (0, 0) => note(quiet, format_args!("`{name}` is up to date")),
        (added, 0) => note(quiet, format_args!("added {} to `{name}`", counted(added, "line"))),
        (0, removed) => {
            note(quiet, format_args!("removed {} from `{name}`", counted(removed, "line")));
        }
        (added, removed) => {
            let added = counted(added, "line");
            note(quiet, format_args!("added {added} to `{name}` and removed {removed}"));
        }
    }
}

/// Reports the errors and warnings that a baseline cannot list.
fn say_unlisted(findings: &Findings, quiet: bool) {
    let unlisted = findings.open.iter().filter(|it| it.level >= Level::Warn && it.path.is_none());
    if let count @ 1.. = unlisted.count() {
        let count = counted(count, "finding");
        note(
            quiet,
            format_args!(
                "a baseline cannot accept {count}, such as read errors; `driverc check` shows them"
            ),
        );
    }
}
