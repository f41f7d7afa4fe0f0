//! How much of a limit is used, as a bar.

use crate::{budget::Comparison, report::html::markup::Markup};

/// The parts of a limit that a bar tells apart.
const WHOLE: u64 = 1000;

/// Writes a bar. It says nothing that the text beside it does not, so it is not read out.
pub(super) fn write(comparison: Comparison, cell: &mut Markup) {
    let used = used_permille(comparison);
    let width = format!("{}.{}%", used / 10, used % 10);
    let class = match (comparison.holds(), used > 900) {
        (false, _) => "bar over",
        (true, true) => "bar tight",
        (true, false) => "bar",
    };
    cell.element("svg", &[("class", class), ("aria-hidden", "true")], |bar| {
        bar.leaf("rect", &[("class", "track"), ("width", "100%"), ("height", "100%")], "");
        bar.leaf("rect", &[("class", "used"), ("width", &width), ("height", "100%")], "");
    });
}

/// The share of the limit that a figure uses, at most all of it.
fn used_permille(comparison: Comparison) -> u64 {
    let Comparison { figure, value, limit } = comparison;
    let (part, whole) = if figure.is_floor() { (limit, value) } else { (value, limit) };
    let used = (part * WHOLE).checked_div(whole);
    used.unwrap_or(if comparison.holds() { 0 } else { WHOLE }).min(WHOLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Figure;

    fn used(figure: Figure, value: u64, limit: u64) -> u64 {
        used_permille(Comparison { figure, value, limit })
    }

    #[test]
    fn a_bar_is_full_at_the_limit_and_beyond() {
        assert_eq!(used(Figure::P95Latency, 30, 120), 250);
        assert_eq!(used(Figure::P95Latency, 120, 120), 1000);
        assert_eq!(used(Figure::P95Latency, 500, 120), 1000);
        assert_eq!(used(Figure::Throughput, 800, 400), 500);
        assert_eq!(used(Figure::Throughput, 100, 400), 1000);
    }

    #[test]
    fn a_limit_of_nothing_is_kept_by_nothing() {
        assert_eq!(used(Figure::RetryRate, 0, 0), 0);
        assert_eq!(used(Figure::RetryRate, 1, 0), 1000);
        assert_eq!(used(Figure::Throughput, 0, 0), 0);
        assert_eq!(used(Figure::Throughput, 0, 1), 1000);
    }
}
