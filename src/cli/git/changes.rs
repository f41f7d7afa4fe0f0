//! Finds the lines that differ between two commits.
//!
//! Output of git that is not exactly as expected is a failure, never a guess.

use std::ops::Range;

use super::{Blob, Failure, Git, Revision, error_text, short_name};
use crate::{report::review::Hunk, repository::path_of};

/// The maximum number of files per run of git, which limits the length of its command line.
const FILES_PER_RUN: usize = 200;
/// Options for every comparison. They override the repository's configuration.
pub(super) const OPTIONS: [&str; 4] =
    ["--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=all"];

/// A file that differs between two commits, with its new path and content.
#[derive(Debug)]
pub(in crate::cli) struct FileChange {
    /// The path from the root of the work tree.
    pub(in crate::cli) path: String,
    /// The new content.
    pub(in crate::cli) blob: Blob,
    /// The changed lines. `None` if all lines are new.
    pub(in crate::cli) hunks: Option<Vec<Hunk>>,
}

/// An entry of `--raw`: a file that exists in the new commit.
#[derive(Debug, PartialEq, Eq)]
struct Entry<'o> {
    status: u8,
    old: &'o str,
    new: &'o str,
    path: &'o [u8],
}

impl Entry<'_> {
    /// Returns true if the content differs at the same path.
    fn is_edited(&self) -> bool {
        self.status == b'M' && self.old != self.new
    }
}

