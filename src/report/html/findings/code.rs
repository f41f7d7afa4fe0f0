//! Writes the source lines of a finding and marks its locations.

use std::ops::Range;

use crate::report::{
    excerpt::{Excerpt, Label, View},
    html::markup::Markup,
};

/// Writes each frame of an excerpt below its location.
pub(super) fn write(excerpt: &Excerpt, article: &mut Markup) {
    for view in excerpt.views() {
        article.element("figure", &[("class", "excerpt")], |figure| {
            figure.leaf("figcaption", &[], &view.place());
            figure.element("pre", &[], |pre| {
                pre.element("code", &[], |code| write_lines(&view, code));
            });
        });
    }
}

fn write_lines(view: &View<'_>, code: &mut Markup) {
    let mut start = view.start;
    let lines = view.text.split_inclusive('\n').zip(view.first_line + 1..);
    let width = (view.first_line + view.text.lines().count()).to_string().len();
    for (line, number) in lines {
        let text = line.trim_end_matches('\n');
        let range = start..start + text.len();
        code.leaf("span", &[("class", "line")], &format!("{number:>width$} "));
        write_line(view, text, &range, code);
        code.line_end();
        let ends_here = |label: &&&Label| {
            let end = label.span.end.max(label.span.start);
            range.start <= end && end <= range.end
        };
        for label in view.labels.iter().filter(ends_here) {
            write_label(label, text, &range, width, code);
        }
        start += line.len();
    }
}

/// Writes a line in pieces that are either marked or unmarked.
fn write_line(view: &View<'_>, text: &str, range: &Range<usize>, code: &mut Markup) {
    let clamp = |offset: usize| offset.clamp(range.start, range.end);
    let ends = view.labels.iter().flat_map(|label| [label.span.start, label.span.end]);
    let mut cuts: Vec<_> = ends.map(clamp).chain([range.start, range.end]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let points = |at: usize| {
        view.labels.iter().find(move |label| label.span.is_empty() && label.span.start == at)
    };
    for (number, start) in cuts.iter().copied().enumerate() {
        if let Some(label) = points(start) {
            code.leaf("mark", &[("class", class(label))], "");
        }
        let Some(end) = cuts.get(number + 1).copied() else { break };
        let piece = &text[start - range.start..end - range.start];
        let covers = |label: &&&Label| label.span.start <= start && end <= label.span.end;
        let covering = view.labels.iter().filter(covers).max_by_key(|label| label.is_primary);
        match covering {
            Some(label) => {
                code.element("mark", &[("class", class(label))], |mark| mark.source(piece));
            }
            None => code.source(piece),
        }
    }
}

const fn class(label: &Label) -> &'static str {
    if label.is_primary { "primary" } else { "related" }
}

/// Writes the label of a location on its own line below the location.
fn write_label(label: &Label, text: &str, range: &Range<usize>, width: usize, code: &mut Markup) {
    let Some(words) = &label.text else { return };
    let before = label.span.start.checked_sub(range.start).and_then(|length| text.get(..length));
    let indent = before.unwrap_or("").chars().map(|it| if it == '\t' { '\t' } else { ' ' });
    code.leaf("span", &[("class", "line")], &" ".repeat(width + 1));
    code.source(&indent.collect::<String>());
    code.element("span", &[("class", "label")], |line| {
        line.text("╰ ");
        line.text(words);
    });
    code.line_end();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        finding::Finding,
        report::{
            index::IndexedSources,
            samples::{ExampleReport, UNKNOWN_KEY},
        },
        source::Location,
    };

    fn written(sample: &ExampleReport, finding: Finding<Location>) -> String {
        let findings = [finding];
        let sources = IndexedSources::of(&findings, &sample.sources);
        let mut markup = Markup::default();
        write(&Excerpt::of(&findings[0], &sources, "…"), &mut markup);
        let html = markup.finish();
        let (_, lines) = html.split_once("<code>").unwrap();
        lines.split_once("</code>").unwrap().0.to_owned()
    }

    #[test]
    fn source_code_shows_marked_and_labelled_locations() {
        let mut sample = ExampleReport::new();
        let id = sample.file("a.toml", "first = 1\n\ta = \"<\"\nlast = 2\n");
        let finding = UNKNOWN_KEY
            .finding(sample.find(id, "\"<\""), "odd")
            .label("this")
            .also(sample.find(id, "last"), "and that");
        assert_eq!(
            written(&sample, finding),
            "<span class=\"line\">1 </span>first = 1\n\
             <span class=\"line\">2 </span>\ta = <mark class=\"primary\">&quot;&lt;&quot;</mark>\n\
             <span class=\"line\">  </span>\t    <span class=\"label\">╰ this</span>\n\
             <span class=\"line\">3 </span><mark class=\"related\">last</mark> = 2\n\
             <span class=\"line\">  </span><span class=\"label\">╰ and that</span>\n"
        );
    }

    #[test]
    fn empty_and_multiline_locations_are_marked() {
        let mut sample = ExampleReport::new();
        let id = sample.file("a.toml", "a = [\n1]\nb\n");
        let many = UNKNOWN_KEY.finding(sample.find(id, "[\n1]"), "odd").label("all");
        assert_eq!(
            written(&sample, many),
            "<span class=\"line\">1 </span>a = <mark class=\"primary\">[</mark>\n\
             <span class=\"line\">2 </span><mark class=\"primary\">1]</mark>\n\
             <span class=\"line\">  </span><span class=\"label\">╰ all</span>\n\
             <span class=\"line\">3 </span>b\n"
        );
        let empty = UNKNOWN_KEY.finding(sample.place(id, 10, 10), "odd").label("here");
        assert_eq!(
            written(&sample, empty),
            "<span class=\"line\">2 </span>1]\n\
             <span class=\"line\">3 </span>b<mark class=\"primary\"></mark>\n\
             <span class=\"line\">  </span> <span class=\"label\">╰ here</span>\n"
        );
    }
}
