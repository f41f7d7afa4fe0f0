//! A service time as a table of quantiles that are connected by straight lines.

use std::{borrow::Cow, fmt};

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::model::{PartsPerMillion, ServiceUs};

type Point = (PartsPerMillion, ServiceUs);

/// Points `[ppm, µs]`: the share of services that take at most this long. The shares rise from 0 to
/// 1,000,000 ppm, and the times never fall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Point>", into = "Vec<Point>")]
pub struct Quantiles(Vec<Point>);

/// An error of one point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantileFault {
    /// The first share is not 0 ppm.
    First,
    /// The share is not above the previous share.
    NotAbove(PartsPerMillion),
    /// The time is below the previous time.
    Falls(ServiceUs),
    /// The last share is not 1,000,000 ppm.
    Last,
}

/// The error for points that are not valid quantiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidQuantiles {
    /// The index of the point, from 0.
    pub index: usize,
    /// The error of the point.
    pub fault: QuantileFault,
}

impl fmt::Display for InvalidQuantiles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "point {} ", self.index)?;
        match self.fault {
            QuantileFault::First => formatter.write_str("is the first point, but not at 0 ppm"),
            QuantileFault::NotAbove(share) => write!(formatter, "is not above {share}"),
            QuantileFault::Falls(time) => write!(formatter, "is below {time}"),
            QuantileFault::Last => formatter.write_str("is the last point, but not at 1000000 ppm"),
        }
    }
}

impl std::error::Error for InvalidQuantiles {}

impl Quantiles {
    /// Returns the quantiles, or the error of the first invalid point.
    pub fn new(points: Vec<Point>) -> Result<Self, InvalidQuantiles> {
        let found: Vec<_> = points.iter().copied().map(Some).collect();
        match Self::faults(&found).next() {
            Some(invalid) => Err(invalid),
            None => Ok(Self(points)),
        }
    }

    /// Returns the points, by share.
    pub fn points(&self) -> &[Point] {
        &self.0
    }

    /// Returns all errors, in the order of the points. Ignores points that are `None`.
    pub fn faults(points: &[Option<Point>]) -> impl Iterator<Item = InvalidQuantiles> {
        let last = points.len().saturating_sub(1);
        let starts =
            points.first().is_some_and(|first| first.is_none_or(|point| point.0.get() == 0));
        let first = (!starts).then_some(InvalidQuantiles { index: 0, fault: QuantileFault::First });
        let steps = points.windows(2).enumerate().flat_map(|(index, pair)| {
            let pair = pair[0].zip(pair[1]);
            let faults = pair.map(|(before, point)| order(before, point)).unwrap_or_default();
            faults
                .into_iter()
                .flatten()
                .map(move |fault| InvalidQuantiles { index: index + 1, fault })
        });
        let ends = points.last().is_none_or(|end| end.is_none_or(ends_whole));
        let end = (!ends && !breaks_order(points))
            .then_some(InvalidQuantiles { index: last, fault: QuantileFault::Last });
        first.into_iter().chain(steps).chain(end)
    }
}

fn ends_whole(point: Point) -> bool {
    point.0.get() == PartsPerMillion::MAX
}

/// Returns true if the last share is already reported because it is not above the previous share.
fn breaks_order(points: &[Option<Point>]) -> bool {
    let [.., Some(before), Some(last)] = points else { return false };
    last.0 <= before.0
}

fn order(before: Point, point: Point) -> [Option<QuantileFault>; 2] {
    [
        (point.0 <= before.0).then_some(QuantileFault::NotAbove(before.0)),
        (point.1 < before.1).then_some(QuantileFault::Falls(before.1)),
    ]
}

impl TryFrom<Vec<Point>> for Quantiles {
    type Error = InvalidQuantiles;

    fn try_from(points: Vec<Point>) -> Result<Self, InvalidQuantiles> {
        Self::new(points)
    }
}

impl From<Quantiles> for Vec<Point> {
    fn from(quantiles: Quantiles) -> Self {
        quantiles.0
    }
}

#[cfg(feature = "schema")]
impl JsonSchema for Quantiles {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "quantiles".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": generator.subschema_for::<Point>(),
            "minItems": 2,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(points: &[(u64, u64)]) -> Vec<(usize, QuantileFault)> {
        let point = |(ppm, us): &(u64, u64)| {
            Some((PartsPerMillion::new(*ppm).unwrap(), ServiceUs::new(*us).unwrap()))
        };
        let points: Vec<_> = points.iter().map(point).collect();
        Quantiles::faults(&points).map(|invalid| (invalid.index, invalid.fault)).collect()
    }

    fn ppm(share: u64) -> PartsPerMillion {
        PartsPerMillion::new(share).unwrap()
    }

    #[test]
    fn shares_must_start_at_zero_and_end_at_one_million() {
        assert_eq!(faults(&[(0, 5), (1_000_000, 5)]), []);
        assert_eq!(faults(&[]), [(0, QuantileFault::First)]);
        assert_eq!(faults(&[(0, 5)]), [(0, QuantileFault::Last)]);
        assert_eq!(
            faults(&[(1, 5), (999_999, 5)]),
            [(0, QuantileFault::First), (1, QuantileFault::Last)]
        );
    }

    #[test]
    fn quantile_out_of_order_gives_one_error() {
        let time = ServiceUs::new(9).unwrap();
        assert_eq!(
            faults(&[(0, 5), (500, 6), (500, 7), (1_000_000, 8)]),
            [(2, QuantileFault::NotAbove(ppm(500)))]
        );
        assert_eq!(
            faults(&[(0, 5), (500, 9), (600, 8), (1_000_000, 8)]),
            [(2, QuantileFault::Falls(time))]
        );
        assert_eq!(faults(&[(0, 5), (500, 6), (400, 6)]), [(2, QuantileFault::NotAbove(ppm(500)))]);
    }
}
