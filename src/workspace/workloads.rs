//! Reports effective workloads with missing keys, bursts without effect, impossible triggers or too
//! many arrivals.

mod trigger;

use std::collections::{BTreeMap, btree_map::Entry};

use super::{
    CappedFindings, DeclarationId, Declared, Finding, Pending, Scopes, Workspace,
    join::{double, title},
};
use crate::{
    document::{Declaration, WorkloadDeclaration, vanishing},
    finding::ContractPath,
    model::{
        BenchmarkProfile, DriverClass, DriverName, EffectiveWorkload, Field, Scope, WindowMs,
        Workload,
    },
    source::SourceId,
    toml::rules::OUT_OF_RANGE,
    workspace::rules::{WORKLOAD_INCOMPLETE, WORKLOAD_TOO_LARGE},
};

type Declarations = Scopes<Declared<WorkloadDeclaration>>;

/// The effective workload of a driver for a profile, if all scopes of the workload are valid.
struct Merged<'w> {
    effective: EffectiveWorkload<'w>,
    driver: &'w DriverName,
}

impl Workspace {
    pub(super) fn add_workload(
        &mut self,
        source: SourceId,
        declaration: WorkloadDeclaration,
        doubles: &mut CappedFindings<Pending>,
    ) {
        let (profile, scope) = (declaration.workload.profile, declaration.workload.scope.clone());
        let scopes = self.workloads.entry(profile).or_default();
        let rejected = scopes.insert(&scope, Declared { source, item: declaration });
        if let (Some(second), Some(first)) = (rejected, scopes.get(&scope))
            && !second.item.misspelt
            && !first.item.misspelt
        {
            let title = title(Field::Workload, profile, &scope);
            let declaration = Declaration::Workload(profile, scope);
            doubles.add(double(source, first.source, &declaration, &title));
        }
    }

    /// Reports errors in merged workloads, once per set of scopes, for the first driver by name.
    pub(super) fn broken_workloads(&self) -> Vec<Finding<Pending>> {
        let mut findings = BTreeMap::new();
        for merged in self.merged_workloads() {
            let faults = [
                merged.incomplete(),
                merged.vanishing_burst(),
                merged.impossible_trigger_rate(),
                merged.late_trigger(),
                merged.too_large(),
            ];
            for (rule, finding) in faults.into_iter().enumerate() {
                let Some((scopes, finding)) = finding else { continue };
                let found = (merged.driver, finding);
                match findings.entry((merged.effective.profile, scopes, rule)) {
                    Entry::Vacant(entry) => _ = entry.insert(found),
                    Entry::Occupied(mut first) if merged.driver < first.get().0 => {
                        first.insert(found);
                    }
                    Entry::Occupied(_) => {}
                }
            }
        }
        let findings = findings.into_values();
        findings.map(|(_, finding)| finding.map_places(|place| self.pending(place))).collect()
    }

    fn merged_workloads(&self) -> impl Iterator<Item = Merged<'_>> {
        let profiles = self.workloads.iter();
        let readable =
            profiles.filter(|(profile, _)| !self.may_stand_in_broken_text(profile.label()));
        readable.flat_map(|(profile, scopes)| {
            self.drivers.as_read().filter_map(|driver| {
                let (class, driver) = (driver.item.class()?, driver.item.name());
                let effective = merged(*profile, scopes, class, driver)?;
                Some(Merged { effective, driver })
            })
        })
    }
}

/// Returns the effective workload of a driver, or `None` if one of its scopes has an error.
pub(super) fn merged<'w>(
    profile: BenchmarkProfile,
    scopes: &'w Declarations,
    class: DriverClass,
    driver: &str,
) -> Option<EffectiveWorkload<'w>> {
    if scopes.chain(class, driver).any(|declared| !declared.item.whole) {
        return None;
    }
    let chain = scopes.chain(class, driver);
    EffectiveWorkload::merge(profile, chain.map(|declared| &declared.item.workload))
}

/// A finding, and the scopes that cause it.
type Fault<'w> = Option<(Vec<&'w Scope>, Finding<ContractPath>)>;

