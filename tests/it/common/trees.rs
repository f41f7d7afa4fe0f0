//! The law of trees: whatever configuration, files, folders and links a project has, driverc reads
//! nothing outside its root.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use driverc::{
    boundary::Boundary,
    configuration::Configuration,
    configuration::read as read_configuration,
    model::ProjectVocabulary,
    project::{Options, Project, Request, Target},
    rules,
    workspace::{Progress, Reading, Texts, find, load},
};

/// The content of every file outside.
const SECRET: &str = "topsecretvalue";
const NAMES: [&str; 13] = [
    "contracts/a.toml",
    "contracts/b.toml",
    "contracts/sub",
    "contracts/sub/c.toml",
    "link",
    "link.toml",
    "contracts/.gitignore",
    "deep/er/d.toml",
    "services/a",
    "services/a/driverc.toml",
    "services/a/contracts/e.toml",
    "services/b",
    "driverc.toml",
];
const TARGETS: [&str; 12] = [
    "../outside/secret.toml",
    "../../outside/secret.toml",
    "../../../outside",
    "../outside",
    "/proc/self/environ",
    ".git/config.toml",
    "../.git/config.toml",
    "contracts",
    "..",
    ".",
    "a.toml",
    "link",
];

/// Reads bytes as a configuration, then as parts separated by zero bytes. Each part has a name, and
/// a link or a text.
pub(crate) fn nothing_outside_is_read(bytes: &[u8]) {
    let mut parts = bytes.split(|byte| *byte == 0);
    let configuration = parts.next().unwrap_or_default();
    let stage = tempfile::tempdir().expect("a folder");
    let root = stage.path().join("project");
    let outside = stage.path().join("outside");
    for folder in [&root.join(".git"), &root.join("contracts"), &outside] {
        fs::create_dir_all(folder).expect("a folder");
    }
    let secret = format!("{SECRET} = \"{SECRET}\"\n");
    for path in [outside.join("secret.toml"), root.join(".git/config.toml")] {
        fs::write(path, &secret).expect("a file");
    }
    parts.take(16).for_each(|part| add(&root, part));
    add_configurations(&root, configuration);
    assert_projects_read_nothing_outside(&root);
    let known: Vec<_> = rules::all().collect();
    let (_, configuration, _) = read_configuration(configuration.to_vec(), &known);
    assert_nothing_outside_is_read(&root, &configuration);
    let left = fs::read_to_string(outside.join("secret.toml")).expect("a file");
    assert_eq!(left, secret, "a file outside has changed");
}

fn add(root: &Path, part: &[u8]) {
    let [name, kind, rest @ ..] = part else { return };
    let path = root.join(NAMES[usize::from(*name) % NAMES.len()]);
    let Some(folder) = path.parent() else { return };
    // Creates nothing behind a link, because the link can lead outside.
    let inside = |folder: &Path| folder.canonicalize().is_ok_and(|real| real == folder);
    if !folder.exists() {
        _ = fs::create_dir_all(folder);
    }
    if !inside(folder) || path.symlink_metadata().is_ok() {
        return;
    }
    let target = TARGETS.get(usize::from(*kind));
    // A file inside with the secret as its text would look like a file outside.
    if rest.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()) {
        return;
    }
    let written = String::from_utf8_lossy(rest);
    let made = match (target, kind) {
        (Some(target), _) => symlink(target, &path),
        (None, 12..=24) if !rest.is_empty() => symlink(&*written, &path),
        (None, _) => fs::write(&path, rest),
    };
    _ = made;
}

/// Writes the configuration into each folder of the project that can have one.
fn add_configurations(root: &Path, configuration: &[u8]) {
    for folder in ["services/a", "contracts/sub", ""] {
        let folder = root.join(folder);
        let path = folder.join("driverc.toml");
        let is_inside = folder.is_dir() && folder.canonicalize().is_ok_and(|real| real == folder);
        if is_inside && path.symlink_metadata().is_err() {
            fs::write(path, configuration).expect("a file");
        }
    }
}

/// Selects the projects of each path, and reads their documents and configurations.
fn assert_projects_read_nothing_outside(root: &Path) {
    let paths = NAMES.iter().chain(&["services", "contracts", "."]);
    let targets = paths.map(|path| vec![Target::from(PathBuf::from(path))]);
    for targets in targets.chain([Vec::new()]) {
        let options = Options::default();
        for selection in Project::select(root, &targets, &options).unwrap_or_default() {
            let Ok(project) = selection.open(&options) else { continue };
            if let Some(source) = project.configuration_source() {
                assert!(!source.text().unwrap().contains(SECRET), "{}", source.name());
            }
            let mut request = Request::default();
            request.paths.clone_from(&selection.paths);
            let Ok(loaded) = project.load(request) else { continue };
            for (_, source) in loaded.workspace.sources().iter() {
                assert!(!source.text().unwrap().contains(SECRET), "{}", source.name());
            }
        }
    }
}

fn assert_nothing_outside_is_read(root: &Path, configuration: &Configuration) {
    let boundary = Boundary::of_project(root);
    let include = configuration.include.iter().flatten().map(|path| root.join(path.as_str()));
    let inputs: Vec<PathBuf> = include.chain([root.join("contracts"), root.join("link")]).collect();
    let mut errors = Vec::new();
    let mut paths = Vec::new();
    for input in &inputs {
        paths.extend(find(input, &boundary, &mut errors));
        paths.push(input.clone());
    }
    let limit = configuration.max_file_bytes;
    let reading = Reading {
        boundary: &boundary,
        texts: Texts::Kept,
        limit,
        vocabulary: ProjectVocabulary::empty(),
    };
    let name = |path: &Path| path.display().to_string();
    for (source, _) in load(&paths, reading, name, &Progress::default(), &mut errors) {
        assert!(!source.text().unwrap().contains(SECRET), "{}", source.name());
    }
    for path in &paths {
        if boundary.open(path).is_ok() {
            let real = path.canonicalize().expect("an open file");
            assert!(real.starts_with(root.canonicalize().expect("a folder")), "{}", path.display());
        }
    }
}
