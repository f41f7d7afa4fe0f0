//! Renders the Markdown of rule pages for a terminal.

use crate::report::Style;

/// Renders Markdown: highlights headings, wraps paragraphs and list items, and indents code.
///
/// If the style uses colours, inline code is coloured and loses its backticks.
pub(super) fn render(source: &str, style: &Style) -> String {
    let mut page = Page { style, text: String::new(), paragraph: String::new() };
    let mut code = false;
    for line in source.lines() {
        if line.starts_with("```") {
            page.flush();
            code = !code;
        } else if code {
            page.line(format!("    {line}").trim_end());
        } else {
            page.prose(line);
        }
    }
    page.flush();
    page.text
}

/// Returns the text in an ANSI colour if the style uses colours.
pub(super) fn colored(text: &str, color: &str, style: &Style) -> String {
    if style.color { format!("\u{1b}[{color}m{text}\u{1b}[0m") } else { text.to_owned() }
}

struct Page<'a> {
    style: &'a Style,
    text: String,
    /// The lines of the current paragraph.
    paragraph: String,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn prose(&mut self, line: &str) {
        if let Some(heading) = heading(line) {
            self.flush();
            self.line(&colored(heading, "1", self.style));
        } else if line.is_empty() || line.starts_with('|') {
            self.flush();
            self.line(&self.with_code(line));
        } else {
            if line.starts_with("- ") {
                self.flush();
            }
            self.paragraph.push_str(line);
            self.paragraph.push('\n');
        }
    }

    /// Ends a paragraph or list item.
    fn flush(&mut self) {
        if !self.paragraph.is_empty() {
            let paragraph = std::mem::take(&mut self.paragraph);
            let indent = if paragraph.starts_with("- ") { "  " } else { "" };
            let wrapped = wrapped(&paragraph, self.style.width, indent);
            self.line(&self.with_code(&wrapped));
        }
    }

    fn with_code(&self, text: &str) -> String {
        let parts: Vec<_> = text.split('`').collect();
        // An even number of parts means that a backtick has no pair.
        if !self.style.color || parts.len().is_multiple_of(2) {
            return text.to_owned();
        }
        let shown = parts.iter().enumerate().map(|(index, part)| match index % 2 {
            0 => (*part).to_owned(),
            _ => colored(part, "36", self.style),
        });
        shown.collect()
    }
}

fn heading(line: &str) -> Option<&str> {
    let (marks, heading) = line.split_once(' ')?;
    let is_heading = !marks.is_empty() && marks.bytes().all(|mark| mark == b'#');
    is_heading.then_some(heading)
}

/// Wraps a text at this width. Does not break words that are longer than the width.
pub(super) fn wrapped(text: &str, width: usize, indent: &str) -> String {
    let mut lines = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines.push('\n');
            lines.push_str(indent);
            used = indent.len();
        } else if used > 0 {
            lines.push(' ');
            used += 1;
        }
        lines.push_str(word);
        used += length;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# rule\n\nOne two `three four` five.\nSix.\n\n- one two three\n- four\n\n\
                        ```toml\na = 1\n\nb = 2\n```\n\n## Part\n\n| `a` |\n";

    #[test]
    fn paragraphs_wrap_and_code_does_not() {
        let style = Style { width: 12, ..Style::default() };
        let expected = "rule\n\nOne two\n`three four`\nfive. Six.\n\n- one two\n  three\n- four\n\n    \
                        a = 1\n\n    b = 2\n\nPart\n\n| `a` |\n";
        assert_eq!(render(PAGE, &style), expected);
    }

    #[test]
    fn coloured_page_has_no_backticks_or_heading_marks() {
        let style = Style { color: true, ..Style::default() };
        let shown = render("## Part\n\n`a` and `b`, or ` alone\n\n`a` b", &style);
        let expected =
            "\u{1b}[1mPart\u{1b}[0m\n\n`a` and `b`, or ` alone\n\n\u{1b}[36ma\u{1b}[0m b\n";
        assert_eq!(shown, expected);
    }
}
