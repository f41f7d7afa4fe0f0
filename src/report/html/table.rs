//! Writes tables that scroll on narrow screens.

use super::markup::Markup;

/// A column: its heading, and whether it contains numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column(pub(super) &'static str, pub(super) bool);

/// Creates a text column.
pub(super) const fn text(heading: &'static str) -> Column {
    Column(heading, false)
}

/// Creates a number column.
pub(super) const fn number(heading: &'static str) -> Column {
    Column(heading, true)
}

/// Writes a table with a caption, in a region that can be scrolled, also with the keyboard.
pub(super) fn scrolling(
    class: &'static str,
    caption: &str,
    markup: &mut Markup,
    content: impl FnOnce(&mut Markup),
) {
    named(class, caption, caption, markup, content);
}

/// Writes a table like [`scrolling`], but with a separate name for the region.
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
            // The span keeps the caption visible while the table scrolls.
            table.element("caption", &[], |line| line.leaf("span", &[], caption));
            content(table);
        });
    });
}

/// Writes the header row.
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

/// Writes a cell with a number.
pub(super) fn number_cell(number: u64, row: &mut Markup) {
    row.leaf("td", &[("class", "number")], &number.to_string());
}

/// Writes a cell with a number, or a dash for `None`.
pub(super) fn optional_cell(number: Option<u64>, row: &mut Markup) {
    let text = number.map_or_else(|| "–".to_owned(), |number| number.to_string());
    row.leaf("td", &[("class", "number")], &text);
}

/// Writes a cell with a number as text, or a dash for `None`.
pub(super) fn shown_cell(number: Option<&str>, row: &mut Markup) {
    row.leaf("td", &[("class", "number")], number.unwrap_or("–"));
}

/// Writes a cell with text from a document, which can be long.
pub(super) fn text_cell(text: &str, row: &mut Markup) {
    row.leaf("td", &[("class", "words")], if text.is_empty() { "–" } else { text });
}

/// Writes a cell with a name or path from a document, which can be long.
pub(super) fn name_cell(name: &str, row: &mut Markup) {
    let name = if name.is_empty() { "–" } else { name };
    row.element("td", &[("class", "words")], |cell| cell.word(name));
}

/// Writes the driver as the heading of a row.
pub(super) fn driver_heading(name: &str, row: &mut Markup) {
    row.element("th", &[("scope", "row")], |cell| cell.word(name));
}
