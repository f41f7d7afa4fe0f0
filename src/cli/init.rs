//! `driverc init`: writes a configuration and an example contract without findings.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use super::{Failure, Outcome, arguments::Init, failure::say, output};
use crate::{boundary::Boundary, project, workspace};

const CONFIGURATION: &str = include_str!("init/driverc.toml");
const EXAMPLE: &str = include_str!("init/example.toml");

pub(super) fn run(command: &Init) -> Result<Outcome, Failure> {
    // Drops a leading `./`, which users do not type.
    let folder: PathBuf = command.folder.components().collect();
    let folder = folder.strip_prefix(".").unwrap_or(&folder);
    write(&folder.join(project::CONFIGURATION), CONFIGURATION)?;
    let contracts = folder.join(project::DEFAULT_FOLDER);
    if !workspace::find(&contracts, &Boundary::of_project(folder), &mut Vec::new()).is_empty() {
        // The example would declare its budgets a second time.
        say(format_args!("kept `{}`, which has documents", contracts.display()));
        return Ok(Outcome::Clean);
    }
    let example = contracts.join("example.toml");
    write(&example, EXAMPLE)?;
    let example = example.display();
    if folder == Path::new("") {
        say(format_args!("next: edit `{example}`, then run `driverc check`"));
    } else {
        let folder = folder.display();
        say(format_args!("next: edit `{example}`, then run `driverc check` in `{folder}`"));
    }
    Ok(Outcome::Clean)
}

/// Writes a new file and reports it. Leaves an existing file unchanged.
fn write(path: &Path, content: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent().filter(|folder| *folder != Path::new("")) {
        fs::create_dir_all(folder).map_err(|error| Failure::write(folder, &error))?;
    }
    match output::create(path, content.as_bytes()) {
        Ok(()) => say(format_args!("wrote `{}`", path.display())),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            say(format_args!("kept `{}`, which exists", path.display()));
        }
        Err(error) => return Err(Failure::write(path, &error)),
    }
    Ok(())
}
