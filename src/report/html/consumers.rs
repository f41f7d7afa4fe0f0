//! Writes the consumers of each driver, with the slack of each bound.

use super::{
    ConsumersOfDriver, Page,
    markup::Markup,
    section,
    table::{driver_heading, headings, number, scrolling, text, text_cell},
};
use crate::report::consumers::rows_of;

/// Writes the section. Writes nothing if no driver has declared consumers.
pub(super) fn write(page: &Page<'_>, main: &mut Markup) {
    if page.consumers.is_empty() {
        return;
    }
    section("consumers", "Consumers", main, |section| {
        scrolling("consumers", "Requirements of consumers by driver", section, |table| {
            headings(
                &[
                    text("driver"),
                    text("consumer"),
                    text("bound"),
                    text("contract"),
                    number("slack"),
                ],
                table,
            );
            table.element("tbody", &[], |body| {
                page.consumers.iter().for_each(|of_driver| write_rows(of_driver, body));
            });
        });
    });
}

fn write_rows(ConsumersOfDriver { driver, needs }: &ConsumersOfDriver<'_>, body: &mut Markup) {
    for [consumer, bound, promised, slack] in needs.iter().flat_map(rows_of) {
        body.element("tr", &[], |row| {
            driver_heading(driver, row);
            for cell in [&consumer, &bound, &promised] {
                text_cell(cell, row);
            }
            let slack = if slack.is_empty() { "–" } else { &slack };
            row.leaf("td", &[("class", "number")], slack);
        });
    }
}
