//! Reads the contents of files from a revision.

use std::path::Path;

use super::{Blob, Failure, Git, Revision, slashed, text};
use crate::{model::MaxFileBytes, project::relative};

/// The content of a file in a revision.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::cli) enum GitObject {
    /// The complete content.
    Bytes(Vec<u8>),
    /// The file is larger than allowed.
    TooLarge,
    /// A link to a path outside the tree or to a missing file.
    Lost,
}

/// Git's answer for one object.
enum Answer<'o> {
    /// The size, and the bytes if they were requested.
    Blob(u64, &'o [u8]),
    /// A link to a path outside the tree or to a missing file.
    Lost,
    /// The object is not in this clone.
    Missing,
}

impl Git<'_> {
    /// Returns the contents of the files, in order. Does not read files larger than the limit.
    pub(in crate::cli) fn objects(
        self,
        revision: &Revision,
        blobs: &[Blob],
        limit: MaxFileBytes,
    ) -> Result<Vec<GitObject>, Failure> {
        let sizes = self.sizes(revision, blobs)?;
        let is_small = |size: &Option<u64>| size.is_some_and(|size| size <= limit.get());
        let small = blobs.iter().zip(&sizes).filter(|(_, size)| is_small(size));
        let output = self.cat_files("--batch", small.map(|(blob, _)| blob))?;
        let mut rest = &output[..];
        let mut objects = Vec::with_capacity(blobs.len());
        for (blob, size) in blobs.iter().zip(&sizes) {
            objects.push(match size {
                None => GitObject::Lost,
                Some(_) if !is_small(size) => GitObject::TooLarge,
                Some(_) => {
                    let (bytes, after) = next(rest, true)
                        .and_then(|(answer, after)| match answer {
                            Answer::Blob(_, bytes) => Some((bytes, after)),
                            Answer::Lost | Answer::Missing => None,
                        })
                        .ok_or_else(|| unreadable(&blob.path))?;
                    rest = after;
                    GitObject::Bytes(bytes.to_vec())
                }
            });
        }
        Ok(objects)
    }

    /// Returns the size of each file in bytes. An item is `None` for a link whose target is not a
    /// file.
    fn sizes(self, revision: &Revision, blobs: &[Blob]) -> Result<Vec<Option<u64>>, Failure> {
        let output = self.cat_files("--batch-check", blobs)?;
        let mut rest = &output[..];
        let mut sizes = Vec::with_capacity(blobs.len());
        for blob in blobs {
            let (answer, after) = next(rest, false).ok_or_else(|| unreadable(&blob.path))?;
            rest = after;
            sizes.push(match answer {
                Answer::Blob(size, _) => Some(size),
                Answer::Lost => None,
                // A link is named by its path, and Git gives the same answer if the link leads to a
                // missing file.
                Answer::Missing if blob.object.contains(':') && !self.is_partial() => None,
                Answer::Missing => {
                    let message =
                        format!("`{}` of the base is not in this clone", blob.path.display());
                    // A link does not tell the location of the missing file.
                    let path = (!blob.object.contains(':')).then(|| folder(&blob.path));
                    return Err(self.not_here(&message, revision, path));
                }
            });
        }
        Ok(sizes)
    }

    /// Returns the output of `git cat-file` for these files.
    fn cat_files<'b>(
        self,
        what: &str,
        blobs: impl IntoIterator<Item = &'b Blob>,
    ) -> Result<Vec<u8>, Failure> {
        let mut names = String::new();
        for blob in blobs {
            if blob.object.contains('\n') {
                return Err(unreadable(&blob.path));
            }
            names += &blob.object;
            names.push('\n');
        }
        let arguments = ["cat-file", what, "--follow-symlinks"];
        Ok(self.git_with(&arguments, names.into_bytes())?.stdout)
    }

    /// Returns true if this is a partial clone, which can lack objects on purpose.
    fn is_partial(self) -> bool {
        let partial = self.git(&["config", "--get-regexp", r"^remote\..*\.promisor$"]);
        partial.is_ok_and(|output| !text(&output).is_empty())
    }

    /// Returns a failure about a missing object. driverc never fetches objects. For a partial
    /// clone, the message therefore names the command that fetches one path of the revision or,
    /// without a path, the whole revision.
    pub(super) fn not_here(
        self,
        message: &str,
        revision: &Revision,
        path: Option<&Path>,
    ) -> Failure {
        if !self.is_partial() {
            return self.missing(message);
        }
        let path = path.map(|path| format!(" {}", slashed(path))).unwrap_or_default();
        // `git archive` works relative to the working directory.
        let root = match &*relative(self.root(), self.directory) {
            "." => String::new(),
            root => format!(" -C {root}"),
        };
        let commit = &revision.commit;
        Failure::new(format!(
            "{message}; the clone is partial, and driverc fetches nothing: run `git{root} archive \
             --output=/dev/null {commit}{path}`"
        ))
    }
}

/// Returns the folder of a file, or the file itself if it is at the root of the work tree.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(path)
}

fn unreadable(path: &Path) -> Failure {
    Failure::new(format!("git cannot read `{}` of the base", path.display()))
}

/// Returns the next answer of `cat-file`, with its bytes if they were requested, and the remaining
/// output.
fn next(bytes: &[u8], with_bytes: bool) -> Option<(Answer<'_>, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (head, rest) = (std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]);
    if head.ends_with(" missing") {
        return Some((Answer::Missing, rest));
    }
    if let Some((_, size)) = head.split_once(" blob ") {
        let size = size.parse().ok()?;
        if !with_bytes {
            return Some((Answer::Blob(size, &[]), rest));
        }
        let content = rest.get(..usize::try_from(size).ok()?)?;
        return Some((Answer::Blob(size, content), rest.get(content.len() + 1..)?));
    }
    // A word, and the size of the path that follows on its own line.
    let (word, size) = head.split_once(' ')?;
    let is_lost = ["dangling", "loop", "notdir", "symlink"].contains(&word);
    let size = is_lost.then(|| size.parse::<usize>().ok()).flatten()?;
    Some((Answer::Lost, rest.get(size + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_answers_are_read_in_sequence() {
        let mut rest = &b"1a blob 3\nx\n\n\nsymlink 4\n../x\n2b missing\n"[..];
        let mut kinds = Vec::new();
        while let Some((answer, after)) = next(rest, true) {
            kinds.push(match answer {
                Answer::Blob(_, bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
                Answer::Lost => "lost".to_owned(),
                Answer::Missing => "missing".to_owned(),
            });
            rest = after;
        }
        assert_eq!(
            (kinds, rest),
            (vec!["x\n\n".to_owned(), "lost".into(), "missing".into()], &b""[..])
        );
    }
}
