//! The project around a run: its root, its configuration, the names of its files.

mod spelling;

use std::{
    env,
    path::{Component, MAIN_SEPARATOR, Path, PathBuf},
};

use super::{
    Failure,
    arguments::{Color, Inputs, Reporting},
    show,
};
use crate::{
    boundary::{Boundary, Refusal},
    configuration::{Configuration, RuleLevel},
    document,
    finding::{Finding, Level, Rule},
    model::Prose,
    report::Format,
    rules,
    source::{Source, Span},
    workspace::Content,
};

/// The name of the configuration file.
pub(super) const CONFIGURATION: &str = "driverc.toml";
/// Where contracts are without a configuration.
pub(super) const DEFAULT_FOLDER: &str = "contracts";

/// A text with findings that do not end the run.
type Remarks = (Source, Vec<Finding<Span>>);

/// Where a run takes place.
#[derive(Debug)]
pub(super) struct Project {
    /// The working directory, absolute.
    directory: PathBuf,
    /// The folder of the configuration, else the working directory; absolute.
    pub(super) root: PathBuf,
    /// What the project has decided.
    pub(super) configuration: Configuration,
    /// Where its files may lie.
    pub(super) boundary: Boundary,
    /// The working directory relative to the root of the repository; empty for the built-in set,
    /// which is in none.
    pub(super) directory_in_repository: String,
    /// The configuration with findings that do not end the run.
    pub(super) remarks: Option<Remarks>,
}

impl Project {
    /// Finds the project of the working directory, and what it and the command line decide. The
    /// format is that of what is wrong with the configuration.
    pub(super) fn find(
        inputs: &Inputs,
        reporting: &Reporting,
        format: Format,
        color: Color,
    ) -> Result<Self, Failure> {
        let mut project = Self::open(inputs, format, color)?;
        overrule(&mut project.configuration, reporting);
        Ok(project)
    }

    /// The project of the working directory, for commands that check no rules.
    pub(super) fn without_rules(inputs: &Inputs, color: Color) -> Result<Self, Failure> {
        Self::open(inputs, Format::Full, color)
    }

    /// The set inside the binary is no part of the project, so its decisions do not count there.
    fn open(inputs: &Inputs, format: Format, color: Color) -> Result<Self, Failure> {
        let directory = env::current_dir()
            .map_err(|error| Failure::io("cannot find the working directory", &error))?;
        let builtin = inputs.is_builtin();
        let boundary = boundary(&directory, inputs)?;
        let configured = if builtin { None } else { configured_root(&directory, boundary.root()) };
        let root = configured.clone().unwrap_or_else(|| directory.clone());
        let repository = boundary.repository().filter(|_| !builtin);
        let directory_in_repository =
            repository.map(|repository| repository.below(&directory)).unwrap_or_default();
        let configuration = Configuration::default();
        let mut project = Self {
            directory,
            root,
            configuration,
            boundary,
            directory_in_repository,
            remarks: None,
        };
        let limit = inputs.max_file_size;
        project.configuration.max_file_bytes =
            limit.unwrap_or(project.configuration.max_file_bytes);
        if let Some(folder) = configured {
            let path = folder.join(CONFIGURATION);
            (project.configuration, project.remarks) =
                project.configuration(&path, format, color)?;
            project.configuration.max_file_bytes =
                limit.unwrap_or(project.configuration.max_file_bytes);
        }
        Ok(project)
    }

    /// Reads the configuration; if anything is wrong with it, that is shown and the run ends.
    fn configuration(
        &self,
        path: &Path,
        format: Format,
        color: Color,
    ) -> Result<(Configuration, Option<Remarks>), Failure> {
        let name = self.display(path);
        let limit = self.configuration.max_file_bytes;
        let content = Content::inside(&self.boundary, path, limit);
        let content = content.map_err(|refusal| refused(&name, refusal))?;
        let (text, configuration, findings) = match content {
            Content::Whole(bytes) => read_configuration(bytes),
            Content::TooLarge => {
                (String::new(), Configuration::default(), document::too_large(limit).findings)
            }
        };
        if findings.iter().all(|finding| finding.level < Level::Error) {
            let remarks = (!findings.is_empty()).then(|| (Source::new(name, text), findings));
            return Ok((configuration, remarks));
        }
        let directory = &self.directory_in_repository;
        show::write_of_text((&name, directory), text, findings, format, color)?;
        Err(Failure::new(format!("`{name}` cannot be used")))
    }

    /// The working directory.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// The folders and files that form the workspace where none is named.
    pub(super) fn default_inputs(&self) -> Result<Vec<PathBuf>, Failure> {
        let mut inputs = Vec::new();
        for (name, written) in included(&self.configuration, &self.root) {
            // No link outside is asked where it leads, as one of the command line is.
            let found = spelling::spelled(written, &self.root, spelling::is_same);
            if self.exists(&found)? {
                inputs.push(found);
            } else if self.configuration.include.is_some() {
                return Err(not_there(name));
            }
        }
        Ok(inputs)
    }

