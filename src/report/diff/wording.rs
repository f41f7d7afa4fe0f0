//! Describes changes and their consequences in words.

use std::collections::BTreeSet;

use super::fold::is_folded;
use crate::{
    diff::{
        Accept, Acceptance, AffectedConsumers, Change, ChangedItem, Consequence, Difference,
        Direction, FieldValue, Headroom, Impact, KeyChange, ListedFinding, Severity, SideValue,
        names,
    },
    model::{
        BenchmarkProfile, DriverName, Field, LatencyUnit, Limit, Name, Scope, Verdict, Vocabulary,
    },
    report::{bench::factor, counted},
};

/// Describes a change in one line: `` `max_attempts` of driver `a` changed from 3 to 5 (+66%) ``.
pub(super) fn message(change: &Change) -> String {
    if let ChangedItem::Configuration(KeyChange { key, old, new, file }) = &change.contract {
        if change.field == Field::Name {
            return format!("`{file}` was {}", change.direction.label());
        }
        if matches!(change.field, Field::Include | Field::Exclude) {
            return format!("`{key}` in `{file}` now leaves out `{old}`");
        }
        return format!("`{key}` in `{file}` changed from `{old}` to `{new}`");
    }
    if let ChangedItem::Baseline(ListedFinding { line, file, .. }) = &change.contract {
        let is_added = change.direction == Direction::Add;
        let (happened, preposition) = if is_added { ("added", "to") } else { ("removed", "from") };
        return format!("`{line}` was {happened} {preposition} `{file}`");
    }
    let subject = subject(&change.contract);
    if change.field == Field::Instances {
        return instances(change, &subject);
    }
    match (change.field, &change.old, &change.new) {
        (Field::Name, Some(_), Some(new)) => format!("{subject} was renamed to {}", value(new)),
        (
            Field::Name
            | Field::Benchmark
            | Field::Waiver
            | Field::Baseline
            | Field::Server
            | Field::Caller
            | Field::Call
            | Field::Requirement,
            ..,
        ) => {
            format!("{subject} was {}", change.direction.label())
        }
        (Field::Capabilities, old, new) if change.part.detail.is_some() => {
            let side = if change.direction == Direction::Add { new } else { old };
            let label = side.as_ref().map(value).unwrap_or_default();
            let happened = change.direction.label();
            format!("capability {label} of {subject} was {happened}")
        }
        (field, Some(old), Some(new)) => {
            let (from, to) = (value(old), value(new));
            let percent = percent(change);
            format!("`{}` of {subject} changed from {from} to {to}{percent}", field.path())
        }
        (field, Some(old), None) if !change.drivers.is_empty() => {
            format!("`{}` of {subject} no longer applies (was {})", field.path(), value(old))
        }
        (field, None, Some(new)) if !change.drivers.is_empty() => {
            format!("`{}` of {subject} now applies: {}", field.path(), value(new))
        }
        (field, Some(old), None) => {
            format!("`{}` of {subject} was removed (was {})", field.path(), value(old))
        }
        (field, None, Some(new)) => {
            format!("`{}` of {subject} was set to {}", field.path(), value(new))
        }
        (field, None, None) => format!("`{}` of {subject} changed", field.path()),
    }
}

/// Describes a change in the number of instances of one driver.
fn instances(change: &Change, subject: &str) -> String {
    let driver = change.part.detail.as_deref().unwrap_or_default();
    let counted = |count: &str, verb| match count {
        "1" => format!("1 instance of `{driver}` in {subject} was {verb}"),
        _ => format!("{count} instances of `{driver}` in {subject} were {verb}"),
    };
    let subject = format!("instances of `{driver}` in {subject}");
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => {
            format!(
                "the {subject} changed from {} to {}{}",
                value(old),
                value(new),
                percent(change)
            )
        }
        (None, Some(new)) => counted(&value(new), "added"),
        (Some(old), None) => counted(&value(old), "removed"),
        (None, None) => format!("the {subject} changed"),
    }
}

/// Returns the item that changed.
pub(super) fn subject(contract: &ChangedItem) -> String {
    match contract {
        ChangedItem::Driver(name) => format!("driver `{name}`"),
        ChangedItem::Budget(profile, scope) => of_scope("budget", *profile, scope),
        ChangedItem::Workload(profile, scope) => of_scope("workload", *profile, scope),
        ChangedItem::Benchmark(driver, profile) => {
            format!("a benchmark of `{driver}` under `{}`", profile.label())
        }
        ChangedItem::Waiver(rule, Some(driver)) => format!("the waiver of `{rule}` for `{driver}`"),
        ChangedItem::Waiver(rule, None) => format!("the waiver of `{rule}` for every driver"),
        ChangedItem::Baseline(line) => format!("the baseline `{}`", line.file),
        ChangedItem::Template(name) => format!("template `{name}`"),
        ChangedItem::Server(name) => format!("server `{name}`"),
        ChangedItem::Caller(name) => format!("caller `{name}`"),
        ChangedItem::Call(from, to) => format!("the call from `{from}` to `{to}`"),
        ChangedItem::Requirement(consumer, driver, profile) => {
            let load = profile.map(|profile| format!(" under `{}`", profile.label()));
            let load = load.unwrap_or_default();
            format!("the requirement of `{consumer}` for `{driver}`{load}")
        }
        ChangedItem::Configuration(KeyChange { key, file, .. }) if key == file => {
            format!("`{file}`")
        }
        ChangedItem::Configuration(KeyChange { key, file, .. }) => format!("`{key}` in `{file}`"),
    }
}

