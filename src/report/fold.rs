//! Names the drivers of findings at a template, and folds equal findings into one in formats for
//! people.
//!
//! Machine-readable formats never fold findings: they contain one finding per driver.

use std::{borrow::Cow, collections::BTreeMap, fmt::Write};

use super::{Format, counted};
use crate::{
    diff::names,
    finding::Finding,
    lint::Accepted,
    model::{DRIVER_PLACEHOLDER, DriverName},
    source::Location,
};

/// Names the driver in each finding at a template. If the format is for people, folds the findings
/// that are equal except for the driver.
pub fn shown_in(format: Format, findings: &[Finding<Location>]) -> Cow<'_, [Finding<Location>]> {
    match format {
        Format::Full | Format::Markdown => folded(findings),
        Format::Concise
        | Format::Json
        | Format::JsonLines
        | Format::Sarif
        | Format::GitHub
        | Format::GitLab
        | Format::Junit
        | Format::Rdjson => named(findings),
    }
}

fn named(findings: &[Finding<Location>]) -> Cow<'_, [Finding<Location>]> {
    if findings.iter().all(|finding| finding.inherited_by.is_none()) {
        return Cow::Borrowed(findings);
    }
    let named = |mut finding: Finding<Location>| {
        name_driver(&mut finding);
        finding
    };
    findings.iter().cloned().map(named).collect()
}

/// Names the driver that takes the value from a template, unless the message names it.
fn name_driver(finding: &mut Finding<Location>) {
    let Some(driver) = &finding.inherited_by else { return };
    let name = format!("`{driver}`");
    if !finding.message.contains(&name) {
        finding.message = format!("{} (driver {name})", finding.message);
    }
}

/// Folds the findings that are equal except for the driver. The first finding replaces all of them,
/// and its message ends with their drivers.
pub(super) fn folded(findings: &[Finding<Location>]) -> Cow<'_, [Finding<Location>]> {
    fold(findings, identity, |finding| finding)
}

/// Folds accepted findings like [`folded`].
pub(super) fn folded_accepted(accepted: &[Accepted]) -> Cow<'_, [Accepted]> {
    fold(accepted, accepted_identity, |accepted| &mut accepted.finding)
}

fn accepted_identity(accepted: &Accepted) -> Option<(&DriverName, String)> {
    let (driver, text) = identity(&accepted.finding)?;
    Some((driver, format!("{text}{:?}{}", accepted.by, accepted.reason)))
}

/// Folds the items with equal identities. Items without an identity are unchanged.
fn fold<T: Clone, I: Ord>(
    items: &[T],
    identity: impl Fn(&T) -> Option<(&DriverName, I)>,
    finding: impl Fn(&mut T) -> &mut Finding<Location>,
) -> Cow<'_, [T]> {
    let mut kept: Vec<(&T, Vec<DriverName>)> = Vec::new();
    let mut known: BTreeMap<I, usize> = BTreeMap::new();
    for item in items {
        let Some((driver, identity)) = identity(item) else {
            kept.push((item, Vec::new()));
            continue;
        };
        let index = *known.entry(identity).or_insert(kept.len());
        match kept.get_mut(index) {
            Some((_, drivers)) => drivers.push(driver.clone()),
            None => kept.push((item, vec![driver.clone()])),
        }
    }
    if known.is_empty() {
        return Cow::Borrowed(items);
    }
    let merged = kept.into_iter().map(|(item, drivers)| {
        let mut item = item.clone();
        let finding = finding(&mut item);
        if drivers.len() > 1 {
            let count = counted(drivers.len(), "driver");
            // Writing to a string cannot fail.
            _ = write!(finding.message, " ({count}: {})", names(&drivers));
        } else {
            name_driver(finding);
        }
        finding.inherited_by = None;
        item
    });
    merged.collect()
}

/// Returns the driver of a finding, and everything else that a reader sees. Returns `None` if the
/// driver sets the value itself.
fn identity(finding: &Finding<Location>) -> Option<(&DriverName, String)> {
    let driver = finding.inherited_by.as_ref()?;
    let (rule, place, level) = (finding.rule.name, finding.place, finding.level);
    let labels = finding.related.iter().map(|related| &related.label);
    let texts = [&finding.message].into_iter().chain(&finding.label).chain(&finding.help);
    let texts: Vec<_> =
        texts.chain(labels).map(|text| replaced(text, driver, DRIVER_PLACEHOLDER)).collect();
    Some((driver, format!("{place:?}{level}{rule}{texts:?}")))
}

/// Replaces the driver's name if it is a whole word, or a part of a word that is delimited by
/// underscores.
pub(super) fn replaced(text: &str, name: &str, placeholder: &str) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut end = 0;
    for (start, _) in text.match_indices(name) {
        let touches = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let after = start + name.len();
        let is_word =
            !touches(text[..start].chars().next_back()) && !touches(text[after..].chars().next());
        if start >= end && is_word {
            rest.extend([&text[end..start], placeholder]);
            end = after;
        }
    }
    rest + &text[end..]
}
