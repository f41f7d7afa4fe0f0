//! The texts of a contract, which some targets state too.

use super::{
    options::TargetOptions,
    table::{Setting, ValueRange},
};
use crate::model::{DriverContract, Field};

/// Returns the settings that state texts, with their fields.
pub(super) fn settings(options: TargetOptions) -> impl Iterator<Item = (&'static Setting, Field)> {
    let texts = options.settings().filter(|it| matches!(it.values, ValueRange::Text));
    texts.filter_map(|setting| Some((setting, setting.field?)))
}

/// Returns the text of a field, or all texts of a list. Returns none for a number.
pub(super) fn of(contract: &DriverContract, field: Field) -> Vec<String> {
    let telemetry = &contract.telemetry;
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other fields are not texts")]
    let text = match field {
        Field::Class => contract.class.label(),
        Field::ProviderModule => &contract.provider_module,
        Field::TimeoutMetric => &telemetry.timeout_metric,
        Field::RetryMetric => &telemetry.retry_metric,
        Field::LatencyMetric => &telemetry.latency_metric,
        Field::InFlightMetric => &telemetry.in_flight_metric,
        Field::SupportTier => &contract.support_tier,
        Field::TuningGuide => &contract.tuning_guide,
        Field::Capabilities => {
            return contract.capabilities.iter().map(|it| it.label().to_owned()).collect();
        }
        _ => return Vec::new(),
    };
    vec![text.to_owned()]
}

/// Returns true if a field is a list.
pub(super) fn is_list(field: Field) -> bool {
    field == Field::Capabilities
}

/// Returns texts for a message.
pub(super) fn spelled(texts: &[String], field: Field) -> String {
    let quoted: Vec<_> = texts.iter().map(|text| format!("`{text}`")).collect();
    if quoted.is_empty() && is_list(field) { "empty".to_owned() } else { quoted.join(", ") }
}
