//! Checks a workspace: read errors, rules, suppressions, waivers and the baseline.
//!
//! Read errors cannot be suppressed or waived, and the baseline cannot list them. Levels apply
//! first, so a rule that is off has no suppressed findings.

mod acceptable;
mod baseline;
mod comments;
mod examples;
mod identity;
mod known;
mod levels;
mod owners;
mod waivers;

use std::collections::{BTreeMap, BTreeSet};

use self::{
    baseline::Baseline,
    comments::Comments,
    known::{Known, lists_all},
    levels::Levels,
    owners::OwnerLookup,
    waivers::Waivers,
};
pub use self::{baseline::BaselineLines, identity::finding_identities};
use crate::{
    boundary::Violation,
    configuration::Configuration,
    document::rules::PATH_OUTSIDE_PROJECT,
    finding::{DeclarationId, Finding, Level},
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
    /// The findings that a comment, a waiver or the baseline accepts, in the same order.
    pub accepted: Vec<Accepted>,
}

/// A finding that a comment, a waiver or the baseline accepts.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The finding.
    pub finding: Finding<Location>,
    /// How the finding was accepted.
    pub by: AcceptedBy,
    /// The reason. Empty if a comment gives none, and for the baseline.
    pub reason: String,
}

/// The way in which a finding is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptedBy {
    /// A suppression comment.
    Comment,
    /// A `[[waiver]]`.
    Waiver,
    /// A line of the baseline.
    Baseline,
}

impl AcceptedBy {
    /// Returns the word in machine-readable output.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Waiver => "waiver",
            Self::Baseline => "baseline",
        }
    }

    /// Returns the description of this acceptance.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Comment => "a comment",
            Self::Waiver => "a waiver",
            Self::Baseline => "the baseline",
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
    check_new(workspace, context, &BTreeSet::new(), path)
}

/// Checks a workspace like [`check`], but leaves out the open findings with these
/// [identities](finding_identities).
pub(crate) fn check_new(
    workspace: &Workspace,
    context: &CheckContext<'_>,
    left_out: &BTreeSet<String>,
    path: impl Fn(&str) -> String,
) -> Findings {
    let configuration = context.configuration;
    let levels = Levels::new(configuration, workspace, &path);
    let owners = OwnerLookup::new(configuration, workspace, path);
    let mut waivers = Waivers::new(workspace, context.today);
    let mut comments = Comments::new(workspace);
    let mut baseline = Baseline::of(workspace);
    let mut findings = Findings { open: workspace.findings().to_vec(), accepted: Vec::new() };
    let known = Known { left_out, baseline: baseline.as_ref() };
    let is_new = |finding: &Finding| {
        levels.is_on(finding.rule, workspace, &finding.place) && !known.contains(workspace, finding)
    };
    let mut places = rules::check_where(workspace, context.guides, configuration, &is_new);
    places.extend(rules::check_evidence(workspace, &asked_by_project(context)));
    let accepting = Accepting {
        workspace,
        owners: &owners,
        levels: &levels,
        waivers: &mut waivers,
        comments: &mut comments,
        baseline: baseline.as_mut(),
    };
    findings.accept(places, accepting);
    findings.leave_out(workspace, left_out);
    let mut about = comments.findings(&levels);
    let configuration_findings = workspace.configuration_findings().iter().cloned();
    let unused = vocabulary_unused::findings(workspace).into_iter();
    let faults = about
        .kept()
        .into_iter()
        .chain(waivers.findings(&levels))
        .chain(baseline.iter().flat_map(|baseline| baseline.findings(workspace, &levels)))
        .chain(configuration_findings)
        .chain(unused);
    findings.open.extend(faults.filter_map(|finding| levels.apply(finding)));
    workspace::report_too_many(about.too_many(), &mut findings.open);
    examples::adapt(&mut findings.open, workspace, configuration);
    findings.add_owners_of_files(&owners);
    findings.sort();
    findings
}

/// Returns the [identities](finding_identities) of the open findings of at least a level.
///
/// Also returns the identities of the findings that these findings hide. A known finding hides no
/// other finding, so a baseline must list those findings too.
pub fn open_identities(
    workspace: &Workspace,
    context: &CheckContext<'_>,
    level: Level,
    path: impl Fn(&str) -> String,
) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    loop {
        let findings = check_new(workspace, context, &known, &path);
        let open = || findings.open.iter().filter(|finding| finding.level >= level);
        let before = known.len();
        known.extend(open().flat_map(|finding| finding_identities(workspace, finding)));
        if known.len() == before || !open().any(|finding| rules::hides_others(finding.rule)) {
            return known;
        }
    }
}

/// Checks only the rules about benchmarks, with suppressions, waivers and the baseline, for `driverc
/// budget`.
pub fn check_samples(
    workspace: &Workspace,
    evidence: &Evidence<'_>,
    path: impl Fn(&str) -> String,
) -> Findings {
    let places = rules::check_evidence(workspace, evidence);
    reported(workspace, evidence.configuration, evidence.today, places, path)
}

