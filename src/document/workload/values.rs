//! Reads the arrays of a workload: seeds and service-time quantiles.

use std::collections::BTreeMap;

use crate::{
    model::{InvalidQuantiles, PartsPerMillion, QuantileFault, Quantiles, Seed, Seeds, ServiceUs},
    source::Span,
    toml::{
        findings::DocumentFindings,
        rules::{DUPLICATE_ITEM, OUT_OF_RANGE, WRONG_TYPE},
        tree::{NodeId, Tree, ValueKind},
        value::{Read, TomlValue},
    },
};

impl Read for Seeds {
    const TYPE: &'static str = "an array";

    fn expected() -> String {
        "an array of distinct integers, such as `[1, 2, 3, 4, 5]`".to_owned()
    }

    fn read(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<Self> {
        let seeds = Vec::<Seed>::read(value, findings);
        report_number(value, findings);
        report_doubles(value, findings);
        Self::new(seeds?).ok()
    }
}

fn report_doubles(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) {
    let mut first = BTreeMap::new();
    for id in value.tree.children(value.id) {
        let node = value.tree.node(id);
        let ValueKind::Integer(Some(seed)) = node.kind else { continue };
        if let Some(first) = first.get(&seed) {
            findings.push(double(seed, node.span, *first));
        } else {
            first.insert(seed, node.span);
        }
    }
}

/// Reports that there are no seeds or too many seeds.
fn report_number(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) {
    let node = value.tree.node(value.id);
    let ValueKind::Array(..) = node.kind else { return };
    let number = value.tree.children(value.id).count();
    let (fewest, most) = (Seeds::FEWEST, Seeds::MOST);
    if (fewest..=most).contains(&number) {
        return;
    }
    let message = format!("`{}` has {number} numbers, outside {fewest} to {most}", value.name);
    let help = if number > most {
        format!("write at most {most}")
    } else {
        format!("write {}", Seeds::expected())
    };
    findings.push(OUT_OF_RANGE.finding(node.span, message).help(help));
}

#[cold]
fn double(seed: i64, second: Span, first: Span) -> crate::finding::Finding<Span> {
    DUPLICATE_ITEM
        .finding(second, format!("`{seed}` is listed twice"))
        .also(first, "first listed here")
        .help("remove one of the two")
}

/// A quantile from the file, with the spans of its two numbers.
struct Point {
    value: Option<(PartsPerMillion, ServiceUs)>,
    share: Span,
    time: Span,
}

impl Read for Quantiles {
    const TYPE: &'static str = "an array";

    fn expected() -> String {
        "an array of `[ppm, µs]`, such as `[[0, 500], [1000000, 20000]]`".to_owned()
    }

    fn read(value: TomlValue<'_, '_>, findings: &mut DocumentFindings) -> Option<Self> {
        let ValueKind::Array(..) = value.tree.node(value.id).kind else {
            value.wrong_type::<Self>(findings);
            return None;
        };
        let before = findings.reported();
        let points = value.tree.children(value.id);
        let points: Vec<_> = points.map(|id| read_point(value, id, findings)).collect();
        let values: Vec<_> = points.iter().map(|point| point.value).collect();
        if points.is_empty() {
            let place = value.tree.node(value.id).span;
            let message = format!("`{}` has no points", value.name);
            let help = format!("write {}", Self::expected());
            findings.push(OUT_OF_RANGE.finding(place, message).help(help));
            return None;
        }
        findings.extend(Self::faults(&values).map(|invalid| fault(value.name, &points, invalid)));
        if findings.reported() > before {
            return None;
        }
        Self::new(values.into_iter().flatten().collect()).ok()
    }
}

fn read_point(array: TomlValue<'_, '_>, id: NodeId, findings: &mut DocumentFindings) -> Point {
    let tree = array.tree;
    let Some([share, time]) = pair(tree, id) else {
        let place = tree.node(id).span;
        let message = format!("a point of `{}` must be an array of two integers", array.name);
        let help = "write `[ppm, µs]`, such as `[950000, 9000]`";
        findings.push(WRONG_TYPE.finding(place, message).help(help));
        return Point { value: None, share: place, time: place };
    };
    let ppm = PartsPerMillion::read(TomlValue { id: share, ..array }, findings);
    let us = ServiceUs::read(TomlValue { id: time, ..array }, findings);
    let place = |id| tree.node(id).span;
    Point { value: ppm.zip(us), share: place(share), time: place(time) }
}

/// Returns the two items of an array, if it has exactly two.
fn pair(tree: &Tree<'_>, id: NodeId) -> Option<[NodeId; 2]> {
    let ValueKind::Array(..) = tree.node(id).kind else { return None };
    let mut items = tree.children(id);
    let pair = [items.next()?, items.next()?];
    items.next().is_none().then_some(pair)
}

#[cold]
fn fault(name: &str, points: &[Point], invalid: InvalidQuantiles) -> crate::finding::Finding<Span> {
    let InvalidQuantiles { index, fault } = invalid;
    let point = &points[index];
    let (share, time) = point.value.unzip();
    let shown = |value: Option<String>| value.unwrap_or_default();
    let share = shown(share.map(|share| share.to_string()));
    let time = shown(time.map(|time| time.to_string()));
    match fault {
        QuantileFault::First => OUT_OF_RANGE
            .finding(point.share, format!("`{name}` must start at 0 ppm, but starts at {share}"))
            .help("start with a point at 0 ppm"),
        QuantileFault::Last => OUT_OF_RANGE
            .finding(
                point.share,
                format!("`{name}` must end at {} ppm, but ends at {share}", PartsPerMillion::MAX),
            )
            .help(format!("end with a point at {} ppm", PartsPerMillion::MAX)),
        QuantileFault::NotAbove(before) => OUT_OF_RANGE
            .finding(
                point.share,
                format!("the shares of `{name}` must rise, but {share} follows {before}"),
            )
            .also(points[index - 1].share, "the previous share")
            .help(format!("write a share above {}", before.get())),
        QuantileFault::Falls(before) => OUT_OF_RANGE
            .finding(
                point.time,
                format!("the times of `{name}` must not fall, but {time} follows {before}"),
            )
            .also(points[index - 1].time, "the previous time")
            .help(format!("write at least {}", before.get())),
    }
}
