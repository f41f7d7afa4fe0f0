//! Finds changes that make a call take longer than its caller waits.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Change, ChangedItem, Direction, SideValue,
    calls::{Ends, base_ends},
    changes::When,
    pairs::Pairs,
};
use crate::{
    configuration::Configuration,
    model::{Call, DriverContract, DriverName, Field},
    rules::{CallsView, judges_time},
    workspace::JoinedCall,
};

/// The maximum number of calls that the notes of a change name.
const MOST_NAMED: usize = 3;

/// Marks a change as breaking if it makes a call take longer than its caller waits, and adds notes
/// to the change.
pub(super) fn note<'w>(
    pairs: &Pairs<'w>,
    configuration: &'w Configuration,
    changes: &mut [Change],
) {
    let Some(new) = CallsView::new(pairs.new, configuration) else { return };
    note_cycles(&new, changes);
    if !judges_time(configuration) {
        return;
    }
    let before = Before::new(pairs, configuration);
    let outlasting = new.calls.iter().filter(|call| call.outlasts_caller());
    let turned: Vec<_> = outlasting.filter(|call| before.blames(pairs, &new, call)).collect();
    if turned.is_empty() {
        return;
    }
    let by_item = by_item(changes);
    let mut notes: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for call in turned {
        for index in causes(pairs, call, changes, &by_item) {
            notes.entry(index).or_default().push(message(call));
        }
    }
    for (index, all) in notes {
        let change = &mut changes[index];
        change.judge(|when| when == When::OutlastsCaller);
        let more = all.len().saturating_sub(MOST_NAMED);
        change.notes.extend(all.into_iter().take(MOST_NAMED));
        if more > 0 {
            change.notes.push(format!("… and {more} more calls"));
        }
    }
}

/// Makes an added call risky if its driver is on a cycle of calls, or a cycle leads to it.
fn note_cycles(new: &CallsView<'_>, changes: &mut [Change]) {
    let unjudged: BTreeSet<_> =
        new.calls.iter().filter(|call| !new.judges(call)).map(JoinedCall::id).collect();
    let is_added =
        |change: &&mut Change| (change.field, change.direction) == (Field::Call, Direction::Add);
    for change in changes.iter_mut().filter(is_added) {
        if change.new.as_ref().is_some_and(|side| unjudged.contains(&side.place.subject)) {
            change.judge(|when| when == When::BehindCycle);
        }
    }
}

/// The identity of a call: its ends, under their names in the base, and whether its operations are
/// parallel.
type Identity<'w> = (Ends<'w>, bool);

/// The calls of the base and of the new side, to find out which change made a call take too long.
struct Before<'w> {
    /// All calls of the base that could be read. The value is true if the call was judged and its
    /// caller waited long enough. Only then can a change be the cause of a call that now takes too
    /// long.
    fits: BTreeMap<Identity<'w>, bool>,
    /// The calls of the new side that could be read.
    now: BTreeSet<Identity<'w>>,
}

impl<'w> Before<'w> {
    fn new(pairs: &Pairs<'w>, configuration: &'w Configuration) -> Self {
        let old = |call: &'w Call| ((&call.from, &call.to), call.is_parallel());
        let new = |call: &'w Call| (base_ends(pairs, call), call.is_parallel());
        let mut fits: BTreeMap<_, _> =
            pairs.old.numbered_calls().map(|(_, call)| (old(call), false)).collect();
        let view = CallsView::new(pairs.old, configuration);
        for call in view.iter().flat_map(CallsView::judged) {
            fits.insert(old(call.call), !call.outlasts_caller());
        }
        let now = pairs.new.numbered_calls().map(|(_, call)| new(call)).collect();
        Self { fits, now }
    }

    /// Returns true if the difference made a call take too long. Returns false if the call already
    /// took too long in the base, or if the base does not show how long the call took.
    fn blames(&self, pairs: &Pairs<'_>, new: &CallsView<'_>, call: &JoinedCall<'_>) -> bool {
        let ends = base_ends(pairs, call.call);
        let is_parallel = call.call.is_parallel();
        let other = (ends, !is_parallel);
        // A call of the base without a counterpart became this one: `parallel` changed.
        let became = || if self.now.contains(&other) { None } else { self.fits.get(&other) };
        let before = self.fits.get(&(ends, is_parallel)).or_else(became);
        before.copied().unwrap_or_else(|| new.judges(call))
    }
}

/// The indices of the changes of drivers, callers and calls, by the changed item.
type ByItem = BTreeMap<ChangedItem, Vec<usize>>;

fn by_item(changes: &[Change]) -> ByItem {
    let mut by_item = ByItem::new();
    for (index, change) in changes.iter().enumerate() {
        if matches!(
            change.contract,
            ChangedItem::Driver(_) | ChangedItem::Caller(_) | ChangedItem::Call(..)
        ) {
            by_item.entry(change.contract.clone()).or_default().push(index);
        }
    }
    by_item
}

