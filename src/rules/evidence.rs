//! Runs the rules that judge benchmarks, and defines their input.

use std::collections::{BTreeMap, BTreeSet};

use super::{ALL, Check, Finding, RuleFindings, policy};
use crate::{
    configuration::{Configuration, EvidenceTerms},
    finding::{ContractPath, DeclarationId},
    model::{
        Benchmark, BenchmarkProfile, ContractDigest, Date, DriverContract, DriverName,
        EffectiveBudget,
    },
    signature::driver_digest,
    workspace::Workspace,
};

/// Earlier versions of contracts, by the digest of their signature.
pub type KnownContracts = BTreeMap<ContractDigest, DriverContract>;

/// The context in which benchmarks are judged.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The project's configuration.
    pub configuration: &'a Configuration,
    /// The day of the check, in UTC.
    pub today: Date,
    /// Earlier versions of contracts, to which benchmarks can refer.
    pub known: &'a KnownContracts,
    /// The project or command that requires the benchmarks.
    pub asked: RequestedBy<'a>,
}

/// The project or command that requires the benchmarks.
#[derive(Clone, Copy, Debug)]
pub enum RequestedBy<'a> {
    /// The project requires benchmarks for drivers of some support tiers.
    ByProject,
    /// A command that judges the recorded benchmarks against their budgets.
    ToJudge,
    /// A command that judges these simulated benchmarks. Each benchmark has the workload that was
    /// simulated for it.
    ToJudgeSimulated(&'a [(DeclarationId, Benchmark)]),
}

/// One driver and profile with its benchmarks.
#[derive(Clone, Copy, Debug)]
pub struct EvidenceView<'w> {
    /// The workspace.
    pub workspace: &'w Workspace,
    /// The contract.
    pub contract: &'w DriverContract,
    /// The profile.
    pub profile: BenchmarkProfile,
    /// The effective budget, if a scope declares one.
    pub budget: Option<&'w EffectiveBudget<'w>>,
    /// The benchmarks, each with its origin.
    pub samples: &'w [(DeclarationId, &'w Benchmark)],
    /// The profiles that have a budget for an undeclared driver.
    pub orphaned: &'w BTreeSet<BenchmarkProfile>,
    /// Whether a benchmark with read errors might belong to the driver.
    pub unread: bool,
    /// The project's requirements for benchmarks of this driver, if it has any.
    pub terms: Option<&'w EvidenceTerms>,
    /// The context in which benchmarks are judged.
    pub evidence: &'w Evidence<'w>,
}

type Pairs<'w> = BTreeMap<(&'w DriverName, BenchmarkProfile), Vec<(DeclarationId, &'w Benchmark)>>;

/// Returns the findings of all rules that judge benchmarks.
///
/// If the project requires the benchmarks, checks only drivers of the support tiers in
/// `[evidence]`.
pub fn check_evidence(
    workspace: &Workspace,
    evidence: &Evidence<'_>,
) -> Vec<Finding<ContractPath>> {
    let mut findings = RuleFindings::default();
    if matches!(evidence.asked, RequestedBy::ByProject)
        && evidence.configuration.evidence.is_empty()
    {
        return findings.items;
    }
    let pairs = pairs(workspace, evidence.asked);
    let orphaned = policy::orphaned_profiles(workspace);
    let broken: BTreeSet<_> = workspace.unread_benchmarks().collect();
    for contract in workspace.drivers() {
        let unread = broken.contains(&None)
            || broken.contains(&Some(&contract.name))
            || workspace.may_stand_in_broken_text(&contract.name);
        for profile in workspace.profiles() {
            let terms = evidence.configuration.evidence(&contract.support_tier, profile);
            if matches!(evidence.asked, RequestedBy::ByProject) && terms.is_none() {
                continue;
            }
            let budget = workspace.effective_budget(contract, profile);
            let samples = pairs.get(&(&contract.name, profile)).map_or(&[][..], Vec::as_slice);
            let view = EvidenceView {
                workspace,
                contract,
                profile,
                budget: budget.as_ref(),
                samples,
                orphaned: &orphaned,
                unread,
                terms,
                evidence,
            };
            check_pair(&view, &mut findings);
        }
    }
    findings.items
}

fn check_pair(view: &EvidenceView<'_>, findings: &mut RuleFindings) {
    for lint in ALL {
        if let Check::Evidence(check) = lint.check {
            findings.level =
                view.evidence.configuration.level(lint.rule).unwrap_or(lint.rule.level);
            check(view, findings);
        }
    }
}

fn pairs<'w>(workspace: &'w Workspace, asked: RequestedBy<'w>) -> Pairs<'w> {
    let mut pairs = Pairs::new();
    let mut add = |subject: DeclarationId, benchmark: &'w Benchmark| {
        let pair = (&benchmark.driver, benchmark.profile);
        pairs.entry(pair).or_default().push((subject, benchmark));
    };
    if let RequestedBy::ToJudgeSimulated(samples) = asked {
        for (subject, benchmark) in samples {
            add(subject.clone(), benchmark);
        }
    } else {
        for (number, benchmark) in workspace.numbered_benchmarks() {
            add(DeclarationId::Benchmark(number), benchmark);
        }
    }
    pairs
}

impl EvidenceView<'_> {
    /// Returns true if the driver is judged against a budget for this profile.
    pub(super) fn is_limited(&self) -> bool {
        let vocabulary = self.workspace.vocabulary();
        self.budget.is_some_and(|budget| budget.applies_to(self.contract, vocabulary))
    }

    /// Returns true if benchmarks are judged. Returns false if the check only requires that
    /// benchmarks exist.
    pub(super) const fn is_judged(&self) -> bool {
        !matches!(self.evidence.asked, RequestedBy::ByProject)
    }

    /// Returns the benchmarks to check. Leaves out simulated benchmarks if benchmarks are not
    /// judged.
    pub(super) fn counted_samples(&self) -> impl Iterator<Item = &(DeclarationId, &Benchmark)> {
        let counts = |benchmark: &Benchmark| self.is_judged() || !benchmark.is_simulated();
        self.samples.iter().filter(move |(_, benchmark)| counts(benchmark))
    }

    /// Returns the path of the whole contract.
    pub(super) fn driver(&self) -> ContractPath {
        DeclarationId::Driver(self.contract.name.clone()).whole()
    }

    /// Returns the digest of the current contract.
    pub(super) fn digest(&self) -> ContractDigest {
        driver_digest(self.contract)
    }
}
