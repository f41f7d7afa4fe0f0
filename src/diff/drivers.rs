//! Compares drivers, field by field.

use std::collections::BTreeSet;

use super::{
    Change, ChangedItem, Direction, Severity, SideValue,
    changes::When,
    consequence,
    pairs::{DriverChange, Pairs, PartialPair},
    tiers,
    token::token,
    value::{ChangedValue, FieldValue, changed_values, values},
};
use crate::{
    configuration::Configuration,
    finding::DeclarationId,
    model::{BenchmarkProfile, DriverCapability, DriverContract, Field},
    signature::driver_signature,
    workspace::Workspace,
};

pub(super) fn changes(pairs: &Pairs<'_>, configuration: &Configuration) -> Vec<Change> {
    let removed = pairs.removed.iter().map(|driver| whole(driver, Direction::Remove));
    let added = pairs.added.iter().map(|driver| whole(driver, Direction::Add));
    let both = pairs.both.iter().filter(|pair| pair.old != pair.new);
    let fields = both.flat_map(|pair| Comparison::new(pairs, *pair).changes(configuration));
    let partial =
        pairs.partial.iter().flat_map(|partial| of_partial(pairs, partial, configuration));
    removed.chain(added).chain(fields).chain(partial).collect()
}

/// Returns the changes of the fields that both sides could read, without figures and notes.
fn of_partial(
    pairs: &Pairs<'_>,
    partial: &PartialPair<'_>,
    configuration: &Configuration,
) -> Vec<Change> {
    let comparison =
        Comparison { unread: Some(&partial.unread), ..Comparison::new(pairs, partial.pair) };
    let mut changes = comparison.changes(configuration);
    changes.retain(|change| !partial.unread.contains(&change.field));
    for change in &mut changes {
        change.consequences.clear();
        change.notes.clear();
    }
    changes
}

/// Returns the change that adds or removes a driver.
fn whole(driver: &DriverContract, direction: Direction) -> Change {
    let place = DeclarationId::Driver(driver.name.clone()).whole();
    let side = Some(SideValue { place, value: None, token: Some(format!("name={}", driver.name)) });
    let sides = if direction == Direction::Add { [None, side] } else { [side, None] };
    Change::new(ChangedItem::Driver(driver.name.clone()), Field::Name, direction, sides)
}

/// A driver whose contract differs between the sides.
struct Comparison<'p, 'w> {
    pairs: &'p Pairs<'w>,
    pair: DriverChange<'w>,
    signatures: [String; 2],
    /// The fields that one side could not read; `None` if both contracts are complete.
    unread: Option<&'p BTreeSet<Field>>,
}

impl<'p, 'w> Comparison<'p, 'w> {
    fn new(pairs: &'p Pairs<'w>, pair: DriverChange<'w>) -> Self {
        let signatures = [driver_signature(pair.old), driver_signature(pair.new)];
        Self { pairs, pair, signatures, unread: None }
    }

    fn changes(&self, configuration: &Configuration) -> Vec<Change> {
        let values = changed_values(fields(self.pair.old), fields(self.pair.new));
        let mut changes: Vec<Change> =
            values.map(|value| self.field(value, configuration)).collect();
        changes.extend(self.capabilities());
        changes
    }

    fn field(
        &self,
        ChangedValue { field, mut direction, sides }: ChangedValue,
        configuration: &Configuration,
    ) -> Change {
        if field == Field::SupportTier {
            let (old, new) = (&self.pair.old.support_tier, &self.pair.new.support_tier);
            direction = tiers::of_tiers(configuration, old, new);
        }
        let mut change = self.change(field, direction, sides);
        change.judge(|when| self.applies(when));
        // A figure that changes for another reason is shown with the field that changes it.
        if change.severity > Severity::Compatible || field == Field::JitterPercent {
            change.consequences = consequence::of_field(self.pairs, self.pair, field);
        }
        change.notes.extend(self.moved_metric(field));
        change
    }

