//! Says why a figure does not pass.

use super::{Basis, FigureVerdict};
use crate::{
    budget::{Comparison, Confidence},
    model::Verdict,
};

impl FigureVerdict {
    /// Returns the reason why the figure does not pass, if it does not.
    pub fn reason(&self, confidence: Confidence) -> Option<String> {
        match self.verdict {
            Verdict::Pass => None,
            Verdict::Fail => self.comparison.fault().map(|fault| fault + &self.shown_by()),
            Verdict::Inconclusive => match (self.comparison.fault(), self.basis) {
                (Some(fault), Basis::Seeds { .. } | Basis::Events { .. }) => {
                    Some(format!("{fault}{}; this can be due to chance", self.shown_by()))
                }
                _ => Some(self.doubt(confidence)),
            },
        }
    }

    /// Returns the seed and the counts that show that a limit is broken. Empty for a recorded
    /// benchmark.
    fn shown_by(&self) -> String {
        let Some(seed) = self.seed else { return String::new() };
        match self.basis {
            Basis::Seeds { beyond, seeds } => {
                format!(" with seed {seed} (limit broken by {beyond} of {seeds} seeds)")
            }
            Basis::Events { events, attempts, .. } => {
                let events = counted(events, self.comparison.value);
                format!(
                    " with seed {seed} ({events} in {attempts} {})",
                    self.comparison.figure.of_what()
                )
            }
            Basis::Figure
            | Basis::Unbounded { .. }
            | Basis::Contract
            | Basis::Bound { .. }
            | Basis::Correlated { .. }
            | Basis::Requests { .. } => format!(" with seed {seed}"),
        }
    }

    fn doubt(&self, confidence: Confidence) -> String {
        let Comparison { figure, .. } = self.comparison;
        let shown = |number: u64| self.comparison.shown(number);
        let (value, limit) = (shown(self.comparison.value), shown(self.comparison.limit));
        let (name, unit) = (figure.name(), figure.unit());
        match self.basis {
            Basis::Events { events, attempts, needed } => {
                let (events, of) = (counted(events, self.comparison.value), figure.of_what());
                let unshown = format!(
                    "cannot confirm at {confidence} confidence that the {name} is at most {limit} \
                     {unit}: {events} in {attempts} {of} ({value} {unit})"
                );
                match needed {
                    Some(needed) => format!("{unshown}; at this rate, {needed} {of} are needed"),
                    None => format!("{unshown}; at this rate, no number of {of} is enough"),
                }
            }
            Basis::Correlated { times, needed_ms } => {
                let length = needed_ms.map(|ms| format!(" ({ms} ms)")).unwrap_or_default();
                format!(
                    "{name} of {value} {unit} has no upper bound, because neighbouring batches of \
                     latencies are correlated; a run {times} times as long{length} would provide \
                     one"
                )
            }
            Basis::Bound { upper } if upper < self.comparison.value => format!(
                "{name} of {value} {unit} is above its own upper bound of {} {unit}, so the bound \
                 shows nothing",
                shown(upper)
            ),
            Basis::Bound { upper } if upper > self.comparison.limit => format!(
                "{name} of {value} {unit} is within {limit} {unit}, but its upper bound of {} \
                 {unit} is not",
                shown(upper)
            ),
            Basis::Bound { .. } => format!(
                "{name} is shown to be within {limit} {unit} at {} confidence, but not at \
                 {confidence}",
                Confidence::USUAL
            ),
            Basis::Requests { requests, needed } => format!(
                "{name} of {value} {unit} has no upper bound: {requests} requests are too few, at \
                 least {needed} are needed"
            ),
            Basis::Figure | Basis::Unbounded { .. } | Basis::Contract | Basis::Seeds { .. } => {
                format!("{name} of {value} {unit} does not show that {limit} {unit} is met")
            }
        }
    }
}

fn counted(events: u64, rate_bps: u64) -> String {
    match (events, rate_bps) {
        (0, 0) => "no event".to_owned(),
        (0, _) => "less than 1 event".to_owned(),
        (1, _) => "1 event".to_owned(),
        _ => format!("{events} events"),
    }
}
