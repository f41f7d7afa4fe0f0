//! `driverc init`: creates a project, or adds a driver to an existing project.

mod block;
mod driver;
mod place;
mod project;
mod questions;
mod trial;
mod values;

use std::{
    env,
    path::{Path, is_separator},
};

use self::driver::NewDriver;
use super::{
    Failure, Outcome,
    arguments::{Color, Init, Inputs, Roots},
    input,
};
use crate::{
    boundary::Boundary,
    document::similar_name,
    model::DriverName,
    project::{CONFIGURATION, DEFAULT_FOLDER, Project},
    workspace,
};

pub(super) fn run(command: &Init, color: Color) -> Result<Outcome, Failure> {
    let is_driver = command.class.is_some()
        || command.from_template.is_some()
        || command.document.is_some()
        || command.configuration.is_some();
    let name = match &command.target {
        Some(target) if is_driver => Some(driver_name(target)?),
        Some(target) => match name_in_project(target)? {
            None => return project::create(target, command.quiet),
            name => name,
        },
        None if is_driver => None,
        // The project exists, so the user can only want to add something to it.
        None if questions::are_possible() && Path::new(CONFIGURATION).is_file() => None,
        None => return project::create(Path::new("."), command.quiet),
    };
    let configuration = command.configuration.clone();
    let roots = Roots { configuration, ..Roots::default() };
    let inputs = Inputs { quiet: command.quiet, ..Inputs::of(Vec::new(), roots) };
    let project = input::open(&inputs, color)?;
    let wanted = NewDriver {
        name,
        class: command.class,
        template: command.from_template.clone(),
        document: command.document.clone(),
    };
    driver::add(&wanted, &inputs, project)
}

/// Returns the name of the driver to add. Returns `None` if the argument names a folder. Outside a
/// project, every argument names a folder.
fn name_in_project(target: &Path) -> Result<Option<DriverName>, Failure> {
    let text = target.to_string_lossy();
    if text.starts_with('.') || text.contains(is_separator) || !is_in_project()? {
        return Ok(None);
    }
    match (DriverName::new(&*text), target.is_dir()) {
        (Ok(name), true) => Err(Failure::new(format!(
            "`{name}` is a folder; write `{name}/` to create a project there, or add `--class` to \
             add a driver"
        ))),
        (Ok(name), false) => Ok(Some(name)),
        (Err(_), true) => Ok(None),
        (Err(_), false) => driver_name(target).map(Some),
    }
}

/// Returns true if there is a configuration around the working directory, or if the working
/// directory has a folder `contracts` with documents.
fn is_in_project() -> Result<bool, Failure> {
    let directory = env::current_dir()
        .map_err(|error| Failure::io("cannot find the working directory", &error))?;
    let boundary = Boundary::of_project(&directory);
    let project = Project::open(&directory).map_err(|error| Failure::project(&error))?;
    let contracts = Path::new(DEFAULT_FOLDER);
    Ok(project.configuration_source().is_some()
        || !workspace::find(contracts, &boundary, &mut Vec::new()).is_empty())
}

fn driver_name(target: &Path) -> Result<DriverName, Failure> {
    let text = target.to_string_lossy();
    DriverName::new(&*text).map_err(|_| invalid_name(&text))
}

fn invalid_name(text: &str) -> Failure {
    let help = match similar_name(text) {
        Some(similar) => format!("write `{similar}`"),
        None => "write a lower-case letter, then lower-case letters, digits and `_`".to_owned(),
    };
    Failure::new(format!("`{text}` is not a driver name; {help}"))
}
