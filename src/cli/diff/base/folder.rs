//! Loads a folder as the base: a project with its own configuration, or only contracts.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Base, Documents, Known, excludes, inputs_of};
use crate::{
    boundary::{Boundary, Refusal},
    cli::{Failure, input},
    configuration::Configuration,
    model::MaxFileBytes,
    project::{CONFIGURATION, DEFAULT_FOLDER, Included, Project, is_configuration},
    workspace::{self, Content, Ignored, Reading, Texts},
};

impl Base {
    /// Loads a folder of contracts, or a project with its own configuration. Returns a failure for
    /// a folder without documents, because driverc cannot tell whether the documents are missing or
    /// were not found.
    pub(super) fn of_folder(
        folder: &Path,
        project: &Project,
        limit: Option<MaxFileBytes>,
    ) -> Result<Self, Failure> {
        if !folder.is_dir() {
            return Err(Failure::new(format!(
                "`{}` is not a folder; name a revision with `--against`",
                folder.display()
            )));
        }
        let root = project.spelled(folder);
        let mut boundary = Boundary::of_project(&root);
        let named = boundary.add_named(&root).map_err(Refusal::into_error);
        named
            .map_err(|error| Failure::io(&format!("cannot read `{}`", folder.display()), &error))?;
        let mut base = Self::empty(project.display(folder), project.root.clone(), project);
        base.read_configuration(&root, &boundary, project, limit)?;
        base.read_baseline(&root, &boundary, project, limit)?;
        let configuration = base.configuration.as_ref();
        let counted = configuration.unwrap_or(&project.configuration);
        base.counted = inputs_of(counted, &project.root, Path::exists);
        let limit =
            limit.unwrap_or(configuration.unwrap_or(&Configuration::default()).max_file_bytes);
        InFolder { root, boundary, project, limit }.load(&mut base);
        if base.own.0.is_empty() && base.others.0.is_empty() && base.errors.is_empty() {
            let label = &base.label;
            return Err(Failure::new(format!("no document (`*.toml`) in the base, `{label}`")));
        }
        Ok(base)
    }

    fn read_baseline(
        &mut self,
        root: &Path,
        boundary: &Boundary,
        project: &Project,
        limit: Option<MaxFileBytes>,
    ) -> Result<(), Failure> {
        let Some(path) = self.baseline_path(root) else { return Ok(()) };
        let own = self.configuration.as_ref().map(|configuration| configuration.max_file_bytes);
        let limit = limit.or(own).unwrap_or(Configuration::default().max_file_bytes);
        let name = project.display(&path);
        let bytes = match Content::inside(boundary, &path, limit) {
            Ok(content) => input::whole(content, &name, limit)?,
            Err(Refusal::Io(error)) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(refusal) => {
                let error = refusal.into_error();
                return Err(Failure::io(&format!("cannot read `{name}`"), &error));
            }
        };
        self.baseline = String::from_utf8_lossy(&bytes).into_owned();
        Ok(())
    }

    fn read_configuration(
        &mut self,
        root: &Path,
        boundary: &Boundary,
        project: &Project,
        limit: Option<MaxFileBytes>,
    ) -> Result<(), Failure> {
        let path = root.join(CONFIGURATION);
        if !is_configuration(&path) {
            return Ok(());
        }
        let limit = limit.unwrap_or(Configuration::default().max_file_bytes);
        let name = project.display(&path);
        let content = Content::inside(boundary, &path, limit).map_err(Refusal::into_error);
        let content =
            content.map_err(|error| Failure::io(&format!("cannot read `{name}`"), &error))?;
        self.configure(&name, content, &project.configuration);
        Ok(())
    }
}

/// Loads the documents of a base from a folder.
struct InFolder<'p> {
    root: PathBuf,
    boundary: Boundary,
    project: &'p Project,
    limit: MaxFileBytes,
}

impl InFolder<'_> {
    fn load(&mut self, base: &mut Base) {
        let configuration = base.configuration.clone();
        let inputs = match &configuration {
            Some(configuration) => inputs_of(configuration, &self.root, Path::exists),
            None => vec![Included::all(self.root.clone())],
        };
        let links = self.follow(&inputs);
        let is_own =
            |path: &Path| !configuration.as_ref().is_some_and(|it| excludes(it, &self.root, path));
        base.own = self.found(&inputs, Ignored::LeftOut, is_own, base);
        if configuration.is_none() {
            let is_all = base.own.0.is_empty();
            let default = self.root.join(DEFAULT_FOLDER);
            let links = links.iter().filter(|link| is_all || **link == default).cloned();
            let known = Known::of(&base.own.0, self.project, Some(&self.boundary));
            let is_new = |path: &Path| !known.contains(path);
            let links: Vec<_> = links.map(Included::all).collect();
            let linked = self.found(&links, Ignored::LeftOut, is_new, base);
            base.own.0.extend(linked.0);
        }
        self.load_others(base, inputs, links);
        base.errors.sort_by(|left, right| left.path.cmp(&right.path));
        base.errors.dedup_by(|left, right| left.path == right.path);
    }

    /// Finds the documents that only the change's configuration includes, and the documents in the
    /// base that a directory walk skips.
    fn load_others(&mut self, base: &mut Base, inputs: Vec<Included>, links: Vec<PathBuf>) {
        let mut of_change = inputs_of(&self.project.configuration, &self.root, Path::exists);
        of_change.retain(|input| input.path.exists());
        let mut links = links;
        links.extend(self.follow(&of_change));
        links.retain(|link| self.boundary.resolve(link).is_ok());
        let followed = (!links.is_empty()).then_some(&self.boundary);
        let known = Known::of(&base.own.0, self.project, followed);
        let is_other = |path: &Path| {
            !excludes(&self.project.configuration, &self.root, path) && !known.contains(path)
        };
        let links: Vec<_> = links.into_iter().map(Included::all).collect();
        let inputs: Vec<_> = [inputs, of_change, links].concat();
        base.others = self.found(&inputs, Ignored::Found, is_other, base);
    }

    /// Follows each link to a folder inside the boundary, in the same way as a folder that the
    /// command line names. Returns the links inside `inputs` that do not lead to files.
    fn follow(&mut self, inputs: &[Included]) -> Vec<PathBuf> {
        let paths = || inputs.iter().map(|input| &input.path);
        let within = paths().flat_map(|path| workspace::links(path)).collect::<Vec<_>>();
        for path in paths().chain(&within) {
            let resolved = self.boundary.resolve(path);
            if resolved.is_ok_and(|resolved| resolved.linked && resolved.path.is_dir()) {
                // The path is inside the boundary, so this does not extend it.
                _ = self.boundary.add_named(path);
            }
        }
        let is_file = |path: &PathBuf| {
            self.boundary.resolve(path).is_ok_and(|resolved| !resolved.path.is_dir())
        };
        within.into_iter().filter(|path| !is_file(path)).collect()
    }

    fn found(
        &self,
        inputs: &[Included],
        ignored: Ignored,
        is_counted: impl Fn(&Path) -> bool,
        base: &mut Base,
    ) -> Documents {
        let Self { boundary, limit, project, .. } = self;
        let vocabulary = &*Arc::clone(&base.vocabulary);
        let reading = Reading { boundary, texts: Texts::Kept, limit: *limit, vocabulary };
        Documents::found(inputs, ignored, reading, is_counted, project, &mut base.errors)
    }
}
