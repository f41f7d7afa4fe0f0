//! Computes paths from the repository root, which code hosts expect.

use std::borrow::Cow;

/// Returns the path of a file from the repository root.
///
/// `directory` is the working directory relative to the root, and `name` is relative to
/// `directory`. Both use `/` as separator. A path above the root keeps its `..`. Absolute paths and
/// names in angle brackets, such as `<stdin>`, do not change.
pub(super) fn path_in_repository<'n>(directory: &str, name: &'n str) -> Cow<'n, str> {
    let is_relative = !name.starts_with(['/', '<']);
    if directory.is_empty() || !is_relative {
        return Cow::Borrowed(name);
    }
    let mut parts: Vec<&str> = directory.split('/').collect();
    for part in name.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    Cow::Owned(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_start_at_repository_root() {
        for (directory, name, path) in [
            ("", "contracts/a.toml", "contracts/a.toml"),
            ("", "../a.toml", "../a.toml"),
            ("services/a", "contracts/a.toml", "services/a/contracts/a.toml"),
            ("services/a", "./a.toml", "services/a/a.toml"),
            ("services/a", "../b/a.toml", "services/b/a.toml"),
            ("services/a", "../../a.toml", "a.toml"),
            ("services/a", "../..", "."),
            ("services/a", "../../../x/a.toml", "../x/a.toml"),
            ("services/a", "../../../../a.toml", "../../a.toml"),
            ("services/a", "..a/b..toml", "services/a/..a/b..toml"),
            ("services/a", "/tmp/a.toml", "/tmp/a.toml"),
            ("services/a", "<stdin>", "<stdin>"),
        ] {
            assert_eq!(path_in_repository(directory, name), path, "{directory} {name}");
        }
    }
}
