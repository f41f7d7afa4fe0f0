//! The difference between a file and what would be written to it, as people read it.

use std::collections::BTreeMap;

use similar::{ChangeTag, TextDiff};

use super::arguments::Emit;
use crate::report::escaped;

/// The fields that say which item a signature is of; they come first.
const IDENTITY: [&str; 4] = ["name=", "profile=", "scope=", "driver="];

/// A unified difference of two texts, each with its name, safe to show.
pub(super) fn of_texts(old: (&str, &str), new: (&str, &str)) -> String {
    shown([old.0, new.0], &by_line(old.1, new.1))
}

/// The same of a file and the artefact that should be in it.
///
/// Of a signature that has changed, only the fields that differ are shown, each on its own line.
pub(super) fn of_artefact(name: &str, current: &str, artefact: &str, emit: Emit) -> String {
    let mut lines = match emit {
        Emit::Text => by_item(current, artefact),
        Emit::Json => Vec::new(),
    };
    if lines.is_empty() {
        lines = by_line(current, artefact);
    }
    shown([name, "compiled"], &lines)
}

fn shown([old, new]: [&str; 2], lines: &[String]) -> String {
    let header = [format!("--- {old}"), format!("+++ {new}")];
    header.iter().chain(lines).map(|line| escaped(line).into_owned() + "\n").collect()
}

/// Nothing, if only the order of the lines differs, or how they end.
fn by_item(current: &str, artefact: &str) -> Vec<String> {
    let items = |text| str::lines(text).map(|line| (identity(line), line)).collect();
    let [before, after]: [BTreeMap<_, _>; 2] = [items(current), items(artefact)];
    let mut lines = Vec::new();
    for line in artefact.lines() {
        match before.get(&identity(line)) {
            Some(old) if *old == line => {}
            Some(old) => lines.extend(fields_between(old, line)),
            None => lines.push(format!("+{line}")),
        }
    }
    let gone = current.lines().filter(|line| !after.contains_key(&identity(line)));
    lines.extend(gone.map(|line| format!("-{line}")));
    lines
}

/// The kind of a signature with the version and the fields that name the item.
fn identity(line: &str) -> String {
    let names = |field: &&str| IDENTITY.iter().any(|name| field.starts_with(name));
    let mut fields = line.split('|');
    let kind = fields.by_ref().take(2).collect::<Vec<_>>();
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
    // A carriage return is part of the line here, and is shown.
    unified.split_terminator('\n').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURRENT: &str = "driver|v1|name=a|max_in_flight=1|max_queue_depth=2\n\
                           driver|v1|name=b|max_in_flight=1\n\
                           digest|v1|sha256=00\n";

    fn after(artefact: &str) -> String {
        let difference = of_artefact("old.txt", CURRENT, artefact, Emit::Text);
        difference.strip_prefix("--- old.txt\n+++ compiled\n").unwrap().to_owned()
    }

    #[test]
    fn of_a_changed_item_only_the_changed_fields_are_shown() {
        let artefact =
            CURRENT.replacen("max_in_flight=1", "max_in_flight=3", 1).replace("00", "ff");
        assert_eq!(
            after(&artefact),
            "@@ driver|v1|name=a @@\n-max_in_flight=1\n+max_in_flight=3\n\
             @@ digest|v1 @@\n-sha256=00\n+sha256=ff\n"
        );
    }

    #[test]
    fn an_item_comes_or_goes_as_a_whole() {
        let artefact = CURRENT.replace("name=b", "name=c");
        assert_eq!(
            after(&artefact),
            "+driver|v1|name=c|max_in_flight=1\n-driver|v1|name=b|max_in_flight=1\n"
        );
    }

    #[test]
    fn ends_and_order_of_lines_are_shown_line_by_line() {
        assert_eq!(
            after(&CURRENT.replacen('\n', "\r\n", 1)),
            "@@ -1,3 +1,3 @@\n\
             -driver|v1|name=a|max_in_flight=1|max_queue_depth=2\n\
             +driver|v1|name=a|max_in_flight=1|max_queue_depth=2\\r\n \
             driver|v1|name=b|max_in_flight=1\n digest|v1|sha256=00\n"
        );
        assert!(after(CURRENT.trim_end()).ends_with("\\ No newline at end of file\n"));
    }

    #[test]
    fn json_is_compared_line_by_line() {
        let difference = of_artefact("a\n.json", "{\n  \"a|b\": 1\n}\n", "{\n}\n", Emit::Json);
        assert_eq!(
            difference,
            "--- a\\n.json\n+++ compiled\n@@ -1,3 +1,2 @@\n {\n-  \"a|b\": 1\n }\n"
        );
    }
}
