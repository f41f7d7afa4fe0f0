//! Writes a difference as JSON.
//!
//! The types mirror the documented schema. Change them only together with [`SCHEMA_VERSION`].

use std::io::{self, Write};

use serde::Serialize;

use super::view::{self, ChangeView, ImpactView, Spot, View};
use crate::{
    diff,
    model::{BenchmarkProfile, DriverName, LatencyUnit, Name, Verdict},
    report::json_text::pretty,
    source,
};

const SCHEMA_VERSION: u32 = 2;

#[derive(Serialize)]
struct Report<'v> {
    schema_version: u32,
    against: &'v str,
    changes: Vec<Change<'v>>,
    impacts: Vec<Impact<'v>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Change<'v> {
    severity: &'static str,
    rule: Option<&'static str>,
    kind: &'static str,
    contract: String,
    path: String,
    field: &'static str,
    direction: &'static str,
    message: &'v str,
    meaning: &'static str,
    old: Option<Side<'v>>,
    new: Option<Side<'v>>,
    drivers: Vec<&'v str>,
    consequences: Vec<Consequence<'v>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumers: Option<Consumers<'v>>,
    notes: &'v [String],
    accepted: Option<Acceptance<'v>>,
}

#[derive(Serialize)]
struct Side<'v> {
    value: Option<String>,
    number: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number_us: Option<u64>,
    token: Option<&'v str>,
    place: Place<'v>,
}

#[derive(Serialize)]
struct Place<'v> {
    path: &'v str,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
    offset: u32,
}

#[derive(Serialize)]
struct Consequence<'v> {
    driver: &'v str,
    figure: &'static str,
    profile: Option<BenchmarkProfile>,
    before: Option<u64>,
    after: Option<u64>,
}

#[derive(Serialize)]
struct Consumers<'v> {
    broken: &'v [Name],
    unaffected: &'v [Name],
}

#[derive(Serialize)]
struct Acceptance<'v> {
    by: &'static str,
    reason: Option<&'v str>,
    owner: Option<&'v str>,
    place: Option<Place<'v>>,
}

#[derive(Serialize)]
struct Impact<'v> {
    driver: &'v str,
    profile: BenchmarkProfile,
    samples: usize,
    failed_before: usize,
    failed_after: usize,
    inconclusive_before: usize,
    inconclusive_after: usize,
    limits: Vec<Limit>,
    rescued: Vec<Turned<'v>>,
    broken: Vec<Turned<'v>>,
}

#[derive(Serialize)]
struct Turned<'v> {
    before: &'static str,
    after: &'static str,
    place: Place<'v>,
}

#[derive(Serialize)]
struct Limit {
    field: &'static str,
    old: Option<u64>,
    new: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_us: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_us: Option<u64>,
    headroom_before_percent: Option<u64>,
    headroom_after_percent: Option<u64>,
}

#[derive(Serialize)]
struct Summary {
    breaking: usize,
    risky: usize,
    compatible: usize,
    accepted: usize,
}

/// Writes one indented document with a final newline.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let difference = view.difference;
    let report = Report {
        schema_version: SCHEMA_VERSION,
        against: view.against,
        changes: view.entries.iter().map(change).collect(),
        impacts: view.judgements.iter().map(impact).collect(),
        summary: Summary {
            breaking: difference.count(diff::Severity::Breaking),
            risky: difference.count(diff::Severity::Risky),
            compatible: difference.count(diff::Severity::Compatible),
            accepted: difference.changes.len() - difference.open().count(),
        },
    };
    writeln!(out, "{}", pretty(&report)?)
}

fn change<'v>(entry: &'v ChangeView<'_>) -> Change<'v> {
    let change = &*entry.change;
    Change {
        severity: change.severity.label(),
        rule: change.severity.rule().map(|rule| rule.name),
        kind: change.contract.kind(),
        contract: change.contract.to_string(),
        path: change.path(),
        field: change.field.path(),
        direction: change.direction.label(),
        message: &entry.message,
        meaning: change.meaning,
        old: side(change.old.as_ref(), entry.old.as_ref()),
        new: side(change.new.as_ref(), entry.new.as_ref()),
        drivers: change.drivers.iter().map(DriverName::as_str).collect(),
        consequences: change.consequences.iter().map(consequence).collect(),
        consumers: consumers(&change.consumers),
        notes: &change.notes,
        accepted: change.accepted.as_ref().map(|accepted| acceptance(accepted, entry)),
    }
}

