//! Names the drivers of findings at a template. In formats for people, also folds equal findings
//! into one finding.
//!
//! Machine-readable formats never fold findings: they contain one finding per driver.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    hash::{Hash, Hasher},
};

use super::{Format, counted};
use crate::{
    diff::names,
    finding::{Finding, Level},
    lint::Accepted,
    model::{DriverName, Name},
    source::Location,
};

/// Names the driver in each finding at a template. If the format is for people, folds the findings
/// that are equal except for the driver.
pub fn shown_in(format: Format, findings: &[Finding<Location>]) -> Cow<'_, [Finding<Location>]> {
    folded_in(format, findings).findings
}

/// Returns the findings of [`shown_in`] with the number of findings that each of them stands for.
pub(super) fn folded_in(format: Format, findings: &[Finding<Location>]) -> Folded<'_> {
    match format {
        Format::Full | Format::Markdown | Format::Review => {
            let (findings, counts) = fold(findings, |finding| finding, shared, |finding| finding);
            Folded { findings, counts }
        }
        Format::Concise
        | Format::Json
        | Format::JsonLines
        | Format::Sarif
        | Format::GitHub
        | Format::GitLab
        | Format::Junit
        | Format::Rdjson => Folded { findings: named(findings), counts: Vec::new() },
    }
}

/// The findings of a run. One finding can represent the same finding about several drivers.
pub(super) struct Folded<'f> {
    pub(super) findings: Cow<'f, [Finding<Location>]>,
    /// The number of findings that each finding stands for. Empty if each stands for itself.
    counts: Vec<usize>,
}

impl Folded<'_> {
    /// Returns the number of findings that a finding stands for.
    pub(super) fn count(&self, index: usize) -> usize {
        self.counts.get(index).copied().unwrap_or(1)
    }

    /// Returns the number of findings for which those before an index stand.
    pub(super) fn count_before(&self, index: usize) -> usize {
        (0..index.min(self.findings.len())).map(|index| self.count(index)).sum()
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

/// Adds to the end of the message the driver that takes the value from the template. Does nothing
/// if the message already ends with this driver.
fn name_driver(finding: &mut Finding<Location>) {
    let Some(driver) = &finding.inherited_by else { return };
    let suffix = format!(" (driver `{driver}`)");
    if !finding.message.ends_with(&suffix) {
        finding.message += &suffix;
    }
}

/// Folds the findings that are equal except for the driver. The first of these findings replaces
/// all of them. Its message ends with the names of all their drivers.
pub(super) fn folded(findings: &[Finding<Location>]) -> Cow<'_, [Finding<Location>]> {
    fold(findings, |finding| finding, shared, |finding| finding).0
}

/// Folds accepted findings like [`folded`].
pub(super) fn folded_accepted(accepted: &[Accepted]) -> Cow<'_, [Accepted]> {
    let shared =
        |Accepted { finding, by, reason }: &Accepted| (shared(finding), format!("{by:?}{reason}"));
    fold(accepted, |accepted| &accepted.finding, shared, |accepted| &mut accepted.finding).0
}

/// The rule, location and level, which are equal for all drivers of a template.
const fn shared(finding: &Finding<Location>) -> (&'static str, Location, Level) {
    (finding.rule.name, finding.place, finding.level)
}

/// The maximum number of earlier findings with which each finding is compared.
const MOST_COMPARED: usize = 100;

/// Folds the items with equal keys whose texts are equal except for the driver. Items without a
/// driver stay as they are. Also returns the number of items that each item stands for, or an empty
/// list if each stands for itself.
fn fold<T: Clone, K: Ord>(
    items: &[T],
    finding: impl Fn(&T) -> &Finding<Location>,
    key: impl Fn(&T) -> K,
    finding_mut: impl Fn(&mut T) -> &mut Finding<Location>,
) -> (Cow<'_, [T]>, Vec<usize>) {
    let mut groups: Vec<(&T, Vec<DriverName>)> = Vec::new();
    let mut known: BTreeMap<K, Vec<(usize, DriverTexts<'_>)>> = BTreeMap::new();
    for item in items {
        let Some(texts) = DriverTexts::of(finding(item)) else {
            groups.push((item, Vec::new()));
            continue;
        };
        let firsts = known.entry(key(item)).or_default();
        let mut nearest = firsts.iter().rev().take(MOST_COMPARED);
        let driver = texts.driver.clone();
        if let Some((index, _)) = nearest.find(|(_, first)| first.differ_only_in_driver(&texts)) {
            groups[*index].1.push(driver);
        } else {
            firsts.push((groups.len(), texts));
            groups.push((item, vec![driver]));
        }
    }
    if known.is_empty() {
        return (Cow::Borrowed(items), Vec::new());
    }
    let counts = groups.iter().map(|(_, drivers)| drivers.len().max(1)).collect();
    let merged = groups.into_iter().map(|(item, drivers)| {
        let mut item = item.clone();
        name_drivers(finding_mut(&mut item), &drivers);
        item
    });
    (merged.collect(), counts)
}

/// Adds the names of the drivers to the end of the message.
fn name_drivers(finding: &mut Finding<Location>, drivers: &[DriverName]) {
    if drivers.len() > 1 {
        let count = counted(drivers.len(), "driver");
        // Writing to a string cannot fail.
        _ = write!(finding.message, " ({count}: {})", names(drivers));
    } else {
        name_driver(finding);
    }
    finding.inherited_by = None;
}

/// The texts of a finding, and the driver that they are about.
pub(super) struct DriverTexts<'f> {
    driver: &'f DriverName,
    owner: Option<&'f Name>,
    /// The message, label, help and labels of related locations.
    texts: Vec<Option<&'f str>>,
}

