//! Asks git how it merges a sealed signature document.

use std::path::Path;

use crate::{project::normalized, repository::Repository};

/// Returns true if `.gitattributes` gives a file `merge=union`. Returns false outside a git
/// repository or if git fails.
pub(super) fn has_union(file: &Path) -> bool {
    attribute(file).is_some_and(|value| value == "union")
}

/// The message about a sealed file with `merge=union`.
pub(super) fn fault(file: &Path) -> String {
    let name = file.display();
    format!(
        "`{name}` is sealed, but `.gitattributes` sets `merge=union`, which would combine two \
         seals; remove `merge=union`, or delete `{name}` and compile it without `--seal`"
    )
}

/// The value of the attribute `merge`.
fn attribute(file: &Path) -> Option<String> {
    let file = normalized(&std::path::absolute(file).ok()?);
    let folder = file.parent()?.canonicalize().ok()?;
    let repository = Repository::around(&folder).filter(Repository::is_whole)?;
    let name = file.file_name()?.to_str()?;
    let path = match repository.below(&folder) {
        folder if folder.is_empty() => name.to_owned(),
        folder => format!("{folder}/{name}"),
    };
    let output = repository.git(&["check-attr", "-z", "merge", "--", &path], Vec::new()).ok()?;
    // The path, the attribute and the value, each followed by a zero byte.
    let value = output.stdout.split(|byte| *byte == 0).nth(2)?;
    Some(String::from_utf8_lossy(value).into_owned())
}
