//! Tracks the lines whose keys were renamed. No other fix of the run changes these lines, because
//! the author might have meant a different key.

use std::collections::BTreeMap;

use super::{
    edit::Replacement,
    round::{Planned, Round},
};
use crate::{
    source::{Location, SourceId, Span, offset},
    workspace::Workspace,
};

/// The lines with renamed keys, in the current text of each document.
#[derive(Debug, Default)]
pub(super) struct Renamed {
    lines: BTreeMap<SourceId, Vec<Span>>,
}

impl Renamed {
    /// Returns true if a fix or its finding concerns a line with a renamed key.
    pub(super) fn concerns(&self, fix: &Planned) -> bool {
        let is_in = |place: &Location| {
            let lines = self.lines.get(&place.source);
            let overlaps =
                |line: &Span| line.start <= place.span.end && place.span.start <= line.end;
            lines.is_some_and(|lines| lines.iter().any(overlaps))
        };
        !self.lines.is_empty() && fix.places.iter().any(is_in)
    }

    /// Moves the lines according to the changes of a round, and adds the lines whose keys the round
    /// renames.
    pub(super) fn follow(&mut self, round: &Round, before: &Workspace) {
        for place in round.fixes.iter().flat_map(|fix| &fix.renames) {
            let Ok(text) = before.sources().source(place.source).text() else { continue };
            let line = line_of(text, place.span);
            self.lines.entry(place.source).or_default().push(line);
        }
        for (source, lines) in &mut self.lines {
            let Some(replacements) = round.replacements.get(source) else { continue };
            for line in lines {
                let moved = |offset| moved(offset, replacements.values());
                *line = Span::new(moved(line.start), moved(line.end));
            }
        }
    }
}

/// Returns the line that contains a span, without its line end.
fn line_of(text: &str, span: Span) -> Span {
    let start = text[..span.start as usize].rfind('\n').map_or(0, |end| end + 1);
    let rest = &text[span.end as usize..];
    let end = span.end as usize + rest.find('\n').unwrap_or(rest.len());
    Span::new(offset(start), offset(end))
}

/// Returns the offset of a byte after sorted replacements are applied.
fn moved<'r>(at: u32, replacements: impl Iterator<Item = &'r Replacement>) -> u32 {
    let before = replacements.take_while(|replacement| replacement.span.end <= at);
    let moved = before.fold(i64::from(at), |at, Replacement { span, text }| {
        at + i64::from(offset(text.len())) - i64::from(span.end - span.start)
    });
    u32::try_from(moved).unwrap_or(at)
}
