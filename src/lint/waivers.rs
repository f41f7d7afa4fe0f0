//! Applies waivers and reports invalid or unused ones.

use std::collections::BTreeMap;

use super::{
    acceptable::{acceptable, intended},
    levels::Levels,
};
use crate::{
    finding::{ContractPath, DeclarationId, Finding, Rule},
    model::{ContractField, Date, DriverName, Field, Scope, Waiver},
    rules::{
        self,
        suppression::{WAIVER_EXPIRED, WAIVER_UNKNOWN_RULE, WAIVER_UNUSED},
    },
    source::Location,
    toml::spelling::truncated,
    workspace::Workspace,
};

/// The waivers of a workspace, and which of them were used.
pub(super) struct Waivers<'w> {
    workspace: &'w Workspace,
    today: Date,
    entries: Vec<Entry<'w>>,
    /// The index of the waiver for each rule, driver (or all drivers) and field (or all fields).
    accepting: BTreeMap<Covered<'w>, usize>,
}

/// The rule, the driver and the field that a waiver names.
type Covered<'w> = (&'w str, Option<&'w DriverName>, Option<Field>);

struct Entry<'w> {
    waiver: &'w Waiver,
    /// The index of the waiver in the workspace.
    number: usize,
    used: bool,
}

impl Entry<'_> {
    fn at(&self, field: Field) -> ContractPath {
        DeclarationId::Waiver(self.number).at(field)
    }
}

impl<'w> Waivers<'w> {
    pub(super) fn new(workspace: &'w Workspace, today: Date) -> Self {
        let waivers = workspace.numbered_waivers();
        let entries = waivers.map(|(number, waiver)| Entry { waiver, number, used: false });
        let entries: Vec<_> = entries.collect();
        let accepting = accepting(&entries, today);
        Self { workspace, today, entries, accepting }
    }

    /// Returns the waiver of a finding. A waiver that names the driver takes precedence, then a
    /// waiver that names the field, then the waiver that expires last. The order of files does not
    /// matter.
    pub(super) fn covering(&self, finding: &Finding) -> Option<usize> {
        if self.accepting.is_empty() {
            return None;
        }
        let (driver, field) = (self.driver_of(&finding.place), finding.place.field);
        let candidates = [(driver, field), (driver, None), (None, field), (None, None)];
        let of = |(driver, field)| self.accepting.get(&(finding.rule.name, driver, field)).copied();
        candidates.into_iter().find_map(of)
    }

    /// Marks a waiver as used, and returns its reason.
    pub(super) fn accept(&mut self, index: usize) -> String {
        let entry = &mut self.entries[index];
        entry.used = true;
        entry.waiver.reason.as_str().to_owned()
    }

    fn driver_of<'p>(&'p self, place: &'p ContractPath) -> Option<&'p DriverName> {
        match &place.subject {
            DeclarationId::Driver(name)
            | DeclarationId::Budget(_, Scope::Driver(name))
            | DeclarationId::Workload(_, Scope::Driver(name)) => Some(name),
            DeclarationId::Benchmark(number) => self.workspace.benchmarked_driver(*number),
            DeclarationId::Call(number) => self.workspace.called_driver(*number),
            DeclarationId::Budget(..)
            | DeclarationId::Workload(..)
            | DeclarationId::Caller(_)
            | DeclarationId::Waiver(_)
            | DeclarationId::Template(_)
            | DeclarationId::Server(_)
            | DeclarationId::Instances(..) => None,
        }
    }

    /// Returns the findings about waivers.
    pub(super) fn findings(&self, levels: &Levels<'_>) -> Vec<Finding<Location>> {
        let faults = self.entries.iter().filter_map(|entry| self.fault(entry, levels));
        self.workspace.locate(faults.collect())
    }

    fn fault(&self, entry: &Entry<'_>, levels: &Levels<'_>) -> Option<Finding> {
        let name = entry.waiver.rule.as_str();
        let Some(rule) = acceptable(name) else {
            return Some(unknown_rule(name, entry.at(Field::Rule)));
        };
        let days = self.today.day_number() - entry.waiver.expires.day_number();
        if days > 0 {
            return Some(expired(entry, days));
        }
        self.is_unused(entry, rule, levels).then(|| unused(name, entry.at(Field::Rule)))
    }

    /// Returns true if a waiver matches no finding although every document could be read.
    fn is_unused(&self, entry: &Entry<'_>, rule: &Rule, levels: &Levels<'_>) -> bool {
        let file = entry.waiver.driver.as_ref().and_then(|name| self.workspace.source_of(name));
        let holds = || match file {
            Some(file) => levels.level(rule, file).is_some(),
            None => levels.holds(rule),
        };
        !entry.used
            && !rules::is_raised_elsewhere(rule)
            && self.workspace.findings().is_empty()
            && holds()
    }
}

/// Returns the active waivers by rule, driver and field. Among several, the waiver that expires
/// last takes precedence.
fn accepting<'w>(entries: &[Entry<'w>], today: Date) -> BTreeMap<Covered<'w>, usize> {
    let mut accepting = BTreeMap::new();
    for (index, Entry { waiver, .. }) in entries.iter().enumerate() {
        if waiver.expires < today {
            continue;
        }
        let field = waiver.field.map(ContractField::field);
        let covered = (waiver.rule.as_str(), waiver.driver.as_ref(), field);
        let best = accepting.entry(covered).or_insert(index);
        if waiver.expires > entries[*best].waiver.expires {
            *best = index;
        }
    }
    accepting
}

fn unknown_rule(name: &str, place: ContractPath) -> Finding {
    let name = truncated(name);
    if let Some(retired) = rules::find_retired(&name) {
        return retired.named_at(place);
    }
    if rules::find(&name).is_some() {
        return WAIVER_UNKNOWN_RULE
            .finding(place, format!("findings of `{name}` cannot be waived"))
            .help("remove the waiver, and fix what the rule reports");
    }
    WAIVER_UNKNOWN_RULE.finding(place, format!("unknown rule `{name}`")).help(intended(&name))
}

fn expired(entry: &Entry<'_>, days: i64) -> Finding {
    let Waiver { rule, owner, expires, .. } = entry.waiver;
    let ago = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    WAIVER_EXPIRED
        .finding(
            entry.at(Field::Expires),
            format!("the waiver of `{rule}` expired {ago} ago, on {expires}"),
        )
        .help(format!("fix what it waives, or ask `{owner}` to renew it"))
}

fn unused(name: &str, place: ContractPath) -> Finding {
    WAIVER_UNUSED
        .finding(place, format!("no finding of `{name}` to waive"))
        .help("remove the waiver")
}
