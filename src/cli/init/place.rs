//! Chooses the document of a new driver, and writes the driver.

use std::path::{Path, PathBuf};

use crate::{
    cli::{Failure, failure::note, import::append, output},
    model::DriverName,
    project::{
        CONFIGURATION, Included, Loaded, Project, included, is_configuration, is_configuration_name,
    },
    source::Source,
};

/// Returns the documents of a project. Leaves out the configuration, which can be among the texts
/// of the workspace.
pub(super) fn documents(loaded: &Loaded) -> impl Iterator<Item = &Source> {
    let sources = loaded.workspace.sources().iter().map(|(_, source)| source);
    sources.filter(|source| !is_configuration_name(Path::new(source.name())))
}

/// The path of the document that receives a new driver, relative to the working directory.
pub(super) enum Place {
    /// The only document of the project.
    Existing(PathBuf),
    /// A new document for the driver.
    New(PathBuf),
}

impl Place {
    /// Chooses the document that the command line names, or else the only document of the project,
    /// or else a new document in the first folder that the project includes. Fails if the project
    /// does not read the chosen document.
    pub(super) fn of(
        name: &DriverName,
        document: Option<&Path>,
        loaded: &Loaded,
    ) -> Result<Self, Failure> {
        let place = match document {
            None => Self::chosen(name, loaded)?,
            Some(path) if path.exists() => Self::Existing(path.to_owned()),
            Some(path) => Self::New(path.to_owned()),
        };
        match place.fault(&loaded.project) {
            None => Ok(place),
            Some(fault) => {
                let another = "name another document with `--document`";
                Err(Failure::new(format!("{fault}; {another}")))
            }
        }
    }

    /// The reason why the project does not read the document.
    fn fault(&self, project: &Project) -> Option<String> {
        let name = self.path().display();
        let path = project.absolute(self.path());
        if is_configuration_name(&path) {
            return Some(format!("`{name}` is a configuration, not a document"));
        }
        let is_document = |entry: &Included| {
            let folder = project.absolute(&entry.path);
            let is_below = path != folder && path.extension().is_some_and(|it| it == "toml");
            path.starts_with(&folder) && (is_below || path == folder) && entry.matches(&path)
        };
        let mut entries = included(&project.configuration, &project.root, Path::exists);
        if !entries.any(|(_, entry)| entry.is_ok_and(|entry| is_document(&entry))) {
            return Some(format!("the project does not read `{name}`, because of `include`"));
        }
        if project.excludes(&path) {
            return Some(format!("the project does not read `{name}`, because of `exclude`"));
        }
        let mut folders = path.ancestors().skip(1).take_while(|folder| *folder != project.root);
        let nested = folders.find(|folder| is_configuration(&folder.join(CONFIGURATION)));
        nested.map(|folder| {
            let configuration = project.display(&folder.join(CONFIGURATION));
            format!("`{name}` belongs to the project of `{configuration}`")
        })
    }

    fn chosen(name: &DriverName, loaded: &Loaded) -> Result<Self, Failure> {
        let project = &loaded.project;
        let mut documents = documents(loaded);
        if let (Some(source), None) = (documents.next(), documents.next()) {
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
                "`include` in `driverc.toml` names no folder for `{name}.toml`; name the document \
                 with `--document`"
            )));
        };
        Ok(Self::New(PathBuf::from(project.display(&document))))
    }

    /// Adds the driver to the existing document, or writes a new document. Never replaces existing
    /// text.
    pub(super) fn write(&self, driver: &str, loaded: &Loaded, quiet: bool) -> Result<(), Failure> {
        match self {
            Self::Existing(path) => {
                let limit = loaded.project.configuration.max_file_bytes;
                append::to_document(path, driver, limit)?;
                note(quiet, format_args!("added to `{}`", path.display()));
            }
            Self::New(path) => {
                if let Some(folder) = path.parent().filter(|it| *it != Path::new("")) {
                    let created = std::fs::create_dir_all(folder);
                    created.map_err(|error| Failure::write(folder, &error))?;
                }
                let created = output::create(path, driver.as_bytes());
                created.map_err(|error| Failure::write(path, &error))?;
                note(quiet, format_args!("wrote `{}`", path.display()));
            }
        }
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        let (Self::Existing(path) | Self::New(path)) = self;
        path
    }
}