impl Git<'_> {
    /// Returns the merge base of a commit and the base, or the default branch without a base.
    pub(in crate::cli) fn review_base(
        self,
        base: Option<&str>,
        head: &Revision,
    ) -> Result<Revision, Failure> {
        let (name, tip) = match base {
            Some(name) => (name, self.revision(name)?.commit),
            None => self.default_branch()?.ok_or_else(|| self.missing(NO_BASE))?,
        };
        self.merge_base_of([&head.commit, &tip], [&head.label, short_name(name)])
    }

    /// Returns the commit that `name` refers to.
    pub(in crate::cli) fn review_head(self, name: &str) -> Result<Revision, Failure> {
        self.revision(name)
    }

    /// Returns the changed files for which `is_wanted` returns true, with their changed lines.
    /// Leaves out removed files.
    pub(in crate::cli) fn changes(
        self,
        base: &Revision,
        head: &Revision,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<FileChange>, Failure> {
        let commits = [&*base.commit, &*head.commit];
        let raw = ["diff-tree", "-r", "--raw", "-z", "--no-abbrev", "-M", "-l1000"];
        let output = self.compare(&raw, &commits, head)?;
        let entries = entries(&output).ok_or_else(unexpected)?;
        let wanted = entries.into_iter().filter_map(|entry| {
            let path = std::str::from_utf8(entry.path).ok()?;
            is_wanted(path).then_some((path, entry))
        });
        let wanted: Vec<_> = wanted.collect();
        let edited: Vec<_> = wanted.iter().filter(|(_, entry)| entry.is_edited()).collect();
        let patches: Result<Vec<_>, _> = (edited.chunks(FILES_PER_RUN))
            .map(|files| self.patches(&commits, files, head))
            .collect();
        let mut patches = patches?.into_iter().flatten();
        let mut changes = Vec::new();
        for (path, entry) in wanted {
            let hunks = match entry.status {
                _ if entry.is_edited() => patches.next().map(|section| section.hunks),
                b'R' if entry.old != entry.new => Some(self.between(&entry, head)?),
                b'R' | b'M' => Some(Vec::new()),
                _ => None,
            };
            let blob = Blob { path: path_of(entry.path), object: entry.new.to_owned() };
            changes.push(FileChange { path: path.to_owned(), blob, hunks });
        }
        Ok(changes)
    }

    /// Returns the changed lines of files that have the same path in both commits.
    fn patches(
        self,
        commits: &[&str; 2],
        files: &[&(&str, Entry<'_>)],
        head: &Revision,
    ) -> Result<Vec<Section>, Failure> {
        let patch = ["diff-tree", "-r", "-p", "-U0", "--full-index", "--no-renames"];
        let names: Vec<_> = files.iter().map(|(path, _)| *path).collect();
        let output = self.compare(&patch, &[&commits[..], &["--"], &names].concat(), head)?;
        let found = sections(&output).ok_or_else(unexpected)?;
        let objects = files.iter().map(|(_, entry)| [entry.old, entry.new]);
        if !objects.eq(found.iter().map(|section| section.index.each_ref().map(|it| &**it))) {
            return Err(unexpected());
        }
        Ok(found)
    }

    /// Returns the changed lines of a renamed file.
    fn between(self, entry: &Entry<'_>, head: &Revision) -> Result<Vec<Hunk>, Failure> {
        let patch =
            ["diff", "-U0", "--full-index", "--inter-hunk-context=0", "--diff-algorithm=default"];
        let output = self.compare(&patch, &[entry.old, entry.new], head)?;
        let sections = sections(&output).ok_or_else(unexpected)?;
        let section = sections.into_iter().next().ok_or_else(unexpected)?;
        Ok(section.hunks)
    }

    fn compare(
        self,
        command: &[&str],
        names: &[&str],
        head: &Revision,
    ) -> Result<Vec<u8>, Failure> {
        let output = self.git(&[command, &OPTIONS, names].concat())?;
        if !output.status.success() {
            let reason = error_text(&output);
            let message = format!("git cannot compare the pull request with its base ({reason})");
            return Err(self.not_here(&message, head, None));
        }
        Ok(output.stdout)
    }
}

/// The message if no base is found.
const NO_BASE: &str =
    "no default branch (`main` or `master`, here or of `origin`); name a base with `--review-base`";

fn unexpected() -> Failure {
    Failure::new("git prints the changes of the pull request in an unknown format")
}

/// Parses `--raw -z`. Leaves out removed files.
fn entries(output: &[u8]) -> Option<Vec<Entry<'_>>> {
    let mut parts = output.split(|byte| *byte == 0);
    let mut entries = Vec::new();
    while let Some(head) = parts.next().filter(|head| !head.is_empty()) {
        let head = std::str::from_utf8(head).ok()?.strip_prefix(':')?;
        let mut words = head.split(' ').skip(2);
        let (old, new, status) = (words.next()?, words.next()?, words.next()?);
        let status = *status.as_bytes().first()?;
        let path = match status {
            b'R' | b'C' => {
                parts.next()?;
                parts.next()?
            }
            b'A' | b'D' | b'M' | b'T' => parts.next()?,
            _ => return None,
        };
        if path.is_empty() {
            return None;
        }
        if status != b'D' {
            entries.push(Entry { status, old, new, path });
        }
    }
    // The last entry ends with a NUL.
    parts.next().is_none().then_some(entries)
}

/// The part of a patch about one file.
#[derive(Debug, Default)]
struct Section {
    /// The old and the new object.
    index: [String; 2],
    /// The changed lines. Empty for files that git treats as binary.
    hunks: Vec<Hunk>,
}

/// Parses a patch without context lines. Counts the lines of each hunk, so no line of a file can
/// look like the start of another hunk or file.
fn sections(output: &[u8]) -> Option<Vec<Section>> {
    let mut lines = output.split_inclusive(|byte| *byte == b'\n');
    let mut sections: Vec<Section> = Vec::new();
    while let Some(line) = lines.next() {
        if line.starts_with(b"diff --git ") {
            sections.push(Section::default());
        } else if let Some(line) = line.strip_prefix(b"index ") {
            let line = std::str::from_utf8(line).ok()?;
            let (old, new) = line.split([' ', '\n']).next()?.split_once("..")?;
            sections.last_mut()?.index = [old.to_owned(), new.to_owned()];
        } else if line.starts_with(b"@@ ") {
            let hunk = hunk(line)?;
            for (mark, count) in [(b'-', hunk.old.len()), (b'+', hunk.new.len())] {
                for _ in 0..count {
                    lines.next().filter(|line| line.first() == Some(&mark))?;
                }
                if count > 0 {
                    skip_no_newline(&mut lines);
                }
            }
            sections.last_mut()?.hunks.push(hunk);
        } else if line.starts_with(b"+") && !line.starts_with(b"+++ ") || line.starts_with(b" ") {
            return None;
        }
    }
    Some(sections)
}

/// Skips the line that says that a file has no final line end.
fn skip_no_newline<'l>(lines: &mut (impl Iterator<Item = &'l [u8]> + Clone)) {
    let mut ahead = lines.clone();
    if ahead.next().is_some_and(|line| line.starts_with(b"\\")) {
        *lines = ahead;
    }
}

