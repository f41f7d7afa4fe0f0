//! `driverc init`: a starting point that is clean and says what to change.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

use super::{Failure, Outcome, arguments::Init, failure::say, project::CONFIGURATION};

const FILES: [(&str, &str); 2] = [
    (CONFIGURATION, include_str!("init/driverc.toml")),
    ("contracts/example.toml", include_str!("init/example.toml")),
];

pub(super) fn run(command: &Init) -> Result<Outcome, Failure> {
    for (name, content) in FILES {
        let path = command.folder.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| Failure::write(folder, &error))?;
        }
        match create(&path, content) {
            Ok(()) => say(format_args!("wrote `{}`", path.display())),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                say(format_args!("kept `{}`, which exists", path.display()));
            }
            Err(error) => return Err(Failure::write(&path, &error)),
        }
    }
    say(format_args!("next: edit `contracts/example.toml`, then run `driverc check`"));
    Ok(Outcome::Clean)
}

fn create(path: &Path, content: &str) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(content.as_bytes())
}
