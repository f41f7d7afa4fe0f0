//! The owners of findings, by support tier and by file.

use std::collections::BTreeMap;

use super::Glob;
use crate::model::Name;

/// The owners of findings: `[owners]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Owners {
    /// The owners of drivers, by support tier.
    pub tiers: BTreeMap<Name, Name>,
    /// The owners of files, in the order of the configuration.
    pub files: Vec<(Glob, Name)>,
}

impl Owners {
    /// Returns true if there are no owners.
    pub fn is_empty(&self) -> bool {
        self.tiers.is_empty() && self.files.is_empty()
    }

    /// Returns the owner of a file: the owner of the longest glob that matches. Of equally long
    /// globs, the last one wins. The path is relative to the configuration and uses `/`.
    pub fn of_file(&self, path: &str) -> Option<&Name> {
        let matching = self.files.iter().filter(|(glob, _)| glob.matches(path));
        let longest = matching.max_by_key(|(glob, _)| glob.as_str().chars().count());
        longest.map(|(_, owner)| owner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longest_then_last_matching_glob_names_owner_of_file() {
        let globs = ["contracts/**", "contracts/a/*", "contracts/b/*", "**/b/*.toml", "other"];
        let files = globs.map(|glob| (Glob::new(glob).unwrap(), Name::new(glob).unwrap()));
        let owners = Owners { files: files.to_vec(), ..Owners::default() };
        let of = |path| owners.of_file(path).map(Name::as_str);
        assert_eq!(of("contracts/x.toml"), Some("contracts/**"));
        assert_eq!(of("contracts/a/x.toml"), Some("contracts/a/*"));
        assert_eq!(of("contracts/b/x.txt"), Some("contracts/b/*"));
        assert_eq!(of("b/x.toml"), Some("**/b/*.toml"));
        assert_eq!(of("other/deep/x.toml"), Some("other"));
        assert_eq!(of("x.toml"), None);
    }
}
