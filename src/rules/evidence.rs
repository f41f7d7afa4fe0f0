//! Samples as evidence: who asks for them, and what a rule about them looks at.

use std::collections::{BTreeMap, BTreeSet};

use super::{ALL, Check, Finding, Findings, policy};
use crate::{
    configuration::{Configuration, EvidenceTerms},
    finding::{Place, Subject},
    model::{
        Benchmark, BenchmarkProfile, ContractDigest, Date, DriverContract, DriverName,
        EffectiveBudget,
    },
    signature::driver_digest,
    workspace::Workspace,
};

/// Contracts as they were, by the digest of their signature.
pub type KnownContracts = BTreeMap<ContractDigest, DriverContract>;

/// What samples are held to.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The project's decisions.
    pub configuration: &'a Configuration,
    /// The day on which samples are looked at, in UTC.
    pub today: Date,
    /// Contracts that samples may have been taken of.
    pub known: &'a KnownContracts,
    /// Who asks.
    pub asked: Asked<'a>,
}

/// Who asks for samples.
#[derive(Clone, Copy, Debug)]
pub enum Asked<'a> {
    /// The project, of some of its support tiers.
    ByProject,
    /// Whoever judges the recorded samples against their budgets.
    ToJudge,
    /// Whoever judges these samples, each with the workload that was simulated.
    ToJudgeSimulated(&'a [(Subject, Benchmark)]),
}

/// One driver under one profile, with its samples.
#[derive(Clone, Copy, Debug)]
pub struct EvidenceView<'w> {
    /// The documents.
    pub workspace: &'w Workspace,
    /// The contract.
    pub contract: &'w DriverContract,
    /// The kind of load.
    pub profile: BenchmarkProfile,
    /// The budget, where a scope declares one.
    pub budget: Option<&'w EffectiveBudget<'w>>,
    /// The samples, with what each comes from.
    pub samples: &'w [(Subject, &'w Benchmark)],
    /// The profiles that have a budget for a driver which is not declared.
    pub orphaned: &'w BTreeSet<BenchmarkProfile>,
    /// Whether a sample of the driver may be among what could not be read.
    pub unread: bool,
    /// What the project asks of the samples of this driver, where it asks.
    pub terms: Option<&'w EvidenceTerms>,
    /// What samples are held to.
    pub evidence: &'w Evidence<'w>,
}

type Pairs<'w> = BTreeMap<(&'w DriverName, BenchmarkProfile), Vec<(Subject, &'w Benchmark)>>;

/// Every finding of the rules about samples as evidence.
///
/// Where the project asks, only drivers of the tiers that it has named are looked at.
pub fn check_evidence(workspace: &Workspace, evidence: &Evidence<'_>) -> Vec<Finding<Place>> {
    let mut findings = Findings::default();
    if matches!(evidence.asked, Asked::ByProject) && evidence.configuration.evidence.is_empty() {
        return findings.items;
    }
    let pairs = pairs(workspace, evidence.asked);
    let orphaned = policy::orphaned_profiles(workspace);
    let broken: BTreeSet<_> = workspace.unread_benchmarks().collect();
    for contract in workspace.drivers() {
        let unread = broken.contains(&None)
            || broken.contains(&Some(&contract.name))
            || workspace.may_stand_in_broken_text(&contract.name);
        for profile in Workspace::profiles() {
            let terms = evidence.configuration.evidence(&contract.support_tier, *profile);
            if matches!(evidence.asked, Asked::ByProject) && terms.is_none() {
                continue;
            }
            let budget = workspace.effective_budget(contract, *profile);
            let samples = pairs.get(&(&contract.name, *profile)).map_or(&[][..], Vec::as_slice);
            let view = EvidenceView {
                workspace,
                contract,
                profile: *profile,
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

fn check_pair(view: &EvidenceView<'_>, findings: &mut Findings) {
    for lint in ALL {
        if let Check::Evidence(check) = lint.check {
            findings.level =
                view.evidence.configuration.level(lint.rule).unwrap_or(lint.rule.level);
            check(view, findings);
        }
    }
}

fn pairs<'w>(workspace: &'w Workspace, asked: Asked<'w>) -> Pairs<'w> {
    let mut pairs = Pairs::new();
    let mut add = |subject: Subject, benchmark: &'w Benchmark| {
        let pair = (&benchmark.driver, benchmark.profile);
        pairs.entry(pair).or_default().push((subject, benchmark));
    };
    if let Asked::ToJudgeSimulated(samples) = asked {
        for (subject, benchmark) in samples {
            add(subject.clone(), benchmark);
        }
    } else {
        for (number, benchmark) in workspace.numbered_benchmarks() {
            add(Subject::Benchmark(number), benchmark);
        }
    }
    pairs
}

impl EvidenceView<'_> {
    /// Whether the driver has a budget to keep under this load.
    pub(super) fn is_limited(&self) -> bool {
        self.budget.is_some_and(|budget| budget.applies_to(self.contract))
    }

    /// Whether samples are judged, and not only asked for.
    pub(super) const fn is_judged(&self) -> bool {
        !matches!(self.evidence.asked, Asked::ByProject)
    }

    /// The samples that are looked at: where they are only asked for, what was simulated is none.
    pub(super) fn counted_samples(&self) -> impl Iterator<Item = &(Subject, &Benchmark)> {
        let counts = |benchmark: &Benchmark| self.is_judged() || !benchmark.is_simulated();
        self.samples.iter().filter(move |(_, benchmark)| counts(benchmark))
    }

    /// The contract as a whole.
    pub(super) fn driver(&self) -> Place {
        Subject::Driver(self.contract.name.clone()).whole()
    }

    /// The digest of the contract as it stands.
    pub(super) fn digest(&self) -> ContractDigest {
        driver_digest(self.contract)
    }
}