fn of_scope(noun: &str, profile: BenchmarkProfile, scope: &Scope) -> String {
    let profile = profile.label();
    match scope {
        Scope::All => format!("{noun} `{profile}`"),
        Scope::Class(class) => format!("{noun} `{profile}` for class `{}`", class.label()),
        Scope::Driver(name) => format!("{noun} `{profile}` for `{name}`"),
    }
}

/// Returns the value of one side, in the form for a sentence.
pub(super) fn value(side: &SideValue) -> String {
    match &side.value {
        None => "nothing".to_owned(),
        Some(FieldValue::Text(text)) if text.is_empty() => "an empty string".to_owned(),
        Some(FieldValue::Text(text)) => format!("`{text}`"),
        Some(value @ (FieldValue::Number(..) | FieldValue::Latency(_) | FieldValue::Day(_))) => {
            value.to_string()
        }
    }
}

fn percent(change: &Change) -> String {
    let values = |side: &Option<SideValue>| side.as_ref().and_then(|side| side.value.clone());
    let (old, new) = (values(&change.old), values(&change.new));
    let percent = old.zip(new).and_then(|(old, new)| old.percent(&new));
    percent.map(|percent| format!(" ({percent:+}%)")).unwrap_or_default()
}

/// Returns the drivers, figures and notes of a change, one line each.
pub(super) fn details(change: &Change) -> Vec<String> {
    let drivers =
        (!change.drivers.is_empty()).then(|| format!("applies to {}", names(&change.drivers)));
    drivers.into_iter().chain(figures(change)).collect()
}

/// The maximum number of drivers whose figures are shown.
const MOST_FIGURES: usize = 3;

/// Returns the figures and notes of a change, one line each.
pub(super) fn figures(change: &Change) -> Vec<String> {
    let own = change.contract.driver();
    let lines = change.consequences.iter().map(|figure| consequence(figure, own));
    let mut lines: Vec<_> =
        if own.is_some() { lines.collect() } else { lines.take(MOST_FIGURES).collect() };
    if let more @ 1.. = change.consequences.len() - lines.len() {
        lines.push(format!("… and {}", counted(more, "more driver")));
    }
    lines.extend(consumers(&change.consumers));
    lines.extend(change.notes.iter().cloned());
    lines
}

/// Says which declared consumers a breaking change breaks: `` breaks `billing` and `search`; not
/// `audit` ``. Returns `None` if the drivers have no declared consumers.
pub(super) fn consumers(consumers: &AffectedConsumers) -> Option<String> {
    let AffectedConsumers { broken, unaffected } = consumers;
    let (lost, kept) = (listed(broken, "and"), listed(unaffected, "or"));
    match (&broken[..], &unaffected[..]) {
        ([], []) => None,
        ([], _) => Some(format!("breaks no requirement of {kept}")),
        (_, []) => Some(format!("breaks {lost}")),
        (_, _) => Some(format!("breaks {lost}; not {kept}")),
    }
}

/// The maximum number of consumers that a line names.
const MOST_CONSUMERS: usize = 10;

/// Joins the first names: `` `a`, `b` and `c` ``, or with more names `` `a`, `b` and 7 more ``.
fn listed(names: &[Name], word: &str) -> String {
    let mut parts: Vec<_> =
        names.iter().take(MOST_CONSUMERS).map(|name| format!("`{name}`")).collect();
    if let more @ 1.. = names.len() - parts.len() {
        parts.push(format!("{more} more"));
    }
    match &parts[..] {
        [rest @ .., last] if !rest.is_empty() => format!("{} {word} {last}", rest.join(", ")),
        parts => parts.concat(),
    }
}

/// Describes a changed figure: `worst case: 15150 ms → 25750 ms`. Names the driver of the figure
/// unless it is `own`, the driver that changed.
fn consequence(consequence: &Consequence, own: Option<&DriverName>) -> String {
    let Consequence { driver, figure, before, after } = consequence;
    let shown = |figures: &Option<u64>| match figures {
        Some(number) => format!("{number}{}", figure.unit(*number)),
        None => "none".to_owned(),
    };
    let load = figure.profile().map(|profile| format!(" under `{}`", profile.label()));
    let load = load.unwrap_or_default();
    let of = if own == Some(driver) { String::new() } else { format!(" of `{driver}`") };
    format!("{}{of}{load}: {} → {}", figure.label(), shown(before), shown(after))
}