/// Returns the changes that make a call take longer or let its caller give up earlier. If the call
/// is new, returns only the change that adds the call.
fn causes(
    pairs: &Pairs<'_>,
    call: &JoinedCall<'_>,
    changes: &[Change],
    by_item: &ByItem,
) -> Vec<usize> {
    let (from, to) = base_ends(pairs, call.call);
    let of = |item: ChangedItem| by_item.get(&item).map_or(&[][..], Vec::as_slice).iter().copied();
    let is = |index: &usize, field, direction| {
        changes[*index].field == field && changes[*index].direction == direction
    };
    let own = || {
        let of_ends = of(ChangedItem::Call(from.clone(), to.clone()));
        let is_new = |side: &SideValue| side.place.subject == call.id();
        of_ends.filter(move |index| changes[*index].new.as_ref().is_some_and(is_new))
    };
    let added: Vec<_> = own().filter(|index| is(index, Field::Call, Direction::Add)).collect();
    if !added.is_empty() {
        return added;
    }
    let longer = own().filter(|index| {
        is(index, Field::Times, Direction::Increase)
            || (is(index, Field::Parallel, Direction::Change) && !call.call.is_parallel())
    });
    let less_patient = of(ChangedItem::Driver(from.clone())).filter(|index| {
        is(index, Field::RequestMs, Direction::Decrease) || is(index, Field::Name, Direction::Add)
    });
    let of_caller = of(ChangedItem::Caller(from.clone())).filter(|index| {
        is(index, Field::AttemptMs, Direction::Decrease) || is(index, Field::Caller, Direction::Add)
    });
    let of_driver = of(ChangedItem::Driver(to.clone())).collect();
    let slower = slower(pairs, to, of_driver, changes);
    longer.chain(less_patient).chain(of_caller).chain(slower).collect()
}

/// Returns the changes of a driver that make the driver's worst case longer.
pub(super) fn slower(
    pairs: &Pairs<'_>,
    driver: &DriverName,
    mut indices: Vec<usize>,
    changes: &[Change],
) -> Vec<usize> {
    let Some(pair) = pairs.of_base(driver) else { return Vec::new() };
    let before = pair.old.worst_case_ms();
    if pair.new.worst_case_ms() <= before {
        return Vec::new();
    }
    indices.retain(|index| is_of_worst_case(changes[*index].field));
    let lengthens = |index: &usize| {
        with_field(pair.old, changes[*index].field, pair.new).worst_case_ms() > before
    };
    let alone: Vec<_> = indices.iter().copied().filter(lengthens).collect();
    if alone.is_empty() { indices } else { alone }
}

const fn is_of_worst_case(field: Field) -> bool {
    matches!(
        field,
        Field::RequestMs
            | Field::DeadlineMs
            | Field::MaxAttempts
            | Field::BaseBackoffMs
            | Field::MaxBackoffMs
            | Field::MultiplierPercent
    )
}

/// Returns a contract with one field replaced by the field of another contract.
#[expect(clippy::wildcard_enum_match_arm, reason = "few fields determine the worst case")]
fn with_field(contract: &DriverContract, field: Field, of: &DriverContract) -> DriverContract {
    let mut contract = contract.clone();
    let (timeouts, retries) = (&mut contract.timeout_policy, &mut contract.retry_policy);
    match field {
        Field::RequestMs => timeouts.request_ms = of.timeout_policy.request_ms,
        Field::DeadlineMs => timeouts.deadline_ms = of.timeout_policy.deadline_ms,
        Field::MaxAttempts => retries.max_attempts = of.retry_policy.max_attempts,
        Field::BaseBackoffMs => retries.base_backoff_ms = of.retry_policy.base_backoff_ms,
        Field::MaxBackoffMs => retries.max_backoff_ms = of.retry_policy.max_backoff_ms,
        Field::MultiplierPercent => retries.multiplier_percent = of.retry_policy.multiplier_percent,
        _ => {}
    }
    contract
}

/// Describes a call that takes too long: `` `edge` waits 5000 ms, but `flags_db` can take 15150 ms
/// ``.
fn message(call: &JoinedCall<'_>) -> String {
    let (from, to) = (call.from.name(), &call.to.name);
    let (waits, worst) = (call.from.attempt_ms(), call.worst_case_ms());
    match call.call.worst_case_ms(1) {
        1 => format!("`{from}` waits {waits} ms, but `{to}` can take {worst} ms"),
        times => format!(
            "`{from}` waits {waits} ms, but {times} operations of `{to}` can take {worst} ms"
        ),
    }
}
