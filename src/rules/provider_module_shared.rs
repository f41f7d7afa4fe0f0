//! Reports drivers that have the same `provider_module`.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{
    Check, DeclarationId, DriverSelection, DriversView, Field, Level, Lint, Rule, RuleFindings,
    SharedKey, rule,
};
use crate::{finding::Finding, model::DriverContract, source::hash};

pub(super) const LINT: Lint =
    Lint { rule: &RULE, check: Check::Drivers(DriverSelection::Sharing(&MODULES), check) };

static RULE: Rule =
    rule!("provider-module-shared", Level::Info, "two drivers have the same `provider_module`");

static MODULES: SharedKey = SharedKey {
    keys: 1,
    for_each_key: |contract, found| found(hash(contract.provider_module.as_bytes())),
};

fn check(view: &DriversView<'_>, findings: &mut RuleFindings) {
    let mut modules = BTreeMap::new();
    for contract in view.drivers {
        match modules.entry(&contract.provider_module) {
            Entry::Vacant(entry) => _ = entry.insert(contract),
            Entry::Occupied(entry) => findings.push(module_shared(contract, entry.get())),
        }
    }
}

fn module_shared(contract: &DriverContract, first: &DriverContract) -> Finding {
    let at = |contract: &DriverContract| {
        DeclarationId::Driver(contract.name.clone()).at(Field::ProviderModule)
    };
    let (module, name) = (&contract.provider_module, &first.name);
    RULE.finding(at(contract), format!("`{module}` also implements `{name}`"))
        .identified_by([at(contract).subject, at(first).subject])
        .also(at(first), "the same module")
        .help("check whether this contract is an unfinished copy of the other")
}