/// Describes the impact on a driver's benchmarks, in one line.
pub(super) fn impact(impact: &Impact) -> String {
    let (driver, profile) = (&impact.driver, impact.profile.label());
    let [before, after] = [0, 1].map(|side| verdicts(impact, side));
    let judged = format!("{before} → {after}");
    let parts: Vec<_> = std::iter::once(judged).chain(impact.limits.iter().map(headroom)).collect();
    format!("`{driver}` under `{profile}`: {}", parts.join("; "))
}

/// Returns the verdicts in one line: `2 pass, 1 inconclusive`.
fn verdicts(impact: &Impact, side: usize) -> String {
    let words = [Verdict::Pass, Verdict::Inconclusive, Verdict::Fail]
        .map(|verdict| (Some(verdict), verdict.label()))
        .into_iter()
        .chain([(None, "without a budget")]);
    let counts = words.filter_map(|(verdict, label)| match impact.count(verdict)[side] {
        0 => None,
        count => Some(format!("{count} {label}")),
    });
    counts.collect::<Vec<_>>().join(", ")
}

fn headroom(headroom: &Headroom) -> String {
    let Headroom { limit, old, new, before, after } = headroom;
    let field = limit.field();
    // Both values are in the unit that states both as whole numbers.
    let values = [old, new].into_iter().copied().flatten();
    let unit = values.map(LatencyUnit::canonical).max().unwrap_or_default();
    let number = |value: u64| if field.twin().is_some() { unit.of_us(value) } else { value };
    let bound =
        |value: &Option<u64>| value.map_or("none".to_owned(), |value| number(value).to_string());
    let times = |percent: &Option<u64>| percent.map_or("-".to_owned(), factor);
    let edit = edit(*limit, *old, *new);
    let key = field.key_in(unit);
    format!(
        "`{key}` {} → {}{edit}, headroom {} → {}",
        bound(old),
        bound(new),
        times(before),
        times(after)
    )
}

/// Returns the change of a limit in words: ` (loosened by 40%)`.
fn edit(limit: Limit, old: Option<u64>, new: Option<u64>) -> String {
    let Some((old, new)) = old.zip(new) else { return String::new() };
    let loosened = (new > old) != (limit == Limit::Throughput);
    let verb = if loosened { "loosened" } else { "tightened" };
    let difference = u128::from(old.abs_diff(new)) * 100;
    match difference.checked_div(u128::from(old)) {
        Some(percent) => format!(" ({verb} by {percent}%)"),
        None => format!(" ({verb})"),
    }
}

/// Describes how a verdict changed: `fail, was pass`.
pub(super) fn turned(before: Verdict, after: Verdict) -> String {
    format!("{}, was {}", after.label(), before.label())
}

/// Returns a line that says how to accept the changes that fail the run. Returns `None` if none of
/// these changes is open and can be accepted.
pub(super) fn how_to_accept(difference: &Difference, fail_on: Severity) -> Option<String> {
    let failing = || difference.open().filter(|change| change.severity >= fail_on);
    let example = failing().find_map(|change| {
        let own = Accept::of(change)?;
        let shared = Accept::of_template(change).filter(|_| is_folded(change, difference));
        Some(shared.unwrap_or(own))
    })?;
    let pending = failing().any(|change| change.waiver_pending);
    let rules: BTreeSet<_> =
        failing().filter_map(|change| change.severity.rule()).map(|rule| rule.name).collect();
    let rules: Vec<_> = rules.into_iter().map(|name| format!("`{name}`")).collect();
    let waiver = if pending {
        "merge the waiver in this change first".to_owned()
    } else {
        format!("merge a `[[waiver]]` for {} first", rules.join(" or "))
    };
    Some(format!("to accept a change, {waiver}, or add `--accept {example}`"))
}

/// Returns a text that says how a change was accepted.
pub(super) fn acceptance(acceptance: &Acceptance) -> String {
    match acceptance {
        Acceptance::Waiver { reason, owner, .. } => {
            format!("accepted by a waiver owned by `{owner}`: {reason}")
        }
        Acceptance::Argument => "accepted by `--accept`".to_owned(),
    }
}

/// Returns the number of changes: `1 breaking, 2 risky and 3 compatible changes, 1 accepted`, or
/// `no changes`.
pub(super) fn summary(difference: &Difference) -> String {
    if difference.changes.is_empty() {
        return "no changes".to_owned();
    }
    let counts = Severity::ALL.iter().map(|severity| (difference.count(*severity), severity));
    let parts: Vec<_> = counts
        .filter(|(count, _)| *count > 0)
        .map(|(count, severity)| format!("{count} {severity}"))
        .collect();
    let accepted = difference.changes.len() - difference.open().count();
    let open = match (&*parts, difference.open().count()) {
        ([], _) => "no open changes".to_owned(),
        ([only], 1) => format!("{only} change"),
        ([only], _) => format!("{only} changes"),
        ([first @ .., last], _) => format!("{} and {last} changes", first.join(", ")),
    };
    if accepted == 0 { open } else { format!("{open}, {accepted} accepted") }
}
