//! Changes and what follows from them, in words.

use crate::{
    diff::{
        Acceptance, Change, Consequence, Contract, Difference, Direction, Headroom, Impact,
        Severity, Side, Value,
    },
    model::{BenchmarkProfile, DriverName, Field, Limit, Scope, Vocabulary},
    report::counted,
};

/// What happened, in one line: `` `max_attempts` of driver `a` went from 3 to 5 (+66 %) ``.
pub(super) fn message(change: &Change) -> String {
    let subject = subject(&change.contract);
    match (change.field, &change.old, &change.new) {
        (Field::Name, Some(_), Some(new)) => format!("{subject} was renamed to {}", value(new)),
        (Field::Name | Field::Benchmark | Field::Waiver, ..) => {
            format!("{subject} was {}", change.direction.label())
        }
        (Field::Capabilities, Some(old), Some(new)) => {
            let side = if change.direction == Direction::Add { new } else { old };
            let happened = change.direction.label();
            format!("capability {} of {subject} was {happened}", value(side))
        }
        (field, Some(old), Some(new)) => {
            let (from, to) = (value(old), value(new));
            format!("`{}` of {subject} went from {from} to {to}{}", field.path(), percent(change))
        }
        (field, Some(old), None) => {
            format!("`{}` of {subject} is not set any more; it was {}", field.path(), value(old))
        }
        (field, None, Some(new)) => {
            format!("`{}` of {subject} was set to {}", field.path(), value(new))
        }
        (field, None, None) => format!("`{}` of {subject} changed", field.path()),
    }
}

/// What a change is about.
pub(super) fn subject(contract: &Contract) -> String {
    match contract {
        Contract::Driver(name) => format!("driver `{name}`"),
        Contract::Budget(profile, scope) => of_scope("budget", *profile, scope),
        Contract::Workload(profile, scope) => of_scope("workload", *profile, scope),
        Contract::Benchmark(driver, profile) => {
            format!("a sample of `{driver}` under `{}`", profile.label())
        }
        Contract::Waiver(rule, Some(driver)) => format!("the waiver of `{rule}` for `{driver}`"),
        Contract::Waiver(rule, None) => format!("the waiver of `{rule}` for every driver"),
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

/// The value of one side as it stands in a sentence.
pub(super) fn value(side: &Side) -> String {
    match &side.value {
        None => "nothing".to_owned(),
        Some(Value::Text(text)) if text.is_empty() => "an empty text".to_owned(),
        Some(Value::Text(text)) => format!("`{text}`"),
        Some(value @ (Value::Number(..) | Value::Day(_))) => value.to_string(),
    }
}

fn percent(change: &Change) -> String {
    let values = |side: &Option<Side>| side.as_ref().and_then(|side| side.value.clone());
    let (old, new) = (values(&change.old), values(&change.new));
    let percent = old.zip(new).and_then(|(old, new)| old.percent(&new));
    percent.map(|percent| format!(" ({percent:+} %)")).unwrap_or_default()
}

/// What follows from a change and is to be known, each one line.
pub(super) fn details(change: &Change) -> Vec<String> {
    let drivers = (!change.drivers.is_empty()).then(|| format!("binds {}", names(&change.drivers)));
    let consequences = change.consequences.iter().map(consequence);
    drivers.into_iter().chain(consequences).chain(change.notes.iter().cloned()).collect()
}

fn names(names: &[DriverName]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// `` worst case of `a`: 15150 ms → 25750 ms ``.
pub(super) fn consequence(consequence: &Consequence) -> String {
    let Consequence { driver, figure, before, after } = consequence;
    let shown = |figures: &Option<u64>| match figures {
        Some(number) => format!("{number}{}", figure.unit()),
        None => "unknown".to_owned(),
    };
    let load = figure.profile().map(|profile| format!(" under `{}`", profile.label()));
    let load = load.unwrap_or_default();
    format!("{} of `{driver}`{load}: {} → {}", figure.label(), shown(before), shown(after))
}

/// What a changed budget means for the samples of a driver, in one line.
pub(super) fn impact(impact: &Impact) -> String {
    let Impact { driver, profile, samples, failed_before, failed_after, limits, .. } = impact;
    let samples = counted(*samples, "sample");
    let profile = profile.label();
    let failed = |number: usize| if number == 0 { "none".to_owned() } else { number.to_string() };
    let (before, after) = (failed(*failed_before), failed(*failed_after));
    let judged = format!("of {samples} {before} failed before, {after} now");
    let parts: Vec<_> = std::iter::once(judged).chain(limits.iter().map(headroom)).collect();
    format!("`{driver}` under `{profile}`: {}", parts.join("; "))
}

fn headroom(headroom: &Headroom) -> String {
    let Headroom { limit, old, new, before, after } = headroom;
    let bound = |value: &Option<u64>| value.map_or("none".to_owned(), |value| value.to_string());
    let left = |room: &Option<i128>| room.map_or("unknown".to_owned(), |room| format!("{room} %"));
    let edit = edit(*limit, *old, *new);
    let key = limit.field().key();
    format!(
        "`{key}` {} → {}{edit}, headroom {} → {}",
        bound(old),
        bound(new),
        left(before),
        left(after)
    )
}

/// `, loosened by 40 %`.
fn edit(limit: Limit, old: Option<u64>, new: Option<u64>) -> String {
    let Some((old, new)) = old.zip(new) else { return String::new() };
    let loosened = (new > old) != (limit == Limit::Throughput);
    let verb = if loosened { "loosened" } else { "tightened" };
    let difference = u128::from(old.abs_diff(new)) * 100;
    match difference.checked_div(u128::from(old)) {
        Some(percent) => format!(", {verb} by {percent} %"),
        None => format!(", {verb}"),
    }
}

/// How a change was accepted.
pub(super) fn acceptance(acceptance: &Acceptance) -> String {
    match acceptance {
        Acceptance::Waiver { reason, owner, .. } => {
            format!("accepted by a waiver of `{owner}`: {reason}")
        }
        Acceptance::Argument => "accepted by `--accept`".to_owned(),
    }
}

/// `1 breaking, 2 risky and 3 compatible changes, 1 accepted`, or `no changes`.
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
