//! Renders the difference between a file and its new content for people.

use std::collections::{BTreeMap, BTreeSet};

use similar::{ChangeTag, TextDiff};

use super::arguments::Emit;
use crate::{
    report::{compiled, escaped},
    signature::{is_seal, is_signature},
};

/// The maximum number of lines of a difference to show.
const MOST_LINES: usize = 1000;

/// The fields that identify the item of a signature. They come first in the line.
const IDENTITY: [&str; 4] = ["name=", "profile=", "scope=", "driver="];

/// Returns a unified diff of two named texts, safe to print.
pub(super) fn of_texts(old: (&str, &str), new: (&str, &str)) -> String {
    shown([old.0, new.0], &by_line(old.1, new.1))
}

/// Returns a unified diff of a file and its expected artefact. Omits lines that cannot occur in an
/// artefact, because the file might be unrelated. Empty if only such lines differ.
///
/// For a changed signature, only the fields that differ are shown, one per line.
pub(super) fn of_artefact(name: &str, current: &str, artefact: &str, emit: Emit) -> String {
    let mut lines = match emit {
        Emit::Text => by_signature(current, artefact),
        Emit::Json if compiled::is_compiled(current) => by_line(current, artefact),
        Emit::Json => Vec::new(),
    };
    cap(&mut lines);
    if lines.is_empty() { String::new() } else { shown([name, "compiled"], &lines) }
}

/// The diff of two signature documents: by item, or by line if the items are equal.
fn by_signature(current: &str, artefact: &str) -> Vec<String> {
    let known: Vec<_> = current.lines().filter(|line| is_signature(line)).collect();
    let lines = by_item(&known, artefact);
    if lines.is_empty() && known.len() == current.lines().count() {
        return by_line(current, artefact);
    }
    lines
}

fn cap(lines: &mut Vec<String>) {
    if let more @ 1.. = lines.len().saturating_sub(MOST_LINES) {
        lines.truncate(MOST_LINES);
        lines.push(format!("… {more} more lines"));
    }
}

fn shown([old, new]: [&str; 2], lines: &[String]) -> String {
    let header = [format!("--- {old}"), format!("+++ {new}")];
    header.iter().chain(lines).map(|line| escaped(line).into_owned() + "\n").collect()
}

/// Returns the diff by item. Empty if only the order of the lines, duplicates or line endings
/// differ.
fn by_item(current: &[&str], artefact: &str) -> Vec<String> {
    let mut before: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for line in current {
        before.entry(identity(line)).or_default().insert(*line);
    }
    let mut lines = Vec::new();
    for line in artefact.lines() {
        match before.remove(&identity(line)) {
            // After a merge, a file can have the lines of both sides.
            Some(old) if old.contains(line) => {
                lines.extend(old.iter().filter(|old| **old != line).map(|old| format!("-{old}")));
            }
            Some(old) => lines.extend(old.iter().flat_map(|old| fields_between(old, line))),
            None => lines.push(format!("+{line}")),
        }
    }
    let gone = before.values().flatten();
    lines.extend(gone.map(|line| format!("-{line}")));
    lines
}

/// Returns the kind and version of a signature, with the fields that name its item.
pub(super) fn identity(line: &str) -> String {
    let names = |field: &&str| IDENTITY.iter().any(|name| field.starts_with(name));
    let mut fields = line.split('|');
    let kind = fields.by_ref().take(2).collect::<Vec<_>>();
    if is_seal(line) {
        return kind.join("|");
    }
    kind.into_iter().chain(fields.take_while(names)).collect::<Vec<_>>().join("|")
}

fn fields_between(old: &str, new: &str) -> Vec<String> {
    let [old_fields, new_fields] = [old, new].map(|line| line.split('|').collect::<Vec<_>>());
    let mut lines = vec![format!("@@ {} @@", identity(new))];
    let difference = TextDiff::from_slices(&old_fields, &new_fields);
    let changed = difference.iter_all_changes().filter(|change| change.tag() != ChangeTag::Equal);
    lines.extend(changed.map(|change| format!("{}{}", change.tag(), change.value())));
    lines
}

fn by_line(current: &str, artefact: &str) -> Vec<String> {
    let unified = TextDiff::from_lines(current, artefact).unified_diff().to_string();
    // A carriage return is part of the line here, so it is shown.
    unified.split_terminator('\n').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{builtin, driver_signature, signature_document};

    /// Returns a signature document of two built-in contracts.
    fn current() -> String {
        let drivers = builtin::supported_drivers();
        signature_document(&drivers[..2], [])
    }

    fn of(current: &str, artefact: &str) -> String {
        of_artefact("old.txt", current, artefact, Emit::Text)
    }

    fn after(current: &str, artefact: &str) -> String {
        let text = of(current, artefact);
        text.strip_prefix("--- old.txt\n+++ compiled\n").unwrap().to_owned()
    }

    #[test]
    fn changed_item_shows_only_its_changed_fields() {
        let current = current();
        let artefact = current.replacen("jitter_percent=100", "jitter_percent=99", 1);
        let name = builtin::supported_drivers()[0].name.to_string();
        assert_eq!(
            after(&current, &artefact),
            format!(
                "@@ driver|v1|name={name} @@\n-retry_policy.jitter_percent=100\n\
                 +retry_policy.jitter_percent=99\n"
            )
        );
    }

    #[test]
    fn added_and_removed_items_are_shown_in_full() {
        let drivers = builtin::supported_drivers();
        let [one, two] = [0, 1].map(|index: usize| signature_document(&drivers[index..=index], []));
        let shown = after(&one, &two);
        let line = |sign, index: usize| format!("{sign}{}\n", driver_signature(&drivers[index]));
        assert!(shown.starts_with(&line('+', 1)), "{shown}");
        assert!(shown.ends_with(&line('-', 0)), "{shown}");
    }

    #[test]
    fn changed_line_ends_are_shown() {
        let current = current();
        assert!(after(&current.replacen('\n', "\r\n", 1), &current).contains("\\r\n"));
        assert!(after(&current, current.trim_end()).ends_with("\\ No newline at end of file\n"));
    }

    #[test]
    fn outdated_line_after_merge_is_shown_as_removed() {
        let current = current();
        let stale = current.lines().next().unwrap().replacen("percent=100", "percent=99", 1);
        assert_eq!(after(&format!("{current}{stale}\n"), &current), format!("-{stale}\n"));
        let [other, artefact] = ["=98", "=97"].map(|percent| stale.replacen("=99", percent, 1));
        let shown = after(&format!("{stale}\n{other}\n"), &format!("{artefact}\n"));
        assert_eq!(shown.matches("@@ driver|v1|name=").count(), 2, "{shown}");
    }

    #[test]
    fn lines_without_signatures_are_not_shown() {
        let current = current();
        let stranger =
            format!("KEY=secret\n{current}driver|v1|name=secret\ndigest|v1|sha256=secret\n");
        assert_eq!(of(&stranger, &current), "");
        assert_eq!(of_artefact("a.json", "{\"auths\": \"secret\"}\n", "{}\n", Emit::Json), "");
    }

    #[test]
    fn long_difference_is_truncated() {
        let mut lines = vec![String::new(); MOST_LINES + 2];
        cap(&mut lines);
        assert_eq!(
            (lines.len(), lines.last().unwrap().as_str()),
            (MOST_LINES + 1, "… 2 more lines")
        );
    }
}
