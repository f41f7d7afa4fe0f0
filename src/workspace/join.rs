//! Reports duplicate declarations, unknown drivers and templates, and incomplete budgets.

use std::collections::BTreeMap;

use super::{
    CappedFindings, DeclarationId, Declared, Finding, Part, Pending, Scopes, Workspace,
    drivers::DriverEntry, neighbours::Neighbours,
};
use crate::{
    document::{BudgetDeclaration, Declaration, TemplateDeclaration},
    finding::ContractPath,
    model::{
        BenchmarkProfile, DriverClass, DriverName, EffectiveBudget, Field, Scope, TemplateName,
        Vocabulary,
    },
    source::SourceId,
    toml::rules::DUPLICATE_DECLARATION,
    workspace::rules::{BUDGET_INCOMPLETE, UNKNOWN_DRIVER, UNKNOWN_TEMPLATE},
};

impl Pending {
    pub(super) fn name(source: SourceId, declaration: Declaration) -> Self {
        Self { source, declaration, part: Part::Name }
    }
}

impl Workspace {
    /// Indexes the drivers by name and reports duplicates.
    pub(super) fn index_drivers(&mut self, doubles: &mut CappedFindings<Pending>) {
        self.drivers.index(|again, first| {
            let name = again.item.name();
            let declaration = Declaration::Driver(name.clone());
            let title = format!("driver.{name}");
            doubles.add(double(again.source, first.source, &declaration, &title));
        });
    }

    pub(super) fn add_template(
        &mut self,
        source: SourceId,
        template: TemplateDeclaration,
        doubles: &mut CappedFindings<Pending>,
    ) {
        let name = template.name.clone();
        if let Some(first) = self.templates.add(source, template) {
            let title = format!("{}.{name}", Field::Template.key());
            doubles.add(double(source, first, &Declaration::Template(name), &title));
        }
    }

    pub(super) fn add_budget(
        &mut self,
        source: SourceId,
        declaration: BudgetDeclaration,
        doubles: &mut CappedFindings<Pending>,
    ) {
        let (profile, scope) = (declaration.budget.profile, declaration.budget.scope.clone());
        let scopes = self.budgets.entry(profile).or_default();
        let rejected = scopes.insert(&scope, Declared { source, item: declaration });
        if let (Some(second), Some(first)) = (rejected, scopes.get(&scope))
            && !second.item.misspelt
            && !first.item.misspelt
        {
            let title = title(Field::Budget, profile, &scope);
            let declaration = Declaration::Budget(profile, scope);
            doubles.add(double(source, first.source, &declaration, &title));
        }
    }

    /// Reports every reference to a driver that no document declares.
    pub(super) fn unknown_drivers(&self, findings: &mut CappedFindings<Pending>) {
        let mut neighbours = Neighbours::new(Field::Driver, self.driver_names());
        for (profile, scopes) in &self.budgets {
            for (name, budget) in scopes.drivers() {
                let declaration = Declaration::Budget(*profile, Scope::Driver(name.clone()));
                let place = Pending::name(budget.source, declaration);
                findings.extend(self.unknown(name, &mut neighbours, place));
            }
        }
        for (profile, scopes) in &self.workloads {
            for (name, workload) in scopes.drivers() {
                let declaration = Declaration::Workload(*profile, Scope::Driver(name.clone()));
                let place = Pending::name(workload.source, declaration);
                findings.extend(self.unknown(name, &mut neighbours, place));
            }
        }
        let benchmarks = self.benchmarks.iter().map(|benchmark| {
            let declaration = Declaration::Benchmark(benchmark.index);
            (benchmark.source, benchmark.item.driver(), declaration)
        });
        let waivers = self.waivers.iter().map(|waiver| {
            let declaration = Declaration::Waiver(waiver.index);
            (waiver.source, waiver.item.driver(), declaration)
        });
        for (source, name, declaration) in benchmarks.chain(waivers) {
            let Some(name) = name else { continue };
            let place = Pending { source, declaration, part: Part::Field(Field::Driver) };
            findings.extend(self.unknown(name, &mut neighbours, place));
        }
    }

    /// Returns the names of all drivers, sorted. The iterator does no work before its first item is
    /// requested.
    pub(super) fn driver_names(&self) -> impl Iterator<Item = &str> {
        let drivers = std::iter::once_with(|| self.drivers.iter()).flatten();
        drivers.map(|driver| driver.item.name().as_str())
    }

