//! Checks a workspace: read errors, rules, suppressions and waivers.
//!
//! Read errors cannot be suppressed or waived. Levels apply before suppressions and waivers, so a
//! rule that is off has no suppressed findings.

mod acceptable;
mod comments;
mod examples;
mod levels;
mod owners;
mod waivers;

use std::collections::{BTreeMap, BTreeSet};

use self::{comments::Comments, levels::Levels, owners::OwnerLookup, waivers::Waivers};
use crate::{
    boundary::Violation,
    configuration::Configuration,
    document::rules::PATH_OUTSIDE_PROJECT,
    finding::{ContractPath, DeclarationId, Finding, Level, Rule},
    model::{Date, DriverContract, Field},
    rules::{self, Evidence, KnownContracts, RequestedBy, vocabulary_unused},
    source::Location,
    toml::spelling::truncated,
    workspace::{self, Workspace},
};

/// The context of a check.
#[derive(Clone, Copy, Debug)]
pub struct CheckContext<'a> {
    /// The project's configuration.
    pub configuration: &'a Configuration,
    /// The relative paths of existing tuning guides. `None` if unknown.
    pub guides: Option<&'a BTreeSet<String>>,
    /// The current date in UTC.
    pub today: Date,
}

/// The findings of a run.
#[derive(Debug, Default)]
pub struct Findings {
    /// The open findings, by file and position.
    pub open: Vec<Finding<Location>>,
    /// The suppressed and waived findings, in the same order.
    pub accepted: Vec<Accepted>,
}

/// A suppressed or waived finding.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The finding.
    pub finding: Finding<Location>,
    /// How the finding was accepted.
    pub by: AcceptedBy,
    /// The reason. Empty if a comment gives none.
    pub reason: String,
}

/// The way in which a finding is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptedBy {
    /// A suppression comment.
    Comment,
    /// A `[[waiver]]`.
    Waiver,
}

impl AcceptedBy {
    /// Returns the description of this acceptance.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Comment => "a comment",
            Self::Waiver => "a waiver",
        }
    }
}

/// Checks a workspace.
///
/// `path` maps the name of a source to the path that the globs of `per-file-rules` match.
pub fn check(
    workspace: &Workspace,
    context: &CheckContext<'_>,
    path: impl Fn(&str) -> String,
) -> Findings {
    let configuration = context.configuration;
    let levels = Levels::new(configuration, workspace, &path);
    let owners = OwnerLookup::new(configuration, workspace, path);
    let mut waivers = Waivers::new(workspace, context.today);
    let mut comments = Comments::new(workspace);
    let mut findings = Findings { open: workspace.findings().to_vec(), accepted: Vec::new() };
    let is_on = |rule: &Rule, place: &ContractPath| levels.is_on(rule, workspace, place);
    let mut places = rules::check_where(workspace, context.guides, configuration, &is_on);
    places.extend(rules::check_evidence(workspace, &asked_by_project(context)));
    findings.accept((workspace, &owners), places, &levels, &mut waivers, &mut comments);
    let mut about = comments.findings(&levels);
    let configuration_findings = workspace.configuration_findings().iter().cloned();
    let unused = vocabulary_unused::findings(workspace).into_iter();
    let faults = about
        .kept()
        .into_iter()
        .chain(waivers.findings(&levels))
        .chain(configuration_findings)
        .chain(unused);
    findings.open.extend(faults.filter_map(|finding| levels.apply(finding)));
    workspace::report_too_many(about.too_many(), &mut findings.open);
    examples::adapt(&mut findings.open, workspace, configuration);
    findings.add_owners_of_files(&owners);
    findings.sort();
    findings
}