/// Applies levels, suppressions, waivers and the baseline to findings about the configurations of
/// targets, for `driverc emit` and `driverc verify`.
pub fn check_targets(
    workspace: &Workspace,
    context: &CheckContext<'_>,
    found: Vec<Finding>,
    path: impl Fn(&str) -> String,
) -> Findings {
    let mut findings = reported(workspace, context.configuration, context.today, found, path);
    let open = std::mem::take(&mut findings.open).into_iter();
    findings.open = open.map(Finding::at_target).collect();
    for accepted in &mut findings.accepted {
        accepted.finding = accepted.finding.clone().at_target();
    }
    findings.sort();
    findings
}

/// Applies levels, suppressions, waivers and the baseline to findings of rules that other commands
/// than `check` report.
fn reported(
    workspace: &Workspace,
    configuration: &Configuration,
    today: Date,
    places: Vec<Finding>,
    path: impl Fn(&str) -> String,
) -> Findings {
    let levels = Levels::new(configuration, workspace, &path);
    let owners = OwnerLookup::new(configuration, workspace, path);
    let mut waivers = Waivers::new(workspace, today);
    let mut comments = Comments::new(workspace);
    let mut baseline = Baseline::of(workspace);
    let mut findings = Findings::default();
    let accepting = Accepting {
        workspace,
        owners: &owners,
        levels: &levels,
        waivers: &mut waivers,
        comments: &mut comments,
        baseline: baseline.as_mut(),
    };
    findings.accept(places, accepting);
    findings.add_owners_of_files(&owners);
    findings.sort();
    findings
}

/// Returns the findings about the lines of the baseline that match none of these findings, at their
/// own level. The findings must be all findings of the workspace.
///
/// Returns `None` if the workspace has no baseline, or if a document that is missing or has read
/// errors can have more findings.
pub fn unused_baseline_lines(
    workspace: &Workspace,
    configuration: &Configuration,
    findings: &Findings,
    path: impl Fn(&str) -> String,
) -> Option<Vec<Finding<Location>>> {
    baseline::unused_lines(workspace, findings, &Levels::new(configuration, workspace, path))
}

const fn asked_by_project<'a>(context: &CheckContext<'a>) -> Evidence<'a> {
    const NONE: &KnownContracts = &KnownContracts::new();
    let CheckContext { configuration, today, .. } = *context;
    Evidence { configuration, today, known: NONE, asked: RequestedBy::ByProject }
}

/// Everything that can accept a finding.
struct Accepting<'a, 'w> {
    workspace: &'w Workspace,
    owners: &'a OwnerLookup<'w>,
    levels: &'a Levels<'w>,
    waivers: &'a mut Waivers<'w>,
    comments: &'a mut Comments<'w>,
    baseline: Option<&'a mut Baseline<'w>>,
}

impl Accepting<'_, '_> {
    /// Returns what accepts a finding, with the reason. A waiver takes precedence over a comment, and
    /// a comment over the baseline.
    fn acceptance(
        &mut self,
        finding: &mut Finding<Location>,
        waiver: Option<usize>,
    ) -> Option<(AcceptedBy, String)> {
        // Also marks the line of a finding that a waiver or a comment accepts as used.
        let is_listed = self.baseline.as_mut().is_some_and(|baseline| {
            baseline.lines.accept(&finding_identities(self.workspace, finding))
        });
        let by_waiver =
            waiver.map(|waiver| (AcceptedBy::Waiver, self.waivers.accept(waiver, finding)));
        let comments = &mut *self.comments;
        let by_comment = || comments.accept(finding).map(|reason| (AcceptedBy::Comment, reason));
        let by_baseline = || is_listed.then(|| (AcceptedBy::Baseline, String::new()));
        by_waiver.or_else(by_comment).or_else(by_baseline)
    }
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
    fn accept(&mut self, mut places: Vec<Finding>, mut accepting: Accepting<'_, '_>) {
        for finding in &mut places {
            accepting.owners.add_of_driver(finding);
            finding.path = Some(finding.place.clone());
        }
        let waivers = &mut *accepting.waivers;
        let covering: Vec<_> = places.iter().map(|finding| waivers.covering(finding)).collect();
        for (finding, waiver) in accepting.workspace.locate(places).into_iter().zip(covering) {
            let Some(mut finding) = accepting.levels.apply(finding) else { continue };
            match accepting.acceptance(&mut finding, waiver) {
                Some((by, reason)) => self.accepted.push(Accepted { finding, by, reason }),
                None => self.open.push(finding),
            }
        }
    }

    /// Removes the open findings with known identities.
    fn leave_out(&mut self, workspace: &Workspace, left_out: &BTreeSet<String>) {
        if !left_out.is_empty() {
            self.open.retain(|it| !lists_all(left_out, &finding_identities(workspace, it)));
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
