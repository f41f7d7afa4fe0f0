//! The one writer of HTML: every text goes through its escape, every element is closed.
//!
//! Names of elements and of attributes are part of the program, never text.

use crate::report::escape::push_visible;

/// Names of attributes with their values, which are text.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// Elements inside a line: no line end is written around them.
const INLINE: [&str; 9] = ["a", "abbr", "b", "code", "mark", "span", "strong", "text", "title"];
/// Elements of elements: what they hold begins in a line of its own.
const CONTAINERS: [&str; 17] = [
    "article", "body", "dl", "figure", "footer", "g", "head", "header", "html", "main", "nav",
    "section", "svg", "table", "tbody", "thead", "ul",
];

/// What separates the parts of a name or of a path.
const SEPARATORS: [char; 4] = ['_', ':', '/', '.'];

/// HTML that grows element by element.
#[derive(Debug, Default)]
pub(super) struct Markup {
    html: String,
}

impl Markup {
    /// The elements so far.
    pub(super) fn finish(self) -> String {
        self.html
    }

    /// Writes what the program says: a document type, a style sheet.
    pub(super) fn verbatim(&mut self, html: &'static str) {
        self.html.push_str(html);
    }

    /// An element with what `content` writes into it.
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

    /// An element with a text.
    pub(super) fn leaf(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        self.element(name, attributes, |inner| inner.text(text));
    }

    /// An element that has no end in HTML.
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

    /// A text: nothing of it is markup, nothing of it is invisible.
    pub(super) fn text(&mut self, text: &str) {
        text.chars().for_each(|character| self.push(character));
    }

    /// A line of a source that is escaped already: as a text, but tabs stay.
    pub(super) fn source(&mut self, line: &str) {
        for character in line.chars() {
            if character == '\t' {
                self.html.push('\t');
            } else {
                self.push(character);
            }
        }
    }

    /// A name or a path, as [`text`](Self::text), that may be broken behind its separators.
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

    /// The end of a line, where it is one.
    pub(super) fn line_end(&mut self) {
        self.html.push('\n');
    }

    /// Values of attributes stand between `"`, so that a `'` ends nothing.
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
    fn text_is_never_markup() {
        let text = "<b>\"&amp;'\u{202e}\n";
        let expected = "&lt;b&gt;&quot;&amp;amp;'\\u{202e}\\n";
        assert_eq!(written(|markup| markup.text(text)), expected);
        assert_eq!(
            written(|markup| markup.leaf("a", &[("href", text)], text)),
            format!("<a href=\"{expected}\">{expected}</a>")
        );
    }

    #[test]
    fn a_line_of_a_source_keeps_its_tabs() {
        assert_eq!(written(|markup| markup.source("\ta<\u{7f}")), "\ta&lt;\\u{7f}");
    }

    #[test]
    fn a_word_is_broken_behind_its_parts() {
        assert_eq!(written(|markup| markup.word("a_b::c/d.e")), "a_<wbr>b::<wbr>c/<wbr>d.<wbr>e");
        assert_eq!(written(|markup| markup.word("_<a_")), "_<wbr>&lt;a_");
    }

    #[test]
    fn elements_are_nested() {
        let html = written(|markup| {
            markup.element("ul", &[], |list| list.leaf("li", &[("id", "x")], "one"));
        });
        assert_eq!(html, "<ul>\n<li id=\"x\">one</li>\n</ul>\n");
    }
}