    /// Reports every driver whose template no document declares.
    pub(super) fn unknown_templates(&self, findings: &mut CappedFindings<Pending>) {
        let names = self.templates.names().map(TemplateName::as_str);
        let mut neighbours = Neighbours::new(Field::Template, names);
        for (driver, template) in self.templates.unknown() {
            let is_lost = self.templates.has_nameless || self.may_stand_in_broken_text(template);
            let Some(declared) = self.drivers.get(driver).filter(|_| !is_lost) else { continue };
            let declaration = Declaration::Driver(driver.clone());
            let part = Part::Field(Field::Like);
            let place = Pending { source: declared.source, declaration, part };
            let message = format!("no document declares `template.{template}`");
            let finding = UNKNOWN_TEMPLATE.finding(place, message);
            findings.add(finding.help(neighbours.help(template)));
        }
    }

    pub(super) fn unknown(
        &self,
        name: &DriverName,
        neighbours: &mut Neighbours<'_>,
        place: Pending,
    ) -> Option<Finding<Pending>> {
        let is_lost = self.has_nameless_driver || self.may_stand_in_broken_text(name);
        if self.drivers.get(name).is_some() || is_lost {
            return None;
        }
        let message = format!("no document declares `driver.{name}`");
        Some(UNKNOWN_DRIVER.finding(place, message).help(neighbours.help(name)))
    }

    /// Returns true if a text that could not be parsed might declare this name. A finding about the
    /// missing name would then be only a consequence of the invalid text.
    pub(crate) fn may_stand_in_broken_text(&self, name: &str) -> bool {
        self.unparsed.may_hold(name)
    }

    /// Reports each narrowest scope whose effective budget lacks a limit. Reports a scope only
    /// once, for the first driver by name.
    pub(super) fn incomplete_budgets(&self) -> Vec<Finding<Pending>> {
        let mut incomplete = BTreeMap::new();
        for (profile, scopes) in &self.budgets {
            if is_complete(*profile, scopes) || self.may_stand_in_broken_text(profile.label()) {
                continue;
            }
            for driver in self.drivers.as_read() {
                let Some(effective) = lacking(*profile, scopes, driver) else { continue };
                let name = driver.item.name();
                let key = (*profile, &effective.narrowest.scope);
                let (_, first) = incomplete.entry(key).or_insert((effective, name));
                *first = name.min(first);
            }
        }
        let report = |(effective, example)| {
            incomplete_budget(&effective, example).map_places(|place| self.pending(place))
        };
        incomplete.into_values().map(report).collect()
    }
}

type Budgets = Scopes<Declared<BudgetDeclaration>>;

/// Returns true if all limits of a profile are set by the scopes for all drivers and for classes.
/// No driver can then lack a limit.
fn is_complete(profile: BenchmarkProfile, scopes: &Budgets) -> bool {
    DriverClass::ALL.iter().all(|class| {
        let shared = scopes.shared(*class).map(|declared| &declared.item.budget);
        let effective = EffectiveBudget::merge(profile, shared);
        effective.is_some_and(|effective| effective.missing().next().is_none())
    })
}

/// Returns the effective budget of a driver, if this budget lacks a limit and all scopes of the
/// budget are valid.
fn lacking<'w>(
    profile: BenchmarkProfile,
    scopes: &'w Budgets,
    driver: DriverEntry<'w>,
) -> Option<EffectiveBudget<'w>> {
    let class = driver.item.class()?;
    let chain = || scopes.chain(class, driver.item.name());
    let budgets = chain().map(|declared| &declared.item.budget);
    let effective = EffectiveBudget::merge(profile, budgets)?;
    effective.missing().next()?;
    chain().all(|declared| declared.item.whole).then_some(effective)
}

fn incomplete_budget(
    effective: &EffectiveBudget<'_>,
    example: &DriverName,
) -> Finding<ContractPath> {
    let missing: Vec<String> =
        effective.missing().map(|limit| format!("`{}`", limit.field().key())).collect();
    let missing = missing.join(", ");
    let place = DeclarationId::budget(effective.narrowest).whole();
    let profile = effective.profile.label();
    let message = format!("the budget of `{example}` for `{profile}` lacks {missing}");
    let wider = match effective.narrowest.scope {
        Scope::All => "",
        Scope::Class(_) | Scope::Driver(_) => " or in a wider scope",
    };
    BUDGET_INCOMPLETE.finding(place, message).help(format!("set {missing} here{wider}"))
}

pub(super) fn double(
    second: SourceId,
    first: SourceId,
    declaration: &Declaration,
    title: &str,
) -> Finding<Pending> {
    DUPLICATE_DECLARATION
        .finding(Pending::name(second, declaration.clone()), format!("`{title}` is declared twice"))
        .also(Pending::name(first, declaration.clone()), "first declared here")
        .help("keep one of the two")
}

/// Returns the path of a scope's table.
pub(super) fn title(root: Field, profile: BenchmarkProfile, scope: &Scope) -> String {
    let table = format!("{}.{}", root.key(), profile.label());
    match scope {
        Scope::All => table,
        Scope::Class(class) => format!("{table}.class.{}", class.label()),
        Scope::Driver(name) => format!("{table}.driver.{name}"),
    }
}
