//! `driverc schema`: writes JSON schemas of contracts and of the configuration, for editors.

use std::{fs, io, path::Path};

use super::{
    Failure, Outcome,
    arguments::{Schema, SchemaOf},
    failure::say,
    line_ends, output,
};
use crate::{
    model::MaxFileBytes,
    schema::{FILES, SchemaFile, configuration, contracts, text},
    workspace::Content,
};

pub(super) fn run(command: &Schema) -> Result<Outcome, Failure> {
    if let Some(folder) = &command.check {
        return compare(folder);
    }
    if let Some(folder) = &command.output_folder {
        return write(folder);
    }
    let schema = match command.of {
        SchemaOf::Contracts => contracts(),
        SchemaOf::Configuration => configuration(),
    };
    output::to_stdout(text(&schema).as_bytes())
}

fn write(folder: &Path) -> Result<Outcome, Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure::write(folder, &error))?;
    for file in FILES {
        output::write(Some(&folder.join(file.name)), text(&(file.schema)()).as_bytes())?;
    }
    Ok(Outcome::Clean)
}

fn compare(folder: &Path) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Clean;
    for SchemaFile { name, schema } in FILES {
        let path = folder.join(name);
        let expected = text(&schema());
        let fault = match content(&path, line_ends::checked_out_size(&expected)) {
            Ok(current) if holds(&current, &expected) => continue,
            Ok(_) => "is not up to date",
            Err(error) if error.kind() == io::ErrorKind::NotFound => "does not exist",
            Err(error) => {
                return Err(Failure::io(&format!("cannot read `{}`", path.display()), &error));
            }
        };
        let renew = format!("write it with `driverc schema -o {}`", folder.display());
        say(format_args!("`{}` {fault}; {renew}", path.display()));
        outcome = Outcome::Findings;
    }
    Ok(outcome)
}

fn holds(current: &Content, expected: &str) -> bool {
    match current {
        Content::Whole(current) => *line_ends::as_committed(current) == *expected.as_bytes(),
        Content::TooLarge => false,
    }
}

/// The content of a file, up to this size.
fn content(path: &Path, most: usize) -> io::Result<Content> {
    Content::of_file(path, MaxFileBytes::new(most as u64).unwrap_or(MaxFileBytes::LEAST))
}
