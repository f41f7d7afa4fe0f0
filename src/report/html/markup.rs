//! Writes HTML: escapes all text and closes all elements.
//!
//! Element and attribute names are constants, never input.

use crate::report::escape::push_visible;

/// Attribute names with their values, which are escaped when they are written.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// Inline elements, which are written without line ends.
const INLINE: [&str; 9] = ["a", "abbr", "b", "code", "mark", "span", "strong", "text", "title"];
/// Elements whose children start on a new line.
const CONTAINERS: [&str; 17] = [
    "article", "body", "dl", "figure", "footer", "g", "head", "header", "html", "main", "nav",
    "section", "svg", "table", "tbody", "thead", "ul",
];

/// The separators between the parts of a name or path.
const SEPARATORS: [char; 4] = ['_', ':', '/', '.'];

/// An HTML buffer.
#[derive(Debug, Default)]
pub(super) struct Markup {
    html: String,
}

impl Markup {
    /// Returns the HTML.
    pub(super) fn finish(self) -> String {
        self.html
    }

    /// Writes constant HTML without escaping, such as the document type.
    pub(super) fn verbatim(&mut self, html: &'static str) {
        self.html.push_str(html);
    }

    /// Writes an element. `content` writes its children.
    pub(super) fn element(
        &mut self,
        name: &'static str,
        attributes: Attributes<'_>,
        content: impl FnOnce(&mut Self),
    ) {
        self.start(name, attributes);
        if CONTAINERS.contains(&name) {
            self.html.push('\n');
        }
        content(self);
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push('>');
        if !INLINE.contains(&name) {
            self.html.push('\n');
        }
    }

    /// Writes an element that contains text.
    pub(super) fn leaf(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        self.element(name, attributes, |inner| inner.text(text));
    }

    /// Writes an element without an end tag.
    pub(super) fn void(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        if name != "wbr" {
            self.html.push('\n');
        }
    }

    fn start(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.html.push('<');
        self.html.push_str(name);
        for (key, value) in attributes {
            self.html.push(' ');
            self.html.push_str(key);
            self.html.push_str("=\"");
            self.text(value);
            self.html.push('"');
        }
        self.html.push('>');
    }

    /// Writes text, and escapes markup and invisible characters.
    pub(super) fn text(&mut self, text: &str) {
        text.chars().for_each(|character| self.push(character));
    }

    /// Writes an excerpt line like [`text`](Self::text), but preserves tabs.
    pub(super) fn source(&mut self, line: &str) {
        for character in line.chars() {
            if character == '\t' {
                self.html.push('\t');
            } else {
                self.push(character);
            }
        }
    }

    /// Writes a name or path like [`text`](Self::text), but allows line breaks after its
    /// separators.
    pub(super) fn word(&mut self, word: &str) {
        let mut characters = word.chars().peekable();
        while let Some(character) = characters.next() {
            self.push(character);
            let ends = |next: &char| !SEPARATORS.contains(next);
            if SEPARATORS.contains(&character) && characters.peek().is_some_and(ends) {
                self.void("wbr", &[]);
            }
        }
    }

    /// Writes a line end.
    pub(super) fn line_end(&mut self) {
        self.html.push('\n');
    }

    /// Writes one escaped character. Does not escape `'`, because attribute values are in double
    /// quotes.
    fn push(&mut self, character: char) {
        match character {
            '&' => self.html.push_str("&amp;"),
            '<' => self.html.push_str("&lt;"),
            '>' => self.html.push_str("&gt;"),
            '"' => self.html.push_str("&quot;"),
            _ => push_visible(&mut self.html, character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(content: impl FnOnce(&mut Markup)) -> String {
        let mut markup = Markup::default();
        content(&mut markup);
        markup.finish()
    }

    #[test]
    fn text_and_attributes_are_escaped() {
        let text = "<b>\"&amp;'\u{202e}\n";
        let expected = "&lt;b&gt;&quot;&amp;amp;'\\u{202e}\\n";
        assert_eq!(written(|markup| markup.text(text)), expected);
        assert_eq!(
            written(|markup| markup.leaf("a", &[("href", text)], text)),
            format!("<a href=\"{expected}\">{expected}</a>")
        );
    }

    #[test]
    fn source_line_preserves_tabs() {
        assert_eq!(written(|markup| markup.source("\ta<\u{7f}")), "\ta&lt;\\u{7f}");
    }

    #[test]
    fn word_can_break_after_separators() {
        assert_eq!(written(|markup| markup.word("a_b::c/d.e")), "a_<wbr>b::<wbr>c/<wbr>d.<wbr>e");
        assert_eq!(written(|markup| markup.word("_<a_")), "_<wbr>&lt;a_");
    }

    #[test]
    fn children_of_container_start_on_new_line() {
        let html = written(|markup| {
            markup.element("ul", &[], |list| list.leaf("li", &[("id", "x")], "one"));
        });
        assert_eq!(html, "<ul>\n<li id=\"x\">one</li>\n</ul>\n");
    }
}