/// Checks only the rules about benchmarks, with suppressions and waivers, for `driverc budget`.
pub fn check_samples(
    workspace: &Workspace,
    evidence: &Evidence<'_>,
    path: impl Fn(&str) -> String,
) -> Findings {
    let levels = Levels::new(evidence.configuration, workspace, &path);
    let owners = OwnerLookup::new(evidence.configuration, workspace, path);
    let mut waivers = Waivers::new(workspace, evidence.today);
    let mut comments = Comments::new(workspace);
    let mut findings = Findings::default();
    let places = rules::check_evidence(workspace, evidence);
    findings.accept((workspace, &owners), places, &levels, &mut waivers, &mut comments);
    findings.add_owners_of_files(&owners);
    findings.sort();
    findings
}

const fn asked_by_project<'a>(context: &CheckContext<'a>) -> Evidence<'a> {
    const NONE: &KnownContracts = &KnownContracts::new();
    let CheckContext { configuration, today, .. } = *context;
    Evidence { configuration, today, known: NONE, asked: RequestedBy::ByProject }
}

impl Findings {
    /// Removes findings below a level.
    #[must_use]
    pub fn at_least(mut self, level: Level) -> Self {
        self.open.retain(|finding| finding.level >= level);
        self.accepted.retain(|accepted| accepted.finding.level >= level);
        self
    }

    /// Adds the findings of rules at their levels, and marks each as open or accepted.
    fn accept(
        &mut self,
        (workspace, owners): (&Workspace, &OwnerLookup<'_>),
        mut places: Vec<Finding>,
        levels: &Levels<'_>,
        waivers: &mut Waivers<'_>,
        comments: &mut Comments<'_>,
    ) {
        for finding in &mut places {
            owners.add_of_driver(finding);
        }
        let covering: Vec<_> = places.iter().map(|finding| waivers.covering(finding)).collect();
        for (finding, waiver) in workspace.locate(places).into_iter().zip(covering) {
            let Some(mut finding) = levels.apply(finding) else { continue };
            let acceptance =
                waiver.map(|waiver| (AcceptedBy::Waiver, waivers.accept(waiver, &mut finding)));
            let by_comment =
                || comments.accept(&finding).map(|reason| (AcceptedBy::Comment, reason));
            match acceptance.or_else(by_comment) {
                Some((by, reason)) => self.accepted.push(Accepted { finding, by, reason }),
                None => self.open.push(finding),
            }
        }
    }

    /// Adds findings about tuning guides outside the project. They cannot be suppressed or waived.
    #[must_use]
    pub fn with_misplaced_guides(
        mut self,
        workspace: &Workspace,
        misplaced: &BTreeMap<String, Violation>,
        configuration: &Configuration,
        path: impl Fn(&str) -> String,
    ) -> Self {
        if !misplaced.is_empty() {
            let owners = OwnerLookup::new(configuration, workspace, path);
            let drivers = workspace.drivers();
            let findings = drivers.filter_map(|contract| misplaced_guide(contract, misplaced));
            let mut findings: Vec<_> = findings.collect();
            for finding in &mut findings {
                owners.add_of_driver(finding);
            }
            self.open.extend(workspace.locate(findings));
            self.add_owners_of_files(&owners);
            self.sort();
        }
        self
    }

    fn add_owners_of_files(&mut self, owners: &OwnerLookup<'_>) {
        let accepted = self.accepted.iter_mut().map(|accepted| &mut accepted.finding);
        self.open.iter_mut().chain(accepted).for_each(|finding| owners.add_of_file(finding));
    }

    fn sort(&mut self) {
        workspace::sort(&mut self.open);
        self.accepted.sort_by(|left, right| workspace::order(&left.finding, &right.finding));
    }
}

fn misplaced_guide(
    contract: &DriverContract,
    misplaced: &BTreeMap<String, Violation>,
) -> Option<Finding> {
    let path = contract.guide_path()?;
    let violation = misplaced.get(path)?;
    let place = DeclarationId::Driver(contract.name.clone()).at(Field::TuningGuide);
    let message = format!("the tuning guide `{}` {violation}", truncated(path));
    let help = "name a file of the project, relative to its root, or a URL";
    Some(PATH_OUTSIDE_PROJECT.finding(place, message).help(help))
}
