//! Writes the findings with source excerpts, then the accepted findings.

mod code;

use super::{
    Page,
    markup::Markup,
    note, section,
    table::{headings, scrolling, text, text_cell},
};
use crate::{
    finding::Finding,
    lint::Accepted,
    report::{
        Summary,
        details::one_line,
        excerpt::Excerpt,
        fold::{folded, folded_accepted},
        index::IndexedSources,
    },
    source::Location,
};

pub(super) fn write(page: &Page<'_>, main: &mut Markup) {
    let sources = page.run.indexed();
    section("findings", "Findings", main, |section| {
        if !page.unread.is_empty() {
            section.element("ul", &[("class", "unread")], |list| {
                page.unread.iter().for_each(|message| list.leaf("li", &[], message));
            });
        }
        // If no source was read, "no findings" would be misleading.
        if !page.run.sources.is_empty() {
            note(&sentence(&Summary::of(page.run.findings).to_string()), section);
        }
        for (finding, number) in folded(page.run.findings).iter().zip(1..) {
            write_finding(finding, number, &sources, section);
        }
        if !page.run.accepted.is_empty() {
            write_accepted(&folded_accepted(page.run.accepted), &sources, section);
        }
    });
}

/// Converts words to a sentence by adding a capital letter and a full stop.
fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).chain(['.']).collect()
}

fn write_finding(
    finding: &Finding<Location>,
    number: usize,
    sources: &IndexedSources<'_>,
    section: &mut Markup,
) {
    let (id, level) = (format!("finding-{number}"), finding.level.label());
    section.element("article", &[("class", "finding"), ("aria-labelledby", &id)], |article| {
        article.element("h3", &[("id", &id)], |heading| {
            heading.leaf("span", &[("class", level)], level);
            heading.text(" ");
            heading.leaf("span", &[("class", "message")], &finding.message);
        });
        article.element("p", &[("class", "rule")], |line| {
            line.text("rule ");
            line.leaf(
                "a",
                &[("href", &finding.rule.url()), ("rel", "noreferrer")],
                finding.rule.name,
            );
            if let Some(owner) = &finding.owner {
                line.text(", owner ");
                line.leaf("span", &[("class", "owner")], owner);
            }
        });
        code::write(&Excerpt::of(finding, sources, "…"), article);
        if let Some(help) = &finding.help {
            article.leaf("p", &[("class", "help")], &format!("help: {}", one_line(help)));
        }
    });
}

fn write_accepted(accepted: &[Accepted], sources: &IndexedSources<'_>, section: &mut Markup) {
    scrolling("accepted", "Accepted findings (suppressed or waived)", section, |table| {
        let columns = ["rule", "location", "message", "accepted by", "reason"].map(text);
        headings(&columns, table);
        table.element("tbody", &[], |body| {
            for Accepted { finding, by, reason } in accepted {
                body.element("tr", &[], |row| {
                    row.leaf("th", &[("scope", "row")], finding.rule.name);
                    text_cell(&sources.start(finding.place), row);
                    text_cell(&finding.message, row);
                    text_cell(by.words(), row);
                    text_cell(reason, row);
                });
            }
        });
    });
}
