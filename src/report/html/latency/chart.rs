//! Draws a latency distribution as SVG. The x axis shows the time on a logarithmic scale. The y
//! axis shows the share of requests that are answered in that time.

use super::{
    super::{BenchmarkSection, markup::Markup},
    scale::{AxisScale, label},
};
use crate::model::{BenchmarkLatency, LatencyUnit};

/// The size of the chart and the edges of the plot area, in SVG units.
const VIEW: &str = "0 0 400 270";
const LEFT: u64 = 50;
const RIGHT: u64 = 380;
const TOP: u64 = 30;
const BOTTOM: u64 = 214;
/// The resolution of positions: tenths of a unit.
const TENTHS: u64 = 10;
/// The shares that have a grid line, in percent.
const SHARES: [u64; 5] = [0, 25, 50, 75, 95];
/// The maximum number of decades for which every decade has a label.
const LABELLED: usize = 6;
/// The maximum number of decades for which there are also labels between the decades.
const LABELLED_PARTS: usize = 2;

/// The data of a chart.
pub(super) struct Chart<'c> {
    /// The latency of the slowest run at each percentile from 0 to 100, in microseconds.
    pub(super) slowest: &'c [u64],
    /// The latency of the fastest run at each percentile, in microseconds.
    pub(super) fastest: &'c [u64],
    /// The p95 limit, with its unit.
    pub(super) limit: Option<(u64, LatencyUnit)>,
    /// The recorded benchmarks.
    pub(super) recorded: &'c [&'c BenchmarkSection<'c>],
}

impl Chart<'_> {
    /// Writes the chart with its name and description.
    pub(super) fn write(&self, id: &str, name: &str, words: &str, article: &mut Markup) {
        let (name_id, words_id) = (format!("{id}-name"), format!("{id}-words"));
        let labels = format!("{name_id} {words_id}");
        let attributes = [("viewBox", VIEW), ("role", "img"), ("aria-labelledby", &*labels)];
        article.element("svg", &attributes, |svg| {
            svg.leaf("title", &[("id", &name_id)], name);
            svg.leaf("desc", &[("id", &words_id)], words);
            let scale = self.scale();
            write_shares(svg);
            write_times(scale, svg);
            self.write_band(scale, svg);
            self.write_limit(scale, svg);
            self.write_recorded(scale, svg);
            if let Some(p95) = self.slowest.get(95) {
                let (x, y) = (x(scale, *p95), y(95));
                svg.leaf("circle", &[("class", "p95"), ("cx", &x), ("cy", &y), ("r", "4")], "");
            }
        });
    }

    fn scale(&self) -> AxisScale {
        let recorded = self.recorded.iter().flat_map(|sample| recorded_us(sample));
        // Leaves out the lowest latency: it is often a single outlier that would take half of the
        // width.
        let curves = [self.slowest, self.fastest].map(|percentiles| percentiles.get(1..));
        let curves = curves.into_iter().flatten().flatten().copied();
        AxisScale::over(curves.chain(self.limit_us()).chain(recorded))
    }

    fn limit_us(&self) -> Option<u64> {
        self.limit.map(|(limit, unit)| limit * unit.micros())
    }

    fn write_band(&self, scale: AxisScale, svg: &mut Markup) {
        let points = |percentiles: &[u64]| -> Vec<String> {
            let points = percentiles.iter().zip(0..);
            points.map(|(time, share)| format!("{},{}", x(scale, *time), y(share))).collect()
        };
        let (slowest, mut fastest) = (points(self.slowest), points(self.fastest));
        fastest.reverse();
        let band = [&slowest[..], &fastest[..]].concat().join(" ");
        svg.leaf("polygon", &[("class", "band"), ("points", &band)], "");
        svg.leaf("polyline", &[("class", "curve"), ("points", &slowest.join(" "))], "");
    }

    /// Writes the limit, labelled on the side with more room.
    fn write_limit(&self, scale: AxisScale, svg: &mut Markup) {
        let Some((limit, unit)) = self.limit else { return };
        let label = unit.in_ms(limit);
        let limit = limit * unit.micros();
        let at = x(scale, limit);
        vertical("budget", &at, svg);
        let is_right = scale.position(limit, 2) > 0;
        let anchor = if is_right { "end" } else { "start" };
        let attributes = [("class", "budget"), ("x", &*at), ("y", "20"), ("text-anchor", anchor)];
        svg.leaf("text", &attributes, &format!("p95 limit {label} ms"));
        svg.line_end();
    }

    fn write_recorded(&self, scale: AxisScale, svg: &mut Markup) {
        for sample in self.recorded {
            let class = if sample.is_simulated() { "earlier" } else { "recorded" };
            for (time, share) in recorded_us(sample).into_iter().zip([50, 95]) {
                let (x, y) = (x(scale, time), y(share));
                let place = format!("translate({x} {y})");
                let diamond =
                    [("class", class), ("transform", &*place), ("d", "M0-6 6 0 0 6-6 0z")];
                svg.leaf("path", &diamond, "");
            }
        }
    }
}