/// Parses `@@ -5,2 +5 @@`.
fn hunk(line: &[u8]) -> Option<Hunk> {
    // The text after the ranges is a line of the file, which need not be UTF-8.
    let ranges = line.split(|byte| *byte == b'@').nth(2)?;
    let (old, new) = std::str::from_utf8(ranges).ok()?.trim().split_once(' ')?;
    Some(Hunk { old: lines(old.strip_prefix('-')?)?, new: lines(new.strip_prefix('+')?)? })
}

fn lines(range: &str) -> Option<Range<usize>> {
    let (start, count) = match range.split_once(',') {
        Some((start, count)) => (start.parse().ok()?, count.parse().ok()?),
        None => (range.parse::<usize>().ok()?, 1),
    };
    // An empty range names the line before it.
    let start = if count == 0 { start + 1 } else { start };
    Some(start..start.checked_add(count)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_files_cannot_look_like_hunks_or_files() {
        let patch = b"diff --git a/x b/x\nindex 1a..2b 100644\n--- a/x\n+++ b/x\n\
            @@ -1,3 +0,0 @@ @@ -9 +9 @@\n--- a/y\n-diff --git a/y b/y\n-\xff\n\
            @@ -7 +4,2 @@\n-@@ -1 +1 @@\n\\ No newline at end of file\n++++ b/y\n+x\n\
            \\ No newline at end of file\ndiff --git a/z b/z\nindex 3c..4d 100644\n\
            Binary files a/z and b/z differ\n";
        let sections = sections(patch).unwrap();
        let first = [Hunk { old: 1..4, new: 1..1 }, Hunk { old: 7..8, new: 4..6 }];
        assert_eq!(sections[0].hunks, first);
        assert_eq!(sections[0].index, ["1a", "2b"]);
        assert_eq!((sections.len(), &sections[1].hunks[..]), (2, &[][..]));
        assert_eq!(sections[1].index, ["3c", "4d"]);
    }

    #[test]
    fn incomplete_patch_is_refused() {
        for patch in ["@@ -1 +1 @@\n-a\n+b\n", "diff --git a b\n@@ -1,2 +1 @@\n-a\n+b\n", "+a\n"] {
            assert!(sections(patch.as_bytes()).is_none(), "{patch}");
        }
        for line in ["@@ -1", "@@ 1 1 @@", "@@ -a +1 @@", "@@ -1,18446744073709551615 +1 @@"] {
            assert!(hunk(line.as_bytes()).is_none(), "{line}");
        }
    }

    #[test]
    fn renamed_file_has_new_path_and_removed_file_is_left_out() {
        let raw = b":100644 100644 1a 2b M\0a b\n.toml\0:100644 000000 3c 00 D\0gone\0\
            :100644 100644 4d 5e R086\0old\0new\0";
        let entries = entries(raw).unwrap();
        let found: Vec<_> = entries.iter().map(|it| (it.status, it.path)).collect();
        assert_eq!(found, [(b'M', &b"a b\n.toml"[..]), (b'R', b"new")]);
        assert!(super::entries(b":100644 100644 1a 2b X\0a\0").is_none());
        assert!(super::entries(b":100644 100644 1a 2b M\0").is_none());
    }
}
