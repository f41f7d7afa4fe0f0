//! Compares the lines of a signature document as a set, and names each line that differs.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    cli::difference::identity,
    signature::{is_seal, is_signature, parse_budget_signature, parse_driver_signature},
};

/// The maximum number of problems that are listed.
const MOST_PROBLEMS: usize = 100;
/// The maximum number of line numbers in one problem.
const MOST_NUMBERS: usize = 10;
/// The starts of the lines that git writes around a conflict.
const MARKERS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// Returns true if two documents have the same lines. Ignores the order and duplicates.
pub(super) fn are_same_set(current: &str, artefact: &str) -> bool {
    set(current) == set(artefact)
}

fn set(text: &str) -> BTreeSet<&str> {
    text.split_terminator('\n').collect()
}

/// Returns a message for each line that is outdated, undeclared, missing or not a signature.
pub(super) fn problems(name: &str, current: &str, artefact: &str) -> Vec<String> {
    let expected: BTreeMap<_, _> = artefact.lines().map(|line| (identity(line), line)).collect();
    let mut found = BTreeSet::new();
    let mut other: BTreeMap<Fault, Vec<usize>> = BTreeMap::new();
    let mut problems = Vec::new();
    for (number, line) in (1..).zip(current.split_terminator('\n')) {
        let fault = Fault::of(line);
        if let Some(fault) = fault {
            other.entry(fault).or_default().push(number);
        }
        let line = match fault {
            None => line,
            Some(Fault::CarriageReturn) => line.trim_end_matches('\r'),
            Some(_) => continue,
        };
        let key = identity(line);
        match expected.get(&key) {
            Some(right) if *right == line => {}
            Some(_) => problems.push(format!("line {number} of `{name}` is {}", outdated(line))),
            None => {
                let item = item(line);
                problems
                    .push(format!("line {number} of `{name}` has {item}, which is not declared"));
            }
        }
        found.insert(key);
    }
    let missing = artefact.lines().filter(|line| !found.contains(&identity(line)));
    problems.extend(missing.map(|line| format!("{} is missing from `{name}`", item(line))));
    if let more @ 1.. = problems.len().saturating_sub(MOST_PROBLEMS) {
        problems.truncate(MOST_PROBLEMS);
        problems.push(format!("… {more} more lines"));
    }
    let other = other.iter().map(|(fault, numbers)| fault.message(name, numbers));
    other.chain(problems).collect()
}

/// A reason why a line is not a signature.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    ConflictMarker,
    Empty,
    CarriageReturn,
    Foreign,
}

impl Fault {
    fn of(line: &str) -> Option<Self> {
        if MARKERS.iter().any(|marker| line.starts_with(marker)) {
            return Some(Self::ConflictMarker);
        }
        if line.trim().is_empty() {
            return Some(Self::Empty);
        }
        if line.strip_suffix('\r').is_some_and(is_signature) {
            return Some(Self::CarriageReturn);
        }
        (!is_signature(line)).then_some(Self::Foreign)
    }

    fn message(self, name: &str, numbers: &[usize]) -> String {
        let (one, many) = match self {
            Self::ConflictMarker => ("is a conflict marker", "are conflict markers"),
            Self::Empty => ("is empty", "are empty"),
            Self::CarriageReturn => ("ends in CRLF, others do not", "end in CRLF, others do not"),
            Self::Foreign => ("is not a signature", "are not signatures"),
        };
        match numbers {
            [number] => format!("line {number} of `{name}` {one}"),
            _ => format!("lines {} of `{name}` {many}", listed(numbers)),
        }
    }
}

fn listed(numbers: &[usize]) -> String {
    let shown = numbers.iter().take(MOST_NUMBERS).map(ToString::to_string).collect::<Vec<_>>();
    let (last, before) = shown.split_last().map_or(("", &[][..]), |(last, rest)| (last, rest));
    match numbers.len().saturating_sub(MOST_NUMBERS) {
        0 => format!("{} and {last}", before.join(", ")),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Returns words for a line that is outdated, such as "an outdated signature of driver `a`".
fn outdated(line: &str) -> String {
    if is_seal(line) {
        return format!("an outdated {}", item(line).trim_start_matches("the "));
    }
    format!("an outdated signature of {}", item(line))
}

/// Returns the kind and the name of the item that a signature belongs to.
fn item(line: &str) -> String {
    if let Ok(driver) = parse_driver_signature(line) {
        return format!("driver `{}`", driver.name);
    }
    if let Ok(budget) = parse_budget_signature(line) {
        return format!("budget `{}` for `{}`", budget.profile.label(), budget.scope);
    }
    let kind = line.split('|').next().unwrap_or_default();
    format!("the {}", kind.replace('_', " "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{builtin, driver_signature, sealed_signature_document, signature_document};

    fn document() -> String {
        signature_document(&builtin::supported_drivers()[..2], [])
    }

    #[test]
    fn order_and_duplicates_do_not_matter() {
        let document = document();
        let reversed = document.lines().rev().collect::<Vec<_>>().join("\n");
        for same in [&document, &reversed, &document.repeat(2), document.trim_end()] {
            assert!(are_same_set(same, &document), "{same}");
            assert_eq!(problems("a", same, &document), [""; 0]);
        }
        let longer = format!("{document}\n");
        assert!(!are_same_set(&longer, &document));
    }

    #[test]
    fn each_outdated_undeclared_and_missing_driver_is_reported() {
        let drivers = builtin::supported_drivers();
        let names: Vec<_> = drivers.iter().map(|driver| driver.name.to_string()).collect();
        let current = document().replacen("jitter_percent=100", "jitter_percent=99", 1);
        let expected = signature_document([&drivers[0], &drivers[2]], []);
        assert_eq!(
            problems("a", &current, &expected),
            [
                format!("line 1 of `a` is an outdated signature of driver `{}`", names[0]),
                format!("line 2 of `a` has driver `{}`, which is not declared", names[1]),
                format!("driver `{}` is missing from `a`", names[2]),
            ]
        );
        // Both sides of a merge: one line is right, and the other is left over.
        let both = format!("{current}{}\n", driver_signature(&drivers[0]));
        let problems = problems("a", &both, &document());
        assert_eq!(
            problems,
            [format!("line 1 of `a` is an outdated signature of driver `{}`", names[0])]
        );
    }

    #[test]
    fn invalid_lines_are_reported_by_fault_with_line_numbers() {
        let document = document();
        let line = document.lines().next().unwrap();
        let current =
            format!("<<<<<<< HEAD\n{line}\r\n=======\n\n{document}>>>>>>> other\nKEY=secret\n");
        assert_eq!(
            problems("a", &current, &document),
            [
                "lines 1, 3 and 7 of `a` are conflict markers",
                "line 4 of `a` is empty",
                "line 2 of `a` ends in CRLF, others do not",
                "line 8 of `a` is not a signature",
            ]
        );
        assert_eq!(
            problems("a", &"\n".repeat(12), ""),
            ["lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more of `a` are empty"]
        );
    }

    #[test]
    fn outdated_seal_is_reported() {
        let drivers = builtin::supported_drivers();
        let [current, expected] =
            [&drivers[..1], &drivers[..2]].map(|some| sealed_signature_document(some, []));
        assert_eq!(
            problems("a", &current, &expected),
            [
                "line 2 of `a` is an outdated capability matrix".to_owned(),
                "line 3 of `a` is an outdated digest".to_owned(),
                format!("driver `{}` is missing from `a`", drivers[1].name),
            ]
        );
    }
}
