//! Reads earlier contracts from signature documents.

use std::path::{Path, PathBuf};

use crate::{
    cli::{Failure, input::read_named},
    model::MaxFileBytes,
    rules::KnownContracts,
    signature::{driver_digest, parse_driver_signature},
};

/// The prefixes of signature lines that do not describe a driver.
const OTHER_KINDS: [&str; 3] = ["budget|", "capability_matrix|", "digest|"];

/// Returns the contracts in all these signature documents, by digest.
pub(super) fn contracts(files: &[PathBuf], limit: MaxFileBytes) -> Result<KnownContracts, Failure> {
    let mut known = KnownContracts::new();
    for file in files {
        let name = file.display().to_string();
        read(&name, &text(file, &name, limit)?, &mut known)?;
    }
    Ok(known)
}

fn text(file: &Path, name: &str, limit: MaxFileBytes) -> Result<String, Failure> {
    let bytes = read_named(file, limit)?;
    String::from_utf8(bytes).map_err(|_| Failure::new(format!("`{name}` is not UTF-8")))
}

fn read(name: &str, text: &str, known: &mut KnownContracts) -> Result<(), Failure> {
    let mut drivers = 0;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if line.is_empty() || OTHER_KINDS.iter().any(|kind| line.starts_with(kind)) {
            continue;
        }
        let contract = parse_driver_signature(line).map_err(|error| {
            let number = number + 1;
            Failure::new(format!("`{name}` line {number} is not a driver signature: {error}"))
        })?;
        known.insert(driver_digest(&contract), contract);
        drivers += 1;
    }
    if drivers == 0 {
        return Err(Failure::new(format!(
            "`{name}` contains no driver signature; name a file from `driverc compile`"
        )));
    }
    Ok(())
}
