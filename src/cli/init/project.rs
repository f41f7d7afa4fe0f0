//! Creates a project: a configuration, an example contract, and the git attributes that decide how
//! branches merge the signatures.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use crate::{
    boundary::Boundary,
    cli::{Failure, Outcome, failure::note, output},
    configuration::Configuration,
    project, repository, signature,
    workspace::{self, Content},
};

const CONFIGURATION: &str = include_str!("driverc.toml");
const EXAMPLE: &str = include_str!("example.toml");
/// The file with git's attributes.
const ATTRIBUTES: &str = ".gitattributes";
/// The usual name of the signature document.
const SIGNATURES: &str = "signatures.txt";
/// The line of `.gitattributes` that lets branches that add drivers merge without conflicts.
const UNION: &str = "signatures.txt merge=union";

/// Creates a project in a folder. Existing files stay unchanged.
pub(super) fn create(folder: &Path, quiet: bool) -> Result<Outcome, Failure> {
    // Drops a leading `./`, which users do not type.
    let folder: PathBuf = folder.components().collect();
    let folder = folder.strip_prefix(".").unwrap_or(&folder);
    write(&folder.join(project::CONFIGURATION), CONFIGURATION, quiet)?;
    let contracts = folder.join(project::DEFAULT_FOLDER);
    if !workspace::find(&contracts, &Boundary::of_project(folder), &mut Vec::new()).is_empty() {
        // The example would declare its budgets a second time.
        note(quiet, format_args!("kept `{}`, which has documents", contracts.display()));
        offer_union(folder, quiet)?;
        return Ok(Outcome::Clean);
    }
    let example = contracts.join("example.toml");
    write(&example, EXAMPLE, quiet)?;
    offer_union(folder, quiet)?;
    let example = example.display();
    if folder == Path::new("") {
        note(quiet, format_args!("next: edit `{example}`, then run `driverc check`"));
    } else {
        let folder = folder.display();
        note(quiet, format_args!("next: edit `{example}`, then run `driverc check` in `{folder}`"));
    }
    Ok(Outcome::Clean)
}

/// Creates `.gitattributes` with the line for the signature document. If `.gitattributes` exists
/// but does not name the signature document, only shows the line. Does nothing outside git, or if
/// the signature document is sealed.
fn offer_union(folder: &Path, quiet: bool) -> Result<(), Failure> {
    let absolute =
        std::path::absolute(if folder == Path::new("") { Path::new(".") } else { folder });
    let in_git = absolute.is_ok_and(|path| repository::work_trees_around(&path).next().is_some());
    let is_sealed = text(&folder.join(SIGNATURES)).is_some_and(|text| signature::is_sealed(&text));
    if !in_git || is_sealed {
        return Ok(());
    }
    let path = folder.join(ATTRIBUTES);
    if fs::symlink_metadata(&path).is_err() {
        return write(&path, &format!("{UNION}\n"), quiet);
    }
    let names_signatures = |text: String| text.contains(SIGNATURES);
    if !text(&path).is_some_and(names_signatures) {
        let path = path.display();
        note(
            quiet,
            format_args!("add `{UNION}` to `{path}`, so that branches that add drivers merge"),
        );
    }
    Ok(())
}

/// Returns the text of a file, or `None` if the file cannot be read, is not a regular file or is
/// too large.
fn text(path: &Path) -> Option<String> {
    let limit = Configuration::default().max_file_bytes;
    let Content::Whole(bytes) = Content::of_file(path, limit).ok()? else { return None };
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes a new file and reports it. Leaves an existing file unchanged.
fn write(path: &Path, content: &str, quiet: bool) -> Result<(), Failure> {
    if let Some(folder) = path.parent().filter(|folder| *folder != Path::new("")) {
        fs::create_dir_all(folder).map_err(|error| Failure::write(folder, &error))?;
    }
    match output::create(path, content.as_bytes()) {
        Ok(()) => note(quiet, format_args!("wrote `{}`", path.display())),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            note(quiet, format_args!("kept `{}`, which exists", path.display()));
        }
        Err(error) => return Err(Failure::write(path, &error)),
    }
    Ok(())
}
