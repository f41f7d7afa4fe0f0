//! `driverc check --fix`: fixes applied to files, or shown.

use std::collections::BTreeMap;

use super::{
    Failure, Outcome,
    arguments::{Check, Color},
    difference,
    failure::{say, say_bytes},
    input::Input,
    output, show,
};
use crate::{
    document::rules::{FILE_TOO_LARGE, INVALID_UTF8, TOO_MANY_FINDINGS},
    finding::Safety,
    fix::{self, Fixed},
    report::{Run, Style, counted},
    source::SourceId,
    workspace::Workspace,
};

/// A document before and after its fixes.
struct Change<'w> {
    name: &'w str,
    before: String,
    after: &'w str,
}

pub(super) fn run(command: &Check, mut input: Input, color: Color) -> Result<Outcome, Failure> {
    if input.builtin {
        return Err(Failure::new("the built-in set cannot be changed; name a folder or a file"));
    }
    let reporting = &command.reporting;
    let allowed = if command.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
    let workspace = std::mem::take(&mut input.workspace);
    let unknown = unknown_texts(&workspace);
    for (source, reason) in &unknown {
        let name = workspace.sources().source(*source).name();
        if input.stdin.as_deref() == Some(name) {
            return Err(Failure::new(format!("cannot fix `{name}`: {reason}")));
        }
    }
    let sources = workspace.sources().iter();
    let before: Vec<String> = sources.map(|(_, source)| source.text().to_owned()).collect();
    let fixed = fix::fix(
        workspace,
        allowed,
        |workspace| input.findings_of(workspace, reporting).open,
        |source| input.includes(source) && !unknown.contains_key(&source),
    );
    let changes = changes(&fixed, before);
    let completed = input.report_errors();
    if command.diff {
        return Ok(show(&changes)?.max(completed));
    }
    let written = write(&changes, &input);
    if let Some(name) = &input.stdin {
        let sources = &mut fixed.workspace.sources().iter();
        let document = sources.find(|(_, source)| source.name() == name);
        output::to_stdout(document.map_or("", |(_, source)| source.text()).as_bytes())?;
    }
    let findings = input.findings_of(&fixed.workspace, reporting);
    let outcome = show::outcome(&findings.open, reporting);
    let visible = show::visible(findings, reporting);
    let sources = fixed.workspace.sources();
    let shown = Run { sources, ..input.run(&visible.open, &visible.accepted) };
    let shape = command.written.shape();
    let file = command.output_file.as_deref();
    match &input.stdin {
        // Standard output is for the document.
        Some(_) => {
            let style = Style::default();
            say_bytes(&show::render(&shown, shape, style)?);
        }
        None => {
            show::write(&shown, shape, color, file)?;
        }
    }
    show::summarize(&shown, shape, file);
    say(format_args!(
        "fixed {} in {}",
        counted(fixed.applied, "finding"),
        counted(changes.len(), "file")
    ));
    Ok(outcome.max(completed).max(written))
}

/// The documents of which not all is known, and why: to write one would lose bytes, or change what
/// was not looked at.
fn unknown_texts(workspace: &Workspace) -> BTreeMap<SourceId, String> {
    let lost = [&FILE_TOO_LARGE, &INVALID_UTF8, &TOO_MANY_FINDINGS];
    let findings = workspace.findings().iter().filter(|finding| lost.contains(&finding.rule));
    findings.map(|finding| (finding.place.source, finding.message.clone())).collect()
}

fn changes(fixed: &Fixed, before: Vec<String>) -> Vec<Change<'_>> {
    let sources = fixed.workspace.sources().iter().zip(before);
    sources
        .filter(|((_, source), before)| source.text() != before)
        .map(|((_, source), before)| Change { name: source.name(), before, after: source.text() })
        .collect()
}

fn show(changes: &[Change<'_>]) -> Result<Outcome, Failure> {
    let difference = |change: &Change<'_>| {
        difference::of_texts((change.name, &change.before), (change.name, change.after))
    };
    let text: String = changes.iter().map(difference).collect();
    output::to_stdout(text.as_bytes())?;
    Ok(if changes.is_empty() { Outcome::Clean } else { Outcome::Findings })
}

/// Writes every file that changed; what cannot be written is said, and the rest is done.
fn write(changes: &[Change<'_>], input: &Input) -> Outcome {
    let mut outcome = Outcome::Clean;
    for change in changes.iter().filter(|change| input.stdin.as_deref() != Some(change.name)) {
        let path = input.path_of(change.name);
        if let Err(failure) = output::renew(path, change.before.as_bytes(), change.after.as_bytes())
        {
            say(format_args!("error: {failure}"));
            outcome = Outcome::Incomplete;
        }
    }
    outcome
}
