//! `driverc adopt`: writes a contract from the configuration of a client or proxy.

use std::io;

use super::{
    Failure, Outcome,
    arguments::{Adopt, Color},
    failure::note,
    import::append,
    input::{STDIN, STDIN_NAME, read_named, whole},
    output,
    targets::{options, text_of},
};
use crate::{
    source::{LineIndex, Position},
    targets,
    workspace::Content,
};

pub(super) fn run(command: &Adopt, _color: Color) -> Result<Outcome, Failure> {
    if let Some(file) = &command.append {
        append::refuse_no_document(file)?;
    }
    let options = options(command.target, &command.choice)?;
    let (name, bytes) = read(command)?;
    let text = text_of(&name, bytes, options)?;
    let adoption = targets::adopt(&text, options, &command.driver, command.class, &name);
    if let Some(fault) = adoption.faults.first() {
        let Position { line, column } = LineIndex::new(&text).position(fault.span.start);
        let place = format!("cannot read `{name}`: line {line}, column {column}");
        return Err(Failure::new(format!("{place}: {}", fault.message)));
    }
    match &command.append {
        None => _ = output::to_stdout(adoption.text.as_bytes())?,
        Some(file) => {
            append::to_document(file, &adoption.text, command.max_file_size)?;
            let (driver, name) = (&command.driver, file.display());
            note(command.quiet, format_args!("added driver `{driver}` to `{name}`"));
        }
    }
    let left_out: Vec<_> = adoption.left_out.iter().map(|key| format!("`{key}`")).collect();
    if !left_out.is_empty() {
        note(command.quiet, format_args!("left out: {}", left_out.join(", ")));
    }
    Ok(Outcome::Clean)
}

/// Returns the displayed name of the file, and its content.
fn read(command: &Adopt) -> Result<(String, Vec<u8>), Failure> {
    let limit = command.max_file_size;
    if command.file.as_os_str() != STDIN {
        return Ok((command.file.display().to_string(), read_named(&command.file, limit)?));
    }
    let content = Content::of_stream(io::stdin().lock(), 0, limit)
        .map_err(|error| Failure::io("cannot read standard input", &error))?;
    Ok((STDIN_NAME.to_owned(), whole(content, STDIN_NAME, limit)?))
}