impl<'f> DriverTexts<'f> {
    /// Returns the texts, or `None` if the finding is about a value that the driver sets itself.
    fn of(finding: &'f Finding<Location>) -> Option<Self> {
        Some(Self::about(finding.inherited_by.as_ref()?, finding))
    }

    /// Returns the texts of a finding about this driver.
    pub(super) fn about(driver: &'f DriverName, finding: &'f Finding<Location>) -> Self {
        let Finding { message, label, help, related, .. } = finding;
        let own = [Some(message.as_str()), label.as_deref(), help.as_deref()];
        let related = related.iter().map(|related| Some(related.label.as_str()));
        let owner = finding.owner.as_ref();
        Self { driver, owner, texts: own.into_iter().chain(related).collect() }
    }

    /// Hashes the owner and the texts between the driver's names.
    pub(super) fn hash_without_driver(&self, hasher: &mut impl Hasher) {
        self.owner.hash(hasher);
        for text in &self.texts {
            text.is_some().hash(hasher);
            let pieces = text.iter().flat_map(|text| text.split(self.driver.as_str()));
            pieces.for_each(|piece| piece.hash(hasher));
        }
    }

    pub(super) fn differ_only_in_driver(&self, other: &Self) -> bool {
        let names = [self.driver.as_str(), other.driver.as_str()];
        let mut both = self.texts.iter().zip(&other.texts);
        self.texts.len() == other.texts.len()
            && self.owner == other.owner
            && both.all(|both| match both {
                (Some(text), Some(other)) => differ_only_in_name([text, other], names),
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            })
    }
}

/// Returns true if both texts come from one text with placeholders, filled with a different name
/// for each text.
///
/// A name can also be a word of the text itself, so each place where both names begin can be a
/// placeholder or not.
fn differ_only_in_name(texts: [&str; 2], names: [&str; 2]) -> bool {
    let mut begun = vec![texts.map(str::as_bytes)];
    let mut known = BTreeSet::new();
    while let Some([mut left, mut right]) = begun.pop() {
        loop {
            let after = (left.strip_prefix(names[0].as_bytes()))
                .zip(right.strip_prefix(names[1].as_bytes()));
            if let Some((left_after, right_after)) = after {
                if !known.insert((left.len(), right.len())) {
                    break;
                }
                begun.push([left_after, right_after]);
            }
            match (left, right) {
                ([], []) => return true,
                ([own, left_rest @ ..], [other, right_rest @ ..]) if own == other => {
                    (left, right) = (left_rest, right_rest);
                }
                _ => break,
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_from_same_placeholder_text_differ_only_in_name() {
        let same = |text: &str, names: [&str; 2]| {
            differ_only_in_name(
                names.map(|name| text.replace("{}", name)).each_ref().map(|it| &**it),
                names,
            )
        };
        for names in [["client", "beta"], ["beta", "client"], ["a", "aa"], ["ab", "ac"], ["a", "a"]]
        {
            for text in ["", "{}", "`{}_client_total` of a client", "{}{} aa {}a ac{}", "a b 5 ms"]
            {
                assert!(same(text, names), "{text} {names:?}");
            }
        }
    }

    #[test]
    fn texts_without_common_placeholder_text_differ_in_more_than_name() {
        for (texts, names) in [
            (["a waits 5 ms", "b waits 6 ms"], ["a", "b"]),
            (["a waits", "b waits long"], ["a", "b"]),
            (["b waits", "a waits"], ["a", "b"]),
            (["client_client", "beta_beta_client"], ["client", "beta"]),
            (["", "b"], ["a", "b"]),
        ] {
            assert!(!differ_only_in_name(texts, names), "{texts:?}");
        }
    }
}