impl<'w> Merged<'w> {
    fn incomplete(&self) -> Fault<'w> {
        let missing: Vec<_> =
            self.effective.missing().map(|field| format!("`{}`", field.key())).collect();
        if missing.is_empty() {
            return None;
        }
        let missing = missing.join(", ");
        let narrowest = self.effective.narrowest;
        let (driver, profile) = (self.driver, self.effective.profile.label());
        let message = format!("the workload of `{driver}` for `{profile}` lacks {missing}");
        let wider = match narrowest.scope {
            Scope::All => "",
            Scope::Class(_) | Scope::Driver(_) => " or in a wider scope",
        };
        let finding = WORKLOAD_INCOMPLETE
            .finding(DeclarationId::workload(narrowest).whole(), message)
            .help(format!("set {missing} here{wider}"));
        Some((vec![&narrowest.scope], finding))
    }

    /// Checks a burst for which another scope sets the rate. The reader checks all other bursts.
    fn vanishing_burst(&self) -> Fault<'w> {
        let burst = self.effective.setting(|load| load.burst)?;
        let rate = self.effective.setting(|load| load.rate_ops_per_ksec)?;
        let scopes = vec![&burst.set_by.scope, &rate.set_by.scope];
        if scopes[0] == scopes[1] {
            return None;
        }
        let (message, help) = vanishing(burst.value, rate.value)?;
        let finding = OUT_OF_RANGE
            .finding(DeclarationId::workload(burst.set_by).at(Field::BurstPercent), message)
            .also(DeclarationId::workload(rate.set_by).at(Field::RateOpsPerKsec), "the rate")
            .help(help);
        Some((scopes, finding))
    }

    fn too_large(&self) -> Fault<'w> {
        let workload = self.effective.complete()?;
        let expected = workload.expected_arrivals();
        if self.impossible_trigger_rate().is_some() {
            return None;
        }
        if expected.is_some_and(|expected| expected <= Workload::MOST_ARRIVALS) {
            return None;
        }
        let duration = self.effective.origin(Field::DurationMs)?;
        let rate = self.effective.origin(Field::RateOpsPerKsec)?;
        let (origin, field) = match (expected, self.effective.origin(Field::Burst)) {
            (None, Some(burst)) => (burst, Field::BurstPercent),
            _ => (duration, Field::DurationMs),
        };
        let finding = WORKLOAD_TOO_LARGE
            .finding(DeclarationId::workload(origin).at(field), self.excess(expected))
            .also(
                DeclarationId::workload(rate).at(Field::RateOpsPerKsec),
                workload.rate_ops_per_ksec.to_string(),
            )
            .help(smaller(&workload));
        Some((vec![&origin.scope, &rate.scope], finding))
    }

    fn excess(&self, expected: Option<u128>) -> String {
        let (driver, profile) = (self.driver, self.effective.profile.label());
        let most = Workload::MOST_ARRIVALS;
        match expected {
            Some(expected) => format!(
                "a run of `{driver}` for `{profile}` has {expected} arrivals, above the limit of {most}"
            ),
            None => format!(
                "operations in a burst on `{driver}` for `{profile}` arrive less than a \
                 nanosecond apart"
            ),
        }
    }
}

/// Returns the help text for a workload that is too large, with the longest allowed duration.
fn smaller(workload: &Workload) -> String {
    let fits = |duration| {
        let shorter = Workload { duration_ms: duration, ..workload.clone() };
        shorter.expected_arrivals().is_some_and(|expected| expected <= Workload::MOST_ARRIVALS)
    };
    let (mut longest, mut too_long) = (0, workload.duration_ms.get());
    while longest + 1 < too_long {
        let middle = longest.midpoint(too_long);
        let fitting = WindowMs::new(middle).is_ok_and(fits);
        if fitting { longest = middle } else { too_long = middle }
    }
    match longest {
        0 => "lower `rate_ops_per_ksec`".to_owned(),
        longest => format!("set `duration_ms` to at most {longest}, or lower `rate_ops_per_ksec`"),
    }
}
