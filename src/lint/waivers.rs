//! Applies waivers and reports invalid or unused ones.

use std::collections::BTreeMap;

use super::{
    acceptable::{acceptable, intended},
    levels::Levels,
    owners::driver_of_finding,
};
use crate::{
    finding::{ContractPath, DeclarationId, Finding, Rule},
    model::{ContractField, Date, DriverName, Field, Vocabulary, Waiver},
    rules::{
        self,
        suppression::{WAIVER_EXPIRED, WAIVER_UNKNOWN_RULE, WAIVER_UNUSED},
    },
    source::Location,
    toml::spelling::truncated,
    workspace::Workspace,
};

/// The waivers of a workspace. Records which waivers were used.
pub(super) struct Waivers<'w> {
    workspace: &'w Workspace,
    today: Date,
    entries: Vec<Entry<'w>>,
    /// The index of the waiver for each rule, driver (or all drivers) and field (or all fields).
    accepting: BTreeMap<Covered<'w>, usize>,
    /// The indices of the waivers that name a field, by rule.
    with_field: BTreeMap<&'w str, Vec<usize>>,
}

/// The rule, the driver and the field that a waiver names. Without a name, the waiver covers all
/// drivers or all fields.
type Covered<'w> = (&'w str, Option<&'w DriverName>, Option<Field>);

struct Entry<'w> {
    waiver: &'w Waiver,
    /// The index of the waiver in the workspace.
    number: usize,
    used: bool,
    /// The field of a finding that the rule reports and the waiver does not cover.
    elsewhere: Option<Field>,
}

impl Entry<'_> {
    fn at(&self, field: Field) -> ContractPath {
        DeclarationId::Waiver(self.number).at(field)
    }
}

impl<'w> Waivers<'w> {
    pub(super) fn new(workspace: &'w Workspace, today: Date) -> Self {
        let waivers = workspace.numbered_waivers();
        let entries =
            waivers.map(|(number, waiver)| Entry { waiver, number, used: false, elsewhere: None });
        let entries: Vec<_> = entries.collect();
        let accepting = accepting(&entries, today);
        let with_field = with_field(&entries);
        Self { workspace, today, entries, accepting, with_field }
    }

    /// Returns the waiver of a finding. A waiver that names the driver takes precedence, then a
    /// waiver that names the field or a table around it, then the waiver that expires last. The
    /// order of files does not matter.
    pub(super) fn covering(&mut self, finding: &Finding) -> Option<usize> {
        if self.accepting.is_empty() {
            return None;
        }
        let driver = driver_of_finding(self.workspace, finding);
        let field = finding.place.field;
        let fields = || field.into_iter().flat_map(ContractField::covering).map(Some).chain([None]);
        let drivers = driver.map(Some).into_iter().chain([None]);
        let mut candidates = drivers.flat_map(|driver| fields().map(move |field| (driver, field)));
        let of = |(driver, field)| self.accepting.get(&(finding.rule.name, driver, field)).copied();
        let covering = candidates.find_map(of);
        if let (None, Some(field)) = (covering, field) {
            for index in self.with_field.get(finding.rule.name).into_iter().flatten() {
                let entry = &mut self.entries[*index];
                if entry.waiver.driver.as_ref().is_none_or(|name| Some(name) == driver) {
                    entry.elsewhere.get_or_insert(field);
                }
            }
        }
        covering
    }

    /// Marks a waiver as used, and returns its reason. A finding without an owner gets the owner of
    /// the waiver.
    pub(super) fn accept(&mut self, index: usize, finding: &mut Finding<Location>) -> String {
        let entry = &mut self.entries[index];
        entry.used = true;
        finding.owner.get_or_insert_with(|| entry.waiver.owner.clone());
        entry.waiver.reason.as_str().to_owned()
    }

    /// Returns the findings about waivers.
    pub(super) fn findings(&self, levels: &Levels<'_>) -> Vec<Finding<Location>> {
        let owned = |entry: &Entry<'w>| {
            let finding = self.fault(entry, levels)?;
            Some(Finding { owner: Some(entry.waiver.owner.clone()), ..finding })
        };
        let faults = self.entries.iter().filter_map(owned);
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
        self.is_unused(entry, rule, levels).then(|| unused(entry))
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

/// Returns the active waivers by rule, driver and field. Of several waivers for the same rule,
/// driver and field, returns only the waiver that expires last.
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

fn with_field<'w>(entries: &[Entry<'w>]) -> BTreeMap<&'w str, Vec<usize>> {
    let mut with_field: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let limited = entries.iter().enumerate().filter(|(_, entry)| entry.waiver.field.is_some());
    for (index, entry) in limited {
        with_field.entry(entry.waiver.rule.as_str()).or_default().push(index);
    }
    with_field
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

fn unused(entry: &Entry<'_>) -> Finding {
    let (name, place) = (&entry.waiver.rule, entry.at(Field::Rule));
    let Some(field) = entry.waiver.field else {
        let message = format!("no finding of `{name}` to waive");
        return WAIVER_UNUSED.finding(place, message).help("remove the waiver");
    };
    let message = format!("no finding of `{name}` to waive at `{}`", field.word());
    let named = |field: Field| ContractField::from_word(field.path());
    let help = entry.elsewhere.and_then(|field| ContractField::covering(field).find_map(named));
    let help = help.map_or_else(
        || "remove the waiver".to_owned(),
        |field| format!("remove the waiver, or write `field = \"{}\"`", field.word()),
    );
    let place_of_field = entry.at(Field::WaivedField);
    let finding = WAIVER_UNUSED.finding(place, message);
    finding.also(place_of_field, "the waiver covers only this field").help(help)
}