/// Returns the median and p95 of a benchmark, in microseconds.
fn recorded_us(sample: &BenchmarkSection<'_>) -> [u64; 2] {
    [sample.benchmark.p50_latency, sample.benchmark.p95_latency].map(BenchmarkLatency::us)
}

/// Writes the grid lines of the shares with their labels.
fn write_shares(svg: &mut Markup) {
    let (left, right) = (LEFT.to_string(), RIGHT.to_string());
    for share in SHARES {
        let y = y(share);
        let class = if share == 95 { "grid p95" } else { "grid" };
        let line = [("class", class), ("x1", &*left), ("x2", &*right), ("y1", &*y), ("y2", &*y)];
        svg.leaf("line", &line, "");
        let attributes = [("x", "44"), ("y", &*y), ("dy", "4"), ("text-anchor", "end")];
        svg.leaf("text", &attributes, &format!("{share}%"));
        svg.line_end();
    }
}

/// Writes the grid lines of the times with their labels, and the name of the axis.
fn write_times(scale: AxisScale, svg: &mut Markup) {
    let length = scale.length();
    let last = scale.decades().last().unwrap_or_default();
    for (decade, number) in scale.decades().zip(0..) {
        vertical("grid", &x(scale, decade), svg);
        if length <= LABELLED || number % 2 == 0 {
            time_label(scale, decade, svg);
        }
        for part in [2, 5].into_iter().filter(|_| decade < last && length <= LABELLED) {
            vertical("grid part", &x(scale, part * decade), svg);
            if length <= LABELLED_PARTS {
                time_label(scale, part * decade, svg);
            }
        }
    }
    let middle = LEFT.midpoint(RIGHT).to_string();
    let attributes = [("class", "axis"), ("x", &*middle), ("y", "262"), ("text-anchor", "middle")];
    svg.leaf("text", &attributes, "answered within (logarithmic scale)");
    svg.line_end();
}

fn time_label(scale: AxisScale, time: u64, svg: &mut Markup) {
    let attributes = [("x", &*x(scale, time)), ("y", "234"), ("text-anchor", "middle")];
    svg.leaf("text", &attributes, &label(time));
    svg.line_end();
}

fn vertical(class: &str, x: &str, svg: &mut Markup) {
    let (top, bottom) = (TOP.to_string(), BOTTOM.to_string());
    let line = [("class", class), ("x1", x), ("x2", x), ("y1", &*top), ("y2", &*bottom)];
    svg.leaf("line", &line, "");
}

/// Returns the x position of a time.
fn x(scale: AxisScale, time_us: u64) -> String {
    tenths(LEFT * TENTHS + scale.position(time_us, (RIGHT - LEFT) * TENTHS))
}

/// Returns the y position of a share in percent.
fn y(share: u64) -> String {
    tenths(BOTTOM * TENTHS - share * (BOTTOM - TOP) * TENTHS / 100)
}

fn tenths(tenths: u64) -> String {
    let (whole, part) = (tenths / TENTHS, tenths % TENTHS);
    if part == 0 { whole.to_string() } else { format!("{whole}.{part}") }
}