fn side<'v>(side: Option<&'v diff::SideValue>, spot: Option<&'v Spot>) -> Option<Side<'v>> {
    let (side, spot) = side.zip(spot)?;
    Some(Side {
        value: side.value.as_ref().map(ToString::to_string),
        number: side.value.as_ref().and_then(diff::FieldValue::number),
        number_us: side.value.as_ref().and_then(diff::FieldValue::micros),
        token: side.token.as_deref(),
        place: place(spot),
    })
}

fn place(spot: &Spot) -> Place<'_> {
    let view::Spot { path, span, start, end } = spot;
    let position =
        |at: &source::Position, offset| Position { line: at.line, column: at.column, offset };
    Place { path, start: position(start, span.start), end: position(end, span.end) }
}

fn consequence(consequence: &diff::Consequence) -> Consequence<'_> {
    let diff::Consequence { driver, figure, before, after } = consequence;
    Consequence {
        driver,
        figure: match figure {
            diff::DerivedFigure::WorstCase => "worst_case_ms",
            diff::DerivedFigure::Amplification => "amplification",
            diff::DerivedFigure::RetrySpread => "retry_spread_ms",
            diff::DerivedFigure::QueueDrain(_) => "queue_drain_ms",
        },
        profile: figure.profile(),
        before: *before,
        after: *after,
    }
}

fn consumers(consumers: &diff::AffectedConsumers) -> Option<Consumers<'_>> {
    let diff::AffectedConsumers { broken, unaffected } = consumers;
    (!consumers.is_empty()).then_some(Consumers { broken, unaffected })
}

fn acceptance<'v>(accepted: &'v diff::Acceptance, entry: &'v ChangeView<'_>) -> Acceptance<'v> {
    match accepted {
        diff::Acceptance::Waiver { reason, owner, .. } => Acceptance {
            by: "waiver",
            reason: Some(reason),
            owner: Some(owner),
            place: entry.waiver.as_ref().map(place),
        },
        diff::Acceptance::Argument => {
            Acceptance { by: "argument", reason: None, owner: None, place: None }
        }
    }
}

fn impact<'v>(judgement: &'v ImpactView<'_>) -> Impact<'v> {
    let diff::Impact { driver, profile, verdicts, limits, .. } = judgement.impact;
    let [failed_before, failed_after] = judgement.impact.count(Some(Verdict::Fail));
    let [inconclusive_before, inconclusive_after] =
        judgement.impact.count(Some(Verdict::Inconclusive));
    Impact {
        driver,
        profile: *profile,
        samples: verdicts.len(),
        failed_before,
        failed_after,
        inconclusive_before,
        inconclusive_after,
        limits: limits.iter().map(limit).collect(),
        rescued: judgement.rescued.iter().map(turned).collect(),
        broken: judgement.broken.iter().map(turned).collect(),
    }
}

/// Returns the limit. A latency is both in milliseconds, rounded up, and in microseconds.
fn limit(headroom: &diff::Headroom) -> Limit {
    let field = headroom.limit.field();
    let is_latency = field.twin().is_some();
    let plain = |value: u64| {
        if is_latency { LatencyUnit::Milliseconds.of_us(value) } else { value }
    };
    Limit {
        field: field.path(),
        old: headroom.old.map(plain),
        new: headroom.new.map(plain),
        old_us: headroom.old.filter(|_| is_latency),
        new_us: headroom.new.filter(|_| is_latency),
        headroom_before_percent: headroom.before,
        headroom_after_percent: headroom.after,
    }
}

fn turned<'v>((turned, spot): &'v (&diff::VerdictChange, Spot)) -> Turned<'v> {
    let (before, after) = (turned.before.label(), turned.after.label());
    Turned { before, after, place: place(spot) }
}
