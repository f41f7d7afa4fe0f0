//! Draws the used share of a limit as a bar.

use crate::{budget::Comparison, report::html::markup::Markup};

/// The resolution of a bar, in parts of the limit.
const WHOLE: u64 = 1000;

/// Writes a bar. Screen readers skip it, because the text beside it contains the same information.
pub(super) fn write(comparison: Comparison, cell: &mut Markup) {
    let used = comparison.used_of(WHOLE);
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
