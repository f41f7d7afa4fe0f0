//! Reads the comments of a pull request, as the host's API returns them, and finds driverc's own.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::Deserialize;

/// The start of the hidden line at the end of every comment.
const MARKER: &str = "<!-- driverc:";
/// The end of the hidden line.
const MARKER_END: &str = " -->";
/// The key of the comment on the pull request itself.
pub(super) const SUMMARY: &str = "summary";
/// The number of hexadecimal digits in the key of a comment on a line.
const DIGITS: usize = 32;
/// The maximum length of a job name, in bytes.
const MOST_OF_JOB: usize = 64;

/// The comments of a pull request.
#[derive(Clone, Debug, Default)]
pub struct HostComments {
    /// The comments on lines and on the pull request itself, by any author.
    pub comments: Vec<HostComment>,
    /// The account that posts driverc's comments. Comments of other accounts are never removed,
    /// because anyone can copy the marker.
    pub author: String,
}

/// A comment of a pull request. Other keys of the host are ignored.
#[derive(Clone, Debug, Deserialize)]
pub struct HostComment {
    id: u64,
    body: Option<String>,
    user: Option<Account>,
    /// The file. Comments on the pull request itself have none.
    path: Option<String>,
    line: Option<u64>,
    position: Option<u64>,
    /// The comment that this comment answers.
    in_reply_to_id: Option<u64>,
}

#[derive(Clone, Debug, Deserialize)]
struct Account {
    #[serde(default)]
    login: String,
}

/// The name of a job: 1 to 64 ASCII letters, digits, `.` and `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobName(String);

impl FromStr for JobName {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._".contains(&byte);
        if name.is_empty() || name.len() > MOST_OF_JOB || !name.bytes().all(is_allowed) {
            return Err("write 1 to 64 letters, digits, `.` and `_`");
        }
        Ok(Self(name.to_owned()))
    }
}

impl fmt::Display for JobName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A comment that driverc posted in an earlier run.
#[derive(Debug)]
pub(super) struct OwnComment<'c> {
    pub(super) id: u64,
    pub(super) key: &'c str,
    /// The text, without the spaces at its ends.
    pub(super) body: String,
    /// Whether the comment is on a line, not on the pull request itself.
    pub(super) is_on_line: bool,
    /// Whether the host shows the comment as outdated, because its line has changed since.
    pub(super) is_outdated: bool,
    /// Whether another comment answers this comment.
    pub(super) is_answered: bool,
}

impl HostComments {
    /// Reads a JSON list of comments.
    ///
    /// # Errors
    ///
    /// The text is not a JSON list of objects with an `id`.
    pub fn parse(json: &[u8], author: &str) -> Result<Self, serde_json::Error> {
        Ok(Self { comments: serde_json::from_slice(json)?, author: author.to_owned() })
    }

    /// Returns the comments that driverc posted for a job, in the order of their ids.
    pub(super) fn own(&self, job: Option<&JobName>) -> Vec<OwnComment<'_>> {
        let answered: BTreeSet<_> =
            self.comments.iter().filter_map(|comment| comment.in_reply_to_id).collect();
        let own = self.comments.iter().filter_map(|comment| {
            let is_own = comment.user.as_ref().is_some_and(|user| user.login == self.author);
            let body = comment.body.as_deref().filter(|_| is_own)?;
            let key = key_of(body, job).filter(|_| comment.in_reply_to_id.is_none())?;
            let is_on_line = comment.path.is_some();
            Some(OwnComment {
                id: comment.id,
                key,
                body: normalised(body),
                is_on_line,
                is_outdated: is_on_line && comment.line.is_none() && comment.position.is_none(),
                is_answered: answered.contains(&comment.id),
            })
        });
        let mut own: Vec<_> = own.collect();
        own.sort_by_key(|comment| comment.id);
        own
    }
}

/// Returns the hidden line at the end of a comment.
pub(super) fn marker(key: &str, job: Option<&JobName>) -> String {
    let job = job.map(|job| format!("{job}:")).unwrap_or_default();
    format!("{MARKER}{job}{key}{MARKER_END}")
}

/// Returns the key in the last line of a comment of a job.
fn key_of<'b>(body: &'b str, job: Option<&JobName>) -> Option<&'b str> {
    let last = body.trim_end().lines().next_back()?;
    let marked = last.strip_prefix(MARKER)?.strip_suffix(MARKER_END)?;
    let key = match job {
        Some(job) => marked.strip_prefix(&job.0)?.strip_prefix(':')?,
        None => marked,
    };
    is_key(key).then_some(key)
}

fn is_key(key: &str) -> bool {
    let is_of_line = key.split_once(':').is_some_and(|(digest, count)| {
        digest.len() == DIGITS
            && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
            && !count.is_empty()
            && count.bytes().all(|byte| byte.is_ascii_digit())
    });
    is_of_line || key == SUMMARY
}

/// Returns a text in the form in which texts are compared. Hosts can change line ends and remove
/// spaces at the ends.
pub(super) fn normalised(body: &str) -> String {
    body.replace("\r\n", "\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_marked_last_line_has_key() {
        let key = "0123456789abcdef0123456789abcdef:12";
        let job: JobName = "api.v2".parse().unwrap();
        for (job, other) in [(None, Some(&job)), (Some(&job), None)] {
            let marker = marker(key, job);
            for body in [marker.clone(), format!("text\r\n{marker}\r\n"), format!("{marker}\n ")] {
                assert_eq!(key_of(&body, job), Some(key), "{body}");
                assert_eq!(key_of(&body, other), None, "{body}");
            }
            for body in [format!("{marker}\ntext"), format!("> {marker}"), format!("`{marker}`")] {
                assert_eq!(key_of(&body, job), None, "{body}");
            }
        }
        assert_eq!(key_of(&marker(SUMMARY, None), None), Some(SUMMARY));
        for other in ["", "other", "0123:1", &key.replace(':', "-"), &key[..33]] {
            assert_eq!(key_of(&marker(other, None), None), None, "{other}");
        }
    }

    #[test]
    fn job_names_cannot_end_marker() {
        for name in ["", "a b", "a:b", "--", "a>", &"a".repeat(65)] {
            assert!(name.parse::<JobName>().is_err(), "{name}");
        }
    }
}