    /// Whether the project has no configuration and no folder of contracts.
    pub(super) fn lacks_default_folder(&self) -> bool {
        self.configuration.include.is_none()
            && !self.root.join(CONFIGURATION).exists()
            && !self.root.join(DEFAULT_FOLDER).exists()
    }

    /// The nearest folder above, up to the root of the repository, that holds contracts.
    pub(super) fn root_with_contracts(&self) -> Option<String> {
        let root = self.boundary.repository()?.work_tree();
        let above = self.directory.ancestors().take_while(|folder| folder.starts_with(root));
        let found = above.into_iter().find(|folder| folder.join(DEFAULT_FOLDER).is_dir());
        found.map(|folder| self.display(folder))
    }

    /// Says that there is nothing to read, and how to begin.
    pub(super) fn no_default_folder() -> Failure {
        Failure::new(format!(
            "there is no `{CONFIGURATION}` and no folder `{DEFAULT_FOLDER}` here; run at the root \
             of the project, name a folder or file, or start with `driverc init`"
        ))
    }

    /// Whether a path that the configuration names exists; it has to lie inside the boundary.
    fn exists(&self, path: &Path) -> Result<bool, Failure> {
        match self.boundary.allow_walk(path) {
            Ok(()) => Ok(true),
            Err(Refusal::Io(_)) => Ok(false),
            Err(refusal @ Refusal::Violation(_)) => Err(refused(&self.display(path), refusal)),
        }
    }

    /// Where the workspace is looked for where no path is named, for a message.
    pub(super) fn default_names(&self) -> Vec<String> {
        included(&self.configuration, &self.root).map(|(_, path)| self.display(&path)).collect()
    }

    /// Whether the configuration leaves a file out of the folders.
    pub(super) fn excludes(&self, path: &Path) -> bool {
        self.configuration.excludes(&self.relative_to_root(path))
    }

    /// The path relative to the root, with `/`.
    pub(super) fn relative_to_root(&self, path: &Path) -> String {
        relative(&self.absolute(path), &self.root)
    }

    /// The absolute path, without `.` and `..`, under which a file is known.
    ///
    /// An absolute path that leads into the project over a link is that of the project, which the
    /// system names without links: an editor's path and a path of a walk are then the same.
    pub(super) fn absolute(&self, path: &Path) -> PathBuf {
        let written = normalized(&self.directory.join(path));
        if path.is_relative() || written.starts_with(&self.root) {
            return written;
        }
        let Some((folder, name)) = written.parent().zip(written.file_name()) else {
            return written;
        };
        let real = folder.canonicalize().map(|folder| folder.join(name));
        real.ok().filter(|real| real.starts_with(&self.root)).unwrap_or(written)
    }

    /// The same of a path that somebody has typed, spelled as a walk finds it.
    pub(super) fn spelled(&self, path: &Path) -> PathBuf {
        spelling::spelled(self.absolute(path), &self.root, spelling::is_same)
    }

    /// The path of a folder as it is walked: relative to the working directory where it is below
    /// that, so that what is found is named by its path.
    pub(super) fn walked(&self, folder: &Path) -> PathBuf {
        // A link of that name is followed, as it is for what is in the folder.
        let inside = self.absolute(&folder.join("inside"));
        let absolute = inside.parent().unwrap_or(folder);
        match absolute.strip_prefix(&self.directory) {
            Ok(relative) if relative == Path::new("") => PathBuf::from("."),
            Ok(relative) => relative.to_owned(),
            Err(_) => absolute.to_owned(),
        }
    }

    /// The name of a file that was found in a folder that is [walked](Self::walked); none where
    /// the configuration leaves it out.
    pub(super) fn name_of_found(&self, path: &Path) -> Option<String> {
        if !self.configuration.exclude.is_empty() && self.excludes(path) {
            return None;
        }
        // Nearly every path is its own name, and nothing else is to be done a hundred thousand
        // times.
        let own = path.to_str().filter(|_| path.is_relative());
        match own.map(|own| own.strip_prefix("./").unwrap_or(own)) {
            Some(own) if MAIN_SEPARATOR == '/' => Some(own.to_owned()),
            Some(_) | None => Some(self.display(path)),
        }
    }

    /// The path relative to the working directory, with `/`.
    pub(super) fn display(&self, path: &Path) -> String {
        relative(&self.absolute(path), &self.directory)
    }
}

/// The settings that could be read of a configuration, and its first error with its line.
pub(super) fn read_settings(bytes: Vec<u8>) -> (Configuration, Option<(usize, String)>) {
    let (text, configuration, findings) = read_configuration(bytes);
    let first = findings.into_iter().find(|finding| finding.level >= Level::Error);
    let source = Source::new(CONFIGURATION, text);
    let line = |span: Span| source.lines().line_of(span.start) + 1;
    let error = first.map(|finding| (line(finding.place), finding.message));
    (configuration, error)
}