    /// Returns true if the condition applies to the two contracts.
    fn applies(&self, when: When) -> bool {
        let DriverChange { old, new } = self.pair;
        let is_unread = |field: &Field| self.unread.is_some_and(|unread| unread.contains(field));
        if when.fields().iter().any(is_unread) {
            return false;
        }
        let retries = old.retry_policy.max_attempts.max(new.retry_policy.max_attempts).get() - 1;
        let backoffs = || {
            let of = |driver: &DriverContract| driver.retry_policy.nominal_backoffs_ms();
            (0..retries).zip(of(old).zip(of(new))).map(|(_, both)| both)
        };
        match when {
            When::NoQueue => new.max_queue_depth.get() == 0,
            When::HadNoQueue => old.max_queue_depth.get() == 0,
            When::NoRetry => new.retry_policy.max_attempts.get() == 1,
            When::HadNoRetry => old.retry_policy.max_attempts.get() == 1,
            When::SameBackoffs => backoffs().all(|(old, new)| old == new),
            When::ZeroBackoffs => backoffs().all(|both| both == (0, 0)),
            When::ConnectReachesRequest => {
                new.timeout_policy.connect_ms.get() >= new.timeout_policy.request_ms.get()
            }
            When::BenchmarkBreaks
            | When::BudgetImpossible
            | When::OutlastsCaller
            | When::BehindCycle
            | When::WithoutServer => false,
        }
    }

    fn change(
        &self,
        field: Field,
        direction: Direction,
        values: [Option<FieldValue>; 2],
    ) -> Change {
        let contract = ChangedItem::Driver(self.pair.old.name.clone());
        let [old, new] = values;
        let [before, after] = &self.signatures;
        let old = side(self.pair.old, before, field, old);
        let new = side(self.pair.new, after, field, new);
        Change::new(contract, field, direction, [Some(old), Some(new)])
    }

    /// Returns one change per added or removed capability.
    fn capabilities(&self) -> Vec<Change> {
        let (old, new) = (&self.pair.old.capabilities, &self.pair.new.capabilities);
        let removed: Vec<_> =
            old.without(new).iter().map(|word| (word, Direction::Remove)).collect();
        let added: Vec<_> = new.without(old).iter().map(|word| (word, Direction::Add)).collect();
        let both: Vec<_> = [removed, added].concat();
        both.into_iter().map(|(word, direction)| self.capability(word, direction)).collect()
    }

    fn capability(&self, word: DriverCapability, direction: Direction) -> Change {
        let value = Some(FieldValue::text(word.label()));
        let values = if direction == Direction::Add { [None, value] } else { [value, None] };
        let mut change = self.change(Field::Capabilities, direction, values);
        change.part.detail = Some(word.label().to_owned());
        change.notes.extend(self.claims(word, direction));
        change
    }

    /// Returns notes on budgets that start or stop applying because of a capability.
    fn claims(&self, word: DriverCapability, direction: Direction) -> Vec<String> {
        let DriverChange { old, new } = self.pair;
        let applies = |workspace: &Workspace, driver, profile| {
            workspace.applying_budget(driver, profile).is_some()
        };
        let changed = self.pairs.profiles().into_iter().filter(|profile| {
            let sides =
                [applies(self.pairs.old, old, *profile), applies(self.pairs.new, new, *profile)];
            self.pairs.is_claimed_by(*profile, word) && sides[0] != sides[1]
        });
        let verb = if direction == Direction::Add { "now applies" } else { "no longer applies" };
        let of = |profile: BenchmarkProfile| {
            format!("budget `{}` {verb} to `{}`", profile.label(), old.name)
        };
        changed.map(of).collect()
    }

    /// Returns a note if the new name of a metric previously belonged to another metric.
    fn moved_metric(&self, field: Field) -> Option<String> {
        let name = |driver, field| {
            let fields = fields(driver);
            fields.into_iter().find(|(of, _)| *of == field).and_then(|(_, value)| value)
        };
        let now = name(self.pair.new, field)?;
        let roles = Field::TELEMETRY.iter().filter(|role| **role != field);
        let mut before = roles.filter(|role| name(self.pair.old, **role).as_ref() == Some(&now));
        let (was, is) = (before.next()?.key(), field.key());
        Field::TELEMETRY.contains(&field).then(|| {
            format!("`{now}` was the `{was}` and is now the `{is}`: its readers see other data")
        })
    }
}

fn side(
    driver: &DriverContract,
    signature: &str,
    field: Field,
    value: Option<FieldValue>,
) -> SideValue {
    let place = DeclarationId::Driver(driver.name.clone()).at(field);
    SideValue { place, value, token: token(signature, field) }
}

/// Returns the fields of a driver without its capabilities, in the order of its signature.
fn fields(driver: &DriverContract) -> Vec<(Field, Option<FieldValue>)> {
    let mut fields = values(driver);
    fields.retain(|(field, _)| *field != Field::Capabilities);
    fields
}
