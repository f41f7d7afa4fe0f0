//! Reads the trigger of a workload.

use crate::{
    document::Table,
    model::{Field, Trigger, TriggerEffect},
    toml::{
        rules::{DUPLICATE_DECLARATION, MISSING_KEY},
        table::quoted,
    },
};

/// The keys of which a trigger has exactly one.
const EFFECTS: &[Field] = &[Field::ServicePercent, Field::RatePercent];

/// Reads the trigger of a scope. Returns `Some(None)` if the key is absent and `None` if the value
/// is invalid.
#[expect(clippy::option_option, reason = "absent and wrong are two different things")]
pub(in crate::document) fn read_trigger(scope: &mut Table<'_, '_, '_>) -> Option<Option<Trigger>> {
    if scope.entry(Field::Trigger).is_none() {
        return Some(None);
    }
    let mut table = scope.table(Field::Trigger, Field::TRIGGER)?;
    let start_ms = table.required(Field::TriggerStartMs);
    let duration_ms = table.required(Field::TriggerDurationMs);
    table.report_missing();
    let service = table.optional(Field::ServicePercent);
    let rate = table.optional(Field::RatePercent);
    let written: Vec<_> =
        EFFECTS.iter().copied().filter(|field| table.entry(*field).is_some()).collect();
    match written[..] {
        [] => report_no_effect(&mut table),
        [first, second] => report_second_effect(&mut table, [first, second]),
        [..] => {}
    }
    let effect = TriggerEffect::new(service?, rate?).ok()?;
    Some(Some(Trigger { start_ms: start_ms?, duration_ms: duration_ms?, effect }))
}

#[cold]
fn report_no_effect(table: &mut Table<'_, '_, '_>) {
    let message = format!("{} changes neither service times nor the rate", table.title());
    let help = format!("add one of {}, such as `service_percent = 500`", quoted(EFFECTS));
    let place = table.header();
    table.findings.push(MISSING_KEY.finding(place, message).help(help));
}

#[cold]
fn report_second_effect(table: &mut Table<'_, '_, '_>, effects: [Field; 2]) {
    let mut places = effects.map(|field| table.place(field));
    places.sort_unstable();
    let message = format!("{} changes both service times and the rate", table.title());
    let finding = DUPLICATE_DECLARATION
        .finding(places[1], message)
        .also(places[0], "first change")
        .help(format!("keep one of {}", quoted(EFFECTS)));
    table.findings.push(finding);
}
