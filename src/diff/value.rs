//! Compares the values of fields.

use std::fmt;

use super::{
    Direction,
    changes::{FieldChanges, row},
};
use crate::model::{
    Field, LatencyUnit, Operation, ServiceTime, Trigger, TriggerEffect,
    record::{self, Literal, Record},
};

/// A value of a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldValue {
    /// A number and its unit, which can start with a space or be empty.
    Number(u64, &'static str),
    /// A latency in microseconds.
    Latency(u64),
    /// A date, as written in TOML.
    Day(String),
    /// Any other value, as text.
    Text(String),
}

impl FieldValue {
    /// Formats a value as [`FieldValue::Text`].
    pub fn text(text: impl fmt::Display) -> Self {
        Self::Text(text.to_string())
    }

    /// Returns the number, if the value is numeric. A latency is in milliseconds, rounded up.
    pub const fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number, _) => Some(*number),
            Self::Latency(us) => Some(LatencyUnit::Milliseconds.of_us(*us)),
            Self::Day(_) | Self::Text(_) => None,
        }
    }

    /// Returns the microseconds of a latency.
    pub const fn micros(&self) -> Option<u64> {
        match self {
            Self::Latency(us) => Some(*us),
            Self::Number(..) | Self::Day(_) | Self::Text(_) => None,
        }
    }

    /// Returns the change in percent of the old value, rounded towards zero. Returns `None` if the
    /// old value is 0, if the values are equal, or if one of the values is not a number.
    pub fn percent(&self, new: &Self) -> Option<i128> {
        let exact = |value: &Self| value.micros().or_else(|| value.number());
        let (old, new) = (i128::from(exact(self)?), i128::from(exact(new)?));
        (old > 0 && old != new).then(|| (new - old) * 100 / old)
    }
}

impl From<Literal<'_>> for FieldValue {
    fn from(literal: Literal<'_>) -> Self {
        match literal {
            Literal::Number(number, unit) => Self::Number(number, unit),
            Literal::Latency(us, _) => Self::Latency(us),
            Literal::Flag(flag) => Self::text(flag),
            Literal::Word(word) => Self::text(word),
            Literal::Text(text) => Self::text(text),
            Literal::Date(date) => Self::Day(date.to_string()),
            Literal::Digest(digest) => Self::text(digest),
            Literal::Scope(scope) => Self::text(scope),
            Literal::Capabilities(capabilities) => {
                joined(capabilities.iter().map(|it| it.label().to_owned()), ", ")
            }
            Literal::Seeds(seeds) => joined(seeds.iter().map(|seed| seed.get().to_string()), ", "),
            Literal::Burst(burst) => Self::text(format!(
                "{} for {} of each {}",
                burst.percent(),
                burst.on_ms(),
                burst.period_ms()
            )),
            Literal::Trigger(trigger) => {
                let Trigger { start_ms, duration_ms, effect } = trigger;
                let effect = match effect {
                    TriggerEffect::Service(percent) => format!("{percent} of the service time"),
                    TriggerEffect::Rate(percent) => format!("{percent} of the rate"),
                };
                Self::text(format!("{effect} for {duration_ms} from {start_ms}"))
            }
            Literal::Instances(instances) => {
                joined(instances.iter().map(|(name, count)| format!("{name}: {count}")), ", ")
            }
            Literal::Operations(operations) => {
                let kind = |it: &Operation| format!("{} × {}", it.weight, service(&it.service));
                joined(operations.iter().map(kind), "; ")
            }
        }
    }
}

fn joined(parts: impl Iterator<Item = String>, between: &str) -> FieldValue {
    FieldValue::Text(parts.collect::<Vec<_>>().join(between))
}

fn service(service: &ServiceTime) -> String {
    match service {
        ServiceTime::Quantiles(quantiles) => {
            let points = quantiles.points().iter().map(|(share, us)| format!("{share}: {us}"));
            format!("quantiles {}", points.collect::<Vec<_>>().join(", "))
        }
        ServiceTime::Exponential(mean) => format!("exponential {mean}"),
        ServiceTime::Constant(time) => format!("constant {time}"),
    }
}

/// Returns the compared fields of a record with their values, in canonical order.
pub(super) fn values(record: &impl Record) -> Vec<(Field, Option<FieldValue>)> {
    let fields = record::fields(record).into_iter();
    let compared = fields.filter(|(field, _)| matches!(row(*field), FieldChanges::Compared(_)));
    compared.map(|(field, literal)| (field, literal.map(FieldValue::from))).collect()
}

/// A field with its value before and after a change.
pub(super) struct ChangedValue {
    pub(super) field: Field,
    pub(super) direction: Direction,
    pub(super) sides: [Option<FieldValue>; 2],
}

/// Returns the values that differ between two lists, which must have the same fields in the same
/// order.
pub(super) fn changed_values(
    before: Vec<(Field, Option<FieldValue>)>,
    after: Vec<(Field, Option<FieldValue>)>,
) -> impl Iterator<Item = ChangedValue> {
    before.into_iter().zip(after).filter_map(|((field, old), (_, new))| {
        let direction = direction(old.as_ref(), new.as_ref())?;
        Some(ChangedValue { field, direction, sides: [old, new] })
    })
}

impl fmt::Display for FieldValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number, unit) => write!(formatter, "{number}{unit}"),
            Self::Latency(us) => {
                let unit = LatencyUnit::canonical(*us);
                write!(formatter, "{}{}", unit.of_us(*us), unit.suffix())
            }
            Self::Day(text) | Self::Text(text) => formatter.write_str(text),
        }
    }
}

/// Returns the direction of a change, or `None` if the values are equal.
pub(super) fn direction(old: Option<&FieldValue>, new: Option<&FieldValue>) -> Option<Direction> {
    match (old, new) {
        (None, None) => None,
        (None, Some(_)) => Some(Direction::Add),
        (Some(_), None) => Some(Direction::Remove),
        (Some(old), Some(new)) if old == new => None,
        (Some(FieldValue::Text(_)), Some(_)) | (Some(_), Some(FieldValue::Text(_))) => {
            Some(Direction::Change)
        }
        // Dates sort as text.
        (Some(old), Some(new)) if old < new => Some(Direction::Increase),
        (Some(_), Some(_)) => Some(Direction::Decrease),
    }
}
