//! Comments with the marks of other languages.

use super::{Entry, Wording, shown};

/// The marks of comments in other languages.
const COMMENTS: [&str; 4] = ["//", "/*", "--", ";"];

/// The marks that need no space before them.
const CLOSE: [&str; 3] = ["//", "/*", ";"];

/// A comment: the mark, and the text behind it.
struct Comment<'t> {
    mark: &'static str,
    words: &'t str,
}

impl<'t> Comment<'t> {
    /// The comment that a text is, if it begins with the mark of one.
    fn new(text: &'t str) -> Option<Self> {
        let mark = COMMENTS.into_iter().find(|mark| text.starts_with(mark))?;
        let words = text[mark.len()..].trim_end().trim_end_matches("*/").trim();
        Some(Self { mark, words })
    }

    fn message(&self) -> String {
        if self.words.is_empty() {
            format!("`{}` does not end a line", self.mark)
        } else {
            format!("`{}` does not start a comment in TOML", self.mark)
        }
    }
}

impl Entry<'_> {
    /// A comment that is a line, or follows what is understood.
    pub(super) fn comment(&self, error: usize) -> Option<Wording> {
        let begun = self.text.trim_start();
        let at_error = &self.text[error - self.start..];
        let is_comment = |text: &&str| Comment::new(text).is_some();
        let text = [begun, at_error].into_iter().find(is_comment)?;
        let comment = Comment::new(text)?;
        let help = match comment.words {
            "" => "remove it".to_owned(),
            words => format!("write `{}`", shown(&format!("# {words}"))?),
        };
        Some(Wording::before_comma(self.place(text.trim_end()), comment.message(), help))
    }

    /// A comment behind a value without quotes, which the parser takes for a part of the value.
    pub(super) fn comment_of_value(&self, error: usize) -> Option<Wording> {
        let before = &self.text[..error - self.start];
        let start = before.rfind(['=', '[', '{', ',']).map_or(0, |mark| mark + 1);
        let value = &self.text[start..];
        if !value.trim_start().starts_with(|first: char| first.is_ascii_alphanumeric()) {
            return None;
        }
        let end = start + of_value(value)?;
        let text = &self.text[end..];
        let comment = Comment::new(text)?;
        let code = self.text[..end].trim();
        // What closes an inline table is behind the mark.
        let is_inside = code.matches('{').count() > code.matches('}').count();
        let help = match comment.words {
            _ if is_inside => "remove it".to_owned(),
            "" => format!("write `{}`", shown(code)?),
            words => format!("write `{}`", shown(&format!("{code} # {words}"))?),
        };
        Some(Wording::before_comma(self.place(text.trim_end()), comment.message(), help))
    }
}

/// Returns the start of a comment of another language after a value.
fn of_value(value: &str) -> Option<usize> {
    let value = &value[..value.find('#').unwrap_or(value.len())];
    let begins = |at: usize| {
        let before = &value[..at];
        let is_close = before.ends_with(|last: char| last.is_ascii_alphanumeric());
        before.ends_with([' ', '\t'])
            || is_close && CLOSE.iter().any(|mark| value[at..].starts_with(mark))
    };
    let marks = COMMENTS.iter().flat_map(|mark| value.match_indices(mark));
    marks.map(|(at, _)| at).filter(|at| begins(*at)).min()
}

/// Whether a text has no lines but comments of other languages.
pub(in crate::toml::syntax) fn are_all(lines: &str) -> bool {
    let mut lines = lines.lines().map(str::trim);
    lines.all(|line| line.is_empty() || line.starts_with('#') || Comment::new(line).is_some())
}

/// A value without the comment behind it.
pub(super) fn without(value: &str) -> &str {
    let is_quoted = value.trim_start().starts_with(['"', '\'', '[']);
    let marks = [" #", "\t#", " //", " /*", " --", " ;"];
    let ends = marks.iter().filter(|_| !is_quoted).filter_map(|mark| value.find(mark));
    let end = ends.min();
    value[..end.unwrap_or(value.len())].trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_told_from_values() {
        for text in ["20 // a", "20// a", "20 -- a", "20 ; a", "20; a", "20 /* a */"] {
            assert!(of_value(text).is_some_and(|at| (2..=3).contains(&at)), "{text}");
        }
        for text in ["20", "2026-01-01", "20 # a // b", "a--b", "1/2"] {
            assert_eq!(of_value(text), None, "{text}");
        }
    }
}
