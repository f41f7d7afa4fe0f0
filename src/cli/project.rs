//! The project around a run: its root, its configuration, the names of its files.

use std::{
    env,
    path::{Component, Path, PathBuf},
};

use super::{
    Failure,
    arguments::{Color, Reporting},
    check,
};
use crate::{
    document,
    finding::Rule,
    report::Format,
    rules,
    settings::{RuleLevel, Settings},
    source::{Location, Source, Sources},
};

/// The name of the configuration file.
pub(super) const CONFIGURATION: &str = "driverc.toml";
/// Where contracts are without a configuration.
const DEFAULT_FOLDER: &str = "contracts";

/// Where a run takes place.
#[derive(Debug)]
pub(super) struct Project {
    /// The working directory, absolute.
    directory: PathBuf,
    /// The folder of the configuration, else the working directory; absolute.
    pub(super) root: PathBuf,
    /// What the project has decided.
    pub(super) settings: Settings,
}

impl Project {
    /// Finds the project of the working directory, and what it and the command line decide.
    pub(super) fn find(reporting: &Reporting, color: Color) -> Result<Self, Failure> {
        let mut project = Self::open(reporting.output_format, color)?;
        overrule(&mut project.settings, reporting);
        Ok(project)
    }

    /// The project of the working directory, for commands that check no rules.
    pub(super) fn without_rules(color: Color) -> Result<Self, Failure> {
        Self::open(Format::Full, color)
    }

    fn open(format: Format, color: Color) -> Result<Self, Failure> {
        let directory = env::current_dir()
            .map_err(|error| Failure::io("cannot find the working directory", error))?;
        let configured = configured_root(&directory);
        let root = configured.clone().unwrap_or_else(|| directory.clone());
        let mut project = Self { directory, root, settings: Settings::default() };
        if let Some(folder) = configured {
            project.settings = project.configuration(&folder.join(CONFIGURATION), format, color)?;
        }
        Ok(project)
    }

    /// Reads the configuration; if anything is wrong with it, that is shown and the run ends.
    fn configuration(
        &self,
        path: &Path,
        format: Format,
        color: Color,
    ) -> Result<Settings, Failure> {
        let name = self.display(path);
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::io(&format!("cannot read `{name}`"), error))?;
        let known: Vec<_> = rules::configurable().collect();
        let (settings, findings) = document::read_configuration(&text, &known);
        if findings.is_empty() {
            return Ok(settings);
        }
        let mut sources = Sources::default();
        let source = sources.add(Source::new(name.as_str(), text));
        let located = findings.into_iter();
        let located: Vec<_> =
            located.map(|finding| finding.map_places(|span| Location { source, span })).collect();
        check::write(&located, &sources, format, color, None)?;
        Err(Failure::new(format!("`{name}` cannot be used")))
    }

    /// The folders and files that form the workspace where none is named.
    pub(super) fn default_inputs(&self) -> Vec<PathBuf> {
        if let Some(include) = &self.settings.include {
            return include.iter().map(|path| self.root.join(path.as_str())).collect();
        }
        let folder = self.root.join(DEFAULT_FOLDER);
        if folder.exists() { vec![folder] } else { Vec::new() }
    }

    /// Whether the configuration leaves a file out of the folders.
    pub(super) fn excludes(&self, path: &Path) -> bool {
        let path = self.from_root(path);
        self.settings.exclude.iter().any(|pattern| pattern.matches(&path))
    }

    /// The path relative to the root, with `/`.
    pub(super) fn from_root(&self, path: &Path) -> String {
        relative(&self.absolute(path), &self.root)
    }

    /// The absolute path, without `.` and `..`, under which a file is known.
    pub(super) fn absolute(&self, path: &Path) -> PathBuf {
        normalized(&self.directory.join(path))
    }

    /// The path relative to the working directory, with `/`.
    pub(super) fn display(&self, path: &Path) -> String {
        relative(&self.absolute(path), &self.directory)
    }
}

/// What the command line decides about rules.
fn overrule(settings: &mut Settings, reporting: &Reporting) {
    let mut set = |rule: &Rule, level| {
        settings.rules.entry(rule.name.to_owned()).or_default().level = Some(level);
    };
    if !reporting.select.is_empty() {
        for rule in rules::configurable().filter(|rule| !reporting.select.contains(rule)) {
            set(rule, RuleLevel::Off);
        }
    }
    reporting.ignore.iter().for_each(|rule| set(rule, RuleLevel::Off));
    reporting.level.iter().for_each(|(rule, level)| set(rule, *level));
    for rule in &reporting.select {
        let setting = settings.rules.entry(rule.name.to_owned()).or_default();
        if matches!(setting.level, None | Some(RuleLevel::Off)) && !reporting.ignore.contains(rule)
        {
            setting.level = Some(RuleLevel::On(rule.level));
        }
    }
}

/// The nearest folder with a configuration, from the working directory up to the root of the git
/// repository; without a repository only the working directory counts.
fn configured_root(directory: &Path) -> Option<PathBuf> {
    let repository = directory.ancestors().find(|folder| folder.join(".git").exists());
    let last = repository.unwrap_or(directory);
    directory
        .ancestors()
        .take_while(|folder| folder.starts_with(last))
        .find(|folder| folder.join(CONFIGURATION).is_file())
        .map(Path::to_owned)
}

fn normalized(path: &Path) -> PathBuf {
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

fn relative(path: &Path, directory: &Path) -> String {
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
