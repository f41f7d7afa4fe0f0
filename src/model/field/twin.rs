//! The second key of each latency, which states the latency in microseconds.

use super::Field;
use crate::model::LatencyUnit;

impl Field {
    /// Returns the key that states a latency in microseconds, or `None` for other fields. The
    /// field's own key states the latency in milliseconds.
    pub const fn twin(self) -> Option<&'static str> {
        #[expect(clippy::wildcard_enum_match_arm, reason = "few fields are latencies")]
        Some(match self {
            Self::MaxP95LatencyMs => "max_p95_latency_us",
            Self::MaxP99LatencyMs => "max_p99_latency_us",
            Self::P50LatencyMs => "p50_latency_us",
            Self::P95LatencyMs => "p95_latency_us",
            Self::P95UpperLatencyMs => "p95_upper_latency_us",
            Self::P99LatencyMs => "p99_latency_us",
            Self::P99UpperLatencyMs => "p99_upper_latency_us",
            _ => return None,
        })
    }

    /// Returns the key that states a latency in this unit, or the only key of a field that is not a
    /// latency.
    pub const fn key_in(self, unit: LatencyUnit) -> &'static str {
        match (unit, self.twin()) {
            (LatencyUnit::Microseconds, Some(twin)) => twin,
            _ => self.key(),
        }
    }

    /// Returns true if a table can state the field under this key.
    pub(crate) fn has_key(self, key: &str) -> bool {
        self.key() == key || self.twin() == Some(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_millisecond_key_of_latency_has_microsecond_key() {
        let fields = [Field::BUDGET_SCOPE, Field::BENCHMARK, Field::TIMEOUT_POLICY, Field::SERVICE];
        for field in fields.concat() {
            let twin =
                field.key().strip_suffix("_latency_ms").map(|it| it.to_owned() + "_latency_us");
            assert_eq!(field.twin(), twin.as_deref());
            assert!(field.has_key(field.key()) && twin.is_none_or(|twin| field.has_key(&twin)));
        }
    }
}