fn read_configuration(bytes: Vec<u8>) -> (String, Configuration, Vec<Finding<Span>>) {
    let known: Vec<_> = rules::configurable().collect();
    crate::configuration::read(bytes, &known)
}

/// The boundary of the project around the working directory, with what the command line adds to it.
fn boundary(directory: &Path, inputs: &Inputs) -> Result<Boundary, Failure> {
    let mut boundary = Boundary::of_project(directory);
    for folder in &inputs.roots.folders {
        let added = boundary.add_root(folder);
        added.map_err(|error| {
            Failure::io(&format!("cannot use `--root {}`", folder.display()), &error)
        })?;
    }
    Ok(boundary)
}

/// Why a file that the project needs was not read.
fn refused(name: &str, refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Violation(violation) => {
            Failure::new(format!("`{name}` {violation}; {}", violation.help()))
        }
        Refusal::Io(error) => Failure::io(&format!("cannot read `{name}`"), &error),
    }
}

/// The folders and files that a configuration includes, as it names them and as absolute paths.
pub(super) fn included<'s>(
    configuration: &'s Configuration,
    root: &Path,
) -> impl Iterator<Item = (&'s str, PathBuf)> {
    let include = configuration.include.as_deref().map(|paths| paths.iter().map(Prose::as_str));
    let default = configuration.include.is_none().then_some(DEFAULT_FOLDER);
    let names = include.into_iter().flatten().chain(default);
    names.map(|name| (name, normalized(&root.join(name))))
}

fn not_there(path: &str) -> Failure {
    if path.contains(['*', '?', '[', '{']) {
        return Failure::new(format!(
            "`{CONFIGURATION}` includes `{path}`, which does not exist; `include` knows no globs, \
             so name each folder"
        ));
    }
    Failure::new(format!("`{CONFIGURATION}` includes `{path}`, which does not exist"))
}

/// What the command line decides about rules, over all that the configuration says: first which
/// are selected, then which are ignored, then the levels.
fn overrule(configuration: &mut Configuration, reporting: &Reporting) {
    if !reporting.select.is_empty() {
        let (selected, others): (Vec<_>, Vec<_>) =
            rules::configurable().partition(|rule| reporting.select.contains(rule));
        for rule in others {
            set_everywhere(configuration, rule, RuleLevel::Off);
        }
        for rule in selected {
            if configuration.level(rule).is_none() {
                let level = RuleLevel::On(configuration.preset_level(rule));
                configuration.rules.entry(rule.name.to_owned()).or_default().level = Some(level);
            }
        }
    }
    for rule in &reporting.ignore {
        set_everywhere(configuration, rule, RuleLevel::Off);
    }
    for (rule, level) in &reporting.level {
        set_everywhere(configuration, rule, *level);
    }
}

fn set_everywhere(configuration: &mut Configuration, rule: &Rule, level: RuleLevel) {
    configuration.rules.entry(rule.name.to_owned()).or_default().level = Some(level);
    for files in &mut configuration.per_file_rules {
        files.rules.remove(rule.name);
    }
}

/// The nearest folder with a configuration, from the working directory up to the last one: the
/// root of the git work tree, or the working directory itself without git.
fn configured_root(directory: &Path, last: &Path) -> Option<PathBuf> {
    directory
        .ancestors()
        .take_while(|folder| folder.starts_with(last))
        .find(|folder| is_configuration(&folder.join(CONFIGURATION)))
        .map(Path::to_owned)
}

/// Whether a configuration is there. A link is one: it is refused later if it leads astray.
pub(super) fn is_configuration(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|existing| existing.is_file() || existing.is_symlink())
}

/// The path without `.` and `..`, links aside.
pub(super) fn normalized(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => _ = normal.pop(),
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => {
                normal.push(component);
            }
        }
    }
    normal
}

/// A path relative to a folder, both absolute, with `/`.
pub(super) fn relative(path: &Path, directory: &Path) -> String {
    let path: Vec<_> = path.components().collect();
    let directory: Vec<_> = directory.components().collect();
    let common = path.iter().zip(&directory).take_while(|(left, right)| left == right).count();
    let up = directory[common..].iter().map(|_| "..".to_owned());
    let down = path[common..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = up.chain(down).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_relative_to_the_working_directory() {
        let show = |path| relative(&normalized(Path::new(path)), Path::new("/a/b"));
        assert_eq!(show("/a/b/contracts/./x.toml"), "contracts/x.toml");
        assert_eq!(show("/a/c/../b/x.toml"), "x.toml");
        assert_eq!(show("/a/c/x.toml"), "../c/x.toml");
        assert_eq!(show("/a/b"), ".");
    }
}
