//! Recognises comments in the syntax of other languages.

use super::{Entry, Wording, shown};

/// The comment marks of other languages.
const COMMENTS: [&str; 4] = ["//", "/*", "--", ";"];

/// The comment marks that can follow a value without a space.
const CLOSE: [&str; 3] = ["//", "/*", ";"];

/// A comment: its mark and the text after it.
struct Comment<'t> {
    mark: &'static str,
    words: &'t str,
}

impl<'t> Comment<'t> {
    /// Returns the comment in a text that starts with a comment mark.
    fn new(text: &'t str) -> Option<Self> {
        let mark = COMMENTS.into_iter().find(|mark| text.starts_with(mark))?;
        let words = text[mark.len()..].trim_end().trim_end_matches("*/").trim();
        Some(Self { mark, words })
    }

    fn message(&self) -> String {
        if self.words.is_empty() {
            format!("unexpected `{}` at the end of the line", self.mark)
        } else {
            format!("`{}` does not start a comment in TOML", self.mark)
        }
    }
}

impl Entry<'_> {
    /// Returns the wording for a comment on its own line, or after a valid part of a line.
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

    /// Returns the wording for a comment after an unquoted value, which the parser treats as part
    /// of the value.
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
        // The bracket that closes an inline table is after the comment mark.
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

/// Returns true if all lines of a text are blank or comments.
pub(in crate::toml::syntax) fn are_all(lines: &str) -> bool {
    let mut lines = lines.lines().map(str::trim);
    lines.all(|line| line.is_empty() || line.starts_with('#') || Comment::new(line).is_some())
}

/// Returns a value without the comment after it.
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
    fn comments_of_other_languages_are_recognised() {
        for text in ["20 // a", "20// a", "20 -- a", "20 ; a", "20; a", "20 /* a */"] {
            assert!(of_value(text).is_some_and(|at| (2..=3).contains(&at)), "{text}");
        }
        for text in ["20", "2026-01-01", "20 # a // b", "a--b", "1/2"] {
            assert_eq!(of_value(text), None, "{text}");
        }
    }
}
