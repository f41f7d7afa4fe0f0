//! Tables that are wider than a phone: each scrolls by itself.

use super::markup::Markup;

/// A column: its heading, and whether it holds numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column(pub(super) &'static str, pub(super) bool);

/// A column of texts.
pub(super) const fn text(heading: &'static str) -> Column {
    Column(heading, false)
}

/// A column of numbers.
pub(super) const fn number(heading: &'static str) -> Column {
    Column(heading, true)
}

/// A table with a caption, in a part of the page that can be scrolled, by keys too.
pub(super) fn scrolling(
    class: &'static str,
    caption: &str,
    markup: &mut Markup,
    content: impl FnOnce(&mut Markup),
) {
    named(class, caption, caption, markup, content);
}

/// The same, where the part of the page needs a longer name than the table beside its heading.
pub(super) fn named(
    class: &'static str,
    name: &str,
    caption: &str,
    markup: &mut Markup,
    content: impl FnOnce(&mut Markup),
) {
    let region = [("class", "scroll"), ("role", "region"), ("aria-label", name), ("tabindex", "0")];
    markup.element("div", &region, |region| {
        region.element("table", &[("class", class)], |table| {
            // The words stay where they can be read, however far the table is scrolled.
            table.element("caption", &[], |line| line.leaf("span", &[], caption));
            content(table);
        });
    });
}

/// The row of headings.
pub(super) fn headings(columns: &[Column], table: &mut Markup) {
    table.element("thead", &[], |head| {
        head.element("tr", &[], |row| {
            for Column(heading, is_number) in columns {
                let class = if *is_number { "number" } else { "words" };
                row.leaf("th", &[("scope", "col"), ("class", class)], heading);
            }
        });
    });
}

/// A cell with a number.
pub(super) fn number_cell(number: u64, row: &mut Markup) {
    row.leaf("td", &[("class", "number")], &number.to_string());
}

/// A cell with a number, if there is one.
pub(super) fn optional_cell(number: Option<u64>, row: &mut Markup) {
    let text = number.map_or_else(|| "–".to_owned(), |number| number.to_string());
    row.leaf("td", &[("class", "number")], &text);
}

/// A cell with a text of a document, which may be long.
pub(super) fn text_cell(text: &str, row: &mut Markup) {
    row.leaf("td", &[("class", "words")], if text.is_empty() { "–" } else { text });
}

/// A cell with a name or a path of a document, which may be long.
pub(super) fn name_cell(name: &str, row: &mut Markup) {
    let name = if name.is_empty() { "–" } else { name };
    row.element("td", &[("class", "words")], |cell| cell.word(name));
}

/// The heading of a row: a driver.
pub(super) fn driver_heading(name: &str, row: &mut Markup) {
    row.element("th", &[("scope", "row")], |cell| cell.word(name));
}
