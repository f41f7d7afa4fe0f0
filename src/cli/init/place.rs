//! Chooses the document of a new driver, and writes the driver.

use std::path::{Path, PathBuf};

use crate::{
    cli::{Failure, failure::say, import::append, output},
    model::DriverName,
    project::{DEFAULT_FOLDER, Loaded, included},
};

/// The document that receives a new driver, relative to the working directory.
pub(super) enum Place {
    /// The only document of the project.
    Existing(PathBuf),
    /// A new document for the driver.
    New(PathBuf),
}

impl Place {
    /// The only document of the project, or a new one in its first folder of documents.
    pub(super) fn of(name: &DriverName, loaded: &Loaded) -> Result<Self, Failure> {
        let project = &loaded.project;
        let mut sources = loaded.workspace.sources().iter().filter(|(_, source)| {
            // The configuration can be among the texts.
            Path::new(source.name()).file_name() != Some(crate::project::CONFIGURATION.as_ref())
        });
        if let (Some((_, source)), None) = (sources.next(), sources.next()) {
            return Ok(Self::Existing(loaded.path_of(source.name()).to_owned()));
        }
        let is_default = project.configuration.include.is_none();
        // A glob can match documents of the folder at its start, such as `contracts/**`.
        let documents = included(&project.configuration, &project.root, Path::exists)
            .filter_map(|(_, entry)| entry.ok())
            .filter(|entry| entry.path.is_dir() || is_default)
            .map(|entry| (entry.path.join(format!("{name}.toml")), entry));
        let mut documents = documents.filter(|(path, entry)| entry.matches(path));
        let Some((document, _)) = documents.next() else {
            return Err(Failure::new(format!(
                "`include` in `driverc.toml` names no folder for `{name}.toml`; add a folder, such \
                 as `{DEFAULT_FOLDER}`"
            )));
        };
        Ok(Self::New(PathBuf::from(project.display(&document))))
    }

    /// Writes the driver. Never replaces a file, or a part of one.
    pub(super) fn write(&self, driver: &str, loaded: &Loaded) -> Result<(), Failure> {
        match self {
            Self::Existing(path) => {
                let limit = loaded.project.configuration.max_file_bytes;
                append::to_document(path, driver, limit)?;
                say(format_args!("added to `{}`", path.display()));
            }
            Self::New(path) => {
                if let Some(folder) = path.parent().filter(|it| *it != Path::new("")) {
                    let created = std::fs::create_dir_all(folder);
                    created.map_err(|error| Failure::write(folder, &error))?;
                }
                let created = output::create(path, driver.as_bytes());
                created.map_err(|error| Failure::write(path, &error))?;
                say(format_args!("wrote `{}`", path.display()));
            }
        }
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        let (Self::Existing(path) | Self::New(path)) = self;
        path
    }
}
