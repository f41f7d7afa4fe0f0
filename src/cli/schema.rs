//! `driverc schema`: writes JSON schemas of contracts and of the configuration, for editors.

use std::{fs, io, path::Path, sync::Arc};

use super::{
    Failure, Outcome,
    arguments::{Color, Inputs, Roots, Schema, SchemaOf},
    failure::say,
    input, line_ends, output,
};
use crate::{
    model::{MaxFileBytes, ProjectVocabulary},
    schema::{FILES, SchemaFile, configuration, contracts, differs_only_in_words, text},
    workspace::Content,
};

pub(super) fn run(command: &Schema, color: Color) -> Result<Outcome, Failure> {
    let vocabulary = vocabulary(command, color)?;
    if let Some(folder) = &command.check {
        return compare(folder, &vocabulary, command);
    }
    if let Some(folder) = &command.output_folder {
        return write(folder, &vocabulary);
    }
    let schema = match command.of {
        SchemaOf::Contracts => contracts(&vocabulary),
        SchemaOf::Configuration => configuration(&vocabulary),
    };
    output::to_stdout(text(&schema).as_bytes())
}

/// Returns the words of the project around the working directory.
fn vocabulary(command: &Schema, color: Color) -> Result<Arc<ProjectVocabulary>, Failure> {
    if command.isolated {
        return Ok(Arc::default());
    }
    let roots = Roots { configuration: command.configuration.clone(), ..Roots::default() };
    let project =
        input::open(&Inputs { quiet: command.quiet, ..Inputs::of(Vec::new(), roots) }, color)?;
    Ok(project.configuration.vocabulary)
}

fn write(folder: &Path, vocabulary: &ProjectVocabulary) -> Result<Outcome, Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure::write(folder, &error))?;
    for file in FILES {
        let text = text(&(file.schema)(vocabulary));
        output::write(Some(&folder.join(file.name)), text.as_bytes())?;
    }
    Ok(Outcome::Clean)
}

fn compare(
    folder: &Path,
    vocabulary: &ProjectVocabulary,
    Schema { isolated, configuration, .. }: &Schema,
) -> Result<Outcome, Failure> {
    let isolated = *isolated;
    let mut outcome = Outcome::Clean;
    for file in &FILES {
        let path = folder.join(file.name);
        let expected = text(&(file.schema)(vocabulary));
        let fault = match content(&path, line_ends::checked_out_size(&expected)) {
            Ok(current) if holds(&current, &expected) => continue,
            Ok(current) => fault(&current, file, isolated),
            Err(error) if error.kind() == io::ErrorKind::NotFound => "does not exist",
            Err(error) => {
                return Err(Failure::io(&format!("cannot read `{}`", path.display()), &error));
            }
        };
        let isolated = if isolated { "--isolated " } else { "" };
        let of = configuration.as_ref().map(|file| format!("--config {} ", file.display()));
        let options = isolated.to_owned() + &of.unwrap_or_default();
        let renew = format!("write it with `driverc schema {options}-o {}`", folder.display());
        say(format_args!("`{}` {fault}; {renew}", path.display()));
        outcome = Outcome::Findings;
    }
    Ok(outcome)
}

/// Returns the reason why a file differs from its schema.
fn fault(current: &Content, file: &SchemaFile, isolated: bool) -> &'static str {
    let is_of_other_words = match current {
        Content::Whole(bytes) => String::from_utf8(line_ends::as_committed(bytes).into_owned())
            .is_ok_and(|text| differs_only_in_words(&text, file)),
        Content::TooLarge => false,
    };
    if is_of_other_words && isolated {
        "has the words of a project"
    } else if is_of_other_words {
        "has other words than `[vocabulary]` in `driverc.toml`"
    } else {
        "is not up to date"
    }
}

fn holds(current: &Content, expected: &str) -> bool {
    match current {
        Content::Whole(current) => *line_ends::as_committed(current) == *expected.as_bytes(),
        Content::TooLarge => false,
    }
}

/// Returns the content of a file, if it is at most twice as large as the expected text. A file with
/// the words of another project can be larger than the expected text.
fn content(path: &Path, expected: usize) -> io::Result<Content> {
    let most = 2 * expected as u64;
    Content::of_file(path, MaxFileBytes::new(most).unwrap_or(MaxFileBytes::LEAST))
}
